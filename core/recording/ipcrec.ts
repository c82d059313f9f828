/**
 * The lines of a recording (`*.ipcrec`): NDJSON, a header and then a line for each message, written as they come. A call
 * is an `invoke` line that an `ok` or `err` line completes; a `note` line says what changed of an earlier message. The
 * recorder's file of the session has the same lines. docs/recordings.md describes them for those who write some.
 */
import * as z from 'zod';
import { ANSWERERS, type AnsweredBy } from '../call.ts';
import {
  type Body,
  type Direction,
  MAX_ID,
  type MessageRecord,
  PHASES,
  type Phases,
  type RecordKind,
  type RecordStatus,
  STATUSES,
} from '../record.ts';
import { bodyFromJson, bodyToJson } from './body-json.ts';
import { type Member, membersOf, nameOf } from './members.ts';

export const IPCREC_VERSION = 1;

/** Text of a file that anybody may have written: what a recorder would have cut is cut. */
const text = (length: number) => z.string().transform((value) => value.slice(0, length));
const NAME = 1_024;
const NOTE = 4_096;
const STACK = 65_536;
const MOST_PATTERNS = 100;

/** What a recording says of itself. */
export const RecordingHeader = z.object({
  ipcrec: z.int().min(1),
  /** who wrote it */
  tool: text(NAME).optional(),
  /** where the messages come from */
  source: text(NAME).optional(),
  /** when the session began, in ISO 8601: time 0 of the messages */
  started: text(NAME).optional(),
  clock: text(NAME).optional(),
  /** which keys had their values replaced */
  redacted: z
    .array(text(NAME))
    .transform((patterns) => patterns.slice(0, MOST_PATTERNS))
    .optional(),
  /** messages of the session that are not in it, because the recorder did not keep them */
  lost: z.int().min(0).optional(),
});
export type RecordingHeader = z.infer<typeof RecordingHeader>;

const KIND_NAMES: Readonly<Record<RecordKind, string>> = {
  invoke: 'invoke',
  event: 'event',
  channel: 'channel',
  'channel-message': 'chan',
  'channel-end': 'chanEnd',
  window: 'win',
  resource: 'res',
  problem: 'problem',
  message: 'msg',
};
const KINDS_BY_NAME = new Map(Object.entries(KIND_NAMES).map(([kind, name]) => [name, kind as RecordKind]));

/** Which way messages of a kind go, where their line does not say it. */
const usualDirection = (kind: RecordKind): Direction => (kind === 'invoke' ? 'to-host' : 'to-page');
const usualStatus = (kind: RecordKind): RecordStatus => (kind === 'invoke' ? 'pending' : 'ok');
/** How the name of a message is called in its line. */
const nameKey = (kind: RecordKind) => (kind === 'invoke' ? 'cmd' : kind === 'event' ? 'ev' : 'name');

export function encodeHeader(header: Omit<RecordingHeader, 'ipcrec' | 'clock'>): string {
  return JSON.stringify({ ipcrec: IPCREC_VERSION, ...header, clock: 'monotonic-ms' });
}

/** A message as it is now: its line, and the one that completes it where its outcome is known. */
export function encodeRecord(record: MessageRecord): readonly string[] {
  const { id, time, kind, direction, app, window, origin, generation, name, status, outcome } = record;
  const line = join(
    {
      i: id,
      t: time,
      k: KIND_NAMES[kind],
      ...(direction !== usualDirection(kind) && { dir: direction === 'to-host' ? 'host' : 'page' }),
      a: app,
      w: window,
      o: origin,
      g: generation,
      [nameKey(kind)]: name,
      ...(outcome === undefined && status !== usualStatus(kind) && { st: status }),
      of: record.of,
      cause: record.cause,
      n: record.index,
      seen: record.heard,
      re: record.replayOf,
      h: record.headers,
      stack: record.pageStack,
      ...(outcome === undefined && settled(record)),
      mark: record.marked || undefined,
      note: record.comment,
      ab: record.size,
    },
    kind === 'invoke' ? 'args' : 'data',
    record.body,
  );
  const end = encodeOutcome(record);
  return end === undefined ? [line] : [line, end];
}

/** The line that completes a message; undefined while it has no outcome. */
export function encodeOutcome(record: MessageRecord): string | undefined {
  const { id, status, outcome, outcomeSize } = record;
  if (!outcome) return undefined;
  const k = status === 'ok' ? 'ok' : 'err';
  const st = k === 'err' && status !== 'error' ? status : undefined;
  return join({ k, of: id, st, ...settled(record), rb: outcomeSize }, k === 'ok' ? 'res' : 'err', outcome);
}

/** The line that says what may have changed of a message since its own line, without its outcome. */
export function encodeNote(record: MessageRecord): string {
  const { id, status, index, heard, marked = false, comment = '' } = record;
  return JSON.stringify({
    k: 'note',
    of: id,
    st: status,
    n: index,
    seen: heard,
    ...settled(record),
    mark: marked,
    note: comment,
  });
}

/** What is known once a message is through. */
function settled({ duration, phases, answeredBy, note, stack }: MessageRecord) {
  return { d: duration, tm: phases, by: answeredBy, why: note, trace: stack };
}

/** The body comes last: whoever reads a line sees first what it is about. */
function join(members: Readonly<Record<string, unknown>>, key: string, body: Body): string {
  const start = JSON.stringify(members);
  const json = bodyToJson(body);
  return json === undefined ? start : `${start.slice(0, -1)},"${key}":${json}}`;
}

/** What a later line says of an earlier message. An absent member stays as it was; null takes it away. */
export type RecordPatch = {
  readonly [Key in
    | 'status'
    | 'outcome'
    | 'outcomeSize'
    | 'duration'
    | 'phases'
    | 'index'
    | 'heard'
    | 'answeredBy'
    | 'note'
    | 'stack'
    | 'marked'
    | 'comment']?: NonNullable<MessageRecord[Key]> | null;
};

export type DecodedLine =
  | { readonly kind: 'header'; readonly header: RecordingHeader }
  | { readonly kind: 'message'; readonly record: MessageRecord }
  | { readonly kind: 'change'; readonly of: number; readonly patch: RecordPatch }
  /** the recorder could not write so many messages */
  | { readonly kind: 'lost'; readonly count: number };

/** Makes the body of a part of a line; `from` is where it begins in the line. A reader of files may leave it there. */
export type BodyReader = (json: Uint8Array, from: number, size: number) => Body | undefined;

const Id = z.int().min(1).max(MAX_ID);
/** Some thirty years: times beyond are no times, and no dates can be made of them. */
const MAX_MS = 1e12;
export const Time = z.number().min(-MAX_MS).max(MAX_MS);
export const Duration = z.number().min(0).max(MAX_MS);
const Count = z.int().min(0).max(Number.MAX_SAFE_INTEGER);
/** What a newer version says with a word that we do not know is left out. */
const Tm = z.partialRecord(z.enum(PHASES), Duration).optional().catch(undefined);
const By = z.enum(ANSWERERS).optional().catch(undefined);
const Status = z.enum(STATUSES).optional().catch(undefined);

const Settled = {
  st: Status,
  d: Duration.optional().catch(undefined),
  tm: Tm,
  by: By,
  why: text(NOTE).optional(),
  trace: text(STACK).optional(),
};

const MessageLine = z.object({
  i: Id,
  t: Time,
  k: z.string(),
  dir: z.enum(['host', 'page']).optional(),
  a: text(NAME).default(''),
  w: text(NAME).default(''),
  o: text(NAME).optional(),
  g: Count.default(1),
  cmd: text(NAME).optional(),
  ev: text(NAME).optional(),
  name: text(NAME).optional(),
  of: Id.optional(),
  cause: Id.optional(),
  n: Count.optional(),
  seen: Count.optional(),
  re: Id.optional(),
  h: z.array(z.tuple([z.string(), z.string()])).optional(),
  stack: text(STACK).optional(),
  mark: z.boolean().optional(),
  note: text(NOTE).optional(),
  ab: Count.optional(),
  ...Settled,
});

const ChangeLine = z.object({
  k: z.enum(['ok', 'err', 'note']),
  of: Id,
  n: Count.optional(),
  seen: Count.optional(),
  mark: z.boolean().optional(),
  note: text(NOTE).optional(),
  rb: Count.optional(),
  ...Settled,
});

const LostLine = z.object({ k: z.literal('lost'), count: z.int().min(1) });

const BODIES = ['args', 'data', 'res', 'err'].map(nameOf);
const decoder = new TextDecoder('utf-8', { ignoreBOM: true });

/** Reads a line, without its line break; undefined where it is none, or nothing that this version knows. */
export function decodeLine(line: Uint8Array, read: BodyReader = bodyFromJson): DecodedLine | undefined {
  const members = membersOf(line, BODIES);
  if (!members) return undefined;
  const bodyMember = members.findLast(({ key }) => key !== undefined);
  const fields = parseFields(line, members);
  if (!fields) return undefined;
  if ('ipcrec' in fields) {
    const header = RecordingHeader.safeParse(fields);
    return header.success ? { kind: 'header', header: header.data } : undefined;
  }
  const bodyOf = (size: number | undefined): Body | undefined => {
    if (!bodyMember) return { kind: 'none' };
    const { valueFrom, to } = bodyMember;
    return read(line.subarray(valueFrom, to), valueFrom, size ?? to - valueFrom);
  };
  const { k } = fields as { readonly k?: unknown };
  if (k === 'lost') {
    const lost = LostLine.safeParse(fields);
    return lost.success ? { kind: 'lost', count: lost.data.count } : undefined;
  }
  if (k === 'ok' || k === 'err' || k === 'note') {
    const change = ChangeLine.safeParse(fields);
    return change.success ? changeOf(change.data, bodyOf) : undefined;
  }
  const message = MessageLine.safeParse(fields);
  return message.success ? messageOf(message.data, bodyOf) : undefined;
}

/** All members of a line but its bodies. */
function parseFields(line: Uint8Array, members: readonly Member[]): object | undefined {
  const fields = members.filter(({ key }) => key === undefined);
  const [first, last] = [fields[0], fields.at(-1)];
  if (!first || !last) return {};
  // Bodies are the last, mostly: then the others are one piece.
  const isOnePiece = members.findLastIndex(({ key }) => key === undefined) === fields.length - 1;
  const pieces = isOnePiece ? [{ from: first.from, to: last.to }] : fields;
  const parts = pieces.map(({ from, to }) => decoder.decode(line.subarray(from, to)));
  try {
    return JSON.parse(`{${parts.join(',')}}`) as object;
  } catch {
    return undefined;
  }
}

type BodyOf = (size: number | undefined) => Body | undefined;

function changeOf(line: z.infer<typeof ChangeLine>, bodyOf: BodyOf): DecodedLine | undefined {
  const patch: { -readonly [Key in keyof RecordPatch]: RecordPatch[Key] } = withSettled(line);
  if (line.k !== 'note') {
    const outcome = bodyOf(line.rb);
    if (!outcome) return undefined;
    patch.outcome = outcome;
    patch.outcomeSize = line.rb ?? 0;
    patch.status ??= line.k === 'ok' ? 'ok' : 'error';
  }
  if (line.n !== undefined) patch.index = line.n;
  if (line.seen !== undefined) patch.heard = line.seen;
  if (line.mark !== undefined) patch.marked = line.mark || null;
  if (line.note !== undefined) patch.comment = line.note || null;
  return { kind: 'change', of: line.of, patch };
}

function messageOf(line: z.infer<typeof MessageLine>, bodyOf: BodyOf): DecodedLine | undefined {
  const kind = KINDS_BY_NAME.get(line.k);
  const body = bodyOf(line.ab);
  if (!kind || !body) return undefined;
  const { st, o, of, cause, n, seen, re, h, stack, mark, note } = line;
  const direction = line.dir === undefined ? usualDirection(kind) : line.dir === 'host' ? 'to-host' : 'to-page';
  const record: MessageRecord = {
    id: line.i,
    time: line.t,
    kind,
    direction,
    app: line.a,
    window: line.w,
    ...(o !== undefined && { origin: o }),
    generation: line.g,
    name: line[nameKey(kind)] ?? line.name ?? '',
    ...(of !== undefined && { of }),
    ...(cause !== undefined && { cause }),
    size: line.ab ?? 0,
    body,
    ...(h && { headers: h }),
    ...(n !== undefined && { index: n }),
    ...(seen !== undefined && { heard: seen }),
    ...(re !== undefined && { replayOf: re }),
    ...(stack !== undefined && { pageStack: stack }),
    ...withSettled(line),
    ...(mark && { marked: true }),
    ...(note !== undefined && { comment: note }),
    status: st ?? usualStatus(kind),
  };
  return { kind: 'message', record };
}

interface SettledLine {
  readonly st?: RecordStatus | undefined;
  readonly d?: number | undefined;
  readonly tm?: Phases | undefined;
  readonly by?: AnsweredBy | undefined;
  readonly why?: string | undefined;
  readonly trace?: string | undefined;
}

function withSettled({ st, d, tm, by, why, trace }: SettledLine) {
  return {
    ...(st !== undefined && { status: st }),
    ...(d !== undefined && { duration: d }),
    ...(tm !== undefined && { phases: tm }),
    ...(by !== undefined && { answeredBy: by }),
    ...(why !== undefined && { note: why }),
    ...(trace !== undefined && { stack: trace }),
  };
}

/** A record with what a later line says of it. */
export function patched(record: MessageRecord, patch: RecordPatch): MessageRecord {
  const merged: Record<string, unknown> = { ...record };
  for (const [key, value] of Object.entries(patch)) {
    if (value === null) delete merged[key];
    else merged[key] = value;
  }
  return Object.freeze(merged) as unknown as MessageRecord;
}

/** What the tap keeps of a record, and the frozen record that it makes of it when somebody asks. */
import type { AnsweredBy } from './call.ts';
import {
  type Body,
  bodySize,
  type Direction,
  type MessageRecord,
  type Phases,
  type RecordKind,
  type RecordStatus,
} from './record.ts';

/** When a handler began and ended; nothing where none ran, no end where its process went before. */
export interface HandlerTimes {
  readonly startedAt: number | undefined;
  readonly endedAt: number | undefined;
}

export interface Entry {
  id: number;
  time: number;
  kind: RecordKind;
  direction: Direction;
  app: string;
  window: string;
  origin: string | undefined;
  generation: number;
  name: string;
  status: RecordStatus;
  of: number | undefined;
  cause: number | undefined;
  body: Body;
  /** what it was counted with, so that dropping it gives the same back */
  weight: number;
  size: number | undefined;
  headers: readonly (readonly [string, string])[] | undefined;
  outcome: Body | undefined;
  outcomeSize: number | undefined;
  duration: number | undefined;
  /** of calls that are settled: the tap's clock when the handler began and ended, where it did */
  handler: HandlerTimes | undefined;
  /** of calls of an earlier session: the handler's clock is gone */
  phases: Phases | undefined;
  index: number | undefined;
  heard: number | undefined;
  answeredBy: AnsweredBy | undefined;
  replayOf: number | undefined;
  stack: string | undefined;
  pageStack: string | undefined;
  note: string | undefined;
  marked: true | undefined;
  comment: string | undefined;
  /** the number it had first: it was pending when the oldest records went, and was carried over */
  was: number | undefined;
}

/** What is needed for a record besides its number and time. */
export interface NewRecord {
  readonly kind: RecordKind;
  readonly direction: Direction;
  readonly app: string;
  readonly window: string;
  readonly origin?: string | undefined;
  readonly generation: number;
  readonly name: string;
  readonly status?: RecordStatus;
  readonly of?: number | undefined;
  readonly cause?: number | undefined;
  readonly body?: Body;
  /** about how many bytes the body holds in memory; without it the body's own size is taken */
  readonly weight?: number;
  readonly headers?: readonly (readonly [string, string])[];
  readonly index?: number;
  readonly heard?: number;
  readonly replayOf?: number | undefined;
  readonly pageStack?: string | undefined;
  readonly note?: string;
}

/** Names and notes may come from a page, and stay when bodies go: no longer ones are kept. */
export const NAME_LENGTH = 512;
export const NOTE_LENGTH = 2_048;

export const NOTHING: Body = { kind: 'none' };
export const DROPPED: Body = { kind: 'dropped' };

const encoder = new TextEncoder();
const decoder = new TextDecoder();

/** Whether a record keeps only the beginning of its name or origin. */
export function wasShortened(text: string): boolean {
  return text.length > NAME_LENGTH;
}

export function short(text: string, length: number): string {
  if (text.length <= length) return text;
  // Through bytes: a slice alone would keep the whole text in memory.
  return decoder.decode(encoder.encode(`${text.slice(0, length)}…`));
}

/** What a body counts with; its own size where it is cheap to say. */
export function weightOf(body: Body): number {
  if (body.kind === 'bytes') return body.bytes.byteLength;
  return body.kind === 'text' ? body.json.length : 64;
}

/** @param start the tap's clock when the session began */
export function snapshot(entry: Entry, start: number): MessageRecord {
  entry.size ??= bodySize(entry.body);
  if (entry.outcome) entry.outcomeSize ??= bodySize(entry.outcome);
  // What is only for the store stays in it. Members by name: a search makes each record there is, and going through the
  // entry's list of names was most of what that cost.
  const { outcome, headers } = entry;
  const phases = entry.phases ?? phasesOf(entry, start);
  const record: Writable<MessageRecord> = {
    id: entry.id,
    time: entry.time,
    kind: entry.kind,
    direction: entry.direction,
    app: entry.app,
    window: entry.window,
    generation: entry.generation,
    name: entry.name,
    status: entry.status,
    body: Object.freeze(entry.body),
    size: entry.size,
  };
  if (entry.origin !== undefined) record.origin = entry.origin;
  if (entry.of !== undefined) record.of = entry.of;
  if (entry.cause !== undefined) record.cause = entry.cause;
  // Bodies are shared with the store. What is inside a value is not frozen: a handler has it too.
  if (headers !== undefined) record.headers = Object.freeze(headers);
  if (outcome !== undefined) record.outcome = Object.freeze(outcome);
  if (entry.outcomeSize !== undefined) record.outcomeSize = entry.outcomeSize;
  if (entry.duration !== undefined) record.duration = entry.duration;
  if (phases !== undefined) record.phases = Object.freeze(phases);
  if (entry.index !== undefined) record.index = entry.index;
  if (entry.heard !== undefined) record.heard = entry.heard;
  if (entry.answeredBy !== undefined) record.answeredBy = entry.answeredBy;
  if (entry.replayOf !== undefined) record.replayOf = entry.replayOf;
  if (entry.stack !== undefined) record.stack = entry.stack;
  if (entry.pageStack !== undefined) record.pageStack = entry.pageStack;
  if (entry.note !== undefined) record.note = entry.note;
  if (entry.marked !== undefined) record.marked = entry.marked;
  if (entry.comment !== undefined) record.comment = entry.comment;
  return Object.freeze(record);
}

type Writable<T> = { -readonly [K in keyof T]: T[K] };

/** They are made of differences, so that together they are the duration. */
function phasesOf({ time, duration, handler }: Entry, start: number): Phases | undefined {
  if (!handler || duration === undefined) return undefined;
  const { startedAt, endedAt } = handler;
  if (startedAt === undefined) return { check: duration };
  const within = (at: number) => Math.min(Math.max(at - start - time, 0), duration);
  const check = within(startedAt);
  if (endedAt === undefined) return { check, handler: duration - check };
  const ended = Math.max(check, within(endedAt));
  return { check, handler: ended - check, serialize: duration - ended };
}

/** A record of an earlier session, as the tap keeps it. */
export function entryOf(record: MessageRecord): Entry {
  return {
    id: record.id,
    time: record.time,
    kind: record.kind,
    direction: record.direction,
    app: record.app,
    window: record.window,
    origin: record.origin,
    generation: record.generation,
    name: record.name,
    status: record.status,
    of: record.of,
    cause: record.cause,
    body: record.body,
    weight: heldBy(record.body) + (record.outcome ? heldBy(record.outcome) : 0),
    size: record.size,
    headers: record.headers,
    outcome: record.outcome,
    outcomeSize: record.outcomeSize,
    duration: record.duration,
    handler: undefined,
    phases: record.phases,
    index: record.index,
    heard: record.heard,
    answeredBy: record.answeredBy,
    replayOf: record.replayOf,
    stack: record.stack,
    pageStack: record.pageStack,
    note: record.note,
    marked: record.marked || undefined,
    comment: record.comment,
    was: undefined,
  };
}

/** What is in a file is not in memory. */
const heldBy = (body: Body) => (body.kind === 'bytes' || body.kind === 'text' ? weightOf(body) : 0);

/** A record that comes now. All members are named, so that all entries have one shape. */
export function newEntry(record: NewRecord, given: Pick<Entry, 'id' | 'time' | 'of' | 'body' | 'weight'>): Entry {
  return {
    id: given.id,
    time: given.time,
    kind: record.kind,
    direction: record.direction,
    app: record.app,
    window: record.window,
    origin: record.origin && short(record.origin, NAME_LENGTH),
    generation: record.generation,
    name: short(record.name, NAME_LENGTH),
    status: record.status ?? 'ok',
    of: given.of,
    cause: record.cause || undefined,
    body: given.body,
    weight: given.weight,
    size: undefined,
    headers: record.headers,
    outcome: undefined,
    outcomeSize: undefined,
    duration: undefined,
    handler: undefined,
    phases: undefined,
    index: record.index,
    heard: record.heard,
    answeredBy: undefined,
    replayOf: record.replayOf,
    stack: undefined,
    pageStack: record.pageStack,
    note: record.note && short(record.note, NOTE_LENGTH),
    marked: undefined,
    comment: undefined,
    was: undefined,
  };
}

/** Bytes of a record's bodies that are in the file. */
export function spilledBytes({ body, outcome }: Entry): number {
  return (body.kind === 'spilled' ? body.size : 0) + (outcome?.kind === 'spilled' ? outcome.size : 0);
}

/** About how much a record holds beside its bodies. */
export function extraBytes({ headers = [], stack = '', pageStack = '' }: Entry): number {
  return headers.reduce((sum, [name, value]) => sum + name.length + value.length, stack.length + pageStack.length);
}

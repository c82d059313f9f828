/** A record on its way into the tap's columns, and the frozen record that is made of them when somebody asks. */
import {
  type Body,
  bodySize,
  type Direction,
  type MessageRecord,
  type Phases,
  type RecordKind,
  type RecordStatus,
} from './record.ts';
import type { Entry } from './tap-columns.ts';

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

/** The same entry, with the sizes of its bodies: they are taken once, and not before somebody wants them. */
export function measured(entry: Entry): Entry & { size: number } {
  entry.size ??= bodySize(entry.body);
  const { outcome } = entry;
  if (outcome) entry.outcomeSize ??= bodySize(outcome);
  return entry as Entry & { size: number };
}

/** @param start the tap's clock when the session began */
export function snapshot(entry: Entry, start: number): MessageRecord {
  const { size, outcomeSize } = measured(entry);
  const { body, outcome, headers, rare } = entry;
  const phases = rare?.phases ?? phasesOf(entry, start);
  // Members by name, absent ones left out: a search makes each record there is.
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
    body: Object.freeze(body),
    size,
  };
  const { of, cause, duration, index, heard, answeredBy, replayOf, pageStack } = entry;
  if (of !== undefined) record.of = of;
  if (cause !== undefined) record.cause = cause;
  // What is inside a value is not frozen: a handler has it too.
  if (headers !== undefined) record.headers = Object.freeze(headers);
  if (outcome !== undefined) record.outcome = Object.freeze(outcome);
  if (outcomeSize !== undefined) record.outcomeSize = outcomeSize;
  if (duration !== undefined) record.duration = duration;
  if (phases !== undefined) record.phases = Object.freeze(phases);
  if (index !== undefined) record.index = index;
  if (heard !== undefined) record.heard = heard;
  if (answeredBy !== undefined) record.answeredBy = answeredBy;
  if (replayOf !== undefined) record.replayOf = replayOf;
  if (pageStack !== undefined) record.pageStack = pageStack;
  if (rare) {
    const { origin, stack, note, marked, comment } = rare;
    if (origin !== undefined) record.origin = origin;
    if (stack !== undefined) record.stack = stack;
    if (note !== undefined) record.note = note;
    if (marked !== undefined) record.marked = marked;
    if (comment !== undefined) record.comment = comment;
  }
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

/** What is in a file is not in memory. */
const heldBy = (body: Body) => (body.kind === 'bytes' || body.kind === 'text' ? weightOf(body) : 0);

/** What the bodies of a record of an earlier session hold in memory. */
export function weightOfRecord({ body, outcome }: MessageRecord): number {
  return heldBy(body) + (outcome ? heldBy(outcome) : 0);
}

/** A record that comes now has the first of these members, one of an earlier session may have them all. */
type Written = NewRecord & Partial<Omit<MessageRecord, keyof NewRecord>>;

/** Writes a record to its place. All columns are written: something else stood there before. */
export function write(
  entry: Entry,
  record: Written,
  { time, of, body, weight }: Pick<Entry, 'time' | 'of' | 'body' | 'weight'>,
): void {
  entry.time = time;
  entry.kind = record.kind;
  entry.direction = record.direction;
  entry.app = record.app;
  entry.window = record.window;
  entry.generation = record.generation;
  entry.name = short(record.name, NAME_LENGTH);
  entry.status = record.status ?? 'ok';
  entry.of = of;
  entry.cause = record.cause;
  entry.body = body;
  entry.weight = weight;
  entry.size = record.size;
  entry.headers = record.headers;
  entry.outcome = record.outcome;
  entry.outcomeSize = record.outcomeSize;
  entry.duration = record.duration;
  entry.handler = undefined;
  entry.index = record.index;
  entry.heard = record.heard;
  entry.answeredBy = record.answeredBy;
  entry.replayOf = record.replayOf;
  entry.pageStack = record.pageStack;
  entry.was = undefined;
  entry.rare = rareOf(record);
}

function rareOf({ origin, phases, stack, note, marked, comment }: Written): Entry['rare'] {
  const isRare = (origin ?? phases ?? stack ?? note ?? comment) !== undefined || marked === true;
  if (!isRare) return undefined;
  return {
    origin: origin && short(origin, NAME_LENGTH),
    phases,
    stack,
    note: note && short(note, NOTE_LENGTH),
    marked: marked || undefined,
    comment,
  };
}

/** Bytes of a record's bodies that are in the file. */
export function spilledBytes({ body, outcome }: Entry): number {
  return (body.kind === 'spilled' ? body.size : 0) + (outcome?.kind === 'spilled' ? outcome.size : 0);
}

/** About how much a record holds beside its bodies. */
export function extraBytes({ headers = [], rare, pageStack = '' }: Entry): number {
  const stacks = (rare?.stack?.length ?? 0) + pageStack.length;
  return headers.reduce((sum, [name, value]) => sum + name.length + value.length, stacks);
}

/**
 * The tap: everything that crosses the wire of any app leaves a record here, from the first message on. It keeps
 * references and serialises only when somebody looks, so that it costs next to nothing while nobody does.
 */
import type { AnsweredBy, Call, Outcome } from './call.ts';
import { type Disposable, Emitter } from './lifetime.ts';
import type { Annotation, RecordChange, RecordSource, RecordStatistics } from './record-source.ts';
import {
  type Body,
  bodySize,
  type Direction,
  type MessageRecord,
  type Phases,
  type RecordKind,
  type RecordStatus,
} from './record.ts';

export interface TapLimits {
  /** records kept; the oldest go first */
  readonly messages: number;
  /** bytes of bodies kept; the oldest bodies go first, their records stay */
  readonly bodyBytes: number;
}

export const DEFAULT_LIMITS: TapLimits = { messages: 100_000, bodyBytes: 128 * 1024 * 1024 };

/** When a handler began and ended; nothing where none ran, no end where its process went before. */
interface HandlerTimes {
  readonly startedAt: number | undefined;
  readonly endedAt: number | undefined;
}

interface Entry {
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
  /** what the body was counted with, so that dropping it gives the same back */
  weight: number;
  size: number | undefined;
  headers: readonly (readonly [string, string])[] | undefined;
  outcome: Body | undefined;
  outcomeSize: number | undefined;
  duration: number | undefined;
  /** of calls that are settled: the tap's clock when the handler began and ended, where it did */
  handler: HandlerTimes | undefined;
  index: number | undefined;
  heard: number | undefined;
  answeredBy: AnsweredBy | undefined;
  replayOf: number | undefined;
  stack: string | undefined;
  note: string | undefined;
  marked: true | undefined;
  comment: string | undefined;
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
  readonly note?: string;
}

/** Names and notes may come from a page, and stay when bodies go: no longer ones are kept. */
const NAME_LENGTH = 512;
const NOTE_LENGTH = 2_048;

const encoder = new TextEncoder();
const decoder = new TextDecoder();

const NOTHING: Body = { kind: 'none' };
const NOT_RUN: HandlerTimes = { startedAt: undefined, endedAt: undefined };
const DROPPED: Body = { kind: 'dropped' };

/** A bounded store of records with consecutive numbers. */
export class Tap implements RecordSource, Disposable {
  #entries: (Entry | undefined)[] = [];
  /** position in `#entries` of the oldest record, and its number */
  #head = 0;
  #first = 1;
  /** number of the oldest record that may still hold a body */
  #oldestBody = 1;
  /** older ones that got an outcome afterwards */
  #late: number[] = [];
  #limits: TapLimits;
  #bodyBytes = 0;
  #lost = 0;
  #bodiesDropped = 0;
  #paused = false;
  #changed = new Set<number>();
  #announced = 1;
  #scheduled = false;
  readonly #changes = new Emitter<RecordChange>();
  readonly #now: () => number;
  readonly #start: number;

  /** @param now the monotonic clock, in ms: given by tests that hold time still */
  constructor(limits: TapLimits = DEFAULT_LIMITS, now: () => number = () => performance.now()) {
    this.#limits = sane(limits);
    this.#now = now;
    this.#start = now();
  }

  /** Tells of new and changed records, once for all that happened in one turn. */
  readonly onChange = this.#changes.event;

  get paused(): boolean {
    return this.#paused;
  }

  /** While paused nothing is recorded, and calls behave as before. */
  set paused(paused: boolean) {
    this.#paused = paused;
  }

  get limits(): TapLimits {
    return this.#limits;
  }

  set limits(limits: TapLimits) {
    this.#limits = sane(limits);
    this.#trim();
  }

  get statistics(): RecordStatistics {
    return {
      kept: this.#entries.length - this.#head,
      lost: this.#lost,
      bodyBytes: this.#bodyBytes,
      bodiesDropped: this.#bodiesDropped,
      spilledBytes: 0,
    };
  }

  /** Number of the oldest record kept, and of the next one to come. */
  get first(): number {
    return this.#first;
  }

  get next(): number {
    return this.#first + this.#entries.length - this.#head;
  }

  /** Adds a record; gives its number, or 0 while paused. */
  add(record: NewRecord): number {
    if (this.#paused) return 0;
    const body = record.body ?? NOTHING;
    const id = this.next;
    const weight =
      record.weight ?? (body.kind === 'bytes' ? body.bytes.byteLength : body.kind === 'text' ? body.json.length : 64);
    this.#entries.push({
      id,
      time: this.#now() - this.#start,
      kind: record.kind,
      direction: record.direction,
      app: record.app,
      window: record.window,
      origin: record.origin && short(record.origin, NAME_LENGTH),
      generation: record.generation,
      name: short(record.name, NAME_LENGTH),
      status: record.status ?? 'ok',
      of: record.of || undefined,
      cause: record.cause || undefined,
      body,
      weight,
      size: undefined,
      headers: record.headers,
      outcome: undefined,
      outcomeSize: undefined,
      duration: undefined,
      handler: undefined,
      index: record.index,
      heard: record.heard,
      answeredBy: undefined,
      replayOf: record.replayOf,
      stack: undefined,
      note: record.note && short(record.note, NOTE_LENGTH),
      marked: undefined,
      comment: undefined,
    });
    this.#bodyBytes += weight;
    this.#trim();
    this.#announce();
    return id;
  }

  /** Adds the record of a call that has arrived. */
  call(app: string, call: Omit<Call, 'id' | 'record' | 'signal'>, weight: number): number {
    return this.add({
      kind: 'invoke',
      direction: 'to-host',
      app,
      window: call.window,
      origin: call.origin === 'local' ? undefined : call.origin.remote,
      generation: call.generation,
      name: call.cmd,
      status: 'pending',
      body: call.body.kind === 'raw' ? { kind: 'bytes', bytes: call.body.bytes } : call.body,
      weight,
      headers: call.headers,
      replayOf: call.replayOf,
    });
  }

  /** Completes the record of a call. The times of its handler are of the tap's clock (`now`). */
  settle(id: number, outcome: Outcome, { startedAt, endedAt }: HandlerTimes = NOT_RUN): void {
    const entry = this.#find(id);
    if (!entry || entry.status !== 'pending') return;
    const end = this.#now() - this.#start;
    entry.status = outcome.ok ? 'ok' : outcome.denied ? 'denied' : outcome.unhandled ? 'unhandled' : 'error';
    entry.answeredBy = outcome.by;
    if (outcome.note !== undefined) entry.note = short(outcome.note, NOTE_LENGTH);
    entry.duration = end - entry.time;
    entry.handler = startedAt === undefined ? NOT_RUN : { startedAt, endedAt };
    if (!outcome.ok) {
      entry.outcome = { kind: 'text', json: outcome.json };
      entry.stack = outcome.stack;
      entry.weight += outcome.stack?.length ?? 0;
      this.#bodyBytes += outcome.stack?.length ?? 0;
    } else if (outcome.result.kind === 'raw') entry.outcome = { kind: 'bytes', bytes: outcome.result.bytes };
    else entry.outcome = { kind: 'text', json: outcome.result.json };
    const weight = entry.outcome.kind === 'bytes' ? entry.outcome.bytes.byteLength : entry.outcome.json.length;
    entry.weight += weight;
    this.#bodyBytes += weight;
    if (id < this.#oldestBody) this.#late.push(id);
    this.#trim();
    this.#change(id);
  }

  /** The tap's clock, for {@link settle}. */
  now(): number {
    return this.#now();
  }

  /** Milliseconds since the session began: the clock of the records' `time`. */
  get sessionTime(): number {
    return this.#now() - this.#start;
  }

  /** Changes what is known of a record: a call's page went, a message did not arrive, a channel grew. */
  update(id: number, change: { status?: RecordStatus; note?: string; index?: number; heard?: number }): void {
    const entry = this.#find(id);
    if (!entry) return;
    Object.assign(entry, change);
    if (change.note !== undefined) entry.note = short(change.note, NOTE_LENGTH);
    this.#change(id);
  }

  annotate(id: number, { marked, comment }: Annotation): void {
    const entry = this.#find(id);
    if (!entry) return;
    if (marked !== undefined) entry.marked = marked || undefined;
    if (comment !== undefined) entry.comment = comment === '' ? undefined : short(comment, NOTE_LENGTH);
    this.#change(id);
  }

  /** The record of that number, frozen; undefined where it is not kept. */
  find(id: number): MessageRecord | undefined {
    const entry = this.#find(id);
    return entry && snapshot(entry, this.#start);
  }

  /** All records kept, oldest first, made as they are asked for. */
  *records(from = this.#first, to = this.next): Generator<MessageRecord> {
    for (let id = Math.max(from, this.#first); id < to; id++) {
      const record = this.find(id);
      if (record) yield record;
    }
  }

  /** Numbers of the records that belong to `id`: a call's channels, events and resends, a channel's messages. */
  *relatedTo(id: number): Generator<number> {
    for (let at = this.#head; at < this.#entries.length; at++) {
      const entry = this.#entries[at] as Entry;
      if (entry.of === id || entry.cause === id || entry.replayOf === id) yield entry.id;
    }
  }

  /** Forgets everything; numbers go on. */
  clear(): void {
    this.#first = this.next;
    this.#entries = [];
    this.#head = 0;
    this.#bodyBytes = 0;
    this.#oldestBody = this.#first;
    this.#late = [];
    this.#lost = 0;
    this.#bodiesDropped = 0;
    this.#announce();
  }

  dispose(): void {
    this.#changes.dispose();
    this.#entries = [];
    this.#head = 0;
  }

  #find(id: number): Entry | undefined {
    return id < this.#first ? undefined : this.#entries[this.#head + id - this.#first];
  }

  #trim(): void {
    while (this.#entries.length - this.#head > this.#limits.messages) {
      const entry = this.#entries[this.#head] as Entry;
      this.#bodyBytes -= entry.weight;
      this.#entries[this.#head++] = undefined;
      this.#first++;
      this.#lost++;
    }
    // A shift for every record would copy the whole list each time.
    if (this.#head > 4096 && this.#head * 2 > this.#entries.length) {
      this.#entries = this.#entries.slice(this.#head);
      this.#head = 0;
    }
    this.#oldestBody = Math.max(this.#oldestBody, this.#first);
    while (this.#bodyBytes > this.#limits.bodyBytes && (this.#late.length > 0 || this.#oldestBody < this.next)) {
      const entry = this.#find(this.#late.pop() ?? this.#oldestBody++);
      if (!entry || entry.weight === 0) continue;
      entry.size ??= bodySize(entry.body);
      if (entry.outcome) entry.outcomeSize ??= bodySize(entry.outcome);
      entry.body = DROPPED;
      entry.headers = undefined;
      entry.stack = undefined;
      if (entry.outcome) entry.outcome = DROPPED;
      this.#bodyBytes -= entry.weight;
      entry.weight = 0;
      this.#bodiesDropped++;
    }
  }

  #change(id: number): void {
    if (this.#changes.size === 0) return;
    if (id < this.#announced) this.#changed.add(id);
    this.#announce();
  }

  #announce(): void {
    if (this.#changes.size === 0) {
      this.#announced = this.next;
      if (this.#changed.size > 0) this.#changed.clear();
      return;
    }
    if (this.#scheduled) return;
    this.#scheduled = true;
    queueMicrotask(() => {
      this.#scheduled = false;
      const change = { from: this.#announced, to: this.next, changed: [...this.#changed], first: this.#first };
      this.#announced = this.next;
      this.#changed.clear();
      this.#changes.fire(change);
    });
  }
}

/** @param start the tap's clock when the session began */
function snapshot(entry: Entry, start: number): MessageRecord {
  entry.size ??= bodySize(entry.body);
  if (entry.outcome) entry.outcomeSize ??= bodySize(entry.outcome);
  // What is only for the store stays in it.
  const { weight: _weight, handler: _handler, ...rest } = entry;
  const record: Record<string, unknown> = {};
  for (const [key, value] of Object.entries(rest)) if (value !== undefined) record[key] = value;
  // Bodies are shared with the store. What is inside a value is not frozen: a handler has it too.
  const phases = phasesOf(entry, start);
  if (phases) record['phases'] = phases;
  for (const part of [entry.body, entry.outcome, phases, entry.headers]) Object.freeze(part);
  return Object.freeze(record) as unknown as MessageRecord;
}

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

/** Whether a record keeps only the beginning of its name or origin. */
export function wasShortened(text: string): boolean {
  return text.length > NAME_LENGTH;
}

function short(text: string, length: number): string {
  if (text.length <= length) return text;
  // Through bytes: a slice alone would keep the whole text in memory.
  return decoder.decode(encoder.encode(`${text.slice(0, length)}…`));
}

/** Settings may hold anything: what is no limit is the default. */
function sane({ messages, bodyBytes }: TapLimits): TapLimits {
  const isLimit = (value: number) => Number.isFinite(value) && value >= 0;
  return {
    messages: isLimit(messages) ? messages : DEFAULT_LIMITS.messages,
    bodyBytes: isLimit(bodyBytes) ? bodyBytes : DEFAULT_LIMITS.bodyBytes,
  };
}

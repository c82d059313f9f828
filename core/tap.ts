/**
 * The tap: everything that crosses the wire of any app leaves a record here, from the first message on. It keeps
 * references and serialises only when somebody looks, so that it costs next to nothing while nobody does.
 */
import type { Call, Outcome } from './call.ts';
import type { Disposable } from './lifetime.ts';
import { RecordChanges } from './record-changes.ts';
import type { Annotation, RecordSource, RecordStatistics } from './record-source.ts';
import { type Body, bodySize, type MessageRecord, type RecordStatus } from './record.ts';
import type { Spill } from './spill.ts';
import {
  DROPPED,
  type Entry,
  entryOf,
  extraBytes,
  type HandlerTimes,
  newEntry,
  type NewRecord,
  NOTE_LENGTH,
  NOTHING,
  short,
  snapshot,
  spilledBytes,
  weightOf,
} from './tap-entry.ts';

export interface TapLimits {
  /** records kept; the oldest go first */
  readonly messages: number;
  /** bytes of bodies kept; the oldest bodies go first, their records stay */
  readonly bodyBytes: number;
}

export const DEFAULT_LIMITS: TapLimits = { messages: 100_000, bodyBytes: 128 * 1024 * 1024 };

export { type NewRecord } from './tap-entry.ts';

const NOT_RUN: HandlerTimes = { startedAt: undefined, endedAt: undefined };

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
  #spilledBytes = 0;
  #lost = 0;
  #bodiesDropped = 0;
  /** numbers in between that nobody has: of an earlier session, whose file had lost them */
  #holes = 0;
  /** those that were carried over, from the number they had first to the one they have now */
  readonly #moved = new Map<number, number>();
  /** records below are copied by somebody, who asks for those that changed since */
  #copied = 0;
  readonly #stale = new Set<number>();
  #paused = false;
  readonly #changes = new RecordChanges(this);
  readonly #now: () => number;
  #start: number;
  /** takes bodies that memory has no room for; without it they are dropped */
  spill: Spill | undefined;

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
      kept: this.#entries.length - this.#head - this.#holes,
      lost: this.#lost,
      bodyBytes: this.#bodyBytes,
      bodiesDropped: this.#bodiesDropped,
      spilledBytes: this.#spilledBytes,
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
    const weight = record.weight ?? weightOf(body);
    const of = (this.#moved.size > 0 && record.of && this.#moved.get(record.of)) || record.of;
    this.#entries.push(newEntry(record, { id, time: this.#now() - this.#start, of: of || undefined, body, weight }));
    this.#bodyBytes += weight;
    this.#trim();
    this.#changes.announce();
    return id;
  }

  /** Adds the record of a call that has arrived; `pageStack` is where the page made it, and in the weight. */
  call(app: string, call: Omit<Call, 'id' | 'record' | 'signal'>, weight: number, pageStack?: string): number {
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
      pageStack,
    });
  }

  /**
   * Completes the record of a call. The times of its handler are of the tap's clock (`now`). An answer that comes after
   * the page has gone stays to be seen, beside the reason for which it was dropped.
   */
  settle(id: number, outcome: Outcome, { startedAt, endedAt }: HandlerTimes = NOT_RUN): void {
    const entry = this.#find(id);
    if (!entry) return;
    const end = this.#now() - this.#start;
    if (entry.status === 'orphan' && !entry.outcome && !outcome.abandoned) {
      const after = Math.round(end - entry.time);
      entry.note = short(`${entry.note}; its answer came ${after} ms after the call and was dropped`, NOTE_LENGTH);
    } else if (entry.status === 'pending') {
      entry.status = outcome.ok ? 'ok' : outcome.denied ? 'denied' : outcome.unhandled ? 'unhandled' : 'error';
      entry.answeredBy = outcome.by;
      if (outcome.note !== undefined) entry.note = short(outcome.note, NOTE_LENGTH);
      entry.duration = end - entry.time;
      entry.handler = startedAt === undefined ? NOT_RUN : { startedAt, endedAt };
    } else return;
    let weight = 0;
    if (!outcome.ok) {
      entry.outcome = { kind: 'text', json: outcome.json };
      entry.stack = outcome.stack;
      weight += outcome.stack?.length ?? 0;
    } else if (outcome.result.kind === 'raw') entry.outcome = { kind: 'bytes', bytes: outcome.result.bytes };
    else entry.outcome = { kind: 'text', json: outcome.result.json };
    weight += weightOf(entry.outcome);
    entry.weight += weight;
    this.#bodyBytes += weight;
    if (entry.id < this.#oldestBody) this.#late.push(entry.id);
    this.#trim();
    this.#change(entry.id);
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
    this.#change(entry.id);
  }

  annotate(id: number, { marked, comment }: Annotation): void {
    const entry = this.#find(id);
    if (!entry) return;
    if (marked !== undefined) entry.marked = marked || undefined;
    if (comment !== undefined) entry.comment = comment === '' ? undefined : short(comment, NOTE_LENGTH);
    this.#change(entry.id);
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
      const entry = this.#entries[at];
      if (entry && (entry.of === id || entry.cause === id || entry.replayOf === id)) yield entry.id;
    }
  }

  /** Forgets everything; numbers go on. */
  clear(): void {
    this.#first = this.next;
    this.#entries = [];
    this.#head = 0;
    this.#bodyBytes = 0;
    this.#spilledBytes = 0;
    this.#oldestBody = this.#first;
    this.#late = [];
    this.#lost = 0;
    this.#bodiesDropped = 0;
    this.#holes = 0;
    this.#moved.clear();
    this.#stale.clear();
    this.spill?.cleared(this.#first);
    this.#changes.announce();
  }

  dispose(): void {
    this.#changes.dispose();
    this.#entries = [];
    this.#head = 0;
    this.#holes = 0;
  }

  // ---- an earlier session, and the copy of this one

  /** Goes on where an earlier session ended: with the number `next`, `elapsed` ms after it began. Before all records. */
  resume(next: number, elapsed: number): void {
    this.#first = next;
    this.#changes.begin(next);
    this.#oldestBody = next;
    this.#start = this.#now() - elapsed;
  }

  /** Takes records of the session that this one resumes, in the order of their numbers; all come before its own. */
  restore(records: readonly MessageRecord[]): void {
    const room = this.#limits.messages - (this.#entries.length - this.#head);
    const fitting = records.filter(({ id }) => id < this.#first && id >= this.#first - room);
    const from = fitting[0]?.id;
    if (from === undefined) return;
    const older = Array.from({ length: this.#first - from }, (): Entry | undefined => undefined);
    for (const record of fitting) {
      const entry = entryOf(record);
      older[record.id - from] = entry;
      this.#bodyBytes += entry.weight;
      this.#spilledBytes += spilledBytes(entry);
    }
    this.#holes += older.length - fitting.length;
    this.#entries = [...older, ...this.#entries.slice(this.#head)];
    this.#head = 0;
    this.#first = from;
    this.#oldestBody = from;
    this.#trim();
    this.#changes.announce();
  }

  /** Somebody has copied all records before `next`: from now on changes of those are noted. */
  copied(next: number): void {
    this.#copied = next;
  }

  /** Numbers of copied records that changed since, at most so many; they count as copied again. */
  takeChanged(most: number): number[] {
    const taken: number[] = [];
    for (const id of this.#stale) {
      if (taken.length === most) break;
      taken.push(id);
      this.#stale.delete(id);
    }
    return taken;
  }

  /** The file has lost the bodies of these records. */
  dropSpilled(ids: Iterable<number>): void {
    for (const id of ids) {
      const entry = this.#find(id);
      const bytes = entry ? spilledBytes(entry) : 0;
      if (!entry || bytes === 0) continue;
      this.#spilledBytes -= bytes;
      if (entry.body.kind === 'spilled') entry.body = DROPPED;
      if (entry.outcome?.kind === 'spilled') entry.outcome = DROPPED;
      this.#bodiesDropped++;
      this.#change(entry.id);
    }
  }

  #find(id: number): Entry | undefined {
    if (id >= this.#first) return this.#entries[this.#head + id - this.#first];
    const now = this.#moved.get(id);
    return now === undefined ? undefined : this.#entries[this.#head + now - this.#first];
  }

  #trim(): void {
    while (this.#entries.length - this.#head > this.#limits.messages) {
      const entry = this.#entries[this.#head];
      this.#entries[this.#head++] = undefined;
      this.#first++;
      if (!entry) this.#holes--;
      else if (this.#isCarried(entry)) this.#carryOver(entry);
      else this.#lose(entry);
    }
    // A shift for every record would copy the whole list each time.
    if (this.#head > 4096 && this.#head * 2 > this.#entries.length) {
      this.#entries = this.#entries.slice(this.#head);
      this.#head = 0;
    }
    this.#oldestBody = Math.max(this.#oldestBody, this.#first);
    while (this.#bodyBytes > this.#limits.bodyBytes && (this.#late.length > 0 || this.#oldestBody < this.next)) {
      const entry = this.#find(this.#late.pop() ?? this.#oldestBody++);
      if (entry && entry.weight > 0) this.#letGo(entry);
    }
  }

  /**
   * What still waits when the oldest records go is what somebody looks for. It goes on with a new number at the end;
   * were most records such ones, they would be lost as others are.
   */
  #isCarried(entry: Entry): boolean {
    if (entry.status !== 'pending') return false;
    // Itself left out: the limit may be smaller than when it was carried before.
    const others = this.#moved.size - (entry.was === undefined ? 0 : 1);
    return others * 4 < this.#limits.messages;
  }

  #carryOver(entry: Entry): void {
    entry.was ??= entry.id;
    entry.id = this.next;
    this.#moved.set(entry.was, entry.id);
    this.#entries.push(entry);
    this.#changes.announce();
  }

  #lose(entry: Entry): void {
    this.#bodyBytes -= entry.weight;
    if (this.#spilledBytes > 0) this.#spilledBytes -= spilledBytes(entry);
    if (entry.was !== undefined) this.#moved.delete(entry.was);
    this.#lost++;
  }

  /** Takes the bodies of a record out of memory: into the file where there is room, else they are gone. */
  #letGo(entry: Entry): void {
    entry.size ??= bodySize(entry.body);
    if (entry.outcome) entry.outcomeSize ??= bodySize(entry.outcome);
    this.#bodyBytes -= entry.weight;
    this.#spilledBytes -= spilledBytes(entry);
    entry.weight = 0;
    const kept = this.spill?.take(snapshot(entry, this.#start));
    const { body, outcome } = kept ?? {
      body: unlessHeld(entry.body),
      outcome: entry.outcome && unlessHeld(entry.outcome),
    };
    if (isLost(entry.body, body) || isLost(entry.outcome, outcome)) this.#bodiesDropped++;
    entry.body = body;
    entry.outcome = outcome;
    this.#spilledBytes += spilledBytes(entry);
    const extra = extraBytes(entry);
    if (kept && this.#bodyBytes + extra <= this.#limits.bodyBytes) {
      // Small for the most part, and to send a call again takes its headers.
      entry.weight = extra;
      this.#bodyBytes += extra;
      return;
    }
    entry.headers = undefined;
    entry.stack = undefined;
    entry.pageStack = undefined;
  }

  #change(id: number): void {
    if (id < this.#copied) this.#stale.add(id);
    this.#changes.changed(id);
  }
}

/** What is left of a body that no file has taken: one that is in the file already, or is none, is not in memory. */
function unlessHeld(body: Body): Body {
  return body.kind === 'spilled' || body.kind === 'none' ? body : DROPPED;
}

const isLost = (before: Body | undefined, after: Body | undefined) =>
  after?.kind === 'dropped' && before?.kind !== 'dropped';

/** Settings may hold anything: what is no limit is the default. */
function sane({ messages, bodyBytes }: TapLimits): TapLimits {
  const isLimit = (value: number) => Number.isFinite(value) && value >= 0;
  return {
    messages: isLimit(messages) ? messages : DEFAULT_LIMITS.messages,
    bodyBytes: isLimit(bodyBytes) ? bodyBytes : DEFAULT_LIMITS.bodyBytes,
  };
}

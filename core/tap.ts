/**
 * The tap: everything that crosses the wire of any app leaves a record here, from the first message on. It keeps
 * references and serialises only when somebody looks, so that it costs next to nothing while nobody does.
 */
import type { Call, Outcome } from './call.ts';
import { Failures } from './call-endings.ts';
import type { Counted } from './call-sample.ts';
import type { Disposable } from './lifetime.ts';
import { RecordChanges } from './record-changes.ts';
import type { Annotation, RecordSource, RecordStatistics } from './record-source.ts';
import { type Body, type MessageRecord, type RecordStatus } from './record.ts';
import type { Spill } from './spill.ts';
import { CHUNK_RECORDS, Columns, DROPPED, Entry, type HandlerTimes, NOT_RUN, NOTHING } from './tap-columns.ts';
import {
  extraBytes,
  measured,
  type NewRecord,
  NOTE_LENGTH,
  short,
  snapshot,
  spilledBytes,
  weightOf,
  weightOfRecord,
  write,
} from './tap-entry.ts';

export interface TapLimits {
  /** records kept; the oldest go first */
  readonly messages: number;
  /** bytes of bodies kept; the oldest bodies go first, their records stay */
  readonly bodyBytes: number;
}

export const DEFAULT_LIMITS: TapLimits = { messages: 100_000, bodyBytes: 128 * 1024 * 1024 };

export { type NewRecord } from './tap-entry.ts';

/** A bounded store of records with consecutive numbers. */
export class Tap implements RecordSource, Disposable {
  /** of records from `#first` to before `#next`; the n-th chunk has the numbers from n times CHUNK_RECORDS on */
  readonly #chunks = new Map<number, Columns>();
  /** one that is used no more, until the next is needed: memory that was touched before costs less */
  #spare: Columns | undefined;
  #first = 1;
  #next = 1;
  /** number of the oldest record that may still hold a body */
  #oldestBody = 1;
  /** older ones that got an outcome afterwards */
  #late: number[] = [];
  #limits: TapLimits;
  #bodyBytes = 0;
  #spilledBytes = 0;
  #lost = 0;
  #bodiesDropped = 0;
  readonly #failures = new Failures();
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
      kept: this.#next - this.#first - this.#holes,
      lost: this.#lost,
      bodyBytes: this.#bodyBytes,
      bodiesDropped: this.#bodiesDropped,
      spilledBytes: this.#spilledBytes,
    };
  }

  /** How many of the calls that are kept did not succeed. */
  get failures(): Readonly<Pick<Failures, 'errors' | 'denied'>> {
    return this.#failures;
  }

  /** Number of the oldest record kept, and of the next one to come. */
  get first(): number {
    return this.#first;
  }

  get next(): number {
    return this.#next;
  }

  /** Adds a record; gives its number, or 0 while paused. */
  add(record: NewRecord): number {
    if (this.#paused) return 0;
    const body = record.body ?? NOTHING;
    const weight = record.weight ?? weightOf(body);
    const of = (this.#moved.size > 0 && record.of && this.#moved.get(record.of)) || record.of;
    const entry = this.#place(this.#next++);
    write(entry, record, { time: this.#now() - this.#start, of, body, weight });
    this.#failures.count(entry, 1);
    this.#bodyBytes += weight;
    this.#trim();
    this.#changes.announce();
    return entry.id;
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
      this.#failures.count(entry, 1);
      entry.answeredBy = outcome.by;
      if (outcome.note !== undefined) entry.note = short(outcome.note, NOTE_LENGTH);
      entry.duration = end - entry.time;
      entry.handler = { startedAt, endedAt };
    } else return;
    const answer = answerOf(outcome);
    entry.outcome = answer;
    let weight = weightOf(answer);
    if (!outcome.ok) {
      const { stack } = outcome;
      if (stack !== entry.rare?.stack) entry.rare = { ...entry.rare, stack };
      weight += stack?.length ?? 0;
    }
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
    this.#failures.count(entry, -1);
    Object.assign(entry, change);
    this.#failures.count(entry, 1);
    if (change.note !== undefined) entry.note = short(change.note, NOTE_LENGTH);
    this.#change(entry.id);
  }

  annotate(id: number, { marked, comment }: Annotation): void {
    const entry = this.#find(id);
    if (!entry) return;
    entry.rare = {
      ...entry.rare,
      ...(marked !== undefined && { marked: marked || undefined }),
      ...(comment !== undefined && { comment: comment === '' ? undefined : short(comment, NOTE_LENGTH) }),
    };
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

  *counted(from: number, to: number): Generator<Counted> {
    for (let id = Math.max(from, this.#first); id < to; id++) {
      const entry = this.#at(id);
      if (entry) yield entry.kind === 'invoke' ? measured(entry) : entry;
    }
  }

  /** Numbers of the records that belong to `id`: a call's channels, events and resends, a channel's messages. */
  *relatedTo(id: number): Generator<number> {
    for (let number = this.#first; number < this.#next; number++) {
      const entry = this.#at(number);
      if (entry && (entry.of === id || entry.cause === id || entry.replayOf === id)) yield number;
    }
  }

  /** Forgets everything; numbers go on. */
  clear(): void {
    this.#chunks.clear();
    this.#first = this.#next;
    this.#bodyBytes = 0;
    this.#spilledBytes = 0;
    this.#oldestBody = this.#first;
    this.#late = [];
    this.#lost = 0;
    this.#bodiesDropped = 0;
    this.#failures.clear();
    this.#holes = 0;
    this.#moved.clear();
    this.#stale.clear();
    this.spill?.cleared(this.#first);
    this.#changes.announce();
  }

  dispose(): void {
    this.#changes.dispose();
    this.#chunks.clear();
    this.#spare = undefined;
    this.#first = this.#next;
    this.#failures.clear();
    this.#holes = 0;
  }

  // ---- an earlier session, and the copy of this one

  /** Goes on where an earlier session ended: with the number `next`, `elapsed` ms after it began. Before all records. */
  resume(next: number, elapsed: number): void {
    this.#first = next;
    this.#next = next;
    this.#changes.begin(next);
    this.#oldestBody = next;
    this.#start = this.#now() - elapsed;
  }

  /** Takes records of the session that this one resumes, in the order of their numbers; all come before its own. */
  restore(records: readonly MessageRecord[]): void {
    const room = this.#limits.messages - (this.#next - this.#first);
    const fitting = records.filter(({ id }) => id < this.#first && id >= this.#first - room);
    const from = fitting[0]?.id;
    if (from === undefined) return;
    for (const record of fitting) {
      const entry = this.#place(record.id);
      const weight = weightOfRecord(record);
      write(entry, record, { time: record.time, of: record.of, body: record.body, weight });
      this.#failures.count(entry, 1);
      this.#bodyBytes += weight;
      this.#spilledBytes += spilledBytes(entry);
    }
    this.#holes += this.#first - from - fitting.length;
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
    return this.#at(id >= this.#first ? id : (this.#moved.get(id) ?? 0));
  }

  #at(id: number): Entry | undefined {
    // Also for what is no number of a record at all: other extensions may ask for anything.
    if (!Number.isInteger(id) || id < this.#first || id >= this.#next) return undefined;
    const chunk = this.#chunks.get(Math.floor(id / CHUNK_RECORDS));
    const entry = chunk && new Entry(id, chunk);
    return entry?.isSet ? entry : undefined;
  }

  /** The place of a record that is about to be. */
  #place(id: number): Entry {
    const number = Math.floor(id / CHUNK_RECORDS);
    let chunk = this.#chunks.get(number);
    if (!chunk) {
      chunk = this.#spare ?? new Columns();
      this.#spare = undefined;
      this.#chunks.set(number, chunk);
    }
    return new Entry(id, chunk);
  }

  /** None of a chunk's records is kept any more: the next chunk uses its memory. */
  #retire(number: number): void {
    this.#spare = this.#chunks.get(number) ?? this.#spare;
    this.#chunks.delete(number);
  }

  #trim(): void {
    while (this.#next - this.#first > this.#limits.messages) {
      const entry = this.#at(this.#first);
      this.#first++;
      if (!entry) this.#holes--;
      else {
        if (this.#isCarried(entry)) this.#carryOver(entry);
        else this.#lose(entry);
        entry.unset();
      }
      if (this.#first % CHUNK_RECORDS === 0) this.#retire(this.#first / CHUNK_RECORDS - 1);
    }
    this.#oldestBody = Math.max(this.#oldestBody, this.#first);
    while (this.#bodyBytes > this.#limits.bodyBytes && (this.#late.length > 0 || this.#oldestBody < this.#next)) {
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
    const carried = this.#place(this.#next++);
    carried.takeFrom(entry);
    carried.was ??= entry.id;
    this.#moved.set(carried.was, carried.id);
    this.#changes.announce();
  }

  #lose(entry: Entry): void {
    this.#failures.count(entry, -1);
    this.#bodyBytes -= entry.weight;
    if (this.#spilledBytes > 0) this.#spilledBytes -= spilledBytes(entry);
    if (entry.was !== undefined) this.#moved.delete(entry.was);
    this.#lost++;
  }

  /** Takes the bodies of a record out of memory: into the file where there is room, else they are gone. */
  #letGo(entry: Entry): void {
    measured(entry);
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
    entry.pageStack = undefined;
    if (entry.rare?.stack !== undefined) entry.rare = { ...entry.rare, stack: undefined };
  }

  #change(id: number): void {
    if (id < this.#copied) this.#stale.add(id);
    this.#changes.changed(id);
  }
}

function answerOf(outcome: Outcome): Body {
  if (!outcome.ok) return { kind: 'text', json: outcome.json };
  const { result } = outcome;
  return result.kind === 'raw' ? { kind: 'bytes', bytes: result.bytes } : { kind: 'text', json: result.json };
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

/**
 * Numbers of each command: how often it was called, how it ended, how long it took. They are of the calls that are
 * kept: what the recorder forgets is taken out again, so that the numbers agree with what a list of the same calls shows.
 *
 * Everything is kept in typed arrays, about 30 bytes a call, and only what changed is computed again.
 */
import { DENIED, ENDINGS, ERROR, OTHER, PENDING } from './call-endings.ts';
import { callSample, type CallSample, type Counted } from './call-sample.ts';
import type { Disposable } from './lifetime.ts';
import type { MessageRecord } from './record.ts';
import type { RecordSource } from './record-source.ts';

export interface CommandStatistics {
  readonly app: string;
  readonly command: string;
  readonly count: number;
  /** ended with an error, had no handler, or could not be delivered */
  readonly errors: number;
  readonly denied: number;
  readonly pending: number;
  /**
   * Percentiles of the durations in ms by nearest rank, of the newest `SAMPLES` answered calls; undefined without any.
   * `max` is of all.
   */
  readonly p50: number | undefined;
  readonly p95: number | undefined;
  readonly p99: number | undefined;
  readonly max: number | undefined;
  /** bytes of arguments and of answers */
  readonly bytesIn: number;
  readonly bytesOut: number;
  /** in ms of the session */
  readonly firstSeen: number;
  readonly lastSeen: number;
}

/** Percentiles are of the newest so many answered calls of a command: sorting them takes less than a millisecond. */
export const SAMPLES = 10_000;

/** The smallest value that at least this share of the sorted values does not exceed. */
export function percentile(sorted: ArrayLike<number>, share: number): number | undefined {
  return sorted[Math.max(0, Math.ceil(share * sorted.length) - 1)];
}

/** The calls of all commands, by command. */
export class CallStatistics {
  readonly #samples: number;
  /** by app, then by name: without making a text for each call */
  readonly #apps = new Map<string, Map<string, Calls>>();

  constructor(samples = SAMPLES) {
    this.#samples = samples;
  }

  /** Takes a call, or what became of one that was taken before. */
  set(sample: CallSample): void {
    let commands = this.#apps.get(sample.app);
    if (!commands) this.#apps.set(sample.app, (commands = new Map()));
    let calls = commands.get(sample.name);
    if (!calls) commands.set(sample.name, (calls = new Calls(this.#samples)));
    calls.set(sample);
  }

  delete({ id, app, name }: Pick<CallSample, 'id' | 'app' | 'name'>): void {
    const commands = this.#apps.get(app);
    const calls = commands?.get(name);
    calls?.delete(id);
    if (calls?.length === 0) commands?.delete(name);
  }

  /** Forgets the calls whose number is below `first`. */
  trim(first: number): void {
    for (const commands of this.#apps.values()) {
      for (const [name, calls] of commands) {
        calls.trim(first);
        if (calls.length === 0) commands.delete(name);
      }
    }
  }

  clear(): void {
    this.#apps.clear();
  }

  commands(): CommandStatistics[] {
    return [...this.#apps].flatMap(([app, commands]) =>
      [...commands].map(([command, calls]) => ({ app, command, ...calls.numbers() })),
    );
  }

  /** How many calls of a command came in each of `bins` equal parts of the time from `from` to `to`. */
  rate(app: string, command: string, from: number, to: number, bins: number): Uint32Array {
    return this.#apps.get(app)?.get(command)?.rate(from, to, bins) ?? new Uint32Array(bins);
  }

  /** The durations that the percentiles of a command are of, smallest first. */
  durations(app: string, command: string): Float64Array {
    return this.#apps.get(app)?.get(command)?.sorted() ?? new Float64Array(0);
  }
}

type Numbers = Omit<CommandStatistics, 'app' | 'command'>;

/** The calls of one command, in the order of their numbers. */
class Calls {
  readonly #samples: number;
  #start = 0;
  #end = 0;
  #ids = new Uint32Array(16);
  #times = new Float64Array(16);
  #durations = new Float64Array(16);
  #bytesIn = new Float64Array(16);
  #bytesOut = new Float64Array(16);
  #endings = new Uint8Array(16);
  readonly #counts = [0, 0, 0, 0];
  #allIn = 0;
  #allOut = 0;
  #sorted: Float64Array | undefined;
  #numbers: Numbers | undefined;

  constructor(samples: number) {
    this.#samples = samples;
  }

  get length(): number {
    return this.#end - this.#start;
  }

  set(sample: CallSample): void {
    const at = this.#firstFrom(sample.id);
    if (at < this.#end && this.#ids[at] === sample.id) {
      this.#count(at, -1);
      this.#write(at, sample);
    } else this.#write(this.#insert(at), sample);
  }

  delete(id: number): void {
    const at = this.#firstFrom(id);
    if (at >= this.#end || this.#ids[at] !== id) return;
    this.#count(at, -1);
    for (const column of this.#columns()) column.copyWithin(at, at + 1, this.#end);
    this.#end--;
  }

  trim(first: number): void {
    for (; this.#start < this.#end && (this.#ids[this.#start] ?? 0) < first; this.#start++)
      this.#count(this.#start, -1);
  }

  numbers(): Numbers {
    this.#numbers ??= {
      count: this.length,
      errors: this.#counts[ERROR] ?? 0,
      denied: this.#counts[DENIED] ?? 0,
      pending: this.#counts[PENDING] ?? 0,
      p50: percentile(this.sorted(), 0.5),
      p95: percentile(this.sorted(), 0.95),
      p99: percentile(this.sorted(), 0.99),
      max: this.#longest(),
      bytesIn: this.#allIn,
      bytesOut: this.#allOut,
      firstSeen: this.#times[this.#start] ?? 0,
      lastSeen: this.#times[this.#end - 1] ?? 0,
    };
    return this.#numbers;
  }

  sorted(): Float64Array {
    if (this.#sorted) return this.#sorted;
    const newest = new Float64Array(Math.min(this.#samples, this.length));
    let count = 0;
    for (let at = this.#end - 1; at >= this.#start && count < newest.length; at--) {
      const duration = this.#durations[at] ?? Number.NaN;
      if (!Number.isNaN(duration)) newest[count++] = duration;
    }
    this.#sorted = newest.subarray(0, count).sort();
    return this.#sorted;
  }

  rate(from: number, to: number, bins: number): Uint32Array {
    const counts = new Uint32Array(bins);
    const perBin = bins / Math.max(to - from, Number.MIN_VALUE);
    for (let at = this.#start; at < this.#end; at++) {
      const time = this.#times[at] ?? 0;
      if (time < from || time > to) continue;
      const bin = Math.min(bins - 1, Math.floor((time - from) * perBin));
      counts[bin] = (counts[bin] ?? 0) + 1;
    }
    return counts;
  }

  #longest(): number | undefined {
    let longest: number | undefined;
    for (let at = this.#start; at < this.#end; at++) {
      const duration = this.#durations[at] ?? Number.NaN;
      if (duration > (longest ?? -1)) longest = duration;
    }
    return longest;
  }

  #columns() {
    return [this.#ids, this.#times, this.#durations, this.#bytesIn, this.#bytesOut, this.#endings] as const;
  }

  #write(at: number, { id, time, duration, bytesIn, bytesOut, status }: CallSample): void {
    this.#ids[at] = id;
    this.#times[at] = time;
    this.#durations[at] = duration ?? Number.NaN;
    this.#bytesIn[at] = bytesIn;
    this.#bytesOut[at] = bytesOut;
    this.#endings[at] = ENDINGS[status];
    this.#count(at, 1);
  }

  /** Adds a call to what all calls have in sum, or takes it out. */
  #count(at: number, step: 1 | -1): void {
    const ending = this.#endings[at] ?? OTHER;
    this.#counts[ending] = (this.#counts[ending] ?? 0) + step;
    this.#allIn += step * (this.#bytesIn[at] ?? 0);
    this.#allOut += step * (this.#bytesOut[at] ?? 0);
    this.#numbers = undefined;
    if (!Number.isNaN(this.#durations[at] ?? Number.NaN)) this.#sorted = undefined;
  }

  /** Makes a place at `at`, and gives where it is now. */
  #insert(at: number): number {
    let place = at;
    if (this.#end === this.#ids.length) {
      place -= this.#start;
      this.#reserve();
    }
    if (place < this.#end) for (const column of this.#columns()) column.copyWithin(place + 1, place, this.#end);
    this.#end++;
    return place;
  }

  /** Calls that went at the front leave room: it is used before there is more. */
  #reserve(): void {
    if (this.length * 2 > this.#ids.length) this.#grow(this.#ids.length * 2);
    for (const column of this.#columns()) column.copyWithin(0, this.#start, this.#end);
    this.#end -= this.#start;
    this.#start = 0;
  }

  #grow(size: number): void {
    const grown = <C extends Float64Array | Uint32Array | Uint8Array>(to: C, from: C): C => {
      to.set(from);
      return to;
    };
    this.#ids = grown(new Uint32Array(size), this.#ids);
    this.#times = grown(new Float64Array(size), this.#times);
    this.#durations = grown(new Float64Array(size), this.#durations);
    this.#bytesIn = grown(new Float64Array(size), this.#bytesIn);
    this.#bytesOut = grown(new Float64Array(size), this.#bytesOut);
    this.#endings = grown(new Uint8Array(size), this.#endings);
  }

  #firstFrom(id: number): number {
    let low = this.#start;
    let high = this.#end;
    // Calls come in the order of their numbers.
    if (low < high && (this.#ids[high - 1] ?? 0) < id) return high;
    while (low < high) {
      const middle = (low + high) >>> 1;
      if ((this.#ids[middle] ?? 0) < id) low = middle + 1;
      else high = middle;
    }
    return low;
  }
}

/** The numbers of those calls of a source that fit. */
export function statisticsOf(
  source: RecordSource,
  fits: (record: MessageRecord) => boolean,
): readonly CommandStatistics[] {
  const calls = new CallStatistics();
  for (const record of source.records()) {
    const sample = callSample(record);
    if (sample && fits(record)) calls.set(sample);
  }
  return calls.commands();
}

/** Changed calls that are remembered; of more, everything is computed anew. */
const MOST_CHANGED = 10_000;

/** Numbers of all calls of a source. It catches up when it is asked, so it costs next to nothing while nobody asks. */
export class SourceStatistics implements Disposable {
  readonly #source: RecordSource;
  readonly #calls = new CallStatistics();
  /** records from here on have not been read, and there were none before that one */
  #next = 0;
  #first = 0;
  readonly #pending = new Set<number>();
  /** calls that changed although they had their answer: it did not reach the page */
  readonly #changed = new Set<number>();
  #isStale = false;
  #isHalfway = false;
  /** from the first question on */
  #following: Disposable | undefined;

  constructor(source: RecordSource) {
    this.#source = source;
  }

  commands(): CommandStatistics[] {
    this.#isHalfway = false;
    this.catchUp();
    return this.latest();
  }

  /** The numbers as far as it has caught up. */
  latest(): CommandStatistics[] {
    return this.#calls.commands();
  }

  /** Reads what is new, some of it where `isOver` says so: then false. The next call goes on. */
  catchUp(isOver = () => false): boolean {
    this.#following ??= this.#source.onChange(({ changed }) => this.#note(changed));
    const { first, next } = this.#source;
    // The records of the session before come back in front of those that were read.
    if (this.#isStale || first < this.#first) this.#forget();
    this.#first = first;
    this.#calls.trim(first);
    for (const id of this.#changed) {
      const record = this.#source.find(id);
      if (record) this.#take(record);
    }
    this.#changed.clear();
    // In its parts once: there may be as many that wait as there are others.
    for (const id of this.#isHalfway ? [] : this.#pending) {
      const record = this.#source.find(id);
      if (record?.status === 'pending') continue;
      this.#pending.delete(id);
      if (record) this.#take(record);
    }
    const from = Math.max(this.#next, first);
    for (const record of this.#source.counted?.(from, next) ?? this.#source.records(from, next)) {
      this.#take(record);
      this.#next = record.id + 1;
      this.#isHalfway = isOver();
      if (this.#isHalfway) return false;
    }
    this.#next = next;
    this.#isHalfway = false;
    return true;
  }

  #note(changed: readonly number[]): void {
    for (const id of changed) if (id < this.#next && !this.#pending.has(id)) this.#changed.add(id);
    if (this.#changed.size <= MOST_CHANGED) return;
    this.#changed.clear();
    this.#isStale = true;
  }

  #forget(): void {
    this.#calls.clear();
    this.#pending.clear();
    this.#changed.clear();
    this.#isStale = false;
    this.#next = 0;
  }

  dispose(): void {
    this.#following?.dispose();
  }

  #take(record: Counted): void {
    const sample = callSample(record);
    if (!sample) return;
    this.#calls.set(sample);
    if (sample.status === 'pending') this.#pending.add(sample.id);
  }
}

/** What a page of the inspector wants to know about all records' bodies: looked through in slices, the oldest first. */
import { findIn, findPattern } from '#core/filter/find.ts';
import { readFilter } from '#core/filter/parse.ts';
import { compileBits } from '#core/filter/record-test.ts';
import type { Found, Hits, ToInspector } from '#core/inspector-messages.ts';
import type { Disposable } from '#core/lifetime.ts';
import type { RecordSource } from '#core/record-source.ts';
import type { MessageRecord } from '#core/record.ts';
import { OutOfTime, within } from './time-limit.ts';

/** The host is kept from its other work for so long at a time, in ms. */
const SLICE_MS = 8;
/** One record may take longer than that, but not for ever: a search that is still at it by then is ended. */
const LONGEST_MS = 5_000;

export interface SearchesOptions {
  readonly source: RecordSource;
  post(message: ToInspector): void;
  /** tells the user why a search has ended before its end */
  report(problem: string): void;
  /** for tests: how long one turn may take at most */
  readonly longestMs?: number;
  readonly slowMs: () => number;
  /** the number of the first record that the page has not heard of */
  readonly next: () => number;
  /** runs a task in another turn; tests choose when */
  readonly later?: (task: () => void) => Disposable;
}

export class Searches implements Disposable {
  readonly #options: SearchesOptions;
  #hits: Search<Hits> | undefined;
  #found: Search<readonly Found[]> | undefined;

  constructor(options: SearchesOptions) {
    this.#options = options;
  }

  /** Answers which records fit the terms, from now on for new and changed ones, too. Without terms it ends. */
  search(search: number, terms: readonly string[], where: string): void {
    this.#hits?.dispose();
    this.#hits = undefined;
    if (terms.length === 0) return;
    const { source, slowMs, post } = this.#options;
    const filters = terms.flatMap((term) => readFilter(term) ?? []);
    const bitsOf = compileBits(filters, readFilter(where), { source, slowMs: slowMs() });
    let ids: number[] = [];
    let bits: number[] = [];
    this.#hits = new Search(this.#options, {
      see: (record) => {
        const fits = bitsOf(record);
        ids.push(record.id);
        bits.push(fits);
      },
      take: () => {
        const hits = { search, ids: Uint32Array.from(ids), bits: Uint32Array.from(bits) };
        [ids, bits] = [[], []];
        return hits;
      },
      tell: (hits, done) => post({ kind: 'hits', hits, done }),
    });
  }

  /** Tells where a text occurs, from now on of new and changed records, too. */
  find(find: number, text: string): void {
    this.#found?.dispose();
    this.#found = undefined;
    const pattern = findPattern(text);
    if (!pattern) return;
    let records: Found[] = [];
    this.#found = new Search(this.#options, {
      see: (record, isAgain) => {
        const counts = findIn(record, pattern);
        // A changed record may have had it before.
        if (counts || isAgain) records.push({ id: record.id, counts: counts ?? [] });
      },
      take: () => {
        const taken = records;
        records = [];
        return taken;
      },
      tell: (taken, done) => {
        if (taken.length > 0 || done) this.#options.post({ kind: 'found', find, records: taken, done });
      },
    });
  }

  /** Records on their way to the page, new or changed: the hits that go with them. */
  pass(records: readonly MessageRecord[]): Hits | undefined {
    const found = this.#found?.pass(records);
    if (found) this.#found?.tell(found);
    return this.#hits?.pass(records);
  }

  dispose(): void {
    this.#hits?.dispose();
    this.#found?.dispose();
    this.#hits = undefined;
    this.#found = undefined;
  }
}

/** What a search makes of records: it sees one after the other, and what it has seen is taken away and told. */
interface Look<T> {
  see(record: MessageRecord, isAgain: boolean): void;
  take(): T;
  tell(taken: T, done: boolean): void;
}

/** One way through all records that the page has. */
class Search<T> implements Disposable {
  readonly #options: SearchesOptions;
  readonly #look: Look<T>;
  /** records below have been looked at */
  #at: number;
  #isWalking = true;
  #isOver = false;
  #turn: Disposable | undefined;

  constructor(options: SearchesOptions, look: Look<T>) {
    this.#options = options;
    this.#look = look;
    this.#at = options.source.first;
    this.#wait();
  }

  pass(records: readonly MessageRecord[]): T | undefined {
    // What was not reached yet will be: looked at now, it would come before those that it may depend on.
    const reached = this.#isWalking ? records.filter(({ id }) => id < this.#at) : records;
    if (reached.length === 0 || this.#isOver) return undefined;
    this.#inTime(() => {
      for (const record of reached) {
        this.#look.see(record, record.id < this.#at);
        this.#at = Math.max(this.#at, record.id + 1);
      }
    });
    return this.#look.take();
  }

  tell(taken: T): void {
    this.#look.tell(taken, !this.#isWalking);
  }

  dispose(): void {
    this.#turn?.dispose();
  }

  #wait(): void {
    this.#turn = (this.#options.later ?? soon)(() => this.#walk());
  }

  #inTime(work: () => void): void {
    try {
      within(this.#options.longestMs ?? LONGEST_MS, work);
    } catch (error) {
      if (!(error instanceof OutOfTime)) throw error;
      this.#isWalking = false;
      this.#isOver = true;
      this.#options.report(`The search in bodies has ended at message #${this.#at}: ${error.message}.`);
    }
  }

  #walk(): void {
    const { source, next } = this.#options;
    this.#at = Math.max(this.#at, source.first);
    const last = next();
    this.#isWalking = false;
    this.#inTime(() => {
      const end = performance.now() + SLICE_MS;
      // By the records that there are: numbers of a recording may be far apart.
      for (const record of source.records(this.#at, last)) {
        this.#look.see(record, false);
        this.#at = record.id + 1;
        this.#isWalking = this.#at < last && performance.now() >= end;
        if (this.#isWalking) break;
      }
    });
    if (!this.#isWalking) this.#at = Math.max(this.#at, last);
    this.#look.tell(this.#look.take(), !this.#isWalking);
    if (this.#isWalking) this.#wait();
  }
}

function soon(task: () => void): Disposable {
  const immediate = setImmediate(task);
  return { dispose: () => clearImmediate(immediate) };
}

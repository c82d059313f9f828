/** Keeps one page of the inspector told of the rows of a source: all at first, then what is new, changed or gone. */
import type { Hits, ToInspector } from '#core/inspector-messages.ts';
import { Lifetime } from '#core/lifetime.ts';
import type { MessageRecord } from '#core/record.ts';
import type { RecordChange, RecordSource, RecordStatistics } from '#core/record-source.ts';
import { rowOf } from './rows.ts';

/** Rows of one message to the page: large enough to be quick, small enough to keep the host responsive. */
const SLICE = 2_000;
/** The page is told of new rows at most this often, in ms: it draws once a frame anyway. */
const REFRESH_MS = 50;
/** Rows are made for so long at a time, in ms. */
const TURN_MS = 20;

export class RowFeed {
  readonly #source: RecordSource;
  readonly #post: (message: ToInspector) => void;
  readonly #searched: (records: readonly MessageRecord[]) => Hits | undefined;
  readonly #life = new Lifetime();
  #ready = false;
  /** records from here on the page does not have yet */
  #next = 1;
  #changed = new Set<number>();
  #first = 0;
  #told: RecordStatistics | undefined;
  #timer: NodeJS.Timeout | undefined;

  /** @param searched what running searches find in records that the page is about to be told of */
  constructor(
    source: RecordSource,
    post: (message: ToInspector) => void,
    searched: (records: readonly MessageRecord[]) => Hits | undefined = () => undefined,
  ) {
    this.#source = source;
    this.#post = post;
    this.#searched = searched;
    this.#life.own(source.onChange((change) => this.#onChange(change)));
    this.#life.onEnd(() => clearTimeout(this.#timer));
  }

  /** The page is there (again) and has nothing. */
  start(): void {
    this.#ready = true;
    this.#next = this.#source.first;
    this.#first = this.#source.first;
    this.#told = undefined;
    this.flush();
  }

  /** The number of the first record that the page has not been told of. */
  get next(): number {
    return this.#next;
  }

  #onChange(change: RecordChange): void {
    if (!this.#ready) return;
    for (const id of change.changed) if (id < this.#next) this.#changed.add(id);
    this.#later(REFRESH_MS);
  }

  /** Tells what has not been told yet, now. */
  flush(): void {
    if (!this.#ready) return;
    this.#tellEnds();
    this.#tellRows();
    this.#tellChanged();
    this.#tellStatistics();
  }

  #tellEnds(): void {
    const { first, statistics } = this.#source;
    if (first === this.#first) return;
    // Records of the session before have come back, in front of all: the page takes rows in their order.
    const isRestored = first < this.#first;
    this.#first = first;
    if (isRestored) this.#next = first;
    if (isRestored || statistics.kept === 0) this.#post({ kind: 'cleared' });
    else this.#post({ kind: 'trimmed', before: first, lost: statistics.lost });
  }

  /** All new rows; of very many, the rest once others had their turn. */
  #tellRows(): void {
    const began = performance.now();
    let records: MessageRecord[] = [];
    const post = () => {
      const rows = records.map(rowOf);
      this.#post({ kind: 'rows', rows, now: this.#source.sessionTime, ...this.#hitsOf(records) });
      records = [];
    };
    // By the records that there are: numbers of a recording may be far apart.
    for (const record of this.#source.records(Math.max(this.#next, this.#source.first))) {
      records.push(record);
      this.#next = record.id + 1;
      if (records.length < SLICE) continue;
      post();
      if (performance.now() - began < TURN_MS) continue;
      this.#later(0);
      return;
    }
    if (records.length > 0) post();
    this.#next = this.#source.next;
  }

  /** Rows that changed; where secrets are taken out of all of them, the rest once others had their turn. */
  #tellChanged(): void {
    const began = performance.now();
    let records: MessageRecord[] = [];
    const post = () => {
      this.#post({ kind: 'changed', rows: records.map(rowOf), ...this.#hitsOf(records) });
      records = [];
    };
    for (const id of this.#changed) {
      this.#changed.delete(id);
      const record = this.#source.find(id);
      if (record) records.push(record);
      if (records.length < SLICE) continue;
      post();
      if (performance.now() - began < TURN_MS) continue;
      if (this.#changed.size > 0) this.#later(0);
      return;
    }
    if (records.length > 0) post();
  }

  #hitsOf(records: readonly MessageRecord[]): { readonly hits?: Hits } {
    const hits = this.#searched(records);
    return hits ? { hits } : {};
  }

  #tellStatistics(): void {
    const { statistics } = this.#source;
    const told = this.#told;
    // How many are kept, and in memory, changes all the time, and the page can tell.
    const isNews =
      !told ||
      told.lost !== statistics.lost ||
      told.bodiesDropped !== statistics.bodiesDropped ||
      told.spilledBytes !== statistics.spilledBytes;
    if (!isNews) return;
    this.#told = statistics;
    this.#post({ kind: 'statistics', statistics });
  }

  #later(milliseconds: number): void {
    this.#timer ??= setTimeout(() => {
      this.#timer = undefined;
      this.flush();
    }, milliseconds);
  }

  dispose(): void {
    this.#life.dispose();
  }
}

/** The numbers of each command among the rows that the filter shows. Made while somebody looks, from the columns. */
import { ANSWERERS } from '#core/call.ts';
import type { CallSample } from '#core/call-sample.ts';
import { CallStatistics, type CommandStatistics } from '#core/statistics.ts';
import type { RowView } from '../rowView.ts';
import { KINDS, STATUSES } from '#core/record.ts';
import type { Columns, ColumnStore, RowTest } from '../store.ts';
import type { TimeListener } from './time-views.ts';

const INVOKE = KINDS.indexOf('invoke');
const BY_HAND = ANSWERERS.indexOf('hand') + 1;

export class PageStatistics implements TimeListener {
  readonly calls = new CallStatistics();
  readonly #store: ColumnStore;
  readonly #view: RowView;
  readonly #changed = new Set<number>();
  #test: RowTest | undefined;
  #seen = 0;

  constructor(store: ColumnStore, view: RowView) {
    this.#store = store;
    this.#view = view;
    this.cleared();
  }

  changed(slots: readonly number[]): void {
    for (const slot of slots) if (slot < this.#seen) this.#changed.add(slot);
  }

  cleared(): void {
    this.calls.clear();
    this.#changed.clear();
    this.#seen = this.#store.start;
    this.#test = this.#view.test;
  }

  /** Catches up with the rows. */
  commands(): CommandStatistics[] {
    const { start, end } = this.#store;
    if (this.#test !== this.#view.test) this.cleared();
    const first = this.#store.row(start)?.id;
    if (first === undefined) this.calls.clear();
    else this.calls.trim(first);
    for (const slot of this.#changed) this.#store.test(slot, this.#take);
    this.#changed.clear();
    this.#store.scan(this.#seen, end, this.#take, () => {});
    this.#seen = end;
    return this.calls.commands();
  }

  /** Not a test, though it has the shape of one: that is how a row is looked at without making an object of it. */
  readonly #take: RowTest = (rows, at) => {
    if (rows.kind[at] !== INVOKE) return false;
    const sample = this.#sample(rows, at);
    if (!this.#test || this.#test(rows, at)) this.calls.set(sample);
    else this.calls.delete(sample);
    return false;
  };

  #sample(rows: Columns, at: number): CallSample {
    const duration = rows.duration[at] ?? Number.NaN;
    const outcomeSize = rows.outcomeSize[at] ?? 0;
    const status = STATUSES[rows.status[at] ?? 0] ?? 'ok';
    const isMeasured = !Number.isNaN(duration) && status !== 'pending' && rows.answeredBy[at] !== BY_HAND;
    return {
      id: rows.id[at] ?? 0,
      app: this.#store.strings.text(rows.app[at] ?? 0),
      name: this.#store.strings.text(rows.name[at] ?? 0),
      time: rows.time[at] ?? 0,
      status,
      bytesIn: (rows.size[at] ?? 0) - outcomeSize,
      bytesOut: outcomeSize,
      duration: isMeasured ? duration : undefined,
    };
  }
}

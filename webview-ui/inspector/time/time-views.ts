/**
 * What the page knows of time beside its rows, kept in step with them: how many messages came when, the ticks of
 * streams. Views that are not in sight cost nothing.
 */
import { signal } from '@preact/signals';
import { KINDS } from '#core/record.ts';
import type { ColumnStore, RowTest } from '../store.ts';
import { TimeBins } from './bins.ts';
import { TickIndex } from './ticks.ts';

const CHANNEL = KINDS.indexOf('channel');
const CHANNEL_MESSAGE = KINDS.indexOf('channel-message');

export const VIEWS = ['list', 'sequence', 'statistics'] as const;
/** How messages are shown. */
export type View = (typeof VIEWS)[number];

export class TimeViews {
  readonly bins: TimeBins;
  readonly ticks = new TickIndex();
  /** how many ms the waterfall's width is */
  readonly span = signal(0);
  readonly #store: ColumnStore;
  readonly #listeners = new Set<TimeListener>();
  #seen: number;

  constructor(store: ColumnStore) {
    this.#store = store;
    this.bins = new TimeBins(store);
    this.#seen = store.start;
  }

  /** Rows came at the end of the store, or went at its front. */
  update(): void {
    const { start, end } = this.#store;
    this.bins.update();
    this.#store.scan(Math.max(this.#seen, start), end, this.#takeTicks, () => {});
    this.#seen = end;
    const first = this.#store.read(start, (rows, at) => rows.id[at]);
    if (first !== undefined) this.ticks.trim(first);
  }

  changed(slots: readonly number[]): void {
    this.bins.changed(slots);
    this.bins.update();
    for (const listener of this.#listeners) listener.changed(slots);
  }

  /** What the filter asks for has become known of more rows. */
  rescanned(): void {
    for (const listener of this.#listeners) listener.cleared();
  }

  clear(): void {
    this.bins.clear();
    this.ticks.clear();
    this.#seen = this.#store.start;
    for (const listener of this.#listeners) listener.cleared();
  }

  /** Tells a view in sight of rows that changed. */
  listen(listener: TimeListener): () => void {
    this.#listeners.add(listener);
    return () => this.#listeners.delete(listener);
  }

  readonly #takeTicks: RowTest = (rows, at) => {
    const kind = rows.kind[at];
    if (kind === CHANNEL) this.ticks.channel(rows.id[at] ?? 0, rows.of[at] ?? 0);
    else if (kind === CHANNEL_MESSAGE) this.ticks.message(rows.of[at] ?? 0, rows.time[at] ?? 0);
    return false;
  };
}

export interface TimeListener {
  changed(slots: readonly number[]): void;
  /** everything is to be looked at again */
  cleared(): void;
}

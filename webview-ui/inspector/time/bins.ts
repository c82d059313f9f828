/**
 * How many messages came when, over all that is kept: what the overview draws. A fixed number of bins whose width
 * doubles as the session grows, so that a row costs the same however many there are.
 */
import { type ColumnStore, type RowTest } from '../store.ts';
import { isFailure } from '../vocabulary.ts';
import type { Range } from './scale.ts';

export const BINS = 1024;

/** Where kept rows take fewer bins than this, they get narrower ones. */
const FEWEST = BINS / 8;

const everyRow: RowTest = () => true;

export class TimeBins {
  readonly #store: ColumnStore;
  readonly counts = new Uint32Array(BINS);
  readonly failures = new Uint32Array(BINS);
  /** ms; a power of two */
  #width = 1;
  /** where the first bin begins: a multiple of the width */
  #origin = 0;
  #start = 0;
  #end = 0;
  /** of all rows, the earliest and the latest time */
  #first = Number.POSITIVE_INFINITY;
  #last = Number.NEGATIVE_INFINITY;
  /** rows of a recording need not be in the order of their times; then a bin cannot be counted again by itself */
  #isOrdered = true;
  readonly #dirty = new Set<number>();

  constructor(store: ColumnStore) {
    this.#store = store;
    this.clear();
  }

  get width(): number {
    return this.#width;
  }

  get origin(): number {
    return this.#origin;
  }

  /** From the first to the last kept message. */
  get range(): Range | undefined {
    if (this.#store.length === 0) return undefined;
    const from = this.#isOrdered ? this.#timeOf(this.#store.start) : this.#first;
    return { from, to: Math.max(from, this.#last) };
  }

  clear(): void {
    this.#start = this.#store.start;
    this.#end = this.#store.start;
    this.#width = 1;
    this.#origin = 0;
    this.#first = Number.POSITIVE_INFINITY;
    this.#last = Number.NEGATIVE_INFINITY;
    this.#isOrdered = true;
    this.#dirty.clear();
    this.#zero();
  }

  /** Takes what came at the end of the store and out what went at its front. */
  update(): void {
    const { start, end } = this.#store;
    if (start > this.#end) this.clear();
    else if (start !== this.#start) this.#trim(start);
    this.#store.scan(this.#end, end, everyRow, (slot) => this.#add(slot));
    this.#end = end;
    this.#recount();
  }

  /** Rows that changed may have failed since. */
  changed(slots: readonly number[]): void {
    for (const slot of slots) {
      if (slot < this.#start || slot >= this.#end) continue;
      this.#dirty.add(this.#binOf(this.#timeOf(slot)));
    }
  }

  #add(slot: number): void {
    const time = this.#timeOf(slot);
    if (this.#last === Number.NEGATIVE_INFINITY) this.#origin = Math.floor(time / this.#width) * this.#width;
    if (time < this.#last) this.#isOrdered = false;
    if (time < this.#origin) this.#lower(time);
    this.#see(time);
    this.#makeRoom(time);
    this.#countRow(slot, time);
  }

  #see(time: number): void {
    this.#first = Math.min(this.#first, time);
    this.#last = Math.max(this.#last, time);
  }

  #countRow(slot: number, time: number): void {
    const bin = this.#binOf(time);
    this.counts[bin] = (this.counts[bin] ?? 0) + 1;
    if (this.#store.test(slot, isFailure)) this.failures[bin] = (this.failures[bin] ?? 0) + 1;
  }

  #trim(start: number): void {
    this.#start = start;
    if (!this.#isOrdered) {
      this.#countAll();
      return;
    }
    const first = this.#timeOf(start);
    // Of the bins before the first row nothing is left; of its own bin, some.
    const bin = this.#binOf(first);
    this.counts.fill(0, 0, Math.max(0, bin));
    this.failures.fill(0, 0, Math.max(0, bin));
    this.#dirty.add(bin);
    if (this.#width > 1 && this.#last - first < FEWEST * this.#width) {
      this.#width = Math.max(1, 2 ** Math.ceil(Math.log2((this.#last - first + 1) / (BINS / 2))));
      this.#origin = Math.floor(first / this.#width) * this.#width;
      this.#countAll();
    }
  }

  /** Bins that somebody changed are counted again. */
  #recount(): void {
    if (this.#dirty.size === 0) return;
    if (!this.#isOrdered) this.#countAll();
    else for (const bin of this.#dirty) this.#countBin(bin);
    this.#dirty.clear();
  }

  #countBin(bin: number): void {
    if (bin < 0 || bin >= BINS) return;
    this.counts[bin] = 0;
    this.failures[bin] = 0;
    const from = this.#firstFrom(this.#origin + bin * this.#width);
    const to = this.#firstFrom(this.#origin + (bin + 1) * this.#width);
    this.#store.scan(from, to, everyRow, (slot) => this.#countRow(slot, this.#timeOf(slot)));
  }

  #countAll(): void {
    this.#zero();
    this.#first = Number.POSITIVE_INFINITY;
    this.#last = Number.NEGATIVE_INFINITY;
    this.#store.scan(this.#start, this.#end, everyRow, (slot) => {
      const time = this.#timeOf(slot);
      this.#see(time);
      this.#countRow(slot, time);
    });
    this.#dirty.clear();
  }

  /** Bins must reach to `time`: those at the front that are empty go first, then all become wider. */
  #makeRoom(time: number): void {
    if (this.#binOf(time) < BINS) return;
    const used = this.counts.findIndex((count) => count > 0);
    if (used > BINS / 2) {
      this.#move(used);
      if (this.#binOf(time) < BINS) return;
    }
    while (this.#binOf(time) >= BINS) this.#widen();
  }

  #move(bins: number): void {
    for (const each of [this.counts, this.failures]) {
      each.copyWithin(0, bins);
      each.fill(0, BINS - bins);
    }
    this.#origin += bins * this.#width;
    this.#shiftDirty((bin) => bin - bins);
  }

  #widen(): void {
    const shift = (this.#origin / this.#width) % 2;
    for (const each of [this.counts, this.failures]) {
      const old = each.slice();
      each.fill(0);
      for (const [bin, count] of old.entries()) {
        const wide = (bin + shift) >>> 1;
        each[wide] = (each[wide] ?? 0) + count;
      }
    }
    this.#origin -= shift * this.#width;
    this.#width *= 2;
    this.#shiftDirty((bin) => (bin + shift) >>> 1);
  }

  /** A row from before the first one. */
  #lower(time: number): void {
    while (Math.floor((this.#origin - time) / this.#width) + this.#binOf(this.#last) + 2 > BINS) this.#widen();
    const bins = Math.ceil((this.#origin - time) / this.#width);
    for (const each of [this.counts, this.failures]) {
      each.copyWithin(bins, 0);
      each.fill(0, 0, bins);
    }
    this.#origin -= bins * this.#width;
    this.#shiftDirty((bin) => bin + bins);
  }

  #shiftDirty(place: (bin: number) => number): void {
    const moved = [...this.#dirty].map(place);
    this.#dirty.clear();
    for (const bin of moved) this.#dirty.add(bin);
  }

  #zero(): void {
    this.counts.fill(0);
    this.failures.fill(0);
  }

  #binOf(time: number): number {
    return Math.floor((time - this.#origin) / this.#width);
  }

  #timeOf(slot: number): number {
    return this.#store.timeOf(slot);
  }

  /** The first kept slot that is not before `time`. */
  #firstFrom(time: number): number {
    let low = this.#start;
    let high = this.#end;
    while (low < high) {
      const middle = Math.floor((low + high) / 2);
      if (this.#timeOf(middle) < time) low = middle + 1;
      else high = middle;
    }
    return low;
  }
}

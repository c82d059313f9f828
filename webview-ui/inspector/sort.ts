/**
 * Slots in the order of a column. The whole is sorted by numbers (texts by their rank), so that 100,000 rows take a few
 * milliseconds; what comes later is put in place by comparing.
 */
import type { RowView } from './rowView.ts';
import type { ColumnStore, Columns } from './store.ts';

/** What a row is sorted by. Rows without a value (NaN, or an empty text) come last, whichever way. */
export type SortKey =
  | { readonly kind: 'number'; readonly of: (rows: Columns, at: number) => number }
  | { readonly kind: 'text'; readonly of: (rows: Columns, at: number) => string };

export class SortedSlots {
  readonly #store: ColumnStore;
  readonly #key: SortKey;
  readonly #sign: 1 | -1;
  #slots = new Uint32Array(0);
  #length = 0;

  constructor(store: ColumnStore, key: SortKey, isDescending: boolean) {
    this.#store = store;
    this.#key = key;
    this.#sign = isDescending ? -1 : 1;
  }

  get length(): number {
    return this.#length;
  }

  slotAt(index: number): number | undefined {
    return index >= 0 && index < this.#length ? this.#slots[index] : undefined;
  }

  /** The place of a slot, or -1. */
  indexOf(slot: number): number {
    const at = this.#placeOf(slot, this.#length);
    return at < this.#length && this.#slots[at] === slot ? at : -1;
  }

  /** Sorts all rows of a view. */
  reset(view: RowView): void {
    const count = view.length;
    const slots = new Uint32Array(count);
    for (let at = 0; at < count; at++) slots[at] = view.slotAt(at) ?? 0;
    this.#slots = mergeSort(slots, this.#keys(slots));
    this.#length = count;
  }

  /** Takes out what went or changed, and lets in what is in the view of the rows given. */
  update(view: RowView, changed: ReadonlySet<number>, added: readonly number[]): void {
    const coming = [...added];
    for (const slot of changed) if (view.indexOf(slot) >= 0) coming.push(slot);
    if (coming.length > 64 && coming.length * 4 > this.#length) {
      this.reset(view);
      return;
    }
    this.#leave(changed);
    this.#enter(coming.sort((one, other) => this.#compare(one, other)));
  }

  #leave(changed: ReadonlySet<number>): void {
    const { start } = this.#store;
    const slots = this.#slots;
    let kept = 0;
    for (let at = 0; at < this.#length; at++) {
      const slot = slots[at] ?? 0;
      if (slot >= start && !changed.has(slot)) slots[kept++] = slot;
    }
    this.#length = kept;
  }

  #enter(coming: readonly number[]): void {
    const before = this.#length;
    const after = before + coming.length;
    if (after > this.#slots.length) {
      const grown = new Uint32Array(Math.max(1024, after, this.#slots.length * 2));
      grown.set(this.#slots.subarray(0, before));
      this.#slots = grown;
    }
    let end = before;
    for (let at = coming.length - 1; at >= 0; at--) {
      const slot = coming[at] ?? 0;
      const place = this.#placeOf(slot, end);
      this.#slots.copyWithin(place + at + 1, place, end);
      this.#slots[place + at] = slot;
      end = place;
    }
    this.#length = after;
  }

  /** Where a slot is or would be among the first `end`. */
  #placeOf(slot: number, end: number): number {
    let low = 0;
    let high = end;
    while (low < high) {
      const middle = (low + high) >>> 1;
      if (this.#compare(this.#slots[middle] ?? 0, slot) < 0) low = middle + 1;
      else high = middle;
    }
    return low;
  }

  #compare(one: number, other: number): number {
    if (one === other) return 0;
    const key = this.#key;
    const order =
      key.kind === 'number'
        ? compare(this.#weight(one, key.of), this.#weight(other, key.of))
        : this.#compareTexts(this.#store.read(one, key.of) ?? '', this.#store.read(other, key.of) ?? '');
    return order || one - other;
  }

  #compareTexts(one: string, other: string): number {
    if (one === '' || other === '') return one === other ? 0 : one === '' ? 1 : -1;
    return this.#sign * compare(one, other);
  }

  #weight(slot: number, of: (rows: Columns, at: number) => number): number {
    return this.#signed(this.#store.read(slot, of) ?? Number.NaN);
  }

  #signed(value: number): number {
    return Number.isNaN(value) ? Number.POSITIVE_INFINITY : this.#sign * value;
  }

  #keys(slots: Uint32Array): Float64Array<ArrayBuffer> {
    const key = this.#key;
    const keys = new Float64Array(slots.length);
    if (key.kind === 'number') {
      for (let at = 0; at < slots.length; at++) keys[at] = this.#weight(slots[at] ?? 0, key.of);
      return keys;
    }
    const texts = Array.from(slots, (slot) => this.#store.read(slot, key.of) ?? '');
    const ranks = new Map<string, number>();
    for (const text of [...new Set(texts)].sort(compare)) ranks.set(text, text === '' ? Number.NaN : ranks.size);
    for (const [at, text] of texts.entries()) keys[at] = this.#signed(ranks.get(text) ?? Number.NaN);
    return keys;
  }
}

const compare = <T extends number | string>(one: T, other: T) => (one < other ? -1 : one > other ? 1 : 0);

/** Stable, from the bottom up: runs of equal length are merged between two pairs of arrays. */
function mergeSort(slots: Uint32Array<ArrayBuffer>, keys: Float64Array<ArrayBuffer>): Uint32Array<ArrayBuffer> {
  const { length } = slots;
  if (isSorted(keys)) return slots;
  let [from, fromKeys] = [slots, keys];
  let [to, toKeys] = [new Uint32Array(length), new Float64Array(length)];
  for (let run = 1; run < length; run *= 2) {
    for (let start = 0; start < length; start += run * 2) {
      const middle = Math.min(start + run, length);
      const end = Math.min(start + run * 2, length);
      let left = start;
      let right = middle;
      for (let at = start; at < end; at++) {
        const isLeft = left < middle && (right >= end || (fromKeys[left] ?? 0) <= (fromKeys[right] ?? 0));
        const taken = isLeft ? left++ : right++;
        to[at] = from[taken] ?? 0;
        toKeys[at] = fromKeys[taken] ?? 0;
      }
    }
    [from, to] = [to, from];
    [fromKeys, toKeys] = [toKeys, fromKeys];
  }
  return from;
}

function isSorted(keys: Float64Array): boolean {
  for (let at = 1; at < keys.length; at++) if ((keys[at - 1] ?? 0) > (keys[at] ?? 0)) return false;
  return true;
}

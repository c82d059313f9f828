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
    const slots = view.slots();
    this.#slots = radixSort(slots, this.#keys(slots));
    this.#length = slots.length;
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

const DIGIT_BITS = 11;
const DIGITS = 1 << DIGIT_BITS;

/**
 * Slots in the order of their keys; of equal keys in the order in which they are. Digit by digit from the lowest: that
 * guesses nothing, where comparing keys that differ much makes the processor guess wrong half the time. Digits that all
 * keys share are passed over.
 */
function radixSort(slots: Uint32Array<ArrayBuffer>, keys: Float64Array<ArrayBuffer>): Uint32Array<ArrayBuffer> {
  if (isSorted(keys)) return slots;
  const { length } = slots;
  let from = new Uint32Array(length);
  let to = new Uint32Array(length);
  for (let at = 0; at < length; at++) from[at] = at;
  for (const bits of orderedBits(keys)) {
    for (let shift = 0; shift < 32; shift += DIGIT_BITS) {
      const places = placesOf(bits, shift);
      if (!places) continue;
      for (let at = 0; at < length; at++) {
        const index = from[at] ?? 0;
        const digit = ((bits[index] ?? 0) >>> shift) & (DIGITS - 1);
        const place = places[digit] ?? 0;
        places[digit] = place + 1;
        to[place] = index;
      }
      [from, to] = [to, from];
    }
  }
  for (let at = 0; at < length; at++) to[at] = slots[from[at] ?? 0] ?? 0;
  return to;
}

/** Where the keys with each digit begin; undefined where all have the same one. */
function placesOf(bits: Uint32Array, shift: number): Uint32Array | undefined {
  const places = new Uint32Array(DIGITS);
  for (let at = 0; at < bits.length; at++) {
    const digit = ((bits[at] ?? 0) >>> shift) & (DIGITS - 1);
    places[digit] = (places[digit] ?? 0) + 1;
  }
  let sum = 0;
  for (let digit = 0; digit < DIGITS; digit++) {
    const count = places[digit] ?? 0;
    if (count === bits.length) return undefined;
    places[digit] = sum;
    sum += count;
  }
  return places;
}

/** Lower and upper halves of integers that are in the order of the keys (IEEE 754: of negative ones all bits turn round). */
function orderedBits(keys: Float64Array<ArrayBuffer>): readonly [low: Uint32Array, high: Uint32Array] {
  const low = new Uint32Array(keys.length);
  const high = new Uint32Array(keys.length);
  const view = new DataView(new ArrayBuffer(8));
  for (let at = 0; at < keys.length; at++) {
    // Adding 0 makes one zero of the two.
    view.setFloat64(0, (keys[at] ?? 0) + 0);
    const upper = view.getUint32(0);
    const turned = upper >>> 31 === 1 ? 0xff_ff_ff_ff : 0;
    low[at] = view.getUint32(4) ^ turned;
    high[at] = upper ^ (turned || 0x80_00_00_00);
  }
  return [low, high];
}

function isSorted(keys: Float64Array): boolean {
  for (let at = 1; at < keys.length; at++) if ((keys[at - 1] ?? 0) > (keys[at] ?? 0)) return false;
  return true;
}

import type { ColumnStore, RowTest } from './store.ts';

/**
 * The rows of a store that pass a test, in their order: what a list shows. New rows are tested once, when they come;
 * only another test looks at all rows again.
 */
export class RowView {
  readonly #store: ColumnStore;
  #test: RowTest | undefined;
  #slots = new Uint32Array(1024);
  #start = 0;
  #end = 0;
  /** slots below this one have been tested */
  #seen: number;
  #removed = 0;

  /** Without a test all rows are in. */
  constructor(store: ColumnStore, test?: RowTest) {
    this.#store = store;
    this.#seen = store.start;
    this.#test = test;
    this.update();
  }

  get length(): number {
    return this.#end - this.#start;
  }

  get test(): RowTest | undefined {
    return this.#test;
  }

  /** How many rows have gone at the front since the test was set: a list moves its scroll position by the difference. */
  get removed(): number {
    return this.#removed;
  }

  slotAt(index: number): number | undefined {
    return index >= 0 && index < this.length ? this.#slots[this.#start + index] : undefined;
  }

  /** The place of a slot in this view, or -1. */
  indexOf(slot: number): number {
    const at = this.#firstFrom(slot);
    return at < this.#end && this.#slots[at] === slot ? at - this.#start : -1;
  }

  /** The place where a slot is or would be. */
  placeOf(slot: number): number {
    return this.#firstFrom(slot) - this.#start;
  }

  /** A copy of all its slots. */
  slots(): Uint32Array<ArrayBuffer> {
    return this.#slots.slice(this.#start, this.#end);
  }

  setTest(test: RowTest | undefined): void {
    this.#test = test;
    this.#start = 0;
    this.#end = 0;
    this.#removed = 0;
    this.#seen = this.#store.start;
    this.update();
  }

  /** Lets in what came at the end of the store and out what went at its front. */
  update(): void {
    const { start, end } = this.#store;
    const first = this.#firstFrom(start);
    this.#removed += first - this.#start;
    this.#start = first;
    const from = Math.max(this.#seen, start);
    if (this.#test) this.#store.scan(from, end, this.#test, (slot) => this.#push(slot));
    else for (let slot = from; slot < end; slot++) this.#push(slot);
    this.#seen = end;
  }

  /** Looks again at rows that changed. */
  recheck(slots: readonly number[]): void {
    if (!this.#test) return;
    for (const slot of slots) {
      if (slot >= this.#seen) continue;
      const isIn = this.indexOf(slot) >= 0;
      const belongs = this.#store.test(slot, this.#test);
      if (belongs && !isIn) this.#insert(slot);
      else if (!belongs && isIn) this.#remove(slot);
    }
  }

  /** Looks again at all rows of the slots in [from, to). */
  rescan(from: number, to: number): void {
    const end = Math.min(to, this.#seen);
    if (!this.#test || from >= end) return;
    const behind = this.#slots.slice(this.#firstFrom(end), this.#end);
    this.#end = this.#firstFrom(from);
    this.#store.scan(from, end, this.#test, (slot) => this.#push(slot));
    for (const slot of behind) this.#push(slot);
  }

  #push(slot: number): void {
    this.#reserve();
    this.#slots[this.#end++] = slot;
  }

  #insert(slot: number): void {
    this.#reserve();
    const at = this.#firstFrom(slot);
    this.#slots.copyWithin(at + 1, at, this.#end);
    this.#slots[at] = slot;
    this.#end++;
  }

  #remove(slot: number): void {
    const at = this.#firstFrom(slot);
    this.#slots.copyWithin(at, at + 1, this.#end);
    this.#end--;
  }

  #reserve(): void {
    if (this.#end < this.#slots.length) return;
    // Rows that went at the front leave room: move down before growing.
    const slots = this.length * 2 > this.#slots.length ? new Uint32Array(this.#slots.length * 2) : this.#slots;
    const kept = this.#slots.subarray(this.#start, this.#end);
    slots.set(kept);
    this.#slots = slots;
    this.#end = kept.length;
    this.#start = 0;
  }

  #firstFrom(slot: number): number {
    let low = this.#start;
    let high = this.#end;
    while (low < high) {
      const middle = (low + high) >>> 1;
      if ((this.#slots[middle] ?? 0) < slot) low = middle + 1;
      else high = middle;
    }
    return low;
  }
}

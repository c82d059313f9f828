/** Numbers of records that are selected: sorted, so that all of a million take 4 MB. Never changed, only replaced. */
export class IdSet {
  static readonly none = new IdSet(new Uint32Array(0));
  readonly #ids: Uint32Array;

  private constructor(ids: Uint32Array) {
    this.#ids = ids;
  }

  static of(ids: Iterable<number>): IdSet {
    const sorted = Uint32Array.from(ids).sort();
    return new IdSet(sorted.filter((id, at) => at === 0 || id !== sorted[at - 1]));
  }

  get size(): number {
    return this.#ids.length;
  }

  has(id: number): boolean {
    const at = this.#placeOf(id);
    return this.#ids[at] === id;
  }

  /** With it, or without it where it is in. */
  toggled(id: number): IdSet {
    const at = this.#placeOf(id);
    const isIn = this.#ids[at] === id;
    const next = new Uint32Array(this.size + (isIn ? -1 : 1));
    next.set(this.#ids.subarray(0, at));
    if (!isIn) next[at] = id;
    next.set(this.#ids.subarray(isIn ? at + 1 : at), isIn ? at : at + 1);
    return new IdSet(next);
  }

  [Symbol.iterator](): IterableIterator<number> {
    return this.#ids[Symbol.iterator]();
  }

  #placeOf(id: number): number {
    let low = 0;
    let high = this.#ids.length;
    while (low < high) {
      const middle = (low + high) >>> 1;
      if ((this.#ids[middle] ?? 0) < id) low = middle + 1;
      else high = middle;
    }
    return low;
  }
}

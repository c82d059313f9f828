/**
 * Strings as numbers: rows keep a number for each name, and a filter looks at each different name once instead of at
 * each row. Counted, because pages make names without end (`download-<uuid>`): what no row uses any more is forgotten.
 * Numbers are never used twice, so that answers remembered by number stay true.
 */
export class Interner {
  readonly #ids = new Map<string, number>();
  readonly #texts: (string | undefined)[] = [];
  readonly #uses: number[] = [];

  /** How many different strings are in use. */
  get size(): number {
    return this.#ids.size;
  }

  retain(text: string): number {
    let id = this.#ids.get(text);
    if (id === undefined) {
      id = this.#texts.push(text) - 1;
      this.#ids.set(text, id);
      this.#uses.push(0);
    }
    this.#uses[id] = (this.#uses[id] ?? 0) + 1;
    return id;
  }

  release(id: number): void {
    const uses = (this.#uses[id] ?? 0) - 1;
    this.#uses[id] = uses;
    const text = this.#texts[id];
    if (uses > 0 || text === undefined) return;
    this.#ids.delete(text);
    this.#texts[id] = undefined;
  }

  /** The number of a string, or -1 where no row uses it. */
  find(text: string): number {
    return this.#ids.get(text) ?? -1;
  }

  text(id: number): string {
    return this.#texts[id] ?? '';
  }

  clear(): void {
    this.#ids.clear();
    this.#texts.length = 0;
    this.#uses.length = 0;
  }
}

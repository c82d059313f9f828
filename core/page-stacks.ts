/**
 * Where the calls of one page load come from. The page tells each stack once and names it by number, so that ten thousand
 * calls of one line share one text, here as on the wire. What the page says is text: nobody may take it for more.
 */

const NONE = { text: undefined, weight: 0 } as const;

export class PageStacks {
  readonly #known = new Map<number, { readonly text: string; taken: boolean }>();

  set(id: number, text: string): void {
    this.#known.set(id, { text, taken: false });
  }

  /** The stack of a call, and what it weighs: the first call with it pays for all. */
  take(id: number | undefined): { readonly text: string | undefined; readonly weight: number } {
    const known = id === undefined ? undefined : this.#known.get(id);
    if (!known) return NONE;
    const weight = known.taken ? 0 : known.text.length;
    known.taken = true;
    return { text: known.text, weight };
  }

  clear(): void {
    this.#known.clear();
  }
}

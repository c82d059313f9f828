/** Cells of columns that show what stands at a path: the host is asked for those in sight, once for each. */
import { type FromInspector, MOST_CELLS } from '#core/inspector-messages.ts';

/** Kept at most; who scrolls further asks again. */
const MOST_KEPT = 20_000;

export class CellValues {
  readonly #post: (message: FromInspector) => void;
  readonly #later: (task: () => void) => void;
  readonly #changed: () => void;
  /** by path and record; an empty text where there is nothing, undefined while it is asked for */
  readonly #texts = new Map<string, Map<number, string | undefined>>();
  #wantedPaths = new Set<string>();
  #wantedIds = new Set<number>();

  constructor(options: {
    readonly post: (message: FromInspector) => void;
    readonly later: (task: () => void) => void;
    /** texts came that should be drawn */
    readonly changed: () => void;
  }) {
    this.#post = options.post;
    this.#later = options.later;
    this.#changed = options.changed;
  }

  /** The text of a cell, as far as it is known; what is not is asked for. */
  text(path: string, id: number): string {
    const texts = this.#texts.get(path);
    if (texts?.has(id)) return texts.get(id) ?? '';
    this.#want(path, id);
    return '';
  }

  receive(path: string, cells: readonly (readonly [id: number, text: string])[]): void {
    const texts = this.#texts.get(path);
    if (!texts) return;
    for (const [id, text] of cells) texts.set(id, text);
    this.#changed();
  }

  /** Records changed: what is known of them may be wrong. */
  forget(ids: Iterable<number>): void {
    if (this.#texts.size === 0) return;
    for (const id of ids) for (const texts of this.#texts.values()) texts.delete(id);
  }

  clear(): void {
    this.#texts.clear();
  }

  #want(path: string, id: number): void {
    if (this.#wantedIds.size >= MOST_CELLS) return;
    const isFirst = this.#wantedIds.size === 0;
    let texts = this.#texts.get(path);
    if (!texts || texts.size >= MOST_KEPT) this.#texts.set(path, (texts = new Map()));
    texts.set(id, undefined);
    this.#wantedPaths.add(path);
    this.#wantedIds.add(id);
    if (isFirst) this.#later(() => this.#ask());
  }

  #ask(): void {
    const [paths, ids] = [[...this.#wantedPaths], [...this.#wantedIds]];
    this.#wantedPaths.clear();
    this.#wantedIds.clear();
    this.#post({ kind: 'cells', paths, ids });
  }
}

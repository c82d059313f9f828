/** One time that a workspace reads what changed, for who shows how far it is. */

export interface ReadingPass {
  /** files that were read, and those that are there to be read: more may come */
  readonly done: number;
  readonly total: number;
  readonly isOver: boolean;
  /** Leaves the rest unread until it changes. */
  cancel(): void;
}

/** Reading gives way to requests so often. */
const SLICE_MS = 10;

export class Pass implements ReadingPass {
  readonly #cancel: () => void;
  #end = performance.now() + SLICE_MS;
  done = 0;
  total = 0;
  isOver = false;

  constructor(cancel: () => void) {
    this.#cancel = cancel;
  }

  cancel(): void {
    if (!this.isOver) this.#cancel();
  }

  /** Lets others have a turn where it is their time. */
  async yield(): Promise<void> {
    if (performance.now() < this.#end) return;
    await new Promise((resolve) => setImmediate(resolve));
    this.#end = performance.now() + SLICE_MS;
  }
}

/** One time that a workspace reads what changed, for who shows how far it is. */
import { Slices } from '../slices.ts';

export interface ReadingPass {
  /** files that were read, and those that are there to be read: more may come */
  readonly done: number;
  readonly total: number;
  readonly isOver: boolean;
  /** Leaves the rest unread until it changes. */
  cancel(): void;
}

export class Pass implements ReadingPass {
  readonly #cancel: () => void;
  readonly #slices = new Slices();
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
  yield(): Promise<void> {
    return this.#slices.yield();
  }
}

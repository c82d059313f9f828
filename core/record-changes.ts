/** Tells of new and changed records, once for all that happened in one turn; costs nothing while nobody listens. */
import { type Disposable, Emitter } from './lifetime.ts';
import type { RecordChange } from './record-source.ts';

/** Whose records they are. */
interface Ends {
  readonly first: number;
  readonly next: number;
}

export class RecordChanges implements Disposable {
  readonly #ends: Ends;
  readonly #changes = new Emitter<RecordChange>();
  readonly #changed = new Set<number>();
  #announced = 1;
  #scheduled = false;
  readonly event = this.#changes.event;

  constructor(ends: Ends) {
    this.#ends = ends;
  }

  /** Records begin here: nobody is told of those before. */
  begin(next: number): void {
    this.#announced = next;
  }

  changed(id: number): void {
    if (this.#changes.size === 0) return;
    if (id < this.#announced) this.#changed.add(id);
    this.announce();
  }

  announce(): void {
    if (this.#changes.size === 0) {
      this.#announced = this.#ends.next;
      if (this.#changed.size > 0) this.#changed.clear();
      return;
    }
    if (this.#scheduled) return;
    this.#scheduled = true;
    queueMicrotask(() => {
      this.#scheduled = false;
      const { first, next } = this.#ends;
      const change = { from: this.#announced, to: next, changed: [...this.#changed], first };
      this.#announced = next;
      this.#changed.clear();
      this.#changes.fire(change);
    });
  }

  dispose(): void {
    this.#changes.dispose();
  }
}

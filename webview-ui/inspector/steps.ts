/** Long work in slices: between them the page takes keys and draws. */
import type { Clock } from './inspector.ts';

/** A frame has 16 ms, and drawing wants the most of them. */
const SLICE_MS = 8;

export class Steps {
  readonly #clock: Pick<Clock, 'later' | 'now'>;

  constructor(clock: Pick<Clock, 'later' | 'now'>) {
    this.#clock = clock;
  }

  /**
   * Runs a generator to its end. What fits into the first slice is done when this returns.
   *
   * @param onPause called when the page gets its turn
   * @returns stops it
   */
  run<T>(work: Generator<unknown, T>, onDone: (result: T) => void, onPause?: () => void): () => void {
    let isStopped = false;
    const go = () => {
      if (isStopped) return;
      const end = this.#clock.now() + SLICE_MS;
      do {
        const step = work.next();
        if (step.done) {
          onDone(step.value);
          return;
        }
      } while (this.#clock.now() < end);
      onPause?.();
      this.#clock.later(go, 0);
    };
    go();
    return () => (isStopped = true);
  }
}

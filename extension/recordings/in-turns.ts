/** Long work in small parts, so that the extension host answers everybody else in between. */

/** The longest that a part may take, in ms. */
const TURN_MS = 15;

export class Turns {
  #began = performance.now();
  readonly #signal: AbortSignal | undefined;

  constructor(signal?: AbortSignal) {
    this.#signal = signal;
  }

  /** Whether others have waited long enough. */
  get over(): boolean {
    return performance.now() - this.#began > TURN_MS;
  }

  /** Lets others run. Throws where the work was cancelled meanwhile. */
  async pass(): Promise<void> {
    await new Promise((resolve) => setImmediate(resolve));
    this.#signal?.throwIfAborted();
    this.#began = performance.now();
  }
}

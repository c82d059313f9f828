/** What happens when the server ends by itself: it is started again, but not for ever. */

/** So many times within this time it is started again. */
const MAX_RESTARTS = 5;
const WITHIN_MS = 3 * 60_000;

export class Crashes {
  readonly #tooMany: () => void;
  #times: number[] = [];

  /** @param tooMany is called where it is not started again */
  constructor(tooMany: () => void) {
    this.#tooMany = tooMany;
  }

  /** The server ended: whether to start it again. */
  add(now = Date.now()): boolean {
    this.#times = [...this.#times.filter((time) => now - time < WITHIN_MS), now];
    if (this.#times.length <= MAX_RESTARTS) return true;
    this.#tooMany();
    return false;
  }

  /** Who starts it by hand gets all tries again. */
  forget(): void {
    this.#times = [];
  }
}

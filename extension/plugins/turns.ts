/** What keeps a page from flooding the user: dialogs come one after the other, notifications only so fast. */
import { reject } from '#core/error.ts';

/** Dialogs of an app that are open or wait for their turn. */
const MAX_DIALOGS = 8;
/** Dialogs that follow each other within {@link ROW_MS}, and the rest that comes after so many. */
const MAX_IN_A_ROW = 10;
const ROW_MS = 1000;
const REST_MS = 10_000;

/** Shows the dialogs of an app one at a time, and gives the user a rest from those of one that does not stop. */
export class DialogTurns {
  readonly #now: () => number;
  #last: Promise<unknown> = Promise.resolve();
  /** open, or waiting for their turn */
  #count = 0;
  #inARow = 0;
  #endedAt = Number.NEGATIVE_INFINITY;

  constructor(now: () => number = () => performance.now()) {
    this.#now = now;
  }

  /**
   * What `show` gives when its turn has come. Rejects at once when the page goes: a dialog that waits is then never
   * shown; one that is open stays until the user closes it, and the next one waits for that.
   *
   * @param command for the texts, such as `dialog.open`
   */
  take<T>(command: string, signal: AbortSignal, show: () => PromiseLike<T>): Promise<T> {
    if (this.#count >= MAX_DIALOGS) {
      throw reject(`${command}: too many dialogs at once: ${MAX_DIALOGS} of the app are not answered yet`);
    }
    this.#count++;
    const shown = this.#last.then(async () => {
      try {
        signal.throwIfAborted();
        this.#enterRow(command);
        try {
          return await show();
        } finally {
          this.#endedAt = this.#now();
        }
      } finally {
        this.#count--;
      }
    });
    this.#last = shown.catch(() => undefined); // its own caller hears of it; the next one only waits
    return untilGone(shown, signal);
  }

  #enterRow(command: string): void {
    const since = this.#now() - this.#endedAt;
    const resting = this.#inARow >= MAX_IN_A_ROW;
    if (since > (resting ? REST_MS : ROW_MS)) this.#inARow = 0;
    else if (resting) {
      const seconds = REST_MS / 1000;
      throw reject(
        `${command}: too many dialogs in a row: after ${MAX_IN_A_ROW} of them the next may come ${seconds} s later`,
      );
    }
    this.#inARow++;
  }
}

/** As `promise`, but rejects as soon as `signal` is aborted. */
function untilGone<T>(promise: Promise<T>, signal: AbortSignal): Promise<T> {
  return new Promise((resolve, fail) => {
    const gone = () => fail(reject((signal.reason as Error).message));
    signal.addEventListener('abort', gone, { once: true });
    promise.then(resolve, fail).finally(() => signal.removeEventListener('abort', gone));
    if (signal.aborted) gone();
  });
}

/** Notifications of an app in {@link WINDOW_MS}, and those that nobody has closed yet. */
const MAX_NOTIFICATIONS = 10;
const WINDOW_MS = 10_000;
const MAX_OPEN_NOTIFICATIONS = 50;

/** Counts the notifications of an app. */
export class NotificationRate {
  readonly #now: () => number;
  #times: readonly number[] = [];
  #open = 0;

  constructor(now: () => number = () => performance.now()) {
    this.#now = now;
  }

  /** Counts one more, until the function that this gives is called; rejects where there are too many. */
  open(): () => void {
    const now = this.#now();
    this.#times = this.#times.filter((time) => now - time < WINDOW_MS);
    if (this.#times.length >= MAX_NOTIFICATIONS) {
      throw reject(`too many notifications: an app may show ${MAX_NOTIFICATIONS} within ${WINDOW_MS / 1000} s`);
    }
    if (this.#open >= MAX_OPEN_NOTIFICATIONS) {
      throw reject(`too many notifications: ${MAX_OPEN_NOTIFICATIONS} of the app are not closed yet`);
    }
    this.#times = [...this.#times, now];
    this.#open++;
    return () => {
      this.#open--;
    };
  }
}

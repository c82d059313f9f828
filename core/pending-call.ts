/** A call on its way through the core: when its handler began and ended, by the tap's clock. */
import type { HandlerClock } from './call.ts';
import type { Connection } from './connection.ts';

export class PendingCall implements HandlerClock {
  readonly connection: Connection;
  startedAt: number | undefined;
  endedAt: number | undefined;
  readonly #clock: { now(): number };

  constructor(connection: Connection, clock: { now(): number }) {
    this.connection = connection;
    this.#clock = clock;
  }

  started(ago = 0): void {
    this.startedAt ??= this.#clock.now() - ago;
  }

  /** One that never began, because its arguments did not fit, does not end either. */
  ended(ago = 0): void {
    if (this.startedAt !== undefined) this.endedAt ??= this.#clock.now() - ago;
  }
}

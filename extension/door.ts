/** What is turned away at a window's door: messages that do not prove where they come from. Recorded, never answered. */
import type { Tap } from '#core/tap.ts';

/** Messages that follow each other within this time are one burst, and one record: a flood must not fill the inspector. */
const BURST_MS = 1000;

export interface DoorOptions {
  readonly tap: Tap;
  readonly app: string;
  readonly window: string;
  /** the page load that the window shows */
  generation(): number;
}

interface Burst {
  readonly record: number;
  count: number;
  /** the tap's clock at its last message */
  last: number;
}

export class Door {
  readonly #options: DoorOptions;
  /** the present burst for each name */
  readonly #bursts = new Map<string, Burst>();

  constructor(options: DoorOptions) {
    this.#options = options;
  }

  /** Records a message that was turned away, under one of a few names; `why` says it after the number of messages. */
  turnAway(name: string, why: string): void {
    const { tap, app, window } = this.#options;
    const now = tap.now();
    const known = this.#bursts.get(name);
    if (known && now - known.last < BURST_MS) {
      known.count++;
      known.last = now;
      tap.update(known.record, { note: `${known.count} messages ${why}: dropped` });
      return;
    }
    const record = tap.add({
      kind: 'problem',
      direction: 'to-host',
      app,
      window,
      generation: this.#options.generation(),
      name,
      status: 'error',
      note: `1 message ${why}: dropped`,
    });
    this.#bursts.set(name, { record, count: 1, last: now });
  }
}

/** Calls that the user answers: the next one of a command waits, for as long as its page does. */
import { type Call, failure, type Outcome, type Stage } from './call.ts';
import { Emitter } from './lifetime.ts';

/** A call that waits for its answer. */
export interface HeldCall {
  readonly call: Call;
}

interface Held extends HeldCall {
  settle(outcome: Outcome | 'pass on'): void;
}

export class ByHand {
  readonly #armed = new Set<string>();
  readonly #held = new Map<number, Held>();
  readonly #changes = new Emitter<void>();
  readonly #holds = new Emitter<HeldCall>();
  /** what waits, or shall wait, is other than before */
  readonly onChange = this.#changes.event;
  /** a call waits now */
  readonly onHold = this.#holds.event;

  /** commands whose next call will wait */
  get armed(): ReadonlySet<string> {
    return this.#armed;
  }

  /** by the number of its record */
  get held(): ReadonlyMap<number, HeldCall> {
    return this.#held;
  }

  /** Lets the next call of a command wait. */
  arm(command: string): void {
    this.#armed.add(command);
    this.#changes.fire();
  }

  /** The next call does not wait after all. */
  disarm(command: string): void {
    if (this.#armed.delete(command)) this.#changes.fire();
  }

  /** Answers a call that waits; false where it does not (any more). */
  answer(record: number, outcome: Outcome): boolean {
    return this.#settle(record, { ...outcome, by: 'hand', note: 'Answered by hand.' });
  }

  /** Lets a call that waits go on to whoever would have answered it; false where it does not wait. */
  passOn(record: number): boolean {
    return this.#settle(record, 'pass on');
  }

  readonly stage: Stage = async (call, next) => {
    // Without a record nobody could see that it waits.
    if (call.record === 0 || !this.#armed.delete(call.cmd)) return next(call);
    const outcome = await this.#hold(call);
    return outcome === 'pass on' ? next(call) : outcome;
  };

  #hold(call: Call): Promise<Outcome | 'pass on'> {
    const { promise, resolve } = Promise.withResolvers<Outcome | 'pass on'>();
    const gone = () => {
      this.#settle(call.record, failure(`the page of window "${call.window}" that called "${call.cmd}" is gone`));
    };
    const held = {
      call,
      settle: (outcome: Outcome | 'pass on') => {
        call.signal.removeEventListener('abort', gone);
        resolve(outcome);
      },
    };
    this.#held.set(call.record, held);
    call.signal.addEventListener('abort', gone);
    this.#changes.fire();
    this.#holds.fire(held);
    return promise;
  }

  #settle(record: number, outcome: Outcome | 'pass on'): boolean {
    const held = this.#held.get(record);
    if (!held) return false;
    this.#held.delete(record);
    held.settle(outcome);
    this.#changes.fire();
    return true;
  }

  dispose(): void {
    this.#armed.clear();
    for (const record of [...this.#held.keys()]) this.#settle(record, failure('the app was closed'));
    this.#changes.dispose();
    this.#holds.dispose();
  }
}

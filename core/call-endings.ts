/** How calls ended, as far as it is counted. */
import type { MessageRecord, RecordStatus } from './record.ts';

export const OTHER = 0;
export const PENDING = 1;
export const ERROR = 2;
export const DENIED = 3;

/** With an error ended also what had no handler, and what could not be delivered. */
export const ENDINGS: Readonly<Record<RecordStatus, number>> = {
  pending: PENDING,
  ok: OTHER,
  error: ERROR,
  denied: DENIED,
  unhandled: ERROR,
  orphan: OTHER,
  undelivered: ERROR,
  unheard: OTHER,
};

/** How many calls of some that are kept did not succeed. Kept with them, so that nobody has to look at each. */
export class Failures {
  errors = 0;
  denied = 0;

  /** Takes in what a record is now, or takes out what it was. */
  count({ kind, status }: Pick<MessageRecord, 'kind' | 'status'>, step: 1 | -1): void {
    if (kind !== 'invoke') return;
    const ending = ENDINGS[status];
    if (ending === ERROR) this.errors += step;
    else if (ending === DENIED) this.denied += step;
  }

  clear(): void {
    this.errors = 0;
    this.denied = 0;
  }
}

/** Where bodies go that memory has no room for: a file of the recorder. What the core asks of it. */
import type { Body, MessageRecord } from './record.ts';

/** The bodies of a record as they are in the file: of kind 'spilled', or as they were where there was nothing to keep. */
export interface SpilledBodies {
  readonly body: Body;
  readonly outcome: Body | undefined;
}

export interface Spill {
  /** Takes the bodies of a record out of memory, now; undefined where the file has no room for them. Never throws. */
  take(record: MessageRecord): SpilledBodies | undefined;
  /** All records are gone; those to come begin at `next`. */
  cleared(next: number): void;
}

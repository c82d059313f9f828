/** What is counted of one call (statistics.ts). */
import type { MessageRecord, RecordStatus } from './record.ts';

export interface CallSample {
  readonly id: number;
  readonly app: string;
  readonly name: string;
  /** when it came, in ms of the session */
  readonly time: number;
  readonly status: RecordStatus;
  /** ms until its answer; undefined where that says nothing about the command: it waits, or a person answered it */
  readonly duration: number | undefined;
  readonly bytesIn: number;
  readonly bytesOut: number;
}

/** The members of a record that are counted; what is absent may be undefined, too. */
export type Counted = Pick<MessageRecord, 'id' | 'kind' | 'app' | 'name' | 'time' | 'status'> & {
  readonly [Key in 'duration' | 'size' | 'outcomeSize' | 'answeredBy']?: MessageRecord[Key] | undefined;
};

/** What is counted of a record; undefined for what is no call. */
export function callSample(record: Counted): CallSample | undefined {
  if (record.kind !== 'invoke') return undefined;
  const { id, app, name, time, status, duration, size = 0, outcomeSize = 0, answeredBy } = record;
  const isMeasured = status !== 'pending' && answeredBy !== 'hand';
  return {
    id,
    app,
    name,
    time,
    status,
    duration: isMeasured ? duration : undefined,
    bytesIn: size,
    bytesOut: outcomeSize,
  };
}

/** Where records can be read from: the tap of this session, or a recording that was opened. */
import type { Counted } from './call-sample.ts';
import type { Disposable } from './lifetime.ts';
import type { MessageRecord } from './record.ts';

/** What has changed since the last notice, by record number. */
export interface RecordChange {
  /** records `from` (inclusive) to `to` (exclusive) are new */
  readonly from: number;
  readonly to: number;
  /** older ones that changed: calls that got their outcome, marks */
  readonly changed: readonly number[];
  /** all records before this number are gone */
  readonly first: number;
}

/** What is counted beside the records. */
export interface RecordStatistics {
  readonly kept: number;
  /** records that the limit pushed out, or that a file had lost */
  readonly lost: number;
  /** of bodies in memory */
  readonly bodyBytes: number;
  /** records whose body the limit pushed out */
  readonly bodiesDropped: number;
  /** bytes of bodies that are in a file instead of memory */
  readonly spilledBytes: number;
}

/** What people add to a record; what is absent stays as it is. */
export interface Annotation {
  readonly marked?: boolean | undefined;
  readonly comment?: string | undefined;
}

/** Records with consecutive numbers; those below `first` are gone, `next` is the number of the one to come. */
export interface RecordSource {
  readonly first: number;
  readonly next: number;
  /** the clock of the records' `time`, in ms */
  readonly sessionTime: number;
  readonly statistics: RecordStatistics;
  /** Tells of new and changed records, once for all that happened in one turn. */
  onChange(listener: (change: RecordChange) => void): Disposable;
  /** The record of that number, frozen; undefined where it is not kept. */
  find(id: number): MessageRecord | undefined;
  /** All records from `from` to before `to`, oldest first, made as they are asked for. */
  records(from?: number, to?: number): Iterable<MessageRecord>;
  /** As `records`, with no more than is counted: for who can say that without making the records. To be read at once. */
  counted?(from: number, to: number): Iterable<Counted>;
  /** Numbers of the records that belong to `id`: a call's channels, events and resends, a channel's messages. */
  relatedTo(id: number): Iterable<number>;
  /** What people add to a record. An empty comment takes it away. */
  annotate(id: number, annotation: Annotation): void;
}

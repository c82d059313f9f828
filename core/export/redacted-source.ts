/** A source of records with secrets taken out, for a live view that is set so: nothing behind it sees them. */
import { type Disposable, Emitter } from '../lifetime.ts';
import type { Annotation, RecordChange, RecordSource, RecordStatistics } from '../record-source.ts';
import type { MessageRecord } from '../record.ts';
import type { Redactor } from './redact.ts';

export class RedactedSource implements RecordSource, Disposable {
  readonly #source: RecordSource;
  #redactor: Redactor | undefined;
  readonly #changes = new Emitter<RecordChange>();
  readonly #following: Disposable;
  readonly onChange = this.#changes.event;

  /** @param redactor none: secrets are shown */
  constructor(source: RecordSource, redactor: Redactor | undefined) {
    this.#source = source;
    this.#redactor = redactor;
    this.#following = source.onChange((change) => this.#changes.fire(change));
  }

  /** Others are left out from now on: all records change. */
  set redactor(redactor: Redactor | undefined) {
    this.#redactor = redactor;
    const { first, next } = this;
    // By their numbers: to make all records takes long, and who listens looks at them in turns.
    const changed = Array.from({ length: next - first }, (_, at) => first + at);
    this.#changes.fire({ from: next, to: next, changed, first });
  }

  get first(): number {
    return this.#source.first;
  }

  get next(): number {
    return this.#source.next;
  }

  get sessionTime(): number {
    return this.#source.sessionTime;
  }

  get statistics(): RecordStatistics {
    return this.#source.statistics;
  }

  find(id: number): MessageRecord | undefined {
    const record = this.#source.find(id);
    return record && this.#shown(record);
  }

  *records(from?: number, to?: number): Generator<MessageRecord> {
    for (const record of this.#source.records(from, to)) yield this.#shown(record);
  }

  relatedTo(id: number): Iterable<number> {
    return this.#source.relatedTo(id);
  }

  annotate(id: number, annotation: Annotation): void {
    this.#source.annotate(id, annotation);
  }

  #shown(record: MessageRecord): MessageRecord {
    return this.#redactor?.record(record) ?? record;
  }

  dispose(): void {
    this.#following.dispose();
    this.#changes.dispose();
  }
}

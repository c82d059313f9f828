/** An opened recording: a source of records, as the tap is one, that nothing is added to. */
import { type Disposable, Emitter } from '../lifetime.ts';
import type { Annotation, RecordChange, RecordSource, RecordStatistics } from '../record-source.ts';
import type { MessageRecord } from '../record.ts';
import {
  type BodyReader,
  decodeLine,
  encodeHeader,
  encodeRecord,
  IPCREC_VERSION,
  patched,
  type RecordingHeader,
} from './ipcrec.ts';
import type { Line } from './lines.ts';

export class Recording implements RecordSource, Disposable {
  readonly header: RecordingHeader;
  readonly #records: Map<number, MessageRecord>;
  /** in rising order */
  readonly #ids: Uint32Array;
  readonly #skipped: number;
  /** messages that somebody marked or commented on, and how the file has them */
  readonly #annotated = new Map<number, MessageRecord>();
  #changed = new Set<number>();
  readonly #changes = new Emitter<RecordChange>();
  readonly onChange = this.#changes.event;
  readonly statistics: RecordStatistics;
  readonly sessionTime: number;

  /** @param skipped lines of its file that could not be read */
  constructor(header: RecordingHeader, records: Map<number, MessageRecord>, skipped = 0, lost = header.lost ?? 0) {
    this.header = header;
    this.#records = records;
    this.#ids = Uint32Array.from(records.keys()).sort();
    this.#skipped = skipped;
    let last = 0;
    for (const { time, duration = 0 } of this.#records.values()) last = Math.max(last, time + duration);
    this.sessionTime = last;
    this.statistics = { kept: this.#ids.length, lost, bodyBytes: 0, bodiesDropped: 0, spilledBytes: 0 };
  }

  /** Lines of its file that could not be read. */
  get skipped(): number {
    return this.#skipped;
  }

  get first(): number {
    return this.#ids[0] ?? 1;
  }

  get next(): number {
    return (this.#ids.at(-1) ?? 0) + 1;
  }

  find(id: number): MessageRecord | undefined {
    return this.#records.get(id);
  }

  *records(from = 0, to = this.next): Generator<MessageRecord> {
    // By the numbers that there are: a recording of few messages may have large ones.
    for (let at = this.#indexFrom(from); at < this.#ids.length; at++) {
      const id = this.#ids[at] as number;
      if (id >= to) return;
      yield this.#records.get(id) as MessageRecord;
    }
  }

  *relatedTo(id: number): Generator<number> {
    for (const each of this.#ids) {
      const { of, cause, replayOf } = this.#records.get(each) as MessageRecord;
      if (of === id || cause === id || replayOf === id) yield each;
    }
  }

  annotate(id: number, { marked, comment }: Annotation): void {
    const record = this.#records.get(id);
    if (!record) return;
    const patch = {
      ...(marked !== undefined && { marked: marked || null }),
      ...(comment !== undefined && { comment: comment === '' ? null : comment }),
    };
    this.#records.set(id, patched(record, patch));
    if (!this.#annotated.has(id)) this.#annotated.set(id, record);
    this.#announce(id);
  }

  /** The messages that were marked or commented on since it was opened or saved, as they are now. */
  get annotated(): readonly MessageRecord[] {
    return [...this.#annotated.keys()].flatMap((id) => this.#records.get(id) ?? []);
  }

  /** What is marked and commented is in the file now. */
  saved(): void {
    this.#annotated.clear();
  }

  /** Forgets what was marked and commented since it was opened or saved. */
  revert(): void {
    for (const [id, record] of this.#annotated) {
      this.#records.set(id, record);
      this.#announce(id);
    }
    this.#annotated.clear();
  }

  dispose(): void {
    this.#changes.dispose();
  }

  /** Once for all that happened in one turn: marking a thousand messages is one change. */
  #announce(id: number): void {
    if (this.#changed.size === 0) {
      queueMicrotask(() => {
        const changed = [...this.#changed];
        this.#changed = new Set();
        this.#changes.fire({ from: this.next, to: this.next, changed, first: this.first });
      });
    }
    this.#changed.add(id);
  }

  #indexFrom(id: number): number {
    let low = 0;
    let high = this.#ids.length;
    while (low < high) {
      const middle = (low + high) >>> 1;
      if ((this.#ids[middle] as number) < id) low = middle + 1;
      else high = middle;
    }
    return low;
  }
}

/** Messages that an opened recording holds, as many as the inspector's list shows: those behind count as lost. */
export const MAX_RECORDS = 1_000_000;

/** Puts a recording together from the lines of its file. */
export class RecordingReader {
  readonly #most: number;
  readonly #read: ((line: Line) => BodyReader) | undefined;
  readonly #records = new Map<number, MessageRecord>();
  readonly #texts = new Map<string, string>();
  #header: RecordingHeader | undefined;
  #skipped = 0;
  #lost = 0;

  /** @param read how the bodies of a line are kept; without it they are in memory */
  constructor(read?: (line: Line) => BodyReader, most = MAX_RECORDS) {
    this.#read = read;
    this.#most = most;
  }

  get skipped(): number {
    return this.#skipped;
  }

  /** Takes the next line. Throws where the first one is no header, or one of a newer version. */
  line(line: Line): void {
    if (line.bytes.length === 0) return;
    const decoded = decodeLine(line.bytes, this.#read?.(line));
    if (!this.#header) {
      if (decoded?.kind !== 'header') throw new Error('this is no recording: its first line is no {"ipcrec":1,…}');
      if (decoded.header.ipcrec > IPCREC_VERSION) {
        throw new Error(`a newer version of IPC Workbench wrote this recording (format ${decoded.header.ipcrec})`);
      }
      this.#header = decoded.header;
      return;
    }
    switch (decoded?.kind) {
      case 'message':
        this.#add(decoded.record);
        break;
      case 'change': {
        const record = this.#records.get(decoded.of);
        if (record) this.#records.set(decoded.of, patched(record, decoded.patch));
        // Of a message that was left out, its outcome is, too.
        else if (this.#records.size < this.#most) this.#skipped++;
        break;
      }
      case 'lost':
        this.#lost += decoded.count;
        break;
      // Recordings that were appended to each other have more headers: they say nothing new.
      case 'header':
        break;
      case undefined:
        this.#skipped++;
        break;
    }
  }

  end(): Recording {
    if (!this.#header) throw new Error('this is no recording: it is empty');
    const lost = (this.#header.lost ?? 0) + this.#lost;
    return new Recording(this.#header, this.#records, this.#skipped, lost);
  }

  #add(record: MessageRecord): void {
    // A number stands for one message: a second one must not hide the first.
    if (this.#records.has(record.id)) {
      this.#skipped++;
      return;
    }
    if (this.#records.size >= this.#most) {
      this.#lost++;
      return;
    }
    const { app, window, name } = record;
    this.#records.set(
      record.id,
      Object.freeze({ ...record, app: this.#shared(app), window: this.#shared(window), name: this.#shared(name) }),
    );
  }

  /** The same few names stand in every line: they need not be in memory as often. */
  #shared(text: string): string {
    const known = this.#texts.get(text);
    if (known !== undefined) return known;
    this.#texts.set(text, text);
    return text;
  }
}

/** A recording as the lines of its file. */
export function* recordingLines(
  header: Omit<RecordingHeader, 'ipcrec' | 'clock'>,
  records: Iterable<MessageRecord>,
): Generator<string> {
  yield encodeHeader(header);
  for (const record of records) yield* encodeRecord(record);
}

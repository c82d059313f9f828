/**
 * The lines of a session on disk: segments that are only appended to, so that the oldest can go one by one. Writing waits
 * for nobody: bytes are gathered, leave in the background, and can be read from the moment they are given.
 */
import { closeSync, constants, mkdirSync, openSync, readSync, rmSync, writeSync } from 'node:fs';
import { type FileHandle, open, rm } from 'node:fs/promises';
import { join } from 'node:path';
import { segmentName } from './session-names.ts';

/** A place in the session's bytes is the number of its segment and the offset in there, as one number. */
export const SEGMENT_SPAN = 2 ** 32;
/** Not through a link that somebody put there. Not to append: at a given place bytes may be written twice, when the end overtakes the background. */
const TO_WRITE = constants.O_RDWR | constants.O_CREAT | (constants.O_NOFOLLOW ?? 0);
const LARGEST_SEGMENT = 32 * 1024 * 1024;
/** Bytes that may wait for the disk. */
const MAX_WAITING = 64 * 1024 * 1024;

interface Segment {
  readonly number: number;
  bytes: number;
  /** the largest number of a record that it has a line of */
  lastRecord: number;
}

interface Waiting {
  readonly segment: number;
  readonly offset: number;
  readonly bytes: Uint8Array;
}

export interface SessionFileOptions {
  readonly folder: string;
  /** bytes of all segments together; the oldest segments go first */
  maxBytes: number;
  /** the first line of every segment, with its line break */
  readonly header: string;
  /** segments of the session that goes on, oldest first */
  readonly segments?: readonly Readonly<Segment>[];
  /** all before that place is gone */
  onGone(before: number): void;
  /** nothing can be written any more */
  onFailure(error: unknown): void;
}

export class SessionFile {
  readonly #options: SessionFileOptions;
  readonly #segments: Segment[];
  /** segments up to this one are of an earlier window: their end may be torn, so they are not added to */
  readonly #before: number;
  #lastNumber: number;
  #waiting: Waiting[] = [];
  #waitingBytes = 0;
  #flushing: Promise<void> | undefined;
  #handle: { readonly segment: number; readonly file: FileHandle } | undefined;
  readonly #readers = new Map<number, number>();
  #written = 0;
  #failed = false;
  #over = false;

  constructor(options: SessionFileOptions) {
    this.#options = options;
    this.#segments = (options.segments ?? []).map((segment) => ({ ...segment }));
    this.#before = this.#segments.at(-1)?.number ?? 0;
    this.#lastNumber = this.#before;
  }

  /** Bytes that were given to be written, ever. */
  get written(): number {
    return this.#written;
  }

  /** Bytes that it takes on the disk. */
  get size(): number {
    return this.#segments.reduce((sum, { bytes }) => sum + bytes, 0);
  }

  /** Whether the disk keeps up. */
  get hasRoom(): boolean {
    return !this.#failed && this.#waitingBytes < MAX_WAITING;
  }

  set maxBytes(bytes: number) {
    this.#options.maxBytes = bytes;
    this.#keepSize();
  }

  /** Bytes of one line, of which no more may be given. */
  get largestLine(): number {
    return Math.floor(Math.min(this.#options.maxBytes / 4, SEGMENT_SPAN / 4));
  }

  /** Adds bytes that end with a line break and are about `record` at most; gives their place. */
  add(bytes: Uint8Array, record: number): number {
    let segment = this.#segments.at(-1);
    const largest = Math.min(LARGEST_SEGMENT, this.#options.maxBytes / 8);
    if (!segment || segment.bytes + bytes.length > largest || segment.number <= this.#before) segment = this.#begin();
    const offset = segment.bytes;
    this.#append(segment, bytes);
    segment.lastRecord = Math.max(segment.lastRecord, record);
    return segment.number * SEGMENT_SPAN + offset;
  }

  #begin(): Segment {
    this.#keepSize();
    const segment: Segment = { number: ++this.#lastNumber, bytes: 0, lastRecord: 0 };
    this.#segments.push(segment);
    this.#append(segment, Buffer.from(this.#options.header));
    return segment;
  }

  #append(segment: Segment, bytes: Uint8Array): void {
    this.#waiting.push({ segment: segment.number, offset: segment.bytes, bytes });
    this.#waitingBytes += bytes.length;
    this.#written += bytes.length;
    segment.bytes += bytes.length;
  }

  /** The bytes from `place` on; undefined where they are gone. */
  read(place: number, length: number): Uint8Array | undefined {
    const number = Math.floor(place / SEGMENT_SPAN);
    const offset = place % SEGMENT_SPAN;
    const waiting = this.#waiting.find(
      (each) => each.segment === number && each.offset <= offset && offset + length <= each.offset + each.bytes.length,
    );
    if (waiting) return waiting.bytes.subarray(offset - waiting.offset, offset - waiting.offset + length);
    if (!this.#segments.some((segment) => segment.number === number)) return undefined;
    try {
      let reader = this.#readers.get(number);
      if (reader === undefined) {
        reader = openSync(join(this.#options.folder, segmentName(number)), 'r');
        this.#readers.set(number, reader);
      }
      const bytes = new Uint8Array(length);
      return readSync(reader, bytes, 0, length, offset) === length ? bytes : undefined;
    } catch {
      // Somebody removed it: what was in there is gone, and said to be.
      return undefined;
    }
  }

  /** Lets go of segments that have nothing of the records from `first` on. */
  forget(first: number): void {
    while (this.#segments.length > 1 && (this.#segments[0] as Segment).lastRecord < first) this.#dropOldest();
  }

  /** What an earlier window left has been read: its segments end with these records. */
  know(lastRecords: ReadonlyMap<number, number>): void {
    for (const segment of this.#segments) segment.lastRecord = lastRecords.get(segment.number) ?? segment.lastRecord;
  }

  #keepSize(): void {
    while (this.#segments.length > 1 && this.size > this.#options.maxBytes * (7 / 8)) {
      const oldest = this.#segments[0] as Segment;
      this.#dropOldest();
      this.#options.onGone((oldest.number + 1) * SEGMENT_SPAN);
    }
  }

  #dropOldest(): void {
    const segment = this.#segments.shift();
    if (segment) this.#remove(segment.number);
  }

  #remove(number: number): void {
    this.#waiting = this.#waiting.filter((each) => each.segment !== number);
    this.#waitingBytes = this.#waiting.reduce((sum, { bytes }) => sum + bytes.length, 0);
    const reader = this.#readers.get(number);
    if (reader !== undefined) closeSync(reader);
    this.#readers.delete(number);
    try {
      rmSync(join(this.#options.folder, segmentName(number)), { force: true });
    } catch (error) {
      this.#fail(error);
    }
  }

  /** Removes all; what is added from now on begins anew. */
  clear(): void {
    for (const { number } of this.#segments.splice(0)) this.#remove(number);
  }

  /** Writes what waits, in the background; resolves when all of it is written. */
  flush(): Promise<void> {
    this.#flushing ??= this.#write().finally(() => {
      this.#flushing = undefined;
    });
    return this.#flushing;
  }

  async #write(): Promise<void> {
    try {
      for (let part = this.#nextPart(); part && !this.#over; part = this.#nextPart()) {
        const { segment, offset, pieces } = part;
        const file = await this.#open(segment);
        const bytes = joined(pieces);
        const { bytesWritten } = await file.write(bytes, 0, bytes.length, offset);
        if (bytesWritten < bytes.length) throw new Error('the disk did not take all of it');
        if (this.#segments.some(({ number }) => number === segment)) this.#taken(segment, pieces.length);
        else await this.#removeAgain(segment);
      }
    } catch (error) {
      if (!this.#over) this.#fail(error);
    }
    if (this.#over) await this.#close();
  }

  /** It was let go of while its file was being opened: that has made the file anew. */
  async #removeAgain(segment: number): Promise<void> {
    await this.#close();
    await rm(join(this.#options.folder, segmentName(segment)), { force: true });
  }

  async #close(): Promise<void> {
    const file = this.#handle?.file;
    this.#handle = undefined;
    await file?.close();
  }

  /** What waits for the oldest segment, as one write. */
  #nextPart(): { segment: number; offset: number; pieces: Uint8Array[] } | undefined {
    const first = this.#waiting[0];
    if (!first) return undefined;
    const end = this.#waiting.findIndex(({ segment }) => segment !== first.segment);
    const part = this.#waiting.slice(0, Math.min(end < 0 ? 1024 : end, 1024));
    return { segment: first.segment, offset: first.offset, pieces: part.map(({ bytes }) => bytes) };
  }

  #taken(segment: number, count: number): void {
    // Cleared meanwhile: nothing of it waits any more.
    if (this.#waiting[0]?.segment !== segment) return;
    for (const { bytes } of this.#waiting.splice(0, count)) this.#waitingBytes -= bytes.length;
  }

  async #open(segment: number): Promise<FileHandle> {
    if (this.#handle?.segment === segment) return this.#handle.file;
    await this.#close();
    mkdirSync(this.#options.folder, { recursive: true, mode: 0o700 });
    const file = await open(join(this.#options.folder, segmentName(segment)), TO_WRITE, 0o600);
    this.#handle = { segment, file };
    return file;
  }

  #fail(error: unknown): void {
    if (this.#failed) return;
    this.#failed = true;
    this.#waiting = [];
    this.#waitingBytes = 0;
    this.#options.onFailure(error);
  }

  /** Writes what waits, now, and ends: the process is about to. */
  end(): void {
    this.#over = true;
    try {
      if (!this.#failed && this.#waiting.length > 0) mkdirSync(this.#options.folder, { recursive: true, mode: 0o700 });
      for (let part = this.#nextPart(); part; part = this.#nextPart()) {
        const { segment, offset, pieces } = part;
        const bytes = joined(pieces);
        const file = openSync(join(this.#options.folder, segmentName(segment)), TO_WRITE, 0o600);
        try {
          writeSync(file, bytes, 0, bytes.length, offset);
        } finally {
          closeSync(file);
        }
        this.#taken(segment, pieces.length);
      }
    } catch (error) {
      this.#fail(error);
    }
    this.#waiting = [];
    for (const reader of this.#readers.values()) closeSync(reader);
    this.#readers.clear();
    // Where something is on its way, that closes it.
    if (!this.#flushing) void this.#close();
  }
}

/** One alone may be very large: it is not copied. */
function joined(pieces: readonly Uint8Array[]): Uint8Array {
  const [first, ...others] = pieces;
  return first && others.length === 0 ? first : Buffer.concat(pieces);
}

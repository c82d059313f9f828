/**
 * Keeps the session on disk while nobody waits for it: records are written in batches, bodies that memory has no room
 * for are read from there, and the next window goes on with it. A flood is not slowed: what a batch may write is counted.
 */
import { bodyPreview, type Body, type MessageRecord } from '#core/record.ts';
import { bodyFromJson } from '#core/recording/body-json.ts';
import { encodeHeader, encodeNote, encodeOutcome, encodeRecord } from '#core/recording/ipcrec.ts';
import type { Spill, SpilledBodies } from '#core/spill.ts';
import type { Tap } from '#core/tap.ts';
import { Lifetime } from '#core/lifetime.ts';
import { SessionFile } from './session-file.ts';
import type { SessionFolder } from './session-folders.ts';
import { readSession } from './session-reader.ts';

/** Between two batches; the second while there is more to write and little else happens. */
const TICK_MS = 250;
const SOON_MS = 50;
/** What one batch may write. A record takes some 20 µs. */
const BATCH = { records: 500, bytes: 4 * 1024 * 1024 };
/** New records in a second that mean a flood: then nothing is hurried. */
const FLOOD = 10_000;
/** What may be written between two batches because memory is full. */
const FULL_BYTES = 16 * 1024 * 1024;
/** What is written at the end of the window. */
const LAST = { records: 50_000, bytes: 512 * 1024 * 1024 };

/** One more than a row shows, so that the row says that there is more. */
const PREVIEW = 161;
/** Bytes of JSON that have as many characters, whichever they are. */
const PREVIEW_BYTES = PREVIEW * 4;

const DROPPED: Body = { kind: 'dropped' };

/** Where a body stands in the file. */
interface Place {
  readonly at: number;
  readonly length: number;
}

/** What is in the file of a record. */
interface Saved {
  body: Place | undefined;
  outcome: Place | undefined;
  /** its outcome was written; a body may be too large for a line all the same */
  complete: boolean;
}

export interface SessionRecorderOptions {
  readonly tap: Tap;
  readonly folder: SessionFolder;
  readonly maxBytes: number;
  /** when the session began */
  readonly started: number;
  /** the first record of this window */
  readonly first: number;
  readonly tool: string;
  log(message: string): void;
}

export class SessionRecorder implements Spill {
  readonly #options: SessionRecorderOptions;
  readonly #life = new Lifetime();
  readonly #file: SessionFile;
  readonly #saved = new Map<number, Saved>();
  /** where bodies stand that were written once more */
  readonly #moved = new WeakMap<Body, Place>();
  /** the next record to be written */
  #next: number;
  /** the next record there was when the next batch was planned, and when that is */
  #seen: number;
  #wait = TICK_MS;
  #timer: NodeJS.Timeout | undefined;
  #stated = 0;
  #failed = false;
  #fullBytes = 0;
  /** grows with each clear: what was being read back then is not wanted any more */
  #epoch = 0;

  constructor(options: SessionRecorderOptions) {
    this.#options = options;
    const { tap, folder, started, tool, maxBytes, first } = options;
    this.#next = first;
    this.#seen = first;
    const earlier = folder.earlier ? folder.segments() : [];
    this.#file = new SessionFile({
      folder: folder.path,
      maxBytes,
      header: `${encodeHeader({ tool, source: 'session', started: new Date(started).toISOString() })}\n`,
      // Until it was read nobody knows what they hold: they stay.
      segments: earlier.map((segment) => ({ ...segment, lastRecord: Number.POSITIVE_INFINITY })),
      onGone: (before) => this.#gone(before),
      onFailure: (error) => this.#fail(error),
    });
    tap.spill = this;
    tap.copied(first);
    this.#schedule();
    this.#life.onEnd(() => clearTimeout(this.#timer));
  }

  /** Bytes that were written for the session so far. */
  get written(): number {
    return this.#file.written;
  }

  set maxBytes(bytes: number) {
    this.#file.maxBytes = bytes;
  }

  // ---- writing

  #schedule(): void {
    const { tap } = this.#options;
    const isFlood = ((tap.next - this.#seen) * 1000) / this.#wait > FLOOD;
    this.#wait = this.#next < tap.next && !isFlood ? SOON_MS : TICK_MS;
    this.#seen = tap.next;
    this.#timer = setTimeout(() => {
      this.tick();
      if (!this.#failed) this.#schedule();
    }, this.#wait);
    this.#timer.unref();
  }

  /** Writes a batch; called by itself. */
  tick(): void {
    if (this.#failed) return;
    const { tap } = this.#options;
    this.#fullBytes = 0;
    if (this.#file.hasRoom) this.#write(BATCH);
    for (const id of this.#saved.keys()) {
      if (id >= tap.first) break;
      this.#saved.delete(id);
    }
    this.#file.forget(tap.first);
    void this.#file.flush();
    this.#state(false);
  }

  /** Resolves when all that was written is on the disk. */
  flush(): Promise<void> {
    return this.#file.flush();
  }

  #write({ records, bytes }: { readonly records: number; readonly bytes: number }): void {
    const { tap } = this.#options;
    const end = this.#file.written + bytes;
    let count = 0;
    for (const id of tap.takeChanged(records)) {
      const record = tap.find(id);
      if (record?.id === id) this.#writeChange(record);
      count++;
    }
    this.#next = Math.max(this.#next, tap.first);
    for (const record of tap.records(this.#next)) {
      if (count++ >= records || this.#file.written >= end) break;
      if (this.#saved.has(record.id)) this.#writeChange(record);
      else this.#writeRecord(record);
      this.#next = record.id + 1;
    }
    tap.copied(this.#next);
  }

  #writeRecord(record: MessageRecord): Saved {
    const [line = '', end] = encodeRecord(this.#fitting(record));
    const body = this.#add(line, record.kind === 'invoke' ? 'args' : 'data', record.id);
    const outcome = end === undefined ? undefined : this.#addOutcome(end, record);
    const saved = { body, outcome, complete: end !== undefined };
    this.#saved.set(record.id, saved);
    // Carried over: where it stood before goes with the records of then.
    if (record.body.kind === 'spilled' && body) this.#moved.set(record.body, body);
    return saved;
  }

  #writeChange(record: MessageRecord): Saved {
    const saved = this.#saved.get(record.id) ?? { body: undefined, outcome: undefined, complete: true };
    const end = saved.complete ? undefined : encodeOutcome(this.#fitting(record));
    if (end !== undefined) {
      saved.outcome = this.#addOutcome(end, record);
      saved.complete = true;
    }
    // The line of an outcome says all that changed, but what people added.
    if (end === undefined || record.marked || record.comment !== undefined)
      this.#add(encodeNote(record), '', record.id);
    return saved;
  }

  #addOutcome(line: string, record: MessageRecord): Place | undefined {
    return this.#add(line, record.status === 'ok' ? 'res' : 'err', record.id);
  }

  /** Adds a line; gives the place of the body in it, which stands last. */
  #add(line: string, key: string, record: number): Place | undefined {
    const bytes = Buffer.from(`${line}\n`);
    const at = this.#file.add(bytes, record);
    // Inside of a text its quotes would be escaped: what is found is the member.
    const member = key === '' ? -1 : line.indexOf(`,"${key}":`);
    if (member < 0) return undefined;
    const before = Buffer.byteLength(line.slice(0, member)) + key.length + 4;
    return { at: at + before, length: bytes.length - before - '}\n'.length };
  }

  /** A body that no line may have counts as dropped in the file. */
  #fitting(record: MessageRecord): MessageRecord {
    // As base64, or as text within text.
    const largest = this.#file.largestLine / 2;
    const { size, outcomeSize = 0 } = record;
    if (size <= largest && outcomeSize <= largest) return record;
    return {
      ...record,
      ...(size > largest && { body: DROPPED }),
      ...(outcomeSize > largest && { outcome: DROPPED }),
    };
  }

  // ---- bodies that memory has no room for

  take(record: MessageRecord): SpilledBodies | undefined {
    if (!this.#file.hasRoom) return undefined;
    let saved = this.#saved.get(record.id);
    if (!saved || (record.outcome && !saved.complete)) {
      if (this.#fullBytes > FULL_BYTES) return undefined;
      const before = this.#file.written;
      saved = saved ? this.#writeChange(record) : this.#writeRecord(record);
      this.#fullBytes += this.#file.written - before;
      void this.#file.flush();
    }
    const body = this.#spilled(record.body, record.size, saved.body);
    const outcome = record.outcome && this.#spilled(record.outcome, record.outcomeSize ?? 0, saved.outcome);
    return body.kind === 'dropped' && (!outcome || outcome.kind === 'dropped') ? undefined : { body, outcome };
  }

  #spilled(body: Body, size: number, place: Place | undefined): Body {
    if (body.kind === 'none' || body.kind === 'spilled' || body.kind === 'dropped') return body;
    if (!place) return DROPPED;
    return this.bodyAt(place, size, this.#previewOf(body, place));
  }

  /** The body that stands at `place`, read when somebody asks for it. */
  bodyAt(place: Place, size: number, preview: string): Body {
    const body: Body = {
      kind: 'spilled',
      size,
      preview,
      read: () => {
        const { at, length } = this.#moved.get(body) ?? place;
        const bytes = this.#file.read(at, length);
        return (bytes && bodyFromJson(bytes)) ?? DROPPED;
      },
    };
    return body;
  }

  /** A text of its own: a part of the body's text would keep all of it in memory. */
  #previewOf(body: Body, { at, length }: Place): string {
    if (body.kind === 'bytes') return bodyPreview(body, PREVIEW);
    if (body.kind === 'text') return Buffer.from(body.json.slice(0, PREVIEW)).toString();
    const start = this.#file.read(at, Math.min(length, PREVIEW_BYTES));
    return start ? Buffer.from(start).toString().slice(0, PREVIEW) : '';
  }

  // ---- losses and ends

  cleared(next: number): void {
    this.#epoch++;
    this.#saved.clear();
    this.#next = next;
    this.#seen = next;
    this.#file.clear();
    this.#options.tap.copied(next);
    this.#state(false);
  }

  #gone(before: number): void {
    const ids: number[] = [];
    for (const [id, saved] of this.#saved) {
      const isGone = (place: Place | undefined) => place !== undefined && place.at < before;
      if (!isGone(saved.body) && !isGone(saved.outcome)) continue;
      if (isGone(saved.body)) saved.body = undefined;
      if (isGone(saved.outcome)) saved.outcome = undefined;
      ids.push(id);
    }
    this.#options.tap.dropSpilled(ids);
  }

  #fail(error: unknown): void {
    if (this.#failed) return;
    this.#failed = true;
    this.#options.tap.spill = undefined;
    this.#options.tap.dropSpilled([...this.#saved.keys()]);
    // Nobody copies any more.
    this.#options.tap.copied(0);
    this.#options.tap.takeChanged(Number.POSITIVE_INFINITY);
    this.#saved.clear();
    this.#options.log(`The session cannot be kept on disk (${(error as Error).message}): it is in memory only.`);
  }

  #state(closed: boolean): void {
    const { tap, folder, started } = this.#options;
    if (this.#failed || (tap.next === this.#stated && !closed)) return;
    // Nothing was recorded: no folder for it.
    if (this.#stated === 0 && this.#file.written === 0) return;
    this.#stated = tap.next;
    try {
      folder.write(started, tap.next, closed);
    } catch (error) {
      this.#fail(error);
    }
  }

  // ---- the session before

  /** Brings back what the window before this one has left. Resolves when it is in the tap. */
  async restore(): Promise<void> {
    const { tap, folder, first } = this.#options;
    const epoch = this.#epoch;
    const { records, places, last } = await readSession(folder, {
      first: first - tap.limits.messages,
      next: first,
      bodyAt: (place, size, preview) => this.bodyAt(place, size, preview),
      isOver: () => this.#life.over || epoch !== this.#epoch,
    });
    if (this.#life.over || epoch !== this.#epoch) return;
    // In the order of their numbers, as the oldest are let go of.
    const own = [...this.#saved];
    this.#saved.clear();
    for (const [id, saved] of [...places, ...own]) this.#saved.set(id, saved);
    this.#file.know(last);
    tap.restore(records);
  }

  dispose(): void {
    if (this.#life.over) return;
    this.#life.dispose();
    if (!this.#failed) this.#write(LAST);
    this.#options.tap.spill = undefined;
    this.#file.end();
    this.#state(true);
  }
}

/**
 * All rows the host has sent, by column: typed arrays in chunks, and strings as numbers. 100,000 rows cost about 15 MB,
 * a filter runs over them in milliseconds, and forgetting the oldest is dropping a chunk.
 *
 * A row's place is its *slot*: counted from the first row on and never used again, so that views may keep slots while
 * rows come at the end and go at the front.
 */
import type { Row } from '#core/inspector-messages.ts';
import { ANSWERERS } from '#core/call.ts';
import { DIRECTIONS, KINDS, PHASES, type Phases, type RecordStatus, STATUSES } from '#core/record.ts';
import { Interner } from './interner.ts';

const CHUNK_BITS = 12;
export const CHUNK_ROWS = 1 << CHUNK_BITS;
const MASK = CHUNK_ROWS - 1;

/** A chunk of rows. Filters read it directly: `rows.duration[at]`. Absent numbers: NaN for `duration`, -1 for counts, 0 for ids. */
export class Columns {
  readonly id = new Uint32Array(CHUNK_ROWS);
  readonly time = new Float64Array(CHUNK_ROWS);
  /** index in KINDS */
  readonly kind = new Uint8Array(CHUNK_ROWS);
  /** index in STATUSES */
  readonly status = new Uint8Array(CHUNK_ROWS);
  readonly direction = new Uint8Array(CHUNK_ROWS);
  /** numbers of the store's `strings` */
  readonly app = new Uint32Array(CHUNK_ROWS);
  readonly window = new Uint32Array(CHUNK_ROWS);
  readonly name = new Uint32Array(CHUNK_ROWS);
  readonly duration = new Float32Array(CHUNK_ROWS);
  readonly size = new Uint32Array(CHUNK_ROWS);
  /** of `size`, the outcome's */
  readonly outcomeSize = new Uint32Array(CHUNK_ROWS);
  readonly of = new Uint32Array(CHUNK_ROWS);
  readonly cause = new Uint32Array(CHUNK_ROWS);
  readonly replayOf = new Uint32Array(CHUNK_ROWS);
  readonly index = new Int32Array(CHUNK_ROWS);
  readonly heard = new Int32Array(CHUNK_ROWS);
  /** index in ANSWERERS, from 1; 0: a handler, or nobody */
  readonly answeredBy = new Uint8Array(CHUNK_ROWS);
  /** what the host answered about bodies, a bit for each term of the filter; true where `answered` is 1 */
  readonly hits = new Uint32Array(CHUNK_ROWS);
  readonly answered = new Uint8Array(CHUNK_ROWS);
  readonly preview: string[] = [];
  /** 1 where there is a note or a comment: quicker to ask for each row than a map */
  readonly noted = new Uint8Array(CHUNK_ROWS);
  /** few rows have these */
  readonly note = new Map<number, string>();
  readonly marked = new Set<number>();
  readonly comment = new Map<number, string>();
  /** milliseconds in the order of PHASES, NaN where not measured; made for the first row that has any */
  phases: Float32Array | undefined;
}

/** Whether a row belongs into a view. Made for one store, because it may remember numbers of its strings. */
export type RowTest = (rows: Columns, at: number) => boolean;

export class ColumnStore {
  readonly strings = new Interner();
  readonly #statusCounts = new Uint32Array(STATUSES.length);
  #chunks: Columns[] = [];
  /** how many chunks were dropped before `#chunks[0]` */
  #dropped = 0;
  #start = 0;
  #end = 0;

  /** The first slot that is kept. */
  get start(): number {
    return this.#start;
  }

  /** The slot that the next row will get. */
  get end(): number {
    return this.#end;
  }

  get length(): number {
    return this.#end - this.#start;
  }

  get chunkCount(): number {
    return this.#chunks.length;
  }

  count(status: RecordStatus): number {
    return this.#statusCounts[STATUSES.indexOf(status)] ?? 0;
  }

  /** Takes new rows, which come in the order of their ids. A row that is already here is replaced; its slot is in the answer. */
  append(rows: readonly Row[]): readonly number[] {
    const replaced: number[] = [];
    let last = this.#end > this.#start ? this.#id(this.#end - 1) : 0;
    for (const row of rows) {
      if (row.id > last) {
        const at = this.#end & MASK;
        const chunk = at === 0 || this.#chunks.length === 0 ? this.#grow() : this.#chunks[this.#chunks.length - 1];
        if (!chunk) continue;
        this.#write(chunk, at, row);
        this.#end++;
        last = row.id;
      } else {
        const slot = this.#replace(row);
        if (slot >= 0) replaced.push(slot);
      }
    }
    return replaced;
  }

  /** Replaces rows that changed and gives their slots; rows that are not kept are passed over. */
  change(rows: readonly Row[]): readonly number[] {
    const slots: number[] = [];
    for (const row of rows) {
      const slot = this.#replace(row);
      if (slot >= 0) slots.push(slot);
    }
    return slots;
  }

  /** Forgets the rows whose id is below `id`. */
  trim(id: number): void {
    const to = this.#firstFrom(id);
    while (this.#start < to) {
      const slot = this.#start++;
      const chunk = this.#chunk(slot);
      if (chunk) this.#forget(chunk, slot & MASK);
      if ((this.#start & MASK) === 0) {
        this.#chunks.shift();
        this.#dropped++;
      }
    }
  }

  clear(): void {
    this.#chunks = [];
    this.#statusCounts.fill(0);
    this.strings.clear();
    // Slots go on in a fresh chunk, so that a view that has not heard of it yet never mistakes a new row for an old one.
    this.#end = (this.#end + MASK) & ~MASK;
    this.#start = this.#end;
    this.#dropped = this.#end >>> CHUNK_BITS;
  }

  /** The slot of a record, or -1. */
  slotOf(id: number): number {
    const slot = this.#firstFrom(id);
    return slot < this.#end && this.#id(slot) === id ? slot : -1;
  }

  /** A row as it came (durations in single precision). */
  row(slot: number): Row | undefined {
    const chunk = this.#chunk(slot);
    if (!chunk || slot < this.#start || slot >= this.#end) return undefined;
    const at = slot & MASK;
    const duration = chunk.duration[at] ?? Number.NaN;
    const of = chunk.of[at] ?? 0;
    const index = chunk.index[at] ?? -1;
    const heard = chunk.heard[at] ?? -1;
    const replayOf = chunk.replayOf[at] ?? 0;
    const answeredBy = ANSWERERS[(chunk.answeredBy[at] ?? 0) - 1];
    const note = chunk.note.get(at);
    const cause = chunk.cause[at] ?? 0;
    const outcomeSize = chunk.outcomeSize[at] ?? 0;
    const phases = phasesAt(chunk, at);
    const comment = chunk.comment.get(at);
    return {
      id: chunk.id[at] ?? 0,
      time: chunk.time[at] ?? 0,
      kind: KINDS[chunk.kind[at] ?? 0] ?? 'message',
      direction: DIRECTIONS[chunk.direction[at] ?? 0] ?? 'to-host',
      app: this.strings.text(chunk.app[at] ?? -1),
      window: this.strings.text(chunk.window[at] ?? -1),
      name: this.strings.text(chunk.name[at] ?? -1),
      status: STATUSES[chunk.status[at] ?? 0] ?? 'ok',
      size: chunk.size[at] ?? 0,
      preview: chunk.preview[at] ?? '',
      ...(Number.isNaN(duration) ? {} : { duration }),
      ...(of === 0 ? {} : { of }),
      ...(index < 0 ? {} : { index }),
      ...(heard < 0 ? {} : { heard }),
      ...(replayOf === 0 ? {} : { replayOf }),
      ...(answeredBy === undefined ? {} : { answeredBy }),
      ...(note === undefined ? {} : { note }),
      ...(cause === 0 ? {} : { cause }),
      ...(outcomeSize === 0 ? {} : { outcomeSize }),
      ...(phases === undefined ? {} : { phases }),
      ...(chunk.marked.has(at) ? { marked: true } : {}),
      ...(comment === undefined ? {} : { comment }),
    };
  }

  /** When the row of a slot came; NaN where it is not kept. */
  timeOf(slot: number): number {
    return this.#chunk(slot)?.time[slot & MASK] ?? Number.NaN;
  }

  /** The record that a record came from, 0 for none. */
  causeOf(id: number): number {
    const slot = this.slotOf(id);
    const chunk = this.#chunk(slot);
    return chunk?.cause[slot & MASK] || chunk?.of[slot & MASK] || 0;
  }

  /** Takes the host's answers about a record and gives its slot, -1 where it is not kept. */
  setHits(id: number, bits: number): number {
    const slot = this.slotOf(id);
    const chunk = this.#chunk(slot);
    if (!chunk) return -1;
    chunk.hits[slot & MASK] = bits;
    chunk.answered[slot & MASK] = 1;
    return slot;
  }

  /** Other terms were asked: no answer counts any more. */
  clearHits(): void {
    for (const { answered } of this.#chunks) answered.fill(0);
  }

  /** Whether the row of a slot passes. */
  test(slot: number, test: RowTest): boolean {
    const chunk = this.#chunk(slot);
    return chunk !== undefined && slot >= this.#start && slot < this.#end && test(chunk, slot & MASK);
  }

  /** One thing of a slot's row, without making the row; undefined where it is not kept. */
  read<T>(slot: number, of: (rows: Columns, at: number) => T): T | undefined {
    const chunk = this.#chunk(slot);
    return chunk !== undefined && slot >= this.#start && slot < this.#end ? of(chunk, slot & MASK) : undefined;
  }

  /** Calls `found` with each slot in [from, to) whose row passes. */
  scan(from: number, to: number, test: RowTest, found: (slot: number) => void): void {
    let slot = Math.max(from, this.#start);
    const end = Math.min(to, this.#end);
    while (slot < end) {
      const chunk = this.#chunk(slot);
      const stop = Math.min(end, (slot | MASK) + 1);
      if (!chunk) return;
      for (; slot < stop; slot++) if (test(chunk, slot & MASK)) found(slot);
    }
  }

  #chunk(slot: number): Columns | undefined {
    return this.#chunks[(slot >>> CHUNK_BITS) - this.#dropped];
  }

  #id(slot: number): number {
    return this.#chunk(slot)?.id[slot & MASK] ?? 0;
  }

  #grow(): Columns {
    const chunk = new Columns();
    this.#chunks.push(chunk);
    return chunk;
  }

  /** The first kept slot whose id is not below `id`: ids rise with slots. */
  #firstFrom(id: number): number {
    let low = this.#start;
    let high = this.#end;
    while (low < high) {
      const middle = Math.floor((low + high) / 2);
      if (this.#id(middle) < id) low = middle + 1;
      else high = middle;
    }
    return low;
  }

  #replace(row: Row): number {
    const slot = this.slotOf(row.id);
    const chunk = slot < 0 ? undefined : this.#chunk(slot);
    if (!chunk) return -1;
    this.#forget(chunk, slot & MASK);
    this.#write(chunk, slot & MASK, row);
    return slot;
  }

  #write(chunk: Columns, at: number, row: Row): void {
    const status = STATUSES.indexOf(row.status);
    chunk.id[at] = row.id;
    chunk.time[at] = row.time;
    chunk.kind[at] = KINDS.indexOf(row.kind);
    chunk.status[at] = status;
    chunk.direction[at] = DIRECTIONS.indexOf(row.direction);
    chunk.app[at] = this.strings.retain(row.app);
    chunk.window[at] = this.strings.retain(row.window);
    chunk.name[at] = this.strings.retain(row.name);
    chunk.duration[at] = row.duration ?? Number.NaN;
    chunk.size[at] = row.size;
    chunk.of[at] = row.of ?? 0;
    chunk.replayOf[at] = row.replayOf ?? 0;
    chunk.index[at] = row.index ?? -1;
    chunk.heard[at] = row.heard ?? -1;
    chunk.answeredBy[at] = row.answeredBy === undefined ? 0 : ANSWERERS.indexOf(row.answeredBy) + 1;
    chunk.preview[at] = row.preview;
    if (row.note !== undefined) chunk.note.set(at, row.note);
    chunk.cause[at] = row.cause ?? 0;
    chunk.outcomeSize[at] = row.outcomeSize ?? 0;
    chunk.answered[at] = 0;
    if (row.phases) writePhases(chunk, at, row.phases);
    if (row.marked) chunk.marked.add(at);
    if (row.comment !== undefined) chunk.comment.set(at, row.comment);
    chunk.noted[at] = row.note === undefined && row.comment === undefined ? 0 : 1;
    this.#statusCounts[status] = (this.#statusCounts[status] ?? 0) + 1;
  }

  #forget(chunk: Columns, at: number): void {
    const status = chunk.status[at] ?? 0;
    this.#statusCounts[status] = (this.#statusCounts[status] ?? 1) - 1;
    this.strings.release(chunk.app[at] ?? -1);
    this.strings.release(chunk.window[at] ?? -1);
    this.strings.release(chunk.name[at] ?? -1);
    chunk.preview[at] = '';
    chunk.note.delete(at);
    chunk.marked.delete(at);
    chunk.comment.delete(at);
    chunk.phases?.fill(Number.NaN, at * PHASES.length, (at + 1) * PHASES.length);
  }
}

function writePhases(chunk: Columns, at: number, phases: Phases): void {
  chunk.phases ??= new Float32Array(CHUNK_ROWS * PHASES.length).fill(Number.NaN);
  for (const [index, phase] of PHASES.entries()) {
    chunk.phases[at * PHASES.length + index] = phases[phase] ?? Number.NaN;
  }
}

function phasesAt({ phases }: Columns, at: number): Phases | undefined {
  if (!phases) return undefined;
  const entries = PHASES.flatMap((phase, index) => {
    const milliseconds = phases[at * PHASES.length + index] ?? Number.NaN;
    return Number.isNaN(milliseconds) ? [] : [[phase, milliseconds] as const];
  });
  return entries.length === 0 ? undefined : Object.fromEntries(entries);
}

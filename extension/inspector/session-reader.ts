/** Reads what an earlier window left of the session, in the background. Bodies stay in the file. */
import { open } from 'node:fs/promises';
import { setImmediate as nextTurn } from 'node:timers/promises';
import { join } from 'node:path';
import type { Body, MessageRecord } from '#core/record.ts';
import { bodyFromJson } from '#core/recording/body-json.ts';
import { type BodyReader, type DecodedLine, decodeLine, patched } from '#core/recording/ipcrec.ts';
import { type Line, LineSplitter } from '#core/recording/lines.ts';
import { SEGMENT_SPAN } from './session-file.ts';
import type { SessionFolder } from './session-folders.ts';
import { segmentName } from './session-names.ts';

/** Bytes that are read at once, and lines that are taken before others have their turn. */
const PIECE = 1024 * 1024;
const LINES = 500;

/** JSON of a body that is as short as its preview would be is kept as it is. A row shows 160 characters, and that there are more. */
const SHORT_BODY = 161;

interface Place {
  readonly at: number;
  readonly length: number;
}

interface Places {
  body: Place | undefined;
  outcome: Place | undefined;
  complete: boolean;
}

export interface ReadOptions {
  /** records from here on fit into the tap, those from `next` on are of this window */
  readonly first: number;
  readonly next: number;
  bodyAt(place: Place, size: number, preview: string): Body;
  /** nobody wants it any more */
  isOver(): boolean;
}

export interface ReadSession {
  /** in the order of their numbers */
  readonly records: readonly MessageRecord[];
  readonly places: ReadonlyMap<number, Places>;
  /** the last record of each segment */
  readonly last: ReadonlyMap<number, number>;
}

export async function readSession(folder: SessionFolder, options: ReadOptions): Promise<ReadSession> {
  const reader = new SessionReader(options);
  // Those of this window are written meanwhile; they begin behind those that were there.
  for (const { number } of folder.segments()) {
    if (options.isOver()) break;
    await reader.segment(join(folder.path, segmentName(number)), number);
  }
  return reader.end();
}

class SessionReader {
  readonly #options: ReadOptions;
  readonly #records = new Map<number, MessageRecord>();
  readonly #places = new Map<number, Places>();
  readonly #last = new Map<number, number>();
  readonly #texts = new Map<string, string>();

  constructor(options: ReadOptions) {
    this.#options = options;
  }

  async segment(path: string, number: number): Promise<void> {
    const file = await open(path, 'r').catch((error: NodeJS.ErrnoException) => {
      // Cleared, or pushed out by what this window writes, in the meantime.
      if (error.code === 'ENOENT') return undefined;
      throw error;
    });
    if (!file) return;
    try {
      const splitter = new LineSplitter();
      const piece = new Uint8Array(PIECE);
      let lines = 0;
      for (;;) {
        const { bytesRead } = await file.read(piece, 0, PIECE);
        if (bytesRead === 0) break;
        for (const line of splitter.push(piece.subarray(0, bytesRead))) {
          this.#line(line, number);
          if (++lines % LINES === 0) await nextTurn();
          if (this.#options.isOver()) return;
        }
      }
      // What stands behind the last line break is a line that was not finished.
    } finally {
      await file.close();
    }
  }

  #line({ bytes, at }: Line, segment: number): void {
    let place: Place | undefined;
    const read: BodyReader = (json, from, size) => {
      place = { at: segment * SEGMENT_SPAN + at + from, length: json.length };
      if (json.length <= SHORT_BODY) return bodyFromJson(json);
      return this.#options.bodyAt(place, size, previewOf(json, size));
    };
    const decoded = decodeLine(bytes, read);
    if (decoded?.kind === 'message' || decoded?.kind === 'change') this.#take(decoded, place, segment);
  }

  #take(
    decoded: Extract<DecodedLine, { kind: 'message' | 'change' }>,
    place: Place | undefined,
    segment: number,
  ): void {
    const id = decoded.kind === 'message' ? decoded.record.id : decoded.of;
    const { first, next } = this.#options;
    if (id >= next) return;
    this.#last.set(segment, Math.max(this.#last.get(segment) ?? 0, id));
    if (id < first) return;
    if (decoded.kind === 'message') {
      const { record } = decoded;
      const { app, window, name } = record;
      const shared = { app: this.#shared(app), window: this.#shared(window), name: this.#shared(name) };
      this.#records.set(id, { ...record, ...shared });
      this.#places.set(id, { body: place, outcome: undefined, complete: false });
      return;
    }
    const record = this.#records.get(id);
    if (!record) return;
    this.#records.set(id, patched(record, decoded.patch));
    const places = this.#places.get(id);
    if (!places || !decoded.patch.outcome) return;
    places.outcome = place;
    places.complete = true;
  }

  end(): ReadSession {
    const records = [...this.#records.values()].toSorted((a, b) => a.id - b.id);
    return { records: records.map(ended), places: this.#places, last: this.#last };
  }

  /** The same few names stand in every line: they need not be in memory as often. */
  #shared(text: string): string {
    const known = this.#texts.get(text);
    if (known !== undefined) return known;
    this.#texts.set(text, text);
    return text;
  }
}

/** What waited when its window went waits no more. */
function ended(record: MessageRecord): MessageRecord {
  return record.status === 'pending' ? { ...record, status: 'orphan', note: RELOADED } : record;
}

export const RELOADED = 'VS Code was reloaded';

function previewOf(json: Uint8Array, size: number): string {
  const start = Buffer.from(json.subarray(0, SHORT_BODY * 4)).toString();
  return start.startsWith('{"$bytes"') ? `${size.toLocaleString('en-US')} bytes` : start.slice(0, SHORT_BODY);
}

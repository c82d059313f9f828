/** What a program writes, as the shell plugin tells it: lines or pieces, as text of an encoding or as numbers. */
import { TextDecoder } from 'node:util';
import { reject } from '#core/error.ts';

/** What goes to the page: text, or with the encoding `raw` a list of numbers. */
export type Output = string | number[];

/** Makes output of bytes; an error's message says, in Rust's words, why they are no text. */
export interface Decoder {
  /** whether bytes are passed on as they come, and not by line */
  readonly raw: boolean;
  decode(bytes: Uint8Array): Output;
}

/** The decoder for `options.encoding`; rejects with Tauri's text where there is no such encoding. */
export function decoderFor(encoding: string | undefined): Decoder {
  if (encoding === undefined) return { raw: false, decode: decodeUtf8 };
  if (encoding === 'raw') return { raw: true, decode: (bytes) => Array.from(bytes) };
  let decoder: TextDecoder;
  try {
    decoder = new TextDecoder(encoding);
  } catch {
    throw reject(`unknown encoding ${encoding}`);
  }
  return { raw: false, decode: (bytes) => decoder.decode(bytes) };
}

const strict = new TextDecoder('utf-8', { fatal: true, ignoreBOM: true });

function decodeUtf8(bytes: Uint8Array): string {
  try {
    return strict.decode(bytes);
  } catch {
    throw new Error(utf8Problem(bytes));
  }
}

/** What Rust's `Utf8Error` says of bytes that are no UTF-8. */
export function utf8Problem(bytes: Uint8Array): string {
  let index = 0;
  while (index < bytes.length) {
    const { length, wrong } = sequenceAt(bytes, index);
    if (!wrong) index += length;
    else if (index + length >= bytes.length && wrong === 'incomplete') {
      return `incomplete utf-8 byte sequence from index ${index}`;
    } else return `invalid utf-8 sequence of ${length} bytes from index ${index}`;
  }
  return '';
}

/** How many bytes at `index` belong together, and what is wrong with them. */
function sequenceAt(bytes: Uint8Array, index: number): { length: number; wrong?: 'invalid' | 'incomplete' } {
  const first = bytes[index] as number;
  if (first < 0x80) return { length: 1 };
  const wanted =
    first >= 0xc2 && first <= 0xdf ? 2 : first >= 0xe0 && first <= 0xef ? 3 : first >= 0xf0 && first <= 0xf4 ? 4 : 0;
  if (wanted === 0) return { length: 1, wrong: 'invalid' };
  for (let at = 1; at < wanted; at++) {
    const byte = bytes[index + at];
    if (byte === undefined) return { length: at, wrong: 'incomplete' };
    // The second byte is bound further: no overlong form, no surrogate, nothing above U+10FFFF.
    const low = at > 1 ? 0x80 : first === 0xe0 ? 0xa0 : first === 0xf0 ? 0x90 : 0x80;
    const high = at > 1 ? 0xbf : first === 0xed ? 0x9f : first === 0xf4 ? 0x8f : 0xbf;
    if (byte < low || byte > high) return { length: at, wrong: 'invalid' };
  }
  return { length: wanted };
}

const NEWLINE = 0x0a;
const RETURN = 0x0d;
/** A line that never ends is told in parts. */
const MAX_LINE = 1024 * 1024;

/**
 * Cuts what comes into lines, as Tauri does: in what has come so far, a line ends with the first `\n`, or with the first
 * `\r` where there is no `\n`; the line has its end with it.
 */
export class LineCutter {
  #kept: Buffer[] = [];
  #length = 0;

  *cut(chunk: Buffer): Generator<Buffer> {
    let rest = chunk;
    while (rest.length > 0) {
      const newline = rest.indexOf(NEWLINE);
      const end = newline >= 0 ? newline : rest.indexOf(RETURN);
      const room = MAX_LINE - this.#length;
      if (end < 0 && rest.length < room) {
        this.#keep(rest);
        return;
      }
      const length = end >= 0 && end < room ? end + 1 : wholeCharacters(rest, room);
      this.#keep(rest.subarray(0, length));
      rest = rest.subarray(length);
      yield this.#take();
    }
  }

  /** What came after the last line. */
  *end(): Generator<Buffer> {
    if (this.#length > 0) yield this.#take();
  }

  #keep(part: Buffer): void {
    this.#kept.push(part);
    this.#length += part.length;
  }

  #take(): Buffer {
    const line = Buffer.concat(this.#kept);
    this.#kept = [];
    this.#length = 0;
    return line;
  }
}

/** At most `room` bytes, without the beginning of a character of UTF-8. */
function wholeCharacters(bytes: Buffer, room: number): number {
  let length = Math.min(room, bytes.length);
  for (let back = 0; back < 3 && length > 1 && ((bytes[length] ?? 0) & 0xc0) === 0x80; back++) length--;
  return Math.max(length, 1);
}

/** Takes bytes apart into lines, as they come in pieces of any length. */

export interface Line {
  /** without its line break */
  readonly bytes: Uint8Array;
  /** where it begins, from the first byte on */
  readonly at: number;
}

/** JavaScript has no longer texts. Of a longer line only the first byte is there, so that it counts as unreadable. */
export const MAX_LINE = 512 * 1024 * 1024;

const LINE_FEED = 0x0a;
const CARRIAGE_RETURN = 0x0d;

export class LineSplitter {
  readonly #most: number;
  /** the pieces of a line whose end has not come */
  #rest: Uint8Array[] = [];
  #restLength = 0;
  #at = 0;

  constructor(most = MAX_LINE) {
    this.#most = most;
  }

  *push(piece: Uint8Array): Generator<Line> {
    let from = 0;
    let end = piece.indexOf(LINE_FEED);
    while (end >= 0) {
      yield this.#line(piece.subarray(from, end), 1);
      from = end + 1;
      end = piece.indexOf(LINE_FEED, from);
    }
    if (from === piece.length) return;
    this.#restLength += piece.length - from;
    // A copy: whoever reads a file may use the piece again.
    if (this.#restLength <= this.#most) this.#rest.push(piece.slice(from));
    else this.#rest = [(this.#rest[0] ?? piece.subarray(from)).slice(0, 1)];
  }

  /** What stands behind the last line break; undefined where nothing does. */
  end(): Line | undefined {
    return this.#restLength === 0 ? undefined : this.#line(new Uint8Array(0), 0);
  }

  #line(end: Uint8Array, breakLength: number): Line {
    const at = this.#at;
    let bytes = end;
    if (this.#restLength > this.#most) {
      bytes = this.#rest[0] ?? end;
      this.#at += this.#restLength + end.length - bytes.length;
      this.#rest = [];
      this.#restLength = 0;
    } else if (this.#restLength > 0) {
      bytes = new Uint8Array(this.#restLength + end.length);
      let to = 0;
      for (const piece of [...this.#rest, end]) {
        bytes.set(piece, to);
        to += piece.length;
      }
      this.#rest = [];
      this.#restLength = 0;
    }
    this.#at += bytes.length + breakLength;
    return { bytes: bytes.at(-1) === CARRIAGE_RETURN ? bytes.subarray(0, -1) : bytes, at };
  }
}

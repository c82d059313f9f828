/**
 * A JSON text as lines, found in steps and without a string for each: two numbers a line say where it begins in the text
 * and how far it is indented. A line is laid out when it is drawn.
 */
import { endOfString, prettyJson, skipBlanks } from '#core/json-text.ts';

/** So many characters are looked through in one step. */
const STEP = 1 << 16;
/** One line's characters that are drawn; the rest is in the editor and in the copy. */
const LONGEST = 5000;
/** Indented no further than this, or hostile nesting would make lines of megabytes. */
const DEEPEST = 200;

export class JsonLines {
  readonly text: string;
  #starts = new Uint32Array(256);
  #depths = new Uint8Array(256);
  #count = 0;
  #depth = 0;

  constructor(text: string) {
    this.text = text;
  }

  /** Lines found so far. */
  get count(): number {
    return this.#count;
  }

  at(index: number): string {
    const start = this.#starts[index] ?? 0;
    const end = index + 1 < this.#count ? (this.#starts[index + 1] ?? 0) : this.text.length;
    const source = this.text.slice(start, Math.min(end, start + LONGEST));
    return '  '.repeat(this.#depths[index] ?? 0) + prettyJson(source).trim();
  }

  /** Where a line begins in the text. */
  startOf(index: number): number {
    return this.#starts[index] ?? 0;
  }

  /** The line that a place in the text is on. */
  lineOf(place: number): number {
    let [low, high] = [0, this.#count];
    while (low + 1 < high) {
      const middle = (low + high) >> 1;
      if ((this.#starts[middle] ?? 0) <= place) low = middle;
      else high = middle;
    }
    return low;
  }

  /** Finds the lines; yields the place it has come to. */
  *find(): Generator<number, void> {
    const { text } = this;
    const structure = /["{}[\],]/g;
    let step = STEP;
    this.#add(skipBlanks(text, 0));
    for (let match = structure.exec(text); match; match = structure.exec(text)) {
      const at = match.index;
      const char = match[0];
      if (char === '"') structure.lastIndex = endOfString(text, at);
      else if (char === ',') this.#add(skipBlanks(text, at + 1));
      else if (char === '}' || char === ']') {
        this.#depth--;
        this.#add(at);
      } else {
        const next = skipBlanks(text, at + 1);
        if (text[next] === '}' || text[next] === ']') structure.lastIndex = next + 1;
        else {
          this.#depth++;
          this.#add(next);
        }
      }
      if (at < step) continue;
      step = at + STEP;
      yield at;
    }
  }

  #add(start: number): void {
    if (this.#count > 0 && start >= this.text.length) return;
    if (this.#count === this.#starts.length) {
      this.#starts = grown(this.#starts, new Uint32Array(this.#count * 2));
      this.#depths = grown(this.#depths, new Uint8Array(this.#count * 2));
    }
    this.#starts[this.#count] = start;
    this.#depths[this.#count++] = Math.min(Math.max(0, this.#depth), DEEPEST);
  }
}

function grown<T extends Uint32Array | Uint8Array>(from: T, to: T): T {
  to.set(from);
  return to;
}

/** So many finds are kept; more are only counted as "more". */
export const MOST_FOUND = 10_000;
/** Finds over the edge of two windows are seen up to this length. */
const OVERLAP = 256;

/** Places in a text where the pattern is found, in steps. */
export function* findInText(text: string, pattern: RegExp): Generator<number, readonly number[]> {
  const places: number[] = [];
  for (let from = 0; from < text.length; from += STEP) {
    const window = text.slice(from, from + STEP + OVERLAP);
    for (const match of window.matchAll(pattern)) {
      if (match[0] === '' || match.index >= STEP) continue;
      places.push(from + match.index);
      if (places.length >= MOST_FOUND) return places;
    }
    yield from;
  }
  return places;
}

/** What `serde_json` says of text that is no JSON object, with the line and column it names. */
import { unexpected } from '#core/serde.ts';

/** Lists and objects inside of each other that serde_json reads. */
const MAX_DEPTH = 128;

class Fault extends Error {}

/**
 * The JSON object in `text`, as entries.
 *
 * @throws Error in serde_json's words where there is none
 */
export function parseObject(text: string): Map<string, unknown> {
  const scan = new Scan(text);
  // A list is refused before any of it is read; all else is read first.
  const start = text.search(/[^ \n\t\r]/);
  if (text[start] === '[') throw scan.fault('invalid type: sequence, expected a map', start);
  let value: unknown;
  try {
    value = JSON.parse(text);
  } catch (error) {
    scan.document();
    throw error; // what JSON.parse refuses, the scan refuses
  }
  scan.document();
  if (typeof value === 'object' && value !== null) return new Map(Object.entries(value));
  throw scan.fault(`invalid type: ${unexpected(value)}, expected a map`, text.trimEnd().length);
}

/** Reads JSON as serde_json does, for its errors alone. */
class Scan {
  readonly #text: string;
  #at = 0;
  #depth = 0;

  constructor(text: string) {
    this.#text = text;
  }

  document(): void {
    this.#at = 0;
    this.#value();
    if (this.#peek() !== undefined) throw this.#here('trailing characters');
  }

  /** `message` with the place after `index` characters. */
  fault(message: string, index: number): Error {
    const before = this.#text.slice(0, index);
    const start = before.lastIndexOf('\n') + 1;
    const line = before.split('\n').length;
    return new Fault(`${message} at line ${line} column ${Buffer.byteLength(before.slice(start))}`);
  }

  /** At the character that comes next, or the end. */
  #here(message: string): Error {
    return this.fault(message, Math.min(this.#text.length, this.#at + 1));
  }

  /** At the character that was read last. */
  #behind(message: string): Error {
    return this.fault(message, this.#at);
  }

  #peek(): string | undefined {
    while (/[ \n\t\r]/.test(this.#text[this.#at] ?? '')) this.#at++;
    return this.#text[this.#at];
  }

  #next(): string | undefined {
    const char = this.#text[this.#at];
    if (char !== undefined) this.#at++;
    return char;
  }

  #value(): void {
    const char = this.#peek();
    if (char === undefined) throw this.#here('EOF while parsing a value');
    if (char === '"') this.#string();
    else if (char === '{') this.#nested(() => this.#object());
    else if (char === '[') this.#nested(() => this.#list());
    else if (char === '-' || isDigit(char)) this.#number();
    else {
      const word = { n: 'null', t: 'true', f: 'false' }[char];
      if (!word) throw this.#here('expected value');
      this.#word(word);
    }
  }

  #nested(read: () => void): void {
    if (++this.#depth >= MAX_DEPTH) throw this.#here('recursion limit exceeded');
    this.#at++;
    read();
    this.#depth--;
  }

  #object(): void {
    for (let first = true; ; first = false) {
      let char = this.#peek();
      if (char === undefined) throw this.#here('EOF while parsing an object');
      if (char === '}') break;
      if (!first) {
        if (char !== ',') throw this.#here('expected `,` or `}`');
        this.#at++;
        char = this.#peek();
      }
      if (char === undefined) throw this.#here('EOF while parsing a value');
      if (char === '}') throw this.#here('trailing comma');
      if (char !== '"') throw this.#here('key must be a string');
      this.#string();
      const colon = this.#peek();
      if (colon === undefined) throw this.#here('EOF while parsing an object');
      if (colon !== ':') throw this.#here('expected `:`');
      this.#at++;
      this.#value();
    }
    this.#at++;
  }

  #list(): void {
    for (let first = true; ; first = false) {
      let char = this.#peek();
      if (char === undefined) throw this.#here('EOF while parsing a list');
      if (char === ']') break;
      if (!first) {
        if (char !== ',') throw this.#here('expected `,` or `]`');
        this.#at++;
        char = this.#peek();
      }
      if (char === ']') throw this.#here('trailing comma');
      this.#value();
    }
    this.#at++;
  }

  #word(word: string): void {
    for (const expected of word) {
      const char = this.#next();
      if (char === undefined) throw this.#behind('EOF while parsing a value');
      if (char !== expected) throw this.#behind('expected ident');
    }
  }

  #number(): void {
    const start = this.#at;
    if (this.#text[this.#at] === '-') this.#at++;
    const first = this.#next();
    if (first === undefined) throw this.#behind('EOF while parsing a value');
    if (!isDigit(first)) throw this.#behind('invalid number');
    if (first === '0' && isDigit(this.#text[this.#at])) throw this.#here('invalid number');
    this.#digits();
    if (this.#text[this.#at] === '.') {
      this.#at++;
      if (!isDigit(this.#text[this.#at])) {
        throw this.#here(this.#at < this.#text.length ? 'invalid number' : 'EOF while parsing a value');
      }
      this.#digits();
    }
    if (/[eE]/.test(this.#text[this.#at] ?? '')) {
      this.#at++;
      if (/[+-]/.test(this.#text[this.#at] ?? '')) this.#at++;
      const digit = this.#next();
      if (digit === undefined) throw this.#behind('EOF while parsing a value');
      if (!isDigit(digit)) throw this.#behind('invalid number');
      this.#digits();
    }
    if (!Number.isFinite(Number(this.#text.slice(start, this.#at)))) throw this.#behind('number out of range');
  }

  #digits(): void {
    while (isDigit(this.#text[this.#at])) this.#at++;
  }

  #string(): void {
    this.#at++;
    for (;;) {
      const char = this.#next();
      if (char === undefined) throw this.#behind('EOF while parsing a string');
      if (char === '"') return;
      if (char < ' ') throw this.#behind('control character (\\u0000-\\u001F) found while parsing a string');
      if (char === '\\') this.#escape();
    }
  }

  #escape(): void {
    const char = this.#next();
    if (char === undefined) throw this.#behind('EOF while parsing a string');
    if (char !== 'u') {
      if (!'"\\/bfnrt'.includes(char)) throw this.#behind('invalid escape');
      return;
    }
    const unit = this.#hex();
    if (unit >= 0xdc00 && unit <= 0xdfff) throw this.#behind('lone leading surrogate in hex escape');
    if (unit < 0xd800 || unit > 0xdbff) return;
    // The other half of a pair has to follow.
    for (const expected of '\\u') {
      const next = this.#next();
      if (next === undefined) throw this.#behind('EOF while parsing a string');
      if (next !== expected) throw this.#behind('unexpected end of hex escape');
    }
    const low = this.#hex();
    if (low < 0xdc00 || low > 0xdfff) throw this.#behind('lone leading surrogate in hex escape');
  }

  #hex(): number {
    const digits = this.#text.slice(this.#at, this.#at + 4);
    this.#at += digits.length;
    if (digits.length < 4) throw this.#behind('EOF while parsing a string');
    if (!/^[\da-fA-F]{4}$/.test(digits)) throw this.#behind('invalid escape');
    return Number.parseInt(digits, 16);
  }
}

const isDigit = (char: string | undefined) => char !== undefined && char >= '0' && char <= '9';

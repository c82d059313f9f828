/** JSON as text. Payloads are shown as they were sent, so numbers and key order must survive what `JSON.parse` would lose. */
import { endOfString, skipBlanks } from '#core/json-text.ts';

export interface JsonError {
  readonly offset: number;
  readonly line: number;
  readonly column: number;
  readonly message: string;
}

/** The number in a JSON text that a JavaScript number cannot hold. */
export class ExactNumber {
  readonly source: string;
  constructor(source: string) {
    this.source = source;
  }
}

type SourceReviver = (key: string, value: unknown, context?: { readonly source?: string }) => unknown;

/** The value of a JSON text; numbers that would lose digits come as `ExactNumber`. */
export function parseJson(json: string): unknown {
  // Reviving visits every value, so only texts with a number that long pay for it.
  if (!/\d{16}/.test(json)) return JSON.parse(json);
  const keepExact: SourceReviver = (_key, value, context) =>
    typeof value === 'number' && context?.source !== undefined && !sameNumber(value, context.source)
      ? new ExactNumber(context.source)
      : value;
  return JSON.parse(json, keepExact);
}

function sameNumber(value: number, source: string): boolean {
  return Number.isSafeInteger(value) || !/^-?\d+$/.test(source);
}

/** Where and why a text is not JSON, or undefined when it is. */
export function findJsonError(text: string): JsonError | undefined {
  try {
    JSON.parse(text);
    return undefined;
  } catch {
    // The engine's message differs between versions and often has no position: look again, slowly.
  }
  const { offset, message } = new Scanner(text).firstError();
  const before = text.slice(0, offset);
  const line = before.split('\n').length;
  return { offset, line, column: offset - before.lastIndexOf('\n'), message };
}

const ESCAPE = /^\\(?:["\\/bfnrt]|u[\da-fA-F]{4})/;

class Scanner {
  readonly #text: string;
  #at = 0;

  constructor(text: string) {
    this.#text = text;
  }

  firstError(): { offset: number; message: string } {
    const message = this.#value() ?? (this.#peek() === '' ? 'This is not JSON' : 'Nothing may follow the value');
    return { offset: this.#at, message };
  }

  #peek(): string {
    this.#at = skipBlanks(this.#text, this.#at);
    return this.#text[this.#at] ?? '';
  }

  #value(): string | undefined {
    const char = this.#peek();
    if (char === '') return 'A value is missing here';
    if (char === '"') return this.#string();
    if (char === '{') return this.#list('}', () => this.#member());
    if (char === '[') return this.#list(']', () => this.#value());
    const token = /^(?:-?(?:0|[1-9]\d*)(?:\.\d+)?(?:[eE][+-]?\d+)?|true|false|null)(?![\w.+-])/.exec(
      this.#text.slice(this.#at, this.#at + 400),
    );
    if (!token) return char === "'" ? 'Strings need double quotes' : 'A value is expected here';
    this.#at += token[0].length;
    return undefined;
  }

  #member(): string | undefined {
    if (this.#peek() !== '"') return 'A key in double quotes is expected here';
    const error = this.#string();
    if (error) return error;
    if (this.#peek() !== ':') return '“:” is expected here';
    this.#at++;
    return this.#value();
  }

  #list(close: string, item: () => string | undefined): string | undefined {
    this.#at++;
    if (this.#peek() === close) {
      this.#at++;
      return undefined;
    }
    for (;;) {
      const error = item();
      if (error) return error;
      const char = this.#peek();
      if (char !== ',' && char !== close) return `“,” or “${close}” is expected here`;
      const comma = this.#at++;
      if (char === close) return undefined;
      if (this.#peek() === close) {
        this.#at = comma;
        return 'The last “,” is one too many';
      }
    }
  }

  #string(): string | undefined {
    const end = endOfString(this.#text, this.#at);
    const token = this.#text.slice(this.#at, end);
    for (let at = 1; at < token.length; at++) {
      const isEscape = token[at] === '\\';
      if (token.charCodeAt(at) >= 0x20 && (!isEscape || ESCAPE.test(token.slice(at, at + 6)))) {
        if (isEscape) at++;
        continue;
      }
      this.#at += at;
      return isEscape ? 'This escape does not exist' : 'A string ends on its line: “"” is missing';
    }
    if (token.length < 2 || !token.endsWith('"')) return 'This string has no end';
    this.#at = end;
    return undefined;
  }
}

/**
 * Takes secrets out of what leaves the session: values of keys that look like them. Looked for in JSON, in JSON inside of
 * strings and bytes, in pairs of names and values as HTTP headers are, and in what other texts have (secrets-in-text.ts).
 */
import { type Body, bodyText, loadBody, type MessageRecord } from '../record.ts';
import { escapePattern } from '../filter/text.ts';
import { MAY_HIDE, withoutSecrets } from './secrets-in-text.ts';

export const DEFAULT_REDACTION: readonly string[] = ['password', 'token', 'secret', 'authorization'];

export const REDACTED = '«redacted»';

/** What is nested deeper is taken out as a whole: nobody has looked into it. */
const MAX_DEPTH = 500;

/** How the name and the value of a pair are called. */
const NAMES = new Set(['name', 'key', 'header', 'field', 'k']);
const VALUES = new Set(['value', 'values', 'val', 'v']);

const encoder = new TextEncoder();
const decoder = new TextDecoder('utf-8', { fatal: true, ignoreBOM: true });

/** A JSON number that JavaScript would round, as it was written. In every engine that runs this; not yet in TypeScript's types. */
const { rawJSON } = JSON as unknown as { rawJSON(json: string): unknown };

export class Redactor {
  readonly #pattern: RegExp;

  /** @param patterns regular expressions, found anywhere in a key, in any case; what is none is looked for as it is */
  constructor(patterns: readonly string[]) {
    const all = patterns.map((pattern) => `(?:${isPattern(pattern) ? pattern : escapePattern(pattern)})`).join('|');
    this.#pattern = new RegExp(all, 'i');
  }

  record(record: MessageRecord): MessageRecord {
    const { name: ownName, body, outcome, headers, origin, note, comment, pageStack, stack } = record;
    return {
      ...record,
      // That of a request of a browser is its address.
      name: this.text(ownName),
      body: this.body(body),
      ...(outcome && { outcome: this.body(outcome) }),
      ...(headers && {
        headers: headers.map(([name, value]) => [name, this.#hides(name) ? REDACTED : this.text(value)] as const),
      }),
      ...(origin !== undefined && { origin: this.text(origin) }),
      ...(note !== undefined && { note: this.text(note) }),
      ...(comment !== undefined && { comment: this.text(comment) }),
      ...(pageStack !== undefined && { pageStack: this.text(pageStack) }),
      ...(stack !== undefined && { stack: this.text(stack) }),
    };
  }

  body(kept: Body): Body {
    const body = loadBody(kept);
    switch (body.kind) {
      case 'none':
      case 'dropped':
        return body;
      case 'bytes':
        return { kind: 'bytes', bytes: this.#bytes(body.bytes) };
      case 'json':
      case 'text': {
        const text = bodyText(body);
        const redacted = this.#json(text);
        return redacted === text ? body : { kind: 'text', json: redacted };
      }
    }
  }

  /** A string that may be JSON, or hold anything. */
  text(text: string): string {
    if (!this.#mayHide(text)) return text;
    if (/^\s*[{["]/.test(text)) {
      const redacted = this.#json(text);
      if (redacted !== text) return redacted;
    }
    return this.#free(text);
  }

  #free(text: string): string {
    return withoutSecrets(text, (key) => this.#hides(key), REDACTED);
  }

  #hides(key: string): boolean {
    return this.#pattern.test(key) || (/[%\\]/.test(key) && this.#pattern.test(plainKey(key)));
  }

  /** Most texts have no such word at all. An escaped character may hide one. Bytes may be numbers. */
  #mayHide(text: string): boolean {
    return this.#pattern.test(text) || MAY_HIDE.test(text) || /\[\s*\d{1,3}\s*,\s*\d{1,3}\s*,/.test(text);
  }

  #json(text: string): string {
    if (!this.#mayHide(text)) return text;
    let value: unknown;
    try {
      value = JSON.parse(text, keepNumber);
    } catch (error) {
      // No JSON, or torn. What is too deep to be parsed goes.
      return error instanceof SyntaxError ? this.#free(text) : JSON.stringify(REDACTED);
    }
    const change = { made: false };
    const redacted = this.#value(value, change, 0);
    // Of members with the same name only the last was seen: what is written anew has no others.
    return change.made || this.#free(text) !== text ? JSON.stringify(redacted) : text;
  }

  #value(value: unknown, change: { made: boolean }, depth: number): unknown {
    if (typeof value === 'string') {
      const text = this.text(value);
      if (text !== value) change.made = true;
      return text;
    }
    if (typeof value !== 'object' || value === null || isRawNumber(value)) return value;
    if (depth > MAX_DEPTH) return this.#hide(change);
    if (Array.isArray(value)) return this.#array(value, change, depth);
    const entries = Object.entries(value);
    // `{ name: 'authorization', value: '…' }`
    const named = entries.some(
      ([key, name]) => NAMES.has(key.toLowerCase()) && typeof name === 'string' && this.#hides(name),
    );
    return Object.fromEntries(
      entries.map(([key, member]) => [
        key,
        this.#hides(key) || (named && VALUES.has(key.toLowerCase()))
          ? this.#hide(change)
          : this.#value(member, change, depth + 1),
      ]),
    );
  }

  #array(values: readonly unknown[], change: { made: boolean }, depth: number): unknown {
    const [name] = values;
    if (values.length === 2 && typeof name === 'string' && this.#hides(name))
      return [this.text(name), this.#hide(change)];
    if (isByteList(values)) {
      const bytes = Uint8Array.from(values);
      const redacted = this.#bytes(bytes);
      if (redacted === bytes) return values;
      change.made = true;
      return [...redacted];
    }
    // Names and values in turn, as Node has the headers of an answer.
    if (values.length % 2 === 0 && values.every((value) => typeof value === 'string')) {
      return values.map((value, at) =>
        at % 2 === 1 && this.#hides(values[at - 1] ?? '') ? this.#hide(change) : this.#value(value, change, depth + 1),
      );
    }
    return values.map((value) => this.#value(value, change, depth + 1));
  }

  #hide(change: { made: boolean }): string {
    change.made = true;
    return REDACTED;
  }

  /** Bytes that are text: JSON, or a form. */
  #bytes(bytes: Uint8Array): Uint8Array {
    let text: string;
    try {
      text = decoder.decode(bytes);
    } catch {
      return bytes;
    }
    const redacted = this.text(text);
    return redacted === text ? bytes : encoder.encode(redacted);
  }
}

/** A key as it is meant where it stands in an address, or in JSON that could not be parsed. */
function plainKey(key: string): string {
  const plain = key.replaceAll(/\\+u([\da-f]{4})/gi, (_all, code: string) => String.fromCharCode(parseInt(code, 16)));
  try {
    return decodeURIComponent(plain);
  } catch {
    return plain;
  }
}

function isPattern(pattern: string): boolean {
  try {
    return pattern !== '' && new RegExp(pattern) instanceof RegExp;
  } catch {
    return false;
  }
}

function isByteList(values: readonly unknown[]): values is readonly number[] {
  return (
    values.length > 2 &&
    values.every((value) => typeof value === 'number' && Number.isInteger(value) && value >= 0 && value <= 255)
  );
}

function keepNumber(_key: string, value: unknown, context?: { readonly source?: string }): unknown {
  const source = context?.source;
  return typeof value === 'number' && source !== undefined && source !== String(value) ? rawJSON(source) : value;
}

function isRawNumber(value: object): boolean {
  return Object.getPrototypeOf(value) === null && 'rawJSON' in value;
}

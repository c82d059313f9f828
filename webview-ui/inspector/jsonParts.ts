/**
 * Reads a JSON text in steps, so that a page that shows 20 MB takes keys in between. Small parts are read by the
 * engine's own parser, which is many times faster than one in JavaScript; what is here only finds where they end.
 */
import { endOfString, skipBlanks } from '#core/json-text.ts';
import { isObject } from './jsonTree.ts';
import { parseJson } from './json.ts';

export interface ParsedJson {
  readonly value: unknown;
  /** lists and objects whose end was not in the text, because only its beginning was given */
  readonly cut: ReadonlySet<object>;
}

/** Texts up to this long are read at once: about a millisecond. */
const STEP = 1 << 16;
/** Deeper than this nothing is read in steps, or hostile nesting would be looked through once for each level. */
const DEEPEST = 32;

/** Yields the place it has come to. A text that is no JSON gives itself. */
export function* readInSteps(text: string): Generator<number, ParsedJson> {
  const reader = new Reader(text);
  try {
    return { value: yield* reader.all(), cut: reader.cut };
  } catch {
    // A host that sends what is not JSON has a bug, but its text should still be seen.
    return { value: text, cut: new Set() };
  }
}

/** The text ends inside of the value. */
const CUT = -1;
/** The value is longer than one step. */
const LONG = -2;

class Reader {
  readonly cut = new Set<object>();
  readonly #text: string;
  #at = 0;

  constructor(text: string) {
    this.#text = text;
  }

  *all(): Generator<number, unknown> {
    const text = this.#text;
    if (text.length <= STEP) {
      try {
        return parseJson(text);
      } catch {
        // It may be cut: then its beginning can be read.
      }
    }
    this.#at = skipBlanks(text, 0);
    const value = yield* this.#value(0);
    if (value === undefined) throw new SyntaxError('nothing of it can be read');
    if (skipBlanks(text, this.#at) < text.length) throw new SyntaxError('more than one value');
    return value;
  }

  *#value(depth: number): Generator<number, unknown> {
    const text = this.#text;
    const start = this.#at;
    const char = text[start];
    if ((char === '{' || char === '[') && depth < DEEPEST) return yield* this.#container(char, depth);
    const end = this.#skip(start, text.length + 1);
    this.#at = end === CUT ? text.length : end;
    if (end === CUT) return char === '"' ? cutString(text.slice(start)) : undefined;
    return parseJson(text.slice(start, end));
  }

  *#container(open: '{' | '[', depth: number): Generator<number, unknown> {
    const text = this.#text;
    const [target, close] = open === '[' ? [[] as unknown[], ']'] : [{}, '}'];
    const add = (from: number, to: number) => {
      if (from < to) addMembers(target, parseJson(`${open}${text.slice(from, to)}${close}`));
    };
    /** members from here on are read, but not yet added */
    let from = this.#at + 1;
    let at = skipBlanks(text, from);
    if (text[at] === close) {
      this.#at = at + 1;
      return target;
    }
    for (;;) {
      const member = skipBlanks(text, at);
      const valueAt = open === '{' ? this.#valueOfMember(member) : member;
      const end = valueAt === CUT ? CUT : this.#skip(valueAt, member + STEP);
      // Where the text stops, a number may go on: only what follows shows that it is whole.
      const next = end < 0 ? end : skipBlanks(text, end);
      if (valueAt === CUT || end === CUT || next === text.length || end === LONG) {
        add(from, lastComma(text, from, member));
        if (valueAt === CUT || valueAt >= text.length) return this.#end(target);
        const key = open === '{' ? (JSON.parse(text.slice(member, endOfString(text, member))) as string) : undefined;
        this.#at = valueAt;
        const value = yield* this.#value(depth + 1);
        if (value !== undefined) addMember(target, key, value);
        at = skipBlanks(text, this.#at);
        from = at + 1;
      } else at = next;
      const char = text[at];
      if (char === undefined) return this.#end(target);
      if (char === close) {
        add(from, at);
        this.#at = at + 1;
        return target;
      }
      if (char !== ',') throw new SyntaxError('a comma is missing');
      if (at - from > STEP) {
        add(from, at);
        from = at + 1;
        yield at;
      }
      at++;
    }
  }

  #end(target: object): object {
    this.cut.add(target);
    this.#at = this.#text.length;
    return target;
  }

  #valueOfMember(at: number): number {
    const text = this.#text;
    if (at >= text.length) return CUT;
    if (text[at] !== '"') throw new SyntaxError('a key is missing');
    const colon = skipBlanks(text, endOfString(text, at));
    if (colon >= text.length) return CUT;
    if (text[colon] !== ':') throw new SyntaxError('a colon is missing');
    return skipBlanks(text, colon + 1);
  }

  /** The place after the value that begins at `start`. */
  #skip(start: number, limit: number): number {
    const text = this.#text;
    const char = text[start];
    if (char === '"') return stringEnd(text, start);
    if (char !== '{' && char !== '[') {
      const token = /[^\s,\]}]*/y;
      token.lastIndex = start;
      const [found = ''] = token.exec(text) ?? [];
      if (found === '' && start < text.length) throw new SyntaxError('a value is missing');
      return start + found.length >= text.length ? CUT : start + found.length;
    }
    const structure = /["{}[\]]/g;
    let depth = 0;
    structure.lastIndex = start;
    for (let match = structure.exec(text); match; match = structure.exec(text)) {
      const found = match[0];
      if (found === '"') {
        const end = stringEnd(text, match.index);
        if (end === CUT) return CUT;
        structure.lastIndex = end;
      } else if (found === '{' || found === '[') depth++;
      else if (--depth === 0) return match.index + 1;
      if (structure.lastIndex > limit) return LONG;
    }
    return CUT;
  }
}

function stringEnd(text: string, start: number): number {
  const end = endOfString(text, start);
  return end >= text.length && !isClosed(text, start) ? CUT : end;
}

/** Whether the string that reaches to the text's end has its closing quote. */
function isClosed(text: string, start: number): boolean {
  if (text.length - start < 2 || !text.endsWith('"')) return false;
  let slashes = 0;
  while (text[text.length - 2 - slashes] === '\\') slashes++;
  return slashes % 2 === 0;
}

/** As much of a cut string as can be read. */
function cutString(source: string): string | undefined {
  // A cut escape is at most five characters long.
  for (let less = 0; less < 6; less++) {
    try {
      return `${JSON.parse(`${source.slice(0, source.length - less)}"`) as string}…`;
    } catch {
      // One character less may be whole.
    }
  }
  return undefined;
}

/** The end of the members from `from` on that are whole, where the one at `member` is not: without the comma before it. */
function lastComma(text: string, from: number, member: number): number {
  let at = member - 1;
  while (at > from && text[at] !== ',') at--;
  return Math.max(from, at);
}

function addMembers(target: object, members: unknown): void {
  if (Array.isArray(target) && Array.isArray(members)) for (const item of members) target.push(item);
  else if (isObject(members)) for (const key of Object.keys(members)) addMember(target, key, members[key]);
}

function addMember(target: object, key: string | undefined, value: unknown): void {
  if (Array.isArray(target)) target.push(value);
  // Assigned, `__proto__` would not be a key.
  else if (key === '__proto__')
    Object.defineProperty(target, key, { value, writable: true, enumerable: true, configurable: true });
  else if (key !== undefined) (target as Record<string, unknown>)[key] = value;
}

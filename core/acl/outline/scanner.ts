/** What the readers of outlines share: a text that is read from front to back, and what was found in it. */
import type { Path, Range } from '../place.ts';
import type { Found, Region, Token } from './outline.ts';

/** Nobody writes deeper; a text of brackets alone must not use up the stack. */
const MAX_DEPTH = 100;

export type Container = Record<string, unknown> | unknown[];

export class Scanner {
  readonly text: string;
  at = 0;
  readonly #tokens: Token[] = [];
  readonly #regions: Region[] = [];

  constructor(text: string) {
    this.text = text;
  }

  found(value: unknown): Found {
    return { tokens: this.#tokens.sort((a, b) => a.range.start - b.range.start), regions: this.#regions, value };
  }

  get done(): boolean {
    return this.at >= this.text.length;
  }

  get char(): string {
    return this.text[this.at] ?? '';
  }

  startsWith(piece: string): boolean {
    return this.text.startsWith(piece, this.at);
  }

  /** What a sticky expression matches here; passed over. */
  take(pattern: RegExp): string | undefined {
    const found = this.look(pattern);
    if (found !== undefined) this.at += found.length;
    return found;
  }

  /** What a sticky expression matches here. */
  look(pattern: RegExp): string | undefined {
    pattern.lastIndex = this.at;
    return pattern.exec(this.text)?.[0];
  }

  isTooDeep(path: Path): boolean {
    return path.length > MAX_DEPTH;
  }

  region(kind: Region['kind'], path: Path, start: number, end = this.at): void {
    this.#regions.push({ kind, path, range: { start, end } });
  }

  token(role: Token['role'], path: Path, { range, inner, text, quote, isClosed }: Piece): void {
    this.#tokens.push({ role, path, range, inner, text, quote, isClosed });
  }

  /**
   * Reads a text in quotes. One that does not end on its line ends where something else must have been meant: before a
   * comma or a closing bracket.
   */
  quoted(quote: string, hasEscapes: boolean): Piece {
    const start = this.at;
    const from = start + quote.length;
    const newline = quote.length === 3 ? -1 : this.text.indexOf('\n', from);
    const limit = newline < 0 ? this.text.length : newline;
    let end = from;
    while (end < limit && !this.text.startsWith(quote, end)) end += hasEscapes && this.text[end] === '\\' ? 2 : 1;
    end = Math.min(end, limit);
    const isClosed = end < limit;
    if (!isClosed) end = from + (/^[^,\]}\r\n]*/.exec(this.text.slice(from, end))?.[0].trimEnd().length ?? 0);
    this.at = isClosed ? end + quote.length : end;
    const raw = this.text.slice(from, end);
    const text = hasEscapes ? unescape(raw) : raw;
    return { range: { start, end: this.at }, inner: { start: from, end }, text, quote, isClosed };
  }

  /** A piece without quotes that a sticky expression matches; at least one character. */
  bare(pattern: RegExp): Piece {
    const start = this.at;
    if (!this.take(pattern)) this.at++;
    const range = { start, end: this.at };
    return { range, inner: range, text: this.text.slice(start, this.at), quote: '', isClosed: true };
  }
}

export interface Piece {
  readonly range: Range;
  readonly inner: Range;
  readonly text: string;
  readonly quote: string;
  readonly isClosed: boolean;
}

/** Sets a member, also one whose name means something to JavaScript. */
export function setMember(object: Container, key: string | number, value: unknown): void {
  Object.defineProperty(object, key, { value, writable: true, enumerable: true, configurable: true });
}

/** `\x` as `x`, and what JSON and TOML have names for. */
function unescape(raw: string): string {
  if (!raw.includes('\\')) return raw;
  try {
    return JSON.parse(`"${raw}"`) as string;
  } catch {
    return raw.replace(/\\([^])/g, '$1');
  }
}

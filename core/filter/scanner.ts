/** Reads a filter's text piece by piece. What a piece is depends on where it stands, so the parser asks for what it expects. */
import { type FilterProblem, type Range, type Span, type TextItem, type Token, type UnitKind, UNITS } from './ast.ts';

/** Thrown inside the parser; whoever asked for the parse gets its `problem`. */
export class Stop extends Error {
  readonly problem: FilterProblem;

  constructor(message: string, start: number, end: number) {
    super(message);
    this.problem = { message, start, end };
  }
}

const NUMBER = /^-?\d+(?:\.\d+)?(?:e[+-]?\d+)?/i;

export class Scanner {
  readonly text: string;
  readonly tokens: Token[] = [];
  at = 0;

  constructor(text: string) {
    this.text = text;
  }

  get isAtEnd(): boolean {
    return this.at >= this.text.length;
  }

  get char(): string {
    return this.text[this.at] ?? '';
  }

  get next(): string {
    return this.text[this.at + 1] ?? '';
  }

  skipBlanks(): void {
    while (!this.isAtEnd && isBlank(this.char)) this.at++;
  }

  /** What a sticky pattern finds here, not taken yet. */
  peek(pattern: RegExp): RegExpExecArray | null {
    pattern.lastIndex = this.at;
    return pattern.exec(this.text);
  }

  take(length: number, kind: Token['kind']): Span {
    const span = { start: this.at, end: this.at + length };
    this.tokens.push({ kind, ...span });
    this.at = span.end;
    return span;
  }

  /** Whether a term is over here. */
  get isBoundary(): boolean {
    return this.isAtEnd || isBlank(this.char) || this.char === ')';
  }

  /** Up to a blank, or a parenthesis that is not the piece's own; in a list up to a comma. */
  bareEnd(inList: boolean): number {
    let depth = 0;
    let end = this.at;
    for (; end < this.text.length; end++) {
      const char = this.text[end] ?? '';
      if (isBlank(char) || (inList && char === ',')) break;
      if (char === '(') depth++;
      if (char === ')' && --depth < 0) break;
    }
    return end;
  }

  /** The problem of what stands here. */
  stop(message: string): never {
    const end = Math.max(this.bareEnd(false), this.at);
    throw new Stop(message, this.at, Math.max(end, Math.min(this.at + 1, this.text.length)));
  }

  /**
   * A text in quotes, or undefined where none begins here or it goes on behind its quote, as `"name":"A"` does. A text
   * whose quote is not closed yet goes to the end.
   */
  quoted(inList: boolean): string | undefined {
    if (this.char !== '"') return undefined;
    let text = '';
    let at = this.at + 1;
    for (; at < this.text.length && this.text[at] !== '"'; at++) {
      const following = this.text[at + 1];
      if (this.text[at] === '\\' && (following === '"' || following === '\\')) at++;
      text += this.text[at] ?? '';
    }
    if (!this.#endsAt(at + 1, inList)) return undefined;
    this.take(Math.min(at + 1, this.text.length) - this.at, 'value');
    return text;
  }

  /** `/pattern/i`, or undefined where it is none: `/usr/lib` is a word. */
  regex(inList: boolean): { readonly source: string; readonly ignoreCase: boolean } | undefined {
    if (this.char !== '/') return undefined;
    let inClass = false;
    for (let at = this.at + 1; at < this.text.length; at++) {
      const char = this.text[at];
      if (char === '\\') at++;
      else if (char === '[') inClass = true;
      else if (char === ']') inClass = false;
      else if (char === '/' && !inClass && at > this.at + 1) {
        const flags = /^[gimsu]*/.exec(this.text.slice(at + 1))?.[0] ?? '';
        if (!this.#endsAt(at + 1 + flags.length, inList)) continue;
        if (flags !== '' && flags !== 'i') {
          throw new Stop('i is the only flag of an expression', at + 1, at + 1 + flags.length);
        }
        const source = this.text.slice(this.at + 1, at);
        try {
          new RegExp(source);
        } catch (error) {
          const reason = (error as Error).message.replace(/^Invalid regular expression: .*?: /, '');
          throw new Stop(`no regular expression: ${reason}`, this.at, at + 1 + flags.length);
        }
        this.take(at + 1 + flags.length - this.at, 'regex');
        return { source, ignoreCase: flags === 'i' };
      }
    }
    return undefined;
  }

  item(expected: string): TextItem {
    const quoted = this.quoted(true);
    if (quoted !== undefined) return { kind: 'exact', text: quoted };
    const regex = this.regex(true);
    if (regex) return { kind: 'regex', ...regex };
    return { kind: 'glob', text: this.bare(expected) };
  }

  bare(expected: string, inList = true): string {
    const end = this.bareEnd(inList);
    if (end === this.at) this.stop(`expected ${expected}`);
    const text = this.text.slice(this.at, end);
    // It would take the ) of a group that it stands in.
    if (text.split('(').length !== text.split(')').length) this.stop('this ( is not closed: put the value in quotes');
    this.take(end - this.at, 'value');
    return text;
  }

  /** A number, with a unit where it has one. */
  number(unit: UnitKind, expected: string): number {
    const end = this.bareEnd(true);
    const read = readNumber(this.text.slice(this.at, end));
    if (!read) this.stop(`expected ${expected}`);
    const factor = this.#factor(read.unit, unit);
    this.take(end - this.at, 'value');
    return read.value * factor;
  }

  /** `5`, `1..5`, `..5`, `1..` with units; undefined where it is none. */
  range(unit: UnitKind | undefined): Range | undefined {
    const end = this.bareEnd(true);
    const text = this.text.slice(this.at, end);
    const dots = text.indexOf('..');
    const [first, last] = dots < 0 ? [text, text] : [text.slice(0, dots), text.slice(dots + 2)];
    if (first === '' && last === '') return undefined;
    const from = first === '' ? undefined : readNumber(first);
    const to = last === '' ? undefined : readNumber(last);
    if ((first !== '' && !from) || (last !== '' && !to)) return undefined;
    const isOfPath = unit === undefined;
    if (isOfPath && (dots < 0 || from?.unit || to?.unit)) return undefined;
    // `at:1..4s` means seconds at both ends.
    const ofFrom = from && from.value * this.#factor(from.unit || (to?.unit ?? ''), unit ?? 'count');
    const ofTo = to && to.value * this.#factor(to.unit, unit ?? 'count');
    this.take(end - this.at, 'value');
    return {
      kind: 'range',
      ...(ofFrom !== undefined && { from: ofFrom }),
      ...(ofTo !== undefined && { to: ofTo }),
    };
  }

  #factor(written: string, unit: UnitKind): number {
    const factor = written === '' ? 1 : UNITS[unit][written.toLowerCase()];
    if (factor !== undefined) return factor;
    const known = Object.keys(UNITS[unit]);
    return this.stop(
      known.length === 0 ? 'expected a number without a unit' : `expected a unit of ${known.join(', ')}`,
    );
  }

  #endsAt(at: number, inList: boolean): boolean {
    const char = this.text[at] ?? '';
    return char === '' || isBlank(char) || char === ')' || (inList ? char === ',' : char === '|' || char === '&');
  }
}

export const isBlank = (char: string) => /\s/.test(char);

function readNumber(text: string): { readonly value: number; readonly unit: string } | undefined {
  const digits = NUMBER.exec(text)?.[0];
  if (digits === undefined) return undefined;
  const unit = text.slice(digits.length);
  const value = Number(digits);
  return /^[a-z]*$/i.test(unit) && Number.isFinite(value) ? { value, unit } : undefined;
}

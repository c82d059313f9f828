/**
 * The filter language: texts to trees. Words stand for what they are found in, `key:value` for one place, numbers can
 * be compared, `and` is understood, `|` is or, `-` and `!` are not.
 */
import { nearest } from '../nearest.ts';
import {
  type Comparison,
  type Condition,
  type Filter,
  type FilterProblem,
  MESSAGE_KEYS,
  type MessageKey,
  NUMBER_KEYS,
  type NumberKey,
  PATH_ROOTS,
  type Range,
  type Scalar,
  type Span,
  STATES,
  type Term,
  TEXT_KEYS,
  type TextItem,
  type TextKey,
  type Token,
} from './ast.ts';
import { readPath } from './path.ts';
import { isBlank, Scanner, Stop } from './scanner.ts';

export interface ParsedFilter {
  /** absent where the text is empty, and everything fits, or where there is a problem */
  readonly filter?: Filter;
  readonly problem?: FilterProblem;
  /** what may be a slip, and is a filter all the same */
  readonly notice?: FilterProblem;
  readonly tokens: readonly Token[];
}

/** What a text means as a filter, or why it is none. */
export function parseFilter(text: string): ParsedFilter {
  const parser = new Parser(text);
  const { tokens } = parser.scanner;
  try {
    const filter = parser.query();
    return { tokens, ...(filter && { filter }), ...(parser.notice && { notice: parser.notice }) };
  } catch (error) {
    if (!(error instanceof Stop)) throw error;
    return { tokens, problem: error.problem };
  }
}

/** For callers that have nobody to show a problem to. */
export class FilterError extends Error implements FilterProblem {
  readonly start: number;
  readonly end: number;

  constructor(text: string, { message, start, end }: FilterProblem) {
    const found = text.slice(start, end);
    super(`The filter has an error at ${start + 1}${found === '' ? '' : ` (${found})`}: ${message}`);
    this.name = 'FilterError';
    this.start = start;
    this.end = end;
  }
}

/** The tree of a text, undefined where it is empty; throws a {@link FilterError}. */
export function readFilter(text: string): Filter | undefined {
  const { filter, problem } = parseFilter(text);
  if (problem) throw new FilterError(text, problem);
  return filter;
}

const DEEPEST = 100;
const TERM = 'a word, key:value, is:state or (';

// Sticky: they are tried at one place. `!=` before `!`, `>=` before `>`.
const OPERATOR = /\s*(==|=|!=|~|>=|>|<=|<)\s*/y;
const KEY = /([a-z]+(?:-[a-z]+)*)(?=:(?!\/\/)|\s*(?:[=<>~]|!=))/y;

class Parser {
  readonly scanner: Scanner;
  notice: FilterProblem | undefined;
  #depth = 0;

  constructor(text: string) {
    this.scanner = new Scanner(text);
  }

  query(): Filter | undefined {
    const { scanner } = this;
    scanner.skipBlanks();
    if (scanner.isAtEnd) return undefined;
    const filter = this.#or();
    if (!scanner.isAtEnd) throw new Stop('this ) closes nothing', scanner.at, scanner.at + 1);
    return filter;
  }

  #or(): Filter {
    const { scanner } = this;
    const any = [this.#and()];
    while (scanner.char === '|' || this.#isWord('OR')) {
      scanner.take(scanner.char === '|' ? (scanner.next === '|' ? 2 : 1) : 2, 'operator');
      any.push(this.#and());
    }
    return join('or', any);
  }

  #and(): Filter {
    const { scanner } = this;
    const all = [this.#not()];
    for (;;) {
      scanner.skipBlanks();
      if (scanner.isAtEnd || scanner.char === ')' || scanner.char === '|' || this.#isWord('OR'))
        return join('and', all);
      if (scanner.char === '&') scanner.take(scanner.next === '&' ? 2 : 1, 'operator');
      else if (this.#isWord('AND')) scanner.take(3, 'operator');
      all.push(this.#not());
    }
  }

  #not(): Filter {
    const { scanner } = this;
    scanner.skipBlanks();
    const start = scanner.at;
    // Alone it is a word.
    const isMinus = scanner.char === '-' && scanner.next !== '' && scanner.next !== ')' && !isBlank(scanner.next);
    const length = isMinus || scanner.char === '!' ? 1 : this.#isWord('NOT') ? 3 : 0;
    if (length === 0) return this.#primary();
    scanner.take(length, 'operator');
    const of = this.#deeper(() => this.#not());
    return { kind: 'not', of, start, end: of.end };
  }

  #primary(): Filter {
    const { scanner } = this;
    const { char } = scanner;
    if (char === '') scanner.stop(`expected ${TERM}`);
    if (char === ')' || char === '|' || char === '&') {
      throw new Stop(`expected ${TERM} before ${char}`, scanner.at, scanner.at + 1);
    }
    if (char !== '(') return this.#term();
    const open = scanner.take(1, 'operator');
    const inner = this.#deeper(() => this.#or());
    if (scanner.char !== ')') throw new Stop('this ( is not closed: expected )', open.start, open.end);
    scanner.take(1, 'operator');
    return inner;
  }

  #deeper(read: () => Filter): Filter {
    if (++this.#depth > DEEPEST) this.scanner.stop(`nested deeper than ${DEEPEST}`);
    const filter = read();
    this.#depth--;
    return filter;
  }

  #isWord(word: string): boolean {
    const { text, at } = this.scanner;
    if (!text.startsWith(word, at)) return false;
    const next = text[at + word.length] ?? ' ';
    return isBlank(next) || next === '(' || next === ')';
  }

  #term(): Term {
    const { scanner } = this;
    const start = scanner.at;
    const term = this.#path() ?? this.#keyed() ?? this.#word();
    return { ...term, start, end: scanner.at } as Term;
  }

  #word(): Unplaced {
    const { scanner } = this;
    const { at } = scanner;
    const regex = scanner.regex(false);
    if (regex) return { kind: 'regex', ...regex };
    const quoted = scanner.quoted(false);
    if (quoted !== undefined) {
      if (quoted === '') throw new Stop('expected a text between the quotes', at, scanner.at);
      return { kind: 'word', text: quoted };
    }
    const { start, end } = scanner.take(scanner.bareEnd(false) - scanner.at, 'word');
    const text = scanner.text.slice(start, end);
    const key = /^([a-z][a-z-]*):(?!\/\/)/.exec(text)?.[1];
    const meant = key === undefined ? undefined : nearest(key, [...KEYS, ...PATH_ROOTS]);
    if (key !== undefined && meant !== undefined) {
      this.notice ??= {
        message: `no key: looked for as text. Did you mean ${meant}:?`,
        start,
        end: start + key.length,
      };
    }
    return { kind: 'word', text };
  }

  #keyed(): Unplaced | undefined {
    const { scanner } = this;
    const key = scanner.peek(KEY)?.[1];
    if (key === undefined) return undefined;
    const isColon = scanner.text[scanner.at + key.length] === ':';
    if (isNumberKey(key)) return this.#number(key, isColon);
    if (!isColon) return undefined;
    if (key === 'is') return this.#is();
    if (isTextKey(key)) {
      this.#takeKey(key);
      return { kind: 'text', key, items: this.#list(() => scanner.item(`a value of ${key}, as in ${EXAMPLES[key]}`)) };
    }
    if (!isMessageKey(key)) return undefined;
    this.#takeKey(key);
    const expected = `the number of a message, as in ${key}:412`;
    return { kind: 'around', key, ids: this.#list(() => scanner.number('count', expected)) };
  }

  #is(): Unplaced {
    const { scanner } = this;
    this.#takeKey('is');
    const states = this.#list(() => {
      const start = scanner.at;
      const name = scanner.bare('a state, as in is:error');
      const state = STATES.find((known) => known === name);
      if (state) return state;
      const meant = nearest(name, STATES);
      const hint = meant ? `did you mean ${meant}?` : `expected ${STATES.slice(0, 8).join(', ')} …`;
      throw new Stop(`no state is called "${name}": ${hint}`, start, scanner.at);
    });
    return { kind: 'is', states };
  }

  #number(key: NumberKey, isColon: boolean): Unplaced {
    const { scanner } = this;
    const { unit } = NUMBER_KEYS[key];
    const expected = `a number, as in ${NUMBER_EXAMPLES[unit](key)}`;
    if (isColon) {
      this.#takeKey(key);
      const ranges = this.#list(() => scanner.range(unit) ?? scanner.stop(`expected ${expected}`));
      return { kind: 'number', key, ranges };
    }
    scanner.take(key.length, 'key');
    const op = this.#operator();
    if (op === '~') return scanner.stop(`expected ${expected}`);
    return { kind: 'compare', key, op, value: scanner.number(unit, expected) };
  }

  #takeKey(key: string): void {
    this.scanner.take(key.length, 'key');
    this.scanner.take(1, 'operator');
  }

  #list<T>(read: () => T): readonly T[] {
    const items = [read()];
    while (this.scanner.char === ',') {
      this.scanner.take(1, 'operator');
      items.push(read());
    }
    return items;
  }

  #operator(): Comparison | '~' {
    const { scanner } = this;
    const [all = '', op = '='] = scanner.peek(OPERATOR) ?? [];
    scanner.take(all.length, 'operator');
    return op === '==' ? '=' : (op as Comparison | '~');
  }

  /** `data.json` without an operator behind it is a word. */
  #path(): Unplaced | undefined {
    const { scanner } = this;
    const { at } = scanner;
    const path = readPath(scanner);
    if (!path) return undefined;
    const length = scanner.at - at;
    const isColon = scanner.char === ':';
    scanner.at = at;
    if (!isColon && !this.#hasOperatorAt(at + length)) return undefined;
    scanner.take(length, 'key');
    return { kind: 'path', ...path, condition: this.#condition(isColon) };
  }

  #hasOperatorAt(at: number): boolean {
    OPERATOR.lastIndex = at;
    return OPERATOR.test(this.scanner.text);
  }

  #condition(isColon: boolean): Condition {
    const { scanner } = this;
    if (isColon) {
      scanner.take(1, 'operator');
      const item = (): TextItem | Range => scanner.range(undefined) ?? scanner.item('a value, as in args.path:*.json');
      return { kind: 'fits', items: this.#list(item) };
    }
    const op = this.#operator();
    if (op === '~') return { kind: 'contains', item: this.#single('a text or /pattern/, as in args.path ~ /\\.key$/') };
    const item = this.#single('a value, as in args.count>=3');
    return { kind: 'compare', op, value: scalarOf(item) };
  }

  /** One value where a list would make no sense: commas belong to it. */
  #single(expected: string): TextItem {
    const { scanner } = this;
    const quoted = scanner.quoted(false);
    if (quoted !== undefined) return { kind: 'exact', text: quoted };
    const regex = scanner.regex(false);
    if (regex) return { kind: 'regex', ...regex };
    return { kind: 'glob', text: scanner.bare(expected, false) };
  }
}

/** A term before it is known where it ends. */
type Unplaced = Term extends infer T ? (T extends Term ? Omit<T, keyof Span> : never) : never;

const EXAMPLES: Readonly<Record<TextKey, string>> = {
  cmd: 'cmd:save_*',
  plugin: 'plugin:fs',
  event: 'event:download-*',
  channel: 'channel:download',
  win: 'win:main',
  app: 'app:notes',
  kind: 'kind:event',
  dir: 'dir:to-page',
  by: 'by:rule',
  note: 'note:todo',
  src: 'src:app.ts',
  perm: 'perm:fs:allow-*',
  tag: 'tag:slow-path',
};

const NUMBER_EXAMPLES = {
  time: (key: string) => `${key}>50ms`,
  size: (key: string) => `${key}>=1kb`,
  count: (key: string) => `${key}:1..20`,
} as const;

/** All keys but paths. */
export const KEYS: readonly string[] = [
  'is',
  ...Object.keys(TEXT_KEYS),
  ...Object.keys(NUMBER_KEYS),
  ...Object.keys(MESSAGE_KEYS),
];

const isTextKey = (key: string): key is TextKey => Object.hasOwn(TEXT_KEYS, key);
const isNumberKey = (key: string): key is NumberKey => Object.hasOwn(NUMBER_KEYS, key);
const isMessageKey = (key: string): key is MessageKey => Object.hasOwn(MESSAGE_KEYS, key);

function scalarOf(item: TextItem): Scalar {
  if (item.kind === 'regex')
    return { kind: 'text', text: `/${item.source}/${item.ignoreCase ? 'i' : ''}`, quoted: false };
  const isNumber = item.kind === 'glob' && /^-?\d+(?:\.\d+)?(?:e[+-]?\d+)?$/i.test(item.text);
  if (isNumber && Number.isFinite(Number(item.text))) return { kind: 'number', value: Number(item.text) };
  return { kind: 'text', text: item.text, quoted: item.kind === 'exact' };
}

/** Groups of the same kind are one: `a & (b & c)` is three things that all must hold. */
function join(kind: 'and' | 'or', parts: readonly Filter[]): Filter {
  const [first] = parts;
  if (parts.length === 1 && first) return first;
  const of = parts.flatMap((part) => (part.kind === kind ? part.of : [part]));
  return { kind, of, start: parts[0]?.start ?? 0, end: parts.at(-1)?.end ?? 0 };
}

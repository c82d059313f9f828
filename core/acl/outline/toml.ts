/** The outline of a text in TOML. */
import type { Path } from '../place.ts';
import type { Found } from './outline.ts';
import { type Container, type Piece, Scanner, setMember } from './scanner.ts';

const BLANK = /[ \t]*/y;
const TRIVIA = /(?:\s|#[^\n]*)*/y;
const REST_OF_LINE = /[^\n]*/y;
const BARE_KEY = /[^\s.=#[\]{},"']+/y;
const BARE_VALUE = /[^\s,\]}#]+/y;
/** a line that begins something new, wherever a list or a table before it should have ended */
const NEW_LINE = /(?:\[{1,2}[\w."'-]+\]{1,2}[ \t]*(?:#[^\n]*)?(?:\r?\n|$)|[\w."'-]+[ \t]*=)/y;

export function readTomlOutline(text: string): Found {
  return new TomlReader(text).read();
}

class TomlReader {
  readonly #scan: Scanner;
  readonly #root: Container = {};
  /** the table whose header was read last */
  #table: { readonly path: Path; readonly start: number; readonly value: Container };

  constructor(text: string) {
    this.#scan = new Scanner(text);
    this.#table = { path: [], start: 0, value: this.#root };
  }

  read(): Found {
    const scan = this.#scan;
    for (scan.take(TRIVIA); !scan.done; scan.take(TRIVIA)) {
      if (scan.char === '[') this.#header();
      else {
        this.#pair(this.#table.path, this.#table.value);
        // What was left open ends at a line that begins something new.
        if (!this.#isNewLine()) scan.take(REST_OF_LINE);
      }
    }
    this.#endTable(scan.text.length);
    return scan.found(this.#root);
  }

  #endTable(end: number): void {
    this.#scan.region('object', this.#table.path, this.#table.start, end);
  }

  #header(): void {
    const scan = this.#scan;
    this.#endTable(scan.at);
    const isList = scan.startsWith('[[');
    scan.at += isList ? 2 : 1;
    scan.take(BLANK);
    const keys = this.#keys();
    let value = this.#root;
    let path: Path = [];
    keys.forEach((key, index) => {
      const isLast = index === keys.length - 1;
      const named = [...path, key.text];
      scan.token('key', named, key);
      ({ value, path } = child(value, named, isLast ? (isList ? 'new item' : 'table') : 'table or last item'));
    });
    scan.take(REST_OF_LINE);
    this.#table = { path, start: scan.at, value };
  }

  #keys(): Piece[] {
    const scan = this.#scan;
    const keys: Piece[] = [];
    for (;;) {
      if (scan.char === '"' || scan.char === "'") keys.push(scan.quoted(scan.char, scan.char === '"'));
      else if (scan.look(BARE_KEY)) keys.push(scan.bare(BARE_KEY));
      else {
        // A dot that nothing follows yet, or a line without a key.
        const range = { start: scan.at, end: scan.at };
        keys.push({ range, inner: range, text: '', quote: '', isClosed: true });
      }
      scan.take(BLANK);
      if (scan.char !== '.') return keys;
      scan.at++;
      scan.take(BLANK);
    }
  }

  #pair(table: Path, value: Container): void {
    const scan = this.#scan;
    let at = value;
    let path = table;
    const keys = this.#keys();
    keys.forEach((key, index) => {
      const named = [...path, key.text];
      scan.token('key', named, key);
      if (index < keys.length - 1) ({ value: at, path } = child(at, named, 'table'));
      else path = named;
    });
    if (scan.char !== '=') return;
    scan.at++;
    const start = scan.at;
    scan.take(BLANK);
    if (/^[\r\n,}#]?$/.test(scan.char)) scan.region('value', path, start);
    else setMember(at, keys.at(-1)?.text ?? '', this.#value(path));
  }

  #value(path: Path): unknown {
    const scan = this.#scan;
    if (!scan.isTooDeep(path)) {
      if (scan.char === '[') return this.#list(path);
      if (scan.char === '{') return this.#inline(path);
    }
    const quote = ['"""', "'''", '"', "'"].find((each) => scan.startsWith(each));
    const piece = quote === undefined ? scan.bare(BARE_VALUE) : scan.quoted(quote, quote.startsWith('"'));
    scan.token('value', path, piece);
    return piece.text;
  }

  #list(path: Path): unknown {
    const scan = this.#scan;
    const list: unknown[] = [];
    const start = ++scan.at;
    for (scan.take(TRIVIA); !scan.done && scan.char !== ']'; scan.take(TRIVIA)) {
      if (this.#isNewLine()) break;
      if (scan.char === ',' || scan.char === '}') scan.at++;
      else list.push(this.#value([...path, list.length]));
    }
    this.#leave('list', path, start, ']');
    return list;
  }

  #inline(path: Path): unknown {
    const scan = this.#scan;
    const table: Container = {};
    const start = ++scan.at;
    for (scan.take(TRIVIA); !scan.done && scan.char !== '}' && scan.char !== ']'; scan.take(TRIVIA)) {
      if (this.#isNewLine()) break;
      const before = scan.at;
      if (scan.char !== ',') this.#pair(path, table);
      if (scan.at === before) scan.at++;
    }
    this.#leave('object', path, start, '}');
    return table;
  }

  #leave(kind: 'object' | 'list', path: Path, start: number, bracket: string): void {
    this.#scan.region(kind, path, start);
    if (this.#scan.char === bracket) this.#scan.at++;
  }

  /** Whether a line begins here that cannot be a part of a list or an inline table. */
  #isNewLine(): boolean {
    const { text, at } = this.#scan;
    const line = text.lastIndexOf('\n', at - 1) + 1;
    return line > 0 && text.slice(line, at).trim() === '' && this.#scan.look(NEW_LINE) !== undefined;
  }
}

/** The table or list that a key leads to, made where it is not there; `[[x]]` adds one to a list. */
function child(
  parent: Container,
  path: Path,
  kind: 'table' | 'new item' | 'table or last item',
): { value: Container; path: Path } {
  const key = path.at(-1) as string;
  const known = Object.hasOwn(parent, key) ? (parent as Record<string, unknown>)[key] : undefined;
  if (kind === 'new item') {
    const list: unknown[] = Array.isArray(known) ? known : [];
    const value: Container = {};
    list.push(value);
    setMember(parent, key, list);
    return { value, path: [...path, list.length - 1] };
  }
  if (Array.isArray(known)) {
    const last: unknown = known.at(-1);
    if (isContainer(last)) return { value: last, path: [...path, known.length - 1] };
  } else if (isContainer(known)) return { value: known, path };
  const value: Container = {};
  setMember(parent, key, value);
  return { value, path };
}

const isContainer = (value: unknown): value is Container => typeof value === 'object' && value !== null;

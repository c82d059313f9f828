/** The outline of a text in JSON, with whatever JSON5 and people who type add to it. */
import type { Path } from '../place.ts';
import type { Found } from './outline.ts';
import { type Container, type Piece, Scanner, setMember } from './scanner.ts';

const TRIVIA = /(?:\s|\/\/[^\n]*|\/\*(?:[^*]|\*(?!\/))*(?:\*\/)?)*/y;
const BARE = /[^\s,:{}[\]"'/]+/y;
/** what must be a key, since a colon follows */
const KEY = /(?:"(?:[^"\\\n]|\\.)*"|'(?:[^'\\\n]|\\.)*'|[\w$-]+)\s*:/y;

export function readJsonOutline(text: string): Found {
  const reader = new JsonReader(text);
  return reader.read();
}

class JsonReader {
  readonly #scan: Scanner;
  /** what is open, to know which closing brackets are meant */
  readonly #open: ('{' | '[')[] = [];

  constructor(text: string) {
    this.#scan = new Scanner(text);
  }

  read(): Found {
    const scan = this.#scan;
    let root: unknown;
    for (scan.take(TRIVIA); !scan.done; scan.take(TRIVIA)) {
      if (root === undefined) root = this.#value([]);
      else scan.at++;
    }
    return scan.found(root);
  }

  #value(path: Path): unknown {
    const { char } = this.#scan;
    if (!this.#scan.isTooDeep(path)) {
      if (char === '{') return this.#object(path);
      if (char === '[') return this.#list(path);
    }
    const piece = this.#piece();
    this.#scan.token('value', path, piece);
    return piece.text;
  }

  #piece(): Piece {
    const { char } = this.#scan;
    return char === '"' || char === "'" ? this.#scan.quoted(char, true) : this.#scan.bare(BARE);
  }

  #object(path: Path): unknown {
    const scan = this.#scan;
    const object: Container = {};
    const start = this.#enter('{');
    for (scan.take(TRIVIA); !this.#atEnd('}'); scan.take(TRIVIA)) {
      if (scan.char === ',' || scan.char === ':' || scan.char === ']' || scan.char === '}') scan.at++;
      else if (scan.char === '{' || scan.char === '[') this.#value([...path, '']);
      else this.#member(path, object);
    }
    this.#leave('object', path, start);
    return object;
  }

  #member(path: Path, object: Container): void {
    const scan = this.#scan;
    const key = this.#piece();
    const at = [...path, key.text];
    scan.token('key', at, key);
    scan.take(TRIVIA);
    if (scan.char !== ':') return;
    scan.at++;
    const start = scan.at;
    scan.take(TRIVIA);
    const isNext = scan.text.slice(start, scan.at).includes('\n') && scan.look(KEY) !== undefined;
    if (!isNext && !/^[,}\]]?$/.test(scan.char)) setMember(object, key.text, this.#value(at));
    else scan.region('value', at, start, endOfLine(scan.text, start, scan.at));
  }

  #list(path: Path): unknown {
    const scan = this.#scan;
    const list: unknown[] = [];
    const start = this.#enter('[');
    for (scan.take(TRIVIA); !this.#atEnd(']'); scan.take(TRIVIA)) {
      if (scan.char === ',' || scan.char === ':' || scan.char === '}' || scan.char === ']') scan.at++;
      // Nothing in a list has a key: its bracket was forgotten, and this is the next member of the object around it.
      else if (this.#open.includes('{') && scan.look(KEY) !== undefined) break;
      else list.push(this.#value([...path, list.length]));
    }
    this.#leave('list', path, start);
    return list;
  }

  #enter(bracket: '{' | '['): number {
    this.#open.push(bracket);
    return ++this.#scan.at;
  }

  /** Whether what is open ends here: by its bracket, by that of something around it, or with the text. */
  #atEnd(own: '}' | ']'): boolean {
    const { char, done } = this.#scan;
    if (done || char === own) return true;
    const other = own === '}' ? ']' : '}';
    return char === other && this.#open.includes(other === ']' ? '[' : '{');
  }

  #leave(kind: 'object' | 'list', path: Path, start: number): void {
    this.#open.pop();
    this.#scan.region(kind, path, start);
    if (this.#scan.char === (kind === 'object' ? '}' : ']')) this.#scan.at++;
  }
}

/** Where a value that is not there would end: with its line, or where something else begins. */
function endOfLine(text: string, start: number, next: number): number {
  const end = text.indexOf('\n', start);
  return end < 0 ? next : Math.min(end, next);
}

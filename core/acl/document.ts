/**
 * Data files with the place of every value: JSON, JSON with comments, JSON5, TOML. What is wrong with a capability can be
 * said with line and column, and an edit leaves the rest of the file alone.
 */
import {
  type ObjectNode,
  type ElementNode,
  type MemberNode,
  type ValueNode,
  parse as parseJson5,
} from '@humanwhocodes/momoa';
import { type Node as JsonNode, type ParseError as JsonError, parseTree, printParseErrorCode } from 'jsonc-parser';
import { type AST, ParseError as TomlError, parseTOML } from 'toml-eslint-parser';
import { type Path, type Place, type Position, positionIn, type Range } from './place.ts';

/** `jsonc` is JSON with comments and trailing commas. */
export type Format = 'json' | 'jsonc' | 'json5' | 'toml';

/** A text that is not of its format: what is wrong, and where. */
export class SyntaxProblem extends Error {
  override readonly name = 'SyntaxProblem';
  readonly offset: number;
  readonly position: Position;

  constructor(message: string, text: string, offset: number, cause?: unknown) {
    super(message, { cause });
    this.offset = offset;
    this.position = positionIn(text, offset);
  }
}

interface Entry {
  range: Range;
  /** of the key before it */
  readonly key?: Range;
  readonly children?: Map<string | number, Entry>;
  value: unknown;
}

/**
 * A data file. The constructor throws a {@link SyntaxProblem} for a text that is not of its format.
 */
export class Document {
  readonly text: string;
  readonly format: Format;
  readonly #root: Entry;

  constructor(text: string, format: Format) {
    this.text = text;
    this.format = format;
    try {
      this.#root = PARSERS[format](text);
    } catch (error) {
      // Lists in lists in lists, more than there is a stack for: serde has a limit, too.
      if (error instanceof RangeError) throw new SyntaxProblem('recursion limit exceeded', text, 0, error);
      throw error;
    }
  }

  get value(): unknown {
    return this.#root.value;
  }

  /** Where the value at `path` stands; undefined where there is none. */
  rangeOf(path: Path): Range | undefined {
    return this.#find(path)?.range;
  }

  /** Where the key of the value at `path` stands. */
  keyRangeOf(path: Path): Range | undefined {
    return this.#find(path)?.key;
  }

  /** The range of the value, or of the nearest one around it that is there. */
  nearestRangeOf(path: Path): Range {
    for (let length = path.length; length > 0; length--) {
      const range = this.rangeOf(path.slice(0, length));
      if (range) return range;
    }
    return this.#root.range;
  }

  /** The place of the value at `path`, or of the nearest one around it; `file` is the document's own name. */
  placeOf(file: string, path: Path): Place {
    const range = this.nearestRangeOf(path);
    return { file, range, ...positionIn(this.text, range.start) };
  }

  #find(path: Path): Entry | undefined {
    let entry: Entry | undefined = this.#root;
    for (const step of path) entry = entry?.children?.get(step);
    return entry;
  }
}

const PARSERS: Record<Format, (text: string) => Entry> = {
  json: (text) => parseJson(text, true),
  jsonc: (text) => parseJson(text, false),
  json5: parseJson5Text,
  toml: parseToml,
};

/** Sets a member as `JSON.parse` does: a key `__proto__` is a key like others. */
function setMember(object: Record<string, unknown>, key: string, value: unknown): void {
  Object.defineProperty(object, key, { value, writable: true, enumerable: true, configurable: true });
}

function objectEntry(range: Range, members: Iterable<readonly [string, Entry]>, key?: Range): Entry {
  const children = new Map<string, Entry>(members);
  const value = {};
  for (const [name, member] of children) setMember(value, name, member.value);
  return { range, children, value, ...(key && { key }) };
}

function listEntry(range: Range, items: readonly Entry[], key?: Range): Entry {
  return { range, children: new Map(items.entries()), value: items.map(({ value }) => value), ...(key && { key }) };
}

// ---- JSON

function parseJson(text: string, strict: boolean): Entry {
  const errors: JsonError[] = [];
  const root = parseTree(text, errors, { disallowComments: strict, allowTrailingComma: !strict });
  const error = errors[0];
  if (error) throw new SyntaxProblem(inWords(printParseErrorCode(error.error)), text, error.offset);
  return jsonEntry(root as JsonNode);
}

const lowerFirst = (text: string) => text.charAt(0).toLowerCase() + text.slice(1);

/** `CommaExpected` as people say it. */
const inWords = (name: string) => name.replace(/(?<=.)[A-Z]/g, ' $&').toLowerCase();

function jsonEntry(node: JsonNode, key?: Range): Entry {
  const range = { start: node.offset, end: node.offset + node.length };
  const children = node.children ?? [];
  if (node.type === 'object') {
    const members = children.map(({ children: [name, value] = [] }): readonly [string, Entry] => {
      const { offset, length, value: text } = name as JsonNode;
      return [text as string, jsonEntry(value as JsonNode, { start: offset, end: offset + length })];
    });
    return objectEntry(range, members, key);
  }
  if (node.type === 'array')
    return listEntry(
      range,
      children.map((item) => jsonEntry(item)),
      key,
    );
  return { range, value: node.value as unknown, ...(key && { key }) };
}

// ---- JSON5

function parseJson5Text(text: string): Entry {
  try {
    // A string that ends with a backslash and the text makes the parser wait for ever; with a line end it is an error.
    return json5Entry(parseJson5(`${text}\n`, { mode: 'json5', ranges: true }).body);
  } catch (error) {
    const { offset, message } = error as Error & { readonly offset?: unknown };
    if (typeof offset !== 'number') throw error;
    const plain = message.replace(/ \(\d+:\d+\)$/, '').replace(/ found\.$/, '');
    const ended = plain === 'Unexpected end of input';
    throw new SyntaxProblem(lowerFirst(plain), text, ended ? text.length : offset, error);
  }
}

const rangeOfNode = ({ range }: { readonly range?: readonly number[] }): Range => {
  const [start = 0, end = 0] = range ?? [];
  return { start, end };
};

function json5Entry(node: ValueNode, key?: Range): Entry {
  const range = rangeOfNode(node);
  switch (node.type) {
    case 'Object':
      return objectEntry(range, (node as ObjectNode).members.map(json5Member), key);
    case 'Array':
      return listEntry(
        range,
        node.elements.map(({ value }: ElementNode) => json5Entry(value)),
        key,
      );
    case 'Null':
      return { range, value: null, ...(key && { key }) };
    case 'NaN':
      return { range, value: Number.NaN, ...(key && { key }) };
    case 'Infinity':
      return { range, value: node.sign === '-' ? -Infinity : Infinity, ...(key && { key }) };
    case 'String':
    case 'Number':
    case 'Boolean':
      return { range, value: node.value, ...(key && { key }) };
  }
}

function json5Member({ name, value }: MemberNode): readonly [string, Entry] {
  return [name.type === 'Identifier' ? name.name : name.value, json5Entry(value, rangeOfNode(name))];
}

// ---- TOML

function parseToml(text: string): Entry {
  try {
    const [table] = parseTOML(text, { tomlVersion: '1.0' }).body;
    const root = objectEntry({ start: 0, end: text.length }, []);
    for (const node of table.body) {
      if (node.type === 'TOMLKeyValue') addPair(root, node);
      else addTable(root, node);
    }
    return root;
  } catch (error) {
    if (!(error instanceof TomlError)) throw error;
    throw new SyntaxProblem(lowerFirst(error.message), text, error.index, error);
  }
}

/** A table of its own, or one more of an array of tables: its keys go to where its header says. */
function addTable(root: Entry, node: AST.TOMLTable): void {
  const range = tomlRange(node);
  let at = root;
  node.resolvedKey.forEach((step, index) => {
    const next = node.resolvedKey[index + 1];
    at = childOf(at, step, range, tomlRange(node.key), typeof next === 'number');
  });
  for (const pair of node.body) addPair(at, pair);
}

function addPair(table: Entry, { key, value }: AST.TOMLKeyValue): void {
  const names = key.keys.map((each) => (each.type === 'TOMLBare' ? each.name : each.value));
  const ranges = key.keys.map(tomlRange);
  let at = table;
  names.slice(0, -1).forEach((name, index) => {
    at = childOf(at, name, tomlRange(value), ranges[index] as Range, false);
  });
  put(at, names.at(-1) as string, tomlEntry(value, ranges.at(-1)));
}

/** The table (or list of tables) at `step`, made where it is not there yet; it spans all that was said of it. */
function childOf(parent: Entry, step: string | number, range: Range, key: Range, list: boolean): Entry {
  const known = parent.children?.get(step);
  if (known) {
    known.range = { start: Math.min(known.range.start, range.start), end: Math.max(known.range.end, range.end) };
    return known;
  }
  const made = list ? listEntry(range, [], key) : objectEntry(range, [], key);
  put(parent, step, made);
  return made;
}

function put(parent: Entry, step: string | number, entry: Entry): void {
  parent.children?.set(step, entry);
  if (Array.isArray(parent.value)) parent.value.push(entry.value);
  else setMember(parent.value as Record<string, unknown>, String(step), entry.value);
}

const tomlRange = ({ range: [start, end] }: AST.HasLocs): Range => ({ start, end });

function tomlEntry(node: AST.TOMLContentNode, key?: Range): Entry {
  const range = tomlRange(node);
  switch (node.type) {
    case 'TOMLArray':
      return listEntry(
        range,
        node.elements.map((item) => tomlEntry(item)),
        key,
      );
    case 'TOMLInlineTable': {
      const table = objectEntry(range, [], key);
      for (const pair of node.body) addPair(table, pair);
      return table;
    }
    case 'TOMLValue':
      // A date is its text, as in a scope value of Tauri.
      return { range, value: 'datetime' in node ? node.datetime : node.value, ...(key && { key }) };
  }
}

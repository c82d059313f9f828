/** Adds a permission to a capability in its file, and leaves comments and layout alone. */
import type { CapabilitySource } from './capability-file.ts';
import type { PermissionEntry } from './capability.ts';
import type { Document, Format } from './document.ts';
import type { Path, Range } from './place.ts';

/** A replacement in a text; those of one change do not overlap, and all offsets are of the text before it. */
export interface TextEdit {
  readonly offset: number;
  readonly length: number;
  readonly newText: string;
}

/** The edits that add a reference behind the last one of a capability. */
export function addPermission({ document, path }: CapabilitySource, reference: PermissionEntry): TextEdit[] {
  const at = [...path, 'permissions'];
  const { text, format } = document;
  const list = document.rangeOf(at) as Range;
  if (text[list.start] !== '[' || text.startsWith('[[', list.start)) {
    const newline = newlineOf(text);
    return [insert(list.end, newline + newline + tableOf(at, reference, newline))];
  }
  return addItem(document, at, print(reference, format, text));
}

/** The edits that add an item, printed already, behind the last one of the list at `path`. */
export function addItem(document: Document, path: Path, printed: string): TextEdit[] {
  const { text, format } = document;
  const list = document.rangeOf(path) as Range;
  const newline = newlineOf(text);
  const last = itemsOf(document, path).at(-1);
  if (!last) return [addFirst(text, list, printed, newline)];
  const { comma, line } = trailOf(text, last.end, list.end - 1, format);
  const indent = /^[ \t]*/.exec(text.slice(lineStart(text, last.start)))?.[0] ?? '';
  const alone = text.slice(lineStart(text, last.start), last.start).trim() === '';
  // All on one line, or the bracket behind the last item: so stays the new one.
  const lead = line === undefined ? ' ' : newline + (alone ? indent : `${indent}  `);
  if (comma !== undefined) return [insert(line ?? comma + 1, `${lead}${printed},`)];
  // A comment on the line belongs to the item before: the comma goes before it, the new item behind.
  return line === undefined || line === last.end
    ? [insert(last.end, `,${lead}${printed}`)]
    : [insert(last.end, ','), insert(line, lead + printed)];
}

const newlineOf = (text: string) => (text.includes('\r\n') ? '\r\n' : '\n');

const insert = (offset: number, newText: string): TextEdit => ({ offset, length: 0, newText });

/** The text with the edits done. */
export function applyEdits(text: string, edits: readonly TextEdit[]): string {
  return [...edits]
    .sort((a, b) => b.offset - a.offset)
    .reduce((done, { offset, length, newText }) => done.slice(0, offset) + newText + done.slice(offset + length), text);
}

function itemsOf(document: Document, path: readonly (string | number)[]): Range[] {
  const ranges: Range[] = [];
  for (let range = document.rangeOf([...path, 0]); range; range = document.rangeOf([...path, ranges.length])) {
    ranges.push(range);
  }
  return ranges;
}

const lineStart = (text: string, offset: number) => text.lastIndexOf('\n', offset - 1) + 1;

function addFirst(text: string, list: Range, printed: string, newline: string): TextEdit {
  const inside = text.slice(list.start + 1, list.end - 1);
  const indent = /^[ \t]*/.exec(text.slice(lineStart(text, list.start)))?.[0] ?? '';
  if (inside.trim() === '') {
    const lines = printed.includes('\n') ? `${newline}${indent}  ${printed}${newline}${indent}` : printed;
    return { offset: list.start + 1, length: inside.length, newText: lines };
  }
  // Only comments are in there; a line of its own keeps the item out of them.
  const end = list.start + 1 + inside.trimEnd().length;
  return { offset: end, length: list.end - 1 - end, newText: `${newline}${indent}  ${printed}${newline}${indent}` };
}

/** What follows the last item: a comma, and the end of the line that it or the item is on, where the list goes on. */
function trailOf(text: string, from: number, to: number, format: Format): { comma?: number; line?: number } {
  let comma: number | undefined;
  let line: number | undefined;
  let at = from;
  while (at < to) {
    if (format === 'toml' ? text[at] === '#' : text.startsWith('//', at)) {
      const end = text.indexOf('\n', at);
      at = end < 0 ? to : end;
      continue;
    }
    if (format !== 'toml' && text.startsWith('/*', at)) {
      at = text.indexOf('*/', at) + 2;
      continue;
    }
    if (text[at] === '\n') line ??= text[at - 1] === '\r' ? at - 1 : at;
    if (text[at] === ',') {
      comma = at;
      line = undefined;
    }
    at++;
  }
  return { ...(comma !== undefined && { comma }), ...(line !== undefined && { line }) };
}

// ---- printing

function print(reference: PermissionEntry, format: Format, text: string): string {
  if (format === 'toml') return printToml(reference);
  const single = format === 'json5' && /'/.test(text) && !/"/.test(text);
  return single && typeof reference === 'string' ? `'${reference}'` : printJson(reference);
}

function printJson(value: unknown): string {
  if (Array.isArray(value)) return `[${value.map(printJson).join(', ')}]`;
  if (typeof value !== 'object' || value === null) return JSON.stringify(value);
  const members = Object.entries(value).filter(([, member]) => member !== undefined);
  if (members.length === 0) return '{}';
  return `{ ${members.map(([key, member]) => `${JSON.stringify(key)}: ${printJson(member)}`).join(', ')} }`;
}

function printToml(value: unknown): string {
  if (Array.isArray(value)) return `[${value.map(printToml).join(', ')}]`;
  if (typeof value !== 'object' || value === null) {
    // TOML has no null; JSON's strings, numbers and booleans are TOML's too, but for this one character.
    if (value === null) throw new Error('TOML has no null: a scope value cannot be written');
    return JSON.stringify(value).replaceAll('\u007f', '\\u007f');
  }
  const members = Object.entries(value).filter(([, member]) => member !== undefined);
  if (members.length === 0) return '{}';
  return `{ ${members.map(([key, member]) => `${tomlKey(key)} = ${printToml(member)}`).join(', ')} }`;
}

const tomlKey = (key: string) => (/^[\w-]+$/.test(key) ? key : printToml(key));

/** One more table of an array of tables (`[[permissions]]`), with the header of those that are there. */
function tableOf(path: readonly (string | number)[], reference: PermissionEntry, newline: string): string {
  const header = path
    .filter((step) => typeof step === 'string')
    .map(tomlKey)
    .join('.');
  const entry = typeof reference === 'string' ? { identifier: reference } : reference;
  const lines = Object.entries(entry).filter(([, value]) => value !== undefined);
  return [`[[${header}]]`, ...lines.map(([key, value]) => `${tomlKey(key)} = ${printToml(value)}`)].join(newline);
}

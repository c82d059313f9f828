/** `generate_handler![…]` in the text of a Rust file. */
import type { TextEdit } from '#core/acl/edit.ts';
import { crateOf, type RegisteredCommand, type RustIndex } from '../rust/index.ts';

/** A file with lists of the app's commands, and the items of the last of them. */
export interface ListFile {
  readonly file: string;
  readonly module: readonly string[];
  /** an item of the list that another one is added to */
  readonly item: RegisteredCommand;
}

/** The files in which the app's own commands are registered; of one crate, or of all. */
export function listFiles({ files }: RustIndex, crate?: string): ListFile[] {
  return [...files].flatMap(({ path, registered }) => {
    const item = registered.findLast(({ plugin }) => plugin === undefined);
    if (!item || (crate !== undefined && crateOf(path).root !== crate)) return [];
    return { file: path, module: item.module, item };
  });
}

/** Where the list with an item begins and ends, inside of its brackets; `offset` is in the item. */
export function listAround(text: string, offset: number): { readonly start: number; readonly end: number } | undefined {
  const starts = [...text.slice(0, offset).matchAll(/\b(?:generate_handler|collect_commands)\s*!\s*[[({]/g)];
  const last = starts.at(-1);
  if (!last) return undefined;
  const start = last.index + last[0].length;
  const end = endOf(text, start);
  return end === undefined || end < offset ? undefined : { start, end };
}

/** The bracket that closes what was opened before `start`. */
function endOf(text: string, start: number): number | undefined {
  let depth = 1;
  for (const { 0: token, index } of text.slice(start).matchAll(TOKENS)) {
    if (token.length > 1 || token === ',') continue;
    depth += '[({'.includes(token) ? 1 : -1;
    if (depth === 0) return start + index;
  }
  return undefined;
}

/** The edits that add a path behind the last item of a list. */
export function addToList(
  text: string,
  { start, end }: { readonly start: number; readonly end: number },
  path: string,
): TextEdit[] {
  const plain = text
    .slice(start, end)
    .replaceAll(/\/\/[^\n]*|\/\*[\s\S]*?\*\//g, (comment) => ' '.repeat(comment.length));
  const last = start + plain.trimEnd().length;
  if (last === start) return [insert(start, path)];
  const hasComma = text[last - 1] === ',';
  const newline = text.includes('\r\n') ? '\r\n' : '\n';
  const lineStart = text.lastIndexOf('\n', last - 1) + 1;
  const indent = /^[ \t]*/.exec(text.slice(lineStart))?.[0] ?? '';
  if (lineStart <= start) return [insert(last, hasComma ? ` ${path}` : `, ${path}`)];
  // A comment behind the last item stays with it.
  const lineEnd = last + (/^[^\r\n]*/.exec(text.slice(last, end))?.[0].trimEnd().length ?? 0);
  const added = insert(lineEnd, `${newline}${indent}${path}${hasComma ? ',' : ''}`);
  return hasComma ? [added] : lineEnd === last ? [insert(last, `,${added.newText}`)] : [insert(last, ','), added];
}

/**
 * The edits that take an item out of a list, with its attributes, one comma, and its line where it is alone there; `offset`
 * is in the item. None where the list has no item there.
 */
export function removeFromList(
  text: string,
  { start, end }: { readonly start: number; readonly end: number },
  offset: number,
): TextEdit[] {
  const commas = [start - 1, ...commasIn(text, start, end), end];
  const next = commas.findIndex((comma) => comma >= offset);
  const [before, after] = [commas[next - 1], commas[next]];
  if (before === undefined || after === undefined) return [];
  const from = after - text.slice(before + 1, after).trimStart().length;
  const to = after === end ? before + 1 + text.slice(before + 1, after).trimEnd().length : after + 1;
  if (to <= from) return [];
  const lineStart = text.lastIndexOf('\n', from - 1) + 1;
  const lineEnd = to + (/^[^\r\n]*/.exec(text.slice(to))?.[0].length ?? 0);
  const restOfLine = text.slice(to, lineEnd).trim();
  const isAlone = text.slice(lineStart, from).trim() === '' && /^(?:\/\/.*)?$/.test(restOfLine) && lineStart > start;
  if (isAlone) return [remove(text.slice(0, lineStart).replace(/\r?\n$/, '').length, lineEnd)];
  // The last one of a line takes the comma before it, any other the space behind.
  if (after === end && before >= start) return [remove(before, to)];
  return [remove(from, to + (/^[ \t]*/.exec(text.slice(to))?.[0].length ?? 0))];
}

/** The commas between the items of a list. */
function* commasIn(text: string, start: number, end: number): Iterable<number> {
  let depth = 0;
  for (const { 0: token, index } of text.slice(start, end).matchAll(TOKENS)) {
    if ('[({'.includes(token)) depth++;
    else if ('])}'.includes(token)) depth--;
    else if (token === ',' && depth === 0) yield start + index;
  }
}

/** What counts between the brackets of a list; comments and strings are passed over whole. */
const TOKENS = /\/\/[^\n]*|\/\*[\s\S]*?\*\/|"(?:[^"\\]|\\[\s\S])*"|[[({\])},]/g;

const remove = (from: number, to: number): TextEdit => ({ offset: from, length: to - from, newText: '' });
const insert = (offset: number, newText: string): TextEdit => ({ offset, length: 0, newText });

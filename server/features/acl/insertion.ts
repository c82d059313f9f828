/** How keys and values are written into a data file, at a place where something may stand already. */
import type { Path } from '#core/acl/place.ts';
import { TextEdit } from 'vscode-languageserver';
import type { DataFile, Spot } from './data-file.ts';
import type { Shape } from './shapes.ts';

/** The edit that puts a text in the place of the value at a spot: inside of its quotes, or with new ones. */
export function valueEdit(
  data: DataFile,
  { path, token, shapes }: Spot,
  offset: number,
  value: string | boolean,
): TextEdit {
  if (!token) {
    const printed = print(data, value);
    const inList = shapes.some(({ kind }) => kind === 'list');
    return insert(data, offset, spaced(data, path, offset, inList ? `[${printed}]` : printed));
  }
  if (token.quote === '' || typeof value !== 'string') return replace(data, token.range, print(data, value));
  // A text that does not end on its line may have swallowed what follows: it is replaced up to the cursor.
  const end = token.isClosed ? token.inner.end : Math.max(offset, token.inner.start);
  const text = escaped(value, token.quote);
  return replace(data, { start: token.inner.start, end }, token.isClosed ? text : text + token.quote);
}

/** The edit that puts a key in the place of the one at a spot. */
export function keyEdit(data: DataFile, { path, token }: Spot, offset: number, key: string, shape: Shape): TextEdit {
  const { text, format } = data.outline;
  const end = token?.range.end ?? offset;
  const rest = text.slice(end);
  const isHeader =
    format === 'toml' &&
    token !== undefined &&
    /\[[^\]\n=]*$/.test(text.slice(lineStart(text, token.range.start), token.range.start));
  const hasValue = isHeader || /^\s*[:=.]/.test(rest);
  const at = token?.range ?? { start: offset, end: offset };
  if (format === 'toml')
    return replace(data, at, hasValue ? key : tomlMember(key, shape, path.slice(0, -1), isInline(text, at.start)));
  const quote = quoteOfKeys(data);
  return replace(data, at, `${quote}${key}${quote}${hasValue ? '' : ': '}`);
}

/** Objects of a list stand in tables of their own; at the top of a file, an object does. */
function tomlMember(key: string, shape: Shape, table: Path, inline: boolean): string {
  if (inline || shape.kind === 'either') return `${key} = `;
  if (shape.kind === 'object') return table.length === 0 ? `[${key}]` : `${key}.`;
  return table.length === 0 && shape.kind === 'list' && shape.items.kind === 'object' ? `[[${key}]]` : `${key} = `;
}

/** Whether an offset of a TOML text is in an inline table. */
function isInline(text: string, offset: number): boolean {
  return /[{,][^\]}\n]*$/.test(text.slice(lineStart(text, offset), offset));
}

/** As the other keys of the file have it. */
function quoteOfKeys({ outline }: DataFile): string {
  const other = outline.tokens.find(({ role, isClosed, text }) => role === 'key' && isClosed && text !== '');
  if (outline.format !== 'json5') return '"';
  return other?.quote ?? '';
}

/** As the other texts of the file have it. */
function print({ outline }: DataFile, value: string | boolean): string {
  if (typeof value !== 'string') return String(value);
  const other = outline.tokens.find(({ role, quote }) => role === 'value' && (quote === '"' || quote === "'"));
  const isSingle = outline.format === 'json5' && other?.quote === "'";
  const quote = isSingle ? "'" : '"';
  return quote + escaped(value, quote) + quote;
}

const escaped = (value: string, quote: string) =>
  quote === "'" || quote === "'''" ? value : JSON.stringify(value).slice(1, -1);

/** Behind `key =` and `"key":` with a blank. */
function spaced({ outline }: DataFile, path: Path, offset: number, text: string): string {
  const isMember = typeof path.at(-1) === 'string';
  return isMember && /[:=]$/.test(outline.text.slice(0, offset)) ? ` ${text}` : text;
}

const lineStart = (text: string, offset: number) => text.lastIndexOf('\n', offset - 1) + 1;

const insert = (data: DataFile, offset: number, text: string) =>
  TextEdit.insert(data.document.positionAt(offset), text);

const replace = (data: DataFile, range: { readonly start: number; readonly end: number }, text: string) =>
  TextEdit.replace(data.rangeOf(range), text);

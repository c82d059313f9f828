/** Positions and ranges as LSP has them, and paths of its URIs. */
import { fileURLToPath, pathToFileURL } from 'node:url';
import type { Position, Range } from 'vscode-languageserver-types';

/** Whether a position is in a range; its end belongs to it, since the cursor may stand there. */
export function contains({ start, end }: Range, position: Position): boolean {
  return !isBefore(position, start) && !isBefore(end, position);
}

export const isSameRange = (a: Range, b: Range): boolean =>
  isSamePosition(a.start, b.start) && isSamePosition(a.end, b.end);

const isSamePosition = (a: Position, b: Position) => a.line === b.line && a.character === b.character;
const isBefore = (a: Position, b: Position) => a.line < b.line || (a.line === b.line && a.character < b.character);

/** The path of a `file:` URI with forward slashes; undefined for other schemes, and for URIs that are no path here. */
export function fileOf(uri: string): string | undefined {
  if (!uri.startsWith('file:')) return undefined;
  try {
    return fileURLToPath(uri).replaceAll('\\', '/');
  } catch {
    return undefined; // Of another machine, or without a drive on Windows.
  }
}

export const uriOf = (file: string): string => pathToFileURL(file).href;

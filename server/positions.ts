/** Positions and ranges as LSP has them, and paths of its URIs. */
import { fileURLToPath, pathToFileURL } from 'node:url';
import type { Position, Range } from 'vscode-languageserver-types';

/** Whether a position is in a range; its end belongs to it, since the cursor may stand there. */
export function contains({ start, end }: Range, position: Position): boolean {
  return !isBefore(position, start) && !isBefore(end, position);
}

const isBefore = (a: Position, b: Position) => a.line < b.line || (a.line === b.line && a.character < b.character);

/** The path of a `file:` URI with forward slashes; undefined for other schemes. */
export function fileOf(uri: string): string | undefined {
  return uri.startsWith('file:') ? fileURLToPath(uri).replaceAll('\\', '/') : undefined;
}

export const uriOf = (file: string): string => pathToFileURL(file).href;

/** Where handlers stand in a backend: found by the text `command('name'`, for a click that leads there. */
import { readdir, readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { positionIn } from '#core/acl/place.ts';

const MAX_FILES = 500;
/** Folders without handlers of the project. */
const SKIPPED = /^(node_modules|target|dist|\..*)$/;
const CODE = /\.(ts|mts|js|mjs)$/;
const COMMAND = /\bcommand\(\s*(['"`])([^'"`\n]+)\1/g;

/** A command as the backend's code names it: without its plugin. */
export const bareName = (name: string) => name.slice(name.indexOf('|') + 1);

export interface HandlerPlace {
  readonly name: string;
  readonly file: string;
  /** from 1 */
  readonly line: number;
  readonly column: number;
}

/** The handlers in the code below `folder`; the first of a name counts. */
export async function findHandlers(folder: string): Promise<ReadonlyMap<string, HandlerPlace>> {
  const found = new Map<string, HandlerPlace>();
  for (const file of (await codeFiles(folder)).slice(0, MAX_FILES)) {
    for (const place of handlersIn(file, await readFile(file, 'utf8').catch(() => ''))) {
      if (!found.has(place.name)) found.set(place.name, place);
    }
  }
  return found;
}

/** The handlers that a text defines. */
export function handlersIn(file: string, text: string): HandlerPlace[] {
  return [...text.matchAll(COMMAND)].map(({ index, 2: name = '' }) => ({ name, file, ...positionIn(text, index) }));
}

async function codeFiles(folder: string): Promise<string[]> {
  const entries = await readdir(folder, { withFileTypes: true }).catch(() => []);
  const nested = await Promise.all(
    entries.map(async (entry) => {
      const path = join(folder, entry.name);
      if (entry.isDirectory()) return SKIPPED.test(entry.name) ? [] : codeFiles(path);
      return CODE.test(entry.name) ? [path] : [];
    }),
  );
  return nested.flat();
}

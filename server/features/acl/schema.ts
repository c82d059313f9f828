/** Which JSON files have a schema, by which VS Code itself completes and explains keys. */
import { existsSync } from 'node:fs';
import { dirname, resolve } from 'node:path';
import { isElsewhere } from '../../project/index.ts';
import type { DataFile } from './data-file.ts';

/** Whether VS Code completes the keys of a JSON file: by our schema, or by the one that the file names, where it is there. */
export function hasSchema(data: DataFile): boolean {
  if (!data.file.endsWith('.json')) return false;
  const schema = schemaOf(data);
  if (schema === undefined || /^https?:/.test(schema)) return true;
  const folder = dirname(data.file);
  const file = resolve(folder, schema);
  return !isElsewhere(file, folder) && existsSync(file);
}

function schemaOf({ outline }: DataFile): string | undefined {
  const schema = outline.valueAt(['$schema']);
  return typeof schema === 'string' ? schema : undefined;
}

/** Whether a file names a schema of its own: Tauri's build writes one with all identifiers that it knew. */
export const namesSchema = (data: DataFile): boolean => schemaOf(data) !== undefined;

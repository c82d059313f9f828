/** What stands at paths in records: cells of the list's own columns. */
import { type JsonPath, parseJsonPath, textAtPath } from '#core/json-path.ts';
import type { RecordSource } from '#core/record-source.ts';

const LONGEST = 160;

/** Number and text of each record that has something at the path. */
export function cellsAt(
  source: Pick<RecordSource, 'find'>,
  path: string,
  ids: readonly number[],
): readonly (readonly [id: number, text: string])[] {
  const parsed = parseJsonPath(path);
  if (!parsed) return [];
  return ids.flatMap((id) => {
    const text = cellAt(source, parsed, id);
    return text === undefined ? [] : [[id, text] as const];
  });
}

function cellAt(source: Pick<RecordSource, 'find'>, path: JsonPath, id: number): string | undefined {
  const record = source.find(id);
  try {
    return record && textAtPath(record, path, LONGEST);
  } catch (error) {
    // Nested deeper than can be followed, or kept in a file that is gone.
    return `(${(error as Error).message})`;
  }
}

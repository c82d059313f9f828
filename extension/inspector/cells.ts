/** What stands at paths in records: cells of the list's own columns. */
import { Contents } from '#core/filter/contents.ts';
import { type Path, parsePath } from '#core/filter/path.ts';
import type { MessageRecord } from '#core/record.ts';
import type { RecordSource } from '#core/record-source.ts';

/** Characters of a cell, and values of a path that leads to many. */
const LONGEST = 160;
const MOST_VALUES = 20;

/** Number and text of each record that has something at the path. */
export function cellsAt(
  source: Pick<RecordSource, 'find'>,
  path: string,
  ids: readonly number[],
): readonly (readonly [id: number, text: string])[] {
  const parsed = parsePath(path);
  if (!parsed) return [];
  return ids.flatMap((id) => {
    const text = cellAt(source, parsed, id);
    return text === undefined ? [] : [[id, text] as const];
  });
}

function cellAt(source: Pick<RecordSource, 'find'>, path: Path, id: number): string | undefined {
  const record = source.find(id);
  try {
    return record && textAt(record, path);
  } catch (error) {
    // Nested deeper than can be followed, or kept in a file that is gone.
    return `(${(error as Error).message})`;
  }
}

function textAt(record: MessageRecord, path: Path): string | undefined {
  const leadsToMany = path.steps.some(({ kind }) => kind === 'all' || kind === 'anywhere');
  const values = new Contents(record).values(path, leadsToMany ? MOST_VALUES : 1);
  if (values.length === 0) return undefined;
  const value = leadsToMany ? values : values[0];
  const text = typeof value === 'string' ? value : JSON.stringify(value);
  return text.length > LONGEST ? `${text.slice(0, LONGEST - 1)}…` : text;
}

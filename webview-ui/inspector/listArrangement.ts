/** How somebody arranged the list; kept for the workspace. */
import { type BuiltIn, type ColumnId, DEFAULT_COLUMNS, isBuiltIn, isColumnId } from './columns.ts';
import { type Grouping, GROUPINGS } from './grouping.ts';

export const TIME_MODES = ['start', 'absolute', 'previous', 'selected'] as const;
export type TimeMode = (typeof TIME_MODES)[number];

export interface Sort {
  readonly column: BuiltIn;
  readonly isDescending: boolean;
}

export interface ListArrangement {
  /** those shown, in their order */
  readonly columns: readonly ColumnId[];
  /** null: as messages came */
  readonly sort: Sort | null;
  readonly grouping: Grouping;
  readonly isFolding: boolean;
  readonly time: TimeMode;
}

export const DEFAULT_LIST: ListArrangement = {
  columns: DEFAULT_COLUMNS,
  sort: null,
  grouping: 'none',
  isFolding: false,
  time: 'start',
};

/** Reads what was kept; what is unknown is as usual. */
export function readListArrangement(state: unknown): ListArrangement {
  if (typeof state !== 'object' || state === null) return DEFAULT_LIST;
  const { columns, sort, grouping, isFolding, time } = state as Partial<Record<keyof ListArrangement, unknown>>;
  const shown = Array.isArray(columns) ? [...new Set(columns.filter(isColumnId))] : [];
  return {
    columns: shown.length === 0 ? DEFAULT_COLUMNS : shown,
    sort: readSort(sort),
    grouping: GROUPINGS.find((each) => each === grouping) ?? 'none',
    isFolding: isFolding === true,
    time: TIME_MODES.find((each) => each === time) ?? 'start',
  };
}

function readSort(sort: unknown): Sort | null {
  if (typeof sort !== 'object' || sort === null) return null;
  const { column, isDescending } = sort as Partial<Record<keyof Sort, unknown>>;
  return isColumnId(column) && isBuiltIn(column) ? { column, isDescending: isDescending === true } : null;
}

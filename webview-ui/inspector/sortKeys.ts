/** What each column is sorted by. */
import type { BuiltIn } from './columns.ts';
import type { SortKey } from './sort.ts';
import { STATUSES } from '#core/record.ts';
import type { ColumnStore, Columns } from './store.ts';

/** What went wrong comes first. */
const SEVERITY = ['error', 'denied', 'unhandled', 'undelivered', 'orphan', 'unheard', 'pending', 'ok'] as const;
const SEVERITIES = STATUSES.map((status) => SEVERITY.indexOf(status));

const number = (of: (rows: Columns, at: number) => number): SortKey => ({ kind: 'number', of });
const positive = (value: number | undefined) => value || Number.NaN;

const KEYS: Readonly<Record<BuiltIn, (store: ColumnStore) => SortKey>> = {
  id: () => number((rows, at) => rows.id[at] ?? 0),
  time: () => number((rows, at) => rows.time[at] ?? 0),
  direction: () => number((rows, at) => rows.direction[at] ?? 0),
  name: ({ strings }) => ({ kind: 'text', of: (rows, at) => strings.text(rows.name[at] ?? -1) }),
  window: ({ strings }) => ({ kind: 'text', of: (rows, at) => strings.text(rows.window[at] ?? -1) }),
  status: () => number((rows, at) => SEVERITIES[rows.status[at] ?? 0] ?? 0),
  duration: () => number((rows, at) => rows.duration[at] ?? Number.NaN),
  size: () => number((rows, at) => rows.size[at] ?? 0),
  preview: () => ({ kind: 'text', of: (rows, at) => rows.preview[at] ?? '' }),
  waterfall: () => number((rows, at) => rows.time[at] ?? 0),
  source: ({ strings }) => ({ kind: 'text', of: (rows, at) => strings.text(rows.app[at] ?? -1) }),
  'args-size': () => number((rows, at) => positive((rows.size[at] ?? 0) - (rows.outcomeSize[at] ?? 0))),
  'result-size': () => number((rows, at) => positive(rows.outcomeSize[at])),
  'answered-by': () => number((rows, at) => positive(rows.answeredBy[at])),
  chain: () => number((rows, at) => positive(rows.of[at] || rows.cause[at])),
  note: () => ({ kind: 'text', of: (rows, at) => rows.comment.get(at) ?? '' }),
};

export const sortKey = (column: BuiltIn, store: ColumnStore): SortKey => KEYS[column](store);

/** The list's columns: which there are, which are shown, and which of them fit. */

const BUILT_IN = [
  'id',
  'time',
  'direction',
  'name',
  'window',
  'status',
  'duration',
  'size',
  'preview',
  'waterfall',
  'source',
  'args-size',
  'result-size',
  'answered-by',
  'chain',
  'note',
] as const;

export type BuiltIn = (typeof BUILT_IN)[number];

/** `path:args.user.name`: what stands there in a record's content */
type OfPath = `path:${string}`;

export type ColumnId = BuiltIn | OfPath;

export interface Column {
  readonly id: ColumnId;
  readonly title: string;
  /** where the title is short: what it means */
  readonly about?: string;
  readonly width: number;
  readonly least: number;
  /** grows with the list, by this share of what is left, unless somebody chose a width */
  readonly share?: number;
  readonly isNumber?: boolean;
  /** the higher, the earlier it goes when there is no room; 0 always stays */
  readonly dispensable: number;
}

/** All that the extension knows of. */
export const COLUMNS: readonly (Column & { readonly id: BuiltIn })[] = [
  { id: 'id', title: '#', about: 'Number', width: 52, least: 32, isNumber: true, dispensable: 4 },
  { id: 'time', title: 'Time', width: 80, least: 48, isNumber: true, dispensable: 5 },
  { id: 'direction', title: 'Dir', about: 'Direction', width: 32, least: 28, dispensable: 0 },
  { id: 'name', title: 'Name', width: 160, least: 80, share: 2, dispensable: 0 },
  { id: 'window', title: 'Window', width: 84, least: 40, dispensable: 3 },
  { id: 'status', title: 'Status', width: 100, least: 32, dispensable: 0 },
  { id: 'duration', title: 'Duration', width: 76, least: 48, isNumber: true, dispensable: 2 },
  { id: 'size', title: 'Size', width: 68, least: 40, isNumber: true, dispensable: 6 },
  { id: 'preview', title: 'Preview', width: 120, least: 60, share: 3, dispensable: 1 },
  { id: 'waterfall', title: 'Waterfall', width: 160, least: 100, share: 2, dispensable: 5.5 },
  { id: 'source', title: 'App', about: 'App the window belongs to', width: 100, least: 40, dispensable: 5 },
  {
    id: 'args-size',
    title: 'Args',
    about: 'Size of the message',
    width: 68,
    least: 40,
    isNumber: true,
    dispensable: 6,
  },
  {
    id: 'result-size',
    title: 'Result',
    about: 'Size of the answer',
    width: 68,
    least: 40,
    isNumber: true,
    dispensable: 6,
  },
  {
    id: 'answered-by',
    title: 'Answered by',
    about: 'A rule or a person, where it was no handler',
    width: 90,
    least: 40,
    dispensable: 5,
  },
  {
    id: 'chain',
    title: 'Chain',
    about: 'The message that brought it about',
    width: 68,
    least: 40,
    isNumber: true,
    dispensable: 5,
  },
  { id: 'note', title: 'Note', about: 'What somebody wrote about it', width: 140, least: 60, dispensable: 4 },
];

/** Shown until somebody chooses others. */
export const DEFAULT_COLUMNS: readonly ColumnId[] = COLUMNS.slice(0, 10).map(({ id }) => id);

const BY_ID = new Map<string, Column>(COLUMNS.map((column) => [column.id, column]));

export const pathOf = (id: string): string | undefined => (id.startsWith('path:') ? id.slice(5) : undefined);

export function columnOf(id: ColumnId): Column {
  const known = BY_ID.get(id);
  const path = pathOf(id) ?? id;
  return known ?? { id, title: path, about: `What stands at ${path}`, width: 120, least: 50, dispensable: 2 };
}

export const isColumnId = (id: unknown): id is ColumnId =>
  typeof id === 'string' && (BY_ID.has(id) || (pathOf(id) ?? '') !== '');

export const isBuiltIn = (id: ColumnId): id is BuiltIn => BY_ID.has(id);

export type Widths = Readonly<Record<string, number>>;

export const widthOf = (column: Column, widths: Widths) => Math.max(column.least, widths[column.id] ?? column.width);

/** The columns that fit into a width: a narrow list loses columns rather than the sight of its names. */
export function fittingColumns(
  width: number,
  widths: Widths,
  shown: readonly ColumnId[] = DEFAULT_COLUMNS,
): readonly Column[] {
  let columns: readonly Column[] = shown.map(columnOf);
  const total = () => columns.reduce((sum, column) => sum + widthOf(column, widths), 0);
  while (total() > width) {
    const next = columns.reduce((best, column) => (column.dispensable > best.dispensable ? column : best));
    if (next.dispensable === 0) break;
    columns = columns.filter((column) => column !== next);
  }
  return columns;
}

/**
 * The CSS grid that rows and header share, for a list of this width. All in px: a grid whose parts grow by themselves is
 * measured anew for each row, though all rows come to the same.
 */
export function gridTemplate(columns: readonly Column[], widths: Widths, width: number): string {
  // The last growing column always grows, or a chosen width would leave a gap at the right.
  const filler = columns.findLast((column) => column.share !== undefined) ?? columns.at(-1);
  const sizes = columns.map((column) => {
    const isChosen = widths[column.id] !== undefined && column !== filler;
    const share = isChosen ? undefined : (column.share ?? (column === filler ? 1 : undefined));
    return { column, share, px: share === undefined ? widthOf(column, widths) : column.least };
  });
  // As CSS does it: who would get less than its least has that, and the others share what is left.
  let growing = sizes.filter(({ share }) => share !== undefined);
  for (;;) {
    const taken = sizes.reduce((sum, size) => (growing.includes(size) ? sum : sum + size.px), 0);
    const part = (width - taken) / growing.reduce((sum, { share = 0 }) => sum + share, 0);
    const wide = growing.filter(({ column, share = 0 }) => share * part >= column.least);
    if (wide.length === growing.length) {
      for (const size of growing) size.px = Math.floor((size.share ?? 0) * part);
      break;
    }
    growing = wide;
  }
  const last = sizes.find(({ column }) => column === filler);
  // What rounding left over.
  if (last && growing.includes(last)) last.px += Math.max(0, width - sizes.reduce((sum, { px }) => sum + px, 0));
  return sizes.map(({ px }) => `${px}px`).join(' ');
}

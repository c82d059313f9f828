/** The list's columns, and which of them fit. */

export interface Column {
  readonly id:
    | 'id'
    | 'time'
    | 'direction'
    | 'name'
    | 'window'
    | 'status'
    | 'duration'
    | 'size'
    | 'preview'
    | 'waterfall';
  readonly title: string;
  readonly width: number;
  readonly least: number;
  /** grows with the list, by this share of what is left, unless somebody chose a width */
  readonly share?: number;
  readonly isNumber?: boolean;
  /** the higher, the earlier it goes when there is no room; 0 always stays */
  readonly dispensable: number;
}

export const COLUMNS: readonly Column[] = [
  { id: 'id', title: '#', width: 52, least: 32, isNumber: true, dispensable: 4 },
  { id: 'time', title: 'Time', width: 80, least: 48, isNumber: true, dispensable: 5 },
  { id: 'direction', title: 'Dir', width: 32, least: 28, dispensable: 0 },
  { id: 'name', title: 'Name', width: 160, least: 80, share: 2, dispensable: 0 },
  { id: 'window', title: 'Window', width: 84, least: 40, dispensable: 3 },
  { id: 'status', title: 'Status', width: 100, least: 32, dispensable: 0 },
  { id: 'duration', title: 'Duration', width: 76, least: 48, isNumber: true, dispensable: 2 },
  { id: 'size', title: 'Size', width: 68, least: 40, isNumber: true, dispensable: 6 },
  { id: 'preview', title: 'Preview', width: 120, least: 60, share: 3, dispensable: 1 },
  { id: 'waterfall', title: 'Waterfall', width: 160, least: 100, share: 2, dispensable: 5.5 },
];

export type Widths = Readonly<Record<string, number>>;

export const widthOf = (column: Column, widths: Widths) => Math.max(column.least, widths[column.id] ?? column.width);

/** The columns that fit into a width: a narrow list loses columns rather than the sight of its names. */
export function fittingColumns(width: number, widths: Widths): readonly Column[] {
  let columns = COLUMNS;
  const total = () => columns.reduce((sum, column) => sum + widthOf(column, widths), 0);
  while (total() > width) {
    const next = columns.reduce((best, column) => (column.dispensable > best.dispensable ? column : best));
    if (next.dispensable === 0) break;
    columns = columns.filter((column) => column !== next);
  }
  return columns;
}

/** The CSS grid that rows and header share. */
export function gridTemplate(columns: readonly Column[], widths: Widths): string {
  // The last growing column always grows, or a chosen width would leave a gap at the right.
  const filler = columns.findLast((column) => column.share !== undefined);
  return columns
    .map((column) => {
      const isChosen = widths[column.id] !== undefined && column !== filler;
      const width = widthOf(column, widths);
      return column.share === undefined || isChosen ? `${width}px` : `minmax(${column.least}px, ${column.share}fr)`;
    })
    .join(' ');
}

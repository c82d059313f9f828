/** Lists of objects as tables: where a value has them, and what stands in their columns. */
import { isObject, type PathPart, pathText, summary } from './jsonTree.ts';

/** Rows that are looked at for columns and their widths: a list of a million is not read for its header. */
const LOOKED_AT = 200;
const MOST_COLUMNS = 60;
const [NARROWEST, WIDEST] = [4, 40];

export interface JsonTable {
  readonly path: readonly PathPart[];
  readonly title: string;
  readonly rows: readonly unknown[];
}

export interface Column {
  readonly key: string;
  /** in characters */
  readonly width: number;
  /** numbers stand at the right */
  readonly isNumber: boolean;
}

/** The lists of objects in a value: itself, or those up to two levels inside of it, the longest first. */
export function tablesIn(value: unknown, root: string): readonly JsonTable[] {
  const found: JsonTable[] = [];
  const look = (inner: unknown, path: readonly PathPart[]) => {
    if (isList(inner)) found.push({ path, title: pathText(root, path), rows: inner });
    else if (isObject(inner) && !Array.isArray(inner) && path.length < 2) {
      for (const key of Object.keys(inner).slice(0, MOST_COLUMNS)) look(inner[key], [...path, key]);
    }
  };
  look(value, []);
  return found.toSorted((a, b) => b.rows.length - a.rows.length);
}

function isList(value: unknown): value is readonly unknown[] {
  if (!Array.isArray(value) || value.length < 2) return false;
  const sample = value.slice(0, LOOKED_AT);
  return sample.every((item) => isObject(item) && !Array.isArray(item) && Object.keys(item).length > 0);
}

export function columnsOf(rows: readonly unknown[]): readonly Column[] {
  const columns = new Map<string, { width: number; numbers: number; count: number }>();
  for (const item of rows.slice(0, LOOKED_AT)) {
    if (!isObject(item)) continue;
    for (const key of Object.keys(item)) {
      let column = columns.get(key);
      if (!column) {
        if (columns.size >= MOST_COLUMNS) continue;
        column = { width: key.length + 3, numbers: 0, count: 0 };
        columns.set(key, column);
      }
      column.width = Math.max(column.width, cellText(item, key).length);
      column.count++;
      if (typeof item[key] === 'number') column.numbers++;
    }
  }
  return [...columns].map(([key, { width, numbers, count }]) => ({
    key,
    width: Math.min(Math.max(width, NARROWEST), WIDEST),
    isNumber: numbers === count,
  }));
}

/** A text stands without quotes; what is absent is empty. */
export function cellText(row: unknown, key: string): string {
  if (!isObject(row) || !Object.hasOwn(row, key)) return '';
  const value = row[key];
  return typeof value === 'string' ? value.slice(0, 300) : summary(value, 60);
}

export interface Order {
  readonly key: string;
  readonly isDown: boolean;
}

/** The places of rows in an order: numbers by their value, all else as text, what is absent at the end. */
export function sortedRows(rows: readonly unknown[], { key, isDown }: Order): Uint32Array {
  const values = rows.map((row) => (isObject(row) && Object.hasOwn(row, key) ? row[key] : undefined));
  const texts = values.map((value, at) =>
    typeof value === 'number' || value === undefined ? '' : cellText(rows[at], key),
  );
  const rank = (value: unknown) => (value === undefined ? 2 : typeof value === 'number' ? 0 : 1);
  const compare = (a: number, b: number): number => {
    const [left, right] = [values[a], values[b]];
    const byRank = rank(left) - rank(right);
    if (byRank !== 0) return rank(left) === 2 || rank(right) === 2 ? byRank : isDown ? -byRank : byRank;
    const difference =
      typeof left === 'number' && typeof right === 'number'
        ? left - right
        : compareTexts(texts[a] ?? '', texts[b] ?? '');
    return (isDown ? -difference : difference) || a - b;
  };
  return Uint32Array.from(rows.keys()).sort(compare);
}

const compareTexts = (a: string, b: string) => (a < b ? -1 : a > b ? 1 : 0);

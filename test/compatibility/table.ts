/** The table of apps in docs/compatibility.md: one row an app; its last column is written by people and kept. */
import { readFileSync, writeFileSync } from 'node:fs';
import type { Counts } from './records.ts';

const BEGIN = '<!-- apps: written by test/compatibility/run.ts -->';
const END = '<!-- apps: end -->';
const HEAD = [
  '| app | windows | clicks | calls | ok | unhandled | denied | refused | failed | |',
  '|---|---|---|---|---|---|---|---|---|---|',
];

export interface AppRow {
  readonly name: string;
  readonly windows: number;
  readonly clicks: number;
  readonly counts: Counts;
  /** what keeps the app from opening */
  readonly failure: string | undefined;
}

/** Puts the row of an app in, or in the place of the one it had. */
export function writeRow(file: string, row: AppRow): void {
  const text = readFileSync(file, 'utf8');
  const [begin, end] = [text.indexOf(BEGIN) + BEGIN.length, text.indexOf(END)];
  const rows = new Map<string, string>();
  for (const line of text.slice(begin, end).split('\n')) {
    const name = /^\| ([^|]+) \|/.exec(line)?.[1];
    if (name !== undefined && !HEAD.includes(line)) rows.set(name, line);
  }
  rows.set(row.name, textOf(row, noteOf(rows.get(row.name))));
  const table = [...HEAD, ...rows.values()].join('\n');
  writeFileSync(file, `${text.slice(0, begin)}\n\n${table}\n\n${text.slice(end)}`);
}

function textOf({ name, windows, clicks, counts, failure }: AppRow, note: string): string {
  const { calls, ok, unhandled, denied, refused, failed } = counts;
  const cells = [name, windows, clicks, calls, ok, unhandled, denied, refused, failed, failure ?? note];
  return `| ${cells.join(' | ')} |`.replace('|  |', '| |');
}

const noteOf = (line: string | undefined) => line?.split('|').at(-2)?.trim() ?? '';

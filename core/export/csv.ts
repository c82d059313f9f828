/** A table for spreadsheets (RFC 4180): a line for each message. */
import type { MessageRecord } from '../record.ts';
import { bodyForPeople, type ExportInput, iso, rounded } from './export.ts';

/** Spreadsheets hold at most so many characters in a cell. */
const CELL = 32_000;

type Column = readonly [string, (record: MessageRecord, input: ExportInput) => string | number | undefined];

const COLUMNS: readonly Column[] = [
  ['number', ({ id }) => id],
  ['time ms', ({ time }) => rounded(time)],
  ['date', ({ time }, { started }) => iso(started + time)],
  ['kind', ({ kind }) => kind],
  ['direction', ({ direction }) => direction],
  ['app', ({ app }) => app],
  ['window', ({ window }) => window],
  ['name', ({ name }) => name],
  ['status', ({ status }) => status],
  ['duration ms', ({ duration }) => (duration === undefined ? undefined : rounded(duration))],
  ['size', ({ size }) => size],
  ['answer size', ({ outcomeSize }) => outcomeSize],
  ['belongs to', ({ of }) => of],
  ['caused by', ({ cause }) => cause],
  ['index', ({ index }) => index],
  ['heard', ({ heard }) => heard],
  ['marked', ({ marked }) => (marked ? 'yes' : undefined)],
  ['note', ({ comment }) => comment],
  ['reason', ({ note }) => note],
  ['content', ({ body }) => bodyForPeople(body, CELL)],
  ['answer', ({ outcome }) => bodyForPeople(outcome, CELL)],
];

export function* csv(input: ExportInput): Generator<string> {
  yield line(COLUMNS.map(([title]) => title));
  for (const record of input.records()) yield line(COLUMNS.map(([, read]) => read(record, input)));
}

function line(cells: readonly (string | number | undefined)[]): string {
  return `${cells.map(cell).join(',')}\r\n`;
}

function cell(value: string | number | undefined): string {
  if (typeof value !== 'string') return value === undefined ? '' : String(value);
  // A page chooses what stands here: a spreadsheet must not take it for a formula.
  const text = /^(?:\s*[=+\-@＝＋－＠]|[\t\r\n])/.test(value) ? `'${value}` : value;
  return /[",\r\n]/.test(text) ? `"${text.replaceAll('"', '""')}"` : text;
}

import { expect, test } from 'vitest';
import { RowView } from '../../../webview-ui/inspector/rowView.ts';
import { STATUSES } from '#core/record.ts';
import { CHUNK_ROWS, ColumnStore, type RowTest } from '../../../webview-ui/inspector/store.ts';
import { row, rows } from './rows.ts';

const isError: RowTest = (columns, at) => columns.status[at] === STATUSES.indexOf('error');

test('a row comes out of the columns as it went in', () => {
  const store = new ColumnStore();
  const full = row(7, {
    kind: 'channel-message',
    direction: 'to-page',
    status: 'undelivered',
    duration: 2.5,
    of: 3,
    index: 0,
    heard: 0,
    replayOf: 2,
    note: 'The page was gone.',
  });
  store.append([row(6), full]);
  expect(store.row(store.slotOf(7))).toEqual(full);
  expect(store.row(store.slotOf(6))).toEqual(row(6));
  expect(store.slotOf(5)).toBe(-1);
});

test('a changed row keeps its place, and the counts follow its status', () => {
  const store = new ColumnStore();
  store.append([row(1, { status: 'pending' }), row(2)]);
  expect(store.change([row(1, { status: 'error', duration: 4 }), row(9)])).toEqual([0]);
  expect([store.count('pending'), store.count('error'), store.count('ok')]).toEqual([0, 1, 1]);
  expect(store.row(0)).toMatchObject({ status: 'error', duration: 4 });
});

test('a row that comes twice replaces the first', () => {
  const store = new ColumnStore();
  store.append([row(1), row(2)]);
  expect(store.append([row(2, { preview: 'again' }), row(3)])).toEqual([1]);
  expect(store.length).toBe(3);
  expect(store.row(1)?.preview).toBe('again');
});

test('the oldest rows go with their chunks, counts and names, and the others keep their slots', () => {
  const store = new ColumnStore();
  const count = CHUNK_ROWS * 3 + 10;
  for (let id = 1; id <= count; id++) store.append([row(id, { name: `download-${id}` })]);
  const before = store.chunkCount;
  store.trim(CHUNK_ROWS * 2 + 6);
  expect({ length: store.length, chunks: [before, store.chunkCount], first: store.row(store.start)?.id }).toEqual({
    length: CHUNK_ROWS + 5,
    chunks: [4, 2],
    first: CHUNK_ROWS * 2 + 6,
  });
  expect(store.slotOf(count)).toBe(count - 1);
  expect(store.count('ok')).toBe(store.length);
  expect(store.strings.size).toBe(store.length + 2);
});

test('after clearing, new rows have new slots', () => {
  const store = new ColumnStore();
  store.append(rows(1, 5));
  store.clear();
  expect([store.length, store.count('ok'), store.strings.size]).toEqual([0, 0, 0]);
  store.append([row(6)]);
  expect(store.row(store.slotOf(6))?.id).toBe(6);
  expect(store.row(0)).toBeUndefined();
});

test('a view tests each row once as it comes, and shows the same as a fresh one', () => {
  const store = new ColumnStore();
  let tests = 0;
  const view = new RowView(store, (columns, at) => {
    tests++;
    return isError(columns, at);
  });
  for (let from = 1; from < 1000; from += 100) {
    store.append(rows(from, 100));
    view.update();
  }
  expect([tests, view.length]).toEqual([1000, 100]);
  expect(view.slotAt(0)).toBe(9);
  expect(view.slotAt(100)).toBeUndefined();
  expect(view.indexOf(store.slotOf(20))).toBe(1);
  expect(view.indexOf(store.slotOf(21))).toBe(-1);
});

test('a row that changes comes into the view or leaves it at its own place', () => {
  const store = new ColumnStore();
  const view = new RowView(store, isError);
  store.append([row(1, { status: 'error' }), row(2, { status: 'pending' }), row(3, { status: 'error' })]);
  view.update();
  const ids = () => Array.from({ length: view.length }, (_, at) => store.row(view.slotAt(at) ?? -1)?.id);
  expect(ids()).toEqual([1, 3]);
  view.recheck(store.change([row(2, { status: 'error' })]));
  expect(ids()).toEqual([1, 2, 3]);
  view.recheck(store.change([row(1)]));
  expect(ids()).toEqual([2, 3]);
});

test('a view counts what went at its front', () => {
  const store = new ColumnStore();
  const view = new RowView(store, isError);
  store.append(rows(1, 100));
  view.update();
  store.trim(51);
  view.update();
  expect([view.length, view.removed, store.row(view.slotAt(0) ?? -1)?.id]).toEqual([5, 5, 60]);
});

test('a limit of 100,000 rows in a stream of a million keeps memory and places', () => {
  const store = new ColumnStore();
  const view = new RowView(store, isError);
  for (let from = 1; from <= 1_000_000; from += 1000) {
    store.append(rows(from, 1000));
    store.trim(from + 1000 - 100_000);
    view.update();
  }
  expect({
    kept: store.length,
    chunks: store.chunkCount <= Math.ceil(100_000 / CHUNK_ROWS) + 1,
    shown: view.length,
    first: store.row(view.slotAt(0) ?? -1)?.id,
    last: store.row(view.slotAt(view.length - 1) ?? -1)?.id,
    strings: store.strings.size,
  }).toEqual({ kept: 100_000, chunks: true, shown: 10_000, first: 900_010, last: 1_000_000, strings: 43 });
});

test('a million rows are found by id and filtered', () => {
  const store = new ColumnStore();
  for (let from = 1; from <= 1_000_000; from += 10_000) store.append(rows(from, 10_000));
  const view = new RowView(store, isError);
  expect([store.length, view.length, store.slotOf(777_777), store.count('error')]).toEqual([
    1_000_000, 100_000, 777_776, 100_000,
  ]);
});

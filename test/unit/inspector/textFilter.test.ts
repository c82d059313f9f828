import { expect, test } from 'vitest';
import { parseTextFilter } from '#core/filter.ts';
import { ColumnStore } from '../../../webview-ui/inspector/store.ts';
import { compileInternal, compileTextFilter, highlightPattern } from '../../../webview-ui/inspector/textFilter.ts';
import { row, rows } from './rows.ts';

test('words are split at blanks, quotes keep them together, a minus negates', () => {
  expect(parseTextFilter(' one  -two "three four" -"five six" - "open end')).toEqual([
    { text: 'one', negated: false },
    { text: 'two', negated: true },
    { text: 'three four', negated: false },
    { text: 'five six', negated: true },
    { text: '-', negated: false },
    { text: 'open end', negated: false },
  ]);
  expect(parseTextFilter('  ""  ')).toEqual([]);
});

const sample = [
  row(1, { name: 'plugin:fs|read_file', preview: '{"path":"/Notes.json"}' }),
  row(2, { name: 'saved', kind: 'event', window: 'prefs', preview: '7' }),
  row(3, { name: 'sync', status: 'error', preview: 'ENETWORK' }),
  row(4, { name: 'save', status: 'denied', preview: '', note: 'No capability allows it.' }),
  row(5, { name: 'plugin:event|listen', preview: '{"event":"saved"}' }),
];

function found(query: string): number[] {
  const store = new ColumnStore();
  store.append(sample);
  const test = compileTextFilter(query, store) ?? (() => true);
  return sample.filter((_, slot) => store.test(slot, test)).map(({ id }) => id);
}

test.each([
  ['', [1, 2, 3, 4, 5]],
  ['saved', [2, 5]],
  ['is:denied', [4]],
  ['-is:denied', [1, 2, 3, 5]],
  ['is:event', [2]],
  ['is:deni', []],
  ['"is:denied"', []],
  ['event', [2, 5]],
  ['event -listen', [2]],
  ['prefs', [2]],
  ['error', [3]],
  ['-error', [1, 2, 4, 5]],
  ['capability', [4]],
  ['notes', [1]],
  ['Notes', [1]],
  ['NOTES', []],
  ['"path":', [1]],
  ['fs|read', [1]],
  ['.*', []],
  ['sav denied', [4]],
])('the filter %j finds %j', (query, ids) => {
  expect(found(query)).toEqual(ids);
});

test('internal calls are told by their names', () => {
  const store = new ColumnStore();
  store.append(sample);
  const isShown = compileInternal(store);
  expect(sample.map((_, slot) => store.test(slot, isShown))).toEqual([true, true, true, true, false]);
});

test('only what is looked for is marked', () => {
  const pattern = highlightPattern(parseTextFilter('a.b -c'));
  expect(pattern && 'xa.b c A.B aXb'.replaceAll(pattern, '_')).toBe('x_ c _ aXb');
  expect(highlightPattern(parseTextFilter('-c'))).toBeUndefined();
});

test('100,000 rows are filtered by name and content', () => {
  const store = new ColumnStore();
  store.append(rows(1, 100_000));
  let hits = 0;
  const test = compileTextFilter('command_7 -prefs "id":9', store);
  if (test) store.scan(0, store.end, test, () => hits++);
  const expected = rows(1, 100_000).filter(
    ({ name, window, preview }) => name.includes('command_7') && window !== 'prefs' && preview.includes(':9'),
  );
  expect(hits).toBe(expected.length);
});

test("a window's own events are hidden while nobody listens to them", () => {
  const store = new ColumnStore();
  const events = [
    row(1, { kind: 'event', name: 'tauri://focus', status: 'unheard' }),
    row(2, { kind: 'event', name: 'tauri://focus', status: 'ok', heard: 1 }),
    row(3, { kind: 'event', name: 'saved', status: 'unheard' }),
  ];
  store.append(events);
  const shown = compileInternal(store);
  expect(events.filter((_, slot) => store.test(slot, shown)).map(({ id }) => id)).toEqual([2, 3]);
});

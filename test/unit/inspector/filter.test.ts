import { expect, test } from 'vitest';
import { FilterError, readFilter } from '#core/filter/parse.ts';
import { compileFilter } from '#core/filter/record-test.ts';
import { save } from '#core/filter/saved.ts';
import type { MessageRecord } from '#core/record.ts';
import { complete } from '../../../webview-ui/inspector/completion.ts';
import { compileColumns, compileShown, highlightPattern, hostTerms } from '../../../webview-ui/inspector/filterTest.ts';
import { HISTORY, readMemory, remember } from '../../../webview-ui/inspector/filterMemory.ts';
import { ColumnStore } from '../../../webview-ui/inspector/store.ts';
import { json, Kept, record } from '../filter/records.ts';
import { row, rows } from './rows.ts';

const sample = [
  row(1, { name: 'plugin:fs|read_file', preview: '{"path":"/Notes.json"}' }),
  row(2, { name: 'saved', kind: 'event', window: 'prefs', preview: '7' }),
  row(3, { name: 'sync', status: 'error', preview: 'ENETWORK' }),
  row(4, { name: 'save', status: 'denied', preview: '', note: 'No capability allows it.' }),
  row(5, { name: 'plugin:event|listen', preview: '{"event":"saved"}' }),
];

function found(query: string, of = sample): number[] {
  const store = new ColumnStore();
  store.append(of);
  const test = compileColumns(readFilter(query), { store, asked: [], now: () => 0 }) ?? (() => true);
  return of.filter((_, slot) => store.test(slot, test)).map(({ id }) => id);
}

test.each([
  ['', [1, 2, 3, 4, 5]],
  ['saved', [2, 5]],
  ['is:denied', [4]],
  ['-is:denied', [1, 2, 3, 5]],
  ['is:event', [2]],
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
  ['plugin:fs|read_file', [1]],
  ['cmd:fs|*', [1]],
  ['plugin:event', [5]],
  ['-window|close', [1, 2, 3, 4, 5]],
])('the filter %j finds %j', (query, ids) => {
  expect(found(query)).toEqual(ids);
});

test('a row without a note has no empty one, and one without a comment neither', () => {
  const of = [
    row(1, { preview: '1' }),
    row(2, { preview: '2', note: 'dropped' }),
    row(3, { preview: '3', comment: 'look' }),
  ];
  expect(found('/^$/', of)).toEqual([]);
  expect(found('/^(dropped|look)$/', of)).toEqual([2, 3]);
});

const six = [
  record(1, { status: 'error' }),
  record(2, { status: 'error', window: 'prefs' }),
  record(3),
  record(4, { status: 'denied' }),
  record(5, { kind: 'event', name: 'saved' }),
  record(6, { status: 'error', name: 'sync' }),
];

function records(query: string, of: readonly MessageRecord[]): number[] {
  const source = new Kept(of);
  return of.filter(compileFilter(readFilter(query), { source })).map(({ id }) => id);
}

test('check 15: is:error & win:main finds only those rows, and ! the others', () => {
  expect(records('is:error & win:main', six)).toEqual([1, 6]);
  expect(records('!is:error', six)).toEqual([3, 4, 5]);
  expect(records('!(is:error & win:main)', six)).toEqual([2, 3, 4, 5]);
});

test('check 16: args.path ~ /\\.key$/i finds calls whose path ends so, in any case', () => {
  const of = [
    record(1, { body: json({ path: '/a/id.key' }) }),
    record(2, { body: json({ path: '/a/ID.KEY' }) }),
    record(3, { body: json({ path: '/a/id.key.pub' }) }),
    record(4, { body: json({ other: '/a/id.key' }) }),
    record(5, { body: json({ inner: { path: '/a/id.key' } }) }),
    record(6, { kind: 'event', body: json({ path: '/a/id.key' }) }),
  ];
  expect(records('args.path ~ /\\.key$/i', of)).toEqual([1, 2]);
  expect(records('args..path ~ /\\.key$/i', of)).toEqual([1, 2, 5]);
  expect(records('body.path:*.key', of)).toEqual([1, 2, 6]);
});

test('check 17: dur>50ms size>=1kb holds for every row that it shows', () => {
  const of = Array.from({ length: 200 }, (_, at) =>
    record(at + 1, { duration: at, size: (at * 37) % 1500, outcomeSize: at % 7 === 0 ? 400 : 0 }),
  );
  const expected = of.filter(({ duration = 0, size, outcomeSize = 0 }) => duration > 50 && size + outcomeSize >= 1000);
  expect(expected.length).toBeGreaterThan(20);
  expect(records('dur>50ms size>=1kb', of)).toEqual(expected.map(({ id }) => id));
});

test.each([
  ['is:slow', [1, 24]],
  ['is:duplicate', [4]],
  ['is:binary', [6]],
  ['is:lost', [7]],
  ['near:2', [1, 2]],
  ['chain:1', [1, 8, 9]],
  ['data.pct>=50', [9]],
  ['result:*', [3]],
  ['args.list[1]=2', [5]],
  ['args.list[*]:2..9', [5]],
  ['args.a!=1', [4]],
  ['args.when>"2026-01"', [5]],
  ['win:host', [9]],
  ['age>5s', [5]],
  ['src:app.ts', [3]],
  ['note:todo', [2]],
  ['deep', [3]],
  ['say "hi"'.replaceAll('"', ''), [3]],
  ['"say \\"hi\\""', [3]],
  ['hit>0', []],
  ['is:edited,faulted,paused', []],
])('%j finds %j', (query, ids) => {
  const calls = Array.from({ length: 22 }, (_, at) =>
    record(10 + at, { time: 90_000 + at * 2000, name: 'often', duration: at === 14 ? 9 : 1 }),
  );
  // Enough calls before it, and twice as long as nearly all of them.
  calls[14] = record(24, { time: 118_000, name: 'sync', duration: 1500 });
  const of = [
    record(1, { time: 100, duration: 1001, body: json({}) }),
    record(2, { time: 1000, name: 'w', comment: 'TODO later' }),
    record(3, {
      time: 3000,
      name: 'x',
      body: json({ a: 1 }),
      outcome: json({ filler: 'f'.repeat(500), deep: 'say "hi"' }),
      pageStack: 'at save (src/app.ts:4:9)',
    }),
    record(4, { time: 3500, name: 'x', body: { kind: 'json', value: { a: 1 } } }),
    record(5, { time: 4000, name: 'y', status: 'pending', body: json({ list: [1, 2], when: '2026-03-01' }) }),
    record(6, { time: 5000, name: 'z', body: { kind: 'bytes', bytes: new Uint8Array(3) } }),
    record(7, { time: 6000, name: 'z', body: { kind: 'dropped' } }),
    record(8, { time: 7000, kind: 'channel', name: 'c', of: 1, body: { kind: 'none' } }),
    record(9, { time: 8000, kind: 'event', name: 'e', window: '', cause: 8, body: json({ pct: 50 }) }),
    ...calls,
  ];
  if (query === 'args.a!=1') of[3] = record(4, { time: 3500, name: 'x', body: json({ a: 2 }) });
  expect(records(query, of)).toEqual(ids);
});

test('a call is slow beside those of its command before it', () => {
  const of = Array.from({ length: 40 }, (_, at) => record(at + 1, { duration: at === 5 || at === 35 ? 9 : 2 }));
  expect(records('is:slow', of)).toEqual([36]);
});

test('an error of a filter says where it is', () => {
  expect(() => readFilter('a is:eror')).toThrow(/error at 6 \(eror\): no state is called "eror": did you mean error\?/);
  expect(() => readFilter('dur>x')).toThrow(FilterError);
});

test('check 12: internal calls are told by their names, and is:internal finds them', () => {
  const of = [
    ...sample,
    row(6, { kind: 'event', name: 'tauri://focus', status: 'unheard' }),
    row(7, { kind: 'event', name: 'tauri://focus', status: 'ok', heard: 1 }),
    row(8, { kind: 'event', name: 'saved', status: 'unheard' }),
  ];
  const store = new ColumnStore();
  store.append(of);
  const isShown = compileShown(store);
  const shown = of.filter((_, slot) => store.test(slot, isShown)).map(({ id }) => id);
  expect(shown).toEqual([1, 2, 3, 4, 7, 8]);
  expect(found('-is:internal', of)).toEqual(shown);
});

test('only what is looked for is marked', () => {
  const pattern = highlightPattern(readFilter('a.b -c /x\\d/ | cmd:y "q\\"r"'));
  expect(pattern && 'xa.b c A.B aXb x5 y q"r q\\"r'.replaceAll(pattern, '_')).toBe('x_ c _ aXb _ y _ _');
  expect(highlightPattern(readFilter('-c'))).toBeUndefined();
});

test("bodies are the host's work, and columns narrow what it looks at", () => {
  expect(hostTerms(readFilter('cmd:a (win:x | win:y) args.n>5 foo -"b r"'))).toEqual({
    terms: ['args.n>5', 'foo', '"b r"'],
    where: 'cmd:a (win:x | win:y)',
  });
  expect(hostTerms(readFilter('foo | cmd:a'))).toEqual({ terms: ['foo'], where: '' });
  expect(hostTerms(readFilter('foo age>5s'))).toEqual({ terms: ['foo'], where: '' });
  expect(hostTerms(readFilter('is:error dur>5'))).toEqual({ terms: [], where: 'is:error dur>5' });
});

test('until the host has answered, the preview counts for words, and paths fit neither way', () => {
  const store = new ColumnStore();
  store.append(sample);
  const asked = ['notes', 'args.x=1'];
  const ids = (query: string) => {
    const test = compileColumns(readFilter(query), { store, asked, now: () => 0 });
    return sample.filter((_, slot) => test && store.test(slot, test)).map(({ id }) => id);
  };
  expect([ids('notes'), ids('args.x=1'), ids('-args.x=1')]).toEqual([[1], [], []]);
  for (const { id } of sample) store.setHits(id, id === 4 ? 3 : 0);
  expect([ids('notes'), ids('args.x=1'), ids('-args.x=1')]).toEqual([[4], [4], [1, 2, 3, 5]]);
  store.change([row(4, { preview: 'changed' })]);
  expect(ids('notes')).toEqual([]);
  store.clearHits();
  expect(ids('notes')).toEqual([1]);
});

test('check 21: 100,000 rows are filtered right, and each is tested once', () => {
  const store = new ColumnStore();
  store.append(rows(1, 100_000));
  const test = compileColumns(readFilter('cmd:command_7 -win:prefs "id":9'), { store, asked: [], now: () => 0 });
  const ids: number[] = [];
  let tested = 0;
  store.scan(
    store.start,
    store.end,
    (chunk, at) => {
      tested++;
      return test?.(chunk, at) === true;
    },
    (slot) => ids.push(store.row(slot)?.id ?? 0),
  );
  const expected = rows(1, 100_000).filter(
    ({ name, window, preview }) => name === 'command_7' && window !== 'prefs' && preview.includes('"id":9'),
  );
  expect(ids).toEqual(expected.map(({ id }) => id));
  expect(tested).toBe(100_000);
});

test('check 19: completion offers keys, states, and values by how often they were seen', () => {
  const store = new ColumnStore();
  store.append([
    ...rows(1, 100),
    row(200, { name: 'rare' }),
    row(201, { kind: 'event', name: 'tick' }),
    row(202, { name: 'two words', window: '' }),
  ]);
  store.append(Array.from({ length: 9 }, (_, at) => row(300 + at, { name: 'greet' })));
  const offers = (text: string, caret = text.length) =>
    complete(text, caret, store)?.options.map(({ insert }) => insert) ?? [];
  expect(offers('cm')).toEqual(['cmd:']);
  expect(offers('win:main -c')).toEqual([
    'cmd:',
    'channel:',
    'chain:',
    'is:channel',
    'is:channel-message',
    'is:channel-end',
  ]);
  expect(offers('cmd:').slice(0, 2)).toEqual(['greet', 'command_1']);
  expect(offers('cmd:rare,gr')).toEqual(['greet']);
  expect(offers('cmd:wo')).toEqual(['"two words"']);
  expect([offers('event:'), offers('win:')]).toEqual([['tick'], ['main', 'prefs', 'host']]);
  expect(offers('err')).toEqual(['error.', 'is:error']);
  expect(offers('is:de')).toEqual(['pending', 'denied', 'undelivered'].filter((state) => state.includes('de')));
  expect([offers(''), offers('"cm'), offers('cmd:greet')]).toEqual([[], [], []]);
  expect(complete('cm win:main', 2, store)).toMatchObject({ from: 0, to: 2 });
});

test('the history has each filter once, saved filters each name once', () => {
  let history: readonly string[] = [];
  for (let at = 0; at < 30; at++) history = remember(history, `f${at % 25} `);
  expect(history.slice(0, 2)).toEqual(['f4', 'f3']);
  expect([history.length, remember(history, '  ')]).toEqual([HISTORY, history]);
  const saved = save(save([], { name: 'b', filter: 'x' }), { name: 'a', filter: 'y' });
  expect(save(saved, { name: 'b', filter: 'z' })).toEqual([
    { name: 'a', filter: 'y' },
    { name: 'b', filter: 'z' },
  ]);
  expect(readMemory({ history: ['a', 5] })).toEqual({ history: ['a'] });
  expect(readMemory({ history: 5 })).toEqual({});
});

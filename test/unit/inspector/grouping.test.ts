import * as fc from 'fast-check';
import { expect, test } from 'vitest';
import type { Row } from '#core/inspector-messages.ts';
import { type Grouping, GROUPINGS } from '../../../webview-ui/inspector/grouping.ts';
import { Listing } from '../../../webview-ui/inspector/listing.ts';
import { RowView } from '../../../webview-ui/inspector/rowView.ts';
import { sortKey } from '../../../webview-ui/inspector/sortKeys.ts';
import { KINDS } from '#core/record.ts';
import { ColumnStore } from '../../../webview-ui/inspector/store.ts';
import { row, rows } from './rows.ts';

function start(grouping: Grouping, isFolding = false, now: () => number = () => 0) {
  const store = new ColumnStore();
  const view = new RowView(store);
  const listing = new Listing(store, view, now);
  listing.order = { isDescending: false, grouping, isFolding };
  return {
    store,
    view,
    listing,
    add: (given: readonly Row[]) => {
      store.append(given);
      view.update();
    },
    /** each line as text: two blanks a level, groups in brackets, + and - where something can be opened or closed */
    lines: () =>
      Array.from({ length: listing.length }, (_, at) => {
        const line = listing.lineAt(at);
        if (line?.kind === 'group') {
          const { group } = line;
          const { name, window } = store.row(group.sample) ?? row(0);
          return `[${grouping === 'window' ? window : name} ${group.count}/${group.failures}]${group.isOpen ? '-' : '+'}`;
        }
        if (!line) return '?';
        const sign = line.nested === 0 ? '' : ` ${line.isOpen ? '-' : '+'}${line.nested}`;
        return `${'  '.repeat(line.depth)}${store.row(line.slot)?.id}${sign}`;
      }),
  };
}

const STREAM: readonly Row[] = [
  row(1, { name: 'download' }),
  row(2, { name: 'greet' }),
  row(3, { kind: 'channel', name: 'download', of: 1 }),
  row(4, { kind: 'channel-message', of: 3, index: 0 }),
  row(5, { kind: 'event', name: 'saved', cause: 2, status: 'error' }),
  row(6, { kind: 'channel-message', of: 3, index: 1 }),
  row(7, { name: 'greet', replayOf: 2 }),
];

test('by call: channels, their messages and what a call brought about stand below it, also when they come later', () => {
  const { add, lines } = start('call');
  add(STREAM.slice(0, 4));
  expect(lines()).toEqual(['1 -2', '  3 -1', '    4', '2']);
  add(STREAM.slice(4));
  expect(lines()).toEqual(['1 -3', '  3 -2', '    4', '    6', '2 -1', '  5', '7']);
});

test('a call that is closed hides all that is below, and says how many and how many failed', () => {
  const { add, lines, listing } = start('call');
  add(STREAM);
  listing.toggle('1');
  listing.toggle('2');
  expect(lines()).toEqual(['1 +3', '2 +1', '7']);
  expect(listing.lineAt(1)).toMatchObject({ nestedFailures: 1, isOpen: false });
  listing.toggleAll(true);
  expect(lines().length).toBe(7);
  listing.toggleAll(false);
  expect(lines()).toEqual(['1 +3', '2 +1', '7']);
});

test('what belongs to a message that is not shown stands below the next that is, or by itself', () => {
  const { store, view, listing, add, lines } = start('call');
  add(STREAM);
  const channel = KINDS.indexOf('channel');
  view.setTest((columns, at) => columns.kind[at] !== channel);
  listing.reset();
  expect(lines()).toEqual(['1 -2', '  4', '  6', '2 -1', '  5', '7']);
  store.trim(2);
  view.update();
  expect(lines()).toEqual(['2 -1', '  5', '4', '6', '7']);
});

test('by command, with counts, failures and the 95th percentile, in the order in which they first came', () => {
  const { add, lines, listing } = start('command');
  add([
    row(1, { name: 'save', duration: 1 }),
    row(2, { name: 'load', duration: 500, status: 'error' }),
    row(3, { name: 'save', duration: 9 }),
    row(4, { name: 'save', kind: 'event' }),
  ]);
  expect(lines()).toEqual(['[save 2/0]-', '  1', '  3', '[load 1/1]-', '  2', '[save 1/0]-', '  4']);
  const [save, load, event] = [0, 3, 5].map((at) => {
    const line = listing.lineAt(at);
    return line?.kind === 'group' ? listing.percentile(line.group) : undefined;
  });
  expect([save, load, event]).toEqual([9, 500, Number.NaN]);
});

test('by window, and a closed group counts on', () => {
  const { add, lines, listing } = start('window');
  add([row(1), row(2, { window: 'prefs' }), row(3)]);
  const line = listing.lineAt(0);
  if (line?.kind !== 'group') throw new Error('a group comes first');
  listing.toggle(line.group.key);
  add([row(4), row(5, { window: 'prefs' })]);
  expect(lines()).toEqual(['[main 3/0]+', '[prefs 2/0]-', '  2', '  5']);
  expect(listing.indexOf(3)).toBe(-1);
  listing.open(3);
  expect(lines()).toEqual(['[main 3/0]-', '  1', '  3', '  4', '[prefs 2/0]-', '  2', '  5']);
});

test('by chain: all that one message led to is one group; what led to nothing has none', () => {
  const { add, lines } = start('chain');
  add([...STREAM, row(8, { name: 'alone' })]);
  expect(lines()).toEqual(['[download 4/0]-', '  1', '  3', '  4', '  6', '[greet 3/1]-', '  2', '  5', '  7', '8']);
});

test('the same call again within a second is one line, which opens', () => {
  const { add, lines, listing } = start('none', true);
  const poll = (id: number, time: number) => row(id, { name: 'poll', preview: '{}', time });
  add([poll(1, 0), poll(2, 300), poll(3, 900), poll(4, 1300), row(5, { time: 1400 }), poll(6, 1500)]);
  expect(lines()).toEqual(['1 +2', '4', '5', '6']);
  listing.toggle('1');
  expect(lines()).toEqual(['1 -2', '  2', '  3', '4', '5', '6']);
});

test('sorted, groups stand in the order of their first rows', () => {
  const { store, add, lines, listing } = start('command');
  add([
    row(1, { name: 'save', duration: 5 }),
    row(2, { name: 'load', duration: 9 }),
    row(3, { name: 'save', duration: 20 }),
  ]);
  listing.order = { ...listing.order, key: sortKey('duration', store), isDescending: true };
  expect(lines()).toEqual(['[save 2/0]-', '  3', '  1', '[load 1/0]-', '  2']);
});

test('records that name each other in a circle are shown once', () => {
  for (const grouping of ['call', 'chain'] as const) {
    const { add, view, lines } = start(grouping);
    add([row(1, { of: 2 }), row(2, { of: 1 }), row(3, { cause: 3 })]);
    const shown = lines().filter((line) => !line.startsWith('['));
    expect([grouping, shown.map((line) => Number.parseInt(line.trim(), 10))]).toEqual([grouping, [1, 2, 3]]);
    expect(view.length).toBe(3);
  }
});

test('each row is shown once, wherever it stands', () => {
  const some = fc.array(
    fc.record({ owner: fc.nat(30), name: fc.nat(3), isCause: fc.boolean(), isClosed: fc.boolean() }),
    { maxLength: 40 },
  );
  fc.assert(
    fc.property(some, fc.constantFrom(...GROUPINGS), fc.boolean(), (given, grouping, isFolding) => {
      const { add, listing, store } = start(grouping, isFolding && grouping === 'none');
      const made = given.map(({ owner, name, isCause }, at) =>
        row(at + 1, { name: `c${name}`, ...(owner > 0 && (isCause ? { cause: owner } : { of: owner })) }),
      );
      add(made.slice(0, 20));
      void listing.length;
      add(made.slice(20));
      if (grouping === 'none') listing.toggleAll(true);
      const ids = Array.from({ length: listing.length }, (_, at) => store.row(listing.slotAt(at))?.id).filter(
        (id) => id !== undefined,
      );
      expect(ids.toSorted((a, b) => a - b)).toEqual(made.map(({ id }) => id));
      for (const { id } of made) expect(listing.slotAt(listing.indexOf(store.slotOf(id)))).toBe(store.slotOf(id));
    }),
    { numRuns: 200 },
  );
});

test('groups of very many rows are not made anew at every look', () => {
  let now = 0;
  let builds = 0;
  const { add, listing } = start('command', false, () => {
    builds++;
    return (now += 5); // each look at the clock costs 5 ms: so does each building
  });
  for (let from = 1; from <= 10_000; from += 100) {
    add(rows(from, 100));
    void listing.length;
  }
  // 100 looks; each building would have looked twice, and each that is put off once
  expect(builds).toBeLessThan(160);
});

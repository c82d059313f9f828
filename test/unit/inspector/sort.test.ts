import * as fc from 'fast-check';
import { expect, test } from 'vitest';
import type { Row } from '#core/inspector-messages.ts';
import { type BuiltIn, COLUMNS } from '../../../webview-ui/inspector/columns.ts';
import { Listing } from '../../../webview-ui/inspector/listing.ts';
import { RowView } from '../../../webview-ui/inspector/rowView.ts';
import { sortKey } from '../../../webview-ui/inspector/sortKeys.ts';
import { STATUSES } from '#core/record.ts';
import { ColumnStore, type RowTest } from '../../../webview-ui/inspector/store.ts';
import { row, rows } from './rows.ts';

function start(column: BuiltIn, isDescending = false, test?: RowTest) {
  const store = new ColumnStore();
  const view = new RowView(store, test);
  const listing = new Listing(store, view, () => 0);
  listing.order = { key: sortKey(column, store), isDescending, grouping: 'none', isFolding: false };
  return {
    store,
    view,
    listing,
    add: (given: readonly Row[]) => {
      store.append(given);
      view.update();
    },
    change: (given: readonly Row[]) => {
      const slots = store.change(given);
      view.recheck(slots);
      listing.changed(slots);
    },
    trim: (before: number) => {
      store.trim(before);
      view.update();
    },
    ids: () => Array.from({ length: listing.length }, (_, at) => store.row(listing.slotAt(at))?.id ?? 0),
  };
}

const timed = (id: number, duration?: number, part: Partial<Row> = {}) =>
  row(id, duration === undefined ? part : { duration, ...part });

test('check 24: rows that come and change take their places by duration, those without one come last', () => {
  const { add, change, ids } = start('duration');
  add([timed(1, 30), timed(2), timed(3, 10)]);
  expect(ids()).toEqual([3, 1, 2]);
  add([timed(4, 20), timed(5, 5), timed(6)]);
  expect(ids()).toEqual([5, 3, 4, 1, 2, 6]);
  change([timed(2, 15)]);
  expect(ids()).toEqual([5, 3, 2, 4, 1, 6]);
});

test('the other way round equal ones keep the order in which they came, and nothing is still last', () => {
  const { add, ids } = start('duration', true);
  add([timed(1, 10), timed(2), timed(3, 20), timed(4, 10)]);
  add([timed(5, 20), timed(6)]);
  expect(ids()).toEqual([3, 5, 1, 4, 2, 6]);
});

test('by status what went wrong comes first; names are sorted as texts', () => {
  const byStatus = start('status');
  byStatus.add([row(1), row(2, { status: 'pending' }), row(3, { status: 'denied' }), row(4, { status: 'error' })]);
  expect(byStatus.ids()).toEqual([4, 3, 2, 1]);
  const byName = start('name');
  byName.add([row(1, { name: 'save' }), row(2, { name: 'greet' })]);
  byName.add([row(3, { name: 'load' })]);
  expect(byName.ids()).toEqual([2, 3, 1]);
});

test('rows that a filter lets in or out, and rows that go, leave the others in order', () => {
  const isError: RowTest = (columns, at) => columns.status[at] === STATUSES.indexOf('error');
  const { add, change, trim, ids } = start('duration', false, isError);
  add([timed(1, 30, { status: 'error' }), timed(2, 20), timed(3, 10, { status: 'error' })]);
  expect(ids()).toEqual([3, 1]);
  change([timed(2, 20, { status: 'error' })]);
  expect(ids()).toEqual([3, 2, 1]);
  change([timed(3, 10)]);
  expect(ids()).toEqual([2, 1]);
  trim(2);
  expect(ids()).toEqual([2]);
});

test('any durations, also odd ones, are in the order that comparing gives; equal ones keep theirs', () => {
  const odd = fc.constantFrom(0, -0, -1, -0.5, 1e-40, 3.4e38, Number.POSITIVE_INFINITY, Number.NEGATIVE_INFINITY);
  const duration = fc.oneof(fc.float(), odd);
  fc.assert(
    fc.property(fc.array(duration, { maxLength: 200 }), fc.boolean(), (durations, isDescending) => {
      const { add, ids } = start('duration', isDescending);
      add(durations.map((each, at) => timed(at + 1, each)));
      const key = (id: number) => {
        const kept = Math.fround(durations[id - 1] ?? Number.NaN);
        return Number.isNaN(kept) ? Number.POSITIVE_INFINITY : isDescending ? -kept : kept;
      };
      const wanted = durations
        .map((_, at) => at + 1)
        .sort((one, other) => (key(one) < key(other) ? -1 : key(one) > key(other) ? 1 : one - other));
      expect(ids()).toEqual(wanted);
    }),
  );
});

/** What the list does to its rows, at random. */
const step = fc.oneof(
  fc.record({ kind: fc.constant('add' as const), durations: fc.array(fc.option(fc.nat(20)), { maxLength: 40 }) }),
  fc.record({
    kind: fc.constant('change' as const),
    seed: fc.nat(),
    durations: fc.array(fc.nat(20), { maxLength: 10 }),
  }),
  fc.record({ kind: fc.constant('trim' as const), share: fc.double({ min: 0, max: 1, noNaN: true }) }),
  fc.constant({ kind: 'look' as const }),
);

test.each(COLUMNS.map(({ id }) => id))('live order by %s is that of sorting anew', (column) => {
  fc.assert(
    fc.property(fc.array(step, { maxLength: 12 }), fc.boolean(), (steps, isDescending) => {
      const list = start(column, isDescending);
      const made = (id: number, duration: number | null): Row =>
        row(id, {
          name: `c${(duration ?? 0) % 3}`,
          status: STATUSES[(duration ?? 0) % STATUSES.length] ?? 'ok',
          size: duration ?? 0,
          preview: duration === null ? '' : `p${duration % 7}`,
          ...(duration !== null && { duration }),
          ...(duration !== null && duration % 2 === 1 && { of: 1 + (duration % 5), comment: `n${duration % 4}` }),
        });
      let last = 0;
      for (const each of steps) {
        if (each.kind === 'add') list.add(each.durations.map((duration) => made(++last, duration)));
        else if (each.kind === 'trim')
          list.trim(list.store.start + 1 + Math.floor(each.share * list.store.length * 0.5));
        else if (each.kind === 'look') list.ids();
        else if (last > 0) {
          list.change(each.durations.map((duration, at) => made(1 + ((each.seed + at * 7) % last), duration)));
        }
      }
      const live = list.ids();
      list.listing.reset();
      expect(live).toEqual(list.ids());
      expect(list.listing.length).toBe(list.view.length);
      for (const [at, id] of live.entries()) expect(list.listing.indexOf(list.store.slotOf(id))).toBe(at);
    }),
    { numRuns: 60 },
  );
});

test('100,000 rows are compared a few times each when they are sorted, and new ones not with all others', () => {
  const { store, add, listing, ids } = start('duration');
  let reads = 0;
  const key = sortKey('duration', store);
  if (key.kind !== 'number') throw new Error('durations are numbers');
  const counting = { kind: 'number', of: (...at: Parameters<typeof key.of>) => (reads++, key.of(...at)) } as const;
  add(rows(1, 100_000).map((each) => ({ ...each, duration: (each.id * 7919) % 100_003 })));
  listing.order = { ...listing.order, key: counting };
  expect([listing.length, reads]).toEqual([100_000, 100_000]);
  reads = 0;
  add(rows(100_001, 50).map((each) => ({ ...each, duration: each.id % 1000 })));
  expect(listing.length).toBe(100_050);
  expect(reads).toBeLessThan(50 * 2 * 20 + 2 * 50 * 8);
  const sorted = ids().map((id) => store.row(store.slotOf(id))?.duration ?? 0);
  expect(sorted.every((duration, at) => at === 0 || (sorted[at - 1] ?? 0) <= duration)).toBe(true);
});

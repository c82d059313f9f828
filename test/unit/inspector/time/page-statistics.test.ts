import { expect, test } from 'vitest';
import { RowView } from '../../../../webview-ui/inspector/rowView.ts';
import { STATUSES } from '#core/record.ts';
import { ColumnStore } from '../../../../webview-ui/inspector/store.ts';
import { PageStatistics } from '../../../../webview-ui/inspector/time/page-statistics.ts';
import { row } from '../rows.ts';

const PENDING = STATUSES.indexOf('pending');

function setUp() {
  const store = new ColumnStore();
  const view = new RowView(store, (rows, at) => rows.status[at] === PENDING);
  const statistics = new PageStatistics(store, view);
  const counts = () => statistics.commands().map(({ command, count }) => `${command} ${count}`);
  return { store, view, statistics, counts };
}

test('a call that the filter does not want any more is taken out, and one that it wants now is taken in', () => {
  const { store, statistics, counts } = setUp();
  store.append([row(1, { status: 'pending' }), row(2, { status: 'pending' }), row(3), row(4, { kind: 'event' })]);
  expect(counts()).toEqual(['greet 2']);
  statistics.changed(store.change([row(1), row(3, { status: 'pending', name: 'held' })]));
  expect(counts()).toEqual(['greet 1', 'held 1']);
});

test('what the recorder forgot is taken out, and another filter counts anew', () => {
  const { store, view, counts } = setUp();
  store.append([1, 2, 3, 4].map((id) => row(id, { status: 'pending' })));
  expect(counts()).toEqual(['greet 4']);
  store.trim(3);
  expect(counts()).toEqual(['greet 2']);
  view.setTest((rows, at) => rows.id[at] === 4);
  expect(counts()).toEqual(['greet 1']);
  store.clear();
  expect(counts()).toEqual([]);
});

import { expect, test } from 'vitest';
import type { Detail, Row } from '#core/inspector-messages.ts';
import { Links, previousOf } from '../../../webview-ui/inspector/links.ts';
import { ColumnStore } from '../../../webview-ui/inspector/store.ts';
import { row } from './rows.ts';

function linksOf(id: number, rows: readonly Row[], related: readonly number[] = []) {
  const store = new ColumnStore();
  store.append(rows);
  const detail = {
    row: rows.find((each) => each.id === id),
    related: { ids: related, total: related.length },
  } as Detail;
  const links = new Links(store, detail);
  return (root: string, path: readonly (string | number)[], value: unknown) => links.find(root, path, value)?.id;
}

test('the token of a channel leads to its row, also where a call has several', () => {
  const channel = (id: number, token: string) => row(id, { kind: 'channel', of: 1, preview: JSON.stringify(token) });
  const rows = [row(1), channel(2, '__CHANNEL__:7'), channel(3, '__CHANNEL__:8')];
  const find = linksOf(1, rows, [2, 3]);
  expect([
    find('args', ['a'], '__CHANNEL__:7'),
    find('args', ['b', 0], '__CHANNEL__:8'),
    find('args', ['c'], '__CHANNEL__:9'),
    find('args', ['c'], 'x'),
  ]).toEqual([2, 3, undefined, undefined]);
});

test('the number of a resource leads to its life, in the same app', () => {
  const resource = (id: number, rid: number, app = 'notes') =>
    row(id, { kind: 'resource', preview: `{"rid":${rid}}`, app, name: 'file' });
  const rows = [resource(1, 5), resource(2, 5, 'other'), row(3), resource(4, 6)];
  const find = linksOf(3, rows);
  expect([
    find('args', ['rid'], 5),
    find('result', ['imageRid'], 6),
    find('args', ['id'], 5),
    find('args', ['rid'], 9),
  ]).toEqual([1, 4, undefined, undefined]);
});

test('listeners and events lead to each other', () => {
  const listen = row(1, { name: 'plugin:event|listen', preview: '{"event":"saved","handler":3} → 12' });
  const other = row(2, { name: 'plugin:event|listen', window: 'prefs', preview: '{"event":"saved","handler":4} → 12' });
  const event = (id: number, name: string) => row(id, { kind: 'event', name });
  const unlisten = row(5, { name: 'plugin:event|unlisten', preview: '{"event":"saved","eventId":12}' });
  const rows = [listen, other, event(3, 'saved'), event(4, 'opened'), unlisten, event(6, 'saved')];
  expect(linksOf(5, rows)('args', ['eventId'], 12)).toBe(1);
  expect(linksOf(1, rows)('result', [], 12)).toBe(5);
  expect([linksOf(1, rows)('args', ['event'], 'saved'), linksOf(5, rows)('args', ['event'], 'saved')]).toEqual([3, 6]);
  expect(linksOf(5, rows)('args', ['event'], 'opened')).toBe(4);
  expect(linksOf(5, rows)('args', ['event'], 'unknown')).toBeUndefined();
});

test('the previous call of a command is one of the same app', () => {
  const store = new ColumnStore();
  store.append([
    row(1, { name: 'save' }),
    row(2, { name: 'save', app: 'other' }),
    row(3, { name: 'greet' }),
    row(4, { name: 'save' }),
  ]);
  const previous = (id: number) => previousOf(store, store.row(store.slotOf(id)) as Row);
  expect([previous(4), previous(3), previous(1)]).toEqual([1, undefined, undefined]);
});

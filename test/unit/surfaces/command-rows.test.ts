import { expect, test } from 'vitest';
import type { CommandStatistics } from '#core/statistics.ts';
import { commandRows, totalsOf } from '../../../extension/surfaces/command-rows.ts';

const numbers = (part: Partial<CommandStatistics>): CommandStatistics => ({
  app: 'notes',
  command: 'greet',
  count: 1,
  errors: 0,
  denied: 0,
  pending: 0,
  p50: 2,
  p95: 12.4,
  p99: 40,
  max: 1234,
  bytesIn: 0,
  bytesOut: 0,
  firstSeen: 0,
  lastSeen: 0,
  ...part,
});

test('commands are below their app, what went wrong first, then what was called most', () => {
  const [notes, other] = commandRows([
    numbers({ command: 'greet', count: 3 }),
    numbers({ command: 'save', count: 9 }),
    numbers({ command: 'open_log', denied: 1, p50: undefined, p95: undefined, p99: undefined, max: undefined }),
    numbers({ app: 'other', command: 'ping', errors: 1 }),
  ]);
  expect([notes?.label, notes?.description, other?.label]).toEqual(['notes', '13 calls · 1 denied', 'other']);
  expect(notes?.commands.map(({ label, description, icon }) => [label, description, icon])).toEqual([
    ['open_log', '1 call · 1 denied', 'circle-slash'],
    ['save', '9 calls · p95 12 ms', 'symbol-method'],
    ['greet', '3 calls · p95 12 ms', 'symbol-method'],
  ]);
  expect(notes?.commands[2]?.tooltip).toBe(
    'greet\n3 calls · p95 12 ms\np50 2.0 ms · p95 12 ms · p99 40 ms · max 1.2 s',
  );
});

test('the filter of a command means that command, whatever is in its name', () => {
  const filters = ['greet', 'plugin:fs|read', 'with space'].map(
    (command) => commandRows([numbers({ command })])[0]?.commands[0]?.filter,
  );
  expect(filters).toEqual(['cmd:greet', 'cmd:plugin:fs|read', 'cmd:"with space"']);
});

test('totals are sums', () => {
  expect(totalsOf([numbers({ count: 2, errors: 1 }), numbers({ count: 3, denied: 2 })])).toEqual({
    calls: 5,
    errors: 1,
    denied: 2,
  });
});

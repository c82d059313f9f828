import { afterEach, beforeEach, expect, test, vi } from 'vitest';
import { SourceStatistics } from '#core/statistics.ts';
import { Tap } from '#core/tap.ts';
import { Traffic } from '../../../extension/surfaces/traffic.ts';

beforeEach(() => {
  vi.useFakeTimers({ toFake: ['setTimeout', 'clearTimeout'] });
});
afterEach(() => {
  vi.useRealTimers();
  vi.restoreAllMocks();
});

function setUp() {
  const tap = new Tap();
  const traffic = new Traffic(tap, new SourceStatistics(tap));
  let told = 0;
  traffic.onChange(() => told++);
  const call = (count: number) => {
    for (let n = 0; n < count; n++) {
      const body = { kind: 'json', value: { n } } as const;
      tap.call('app', { cmd: 'c', window: 'main', origin: 'local', generation: 1, headers: [], body }, 16);
    }
  };
  return { tap, traffic, call, told: () => told };
}

/** How many records are counted from now on. */
function countReads(tap: Tap): { count: number } {
  const reads = { count: 0 };
  const counted = tap.counted.bind(tap);
  vi.spyOn(tap, 'counted').mockImplementation(function* (from, to) {
    for (const record of counted(from, to)) {
      reads.count++;
      yield record;
    }
  });
  return reads;
}

test('very many messages at once are counted in turns, and told when all of them are', async () => {
  const { tap, traffic, call, told } = setUp();
  let now = 0;
  vi.spyOn(performance, 'now').mockImplementation(() => now++);
  call(100);
  await Promise.resolve();
  const reads = countReads(tap);
  const turns: number[] = [];
  while (told() === 0) {
    reads.count = 0;
    vi.runOnlyPendingTimers();
    turns.push(reads.count);
  }
  expect(turns.length).toBeGreaterThan(3);
  expect(Math.max(...turns)).toBeLessThan(20);
  expect(turns.reduce((sum, count) => sum + count)).toBe(100);
  expect(traffic.commands()).toMatchObject([{ command: 'c', count: 100 }]);
  expect(vi.getTimerCount()).toBe(0);
  traffic.dispose();
});

test('what nobody looks at is not counted; at the end nothing is left', async () => {
  const { tap, traffic, call, told } = setUp();
  call(1);
  await Promise.resolve();
  vi.runOnlyPendingTimers();
  const reads = countReads(tap);
  call(100);
  await Promise.resolve();
  vi.runOnlyPendingTimers();
  expect([told(), reads.count]).toEqual([2, 0]);
  call(1);
  await Promise.resolve();
  traffic.dispose();
  expect(vi.getTimerCount()).toBe(0);
});

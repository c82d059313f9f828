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

test('very many messages at once are counted in turns', async () => {
  const { tap, traffic, call } = setUp();
  let now = 0;
  vi.spyOn(performance, 'now').mockImplementation(() => now++);
  call(100);
  const reads = countReads(tap);
  const asked = traffic.commands();
  const turns = [reads.count];
  while (vi.getTimerCount() > 0) {
    reads.count = 0;
    vi.advanceTimersToNextTimer();
    await Promise.resolve();
    turns.push(reads.count);
  }
  expect(await asked).toMatchObject([{ command: 'c', count: 100 }]);
  expect(turns.length).toBeGreaterThan(3);
  expect(Math.max(...turns)).toBeLessThan(20);
  expect(turns.reduce((sum, count) => sum + count)).toBe(100);
  traffic.dispose();
});

test('it is told once in a while, and what nobody asks for is not counted; at the end nothing is left', async () => {
  const { tap, traffic, call, told } = setUp();
  const reads = countReads(tap);
  for (const times of [1, 2]) {
    call(100);
    await Promise.resolve();
    call(100);
    await Promise.resolve();
    vi.runOnlyPendingTimers();
    expect([told(), reads.count]).toEqual([times, 0]);
  }
  call(1);
  await Promise.resolve();
  traffic.dispose();
  expect(vi.getTimerCount()).toBe(0);
});

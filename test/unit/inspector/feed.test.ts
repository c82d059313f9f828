import { afterEach, beforeEach, expect, test, vi } from 'vitest';
import { success } from '#core/call.ts';
import type { ToInspector } from '#core/inspector-messages.ts';
import type { MessageRecord } from '#core/record.ts';
import { DEFAULT_LIMITS, Tap, type TapLimits } from '#core/tap.ts';
import { RowFeed } from '../../../extension/inspector/row-feed.ts';

beforeEach(() => {
  vi.useFakeTimers({ toFake: ['setTimeout', 'clearTimeout'] });
});
afterEach(() => {
  vi.useRealTimers();
});

function setUp(limits: TapLimits = DEFAULT_LIMITS) {
  const tap = new Tap(limits);
  const posted: ToInspector[] = [];
  const feed = new RowFeed(tap, (message) => posted.push(message));
  const body = { kind: 'json', value: { name: 'Ada' } } as const;
  const begin = (name = 'greet') =>
    tap.call('app', { cmd: name, window: 'main', origin: 'local', generation: 1, headers: [], body }, 16);
  const call = (name?: string) => {
    const id = begin(name);
    tap.settle(id, success('Hello, Ada!'));
    return id;
  };
  const told = async () => {
    await Promise.resolve();
    vi.runAllTimers();
    return posted.splice(0);
  };
  return { tap, feed, posted, begin, call, told };
}

const rows = (messages: readonly ToInspector[]) =>
  messages.flatMap((message) => (message.kind === 'rows' ? message.rows : []));

const changed = (messages: readonly ToInspector[]) =>
  messages.flatMap((message) => (message.kind === 'changed' ? message.rows : []));

test('check 9: what was recorded before the page was there is told when it comes', async () => {
  const { feed, call, told } = setUp();
  for (let n = 0; n < 500; n++) call();
  expect(await told()).toEqual([]);
  feed.start();
  expect(rows(await told()).map(({ id, status }) => [id, status])).toEqual(
    Array.from({ length: 500 }, (_, n) => [n + 1, 'ok']),
  );
});

test('check 23: beyond the cap the oldest go, the page is told how many, and numbers continue', async () => {
  const { tap, feed, call, told } = setUp();
  feed.start();
  for (let n = 0; n < 100_500; n++) call();
  const messages = await told();
  expect(tap.statistics).toMatchObject({ kept: 100_000, lost: 500 });
  expect([tap.first, tap.next]).toEqual([501, 100_501]);
  expect(messages).toContainEqual({ kind: 'trimmed', before: 501, lost: 500 });
  expect(messages.findLast(({ kind }) => kind === 'statistics')).toMatchObject({
    statistics: { kept: 100_000, lost: 500 },
  });
  expect(rows(messages).map(({ id }) => id)).toEqual(Array.from({ length: 100_000 }, (_, n) => n + 501));
  expect(call()).toBe(100_501);
});

test('check 76: in a burst the caps hold, and no call that waits gets lost', async () => {
  const { tap, feed, call, begin, told } = setUp({ messages: 5_000, bodyBytes: 100_000 });
  feed.start();
  const waiting = Array.from({ length: 20 }, (_, n) => begin(`waits ${n}`));
  for (let n = 0; n < 60_000; n++) {
    call();
    if (n % 1000 === 0) await told();
  }
  const { kept, lost, bodyBytes } = tap.statistics;
  expect([kept, bodyBytes <= 100_000]).toEqual([5_000, true]);
  const pending = [...tap.records()].filter(({ status }) => status === 'pending');
  expect(pending.map(({ name, time }) => [name, time])).toEqual(
    waiting.map((_, n) => [`waits ${n}`, tap.find(waiting[n] as number)?.time]),
  );
  // What was carried over is not lost, and has a number more.
  expect(kept + lost).toBe(60_020);
  // Its answer finds it, by the number that the call has.
  await told();
  tap.settle(waiting[7] as number, success('at last'));
  const found = tap.find(waiting[7] as number) as MessageRecord;
  expect([found.name, found.status, found.id > 55_000]).toEqual(['waits 7', 'ok', true]);
  const child = tap.add({ ...CHILD, of: waiting[8] as number });
  expect(tap.find(child)?.of).toBe(tap.find(waiting[8] as number)?.id);
  const shown = await told();
  expect(shown.flatMap((message) => (message.kind === 'changed' ? message.rows : []))).toContainEqual(
    expect.objectContaining({ id: found.id, status: 'ok' }),
  );
});

const CHILD = {
  kind: 'channel-message',
  direction: 'to-page',
  app: 'app',
  window: 'main',
  generation: 1,
  name: 'c',
} as const;

test('where nearly all that is kept waits, the oldest of it are lost, and nothing runs in circles', () => {
  const { tap, begin } = setUp({ messages: 1_000, bodyBytes: 100_000 });
  for (let n = 0; n < 10_000; n++) begin();
  const { kept, lost } = tap.statistics;
  expect([kept, kept + lost]).toEqual([1_000, 10_000]);
});

test('what is posted for a message does not grow with the session, and nothing is while no page is there', async () => {
  const { feed, posted, call, told } = setUp();
  for (let n = 0; n < 2_000; n++) call();
  expect(await told()).toEqual([]);
  feed.start();
  posted.length = 0;
  const rounds: number[] = [];
  for (let round = 0; round < 10; round++) {
    for (let n = 0; n < 500; n++) call();
    rounds.push(JSON.stringify(await told()).length / 500);
  }
  expect(Math.max(...rounds)).toBeLessThan(1.1 * Math.min(...rounds));
  expect(Math.max(...rounds)).toBeLessThan(400);
  feed.dispose();
  for (let n = 0; n < 10; n++) call();
  expect(await told()).toEqual([]);
});

test('all that changed at once, as when secrets are taken out, is told in turns, each row once and as it is then', async () => {
  const { tap, feed, posted, call, told } = setUp();
  for (let n = 0; n < 10_000; n++) call();
  feed.start();
  await told();
  const clock = vi.spyOn(performance, 'now');
  let now = 0;
  clock.mockImplementation(() => (now += 50));
  for (const { id } of tap.records()) tap.annotate(id, { marked: true });
  await Promise.resolve();
  vi.runOnlyPendingTimers();
  expect(changed(posted).length).toBe(2_000);
  tap.annotate(1, { comment: 'again' });
  tap.annotate(9_000, { comment: 'late' });
  const all = changed(posted.splice(0).concat(await told()));
  clock.mockRestore();
  expect(all.length).toBe(10_001);
  expect(all.find(({ id }) => id === 9_000)?.comment).toBe('late');
  expect(all.filter(({ id }) => id === 1).map(({ comment }) => comment)).toEqual([undefined, 'again']);
});

test('records of the session before that come back later make the page begin anew, in their order', async () => {
  const before = setUp();
  for (let n = 0; n < 3; n++) before.call('old');
  const old = [...before.tap.records()];
  const { tap, feed, call, told } = setUp();
  tap.resume(4, 1000);
  feed.start();
  call('new');
  expect(rows(await told()).map(({ id, name }) => [id, name])).toEqual([[4, 'new']]);
  tap.restore(old);
  const messages = await told();
  expect(messages[0]).toEqual({ kind: 'cleared' });
  expect(rows(messages).map(({ id, name }) => [id, name])).toEqual([
    [1, 'old'],
    [2, 'old'],
    [3, 'old'],
    [4, 'new'],
  ]);
  expect(tap.find(4)?.time).toBeGreaterThanOrEqual(1000);
});

test('a session that has more than the limit comes back with its newest records', () => {
  const before = setUp();
  for (let n = 0; n < 30; n++) before.call();
  const { tap, call } = setUp({ messages: 10, bodyBytes: 1_000_000 });
  tap.resume(31, 1000);
  call('new');
  tap.restore([...before.tap.records()].filter(({ id }) => id !== 25));
  expect([...tap.records()].map(({ id }) => id)).toEqual([22, 23, 24, 26, 27, 28, 29, 30, 31]);
  expect(tap.statistics.kept).toBe(9);
  for (let n = 0; n < 5; n++) call();
  expect([...tap.records()].map(({ id }) => id)).toEqual([27, 28, 29, 30, 31, 32, 33, 34, 35, 36]);
  expect(tap.statistics.kept).toBe(10);
});

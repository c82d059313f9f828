import fc from 'fast-check';
import { expect, test } from 'vitest';
import { success, failure } from '#core/call.ts';
import { callSample, type CallSample } from '#core/call-sample.ts';
import type { MessageRecord, RecordStatus } from '#core/record.ts';
import {
  CallStatistics,
  type CommandStatistics,
  percentile,
  SourceStatistics,
  statisticsOf,
} from '#core/statistics.ts';
import { Tap } from '#core/tap.ts';

const ERRORS: readonly RecordStatus[] = ['error', 'unhandled', 'undelivered'];

/** The same numbers, computed the plain way. */
function plain(samples: readonly CallSample[], most = Number.POSITIVE_INFINITY): CommandStatistics[] {
  const groups = Map.groupBy(samples, ({ app, name }) => `${app}|${name}`);
  return [...groups.values()].map((group) => {
    const calls = group.toSorted((a, b) => a.id - b.id);
    const all = calls.flatMap(({ duration }) => (duration === undefined ? [] : [duration]));
    const newest = all.slice(Math.max(0, all.length - most)).toSorted((a, b) => a - b);
    const count = (states: readonly RecordStatus[]) => calls.filter(({ status }) => states.includes(status)).length;
    const rank = (share: number) =>
      newest.find((_, at) => (at + 1) / newest.length >= share - Number.EPSILON * newest.length);
    const first = calls[0] as CallSample;
    return {
      app: first.app,
      command: first.name,
      count: calls.length,
      errors: count(ERRORS),
      denied: count(['denied']),
      pending: count(['pending']),
      p50: rank(0.5),
      p95: rank(0.95),
      p99: rank(0.99),
      max: all.length === 0 ? undefined : Math.max(...all),
      bytesIn: calls.reduce((sum, { bytesIn }) => sum + bytesIn, 0),
      bytesOut: calls.reduce((sum, { bytesOut }) => sum + bytesOut, 0),
      firstSeen: first.time,
      lastSeen: (calls.at(-1) as CallSample).time,
    };
  });
}

const byName = (commands: readonly CommandStatistics[]) =>
  commands.toSorted((a, b) => `${a.app}|${a.command}`.localeCompare(`${b.app}|${b.command}`));

const sample = fc.record({
  id: fc.integer({ min: 1, max: 60 }),
  app: fc.constantFrom('notes', 'mail'),
  status: fc.constantFrom<RecordStatus>('pending', 'ok', 'error', 'denied', 'unhandled', 'orphan'),
  duration: fc.option(fc.float({ min: 0, max: 5000, noNaN: true }), { nil: undefined }),
  bytesIn: fc.nat(1000),
  bytesOut: fc.nat(1000),
});

const action = fc.oneof(
  { weight: 6, arbitrary: fc.record({ kind: fc.constant('set' as const), sample }) },
  { weight: 1, arbitrary: fc.record({ kind: fc.constant('delete' as const), id: fc.integer({ min: 1, max: 60 }) }) },
  { weight: 1, arbitrary: fc.record({ kind: fc.constant('trim' as const), first: fc.integer({ min: 1, max: 60 }) }) },
);

test('whatever comes, changes and goes, the numbers are those of a plain computation', () => {
  fc.assert(
    fc.property(fc.array(action, { maxLength: 150 }), fc.constantFrom(3, 10_000), (actions, most) => {
      const statistics = new CallStatistics(most);
      const kept = new Map<number, CallSample>();
      for (const each of actions) {
        if (each.kind === 'set') {
          // A record keeps its name and its time, whatever becomes of it.
          const { id } = each.sample;
          const app = kept.get(id)?.app ?? each.sample.app;
          const call = { ...each.sample, app, name: `c${id % 3}`, time: id * 2 };
          kept.set(id, call);
          statistics.set(call);
        } else if (each.kind === 'delete') {
          const call = kept.get(each.id);
          if (call) statistics.delete(call);
          kept.delete(each.id);
        } else {
          statistics.trim(each.first);
          for (const id of kept.keys()) if (id < each.first) kept.delete(id);
        }
      }
      // The bound is of newest calls with a duration, which a plain list of all shows best.
      expect(byName(statistics.commands())).toEqual(byName(plain([...kept.values()], most)));
    }),
    { numRuns: 300 },
  );
});

test('percentiles are by nearest rank', () => {
  const hundred = Float64Array.from({ length: 100 }, (_, at) => at + 1);
  expect([0.5, 0.95, 0.99, 1].map((share) => percentile(hundred, share))).toEqual([50, 95, 99, 100]);
  expect([percentile([7], 0.5), percentile([7], 0.99), percentile([], 0.5)]).toEqual([7, 7, undefined]);
});

test('the rate has every call of its range once', () => {
  const statistics = new CallStatistics();
  for (let id = 1; id <= 100; id++) {
    statistics.set({ id, app: 'a', name: 'c', time: id, status: 'ok', duration: 1, bytesIn: 0, bytesOut: 0 });
  }
  expect([...statistics.rate('a', 'c', 1, 100, 4)]).toEqual([25, 25, 25, 25]);
  expect([...statistics.rate('a', 'c', 91, 100, 1)]).toEqual([10]);
  expect([...statistics.rate('a', 'nobody', 0, 1, 2)]).toEqual([0, 0]);
});

function setUp(messages: number) {
  let now = 0;
  const tap = new Tap({ messages, bodyBytes: 1e9 }, () => now);
  const call = (cmd: string) => {
    now += 1;
    return tap.call(
      'a',
      {
        cmd,
        window: 'w',
        origin: 'local',
        generation: 1,
        body: { kind: 'json', value: { n: now } },
        headers: [],
      },
      10,
    );
  };
  const settle = (id: number, isOk: boolean) => {
    now += 3;
    tap.settle(id, isOk ? success({ kind: 'json', value: 1 }) : failure('no'));
  };
  const ofRecords = (fits = (_record: MessageRecord) => true) =>
    plain([...tap.records()].filter(fits).flatMap((record) => callSample(record) ?? []));
  return { tap, call, settle, ofRecords };
}

test('of a tap they follow answers, the limit and clearing, and are the same as those made at once', () => {
  fc.assert(
    fc.property(fc.array(fc.tuple(fc.nat(9), fc.nat(2)), { maxLength: 80 }), (steps) => {
      const { tap, call, settle, ofRecords } = setUp(12);
      const statistics = new SourceStatistics(tap);
      const open: number[] = [];
      for (const [what, which] of steps) {
        if (what < 5) open.push(call(`c${which}`));
        else if (what < 8) {
          const id = open.splice(which, 1)[0];
          if (id !== undefined) settle(id, which !== 1);
        } else if (what === 8) statistics.commands();
        else tap.clear();
      }
      expect(byName(statistics.commands())).toEqual(byName(ofRecords()));
    }),
    { numRuns: 100 },
  );
});

test('with a filter they are of the calls that fit; an event is no call, and a person’s time is not the command’s', () => {
  const { tap, call, settle, ofRecords } = setUp(100);
  settle(call('a'), true);
  settle(call('b'), false);
  tap.add({ kind: 'event', direction: 'to-page', app: 'a', window: 'w', generation: 1, name: 'a' });
  const fits = (record: MessageRecord) => record.status === 'error';
  expect(statisticsOf(tap, fits)).toEqual(ofRecords(fits));
  const [record] = [...tap.records()];
  expect(callSample({ ...(record as MessageRecord), answeredBy: 'hand' })).toHaveProperty('duration', undefined);
  expect(callSample(record as MessageRecord)).toHaveProperty('duration', 3);
});

test('of a tap they follow what comes back of the session before, and answers that did not reach the page', async () => {
  const before = setUp(100);
  for (let n = 0; n < 3; n++) before.settle(before.call('old'), n !== 1);
  const { tap, call, settle, ofRecords } = setUp(100);
  tap.resume(4, 0);
  const statistics = new SourceStatistics(tap);
  const id = call('new');
  settle(id, true);
  expect(byName(statistics.commands())).toEqual(byName(ofRecords()));
  tap.restore([...before.tap.records()]);
  expect(byName(statistics.commands())).toEqual(byName(ofRecords()));
  expect(statistics.commands()).toHaveLength(2);
  tap.update(id, { status: 'undelivered' });
  await Promise.resolve();
  expect(byName(statistics.commands())).toEqual(byName(ofRecords()));
  expect(statistics.commands().map(({ errors }) => errors)).toEqual([1, 1]);
  expect(tap.failures).toMatchObject({ errors: 2, denied: 0 });
  statistics.dispose();
});

test('they are computed anew where more changed than is remembered', async () => {
  const { tap, call, settle, ofRecords } = setUp(20_000);
  const statistics = new SourceStatistics(tap);
  const ids = Array.from({ length: 10_001 }, () => call('c'));
  for (const id of ids) settle(id, true);
  statistics.commands();
  for (const id of ids) tap.update(id, { status: 'undelivered' });
  await Promise.resolve();
  expect(byName(statistics.commands())).toEqual(byName(ofRecords()));
});

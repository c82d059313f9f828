import fc from 'fast-check';
import { expect, test } from 'vitest';
import * as z from 'zod';
import { authorityByName } from '#core/acl/authority.ts';
import { failure, success } from '#core/call.ts';
import { command } from '#core/command.ts';
import type { MessageRecord } from '#core/record.ts';
import { Tap } from '#core/tap.ts';
import { createCore, openFake, turn } from './fakes.ts';

/** The phases of a call's duration, together: what differs from the duration would be a time that nobody accounts for. */
function sum({ phases }: MessageRecord): number {
  const { check = 0, handler = 0, serialize = 0 } = phases ?? {};
  return check + handler + serialize;
}

test('check 32: whenever a handler began and ended, check, handler and serialising together are the duration', () => {
  const time = fc.option(fc.double({ min: -10, max: 2000, noNaN: true }), { nil: undefined });
  fc.assert(
    fc.property(time, time, fc.double({ min: 0, max: 1000, noNaN: true }), (startedAt, endedAt, duration) => {
      let now = 500;
      const tap = new Tap({ messages: 10, bodyBytes: 1000 }, () => now);
      const known = { cmd: 'c', window: 'w', generation: 1, origin: 'local', headers: [] } as const;
      const id = tap.call('a', { ...known, body: { kind: 'json', value: 1 } }, 1);
      now += duration;
      tap.settle(id, success(1), { startedAt, endedAt });
      const record = tap.find(id) as MessageRecord;
      expect(Math.abs(sum(record) - (record.duration ?? 0))).toBeLessThan(0.1);
      expect(Object.values(record.phases ?? {}).every((length) => length >= 0)).toBe(true);
    }),
  );
});

const slow = new Promise((resolve) => setTimeout(resolve, 20));
const big = Array.from({ length: 200_000 }, (_, at) => ({ at }));

const commands = [
  command('now', { args: { name: z.string() } }, ({ name }) => name),
  command('later', { returns: z.string() }, () => slow.then(() => 'done')),
  command('much', {}, () => big),
  command('throws', {}, () => {
    throw new Error('no');
  }),
  command('rejects', {}, () => slow.then(() => Promise.reject(new Error('no')))),
  command('misfits', { returns: z.string() }, () => 7 as unknown as string),
  command('guarded', { permissions: ['burn'] }, () => 1),
];

test('check 32: every kind of answer says how its time was spent', async () => {
  let now = 0;
  // Each look at the clock takes a while, so that no part of the time is 0.
  const tap = new Tap({ messages: 100, bodyBytes: 1e9 }, () => (now += 0.25));
  const core = createCore({
    tap,
    stages: [async (call, next) => (call.cmd === 'ruled' ? { ...success(1), by: 'rule' } : next(call))],
    unhandled: ({ cmd }) => (cmd === 'unknown' ? failure('not yet', { unhandled: true }) : undefined),
  });
  for (const each of commands) core.addCommand(each);
  const page = openFake(core);
  const names = [...commands.map(({ name }) => name), 'ruled', 'unknown'];
  names.forEach((name, at) => page.invoke(name, { name: 'Ada' }, at * 2 + 10));
  page.invoke('now', {}, 1000);
  await slow;
  await turn();
  const calls = [...tap.records()].filter(({ kind }) => kind === 'invoke');
  expect(calls).toHaveLength(names.length + 1);
  for (const call of calls) expect(sum(call)).toBeCloseTo(call.duration as number, 6);
  const parts = (name: string, at = 0) =>
    Object.keys(calls.filter((call) => call.name === name)[at]?.phases ?? {}).join(' ');
  for (const name of ['now', 'later', 'much', 'throws', 'rejects', 'misfits']) {
    expect([name, parts(name)]).toEqual([name, 'check handler serialize']);
  }
  // Nothing of the app ran: arguments that do not fit, a permission, a rule, no handler.
  expect([parts('now', 1), parts('guarded'), parts('ruled'), parts('unknown')]).toEqual(Array(4).fill('check'));
});

test('a refused call has spent all of its time in the check', () => {
  const core = createCore({ authority: authorityByName([]) });
  core.addCommand(command('now', {}, () => 1));
  const page = openFake(core);
  page.invoke('plugin:window|title', {}, 10);
  const call = [...core.tap.records()].find(({ kind }) => kind === 'invoke');
  expect([call?.status, call?.phases]).toEqual(['denied', { check: call?.duration }]);
});

/** A hostile page: what it can post must neither hold the host up nor fill its memory. */
import { expect, test } from 'vitest';
import { command } from '#core/command.ts';
import { bodyValue, type MessageRecord } from '#core/record.ts';
import { DEFAULT_LIMITS, Tap } from '#core/tap.ts';
import { MAX_FRAME_MESSAGES, openFrame } from '#core/wire.ts';
import { cpuMs } from '../../cpu.ts';
import { createCore, openFake, turn, until } from '../core/fakes.ts';

const problems = (tap: Tap): MessageRecord[] => [...tap.records()].filter(({ kind }) => kind === 'problem');

test('a large frame of garbage is recorded by its size, not number by number', () => {
  const core = createCore();
  const page = openFake(core);
  const time = cpuMs(() => page.connection.receive([new Uint8Array(8 << 20)]));
  const [record] = problems(core.tap);
  expect(record?.body).toEqual({ kind: 'text', json: '["(8388608 bytes)"]' });
  expect(time).toBeLessThan(1000);
});

test('a frame with more raw bodies than messages may be is refused before they are made', () => {
  const frame = [`{"messages":[],"raw":[${'0,'.repeat(MAX_FRAME_MESSAGES)}0]}`, new Uint8Array(0)];
  expect(() => openFrame(frame)).toThrow(/at most 65536 raw bodies/);
});

test('a frame that is wrong in a hundred thousand places is refused with the first of them', () => {
  const core = createCore();
  const page = openFake(core);
  page.connection.receive([`{"messages":[],"raw":[${'"x",'.repeat(60_000)}0]}`]);
  const [record] = problems(core.tap);
  expect(record?.note).toMatch(/^unreadable frame: raw\.0: /);
  expect(record?.note?.length).toBeLessThan(200);
});

test('the record of a long malformed message can be read', () => {
  const core = createCore();
  const page = openFake(core);
  page.say({ kind: 'invoke', cmd: 5, callback: 1, error: 2, payload: 'x'.repeat(100_000) });
  const [record] = problems(core.tap);
  expect(bodyValue(record?.body ?? { kind: 'none' })).toMatch(/^\{"kind":"invoke","cmd":5,/);
});

test('names, notes, headers and stacks of a page do not stay when the bodies go', async () => {
  const tap = new Tap({ messages: 100_000, bodyBytes: 1 << 20 });
  const core = createCore({ tap });
  core.addCommand(
    command('fail', {}, (_args, { request }) => {
      throw new Error(String(request.headers.get('x-long')));
    }),
  );
  core.onError(() => undefined);
  const page = openFake(core);
  const long = 'x'.repeat(1 << 20);
  for (let n = 0; n < 4; n++) {
    page.invoke(`${n}${long}`, {}, 10);
    page.say({ kind: 'problem', about: `${n}${long}`, message: `${n}${long}` });
    page.say({ kind: 'invoke', cmd: 'fail', callback: 1, error: 2, payload: {}, headers: [['X-Long', `${n}${long}`]] });
  }
  await until(() => [...tap.records()].every(({ status }) => status !== 'pending'));
  const kept = [...tap.records()].slice(0, -1).map((record) => JSON.stringify(record).length);
  expect(Math.max(...kept)).toBeLessThan(5_000);
});

test('a call that never ends is forgotten with its page', async () => {
  const core = createCore();
  core.addCommand(command('never', {}, () => new Promise(() => undefined)));
  const page = openFake(core);
  page.invoke('never', {}, 1);
  page.ready();
  page.invoke('never', {}, 3);
  await turn();
  expect(core.pendingCalls).toBe(1);
  page.window.destroy();
  expect(core.pendingCalls).toBe(0);
});

test('a page cannot remove the listeners of the host: ids are easy to guess', async () => {
  const core = createCore();
  const heard: unknown[] = [];
  core.handle.listenAny('saved', ({ payload }) => heard.push(payload));
  const page = openFake(core);
  for (let eventId = 0; eventId < 5; eventId++) page.invoke('plugin:event|unlisten', { event: 'saved', eventId }, 1);
  await turn();
  core.handle.emit('saved', 1);
  expect(heard).toEqual([1]);
});

test.each([-1, Number.NaN, 'many' as unknown as number])('a limit of %s, set by hand, is the default', (limit) => {
  const tap = new Tap({ messages: limit, bodyBytes: limit });
  const record = { kind: 'problem', direction: 'to-host', app: '', window: '', generation: 0, name: 'a' } as const;
  expect(tap.add(record)).toBe(1);
  tap.limits = { messages: limit, bodyBytes: limit };
  expect(tap.add(record)).toBe(2);
  expect(tap.limits).toEqual(DEFAULT_LIMITS);
});

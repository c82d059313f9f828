import { describe, expect, test } from 'vitest';
import * as z from 'zod';
import { type Channel, channel } from '#core/channel.ts';
import { command } from '#core/command.ts';
import { reject } from '#core/error.ts';
import { bytes, openPage, outcome, startCore, until } from './harness.ts';

const commands = () => [
  command('echo', {}, (_args, { request }) =>
    request.body.kind === 'raw' ? request.body.bytes : { json: request.body.value },
  ),
  command('greet', { args: { name: z.string() } }, ({ name }) => `Hello, ${name}!`),
  command('fail', {}, () => {
    throw reject({ kind: 'io', message: 'disk full' });
  }),
  command('headers', {}, (_args, { request }) => request.headers.get('x-path')),
  command('stream', { args: { on: channel() } }, async ({ on }) => {
    await on.send({ n: 0 });
    await on.send(new Uint8Array([1]));
    on.close();
  }),
];

describe.each(['2.0.3', '2.1.1', '2.4.1', '2.5.0', '2.6.0', '2.8.0', '2.9.1', '2.12.5'] as const)(
  'npm %s',
  (version) => {
    test('I117 values, errors and headers', async () => {
      const page = await openPage(await startCore({ commands: commands() }), 'main', { version });
      const map = page.run(() => ({ map: new Map([['a', new Uint8Array([1])]]), date: new Date(0), none: undefined }));
      expect(await page.invoke('echo', map)).toEqual({ json: { map: { a: [1] }, date: '1970-01-01T00:00:00.000Z' } });
      expect(bytes(await page.run(({ core }) => core.invoke('echo', new Uint8Array([9, 8]).subarray(1))))).toEqual([8]);
      expect(await Promise.all([1, 2, 3].map((n) => page.invoke('greet', { name: `${n}` })))).toEqual([
        'Hello, 1!',
        'Hello, 2!',
        'Hello, 3!',
      ]);
      expect(await outcome(page.invoke('greet', {}))).toEqual({
        error: 'invalid args `name` for command `greet`: command greet missing required key name',
      });
      expect(await outcome(page.invoke('fail'))).toEqual({ error: { kind: 'io', message: 'disk full' } });
      expect(await page.invoke('headers', {}, { headers: { 'X-Path': 'a' } })).toBe('a');
      expect([page.api.core.isTauri(), page.internals.callbacks.size, page.errors]).toEqual([true, 0, []]);
    });

    test('I117 channels', async () => {
      const page = await openPage(await startCore({ commands: commands() }), 'main', { version });
      const heard: unknown[] = [];
      await page.run(({ core }, heard) => {
        const on = new core.Channel<unknown>();
        on.onmessage = (message) => heard.push(message);
        return core.invoke('stream', { on });
      }, heard);
      await page.roundTrip();
      expect([heard[0], bytes(heard[1])]).toEqual([{ n: 0 }, [1]]);
      expect([page.internals.callbacks.size, page.errors]).toEqual([0, []]);
    });

    test('I117 events', async () => {
      const core = await startCore();
      const page = await openPage(core, 'main', { version });
      const heard: unknown[] = [];
      const unlisten = await page.run(({ event }, heard) => event.listen('x', (each) => heard.push(each)), heard);
      await page.run(({ event }, heard) => event.once('x', ({ payload }) => heard.push(['once', payload])), heard);
      await page.api.event.emit('x', 1);
      await page.api.event.emitTo('nobody', 'x');
      await until(() => core.events.count('x') === 1);
      unlisten();
      await until(() => core.events.count('x') === 0);
      core.handle.emit('x', 3);
      await page.roundTrip();
      expect(heard).toEqual([{ event: 'x', id: 0, payload: 1 }, ['once', 1], { event: 'x', id: 0, payload: null }]);
      expect([page.internals.callbacks.size, page.errors]).toEqual([0, []]);
    });

    test('I117 windows', async () => {
      const core = await startCore({ version });
      const page = await openPage(core, 'main', { version });
      const made = await page.run(
        ({ webviewWindow, window }) =>
          new Promise((resolve) => {
            const other = new webviewWindow.WebviewWindow('other', { title: 'Other' });
            void other.once('tauri://created', async () =>
              resolve([window.getCurrentWindow().label, await other.title()]),
            );
            void other.once('tauri://error', ({ payload }) => resolve(payload));
          }),
      );
      expect(made).toEqual(['main', 'Other']);
    });
  },
);

/** Everything that a page can see of a run of calls, channels and events. */
async function protocol(prepare: (core: Awaited<ReturnType<typeof startCore>>) => void): Promise<unknown[]> {
  const core = await startCore({ commands: commands() });
  prepare(core);
  const page = await openPage(core, 'main');
  const seen: unknown[] = [];
  const note = (name: string) => (value: unknown) => void seen.push([name, value]);
  await page.run(({ event }, note) => event.listen('x', ({ id, payload }) => note({ id, payload })), note('event'));
  await Promise.all([
    page.invoke('greet', { name: 'Ada' }).then(note('ok'), note('error')),
    page.invoke('greet', { name: 1 }).then(note('ok'), note('error')),
    page.invoke('nope').then(note('ok'), note('error')),
    page.invoke('fail').then(note('ok'), note('error')),
    page.api.event.emit('x', [1]).then(note('emitted')),
    page.run(({ core }, note) => {
      const on = new core.Channel<unknown>();
      on.onmessage = (message) => note(message instanceof ArrayBuffer ? message.byteLength : message);
      return core.invoke('stream', { on });
    }, note('channel')),
  ]);
  await page.roundTrip();
  return seen;
}

test('I118 whether somebody looks changes nothing that a page sees', async () => {
  const unseen = await protocol(() => undefined);
  const watched = await protocol((core) => {
    core.tap.onChange(({ from, to }) => void [...core.tap.records(from, to)]);
  });
  const paused = await protocol((core) => void (core.tap.paused = true));
  const full = await protocol((core) => void (core.tap.limits = { messages: 1, bodyBytes: 1 }));
  expect(unseen.length).toBe(8);
  expect([watched, paused, full]).toEqual([unseen, unseen, unseen]);
});

test('I119 a call that a stage holds settles when it is let go, and not at all for a page that went', async () => {
  const held: (() => void)[] = [];
  const core = await startCore({
    commands: commands(),
    stages: [
      async (call, next) => {
        if (call.cmd.startsWith('plugin:event') || call.cmd === 'greet') await new Promise<void>((go) => held.push(go));
        return next(call);
      },
    ],
  });
  const page = await openPage(core, 'main');
  const call = page.invoke('greet', { name: 'Ada' });
  await until(() => held.length === 1);
  expect(await outcome(page.invoke('fail'))).toEqual({ error: { kind: 'io', message: 'disk full' } });
  held.pop()?.();
  expect(await call).toBe('Hello, Ada!');
  void outcome(page.run(({ event }) => event.listen('x', () => undefined)));
  await until(() => held.length === 1);
  await page.reload();
  held.pop()?.();
  await page.roundTrip();
  expect([core.events.count('x'), page.console, core.errors]).toEqual([0, [], []]);
});

test('I120 a call that is sent again passes all stages and checks, and the page is not told', async () => {
  const seen: (number | undefined)[] = [];
  const channels: Channel<unknown>[] = [];
  const core = await startCore({
    commands: [...commands(), command('keep', { args: { on: channel() } }, ({ on }) => void channels.push(on))],
    stages: [
      (call, next) => {
        seen.push(call.replayOf);
        return next(call);
      },
    ],
  });
  const page = await openPage(core, 'main');
  await page.invoke('greet', { name: 'Ada' });
  const [record] = [...core.tap.records()].filter(({ kind }) => kind === 'invoke');
  const again = (value: unknown) =>
    page.connection.resend(
      { cmd: 'greet', body: { kind: 'json', value }, headers: [] },
      { of: record?.id ?? 0, origin: 'local' },
    );
  const [good, bad] = [again({ name: 'Bob' }), again({ name: 7 })];
  expect([await good.outcome, await bad.outcome]).toEqual([
    { ok: true, result: { kind: 'json', json: '"Hello, Bob!"' } },
    {
      ok: false,
      json: JSON.stringify('invalid args `name` for command `greet`: invalid type: integer `7`, expected a string'),
    },
  ]);
  expect(seen).toEqual([undefined, record?.id, record?.id]);
  expect(core.tap.find(good.record)).toMatchObject({ name: 'greet', status: 'ok', replayOf: record?.id });
  const lost = again({ name: 'late' });
  page.close();
  expect(await lost.outcome).toMatchObject({ ok: expect.any(Boolean) });
  expect(page.console).toEqual([]);
});

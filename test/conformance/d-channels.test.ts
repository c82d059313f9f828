import { expect, test } from 'vitest';
import * as z from 'zod';
import { type Channel, channel } from '#core/channel.ts';
import { command } from '#core/command.ts';
import { IpcError } from '#core/error.ts';
import { plugin } from '#core/plugin.ts';
import type { Version } from './bundles.ts';
import { bytes, listen, openPage, outcome, startCore, until } from './harness.ts';

/** Sends `count` numbers, then ends the channel. */
const count = command('count', { args: { to: z.int(), on: channel<number>() } }, async ({ to, on }) => {
  for (let n = 0; n < to; n++) await on.send(n);
  on.close();
});

test('D55 messages arrive in order, and after the end the callback is freed', async () => {
  const core = await startCore({ commands: [count] });
  const page = await openPage(core, 'main');
  const heard: unknown[] = [];
  await page.invoke('count', { to: 100, on: listen(page, heard) });
  await page.roundTrip();
  expect(heard).toEqual(Array.from({ length: 100 }, (_, n) => n));
  expect([page.internals.callbacks.size, page.connection.openChannels]).toEqual([0, 0]);
});

test('D56 messages that overtake each other are put in order by the page', async () => {
  const page = await openPage(await startCore(), 'main');
  const heard: unknown[] = [];
  const { id } = listen(page, heard);
  page.deliver([2, 0, 1].map((index) => ({ kind: 'message', id, index, value: index })));
  await until(() => heard.length === 3);
  expect(heard).toEqual([0, 1, 2]);
});

test('D57 an end that comes early waits for the messages before it', async () => {
  const page = await openPage(await startCore(), 'main');
  const heard: unknown[] = [];
  const { id } = listen(page, heard);
  page.internals.runCallback(id, { end: true, index: 2 });
  page.internals.runCallback(id, { message: 'a', index: 0 });
  expect([heard, page.internals.callbacks.has(id)]).toEqual([['a'], true]);
  page.internals.runCallback(id, { message: 'b', index: 1 });
  expect([heard, page.internals.callbacks.has(id)]).toEqual([['a', 'b'], false]);
});

test('D58 bytes arrive as an ArrayBuffer between JSON messages, in order', async () => {
  const mixed = command('mixed', { args: { on: channel() } }, async ({ on }) => {
    const shared = new Uint8Array([1]);
    for (let n = 1; n <= 3; n++) {
      shared[0] = n;
      void on.send(shared);
      void on.send({ n });
    }
    void on.send(Buffer.from([9, 9]));
    await on.send(new Uint8Array(100_000).fill(7));
  });
  const page = await openPage(await startCore({ commands: [mixed] }), 'main');
  const heard: unknown[] = [];
  await page.invoke('mixed', { on: listen(page, heard) });
  const large = heard.pop();
  expect(
    heard.map((each) => (Object.prototype.toString.call(each) === '[object ArrayBuffer]' ? bytes(each) : each)),
  ).toEqual([[1], { n: 1 }, [2], { n: 2 }, [3], { n: 3 }, [9, 9]]);
  expect(bytes(large)).toEqual(Array(100_000).fill(7));
});

test('D59 a handler that throws does not stop the stream, and its error is reported once', async () => {
  const page = await openPage(await startCore({ commands: [count] }), 'main');
  const heard: unknown[] = [];
  const on = page.run(({ core }, heard) => {
    const channel = new core.Channel<number>();
    channel.onmessage = (n) => {
      heard.push(n);
      if (n === 1) throw new Error('in the page');
    };
    return channel;
  }, heard);
  await page.invoke('count', { to: 4, on });
  await page.roundTrip();
  expect(heard).toEqual([0, 1, 2, 3]);
  expect(page.errors.map((error) => (error as Error).message)).toEqual(['in the page']);
});

test('D60 another handler hears the messages that follow', async () => {
  let more = () => {};
  const two = command('two', { args: { on: channel<number>() } }, async ({ on }) => {
    await on.send(1);
    await new Promise<void>((resolve) => (more = resolve));
    await on.send(2);
  });
  const page = await openPage(await startCore({ commands: [two] }), 'main');
  const [first, second]: unknown[][] = [[], []];
  const on = listen(page, first as unknown[]);
  const call = page.invoke('two', { on });
  await until(() => first?.length === 1);
  on.onmessage = (message) => second?.push(message);
  more();
  await call;
  expect([first, second]).toEqual([[1], [2]]);
});

test('D61 a channel may stand anywhere, and twice: it keeps one sequence', async () => {
  const anywhere = command(
    'anywhere',
    {
      args: {
        one: channel<string>(),
        object: z.object({ deep: z.object({ on: channel<string>() }) }),
        list: z.array(z.union([z.number(), channel<string>()])),
      },
    },
    ({ one, object, list }) => {
      void one.send('one');
      void object.deep.on.send('object');
      for (const each of list) if (typeof each === 'object') void each.send('list');
      void one.send('again');
    },
  );
  const page = await openPage(await startCore({ commands: [anywhere] }), 'main');
  const heard: unknown[] = [];
  const on = listen(page, heard);
  await page.invoke('anywhere', { one: on, object: { deep: { on } }, list: [1, on] });
  expect(heard).toEqual(['one', 'object', 'list', 'again']);
});

test('D63 sending to a page that is gone fails in the handler, and nowhere else', async () => {
  const sinks: Channel<number>[] = [];
  const keep = command('keep', { args: { on: channel<number>() } }, ({ on }) => void sinks.push(on));
  const core = await startCore({ commands: [keep] });
  const page = await openPage(core, 'main');
  const heard: unknown[] = [];
  await page.invoke('keep', { on: listen(page, heard) });
  await sinks[0]?.send(1);
  await page.roundTrip();
  await page.reload();
  await page.invoke('keep', { on: listen(page, heard) });
  page.close();
  for (const sink of sinks) {
    const error = await sink.send(2).catch((thrown) => thrown);
    expect(error).toBeInstanceOf(IpcError);
    expect([error.kind, error.message]).toEqual(['channelClosed', 'Channel closed']);
  }
  expect([heard, core.errors]).toEqual([[1], []]);
});

test('D64 a channel that a handler keeps stays open, and its end has the right index', async () => {
  const kept: Channel<number>[] = [];
  const keep = command('keep', { args: { on: channel<number>() } }, ({ on }) => void kept.push(on));
  const core = await startCore({ commands: [keep] });
  const page = await openPage(core, 'main');
  const heard: unknown[] = [];
  const on = listen(page, heard);
  await page.invoke('keep', { on });
  await kept[0]?.send(1);
  await kept[0]?.send(2);
  await page.roundTrip();
  expect([heard, page.internals.callbacks.has(on.id)]).toEqual([[1, 2], true]);
  kept[0]?.close();
  await page.roundTrip();
  expect(page.internals.callbacks.has(on.id)).toBe(false);
  const end = [...core.tap.records()].find(({ kind }) => kind === 'channel-end');
  expect(end).toMatchObject({ index: 2, name: 'keep' });
  expect(await outcome(kept[0]?.send(3) as Promise<void>)).toMatchObject({ error: { kind: 'channelClosed' } });
});

test('D64 a channel that nobody holds any more ends by itself', async () => {
  const forget = command('forget', { args: { on: channel<number>() } }, ({ on }) => on.send(1));
  const page = await openPage(await startCore({ commands: [forget] }), 'main');
  const heard: unknown[] = [];
  const on = listen(page, heard);
  await page.invoke('forget', { on });
  await until(() => {
    globalThis.gc?.();
    return !page.internals.callbacks.has(on.id);
  });
  expect([heard, page.connection.openChannels]).toEqual([[1], 0]);
});

test('D65 ten thousand messages arrive, and nothing of them stays', async () => {
  const core = await startCore({ commands: [count] });
  const page = await openPage(core, 'main');
  const heard: number[] = [];
  await page.invoke('count', { to: 10_000, on: listen(page, heard) });
  await page.roundTrip();
  expect(heard.length).toBe(10_000);
  expect(heard.every((n, index) => n === index)).toBe(true);
  expect([page.internals.callbacks.size, page.connection.openChannels, core.pendingCalls]).toEqual([0, 0, 0]);
});

test('D66 the size of a message does not show', async () => {
  const sizes = [1023, 1024, 1025, 8191, 8192, 8193, 32_767, 32_768, 32_769];
  const send = command('send', { args: { on: channel() } }, async ({ on }) => {
    for (const size of sizes) {
      await on.send('x'.repeat(size - 2));
      await on.send(new Uint8Array(size).fill(size % 251));
    }
  });
  const page = await openPage(await startCore({ commands: [send] }), 'main');
  const heard: unknown[] = [];
  await page.invoke('send', { on: listen(page, heard) });
  expect(heard.length).toBe(2 * sizes.length);
  sizes.forEach((size, index) => {
    expect(heard[2 * index] === 'x'.repeat(size - 2)).toBe(true);
    expect(Buffer.from(heard[2 * index + 1] as ArrayBuffer).equals(Buffer.alloc(size, size % 251))).toBe(true);
  });
});

const streams = async (version: Version) => {
  const core = await startCore({ commands: [count] });
  const page = await openPage(core, 'main', { version });
  const heard: unknown[] = [];
  await page.invoke('count', { to: 5, on: listen(page, heard) });
  await page.roundTrip();
  expect([heard, page.errors, page.console]).toEqual([[0, 1, 2, 3, 4], [], []]);
  expect(page.internals.callbacks.size).toBe(0);
};

test.each(['2.0.3', '2.1.1', '2.4.1'] as const)('D67 a page with npm %s hears a channel', streams);
test.each(['2.5.0', '2.6.0', '2.8.0', '2.9.1', '2.12.5'] as const)('D68 a page with npm %s hears a channel', streams);

test('D69 plugin listeners register by either name, and remove what they registered', async () => {
  const calls: unknown[][] = [];
  const channels: Channel<unknown>[] = [];
  const register = (name: string, works: boolean) =>
    command(name, { args: { event: z.string(), handler: channel<unknown>() } }, ({ event, handler }) => {
      calls.push([name, event]);
      if (!works) throw IpcError.invalidRequest('not this one');
      channels.push(handler);
    });
  const remove = command(
    'remove_listener',
    { args: { event: z.string(), channelId: z.uint32() } },
    (args) => void calls.push(['remove_listener', args]),
  );
  const core = await startCore({
    plugins: [
      plugin({
        name: 'new',
        commands: [register('register_listener', true), register('registerListener', true), remove],
      }),
      plugin({ name: 'old', commands: [register('register_listener', false), register('registerListener', true)] }),
      plugin({ name: 'none', commands: [register('register_listener', false), register('registerListener', false)] }),
    ],
  });
  const page = await openPage(core, 'main');
  const heard: unknown[] = [];
  const listener = await page.run(
    ({ core }, heard) => core.addPluginListener('new', 'tick', (n) => heard.push(n)),
    heard,
  );
  await channels[0]?.send(1);
  await page.roundTrip();
  expect(heard).toEqual([1]);
  await listener.unregister();
  expect(calls.splice(0)).toEqual([
    ['register_listener', 'tick'],
    ['remove_listener', { event: 'tick', channelId: listener.channelId }],
  ]);
  await page.run(({ core }) => core.addPluginListener('old', 'tick', () => undefined));
  expect(calls.splice(0)).toEqual([
    ['register_listener', 'tick'],
    ['registerListener', 'tick'],
  ]);
  expect(await outcome(page.run(({ core }) => core.addPluginListener('none', 'tick', () => undefined)))).toEqual({
    error: 'Invalid request: not this one',
  });
});

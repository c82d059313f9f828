import * as fc from 'fast-check';
import { expect, test } from 'vitest';
import * as z from 'zod';
import { Channel, channel, type ChannelBody, type ChannelSink, parseChannelId, withChannels } from '#core/channel.ts';
import { command } from '#core/command.ts';
import { IpcError } from '#core/error.ts';
import { createCore, type FakePage, openFake, turn, until } from './fakes.ts';

class FakeSink implements ChannelSink {
  readonly sent: ChannelBody[] = [];
  ends = 0;
  async send(body: ChannelBody): Promise<void> {
    if (this.ends > 0) throw IpcError.channelClosed();
    this.sent.push(body);
  }
  end(): void {
    this.ends++;
  }
}

const failureOf = (promise: Promise<unknown>) =>
  promise.then(
    () => undefined,
    (error: IpcError) => [error.kind, error.message],
  );
const CLOSED = ['channelClosed', 'Channel closed'];

test('an id is read as Rust reads a u32', () => {
  const table: [string, number | undefined][] = [
    ['__CHANNEL__:0', 0],
    ['__CHANNEL__:4294967295', 4294967295],
    ['__CHANNEL__:+7', 7],
    ['__CHANNEL__:007', 7],
    ['__CHANNEL__:4294967296', undefined],
    ['__CHANNEL__:', undefined],
    ['__CHANNEL__:+', undefined],
    ['__CHANNEL__:-1', undefined],
    ['__CHANNEL__:1.0', undefined],
    ['__CHANNEL__:1e3', undefined],
    ['__CHANNEL__: 1', undefined],
    ['__CHANNEL__:1\n', undefined],
    ['x__CHANNEL__:1', undefined],
    ['__CHANNEL__:0x1', undefined],
  ];
  expect(table.map(([text]) => [text, parseChannelId(text)])).toEqual(table);
  fc.assert(fc.property(fc.nat(0xffff_ffff), (id) => parseChannelId(new Channel(id, undefined).toJSON()) === id));
});

test('JSON goes as text made at once, bytes as bytes, and what has no form is refused', async () => {
  const sink = new FakeSink();
  const stream = new Channel<unknown>(1, sink);
  const value = { n: 1 };
  void stream.send(value);
  value.n = 2;
  await stream.send(undefined);
  await stream.send(Buffer.from([1, 2]));
  expect(sink.sent).toEqual([
    { kind: 'json', json: '{"n":1}' },
    { kind: 'json', json: 'null' },
    { kind: 'raw', bytes: new Uint8Array([1, 2]) },
  ]);
  expect((await failureOf(stream.send(1n)))?.[0]).toBe('serialization');
});

test('after close a send fails, and the end is told once', async () => {
  const sink = new FakeSink();
  const stream = new Channel<number>(1, sink);
  stream.close();
  stream.close();
  expect([await failureOf(stream.send(1)), sink.ends]).toEqual([CLOSED, 1]);
  expect(await failureOf(new Channel<number>(1, undefined).send(1))).toEqual(CLOSED);
});

test('it ends when nobody can send any more, and not while anybody can', async () => {
  const sink = new FakeSink();
  const held: Channel<number>[] = [];
  (() => {
    held.push(new Channel<number>(1, sink));
    // What a schema leaves behind that tried another way to read the same argument.
    new Channel<number>(1, sink);
  })();
  const other = new FakeSink();
  (() => void new Channel<number>(2, other))();
  await until(() => {
    globalThis.gc?.();
    return other.ends === 1;
  });
  globalThis.gc?.();
  await turn();
  expect(sink.ends).toBe(0);
  await held[0]?.send(1);
  held.length = 0;
  await until(() => {
    globalThis.gc?.();
    return sink.ends === 1;
  });
});

test('a schema makes channels wherever they stand, bound to the call that is read', () => {
  const sinks = new Map<number, FakeSink>();
  const bind = (id: number) => {
    const sink = sinks.get(id) ?? new FakeSink();
    sinks.set(id, sink);
    return sink;
  };
  const schema = z.object({ on: channel(), list: z.array(channel()) });
  const read = withChannels(bind, () =>
    schema.parse({ on: '__CHANNEL__:1', list: ['__CHANNEL__:2', '__CHANNEL__:1'] }),
  );
  expect([read.on.bound, read.list.map(({ id }) => id), [...sinks.keys()]]).toEqual([true, [2, 1], [1, 2]]);
  // Outside of a call there is nobody to send to.
  expect(channel().parse('__CHANNEL__:1').bound).toBe(false);
});

/** A page whose handler gives away the channel of each call. */
function setUp() {
  const core = createCore();
  const given: Channel<unknown>[] = [];
  core.addCommand(command('give', { args: { on: channel() } }, ({ on }) => void given.push(on)));
  const page = openFake(core);
  const give = async (id: number, callback: number): Promise<Channel<unknown>> => {
    const before = given.length;
    page.invoke('give', { on: `__CHANNEL__:${id}` }, callback);
    await until(() => given.length > before);
    return given[before] as Channel<unknown>;
  };
  return { core, page, give };
}

const stream = (page: FakePage) => page.transport.messages.filter(({ kind }) => kind === 'message' || kind === 'end');

test('messages are numbered from 0, and the end says how many there were', async () => {
  const { core, page, give } = setUp();
  const on = await give(9, 1);
  void on.send('a');
  void on.send(new Uint8Array([1]));
  on.close();
  await turn();
  expect(stream(page)).toEqual([
    { kind: 'message', id: 9, index: 0, value: 'a' },
    { kind: 'message', id: 9, index: 1, bytes: [1] },
    { kind: 'end', id: 9, index: 2 },
  ]);
  expect(
    [...core.tap.records()]
      .filter(({ kind }) => kind.startsWith('channel'))
      .map(({ kind, index, status }) => [kind, index, status]),
  ).toEqual([
    ['channel', 2, 'ok'],
    ['channel-message', 0, 'ok'],
    ['channel-message', 1, 'ok'],
    ['channel-end', 2, 'ok'],
  ]);
  core.dispose();
});

test('the same channel of a later call is another stream', async () => {
  const { page, give } = setUp();
  const first = await give(9, 1);
  const second = await give(9, 3);
  void first.send('first');
  void second.send('second');
  await turn();
  expect(stream(page).map(({ index, value }) => [index, value])).toEqual([
    [0, 'first'],
    [0, 'second'],
  ]);
});

test('the sender may use its buffer again at once', async () => {
  const { page, give } = setUp();
  const on = await give(9, 1);
  for (const buffer of [new Uint8Array(1), Buffer.alloc(1)]) {
    for (let n = 0; n < 2; n++) {
      buffer[0] = n;
      void on.send(buffer);
    }
  }
  await turn();
  expect(stream(page).map(({ bytes }) => bytes)).toEqual([[0], [1], [0], [1]]);
});

test('a producer that waits for room never has more than the window on its way', async () => {
  const { page, give } = setUp();
  const on = await give(9, 1);
  let sent = 0;
  const produce = (async () => {
    for (; sent < 64; sent++) await on.send(new Uint8Array(1 << 20));
  })();
  await turn();
  expect(sent).toBeLessThan(32);
  let told = 0;
  await until(() => {
    const now = page.transport.bytes;
    if (now > told) page.say({ kind: 'received', bytes: now - told });
    told = now;
    return sent === 64;
  });
  await produce;
});

test('a producer that does not wait is told when too much waits, and its record says so', async () => {
  const { core, give } = setUp();
  const on = await give(9, 1);
  const failed: unknown[] = [];
  for (let tries = 0; failed.length === 0 && tries < 200; tries++) {
    void on.send(new Uint8Array(4 << 20)).catch((error: unknown) => failed.push(error));
    await Promise.resolve();
    await Promise.resolve();
  }
  expect(failed[0]).toMatchObject({ kind: 'channelClosed', message: expect.stringContaining('too slowly') });
  expect([...core.tap.records()].at(-1)).toMatchObject({ kind: 'channel-message', status: 'undelivered' });
  core.dispose();
});

test('a reload closes the channels of the page before: sends fail, records say why', async () => {
  const { core, page, give } = setUp();
  const on = await give(9, 1);
  page.ready();
  expect([await failureOf(on.send(1)), page.connection.openChannels]).toEqual([CLOSED, 0]);
  on.close();
  await turn();
  expect(stream(page)).toEqual([]);
  expect([...core.tap.records()].find(({ kind }) => kind === 'channel')).toMatchObject({
    status: 'orphan',
    note: 'the page reloaded',
  });
});

import { expect, test } from 'vitest';
import { MAX_WAITING_BYTES, Outbox, WINDOW_BYTES } from '#core/outbox.ts';
import { openFrame } from '#core/wire.ts';
import { FakeTransport, turn, until } from './fakes.ts';

const MIB = 1024 * 1024;

function setUp() {
  const transport = new FakeTransport();
  const undelivered: number[] = [];
  const outbox = new Outbox(transport, (records) => undelivered.push(...records));
  const add = (n: number, record = 0) => outbox.add(`{"kind":"m","n":${n}`, undefined, record);
  const addBytes = (size: number, record = 0) => outbox.add('{"kind":"b"', { bytes: new Uint8Array(size) }, record);
  return { transport, undelivered, outbox, add, addBytes };
}

/** The numbers of the messages in each frame. */
const numbers = (transport: FakeTransport) =>
  transport.frames.map((frame) => openFrame(frame).messages.map((message) => (message as { n?: number }).n));

test('the messages of one turn leave in one frame, at its end and without a timer', async () => {
  const { transport, add } = setUp();
  for (let n = 0; n < 3; n++) add(n);
  expect(transport.frames).toEqual([]);
  await Promise.resolve();
  expect(numbers(transport)).toEqual([[0, 1, 2]]);
});

test('while a frame is on its way the next one gathers, and leaves when it has arrived', async () => {
  const { transport, add } = setUp();
  const arrivals: ((delivered: boolean) => void)[] = [];
  transport.answer = () => new Promise((resolve) => arrivals.push(resolve));
  add(0);
  await Promise.resolve();
  add(1);
  await Promise.resolve();
  add(2);
  await Promise.resolve();
  expect(numbers(transport)).toEqual([[0]]);
  arrivals[0]?.(true);
  await until(() => transport.frames.length === 2);
  expect(numbers(transport)).toEqual([[0], [1, 2]]);
});

test('where frames cost little one that is large enough leaves at once, whatever is on its way; the rest gathers', async () => {
  const { transport, add } = setUp();
  transport.most = 3;
  const arrivals: ((delivered: boolean) => void)[] = [];
  transport.answer = () => new Promise((resolve) => arrivals.push(resolve));
  for (let n = 0; n < 8; n++) {
    add(n);
    if (n > 0) await Promise.resolve();
  }
  expect(numbers(transport)).toEqual([
    [0, 1],
    [2, 3, 4],
    [5, 6, 7],
  ]);
  add(8);
  await Promise.resolve();
  expect(transport.frames).toHaveLength(3);
  for (const arrive of arrivals) arrive(true);
  await until(() => transport.frames.length === 4);
  expect(numbers(transport).at(-1)).toEqual([8]);
});

test('a frame that takes long does not hold the next one for ever', async () => {
  const { transport, add } = setUp();
  transport.answer = () => new Promise(() => undefined);
  add(0);
  await Promise.resolve();
  add(1);
  await until(() => transport.frames.length === 2);
  expect(numbers(transport)).toEqual([[0], [1]]);
});

test('order is kept, whatever the sizes', async () => {
  const { transport, outbox, add } = setUp();
  for (let n = 0; n < 40; n++) {
    if (n % 3 === 0) outbox.add(`{"kind":"b","n":${n}`, { bytes: new Uint8Array(n * 10_000) });
    else add(n);
    if (n % 7 === 0) await Promise.resolve();
  }
  await until(() => numbers(transport).flat().length === 40);
  expect(numbers(transport).flat()).toEqual(Array.from({ length: 40 }, (_, n) => n));
});

test('beyond the window nothing leaves until the page took something in', async () => {
  const { transport, outbox, addBytes } = setUp();
  const sent = 40;
  for (let n = 0; n < sent; n++) addBytes(MIB);
  await turn();
  const before = transport.bytes;
  expect(before).toBeGreaterThanOrEqual(WINDOW_BYTES);
  expect(before).toBeLessThan(WINDOW_BYTES + 6 * MIB);
  let room = false;
  void outbox.room().then(() => (room = true));
  await turn();
  expect([transport.bytes, room]).toEqual([before, false]);
  let told = 0;
  await until(() => {
    const now = transport.bytes;
    outbox.received(now - told);
    told = now;
    return room;
  });
  await turn();
  expect(transport.messages.length).toBe(sent);
});

test('small messages for a slow page wait in few frames', async () => {
  const { transport, outbox, add, addBytes } = setUp();
  for (let n = 0; n < 5; n++) addBytes(4 * MIB);
  await turn();
  const before = transport.frames.length;
  for (let n = 0; n < 1000; n++) {
    add(n);
    await Promise.resolve();
  }
  outbox.received(transport.bytes);
  await turn();
  expect(transport.frames.length - before).toBeLessThanOrEqual(2);
  expect(
    numbers(transport)
      .flat()
      .filter((n) => n !== undefined),
  ).toEqual(Array.from({ length: 1000 }, (_, n) => n));
});

test('what waits is bounded: then a message is refused, but never an answer that must arrive', async () => {
  const { transport, outbox, addBytes } = setUp();
  let taken = 0;
  while (addBytes(8 * MIB)) taken++;
  expect(taken * 8 * MIB).toBeLessThanOrEqual(MAX_WAITING_BYTES + 16 * MIB);
  outbox.addSmall('{"kind":"small"');
  await until(() => {
    outbox.received(WINDOW_BYTES);
    return transport.messages.some(({ kind }) => kind === 'small');
  });
  expect(transport.messages.length).toBe(taken + 1);
  expect(addBytes(1)).toBe(true);
});

test('an acknowledgement rides along with a frame, or goes alone', async () => {
  const { transport, outbox, add } = setUp();
  outbox.acknowledge();
  outbox.acknowledge();
  add(0);
  await turn();
  expect(transport.messages).toEqual([
    { kind: 'm', n: 0 },
    { kind: 'received', frames: 2 },
  ]);
  outbox.acknowledge();
  await until(() => transport.frames.length === 2);
  expect(transport.messages.at(-1)).toEqual({ kind: 'received', frames: 1 });
});

test('an acknowledgement never waits for credit: the page may need it to give that', async () => {
  const { transport, outbox, add, addBytes } = setUp();
  for (let n = 0; n < 10; n++) addBytes(4 * MIB);
  await turn();
  const before = transport.frames.length;
  outbox.acknowledge();
  add(1);
  addBytes(5 * MIB);
  await until(() => transport.frames.length > before);
  expect(openFrame(transport.frames.at(-1)).messages).toEqual([{ kind: 'received', frames: 1 }]);
});

test('the page’s credit counts every byte that it was sent', async () => {
  const { transport, outbox, add } = setUp();
  add(0);
  outbox.acknowledge();
  await turn();
  outbox.acknowledge();
  await until(() => transport.frames.length === 2);
  expect(outbox.pendingBytes).toBe(transport.bytes);
  outbox.received(transport.bytes);
  expect(outbox.pendingBytes).toBe(0);
});

test.each([
  ['answers false', () => Promise.resolve(false)],
  ['rejects', () => Promise.reject(new Error('gone'))],
  [
    'throws',
    () => {
      throw new Error('disposed');
    },
  ],
])('where the transport %s, the messages are undelivered and use up no credit', async (_, answer) => {
  const { transport, undelivered, outbox, add, addBytes } = setUp();
  transport.answer = answer;
  add(0, 7);
  add(1);
  addBytes(20 * MIB, 8);
  await until(() => undelivered.length === 2);
  expect([undelivered, outbox.pendingBytes]).toEqual([[7, 8], 0]);
  transport.answer = true;
  add(2, 9);
  await turn();
  expect([numbers(transport).at(-1), undelivered]).toEqual([[2], [7, 8]]);
});

test('the end tells what did not leave, lets everybody go who waits, and takes nothing more', async () => {
  const { transport, undelivered, outbox, add, addBytes } = setUp();
  addBytes(20 * MIB, 1);
  await turn();
  addBytes(20 * MIB, 2);
  add(3, 3);
  const room = outbox.room();
  outbox.acknowledge();
  outbox.close();
  await room;
  outbox.addSmall('{"kind":"late"');
  outbox.acknowledge();
  expect([add(4, 4), undelivered]).toEqual([false, [2, 3]]);
  await turn();
  expect([transport.frames.length, outbox.pendingBytes <= 21 * MIB]).toEqual([1, true]);
});

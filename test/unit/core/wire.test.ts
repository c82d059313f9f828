import * as fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import {
  type Frame,
  FrameBuilder,
  FromPage,
  MAX_FRAME_MESSAGES,
  openFrame,
  PACKED_LIMIT,
  WireError,
} from '#core/wire.ts';
import { createCore, frameOf, openFake } from './fakes.ts';

const text = (value: unknown) => new TextEncoder().encode(typeof value === 'string' ? value : JSON.stringify(value));

test('whatever goes into a frame comes out of it', () => {
  const size = fc.oneof(
    fc.nat(64),
    fc.constantFrom(PACKED_LIMIT - 1, PACKED_LIMIT, PACKED_LIMIT + 1, 3 * PACKED_LIMIT),
  );
  // An array would be a short form.
  const message = fc.jsonValue().map((value) => ({ kind: 'x', value }));
  const body = size.map((length) => new Uint8Array(length).map((_, index) => index * 7 + length));
  fc.assert(
    fc.property(fc.array(message, { maxLength: 20 }), fc.array(body, { maxLength: 8 }), (messages, raw) => {
      const frame = structuredClone(frameOf(messages, raw));
      const opened = openFrame(frame);
      expect(opened.messages).toEqual(JSON.parse(JSON.stringify(messages)));
      expect(opened.raw.length).toBe(raw.length);
      opened.raw.forEach((bytes, index) => {
        expect(Buffer.compare(bytes, raw[index] as Uint8Array)).toBe(0);
      });
    }),
    { numRuns: 150 },
  );
});

test('the short forms of invokes and of their answers are read as the long ones', () => {
  const frame = frameOf([
    ['greet', 0, { name: 'Ada' }],
    ['greet', 1, {}, [['a', 'b']]],
    ['write', 2, 0, [['path', '/a']], 0],
    ['write', 3, 0, 0, 1],
    [1, 'Hello'],
    ['too', 'long', 0, 0, 0, 0],
  ]);
  const { messages } = openFrame(frame);
  expect(messages).toEqual([
    { kind: 'invoke', cmd: 'greet', callback: 0, error: 1, payload: { name: 'Ada' } },
    { kind: 'invoke', cmd: 'greet', callback: 2, error: 3, payload: {}, headers: [['a', 'b']] },
    { kind: 'invoke', cmd: 'write', callback: 4, error: 5, headers: [['path', '/a']], raw: 0 },
    { kind: 'invoke', cmd: 'write', callback: 6, error: 7, raw: 1 },
    { kind: 'run', id: 1, value: 'Hello' },
    ['too', 'long', 0, 0, 0, 0],
  ]);
});

test('small bodies share one array, a large one is an array of its own without a copy', () => {
  const large = new Uint8Array(PACKED_LIMIT + 1);
  const frame = frameOf([{ kind: 'x' }], [new Uint8Array(3), large, new Uint8Array(PACKED_LIMIT), new Uint8Array(0)]);
  expect(frame.slice(1).map((part) => part.length)).toEqual([PACKED_LIMIT + 3, PACKED_LIMIT + 1]);
  expect(frame[2]).toBe(large);
});

test('nothing beside the bytes travels with them, and no array of Node’s own kind', () => {
  const secret = new Uint8Array(4 * PACKED_LIMIT);
  const frame = frameOf([], [secret.subarray(1, PACKED_LIMIT + 2), Buffer.alloc(PACKED_LIMIT + 1)]);
  const parts = frame.slice(2) as Uint8Array[];
  expect(parts.map((part) => [part.buffer.byteLength, part.constructor.name])).toEqual(
    Array.from({ length: 2 }, () => [PACKED_LIMIT + 1, 'Uint8Array']),
  );
});

test('a builder is empty after its frame was taken', () => {
  const builder = new FrameBuilder();
  builder.add('{"a":1}');
  expect([builder.empty, builder.addRaw(new Uint8Array(5)), builder.size]).toEqual([false, 0, 12]);
  builder.take();
  expect([builder.empty, builder.size, builder.addRaw(new Uint8Array(1))]).toEqual([true, 0, 0]);
});

/** Frames that no bridge sends. */
const GARBAGE: Record<string, unknown> = {
  nothing: undefined,
  null: null,
  number: 7,
  object: {},
  'empty list': [],
  'list of null': [null],
  'list of lists': [[1, 2, 3]],
  'other typed array': [new Uint16Array([1])],
  'no bytes at all': [new Uint8Array(0)],
  'text that is no JSON': [text('{"messages":[')],
  'text that is no UTF-8': [new Uint8Array([0x22, 0xff, 0xfe, 0x22])],
  'JSON that is no object': [text('[]')],
  'JSON null': [text('null')],
  'no messages': [text({})],
  'messages that are no list': [text({ messages: {} })],
  'too many messages': [text({ messages: Array(MAX_FRAME_MESSAGES + 1).fill(0) })],
  'raw that is no list': [text({ messages: [], raw: 1 })],
  'a negative length': [text({ messages: [], raw: [-2] }), new Uint8Array(9)],
  'a length that is no integer': [text({ messages: [], raw: [1.5] }), new Uint8Array(9)],
  'a length beyond all numbers': [text('{"messages":[],"raw":[1e999]}'), new Uint8Array(9)],
  'packed bytes missing': [text({ messages: [], raw: [1] })],
  'packed bytes too short': [text({ messages: [], raw: [2, 2] }), new Uint8Array(3)],
  'a large body missing': [text({ messages: [], raw: [-1] }), new Uint8Array(0)],
  'a part that is a string': [text({ messages: [], raw: [1] }), 'x'],
  'a proxy that throws': new Proxy([], {
    get(target, key) {
      if (key === 'length') return 1;
      throw new Error(`no ${String(key)} of ${target.length}`);
    },
  }),
};

describe('a frame of garbage is refused with a reason, recorded, and harms nothing', () => {
  test.each(Object.entries(GARBAGE))('%s', (name, frame) => {
    if (name !== 'a proxy that throws') expect(() => openFrame(frame)).toThrow(WireError);
    const core = createCore();
    const page = openFake(core);
    const before = core.tap.next;
    page.connection.receive(frame);
    expect([...core.tap.records(before)].map(({ kind, name, status }) => [kind, name, status])).toEqual([
      ['problem', 'unreadable message', 'error'],
    ]);
  });

  test('any bytes at all', () => {
    const core = createCore();
    const page = openFake(core);
    fc.assert(
      fc.property(fc.array(fc.oneof(fc.uint8Array({ maxLength: 40 }), fc.anything()), { maxLength: 4 }), (frame) => {
        page.connection.receive(frame);
      }),
      { numRuns: 500 },
    );
    expect(page.connection.ready).toBe(true);
  });

  test('any messages at all, and each that can be answered is', () => {
    const core = createCore();
    const page = openFake(core);
    const kind = fc.constantFrom('invoke', 'received', 'metrics', 'drag', 'storage', 'problem', 'ready', 'nope');
    const value = fc.oneof(fc.jsonValue(), fc.integer(), fc.double(), fc.string());
    const message = fc.oneof(
      fc.jsonValue(),
      fc.record(
        {
          kind,
          cmd: value,
          callback: value,
          error: value,
          payload: value,
          raw: value,
          headers: value,
          bytes: value,
          about: value,
        },
        { requiredKeys: ['kind'] },
      ),
    );
    fc.assert(
      fc.property(fc.array(message, { maxLength: 5 }), (messages) => page.connection.receive(frameOf(messages))),
      { numRuns: 500 },
    );
    expect(page.connection.ready).toBe(true);
  });
});

test('a malformed message is answered where it says whom', async () => {
  const core = createCore();
  const page = openFake(core);
  page.say(
    { kind: 'invoke', cmd: 7, callback: 1, error: 2 },
    { kind: 'invoke', cmd: 'x', callback: 1, error: 4, raw: 9 },
    { kind: 'nope', error: -1 },
    { kind: 'invoke', cmd: 'x', callback: 2 ** 32, error: 6 },
  );
  await Promise.resolve();
  await Promise.resolve();
  expect([2, 4, 6].map((error) => String(page.ran(error)[0]).split(':').slice(0, 2).join(':'))).toEqual([
    'malformed message: cmd',
    'malformed message: raw',
    'malformed message: callback',
  ]);
  expect([...core.tap.records()].filter(({ name }) => name === 'malformed message').length).toBe(4);
});

test('a page of another version of the wire is no page', () => {
  expect(FromPage.safeParse({ kind: 'ready', version: 2, url: '' }).success).toBe(false);
});

test('arguments nested beyond reason are recorded without harm to who looks', () => {
  const core = createCore();
  const page = openFake(core);
  const deep = `${'['.repeat(200_000)}${']'.repeat(200_000)}`;
  const builder = new FrameBuilder();
  builder.add(`{"kind":"invoke","cmd":"x","callback":1,"error":2,"payload":${deep}}`);
  page.connection.receive(builder.take() as Frame);
  const record = [...core.tap.records()].find(({ name }) => name === 'x');
  expect(record?.size).toBeGreaterThan(0);
});

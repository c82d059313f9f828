import { describe, expect, test } from 'vitest';
import { bytesOf, type Call, failure, pipeline, type Stage, success } from '#core/call.ts';
import { IpcError, reject, rejectionOf, stackOf } from '#core/error.ts';

const CALL: Call = {
  id: 1,
  record: 1,
  cmd: 'x',
  window: 'main',
  origin: 'local',
  generation: 1,
  body: { kind: 'json', value: {} },
  headers: [],
  signal: new AbortController().signal,
};

test('stages stand around the handler, the first one outermost', async () => {
  const order: string[] = [];
  const stage =
    (name: string): Stage =>
    async (call, next) => {
      order.push(`${name} in ${call.cmd}`);
      const outcome = await next({ ...call, cmd: call.cmd + name });
      order.push(`${name} out`);
      return outcome;
    };
  const run = pipeline([stage('a'), stage('b')], async (call) => {
    order.push(`handler ${call.cmd}`);
    return success(1);
  });
  expect(await run(CALL)).toEqual({ ok: true, result: { kind: 'json', json: '1' } });
  expect(order).toEqual(['a in x', 'b in xa', 'handler xab', 'b out', 'a out']);
});

test('a stage may answer by itself, and then nothing behind it runs', async () => {
  const ran: string[] = [];
  const run = pipeline(
    [
      async () => failure('mocked'),
      async (call, next) => {
        ran.push('second');
        return next(call);
      },
    ],
    async () => success(ran.push('handler')),
  );
  expect([await run(CALL), ran]).toEqual([{ ok: false, json: '"mocked"' }, []]);
});

const cyclic: Record<string, unknown> = {};
cyclic['self'] = cyclic;

describe('a result is', () => {
  test.each([
    [undefined, 'null'],
    [null, 'null'],
    [Number.NaN, 'null'],
    [() => 1, 'null'],
    [Symbol('s'), 'null'],
    ['text', '"text"'],
    [{ a: undefined, b: [undefined] }, '{"b":[null]}'],
    [new Date(0), '"1970-01-01T00:00:00.000Z"'],
    [new Map([[1, 2]]), '{}'],
  ])('%s as JSON %s', (value, json) => {
    expect(success(value)).toEqual({ ok: true, result: { kind: 'json', json } });
  });

  test.each([
    ['a buffer', new Uint8Array([1, 2]).buffer, [1, 2]],
    ['a view of a part', new Uint8Array([1, 2, 3]).subarray(1, 2), [2]],
    ['a view of another type', new Uint16Array([513]), [1, 2]],
    ['a Buffer of Node', Buffer.from([1, 2, 3]).subarray(1), [2, 3]],
  ])('bytes for %s, as a plain Uint8Array', (_, value, expected) => {
    const bytes = bytesOf(value);
    expect([Object.getPrototypeOf(bytes) === Uint8Array.prototype, [...(bytes ?? [])]]).toEqual([true, expected]);
  });

  test.each([
    1n,
    cyclic,
    {
      toJSON: () => {
        throw new Error('no');
      },
    },
  ])('a rejection where it has no JSON form', (value) => {
    expect(success(value)).toEqual({ ok: false, json: expect.stringMatching(/^"Serialization error: /) });
  });
});

test('a rejection is any JSON value; without a JSON form it is the text of that failure', () => {
  expect(failure({ kind: 'io' })).toEqual({ ok: false, json: '{"kind":"io"}' });
  expect(failure(undefined)).toEqual({ ok: false, json: 'null' });
  expect(failure(1n)).toEqual({ ok: false, json: expect.stringMatching(/^"Serialization error: .*BigInt/) });
});

test('what is thrown becomes a value for the page, and a stack for the log where it is a bug', () => {
  const bug = new TypeError('bad');
  const table = [reject({ a: 1 }), reject('no'), IpcError.invalidPath('x'), bug, 'plain', 5, undefined, null];
  expect(table.map((thrown) => [rejectionOf(thrown), stackOf(thrown) === bug.stack])).toEqual([
    [{ a: 1 }, false],
    ['no', false],
    ['Invalid path: x', false],
    ['bad', true],
    ['plain', false],
    [5, false],
    [null, false],
    [null, false],
  ]);
});

test('the kinds of IpcError have the texts of the mission', () => {
  expect(
    [
      IpcError.invalidRequest('a'),
      IpcError.channelClosed(),
      IpcError.serialization('b'),
      IpcError.invalidPath('c'),
      IpcError.permissionDenied('d'),
    ].map(({ kind, message }) => [kind, message]),
  ).toEqual([
    ['invalidRequest', 'Invalid request: a'],
    ['channelClosed', 'Channel closed'],
    ['serialization', 'Serialization error: b'],
    ['invalidPath', 'Invalid path: c'],
    ['permissionDenied', 'Permission denied: d'],
  ]);
});

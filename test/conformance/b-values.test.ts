import { expect, test } from 'vitest';
import * as z from 'zod';
import { command } from '#core/command.ts';
import { reject } from '#core/error.ts';
import { bytes, openPage, outcome, startCore, until } from './harness.ts';

/** Gives back what the host sees of a request. */
const echo = command('echo', {}, (_args, { request }) =>
  request.body.kind === 'raw' ? { raw: [...request.body.bytes] } : { json: request.body.value },
);
const headers = command('headers', {}, (_args, { request }) => Object.fromEntries(request.headers));

test('B13 every kind of value is serialised as Tauri does', async () => {
  const page = await openPage(await startCore({ commands: [echo] }), 'main');
  const seen = await page.run(({ core }) =>
    core.invoke('echo', {
      map: new Map<string, unknown>([['a', new Map([['b', 1]])]]),
      bytes: new Uint8Array([1, 255]),
      buffer: { deep: [new Uint8Array([7, 8]).buffer] },
      date: new Date(0),
      undefined: undefined,
      undefinedInArray: [undefined, () => 1],
      nan: Number.NaN,
      infinity: [Infinity, -Infinity],
      floats: new Float32Array([1.5, 2]),
      set: new Set([1]),
      nothing: null,
    }),
  );
  expect(seen).toEqual({
    json: {
      map: { a: { b: 1 } },
      bytes: [1, 255],
      buffer: { deep: [[7, 8]] },
      date: '1970-01-01T00:00:00.000Z',
      undefinedInArray: [null, null],
      nan: null,
      infinity: [null, null],
      floats: { 0: 1.5, 1: 2 },
      set: {},
      nothing: null,
    },
  });
});

test('B14 the serialise hook of a class is followed at every depth', async () => {
  const page = await openPage(await startCore({ commands: [echo] }), 'main');
  const seen = await page.run(async ({ core }) => {
    class Point {
      [core.SERIALIZE_TO_IPC_FN]() {
        return { point: [1, new Map([['nested', new Uint8Array([2])]])] };
      }
    }
    return [
      await core.invoke('echo', new Point() as unknown as Record<string, unknown>),
      await core.invoke('echo', { one: new Point(), many: [new Point()] }),
    ];
  });
  const point = { point: [1, { nested: [2] }] };
  expect(seen).toEqual([{ json: point }, { json: { one: point, many: [point] } }]);
});

test('B15 toJSON goes before the hook, and is applied once', async () => {
  const page = await openPage(await startCore({ commands: [echo] }), 'main');
  const seen = await page.run(async ({ core }) => {
    let calls = 0;
    class Both {
      toJSON() {
        calls++;
        return { by: 'toJSON' };
      }
      [core.SERIALIZE_TO_IPC_FN]() {
        return { by: 'hook' };
      }
    }
    return [await core.invoke('echo', { both: new Both() }), calls];
  });
  expect(seen).toEqual([{ json: { both: { by: 'toJSON' } } }, 1]);
});

test('B16 a view is sent as the bytes it shows', async () => {
  const page = await openPage(await startCore({ commands: [echo] }), 'main');
  const seen = page.run(({ core }) =>
    Promise.all([
      core.invoke('echo', new Uint8Array([9, 8]).subarray(1)),
      core.invoke('echo', new DataView(new Uint8Array([1, 2, 3]).buffer, 1, 1) as unknown as Uint8Array),
      core.invoke('echo', new Uint16Array([258]) as unknown as Uint8Array),
    ]),
  );
  expect(await seen).toEqual([{ raw: [8] }, { raw: [2] }, { raw: [2, 1] }]);
});

test('B17 a list of numbers is sent as bytes', async () => {
  const page = await openPage(await startCore({ commands: [echo] }), 'main');
  expect(await page.run(({ core }) => core.invoke('echo', [1, 2, 255]))).toEqual({ raw: [1, 2, 255] });
});

test('B18 an empty buffer is an empty raw body', async () => {
  const page = await openPage(await startCore({ commands: [echo] }), 'main');
  expect(await page.run(({ core }) => core.invoke('echo', new ArrayBuffer(0)))).toEqual({ raw: [] });
});

test('B19 null arguments are JSON null: optional parameters are absent, required ones missing', async () => {
  const optional = command('optional', { args: { name: z.string().optional() } }, ({ name }) => name ?? 'none');
  const required = command('required', { args: { name: z.string() } }, ({ name }) => name);
  const page = await openPage(await startCore({ commands: [echo, optional, required] }), 'main');
  expect(
    await Promise.all(['echo', 'optional', 'required'].map((name) => outcome(page.internals.invoke(name, null)))),
  ).toEqual([
    { ok: { json: null } },
    { ok: 'none' },
    { error: 'invalid args `name` for command `required`: command required missing required key name' },
  ]);
});

test('B20 no arguments are an empty object', async () => {
  const page = await openPage(await startCore({ commands: [echo] }), 'main');
  expect(await page.run(({ core }) => Promise.all([core.invoke('echo'), core.invoke('echo', undefined)]))).toEqual([
    { json: {} },
    { json: {} },
  ]);
});

test('B21 arguments without a JSON form reject, reach no handler, and are recorded', async () => {
  const core = await startCore({ commands: [echo] });
  const page = await openPage(core, 'main');
  const before = core.tap.next;
  const names = await page.run(async ({ core }) => {
    const cyclic: Record<string, unknown> = {};
    cyclic['self'] = cyclic;
    const found: string[] = [];
    for (const args of [
      { big: 1n },
      cyclic,
      {
        toJSON: () => {
          throw new RangeError('no');
        },
      },
    ]) {
      await core.invoke('echo', args).catch((error) => found.push((error as Error).name));
    }
    return [found, window.__TAURI_INTERNALS__.callbacks.size, await core.invoke('echo', { fine: 1 })];
  });
  expect(names).toEqual([['TypeError', 'TypeError', 'RangeError'], 0, { json: { fine: 1 } }]);
  expect([...core.tap.records(before)].map(({ kind, name }) => [kind, name])).toEqual([
    ['problem', 'echo'],
    ['problem', 'echo'],
    ['problem', 'echo'],
    ['invoke', 'echo'],
  ]);
});

test('B22 a command without a result resolves with null', async () => {
  const commands = [command('unit', {}, () => undefined), command('async_unit', {}, async () => {})];
  const page = await openPage(await startCore({ commands }), 'main');
  expect([await page.invoke('unit'), await page.invoke('async_unit')]).toEqual([null, null]);
});

test('B23 bytes arrive as an ArrayBuffer of exactly these bytes, however many', async () => {
  const large = new Uint8Array(10 * 1024 * 1024).map((_, index) => index * 31);
  const page = await openPage(
    await startCore({
      commands: [
        command('small', {}, () => new Uint8Array([1, 2, 3]).subarray(1)),
        command('node', {}, () => Buffer.from(large.buffer, 5, 100_000)),
        command('large', {}, () => large),
        command('buffer', {}, () => new ArrayBuffer(0)),
      ],
    }),
    'main',
  );
  expect(bytes(await page.invoke('small'))).toEqual([2, 3]);
  expect(bytes(await page.invoke('buffer'))).toEqual([]);
  expect(Buffer.from((await page.invoke('node')) as ArrayBuffer).equals(large.subarray(5, 100_005))).toBe(true);
  expect(Buffer.from((await page.invoke('large')) as ArrayBuffer).equals(large)).toBe(true);
});

test('B24 bytes inside JSON are what JSON makes of them: a list of numbers stays one', async () => {
  const page = await openPage(
    await startCore({ commands: [command('bytes', {}, () => [...new Uint8Array([1, 2])])] }),
    'main',
  );
  expect(await page.invoke('bytes')).toEqual([1, 2]);
});

test('B25 a rejection arrives as the plain value that was chosen', async () => {
  const values = [{ kind: 'io', message: 'disk full' }, 'text', 17, null, ['a']];
  const page = await openPage(
    await startCore({
      commands: [
        command('fail', { args: { at: z.int() } }, ({ at }) => {
          throw reject(values[at]);
        }),
      ],
    }),
    'main',
  );
  expect(await Promise.all(values.map((_, at) => outcome(page.invoke('fail', { at }))))).toEqual(
    values.map((error) => ({ error })),
  );
});

test('B26 of a thrown error the page gets the message, the log and the inspector the stack', async () => {
  const core = await startCore({
    commands: [
      command('throws', {}, () => {
        throw new RangeError('out of reach');
      }),
      command('rejects', {}, async () => Promise.reject(new Error('later'))),
    ],
  });
  const page = await openPage(core, 'main');
  expect([await outcome(page.invoke('throws')), await outcome(page.invoke('rejects'))]).toEqual([
    { error: 'out of reach' },
    { error: 'later' },
  ]);
  const record = [...core.tap.records()].find(({ name }) => name === 'throws');
  expect(record?.stack).toMatch(/^RangeError: out of reach\n.*b-values/s);
  expect(core.errors.map(({ where, error }) => [where, String(error).split('\n')[0]])).toEqual([
    ['command "throws"', 'RangeError: out of reach'],
    ['command "rejects"', 'Error: later'],
  ]);
});

test('B27 a settled call leaves no callback behind', async () => {
  const page = await openPage(await startCore({ commands: [echo] }), 'main');
  await page.invoke('echo');
  await outcome(page.invoke('unknown'));
  expect(page.internals.callbacks.size).toBe(0);
});

test('B28 answers in another order go to their own calls', async () => {
  const open = new Map<number, () => void>();
  const wait = command('wait', { args: { id: z.int() } }, async ({ id }) => {
    await new Promise<void>((resolve) => open.set(id, resolve));
    return id;
  });
  const page = await openPage(await startCore({ commands: [wait] }), 'main');
  const settled: number[] = [];
  const calls = [1, 2].map((id) => page.invoke('wait', { id }).then((got) => settled.push(got as number)));
  await until(() => open.size === 2);
  open.get(2)?.();
  await until(() => settled.length === 1);
  open.get(1)?.();
  await Promise.all(calls);
  expect(settled).toEqual([2, 1]);
});

test('B29 a thousand calls at once all settle', async () => {
  const core = await startCore({ commands: [command('twice', { args: { n: z.int() } }, ({ n }) => 2 * n)] });
  const page = await openPage(core, 'main');
  const results = await page.run(({ core }) =>
    Promise.all(Array.from({ length: 1000 }, (_, n) => core.invoke<number>('twice', { n }))),
  );
  expect(results).toEqual(Array.from({ length: 1000 }, (_, n) => 2 * n));
  expect([core.pendingCalls, page.connection.runningCalls, page.internals.callbacks.size]).toEqual([0, 0, 0]);
});

test('B30 headers in any form reach the host with lower-case names', async () => {
  const page = await openPage(await startCore({ commands: [headers] }), 'main');
  const seen = await page.run(({ core }) =>
    Promise.all(
      [{ 'X-Path': 'a b' }, new Headers({ 'X-Path': 'a b' }), [['X-Path', 'a b']] as [string, string][]].map((each) =>
        core.invoke('headers', {}, { headers: each }),
      ),
    ),
  );
  expect(seen).toEqual(Array.from({ length: 3 }, () => ({ 'x-path': 'a b', 'content-type': 'application/json' })));
});

test('B31 headers named like those of the transport do not reach it', async () => {
  const page = await openPage(await startCore({ commands: [headers] }), 'main');
  const given = { 'Tauri-Callback': '1', 'Tauri-Error': '2', 'Tauri-Invoke-Key': 'x', 'Content-Type': 'text/plain' };
  expect(await page.invoke('headers', {}, { headers: given })).toEqual({
    'tauri-callback': '1',
    'tauri-error': '2',
    'tauri-invoke-key': 'x',
    'content-type': 'application/json',
  });
});

// Identity comes from the port that the wrapper gave to the frame: it stands where Tauri has its invoke key.
test('B32 what does not come through the port of the present page runs nothing', async () => {
  const ran: unknown[] = [];
  const core = await startCore({ commands: [command('run', {}, () => void ran.push(1))] });
  const page = await openPage(core, 'main');
  const invoke = { kind: 'invoke', cmd: 'run', callback: 1, error: 2, payload: {}, window: 'other', generation: 9 };
  page.dispatch('message', { source: page.global.parent, data: 'no key of the wrapper page', ports: [{}] });
  page.dispatch('message', { source: page.global, data: [invoke], ports: [] });
  await page.roundTrip();
  expect(ran).toEqual([]);
  const other = core.connect(
    core.createWindow({ label: 'other' }, { setTitle() {}, setTheme() {}, reveal() {}, dispose() {} }),
    { post: async () => true },
  );
  const before = core.tap.next;
  other.receive([new TextEncoder().encode(JSON.stringify({ messages: [invoke] }))]);
  page.post([invoke]);
  await until(() => ran.length === 1);
  expect([...core.tap.records(before)].map(({ kind, window, name }) => [kind, window, name])).toEqual([
    ['problem', 'other', '"invoke" before "ready"'],
    ['invoke', 'main', 'run'],
  ]);
});

test('B33 (check 4) a call that outlives its page is aborted and answers nobody', async () => {
  const signals: AbortSignal[] = [];
  let finish = () => {};
  const slow = command('slow', {}, async (_args, { signal }) => {
    signals.push(signal);
    await new Promise<void>((resolve) => (finish = resolve));
    return 'late';
  });
  const core = await startCore({ commands: [slow, echo] });
  const page = await openPage(core, 'main');
  const settled: unknown[] = [];
  void page.invoke('slow').then(
    (value) => settled.push(value),
    (error) => settled.push(error),
  );
  await until(() => signals.length === 1);
  await page.reload();
  expect(signals[0]?.aborted).toBe(true);
  finish();
  await until(() => core.pendingCalls === 0);
  await page.invoke('echo');
  expect([settled, page.console, page.errors, core.errors]).toEqual([[], [], [], []]);
  expect([...core.tap.records()].find(({ name }) => name === 'slow')).toMatchObject({
    status: 'orphan',
    note: expect.stringMatching(/^the page reloaded; its answer came \d+ ms after the call and was dropped$/),
    outcome: { kind: 'text', json: '"late"' },
  });
});

test('B34 strings of every kind make the round trip', async () => {
  const back = command('back', { args: { text: z.string() } }, ({ text }) => text);
  const page = await openPage(await startCore({ commands: [back] }), 'main');
  for (const text of [
    '\u2028\u2029',
    'a\0b',
    '\ud800 lone \udfff',
    '😀 \u{10ffff}',
    '</script><!--',
    '"\\',
    'ä'.repeat(1 << 20),
  ]) {
    expect((await page.invoke('back', { text })) === text).toBe(true);
  }
});

test('B35 a number of the host is exact on the wire, and rounded by the page alone', async () => {
  const core = await startCore({
    stages: [
      async (call, next) =>
        call.cmd === 'big' ? { ok: true, result: { kind: 'json', json: '9007199254740993' } } : next(call),
    ],
  });
  const page = await openPage(core, 'main');
  expect(await page.invoke('big')).toBe(9007199254740992);
  const record = [...core.tap.records()].find(({ name }) => name === 'big');
  expect(record?.outcome).toEqual({ kind: 'text', json: '9007199254740993' });
});

/** The ten laws of the wire, in the words of docs/architecture.md. */
import { describe, expect, test } from 'vitest';
import * as z from 'zod';
import { success } from '#core/call.ts';
import { channel } from '#core/channel.ts';
import { command } from '#core/command.ts';
import { reject } from '#core/error.ts';
import { Tap } from '#core/tap.ts';
import { MAX_WAITING_BYTES } from '#core/outbox.ts';
import { openFrame } from '#core/wire.ts';
import { createCore, frameOf, openFake, turn, until } from './fakes.ts';

const never = () => new Promise<never>(() => undefined);

test('1. identity comes from the connection, never from the message', async () => {
  const core = createCore();
  const seen: unknown[] = [];
  core.addCommand(command('who', {}, (_args, { window }) => seen.push(window.label)));
  const [main] = [openFake(core, 'main'), openFake(core, 'other')];
  main.say({
    kind: 'invoke',
    cmd: 'who',
    callback: 1,
    error: 2,
    payload: {},
    window: 'other',
    origin: 'x',
    generation: 9,
  });
  await until(() => seen.length === 1);
  const record = [...core.tap.records()].find(({ name }) => name === 'who');
  expect([seen, record?.window, record?.generation]).toEqual([['main'], 'main', 1]);
});

describe('2. every request gets exactly one answer', () => {
  const commands = [
    command('good', {}, () => 1),
    command('throws', {}, () => {
      throw new Error('bug');
    }),
    command('rejects', {}, async () => Promise.reject(reject({ no: 1 }))),
    command('needs', { args: { a: z.string() } }, () => 1),
    command('big', {}, () => 1n),
    command('foreign', {}, () => {
      const promise = Promise.resolve(1);
      Reflect.set(promise, 'then', () => 42);
      return promise;
    }),
    command('wrong', { returns: z.string() }, () => 5 as unknown as string),
    command(
      'proxy',
      {},
      () =>
        new Proxy(
          {},
          {
            get: () => {
              throw new Error('trap');
            },
          },
        ),
    ),
  ];

  test.each([
    ['a result', 'good', 1],
    ['an unknown command', 'nope', 2],
    ['an unknown plugin', 'plugin:nope|x', 2],
    ['bad arguments', 'needs', 2],
    ['a thrown error', 'throws', 2],
    ['a rejection', 'rejects', 2],
    ['a result without a JSON form', 'big', 2],
    ['a result of another type', 'wrong', 2],
    ['a result that throws when it is read', 'proxy', 2],
    ['a stage that fails', 'stage', 2],
    ['a stage that fails with nothing', 'stage with nothing', 2],
    ['a stage that gives nothing', 'stage without outcome', 2],
    ['a promise with a then of its own', 'foreign', 1],
    ['a backend that fails', 'backend', 2],
  ])('%s', async (_, cmd, callback) => {
    const core = createCore({
      stages: [
        async (call, next) => {
          if (call.cmd === 'stage') throw new Error('stage');
          if (call.cmd === 'stage with nothing') throw undefined;
          if (call.cmd === 'stage without outcome') return undefined as never;
          return next(call);
        },
      ],
    });
    core.backend = {
      commands: new Set(['backend']),
      plugins: new Map(),
      run: () => Promise.reject(new Error('crashed')),
    };
    for (const each of commands) core.addCommand(each);
    // Not even a log that fails may cost a page its answer.
    core.onError(() => {
      throw new Error('log');
    });
    const page = openFake(core);
    page.invoke(cmd, {}, 1);
    await until(() => core.pendingCalls === 0);
    await turn();
    expect([page.ran(1).length, page.ran(2).length]).toEqual(callback === 1 ? [1, 0] : [0, 1]);
    expect([...core.tap.records()].find(({ name }) => name === cmd)?.status).toBe(callback === 1 ? 'ok' : 'error');
  });

  test('a flood of calls that nobody answers', async () => {
    const core = createCore();
    core.addCommand(command('never', {}, never));
    const page = openFake(core);
    const invoke = (callback: number) => ({ kind: 'invoke', cmd: 'never', callback, error: callback + 1 });
    page.connection.receive(frameOf(Array.from({ length: 65_536 }, (_, n) => invoke(10 + 2 * n))));
    page.say(invoke(2));
    await turn();
    expect(page.ran(3)).toEqual(['too many calls at once: window "main" has 65536 that are not answered yet']);
    page.window.gone();
    expect([page.connection.runningCalls, core.pendingCalls]).toEqual([0, 0]);
  });

  test('a call that is sent again while its window closes', async () => {
    const core = createCore();
    let finish = () => {};
    core.addCommand(command('slow', {}, () => new Promise<void>((resolve) => (finish = resolve))));
    const page = openFake(core);
    const again = page.connection.resend(
      { cmd: 'slow', body: { kind: 'json', value: {} }, headers: [] },
      { of: 1, origin: 'local' },
    );
    await turn();
    page.window.gone();
    finish();
    expect(await again.outcome).toEqual(success(undefined));
  });
});

describe('3. when a window closes or reloads, what is pending is settled, what is running aborted, and what it owned goes', () => {
  test.each(['closes', 'reloads', 'loses its page'])('it %s', async (how) => {
    const core = createCore();
    const reasons: unknown[] = [];
    let finish: (value: string) => void = () => undefined;
    core.addCommand(
      command('slow', { args: { on: channel() } }, (_args, { signal }) => {
        signal.addEventListener('abort', () => reasons.push((signal.reason as Error).message));
        return new Promise<string>((resolve) => (finish = resolve));
      }),
    );
    const closed: number[] = [];
    const page = openFake(core);
    page.connection.resources.add({ close: () => closed.push(1) });
    page.invoke('slow', { on: '__CHANNEL__:5' }, 1);
    page.invoke('plugin:event|listen', { event: 'x', target: { kind: 'Any' }, handler: 7 }, 3);
    await until(() => core.events.count() === 1 && page.connection.openChannels === 1);
    const reason = { closes: 'the window closed', reloads: 'the page reloaded', 'loses its page': 'hidden' }[
      how
    ] as string;
    if (how === 'closes') page.window.gone();
    else if (how === 'reloads') page.ready();
    else page.connection.pageGone(reason);
    expect([reasons, closed, core.events.count(), page.connection.openChannels, page.connection.runningCalls]).toEqual([
      [reason],
      [1],
      0,
      0,
      0,
    ]);
    expect([...core.tap.records()].find(({ name }) => name === 'slow')).toMatchObject({
      status: 'orphan',
      note: reason,
    });
    finish('late');
    await until(() => core.pendingCalls === 0);
    await turn();
    expect([page.ran(1), page.ran(2)]).toEqual([[], []]);
    expect([...core.tap.records()].find(({ name }) => name === 'slow')?.status).toBe('orphan');
  });

  test('what speaks after its page went, and before the next one is ready, is not heard', async () => {
    const core = createCore();
    const ran: unknown[] = [];
    core.addCommand(command('run', {}, () => ran.push('run')));
    const page = openFake(core);
    const { connection } = page;
    const replayed = { of: 1, origin: 'local' } as const;
    connection.pageGone('hidden');
    expect([connection.ready, connection.url]).toEqual([false, '']);
    expect(() => connection.resend({ cmd: 'run', body: { kind: 'json', value: {} }, headers: [] }, replayed)).toThrow(
      'window "main" has no page to send it from',
    );
    page.invoke('run', {}, 1);
    await turn();
    expect([ran, page.ran(1), page.ran(2)]).toEqual([[], [], []]);
    expect([...core.tap.records()].at(-1)).toMatchObject({ kind: 'problem', name: '"invoke" before "ready"' });
    page.ready();
    expect([connection.ready, connection.url, connection.generation]).toEqual([true, 'http://localhost/', 2]);
    page.invoke('run', {}, 3);
    await until(() => page.ran(3).length === 1);
    page.window.gone();
    expect(connection.ready).toBe(false);
  });

  test('a new page begins with its own numbers, credit and acknowledgements', async () => {
    const core = createCore();
    const page = openFake(core);
    await turn();
    page.transport.frames.length = 0;
    page.ready();
    await until(() => page.transport.messages.some(({ kind }) => kind === 'received'));
    expect([page.connection.generation, page.transport.messages]).toEqual([
      2,
      [{ kind: 'welcome' }, { kind: 'received', frames: 1 }],
    ]);
  });

  test('what an older page still says is dropped and recorded', () => {
    const core = createCore();
    const window = core.createWindow({ label: 'w' }, { setTitle() {}, setTheme() {}, reveal() {}, dispose() {} });
    const connection = core.connect(window, { post: async () => true });
    connection.receive(frameOf([{ kind: 'invoke', cmd: 'x', callback: 1, error: 2 }]));
    expect([...core.tap.records()].at(-1)).toMatchObject({ kind: 'problem', name: '"invoke" before "ready"' });
    window.gone();
    connection.receive(frameOf([{ kind: 'ready', version: 1, url: '' }]));
    expect(connection.generation).toBe(0);
  });
});

test('3. what a page says behind the call that closed its window comes from nobody', async () => {
  const core = createCore();
  const ran: string[] = [];
  core.addCommand(command('bye', {}, (_args, { window }) => window.destroy()));
  core.addCommand(command('after', {}, () => ran.push('after')));
  const page = openFake(core);
  page.connection.receive(
    frameOf([
      ['bye', 1, {}],
      ['after', 2, {}],
      { kind: 'ready', version: 1, url: 'http://localhost/' },
      ['after', 3, {}],
    ]),
  );
  await turn();
  expect([ran, core.windows.size, core.pendingCalls, page.connection.generation]).toEqual([[], 0, 0, 1]);
});

test('4. only JSON and bytes cross, and bytes cross as bytes', async () => {
  const core = createCore();
  core.addCommand(
    command('bytes', {}, (_args, { request }) => (request.body.kind === 'raw' ? request.body.bytes : null)),
  );
  const page = openFake(core);
  const message = { kind: 'invoke', cmd: 'bytes', callback: 1, error: 2, raw: 0 };
  page.connection.receive(frameOf([message], [new Uint8Array([0, 255])]));
  page.connection.receive(frameOf([{ ...message, callback: 3 }], [new Uint8Array(50_000)]));
  await until(() => page.ran(3).length === 1);
  expect([page.ran(1), page.ran(3)]).toEqual([[[0, 255]], [50_000]]);
  for (const frame of page.transport.frames) {
    for (const part of frame) {
      expect(typeof part === 'string' || Object.getPrototypeOf(part) === Uint8Array.prototype).toBe(true);
      expect(structuredClone(part)).toEqual(part);
    }
  }
});

test('5. an undelivered message is recorded as such', async () => {
  const core = createCore();
  core.addCommand(command('good', { args: { on: channel() } }, ({ on }) => void on.send('x')));
  const page = openFake(core);
  page.invoke('plugin:event|listen', { event: 'x', target: { kind: 'Any' }, handler: 7 }, 3);
  await until(() => core.events.count() === 1);
  await turn();
  page.transport.answer = false;
  page.invoke('good', { on: '__CHANNEL__:5' }, 1);
  core.handle.emit('x', 1);
  const states = () =>
    [...core.tap.records()].filter(({ status }) => status === 'undelivered').map(({ kind, note }) => [kind, note]);
  await until(() => states().length === 3);
  expect(states()).toEqual(['invoke', 'channel-message', 'event'].map((kind) => [kind, 'the page was not there']));
});

test('6. order is kept per window, and per channel by index', async () => {
  const core = createCore();
  core.addCommand(
    command('mixed', { args: { n: z.int(), on: channel() } }, ({ n, on }) => {
      void on.send(`message ${n}`);
      core.handle.emit('x', n);
      return n;
    }),
  );
  const page = openFake(core);
  page.invoke('plugin:event|listen', { event: 'x', target: { kind: 'Any' }, handler: 7 }, 1);
  await until(() => page.ran(1).length === 1);
  for (let n = 0; n < 3; n++) page.invoke('mixed', { n, on: '__CHANNEL__:5' }, 10 + 2 * n);
  await until(() => page.ran(14).length === 1);
  const order = page.transport.messages
    .filter(({ kind }) => kind === 'message' || kind === 'event' || kind === 'run')
    .map(({ kind, value, payload }) => (kind === 'event' ? `event ${payload}` : String(value)));
  for (let n = 0; n < 3; n++) {
    expect(order.indexOf(`message ${n}`)).toBeLessThan(order.indexOf(`event ${n}`));
    expect(order.indexOf(`event ${n}`)).toBeLessThan(order.lastIndexOf(`${n}`));
  }
  expect(order.filter((each) => each.startsWith('message'))).toEqual(['message 0', 'message 1', 'message 2']);
});

test('7. the messages of one turn travel in one postMessage, and none waits for a timer', async () => {
  const core = createCore();
  core.addCommand(command('good', {}, () => 1));
  const page = openFake(core);
  await turn();
  page.transport.frames.length = 0;
  page.connection.receive(
    frameOf(
      Array.from({ length: 100 }, (_, n) => ({
        kind: 'invoke',
        cmd: 'good',
        callback: 2 * n,
        error: 2 * n + 1,
        payload: {},
      })),
    ),
  );
  // Promises alone, no timer and no turn of the event loop.
  for (let n = 0; n < 20 && page.transport.frames.length === 0; n++) await Promise.resolve();
  expect(page.transport.frames.map((frame) => openFrame(frame).messages.length)).toEqual([101]);
});

test('8. queues are bounded: a page that takes in nothing costs no unbounded memory', async () => {
  const core = createCore({ tap: new Tap({ messages: 10, bodyBytes: 1024 }) });
  const large = new Uint8Array(8 << 20);
  core.addCommand(command('large', {}, () => large));
  const page = openFake(core);
  const answered = () => page.transport.messages.length;
  for (let n = 0; n < 100; n++) page.invoke('large', {}, 10 + 2 * n);
  await until(() => core.pendingCalls === 0);
  await turn();
  expect(page.transport.bytes).toBeLessThan(MAX_WAITING_BYTES / 4);
  let told = 0;
  await until(() => {
    const now = page.transport.bytes;
    if (now > told) page.say({ kind: 'received', bytes: now - told });
    told = now;
    return answered() > 100;
  });
  // Each call was answered: with its bytes, or with a sentence that says why not.
  const runs = page.transport.messages.filter(({ kind }) => kind === 'run');
  const dropped = runs.filter(
    ({ value }) => value === 'the answer was dropped: the page takes in its messages too slowly',
  );
  expect(runs.length).toBe(100);
  expect(dropped.length).toBeGreaterThan(50);
});

test('9. stacks stay in the host: the page gets what a Rust Err would give', async () => {
  const core = createCore();
  const logged: unknown[] = [];
  core.onError(({ error }) => logged.push(error));
  core.addCommand(
    command('throws', {}, () => {
      throw Object.assign(new TypeError('bad'), { secret: 'x', cause: new Error('inner') });
    }),
  );
  const page = openFake(core);
  page.invoke('throws', {}, 1);
  await until(() => page.ran(2).length === 1);
  expect(page.ran(2)).toEqual(['bad']);
  expect(JSON.stringify(page.transport.messages)).not.toMatch(/laws\.test|secret|inner/);
  expect(String(logged[0])).toContain('laws.test');
});

test('10. the tap hands out frozen records, holds bodies up to a budget, counts losses, and is told nothing while nobody looks', async () => {
  const tap = new Tap({ messages: 50, bodyBytes: 1000 });
  const core = createCore({ tap });
  core.addCommand(command('good', {}, () => 'x'.repeat(100)));
  const page = openFake(core);
  for (let n = 0; n < 100; n++) page.invoke('good', { n }, 10 + 2 * n);
  await until(() => core.pendingCalls === 0);
  const { kept, lost, bodyBytes, bodiesDropped } = tap.statistics;
  expect([kept, kept + lost === tap.next - 1, bodyBytes <= 1000, bodiesDropped > 30]).toEqual([50, true, true, true]);
  expect([...tap.records()].every(Object.isFrozen)).toBe(true);
  // A listener that comes later is told what is new from then on.
  const changes: unknown[] = [];
  tap.onChange((change) => changes.push(change));
  const next = tap.next;
  page.invoke('good', {}, 1);
  await turn();
  expect(changes[0]).toMatchObject({ from: next, to: next + 1 });
});

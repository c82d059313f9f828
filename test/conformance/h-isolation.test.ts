import { afterEach, expect, test, vi } from 'vitest';
import { channel } from '#core/channel.ts';
import { command } from '#core/command.ts';
import type { MessageRecord } from '#core/record.ts';
import * as z from 'zod';
import { bytes, openPage, outcome, startCore, until } from './harness.ts';
import { createIsolation } from './isolation.ts';

const PASS = 'window.__TAURI_ISOLATION_HOOK__ = null';
const echo = command('echo', { args: { value: z.unknown() } }, ({ value }) => value ?? null);
const reverse = command('reverse', {}, (_, { request }) => {
  if (request.body.kind !== 'raw') throw new Error('no bytes');
  return Uint8Array.from(request.body.bytes).reverse().buffer;
});

afterEach(() => void vi.useRealTimers());

async function start(script: string) {
  const seen: unknown[] = [];
  const see = command('see', { args: { value: z.unknown() } }, ({ value }, { request }) => {
    seen.push(value);
    return request.headers.get('x-test');
  });
  const isolation = await createIsolation(script);
  const core = await startCore({ commands: [echo, reverse, see], isolation: isolation.server });
  const page = await openPage(core, 'main', { isolation });
  const calls = (): MessageRecord[] => [...core.tap.records()].filter(({ kind }) => kind === 'invoke');
  return { isolation, core, page, seen, calls };
}

test('H112 invokes before the frame is ready are delivered in order after it', async () => {
  const { isolation, page, seen } = await start(PASS);
  const early = Array.from({ length: 50 }, (_, value) => page.invoke('see', { value }));
  await new Promise((resolve) => setTimeout(resolve, 20));
  expect(seen).toEqual([]);
  await isolation.load();
  await Promise.all([...early, page.invoke('see', { value: 'after' })]);
  expect(seen).toEqual([...Array.from({ length: 50 }, (_, value) => value), 'after']);
});

test('H112 the messages of one turn reach the host in one frame', async () => {
  const { isolation, page } = await start(PASS);
  await isolation.load();
  await page.roundTrip();
  const { connection } = page;
  const sizes: number[] = [];
  const receive = connection.receive.bind(connection);
  connection.receive = (frame) => {
    const [head] = frame as [string | Uint8Array];
    const text = typeof head === 'string' ? head : new TextDecoder().decode(head);
    sizes.push(JSON.parse(text).messages.filter(Array.isArray).length);
    receive(frame);
  };
  await Promise.all(Array.from({ length: 20 }, (_, value) => page.invoke('echo', { value })));
  expect(sizes).toEqual([20]);
});

test('H113 the hook changes the payload, the command and the headers: the host sees the changed ones', async () => {
  const { isolation, page, seen, calls } = await start(`
    window.__TAURI_ISOLATION_HOOK__ = async (message) => {
      if (message.cmd !== 'other') return message;
      const { value } = message.payload;
      return { ...message, cmd: 'see', payload: { value: value + 1 }, options: { headers: { 'X-Test': 'by the hook' } } };
    };`);
  await isolation.load();
  expect(await page.invoke('other', { value: 1 })).toBe('by the hook');
  expect(seen).toEqual([2]);
  expect(calls().map(({ name, status, body }) => ({ name, status, body }))).toEqual([
    { name: 'see', status: 'ok', body: { kind: 'json', value: { value: 2 } } },
  ]);
});

test('H113 a hook that is null lets all pass', async () => {
  const { isolation, page } = await start(PASS);
  await isolation.load();
  expect(await page.invoke('echo', { value: { deep: [1, null, 'ü'] } })).toEqual({ deep: [1, null, 'ü'] });
  expect(await page.invoke('see', { value: 1 }, { headers: { 'X-Test': 'of the page' } })).toBe('of the page');
  expect(await outcome(page.invoke('unknown'))).toEqual({ error: 'Command unknown not found' });
  expect(page.internals.__TAURI_PATTERN__).toEqual({ pattern: 'isolation', side: 'original' });
  expect(Object.isFrozen(page.internals.__TAURI_PATTERN__)).toBe(true);
});

test('H113 events and channels work behind the hook', async () => {
  const { isolation, core, page } = await start(PASS);
  await isolation.load();
  core.addCommand(
    command('count', { args: { channel: channel<number>() } }, async ({ channel }) => {
      for (const number of [1, 2, 3]) await channel.send(number);
    }),
  );
  const numbers: unknown[] = [];
  const heard: unknown[] = [];
  await page.invoke('count', { channel: new page.api.core.Channel((number) => numbers.push(number)) });
  await page.api.event.listen('news', ({ payload }) => heard.push(payload));
  core.handle.emit('news', 'first');
  await page.api.event.emit('news', 'second');
  await until(() => heard.length === 2);
  expect([numbers, heard]).toEqual([
    [1, 2, 3],
    ['first', 'second'],
  ]);
});

test.each([
  ['throws', 'throw new Error("not that one")', 'not that one'],
  ['rejects', 'return Promise.reject("never")', 'never'],
  ['returns nothing', 'return undefined', 'it did not return a message'],
  [
    'returns what has no JSON form',
    'return { ...message, payload: { big: 1n } }',
    'Do not know how to serialize a BigInt',
  ],
])('H113 a message whose hook %s is refused and recorded, and its promise settles', async (_, body, reason) => {
  const { isolation, page, seen, calls } = await start(
    `window.__TAURI_ISOLATION_HOOK__ = (message) => { if (message.cmd !== 'see') return message; ${body} }`,
  );
  await isolation.load();
  const text = `refused by the isolation hook: ${reason}`;
  const settled = (await outcome(page.invoke('see', { value: 1 }))) as { error: string };
  expect(settled.error).toContain(text);
  expect(await page.invoke('echo', { value: 2 })).toBe(2);
  expect(seen).toEqual([]);
  const [refused] = calls();
  expect([refused?.name, refused?.status, refused?.body]).toEqual([
    'see',
    'denied',
    { kind: 'json', value: { value: 1 } },
  ]);
  expect(refused?.note).toContain(`refused at the door: ${text}`);
  expect(page.internals.callbacks.size).toBe(0);
});

test('H113 a hook that does not answer within 30 s refuses its message, and holds up no other', async () => {
  vi.useFakeTimers({ toFake: ['setTimeout', 'clearTimeout'] });
  const { isolation, page, calls } = await start(
    `window.__TAURI_ISOLATION_HOOK__ = (message) => message.cmd === 'see' ? new Promise(() => {}) : message`,
  );
  await isolation.load();
  const settled = outcome(page.invoke('see', { value: 1 }));
  expect(await page.invoke('echo', { value: 2 })).toBe(2);
  await vi.advanceTimersByTimeAsync(30_000);
  const error = 'refused by the isolation hook: it did not answer within 30 s';
  expect(await settled).toEqual({ error });
  await until(() => calls().some(({ status, note }) => status === 'denied' && note?.endsWith(error)));
});

test('H112 where no hook is set within 10 s calls reject, and pass when one is set later', async () => {
  vi.useFakeTimers({ toFake: ['setTimeout', 'clearTimeout'] });
  const { isolation, page, calls } = await start('/* a page without __TAURI_ISOLATION_HOOK__ */');
  await isolation.load();
  const settled = outcome(page.invoke('echo', { value: 1 }));
  await vi.advanceTimersByTimeAsync(10_000);
  const error =
    'the isolation page was not ready within 10 s: it must set window.__TAURI_ISOLATION_HOOK__ to a function, or to null';
  expect(await settled).toEqual({ error });
  expect(await outcome(page.invoke('echo', { value: 2 }))).toEqual({ error });
  await vi.advanceTimersByTimeAsync(10);
  await until(() => calls().length === 2);
  expect(calls().map(({ status }) => status)).toEqual(['denied', 'denied']);
  for (const realm of isolation.realms) realm['__TAURI_ISOLATION_HOOK__'] = null;
  await vi.waitFor(async () => expect(await page.invoke('echo', { value: 3 })).toBe(3), 30_000);
});

/** What the page sends for one invoke: the sealed message as the bridge posts it. */
async function sealedMessage(page: Awaited<ReturnType<typeof start>>['page'], cmd: string, args: object) {
  const { connection } = page;
  const receive = connection.receive.bind(connection);
  const { promise, resolve } = Promise.withResolvers<[string, Uint8Array]>();
  connection.receive = (frame) => resolve(frame as [string, Uint8Array]);
  void outcome(page.invoke(cmd, args));
  const [text, sealed] = await promise;
  connection.receive = receive;
  // What comes before it names its stack.
  const message = JSON.parse(text).messages.at(-1) as unknown[];
  const n = message[message.findIndex((part) => typeof part === 'string') + 1] as number;
  const send = (change: (bytes: Uint8Array) => void = () => undefined, as = cmd) => {
    const copy = Uint8Array.from(sealed);
    change(copy);
    connection.receive([JSON.stringify({ messages: [[as, n, 0, 0, 0]], raw: [copy.length] }), copy]);
  };
  return send;
}

test('H114 a message that was tampered with is refused, and nothing runs', async () => {
  const { isolation, page, seen, calls } = await start(PASS);
  await isolation.load();
  const send = await sealedMessage(page, 'see', { value: 1 });
  send((bytes) => (bytes[bytes.length - 1] = (bytes[bytes.length - 1] as number) ^ 1));
  send((bytes) => (bytes[20] = (bytes[20] as number) ^ 1));
  send((bytes) => (bytes[5] = 1));
  send((bytes) => (bytes[0] = 1));
  send((bytes) => (bytes[0] = 7));
  send(undefined, 'echo');
  expect(seen).toEqual([]);
  expect(calls().map(({ status }) => status)).toEqual(Array.from({ length: 6 }, () => 'denied'));
  expect(calls()[0]?.note).toBe(
    "refused at the door: isolation pattern error: AES-GCM: the message was not sealed by this page's isolation frame, or was changed since",
  );
  // As it was it passes, once.
  send();
  send();
  await until(() => seen.length > 0);
  expect(seen).toEqual([1]);
  expect(calls().at(-1)?.note).toContain('Nonce: the message was sent before');
});

test('H114 what did not pass through the frame is refused, and its promise settles', async () => {
  const { isolation, page, seen, calls } = await start(PASS);
  await isolation.load();
  const post = (payload: unknown) =>
    page.run(
      (_, payload) =>
        new Promise((resolve, reject) => {
          const [callback, error] = [resolve, reject].map((settle) =>
            window.__TAURI_INTERNALS__.transformCallback(settle),
          );
          window.__TAURI_INTERNALS__.postMessage({ cmd: 'see', callback, error, payload });
        }),
      payload,
    );
  const plain =
    "isolation pattern error: the payload is not encrypted: it did not pass through the app's isolation page";
  expect(await outcome(post({ value: 1 }))).toEqual({ error: plain });
  expect(await outcome(post(new Uint8Array(64)))).toMatchObject({ error: expect.stringContaining('AES-GCM') });
  expect(await outcome(post(new Uint8Array(3)))).toMatchObject({ error: expect.stringContaining('Nonce') });
  expect(seen).toEqual([]);
  expect(calls().map(({ status, name }) => `${name} ${status}`)).toEqual(['see denied', 'see denied', 'see denied']);
});

test('H114 a message sealed with the key of another page load is refused', async () => {
  const { isolation, page, seen } = await start(PASS);
  await isolation.load();
  const send = await sealedMessage(page, 'see', { value: 1 });
  await page.reload();
  send();
  await isolation.load();
  expect(await page.invoke('see', { value: 2 })).toBe(null);
  expect(seen).toEqual([2]);
});

test('H114 a page that names no isolation frame can call nothing', async () => {
  const { core, seen } = await start(PASS);
  const other = await openPage(core, 'other');
  expect(await outcome(other.invoke('see', { value: 1 }))).toEqual({
    error: 'isolation pattern error: the host knows of no isolation frame of this page',
  });
  expect(seen).toEqual([]);
});

test('H115 raw payloads stay raw, and the hook sees them as bytes', async () => {
  const { isolation, page, calls } = await start(`
    window.__TAURI_ISOLATION_HOOK__ = (message) => {
      if (message.payload instanceof Uint8Array) message.payload[0] = 9;
      if (message.payload instanceof ArrayBuffer) message.payload = message.payload.slice(1);
      return message;
    };`);
  await isolation.load();
  expect(bytes(await page.run(({ core }) => core.invoke('reverse', new Uint8Array([1, 2, 3]))))).toEqual([3, 2, 9]);
  expect(bytes(await page.run(({ core }) => core.invoke('reverse', new Uint8Array([1, 2, 3]).buffer)))).toEqual([3, 2]);
  expect(bytes(await page.invoke('reverse', [4, 5, 6]))).toEqual([6, 5, 9]);
  const large = bytes(await page.run(({ core }) => core.invoke('reverse', new Uint8Array(100_000).fill(7))));
  expect([large.length, large.at(-1), large[0]]).toEqual([100_000, 9, 7]);
  expect(calls()[0]?.body).toEqual({ kind: 'bytes', bytes: new Uint8Array([9, 2, 3]) });
});

test('H115 classes with the serialise hook arrive serialised', async () => {
  const { isolation, page } = await start(PASS);
  await isolation.load();
  const answer = page.run(({ core, dpi }) => {
    class Own {
      [core.SERIALIZE_TO_IPC_FN]() {
        return { own: new Map([['a', 1]]) };
      }
    }
    return core.invoke('echo', { value: [new Own(), new dpi.LogicalSize(1, 2), new Uint8Array([1])] });
  });
  expect(await answer).toEqual([{ own: { a: 1 } }, { width: 1, height: 2 }, [1]]);
});

test('H115 what has no JSON form rejects as without isolation', async () => {
  const { isolation, page, calls } = await start(PASS);
  await isolation.load();
  await expect(page.invoke('echo', { value: 1n })).rejects.toThrow('BigInt');
  expect(calls()).toEqual([]);
});

test('H116 the key is in no global of page or frame, and each document has another', async () => {
  const { isolation, page } = await start(PASS);
  await isolation.load();
  await page.reload();
  await isolation.load();
  const again = isolation.createLoad();
  const keys = await Promise.all(
    [isolation.createLoad(), again, again].map(async ({ origin, load }) => {
      const html = await (await fetch(`${origin}/${load}`)).text();
      return JSON.parse(/data-config="([^"]*)"/.exec(html)?.[1]?.replaceAll('&quot;', '"') ?? '').key as number[];
    }),
  );
  expect(keys.map((key) => key.length)).toEqual([32, 32, 32]);
  expect(new Set(keys.map(String)).size).toBe(3);
  const globals = [page.global, ...isolation.realms].flatMap((realm) => Object.getOwnPropertyNames(realm));
  expect(globals.filter((name) => /key|isolation/i.test(name) && name !== '__TAURI_ISOLATION_HOOK__')).toEqual([]);
});

test.each([{ 'sec-fetch-dest': 'empty' }, { 'sec-fetch-dest': 'script' }, { host: 'evil.test' }])(
  'H116 the document of the frame is not served to %o',
  async (headers) => {
    const { isolation } = await start(PASS);
    const { origin, load } = isolation.createLoad();
    const { request } = await import('node:http');
    const status = await new Promise((resolve) => {
      request(`${origin}/${load}`, { headers }, (response) => {
        response.resume();
        resolve(response.statusCode);
      }).end();
    });
    expect(status).toBeGreaterThanOrEqual(400);
  },
);

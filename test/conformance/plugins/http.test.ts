/** `@tauri-apps/plugin-http`, unmodified, against servers on loopback: requests, answers and their bodies. */
import type { IncomingMessage } from 'node:http';
import { buffer, text } from 'node:stream/consumers';
import * as zlib from 'node:zlib';
import { expect, test } from 'vitest';
import { outcome, until } from '../harness.ts';
import { fetchOf, headersOf, NAME, notes, open, raw } from './http-support.ts';
import { openPermitted } from './permitted-page.ts';
import { serve } from './servers.ts';

// ---- requests and answers

test('an answer has its status, headers and body', async () => {
  const { host } = await serve((_request, response) => {
    response.writeHead(404, {
      'X-One': Buffer.from('grüße').toString('latin1'),
      'Set-Cookie': ['a=1', 'b=2'],
      'Content-Type': 'text/plain',
    });
    response.end('nothing here');
  });
  const { page } = await open([`http://${host}`]);
  const response = await fetchOf(page)(`http://${host}/x?q=1`);
  expect([response.status, response.statusText, response.ok, response.url]).toEqual([
    404,
    'Not Found',
    false,
    `http://${host}/x?q=1`,
  ]);
  expect([
    response.headers.get('x-one'),
    response.headers.get('content-type'),
    response.headers.getSetCookie(),
  ]).toEqual(['grüße', 'text/plain', ['a=1', 'b=2']]);
  expect(await response.text()).toBe('nothing here');
});

test('a header that is no UTF-8 fails the answer, as in Tauri', async () => {
  const { host, sockets } = await serve(
    (_request, response) => void response.writeHead(200, { 'X-One': 'aü' }).end('x'),
  );
  const { page } = await open([`http://${host}`]);
  expect(await outcome(fetchOf(page)(`http://${host}/`))).toEqual({
    error: 'invalid utf-8 sequence of 1 bytes from index 1',
  });
  await until(() => sockets.size === 0);
});

test('the reason in an answer is that of its number, as reqwest gives it', async () => {
  const { host } = await serve((_request, response) => void response.writeHead(200, 'Sure').end());
  const { page } = await open([`http://${host}`]);
  expect((await fetchOf(page)(`http://${host}/`)).statusText).toBe('OK');
  const teapot = await serve((_request, response) => void response.writeHead(418).end());
  const tea = await open([`http://${teapot.host}`]);
  expect((await fetchOf(tea.page)(`http://${teapot.host}/`)).statusText).toBe("I'm a teapot");
});

test('a request has the page’s method, headers and body, and what the plugin adds', async () => {
  const seen: unknown[] = [];
  const { host } = await serve(async (request, response) => {
    seen.push(request.method, headersOf(request), await text(request));
    response.end();
  });
  const { page } = await open([`http://${host}`]);
  const method = 'POST';
  await fetchOf(page)(`http://${host}/`, {
    method,
    body: 'grüße',
    headers: { 'X-Key': 'é', Authorization: 'Bearer t' },
  });
  expect(seen).toEqual([
    'POST',
    expect.arrayContaining([
      ['x-key', Buffer.from('é').toString('latin1')],
      ['authorization', 'Bearer t'],
      ['content-type', 'text/plain;charset=UTF-8'],
      ['content-length', '7'],
      ['user-agent', 'tauri-plugin-http/2.7.0'],
      ['origin', 'tauri://localhost'],
      ['accept', '*/*'],
      ['accept-encoding', expect.stringMatching(/^gzip, br, deflate/)],
    ]),
    'grüße',
  ]);
});

test('a POST without a body says so, and a range is not packed', async () => {
  const seen: IncomingMessage[] = [];
  const { host } = await serve((request, response) => {
    seen.push(request);
    response.end();
  });
  const { page } = await open([`http://${host}`]);
  await fetchOf(page)(`http://${host}/`, { method: 'POST', headers: { range: 'bytes=0-1', 'user-agent': 'mine' } });
  expect(seen[0]?.headers).toMatchObject({
    'content-length': '0',
    'accept-encoding': 'identity',
    'user-agent': 'mine',
  });
});

test('I132 forbidden headers are left out without an error', async () => {
  const seen: IncomingMessage[] = [];
  const { host } = await serve((request, response) => {
    seen.push(request);
    response.end();
  });
  const { page } = await open([`http://${host}`]);
  const headers = [
    'Host',
    'Sec-X',
    'Proxy-Authorization',
    'Cookie',
    'Origin',
    'Connection',
    'Transfer-Encoding',
    'X-Kept',
  ];
  const { ok: rid } = (await raw(page, `http://${host}/`, { headers: headers.map((name) => [name, 'evil']) })) as {
    ok: number;
  };
  await page.invoke('plugin:http|fetch_send', { rid });
  const evil = headersOf(seen[0] as IncomingMessage).filter(([, value]) => value === 'evil');
  expect(evil).toEqual([['x-kept', 'evil']]);
  expect(seen[0]?.headers.host).toBe(host);
});

test('name and password of an URL are a header, and no part of the address', async () => {
  const seen: IncomingMessage[] = [];
  const { host } = await serve((request, response) => {
    seen.push(request);
    response.end();
  });
  const { page } = await open([`http://${host}`]);
  const { ok: rid } = (await raw(page, `http://ada:p%40ss@${host}/`)) as { ok: number };
  const { url } = (await page.invoke('plugin:http|fetch_send', { rid })) as { url: string };
  expect([url, seen[0]?.headers.authorization]).toEqual([
    `http://${host}/`,
    `Basic ${Buffer.from('ada:p@ss').toString('base64')}`,
  ]);
});

test('I131 data: URLs need no scope, other schemes are not supported', async () => {
  const { page } = await open([]);
  const fetch = fetchOf(page);
  const response = await fetch('data:text/html;charset=utf-8,a%20b#c');
  expect([
    response.status,
    response.statusText,
    response.url,
    response.headers.get('content-type'),
    await response.text(),
  ]).toEqual([...[200, 'OK', 'http://no.url.provided.local/', 'text/html;charset=utf-8'], 'a b']);
  expect(await (await fetch('data:;base64,aGk')).text()).toBe('hi');
  expect(await (await fetch('data:,')).text()).toBe('');
  expect(await raw(page, 'data:text/plain')).toEqual({ error: 'failed to process data url' });
  expect(await raw(page, 'data:;base64,%%%')).toEqual({ error: 'failed to decode data url into bytes' });
  expect(await raw(page, 'ftp://x')).toEqual({ error: 'scheme ftp not supported' });
});

test('I127 I129 the scope is asked by `fetch`, with the scopes of that command', async () => {
  const { page } = await open([]);
  expect(await outcome(fetchOf(page)('https://tauri.app/'))).toEqual({
    error: 'url not allowed on the configured scope: https://tauri.app/',
  });
  const other = await openPermitted(
    ['http:allow-fetch', { identifier: 'http:allow-fetch-send', allow: ['https://*'] }],
    [NAME],
  );
  expect(await outcome(fetchOf(other.page)('https://tauri.app/'))).toEqual({
    error: 'url not allowed on the configured scope: https://tauri.app/',
  });
});

test('arguments are refused in Tauri’s words', async () => {
  const { page } = await open(['http://127.0.0.1:*']);
  const invalid = 'invalid args `clientConfig` for command `fetch`: ';
  expect(await raw(page, '/relative')).toEqual({
    error: `${invalid}invalid value: string "/relative", expected relative URL without a base (at clientConfig.url)`,
  });
  const url = 'http://127.0.0.1:1/';
  expect(await raw(page, url, { method: 'GET / HTTP/1.1\r\nX: y\r\n' })).toEqual({ error: 'invalid HTTP method' });
  expect(await raw(page, url, { headers: [['X\r\nEvil', '1']] })).toEqual({ error: 'invalid HTTP header name' });
  for (const value of ['a\r\nEvil: 1', 'a\nb', 'a\0b', '\x7f']) {
    expect(await raw(page, url, { headers: [['X', value]] })).toEqual({ error: 'failed to parse header value' });
  }
});

test('a server that refuses: reqwest’s words for the page, the reason for the developer', async () => {
  const permitted = await open(['http://127.0.0.1:*']);
  expect(await outcome(fetchOf(permitted.page)('http://127.0.0.1:1/x?q'))).toEqual({
    error: 'error sending request for url (http://127.0.0.1:1/x?q)',
  });
  expect(notes(permitted)).toContainEqual(expect.stringContaining('ECONNREFUSED'));
  expect(permitted.page.connection.resources.size).toBe(0);
});

// ---- bodies

test('a body arrives while it is being written', async () => {
  const steps: (() => void)[] = [];
  const { host } = await serve((_request, response) => {
    response.writeHead(200);
    steps.push(
      () => response.write('one'),
      () => response.end('two'),
    );
    steps.shift()?.();
  });
  const { page } = await open([`http://${host}`]);
  const reader = (await fetchOf(page)(`http://${host}/`)).body?.getReader();
  const next = async () => Buffer.from((await reader?.read())?.value ?? []).toString();
  expect(await next()).toBe('one');
  steps.shift()?.();
  expect(await next()).toBe('two');
  expect((await reader?.read())?.done).toBe(true);
  expect(page.connection.resources.size).toBe(0);
});

test('a large body arrives whole, and its connection ends', async () => {
  const sent = Buffer.alloc(5_000_000, 'abcdefghij');
  const { host, sockets } = await serve((_request, response) => void response.end(sent));
  const { page } = await open([`http://${host}`]);
  const got = Buffer.from(await (await fetchOf(page)(`http://${host}/`)).arrayBuffer());
  expect(got.equals(sent)).toBe(true);
  await until(() => sockets.size === 0);
});

test('a page that does not read makes the server wait', async () => {
  let written = 0;
  const chunk = Buffer.alloc(64 * 1024);
  const { host, sockets } = await serve((_request, response) => {
    const write = () => {
      while (response.write(chunk)) written += chunk.length;
      written += chunk.length;
    };
    response.on('drain', write);
    write();
  });
  const { page } = await open([`http://${host}`]);
  const response = await fetchOf(page)(`http://${host}/`);
  const reader = response.body?.getReader();
  await reader?.read();
  // The kernel's buffers fill, then nothing moves any more.
  let last = -1;
  await until(() => {
    const stuck = written === last && written > 0;
    last = written;
    return stuck;
  });
  expect(written).toBeLessThan(32 * 1024 * 1024);
  await reader?.cancel();
  await until(() => sockets.size === 0);
  expect(page.connection.resources.size).toBe(0);
});

test.each([
  ['gzip', zlib.gzipSync],
  ['br', zlib.brotliCompressSync],
  ['deflate', zlib.deflateSync],
  ['zstd', zlib.zstdCompressSync],
] as const)('a body that is packed by %s is unpacked', async (encoding, pack) => {
  const { host } = await serve((_request, response) => {
    const packed = pack(Buffer.from('x'.repeat(100_000)));
    response.writeHead(200, { 'Content-Encoding': encoding, 'Content-Length': packed.length }).end(packed);
  });
  const { page } = await open([`http://${host}`]);
  const response = await fetchOf(page)(`http://${host}/`);
  expect([response.headers.has('content-encoding'), response.headers.has('content-length')]).toEqual([false, false]);
  expect(await response.text()).toBe('x'.repeat(100_000));
});

test('a small body that unpacks to an endless one fills no memory', async () => {
  const bomb = zlib.gzipSync(Buffer.alloc(200_000_000));
  const { host, sockets } = await serve((_request, response) => {
    response.writeHead(200, { 'Content-Encoding': 'gzip' }).end(bomb);
  });
  const { page } = await open([`http://${host}`]);
  const before = process.memoryUsage().arrayBuffers;
  const reader = (await fetchOf(page)(`http://${host}/`)).body?.getReader();
  for (let read = 0; read < 20_000_000; ) {
    const length = (await reader?.read())?.value?.length ?? 0;
    expect(length).toBeLessThan(1_000_000);
    read += length;
  }
  expect(process.memoryUsage().arrayBuffers - before).toBeLessThan(100_000_000);
  await reader?.cancel();
  await until(() => sockets.size === 0);
});

test('a body that breaks off, or is no packed one, fails with reqwest’s words', async () => {
  const { host, sockets } = await serve((request, response) => {
    if (request.url === '/short') {
      response.writeHead(200, { 'Content-Length': 100 }).write('x');
      response.on('close', () => undefined);
      setImmediate(() => response.destroy());
    } else response.writeHead(200, { 'Content-Encoding': 'gzip' }).end(zlib.gzipSync('hello').subarray(0, 20));
  });
  const { page } = await open([`http://${host}`]);
  for (const path of ['short', 'packed']) {
    const response = await fetchOf(page)(`http://${host}/${path}`);
    expect(await outcome(response.text())).toEqual({ error: 'error decoding response body' });
  }
  await until(() => sockets.size === 0);
});

test('answers without a body', async () => {
  const { host, sockets } = await serve((request, response) => {
    const status = Number(request.url?.slice(1));
    response.writeHead(status, { 'Content-Encoding': 'gzip' }).end();
  });
  const { page } = await open([`http://${host}`]);
  for (const status of [200, 204, 304]) {
    const response = await fetchOf(page)(`http://${host}/${status}`);
    expect([response.status, await response.text()]).toEqual([status, '']);
  }
  expect(await (await fetchOf(page)(`http://${host}/200`, { method: 'HEAD' })).text()).toBe('');
  await until(() => sockets.size === 0);
});

test('a body of bytes goes up as bytes', async () => {
  let got: Buffer | undefined;
  const { host } = await serve(async (request, response) => {
    got = await buffer(request);
    response.end();
  });
  const { page } = await open([`http://${host}`]);
  const sent = Uint8Array.from({ length: 256 }, (_, index) => index);
  await fetchOf(page)(`http://${host}/`, { method: 'PUT', body: sent });
  expect(got?.equals(sent)).toBe(true);
});

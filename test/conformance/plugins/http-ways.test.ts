/** What `@tauri-apps/plugin-http` keeps and by which ways it goes: cookies, proxies, certificates, Cargo features. */
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { gzipSync } from 'node:zlib';
import { expect, test } from 'vitest';
import { outcome, until } from '../harness.ts';
import { fetchOf, notes, open, raw, type Settings } from './http-support.ts';
import { serve, serveTls } from './servers.ts';

// ---- cookies

test('cookies are kept for the whole app, and those that last beyond it in its cache folder', async () => {
  const seen: (string | undefined)[] = [];
  const { host, port } = await serve((request, response) => {
    seen.push(request.headers.cookie);
    if (request.url === '/login') {
      response.setHeader('Set-Cookie', [
        'short=1',
        'long=2; Max-Age=1000; HttpOnly',
        'other=3; Domain=tauri.app',
        'deep=4; Path=/deep',
      ]);
    }
    response.end();
  });
  const first = await open(['http://*:*']);
  for (const path of ['login', 'deep/er']) await (await fetchOf(first.page)(`http://${host}/${path}`)).text();
  await (await fetchOf(first.page)(`http://localhost:${port}/`).catch(() => new Response())).text();
  expect(seen.slice(0, 2)).toEqual([undefined, 'deep=4; short=1; long=2']);
  const file = join(first.home, '.cache/dev.test.app/.cookies');
  await until(() => {
    try {
      return readFileSync(file, 'utf8');
    } catch {
      return false;
    }
  });
  expect(JSON.parse(readFileSync(file, 'utf8'))).toEqual([
    {
      raw_cookie: 'long=2; Max-Age=1000; HttpOnly',
      path: ['/', false],
      domain: { HostOnly: '127.0.0.1' },
      expires: { AtUtc: expect.stringMatching(/^20\d\d-.*Z$/) },
    },
  ]);
  const second = await open([`http://${host}`], { home: first.home });
  await (await fetchOf(second.page)(`http://${host}/`)).text();
  expect(seen.at(-1)).toBe('long=2');
});

// ---- proxies and certificates

/** A proxy that answers itself, and says how it was asked. */
async function openProxy() {
  const seen: string[] = [];
  const proxy = await serve((request, response) => {
    seen.push(`${request.method} ${request.url} ${request.headers['proxy-authorization'] ?? '-'}`);
    response.end('by proxy');
  });
  proxy.server.on('connect', (request, socket) => {
    seen.push(`${request.method} ${request.url} ${request.headers['proxy-authorization'] ?? '-'}`);
    socket.end('HTTP/1.1 403 Forbidden\r\n\r\n');
  });
  return { ...proxy, seen };
}

test('a proxy that the page names', async () => {
  const proxy = await openProxy();
  const direct = await serve((_request, response) => void response.end('direct'));
  const { page } = await open(['http://*:*', 'https://*', 'http://*']);
  const fetch = fetchOf(page);
  const basicAuth = { username: 'ada', password: 'pw' };
  const by = { url: `http://${proxy.host}`, basicAuth, noProxy: '127.0.0.0/8, .inner.test' };
  const textOf = async (url: string, options: object) => (await fetch(url, { proxy: options })).text();
  expect(await textOf('http://tauri.test/x', { all: by })).toBe('by proxy');
  expect(await textOf(`http://${direct.host}/`, { all: by })).toBe('direct');
  expect(await textOf(`http://${direct.host}/`, { https: by.url })).toBe('direct');
  expect(await textOf('http://tauri.test/y', { http: proxy.host })).toBe('by proxy');
  expect(await outcome(fetch('https://tauri.test/', { proxy: { https: by } }))).toEqual({
    error: 'error sending request for url (https://tauri.test/)',
  });
  const authorization = `Basic ${Buffer.from('ada:pw').toString('base64')}`;
  expect(proxy.seen).toEqual([
    `GET http://tauri.test/x ${authorization}`,
    'GET http://tauri.test/y -',
    `CONNECT tauri.test:443 ${authorization}`,
  ]);
  expect(await raw(page, 'http://tauri.test/', { proxy: { all: 'socks5://127.0.0.1:1' } })).toEqual({
    error: 'builder error',
  });
  await until(() => proxy.sockets.size === 0 && direct.sockets.size === 0);
});

test('a proxy is no way around the scope', async () => {
  const inner = await openProxy();
  const { page } = await open(['http://tauri.test']);
  expect(await outcome(fetchOf(page)('http://tauri.test/', { proxy: { all: `http://${inner.host}` } }))).toEqual({
    error: `url not allowed on the configured scope: http://${inner.host}/`,
  });
  expect(inner.seen).toEqual([]);
});

test('the proxy of VS Code, or that of the environment', async () => {
  const proxy = await openProxy();
  const direct = await serve((_request, response) => void response.end('direct'));
  const textOf = async (settings: Settings, url: string) =>
    (await fetchOf((await open(['http://*:*', 'http://*'], settings)).page)(url)).text();
  const editor = { http: { proxy: { url: `http://${proxy.host}`, noProxy: ['*.inner.test'] } } };
  expect(await textOf(editor, 'http://tauri.test/')).toBe('by proxy');
  expect(await textOf(editor, `http://${direct.host}/`)).toBe('direct');
  const env = { HTTP_PROXY: `http://ada:pw@${proxy.host}`, no_proxy: '127.0.0.1' };
  expect(await textOf({ env }, 'http://tauri.test/env')).toBe('by proxy');
  expect(await textOf({ env }, `http://${direct.host}/`)).toBe('direct');
  expect(await textOf({ env: { all_proxy: proxy.host } }, 'http://tauri.test/all')).toBe('by proxy');
  expect(proxy.seen.map((line) => line.split(' ')[1])).toEqual([
    'http://tauri.test/',
    'http://tauri.test/env',
    'http://tauri.test/all',
  ]);
});

test('a certificate that is not valid is refused, unless a setting lets the page accept it', async () => {
  const { host } = await serveTls((_request, response) => void response.end('secret'));
  const danger = { acceptInvalidCerts: true, acceptInvalidHostnames: true };
  const strict = await open([`https://${host}`]);
  expect(await outcome(fetchOf(strict.page)(`https://${host}/`))).toEqual({
    error: `error sending request for url (https://${host}/)`,
  });
  expect(await outcome(fetchOf(strict.page)(`https://${host}/`, { danger }))).toEqual({
    error: 'dangerous settings used but are not enabled',
  });
  expect(notes(strict)).toContainEqual(expect.stringContaining('ipcWorkbench.http.allowDangerousSettings'));
  const lax = await open([`https://${host}`], { http: { allowDangerousSettings: true } });
  expect(await (await fetchOf(lax.page)(`https://${host}/`, { danger })).text()).toBe('secret');
  expect(await outcome(fetchOf(lax.page)(`https://${host}/`))).toMatchObject({ error: expect.any(String) });
});

// ---- Cargo features

const asked = async (features: readonly string[], headers: Record<string, string>) => {
  const seen: Record<string, unknown>[] = [];
  const { host } = await serve((request, response) => {
    seen.push(request.headers);
    response.writeHead(200, { 'Content-Encoding': 'gzip', 'Set-Cookie': 'a=1' }).end(gzipSync('packed'));
  });
  const { page } = await open([`http://${host}`], { http: { features: new Set(features) } });
  let response = new Response();
  for (let time = 0; time < 2; time++) {
    const given = Object.entries(headers);
    const { ok: rid } = (await raw(page, `http://${host}/`, { headers: given })) as { ok: number };
    const sent = (await page.invoke('plugin:http|fetch_send', { rid })) as { rid: number };
    const bytes = (await page.invoke('plugin:http|fetch_read_body', { rid: sent.rid })) as ArrayBuffer;
    response = new Response(bytes.slice(0, -1));
  }
  return { headers: seen[1] ?? {}, text: await response.text() };
};

test('the features of the Rust plugin that the app chose decide', async () => {
  const bare = await asked([], {});
  expect([bare.headers['accept-encoding'], bare.headers['cookie'], bare.text === 'packed']).toEqual([
    undefined,
    undefined,
    false,
  ]);
  const some = await asked(['cookies', 'gzip', 'brotli'], {});
  expect([some.headers['accept-encoding'], some.headers['cookie'], some.text]).toEqual(['gzip, br', 'a=1', 'packed']);
});

test('with `unsafe-headers` a page sets what it likes, but for the connection itself', async () => {
  const features = ['cookies', 'unsafe-headers'];
  const all = { Host: 'other.test', Cookie: 'mine=1', Origin: 'https://x.y', 'Sec-X': '1', Connection: 'upgrade' };
  const { headers } = await asked(features, { ...all, 'Transfer-Encoding': 'chunked', 'Content-Length': '7' });
  expect(headers).toMatchObject({ host: 'other.test', cookie: 'mine=1', origin: 'https://x.y', 'sec-x': '1' });
  expect([headers['connection'], headers['transfer-encoding'], headers['content-length']]).toEqual([
    'keep-alive',
    undefined,
    undefined,
  ]);
  expect((await asked(features, { Origin: '' })).headers).not.toHaveProperty('origin');
  expect((await asked(features, {})).headers).toHaveProperty('origin', 'tauri://localhost');
});

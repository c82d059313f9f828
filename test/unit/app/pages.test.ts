/** Pages of other sites: where they come from is known by their server, and nothing of theirs mixes with others'. */
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { createServer, type IncomingMessage, request, type ServerResponse } from 'node:http';
import { type AddressInfo, createServer as createTcpServer } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, expect, test } from 'vitest';
import { CookieJar } from '../../../extension/app/cookies.ts';
import { KeptStorage, MAX_STORAGE_LENGTH } from '../../../extension/app/kept-storage.ts';
import { remoteCsp } from '../../../extension/app/page-html.ts';
import { Pages, type PagesOptions } from '../../../extension/app/pages.ts';
import { WebSocket } from 'ws';

const ends: (() => void)[] = [];
afterEach(() => {
  for (const end of ends.splice(0).reverse()) end();
});

/** Another site; gives its origin, and what it was asked. */
async function site(answer: (request: IncomingMessage, response: ServerResponse) => void) {
  const asked: IncomingMessage[] = [];
  const server = createServer((request, response) => {
    asked.push(request);
    answer(request, response);
  });
  server.listen(0, '127.0.0.1');
  await new Promise((resolve) => server.once('listening', resolve));
  ends.push(() => server.close());
  return { origin: `http://127.0.0.1:${(server.address() as AddressInfo).port}`, asked };
}

const html =
  (text: string, headers: object = {}) =>
  (_request: IncomingMessage, response: ServerResponse) => {
    response.writeHead(200, { 'content-type': 'text/html', ...headers }).end(text);
  };

async function startPages(options: Partial<PagesOptions> = {}): Promise<Pages> {
  const folder = mkdtempSync(join(tmpdir(), 'ipc-pages-'));
  ends.push(() => rmSync(folder, { recursive: true }));
  writeFileSync(join(folder, 'index.html'), '<h1>own</h1>');
  const pages = await Pages.start({
    source: {
      frontend: { kind: 'folder', folder },
      csp: "default-src 'self'",
      asset: async () => join(folder, 'index.html'),
      injection: () => ({
        bridge: 'BRIDGE',
        config: { separator: '/', assetUrl: 'a', storageUrl: 's' },
        globalApi: undefined,
        initScripts: [],
      }),
      allowNavigation: async () => true,
      storage: () => '{"token":"secret"}',
    },
    ownUrls: ['http://localhost:1420'],
    preferredPort: () => 0,
    reachableOrigin: async () => undefined,
    ...options,
  });
  ends.push(() => pages.dispose());
  return pages;
}

interface Answer {
  readonly status: number | undefined;
  readonly headers: Record<string, string | string[] | undefined>;
  readonly text: string;
  /** what the bridge is told */
  readonly config: Record<string, string> | undefined;
}

/** Asks as a browser does: with the headers that it tells a server what a request is for. */
function ask(url: string, headers: Record<string, string> = { 'sec-fetch-dest': 'iframe' }, method = 'GET') {
  return new Promise<Answer>((resolve, reject) => {
    // Node may not know names below localhost; browsers do.
    const { hostname, host, port, pathname, search } = new URL(url);
    const to = { hostname: hostname.endsWith('.localhost') ? '127.0.0.1' : hostname, port, path: pathname + search };
    const sent = request({ ...to, method, headers: { host, ...headers } }, (answer) => {
      const chunks: Buffer[] = [];
      answer.on('data', (chunk: Buffer) => chunks.push(chunk));
      answer.on('end', () => {
        const text = Buffer.concat(chunks).toString('utf8');
        const config = /data-config="([^"]*)"/.exec(text)?.[1]?.replaceAll('&quot;', '"');
        resolve({
          status: answer.statusCode,
          headers: answer.headers,
          text,
          config: config === undefined ? undefined : (JSON.parse(config) as Record<string, string>),
        });
      });
    });
    sent.on('error', reject);
    sent.end();
  });
}

test('a path is a page of the app, and so is an address of its development server', async () => {
  const pages = await startPages();
  for (const path of ['index.html', '/', 'http://localhost:1420/', 'http://localhost:1420/index.html']) {
    const page = await pages.find(path);
    expect([page.url, page.remote]).toEqual([`${pages.own.origin}/`, false]);
  }
  // Another port, scheme or host is another origin.
  for (const other of ['http://localhost:1421/', 'https://localhost:1420/', 'http://localhost.evil.example:1420/']) {
    expect((await pages.find(other)).remote).toBe(true);
  }
});

test('a document proves itself by its key: once, with the address that the host served', async () => {
  const { origin } = await site(html('<h1>other</h1>'));
  const pages = await startPages();
  const own = await pages.find('/a?b#c');
  const other = await pages.find(`${origin}/x/y?z#hash`);
  const ownKey = (await ask(own.url)).config?.['key'] ?? '';
  const otherKey = (await ask(other.url)).config?.['key'] ?? '';
  // A page of one window cannot pass for that of another.
  expect([own.redeem(otherKey), other.redeem(ownKey)]).toEqual([undefined, undefined]);
  expect(own.redeem(ownKey)).toBe('local');
  expect(other.redeem(otherKey)).toEqual({ remote: `${origin}/x/y?z` });
  expect([own.redeem(ownKey), other.redeem(otherKey), own.redeem(''), own.redeem('__proto__')]).toEqual(
    Array(4).fill(undefined),
  );
});

test('only documents have the bridge and a key: what a script fetches passes as it is', async () => {
  const { origin } = await site(html('<h1>other</h1>'));
  const pages = await startPages();
  for (const path of ['/', origin]) {
    const { url } = await pages.find(path);
    const fetched = await ask(url, { 'sec-fetch-dest': 'empty', 'sec-fetch-site': 'same-origin', accept: '*/*' });
    expect(fetched.text).toMatch(/^<h1>/);
    expect((await ask(url)).text).toContain('BRIDGE');
  }
});

test('every remote origin is an origin of its own here, and keeps it', async () => {
  const [one, two] = [await site(html('1')), await site(html('2'))];
  const pages = await startPages();
  const origins = [];
  for (const url of [one.origin, two.origin, `${one.origin}/again`]) origins.push((await pages.find(url)).origin);
  expect(origins[0]).toBe(origins[2]);
  expect(new Set([...origins, pages.own.origin, one.origin, two.origin]).size).toBe(5);
  // Not only another port: to cookies, ports are one place.
  const hosts = [...origins, pages.own.origin].map((origin) => new URL(origin).hostname);
  expect(new Set(hosts).size).toBe(3);
});

test('a remote page has neither files nor storage of the app', async () => {
  const { origin } = await site(html('<h1>other</h1>'));
  const page = await (await startPages()).find(origin);
  expect((await ask(page.url)).config).toEqual({
    separator: '/',
    key: expect.stringMatching(/^ipc-workbench:/),
    wrapperKey: page.wrapperKey,
  });
  const same = { 'sec-fetch-site': 'same-origin' };
  for (const path of ['storage', 'asset/x']) {
    expect((await ask(`${page.origin}/__ipc_workbench__/${path}`, same)).status).toBe(403);
  }
});

test('cookies of a site stay in the host, and no others reach it', async () => {
  const { origin, asked } = await site(html('x', { 'set-cookie': ['session=1; Path=/; HttpOnly', 'b=2; Path=/b'] }));
  const { url } = await (await startPages()).find(origin);
  const first = await ask(url, { 'sec-fetch-dest': 'iframe', cookie: 'of=another-port' });
  await ask(`${url}b/c`, { 'sec-fetch-dest': 'iframe', cookie: 'of=another-port' });
  expect(first.headers['set-cookie']).toBe(undefined);
  expect(asked.map(({ headers }) => headers.cookie)).toEqual([undefined, 'b=2; session=1']);
  expect(asked[0]?.headers.host).toBe(origin.slice('http://'.length));
});

test('other sites in the browser cannot act with those cookies', async () => {
  const { origin, asked } = await site(html('x'));
  const { url } = await (await startPages()).find(origin);
  const cross = { 'sec-fetch-site': 'cross-site' };
  expect((await ask(url, { ...cross, 'sec-fetch-dest': 'empty' })).status).toBe(403);
  expect((await ask(url, { ...cross, 'sec-fetch-dest': 'image' })).status).toBe(403);
  expect((await ask(url, { ...cross, 'sec-fetch-dest': 'document' })).status).toBe(403);
  expect((await ask(url, { ...cross, 'sec-fetch-dest': 'iframe' }, 'POST')).status).toBe(403);
  expect((await ask(url, { 'sec-fetch-site': 'none', 'sec-fetch-dest': 'document' })).status).toBe(403);
  expect((await ask(url, { host: 'rebound.example', 'sec-fetch-dest': 'iframe' })).status).toBe(421);
  expect(asked).toEqual([]);
  expect((await ask(url, { ...cross, 'sec-fetch-dest': 'iframe' })).status).toBe(200);
  expect((await ask(url, { 'sec-fetch-site': 'same-origin', 'sec-fetch-dest': 'empty' }, 'POST')).status).toBe(200);
});

test('a redirection stays at the site, or the document does not follow it', async () => {
  const { origin } = await site((request, response) => {
    const location = { '/a': '/b', '/c': `${origin}/d`, '/e': 'https://evil.example/', '/f': '//evil.example/' }[
      request.url ?? ''
    ];
    response.writeHead(302, { location }).end();
  });
  const page = await (await startPages()).find(origin);
  const document = { 'sec-fetch-dest': 'iframe' };
  const moved = async (path: string) => (await ask(`${page.origin}${path}`, document)).headers['location'];
  expect([await moved('/a'), await moved('/c')]).toEqual([`${page.origin}/b`, `${page.origin}/d`]);
  for (const path of ['/e', '/f']) {
    const refused = await ask(`${page.origin}${path}`, document);
    expect([refused.status, refused.headers['location']]).toEqual([403, undefined]);
    expect(refused.text).toMatch(/leads to https?:\/\/evil\.example: a window shows pages of one origin only/);
  }
});

test("a site's own CSP stays, and its inline scripts do not get the bridge's nonce", async () => {
  const headers = {
    'content-security-policy': "default-src 'self'; script-src 'self'; frame-ancestors 'none'",
    'x-frame-options': 'DENY',
  };
  const { origin } = await site(html('<script>injected()</script><script src="a.js"></script>', headers));
  const answer = await ask((await (await startPages()).find(origin)).url);
  const [, nonce] = /nonce="([^"]+)" data-config/.exec(answer.text) ?? [];
  expect(answer.text.endsWith('<script>injected()</script><script src="a.js"></script>')).toBe(true);
  expect(answer.headers['content-security-policy']).toBe(
    `default-src 'self'; script-src 'self' 'nonce-${String(nonce)}'`,
  );
  expect(answer.headers['x-frame-options']).toBe(undefined);
});

test.each([
  ["script-src 'none'", "script-src 'nonce-n'"],
  ['default-src a.example; img-src *', "default-src a.example; img-src *; script-src a.example 'nonce-n'"],
  ["script-src 'unsafe-inline' a.example", "script-src 'unsafe-inline' a.example"],
  ["script-src 'unsafe-inline' 'nonce-own'", "script-src 'unsafe-inline' 'nonce-own' 'nonce-n'"],
  ["script-src a.example; script-src-elem 'self'", "script-src a.example; script-src-elem 'self' 'nonce-n'"],
  ["img-src 'self', script-src 'self'", "img-src 'self', script-src 'self' 'nonce-n'"],
  ["frame-ancestors 'none'; upgrade-insecure-requests", ''],
])('the bridge gets past %s with as little as it can', (given, made) => {
  expect(remoteCsp(given, 'n')).toBe(made);
});

test('text in another charset arrives', async () => {
  const { origin } = await site((_request, response) => {
    response.writeHead(200, { 'content-type': 'text/html; charset=windows-1252' }).end(Buffer.from([0x80, 0xe9]));
  });
  expect((await ask((await (await startPages()).find(origin)).url)).text).toContain('€é');
});

test('a site that does not answer is told as that', async () => {
  const { origin } = await site((_request, response) => response.destroy());
  const answer = await ask((await (await startPages()).find(origin)).url);
  expect([answer.status, answer.text]).toEqual([502, `The site at ${origin} does not answer (ECONNRESET).`]);
});

test.each([
  ['HTTP/1.1 099 Odd\r\ncontent-type: text/html\r\n\r\n', /answered with/],
  ['HTTP/1.1 101 Switching Protocols\r\nconnection: upgrade\r\nupgrade: x\r\n\r\n', /answered with another protocol$/],
  ['HTTP/1.1 200 OK\r\ncontent-type: text/html\r\n\r\n', /gave a document of more than 32 MiB$/],
])('a site that answers %j without end or sense is told as that', async (head, text) => {
  const server = createTcpServer((socket) => {
    socket.on('error', () => undefined);
    socket.write(head);
    const more = () => {
      while (!socket.destroyed && socket.write(Buffer.alloc(1 << 20, 'x')));
    };
    socket.on('drain', more);
    more();
  });
  server.listen(0, '127.0.0.1');
  await new Promise((resolve) => server.once('listening', resolve));
  ends.push(() => server.close());
  const origin = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
  const answer = await ask((await (await startPages()).find(origin)).url);
  expect([answer.status, answer.text]).toEqual([502, expect.stringMatching(text)]);
});

test('another site answers under its own host only', async () => {
  const { origin } = await site(html('theirs'));
  const { url } = await (await startPages()).find(origin);
  expect((await ask(url)).status).toBe(200);
  for (const host of ['127.0.0.1', 'localhost']) {
    const { port, pathname } = new URL(url);
    const answer = await ask(`http://127.0.0.1:${port}${pathname}`, {
      host: `${host}:${port}`,
      'sec-fetch-dest': 'iframe',
    });
    expect([answer.status, answer.text.includes('theirs')]).toEqual([421, false]);
  }
});

test('the jar of cookies: paths, ends, and no more than a browser keeps', () => {
  const jar = new CookieJar(false);
  jar.store(['a=1; Max-Age=60', 'b=2; Path=/x', 'c=3; Secure', '=4', 'e', 'f=5; Max-Age=0'], '/x/y');
  expect(jar.header('/x/z')).toBe('a=1; b=2');
  expect(jar.header('/xy')).toBe(undefined);
  jar.store(['a=; Expires=Thu, 01 Jan 1970 00:00:00 GMT; Path=/x'], '/');
  expect(jar.header('/x')).toBe('b=2');
  jar.store([`big=${'x'.repeat(5000)}`, '__proto__=1; Path=/'], '/');
  expect(jar.header('/')).toBe('__proto__=1');
  for (let n = 0; n < 500; n++) jar.store([`n${n}=1; Path=/`], '/');
  expect(jar.header('/')?.split('; ').length).toBe(180);
  const secure = new CookieJar(true);
  secure.store(['c=3; Secure'], '/');
  expect(secure.header('/')).toBe('c=3');
});

test('the localStorage that the host keeps is full at 5 MiB, as in browsers', () => {
  const saved: unknown[] = [];
  const memento = {
    get: () => ({ old: 'value' }) as never,
    update: async (_key: string, value: unknown) => void saved.push(value),
  };
  const storage = new KeptStorage(memento, 'k');
  const half = 'x'.repeat(MAX_STORAGE_LENGTH / 2);
  expect([storage.set('a', half), storage.set('b', half), storage.set('old', null)]).toEqual([true, false, true]);
  expect(storage.set('b', half.slice(2))).toBe(true);
  expect(storage.set('c', '1')).toBe(false);
  expect([storage.set('b', ''), storage.set('c', '1'), storage.set('__proto__', '2')]).toEqual([true, true, true]);
  expect(Object.keys(JSON.parse(storage.json()) as object)).toEqual(['a', 'b', 'c', '__proto__']);
  expect([storage.set(null, null), storage.set('a', half)]).toEqual([true, true]);
  storage.dispose();
  expect(saved).toEqual([{ a: half }]);
});

/** Opens a WebSocket there; gives whether that was let. */
async function opens(url: string, headers: Record<string, string> = {}): Promise<boolean> {
  const socket = new WebSocket(url, { headers });
  ends.push(() => socket.terminate());
  return new Promise((resolve) => {
    socket.once('open', () => resolve(true));
    socket.once('error', () => resolve(false));
  });
}

test('a lane opens for who has its key, once, whatever else is true', async () => {
  const pages = await startPages();
  const page = await pages.find('index.html');
  const accepted: unknown[] = [];
  const offer = page.offerLane((socket) => accepted.push(socket));
  expect(offer?.url).toMatch(/^ws:\/\/127\.0\.0\.1:\d+\/__ipc_workbench__\/lane\/[\w-]{22}$/);
  const url = offer?.url ?? '';
  expect(await opens(url.replace(/.$/, (last) => (last === 'A' ? 'B' : 'A')))).toBe(false);
  expect(await opens(url, { host: 'evil.example' })).toBe(false);
  expect(accepted).toHaveLength(0);
  const again = page.offerLane((socket) => accepted.push(socket))?.url ?? '';
  expect(await opens(again)).toBe(true);
  expect(await opens(again)).toBe(false);
  expect(accepted).toHaveLength(1);
});

test('a lane that was taken back does not open', async () => {
  const pages = await startPages();
  const offer = (await pages.find('index.html')).offerLane(() => undefined);
  offer?.dispose();
  expect(await opens(offer?.url ?? '')).toBe(false);
});

test('where pages reach this machine by a tunnel, no lane is offered', async () => {
  const pages = await startPages({ reachableOrigin: async () => 'https://tunnel.example' });
  expect((await pages.find('index.html')).offerLane(() => undefined)).toBeUndefined();
});

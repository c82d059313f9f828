/** The http plugin under attack: what pages and servers make up must not get past the scope, nor into other headers. */
import { createServer, type RequestListener } from 'node:http';
import { type AddressInfo, createServer as createNetServer, type Server } from 'node:net';
import * as fc from 'fast-check';
import { expect, onTestFinished, test } from 'vitest';
import { bundledManifests } from '#core/acl/manifests/bundled.ts';
import { CookieStore } from '../../../extension/plugins/http/cookie-store.ts';
import { readDataUrl } from '../../../extension/plugins/http/data-url.ts';
import { Proxies } from '../../../extension/plugins/http/proxy.ts';
import { headerText, readHeader } from '../../../extension/plugins/http-headers.ts';
import { authority, capability } from '../../conformance/acl/support.ts';
import { outcome, TestApp, type TestPage } from './harness.ts';

async function listen(server: Server): Promise<number> {
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  onTestFinished(() => void server.close());
  return (server.address() as AddressInfo).port;
}

const serve = (listener: RequestListener) => listen(createServer(listener));

async function openPage(allow: readonly string[], deny: readonly string[] = []): Promise<TestPage> {
  const app = await TestApp.start();
  onTestFinished(() => app.core.dispose());
  app.core.authority = authority([capability([{ identifier: 'http:default', allow, deny }])], bundledManifests());
  return app.open('main');
}

/** Fetches past the npm package; the status, or what the page is told. */
async function statusOf(page: TestPage, config: object): Promise<unknown> {
  const clientConfig = { method: 'GET', headers: [], data: null, ...config };
  const asked = await outcome(page.invoke('plugin:http|fetch', { clientConfig }));
  if ('error' in asked) return asked.error;
  const sent = await outcome(page.invoke('plugin:http|fetch_send', { rid: asked.ok }));
  if ('error' in sent) return sent.error;
  const { status, rid } = sent.ok as { status: number; rid: number };
  await page.invoke('plugin:http|fetch_cancel_body', { rid });
  return status;
}

const HOSTS = [
  ...['127.0.0.1', '127.1', '2130706433', '0x7f000001', '0177.0.0.1', '127.0.0.1.', 'localhost', 'LOCALHOST'],
  ...['[::1]', '[::ffff:127.0.0.1]', '[0:0:0:0:0:ffff:7f00:1]', '%31%32%37.0.0.1', '127。0。0。1', '①27.0.0.1', ''],
];

/** URLs that look like one place and are another. `here` is in the scope, `there` is not. */
function tricks(here: number, there: number): fc.Arbitrary<string> {
  const prefix = fc.constantFrom(
    'http://',
    'HTTP://',
    'http:',
    'http:///',
    'http:\\\\',
    '//',
    'https://',
    'ftp://',
    '',
  );
  const fake = `127.0.0.1:${here}`;
  const userinfo = fc.constantFrom(
    ...[
      '',
      'a@',
      'a:b@',
      `${fake}@`,
      `${fake}%2f@`,
      `${fake}/@`,
      `${fake}\\@`,
      `${fake}#@`,
      `${fake}?@`,
      `${fake}%00@`,
    ],
    ...[`${fake}/open/@`, `${fake}:@`, 'a@b@', `${fake}%40`],
  );
  const port = fc.constantFrom(
    '',
    `:${here}`,
    `:${there}`,
    `:0${here}`,
    `:${here}@127.0.0.1:${there}`,
    ':',
    `:${there}%`,
  );
  const path = fc.constantFrom(
    ...[
      '',
      '/',
      '/open/x',
      '/open/../secret',
      '/open/%2e%2e/secret',
      '/open/%2E./secret',
      '/open\\..\\secret',
      '/secret',
    ],
    ...[
      '/open/private',
      '/open/./private',
      '/open/x/../private',
      '//open/x',
      `//127.0.0.1:${there}/`,
      '/open/\u2024./x',
    ],
    ...['/open/x?@127.0.0.1', '/open/x#/secret', '/secret#/open/x', '/secret?/open/x'],
  );
  return fc.tuple(prefix, userinfo, fc.constantFrom(...HOSTS), port, path).map((parts) => parts.join(''));
}

test('in 400 generated requests and redirects nothing outside of the scope is asked', async () => {
  const asked: string[] = [];
  let outside = 0;
  const there = await serve((_request, response) => {
    outside++;
    response.end();
  });
  const here = await serve((request, response) => {
    const to = /^\/open\/go\?(.*)$/.exec(request.url ?? '')?.[1];
    if (to === undefined) asked.push(String(request.url));
    response.writeHead(
      to === undefined ? 200 : 302,
      to === undefined ? {} : { Location: latin1(decodeURIComponent(to)) },
    );
    response.end();
  });
  const origin = `http://127.0.0.1:${here}`;
  const page = await openPage([`${origin}/open/*`], [`${origin}/open/private*`]);
  const answers = new Map<string, number>();
  await fc.assert(
    fc.asyncProperty(tricks(here, there), fc.boolean(), async (url, redirected) => {
      const target = redirected ? `${origin}/open/go?${encodeURIComponent(url)}` : url;
      const answer = String(await statusOf(page, { url: target }));
      const kind = answer.replace(/:.*| for .*|\(.*| ftp .*/s, '');
      answers.set(kind, (answers.get(kind) ?? 0) + 1);
      expect(outside).toBe(0);
      for (const path of asked.splice(0)) {
        expect(new URL(path, origin).pathname).toMatch(/^\/open\/(?!private)/);
      }
    }),
    { numRuns: 400 },
  );
  expect(answers.get('200')).toBeGreaterThan(5);
  expect(answers.get('url not allowed on the configured scope')).toBeGreaterThan(50);
  expect(page.connection.resources.size).toBe(0);
}, 60_000);

const latin1 = (text: string) => Buffer.from(text, 'utf8').toString('latin1');

/** Texts that would break out of a header line, if they could. */
const hostileText = fc.oneof(
  fc.string(),
  fc.string({ unit: 'binary' }),
  fc.constantFrom(
    'a\r\nEvil: 1',
    'a\nEvil: 1',
    'a\rEvil: 1',
    'a\0',
    '\r\n\r\nGET /secret HTTP/1.1\r\n\r\n',
    '\u010d\u010aEvil: 1',
    'ü€',
  ),
);

test('no method, header name or value of 300 adds a line to the request', async () => {
  const seen: string[] = [];
  const port = await listen(
    createNetServer((socket) => {
      socket.on('error', () => undefined);
      let text = '';
      socket.on('data', (chunk) => {
        text += chunk.toString('latin1');
        if (!text.includes('\r\n\r\n')) return;
        seen.push(text);
        socket.end('HTTP/1.1 204 No Content\r\n\r\n');
      });
    }),
  );
  const page = await openPage([`http://127.0.0.1:${port}`]);
  let sent = 0;
  await fc.assert(
    fc.asyncProperty(
      fc.oneof({ weight: 3, arbitrary: fc.constantFrom('GET', 'PUT', 'x-Y') }, { weight: 1, arbitrary: hostileText }),
      fc.oneof(
        { weight: 3, arbitrary: fc.constantFrom('X-One', 'x-two', '__proto__') },
        { weight: 1, arbitrary: hostileText },
      ),
      hostileText,
      async (method, name, value) => {
        const answer = await statusOf(page, { url: `http://127.0.0.1:${port}/p`, method, headers: [[name, value]] });
        const [request, ...more] = seen.splice(0);
        expect(more).toEqual([]);
        if (request === undefined) {
          expect(answer).toMatch(/^(invalid HTTP (method|header name)|failed to parse header value)/);
          return;
        }
        sent++;
        const [first, ...lines] = request.slice(0, request.indexOf('\r\n\r\n')).split('\r\n');
        expect(first).toBe(`${method} /p HTTP/1.1`);
        expect(request).toMatch(/\r\n\r\n$/);
        const names = lines.map((line) => line.slice(0, line.indexOf(':')).toLowerCase());
        const own = ['host', 'connection', 'content-length', 'user-agent', 'origin', 'accept', 'accept-encoding'];
        expect([...own, name.toLowerCase()]).toEqual(expect.arrayContaining(names));
      },
    ),
    { numRuns: 300 },
  );
  expect(sent).toBeGreaterThan(50);
}, 60_000);

test('a value goes out as the UTF-8 of its text, and comes back', () => {
  fc.assert(
    fc.property(fc.string({ unit: 'grapheme' }), (text) => {
      const bytes = attempt(() => readHeader('x', text)[1]);
      if (bytes !== undefined) expect(headerText(bytes)).toBe(text);
      else expect(text).toMatch(/[^\t\x20-\x7e\x80-\u{10ffff}]/u);
    }),
  );
  expect(() => headerText('ab\xff')).toThrow('invalid utf-8 sequence of 1 bytes from index 2');
});

test('data: URLs are read as Node’s own fetch reads them', async () => {
  const parts = fc.constantFrom(
    ...[
      'text/plain',
      ';charset=utf-8',
      ';base64',
      '; BASE64',
      ';base64;x=y',
      ',',
      'aGk=',
      'a',
      '%',
      '%41',
      '%zz',
      ' ',
      '#x',
      '?y',
    ],
    ...['ü', '€', '+', '/', '=', 'text/', ';', '"', 'TEXT/HTML'],
  );
  await fc.assert(
    fc.asyncProperty(fc.array(parts, { maxLength: 8 }), async (list) => {
      const url = URL.parse(`data:${list.join('')}`);
      if (!url) return;
      const mine = attempt(() => readDataUrl(url));
      const theirs = await fetch(url).catch(() => undefined);
      expect([url.href, mine && [...mine.bytes]]).toEqual([
        url.href,
        theirs && [...new Uint8Array(await theirs.arrayBuffer())],
      ]);
      if (mine) expect(mine.type.replace(/; /g, ';')).toBe(theirs?.headers.get('content-type')?.replace(/; /g, ';'));
    }),
    { numRuns: 2000 },
  );
});

test('a cookie goes only where the host that set it may send it', () => {
  const hosts = [
    'tauri.app',
    'www.tauri.app',
    'a.www.tauri.app',
    'eviltauri.app',
    'app',
    '127.0.0.1',
    '1.0.0.1',
    '[::1]',
  ];
  const paths = ['/', '/a', '/a/b', '/ab'];
  const url = fc
    .tuple(fc.constantFrom('http', 'https'), fc.constantFrom(...hosts), fc.constantFrom(...paths))
    .map(([scheme, host, path]) => new URL(`${scheme}://${host}${path}`));
  const domain = fc.constantFrom(undefined, ...hosts, '.tauri.app', '.app', '', '0.0.1');
  let kept = 0;
  fc.assert(
    fc.property(
      url,
      url,
      domain,
      fc.constantFrom(undefined, ...paths),
      fc.boolean(),
      (from, to, domain, path, secure) => {
        const store = new CookieStore(undefined, () => undefined);
        const attributes = [domain !== undefined && `Domain=${domain}`, path && `Path=${path}`, secure && 'Secure'];
        store.store([['a=1', ...attributes.filter(Boolean)].join('; ')], from);
        if (store.header(to) === undefined) return;
        kept++;
        const asked = domain?.replace(/^\./, '') || undefined;
        if (to.hostname !== from.hostname) {
          expect(asked).toMatch(/\./);
          for (const { hostname } of [from, to]) expect(`.${hostname}`.endsWith(`.${asked}`)).toBe(true);
          expect(from.hostname).not.toMatch(/^[\d[]/);
        }
        const shown = path ?? (from.pathname.replace(/\/[^/]*$/, '') || '/');
        expect(`${to.pathname}/`.startsWith(shown.endsWith('/') ? shown : `${shown}/`)).toBe(true);
        if (secure) expect(to.protocol === 'https:' || /^(127|\[)/.test(to.hostname)).toBe(true);
      },
    ),
    { numRuns: 3000 },
  );
  expect(kept).toBeGreaterThan(20);
});

test('a server that sets cookies without end fills no memory', () => {
  const store = new CookieStore(undefined, () => undefined);
  const url = new URL('http://tauri.app/');
  store.store(
    Array.from({ length: 5000 }, (_, index) => `c${index}=1`),
    url,
  );
  store.store([`big=${'x'.repeat(5000)}`], url);
  const names =
    store
      .header(url)
      ?.split('; ')
      .map((each) => each.split('=')[0]) ?? [];
  expect([names.length, names[0], names.at(-1)]).toEqual([3000, 'c2000', 'c4999']);
});

test.each([
  ['example.com', ['example.com', 'a.example.com'], ['notexample.com', 'example.com.evil']],
  ['.example.com', ['example.com', 'a.example.com'], ['notexample.com']],
  ['10.0.0.0/8, ::1', ['10.1.2.3', '[::1]'], ['11.0.0.1', '[::2]']],
  ['192.168.0.1', ['192.168.0.1'], ['192.168.0.2']],
  ['*', ['example.com', '10.0.0.1'], []],
  ['10.0.0.0/99, ,', [], ['10.0.0.1', 'x.y']],
])('NO_PROXY=%s', (list, direct, proxied) => {
  const proxies = Proxies.ofHost(undefined, { HTTP_PROXY: 'proxy:3128', NO_PROXY: list });
  const byProxy = (host: string) => proxies.find(new URL(`http://${host}/`))?.url.href;
  expect(direct.map(byProxy)).toEqual(direct.map(() => undefined));
  expect(proxied.map(byProxy)).toEqual(proxied.map(() => 'http://proxy:3128/'));
});

test('which variable counts', () => {
  const find = (env: Record<string, string>, url: string) =>
    Proxies.ofHost(undefined, env).find(new URL(url))?.url.host;
  expect(find({ HTTP_PROXY: 'a', http_proxy: 'b' }, 'http://x/')).toBe('a');
  expect(find({ HTTP_PROXY: 'a' }, 'https://x/')).toBeUndefined();
  expect(find({ ALL_PROXY: 'all', HTTPS_PROXY: 'tls' }, 'https://x/')).toBe('tls');
  expect(find({ ALL_PROXY: 'all', HTTPS_PROXY: 'tls' }, 'http://x/')).toBe('all');
  // A web server gives its scripts the header `Proxy` as this variable.
  expect(find({ HTTP_PROXY: 'a', REQUEST_METHOD: 'GET' }, 'http://x/')).toBeUndefined();
  expect(find({ HTTP_PROXY: 'socks5://a' }, 'http://x/')).toBeUndefined();
});

function attempt<T>(task: () => T): T | undefined {
  try {
    return task();
  } catch {
    return undefined;
  }
}

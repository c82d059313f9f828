/** Serving an app: odd documents, odd request lines, and other sites that reach for the port. */
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { createServer, type IncomingHttpHeaders, type RequestListener, type Server } from 'node:http';
import { type AddressInfo, connect, createServer as createTcpServer, type Server as TcpServer } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, expect, test } from 'vitest';
import { injectBridge, panelCsp, unmodifiedParts } from '../../../extension/app/page-html.ts';
import { findAsset } from '../../../extension/app/page-files.ts';
import { type PageServer, type PageSource, startPageServer } from '../../../extension/app/page-server.ts';
import { cpuMs } from '../../cpu.ts';

const inject = (html: string) =>
  injectBridge(html, { bridge: 'B', config: {}, globalApi: undefined, initScripts: [], nonce: 'n' });
const BRIDGE = `<script nonce="n" data-config="{}">B\n//# sourceURL=ipc-workbench:bridge\n</script>`;

test('scripts and styles that are only text stay as they are', () => {
  const code = 'e.innerHTML = "<script>\\x3c/script>"; f = "<style>a</style>"';
  expect(inject(`<head></head><script>${code}</script><style>b</style>`)).toBe(
    `<head>${BRIDGE}</head><script nonce="n">${code}</script><style nonce="n">b</style>`,
  );
  const texts = '<!-- <script> --><textarea><style></textarea><title><script></title><p title="<script>">';
  expect(inject(texts)).toBe(
    `<!-- <script> -->${BRIDGE}<textarea><style></textarea><title><script></title><p title="<script>">`,
  );
});

test.each([
  ['<!-- <head> --><!doctype html><html><head lang="a>b"><script src=a></script>', '<head lang="a>b">'],
  ['<!doctype html><html lang="en"><script nonce="own">a</script>', '<html lang="en">'],
  ['<!DOCTYPE html><!--> <HTML><HEAD>', '<HEAD>'],
  ['<html><header>a</header><script>b</script>', '<html>'],
  ['', ''],
])('the bridge is the first script of %s', (html, before) => {
  const result = inject(html);
  expect(result.indexOf('<script', result.indexOf('-->') + 1)).toBe(result.indexOf(BRIDGE));
  expect(result.slice(0, result.indexOf(BRIDGE)).endsWith(before)).toBe(true);
});

test('a nonce of its own is kept, one of another name is none', () => {
  expect(inject('<head><script nonce="own">a</script><script data-nonce="x">b</script>')).toBe(
    `<head>${BRIDGE}<script nonce="own">a</script><script nonce="n" data-nonce="x">b</script>`,
  );
});

test.each(['<script ', '<!doctype ', '<!--', '<script "', '<a \'<b "', '</script'])(
  'a document of 100,000 times %s takes no time',
  (part) => {
    expect(cpuMs(() => inject(part.repeat(100_000)))).toBeLessThan(1000);
  },
);

test('a CSP lets the frame show the page, and the bridge run', () => {
  const csp = panelCsp("default-src 'self'; frame-ancestors 'none'; script-src-elem 'self'; style-src-elem a:", 'n');
  expect(csp).not.toContain('frame-ancestors');
  expect(csp).toContain("script-src-elem 'self' 'nonce-n'");
  expect(csp).toContain("style-src-elem a: 'nonce-n'");
});

// ---- the server

const ends: (() => void)[] = [];
afterEach(() => {
  for (const end of ends.splice(0)) end();
});

async function listening<S extends Server | TcpServer>(server: S): Promise<S & { readonly at: string }> {
  server.listen(0, '127.0.0.1');
  await new Promise((resolve) => server.once('listening', resolve));
  ends.push(() => server.close());
  return Object.assign(server, { at: `127.0.0.1:${(server.address() as AddressInfo).port}` });
}

const developmentServer = (listener: RequestListener) => listening(createServer(listener));

async function serve(frontend: PageSource['frontend'], source: Partial<PageSource> = {}): Promise<PageServer> {
  const server = await startPageServer(
    {
      frontend,
      csp: undefined,
      asset: async () => undefined,
      injection: () => ({ bridge: '', config: {}, globalApi: undefined, initScripts: [] }),
      allowNavigation: async () => true,
      storage: () => '{}',
      ...source,
    },
    0,
  );
  ends.push(() => server.dispose());
  return server;
}

const proxyTo = ({ at }: { readonly at: string }) => serve({ kind: 'server', url: new URL(`http://${at}`) });

/** Sends a request as it is written; gives what comes back until the end. */
async function say(server: PageServer, line: string, ...headers: string[]): Promise<string> {
  const socket = connect(server.port, '127.0.0.1');
  let answer = '';
  socket.on('data', (data) => (answer += data.toString('latin1')));
  socket.on('error', () => undefined);
  socket.write([`${line} HTTP/1.1`, `Host: 127.0.0.1:${server.port}`, ...headers, '', ''].join('\r\n'));
  await new Promise((resolve) => socket.once('close', resolve));
  return answer;
}
const CLOSE = 'Connection: close';

test('a request line that names another server stays with the development server', async () => {
  const asked: unknown[] = [];
  const other = await developmentServer((_request, response) => response.end('secret'));
  const own = await developmentServer((request, response) => {
    asked.push(request.url);
    response.end('own');
  });
  const server = await proxyTo(own);
  for (const target of [`//${other.at}/a`, `http://${other.at}/b?c=//d`, `/\\${other.at}/e`]) {
    expect(await say(server, `GET ${target}`, CLOSE)).not.toContain('secret');
  }
  expect(asked).toContain('/b?c=//d');
});

test('// is a path as any other', async () => {
  const folder = mkdtempSync(join(tmpdir(), 'ipc-serve-'));
  ends.push(() => rmSync(folder, { recursive: true }));
  writeFileSync(join(folder, 'index.html'), 'Hello');
  const server = await serve({ kind: 'folder', folder });
  expect(await say(server, 'GET //', CLOSE)).toMatch(/^HTTP\/1.1 200 [^]*Hello/);
});

test('the development server sees who asks: other sites do not pass as its own', async () => {
  const asked: IncomingHttpHeaders[] = [];
  const own = await developmentServer((request, response) => {
    asked.push(request.headers);
    response.end();
  });
  own.on('upgrade', (request, socket) => {
    asked.push(request.headers);
    socket.end();
  });
  const server = await proxyTo(own);
  await say(server, 'POST /', 'Content-Length: 0', 'Origin: https://evil.example', CLOSE);
  await say(server, 'POST /', 'Content-Length: 0', `Origin: ${server.origin}`, CLOSE);
  const socket = ['Upgrade: websocket', 'Connection: Upgrade'];
  await say(server, 'GET /', ...socket, 'Origin: https://evil.example');
  await say(server, 'GET /', ...socket, `Origin: ${server.origin}`);
  expect(asked.map(({ origin }) => origin)).toEqual(['https://evil.example', `http://${own.at}`, `http://${own.at}`]);
});

test('a development server that breaks off in mid-answer ends the answer, and nothing else', async () => {
  const uncaught: unknown[] = [];
  const remember = (error: unknown) => uncaught.push(error);
  process.on('uncaughtException', remember);
  ends.push(() => process.off('uncaughtException', remember));
  const broken = await listening(
    createTcpServer((socket) => {
      socket.on('error', () => undefined);
      socket.once('data', () => {
        socket.write('HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n5\r\nhello\r\n');
        setTimeout(() => socket.write('ZZZ\r\n'), 20);
      });
    }),
  );
  expect(await say(await proxyTo(broken), 'GET /', CLOSE)).toContain('hello');
  await new Promise((resolve) => setTimeout(resolve, 20));
  expect(uncaught).toEqual([]);
});

test('an endless answer of the development server ends when nobody takes it any more', async () => {
  const gone = Promise.withResolvers<void>();
  const own = await developmentServer((_request, response) => {
    response.on('close', gone.resolve);
    response.writeHead(200, { 'content-type': 'text/event-stream' }).write('data: 1\n\n');
  });
  const server = await proxyTo(own);
  const socket = connect(server.port, '127.0.0.1');
  socket.once('data', () => socket.destroy());
  socket.write(`GET / HTTP/1.1\r\nHost: 127.0.0.1:${server.port}\r\n\r\n`);
  await gone.promise;
});

test('the address of a window is one that a page can have', async () => {
  const server = await serve({ kind: 'folder', folder: tmpdir() });
  const addressOf = (path: string) => server.pageUrl(path).replace(server.origin, '');
  expect(addressOf('/a/index.html?b#c')).toBe('/a/?b#c');
  expect(addressOf('//evil.example/a')).toBe('/evil.example/a');
  expect(addressOf('javascript:alert(1)')).toBe('/javascript:alert(1)');
  expect(addressOf('data:text/html,a')).toBe('/data:text/html,a');
  expect(addressOf('http://[')).toBe('/http://[');
  expect(addressOf('https://tauri.app/a')).toBe('https://tauri.app/a');
});

// ---- what the configuration says of pages

test('dangerousDisableAssetCspModification: nothing of the app gets a nonce, the bridge runs all the same', () => {
  const html = '<head></head><script>a</script><style>b</style>';
  const all = unmodifiedParts(true);
  const injection = { bridge: 'B', config: {}, globalApi: undefined, initScripts: [], nonce: 'n' };
  expect(injectBridge(html, injection, all)).toBe(`<head>${BRIDGE}</head><script>a</script><style>b</style>`);
  expect(injectBridge(html, injection, unmodifiedParts(['style-src']))).toContain(
    '<script nonce="n">a</script><style>',
  );
  // A nonce would switch off what the app relies on.
  const inline = "script-src 'self' 'unsafe-inline'; style-src 'self'";
  expect(panelCsp(inline, 'n', undefined, all)).toBe(inline);
  expect(panelCsp("script-src 'self'; style-src 'self'", 'n', undefined, all)).toBe(
    "script-src 'self' 'nonce-n'; style-src 'self'",
  );
  expect(panelCsp(inline, 'n', undefined, unmodifiedParts(['script-src']))).toBe(`${inline} 'nonce-n'`);
});

test('headers of the configuration are on what the app serves, and on no error', async () => {
  const folder = mkdtempSync(join(tmpdir(), 'ipc-headers-'));
  ends.push(() => rmSync(folder, { recursive: true }));
  for (const name of ['index.html', 'a.js']) writeFileSync(join(folder, name), '');
  const headers = { 'cross-origin-embedder-policy': 'require-corp', 'x-content-type-options': 'none' };
  const server = await serve({ kind: 'folder', folder }, { headers });
  for (const path of ['/', '/a.js']) {
    const answer = await say(server, `GET ${path}`, 'Sec-Fetch-Dest: iframe', CLOSE);
    expect(answer).toContain('cross-origin-embedder-policy: require-corp');
    expect(answer).toContain('x-content-type-options: none');
  }
  expect(await say(server, 'POST /', CLOSE)).not.toContain('require-corp');
});

test('a frontend that is a list of files and folders: files by their names, folders by what is in them', async () => {
  const folder = mkdtempSync(join(tmpdir(), 'ipc-list-'));
  ends.push(() => rmSync(folder, { recursive: true }));
  mkdirSync(join(folder, 'assets'));
  for (const name of ['index.html', 'secret.txt', 'assets/a.js']) writeFileSync(join(folder, name), name);
  const paths = [join(folder, 'index.html'), join(folder, 'assets')];
  const found = (path: string) => findAsset(paths, path)?.slice(folder.length + 1);
  expect(['/', '/a.js', '/route', '/secret.txt', '/../secret.txt', '/index.html'].map(found)).toEqual([
    'index.html',
    join('assets', 'a.js'),
    'index.html',
    'index.html',
    'index.html',
    'index.html',
  ]);
});

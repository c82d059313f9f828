/** A development server behind the page server: its documents, streams, redirections, sockets, and its absence. */
import { createServer, get, type IncomingMessage, type RequestListener, type Server } from 'node:http';
import { createServer as createHttpsServer } from 'node:https';
import { type AddressInfo } from 'node:net';
import * as zlib from 'node:zlib';
import { expect, onTestFinished, test, vi } from 'vitest';
import { WebSocket, WebSocketServer } from 'ws';
import { answers, beforeDevEnvironment, isLoopback, waitForServer } from '../../../extension/app/dev-server.ts';
import { hotReloadScript } from '../../../extension/app/hot-reload.ts';
import { OWN_PATH } from '../../../extension/app/own-path.ts';
import { type PageServer, type PageSource, startPageServer } from '../../../extension/app/page-server.ts';
import { CERTIFICATE } from './certificate.ts';

const PAGE = '<!doctype html><head><title>ü</title></head><script>inline</script>';

async function listening<S extends Server>(server: S, port = 0): Promise<S & { readonly url: URL }> {
  await new Promise<void>((resolve) => server.listen(port, '127.0.0.1', resolve));
  onTestFinished(() => {
    server.closeAllConnections();
    server.close();
  });
  return Object.assign(server, { url: new URL(`http://127.0.0.1:${(server.address() as AddressInfo).port}`) });
}

const developmentServer = (listener: RequestListener, port = 0) => listening(createServer(listener), port);

async function serve(url: URL, source: Partial<PageSource> = {}): Promise<PageServer> {
  const server = await startPageServer(
    {
      frontend: { kind: 'server', url },
      csp: undefined,
      asset: async () => undefined,
      injection: () => ({ bridge: 'BRIDGE', config: {}, globalApi: undefined, initScripts: [] }),
      allowNavigation: async () => true,
      storage: () => '{}',
      ...source,
    },
    0,
  );
  onTestFinished(() => server.dispose());
  return server;
}

const DOCUMENT = { 'sec-fetch-dest': 'iframe' };

/** Asks and gives the answer as it begins; `text` is all of it. */
async function ask(url: string | URL, headers: Record<string, string> = DOCUMENT) {
  const { promise, resolve, reject } = Promise.withResolvers<IncomingMessage>();
  get(url, { headers, agent: false }, resolve).on('error', reject);
  const answer = await promise;
  const text = async () => {
    const chunks: Buffer[] = [];
    for await (const chunk of answer) chunks.push(chunk as Buffer);
    return Buffer.concat(chunks).toString();
  };
  return { answer, status: answer.statusCode, headers: answer.headers, text };
}

const CODINGS: Record<string, (text: string) => Buffer> = {
  identity: Buffer.from,
  gzip: zlib.gzipSync,
  'x-gzip': zlib.gzipSync,
  deflate: zlib.deflateSync,
  br: zlib.brotliCompressSync,
  zstd: zlib.zstdCompressSync,
};
test.each(Object.keys(CODINGS))('a document in the coding %s gets the bridge, in chunks or not', async (coding) => {
  const { url } = await developmentServer((asked, response) => {
    const body = CODINGS[coding]?.(PAGE) ?? Buffer.alloc(0);
    response.writeHead(200, {
      'content-type': 'text/html',
      'content-encoding': coding,
      ...(asked.url === '/' && { 'content-length': body.length }),
    });
    response.write(body.subarray(0, 10));
    response.end(body.subarray(10));
  });
  const server = await serve(url);
  for (const path of ['/', '/chunks']) {
    const { headers, text } = await ask(`${server.origin}${path}`);
    const html = await text();
    expect(html).toContain('BRIDGE');
    expect(html).toContain('<title>ü</title>');
    expect([headers['content-encoding'], headers['content-type']]).toEqual([undefined, 'text/html; charset=utf-8']);
  }
});

test.each([
  ['lzma', Buffer.from(PAGE), 'in a coding that is not known here: lzma'],
  ['gzip', Buffer.from(PAGE), 'that is not gzip: incorrect header check'],
  ['gzip', zlib.gzipSync(Buffer.alloc(40 * 1024 * 1024, ' ')), 'of more than 32 MiB'],
])('a document in %s that is none says so', async (coding, body, problem) => {
  const { url } = await developmentServer((_asked, response) => {
    response.writeHead(200, { 'content-type': 'text/html', 'content-encoding': coding }).end(body);
  });
  const { status, text } = await ask((await serve(url)).origin);
  expect([status, await text()]).toEqual([502, `${url.origin} gave a document ${problem}`]);
});

test('what is no document passes as it is, coded as it came', async () => {
  const coded = zlib.gzipSync('export {}');
  const { url } = await developmentServer((_asked, response) => {
    response.writeHead(200, { 'content-type': 'text/javascript', 'content-encoding': 'gzip', etag: '"1"' }).end(coded);
  });
  const { answer, headers } = await ask(`${(await serve(url)).origin}/a.js`, { 'sec-fetch-dest': 'script' });
  const chunks: Buffer[] = [];
  for await (const chunk of answer) chunks.push(chunk as Buffer);
  expect(Buffer.concat(chunks).equals(coded)).toBe(true);
  expect([headers['content-encoding'], headers.etag]).toEqual(['gzip', '"1"']);
});

test('server-sent events: the page knows the stream is open before there is one, and gets each as it comes', async () => {
  const { promise: opened, resolve: open } = Promise.withResolvers<(text: string) => void>();
  const closed = vi.fn();
  const { url } = await developmentServer((_asked, response) => {
    response.writeHead(200, { 'content-type': 'text/event-stream' }).flushHeaders();
    response.on('close', closed);
    open((text) => response.write(text));
  });
  const { answer, status } = await ask(`${(await serve(url)).origin}/events`, { accept: 'text/event-stream' });
  expect(status).toBe(200);
  const send = await opened;
  for (const text of ['data: 1\n\n', 'data: 2\n\n']) {
    send(text);
    const [chunk] = (await new Promise((resolve) => answer.once('data', (data) => resolve([data])))) as [Buffer];
    expect(chunk.toString()).toBe(text);
  }
  answer.destroy();
  await vi.waitFor(() => expect(closed).toHaveBeenCalled(), 30_000);
});

test('a long poll waits as long as the server does', async () => {
  const { promise: polled, resolve } = Promise.withResolvers<() => void>();
  const { url } = await developmentServer((_asked, response) => resolve(() => response.end('changed')));
  const answer = ask(`${(await serve(url)).origin}/poll`, { 'sec-fetch-dest': 'empty' });
  (await polled)();
  expect(await (await answer).text()).toBe('changed');
});

test('headers of its documents reach the page, but for those that would keep it out of a panel', async () => {
  const { url } = await developmentServer((_asked, response) => {
    response.setHeader('set-cookie', ['a=1', 'b=2']);
    response.writeHead(200, {
      'content-type': 'text/html',
      'cross-origin-opener-policy': 'same-origin',
      'cross-origin-embedder-policy': 'require-corp',
      'x-frame-options': 'DENY',
      'content-security-policy': "frame-ancestors 'none'; script-src 'self'",
    });
    response.end(PAGE);
  });
  const { headers } = await ask((await serve(url)).origin);
  expect(headers).toMatchObject({
    'cross-origin-opener-policy': 'same-origin',
    'cross-origin-embedder-policy': 'require-corp',
    'set-cookie': ['a=1', 'b=2'],
  });
  expect(headers['x-frame-options']).toBeUndefined();
  expect(headers['content-security-policy']).toMatch(/^script-src 'self' 'nonce-[^']+'; worker-src 'self' blob:$/);
});

test('redirections lead to the page’s own origin, under whichever name of this machine', async () => {
  const { url } = await developmentServer((asked, response) => {
    const port = new URL(`http://${asked.headers.host}`).port;
    const to = { '/a': `http://localhost:${port}/b?c`, '/d': '/e', '/f': 'https://example.com/g' }[asked.url ?? ''];
    response.writeHead(302, { 'content-type': 'text/html', location: to }).end('moved');
  });
  const server = await serve(url);
  const locations = [];
  for (const path of ['/a', '/d', '/f']) locations.push((await ask(`${server.origin}${path}`)).headers.location);
  expect(locations).toEqual([`${server.origin}/b?c`, `${server.origin}/e`, 'https://example.com/g']);
});

test('the server sees requests as of its own pages', async () => {
  const seen: IncomingMessage[] = [];
  const { url } = await developmentServer((asked, response) => {
    seen.push(asked);
    response.end();
  });
  const { origin } = await serve(url);
  await ask(`${origin}/a`, { origin, referer: `${origin}/b` });
  expect(seen[0]?.headers).toMatchObject({ host: url.host, origin: url.origin, referer: `${url.origin}/b` });
});

test('https with a certificate that it signed itself', async () => {
  const secure = createHttpsServer(CERTIFICATE, (_asked, response) => {
    response.writeHead(200, { 'content-type': 'text/html' }).end(PAGE);
  });
  const { url } = await listening(secure as unknown as Server);
  const sockets = new WebSocketServer({ server: secure });
  sockets.on('connection', (socket) => socket.send('connected'));
  onTestFinished(() => void sockets.close());
  const server = await serve(new URL(`https://localhost:${url.port}`));
  expect(await (await ask(server.origin)).text()).toContain('BRIDGE');
  const socket = new WebSocket(server.origin.replace('http', 'ws'));
  const message = await new Promise((resolve) => socket.once('message', (data: Buffer) => resolve(data.toString())));
  expect(message).toBe('connected');
  socket.terminate();
});

// ---- hot reload

/** A WebSocket server that greets with what it was asked. */
async function hotReloadServer(): Promise<Server & { readonly url: URL; readonly sockets: WebSocketServer }> {
  const server = await developmentServer((_asked, response) => response.end());
  const sockets = new WebSocketServer({ server, handleProtocols: (names) => [...names][0] ?? false });
  sockets.on('connection', (socket, { url, headers }) => socket.send(`${url} ${headers.origin} ${headers.host}`));
  onTestFinished(() => {
    for (const client of sockets.clients) client.terminate();
    sockets.close();
  });
  return Object.assign(server, { sockets });
}

/** The first message, or the error. */
async function greeting(url: string, protocol: string[], origin: string): Promise<string> {
  const socket = new WebSocket(url, protocol, { origin });
  onTestFinished(() => socket.terminate());
  return new Promise((resolve) => {
    socket.once('message', (data: Buffer) => resolve(`${socket.protocol}: ${data.toString()}`));
    socket.once('error', (error) => resolve(error.message));
  });
}

test.each([
  ['/?token=abc', ['vite-hmr']],
  ['/ws', []],
  ['/_next/webpack-hmr?page=a', []],
  ['/ng-cli-ws', []],
])('a WebSocket of the page at %s', async (path, protocol) => {
  const { url } = await hotReloadServer();
  const server = await serve(url);
  const text = await greeting(`ws://127.0.0.1:${server.port}${path}`, protocol, server.origin);
  expect(text).toBe(`${protocol[0] ?? ''}: ${path} ${url.origin} ${url.host}`);
});

test('a WebSocket whose server goes is closed, so that the page connects again', async () => {
  const { url, sockets } = await hotReloadServer();
  const server = await serve(url);
  const socket = new WebSocket(`ws://127.0.0.1:${server.port}/`, { origin: server.origin });
  await new Promise((resolve) => socket.once('message', resolve));
  const closed = new Promise((resolve) => socket.once('close', resolve));
  for (const client of sockets.clients) client.terminate();
  await closed;
});

test('a port of its own for hot reload is reached through the page’s origin, by Vite’s client alone', async () => {
  const page = await developmentServer((_asked, response) => response.end());
  const { url } = await hotReloadServer();
  const server = await serve(page.url);
  const at = (port: string, path: string) => `ws://127.0.0.1:${server.port}${OWN_PATH}hot-reload/${port}${path}`;
  expect(await greeting(at(url.port, '/hmr?token=x'), ['vite-hmr'], server.origin)).toBe(
    `vite-hmr: /hmr?token=x ${page.url.origin} ${page.url.host}`,
  );
  for (const refused of [
    greeting(at(url.port, '/'), [], server.origin),
    greeting(at(url.port, '/'), ['other'], server.origin),
    greeting(at(url.port, '/'), ['vite-hmr'], 'https://evil.example'),
    greeting(at('0', '/'), ['vite-hmr'], server.origin),
    greeting(at('99999', '/'), ['vite-hmr'], server.origin),
  ]) {
    expect(await refused).toBe('socket hang up');
  }
});

test('the script leads only Vite’s connections to other ports of that machine through the page’s origin', () => {
  const opened: unknown[][] = [];
  class Native {
    static readonly OPEN = 1;
    constructor(...rest: unknown[]) {
      opened.push(rest);
    }
  }
  const location = new URL('http://127.0.0.1:20123/page');
  const window = { WebSocket: Native };
  // oxlint-disable-next-line typescript/no-implied-eval
  new Function('window', 'location', hotReloadScript(['localhost', '127.0.0.1']))(window, location);
  const open = (...rest: unknown[]) => Reflect.construct(window.WebSocket, rest) as object;
  expect(open('ws://localhost:1421/hmr?token=t', 'vite-hmr')).toBeInstanceOf(window.WebSocket);
  expect(window.WebSocket.OPEN).toBe(1);
  open('ws://localhost:1421/', 'other');
  open('ws://localhost:1421/');
  open('ws://192.168.1.2:1421/', 'vite-hmr');
  open('ws://127.0.0.1:20123/?token=t', 'vite-hmr');
  open('no address', ['vite-hmr']);
  expect(opened).toEqual([
    [`ws://127.0.0.1:20123${OWN_PATH}hot-reload/1421/hmr?token=t`, 'vite-hmr'],
    ['ws://localhost:1421/', 'other'],
    ['ws://localhost:1421/', undefined],
    ['ws://192.168.1.2:1421/', 'vite-hmr'],
    ['ws://127.0.0.1:20123/?token=t', 'vite-hmr'],
    ['no address', ['vite-hmr']],
  ]);
});

test('a CSP lets hot reload work: nonces for its styles, its socket, its worker, and the server’s name means the page’s', async () => {
  const { url } = await developmentServer((_asked, response) => {
    response.writeHead(200, { 'content-type': 'text/html' }).end(PAGE);
  });
  const csp = `default-src 'self'; img-src http://${url.host}; connect-src ipc: ws://${url.host}`;
  const { headers, text } = await ask((await serve(url, { csp })).origin);
  const policy = String(headers['content-security-policy']);
  const nonce = /'nonce-([^']+)'/.exec(policy)?.[1];
  expect(policy.split('; ')).toEqual([
    "default-src 'self'",
    `img-src http://${url.host} 'self'`,
    `connect-src ipc: ws://${url.host} 'self'`,
    "worker-src 'self' blob:",
    `script-src 'self' 'nonce-${nonce}'`,
    `style-src 'self' 'nonce-${nonce}'`,
  ]);
  expect(await text()).toContain(`<meta property="csp-nonce" nonce="${nonce}">`);
});

// ---- its absence

test('a server that does not answer: a page that says so, and loads when it does; what is no page says it plainly', async () => {
  const gone = await developmentServer((_asked, response) => response.end());
  const { url } = gone;
  await new Promise((resolve) => gone.close(resolve));
  const onUnreachable = vi.fn();
  const server = await serve(url, { onUnreachable });
  const { status, headers, text } = await ask(server.origin);
  const html = await text();
  expect([status, headers['content-type']]).toEqual([502, 'text/html; charset=utf-8']);
  expect(html).toContain(`The development server at ${url.origin} does not answer (ECONNREFUSED).`);
  expect(html).not.toContain('BRIDGE');
  expect(onUnreachable).toHaveBeenCalledTimes(1);
  const resource = await ask(`${server.origin}/a.js`, { 'sec-fetch-dest': 'script' });
  expect([resource.status, await resource.text()]).toEqual([502, expect.stringContaining('does not answer')]);
  expect(onUnreachable).toHaveBeenCalledTimes(1);

  const waiting = ask(`${server.origin}${OWN_PATH}dev-server`, { 'sec-fetch-site': 'same-origin' });
  await developmentServer((_asked, response) => {
    response.writeHead(200, { 'content-type': 'text/html' }).end(PAGE);
  }, Number(url.port));
  expect((await waiting).status).toBe(204);
  expect(await (await ask(server.origin)).text()).toContain('BRIDGE');
});

test('waiting for a server ends when the user has enough of it', async () => {
  const gone = await developmentServer((_asked, response) => response.end());
  await new Promise((resolve) => gone.close(resolve));
  expect(await answers(gone.url)).toBe(false);
  const enough = new AbortController();
  const waiting = waitForServer(gone.url, enough.signal);
  enough.abort();
  expect(await waiting).toBe(false);
});

test('from one frontend to the other and back: the origin stays', async () => {
  const { url } = await developmentServer((_asked, response) => {
    response.writeHead(200, { 'content-type': 'text/html' }).end('dev');
  });
  const server = await serve(url);
  const { origin } = server;
  expect(await (await ask(origin)).text()).toContain('dev');
  const source = { csp: undefined, asset: async () => undefined, allowNavigation: async () => true, storage: () => '' };
  const injection = () => ({ bridge: 'B', config: {}, globalApi: undefined, initScripts: [] });
  server.serve({ ...source, injection, frontend: { kind: 'folder', folder: [import.meta.filename] } });
  expect(await (await ask(`${origin}/dev-server.test.ts`, {})).text()).toContain(
    'from one frontend to the other and back',
  );
  expect(server.origin).toBe(origin);
});

test('the address of a page below the path of build.devUrl', async () => {
  const server = await serve(new URL('http://127.0.0.1:9/app/?mode=tauri'));
  const paths = ['index.html', 'second.html', 'a/b?c#d', '/root', '#/route'].map((path) =>
    server.pageUrl(path).slice(server.origin.length),
  );
  expect(paths).toEqual(['/app/?mode=tauri', '/app/second.html', '/app/a/b?c#d', '/root', '/app/?mode=tauri#/route']);
});

test('names of this machine, and what the CLI tells a command', () => {
  for (const host of ['localhost', 'a.localhost', '127.0.0.1', '127.1.2.3', '[::1]', '0.0.0.0']) {
    expect([host, isLoopback(host)]).toEqual([host, true]);
  }
  for (const host of ['localhost.example', '128.0.0.1', '127.evil.example', '[::2]', 'example.com']) {
    expect([host, isLoopback(host)]).toEqual([host, false]);
  }
  expect(beforeDevEnvironment()).toMatchObject({
    TAURI_ENV_DEBUG: 'true',
    TAURI_ENV_FAMILY: process.platform === 'win32' ? 'windows' : 'unix',
  });
  expect(Object.keys(beforeDevEnvironment())).toHaveLength(6);
});

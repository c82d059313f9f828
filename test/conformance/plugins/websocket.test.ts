/** `@tauri-apps/plugin-websocket`, unmodified, against servers on loopback. */
import { createServer } from 'node:http';
import type { IncomingMessage } from 'node:http';
import { createServer as createNetServer } from 'node:net';
import type * as plugin from '@tauri-apps/plugin-websocket';
import { expect, test } from 'vitest';
import { type ServerOptions, WebSocketServer, type WebSocket as ServerSocket } from 'ws';
import { openPage, outcome, type Page, until } from '../harness.ts';
import { openPermitted } from './permitted-page.ts';
import { listen } from './servers.ts';

const NAME = '@tauri-apps/plugin-websocket';

const open = () => openPermitted(['websocket:default'], [NAME]);

const classOf = (page: Page) => (page.packages[NAME] as unknown as typeof plugin).default;

interface Accepted {
  readonly socket: ServerSocket;
  readonly request: IncomingMessage;
}

/** A WebSocket server, and who came. */
async function serveSockets(options: ServerOptions = {}) {
  const accepted: Accepted[] = [];
  const server = createServer((_request, response) => void response.writeHead(404).end());
  const sockets = new WebSocketServer({ server, ...options });
  sockets.on('connection', (socket, request) => void accepted.push({ socket, request }));
  const listening = await listen(server);
  return { ...listening, url: `ws://${listening.host}`, accepted };
}

/** A connection of the page, its end in the server, and what the page hears. */
async function connect(page: Page, server: Awaited<ReturnType<typeof serveSockets>>, config?: plugin.ConnectionConfig) {
  const socket = await classOf(page).connect(server.url, config);
  const heard: unknown[] = [];
  const unlisten = socket.addListener((message) => void heard.push(message));
  const peer = (server.accepted.at(-1) as Accepted).socket;
  return { socket, heard, unlisten, peer };
}

test('messages go both ways, in all their forms and in order', async () => {
  const { page } = await open();
  const server = await serveSockets({ autoPong: false });
  const { socket, heard, peer } = await connect(page, server);
  const got: unknown[] = [];
  peer.on('message', (data, binary) => got.push(binary ? [...(data as Buffer)] : (data as Buffer).toString()));
  peer.on('ping', (data) => got.push(`ping ${String(data)}`));
  peer.on('pong', (data) => got.push(`pong ${String(data)}`));
  await Promise.all([
    socket.send('grüße'),
    socket.send([1, 2, 255]),
    socket.send({ type: 'Ping', data: [104, 105] }),
    socket.send({ type: 'Pong', data: [33] }),
    socket.send(''),
  ]);
  peer.send('zurück');
  peer.send(Buffer.from([0, 128]));
  peer.ping('a');
  peer.pong('b');
  await until(() => heard.length === 4 && got.length === 6);
  expect(got).toEqual(['grüße', [1, 2, 255], 'ping hi', 'pong !', '', 'pong a']);
  expect(heard).toEqual([
    { type: 'Text', data: 'zurück' },
    { type: 'Binary', data: [0, 128] },
    { type: 'Ping', data: [97] },
    { type: 'Pong', data: [98] },
  ]);
});

test('a request has the headers that the page gives, and nothing of its own', async () => {
  const { page } = await open();
  const server = await serveSockets({ handleProtocols: () => 'chat' });
  const headers = { Authorization: 'Bearer t', Host: 'other.test', 'Sec-WebSocket-Protocol': 'news, chat' };
  await classOf(page).connect(`${server.url}/path?q=1#part`, { headers });
  const { request } = server.accepted[0] as Accepted;
  expect(request.url).toBe('/path?q=1');
  expect(request.headers).toMatchObject({
    authorization: 'Bearer t',
    host: 'other.test',
    'sec-websocket-protocol': 'news,chat',
  });
  expect(['origin', 'user-agent', 'sec-websocket-extensions'].filter((name) => name in request.headers)).toEqual([]);
});

test('the page closes: both ends hear of it', async () => {
  const { page } = await open();
  const server = await serveSockets();
  const { socket, heard, peer } = await connect(page, server);
  const closed: unknown[] = [];
  peer.on('close', (code, reason) => closed.push(code, String(reason)));
  await socket.disconnect();
  expect(await outcome(socket.send('late'))).toEqual({
    error: 'WebSocket protocol error: Sending after closing is not allowed',
  });
  await until(() => heard.length > 0 && server.sockets.size === 0);
  expect([closed, heard]).toEqual([
    [1000, 'Disconnected by client'],
    [{ type: 'Close', data: { code: 1000, reason: 'Disconnected by client' } }],
  ]);
  expect(await outcome(socket.send('later'))).toEqual({
    error: `connection not found for the given id: ${socket.id}`,
  });
  expect([page.connection.resources.size, page.connection.openChannels]).toEqual([0, 0]);
});

test('the server closes, with a reason or without', async () => {
  const { page } = await open();
  const server = await serveSockets();
  const first = await connect(page, server);
  first.peer.close(4001, 'enough');
  await until(() => first.heard.length > 0);
  const second = await connect(page, server);
  second.peer.close();
  await until(() => second.heard.length > 0);
  expect([first.heard, second.heard]).toEqual([
    [{ type: 'Close', data: { code: 4001, reason: 'enough' } }],
    [{ type: 'Close', data: null }],
  ]);
});

test('a connection that breaks off is told as a text', async () => {
  const { page } = await open();
  const server = await serveSockets();
  const { socket, heard, peer } = await connect(page, server);
  peer.terminate();
  await until(() => heard.length > 0);
  expect(heard).toEqual(['WebSocket protocol error: Connection reset without closing handshake']);
  expect(await outcome(socket.send('x'))).toEqual({ error: 'Trying to work with closed connection' });
});

test('a message that is too long ends the connection', async () => {
  const { page } = await open();
  const server = await serveSockets();
  const { heard, peer } = await connect(page, server, { maxMessageSize: 10 });
  peer.send('x'.repeat(10));
  peer.send('x'.repeat(11));
  await until(() => heard.length === 2);
  expect(heard).toEqual([{ type: 'Text', data: 'x'.repeat(10) }, 'Space limit exceeded: Message too long']);
  await until(() => server.sockets.size === 0);
});

test('what cannot be sent', async () => {
  const { page } = await open();
  const { socket } = await connect(page, await serveSockets());
  const big = 'WebSocket protocol error: Control frame too big (payload must be 125 bytes or less)';
  const data = Array<number>(126).fill(0);
  expect(await outcome(socket.send({ type: 'Ping', data }))).toEqual({ error: big });
  expect(await outcome(socket.send({ type: 'Close', data: { code: 1000, reason: 'x'.repeat(124) } }))).toEqual({
    error: big,
  });
  expect(await outcome(socket.send({ type: 'Close', data: { code: 1005, reason: '' } }))).toEqual({
    error: 'WebSocket protocol error: Invalid close sequence',
  });
  expect(
    await outcome(page.invoke('plugin:websocket|send', { id: socket.id, message: { type: 'Blob', data: 'x' } })),
  ).toEqual({
    error:
      'invalid args `message` for command `send`: unknown variant `Blob`, expected one of `Text`, `Binary`, `Ping`, `Pong`, `Close`',
  });
  expect(await outcome(page.invoke('plugin:websocket|send', { id: 7, message: { type: 'Text', data: 'x' } }))).toEqual({
    error: 'connection not found for the given id: 7',
  });
  await socket.send('still open');
});

test('what is no server', async () => {
  const { page } = await open();
  const WebSocket = classOf(page);
  const server = await serveSockets();
  const mute = await listen(createNetServer((socket) => socket.once('data', () => socket.end())));
  const wrong = await listen(
    createNetServer((socket) =>
      socket.once('data', () =>
        socket.end(
          'HTTP/1.1 101 Switching Protocols\r\nUpgrade: websocket\r\nConnection: Upgrade\r\nSec-WebSocket-Accept: x\r\n\r\n',
        ),
      ),
    ),
  );
  const texts = async (url: string, config?: plugin.ConnectionConfig) => {
    const result = await outcome(WebSocket.connect(url, config));
    return 'error' in result ? result.error : result;
  };
  expect(await texts('ws://127.0.0.1:1')).toMatch(/^IO error: .*\(os error \d+\)$/);
  expect(await texts(`http://${server.host}`)).toBe('URL error: URL scheme not supported');
  expect(await texts('ws+unix:///run/x.sock')).toBe('URL error: URL scheme not supported');
  expect(await texts('/path')).toBe('URL error: No host name in the URL');
  expect(await texts('ws://')).toBe('HTTP format error: invalid format');
  expect(await texts(`ws://${mute.host}`)).toBe('WebSocket protocol error: Handshake not finished');
  expect(await texts(`ws://${wrong.host}`)).toBe(
    'WebSocket protocol error: Key mismatch in "Sec-WebSocket-Accept" header',
  );
  expect(await texts(`ws://${server.host}`, { headers: { 'Sec-WebSocket-Protocol': 'chat' } })).toMatchObject({
    ok: {},
  });
  const http = await listen(createServer((_request, response) => void response.writeHead(404).end()));
  expect(await texts(`ws://${http.host}`)).toBe('HTTP error: 404 Not Found');
  const headers = [['X', 'a\r\nEvil: 1']];
  expect(
    await outcome(
      page.invoke('plugin:websocket|connect', { url: server.url, onMessage: '__CHANNEL__:1', config: { headers } }),
    ),
  ).toEqual({ error: 'failed to parse header value' });
  for (const each of [mute, wrong, http]) await until(() => each.sockets.size === 0);
});

test.each(['reload', 'close'] as const)('what a page began ends with its %s', async (end) => {
  const { page, core } = await open();
  const server = await serveSockets();
  const silent = await listen(createNetServer((socket) => socket.resume()));
  await connect(page, server);
  const { peer } = await connect(page, server);
  void outcome(classOf(page).connect(`ws://${silent.host}`));
  await until(() => silent.sockets.size === 1);
  peer.send(Buffer.alloc(1_000_000));
  if (end === 'reload') await page.reload();
  else page.close();
  await until(() => server.sockets.size === 0 && silent.sockets.size === 0);
  expect([page.connection.resources.size, page.connection.openChannels, core.errors]).toEqual([0, 0, []]);
});

test('a flood of messages waits in the server, not in the host', async () => {
  const { page } = await open();
  const server = await serveSockets();
  const { heard, peer } = await connect(page, server);
  const text = 'x'.repeat(1000);
  for (let index = 0; index < 20_000; index++) peer.send(`${index} ${text}`);
  await until(() => heard.length === 20_000);
  expect((heard as { data: string }[]).every(({ data }, index) => data.startsWith(`${index} `))).toBe(true);
});

test('another page does not send', async () => {
  const { page, core } = await open();
  const { socket } = await connect(page, await serveSockets());
  const other = await openPage(core, 'other');
  const message = { type: 'Text', data: 'x' };
  expect(await outcome(other.invoke('plugin:websocket|send', { id: socket.id, message }))).toEqual({
    error: `connection not found for the given id: ${socket.id}`,
  });
});

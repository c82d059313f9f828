/** `plugin:websocket|…` (tauri-acl 5.2): connections that the host holds for a page, in the words of tungstenite. */
import type { RawData, WebSocket } from 'ws';
import * as z from 'zod';
import { type Channel, channel } from '#core/channel.ts';
import { command } from '#core/command.ts';
import { recordOf } from '#core/context.ts';
import type { Core } from '#core/core.ts';
import { reject } from '#core/error.ts';
import { type Plugin, plugin } from '#core/plugin.ts';
import type { Resource } from '#core/resource.ts';
import { callersResources } from './host.ts';
import { readHeader, reasonPhrase } from './http-headers.ts';
import { ioErrorText } from './io-error.ts';
import { ByteArray } from './schemas.ts';

/** tungstenite's own bound for a message, and the largest here: what is larger would fill the host's memory. */
const MAX_MESSAGE_SIZE = 64 * 1024 * 1024;
/** What a slow server may leave waiting before the page is told so; a single message may be larger. */
const MAX_WAITING = 64 * 1024 * 1024;
/** Messages on their way to the page before the server has to wait. */
const MAX_UNHEARD = 64;
/** Connections of an app, with those that are being made. */
const MAX_CONNECTIONS = 256;
/** How long a server may take to end a connection that both sides closed. */
const CLOSE_TIMEOUT = 3000;

const Size = z.int().min(0).nullish();

const ConnectionConfig = z
  .object({
    readBufferSize: Size,
    writeBufferSize: Size,
    maxWriteBufferSize: Size,
    maxMessageSize: Size,
    maxFrameSize: Size,
    acceptUnmaskedFrames: z.boolean().optional(),
    headers: z.array(z.tuple([z.string(), z.string()])).nullish(),
  })
  .meta({ title: 'ConnectionConfig' });
type ConnectionConfig = z.infer<typeof ConnectionConfig>;

const CloseFrame = z.object({ code: z.int().min(0).max(0xffff), reason: z.string() }).meta({ title: 'CloseFrame' });

const Message = z
  .discriminatedUnion('type', [
    z.object({ type: z.literal('Text'), data: z.string() }),
    z.object({ type: z.literal('Binary'), data: ByteArray }),
    z.object({ type: z.literal('Ping'), data: ByteArray }),
    z.object({ type: z.literal('Pong'), data: ByteArray }),
    z.object({ type: z.literal('Close'), data: CloseFrame.nullish() }),
  ])
  .meta({ title: 'WebSocketMessage' });
type Message = z.infer<typeof Message>;

/** A connection of a page; it ends with the page. */
class Connection implements Resource {
  readonly resourceName = 'websocket';
  readonly #socket: WebSocket;
  readonly #maxWaiting: number;

  constructor(socket: WebSocket, maxWaiting: number) {
    this.#socket = socket;
    this.#maxWaiting = maxWaiting;
  }

  /** Resolves when the message has left. */
  async send(message: Message): Promise<void> {
    const socket = this.#socket;
    if (socket.readyState === socket.CLOSED) throw reject('Trying to work with closed connection');
    if (socket.readyState !== socket.OPEN) {
      throw reject('WebSocket protocol error: Sending after closing is not allowed');
    }
    if (socket.bufferedAmount > this.#maxWaiting) throw reject('Write buffer is full');
    if (message.type === 'Close') {
      this.#close(message.data ?? undefined);
      return;
    }
    const { promise, resolve, reject: fail } = Promise.withResolvers<void>();
    const done = (error?: Error | null) => (error ? fail(reject(wording(error))) : resolve());
    if (message.type === 'Text' || message.type === 'Binary') socket.send(message.data, done);
    else if (message.data.length > 125) throw CONTROL_TOO_BIG;
    else if (message.type === 'Ping') socket.ping(message.data, undefined, done);
    else socket.pong(message.data, undefined, done);
    await promise;
  }

  #close(frame: z.infer<typeof CloseFrame> | undefined): void {
    if (!frame) {
      this.#socket.close();
      return;
    }
    if (Buffer.byteLength(frame.reason) > 123) throw CONTROL_TOO_BIG;
    try {
      this.#socket.close(frame.code, frame.reason);
    } catch {
      throw reject('WebSocket protocol error: Invalid close sequence'); // codes that may not be sent
    }
  }

  close(): void {
    this.#socket.terminate();
  }
}

const CONTROL_TOO_BIG = reject('WebSocket protocol error: Control frame too big (payload must be 125 bytes or less)');

export function websocketPlugin(core: Core): Plugin {
  let connections = 0;
  return plugin({
    name: 'websocket',
    commands: [
      command(
        'connect',
        { args: { url: z.string(), onMessage: channel<unknown>(), config: ConnectionConfig.nullish() } },
        async ({ url, onMessage, config }, context) => {
          const { window, signal } = context;
          const resources = callersResources(core, window.label);
          if (connections >= MAX_CONNECTIONS) {
            throw reject(`too many connections at once: ${MAX_CONNECTIONS} of the app are open`);
          }
          connections++;
          const closed = () => void connections--;
          const socket = await open(url, config ?? {}, signal).catch((error: unknown) => {
            closed();
            throw error;
          });
          // One that has ended meanwhile tells of it no more.
          if (socket.readyState === socket.CLOSED) closed();
          else socket.once('close', closed);
          if (signal.aborted) {
            socket.terminate();
            throw reject('Trying to work with closed connection'); // nobody hears it
          }
          const connection = new Connection(socket, config?.maxWriteBufferSize ?? MAX_WAITING);
          const id = resources.add(connection, recordOf(context));
          // Under Tauri, too, a connection that the server closed is not found any more.
          relay(socket, onMessage, () => resources.close(id));
          return id;
        },
      ),
      command('send', { args: { id: z.uint32(), message: Message } }, ({ id, message }, { window }) => {
        const connection = callersResources(core, window.label).find(id);
        if (!(connection instanceof Connection)) throw reject(`connection not found for the given id: ${id}`);
        return connection.send(message);
      }),
    ],
  });
}

/** Resolves with an open socket; `signal` ends the attempt. */
async function open(text: string, config: ConnectionConfig, signal: AbortSignal): Promise<WebSocket> {
  const url = socketUrl(text);
  const headers = (config.headers ?? []).map(([name, value]) => readHeader(name, value));
  // ws wants to know what it asks for, to check the answer.
  const protocols = headers.filter(([name]) => name === PROTOCOL).flatMap(([, value]) => value.split(/ *, */));
  const { WebSocket } = await import('ws');
  const { promise, resolve, reject: fail } = Promise.withResolvers<WebSocket>();
  let socket: WebSocket;
  const options = {
    // The last of a name counts, as in Tauri.
    headers: Object.fromEntries(headers.filter(([name]) => name !== PROTOCOL)),
    maxPayload: Math.min(config.maxMessageSize ?? MAX_MESSAGE_SIZE, MAX_MESSAGE_SIZE),
    closeTimeout: CLOSE_TIMEOUT,
    perMessageDeflate: false,
    followRedirects: false,
  };
  try {
    socket = new WebSocket(url, protocols, options);
  } catch (error) {
    throw reject(wording(error as Error)); // a subprotocol that is none
  }
  const abandon = () => socket.terminate();
  if (signal.aborted) abandon();
  signal.addEventListener('abort', abandon);
  const failed = (error: Error) => fail(reject(wording(error)));
  // The first messages must not come before somebody listens.
  socket.once('open', () => {
    socket.pause();
    resolve(socket);
  });
  socket.on('error', failed);
  socket.on('unexpected-response', (_request, { statusCode = 0 }) => {
    fail(reject(`HTTP error: ${statusCode} ${reasonPhrase(statusCode) || '<unknown status code>'}`));
    socket.terminate();
  });
  try {
    return await promise;
  } finally {
    signal.removeEventListener('abort', abandon);
  }
}

const PROTOCOL = 'sec-websocket-protocol';

function socketUrl(text: string): URL {
  const url = URL.parse(text);
  if (!url) {
    const reason = text.startsWith('/') ? 'URL error: No host name in the URL' : 'HTTP format error: invalid format';
    throw reject(/^[\w.-]+$/.test(text) ? 'URL error: URL scheme not supported' : reason);
  }
  if (url.protocol !== 'ws:' && url.protocol !== 'wss:') throw reject('URL error: URL scheme not supported');
  url.hash = '';
  url.username = '';
  url.password = '';
  return url;
}

/** Gives the page what the server sends; a page that does not keep up makes the server wait. */
function relay(socket: WebSocket, page: Channel, closed: () => void): void {
  let unheard = 0;
  const tell = (message: unknown) => {
    if (++unheard > MAX_UNHEARD) socket.pause();
    page.send(message).then(
      () => {
        if (--unheard === 0) socket.resume();
      },
      () => socket.terminate(), // nobody hears it any more
    );
  };
  socket.on('message', (data, binary) =>
    tell(binary ? { type: 'Binary', data: [...bytesOf(data)] } : { type: 'Text', data: bytesOf(data).toString() }),
  );
  socket.on('ping', (data) => tell({ type: 'Ping', data: [...data] }));
  socket.on('pong', (data) => tell({ type: 'Pong', data: [...data] }));
  let failure: string | undefined;
  socket.on('error', (error) => {
    failure = wording(error);
  });
  socket.on('close', (code, reason) => {
    if (code === 1006 || failure !== undefined) {
      tell(failure ?? 'WebSocket protocol error: Connection reset without closing handshake');
    } else {
      tell({ type: 'Close', data: code === 1005 ? null : { code, reason: reason.toString() } });
      closed();
    }
    page.close();
  });
  socket.resume();
}

function bytesOf(data: RawData): Buffer {
  if (Array.isArray(data)) return Buffer.concat(data);
  return Buffer.isBuffer(data) ? data : Buffer.from(data);
}

/** What tungstenite says of a failure. */
function wording(error: Error): string {
  // Several addresses were tried.
  if (error instanceof AggregateError) return wording((error.errors as Error[])[0] ?? new Error(error.message));
  const { code = '', syscall } = error as NodeJS.ErrnoException;
  const known = WORDS[code] ?? WORDS[error.message];
  if (known !== undefined) return known;
  if (syscall !== undefined) return `IO error: ${ioErrorText(error)}`;
  return /^ERR_(TLS|SSL)|CERT/.test(code)
    ? `TLS error: ${error.message}`
    : `WebSocket protocol error: ${error.message}`;
}

/** By the code of an error, or by its message. */
const WORDS: Readonly<Record<string, string>> = {
  ENOTFOUND: 'IO error: failed to lookup address information: Name or service not known',
  EAI_AGAIN: 'IO error: failed to lookup address information: Temporary failure in name resolution',
  WS_ERR_UNSUPPORTED_MESSAGE_LENGTH: 'Space limit exceeded: Message too long',
  WS_ERR_UNSUPPORTED_DATA_PAYLOAD_LENGTH: 'Space limit exceeded: Message too long',
  WS_ERR_INVALID_UTF8: 'UTF-8 encoding error: invalid utf-8 sequence',
  'Invalid Sec-WebSocket-Accept header': 'WebSocket protocol error: Key mismatch in "Sec-WebSocket-Accept" header',
  'socket hang up': 'WebSocket protocol error: Handshake not finished',
};

/**
 * `plugin:upload|…`: a file goes to a server, or comes from one, with its progress told (tauri-acl 5.2). Tauri asks no scope
 * here; with a setting, those of the `fs` and `http` plugins are asked.
 */
import { constants } from 'node:fs';
import { type FileHandle, open } from 'node:fs/promises';
import type { Dispatcher } from 'undici';
import * as z from 'zod';
import { HttpScope } from '#core/acl/scope/http.ts';
import type { Scopes } from '#core/acl/scope/scope.ts';
import { type Channel, channel } from '#core/channel.ts';
import { command, type CommandContext } from '#core/command.ts';
import type { Core } from '#core/core.ts';
import { reject, Rejection } from '#core/error.ts';
import { type Plugin, plugin } from '#core/plugin.ts';
import { rustPath } from '#core/rust-path.ts';
import { atPlace, openAt } from './fs/place.ts';
import type { PluginHost } from './host.ts';
import { codeOf, ioErrorText } from './io-error.ts';
import { BorrowedText } from './schemas.ts';

/** What the upload plugin needs of VS Code. */
export interface UploadHost {
  /** the setting `permissions.uploadScopes`; read at each call */
  readonly scoped: boolean;
}

/** `ProgressPayload` */
interface Progress {
  /** bytes of this piece */
  readonly progress: number;
  readonly progressTotal: number;
  /** 0 where it is not known */
  readonly total: number;
  /** bytes a second */
  readonly transferSpeed: number;
}

const MAX_REDIRECTS = 10;
const CHUNK = 64 * 1024;
/** What a server may answer to an upload, or say of an error. */
const MAX_ANSWER = 64 * 1024 * 1024;

const shared = {
  id: z.uint32(),
  url: BorrowedText,
  filePath: BorrowedText,
  headers: z.record(z.string(), z.string()),
  onProgress: channel<Progress>(),
};
const Method = z.enum(['POST', 'PUT', 'PATCH']);

export function uploadPlugin(core: Core, host: PluginHost): Plugin {
  let agent: Promise<Dispatcher> | undefined;
  const getAgent = () => (agent ??= import('undici').then(({ EnvHttpProxyAgent }) => new EnvHttpProxyAgent()));

  const connect = async (context: CommandContext): Promise<Sender> => {
    const http = host.upload.scoped ? new HttpScope(scopesOf(core, context, 'plugin:http|fetch')) : undefined;
    return { agent: await getAgent(), signal: context.signal, check: (url) => http?.check(url) };
  };

  return plugin({
    name: 'upload',
    commands: [
      command(
        'upload',
        { args: { ...shared, method: Method.nullish() } },
        async ({ url, filePath, headers, method, onProgress }, context) => {
          const sender = await connect(context);
          const file = await openFile(core, host, context, filePath, 'read_file', constants.O_RDONLY);
          try {
            const { size } = await file.stat();
            const meter = new Meter(onProgress, size);
            const response = await send(sender, url, {
              method: method ?? 'POST',
              headers: { ...withoutLength(headers), 'content-length': String(size) },
              body: pieces(file, size, meter),
            });
            const text = await textOf(response, url);
            if (!isSuccess(response)) throw statusError(response, text);
            return text;
          } finally {
            await file.close();
          }
        },
      ),
      command(
        'download',
        { args: { ...shared, body: z.string().nullish() } },
        async ({ url, filePath, headers, body, onProgress }, context) => {
          const sender = await connect(context);
          const response = await send(sender, url, {
            method: typeof body === 'string' ? 'POST' : 'GET',
            headers,
            body: body ?? null,
          });
          if (!isSuccess(response)) throw statusError(response, await textOf(response, url).catch(() => ''));
          const flags = constants.O_WRONLY | constants.O_CREAT | constants.O_TRUNC;
          try {
            const file = await openFile(core, host, context, filePath, 'write_file', flags);
            try {
              const meter = new Meter(onProgress, Number(response.headers['content-length'] ?? 0) || 0);
              await save(response, file, meter, url);
            } finally {
              await file.close();
            }
          } finally {
            // Also where it is not read to its end: the connection is free then.
            response.body.on('error', () => undefined).destroy();
          }
          return null;
        },
      ),
    ],
    onDrop: () => void agent?.then((each) => each.destroy()),
  });
}

/** The scopes by which the calling window holds a command of another plugin. */
function scopesOf(core: Core, { window }: CommandContext, called: string): Scopes {
  const connection = core.windows.get(window.label)?.connection;
  const access = {
    command: called,
    window: window.label,
    webview: window.label,
    origin: connection?.origin ?? ('local' as const),
  };
  return core.authority.scopesOf(called, core.authority.resolveAccess(access) ?? []);
}

async function openFile(
  core: Core,
  host: PluginHost,
  context: CommandContext,
  path: string,
  name: 'read_file' | 'write_file',
  flags: number,
): Promise<FileHandle> {
  const { fsAccess, cwd, system } = host;
  try {
    // Never waits for the other end of a pipe.
    if (!host.upload.scoped) {
      return await open(rustPath(system.platform === 'win32').push(cwd, path), flags | (constants.O_NONBLOCK ?? 0));
    }
    const [grant] = await fsAccess.grant(name, [{ path }], scopesOf(core, context, `plugin:fs|${name}`));
    if (!grant) throw reject(`forbidden path: ${path}`);
    return await atPlace(grant, { follow: true, strict: fsAccess.strict }, (place) => openAt(place, flags));
  } catch (error) {
    throw error instanceof Rejection ? error : reject(ioErrorText(error));
  }
}

interface Sender {
  readonly agent: Dispatcher;
  readonly signal: AbortSignal;
  check(url: URL): void;
}

interface Outgoing {
  readonly method: string;
  readonly headers: Readonly<Record<string, string>>;
  readonly body: string | AsyncIterable<Uint8Array> | null;
}

/** Sends, and follows redirects as `reqwest` does: a body that is a stream cannot be sent twice. */
async function send(
  { agent, signal, check }: Sender,
  address: string,
  first: Outgoing,
): Promise<Dispatcher.ResponseData> {
  const parsed = URL.parse(address);
  if (!parsed) throw reject('builder error');
  let url = parsed;
  let request = first;
  for (let redirects = 0; ; redirects++) {
    if (!/^https?:$/.test(url.protocol)) throw reject(`builder error for url (${url.href})`);
    check(url);
    const { origin, pathname, search } = url;
    const response = await agent
      .request({
        origin,
        path: pathname + search,
        method: request.method as Dispatcher.HttpMethod,
        headers: request.headers,
        body: request.body as Dispatcher.DispatchOptions['body'],
        signal,
      } as Dispatcher.RequestOptions)
      .catch((error: unknown) => {
        throw error instanceof Rejection ? error : sendingError(error, url);
      });
    const location = response.headers['location'];
    const again = response.statusCode === 307 || response.statusCode === 308;
    const moved = again ? typeof request.body === 'string' || request.body === null : isMoved(response.statusCode);
    const next = typeof location === 'string' && moved ? URL.parse(location, url.href) : null;
    if (!next) return response;
    await response.body.dump();
    if (redirects === MAX_REDIRECTS) throw reject(`error following redirect for url (${url.href})`);
    request = redirected(request, again, next.origin === url.origin);
    url = next;
  }
}

const isMoved = (status: number) => status === 301 || status === 302 || status === 303;
const isSuccess = ({ statusCode }: Dispatcher.ResponseData) => statusCode >= 200 && statusCode < 300;

/** What is sent to where a redirect leads; another site gets no credentials. */
function redirected(request: Outgoing, again: boolean, sameOrigin: boolean): Outgoing {
  const secret = sameOrigin ? [] : ['authorization', 'cookie', 'cookie2', 'proxy-authorization', 'www-authenticate'];
  const gone = again ? secret : [...secret, 'content-length', 'content-type', 'content-encoding', 'transfer-encoding'];
  const headers = Object.fromEntries(
    Object.entries(request.headers).filter(([name]) => !gone.includes(name.toLowerCase())),
  );
  if (again) return { ...request, headers };
  return { method: request.method === 'HEAD' ? 'HEAD' : 'GET', headers, body: null };
}

function sendingError(error: unknown, url: URL): Rejection {
  const invalid = ['UND_ERR_INVALID_ARG', 'UND_ERR_NOT_SUPPORTED'].includes(codeOf(error));
  return reject(invalid ? 'builder error' : `error sending request for url (${url.href})`);
}

const statusError = ({ statusCode }: Dispatcher.ResponseData, text: string) =>
  reject(`request failed with status code ${statusCode}: ${text}`);

const withoutLength = (headers: Readonly<Record<string, string>>) =>
  Object.fromEntries(Object.entries(headers).filter(([name]) => !/^(?:content-length|transfer-encoding)$/i.test(name)));

async function textOf({ body }: Dispatcher.ResponseData, url: string): Promise<string> {
  const chunks: Uint8Array[] = [];
  let length = 0;
  try {
    for await (const chunk of body as AsyncIterable<Uint8Array>) {
      chunks.push(chunk);
      length += chunk.length;
      if (length > MAX_ANSWER) throw new Error('the answer is too large');
    }
  } catch (error) {
    throw Object.assign(reject(`error decoding response body for url (${url})`), { cause: error });
  }
  return new TextDecoder().decode(Buffer.concat(chunks));
}

async function save(response: Dispatcher.ResponseData, file: FileHandle, meter: Meter, url: string): Promise<void> {
  const chunks = (response.body as AsyncIterable<Uint8Array>)[Symbol.asyncIterator]();
  while (true) {
    const next = await chunks.next().catch((error: unknown) => {
      throw Object.assign(reject(`error decoding response body for url (${url})`), { cause: error });
    });
    if (next.done) return;
    try {
      let written = 0;
      while (written < next.value.length) {
        written += (await file.write(next.value, written, next.value.length - written, null)).bytesWritten;
      }
    } catch (error) {
      throw reject(ioErrorText(error));
    }
    await meter.count(next.value.length);
  }
}

/** The file piece by piece, up to the size that the server was told. */
async function* pieces(file: FileHandle, size: number, meter: Meter): AsyncGenerator<Uint8Array> {
  let left = size;
  while (left > 0) {
    const buffer = new Uint8Array(Math.min(CHUNK, left));
    const { bytesRead } = await file.read(buffer, 0, buffer.length, null);
    if (bytesRead === 0) return;
    left -= bytesRead;
    yield buffer.subarray(0, bytesRead);
    await meter.count(bytesRead);
  }
}

/** Tells a page what has gone through; its speed anew twice a second, as Tauri's numbers are. */
class Meter {
  readonly #channel: Channel<Progress>;
  readonly #total: number;
  #done = 0;
  #speed = 0;
  #bytes = 0;
  #since = performance.now();

  constructor(progress: Channel<Progress>, total: number) {
    this.#channel = progress;
    this.#total = total;
  }

  /** Resolves when the page has room for the next. */
  async count(bytes: number): Promise<void> {
    this.#done += bytes;
    this.#bytes += bytes;
    const milliseconds = Math.floor(performance.now() - this.#since);
    if (milliseconds >= 500) {
      this.#speed = Math.floor(this.#bytes / milliseconds) * 1024;
      this.#bytes = 0;
      this.#since = performance.now();
    }
    const progress = { progress: bytes, progressTotal: this.#done, total: this.#total, transferSpeed: this.#speed };
    await this.#channel.send(progress).catch(() => undefined); // nobody listens: the file goes on all the same
  }
}

/**
 * What stands behind a page server that has no files of its own: the app's development server, or another site. Requests
 * and their answers pass as they are; only documents are held, because they get the bridge.
 */
import {
  type IncomingHttpHeaders,
  type IncomingMessage,
  type OutgoingHttpHeaders,
  request as httpRequest,
  type ServerResponse,
} from 'node:http';
import { request as httpsRequest } from 'node:https';
import { connect, isIP, type Socket } from 'node:net';
import { connect as connectTls } from 'node:tls';
import * as zlib from 'node:zlib';
import { CookieJar } from './cookies.ts';
import { isLoopback } from './dev-server.ts';
import { hotReloadTarget } from './hot-reload.ts';

/** A document is held as a whole, to get the bridge. */
const MAX_DOCUMENT_BYTES = 32 * 1024 * 1024;

/** A document as it came, before it has the bridge. */
export interface ProxiedDocument {
  readonly html: string;
  readonly status: number;
  readonly headers: IncomingHttpHeaders;
}

export interface PageProxyOptions {
  /** the development server, or the origin of another site */
  readonly target: URL;
  /** whether it is another site: its pages are strangers here */
  readonly remote: boolean;
  /** the origin that its pages have here */
  origin(): string;
  /** whether a request's `Origin` is that of the app's pages */
  isOwn(origin: string | undefined): boolean;
  sendDocument(document: ProxiedDocument, url: URL, response: ServerResponse): void;
  /** a plain answer, which says why there is no other */
  fail(response: ServerResponse, status: number, why: string): void;
  /** nothing answers at the address of the development server */
  unreachable(document: boolean, response: ServerResponse, why: string): void;
}

export class PageProxy {
  readonly #options: PageProxyOptions;
  readonly #cookies: CookieJar;

  constructor(options: PageProxyOptions) {
    this.#options = options;
    this.#cookies = new CookieJar(options.remote && options.target.protocol === 'https:');
  }

  /**
   * Passes a request on, and its answer back.
   *
   * @param url what is asked for, at the origin that the page has here
   * @param document whether it is for a document, and no resource of one
   */
  pass(url: URL, document: boolean, request: IncomingMessage, response: ServerResponse): Promise<void> {
    const { target, remote, fail, unreachable } = this.#options;
    const send = target.protocol === 'https:' ? httpsRequest : httpRequest;
    return new Promise((resolve) => {
      const refuse = (why: string) => {
        upstream.destroy();
        if (!response.headersSent) fail(response, 502, `${target.origin} ${why}`);
        resolve();
      };
      /** Runs what an answer leads to: an error in an event of Node's would be nobody's, and the page would wait for ever. */
      const guarded = (run: () => void) => {
        try {
          run();
        } catch (error) {
          upstream.destroy();
          if (response.headersSent) response.destroy();
          else fail(response, 500, `The answer of ${target.origin} cannot be passed on: ${(error as Error).message}`);
          resolve();
        }
      };
      const take = (answer: IncomingMessage) => {
        if ((answer.statusCode ?? 0) < 200) return refuse('answered with a status that is none');
        const headers = this.#received(answer, url);
        const leaving = document && remote ? leadsElsewhere(headers.location, this.#options.origin()) : undefined;
        if (leaving !== undefined) {
          upstream.destroy();
          fail(response, 403, `${target.origin} leads to ${leaving}: a window shows pages of one origin only.`);
          resolve();
          return;
        }
        answer.on('error', () => {
          // Refused: that is still on its way to the page.
          if (!response.writableEnded) response.destroy();
          resolve();
        });
        // What a page fetches for itself passes as it is; only documents of the frame get the bridge.
        if (document && /^text\/html/i.test(headers['content-type'] ?? '')) {
          this.#readDocument(answer, refuse, (html) =>
            guarded(() => {
              this.#options.sendDocument({ html, status: answer.statusCode ?? 200, headers }, url, response);
              resolve();
            }),
          );
          return;
        }
        response.writeHead(answer.statusCode ?? 502, headers);
        // A stream of events may say nothing for long, but the page must know that it is open.
        response.flushHeaders();
        answer.pipe(response);
        answer.on('end', resolve);
      };
      const upstream = send(
        at(url, target),
        {
          method: request.method,
          headers: { ...this.#forwarded(url, request), ...(document && { 'accept-encoding': 'identity' }) },
          ...trustOf(target, remote),
        },
        (answer) => guarded(() => take(answer)),
      );
      // Nobody takes the answer any more: an endless one must not go on.
      response.on('close', () => upstream.destroy());
      upstream.on('error', (error) => {
        resolve();
        if (response.headersSent) return void (response.writableEnded || response.destroy());
        const why = (error as NodeJS.ErrnoException).code ?? error.message;
        if (remote) fail(response, 502, `The site at ${target.origin} does not answer (${why}).`);
        else unreachable(document, response, why);
      });
      // A switch of protocols that nobody asked for: its answer would never end.
      upstream.on('upgrade', () => refuse('answered with another protocol'));
      request.pipe(upstream);
    });
  }

  /** The text of a document, however it is coded: servers need not heed what they are asked for. */
  #readDocument(answer: IncomingMessage, refuse: (why: string) => void, done: (html: string) => void): void {
    const coding = (answer.headers['content-encoding'] ?? '').trim().toLowerCase();
    const decoder = decoderOf(coding);
    if (decoder === 'unknown') return refuse(`gave a document in a coding that is not known here: ${coding}`);
    const body = decoder ? answer.pipe(decoder) : answer;
    const chunks: Buffer[] = [];
    let size = 0;
    body.on('data', (chunk: Buffer) => {
      chunks.push(chunk);
      size += chunk.length;
      if (size <= MAX_DOCUMENT_BYTES) return;
      chunks.length = 0;
      body.destroy();
      refuse(`gave a document of more than ${MAX_DOCUMENT_BYTES >> 20} MiB`);
    });
    body.on('end', () => done(decodeHtml(Buffer.concat(chunks), answer.headers['content-type'])));
    decoder?.on('error', (error) => refuse(`gave a document that is not ${coding}: ${error.message}`));
  }

  /** What of an answer's headers reaches the page, made to fit the origin that it has here. */
  #received({ headers }: IncomingMessage, url: URL): IncomingHttpHeaders {
    const { target, remote, origin } = this.#options;
    const { location } = headers;
    const moved = location === undefined ? undefined : URL.parse(location, at(url, target).href);
    const own = moved && (moved.origin === target.origin || (!remote && isSameServer(moved, target)));
    const here = {
      ...(moved && { location: own ? at(moved, new URL(origin())).href + moved.hash : moved.href }),
    };
    // A panel's page is a frame. Trailers are not passed on, and Node takes none to be announced with a length.
    if (!remote) return { ...without(headers, 'x-frame-options', 'trailer'), ...here };
    this.#cookies.store(headers['set-cookie'] ?? [], url.pathname);
    return {
      // 127.0.0.1 belongs to others, too.
      ...without(
        headers,
        'set-cookie',
        'x-frame-options',
        'trailer',
        'clear-site-data',
        'strict-transport-security',
        'alt-svc',
      ),
      ...here,
    };
  }

  #forwarded(url: URL, request: IncomingMessage): Record<string, string | string[] | undefined> {
    const { target, remote, origin, isOwn } = this.#options;
    const headers = { ...request.headers, host: target.host };
    // The server behind must see requests of the app's pages as from its own, and those of other sites as what they are.
    if (isOwn(headers.origin)) headers.origin = target.origin;
    if (headers.referer) headers.referer = headers.referer.replace(origin(), target.origin);
    if (!remote) return headers;
    // Those that the browser has are of other servers on this machine.
    const cookie = this.#cookies.header(url.pathname);
    return { ...without(headers, 'cookie'), ...(cookie !== undefined && { cookie }) };
  }

  /** Hot reload speaks through a WebSocket: its handshake is passed on as it is, and then its bytes. */
  upgrade(url: URL, request: IncomingMessage, socket: Socket, head: Buffer): void {
    const { target, remote } = this.#options;
    const to = remote ? { port: portOf(target), path: url } : hotReloadTarget(url, request, portOf(target));
    if (!to) return void socket.destroy();
    const { port } = to;
    const host = hostOf(target);
    // A port of its own for hot reload has the certificate of the server, but no other says so.
    const secure = target.protocol === 'https:';
    const servername = isIP(host) === 0 ? { servername: host } : {};
    const upstream = secure
      ? connectTls({ port, host, ...servername, ...trustOf(target, remote) })
      : connect({ port, host });
    upstream.once(secure ? 'secureConnect' : 'connect', () => {
      const forwarded = this.#forwarded(url, request);
      const headers = Object.entries(forwarded).flatMap(([name, value]) =>
        (Array.isArray(value) ? value : [value]).filter((each) => each !== undefined).map((each) => `${name}: ${each}`),
      );
      const { pathname, search } = to.path;
      upstream.write(`${request.method} ${pathname}${search} HTTP/1.1\r\n${headers.join('\r\n')}\r\n\r\n`);
      upstream.write(head);
      upstream.pipe(socket).pipe(upstream);
    });
    upstream.on('error', () => socket.destroy());
    socket.on('error', () => upstream.destroy());
    socket.on('close', () => upstream.destroy());
  }
}

/** The same path and query at another server. */
export function at({ pathname, search }: Pick<URL, 'pathname' | 'search'>, server: URL): URL {
  const url = new URL(server.origin);
  url.pathname = pathname;
  url.search = search;
  return url;
}

const portOf = ({ port, protocol }: URL): number => Number(port || (protocol === 'https:' ? 443 : 80));

/** The host to connect to: `0.0.0.0` is where servers listen, and not on every system an address to ask. */
function hostOf({ hostname }: URL): string {
  const host = hostname.replace(/^\[(.*)\]$/, '$1');
  return host === '0.0.0.0' ? '127.0.0.1' : host === '::' ? '::1' : host;
}

/** A development server on this machine signs its certificate itself; nobody is between it and here. */
function trustOf(target: URL, remote: boolean): { rejectUnauthorized?: false } {
  return !remote && isLoopback(target.hostname) ? { rejectUnauthorized: false } : {};
}

/** Whether an address is that of the development server under another name of this machine. */
function isSameServer(url: URL, target: URL): boolean {
  return portOf(url) === portOf(target) && isLoopback(url.hostname) && isLoopback(target.hostname);
}

/** The origin that a redirection leads to, where it is not this one. */
function leadsElsewhere(location: string | undefined, origin: string): string | undefined {
  const target = location === undefined ? undefined : URL.parse(location, origin);
  return target && target.origin !== origin ? target.origin : undefined;
}

/** What undoes a content coding; undefined where there is nothing to undo. */
function decoderOf(coding: string): zlib.Gunzip | zlib.BrotliDecompress | 'unknown' | undefined {
  if (coding === '' || coding === 'identity') return undefined;
  if (coding === 'gzip' || coding === 'x-gzip') return zlib.createGunzip();
  if (coding === 'deflate') return zlib.createInflate();
  if (coding === 'br') return zlib.createBrotliDecompress();
  // The oldest VS Code that we support may bring a Node without it.
  if (coding === 'zstd' && 'createZstdDecompress' in zlib) return zlib.createZstdDecompress();
  return 'unknown';
}

/** HTML as text, by the charset that its header or its first `meta` names. */
function decodeHtml(bytes: Buffer, type = ''): string {
  const named = /charset=["']?([\w-]+)/i;
  const charset = named.exec(type)?.[1] ?? named.exec(bytes.subarray(0, 1024).toString('latin1'))?.[1] ?? 'utf-8';
  try {
    return new TextDecoder(charset).decode(bytes);
  } catch {
    return bytes.toString('utf8'); // no such charset
  }
}

export function without<T extends OutgoingHttpHeaders>(object: T, ...names: readonly (keyof T & string)[]): T {
  return Object.fromEntries(
    Object.entries(object).filter(([name]) => !(names as readonly string[]).includes(name)),
  ) as T;
}

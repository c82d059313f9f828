/**
 * The loopback HTTP server of one app: its pages live at the root of an origin of their own, as under Tauri, so that
 * root-absolute URLs, module scripts, workers and history routing work (DESIGN.md, "Serving a page").
 */
import { randomBytes } from 'node:crypto';
import { createReadStream, existsSync, readFileSync, statSync } from 'node:fs';
import {
  createServer,
  type IncomingHttpHeaders,
  type IncomingMessage,
  type OutgoingHttpHeaders,
  request as httpRequest,
  type Server,
  type ServerResponse,
} from 'node:http';
import { request as httpsRequest } from 'node:https';
import { type AddressInfo, connect, isIP, type Socket } from 'node:net';
import { connect as connectTls } from 'node:tls';
import { isAbsolute, join, normalize, sep } from 'node:path';
import { lookup } from 'mrmime';
import { createKey } from '../key.ts';
import { CookieJar } from './cookies.ts';
import { injectBridge, panelCsp, remoteCsp } from './page-html.ts';

/** Paths below this one are the server's own; no app can have them. */
export const OWN_PATH = '/__ipc_workbench__/';

export interface PageSource {
  /** the folder with the built frontend, the address of a development server, or the origin of another site */
  readonly frontend:
    | { readonly kind: 'folder'; readonly folder: string }
    | { readonly kind: 'server'; readonly url: URL }
    | { readonly kind: 'remote'; readonly url: URL };
  /** a name below `localhost` by which pages reach the server; 127.0.0.1 where there is none */
  readonly host?: string;
  readonly csp: string | undefined;
  /** where the frame of the app's isolation page comes from, where it has one */
  isolationOrigin?(): string | undefined;
  /** files of the asset protocol: canonical path if it may be read, else undefined */
  asset(path: string): Promise<string | undefined>;
  /** what goes into every document; asked for each one, so that plugins' scripts are current */
  injection(pageOrigin: string): Omit<Parameters<typeof injectBridge>[1], 'nonce'>;
  /** asked before a document is served; false: the navigation is stopped (Tauri's `on_navigation`) */
  allowNavigation(url: string, referer: string | undefined): Promise<boolean>;
  /** the localStorage that the host keeps, as JSON */
  storage(): string;
}

/** Documents whose pages have not asked for their connection yet; a page asks with its first script. */
const MAX_KEYS = 1024;
/** A document is held as a whole, to get the bridge. */
const MAX_DOCUMENT_BYTES = 32 * 1024 * 1024;

/** Serves the pages of one origin of an app. Made by {@link startPageServer}. */
export class PageServer {
  readonly #server: Server;
  readonly #source: PageSource;
  readonly #sockets = new Set<Socket>();
  readonly port: number;
  /** by which origins pages may ask: this machine's loopback, and where VS Code makes it reachable from */
  readonly #origins: Set<string>;
  /** what the wrapper pages of this server's pages prove themselves with */
  readonly wrapperKey = createKey();
  /** the addresses of documents by the keys they were served with */
  readonly #keys = new Map<string, string>();
  readonly #cookies: CookieJar;
  #origin: string;

  constructor(server: Server, source: PageSource) {
    this.#server = server;
    this.#source = source;
    this.#cookies = new CookieJar(source.frontend.kind === 'remote' && source.frontend.url.protocol === 'https:');
    this.port = (server.address() as AddressInfo).port;
    const loopback = `http://127.0.0.1:${this.port}`;
    this.#origin = source.host === undefined ? loopback : `http://${source.host}:${this.port}`;
    // Another site has a host of its own and no other name: under that of the app it would share its cookies.
    const names = source.host === undefined ? [loopback, `http://localhost:${this.port}`] : [];
    this.#origins = new Set([this.#origin, ...names]);
    server.on('connection', (socket) => {
      this.#sockets.add(socket);
      socket.once('close', () => this.#sockets.delete(socket));
    });
    server.on('request', (request, response) => {
      this.#respond(request, response).catch((error: unknown) => {
        if (response.headersSent) response.destroy();
        else fail(response, 500, `IPC Workbench could not serve this page: ${(error as Error).message}`);
      });
    });
    server.on('upgrade', (request, socket: Socket, head: Buffer) => this.#upgrade(request, socket, head));
  }

  /** The origin of its pages. */
  get origin(): string {
    return this.#origin;
  }

  /** Whether its pages are those of another site. */
  get remote(): boolean {
    return this.#source.frontend.kind === 'remote';
  }

  /**
   * A page load asks for its connection: gives the address that its document has under Tauri, once. Undefined for a key
   * that was used, or that no document was served with.
   */
  redeem(key: string): string | undefined {
    const url = this.#keys.get(key);
    this.#keys.delete(key);
    return url;
  }

  /** Pages reach this server by another origin: a tunnel of VS Code to the machine that it runs on. */
  reachAt(origin: string): void {
    this.#origin = origin;
    this.#origins.add(origin);
  }

  /** The address of a window's page: a path as Tauri joins it to the app's URL (`index.html` is dropped). */
  pageUrl(path: string): string {
    const url = URL.parse(path.replace(/^\/+/, ''), `${this.origin}/`);
    // What no page can have as its address, such as `javascript:`, is a path like any other.
    if (!url || !/^https?:$/.test(url.protocol))
      return onServer({ pathname: path, search: '' }, new URL(this.origin)).href;
    if (url.origin !== this.origin) return url.href;
    url.pathname = url.pathname.replace(/(^|\/)index\.html$/, '$1');
    return url.href;
  }

  dispose(): void {
    this.#server.close();
    for (const socket of this.#sockets) socket.destroy();
  }

  /** Another name for this machine in the Host header would be a DNS rebinding attack. */
  #knownHost(request: IncomingMessage): boolean {
    const { host = '' } = request.headers;
    return [...this.#origins].some((origin) => new URL(origin).host === host);
  }

  #isOwn(origin: string | undefined): boolean {
    return origin !== undefined && this.#origins.has(origin);
  }

  /** What is asked for, at this origin: a request line such as `//host/` or `http://host/` must not name another one. */
  #urlOf(request: IncomingMessage): URL {
    const [, path = '', query = ''] =
      /^(?:[a-z][a-z\d+.-]*:\/\/[^/?#]*)?([^?#]*)(\?[^#]*)?/i.exec(request.url ?? '') ?? [];
    const url = new URL(this.origin);
    url.pathname = path;
    url.search = query;
    return url;
  }

  async #respond(request: IncomingMessage, response: ServerResponse): Promise<void> {
    if (!this.#knownHost(request)) return fail(response, 421, 'unknown host');
    const url = this.#urlOf(request);
    if (url.pathname.startsWith(OWN_PATH))
      return this.#respondOwn(url.pathname.slice(OWN_PATH.length), request, response);
    const { frontend } = this.#source;
    if (frontend.kind === 'remote' && !isOfPage(request)) return fail(response, 403, 'only for pages of this app');
    if (
      isDocument(request) &&
      !(await this.#source.allowNavigation(this.#addressOf(url).href, request.headers.referer))
    ) {
      return fail(response, 403, 'A plugin of this app does not allow this navigation.');
    }
    if (frontend.kind !== 'folder') return this.#proxy(frontend.url, url, request, response);
    if (request.method !== 'GET' && request.method !== 'HEAD') return fail(response, 405, 'only GET and HEAD');
    return this.#serveFile(frontend.folder, url, request, response);
  }

  /** The address that a page has under Tauri: a remote one that of its site. */
  #addressOf(url: URL): URL {
    const { frontend } = this.#source;
    return frontend.kind === 'remote' ? onServer(url, frontend.url) : url;
  }

  async #respondOwn(path: string, request: IncomingMessage, response: ServerResponse): Promise<void> {
    // Only the app's own pages: another site in the user's browser must read neither files nor storage.
    const site = request.headers['sec-fetch-site'];
    const foreign = site !== undefined && site !== 'same-origin';
    if (foreign || this.remote) return fail(response, 403, 'only for pages of this app');
    if (path === 'storage') {
      response.writeHead(200, { 'content-type': 'application/json', 'cache-control': 'no-store' });
      response.end(this.#source.storage());
    } else if (path.startsWith('asset/')) {
      const file = await this.#source.asset(decode(path.slice('asset/'.length)) ?? '');
      if (file !== undefined && statSync(file).isFile()) sendFile(file, request, response, {});
      else response.writeHead(403).end();
    } else fail(response, 404, 'not found');
  }

  #serveFile(folder: string, url: URL, request: IncomingMessage, response: ServerResponse): void {
    const { pathname } = url;
    const file = findAsset(folder, pathname);
    if (!file) return fail(response, 404, `${pathname} is not in ${folder}, and there is no index.html`);
    if (!/\.html?$/i.test(file) || !isDocument(request)) return sendFile(file, request, response, this.#headers());
    const { csp } = this.#source;
    this.#sendDocument(readFileSync(file, 'utf8'), response, url, csp === undefined ? undefined : [csp, panelCsp]);
  }

  /** @param csp the policy, and what adds to it what the bridge needs */
  #sendDocument(
    html: string,
    response: ServerResponse,
    url: URL,
    csp: readonly [string, (csp: string, nonce: string, isolationOrigin?: string) => string] | undefined,
    { status = 200, headers = {} }: { status?: number; headers?: OutgoingHttpHeaders } = {},
  ): void {
    const nonce = randomBytes(16).toString('base64');
    const policy = csp && csp[1](csp[0], nonce, this.#source.isolationOrigin?.());
    response.writeHead(status, {
      ...headers,
      'content-type': 'text/html; charset=utf-8',
      'cache-control': 'no-store',
      ...this.#headers(),
      ...(policy && { 'content-security-policy': policy }),
    });
    const injection = this.#source.injection(this.#origin);
    const keys = { key: this.#issueKey(url), wrapperKey: this.wrapperKey };
    const injected = { ...injection, config: { ...this.#configOf(injection.config), ...keys }, nonce };
    response.end(injectBridge(html, injected, !this.remote));
  }

  /** A remote page has neither the app's files nor its storage. */
  #configOf(config: object): object {
    if (!this.remote) return config;
    const { assetUrl: _assetUrl, storageUrl: _storageUrl, ...rest } = config as Record<string, unknown>;
    return rest;
  }

  #issueKey(url: URL): string {
    const key = createKey();
    this.#keys.set(key, this.#addressOf(url).href);
    const [oldest = ''] = this.#keys.keys();
    if (this.#keys.size > MAX_KEYS) this.#keys.delete(oldest);
    return key;
  }

  #headers(): Record<string, string> {
    return { 'x-content-type-options': 'nosniff', 'cross-origin-resource-policy': 'same-origin' };
  }

  // ---- a development server or another site behind it

  #proxy(target: URL, url: URL, request: IncomingMessage, response: ServerResponse): Promise<void> {
    const send = target.protocol === 'https:' ? httpsRequest : httpRequest;
    const document = isDocument(request);
    return new Promise((resolve) => {
      const refuse = (why: string) => {
        upstream.destroy();
        fail(response, 502, `${target.origin} ${why}`);
        resolve();
      };
      const upstream = send(
        onServer(url, target),
        {
          method: request.method,
          headers: { ...this.#forwarded(request, target), ...(document && { 'accept-encoding': 'identity' }) },
        },
        (answer) => {
          if ((answer.statusCode ?? 0) < 200) return refuse('answered with a status that is none');
          const headers = this.#received(answer, target, url);
          const leaving = document && this.remote ? leadsElsewhere(headers.location, this.origin) : undefined;
          if (leaving !== undefined) {
            upstream.destroy();
            fail(response, 403, `${target.origin} leads to ${leaving}: a window shows pages of one origin only.`);
            resolve();
            return;
          }
          // What a page fetches for itself passes as it is; only documents of the frame get the bridge.
          if (document && /^text\/html/i.test(headers['content-type'] ?? '')) {
            const chunks: Buffer[] = [];
            let size = 0;
            answer.on('data', (chunk: Buffer) => {
              chunks.push(chunk);
              size += chunk.length;
              if (size <= MAX_DOCUMENT_BYTES) return;
              chunks.length = 0;
              refuse(`gave a document of more than ${MAX_DOCUMENT_BYTES >> 20} MiB`);
            });
            answer.on('end', () => {
              const html = decodeHtml(Buffer.concat(chunks), headers['content-type']);
              this.#sendProxied(html, response, url, { status: answer.statusCode ?? 200, headers });
              resolve();
            });
          } else {
            response.writeHead(answer.statusCode ?? 502, headers);
            answer.pipe(response);
            answer.on('end', resolve);
          }
          answer.on('error', () => {
            // Refused above: that is still on its way to the page.
            if (!response.writableEnded) response.destroy();
            resolve();
          });
        },
      );
      // Nobody takes the answer any more: an endless one must not go on.
      response.on('close', () => upstream.destroy());
      upstream.on('error', (error) => {
        resolve();
        if (response.headersSent) return void (response.writableEnded || response.destroy());
        fail(
          response,
          502,
          `The ${this.remote ? 'site' : 'development server'} at ${target.origin} does not answer (${(error as NodeJS.ErrnoException).code ?? error.message}).${this.remote ? '' : ' Start it, then reload this window.'}`,
        );
      });
      // A switch of protocols that nobody asked for: its answer would never end.
      upstream.on('upgrade', () => refuse('answered with another protocol'));
      request.pipe(upstream);
    });
  }

  #sendProxied(
    html: string,
    response: ServerResponse,
    url: URL,
    { status, headers }: { status: number; headers: IncomingHttpHeaders },
  ): void {
    const { csp } = this.#source;
    if (!this.remote)
      return this.#sendDocument(html, response, url, csp === undefined ? undefined : [csp, panelCsp], { status });
    const own = headers['content-security-policy'];
    // The length and coding were those of the text before.
    const kept = without(headers, 'content-length', 'content-encoding', 'transfer-encoding', 'content-security-policy');
    const policy = own === undefined ? undefined : ([String(own), remoteCsp] as const);
    this.#sendDocument(html, response, url, policy, { status, headers: kept });
  }

  /** What of an answer's headers reaches the page. Those of another site are made to fit the origin that it has here. */
  #received(answer: IncomingMessage, target: URL, url: URL): IncomingHttpHeaders {
    const { headers } = answer;
    if (!this.remote) return headers;
    this.#cookies.store(headers['set-cookie'] ?? [], url.pathname);
    const { location } = headers;
    const moved = location === undefined ? undefined : URL.parse(location, onServer(url, target).href);
    return {
      // A panel's page is a frame, and 127.0.0.1 belongs to others, too.
      ...without(headers, 'set-cookie', 'x-frame-options', 'clear-site-data', 'strict-transport-security', 'alt-svc'),
      ...this.#headers(),
      ...(moved && {
        location: moved.origin === target.origin ? onServer(moved, new URL(this.origin)).href + moved.hash : moved.href,
      }),
    };
  }

  #forwarded(request: IncomingMessage, target: URL): Record<string, string | string[] | undefined> {
    const headers = { ...request.headers, host: target.host };
    // The server behind must see requests of the app's pages as from its own, and those of other sites as what they are.
    if (this.#isOwn(headers.origin)) headers.origin = target.origin;
    if (headers.referer) headers.referer = headers.referer.replace(this.origin, target.origin);
    if (!this.remote) return headers;
    // Those that the browser has are of other servers on this machine.
    const cookie = this.#cookies.header(this.#urlOf(request).pathname);
    return { ...without(headers, 'cookie'), ...(cookie !== undefined && { cookie }) };
  }

  /** Hot reload speaks through a WebSocket: its handshake is passed on as it is, and then its bytes. */
  #upgrade(request: IncomingMessage, socket: Socket, head: Buffer): void {
    const { frontend } = this.#source;
    const { origin } = request.headers;
    // No browser keeps other sites from opening a WebSocket to here.
    const foreign = origin !== undefined && !this.#isOwn(origin);
    if (frontend.kind === 'folder' || !this.#knownHost(request) || foreign) return void socket.destroy();
    const target = frontend.url;
    const secure = target.protocol === 'https:';
    const port = Number(target.port || (secure ? 443 : 80));
    const host = target.hostname.replace(/^\[(.*)\]$/, '$1');
    const servername = isIP(host) === 0 ? { servername: host } : {};
    const upstream = secure ? connectTls({ port, host, ...servername }) : connect({ port, host });
    upstream.once(secure ? 'secureConnect' : 'connect', () => {
      const headers = Object.entries(this.#forwarded(request, target)).flatMap(([name, value]) =>
        (Array.isArray(value) ? value : [value]).filter((each) => each !== undefined).map((each) => `${name}: ${each}`),
      );
      const { pathname, search } = this.#urlOf(request);
      upstream.write(`${request.method} ${pathname}${search} HTTP/1.1\r\n${headers.join('\r\n')}\r\n\r\n`);
      upstream.write(head);
      upstream.pipe(socket).pipe(upstream);
    });
    upstream.on('error', () => socket.destroy());
    socket.on('error', () => upstream.destroy());
    socket.on('close', () => upstream.destroy());
  }
}

/** Starts the server on `port` if it is free, else on any other: the origin, and with it localStorage, stays if it can. */
export async function startPageServer(source: PageSource, port: number): Promise<PageServer> {
  const server = createServer();
  try {
    await listen(server, port);
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== 'EADDRINUSE' && (error as NodeJS.ErrnoException).code !== 'EACCES')
      throw error;
    await listen(server, 0);
  }
  return new PageServer(server, source);
}

function listen(server: Server, port: number): Promise<void> {
  return new Promise((resolve, reject) => {
    server.once('error', reject);
    server.listen(port, '127.0.0.1', () => {
      server.off('error', reject);
      resolve();
    });
  });
}

/** The same path and query at another server. */
function onServer({ pathname, search }: Pick<URL, 'pathname' | 'search'>, server: URL): URL {
  const url = new URL(server.origin);
  url.pathname = pathname;
  url.search = search;
  return url;
}

function isDocument(request: IncomingMessage): boolean {
  const destination = request.headers['sec-fetch-dest'];
  // Not said over plain HTTP from another machine: then it is what only a navigation accepts.
  if (destination === undefined) return /\btext\/html\b/.test(request.headers.accept ?? '');
  return destination === 'iframe' || destination === 'document' || destination === 'frame';
}

/**
 * Whether a request can be one of the page in a panel: its own, or the one that its frame begins with. Any site in the
 * user's browser can reach this port, and would act with the cookies that are kept here.
 */
function isOfPage(request: IncomingMessage): boolean {
  const { 'sec-fetch-site': site, 'sec-fetch-dest': destination } = request.headers;
  if (site === undefined || site === 'same-origin') return true;
  return request.method === 'GET' && destination === 'iframe';
}

/** The origin that a redirection leads to, where it is not this one. */
function leadsElsewhere(location: string | undefined, origin: string): string | undefined {
  const target = location === undefined ? undefined : URL.parse(location, origin);
  return target && target.origin !== origin ? target.origin : undefined;
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

function without<T extends object>(object: T, ...names: readonly (keyof T & string)[]): T {
  return Object.fromEntries(
    Object.entries(object).filter(([name]) => !(names as readonly string[]).includes(name)),
  ) as T;
}

/** The file for a path, in Tauri's order: itself, with `.html`, its `index.html`, the app's `index.html`. */
export function findAsset(folder: string, pathname: string): string | undefined {
  const path = decode(pathname);
  if (path === undefined || path.includes('\0')) return undefined;
  const relative = normalize(path)
    .replace(/^[/\\]+/, '')
    .replace(/[/\\]+$/, '');
  if (relative.split(sep).includes('..') || isAbsolute(relative)) return undefined;
  const candidates = [relative, `${relative}.html`, join(relative, 'index.html'), 'index.html'];
  return candidates.map((each) => join(folder, each)).find((file) => existsSync(file) && statSync(file).isFile());
}

function decode(text: string): string | undefined {
  try {
    return decodeURIComponent(text);
  } catch {
    return undefined; // a lone % is no path
  }
}

function sendFile(
  file: string,
  request: IncomingMessage,
  response: ServerResponse,
  headers: Record<string, string>,
): void {
  const { size } = statSync(file);
  const type = lookup(file) ?? 'application/octet-stream';
  const textual = /^(text\/|application\/(javascript|json|manifest\+json)$|image\/svg\+xml$)/.test(type);
  const base = {
    ...headers,
    'content-type': textual ? `${type}; charset=utf-8` : type,
    'accept-ranges': 'bytes',
    'cache-control': 'no-cache',
  };
  const range = /^bytes=(\d*)-(\d*)$/.exec(request.headers.range ?? '');
  let start = 0;
  let end = size - 1;
  if (range && (range[1] || range[2])) {
    start = range[1] ? Number(range[1]) : Math.max(0, size - Number(range[2]));
    end = range[1] && range[2] ? Math.min(Number(range[2]), size - 1) : size - 1;
    if (start > end) {
      response.writeHead(416, { 'content-range': `bytes */${size}` }).end();
      return;
    }
    response.writeHead(206, {
      ...base,
      'content-length': end - start + 1,
      'content-range': `bytes ${start}-${end}/${size}`,
    });
  } else response.writeHead(200, { ...base, 'content-length': size });
  if (request.method === 'HEAD' || size === 0) {
    response.end();
    return;
  }
  const stream = createReadStream(file, { start, end });
  stream.on('error', () => response.destroy());
  stream.pipe(response);
}

function fail(response: ServerResponse, status: number, message: string): void {
  response.writeHead(status, { 'content-type': 'text/plain; charset=utf-8', 'cache-control': 'no-store' });
  response.end(message);
}

/**
 * The loopback HTTP server of one app: its pages live at the root of an origin of their own, as under Tauri, so that
 * root-absolute URLs, module scripts, workers and history routing work.
 */
import { randomBytes } from 'node:crypto';
import { readFileSync, statSync } from 'node:fs';
import {
  createServer,
  type IncomingMessage,
  type OutgoingHttpHeaders,
  type Server,
  type ServerResponse,
} from 'node:http';
import type { AddressInfo, Socket } from 'node:net';
import type { WebSocket } from 'ws';
import { MAX_LANE_BYTES } from '#core/lane.ts';
import { createKey, KEY_START } from '../key.ts';
import type { LaneOffer } from '../lane.ts';
import { waitForServer } from './dev-server.ts';
import { OWN_PATH } from './own-path.ts';
import { decodePath, findAsset, sendFile } from './page-files.ts';
import { developmentCsp, injectBridge, panelCsp, remoteCsp, type Unmodified } from './page-html.ts';
import { at, PageProxy, type ProxiedDocument, without } from './page-proxy.ts';
import { sendUnreachablePage } from './unreachable-page.ts';

export interface PageSource {
  /**
   * the folder with the built frontend, or the files and folders that it is made of; the address of a development server;
   * or the origin of another site
   */
  readonly frontend:
    | { readonly kind: 'folder'; readonly folder: string | readonly string[] }
    | { readonly kind: 'server'; readonly url: URL }
    | { readonly kind: 'remote'; readonly url: URL };
  /** a name below `localhost` by which pages reach the server; 127.0.0.1 where there is none */
  readonly host?: string;
  readonly csp: string | undefined;
  /** what of the policy the configuration does not let be changed: `dangerousDisableAssetCspModification` */
  readonly cspUnmodified?: Unmodified;
  /** headers that the configuration gives the app's files */
  readonly headers?: Readonly<Record<string, string>>;
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
  /** a window's page cannot be had: the development server does not answer */
  onUnreachable?(): void;
}

/** Documents whose pages have not asked for their connection yet; a page asks with its first script. */
const MAX_KEYS = 1024;

/** Where wrapper pages open their lanes. */
const LANE_PATH = `${OWN_PATH}lane/`;

/** Serves the pages of one origin of an app. Made by {@link startPageServer}. */
export class PageServer {
  readonly #server: Server;
  #source: PageSource;
  /** where the pages are those of another server */
  #proxy: PageProxy | undefined;
  readonly #sockets = new Set<Socket>();
  readonly port: number;
  /** by which origins pages may ask: this machine's loopback, and where VS Code makes it reachable from */
  readonly #origins: Set<string>;
  /** what the wrapper pages of this server's pages prove themselves with */
  readonly wrapperKey = createKey();
  /** the addresses of documents by the keys they were served with */
  readonly #keys = new Map<string, string>();
  /** who waits for the lane of a wrapper page, by the key that it was offered with */
  readonly #lanes = new Map<string, (socket: WebSocket) => void>();
  #origin: string;
  #addedLines = 0;

  constructor(server: Server, source: PageSource) {
    this.#server = server;
    this.#source = source;
    this.#proxy = this.#createProxy(source);
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

  /** By how many lines the last document grew: scripts in it stand that much further down. */
  get addedLines(): number {
    return this.#addedLines;
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

  /**
   * Offers a lane (core/lane.ts) to a wrapper page; `open` gets its socket. Undefined where pages reach this server by a
   * tunnel: a lane through that would not be faster, and may break.
   */
  offerLane(open: (socket: WebSocket) => void): LaneOffer | undefined {
    const own = new URL(this.#origin);
    if (own.port !== String(this.port) || own.protocol !== 'http:') return undefined;
    const key = createKey();
    this.#lanes.set(key, open);
    const name = key.slice(KEY_START.length, -1);
    return { url: `ws://${own.host}${LANE_PATH}${name}`, dispose: () => this.#lanes.delete(key) };
  }

  /** Pages reach this server by another origin: a tunnel of VS Code to the machine that it runs on. */
  reachAt(origin: string): void {
    this.#origin = origin;
    this.#origins.add(origin);
  }

  /** The next page comes from elsewhere: pages that were loaded before keep what they have. */
  serve(source: PageSource): void {
    this.#source = source;
    this.#proxy = this.#createProxy(source);
  }

  #createProxy({ frontend }: PageSource): PageProxy | undefined {
    if (frontend.kind === 'folder') return undefined;
    return new PageProxy({
      target: frontend.url,
      remote: frontend.kind === 'remote',
      origin: () => this.#origin,
      isOwn: (origin) => this.isOwn(origin),
      sendDocument: (document, url, response) => this.#sendProxied(document, url, response),
      fail,
      unreachable: (document, response, why) => {
        const text = `The development server at ${frontend.url.origin} does not answer (${why}).`;
        if (!document) return fail(response, 502, text);
        sendUnreachablePage(response, text, `${OWN_PATH}dev-server`);
        this.#source.onUnreachable?.();
      },
    });
  }

  /** The address of a window's page: a path as Tauri joins it to the app's URL (`index.html` is dropped). */
  pageUrl(path: string): string {
    const { frontend } = this.#source;
    // The app's URL is `build.devUrl`, and that may have a path.
    const base = frontend.kind === 'server' ? `${frontend.url.pathname}${frontend.url.search}` : '/';
    if (path === 'index.html') return new URL(base, this.origin).href;
    const url = URL.parse(base === '/' ? path.replace(/^\/+/, '') : path, new URL(base, this.origin).href);
    // What no page can have as its address, such as `javascript:`, is a path like any other.
    if (!url || !/^https?:$/.test(url.protocol)) return at({ pathname: path, search: '' }, new URL(this.origin)).href;
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

  /** Whether an origin is one of those by which pages ask. */
  isOwn(origin: string | undefined): boolean {
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
    if (frontend.kind !== 'folder') return this.#proxy?.pass(url, isDocument(request), request, response);
    if (request.method !== 'GET' && request.method !== 'HEAD') return fail(response, 405, 'only GET and HEAD');
    return this.#serveFile([frontend.folder].flat(), url, request, response);
  }

  /** The address that a page has under Tauri: a remote one that of its site. */
  #addressOf(url: URL): URL {
    const { frontend } = this.#source;
    return frontend.kind === 'remote' ? at(url, frontend.url) : url;
  }

  async #respondOwn(path: string, request: IncomingMessage, response: ServerResponse): Promise<void> {
    // Only the app's own pages: another site in the user's browser must read neither files nor storage.
    const site = request.headers['sec-fetch-site'];
    const foreign = site !== undefined && site !== 'same-origin';
    if (foreign || this.remote) return fail(response, 403, 'only for pages of this app');
    if (path === 'storage') {
      response.writeHead(200, { 'content-type': 'application/json', 'cache-control': 'no-store' });
      response.end(this.#source.storage());
    } else if (path === 'dev-server') {
      await this.#waitForDevServer(response);
    } else if (path.startsWith('asset/')) {
      const file = await this.#source.asset(decodePath(path.slice('asset/'.length)) ?? '');
      if (file !== undefined && statSync(file).isFile()) sendFile(file, request, response, {});
      else response.writeHead(403).end();
    } else fail(response, 404, 'not found');
  }

  /** Answers as soon as the development server does. */
  async #waitForDevServer(response: ServerResponse): Promise<void> {
    const { frontend } = this.#source;
    const gone = new AbortController();
    response.on('close', () => gone.abort());
    if (frontend.kind === 'server') await waitForServer(frontend.url, gone.signal);
    if (!gone.signal.aborted) response.writeHead(204, { 'cache-control': 'no-store' }).end();
  }

  #serveFile(paths: readonly string[], url: URL, request: IncomingMessage, response: ServerResponse): void {
    const { pathname } = url;
    const file = findAsset(paths, pathname);
    if (!file) return fail(response, 404, `${pathname} is not in ${paths.join(', ')}, and there is no index.html`);
    const headers = { ...this.#headers(), ...this.#source.headers };
    if (!/\.html?$/i.test(file) || !isDocument(request)) return sendFile(file, request, response, headers);
    const { csp, cspUnmodified } = this.#source;
    this.#sendDocument(readFileSync(file, 'utf8'), response, url, {
      headers,
      policy: (nonce) => csp && panelCsp(csp, nonce, this.#source.isolationOrigin?.(), cspUnmodified),
    });
  }

  /** @param policy the CSP, with what the bridge needs */
  #sendDocument(
    html: string,
    response: ServerResponse,
    url: URL,
    {
      status = 200,
      headers = {},
      policy: policyFor,
    }: { status?: number; headers?: OutgoingHttpHeaders; policy(nonce: string): string | undefined },
  ): void {
    const nonce = randomBytes(16).toString('base64');
    const policy = policyFor(nonce);
    response.writeHead(status, {
      ...this.#headers(),
      ...headers,
      'content-type': 'text/html; charset=utf-8',
      'cache-control': 'no-store',
      ...(policy && { 'content-security-policy': policy }),
    });
    const injection = this.#source.injection(this.#origin);
    const keys = { key: this.#issueKey(url), wrapperKey: this.wrapperKey };
    const config = { ...this.#configOf(injection.config), ...keys };
    const development = this.#source.frontend.kind === 'server' && policy !== undefined;
    const own = this.remote ? false : (this.#source.cspUnmodified ?? true);
    const injected = injectBridge(html, { ...injection, config, nonce, styleNonce: development }, own);
    this.#addedLines = linesOf(injected) - linesOf(html);
    response.end(injected);
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

  #sendProxied({ html, status, headers }: ProxiedDocument, url: URL, response: ServerResponse): void {
    const { csp, cspUnmodified, frontend } = this.#source;
    const own = headers['content-security-policy'];
    // The length and coding were those of the text before.
    const kept = without(headers, 'content-length', 'content-encoding', 'transfer-encoding', 'content-security-policy');
    const isolation = this.#source.isolationOrigin?.();
    const server = frontend.kind === 'server' ? frontend.url : undefined;
    const policy = (nonce: string) => {
      const configured =
        csp === undefined || !server
          ? undefined
          : panelCsp(developmentCsp(csp, server), nonce, isolation, cspUnmodified);
      const received =
        own === undefined
          ? undefined
          : remoteCsp(server ? developmentCsp(String(own), server) : String(own), nonce, isolation);
      const policies = [configured, received].filter((each) => each);
      return policies.length > 0 ? policies.join(', ') : undefined;
    };
    this.#sendDocument(html, response, url, {
      status,
      headers: this.remote ? { ...kept, ...this.#headers() } : kept,
      policy,
    });
  }

  /**
   * A wrapper page opens its lane. Its origin is one of VS Code's, and says nothing: any other extension's page has one
   * like it. The key is what it proves itself with, once.
   */
  async #openLane(name: string, request: IncomingMessage, socket: Socket, head: Buffer): Promise<void> {
    const key = `${KEY_START}${name}:`;
    const open = this.#lanes.get(key);
    this.#lanes.delete(key);
    if (!open || !this.#knownHost(request)) return void socket.destroy();
    const { WebSocketServer } = await import('ws');
    const server = new WebSocketServer({ noServer: true, maxPayload: MAX_LANE_BYTES });
    server.handleUpgrade(request, socket, head, open);
  }

  /** Lanes, and the WebSocket of a development server's hot reload. */
  #upgrade(request: IncomingMessage, socket: Socket, head: Buffer): void {
    const { pathname } = this.#urlOf(request);
    if (pathname.startsWith(LANE_PATH)) {
      this.#openLane(pathname.slice(LANE_PATH.length), request, socket, head).catch(() => socket.destroy());
      return;
    }
    const { origin } = request.headers;
    // No browser keeps other sites from opening a WebSocket to here.
    const foreign = origin !== undefined && !this.isOwn(origin);
    if (!this.#proxy || !this.#knownHost(request) || foreign) return void socket.destroy();
    this.#proxy.upgrade(this.#urlOf(request), request, socket, head);
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

const linesOf = (text: string) => text.split('\n').length;

function listen(server: Server, port: number): Promise<void> {
  return new Promise((resolve, reject) => {
    server.once('error', reject);
    server.listen(port, '127.0.0.1', () => {
      server.off('error', reject);
      resolve();
    });
  });
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

function fail(response: ServerResponse, status: number, message: string): void {
  response.writeHead(status, { 'content-type': 'text/plain; charset=utf-8', 'cache-control': 'no-store' });
  response.end(message);
}

/**
 * Where the pages of an app's windows come from: its own, and those of other sites. Each origin has a server of its own on
 * loopback, so that the browser keeps their storage and scripts apart; where a page comes from is known by its server.
 * Those of other sites have a host name of their own, too: cookies of 127.0.0.1 belong to all of its ports, and one of them
 * may be VS Code's own server, whose token is a cookie.
 */
import { createHash } from 'node:crypto';
import type { WebSocket } from 'ws';
import type { Origin } from '#core/acl/reach.ts';
import type { Disposable } from '#core/lifetime.ts';
import { Lifetime } from '#core/lifetime.ts';
import type { LaneOffer } from '../lane.ts';
import { type PageServer, type PageSource, startPageServer } from './page-server.ts';

/** The page of a window, as its panel shows it. */
export interface PageAddress {
  /** what the frame loads */
  readonly url: string;
  /** the origin of the server that gives it: the frame shows no other */
  readonly origin: string;
  /** the page of another site */
  readonly remote: boolean;
  /** what the wrapper page proves itself with to the bridge */
  readonly wrapperKey: string;
  /** where the document comes from that was served with that key; undefined for a key that was used, or never given */
  redeem(key: string): Origin | undefined;
  /** Offers the wrapper page a lane to the host; see {@link PageServer.offerLane}. */
  offerLane(open: (socket: WebSocket) => void): LaneOffer | undefined;
}

export interface PagesOptions {
  readonly source: PageSource;
  /** addresses of the app itself besides paths: `build.devUrl`, and `build.frontendDist` where that is an address */
  readonly ownUrls: readonly string[];
  /** a port for the pages of that origin, the same every time; undefined: those of the app */
  preferredPort(remoteOrigin?: string): number;
  /** the origin by which pages reach a server, where it is not the server's own */
  reachableOrigin(origin: string): Promise<string | undefined>;
}

export class Pages implements Disposable {
  readonly #options: PagesOptions;
  readonly #life: Lifetime;
  #source: PageSource;
  readonly #remote = new Map<string, Promise<PageServer>>();
  /** serves the pages of the app */
  readonly own: PageServer;

  /** Starts the server of the app's own pages. */
  static async start(options: PagesOptions): Promise<Pages> {
    const life = new Lifetime();
    return new Pages(options, life, await start(options, life, options.source));
  }

  private constructor(options: PagesOptions, life: Lifetime, own: PageServer) {
    this.#options = options;
    this.#life = life;
    this.#source = options.source;
    this.own = own;
  }

  /** The next pages come from elsewhere: another frontend, or other headers and policies for them. */
  serve(source: PageSource): void {
    this.#source = source;
    this.own.serve(source);
  }

  /**
   * The page of a window: a path of the app, or an absolute address. One that is not the app's own is a remote page; its
   * server starts with the first window that the app gives that origin.
   */
  async find(path: string): Promise<PageAddress> {
    const remote = this.#remoteUrl(path);
    if (!remote) {
      const { own } = this;
      return addressOf(own, own.pageUrl(this.#ownPath(path)), () => 'local');
    }
    const server = await this.#remoteServer(remote);
    const { pathname, search, hash } = remote;
    return addressOf(server, `${server.origin}${pathname}${search}${hash}`, (url) => ({ remote: url }));
  }

  #remoteUrl(path: string): URL | undefined {
    const url = URL.parse(path);
    if (!url || !/^https?:$/.test(url.protocol)) return undefined;
    return url.origin === this.own.origin || this.#isOwnUrl(url) ? undefined : url;
  }

  #isOwnUrl(url: URL): boolean {
    return this.#options.ownUrls.some((own) => URL.parse(own)?.origin === url.origin);
  }

  /** As a path at the app's server, whatever it stands behind. */
  #ownPath(path: string): string {
    const url = URL.parse(path);
    return url && this.#isOwnUrl(url) ? `${url.pathname}${url.search}${url.hash}` : path;
  }

  #remoteServer({ origin }: URL): Promise<PageServer> {
    const known = this.#remote.get(origin);
    if (known) return known;
    const { preferredPort } = this.#options;
    const frontend = { kind: 'remote', url: new URL(origin) } as const;
    const host = `${createHash('sha256').update(origin).digest('hex').slice(0, 16)}.localhost`;
    const starting = start(this.#options, this.#life, { ...this.#source, frontend, host }, preferredPort(origin));
    this.#remote.set(origin, starting);
    // The next window tries again.
    starting.catch(() => this.#remote.delete(origin));
    return starting;
  }

  dispose(): void {
    this.#life.dispose();
  }
}

async function start(
  { preferredPort, reachableOrigin }: PagesOptions,
  life: Lifetime,
  source: PageSource,
  port = preferredPort(),
): Promise<PageServer> {
  const server = await startPageServer(source, port);
  if (life.over) server.dispose();
  else life.own(server);
  const reachable = await reachableOrigin(`http://127.0.0.1:${server.port}`);
  if (reachable) server.reachAt(reachable);
  return server;
}

function addressOf(server: PageServer, url: string, originOf: (url: string) => Origin): PageAddress {
  return {
    url,
    origin: server.origin,
    remote: server.remote,
    wrapperKey: server.wrapperKey,
    offerLane: (open) => server.offerLane(open),
    redeem: (key) => {
      const served = server.redeem(key);
      return served === undefined ? undefined : originOf(served);
    },
  };
}

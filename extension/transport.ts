/** One panel's transport: frames to and from the wrapper page, each with the number of the page load it belongs to. */
import type { Webview } from 'vscode';
import * as z from 'zod';
import type { Origin } from '#core/acl/reach.ts';
import type { Connection } from '#core/connection.ts';
import { type Disposable, Lifetime } from '#core/lifetime.ts';
import type { Transport } from '#core/outbox.ts';
import type { Frame } from '#core/wire.ts';
import type { Door } from './door.ts';

/** What the wrapper page says besides frames (webview-ui/frame). */
const FromWrapper = z.discriminatedUnion('kind', [
  /** a page of the app has its port: a new generation, if its key is one */
  z.object({ kind: z.literal('connect'), generation: z.int().min(1), key: z.string() }),
  /** the document with the port is gone, whatever comes after it */
  z.object({ kind: z.literal('gone'), generation: z.int().min(1) }),
  /** the document of that page load is complete */
  z.object({ kind: z.literal('loaded'), generation: z.int().min(1) }),
  /** something that is not the app's page spoke as if it was, or as if it was the host */
  z.object({ kind: z.literal('foreign'), origin: z.string() }),
  /** nothing in the frame asked for a connection */
  z.object({ kind: z.literal('silent') }),
]);

/** What the wrapper page is told besides frames. */
export type ToWrapper =
  | { readonly kind: 'theme'; readonly theme: 'light' | 'dark' }
  | { readonly kind: 'load'; readonly url: string };

export interface PanelTransportOptions {
  readonly webview: Pick<Webview, 'postMessage' | 'onDidReceiveMessage'> & Pick<Transport, 'most'>;
  readonly door: Door;
  /** where the document comes from that was served with that key; undefined for a key that was used, or never given */
  redeem(key: string): Origin | undefined;
  /** a page connected */
  onConnect(): void;
  /** the page did not connect within its time */
  onSilent(): void;
}

export class PanelTransport implements Transport, Disposable {
  readonly #options: PanelTransportOptions;
  readonly #life = new Lifetime();
  #connection: Connection | undefined;
  /** 0: no page is connected */
  #generation = 0;

  constructor(options: PanelTransportOptions) {
    this.#options = options;
    this.#life.own(options.webview.onDidReceiveMessage((message: unknown) => this.#receive(message)));
  }

  get most(): number | undefined {
    return this.#options.webview.most;
  }

  /** From now on the page's frames go to `connection`. */
  serve(connection: Connection): void {
    this.#connection = connection;
  }

  /** Posts a frame to the present page. VS Code's boolean says whether the wrapper was there to take it. */
  post(frame: Frame): PromiseLike<boolean> {
    if (this.#generation === 0) return Promise.resolve(false);
    return this.#options.webview.postMessage([this.#generation, ...frame]);
  }

  /** Tells the wrapper page itself. */
  tell(message: ToWrapper): void {
    void this.#options.webview.postMessage(message);
  }

  #receive(message: unknown): void {
    if (Array.isArray(message)) {
      const [generation, ...frame] = message as [unknown, ...unknown[]];
      if (generation === this.#generation) this.#connection?.receive(frame);
      else this.#options.door.turnAway('late message', `of page load ${String(generation)}, which is gone`);
      return;
    }
    const parsed = FromWrapper.safeParse(message);
    if (!parsed.success) return this.#options.door.turnAway('malformed message', 'that the wrapper page does not send');
    switch (parsed.data.kind) {
      case 'connect':
        this.#connect(parsed.data.generation, parsed.data.key);
        break;
      case 'gone':
        if (parsed.data.generation === this.#generation) this.#end('the page went away');
        break;
      case 'loaded':
        if (parsed.data.generation === this.#generation) this.#connection?.pageFinished();
        break;
      case 'foreign':
        this.#options.door.turnAway('foreign page', `of ${parsed.data.origin}, which is not the page of this window`);
        break;
      case 'silent':
        this.#options.onSilent();
        break;
    }
  }

  #connect(generation: number, key: string): void {
    this.#end('the page reloaded');
    const origin = this.#options.redeem(key);
    if (origin === undefined) {
      this.#options.door.turnAway('wrong key', 'asking for a connection without the key of a page load');
      return;
    }
    this.#generation = generation;
    if (this.#connection) this.#connection.origin = origin;
    this.#options.onConnect();
  }

  #end(reason: string): void {
    if (this.#generation > 0) this.#connection?.pageGone(reason);
    this.#generation = 0;
  }

  dispose(): void {
    this.#life.dispose();
  }
}

/** One panel's transport: frames to and from the wrapper page, each with the number of the page load it belongs to. */
import type { Webview } from 'vscode';
import * as z from 'zod';
import type { Connection } from '#core/connection.ts';
import { type Disposable, Lifetime } from '#core/lifetime.ts';
import type { Transport } from '#core/outbox.ts';
import type { Tap } from '#core/tap.ts';
import type { Frame } from '#core/wire.ts';

/** What the wrapper page says besides frames (webview-ui/frame). */
const FromWrapper = z.discriminatedUnion('kind', [
  /** a page of the app has its port: a new generation */
  z.object({ kind: z.literal('connect'), generation: z.int().min(1) }),
  /** a page of another origin asked for a connection */
  z.object({ kind: z.literal('foreign'), origin: z.string() }),
  /** nothing in the frame asked for a connection */
  z.object({ kind: z.literal('silent') }),
]);

/** What the wrapper page is told besides frames. */
export type ToWrapper =
  | { readonly kind: 'theme'; readonly theme: 'light' | 'dark' }
  | { readonly kind: 'load'; readonly url: string };

export interface PanelTransportOptions {
  readonly webview: Webview;
  readonly app: string;
  readonly label: string;
  readonly tap: Tap;
  /** a page connected */
  onConnect(): void;
  /** the page did not connect within its time */
  onSilent(): void;
}

export class PanelTransport implements Transport, Disposable {
  readonly #options: PanelTransportOptions;
  readonly #life = new Lifetime();
  #connection: Connection | undefined;
  #generation = 0;
  #late = 0;

  constructor(options: PanelTransportOptions) {
    this.#options = options;
    this.#life.own(options.webview.onDidReceiveMessage((message: unknown) => this.#receive(message)));
  }

  /** From now on the page's frames go to `connection`. */
  serve(connection: Connection): void {
    this.#connection = connection;
  }

  /** Posts a frame to the present page. VS Code's boolean says whether the wrapper was there to take it. */
  post(frame: Frame): PromiseLike<boolean> {
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
      else this.#dropLate(generation);
      return;
    }
    const parsed = FromWrapper.safeParse(message);
    if (!parsed.success) return this.#problem('malformed message', 'the wrapper page sent something unknown: dropped');
    switch (parsed.data.kind) {
      case 'connect':
        if (this.#generation > 0) this.#connection?.pageGone('the page reloaded');
        this.#generation = parsed.data.generation;
        this.#options.onConnect();
        break;
      case 'foreign':
        this.#problem('foreign page', `a page of ${parsed.data.origin} asked for a connection: refused`);
        break;
      case 'silent':
        this.#options.onSilent();
        break;
    }
  }

  #dropLate(generation: unknown): void {
    // One record for each burst, not one for each message: a dying page may say much.
    if (this.#late++ > 0) return;
    setTimeout(() => {
      const frames = this.#late;
      this.#late = 0;
      this.#problem('late message', `${frames} frame(s) of page load ${String(generation)}, which is gone: dropped`);
    }, 0);
  }

  #problem(name: string, note: string): void {
    const { app, label: window, tap } = this.#options;
    tap.add({
      kind: 'problem',
      direction: 'to-host',
      app,
      window,
      generation: this.#generation,
      name,
      status: 'error',
      note,
    });
  }

  dispose(): void {
    this.#life.dispose();
  }
}

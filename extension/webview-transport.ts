/**
 * The transport of an extension's own webview: the bridge is in the page itself, without a frame. VS Code tells of no
 * message who posted it, so every frame begins with a key: that of the window, which only the bridge knows, and what the
 * bridge of this page load has added to it.
 */
import type { Webview } from 'vscode';
import type { Connection } from '#core/connection.ts';
import { type Disposable, Lifetime } from '#core/lifetime.ts';
import type { Transport } from '#core/outbox.ts';
import type { Frame } from '#core/wire.ts';
import type { Door } from './door.ts';
import { KEY_START } from './key.ts';

/** Marks of page loads that are gone, remembered to refuse what still comes from them. */
const MAX_GONE = 64;
/** What a bridge adds to the key is a random number. */
const MAX_MARK = 100;

export interface WebviewTransportOptions {
  readonly webview: Webview;
  /** the window's key, as its bridge has it */
  readonly key: string;
  readonly door: Door;
}

export class WebviewTransport implements Transport, Disposable {
  readonly #options: WebviewTransportOptions;
  readonly #life = new Lifetime();
  #connection: Connection | undefined;
  /** what the frames of the present page load begin with */
  #mark = '';
  readonly #gone = new Set<string>();

  constructor(options: WebviewTransportOptions) {
    this.#options = options;
    this.#life.own(options.webview.onDidReceiveMessage((message: unknown) => this.#receive(message)));
  }

  /** From now on the page's frames go to `connection`. */
  serve(connection: Connection): void {
    this.#connection = connection;
  }

  post(frame: Frame): PromiseLike<boolean> {
    return this.#options.webview.postMessage([this.#mark, ...frame]);
  }

  /** Other messages are those of the extension that owns the webview. */
  #receive(message: unknown): void {
    if (!Array.isArray(message)) return;
    const [mark, ...frame] = message as [unknown, ...unknown[]];
    if (typeof mark !== 'string' || !mark.startsWith(KEY_START.slice(0, -1))) return;
    const { key, door } = this.#options;
    if (mark.length > MAX_MARK || !mark.startsWith(key))
      return door.turnAway('wrong key', 'without the key of its page');
    if (this.#gone.has(mark)) return door.turnAway('late message', 'of a page load that is gone');
    if (mark !== this.#mark) this.#pageLoaded(mark);
    this.#connection?.receive(frame);
  }

  /** The page has loaded anew: what the one before still says is dropped. */
  #pageLoaded(mark: string): void {
    if (this.#mark !== '') {
      this.#gone.add(this.#mark);
      const [oldest = ''] = this.#gone;
      if (this.#gone.size > MAX_GONE) this.#gone.delete(oldest);
      this.#connection?.pageGone('the page reloaded');
    }
    this.#mark = mark;
    // Nobody tells when this page is complete: it counts as that from its first word on.
    this.#connection?.pageFinished();
  }

  dispose(): void {
    this.#life.dispose();
  }
}

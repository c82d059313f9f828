/** The transport of an extension's own webview: the bridge is in the page itself, without a frame. */
import type { Webview } from 'vscode';
import type { Connection } from '#core/connection.ts';
import { type Disposable, Lifetime } from '#core/lifetime.ts';
import type { Transport } from '#core/outbox.ts';
import type { Frame } from '#core/wire.ts';

/** Marks frames among the other messages that the page and the extension may exchange. */
const MARK = 'ipc-workbench';

export class WebviewTransport implements Transport, Disposable {
  readonly #webview: Webview;
  readonly #life = new Lifetime();
  #connection: Connection | undefined;

  constructor(webview: Webview) {
    this.#webview = webview;
    this.#life.own(
      webview.onDidReceiveMessage((message: unknown) => {
        if (Array.isArray(message) && message[0] === MARK) this.#connection?.receive(message.slice(1));
      }),
    );
  }

  serve(connection: Connection): void {
    this.#connection = connection;
  }

  post(frame: Frame): PromiseLike<boolean> {
    return this.#webview.postMessage([MARK, ...frame]);
  }

  dispose(): void {
    this.#life.dispose();
  }
}

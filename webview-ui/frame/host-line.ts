/**
 * The way between the page, its wrapper page and the host: VS Code's postMessage, and the lane (core/lane.ts) once the host
 * has offered one and it is open. The lane has a thread of its own (lane-worker.ts), which gets the page's port, too.
 * extension/lane.ts is the other end, and says how the way changes without losing the order.
 */
import type { LaneMessage } from '#core/lane.ts';
import type { FromWorker, ToWorker } from './lane-worker.ts';
import { type PageListener, PagePort } from './page-port.ts';

/** VS Code's API of a webview, as far as messages go. */
export interface VsCode {
  postMessage(message: unknown, transfer?: Transferable[]): void;
}

export interface HostLineOptions extends Omit<PageListener, 'post'> {
  readonly vscode: VsCode;
  /** Starts the thread of a lane. Where the browser runs none, and throws or says so later, there is no lane. */
  startWorker(): Worker;
  /** a message of the host to the wrapper page */
  take(message: unknown): void;
  /** The lane broke: what was on its way may be lost. */
  lost(): void;
}

export class HostLine {
  readonly #options: HostLineOptions;
  /** the port of the page, while this thread relays for it */
  #page: PagePort | undefined;
  #worker: Worker | undefined;
  #mayHaveWorkers = true;
  /** the lane carries what this side says */
  #sends = false;
  /** the lane carries what the host says, too: the worker has the page's port */
  #carries = false;

  constructor(options: HostLineOptions) {
    this.#options = options;
  }

  post(message: LaneMessage, transfer: Transferable[] = []): void {
    if (this.#sends) this.#order({ kind: 'say', message }, transfer);
    else this.#options.vscode.postMessage(message, transfer);
  }

  /** A page has loaded: the host is told of it, and what the page says on its port follows. */
  connect(generation: number, key: string, port: MessagePort): void {
    this.disconnect();
    const hello = { kind: 'connect', generation, key };
    // In one: an answer to the one may come before another order.
    if (this.#carries) return this.#order({ kind: 'page', generation, hello }, [port]);
    this.post(hello);
    this.#page = new PagePort(generation, port, { ...this.#options, post: this.post.bind(this) });
  }

  /** Nothing comes from the page any more, nor to it. */
  disconnect(): void {
    if (this.#carries) this.#order({ kind: 'close' });
    this.#page?.close();
    this.#page = undefined;
  }

  /** Takes what the host says by postMessage. */
  receive(message: unknown): void {
    if (Array.isArray(message)) return this.#page?.take(message);
    const { kind, url } = (message ?? {}) as { readonly kind?: unknown; readonly url?: unknown };
    if (kind !== 'lane') this.#options.take(message);
    else if (typeof url === 'string') this.#open(url);
    else this.#begin();
  }

  #open(url: string): void {
    if (this.#worker || !this.#mayHaveWorkers) return;
    let worker: Worker;
    try {
      worker = this.#options.startWorker();
    } catch (error) {
      return this.#refused(error);
    }
    this.#worker = worker;
    worker.onmessage = ({ data }: MessageEvent<FromWorker>) => this.#hear(data);
    worker.onerror = (event) => {
      // Later ones concern a single message, and the browser's console has them.
      if (!this.#sends) this.#refused(event.message);
    };
    this.#order({ kind: 'open', url });
  }

  /** The browser does not run the worker: it would not the next time either. */
  #refused(why: unknown): void {
    console.warn('IPC Workbench: messages go by postMessage, for no worker can be had:', why);
    this.#mayHaveWorkers = false;
    this.#end();
  }

  #hear(said: FromWorker): void {
    const { vscode, take, key, leave } = this.#options;
    if (said.kind === 'open') {
      vscode.postMessage({ kind: 'lane' });
      this.#sends = true;
    } else if (said.kind === 'said') take(said.message);
    else if (said.kind === 'key') key(said.pressed);
    else if (said.kind === 'leave') leave(said.generation);
    else this.#end();
  }

  /** The host's last word on the old way has come. */
  #begin(): void {
    // Meant for a lane that has broken since.
    if (!this.#sends) return;
    this.#carries = true;
    if (this.#page) this.#order({ kind: 'page', generation: this.#page.generation }, [this.#page.release()]);
    this.#page = undefined;
    this.#order({ kind: 'begin' });
  }

  #end(): void {
    const carried = this.#sends;
    this.#worker?.terminate();
    this.#worker = undefined;
    this.#sends = false;
    this.#carries = false;
    // One that never opened changed nothing.
    if (carried) this.#options.lost();
  }

  #order(order: ToWorker, transfer: Transferable[] = []): void {
    this.#worker?.postMessage(order, transfer);
  }
}

/**
 * The host's end of the lane (core/lane.ts): messages of one panel go by VS Code's postMessage until its wrapper page has
 * opened a WebSocket, and by that from then on.
 *
 * No message overtakes another while the way changes: each side says `lane` as its last word on the old way, and what
 * comes on the new one before the other's last word waits. When the lane ends, so does the page load that used it: what
 * was on its way may be lost.
 */
import type { Webview } from 'vscode';
import type { WebSocket } from 'ws';
import { decodeLane, encodeLane, LANE_FRAME_MESSAGES, type LaneMessage } from '#core/lane.ts';
import { type Disposable, Emitter, Lifetime } from '#core/lifetime.ts';

/** An address at which a wrapper page may open a lane, once. */
export interface LaneOffer extends Disposable {
  readonly url: string;
}

export interface LaneOptions {
  readonly webview: Pick<Webview, 'postMessage' | 'onDidReceiveMessage'>;
  /** Makes an offer; `open` gets the socket. Undefined where pages cannot reach this machine's loopback as it is. */
  offer(open: (socket: WebSocket) => void): LaneOffer | undefined;
}

/** Lanes of a panel that ended by themselves: after so many it stays with postMessage. */
const MAX_LOST = 3;

export class Lane implements Disposable {
  readonly #options: LaneOptions;
  readonly #life = new Lifetime();
  readonly #messages = this.#life.own(new Emitter<unknown>());
  #offer: LaneOffer | undefined;
  #open: OpenLane | undefined;
  #lost = 0;

  constructor(options: LaneOptions) {
    this.#options = options;
    this.#life.own(options.webview.onDidReceiveMessage((message: unknown) => this.#receive(message)));
  }

  /** As a webview's: what the wrapper page says, by whichever way. */
  readonly onDidReceiveMessage = this.#messages.event;

  /** As a webview's; resolves when the message has arrived, with false where the wrapper page is gone. */
  postMessage(message: unknown): PromiseLike<boolean> {
    const open = this.#open;
    return open?.carries ? open.post(message as LaneMessage) : this.#options.webview.postMessage(message);
  }

  /** As core/outbox.ts `Transport`. */
  get most(): number | undefined {
    return this.#open?.carries ? LANE_FRAME_MESSAGES : undefined;
  }

  /** Offers a lane to the wrapper page, unless there is one. */
  offer(): void {
    if (this.#open || this.#lost >= MAX_LOST) return;
    // One that was not taken yet holds: the wrapper page may be opening it.
    this.#offer ??= this.#options.offer((socket) => this.#opened(socket));
    if (this.#offer) void this.#options.webview.postMessage({ kind: 'lane', url: this.#offer.url });
  }

  #opened(socket: WebSocket): void {
    this.#offer = undefined;
    if (this.#life.over) return socket.terminate();
    this.#open?.dispose();
    const open = new OpenLane(socket, (message) => this.#messages.fire(message));
    this.#open = open;
    socket.on('close', () => {
      if (this.#open !== open) return;
      this.#open = undefined;
      this.#lost++;
      open.dispose();
    });
  }

  #receive(message: unknown): void {
    const open = this.#open;
    if ((message as { kind?: unknown } | null)?.kind === 'lane') {
      // The wrapper page's last word on the old way: the same from here.
      void this.#options.webview.postMessage({ kind: 'lane' });
      return open?.begin();
    }
    // A wrapper page that speaks on the old way has no lane: VS Code has made it anew.
    if (open?.carries) {
      this.#open = undefined;
      open.dispose();
    }
    this.#messages.fire(message);
  }

  dispose(): void {
    this.#offer?.dispose();
    this.#open?.dispose();
    this.#open = undefined;
    this.#life.dispose();
  }
}

/** One WebSocket. */
class OpenLane implements Disposable {
  readonly #socket: WebSocket;
  readonly #fire: (message: unknown) => void;
  /** what came before the wrapper page's last word on the old way */
  #early: unknown[] | undefined = [];
  /** messages that the wrapper page's worker has not taken in yet */
  readonly #waiting: ((delivered: boolean) => void)[] = [];

  constructor(socket: WebSocket, fire: (message: unknown) => void) {
    this.#socket = socket;
    this.#fire = fire;
    socket.binaryType = 'nodebuffer';
    socket.on('message', (data: Buffer<ArrayBuffer>, isBinary) => this.#receive(data, isBinary));
    // `close` follows, and says all that is to be said.
    socket.on('error', () => undefined);
  }

  /** Whether messages go this way now. */
  get carries(): boolean {
    return this.#early === undefined && this.#socket.readyState === this.#socket.OPEN;
  }

  begin(): void {
    const early = this.#early ?? [];
    this.#early = undefined;
    for (const message of early) this.#fire(message);
  }

  post(message: LaneMessage): Promise<boolean> {
    const { promise, resolve } = Promise.withResolvers<boolean>();
    this.#waiting.push(resolve);
    this.#socket.send(encodeLane(message));
    return promise;
  }

  #receive(data: Buffer<ArrayBuffer>, isBinary: boolean): void {
    if (!isBinary) return this.#waiting.shift()?.(true);
    let message: unknown;
    try {
      // Parts of a message are kept for long: not with the whole of what the socket read together with them.
      message = decodeLane(data.length < data.buffer.byteLength ? new Uint8Array(data) : new Uint8Array(data.buffer));
    } catch {
      return this.#socket.close(1007); // not our wrapper page's
    }
    if (this.#early) this.#early.push(message);
    else this.#fire(message);
  }

  dispose(): void {
    this.#socket.terminate();
    for (const resolve of this.#waiting.splice(0)) resolve(false);
  }
}

/**
 * The wrapper page's way to the host: VS Code's postMessage, and the lane (core/lane.ts) once the host has offered one and
 * it is open. extension/lane.ts is the other end, and says how the way changes without losing the order.
 */
import { decodeLane, encodeLane, type LaneMessage, TAKEN } from '#core/lane.ts';

interface VsCode {
  postMessage(message: unknown, transfer?: Transferable[]): void;
}

export interface HostLineOptions {
  readonly vscode: VsCode;
  /** a message of the host */
  take(message: unknown): void;
  /** The lane broke: what was on its way may be lost. */
  lost(): void;
}

export class HostLine {
  readonly #options: HostLineOptions;
  #socket: WebSocket | undefined;
  /** the lane carries what this page says */
  #sends = false;
  /** what came on the lane before the host's last word on the old way; undefined from then on */
  #early: unknown[] | undefined;

  constructor(options: HostLineOptions) {
    this.#options = options;
  }

  post(message: LaneMessage, transfer: Transferable[] = []): void {
    if (this.#socket && this.#sends) this.#socket.send(encodeLane(message));
    else this.#options.vscode.postMessage(message, transfer);
  }

  /** Takes what the host says by postMessage. */
  receive(message: unknown): void {
    const { kind, url } = (message ?? {}) as { readonly kind?: unknown; readonly url?: unknown };
    if (kind !== 'lane') this.#options.take(message);
    else if (typeof url === 'string') this.#open(url);
    else this.#begin();
  }

  #open(url: string): void {
    if (this.#socket) return;
    const socket = (this.#socket = new WebSocket(url));
    socket.binaryType = 'arraybuffer';
    this.#early = [];
    socket.onopen = () => {
      this.#options.vscode.postMessage({ kind: 'lane' });
      this.#sends = true;
    };
    socket.onmessage = ({ data }: MessageEvent<ArrayBuffer>) => {
      const message = decodeLane(new Uint8Array(data));
      if (this.#early) this.#early.push(message);
      else this.#options.take(message);
      socket.send(TAKEN);
    };
    socket.onclose = () => {
      if (this.#socket !== socket) return;
      const carried = this.#sends;
      this.#socket = undefined;
      this.#sends = false;
      // One that never opened changed nothing.
      if (carried) this.#options.lost();
    };
  }

  /** The host's last word on the old way has come. */
  #begin(): void {
    const early = this.#early ?? [];
    this.#early = undefined;
    for (const message of early) this.#options.take(message);
  }
}

import type { LaneMessage } from '#core/lane.ts';

/** What comes from a page. */
export interface PageListener {
  /** a frame, with the number of the page load before its parts */
  post(message: LaneMessage, transfer: Transferable[]): void;
  /** a key that was pressed in the page */
  key(pressed: KeyboardEventInit): void;
  /** The document goes. */
  leave(generation: number): void;
}

/** As webview-ui/bridge/main.ts posts it: the parts of a frame, a key, or 0 when the document goes. */
type Said = readonly (string | Uint8Array)[] | KeyboardEventInit | 0;

/** The port of one page load, in the thread that relays for it: the wrapper page's, or that of its lane. */
export class PagePort {
  readonly generation: number;
  readonly #port: MessagePort;

  constructor(generation: number, port: MessagePort, listener: PageListener) {
    this.generation = generation;
    this.#port = port;
    port.onmessage = ({ data }: MessageEvent<Said>) => {
      if (Array.isArray(data)) listener.post([generation, ...data], buffersOf(data));
      else if (data === 0) listener.leave(generation);
      else listener.key(data as KeyboardEventInit);
    };
  }

  /** A frame of the host, with the number of the page load that it is for. */
  take([generation, ...parts]: readonly unknown[]): void {
    if (generation === this.generation) this.#port.postMessage(parts, buffersOf(parts));
  }

  /** Gives the port away, with what has not been read from it. */
  release(): MessagePort {
    this.#port.onmessage = null;
    return this.#port;
  }

  close(): void {
    this.#port.close();
  }
}

/** Whole buffers are handed on, not copied; one that several parts share, once. A page may post anything. */
function buffersOf(parts: readonly unknown[]): ArrayBuffer[] {
  const buffers = parts.map((part) => (ArrayBuffer.isView(part) ? part.buffer : undefined));
  return [...new Set(buffers.filter((buffer) => buffer instanceof ArrayBuffer))];
}

/**
 * The page's end of the wire: gathers the messages of a turn into one frame, and takes frames apart. The host's end is
 * core/wire.ts and core/outbox.ts; this room must not depend on them, so that the bridge stays a few kilobytes.
 */
import type { FromPage, ToPage } from '#core/wire.ts';

/** As core/wire.ts. */
const PACKED_LIMIT = 32768;
const TEXT_LIMIT = 1024;
/** Bytes that may be on their way to the host. */
const WINDOW_BYTES = 32e6;
/** A frame of the page has at most this many bytes, and messages where its carrier says nothing else. */
const FRAME_BYTES = 4e6;
// Of many calls at once the host answers the first while the others still come: on the lane a frame costs little.
const FRAME_MESSAGES = 512;
/** How long a message waits at most for the frame before it to arrive. */
const COMMIT_MS = 8;
/** The host is told of received bytes when this many have come. */
const RECEIVED_BYTES = 1e6;

/** A `run` in its short form: an array has no kind. */
type Short = { readonly kind?: undefined; readonly 0: number; readonly 1: unknown };

type Parts = (string | Uint8Array)[];

/** Messages of one frame, with the raw bodies that they name by number. */
type Gathered = [messages: string[], raw: Uint8Array[]];

/** What carries frames: a MessagePort in an app's frame, VS Code's own API in an extension's webview. */
export interface Carrier {
  /** messages that a frame has at most */
  readonly most?: number;
  post(parts: Parts, transfer: Transferable[]): void;
}

const encoder = new TextEncoder();
const decoder = new TextDecoder();

export class Link {
  readonly #take: (message: ToPage, raw: ArrayBuffer | undefined) => void;
  #carrier: Carrier | undefined;
  /** the frame that is being gathered, and its size */
  #last: Gathered = [[], []];
  #size = 0;
  /** those that wait for room on the way, and the last one */
  readonly #frames = [this.#last];
  #scheduled = false;
  #timer = 0;
  /** sizes of the frames that the host has not acknowledged */
  #inFlight: { length: number }[] = [];
  #received = 0;

  constructor(take: (message: ToPage, raw: ArrayBuffer | undefined) => void) {
    this.#take = take;
  }

  /** From now on frames can leave. What was sent before goes first. */
  connect(carrier: Carrier): void {
    this.#carrier = carrier;
    this.#flush();
  }

  /** Sends a message at the end of this turn. */
  send(message: FromPage): void {
    this.#add(JSON.stringify(message));
  }

  /**
   * Sends an invoke in its short form (core/wire.ts). `head` is JSON text, all that comes before the payload; so is the
   * payload, or it is bytes.
   */
  sendInvoke(head: string, payload: string | Uint8Array, headers?: [string, string][]): void {
    const rest = headers ? `,${JSON.stringify(headers)}` : '';
    if (typeof payload === 'string') return this.#add(`[${head},${payload}${rest}]`);
    this.#size += payload.length;
    this.#add(`[${head},0${rest || ',0'},${this.#last[1].push(payload) - 1}]`);
  }

  #add(text: string): void {
    this.#size += text.length;
    const count = this.#last[0].push(text);
    if (this.#size > FRAME_BYTES || count >= (this.#carrier?.most ?? FRAME_MESSAGES)) {
      this.#begin();
      this.#flush();
    } else if (!this.#scheduled) {
      this.#scheduled = true;
      queueMicrotask(() => {
        this.#scheduled = false;
        // Group commit: one frame on its way at a time, unless the host takes longer than COMMIT_MS.
        if (!this.#inFlight[0]) this.#flush();
        else this.#timer ||= setTimeout(() => this.#flush(), COMMIT_MS);
      });
    }
  }

  /** Another frame is gathered from now on. */
  #begin(): void {
    this.#frames.push((this.#last = [[], []]));
    this.#size = 0;
  }

  #flush(): void {
    clearTimeout(this.#timer);
    this.#timer = 0;
    // Beyond the window the page keeps its messages: the acknowledgement that makes room flushes them.
    while (this.#carrier && (this.#frames[0] as Gathered)[0][0] && sizeOf(this.#inFlight) <= WINDOW_BYTES) {
      if (!this.#frames[1]) this.#begin();
      const [messages, bodies] = this.#frames.shift() as Gathered;
      const packed: Uint8Array[] = [];
      const large: Uint8Array[] = [];
      const lengths = bodies.map((bytes) => {
        if (bytes.length > PACKED_LIMIT) return (large.push(bytes), -1);
        packed.push(bytes);
        return bytes.length;
      });
      const raw = bodies[0] ? `,"raw":[${lengths}]` : '';
      const text = `{"messages":[${messages}]${raw}}`;
      const parts: Parts = [text.length > TEXT_LIMIT ? encoder.encode(text) : text];
      if (raw) {
        const together = new Uint8Array(sizeOf(packed));
        let offset = 0;
        for (const bytes of packed) {
          together.set(bytes, offset);
          offset += bytes.length;
        }
        parts.push(together, ...large);
      }
      this.#inFlight.push({ length: sizeOf(parts) });
      this.#carrier.post(
        parts,
        parts.flatMap((part) => bufferIn(part) ?? []),
      );
    }
  }

  /** Takes a frame of the host apart. An error in one message does not keep the others from arriving. */
  receive(parts: Parts): void {
    const text = parts[0];
    const head = JSON.parse(bufferIn(text) ? decoder.decode(text as Uint8Array) : (text as string)) as {
      messages: (ToPage | Short)[];
      raw?: number[];
    };
    let offset = 0;
    let large = 2;
    const raw = head.raw?.map((length) => {
      if (length < 0) return bufferOf(parts[large++] as Uint8Array);
      offset += length;
      return bufferOf((parts[1] as Uint8Array).subarray(offset - length, offset));
    });
    for (const message of head.messages) {
      try {
        if (message.kind === 'received') {
          this.#inFlight.splice(0, message.frames);
          if (!this.#inFlight[0]) this.#flush();
        } else {
          const long = message.kind ? message : ({ kind: 'run', id: message[0], value: message[1] } as const);
          this.#take(long, raw?.[(long as { raw?: number }).raw as number]);
        }
      } catch (error) {
        reportError(error);
      }
    }
    this.#received += sizeOf(parts);
    if (this.#received >= RECEIVED_BYTES) {
      this.send({ kind: 'received', bytes: this.#received });
      this.#received = 0;
    }
  }
}

/** The buffer of bytes; a string has none. */
const bufferIn = (part: unknown) => (part as { buffer?: ArrayBuffer }).buffer;

/** Bytes, and characters of the JSON where it is text: both sides count the same. */
function sizeOf(parts: { length: number }[]): number {
  return parts.reduce((sum, { length }) => sum + length, 0);
}

/** The bytes as an ArrayBuffer of their own. */
function bufferOf(bytes: Uint8Array): ArrayBuffer {
  return bytes.length === bytes.buffer.byteLength
    ? (bytes.buffer as ArrayBuffer)
    : (bytes.slice().buffer as ArrayBuffer);
}

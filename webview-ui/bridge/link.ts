/**
 * The page's end of the wire: gathers the messages of a turn into one frame, and takes frames apart. The host's end is
 * core/wire.ts and core/outbox.ts; this room must not depend on them, so that the bridge stays a few kilobytes.
 */
import type { FromPage, ToPage } from '#core/wire.ts';

/** As core/wire.ts. */
const PACKED_LIMIT = 32768;
const TEXT_LIMIT = 1024;
/** Bytes that may be on their way to the host. */
const WINDOW_BYTES = 32 << 20;
/** A frame of the page has at most this many bytes. */
const FRAME_BYTES = 4 << 20;
/** How long a message waits at most for the frame before it to arrive. */
const COMMIT_MS = 8;
/** The host is told of received bytes when this many have come. */
const RECEIVED_BYTES = 1 << 20;

/** A `run` in its short form: an array has no kind. */
type Short = { readonly kind?: undefined; readonly 0: number; readonly 1: unknown };

type Parts = (string | Uint8Array)[];

/** What carries frames: a MessagePort in an app's frame, VS Code's own API in an extension's webview. */
export interface Carrier {
  /** messages that a frame has at most */
  readonly most: number;
  post(parts: Parts, transfer: Transferable[]): void;
}

const encoder = new TextEncoder();
const decoder = new TextDecoder();

export class Link {
  readonly #take: (message: ToPage, raw: ArrayBuffer | undefined) => void;
  #carrier: Carrier | undefined;
  #messages: string[] = [];
  #raw: Uint8Array[] = [];
  #size = 0;
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
    const start = `[${head},`;
    const rest = headers ? `,${JSON.stringify(headers)}` : '';
    if (typeof payload === 'string') return this.#add(`${start}${payload}${rest}]`);
    this.#size += payload.length;
    this.#add(`${start}0${rest || ',0'},${this.#raw.push(payload) - 1}]`);
  }

  #add(text: string): void {
    this.#messages.push(text);
    this.#size += text.length;
    if (this.#size > FRAME_BYTES || this.#messages.length >= (this.#carrier?.most as number)) this.#flush();
    else if (!this.#scheduled) {
      this.#scheduled = true;
      queueMicrotask(() => {
        this.#scheduled = false;
        // Group commit: one frame on its way at a time, unless the host takes longer than COMMIT_MS.
        if (!this.#inFlight[0]) this.#flush();
        else this.#timer ||= setTimeout(() => this.#flush(), COMMIT_MS);
      });
    }
  }

  #flush(): void {
    clearTimeout(this.#timer);
    this.#timer = 0;
    // Beyond the window the page keeps its messages: the acknowledgement that makes room flushes them.
    if (!this.#carrier || !this.#messages[0] || sizeOf(this.#inFlight) > WINDOW_BYTES) return;
    const packed: Uint8Array[] = [];
    const large: Uint8Array[] = [];
    const lengths = this.#raw.map((bytes) => {
      if (bytes.length > PACKED_LIMIT) return (large.push(bytes), -1);
      packed.push(bytes);
      return bytes.length;
    });
    const raw = lengths.length > 0 ? `,"raw":[${lengths}]` : '';
    const text = `{"messages":[${this.#messages}]${raw}}`;
    const parts: Parts = [text.length > TEXT_LIMIT ? encoder.encode(text) : text];
    if (raw) {
      const all = new Uint8Array(sizeOf(packed));
      let offset = 0;
      for (const bytes of packed) {
        all.set(bytes, offset);
        offset += bytes.length;
      }
      parts.push(all, ...large);
    }
    this.#messages = [];
    this.#raw = [];
    this.#size = 0;
    this.#inFlight.push({ length: sizeOf(parts) });
    this.#carrier.post(
      parts,
      parts.flatMap((part) => bufferIn(part) ?? []),
    );
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

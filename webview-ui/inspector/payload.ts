import type { DetailBody } from '#core/inspector-messages.ts';
import { type Looks, SNIFFED, sniff } from '#core/sniff.ts';

/** As much of a record's body as has been fetched. */
export type Payload =
  | { readonly kind: 'none' | 'dropped' }
  | { readonly kind: 'json'; readonly text: string; readonly size: number; readonly truncated: boolean }
  | { readonly kind: 'bytes'; readonly bytes: SlicedBytes };

/** So many bytes are fetched at once. */
export const SLICE_BYTES = 1 << 16;
/** More bytes than this are not shown as a text or a picture, and not searched. */
export const WHOLE_BYTES = 16 << 20;

/** Bytes of which slices come when they are needed. */
export class SlicedBytes {
  readonly size: number;
  readonly #slices = new Map<number, Uint8Array>();
  readonly #wanted = new Set<number>();

  constructor(size: number) {
    this.size = size;
  }

  static of(bytes: Uint8Array): SlicedBytes {
    const sliced = new SlicedBytes(bytes.byteLength);
    sliced.put(0, bytes);
    return sliced;
  }

  get isWhole(): boolean {
    return this.#slices.size === Math.ceil(this.size / SLICE_BYTES);
  }

  put(offset: number, bytes: Uint8Array): void {
    for (let at = 0; at < bytes.byteLength; at += SLICE_BYTES) {
      const number = (offset + at) / SLICE_BYTES;
      if (Number.isInteger(number)) this.#slices.set(number, bytes.subarray(at, at + SLICE_BYTES));
    }
  }

  at(offset: number): number | undefined {
    return this.#slices.get(Math.floor(offset / SLICE_BYTES))?.[offset % SLICE_BYTES];
  }

  /** The offsets of slices in [from, to) that are neither here nor on their way; they count as on their way from now on. */
  want(from: number, to: number): number[] {
    const offsets: number[] = [];
    const last = Math.min(to, this.size);
    for (let number = Math.floor(from / SLICE_BYTES); number * SLICE_BYTES < last; number++) {
      if (this.#slices.has(number) || this.#wanted.has(number)) continue;
      this.#wanted.add(number);
      offsets.push(number * SLICE_BYTES);
    }
    return offsets;
  }

  /** The bytes in [from, to) as far as they are here without a gap. */
  take(from: number, to: number): Uint8Array<ArrayBuffer> {
    const end = Math.min(to, this.size);
    const taken = new Uint8Array(Math.max(0, end - from));
    for (let at = from; at < end; ) {
      const inSlice = at % SLICE_BYTES;
      const part = this.#slices.get(Math.floor(at / SLICE_BYTES))?.subarray(inSlice, inSlice + end - at);
      if (!part || part.length === 0) return taken.subarray(0, at - from);
      taken.set(part, at - from);
      at += part.length;
    }
    return taken;
  }
}

/** Adds an answer of the host to what is known. Bodies never change, so an answer can only bring more. */
export function mergePayload(known: Payload | undefined, body: DetailBody): Payload {
  switch (body.kind) {
    case 'none':
    case 'dropped':
      return body;
    case 'json': {
      const { kind, text, size, truncated } = body;
      const isKnown = known?.kind === 'json' && known.size === size && known.text.length >= text.length;
      return isKnown ? known : { kind, text, size, truncated };
    }
    case 'bytes': {
      const bytes =
        known?.kind === 'bytes' && known.bytes.size === body.size ? known.bytes : new SlicedBytes(body.size);
      bytes.put(body.offset, body.bytes);
      return { kind: 'bytes', bytes };
    }
  }
}

/** A JSON array that is meant as bytes: Tauri sends a `Vec<u8>` that way. */
export function bytesOfArray(value: unknown): Uint8Array<ArrayBuffer> | undefined {
  if (!Array.isArray(value) || value.length <= 16) return undefined;
  const isBytes = value.every((item) => Number.isInteger(item) && item >= 0 && item <= 255);
  return isBytes ? Uint8Array.from(value as number[]) : undefined;
}

/** What the first bytes look like, or undefined. */
export function looksOf(bytes: SlicedBytes): Looks | undefined {
  return sniff(bytes.take(0, SNIFFED));
}

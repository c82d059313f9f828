/** The body of an answer, chunk by chunk: nothing is read that the page has not asked for, but for one buffer's worth. */
import { pipeline, type Readable, type Transform } from 'node:stream';
import * as zlib from 'node:zlib';
import { reject } from '#core/error.ts';

/** What is read ahead; a larger chunk would be copied oftener than it saves round trips. */
export const READ_AHEAD = 256 * 1024;

type Unpacker = Transform & { readonly bytesWritten: number };

const UNPACK: Readonly<Record<string, (() => Unpacker) | undefined>> = {
  gzip: () => zlib.createGunzip(),
  br: () => zlib.createBrotliDecompress(),
  deflate: () => zlib.createInflate(),
  // Node has it from 22.15 on.
  zstd: (zlib as Partial<typeof zlib>).createZstdDecompress && (() => zlib.createZstdDecompress()),
};

/** The encodings that can be unpacked here, by the Cargo feature that asks for each. */
export function encodingsOf(features: ReadonlySet<string>): readonly string[] {
  const names = [...features].map((feature) => (feature === 'brotli' ? 'br' : feature));
  return Object.keys(UNPACK).filter((name) => UNPACK[name] && names.includes(name));
}

/** Unpacks a body of that `Content-Encoding`; undefined where it is given to the page as it is. */
export function unpacker(encoding: string | undefined, known: readonly string[]): (() => Unpacker) | undefined {
  const name = encoding?.trim().toLowerCase() ?? '';
  return known.includes(name) ? UNPACK[name] : undefined;
}

export class Body {
  readonly #stream: Readable;
  readonly #isEmpty: () => boolean;
  /** the read before: two at once would share out the chunks by chance */
  #last: Promise<unknown> = Promise.resolve();
  #wake: (() => void) | undefined;
  #cancelled = false;

  /** @param unpack what {@link unpacker} gave */
  constructor(source: Readable, unpack: (() => Unpacker) | undefined) {
    const unpacked = unpack?.();
    this.#stream = unpacked ? pipeline(source, unpacked, () => undefined) : source;
    // Nothing was packed: that is no broken body.
    this.#isEmpty = () => unpacked?.bytesWritten === 0 && source.readableEnded;
    // Whoever reads next sees it.
    this.#stream.on('error', () => undefined);
    for (const event of ['readable', 'end', 'close']) this.#stream.on(event, () => this.#wake?.());
  }

  /** The next bytes, undefined at the end. Rejects where the body broke off, or was cancelled meanwhile. */
  read(): Promise<Uint8Array | undefined> {
    const next = this.#last.then(() => this.#read());
    this.#last = next.catch(() => undefined);
    return next;
  }

  cancel(): void {
    this.#cancelled = true;
    this.#stream.destroy();
    this.#wake?.();
  }

  async #read(): Promise<Uint8Array | undefined> {
    for (;;) {
      if (this.#cancelled) throw reject('Request canceled');
      const chunk = this.#stream.read() as Buffer | null;
      if (chunk) return chunk;
      if (this.#stream.readableEnded || (this.#stream.destroyed && this.#isEmpty())) return undefined;
      if (this.#stream.destroyed) throw reject('error decoding response body');
      await new Promise<void>((resolve) => {
        this.#wake = resolve;
      });
    }
  }
}

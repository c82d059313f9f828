/** What bytes look like, told by their first ones. A guess for people and for the name of a file, never for a decision. */

export interface Looks {
  /** as people are told it */
  readonly name: string;
  /** the ending of a file that holds such bytes */
  readonly ending: string;
  /** pictures that a page may show; never SVG, which can hold scripts */
  readonly image?: `image/${string}`;
}

/** So many of the first bytes are enough to tell. */
export const SNIFFED = 1024;

const TEXT: Looks = { name: 'UTF-8 text', ending: 'txt' };
const JSON_TEXT: Looks = { name: 'JSON text', ending: 'json' };

const signature = (text: string) => Array.from(text, (char) => char.charCodeAt(0));

interface Signature extends Looks {
  /** bytes at places: all of them must be there */
  readonly at: readonly (readonly [offset: number, bytes: readonly number[]])[];
}

const SIGNATURES: readonly Signature[] = [
  { name: 'PNG image', ending: 'png', image: 'image/png', at: [[0, [0x89, ...signature('PNG\r\n\u001a\n')]]] },
  { name: 'JPEG image', ending: 'jpg', image: 'image/jpeg', at: [[0, [0xff, 0xd8, 0xff]]] },
  { name: 'GIF image', ending: 'gif', image: 'image/gif', at: [[0, signature('GIF8')]] },
  {
    name: 'WebP image',
    ending: 'webp',
    image: 'image/webp',
    at: [
      [0, signature('RIFF')],
      [8, signature('WEBP')],
    ],
  },
  { name: 'AVIF image', ending: 'avif', image: 'image/avif', at: [[4, signature('ftypavif')]] },
  { name: 'icon', ending: 'ico', image: 'image/x-icon', at: [[0, [0, 0, 1, 0]]] },
  { name: 'PDF', ending: 'pdf', at: [[0, signature('%PDF-')]] },
  { name: 'gzip', ending: 'gz', at: [[0, [0x1f, 0x8b]]] },
  { name: 'zstd', ending: 'zst', at: [[0, [0x28, 0xb5, 0x2f, 0xfd]]] },
  { name: 'zip', ending: 'zip', at: [[0, signature('PK\u0003\u0004')]] },
  { name: 'SQLite database', ending: 'sqlite', at: [[0, signature('SQLite format 3\u0000')]] },
  { name: 'WebAssembly', ending: 'wasm', at: [[0, signature('\u0000asm')]] },
];

/** @param head the first bytes, {@link SNIFFED} or all of them */
export function sniff(head: Uint8Array): Looks | undefined {
  const found = SIGNATURES.find(({ at }) =>
    at.every(([offset, bytes]) => bytes.every((byte, index) => head[offset + index] === byte)),
  );
  if (found) return found;
  if (head.length === 0) return undefined;
  const isControl = (byte: number) => byte < 0x20 && (byte < 0x09 || byte > 0x0d);
  if (head.some(isControl)) return undefined;
  let text: string;
  try {
    // `stream`: a character may be cut at the end of what is here.
    text = new TextDecoder('utf-8', { fatal: true }).decode(head, { stream: true });
  } catch {
    return undefined;
  }
  return /^\s*(?:\{\s*["}]|\[\s*["{[\]\d\-tfn])/.test(text) ? JSON_TEXT : TEXT;
}

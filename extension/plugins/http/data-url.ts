/** `data:` URLs, which the http plugin answers without asking anybody (the Fetch standard's data: URL processor). */
import { MIMEType } from 'node:util';
import { reject } from '#core/error.ts';

export interface DataUrl {
  readonly type: string;
  readonly bytes: Uint8Array;
}

/** Rejects as Tauri does where `url` has no comma, or its base64 is none. */
export function readDataUrl({ href, hash }: URL): DataUrl {
  const text = href.slice('data:'.length, href.length - hash.length);
  const comma = text.indexOf(',');
  if (comma < 0) throw reject('failed to process data url');
  const bytes = percentDecode(text.slice(comma + 1));
  const head = text.slice(0, comma).trim();
  const base64 = /; *base64$/i.exec(head);
  return {
    type: typeOf(base64 ? head.slice(0, base64.index) : head),
    bytes: base64 ? decodeBase64(bytes.toString('latin1')) : bytes,
  };
}

function typeOf(head: string): string {
  try {
    return String(new MIMEType(head.startsWith(';') ? `text/plain${head}` : head));
  } catch {
    return 'text/plain;charset=US-ASCII';
  }
}

function percentDecode(text: string): Buffer {
  const bytes = Buffer.from(text, 'latin1');
  let length = 0;
  for (let at = 0; at < bytes.length; at++, length++) {
    const code = bytes[at] === 0x25 ? /^[\da-f]{2}/i.exec(text.slice(at + 1, at + 3)) : undefined;
    bytes[length] = code ? Number.parseInt(code[0], 16) : (bytes[at] as number);
    if (code) at += 2;
  }
  return bytes.subarray(0, length);
}

/** The web's forgiving base64: white space anywhere, and padding or none. */
function decodeBase64(text: string): Uint8Array {
  const packed = text.replace(/[\t\n\f\r ]/g, '');
  const digits = packed.length % 4 === 0 ? packed.replace(/={1,2}$/, '') : packed;
  if (digits.length % 4 === 1 || /[^A-Za-z0-9+/]/.test(digits)) throw reject('failed to decode data url into bytes');
  return Buffer.from(digits, 'base64');
}

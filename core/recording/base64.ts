/** Bytes as base64 and back. */

const DIGITS = new TextEncoder().encode('ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/');
const decoder = new TextDecoder();

/** Bytes that are done at once: a multiple of three, so that the texts can be joined. */
const PART = 3 * 1024 * 1024;

export function toBase64(bytes: Uint8Array): string {
  const whole = bytes.length - (bytes.length % 3);
  let text = '';
  for (let at = 0; at < whole; at += PART) text += encodeTriples(bytes.subarray(at, Math.min(at + PART, whole)));
  return text + btoa(String.fromCharCode(...bytes.subarray(whole)));
}

/** By hand: `btoa` wants a text with a character for each byte, and making that takes ten times as long. */
function encodeTriples(bytes: Uint8Array): string {
  const digits = new Uint8Array((bytes.length / 3) * 4);
  for (let at = 0, to = 0; at < bytes.length; at += 3, to += 4) {
    const triple = ((bytes[at] as number) << 16) | ((bytes[at + 1] as number) << 8) | (bytes[at + 2] as number);
    digits[to] = DIGITS[triple >> 18] as number;
    digits[to + 1] = DIGITS[(triple >> 12) & 63] as number;
    digits[to + 2] = DIGITS[(triple >> 6) & 63] as number;
    digits[to + 3] = DIGITS[triple & 63] as number;
  }
  return decoder.decode(digits);
}

/** Undefined where the text is none. */
export function fromBase64(text: string): Uint8Array | undefined {
  try {
    const characters = atob(text);
    const bytes = new Uint8Array(characters.length);
    for (let at = 0; at < characters.length; at++) bytes[at] = characters.charCodeAt(at);
    return bytes;
  } catch {
    return undefined;
  }
}

/**
 * What travels on the lane: a WebSocket on loopback between a panel's wrapper page and the host. It is several times
 * faster than VS Code's postMessage (docs/benchmarks.md), and carries the same messages in the same order; postMessage
 * stays what a window begins with, and what it has where no lane can be opened.
 *
 * A message is binary: the length of its head (four bytes, little-endian), the head as JSON, the bytes. For a frame the
 * head is a list: the number of the page load, then for each part its text, or its length where it is bytes. Another
 * message is an object, and the head is all of it. Text messages are `1`: the wrapper page has taken in one message.
 */
import type { Frame } from './wire.ts';

/** A frame with the number of its page load, or what wrapper page and host say to each other. */
export type LaneMessage = readonly [number, ...Frame] | Readonly<Record<string, unknown>>;

/** What the wrapper page's worker says for each message that it took in. */
export const TAKEN = '1';

/** The largest message, in bytes. A larger one closes the lane; a page may send bytes in pieces. */
export const MAX_LANE_BYTES = 1 << 30;

/**
 * Messages of a frame that leaves while another is on its way. Of many calls at once the page takes the first answers in
 * while the host still works at the others; as webview-ui/bridge/link.ts in the other direction.
 */
export const LANE_FRAME_MESSAGES = 512;

const HEAD_BYTES = 4;
const encoder = new TextEncoder();
const decoder = new TextDecoder();

export function encodeLane(message: LaneMessage): Uint8Array<ArrayBuffer> {
  const parts: readonly unknown[] = Array.isArray(message) ? message : [];
  const bytes = parts.filter((part) => part instanceof Uint8Array);
  const head = Array.isArray(message)
    ? message.map((part: unknown) => (part instanceof Uint8Array ? part.length : part))
    : message;
  const text = encoder.encode(JSON.stringify(head));
  const size = bytes.reduce((sum, { length }) => sum + length, HEAD_BYTES + text.length);
  const encoded = new Uint8Array(size);
  new DataView(encoded.buffer).setUint32(0, text.length, true);
  encoded.set(text, HEAD_BYTES);
  let offset = HEAD_BYTES + text.length;
  for (const part of bytes) {
    encoded.set(part, offset);
    offset += part.length;
  }
  return encoded;
}

/**
 * The message; its bytes are views of what was given. Throws a RangeError or SyntaxError for what {@link encodeLane} did
 * not make.
 */
export function decodeLane(encoded: Uint8Array<ArrayBuffer>): unknown {
  const start = HEAD_BYTES + new DataView(encoded.buffer, encoded.byteOffset).getUint32(0, true);
  if (start > encoded.length) throw new RangeError('the head is longer than the message');
  const head: unknown = JSON.parse(decoder.decode(encoded.subarray(HEAD_BYTES, start)));
  if (!Array.isArray(head)) return head;
  let offset = start;
  return head.map((part: unknown, index) => {
    // The first is the number of the page load.
    if (index === 0 || typeof part !== 'number') return part;
    if (part < 0 || offset + part > encoded.length) throw new RangeError('a part is longer than the message');
    offset += part;
    return encoded.subarray(offset - part, offset);
  });
}

/**
 * How a body stands in a line: its JSON as it is, where that fits into a line; anything else in a wrapper object with one
 * member. `{"$bytes":{"len":3,"b64":"AQID"}}`, `{"$json":"…"}` (JSON text that must be kept to the letter),
 * `{"$dropped":true}`.
 */
import * as z from 'zod';
import { type Body, bodyText, loadBody } from '../record.ts';
import { fromBase64, toBase64 } from './base64.ts';

/** Base64 of more would be longer than a string can be. Such a body is said to be dropped. */
export const MAX_BODY_BYTES = 256 * 1024 * 1024;

const WRAPPED = /^[ \t]*\{[ \t]*"\$(?:bytes|json|dropped)"[ \t]*:/;

const Wrapper = z.union([
  z.object({ $bytes: z.object({ b64: z.string() }) }),
  z.object({ $json: z.string() }),
  z.object({ $dropped: z.literal(true) }),
]);

const decoder = new TextDecoder('utf-8', { ignoreBOM: true });

/** The JSON of a body; undefined where there is none. */
export function bodyToJson(kept: Body): string | undefined {
  const body = loadBody(kept);
  switch (body.kind) {
    case 'none':
      return undefined;
    case 'dropped':
      return '{"$dropped":true}';
    case 'bytes':
      if (body.bytes.length > MAX_BODY_BYTES) return '{"$dropped":true}';
      return `{"$bytes":{"len":${body.bytes.length},"b64":"${toBase64(body.bytes)}"}}`;
    case 'json':
    case 'text': {
      const text = bodyText(body);
      if (text.length > MAX_BODY_BYTES) return '{"$dropped":true}';
      return fitsIntoLine(text) ? text : `{"$json":${JSON.stringify(text)}}`;
    }
  }
}

/** The body that a value of a line is. What is no body is undefined. */
export function bodyFromJson(bytes: Uint8Array): Body | undefined {
  // The wrapper's name is near the beginning: a long text need not be decoded twice.
  const start = decoder.decode(bytes.subarray(0, 64));
  const text = decoder.decode(bytes);
  if (!WRAPPED.test(start)) return { kind: 'text', json: text };
  const parsed = Wrapper.safeParse(parse(text));
  if (!parsed.success) return undefined;
  if ('$dropped' in parsed.data) return { kind: 'dropped' };
  if ('$json' in parsed.data) {
    const json = parsed.data.$json;
    return json === '' ? { kind: 'json', value: undefined } : { kind: 'text', json };
  }
  const decoded = fromBase64(parsed.data.$bytes.b64);
  return decoded && { kind: 'bytes', bytes: decoded };
}

/** One line of valid JSON that nobody takes for a wrapper and that UTF-8 brings back as it was. */
function fitsIntoLine(text: string): boolean {
  if (/[\r\n]/.test(text) || WRAPPED.test(text) || text !== text.trim() || !text.isWellFormed()) return false;
  try {
    JSON.parse(text);
    return true;
  } catch {
    return false;
  }
}

function parse(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}

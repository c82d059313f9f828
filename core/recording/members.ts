/**
 * Finds the members of a JSON object in the bytes of a line, without parsing their values: a body of megabytes is passed
 * over, and stays the text that it was.
 */

export interface Member {
  /** the member's name, of `names`; undefined for others */
  readonly key: string | undefined;
  /** where the member begins, with its key */
  readonly from: number;
  readonly valueFrom: number;
  readonly to: number;
}

const QUOTE = 0x22;
const BACKSLASH = 0x5c;
const COLON = 0x3a;
const COMMA = 0x2c;
const OPEN_BRACE = 0x7b;
const CLOSE_BRACE = 0x7d;
const OPEN_BRACKET = 0x5b;
const CLOSE_BRACKET = 0x5d;

/** A name as the bytes of a line have it. */
export interface Name {
  readonly text: string;
  readonly bytes: Uint8Array;
}

const encoder = new TextEncoder();

export const nameOf = (text: string): Name => ({ text, bytes: encoder.encode(text) });

function nameAt(bytes: Uint8Array, from: number, to: number, names: readonly Name[]): string | undefined {
  return names.find(
    (name) => name.bytes.length === to - from && name.bytes.every((byte, at) => bytes[from + at] === byte),
  )?.text;
}

/**
 * The members of the object in `bytes`; undefined where there is none, or something follows it. Values are not checked.
 *
 * @param names the names that the caller looks for
 */
export function membersOf(bytes: Uint8Array, names: readonly Name[]): readonly Member[] | undefined {
  const members: Member[] = [];
  let at = skipBlanks(bytes, 0);
  if (bytes[at] !== OPEN_BRACE) return undefined;
  at = skipBlanks(bytes, at + 1);
  if (bytes[at] === CLOSE_BRACE) return skipBlanks(bytes, at + 1) === bytes.length ? members : undefined;
  while (bytes[at] === QUOTE) {
    const from = at;
    const keyEnd = endOfString(bytes, at);
    at = skipBlanks(bytes, keyEnd);
    if (bytes[at] !== COLON) return undefined;
    const valueFrom = skipBlanks(bytes, at + 1);
    const to = endOfValue(bytes, valueFrom);
    if (to <= valueFrom || to > bytes.length) return undefined;
    members.push({ key: nameAt(bytes, from + 1, keyEnd - 1, names), from, valueFrom, to });
    at = skipBlanks(bytes, to);
    if (bytes[at] === CLOSE_BRACE) return skipBlanks(bytes, at + 1) === bytes.length ? members : undefined;
    if (bytes[at] !== COMMA) return undefined;
    at = skipBlanks(bytes, at + 1);
  }
  return undefined;
}

function skipBlanks(bytes: Uint8Array, from: number): number {
  let at = from;
  while (isBlank(bytes[at])) at++;
  return at;
}

function isBlank(byte: number | undefined): boolean {
  return byte === 0x20 || byte === 0x09 || byte === 0x0d || byte === 0x0a;
}

/** Behind the closing quote of the string that begins at `from`; beyond the end where it has none. */
function endOfString(bytes: Uint8Array, from: number): number {
  let at = bytes.indexOf(QUOTE, from + 1);
  while (at >= 0) {
    let before = at - 1;
    while (bytes[before] === BACKSLASH) before--;
    if ((at - before) % 2 === 1) return at + 1;
    at = bytes.indexOf(QUOTE, at + 1);
  }
  return Number.POSITIVE_INFINITY;
}

function endOfValue(bytes: Uint8Array, from: number): number {
  const first = bytes[from];
  if (first === QUOTE) return endOfString(bytes, from);
  if (first !== OPEN_BRACE && first !== OPEN_BRACKET) return endOfScalar(bytes, from);
  let depth = 0;
  for (let at = from; at < bytes.length; at++) {
    const byte = bytes[at];
    if (byte === QUOTE) at = endOfString(bytes, at) - 1;
    else if (byte === OPEN_BRACE || byte === OPEN_BRACKET) depth++;
    else if ((byte === CLOSE_BRACE || byte === CLOSE_BRACKET) && --depth === 0) return at + 1;
  }
  return Number.POSITIVE_INFINITY;
}

function endOfScalar(bytes: Uint8Array, from: number): number {
  let at = from;
  while (at < bytes.length) {
    const byte = bytes[at];
    if (byte === COMMA || byte === CLOSE_BRACE || byte === CLOSE_BRACKET || isBlank(byte)) break;
    at++;
  }
  return at;
}

/** Names and values of HTTP headers as Rust's `http` crate reads them, for the plugins that send some. */
import { STATUS_CODES } from 'node:http';
import { reject } from '#core/error.ts';

export type HeaderPairs = readonly (readonly [name: string, value: string])[];

/** Whether `text` is a token of HTTP: what names of headers and methods are made of. */
export const isToken = (text: string) => /^[!#$%&'*+\-.^_`|~\w]+$/.test(text);

/**
 * The name in lower case, and the value as its bytes: Rust sends the UTF-8 of a text, while Node writes each character
 * as one byte. Rejects what would end the line or is no name.
 */
export function readHeader(name: string, value: string): [name: string, value: string] {
  if (!isToken(name)) throw reject('invalid HTTP header name');
  if (/[^\t\x20-\x7e\x80-\u{10ffff}]/u.test(value)) throw reject('failed to parse header value');
  return [name.toLowerCase(), Buffer.from(value, 'utf8').toString('latin1')];
}

/** The text of a header that Node read byte by byte; rejects as Rust does where it is no UTF-8. */
export function headerText(latin1: string): string {
  const bytes = Buffer.from(latin1, 'latin1');
  try {
    return new TextDecoder('utf-8', { fatal: true, ignoreBOM: true }).decode(bytes);
  } catch {
    const text = bytes.toString('utf8');
    const valid = Buffer.byteLength(text.slice(0, text.indexOf('\ufffd')));
    throw reject(`invalid utf-8 sequence of 1 bytes from index ${valid}`);
  }
}

/** Headers by name; one that is repeated is a list. */
export function headerRecord(pairs: HeaderPairs): Record<string, string | string[]> {
  const record: Record<string, string | string[]> = Object.create(null) as Record<string, string | string[]>;
  for (const [name, value] of pairs) {
    const known = record[name];
    record[name] = known === undefined ? value : [known, value].flat();
  }
  return record;
}

/** Where Node has other words for a status than the crate. */
const PHRASES: Readonly<Record<number, string>> = {
  203: 'Non Authoritative Information',
  418: "I'm a teapot",
  509: '',
};

/** The words for a status; empty for one that is not known. */
export const reasonPhrase = (status: number) => PHRASES[status] ?? STATUS_CODES[status] ?? '';

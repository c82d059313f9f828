/**
 * Records as documents, without VS Code: how a document is called, what is in it, and which record a path means. A path
 * is `/<session>/<record>/<part>/<title>`: the title is only what the tab shows.
 */
import { createHash } from 'node:crypto';
import { type Body, bodyText, loadBody, type MessageRecord } from '#core/record.ts';
import { prettyJson, sortedJson } from '#core/json-text.ts';
import { SNIFFED, sniff } from '#core/sniff.ts';
import { rawText } from './raw.ts';

/** A record's own content, its answer, both in one, or all that is known of it. */
export const DOCUMENT_PARTS = ['body', 'outcome', 'both', 'raw'] as const;
export type DocumentPart = (typeof DOCUMENT_PARTS)[number];

/** Which document: `sorted` ones are for comparing. */
export interface DocumentKey {
  readonly session: string;
  readonly id: number;
  readonly part: DocumentPart;
  readonly sorted: boolean;
}

const SORTED = '-sorted';
const LONGEST_NAME = 80;

/** Bytes are compared as text: 16 in a line, up to so many. */
const COMPARED_BYTES = 1 << 20;
const HEX_COLUMNS = 16;

export function documentPath(session: string, record: MessageRecord, part: DocumentPart, sorted = false): string {
  return `/${session}/${record.id}/${part}${sorted ? SORTED : ''}/${documentTitle(record, part)}.${ending(record, part, sorted)}`;
}

/** The name of the session in a recording, by its address. */
export const sessionOf = (address: string) => createHash('sha256').update(address).digest('hex').slice(0, 16);

/** `save_note #412 args` */
export function documentTitle(record: MessageRecord, part: DocumentPart): string {
  // A name is the page's: what would be a folder, is no character to be seen or turns what follows, is none here.
  const name = record.name
    .slice(0, LONGEST_NAME)
    .toWellFormed()
    .replace(/[/\\\p{Cc}\p{Bidi_Control}]+/gu, '-');
  return `${name} #${record.id} ${partWord(record, part)}`;
}

export function parseDocumentPath(path: string): DocumentKey | undefined {
  const [, session = '', number = '', what = ''] = path.split('/');
  const sorted = what.endsWith(SORTED);
  const part = DOCUMENT_PARTS.find((each) => each === (sorted ? what.slice(0, -SORTED.length) : what));
  if (session === '' || !/^\d{1,15}$/.test(number) || !part) return undefined;
  return { session, id: Number(number), part, sorted };
}

/** Undefined where the record has no such part, or does not have it any more. */
export function documentBytes(record: MessageRecord, part: DocumentPart, sorted: boolean): Uint8Array | undefined {
  const encode = (json: string) => new TextEncoder().encode(sorted ? sortedJson(json) : prettyJson(json));
  if (part === 'raw') return encode(rawText(record));
  if (part === 'both') return encode(bothText(record));
  const body = bodyOf(record, part);
  if (!body) return undefined;
  if (body.kind !== 'bytes') return encode(bodyText(body));
  return sorted ? new TextEncoder().encode(hexLines(body.bytes).join('\n')) : body.bytes;
}

/** Whether there is something to show. */
export function isKept(record: MessageRecord, part: DocumentPart): boolean {
  if (part === 'raw') return true;
  if (part === 'both') return isKept(record, 'body') || isKept(record, 'outcome');
  return bodyOf(record, part) !== undefined;
}

/** What people call a part of this record. */
export function partWord({ kind, status }: MessageRecord, part: DocumentPart): string {
  if (part === 'raw') return 'message';
  if (part === 'both') return 'call';
  if (part === 'body') return kind === 'invoke' ? 'args' : 'payload';
  return status === 'ok' ? 'result' : 'error';
}

/** The body, where it is kept. */
function bodyOf(record: MessageRecord, part: 'body' | 'outcome') {
  const kept: Body | undefined = part === 'body' ? record.body : record.outcome;
  const body = kept && loadBody(kept);
  return !body || body.kind === 'none' || body.kind === 'dropped' ? undefined : body;
}

/** A call as one value, so that one comparison shows all. */
function bothText(record: MessageRecord): string {
  const members = (['body', 'outcome'] as const).flatMap((part) => {
    const body = bodyOf(record, part);
    if (!body) return [];
    const text = body.kind === 'bytes' ? JSON.stringify({ bytes: hexLines(body.bytes) }) : bodyText(body);
    return text === '' ? [] : [`${JSON.stringify(partWord(record, part))}:${text}`];
  });
  return `{${members.join(',')}}`;
}

function hexLines(bytes: Uint8Array): string[] {
  const lines: string[] = [];
  const end = Math.min(bytes.length, COMPARED_BYTES);
  for (let at = 0; at < end; at += HEX_COLUMNS) {
    const line = Array.from(bytes.subarray(at, Math.min(end, at + HEX_COLUMNS)), (byte) =>
      byte.toString(16).padStart(2, '0'),
    );
    lines.push(line.join(' '));
  }
  if (end < bytes.length) lines.push(`… and ${bytes.length - end} bytes more`);
  return lines;
}

/** VS Code chooses the editor by it: JSON has folding and an outline, pictures are shown. */
function ending(record: MessageRecord, part: DocumentPart, sorted: boolean): string {
  const body = part === 'body' || part === 'outcome' ? bodyOf(record, part) : undefined;
  if (body?.kind !== 'bytes') return 'json';
  return sorted ? 'txt' : (sniff(body.bytes.subarray(0, SNIFFED))?.ending ?? 'bin');
}

/** A text searched for in records: the same places in JSON as it was sent and as it is laid out on lines. */
import type { MessageRecord } from '../record.ts';
import { Contents } from './contents.ts';
import { escapePattern, jsonForm } from './text.ts';

export const FOUND_PARTS = ['name', 'note', 'comment', 'body', 'outcome'] as const;
export type FoundPart = (typeof FOUND_PARTS)[number];

/** What finds a text, everywhere it occurs; undefined for one that is nothing but blanks. */
export function findPattern(searched: string): RegExp | undefined {
  const text = searched.trim();
  if (text === '') return undefined;
  const flags = text === text.toLowerCase() && text !== text.toUpperCase() ? 'gi' : 'g';
  const sources = [...new Set([text, jsonForm(text)])].map(loose);
  return new RegExp(sources.join('|'), flags);
}

/** Between JSON's own signs there may be blanks: `"a":1` is found in `"a": 1`, too. */
function loose(text: string): string {
  return text
    .split(/((?:[:,[{]\s*)|(?:\s*[\]}]))/)
    .map((part, at) => {
      if (at % 2 === 0) return escapePattern(part);
      const sign = escapePattern(part.trim());
      return /[\]}]/.test(part) ? `\\s*${sign}` : `${sign}\\s*`;
    })
    .join('');
}

export function countMatches(text: string, pattern: RegExp): number {
  let count = 0;
  pattern.lastIndex = 0;
  while (pattern.test(text)) count++;
  return count;
}

/** How often the pattern occurs in each of a record's parts (in their order), undefined where it does in none. */
export function findIn(record: MessageRecord, pattern: RegExp): readonly number[] | undefined {
  const contents = new Contents(record);
  const { name, note = '', comment = '', body, outcome } = record;
  const texts: Readonly<Record<FoundPart, string>> = {
    name,
    note,
    comment,
    body: searchable(contents, body),
    outcome: outcome ? searchable(contents, outcome) : '',
  };
  const counts = FOUND_PARTS.map((part) => (texts[part] === '' ? 0 : countMatches(texts[part], pattern)));
  return counts.some((count) => count > 0) ? counts : undefined;
}

/** Bytes are not searched: what the list says of them is no part of them. */
function searchable(contents: Contents, body: MessageRecord['body']): string {
  const { kind } = contents.load(body);
  return kind === 'text' || kind === 'json' ? contents.text(body) : '';
}

/**
 * The words of a filter: all must be found (in name, window, kind, status, preview or note), `-word` must not, quotes
 * keep blanks together, `is:word` is a status or a kind and nothing else. Smart case: a word with a capital letter means exactly that. The inspector's page and the api
 * read a filter with the same words.
 */
import { bodyPreview, type MessageRecord } from './record.ts';

export interface FilterWord {
  readonly text: string;
  readonly negated: boolean;
  /** `is:denied`: the text is a status or a kind, and looked for nowhere else */
  readonly field?: 'is';
}

export function parseTextFilter(query: string): readonly FilterWord[] {
  const words: FilterWord[] = [];
  // A quote opens only at a word's start: `"name":"A"` is copied from a preview and should find what it was copied from.
  for (const [, minus, quoted, plain] of query.matchAll(/(-?)(?:"([^"]*)(?:"|$)|([^\s]+))/g)) {
    const text = quoted ?? plain ?? '';
    if (text === '') continue;
    const is = quoted === undefined ? /^is:(.+)$/.exec(text)?.[1] : undefined;
    if (is !== undefined) words.push({ text: is, negated: minus === '-', field: 'is' });
    else words.push(text === '-' ? { text, negated: false } : { text, negated: minus === '-' });
  }
  return words;
}

/** The test of one word. A regular expression finds without regard to case, and without a lower-cased copy of each text. */
export function wordTest(word: string): (text: string) => boolean {
  if (word !== word.toLowerCase() || word === word.toUpperCase()) return (text) => text.includes(word);
  const pattern = new RegExp(escapePattern(word), 'i');
  return (text) => pattern.test(text);
}

/** A word as the source of a regular expression that finds it. */
export function escapePattern(word: string): string {
  return word.replace(/[.*+?^${}()|[\]\\/-]/g, '\\$&');
}

/** Compiles a filter into a test of records. */
export function recordFilter(query: string): (record: MessageRecord) => boolean {
  const tests = parseTextFilter(query).map(({ text, negated, field }) => {
    if (field) return (states: readonly string[]) => states.includes(text) !== negated;
    const found = wordTest(text);
    return (states: readonly string[], texts: readonly string[]) =>
      (states.some(found) || texts.some(found)) !== negated;
  });
  if (tests.length === 0) return () => true;
  return (record) => {
    const { name, window, kind, status, body, outcome, note = '' } = record;
    const texts = [name, window, note, bodyPreview(body), outcome ? bodyPreview(outcome) : ''];
    return tests.every((test) => test([kind, status], texts));
  };
}

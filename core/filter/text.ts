/** Tests of texts: words, globs and regular expressions, in smart case. */
import type { TextItem } from './ast.ts';

export type TextTest = (text: string) => boolean;

/** A word without capitals is found in any case. */
const isCaseless = (word: string) => word === word.toLowerCase() && word !== word.toUpperCase();

/** The test of one word. A regular expression finds without regard to case, and without a lower-cased copy of each text. */
export function wordTest(word: string): TextTest {
  if (!isCaseless(word)) return (text) => text.includes(word);
  const pattern = caselessPattern(word);
  return (text) => pattern.test(text);
}

/**
 * Finds a word in any case. Of ASCII letters both cases are written out: that finds the same as the flag `i`, and engines
 * skip over most of a text with it, which takes a third of the time.
 */
function caselessPattern(word: string): RegExp {
  // biome-ignore lint/suspicious/noControlCharactersInRegex: a range, of which they are the beginning
  if (!/^[\x00-\x7f]*$/.test(word)) return new RegExp(escapePattern(word), 'i');
  return new RegExp(
    word.replace(/./gs, (char) => (/[a-z]/.test(char) ? `[${char}${char.toUpperCase()}]` : escapePattern(char))),
  );
}

/** The test of a word in JSON, where quotes and backslashes stand behind a backslash: both ways of writing it are found. */
export function jsonWordTest(word: string): TextTest {
  const plain = wordTest(word);
  const escaped = jsonForm(word);
  if (escaped === word) return plain;
  const inJson = wordTest(escaped);
  return (text) => plain(text) || inJson(text);
}

export const jsonForm = (word: string) => JSON.stringify(word).slice(1, -1);

/** A word as the source of a regular expression that finds it. */
export function escapePattern(word: string): string {
  return word.replace(/[.*+?^${}()|[\]\\/-]/g, '\\$&');
}

/** The test of a whole text. */
export function itemTest(item: TextItem): TextTest {
  switch (item.kind) {
    case 'exact':
      return (text) => text === item.text;
    case 'regex':
      return regexTest(item);
    case 'glob': {
      if (item.text === '*') return () => true;
      const pattern = new RegExp(`^${globSource(item.text)}$`, isCaseless(item.text) ? 'is' : 's');
      return (text) => pattern.test(text);
    }
  }
}

/** Whether the item occurs in a text. */
export function partTest(item: TextItem): TextTest {
  switch (item.kind) {
    case 'exact':
      return wordTest(item.text);
    case 'regex':
      return regexTest(item);
    case 'glob': {
      if (!/[*?]/.test(item.text)) return wordTest(item.text);
      const pattern = new RegExp(globSource(item.text), isCaseless(item.text) ? 'is' : 's');
      return (text) => pattern.test(text);
    }
  }
}

export function regexTest({ source, ignoreCase }: { readonly source: string; readonly ignoreCase: boolean }): TextTest {
  const pattern = new RegExp(source, ignoreCase ? 'i' : '');
  return (text) => pattern.test(text);
}

export function anyOf<T>(tests: readonly ((value: T) => boolean)[]): (value: T) => boolean {
  const [first, ...rest] = tests;
  if (!first) return () => false;
  return rest.length === 0 ? first : (value) => tests.some((test) => test(value));
}

/** Stars beside each other are one: each would try all places of the next. */
const globSource = (glob: string) =>
  glob
    .replace(/\*+/g, '*')
    .split(/([*?])/)
    .map((part) => (part === '*' ? '.*' : part === '?' ? '.' : escapePattern(part)))
    .join('');

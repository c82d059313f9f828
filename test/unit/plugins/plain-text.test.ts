import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import fc from 'fast-check';
import { expect, test } from 'vitest';
import { plainLine, plainMessage, plainText } from '../../../extension/plugins/plain-text.ts';

test('what text of a page becomes', () => {
  expect(plainText('two\r\nlines\tand \u001b[31mcolour\u0007', 100)).toBe('two\nlines\tand [31mcolour');
  expect(plainText('x\u202egnp.exe', 100)).toBe('xgnp.exe');
  expect(plainText('12345', 5)).toBe('12345');
  expect(plainText('123456', 5)).toBe('12345…');
  expect(plainText('1234🎈', 5)).toBe('1234\ufffd…');
  expect(plainLine('  two\n lines ', 100)).toBe('two lines');
});

/** What VS Code's notifications make a link of. */
const LINK = /\[([^\]]+)\]\(((?:https?:\/\/|command:|file:)[^)\s]+)(?: (["'])(.+?)(\3))?\)/i;

test('never a link, never long, never a broken character', () => {
  const pieces = fc.constantFrom(
    '[a]',
    '(command:x)',
    '[',
    ']',
    '(',
    ')',
    'a',
    'command:x',
    'https://x',
    '\u0000',
    '\u202e',
    '\ud83d',
    '\u200b',
    ' ',
  );
  const text = fc.array(pieces, { maxLength: 30 }).map((all) => all.join(''));
  fc.assert(
    fc.property(text, fc.integer({ min: 1, max: 60 }), (given, limit) => {
      for (const shown of [plainText(given, limit), plainLine(given, limit)]) {
        expect(shown).not.toMatch(LINK);
        expect(shown.isWellFormed()).toBe(true);
        expect(shown.replaceAll('\u200b', '').length).toBeLessThanOrEqual(limit + 1);
      }
    }),
  );
});

test('a message with the words of others has no link', () => {
  expect(plainMessage('Calls of [here](command:workbench.action.quit) are answered')).not.toContain('](');
});

test('each message that is made of words of others is such a message', () => {
  const folder = fileURLToPath(new URL('../../../extension', import.meta.url));
  for (const path of readdirSync(folder, { recursive: true, encoding: 'utf8' }).filter((each) =>
    each.endsWith('.ts'),
  )) {
    const text = readFileSync(join(folder, path), 'utf8');
    const made = [
      ...text.matchAll(/show(?:Error|Warning|Information)Message\(\s*(?:`[^`]*\$\{|text\b|message\b|hint\b)/g),
    ];
    const own = /plugin-host\/|answer-commands\.ts$/.test(path.replaceAll('\\', '/'));
    expect(own ? [] : made.map(([call]) => call), path).toEqual([]);
  }
});

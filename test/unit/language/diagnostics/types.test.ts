/** Types as far as a literal can be compared with them. */
import { expect, test } from 'vitest';
import { kindsOf } from '#server/diagnostics/types.ts';

const kinds = (...given: Parameters<typeof kindsOf>) => {
  const found = kindsOf(...given);
  return found && [...found].sort();
};
const declared = (name: string, text: string) => ({ name, text, at: undefined });

test('plain types and unions of them are known', () => {
  expect(kinds('string')).toEqual(['string']);
  expect(kinds('number | null')).toEqual(['null', 'number']);
  expect(kinds("'a' | 'b|c' | 1 | true")).toEqual(['boolean', 'number', 'string']);
  expect(kinds('{ a: string | null }[]')).toEqual(['array']);
  expect(kinds('[string, number | null]')).toEqual(['array']);
  expect(kinds('Array<string | number>')).toEqual(['array']);
  expect(kinds('{ kind: "a" } | { kind: "b"; of: (x: number) => string }')).toEqual(['object']);
  expect(kinds('Record<string, number | null> | null')).toEqual(['null', 'object']);
});

test('named types are what is declared', () => {
  expect(kinds('Mode | null', [declared('Mode', "'dark' | 'light'")])).toEqual(['null', 'string']);
  expect(kinds('Tree', [declared('Tree', '{ left: Tree } | Tree')])).toBeUndefined();
});

test('what is not plain makes all of it unknown', () => {
  for (const type of [
    'unknown',
    'any',
    'Note',
    'string | Note',
    'T',
    'string & { brand: 1 }',
    'bigint',
    '() => void',
  ]) {
    expect(kinds(type), type).toBeUndefined();
  }
});

import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { Document, type Format, SyntaxProblem } from '#core/acl/document.ts';
import type { Path } from '#core/acl/place.ts';

const textAt = (document: Document, path: Path) => {
  const range = document.rangeOf(path);
  return range && document.text.slice(range.start, range.end);
};

function problem(text: string, format: Format): [string, number, number] | undefined {
  try {
    new Document(text, format);
    return undefined;
  } catch (error) {
    if (!(error instanceof SyntaxProblem)) throw error;
    return [error.message, error.position.line, error.position.column];
  }
}

describe('every format has the places of its values', () => {
  test.each<[Format, string]>([
    ['json', '{ "a": [ { "b": "x" }, 2 ],\n "c": null }'],
    ['jsonc', '{ /* k */ "a": [ { "b": "x" }, 2, ], // t\n "c": null }'],
    ['json5', '{ a: [ { \'b\': "x" }, 2, ],\n c: null, }'],
  ])('%s', (format, text) => {
    const document = new Document(text, format);
    expect(document.value).toEqual({ a: [{ b: 'x' }, 2], c: null });
    expect([textAt(document, ['a', 0, 'b']), textAt(document, ['a', 1]), textAt(document, ['c'])]).toEqual([
      '"x"',
      '2',
      'null',
    ]);
    expect(document.rangeOf(['a', 2])).toBe(undefined);
    expect(document.placeOf('f', ['c', 'no', 'more'])).toMatchObject({ file: 'f', line: 2 });
  });

  test('toml', () => {
    const document = new Document(
      'top = 1\n[[list]]\nname = "a"\ninner.deep = [1, { x = true }]\n[[list]]\nname = "b"\n[list.sub]\nday = 1979-05-27\n',
      'toml',
    );
    expect(document.value).toEqual({
      top: 1,
      list: [
        { name: 'a', inner: { deep: [1, { x: true }] } },
        { name: 'b', sub: { day: '1979-05-27' } },
      ],
    });
    expect(textAt(document, ['list', 0, 'inner', 'deep', 1, 'x'])).toBe('true');
    expect(textAt(document, ['list', 1, 'name'])).toBe('"b"');
    expect(textAt(document, ['list', 1])?.startsWith('[[list]]\nname = "b"')).toBe(true);
    expect(textAt(document, ['list'])?.endsWith('day = 1979-05-27')).toBe(true);
  });
});

test('what is wrong, and where', () => {
  expect([
    problem('{"a":1 "b":2}', 'json'),
    problem('{\n"a":1,}', 'json'),
    problem('// c\n{}', 'json'),
    problem('{ a: 1 b }', 'json5'),
    problem('{ a:', 'json5'),
    problem('"a\\', 'json5'),
    problem('a = 1\na = 2', 'toml'),
    problem('', 'json'),
    problem('', 'toml'),
  ]).toEqual([
    ['comma expected', 1, 8],
    ['property name expected', 2, 7],
    ['invalid comment token', 1, 1],
    ['unexpected token Identifier', 1, 8],
    ['unexpected end of input', 1, 5],
    ['unexpected end of input', 1, 4],
    ['defining a key multiple times is invalid', 2, 1],
    ['value expected', 1, 1],
    undefined,
  ]);
});

test('a key __proto__ is a key like others', () => {
  for (const [text, format] of [
    ['{"__proto__":{"x":1}}', 'json'],
    ['{__proto__:{x:1}}', 'json5'],
    ['__proto__ = { x = 1 }', 'toml'],
  ] as const) {
    const { value } = new Document(text, format);
    expect(Object.keys(value as object)).toEqual(['__proto__']);
    expect((value as { x?: number }).x).toBe(undefined);
  }
});

test('JSON is read as JSON.parse reads it, in all formats that know it', () => {
  fc.assert(
    fc.property(fc.jsonValue(), (value) => {
      const text = JSON.stringify(value, null, 2);
      for (const format of ['json', 'jsonc', 'json5'] as const) {
        expect(new Document(text, format).value).toEqual(JSON.parse(text));
      }
    }),
    { numRuns: 200 },
  );
});

test('no text makes it fail with anything else', () => {
  fc.assert(
    fc.property(fc.string({ unit: fc.constantFrom(...'[]{}",:=#/*\n\'ab1.-\\ ') }), (text) => {
      for (const format of ['json', 'jsonc', 'json5', 'toml'] as const) problem(text, format);
    }),
    { numRuns: 2000 },
  );
});

import * as fc from 'fast-check';
import { expect, test } from 'vitest';
import { parseObject } from '../../../extension/plugins/serde-json.ts';

/** What serde_json 1.0 says of each when it reads a map. */
const ERRORS: readonly [text: string, error: string][] = [
  ['', 'EOF while parsing a value at line 1 column 0'],
  ['  \n ', 'EOF while parsing a value at line 2 column 1'],
  ['x', 'expected value at line 1 column 1'],
  ['\ufeff{}', 'expected value at line 1 column 3'],
  ['{', 'EOF while parsing an object at line 1 column 1'],
  ['{"a"', 'EOF while parsing an object at line 1 column 4'],
  ['{"a":', 'EOF while parsing a value at line 1 column 5'],
  ['{"a":1', 'EOF while parsing an object at line 1 column 6'],
  ['{"a":1,', 'EOF while parsing a value at line 1 column 7'],
  ['{"a":1,}', 'trailing comma at line 1 column 8'],
  ['{a:1}', 'key must be a string at line 1 column 2'],
  ['{"a" 1}', 'expected `:` at line 1 column 6'],
  ['{"a":1 "b":2}', 'expected `,` or `}` at line 1 column 8'],
  ['{"a":[1', 'EOF while parsing a list at line 1 column 7'],
  ['{"a":[1,]}', 'trailing comma at line 1 column 9'],
  ['{"a":[1 2]}', 'expected `,` or `]` at line 1 column 9'],
  ['{"a":tru}', 'expected ident at line 1 column 9'],
  ['{"a":01}', 'invalid number at line 1 column 7'],
  ['{"a":1.}', 'invalid number at line 1 column 8'],
  ['{"a":-x}', 'invalid number at line 1 column 7'],
  ['{"a":1e999}', 'number out of range at line 1 column 10'],
  ['{"a":"\\x"}', 'invalid escape at line 1 column 8'],
  ['{"a":"b', 'EOF while parsing a string at line 1 column 7'],
  ['{"a":"\n"}', 'control character (\\u0000-\\u001F) found while parsing a string at line 2 column 0'],
  ['{"a":"\\ud800"}', 'unexpected end of hex escape at line 1 column 13'],
  ['{"ä": x}', 'expected value at line 1 column 8'],
  ['{} {}', 'trailing characters at line 1 column 4'],
  ['[1]', 'invalid type: sequence, expected a map at line 1 column 0'],
  ['\n [1,', 'invalid type: sequence, expected a map at line 2 column 1'],
  ['"text"', 'invalid type: string "text", expected a map at line 1 column 6'],
  ['{"a":' + '['.repeat(200), 'recursion limit exceeded at line 1 column 132'],
];

test.each(ERRORS)('%j', (text, error) => {
  expect(() => parseObject(text)).toThrow(new Error(error));
});

test('what JSON.stringify makes of an object is read as it was', () => {
  fc.assert(
    fc.property(fc.dictionary(fc.string(), fc.jsonValue({ maxDepth: 5 })), (value) => {
      const text = JSON.stringify(value, null, 2);
      expect(Object.fromEntries(parseObject(text))).toEqual(JSON.parse(text));
    }),
  );
});

test('text that JSON.parse refuses is refused with a place', () => {
  const pieces = fc.constantFrom(
    '{',
    '}',
    '[',
    ']',
    ',',
    ':',
    '"a"',
    '1',
    '-',
    '.',
    'e',
    'null',
    'tru',
    ' ',
    '\n',
    '\\',
    '"',
  );
  fc.assert(
    fc.property(fc.array(pieces, { maxLength: 12 }), (parts) => {
      const text = parts.join('');
      let valid = false;
      try {
        const value: unknown = JSON.parse(text);
        valid = typeof value === 'object' && value !== null && !Array.isArray(value);
      } catch {
        // not valid
      }
      if (valid) expect(parseObject(text)).toBeInstanceOf(Map);
      else expect(() => parseObject(text)).toThrow(/ at line \d+ column \d+$/);
    }),
    { numRuns: 2000 },
  );
});

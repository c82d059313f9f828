import { expect, test } from 'vitest';
import { prettyJson } from '#core/json-text.ts';
import { ExactNumber, findJsonError, parseJson } from '../../../webview-ui/inspector/json.ts';
import { JsonTree, RANGE, summary, valueText } from '../../../webview-ui/inspector/jsonTree.ts';

test.each([
  [{ a: 1, b: [true, null, 'x'], c: { d: {}, e: [] } }],
  ['a "quoted" \\ text'],
  [[]],
  [[[1], [2, { a: ',:{}[]' }]]],
  [12.5],
])('a value is laid out as JSON.stringify does: %j', (value) => {
  expect(prettyJson(JSON.stringify(value))).toBe(JSON.stringify(value, null, 2));
  expect(prettyJson(JSON.stringify(value, null, '\t'))).toBe(JSON.stringify(value, null, 2));
});

test('laying out keeps what parsing would lose, and shows the beginning of a cut text', () => {
  expect(prettyJson('{"id":90071992547409931,"x":1.0,"id":2}')).toBe(
    '{\n  "id": 90071992547409931,\n  "x": 1.0,\n  "id": 2\n}',
  );
  expect(prettyJson('[{"a":"cut of')).toBe('[\n  {\n    "a": "cut of');
});

test('numbers that JavaScript cannot hold are kept as they were sent', () => {
  expect(parseJson('{"a":90071992547409931,"b":1234567890123456,"c":0.1234567890123456}')).toEqual({
    a: new ExactNumber('90071992547409931'),
    b: 1234567890123456,
    c: 0.1234567890123456,
  });
});

test.each([
  ['{"a":1}', undefined],
  ['', { line: 1, column: 1, message: 'A value is missing here' }],
  ['{"a":1,}', { line: 1, column: 7, message: 'The last “,” is one too many' }],
  ['{a:1}', { line: 1, column: 2, message: 'A key in double quotes is expected here' }],
  ['{"a" 1}', { line: 1, column: 6, message: '“:” is expected here' }],
  ['[1 2]', { line: 1, column: 4, message: '“,” or “]” is expected here' }],
  ['{\n  "a": \'x\'\n}', { line: 2, column: 8, message: 'Strings need double quotes' }],
  ['{"a": tru}', { line: 1, column: 7, message: 'A value is expected here' }],
  ['["\\q"]', { line: 1, column: 3, message: 'This escape does not exist' }],
  ['["a\nb"]', { line: 1, column: 4, message: 'A string ends on its line: “"” is missing' }],
  ['["abc', { line: 1, column: 2, message: 'This string has no end' }],
  ['{} x', { line: 1, column: 4, message: 'Nothing may follow the value' }],
  ['[01]', { line: 1, column: 2, message: 'A value is expected here' }],
])('the error of %j is %j', (text, expected) => {
  const error = findJsonError(text);
  expect(error && { line: error.line, column: error.column, message: error.message }).toEqual(expected);
});

const drawn = (tree: JsonTree) =>
  tree.lines.map(
    ({ depth, label, isExpandable, isOpen }) =>
      `${'  '.repeat(depth)}${isExpandable ? (isOpen ? '▾' : '▸') : ' '}${label}`,
  );

test('a small value is open, and its lines can be closed and opened', () => {
  const tree = new JsonTree({ user: { id: 7, roles: ['a'] }, ok: true }, 'args');
  expect(drawn(tree)).toEqual(['▾args', '  ▾user', '     id', '    ▾roles', '       0', '   ok']);
  tree.close(1);
  expect(drawn(tree)).toEqual(['▾args', '  ▸user', '   ok']);
  tree.toggle(1);
  expect(drawn(tree)).toEqual(['▾args', '  ▾user', '     id', '    ▸roles', '   ok']);
  tree.open(3);
  expect(tree.pathText(4)).toBe('args.user.roles[0]');
  expect(tree.parentOf(4)).toBe(3);
});

test('a long list opens in ranges, however long it is', () => {
  const tree = new JsonTree(
    Array.from({ length: 10_000 }, (_, at) => at),
    'result',
  );
  expect(tree.lines.length).toBe(1 + 10_000 / RANGE);
  expect(tree.lines[1]?.label).toBe('[0 … 199]');
  tree.open(50);
  expect(tree.lines.at(-1)).toMatchObject({ label: '9999', value: 9999, path: [9999] });
  expect(tree.pathText(tree.lines.length - 1)).toBe('result[9999]');

  const huge = new JsonTree(
    Array.from({ length: 100_001 }, () => 0),
    'result',
  );
  expect(huge.lines.length).toBe(1 + 3);
  huge.open(3);
  expect(huge.lines.at(-1)?.label).toBe('[100,000 … 100,000]');
});

test('hostile keys are only keys', () => {
  const tree = new JsonTree(JSON.parse('{"__proto__":{"a":1},"constructor":2,"a b":3}'), 'args');
  expect(tree.lines.map(({ label }) => label)).toEqual(['args', '__proto__', 'a', 'constructor', 'a b']);
  expect(tree.pathText(4)).toBe('args["a b"]');
});

test('a closed value is summed up on one short line', () => {
  expect(summary({ a: 1, b: [1], c: {}, d: 'x' })).toBe('{a: 1, b: […], c: {}, d: "x"}');
  expect(summary([1, 'two'])).toBe('(2) [1, "two"]');
  expect(summary('x'.repeat(100_000)).length).toBeLessThan(310);
  expect(summary(Array.from({ length: 100_000 }, () => 'word')).length).toBeLessThan(200);
});

test('copying a value gives text as it is and everything else as JSON', () => {
  expect([valueText('a\nb'), valueText(null), valueText([1]), valueText(new ExactNumber('90071992547409931'))]).toEqual(
    ['a\nb', 'null', '[\n  1\n]', '90071992547409931'],
  );
});

import fc from 'fast-check';
import { expect, test } from 'vitest';
import { prettyJson, sortedJson } from '#core/json-text.ts';
import { ExactNumber, parseJson } from '../../../webview-ui/inspector/json.ts';
import { findInText, JsonLines } from '../../../webview-ui/inspector/jsonLines.ts';
import { readInSteps } from '../../../webview-ui/inspector/jsonParts.ts';
import { JsonTree, type TreeLine } from '../../../webview-ui/inspector/jsonTree.ts';

function finish<T>(steps: Generator<number, T>): {
  readonly result: T;
  readonly longest: number;
  readonly count: number;
} {
  let [longest, last, count] = [0, 0, 0];
  for (;;) {
    const step = steps.next();
    if (step.done) return { result: step.value, longest, count };
    longest = Math.max(longest, step.value - last);
    last = step.value;
    count++;
  }
}
const read = (text: string) => finish(readInSteps(text)).result;

test('what is read in steps is what JSON.parse reads', () => {
  fc.assert(
    fc.property(fc.json({ maxDepth: 6 }), fc.nat(3), (json, blanks) => {
      const text = blanks === 0 ? json : JSON.stringify(JSON.parse(json), null, blanks);
      // Long enough to be read in steps, whatever it is.
      const long = `{"pad":"${'x'.repeat(70_000)}","value":${text},"list":[${text},${text}]}`;
      const parsed = parseJson(long);
      expect(read(long)).toEqual({ value: parsed, cut: new Set() });
      expect(read(text)).toEqual({ value: parseJson(text), cut: new Set() });
    }),
    { numRuns: 60 },
  );
});

test('the beginning of a text is read as far as it goes, and what is cut is known', () => {
  const { value, cut } = read('{"a":1,"list":[1,{"b":"xy"},{"c":[1,22');
  expect(value).toEqual({ a: 1, list: [1, { b: 'xy' }, { c: [1] }] });
  expect([...cut]).toHaveLength(4);
  expect(read('["abc\\u00').value).toEqual(['abc…']);
  expect(read('{"a":1,"b"').value).toEqual({ a: 1 });
  expect(read('not json').value).toBe('not json');
  fc.assert(
    fc.property(fc.json(), fc.nat(), (json, at) => {
      const whole = `[${json},${json}]`;
      const cutText = whole.slice(0, at % whole.length);
      expect(() => read(cutText)).not.toThrow();
    }),
  );
});

test('hostile keys and nesting are only data', () => {
  const pad = 'x'.repeat(70_000);
  const { value } = read(`{"__proto__":{"a":1},"pad":"${pad}"}`);
  expect(Object.keys(value as object)).toEqual(['__proto__', 'pad']);
  const deep = '['.repeat(100_000) + ']'.repeat(100_000);
  const started = finish(readInSteps(deep));
  expect(Array.isArray(started.result.value)).toBe(true);
  expect(read(`{"pad":"${pad}","id":90071992547409931}`).value).toMatchObject({
    id: new ExactNumber('90071992547409931'),
  });
});

test('check 27: 20 MiB are read, laid out and searched in steps of at most a fifth of a megabyte', () => {
  const item = JSON.stringify({ id: 1, name: 'x'.repeat(80), tags: ['a', 'b'], inner: { ok: true } });
  const text = `{"items":[${Array.from({ length: Math.ceil((20 * 2 ** 20) / (item.length + 1)) }, () => item).join(',')}]}`;
  expect(text.length).toBeGreaterThan(20 * 2 ** 20);
  const parsed = finish(readInSteps(text));
  expect(parsed.longest).toBeLessThan(200_000);
  expect(parsed.result.value).toEqual(JSON.parse(text));
  const lines = new JsonLines(text);
  expect(finish(lines.find()).longest).toBeLessThan(200_000);
  expect([lines.at(0), lines.at(1), lines.at(3), lines.at(lines.count - 1)]).toEqual([
    '{',
    '  "items": [',
    '      "id": 1,',
    '}',
  ]);
  const found = finish(findInText(text, /ok/gi));
  expect([found.longest <= 200_000, found.result.length]).toEqual([true, 10_000]);
});

test('lines are those of the text laid out', () => {
  fc.assert(
    fc.property(fc.json(), fc.nat(3), fc.nat(), (json, blanks, at) => {
      const text = blanks === 0 ? json : JSON.stringify(JSON.parse(json), null, blanks);
      const lines = new JsonLines(text);
      finish(lines.find());
      const drawn = Array.from({ length: lines.count }, (_, index) => lines.at(index));
      expect(drawn).toEqual(prettyJson(text).split('\n'));
      const place = at % text.length;
      const line = lines.lineOf(place);
      expect(line).toBeGreaterThanOrEqual(0);
      expect(line).toBeLessThan(lines.count);
    }),
  );
});

test('check 26: 5 levels deep with 10,000 items, every line opens at once into at most 200', () => {
  let value: unknown = Array.from({ length: 10_000 }, (_, at) => ({ at }));
  for (const key of ['four', 'three', 'two', 'one']) value = { [key]: value };
  const tree = new JsonTree(value, 'args');
  const list = tree.lines.findIndex(({ label }) => label === 'four');
  expect(tree.lines[list]?.depth).toBe(4);
  tree.open(list);
  const direct = (index: number) => {
    const depth = (tree.lines[index] as TreeLine).depth + 1;
    let count = 0;
    for (let at = index + 1; (tree.lines[at]?.depth ?? 0) >= depth; at++) if (tree.lines[at]?.depth === depth) count++;
    return count;
  };
  expect(direct(list)).toBe(50);
  expect(tree.lines[list + 50]).toMatchObject({ label: '[9,800 … 9,999]', position: 50, siblings: 50 });
  tree.open(list + 50);
  expect(direct(list + 50)).toBe(200);
  const at = tree.reveal(['one', 'two', 'three', 'four', 4321, 'at']);
  expect([tree.pathText(at), tree.lines[at]?.value]).toEqual(['args.one.two.three.four[4321].at', 4321]);
});

test('long texts open into lines; what is not loaded is told', () => {
  const tree = new JsonTree({ log: 'one\ntwo', id: 7 }, 'args');
  tree.open(1);
  expect(tree.lines.map(({ label, isText }) => [label, isText === true])).toEqual([
    ['args', false],
    ['log', false],
    ['one', true],
    ['two', true],
    ['id', false],
  ]);
  const { value, cut } = read('{"a":[1,2');
  const half = new JsonTree(value, 'args', cut);
  expect(half.lines.map(({ label }) => label)).toEqual([
    'args',
    'a',
    '0',
    '… the rest is not loaded',
    '… the rest is not loaded',
  ]);
});

test('sorted: only true differences differ, and no digit is lost', () => {
  expect(sortedJson('{"b":{"y":1,"x":[{"d":1,"c":2}]},"a":90071992547409931}')).toBe(
    '{\n  "a": 90071992547409931,\n  "b": {\n    "x": [\n      {\n        "c": 2,\n        "d": 1\n      }\n    ],\n    "y": 1\n  }\n}',
  );
  expect(sortedJson('{"a":"\\u0041"}')).toBe(sortedJson('{ "a": "A" }'));
  expect(sortedJson('{"a":1')).toBe('{\n  "a": 1');
  fc.assert(
    fc.property(fc.json(), (json) => {
      const value: unknown = JSON.parse(json);
      expect(JSON.parse(sortedJson(json))).toEqual(value);
      expect(sortedJson(JSON.stringify(value, null, 1))).toBe(sortedJson(sortedJson(json)));
    }),
  );
});

import fc from 'fast-check';
import { expect, test } from 'vitest';
import type { Filter } from '#core/filter/ast.ts';
import { addTerm, pathTerm, textTerm } from '#core/filter/edit.ts';
import { FilterError, parseFilter, readFilter } from '#core/filter/parse.ts';
import { printFilter } from '#core/filter/print.ts';
import { filterTree } from './trees.ts';

/** A tree without places. */
function bare(filter: Filter | undefined): unknown {
  return (
    filter && JSON.parse(JSON.stringify(filter, (key, value) => (key === 'start' || key === 'end' ? undefined : value)))
  );
}
const read = (text: string) => bare(readFilter(text));
const word = (text: string) => ({ kind: 'word', text });

test.each([
  [
    'words',
    ' one  -two "three four" -"five six"',
    [word('one'), not(word('two')), word('three four'), not(word('five six'))],
  ],
  ['a quote that is open', 'a "open end', [word('a'), word('open end')]],
  ['a lonely minus', 'a - b', [word('a'), word('-'), word('b')]],
  ['what is copied from a preview', '"name":"A" x', [word('"name":"A"'), word('x')]],
  ['commands and URLs', 'fs|read tauri://focus app:ready:now -window|close', undefined],
  ['own parentheses', 'f(x) (a)', [word('f(x)'), word('a')]],
  ['paths of files', '/usr/lib data.json', [word('/usr/lib'), word('data.json')]],
])('words may hold %s', (_what, text, expected) => {
  const filter = readFilter(text);
  if (expected) expect(bare(filter)).toEqual({ kind: 'and', of: expected });
  else expect(filter?.kind).toBe('and');
});

function not(of: unknown) {
  return { kind: 'not', of };
}

test('or binds less than and, not more than both, parentheses most', () => {
  const [a, b, c] = ['a', 'b', 'c'].map(word);
  const expected = { kind: 'or', of: [a, { kind: 'and', of: [b, not(c)] }] };
  for (const text of [
    'a | b & !c',
    'a OR b AND NOT c',
    'a | b -c',
    'a||b&&!c'.replace('a||b&&', 'a || b && '),
    '(a) | (b (-c))',
  ]) {
    expect(read(text)).toEqual(expected);
  }
  expect(read('(a | b) c')).toEqual({ kind: 'and', of: [{ kind: 'or', of: [a, b] }, c] });
});

test.each([
  ['cmd:fs|*', { kind: 'text', key: 'cmd', items: [{ kind: 'glob', text: 'fs|*' }] }],
  [
    'win:main,"a b",/^x/i',
    {
      kind: 'text',
      key: 'win',
      items: [
        { kind: 'glob', text: 'main' },
        { kind: 'exact', text: 'a b' },
        { kind: 'regex', source: '^x', ignoreCase: true },
      ],
    },
  ],
  ['dur>50ms', { kind: 'compare', key: 'dur', op: '>', value: 50 }],
  ['dur > 0.5 s'.replace(' s', 's'), { kind: 'compare', key: 'dur', op: '>', value: 500 }],
  ['size>=1kb', { kind: 'compare', key: 'size', op: '>=', value: 1000 }],
  ['at:1.2s..3.9s', { kind: 'number', key: 'at', ranges: [{ kind: 'range', from: 1200, to: 3900 }] }],
  ['at:1..4s', { kind: 'number', key: 'at', ranges: [{ kind: 'range', from: 1000, to: 4000 }] }],
  [
    'id:5,7..,..2',
    {
      kind: 'number',
      key: 'id',
      ranges: [
        { kind: 'range', from: 5, to: 5 },
        { kind: 'range', from: 7 },
        { kind: 'range', to: 2 },
      ],
    },
  ],
  ['near:412', { kind: 'around', key: 'near', ids: [412] }],
  ['is:error,denied', { kind: 'is', states: ['error', 'denied'] }],
  ['/a b/i', { kind: 'regex', source: 'a b', ignoreCase: true }],
  ['/[/]x/', { kind: 'regex', source: '[/]x', ignoreCase: false }],
  [
    'args.path ~ /\\.key$/i',
    {
      kind: 'path',
      root: 'args',
      steps: [{ kind: 'member', name: 'path' }],
      condition: { kind: 'contains', item: { kind: 'regex', source: '\\.key$', ignoreCase: true } },
    },
  ],
  [
    'result[0].items[*]..id!=3',
    {
      kind: 'path',
      root: 'result',
      steps: [
        { kind: 'element', index: 0 },
        { kind: 'member', name: 'items' },
        { kind: 'all' },
        { kind: 'anywhere', name: 'id' },
      ],
      condition: { kind: 'compare', op: '!=', value: { kind: 'number', value: 3 } },
    },
  ],
  [
    'data["odd name"]:1..3,x',
    {
      kind: 'path',
      root: 'data',
      steps: [{ kind: 'member', name: 'odd name' }],
      condition: {
        kind: 'fits',
        items: [
          { kind: 'range', from: 1, to: 3 },
          { kind: 'glob', text: 'x' },
        ],
      },
    },
  ],
  [
    'body = "a"',
    {
      kind: 'path',
      root: 'body',
      steps: [],
      condition: { kind: 'compare', op: '=', value: { kind: 'text', text: 'a', quoted: true } },
    },
  ],
])('%s is one term', (text, expected) => {
  expect(read(text)).toEqual(expected);
});

// check 18: the bad token is marked, and the message says what was expected
test.each([
  ['cmd:', '', /expected a value of cmd/],
  ['a is:eror', 'eror', /did you mean error\?/],
  ['is:nonsense', 'nonsense', /expected pending, ok/],
  ['dur>fast x', 'fast', /expected a number, as in dur>50ms/],
  ['dur>5kb', '5kb', /expected a unit of ms, s, m/],
  ['id:5ms', '5ms', /expected a number without a unit/],
  ['(a | b', '(', /not closed/],
  ['a ) b', ')', /closes nothing/],
  ['a |', '', /expected a word/],
  ['| a', '|', /expected a word.* before \|/],
  ['a & | b', '|', /before \|/],
  ['/a(/', '/a(/', /no regular expression/],
  ['/a/g', 'g', /only flag/],
  ['args.x ~', '', /expected a text or \/pattern\//],
  ['""', '""', /between the quotes/],
  ['near:x', 'x', /number of a message/],
  ['('.repeat(200), '(', /nested deeper/],
])('check 18: %j is no filter: %j', (text, bad, message) => {
  const { problem, filter } = parseFilter(text);
  expect(filter).toBeUndefined();
  expect(problem?.message).toMatch(message);
  expect(text.slice(problem?.start, problem?.end).slice(0, bad.length || undefined)).toBe(bad);
  expect(() => readFilter(text)).toThrow(FilterError);
});

test('a slip in a key is a word, and a notice', () => {
  expect(parseFilter('a cmdd:greet').notice).toEqual({
    message: expect.stringMatching(/Did you mean cmd:\?/),
    start: 2,
    end: 6,
  });
  expect(parseFilter('menu:open').notice).toBeUndefined();
});

test('tokens cover what they stand for', () => {
  const text = 'a (cmd:x,"y" | dur>5ms) -/z/';
  const tokens = parseFilter(text).tokens.map(({ kind, start, end }) => `${kind} ${text.slice(start, end)}`);
  expect(tokens).toEqual([
    'word a',
    'operator (',
    'key cmd',
    'operator :',
    'value x',
    'operator ,',
    'value "y"',
    'operator |',
    'key dur',
    'operator >',
    'value 5ms',
    'operator )',
    'operator -',
    'regex /z/',
  ]);
});

test('what is printed means the same', () => {
  fc.assert(
    fc.property(filterTree, (filter) => {
      const printed = printFilter(filter);
      const again = readFilter(printed);
      expect(bare(again)).toEqual(bare(filter));
      expect(again && printFilter(again)).toBe(printed);
    }),
    { numRuns: 1000 },
  );
});

test('any text is a filter or has a problem inside of it', () => {
  const piece = fc.oneof(
    fc.string(),
    fc.constantFrom('cmd:', 'dur>', '/', '"', '(', ')', '|', '-', 'args.', '..', '[*]', ' ', 'is:', '~', '\\'),
  );
  fc.assert(
    fc.property(fc.array(piece, { maxLength: 12 }), (pieces) => {
      const text = pieces.join('');
      const { filter, problem, tokens } = parseFilter(text);
      if (problem) expect(problem.start >= 0 && problem.start <= problem.end && problem.end <= text.length).toBe(true);
      else if (filter) expect(bare(readFilter(printFilter(filter)))).toEqual(bare(filter));
      expect(tokens.every(({ start, end }, at) => start < end && start >= (tokens[at - 1]?.end ?? 0))).toBe(true);
    }),
    { numRuns: 1500 },
  );
});

test('clicks add terms: twice is once, the opposite goes, alternatives stay together', () => {
  expect(addTerm('', 'cmd:a')).toBe('cmd:a');
  expect(addTerm('x', 'cmd:a')).toBe('x cmd:a');
  expect(addTerm('x cmd:a', 'cmd:a')).toBe('x cmd:a');
  expect(addTerm('x -cmd:a', 'cmd:a')).toBe('x cmd:a');
  expect(addTerm('cmd:a', '-cmd:a')).toBe('-cmd:a');
  expect(addTerm('a | b', 'cmd:a')).toBe('(a | b) cmd:a');
  expect(addTerm('cmd:', 'win:main')).toBe('win:main');
  expect(['a', 'a b', '*', '/x/', 'a,b', ''].map((text) => textTerm('win', text))).toEqual([
    'win:a',
    'win:"a b"',
    'win:"*"',
    'win:"/x/"',
    'win:"a,b"',
    'win:""',
  ]);
  expect(pathTerm('args', ['notes', 0, 'a b'], 'x')).toBe('args.notes[0]["a b"]="x"');
  expect([pathTerm('data', ['n'], 5), pathTerm('data', ['n'], null), pathTerm('data', ['n'], {})]).toEqual([
    'data.n=5',
    'data.n=null',
    'data.n:*',
  ]);
});

/** Filters and records as a generator thinks of them: all kinds of terms, over few values, so that they often fit. */
import fc from 'fast-check';
import {
  type Filter,
  MESSAGE_KEYS,
  NUMBER_KEYS,
  type PathStep,
  PATH_ROOTS,
  STATES,
  TEXT_KEYS,
  type TextItem,
} from '#core/filter/ast.ts';

const at = { start: 0, end: 0 };
const texts = fc.oneof(
  fc.constantFrom(
    'greet',
    'save_note',
    'fs|*',
    'plugin:fs|read',
    'main',
    'prefs',
    'host',
    'invoke',
    'rule',
    'replay',
    'AND',
    'Ada',
    'x y',
    '-',
    '"',
    '\\',
    '/a/',
    'cmd:x',
    '..',
    '5',
    '(',
    '1,2',
  ),
  fc.string({ minLength: 1, maxLength: 5 }),
);
const plain = fc.oneof(
  fc.constantFrom(
    'greet',
    'save_*',
    'fs|*',
    'plugin:fs|read',
    'main',
    'pre?s',
    'host',
    'invoke',
    '*',
    'rule',
    'to-page',
    'Ada',
    '7',
  ),
  fc.stringMatching(/^[a-z*?|_.-]{1,6}$/).filter((text) => !text.includes('..')),
);
const regexSource = fc.constantFrom('a', '^g', '\\.key$', 'e{1,2}', '[/]x', 'a b', 'Ada|7', '"n":\\d');
const textItem: fc.Arbitrary<TextItem> = fc.oneof(
  plain.map((text) => ({ kind: 'glob', text }) as const),
  texts.map((text) => ({ kind: 'exact', text }) as const),
  fc.record({ kind: fc.constant('regex' as const), source: regexSource, ignoreCase: fc.boolean() }),
);
const number = fc.oneof(
  fc.constantFrom(0, 1, 7, 50, 1000),
  fc.double({ min: -10, max: 1e6, noNaN: true }).map((value) => value || 0),
  fc.nat(2000),
);
const range = fc.oneof(
  fc.tuple(number, number).map(([from, to]) => ({ kind: 'range', from, to }) as const),
  number.map((from) => ({ kind: 'range', from }) as const),
  number.map((to) => ({ kind: 'range', to }) as const),
);
const keys = <T extends object>(of: T) => fc.constantFrom(...(Object.keys(of) as (keyof T)[]));
const op = fc.constantFrom('>', '>=', '<', '<=', '=', '!=');
const name = fc.constantFrom('n', 'name', 'path', 'items', 'odd name', 'a.b');
const step: fc.Arbitrary<PathStep> = fc.oneof(
  name.map((of) => ({ kind: 'member', name: of }) as const),
  fc.nat(3).map((index) => ({ kind: 'element', index }) as const),
  fc.constant({ kind: 'all' } as const),
  fc.constantFrom('n', 'name', 'path').map((of) => ({ kind: 'anywhere', name: of }) as const),
);
const scalar = fc.oneof(
  number.map((value) => ({ kind: 'number', value }) as const),
  texts.map((text) => ({ kind: 'text', text, quoted: true }) as const),
  fc.constantFrom('true', 'null', 'Ada').map((text) => ({ kind: 'text', text, quoted: false }) as const),
);
const condition = fc.oneof(
  fc.record({
    kind: fc.constant('fits' as const),
    items: fc.array(fc.oneof(textItem, range), { minLength: 1, maxLength: 3 }),
  }),
  fc.record({ kind: fc.constant('compare' as const), op, value: scalar }),
  textItem.map((item) => ({ kind: 'contains', item }) as const),
);
const some = <T>(of: fc.Arbitrary<T>) => fc.array(of, { minLength: 1, maxLength: 3 });

const term: fc.Arbitrary<Filter> = fc.oneof(
  texts.map((text) => ({ ...at, kind: 'word', text }) as const),
  fc
    .record({ kind: fc.constant('regex' as const), source: regexSource, ignoreCase: fc.boolean() })
    .map((regex) => ({ ...at, ...regex })),
  some(fc.constantFrom(...STATES)).map((states) => ({ ...at, kind: 'is', states }) as const),
  fc.tuple(keys(TEXT_KEYS), some(textItem)).map(([key, items]) => ({ ...at, kind: 'text', key, items }) as const),
  fc.tuple(keys(NUMBER_KEYS), some(range)).map(([key, ranges]) => ({ ...at, kind: 'number', key, ranges }) as const),
  fc
    .tuple(keys(NUMBER_KEYS), op, number)
    .map(([key, by, value]) => ({ ...at, kind: 'compare', key, op: by, value }) as const),
  fc.tuple(keys(MESSAGE_KEYS), some(fc.nat(60))).map(([key, ids]) => ({ ...at, kind: 'around', key, ids }) as const),
  fc
    .tuple(fc.constantFrom(...PATH_ROOTS), fc.array(step, { maxLength: 3 }), condition)
    .map(([root, steps, when]) => ({ ...at, kind: 'path', root, steps, condition: when }) as const),
);

/** Groups hold no groups of their own kind: the parser makes one of them. */
export const filterTree: fc.Arbitrary<Filter> = fc.letrec<{ filter: Filter }>((tie) => ({
  filter: fc.oneof(
    { maxDepth: 3, withCrossShrink: true },
    term,
    fc
      .tuple(fc.constantFrom('and' as const, 'or' as const), fc.array(tie('filter'), { minLength: 2, maxLength: 3 }))
      .map(([kind, of]) => ({
        ...at,
        kind,
        of: of.map((part) => (part.kind === kind ? { ...at, kind: 'not' as const, of: part } : part)),
      })),
    tie('filter').map((of) => ({ ...at, kind: 'not' as const, of })),
  ),
})).filter;

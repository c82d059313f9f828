import { readFileSync } from 'node:fs';
import * as fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { Glob, type GlobOptions, LABEL_OPTIONS } from '#core/acl/glob.ts';

const rows = <Row>(name: string): Row[] =>
  readFileSync(new URL(`../../fixtures/glob/${name}.jsonl`, import.meta.url), 'utf8')
    .trim()
    .split('\n')
    .map((line) => JSON.parse(line) as Row);

const OPTIONS = [
  { separator: false, leadingDot: false },
  { separator: true, leadingDot: false },
  { separator: true, leadingDot: true },
] as const;

/** The options of the fs scope: those that it does not set are the crate's defaults, which ignore case. */
const FS = [
  { separator: true, leadingDot: true, ignoreCase: true },
  { separator: true, leadingDot: false, ignoreCase: true },
] as const;

/** What `pattern` says of `text` with each of the options; undefined where it is refused. */
function answers(pattern: string, text: string, options: readonly GlobOptions[] = OPTIONS) {
  try {
    const glob = new Glob(pattern);
    return options.map((each) => glob.matches(text, each));
  } catch {
    return undefined;
  }
}

// Made with Debian's librust-glob 0.3.0: random patterns and texts, and what the crate answers with the three options.
test('patterns match as the Rust crate matches them, in 1300 random cases', () => {
  type Row = readonly [pattern: string, text?: string, ...answers: (0 | 1)[]];
  const cases = rows<Row>('rust-0.3.0');
  const wrong = cases.filter(([pattern, text, ...expected]) => {
    const found = answers(pattern, text ?? '');
    return JSON.stringify(found?.map(Number) ?? []) !== JSON.stringify(expected);
  });
  expect(cases.length).toBeGreaterThan(1300);
  expect(wrong).toEqual([]);
});

test('patterns of Tauri’s labels and scopes match as Tauri matches them, and are refused in its words', () => {
  interface Row {
    readonly mode: 'label' | 'fs';
    readonly pattern: string;
    readonly text?: string;
    readonly path?: string;
    readonly match?: boolean;
    readonly matchDot?: boolean;
    readonly matchNoDot?: boolean;
    readonly error?: string;
  }
  const cases = rows<Row>('tauri');
  for (const { mode, pattern, error, ...row } of cases) {
    if (error !== undefined) expect(() => new Glob(pattern)).toThrow(new Error(error));
    else if (mode === 'label')
      expect([row, answers(pattern, row.text ?? '', [LABEL_OPTIONS])]).toEqual([row, [row.match]]);
    else expect([row, answers(pattern, row.path ?? '', FS)]).toEqual([row, [row.matchDot, row.matchNoDot]]);
  }
  expect(cases).toHaveLength(116);
});

describe('where other libraries differ', () => {
  test.each([
    ['/d/*', '/d/', true],
    ['/d/**', '/d', false],
    ['/d/**', '/d/', true],
    ['/d/**', '/d/a/b', true],
    ['{a,b}', 'a', false],
    ['{a,b}', '{a,b}', true],
    ['!a', 'b', false],
    ['!a', '!a', true],
    ['@(a)', '@(a)', true],
    ['\\a', 'a', false],
    ['\\a', '\\a', true],
    ['[!a-c]', 'd', true],
    ['[!a-c]', 'b', false],
    ['[]]', ']', true],
    ['[a-]', '-', true],
    ['[é]', 'é', true],
  ])('%s and %s: %s', (pattern, text, expected) => {
    expect(new Glob(pattern).matches(text, { separator: true, leadingDot: true })).toBe(expected);
  });

  test.each([
    ['é/***', 'Pattern syntax error near position 4: wildcards are either regular `*` or recursive `**`'],
    ['😀/a**b', 'Pattern syntax error near position 2: recursive wildcards must form a single path component'],
    ['**a', 'Pattern syntax error near position 2: recursive wildcards must form a single path component'],
    ['a[!]', 'Pattern syntax error near position 1: invalid range pattern'],
  ])('%s is refused: %s', (pattern, text) => {
    expect(() => new Glob(pattern)).toThrow(new Error(text));
  });

  test('a range goes by code points, and only ASCII letters have two cases', () => {
    const ignoreCase = { ...LABEL_OPTIONS, ignoreCase: true };
    expect(answers('[\uE000-😀]', '\uFFFD')?.[0]).toBe(true);
    expect(answers('[y-B]', 'z')?.[0]).toBe(false);
    expect(answers('[a-c]Ä', 'BÄ', [ignoreCase, LABEL_OPTIONS])).toEqual([true, false]);
    expect(answers('[a-c]Ä', 'Bä', [ignoreCase])).toEqual([false]);
  });
});

describe('on Windows', () => {
  const windows = (pattern: string, text: string, options: GlobOptions = FS[1]) =>
    new Glob(pattern, { windows: true }).matches(text, options);

  test('both separators separate, and are the same', () => {
    expect(windows('C:\\Users\\*', 'c:/users/x.txt')).toBe(true);
    expect(windows('C:/Users/*', 'C:\\Users\\x\\y')).toBe(false);
    expect(windows('C:\\Users\\**', 'C:\\Users\\x\\y')).toBe(true);
    expect(windows('C:\\a?b', 'C:\\a\\b')).toBe(false);
    expect(windows('C:\\*', 'C:\\.ssh', FS[0])).toBe(false);
    expect(windows('a[/]b', 'a\\b', LABEL_OPTIONS)).toBe(true);
  });

  test('elsewhere a backslash is a character', () => {
    expect(new Glob('a/*').matches('a/b\\c', FS[1])).toBe(true);
    expect(() => new Glob('a\\**')).toThrow('position 1');
  });
});

test('neither many stars nor a long text is too much', () => {
  expect(new Glob('*a'.repeat(100)).matches('a'.repeat(10_000) + 'b')).toBe(false);
  expect(new Glob('/**/x*').matches(`/${'a/'.repeat(100_000)}x1`)).toBe(true);
});

/**
 * A pattern by the words of the specification, made as parts rather than parsed: the reference shares no line with the
 * code that it judges, and looks at every way to read the text.
 */
type Part =
  | { readonly kind: 'char'; readonly char: string }
  | { readonly kind: '?' | '*' | '**' }
  | { readonly kind: 'class'; readonly not: boolean; readonly members: readonly (readonly [string, string])[] };

const LETTERS = ['a', 'b', 'A', 'é', '.', '-', '!', ']', '{'];

const write = (parts: readonly Part[]) =>
  parts
    .map((part, index) => {
      if (part.kind === 'char') return part.char;
      if (part.kind === '**') return index === parts.length - 1 ? '**' : '**/';
      if (part.kind !== 'class') return part.kind;
      return `[${part.not ? '!' : ''}${part.members.map(([low, high]) => (low === high ? low : `${low}-${high}`)).join('')}]`;
    })
    .join('');

interface Reading extends GlobOptions {
  /** the crate gives up the whole match, and not only this try, when a part finds the text at its end */
  readonly atOnce: boolean;
}

/** Whether `parts` match all of `text`; 'never' where the crate would not look any further. */
function reads(parts: readonly Part[], text: string, opens: boolean, options: Reading): boolean | 'never' {
  const [part, ...rest] = parts;
  if (!part) return text === '';
  const { value: char, done } = text[Symbol.iterator]().next();
  const behind = text.slice(char?.length ?? 0);
  const separator = char === '/';
  const barred = (opens && options.leadingDot && char === '.') || (options.separator && separator);
  if (part.kind === '*') {
    const without = reads(rest, text, opens, options);
    if (without !== false) return without;
    return !done && !barred && reads(parts, behind, separator, options);
  }
  if (part.kind === '**') {
    const without = reads(rest, text, opens, options);
    if (without !== false) return without;
    const [component = ''] = /^[^/]*\/?/.exec(text) ?? [];
    if (component === '' || (options.leadingDot && component.startsWith('.'))) return false;
    if (component.endsWith('/')) return reads(parts, text.slice(component.length), true, options);
    // The last component goes without a separator behind it: nothing is left for the parts that follow.
    return rest.every((each) => each.kind === '*' || each.kind === '**') || (options.atOnce ? 'never' : false);
  }
  if (char === undefined) return options.atOnce ? 'never' : false;
  const fold = (letter: string) =>
    options.ignoreCase && letter === 'A' ? 'a' : options.ignoreCase && letter === 'B' ? 'b' : letter;
  let fits = !barred;
  if (part.kind === 'char') fits = fold(part.char) === fold(char);
  else if (part.kind === 'class') {
    const among = part.members.some(([low, high]) =>
      low === high ? fold(low) === fold(char) : [char, fold(char)].some((each) => low <= each && each <= high),
    );
    fits &&= among !== part.not;
  }
  return fits && reads(rest, behind, separator, options);
}

const component = fc.array(
  fc.oneof(
    { weight: 4, arbitrary: fc.constantFrom(...LETTERS).map((char): Part => ({ kind: 'char', char })) },
    { weight: 3, arbitrary: fc.constantFrom<Part>({ kind: '*' }, { kind: '?' }) },
    fc
      .record({
        not: fc.boolean(),
        members: fc.uniqueArray(
          fc.constantFrom<readonly [string, string]>(
            ['a', 'a'],
            ['B', 'B'],
            ['.', '.'],
            ['/', '/'],
            ['é', 'é'],
            ['a', 'b'],
          ),
          { minLength: 1, maxLength: 3 },
        ),
      })
      .map((each): Part => ({ kind: 'class', ...each })),
  ),
  { maxLength: 4 },
);
const patterns = fc
  .array(fc.oneof({ weight: 2, arbitrary: component }, fc.constant<Part[]>([{ kind: '**' }])), {
    minLength: 1,
    maxLength: 4,
  })
  .map((components) =>
    components.flatMap((parts, index): Part[] => {
      const last = index === components.length - 1;
      // `**` brings its own slash; two of them in a row are one; and two stars in a row would be another pattern.
      if (parts[0]?.kind === '**') return components[index - 1]?.[0]?.kind === '**' ? [] : [...parts];
      const single = parts.filter((part, at) => !(part.kind === '*' && parts[at - 1]?.kind === '*'));
      return last ? single : [...single, { kind: 'char', char: '/' }];
    }),
  );
const texts = fc.array(
  fc.array(fc.constantFrom('/', 'a', ...LETTERS.slice(0, 5), '😀'), { maxLength: 8 }).map((chars) => chars.join('')),
  { minLength: 10, maxLength: 10 },
);

test('150 000 random patterns and texts match as the specification says it in words', () => {
  let looked = 0;
  let matched = 0;
  fc.assert(
    fc.property(patterns, texts, fc.boolean(), (parts, texts, ignoreCase) => {
      const glob = new Glob(write(parts));
      for (const text of texts) {
        for (const each of OPTIONS) {
          const options = { ...each, ignoreCase };
          const expected = reads(parts, text, true, { ...options, atOnce: false });
          looked++;
          if (expected) matched++;
          if (glob.matches(text, options) !== expected)
            throw new Error(`${glob.text} on ${text} should be ${expected}`);
          // Giving up at once, as the crate does, makes it fast and changes no answer.
          if ((reads(parts, text, true, { ...options, atOnce: true }) === true) !== expected) {
            throw new Error(`${glob.text} on ${text} differs when the match is given up at once`);
          }
        }
      }
    }),
    { numRuns: 5000 },
  );
  expect(looked).toBe(150_000);
  expect(matched).toBeGreaterThan(3000);
});

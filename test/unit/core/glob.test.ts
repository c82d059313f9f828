import { readFileSync } from 'node:fs';
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

test('patterns of Tauri’s labels and scopes match as Tauri matches them', () => {
  type Row = readonly ['label' | 'fs', pattern: string, text?: string, ...answers: boolean[]];
  const wrong = rows<Row>('tauri').filter(([mode, pattern, text, ...expected]) => {
    const found = answers(pattern, text ?? '', mode === 'label' ? [LABEL_OPTIONS] : FS);
    return text === undefined ? found !== undefined : JSON.stringify(found) !== JSON.stringify(expected);
  });
  expect(wrong).toEqual([]);
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

  test.each(['***', 'a**b', '**a', 'a**', '[a', '[', '[]', '[!]'])('%s is refused', (pattern) => {
    expect(() => new Glob(pattern)).toThrow();
  });
});

test('neither many stars nor a long text is too much', () => {
  expect(new Glob('*a'.repeat(100)).matches('a'.repeat(10_000) + 'b')).toBe(false);
  expect(new Glob('/**/x*').matches(`/${'a/'.repeat(100_000)}x1`)).toBe(true);
});

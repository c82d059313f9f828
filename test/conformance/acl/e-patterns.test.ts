import { readFileSync } from 'node:fs';
import { expect, test } from 'vitest';
import { Glob } from '#core/acl/glob.ts';
import { BUNDLED, UrlPattern, type UrlPatternEngine } from '#core/acl/url-pattern.ts';

const fixture = (name: string) => readFileSync(new URL(`../../fixtures/${name}`, import.meta.url), 'utf8');

interface GlobRow {
  readonly mode: 'label' | 'fs';
  readonly pattern: string;
  readonly text?: string;
  readonly match?: boolean;
  readonly error?: string;
}

test('E70 labels match as in all rows of the vectors', () => {
  const rows = fixture('glob/tauri.jsonl')
    .trim()
    .split('\n')
    .map((line) => JSON.parse(line) as GlobRow)
    .filter(({ mode }) => mode === 'label');
  for (const { pattern, text = '', match, error } of rows) {
    if (error === undefined) expect([pattern, text, new Glob(pattern).matches(text)]).toEqual([pattern, text, match]);
    else expect(() => new Glob(pattern)).toThrow(new Error(error));
  }
  expect(rows).toHaveLength(64);
});

test('E71 a star in a label crosses everything, and case counts', () => {
  const glob = new Glob('main-*');
  expect(['main-', 'main-a/b', 'main', 'Main-1'].map((label) => glob.matches(label))).toEqual([
    true,
    true,
    false,
    false,
  ]);
});

test('E72 braces are characters', () => {
  expect(new Glob('{a,b}').matches('a')).toBe(false);
  expect(new Glob('{a,b}').matches('{a,b}')).toBe(true);
});

const native = (globalThis as { URLPattern?: UrlPatternEngine }).URLPattern as UrlPatternEngine;

interface UrlRow {
  readonly pattern: string;
  readonly url: string;
  readonly match: boolean | 'error';
}

test.each<[string, UrlPatternEngine]>([
  ['native', native],
  ['bundled', BUNDLED],
])('E76 URLs match as in all rows of the vectors: %s', (_, engine) => {
  const rows = JSON.parse(fixture('urlpattern/tauri.json')) as readonly UrlRow[];
  for (const { pattern, url, match } of rows) {
    if (match === 'error') expect(() => new UrlPattern(pattern, engine)).toThrow();
    else expect([pattern, url, new UrlPattern(pattern, engine).matches(url)]).toEqual([pattern, url, match]);
  }
  expect(rows).toHaveLength(51);
});

test('E77 a star before a domain stands for subdomains, and not for none', () => {
  const pattern = new UrlPattern('https://*.tauri.app');
  expect(pattern.matches('https://tauri.app/')).toBe(false);
  expect(pattern.matches('https://a.b.tauri.app/x?y#z')).toBe(true);
});

test('E78 without a port only the default one fits', () => {
  expect(new UrlPattern('http://localhost').matches('http://localhost:1420/')).toBe(false);
  expect(new UrlPattern('http://localhost:*').matches('http://localhost:1420/')).toBe(true);
});

test('E79 a pattern without a scheme is refused, with the reason that follows `invalid URL pattern for remote URL`', () => {
  expect(() => new UrlPattern('tauri.app')).toThrow(new Error('a relative input without a base URL is not valid'));
});

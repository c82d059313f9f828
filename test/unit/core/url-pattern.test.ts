import { readFileSync } from 'node:fs';
import * as fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { BUNDLED, UrlPattern, type UrlPatternEngine } from '#core/acl/url-pattern.ts';

const native = (globalThis as { URLPattern?: UrlPatternEngine }).URLPattern;
if (!native) throw new Error('these tests need a Node with URLPattern');

describe.each<[string, UrlPatternEngine]>([
  ['native', native],
  ['bundled', BUNDLED],
])('%s', (_, engine) => {
  interface Row {
    readonly pattern: string;
    readonly url: string;
    readonly match: boolean | 'error';
  }
  const rows = JSON.parse(
    readFileSync(new URL('../../fixtures/urlpattern/tauri.json', import.meta.url), 'utf8'),
  ) as readonly Row[];

  test('patterns match as Tauri matches them', () => {
    for (const row of rows) {
      if (row.match === 'error') expect(() => new UrlPattern(row.pattern, engine)).toThrow();
      else expect([row, new UrlPattern(row.pattern, engine).matches(row.url)]).toEqual([row, row.match]);
    }
    expect(rows).toHaveLength(51);
  });

  test.each([
    ['tauri.app', 'a relative input without a base URL is not valid'],
    ['', 'a relative input without a base URL is not valid'],
    ['https://[::1]:*', "invalid hostname pattern '[::1]'"],
    ['https://x/:a/:a', "invalid pathname pattern '/:a/:a'"],
  ])('%j is refused: %s', (text, reason) => {
    expect(() => new UrlPattern(text, engine)).toThrow(new Error(reason));
  });

  test.each([
    ['https://tauri.app', 'https://user:secret@tauri.app/a?b#c', true],
    ['https://tauri.app', 'https://tauri.app.evil.com/', false],
    ['https://tauri.app', 'https://tauri.app:8443/', false],
    ['https://tauri.app', 'https://tauri.app@evil.com/', false],
    ['https://tauri.app:443', 'https://tauri.app/', true],
    ['https://tauri.app/', 'https://TAURI.app/a/b', true],
    ['https://*', 'javascript:alert(1)', false],
    ['*://localhost', 'custom://localhost/x', true],
    ['https://*.tauri.app', 'https://evil.com/.tauri.app', false],
    ['https://*.tauri.app', 'https://evil.com?a.tauri.app', false],
    ['https://tauri.app/a', 'https://tauri.app/%61', false],
    ['https://tauri.app/a', 'https://tauri.app/b/../a', true],
    ['https://tauri.app', 'https://tauri.app//evil', true],
    ['https://tauri.app/api/*', 'https://tauri.app//evil/api/x', false],
    ['https://tauri.app//evil/*', 'https://tauri.app//evil/x', true],
    ['https://tauri.app/?a=*', 'https://tauri.app/??a=1', false],
    ['https://tauri.app/#a', 'https://tauri.app/##a', false],
    ['custom://x/*', 'custom://x//y', true],
    ['mailto:*', 'mailto:a@b', true],
    ['https://tauri.app', 'tauri.app', false],
    ['https://tauri.app', '', false],
  ])('%s and %s: %s', (pattern, url, expected) => {
    expect(new UrlPattern(pattern, engine).matches(url)).toBe(expected);
    if (URL.canParse(url)) expect(new UrlPattern(pattern, engine).matches(new URL(url))).toBe(expected);
  });
});

test('by default the engine of the platform is taken', () => {
  expect(new UrlPattern('https://tauri.app').matches('https://tauri.app/x')).toBe(true);
});

/** Whether a text with stars covers another one, by the plainest means. */
function covers(wanted: string, given: string): boolean {
  if (wanted === '') return given === '';
  const rest = wanted.slice(1);
  if (wanted[0] !== '*') return wanted[0] === given[0] && covers(rest, given.slice(1));
  return Array.from({ length: given.length + 1 }, (_, at) => at).some((at) => covers(rest, given.slice(at)));
}

const DEFAULT_PORTS: Readonly<Record<string, string>> = { http: '80', https: '443' };

interface Shape {
  readonly scheme: string;
  readonly host: string;
  readonly port: string | undefined;
  readonly path: string;
}

const write = ({ scheme, host, port, path }: Shape) =>
  `${scheme}://${host}${port === undefined ? '' : `:${port}`}${path}`;

/** The specification's words for the plain shapes: scheme, host, port and path each cover theirs, whatever else the URL has. */
function expected(pattern: Shape, url: Shape): boolean {
  const standard = DEFAULT_PORTS[url.scheme];
  const asked = url.port === undefined || url.port === standard ? '' : url.port;
  // The default port of the pattern's own scheme is no port at all.
  const wanted = pattern.port === DEFAULT_PORTS[pattern.scheme] ? '' : (pattern.port ?? '');
  return (
    covers(pattern.scheme, url.scheme) &&
    covers(pattern.host.toLowerCase(), url.host.toLowerCase()) &&
    covers(wanted, asked) &&
    (pattern.path === '' || pattern.path === '/' || covers(pattern.path, url.path || '/'))
  );
}

const hostOf = (labels: fc.Arbitrary<string>) =>
  fc.array(labels, { minLength: 1, maxLength: 3 }).map((all) => all.join('.'));
const plainLabel = fc.constantFrom('a', 'b', 'app', 'A', 'ab', 'localhost');
const pathOf = (segments: fc.Arbitrary<string>) =>
  fc.array(segments, { maxLength: 2 }).map((all) => all.map((each) => `/${each}`).join(''));
const shapes: fc.Arbitrary<Shape> = fc.record({
  scheme: fc.constantFrom('http', 'https', '*'),
  host: fc.oneof(fc.constant('*'), hostOf(fc.oneof({ weight: 3, arbitrary: plainLabel }, fc.constantFrom('*', 'a*')))),
  port: fc.constantFrom(undefined, undefined, '*', '80', '443', '8080'),
  path: fc.oneof(fc.constantFrom('', '/'), pathOf(fc.constantFrom('a', 'b', '*', 'a*'))),
});
const urls = fc.array(
  fc.record({
    shape: fc.record({
      scheme: fc.constantFrom('http', 'https'),
      host: hostOf(plainLabel),
      port: fc.constantFrom(undefined, undefined, '80', '443', '8080'),
      path: pathOf(fc.constantFrom('a', 'b', 'ab', '', 'a:b')),
    }),
    behind: fc.constantFrom('', '', '?q=a*', '#a.app', '?a#b', '??', '##'),
  }),
  { minLength: 20, maxLength: 20 },
);

test('100 000 random patterns and URLs: native engine, bundled engine and the words of the specification agree', () => {
  let looked = 0;
  let matched = 0;
  fc.assert(
    fc.property(shapes, urls, (shape, urls) => {
      const text = write(shape);
      const engines = [new UrlPattern(text, native), new UrlPattern(text, BUNDLED)];
      for (const { shape: url, behind } of urls) {
        const wanted = expected(shape, url);
        looked++;
        if (wanted) matched++;
        const found = engines.map((each) => each.matches(write(url) + behind));
        if (found.some((each) => each !== wanted)) {
          throw new Error(`${text} on ${write(url)}${behind} should be ${wanted}: ${found}`);
        }
      }
    }),
    { numRuns: 5000 },
  );
  expect(looked).toBe(100_000);
  expect(matched).toBeGreaterThan(5000);
});

// Without groups: a random one may take the engines' regular expressions minutes.
const texts = fc.stringMatching(/^(https?|\*|[a-z]{1,3}):(\/\/)?[a-c.*:{}?+\\/#%é-]{0,14}$/);

test('odd texts that native and bundled engine both take match alike', () => {
  let taken = 0;
  fc.assert(
    fc.property(
      texts,
      fc.array(fc.webUrl({ withFragments: true, withQueryParameters: true }), { minLength: 5, maxLength: 5 }),
      (text, urls) => {
        const make = (engine: UrlPatternEngine) => {
          try {
            return new UrlPattern(text, engine);
          } catch {
            return undefined;
          }
        };
        const [first, second] = [make(native), make(BUNDLED)];
        if (!first || !second) return;
        taken++;
        for (const url of urls) expect([text, url, second.matches(url)]).toEqual([text, url, first.matches(url)]);
      },
    ),
    { numRuns: 1500 },
  );
  expect(taken).toBeGreaterThan(150);
});

test('the bundled engine refuses what it would read as less than is written', () => {
  for (const text of ['*:*#\\#', 'http://a?x#\\#b', 'http://a?\\?b', 'http://a#{\\#b}']) {
    expect(() => new UrlPattern(text, BUNDLED)).toThrow('not supported');
  }
});

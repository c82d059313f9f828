/** The table of diagnostics, the docs and the setting say the same. */
import { readFileSync } from 'node:fs';
import { expect, test } from 'vitest';
import { CODES, CODES_PAGE } from '#server/diagnostics/codes.ts';

const docs = readFileSync('docs/language-server.md', 'utf8');
const manifest = JSON.parse(readFileSync('package.json', 'utf8')) as { readonly repository: { readonly url: string } };

test('the docs have a row and a heading for each code', () => {
  const rows = [...docs.matchAll(/^\| \[`([\w-]+)`\]\(#([\w-]+)\) \| (\w+) \| (.+) \|$/gm)];
  const table = rows.map(([, code, anchor, level, text]) => ({ code, anchor, level, text }));
  expect(table).toEqual(Object.entries(CODES).map(([code, each]) => ({ code, anchor: code, ...each })));
  const headings = [...docs.matchAll(/^### ([\w-]+)$/gm)].map(([, heading]) => heading);
  expect(headings).toEqual(expect.arrayContaining(Object.keys(CODES)));
});

test('the link of a diagnostic leads to the docs of the repository', () => {
  const { repository } = manifest;
  expect(CODES_PAGE).toBe(`${repository.url.replace(/\.git$/, '')}/blob/main/docs/language-server.md`);
});

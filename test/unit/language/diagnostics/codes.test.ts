/** The table of diagnostics, the docs and the setting say the same. */
import { readFileSync } from 'node:fs';
import { expect, test } from 'vitest';
import { CODES, CODES_PAGE } from '#server/diagnostics/codes.ts';

const docs = readFileSync('docs/language-server.md', 'utf8');
const manifest = JSON.parse(readFileSync('package.json', 'utf8')) as {
  readonly repository: { readonly url: string };
  readonly contributes: { readonly configuration: { readonly properties: Readonly<Record<string, Setting>> } };
};
interface Setting {
  readonly properties: Readonly<Record<string, { readonly default: string; readonly markdownDescription: string }>>;
}

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

test('the setting offers each code with its level', () => {
  const { properties } = manifest.contributes.configuration.properties['ipcWorkbench.language.diagnostics'] as Setting;
  const offered = Object.entries(properties).map(([code, { default: level, markdownDescription: text }]) => {
    return [code, { level, text }];
  });
  expect(Object.fromEntries(offered)).toEqual(CODES);
});

/** The isolation page as one document: what is written into it, its CSP, and what is wrong with a folder. */
import { createHash } from 'node:crypto';
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { afterEach, expect, test } from 'vitest';
import { checkIsolationFolder, isolationDocument } from '../../../extension/app/isolation-page.ts';
import { panelCsp } from '../../../extension/app/page-html.ts';

const folders: string[] = [];
afterEach(() => {
  for (const folder of folders.splice(0)) rmSync(folder, { recursive: true });
});

function folderOf(files: Record<string, string>): string {
  const folder = mkdtempSync(join(tmpdir(), 'isolation-page-'));
  folders.push(folder);
  for (const [name, text] of Object.entries(files)) {
    mkdirSync(dirname(join(folder, name)), { recursive: true });
    writeFileSync(join(folder, name), text);
  }
  return folder;
}

const ORIGIN = 'http://127.0.0.1:5';
const document = (files: Record<string, string>) => isolationDocument(folderOf(files), 'R', { key: [1] }, ORIGIN);
const RUNTIME = '<script data-config="{&quot;key&quot;:[1]}">R</script>';
const hash = (text: string) => `'sha256-${createHash('sha256').update(text).digest('base64')}'`;

test('scripts and style sheets of the folder are written into it, after the runtime', () => {
  const { html, csp } = document({
    'index.html': `<!doctype html><html><head><link rel="stylesheet" href="style.css"><script type="module" src='./a/hook.js?v=1' defer></script></head>
<body><script>own()</script></body></html>`,
    'style.css': 'p { color: red }',
    'a/hook.js': 'hook("</script>")',
  });
  expect(
    html,
  ).toBe(`<!doctype html><html><head>${RUNTIME}<style>p { color: red }</style><script type="module" defer>hook("<\\/script>")</script></head>
<body><script>own()</script></body></html>`);
  expect(csp).toBe(
    `default-src 'none'; frame-src ${ORIGIN}; script-src ${hash('R')} ${hash('hook("<\\/script>")')} ${hash('own()')}; style-src ${hash('p { color: red }')}; sandbox allow-scripts`,
  );
});

test('hashes are of the text as the browser reads it', () => {
  const { html, csp } = document({ 'index.html': '\uFEFF<script>a()\r\nb()</script>' });
  expect(html).toBe(`${RUNTIME}<script>a()\nb()</script>`);
  expect(csp).toContain(hash('a()\nb()'));
});

test('scripts of elsewhere stay, and the CSP does not know them', () => {
  const text = '<head></head><script src="https://a.test/x.js"></script><script src=//b.test/y.js></script>';
  const { html, csp } = document({ 'index.html': text });
  expect(html).toBe(text.replace('<head>', `<head>${RUNTIME}`));
  expect(csp).toContain(`script-src ${hash('R')};`);
});

test('a document without an element has the runtime alone', () => {
  expect(document({ 'index.html': '' }).html).toBe(RUNTIME);
  expect(document({ 'index.html': '<script>never closed' }).html).toBe(`${RUNTIME}<script>never closed</script>`);
});

test.each([
  ['missing.js', /missing\.js does not exist: index\.html of the isolation page names it/],
  ['../outside.js', /\.\.\/outside\.js is not in /],
  ['a/%2e%2e/%2e%2e/outside.js', /is not in /],
])('a script %s is an error', (src, message) => {
  expect(() => document({ 'index.html': `<script src="${src}"></script>` })).toThrow(message);
});

test('a folder that cannot be an isolation page is an error that says why', () => {
  const empty = folderOf({});
  expect(() => checkIsolationFolder(join(empty, 'none'))).toThrow(`the folder ${join(empty, 'none')} does not exist`);
  expect(() => checkIsolationFolder(empty)).toThrow(`${join(empty, 'index.html')} does not exist`);
  const plain = folderOf({ 'index.html': '', 'a/b.js': 'nothing' });
  expect(() => checkIsolationFolder(plain)).toThrow(
    `no file in ${plain} sets window.__TAURI_ISOLATION_HOOK__: a function of the message, or null`,
  );
  checkIsolationFolder(folderOf({ 'index.html': '', 'a/b.js': 'window.__TAURI_ISOLATION_HOOK__ = null' }));
});

test("the app's CSP lets the frame load, and nothing else", () => {
  expect(panelCsp("default-src 'self'", 'n', ORIGIN)).toContain(`frame-src 'self' ${ORIGIN}`);
  expect(panelCsp("default-src 'self'; child-src 'none'", 'n', ORIGIN)).toContain(`frame-src ${ORIGIN}`);
  expect(panelCsp("script-src 'self'", 'n', ORIGIN)).not.toContain('frame-src');
  expect(panelCsp("default-src 'self'", 'n')).not.toContain('frame-src');
});

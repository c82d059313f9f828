/** What a page may send past the npm package: hostile headers, lengths, offsets and paths. */
import { existsSync, readFileSync, readdirSync, statSync, symlinkSync, truncateSync, writeFileSync } from 'node:fs';
import { expect, test } from 'vitest';
import { bytes, outcome, until } from '../harness.ts';
import { ALL, allow, bytesIn, startFsApp } from './fs-app.ts';

test.each([
  [
    '/a/../b',
    'invalid value: string "/a/../b", expected Unsafe PathBuf: cannot traverse directory, rewrite the path without the use of `../`',
  ],
  [
    '..',
    'invalid value: string "..", expected Unsafe PathBuf: cannot traverse directory, rewrite the path without the use of `../`',
  ],
  [5, 'invalid type: integer `5`, expected a string representing an file URL or a path'],
  [null, 'invalid type: null, expected a string representing an file URL or a path'],
  ['\ud800', 'lone leading surrogate in hex escape'],
])('path %j is no path', async (path, reason) => {
  const { page } = await startFsApp();
  expect(await outcome(page.invoke('plugin:fs|exists', { path }))).toEqual({
    error: `invalid args \`path\` for command \`exists\`: ${reason}`,
  });
});

test('URLs: only of files, and without a way out', async () => {
  const { page, home } = await startFsApp();
  const exists = (path: string) => outcome(page.invoke('plugin:fs|exists', { path }));
  expect(await exists('https://x/y')).toEqual({ error: 'URL is not a valid path' });
  expect(await exists('foo:bar')).toEqual({ error: 'URL is not a valid path' });
  expect(await exists(`file://${home}/x/../y`)).toEqual({ ok: false });
  expect(await exists(`file://${home}/x/..%2f..%2fy`)).toHaveProperty(
    'error',
    expect.stringContaining('cannot traverse'),
  );
  expect(await exists(`${home}/a\0b`)).toEqual({ error: `forbidden path: ${home}/a\0b` });
  expect(await exists(`${home}/${'x'.repeat(5000)}`)).toHaveProperty(
    'error',
    expect.stringContaining('forbidden path'),
  );
});

test('headers of a write', async () => {
  const { page, home } = await startFsApp();
  const write = (headers: Record<string, string>, body: unknown = bytesIn(page, 'x')) =>
    outcome(page.invoke('plugin:fs|write_file', body, { headers }));
  expect(await write({})).toEqual({ error: 'missing file path' });
  expect(await write({ path: '%ff' })).toEqual({ error: 'path is not a valid UTF-8' });
  expect(await write({ path: `${home}/%2e%2e/x` })).toEqual({
    error: 'Unsafe PathBuf: cannot traverse directory, rewrite the path without the use of `../`',
  });
  expect(await write({ path: 'http://x' })).toEqual({ error: 'URL is not a valid path' });
  expect(await write({ path: `${home}/a` }, { a: 1 })).toEqual({ error: 'unexpected invoke body' });
  expect(await write({ path: `${home}/100%25%zz` })).toEqual({ ok: null });
  expect(readFileSync(`${home}/100%%zz`, 'utf8')).toBe('x');
  for (const options of ['undefined', '{', '5', '{"append":"yes"}', '{"baseDir":99}']) {
    expect(await write({ path: `${home}/a`, options }), options).toEqual({ ok: null });
  }
});

test('a write may bring its bytes as a list of numbers: what is none is left out', async () => {
  const { page, home } = await startFsApp();
  const payload = [104, 105, 'x', -1, 256 + 33];
  const headers = [['path', `${home}/a`]];
  page.post([{ kind: 'invoke', cmd: 'plugin:fs|write_file', callback: 1, error: 2, payload, headers }]);
  await until(() => existsSync(`${home}/a`) && statSync(`${home}/a`).size > 0);
  expect(readFileSync(`${home}/a`, 'utf8')).toBe('hi!');
});

test('lengths and offsets of every size', async () => {
  const { page, fs, home } = await startFsApp();
  writeFileSync(`${home}/a`, 'abc');
  const { rid } = await fs.open(`${home}/a`, { read: true, write: true });
  const call = (name: string, args: object) => outcome(page.invoke(`plugin:fs|${name}`, { rid, ...args }));
  const read = await page.invoke('plugin:fs|read', { rid, len: 2 ** 52 });
  expect(bytes(read)).toEqual([97, 98, 99, 0, 0, 0, 0, 0, 0, 0, 3]);
  expect(await call('read', { len: -1 })).toEqual({
    error: 'invalid args `len` for command `read`: invalid value: integer `-1`, expected usize',
  });
  expect(await call('read', { len: 1.5 })).toEqual({
    error: 'invalid args `len` for command `read`: invalid type: floating point `1.5`, expected usize',
  });
  const invalid = { error: 'failed to seek file with error: Invalid argument (os error 22)' };
  expect(await call('seek', { offset: -5, whence: 0 })).toEqual(invalid);
  expect(await call('seek', { offset: -5, whence: 1 })).toEqual(invalid);
  expect(await call('seek', { offset: -5, whence: 2 })).toEqual(invalid);
  expect(await call('seek', { offset: 2 ** 62, whence: 2 })).toEqual(invalid);
  expect(await call('seek', { offset: 0, whence: 3 })).toEqual({
    error: 'invalid args `whence` for command `seek`: invalid value: 3, expected one of: 0, 1, 2',
  });
  expect(await call('seek', { offset: 2 ** 40, whence: 0 })).toEqual({ ok: 2 ** 40 });
  expect(bytes(await page.invoke('plugin:fs|read', { rid, len: 10 }))).toEqual([0, 0, 0, 0, 0, 0, 0, 0]);
  expect(await call('ftruncate', { len: 2 ** 63 })).toEqual({
    error: 'failed to truncate file with error: File too large (os error 27)',
  });
  expect(await call('ftruncate', {})).toEqual({ ok: null });
  expect(statSync(`${home}/a`).size).toBe(0);
  expect(await call('write', { data: [256] })).toEqual({
    error: 'invalid args `data` for command `write`: invalid value: integer `256`, expected u8',
  });
});

test('a file that is too large to be given at once is refused, and read in pieces', async () => {
  const { fs, home } = await startFsApp();
  writeFileSync(`${home}/big`, 'x');
  truncateSync(`${home}/big`, 2 ** 40);
  expect(await outcome(fs.readFile(`${home}/big`))).toEqual({
    error: `failed to read file as text at path: ${home}/big with error: File too large (os error 27)`,
  });
  const file = await fs.open(`${home}/big`);
  expect(await file.read(new Uint8Array(10))).toBe(10);
});

test('a page cannot hold more files open than there may be', async () => {
  const { core, fs, page, home } = await startFsApp();
  writeFileSync(`${home}/a`, '');
  const descriptors = () => readdirSync('/proc/self/fd').length;
  const before = descriptors();
  const files = await Promise.all(Array.from({ length: 512 }, () => fs.open(`${home}/a`)));
  const full = { error: `failed to open file at path: ${home}/a with error: Too many open files (os error 24)` };
  expect(await outcome(fs.open(`${home}/a`))).toEqual(full);
  const notes = [...core.tap.records()].filter(({ note }) => note?.includes('512 files open'));
  expect(notes).toHaveLength(1);
  await files[0]?.close();
  await expect.poll(() => outcome(fs.open(`${home}/a`))).toHaveProperty('ok');
  await page.reload();
  await expect.poll(descriptors).toBeLessThan(before + 20);
});

test('pipes do not make anybody wait', async () => {
  const { fs, home } = await startFsApp();
  const { execFileSync } = await import('node:child_process');
  execFileSync('mkfifo', [`${home}/pipe`]);
  expect(await fs.readFile(`${home}/pipe`)).toHaveLength(0);
  expect(await outcome(fs.writeTextFile(`${home}/pipe`, 'x'))).toEqual({
    error: `failed to open file at path: ${home}/pipe with error: No such device or address (os error 6)`,
  });
});

test('a folder takes nothing forbidden with it: neither to another name nor away', async () => {
  const { fs, home } = await startFsApp({
    permissions: (home) => [
      ...ALL,
      { ...allow(`${home}/*`, `${home}/open/**`), deny: [{ path: `${home}/box/secret` }] },
    ],
  });
  await fs.mkdir(`${home}/open`);
  await fs.mkdir(`${home}/box`);
  writeFileSync(`${home}/box/secret`, 'FORBIDDEN');
  expect(await outcome(fs.rename(`${home}/box`, `${home}/other`))).toEqual({
    error: `forbidden path: ${home}/box/secret`,
  });
  expect(await outcome(fs.remove(`${home}/box`, { recursive: true }))).toEqual({
    error: `forbidden path: ${home}/box/secret`,
  });
  await fs.mkdir(`${home}/plain`);
  writeFileSync(`${home}/plain/a`, 'out of reach');
  expect(await outcome(fs.rename(`${home}/plain`, `${home}/open/plain`))).toEqual({
    error: `forbidden path: ${home}/plain/a`,
  });
  await fs.rename(`${home}/plain`, `${home}/plain2`);
  await fs.remove(`${home}/plain2`, { recursive: true });
});

test('without strictFsScope one look decides, as in Tauri', async () => {
  const { fs, home } = await startFsApp({
    permissions: (home) => [...ALL, allow(`${home}/in`, `${home}/in/**`)],
    settings: { strict: () => false },
  });
  await fs.mkdir(`${home}/in`);
  symlinkSync(home, `${home}/in/link`);
  await fs.writeTextFile(`${home}/in/link/new`, 'x');
  expect(readFileSync(`${home}/new`, 'utf8')).toBe('x');
  expect(await outcome(fs.readTextFile(`${home}/in/link/new`))).toHaveProperty('error');
});

test('requireLiteralLeadingDot of the configuration', async () => {
  const { fs, home } = await startFsApp();
  const dots = await startFsApp({ settings: { requireLiteralLeadingDot: false } });
  expect(await outcome(fs.exists(`${home}/.a`))).toHaveProperty('error');
  expect(await outcome(dots.fs.exists(`${dots.home}/.a`))).toEqual({ ok: false });
});

test('the first releases of the npm package get their own forms', async () => {
  const { page, home } = await startFsApp({ host: { fs: { noFiles: undefined, npmVersion: '2.0.0' } } });
  const path = `${home}/a`;
  await page.invoke('plugin:fs|write_text_file', { path, data: 'one\nü', options: { create: true } });
  expect(await page.invoke('plugin:fs|read_text_file', { path })).toBe('one\nü');
  const lines = await page.invoke('plugin:fs|read_text_file_lines', { path });
  const next = () => page.invoke('plugin:fs|read_text_file_lines_next', { rid: lines });
  expect([await next(), await next(), await next()]).toEqual([
    ['one', false],
    ['ü', false],
    [null, true],
  ]);
  const rid = await page.invoke('plugin:fs|open', { path });
  expect(await page.invoke('plugin:fs|read', { rid, len: 3 })).toEqual([[111, 110, 101], 3]);
  writeFileSync(path, Buffer.from([0xff]));
  expect(await outcome(page.invoke('plugin:fs|read_text_file', { path }))).toEqual({
    error: `failed to read file as text at path: ${path} with error: stream did not contain valid UTF-8`,
  });
});

/** The scope layer of the fs plugin, on real files; the plugin's commands come with it. */
import { mkdirSync, mkdtempSync, readFileSync, realpathSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, expect, test } from 'vitest';
import { FsAccess, type FsAccessOptions, type FsRequest } from '#core/acl/scope/fs.ts';
import { parsePathArgument } from '#core/acl/scope/path.ts';
import type { Scopes } from '#core/acl/scope/scope.ts';
import { Glob } from '#core/acl/glob.ts';
import type { BaseDirectory } from '#core/base-directory.ts';
import { ResourceTable } from '#core/resource.ts';
import { fileLinks } from '../../../extension/plugins/file-links.ts';
import { outcome } from '../harness.ts';
import { scopes } from './support.ts';

const root = realpathSync(mkdtempSync(join(tmpdir(), 'ipc-scope-')));
afterAll(() => rmSync(root, { recursive: true, force: true }));
const at = (...names: string[]) => join(root, ...names);
function file(...names: string[]): void {
  mkdirSync(at(...names.slice(0, -1)), { recursive: true });
  writeFileSync(at(...names), 'x');
}
for (const path of ['home/a.txt', 'home/.ssh/id', 'home/.env', 'home/secret/x', 'data/a.txt', 'data/sub/a.txt']) {
  file(...path.split('/'));
}
file('resources', '_up_', 'a');
file('outside', 'f');
file('in', 'file');
file('picked', '[a]*.txt');
file('picked', '[a]b.txt');
file('picked', 'ab.txt');
file('picked', 'folder', 'child');
file('picked', 'folder', 'deep', 'grandchild');
symlinkSync(at('outside', 'f'), at('in', 'link'));
symlinkSync(at('outside'), at('in', 'd'));
symlinkSync(at('outside', 'later'), at('in', 'dangling'));

const DIRECTORIES: Partial<Record<BaseDirectory, string>> = {
  Home: at('home'),
  AppData: at('data'),
  Resource: at('resources'),
};

const access = (options: Partial<FsAccessOptions> = {}) =>
  new FsAccess({
    windows: false,
    directory: (name) => DIRECTORIES[name],
    links: fileLinks,
    cwd: root,
    ...options,
  });

async function read(request: string | FsRequest, given: Scopes, fs = access(), command = 'read_file') {
  const requests = [typeof request === 'string' ? { path: request } : request];
  return outcome(fs.resolve(command, requests, given));
}

const hinted = (path: string, permission = 'allow-read-file') => ({
  error: expect.objectContaining({
    value: `forbidden path: ${path}, maybe it is not allowed on the scope for \`${permission}\` permission in your capability file`,
  }) as unknown,
});
const forbidden = (path: string) => ({
  error: expect.objectContaining({ value: `forbidden path: ${path}` }) as unknown,
});

test('H107 paths match as in all rows of the vectors, in both dot modes', () => {
  interface Row {
    readonly mode: 'label' | 'fs';
    readonly pattern: string;
    readonly path?: string;
    readonly matchDot?: boolean;
    readonly matchNoDot?: boolean;
    readonly error?: string;
  }
  const rows = readFileSync(new URL('../../fixtures/glob/tauri.jsonl', import.meta.url), 'utf8')
    .trim()
    .split('\n')
    .map((line) => JSON.parse(line) as Row)
    .filter(({ mode }) => mode === 'fs');
  for (const { pattern, path = '', matchDot, matchNoDot, error } of rows) {
    if (error !== undefined) {
      expect(() => new Glob(pattern)).toThrow(new Error(error));
      continue;
    }
    const found = [true, false].map((leadingDot) =>
      new Glob(pattern).matches(path, { separator: true, leadingDot, ignoreCase: true }),
    );
    expect([pattern, path, found]).toEqual([pattern, path, [matchDot, matchNoDot]]);
  }
  expect(rows).toHaveLength(52);
});

test('H108 a star stays in its folder', async () => {
  const given = scopes({ allow: ['$APPDATA/*'] });
  expect(await read({ path: 'a.txt', baseDir: 'AppData' }, given)).toEqual({ ok: [at('data', 'a.txt')] });
  expect(await read({ path: 'sub/a.txt', baseDir: 'AppData' }, given)).toEqual(hinted(at('data', 'sub', 'a.txt')));
});

test('H109 no scope means no path, and the text names the permission', async () => {
  expect(await read(at('home', 'a.txt'), scopes())).toEqual(hinted(at('home', 'a.txt')));
  const directory = await read(at('home'), scopes(), access(), 'read_dir');
  expect(directory).toEqual(hinted(at('home'), 'allow-read-dir'));
});

test('H110 a denied path is refused without the hint', async () => {
  const given = scopes({ allow: ['$HOME/**'], deny: ['$HOME/secret/**'] });
  expect(await read(at('home', 'a.txt'), given)).toEqual({ ok: [at('home', 'a.txt')] });
  expect(await read(at('home', 'secret', 'x'), given)).toEqual(forbidden(at('home', 'secret', 'x')));
});

test('H111 a deny of the global scope counts for the command', async () => {
  const given = scopes({ allow: ['$HOME/**'] }, { deny: [{ path: '$HOME/secret/*' }] });
  expect(await read(at('home', 'secret', 'x'), given)).toEqual(forbidden(at('home', 'secret', 'x')));
});

test('H112 dotfiles must be named on Unix, unless the configuration says otherwise', async () => {
  const given = scopes({ allow: ['$HOME/**'] });
  const path = at('home', '.ssh', 'id');
  expect(await read(path, given)).toEqual(hinted(path));
  expect(await read(path, given, access({ requireLiteralLeadingDot: false }))).toEqual({ ok: [path] });
});

test('H113 a star before a named dot matches nothing at all, and so the dotfile', async () => {
  expect(await read(at('home', '.env'), scopes({ allow: ['$HOME/*.env'] }))).toEqual({ ok: [at('home', '.env')] });
});

test('H114 a path that climbs is refused; a URL has been normalised before', () => {
  const traversal = new Error('cannot traverse directory, rewrite the path without the use of `../`');
  for (const path of ['../x', 'a/../b', '/home/u/..', 'file:///a/%2F..%2Fb']) {
    expect(() => parsePathArgument(path, false)).toThrow(traversal);
  }
  expect(parsePathArgument('file:///home/u/../x', false)).toBe('/home/x');
  expect(parsePathArgument('a..b/..c', false)).toBe('a..b/..c');
});

test('H115 other URLs are no paths; a drive is no scheme', () => {
  for (const url of ['https://x/y', 'foo:bar', 'file://server/x', 'file:///%zz']) {
    expect(() => parsePathArgument(url, false)).toThrow(new Error('URL is not a valid path'));
  }
  expect(parsePathArgument('C:\\x', true)).toBe('C:\\x');
  expect(parsePathArgument('file:///C:/x%20y', true)).toBe('C:\\x y');
  expect(parsePathArgument('file://server/share/x', true)).toBe('\\\\server\\share\\x');
  expect(() => parsePathArgument('file:///x', true)).toThrow(new Error('URL is not a valid path'));
});

test('H116 an absolute path leaves the base directory out', async () => {
  const request: FsRequest = { path: at('home', 'a.txt'), baseDir: 'AppData' };
  expect(await read(request, scopes({ allow: ['$HOME/*'] }))).toEqual({ ok: [at('home', 'a.txt')] });
  expect(await read(request, scopes({ allow: ['$APPDATA/**'] }))).toEqual(hinted(at('home', 'a.txt')));
});

test('H117 what climbs from the resources stays below them', async () => {
  const given = scopes({ allow: ['$RESOURCE/**'] });
  expect(await read({ path: '../a', baseDir: 'Resource' }, given)).toEqual({ ok: [at('resources', '_up_', 'a')] });
});

test('H118 a link that leads out of the scope is refused', async () => {
  const given = scopes({ allow: [at('in', '**')] });
  expect(await read(at('in', 'file'), given)).toEqual({ ok: [at('in', 'file')] });
  expect(await read(at('in', 'link'), given)).toEqual(hinted(at('in', 'link')));
  expect(await read(at('in', 'link'), given, access({ strict: false }))).toEqual(hinted(at('in', 'link')));
});

test('H119 below a linked folder nothing is read; strict: and nothing is made', async () => {
  const given = scopes({ allow: [at('in', '**')] });
  const compatible = access({ strict: false });
  expect(await read(at('in', 'd', 'f'), given)).toEqual(hinted(at('in', 'd', 'f')));
  expect(await read(at('in', 'd', 'f'), given, compatible)).toEqual(hinted(at('in', 'd', 'f')));
  expect(await read(at('in', 'd', 'new'), given)).toEqual(hinted(at('in', 'd', 'new')));
  expect(await read(at('in', 'd', 'new'), given, compatible)).toEqual({ ok: [at('in', 'd', 'new')] });
  // A link to nothing makes its target when it is written to.
  expect(await read(at('in', 'dangling'), given)).toEqual(hinted(at('in', 'dangling')));
});

test('H120 a command with two paths needs both, and names the one that fails', async () => {
  const given = scopes({ allow: [at('data', '**')] });
  const rename = (oldPath: string, newPath: string) =>
    outcome(access().resolve('rename', [{ path: oldPath }, { path: newPath }], given));
  const [good, bad] = [at('data', 'a.txt'), at('home', 'b.txt')];
  expect(await rename(good, at('data', 'b.txt'))).toEqual({ ok: [good, at('data', 'b.txt')] });
  expect(await rename(good, bad)).toEqual(hinted(bad, 'allow-rename'));
  expect(await rename(bad, good)).toEqual(hinted(bad, 'allow-rename'));
});

test('H121 a rid of one window is unknown in another', () => {
  class File {}
  const [first, second] = [new ResourceTable(), new ResourceTable()];
  const rid = first.add(new File());
  expect(first.get(rid, File)).toBeInstanceOf(File);
  expect(() => second.get(rid, File)).toThrow(`The resource id ${rid} is invalid.`);
});

test('H122 a picked file opens itself alone, whatever its name looks like', async () => {
  const fs = access();
  const picked = at('picked', '[a]*.txt');
  await fs.runtime.allowFile(picked);
  expect(await read(picked, scopes(), fs)).toEqual({ ok: [picked] });
  for (const other of ['[a]b.txt', 'ab.txt']) {
    expect(await read(at('picked', other), scopes(), fs)).toEqual(hinted(at('picked', other)));
  }
});

test('H123 a picked directory opens its children, and all below only if it was picked so', async () => {
  const [folder, child, grandchild] = [
    at('picked', 'folder'),
    at('picked', 'folder', 'child'),
    at('picked', 'folder', 'deep', 'grandchild'),
  ];
  const fs = access();
  await fs.runtime.allowDirectory(folder, false);
  expect(await read(folder, scopes(), fs)).toEqual({ ok: [folder] });
  expect(await read(child, scopes(), fs)).toEqual({ ok: [child] });
  expect(await read(grandchild, scopes(), fs)).toEqual(hinted(grandchild));
  await fs.runtime.allowDirectory(folder, true);
  expect(await read(grandchild, scopes(), fs)).toEqual({ ok: [grandchild] });
});

test('H124 an entry whose variable is not there counts for nothing; $APP is none', async () => {
  const given = scopes({ allow: ['$RUNTIME/**', '$APP/**', '$HOME/*'], deny: ['$FONT/**'] });
  expect(await read(at('home', 'a.txt'), given)).toEqual({ ok: [at('home', 'a.txt')] });
  expect(await read(at('data', 'a.txt'), given)).toEqual(hinted(at('data', 'a.txt')));
});

test('H125 a bad pattern makes the command unusable', async () => {
  const error = expect.objectContaining({
    value:
      'invalid glob pattern: Pattern syntax error near position 5: wildcards are either regular `*` or recursive `**`',
  }) as unknown;
  expect(await read(at('home', 'a.txt'), scopes({ allow: ['$HOME/*', '/a/***'] }))).toEqual({ error });
});

test('H126 an entry that is neither a path nor has one fails the call', async () => {
  const error = expect.objectContaining({
    value: 'error deserializing scope: data did not match any variant of untagged enum EntryRaw',
  }) as unknown;
  for (const entry of [5, {}, { path: 5 }, null]) {
    expect(await read(at('home', 'a.txt'), scopes({ allow: ['$HOME/*', entry] }))).toEqual({ error });
  }
});

/** Finding projects in a workspace: as Tauri's CLI does, but all of them. */
import { relative } from 'node:path';
import { expect, test } from 'vitest';
import { findProjects, frontendPackageFolder } from '#server/project/find-projects.ts';
import { GitIgnore } from '#server/project/gitignore.ts';
import { locateProject, readProject } from '#server/project/project.ts';
import { folderOf } from './projects.ts';

async function found(files: Record<string, string | object>): Promise<string[]> {
  const root = folderOf(files);
  return (await findProjects([root])).map(({ folder }) => relative(root, folder).replaceAll('\\', '/') || '.');
}

test('src-tauri at any depth, folders of another name, and a configuration at the top', async () => {
  expect(
    await found({
      'tauri.conf.json': {},
      'apps/one/src-tauri/tauri.conf.json': {},
      'apps/two/src-tauri/Tauri.toml': '',
      'packages/group/three/desktop/tauri.conf.json5': '{}',
      'packages/group/four/core/tauri.conf.json': {},
      'packages/group/four/core/Cargo.toml': '[package]',
      'packages/group/four/package.json': {},
    }),
  ).toEqual(['.', 'apps/one', 'apps/two', 'packages/group/four', 'packages/group/three/desktop']);
});

test('not in node_modules, target, dist and .git, nor where .gitignore says no', async () => {
  expect(
    await found({
      'node_modules/a/src-tauri/tauri.conf.json': {},
      'target/a/tauri.conf.json': {},
      '.git/a/tauri.conf.json': {},
      'apps/dist/tauri.conf.json': {},
      'out/a/tauri.conf.json': {},
      'apps/.gitignore': '/old-*/\n!old-but-kept/\n',
      'apps/old-1/tauri.conf.json': {},
      'apps/old-but-kept/tauri.conf.json': {},
      '.gitignore': '# made\nout/\n',
    }),
  ).toEqual(['apps/old-but-kept']);
});

test('two crates of one package are two projects', async () => {
  const crate = { 'Cargo.toml': '[package]', 'tauri.conf.json': {} };
  const files = Object.fromEntries(
    ['one', 'two'].flatMap((name) => Object.entries(crate).map(([file, text]) => [`${name}/${file}`, text])),
  );
  expect(await found({ 'package.json': {}, ...files })).toEqual(['.', 'two']);
});

test('what is wrong with a project is told beside it, and the others are found', async () => {
  const root = folderOf({
    'a/tauri.conf.json': '{"tauri": {}}',
    'b/tauri.conf.json': { productName: 'B', identifier: 'com.b' },
  });
  expect(await findProjects([root])).toMatchObject([
    { name: 'a', problem: expect.stringContaining('Tauri v1') },
    { name: 'B', identifier: 'com.b', problem: undefined },
  ]);
});

test('a folder means src-tauri, itself, or the crate below it by another name', () => {
  const files = { 'desktop/tauri.conf.json': {}, 'desktop/Cargo.toml': '[package]', 'src-ipc/main.ts': '' };
  const folder = folderOf(files);
  expect(locateProject(folder)?.root).toBe(folder);
  expect(readProject(folder).backendFile).toContain('src-ipc');
  expect(locateProject(`${folder}/desktop`)?.root).toBe(folder);
  const other = folderOf({ 'ui/tauri.conf.json': {} });
  expect(locateProject(other)?.root).toBe(`${other}/ui`);
  expect(locateProject(folderOf({ a: '' }))).toBeUndefined();
});

test('beforeDevCommand runs where package.json is: in the project, below it, or else above the configuration', async () => {
  const at = async (files: Record<string, object>) => {
    const root = folderOf(files);
    return relative(root, await frontendPackageFolder(root, `${root}/src-tauri`));
  };
  expect(await at({ 'package.json': {}, 'ui/package.json': {} })).toBe('');
  expect(await at({ 'ui/package.json': {}, 'node_modules/a/package.json': {} })).toBe('ui');
  expect(await at({ 'src-tauri/tauri.conf.json': {} })).toBe('');
});

test.each([
  ['dist', 'a/dist', true],
  ['/dist', 'a/dist', undefined],
  ['/dist', 'dist', true],
  ['a/b', 'x/a/b', undefined],
  ['**/b', 'x/a/b', true],
  ['a/**', 'a/b/c', true],
  ['a/*', 'a/b/c', undefined],
  ['*.d', 'x/y.d', true],
  ['b[ou]ild ', 'boild', true],
  ['\\!odd', '!odd', true],
  ['#c', '#c', undefined],
  ['a\n!a', 'a', false],
  ['[', '[', undefined],
])('.gitignore %s and %s: %s', (text, path, ignored) => {
  expect(new GitIgnore(text).ignores(path, true)).toBe(ignored);
});

/** Tauri's configuration: which files are read, how they are merged, and where what is wrong with them stands. */
import fc from 'fast-check';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { answerHeaders, ProjectError, TauriConfig } from '#server/project/config.ts';
import { ConfigFiles, findConfig, mergePatch } from '#server/project/config-files.ts';
import { readProject } from '#server/project/project.ts';
import { folderOf } from './projects.ts';

function read(folder: string, platform: NodeJS.Platform = 'linux'): ConfigFiles {
  return new ConfigFiles(findConfig(folder) ?? '', platform);
}

function problemOf(folder: string): string {
  try {
    read(folder);
  } catch (error) {
    if (!(error instanceof ProjectError)) throw error;
    return `${error.file.slice(folder.length + 1)}:${error.line}:${error.column}: ${error.message}`;
  }
  return 'none';
}

const BASE = { productName: 'Base', app: { windows: [{ label: 'a' }, { label: 'b' }], withGlobalTauri: true } };

test('the file of the platform is merged over the other: objects member by member, lists as a whole, null removes', () => {
  const patch = { productName: null, identifier: 'x', app: { windows: [{ title: 'T' }] } };
  const folder = folderOf({ 'tauri.conf.json': BASE, 'tauri.linux.conf.json': patch });
  const { config } = read(folder);
  expect([config.productName, config.identifier, config.app.withGlobalTauri]).toEqual([undefined, 'x', true]);
  expect(config.app.windows.map(({ label, title }) => [label, title])).toEqual([['main', 'T']]);
  // That of another platform is not read, even if it is wrong.
  expect(read(folder, 'win32').config.productName).toBe('Base');
  expect(read(folderOf({ 'tauri.conf.json': BASE, 'tauri.macos.conf.json': '{' })).config.productName).toBe('Base');
});

const TEXTS = {
  'tauri.conf.json': '{"productName": "1", "version": "1"}',
  'tauri.conf.json5': "{productName: '2', version: '2'}",
  'Tauri.toml': 'productName = "3"\nversion = "3"',
};
const PLATFORM_TEXTS = {
  'tauri.linux.conf.json': '{"productName": "p1"}',
  'tauri.linux.conf.json5': "{productName: 'p2',}",
  'Tauri.linux.toml': 'productName = "p3"',
};
const combinations = Object.entries(TEXTS).flatMap((base) =>
  Object.entries(PLATFORM_TEXTS).map((platform) => [base, platform] as const),
);
test.each(combinations)('any format with any other: %s and %s', (base, platform) => {
  const { config } = read(folderOf(Object.fromEntries([base, platform])));
  expect([config.productName, config.version]).toEqual([/p\d/.exec(platform[1])?.[0], /\d/.exec(base[1])?.[0]]);
});

test('of several formats JSON is read, then JSON5, then TOML; each of the two files for itself', () => {
  const all = { ...TEXTS, ...PLATFORM_TEXTS };
  expect(read(folderOf(all)).config).toMatchObject({ productName: 'p1', version: '1' });
  const { 'tauri.conf.json': _one, 'tauri.linux.conf.json': _other, ...rest } = all;
  expect(read(folderOf(rest)).config).toMatchObject({ productName: 'p2', version: '2' });
  expect(read(folderOf({ 'tauri.conf.json': "{productName: 'JSON5',}" })).config.productName).toBe('JSON5');
});

test.each([
  ['a wrong value of the base', { app: { withGlobalTauri: '' } }, '', 'tauri.conf.json:1:27: app.withGlobalTauri: '],
  ['a wrong value of the platform', BASE, '[app]\nwithGlobalTauri = 1', 'Tauri.linux.toml:2:19: app.withGlobalTauri: '],
  ['a list that replaces one', BASE, '[[app.windows]]\nlabel = 1', 'Tauri.linux.toml:2:9: app.windows.0.label: '],
  [
    'a member that is missing',
    { app: { security: { pattern: { use: 'isolation' } } } },
    'version = "1"',
    'tauri.conf.json:1:31: app.security.pattern.options: ',
  ],
  [
    'one that is missing where the platform begins it',
    BASE,
    '[app.security.pattern]\nuse = "isolation"',
    'Tauri.linux.toml:1:1: app.security.pattern.options: ',
  ],
  ['syntax', BASE, '[app', 'Tauri.linux.toml:1:5: not valid TOML: '],
])('the place of %s is in the file that says it', (_name, base, platform, problem) => {
  const folder = folderOf({ 'tauri.conf.json': base, ...(platform && { 'Tauri.linux.toml': platform }) });
  expect(problemOf(folder)).toContain(problem);
});

test('capabilities that the platform lists are those in force, and what is wrong with one is said there', () => {
  const name = { linux: 'linux', darwin: 'macos', win32: 'windows' }[process.platform as 'linux'];
  const folder = folderOf({
    'tauri.conf.json': { app: { security: { capabilities: ['a'] } } },
    [`tauri.${name}.conf.json`]: '{ "app": { "security": {\n  "capabilities": ["b"] } } }',
    'capabilities/a.json': { identifier: 'a', windows: ['main'], permissions: [] },
    'capabilities/b.json': { identifier: 'b', windows: ['main'], permissions: [] },
  });
  const { acl } = readProject(folder);
  expect(acl.enabled.map(({ capability }) => capability.identifier)).toEqual(['b']);
  expect(acl.listed).toMatchObject({ file: join(folder, `tauri.${name}.conf.json`), line: 2 });
  const other = folderOf({
    'tauri.conf.json': {},
    [`tauri.${name}.conf.json`]: '{ "app": { "security": {\n  "capabilities": ["none"] } } }',
  });
  expect(() => readProject(other)).toThrow(
    expect.objectContaining({ file: join(other, `tauri.${name}.conf.json`), line: 2, column: 20 }),
  );
});

test('a project of Tauri v1 is told apart in one sentence', () => {
  const folder = folderOf({ 'tauri.conf.json': '{\n  "build": {},\n  "tauri": {}\n}' });
  expect(problemOf(folder)).toMatch(/^tauri\.conf\.json:3:12: this is a project of Tauri v1 .*migrate`$/);
});

test('what the configuration does not say comes from the crate, and a version from a package.json', () => {
  const crate = '[package]\nname = "crate-name"\nversion = "3.2.1"\n';
  const folder = folderOf({ 'src-tauri/tauri.conf.json': {}, 'src-tauri/Cargo.toml': crate });
  expect(readProject(folder)).toMatchObject({ name: 'crate-name', version: '3.2.1' });
  const named = folderOf({
    'src-tauri/tauri.conf.json': { productName: 'Named', version: '../package.json' },
    'src-tauri/Cargo.toml': crate,
    'package.json': { version: '7.0.0' },
  });
  expect(readProject(named)).toMatchObject({ name: 'Named', version: '7.0.0' });
  const none = folderOf({ 'tauri.conf.json': { version: './gone.json' } });
  expect(() => readProject(none)).toThrow('version: "./gone.json" is no package.json with a version');
});

test('headers of answers: text, lists and maps as Tauri joins them; others and null are none', () => {
  const headers = {
    'Cross-Origin-Opener-Policy': 'same-origin',
    'Timing-Allow-Origin': ['https://a.example', 'https://b.example'],
    'Tauri-Custom-Header': { key1: "'a' 'b'", key2: "'c'" },
    'Permissions-Policy': null,
    'Set-Cookie': 'a=b',
  };
  const { app } = TauriConfig.parse({ app: { security: { headers } } });
  expect(answerHeaders(app.security.headers)).toEqual({
    'cross-origin-opener-policy': 'same-origin',
    'timing-allow-origin': 'https://a.example, https://b.example',
    'tauri-custom-header': "key1 'a' 'b'; key2 'c'",
  });
});

test('the laws of JSON Merge Patch', () => {
  const json = fc.jsonValue();
  fc.assert(
    fc.property(json, json, (target, patch) => {
      const merged = mergePatch(target, patch);
      // Applied again it changes nothing, and nothing of it is null in an object.
      expect(mergePatch(merged, patch)).toEqual(merged);
      if (typeof patch !== 'object' || patch === null || Array.isArray(patch)) expect(merged).toEqual(patch);
    }),
  );
  expect(mergePatch({ a: { b: 1, c: 2 } }, JSON.parse('{"a":{"b":null},"__proto__":{"x":1}}'))).toEqual(
    JSON.parse('{"a":{"c":2},"__proto__":{"x":1}}'),
  );
});

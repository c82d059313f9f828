/** Hover in configuration, capability and permission files, in each of their formats. */
import { expect, test } from 'vitest';
import { CAPABILITIES, hovered } from './project.ts';

const JSON_FILE = `${CAPABILITIES}new.json`;
const JSON5_FILE = `${CAPABILITIES}new.json5`;
const TOML_FILE = `${CAPABILITIES}new.toml`;
const PERMISSIONS = 'src-tauri/permissions/new.toml';

test.each([
  [JSON_FILE, '{ "identifier": "new", "permissions": ["fs:allow-‸read-file"] }'],
  [JSON5_FILE, "{ identifier: 'new', permissions: [{ identifier: 'fs:allow-‸read-file', allow: [] }] }"],
  [TOML_FILE, 'identifier = "new"\npermissions = ["fs:allow-‸read-file"]'],
])('a permission: what it is, what it allows, who has it: %s', async (path, text) => {
  expect(await hovered(path, text)).toBe(
    [
      '**`fs:allow-read-file`**',
      'Permission of the plugin `fs`',
      'Enables the read_file command without any pre-configured scope.',
      'Allows `read_file`',
      'In the capability `new`',
    ].join('\n\n'),
  );
});

test('a set: its members, and what they give', async () => {
  const text = await hovered(TOML_FILE, 'permissions = ["fs:allow-home-‸read"]');
  expect(text).toContain('Set of the plugin `fs`');
  expect(text).toMatch(/Allows `read_dir`, .*`unwatch`/);
  expect(text).toContain('Its scope allows `$HOME`, `$HOME/*`');
  expect(text).toContain('Members: `read-all`, `scope-home`');
  expect(await hovered(TOML_FILE, 'permissions = ["fs:nope‸"]')).toBeUndefined();
});

test('a capability: whether it is in force, and for which windows', async () => {
  const text = '{ "identifier": "ne‸w", "description": "All", "windows": ["set*"], "permissions": ["core:default"] }';
  const expected = ['**`new`** · in force', 'All', 'Windows `set*`: `settings` of the configuration', '1 permission'];
  expect(await hovered(JSON_FILE, text)).toBe(expected.join('\n\n'));
  const config = '{ "app": { "security": { "capabilities": ["other"] } } }';
  const other = 'identifier = "other"\nlocal = false\nremote.urls = ["https://x.test"]\npermissions = []\n';
  const more = { 'src-tauri/tauri.linux.conf.json': config, [`${CAPABILITIES}other.toml`]: other };
  expect(await hovered(JSON_FILE, text, more)).toContain('not in force');
  const listed = config.replace('other', 'oth‸er');
  expect(await hovered('src-tauri/tauri.linux.conf.json', listed, more)).toBe(
    '**`other`** · in force\n\nFor no window\n\n0 permissions, not for pages of the app itself, for pages of `https://x.test`',
  );
});

test('a label or a pattern: the windows, and the capabilities', async () => {
  expect(await hovered(TOML_FILE, 'windows = ["‸*"]')).toBe(
    '**`*`** · `main` of the configuration, `settings` of the configuration',
  );
  expect(await hovered(JSON5_FILE, "{ windows: ['no‸'] }")).toContain('no window');
  const capability = { [TOML_FILE]: 'identifier = "new"\nwindows = ["m*"]\npermissions = []\n' };
  const config = (label: string) => `{ "app": { "windows": [{ "label": "${label}‸" }] } }`;
  const file = 'src-tauri/tauri.linux.conf.json';
  expect(await hovered(file, config('main'), capability)).toBe(
    '**`main`** · `main` of the configuration\n\nCapabilities: `new`',
  );
  expect(await hovered(file, config('other'), capability)).toContain('No capability is about this window.');
});

test('a variable of a path', async () => {
  const text = 'permissions = [{ identifier = "fs:scope", allow = [{ path = "$APPDATA‸/x" }] }]';
  expect(await hovered(TOML_FILE, text)).toBe("**`$APPDATA`** · the app's folder for its data");
  expect(await hovered(TOML_FILE, text.replace('$APPDATA', '$APP'))).toBeUndefined();
});

test('a command of a permission: its signature, and how often it is called', async () => {
  const text = await hovered(PERMISSIONS, '[[permission]]\nidentifier = "x"\ncommands.allow = ["gre‸et"]');
  expect(text).toMatch(/^```rust\nfn greet\(.*\n```\n\nSays hello\.\n\nCalled in 1 place$/);
  expect(await hovered(PERMISSIONS, '[[permission]]\ncommands.deny = ["add_‸user"]')).toContain(
    'No call of it is known',
  );
});

test('a key, where no schema says it', async () => {
  expect(await hovered(TOML_FILE, 'web‸views = []')).toContain('Labels of single webviews');
  expect(await hovered(JSON_FILE, '{ "web‸views": [] }')).toBeUndefined();
});

import { readFileSync } from 'node:fs';
import { expect, test } from 'vitest';
import { Capability } from '#core/acl/capability.ts';
import { parseManifests } from '#core/acl/manifest-file.ts';
import { bundledManifests } from '#core/acl/manifests/bundled.ts';
import { commandKey, resolve } from '#core/acl/resolve.ts';

const MANIFESTS = bundledManifests();
const tables = (...permissions: string[]) => {
  const capabilities = [Capability.parse({ identifier: 'c', windows: ['*'], permissions })];
  return resolve({ capabilities, manifests: MANIFESTS, target: 'linux' });
};
const commands = (...permissions: string[]) => [...tables(...permissions).allowedCommands.keys()];
const words = (text: string) => text.split(' ');

test('every command that Tauri’s npm package calls has a permission', () => {
  const names = readFileSync(new URL('../../fixtures/core-commands-2.12.5.txt', import.meta.url), 'utf8')
    .trim()
    .split('\n');
  const known = new Set(
    [...MANIFESTS].flatMap(([key, { permissions }]) =>
      [...permissions.values()].flatMap((each) => each.commands.allow.map((name) => commandKey(key, name))),
    ),
  );
  expect(names.filter((name) => !known.has(name))).toEqual([]);
});

test('every default and every set resolves', () => {
  const references = [...MANIFESTS].flatMap(([key, { sets }]) =>
    ['default', ...sets.keys()].map((base) => `${key}:${base}`),
  );
  expect(references.length).toBeGreaterThan(180);
  for (const reference of references) tables(reference);
});

test('core:default gives what does no harm', () => {
  const given = commands('core:default');
  expect(given).toContain('plugin:event|listen');
  expect(given).toContain('plugin:window|title');
  const harmful = words(
    'plugin:window|close plugin:window|set_title plugin:webview|create_webview_window plugin:app|exit',
  );
  expect(harmful.filter((name) => given.includes(name))).toEqual([]);
});

test('commands without a default, and defaults without commands', () => {
  expect(commands('os:default')).not.toContain('plugin:os|hostname');
  expect(commands('sql:default')).toEqual(words('plugin:sql|close plugin:sql|load plugin:sql|select'));
  expect([MANIFESTS.get('clipboard-manager')?.default?.permissions, MANIFESTS.get('haptics')?.default]).toEqual([
    [],
    undefined,
  ]);
  expect(commands('dialog:allow-ask')).toEqual(words('plugin:dialog|ask plugin:dialog|message'));
  const all = words('plugin:dialog|ask plugin:dialog|confirm plugin:dialog|message');
  expect(commands('dialog:allow-message')).toEqual(all);
  expect([...tables('dialog:deny-message').deniedCommands.keys()]).toEqual(all);
});

test('the opener’s addresses are a scope of the whole plugin', () => {
  const { globalScope, allowedCommands } = tables('opener:default');
  expect(globalScope.get('opener')?.allow).toContainEqual({ url: 'https://*' });
  expect([...allowedCommands.keys()]).toEqual(words('plugin:opener|open_url plugin:opener|reveal_item_in_dir'));
});

test('fs: a directory’s sets are commands and a scope', () => {
  const fs = MANIFESTS.get('fs');
  expect([
    fs?.sets.size,
    [...(fs?.permissions.keys() ?? [])].filter((name) => name.startsWith('scope-')).length,
  ]).toEqual([25 * 6 + 3, 25 * 3]);
  const read = tables('fs:allow-home-read');
  expect(read.globalScope.get('fs')?.allow).toEqual([{ path: '$HOME' }, { path: '$HOME/*' }]);
  expect([...read.allowedCommands.keys()]).toContain('plugin:fs|read_text_file_lines_next');
  expect(tables('fs:allow-home-meta').globalScope.get('fs')?.allow).toEqual([{ path: '$HOME' }]);
  const app = tables('fs:allow-app-write-recursive').globalScope.get('fs')?.allow;
  expect(app?.slice(0, 3)).toEqual([{ path: '$APPCONFIG' }, { path: '$APPCONFIG/**' }, { path: '$APPDATA' }]);
  expect(commands('fs:allow-write-file')).toEqual(words('plugin:fs|open plugin:fs|write plugin:fs|write_file'));
  expect(tables('fs:deny-default').globalScope.get('fs')).toEqual({ allow: [], deny: [{ path: '$APPLOCALDATA/**' }] });
});

test('manifests that a build wrote are read as they are', () => {
  const permission = {
    identifier: 'p',
    description: 'd',
    commands: { allow: ['a'], deny: [] },
    scope: { allow: null, deny: [{ path: 'x' }] },
    platforms: ['macOS', 'iOS'],
  };
  const set = { identifier: 's', description: '', permissions: ['p', 'other:q'] };
  const text = JSON.stringify({
    one: {
      default_permission: null,
      permissions: { p: permission },
      permission_sets: { s: set },
      global_scope_schema: {},
    },
  });
  expect(parseManifests('acl-manifests.json', text).get('one')).toEqual({
    permissions: new Map([['p', { ...permission, scope: { deny: [{ path: 'x' }] } }]]),
    sets: new Map([['s', set]]),
  });
  expect(() => parseManifests('acl-manifests.json', '{"one":{"permissions":{}}}')).toThrow(
    /missing field `permission_sets`/,
  );
});

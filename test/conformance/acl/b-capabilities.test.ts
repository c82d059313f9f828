import { expect, test } from 'vitest';
import {
  type CapabilitySource,
  collectCapabilities,
  enableCapabilities,
  isCapabilityFile,
  parseCapabilityFile,
} from '#core/acl/capability-file.ts';
import { Document } from '#core/acl/document.ts';
import type { AclError } from '#core/acl/place.ts';
import { resolve } from '#core/acl/resolve.ts';
import { PLUGINS, thrown } from './support.ts';

const parse = (value: unknown, file = 'a.json') =>
  parseCapabilityFile(file, typeof value === 'string' ? value : JSON.stringify(value)).map((each) => each.capability);
const one = (more: object) => parse({ identifier: 'a', permissions: [], ...more })[0];
const refused = (more: object) => thrown(() => one(more));
const files = (...identifiers: string[]) =>
  collectCapabilities(
    identifiers.map((identifier) =>
      parseCapabilityFile(`${identifier}.json`, JSON.stringify({ identifier, permissions: [] })),
    ),
  );

/** What `app.security.capabilities` puts in force. */
function enabled(found: readonly CapabilitySource[], entries: readonly unknown[]) {
  const text = JSON.stringify({ app: { security: { capabilities: entries } } });
  const path = ['app', 'security', 'capabilities'];
  return enableCapabilities(found, {
    entries,
    file: 'tauri.conf.json',
    document: new Document(text, 'json'),
    path,
  }).map(({ capability }) => capability);
}

test('B15 the defaults', () => {
  expect(one({})).toEqual({
    identifier: 'a',
    description: '',
    local: true,
    windows: [],
    webviews: [],
    permissions: [],
  });
});

test('B16 what is missing is named, with the place', () => {
  const place = (text: string) => {
    try {
      parseCapabilityFile('a.json', text);
    } catch (error) {
      const { message, place } = error as AclError;
      return [message, place?.line, place?.column];
    }
    return undefined;
  };
  expect(place('[\n  { "identifier": "a" }\n]')).toEqual(['failed to parse JSON: missing field `permissions`', 2, 3]);
  expect(place('{ "permissions": [] }')?.[0]).toBe('failed to parse JSON: missing field `identifier`');
});

test('B17 unknown fields are ignored', () => {
  expect(one({ $schema: 'x', more: 1, permissions: [{ identifier: 'fs:scope', more: 1 }] })).toEqual({
    ...one({}),
    permissions: [{ identifier: 'fs:scope' }],
  });
});

test('B18 null is no list; where Tauri has an Option it is nothing', () => {
  expect(refused({ windows: null })).toMatch(/^failed to parse JSON: invalid type: null, expected a sequence/);
  expect(refused({ windows: 'main' })).toMatch(
    /^failed to parse JSON: invalid type: string "main", expected a sequence/,
  );
  expect(one({ platforms: null, remote: null })).toEqual(one({}));
});

test('B19 remote has its urls', () => {
  expect(refused({ remote: {} })).toMatch(/^failed to parse JSON: missing field `urls`/);
});

test('B20 platforms are spelt as Tauri spells them', () => {
  expect(refused({ platforms: ['macos'] })).toMatch(
    /^failed to parse JSON: unknown variant `macos`, expected one of `macOS`, `windows`, `linux`, `android`, `iOS`/,
  );
  const all = ['macOS', 'iOS', 'linux', 'windows', 'android'];
  expect(one({ platforms: all })?.platforms).toEqual(all);
});

test('B21 no platform: never active', () => {
  const capabilities = parse({
    ...{ identifier: 'a', windows: ['*'], platforms: [] },
    permissions: ['ping:allow-ping', 'fs:allow-app'],
  });
  for (const target of ['linux', 'macOS', 'windows', 'android', 'iOS'] as const) {
    const tables = resolve({ capabilities, manifests: PLUGINS, target });
    expect([tables.allowedCommands.size, tables.globalScope.size, tables.grants.length]).toEqual([0, 0, 0]);
  }
});

test('B22 a capability may be named anything', () => {
  expect(['My Cap! ünï:x', ''].map((identifier) => one({ identifier })?.identifier)).toEqual(['My Cap! ünï:x', '']);
});

test('B23 B24 a file may hold several', () => {
  const two = [
    { identifier: 'a', permissions: [] },
    { identifier: 'b', permissions: [] },
  ];
  const names = (file: string, value: unknown) => parse(value, file).map(({ identifier }) => identifier);
  expect(names('a.json', two)).toEqual(['a', 'b']);
  expect(names('a.json', { capabilities: two })).toEqual(['a', 'b']);
  const toml =
    '[[capabilities]]\nidentifier = "a"\npermissions = []\n[[capabilities]]\nidentifier = "b"\npermissions = []';
  expect(names('a.toml', toml)).toEqual(['a', 'b']);
  expect(thrown(() => parse('', 'a.yaml'))).toBe('unknown capability format yaml');
});

test('B25 which files are read', () => {
  const paths = ['capabilities/schemas/desktop-schema.json', 'capabilities/sub/x.toml', 'capabilities/readme.md'];
  expect(paths.map(isCapabilityFile)).toEqual([false, true, false]);
  expect(isCapabilityFile('capabilities/schemas/deeper/x.json5')).toBe(true);
});

test('B26 two files with one identifier', () => {
  expect(thrown(() => files('x', 'x'))).toBe('capability with identifier `x` already exists');
});

test('B27 B28 B29 the configuration chooses', () => {
  const found = files('a', 'b');
  const names = (entries: unknown[]) => enabled(found, entries).map(({ identifier }) => identifier);
  expect([names([]), names(['a'])]).toEqual([['a', 'b'], ['a']]);
  expect(thrown(() => names(['zzz']))).toBe('capability with identifier zzz not found');
});

test('B30 B31 capabilities in the configuration itself', () => {
  const inline = (description: string) => ({ identifier: 'c', description, permissions: [] });
  expect(enabled(files('a', 'b'), [inline('1')]).map(({ identifier }) => identifier)).toEqual(['c']);
  expect(enabled([], [inline('1'), inline('2')]).map(({ description }) => description)).toEqual(['2']);
});

test('B32 an entry with all kinds of values', () => {
  const deny = [null, 1, 1.5, true, 'x', { a: [1] }];
  const entry = one({ permissions: [{ identifier: 'fs:scope', allow: null, deny }] })?.permissions[0];
  expect(entry).toEqual({ identifier: 'fs:scope', deny });
});

test('B33 a scope is a list', () => {
  expect(refused({ permissions: [{ identifier: 'fs:scope', allow: { path: 'x' } }] })).toMatch(
    /^failed to parse JSON: invalid type: map, expected a sequence/,
  );
  expect(refused({ permissions: [7] })).toMatch(/untagged enum PermissionEntry/);
  expect(refused({ permissions: ['a b'] })).toMatch(
    /^failed to parse JSON: invalid plugin or permission identifier 'a b': /,
  );
});

test('B34 comments belong into JSON5', () => {
  const text = '{ // one\n identifier: "a", "permissions": ["x",], }';
  expect(parse(text, 'x.json5')[0]?.permissions).toEqual(['x']);
  expect(thrown(() => parse(text, 'x.json'))).toMatch(/^failed to parse JSON: /);
});

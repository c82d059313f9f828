/** Completion in configuration, capability and permission files, in each of their formats. */
import { expect, test } from 'vitest';
import { CAPABILITIES, completed, labels, taken } from './project.ts';

const JSON_FILE = `${CAPABILITIES}new.json`;
const JSON5_FILE = `${CAPABILITIES}new.json5`;
const TOML_FILE = `${CAPABILITIES}new.toml`;
const PERMISSIONS = 'src-tauri/permissions/new.toml';

/** One text in each format: where the cursor is. */
const EACH = (json: string, toml: string) => [
  [JSON_FILE, json] as const,
  [JSON5_FILE, json.replaceAll('"', "'").replace(/'(\w+)':/g, '$1:')] as const,
  [TOML_FILE, toml] as const,
];

test.each(EACH('{ "permissions": ["fs:default", "‸"] }', 'permissions = ["fs:default", "‸"]'))(
  'identifiers of permissions: those of plugins in use first, then the own ones, then those of dependencies: %s',
  async (path, text) => {
    const found = await labels(path, text);
    const at = (label: string) => found.indexOf(label);
    expect(at('fs:default')).toBe(-1);
    expect(found[0]).toMatch(/^fs:/);
    expect(at('fs:allow-read-file')).toBeLessThan(at('allow-greet'));
    expect(at('allow-greet')).toBeLessThan(at('shell:default'));
    expect(at('core:default')).toBeLessThan(at('http:default'));
    expect(at('shell:default')).toBeLessThan(at('http:default'));
  },
);

test('identifiers say what they give', async () => {
  const items = await completed(JSON_FILE, '{ "permissions": ["‸"] }');
  const item = (label: string) => items.find((each) => each.label === label);
  expect(item('fs:allow-read-file')).toMatchObject({
    detail: 'allows read_file',
    documentation: { value: expect.stringContaining('Enables the read_file command') },
  });
  expect(item('allow-greet')?.documentation).toMatchObject({
    value: expect.stringContaining('Permission of the app\n\nTo greet'),
  });
  expect(item('fs:allow-home-read')?.documentation).toMatchObject({
    value: expect.stringContaining('Its scope allows `$HOME`'),
  });
});

test('an identifier takes the place of what stands there, with quotes where there are none', async () => {
  expect(await taken(JSON_FILE, '{ "permissions": ["fs:al‸low"] }', 'fs:default')).toBe(
    '{ "permissions": ["fs:default"] }',
  );
  expect(await taken(JSON_FILE, '{ "permissions": [‸] }', 'fs:default')).toBe('{ "permissions": ["fs:default"] }');
  expect(await taken(JSON_FILE, '{ "permissions":‸ }', 'fs:default')).toBe('{ "permissions": ["fs:default"] }');
  expect(await taken(JSON_FILE, '{ "permissions": ["fs:‸\n}', 'fs:default')).toBe('{ "permissions": ["fs:default"\n}');
  expect(await taken(JSON5_FILE, "{ windows: ['main'], permissions: [‸] }", 'fs:default')).toBe(
    "{ windows: ['main'], permissions: ['fs:default'] }",
  );
  expect(await taken(TOML_FILE, 'permissions = ‸\n', 'fs:default')).toBe('permissions = ["fs:default"]\n');
  expect(await taken(TOML_FILE, '[[permissions]]\nidentifier = "‸"\n', 'fs:default')).toBe(
    '[[permissions]]\nidentifier = "fs:default"\n',
  );
});

test.each([
  [JSON_FILE, '{ "permissions": ["core:default" "fs:‸" ] }'],
  [JSON_FILE, '{ "permissions": ["core:default", "fs:‸\n], "windows": ["main"] }'],
  [JSON5_FILE, "{ permissions: ['core:default', 'fs:‸\n"],
  [TOML_FILE, 'permissions = ["core:default", "fs:‸\nwindows = ["main"]\n'],
])('a text that is not whole is completed, too: %s %s', async (path, text) => {
  expect(await labels(path, text)).toContain('fs:allow-read-file');
});

test.each(EACH('{ "windows": ["main", "‸"] }', 'windows = ["main", "‸"]'))(
  'labels of windows, of the configuration and of code: %s',
  async (path, text) => {
    const found = await labels(path, text);
    expect(found).toEqual(['settings', '*']);
  },
);

test.each(EACH('{ "platforms": ["linux", "‸"] }', 'platforms = ["linux", "‸"]'))(
  'platforms: %s',
  async (path, text) => {
    expect(await labels(path, text)).toEqual(['android', 'iOS', 'macOS', 'windows']);
  },
);

test.each(EACH('{ "remote": { "urls": ["‸"] } }', '[remote]\nurls = ["‸"]'))('addresses: %s', async (path, text) => {
  expect(await labels(path, text)).toContain('http://localhost:1420/*');
});

test('keys, but for those that are there; in JSON the schema has them', async () => {
  const all = ['identifier', 'permissions', 'description', 'local', 'platforms', 'remote', 'webviews', 'windows'];
  const rest = all.filter((key) => key !== 'identifier');
  expect(await labels(JSON5_FILE, "{ identifier: 'x',\n ‸ }")).toEqual(rest);
  expect(await labels(TOML_FILE, 'identifier = "x"\n‸')).toEqual(rest);
  expect(await labels(TOML_FILE, 'wi‸')).toEqual(
    ['capabilities', ...all].sort((a, b) => order(a) - order(b) || (a < b ? -1 : 1)),
  );
  expect(await labels(JSON_FILE, '{ ‸ }')).toEqual([]);
});

const order = (key: string) => (/^(?:identifier|permissions|capabilities)$/.test(key) ? 0 : 1);

test('a JSON file whose own schema is not there gets its keys from the server', async () => {
  const text = '{ "$schema": "../gen/schemas/desktop-schema.json",\n "‸" }';
  expect(await labels(JSON_FILE, text)).toContain('windows');
  expect(await labels(JSON_FILE, text, { 'src-tauri/gen/schemas/desktop-schema.json': '{}' })).toEqual([]);
  expect(await taken(JSON_FILE, text, 'windows')).toContain('\n "windows":  }');
});

test('keys are written as the format has them', async () => {
  expect(await taken(JSON5_FILE, "{ identifier: 'x', ‸ }", 'windows')).toBe("{ identifier: 'x', windows:  }");
  expect(await taken(JSON5_FILE, '{ "identifier": "x", wi‸ }', 'windows')).toBe('{ "identifier": "x", "windows":  }');
  expect(await taken(JSON5_FILE, '{ wi‸: [] }', 'windows')).toBe('{ windows: [] }');
  expect(await taken(TOML_FILE, 'wi‸', 'windows')).toBe('windows = ');
  expect(await taken(PERMISSIONS, '‸', 'permission')).toBe('[[permission]]');
  expect(await taken(PERMISSIONS, '[[per‸', 'permission')).toBe('[[permission');
  expect(await taken(PERMISSIONS, '‸', 'default')).toBe('[default]');
  expect(await taken(PERMISSIONS, '[[permission]]\n‸', 'commands')).toBe('[[permission]]\ncommands.');
  expect(await taken(PERMISSIONS, '[[permission]]\ncommands.‸', 'allow')).toBe('[[permission]]\ncommands.allow = ');
  expect(await taken(PERMISSIONS, '[[permission]]\ncommands = { ‸ }', 'deny')).toBe(
    '[[permission]]\ncommands = { deny =  }',
  );
});

test.each([
  ['fs:scope', ['path']],
  ['http:default', ['url']],
  ['shell:allow-execute', ['name', 'args', 'cmd', 'sidecar']],
  ['opener:allow-open-path', ['app', 'path', 'url']],
  ['core:default', []],
])('keys of the scope of %s', async (identifier, keys) => {
  expect(await labels(JSON5_FILE, `{ permissions: [{ identifier: '${identifier}', allow: [{ ‸ }] }] }`)).toEqual(keys);
  expect(await labels(TOML_FILE, `permissions = [{ identifier = "${identifier}", allow = [{ ‸ }] }]`)).toEqual(keys);
  expect(await labels(TOML_FILE, `[[permissions]]\nidentifier = "${identifier}"\n[[permissions.allow]]\n‸`)).toEqual(
    keys,
  );
});

test.each(
  EACH(
    '{ "permissions": [{ "identifier": "fs:scope", "allow": [{ "path": "$‸" }] }] }',
    'permissions = [{ identifier = "fs:scope", allow = [{ path = "$‸" }] }]',
  ),
)('variables of paths: %s', async (path, text) => {
  expect(await labels(path, text)).toEqual(expect.arrayContaining(['$HOME', '$APPDATA/**']));
  expect(await taken(path, text, '$HOME/**')).toBe(text.replace('$‸', '$HOME/**'));
});

test('commands of the app in a permission file, and members of a set', async () => {
  expect(await labels(PERMISSIONS, '[[permission]]\ncommands.allow = ["‸"]')).toEqual(['add_user', 'greet']);
  const json = 'src-tauri/permissions/new.json';
  expect(await labels(json, '{ "permission": [{ "commands": { "allow": ["‸"] } }] }')).toEqual(['add_user', 'greet']);
  const [first] = await labels(PERMISSIONS, '[[set]]\npermissions = ["‸"]');
  expect(first).toBe('allow-greet');
  expect(await labels(PERMISSIONS, '[[permission]]\nidentifier = "‸"')).toEqual(['allow-add-user']);
});

test('a configuration: capabilities, and labels that others name', async () => {
  const more = {
    'src-tauri/capabilities/own.json': '{ "identifier": "own", "windows": ["main", "editor"], "permissions": [] }',
    'src-tauri/capabilities/also.toml': 'identifier = "also"\npermissions = []\n',
  };
  const config = 'src-tauri/tauri.linux.conf.json';
  expect(await labels(config, '{ "app": { "security": { "capabilities": ["‸"] } } }', more)).toEqual(['also', 'own']);
  expect(await labels(config, '{ "app": { "windows": [{ "label": "‸" }] } }', more)).toEqual(['editor', 'main']);
  expect(await labels(config, '{ "app": { ‸ } }', more)).toEqual([]);
  const toml = 'src-tauri/Tauri.linux.toml';
  expect(await labels(toml, '[app.security]\ncapabilities = ["own", "‸"]', more)).toEqual(['also']);
});

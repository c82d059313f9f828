/** Names in configuration, capability and permission files, in each of their formats. */
import { TextDocument } from 'vscode-languageserver-textdocument';
import { expect, test } from 'vitest';
import { DataFile, type DataFileKind } from '#server/features/acl/data-file.ts';

function names(kind: DataFileKind, path: string, text: string): string[] {
  const file = new DataFile(path, kind, TextDocument.create('', '', 0, text));
  return file.names.map(({ kind: what, role, name, at }) => {
    expect(file.document.getText(at.range)).toBe(name);
    return `${role} of ${what} ${name}`;
  });
}

const CAPABILITY = [
  'definition of capability main',
  'reference of window main',
  'reference of webview side-*',
  'reference of permission core:default',
  'reference of permission fs:scope',
];

test('names of a capability in JSON', () => {
  const text = `{
  "identifier": "main", "description": "main", "windows": ["main"], "webviews": ["side-*"],
  "permissions": ["core:default", { "identifier": "fs:scope", "allow": [{ "path": "main" }] }]
}`;
  expect(names('capability', 'c.json', text)).toEqual(CAPABILITY);
  expect(names('capability', 'c.json', `[${text}]`)).toEqual(CAPABILITY);
  expect(names('capability', 'c.json', `{ "capabilities": [${text}] }`)).toEqual(CAPABILITY);
});

test('names of a capability in JSON5', () => {
  const text = `{
  // main
  identifier: 'main', windows: ['main',], webviews: ['side-*'],
  permissions: ['core:default', { identifier: 'fs:scope', allow: [{ path: 'main' }] }],
}`;
  expect(names('capability', 'c.json5', text)).toEqual(CAPABILITY);
});

test('names of a capability in TOML', () => {
  const text = `
identifier = "main"
windows = ["main"]
webviews = ['side-*']
[[permissions]]
identifier = "core:default"
[[permissions]]
identifier = "fs:scope"
allow = [{ path = "main" }]
`;
  expect(names('capability', 'c.toml', text)).toEqual(CAPABILITY);
});

test('names of permissions, sets and commands', () => {
  const text = `
[default]
permissions = ["allow-x"]
[[set]]
identifier = "all"
description = "All"
permissions = ["allow-x", "fs:default"]
[[permission]]
identifier = "allow-x"
commands.allow = ["x"]
[permission.commands]
deny = ["y"]
`;
  const expected = [
    'definition of permission default',
    'reference of permission allow-x',
    'definition of permission all',
    'reference of permission allow-x',
    'reference of permission fs:default',
    'definition of permission allow-x',
    'reference of command x',
    'reference of command y',
  ];
  expect(names('permission', 'p.toml', text)).toEqual(expected);
  const json = `{
  "default": { "permissions": ["allow-x"] },
  "set": [{ "identifier": "all", "description": "All", "permissions": ["allow-x", "fs:default"] }],
  "permission": [{ "identifier": "allow-x", "commands": { "allow": ["x"], "deny": ["y"] } }]
}`;
  expect(names('permission', 'p.json', json)).toEqual(expected);
});

test('names of a configuration', () => {
  const expected = [
    'definition of window main',
    'reference of window main',
    'definition of window about',
    'reference of capability first',
    'definition of capability inline',
    'reference of window about',
  ];
  const windows = `[{ "label": "main" }, { "parent": "main", "label": "about" }]`;
  const capabilities = `["first", { "identifier": "inline", "windows": ["about"], "permissions": [] }]`;
  const json = `{ "app": { "windows": ${windows}, "security": { "capabilities": ${capabilities} } } }`;
  expect(names('config', 'tauri.conf.json', json)).toEqual(expected);
  expect(names('config', 'tauri.conf.json5', json)).toEqual(expected);
  const toml = `
[[app.windows]]
label = "main"
[[app.windows]]
parent = "main"
label = "about"
[app.security]
capabilities = ["first", { identifier = "inline", windows = ["about"], permissions = [] }]
`;
  expect(names('config', 'Tauri.toml', toml)).toEqual(expected);
});

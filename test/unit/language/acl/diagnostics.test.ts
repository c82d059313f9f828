/** Diagnostics and quick fixes in configuration, capability and permission files, in each of their formats. */
import { DiagnosticSeverity, type CodeAction, type Diagnostic } from 'vscode-languageserver/node';
import { TextDocument } from 'vscode-languageserver-textdocument';
import { expect, test } from 'vitest';
import { DEFAULT_LANGUAGE_SETTINGS, type LanguageSettings, SETTINGS_CHANGED } from '#core/language-messages.ts';
import { TestClient } from '../server.ts';
import { CAPABILITIES, PROJECT } from './project.ts';

const JSON_FILE = `${CAPABILITIES}new.json`;
const JSON5_FILE = `${CAPABILITIES}new.json5`;
const TOML_FILE = `${CAPABILITIES}new.toml`;
const PERMISSIONS = 'src-tauri/permissions/new.toml';
const CONFIG = 'src-tauri/tauri.linux.conf.json';

const isOn = ({ severity }: Diagnostic) => severity !== undefined;

/** `code: what it is about` of every diagnostic of a file. */
async function found(path: string, text: string, more: Record<string, string> = {}, editor = text): Promise<string[]> {
  await using client = await TestClient.start({ ...PROJECT, ...more, [path]: text });
  await client.open(path, editor);
  return await codes(client, path, editor);
}

async function codes(client: TestClient, path: string, text: string): Promise<string[]> {
  const document = TextDocument.create('', '', 0, text);
  const diagnostics = await client.diagnostics(path, (all) => all.length > 0);
  return diagnostics.filter(isOn).map(({ code, range }) => `${code}: ${document.getText(range)}`);
}

/** The text of a file (itself, by default) after the first fix of that title. */
async function fixed(path: string, text: string, title: string | RegExp, other = path, more = {}): Promise<string> {
  await using client = await TestClient.start({ ...PROJECT, ...more, [path]: text });
  await client.open(path);
  const diagnostics = await client.diagnostics(path, (all) => all.length > 0);
  const all = { start: { line: 0, character: 0 }, end: { line: 999, character: 0 } };
  const actions = await client.request<CodeAction[]>('textDocument/codeAction', {
    textDocument: { uri: client.uri(path) },
    range: all,
    context: { diagnostics },
  });
  const action = actions.find((each) => (typeof title === 'string' ? each.title === title : title.test(each.title)));
  if (!action?.edit) throw new Error(`no fix ${String(title)} among ${actions.map((each) => each.title).join(', ')}`);
  return client.edited(action.edit)[other] ?? '';
}

const capability = (permissions: string, more = '') =>
  [
    [JSON_FILE, `{ "identifier": "new", "windows": ["main", "settings"], ${more}"permissions": [${permissions}] }`],
    [JSON5_FILE, `{ identifier: 'new', windows: ['main', 'settings'], ${more}permissions: [${permissions}], }`],
    [TOML_FILE, `identifier = "new"\nwindows = ["main", "settings"]\npermissions = [${permissions}]\n`],
  ] as const;

test.each(capability('"fs:alow-read-file", "core:window:default", "nope:x"'))(
  'what nothing knows, in a project that was not built: %s',
  async (path, text) => {
    expect(await found(path, text)).toEqual([
      'unverified-permission: "fs:alow-read-file"',
      'unverified-permission: "nope:x"',
    ]);
    expect(await fixed(path, text, /^Change to/)).toBe(text.replace('alow', 'allow'));
  },
);

test('what nothing knows, in a project that was built', async () => {
  const manifest = '{ "default_permission": null, "permissions": {}, "permission_sets": {} }';
  const built = { 'src-tauri/gen/schemas/acl-manifests.json': `{ "fs": ${manifest} }` };
  const [[path, text]] = capability('"fs:allow-x", "core:default", "shell:default", "allow-add-user", "allow-nope"');
  expect(await found(path, text, built)).toEqual([
    'unknown-permission: "fs:allow-x"',
    'unknown-plugin: "core:default"',
    // Cargo.toml names the shell plugin: it came after the build.
    'unknown-permission: "allow-add-user"',
    'unknown-permission: "allow-nope"',
  ]);
  // Its build makes permissions of commands.
  const own = {
    'src-tauri/build.rs': 'fn main() { tauri_build::Attributes::new().app_manifest(tauri_build::AppManifest::new()) }',
  };
  expect(await found(path, text, { ...built, ...own })).not.toContain('unknown-permission: "allow-add-user"');
});

test('plugins that the app defines itself, and crates that may be plugins', async () => {
  const [[path, text]] = capability('"own:default", "http:allow-x", "my-crate:default", "other:default"');
  const more = {
    'src-tauri/build.rs': 'fn main() { attributes.plugin("own", InlinedPlugin::new()).plugin(\n "http", x) }',
    'src-tauri/Cargo.toml': '[dependencies]\ntauri = "2"\nmy_crate = { path = "../my" }\n',
  };
  expect(await found(path, text, more)).toEqual(['unverified-permission: "other:default"']);
});

test('identifiers of before Tauri 2 had no core: before them', async () => {
  const [[path, text]] = capability('"window:allow-close"');
  expect(await fixed(path, text, 'Change to "core:window:allow-close"')).toBe(text.replace('window:', 'core:window:'));
});

test('a plugin that Cargo.toml does not name, and one that only other platforms have', async () => {
  const [[path, text]] = capability('"http:default", { "identifier": "os:default" }');
  expect(await found(path, text)).toEqual(['missing-plugin: "http:default"', 'missing-plugin: "os:default"']);
  const mobile =
    '{ "identifier": "m", "windows": ["main", "x"], "platforms": ["iOS"], "permissions": ["mobile-only:default"] }';
  expect(await found(path, mobile)).toEqual(['unknown-window: "x"']);
});

test('a permission for a command is made: in a file of the app, or in a new one', async () => {
  const [[path, text]] = capability('"allow-add-user"');
  const own = 'src-tauri/permissions/app.toml';
  expect(await fixed(path, text, 'Create the permission "allow-add-user"', own)).toBe(
    `${PROJECT[own]}\n[[permission]]\nidentifier = "allow-add-user"\ndescription = "Enables the add_user command without any pre-configured scope."\ncommands.allow = ["add_user"]\n`,
  );
  expect(await fixed(path, text, /all commands of the app need one/, own, { [own]: '' })).toContain(
    'commands.allow = ["add_user"]',
  );
});

test('files that Tauri would refuse, in its words, and what is wrong in the others beside them', async () => {
  const files = {
    [JSON_FILE]: '{ "identifier": "a", "windows": ["main", "settings"], "permissions": ["fs:default" }',
    [JSON5_FILE]: "{ identifier: 'b', permissions: 'fs:default' }",
    [TOML_FILE]: 'identifier = "c"\nwindows = ["main"]\npermissions = ["nope:x"]\n',
    [`${CAPABILITIES}zzz.json`]: '{ "identifier": "c", "windows": [], "permissions": [] }',
    [PERMISSIONS]: '[[permission]]\nidentifier = 5\n',
    [CONFIG]:
      '{ "app": { "security": { "capabilities": ["cc", "c"] }, "windows": [{ "label": 5 }, { "visible": "yes" }] } }',
  };
  await using client = await TestClient.start({ ...PROJECT, ...files });
  for (const path of Object.keys(files)) await client.open(path);
  const of = (path: keyof typeof files) => codes(client, path, files[path] ?? '');
  expect(await of(JSON_FILE)).toEqual(['invalid-capability: }']);
  expect(await of(JSON5_FILE)).toEqual(["invalid-capability: 'fs:default'"]);
  expect(await of(TOML_FILE)).toEqual(['unverified-permission: "nope:x"']);
  expect(await of(`${CAPABILITIES}zzz.json`)).toEqual(['invalid-capability: "c"']);
  expect(await of(PERMISSIONS)).toEqual(['invalid-permission-file: 5']);
  expect(await of(CONFIG)).toEqual(['config-value: 5', 'config-value: "yes"', 'invalid-config: "cc"']);
});

test('what the Tauri extension says of a configuration is left to it', async () => {
  const texts = { [CONFIG]: '{ "app": { "windows": [{ "label": 5 }], "security": { "capabilities": ["x"] } } }' };
  await using client = await TestClient.start({ ...PROJECT, ...texts });
  await client.open(CONFIG);
  await client.diagnostics(CONFIG, (all) => all.length === 2);
  const settings: LanguageSettings = { ...DEFAULT_LANGUAGE_SETTINGS, hasTauriExtension: true };
  await client.connection.sendNotification(SETTINGS_CHANGED, settings);
  const [only] = await client.diagnostics(CONFIG, (all) => all.length === 1);
  expect(only?.code).toBe('invalid-config');
});

test('the text of the editor counts, and a text that is no longer broken is checked again', async () => {
  const [[path, text]] = capability('"nope:x"');
  await using client = await TestClient.start({ ...PROJECT, [path]: text });
  await client.open(path, '{ "identifier": ');
  await client.diagnostics(path, ([first]) => first?.code === 'invalid-capability');
  await client.change(path, text);
  await client.diagnostics(path, ([first]) => first?.code === 'unverified-permission');
  await client.change(path, text.replace('nope:x', 'core:default'));
  await client.diagnostics(path, (all) => all.length === 0);
});

test('a capability of no window', async () => {
  const json = '{\n  "identifier": "new",\n  "permissions": []\n}\n';
  expect(await found(JSON_FILE, json)).toEqual(['unreachable-capability: "new"']);
  const title = 'Add the window "main"';
  expect(await fixed(JSON_FILE, json, title)).toBe(
    '{\n  "identifier": "new",\n  "windows": ["main"],\n  "permissions": []\n}\n',
  );
  expect(await fixed(JSON5_FILE, "{ identifier: 'new', permissions: [] }", title)).toBe(
    "{ identifier: 'new', windows: ['main'], permissions: [] }",
  );
  expect(await fixed(TOML_FILE, 'identifier = "new"\npermissions = []\n', title)).toBe(
    'identifier = "new"\nwindows = ["main"]\npermissions = []\n',
  );
});

test('a label that no window has, and a window that no capability is about', async () => {
  const text = '{ "identifier": "new", "windows": ["setings", "m*"], "permissions": [] }';
  expect(await found(JSON_FILE, text)).toEqual(['unknown-window: "setings"']);
  expect(await fixed(JSON_FILE, text, 'Change to "settings"')).toBe(text.replace('setings', 'settings'));
  const config = 'src-tauri/tauri.conf.json';
  const more = { [JSON_FILE]: text };
  expect(await found(config, PROJECT[config], more)).toEqual(['window-without-capability: settings']);
  const title = 'Add "settings" to the windows of the capability "new"';
  expect(await fixed(config, PROJECT[config], title, JSON_FILE, more)).toBe(text.replace('"m*"', '"m*", "settings"'));
});

test.each(capability('"fs:allow-stat", "fs:default", "fs:allow-stat"'))(
  'a permission twice: %s',
  async (path, text) => {
    expect(await found(path, text)).toEqual(['duplicate-permission: "fs:allow-stat"']);
    expect(await fixed(path, text, 'Remove it')).toBe(text.replace(', "fs:allow-stat"]', ']'));
  },
);

test('of a list on several lines, the line of a permission that is there twice goes', async () => {
  const list = (...items: string[]) =>
    `identifier = "new"\nwindows = ["*"]\npermissions = [\n${items.map((item) => `  "${item}",\n`).join('')}]\n`;
  expect(await fixed(TOML_FILE, list('fs:allow-stat', 'fs:allow-stat', 'fs:default'), 'Remove it')).toBe(
    list('fs:allow-stat', 'fs:default'),
  );
  const json =
    '{\n  "identifier": "new", "windows": ["*"],\n  "permissions": [\n    "fs:default",\n    "fs:default"\n  ]\n}';
  expect(await fixed(JSON_FILE, json, 'Remove it')).toBe(json.replace(',\n    "fs:default"\n', '\n'));
});

test.each(capability('"core:default"', '').map(([path, text]) => [path, text.replace('windows', 'window')] as const))(
  'a key that Tauri ignores: %s',
  async (path, text) => {
    const written = /["']?window["']?/.exec(text)?.[0] ?? '';
    expect(await found(path, text)).toContain(`unknown-field: ${written}`);
    expect(await fixed(path, text, 'Change to "windows"')).toBe(text.replace('window', 'windows'));
  },
);

test('addresses, variables and validators', async () => {
  const text = `identifier = "new"
windows = ["*"]
remote.urls = ["localhost:1420", "https://example.com*", "tauri.app"]
permissions = [
  { identifier = "fs:allow-stat", allow = [{ path = "$LOG/x" }] },
  { identifier = "shell:allow-execute", allow = [{ name = "a", cmd = "a", args = [{ validator = "a|b" }] }] },
]
`;
  expect(await found(TOML_FILE, text)).toEqual([
    'invalid-address: "tauri.app"',
    'address-scheme: "localhost:1420"',
    'address-host: "https://example.com*"',
    'path-variable: "$LOG/x"',
    'validator: "a|b"',
  ]);
  const change = async (title: string, from: string, to: string) =>
    expect(await fixed(TOML_FILE, text, title)).toBe(text.replace(from, to));
  await change('Write http:// before it', 'localhost', 'http://localhost');
  await change('Write a slash before the *', 'com*', 'com/*');
  await change('Write $APPLOG', '$LOG', '$APPLOG');
  await change('Put ( ) around it', 'a|b', '(a|b)');
});

test('a capability that the configuration does not list', async () => {
  const config = '{ "app": { "security": { "capabilities": ["old"] } } }';
  const more = {
    [CONFIG]: config,
    [`${CAPABILITIES}old.toml`]: 'identifier = "old"\nwindows = ["*"]\npermissions = []\n',
  };
  const [[path, text]] = capability('');
  expect(await found(path, text, more)).toEqual(['capability-not-enabled: "new"']);
  expect(await fixed(path, text, 'Add it to app.security.capabilities', CONFIG, more)).toBe(
    config.replace('"old"', '"old", "new"'),
  );
  expect(await found(CONFIG, config.replace('old', 'oldd'), more)).toEqual(['invalid-config: "oldd"']);
  expect(await fixed(CONFIG, config.replace('old', 'oldd'), 'Change to "old"', CONFIG, more)).toBe(config);
});

test('permission files: tables in the wrong place, commands and members that are not there', async () => {
  const text = `[[permission]]
identifier = "allow-x"
commands.allow = ["gret", "add-user", "add_user"]

[[scope.deny]]
path = "x"

[[set]]
identifier = "all"
description = "All"
permissions = ["alow-x", "fs:default"]
`;
  expect(await found(PERMISSIONS, text)).toEqual([
    'misplaced-table: scope.deny',
    'command-name: "add-user"',
    'unknown-permission: "alow-x"',
    'permission-without-command: "gret"',
  ]);
  expect(await fixed(PERMISSIONS, text, 'Move it into the permission before it')).toBe(
    text.replace('[[scope', '[[permission.scope'),
  );
  expect(await fixed(PERMISSIONS, text, 'Change to "allow-x"')).toBe(text.replace('alow', 'allow'));
  expect(await fixed(PERMISSIONS, text, 'Change to "greet"')).toBe(text.replace('gret', 'greet'));
  const json = '{ "permission": [{ "identifier": "x", "commands": { "allow": ["nope"] } }], "scope": {} }';
  expect(await found(PERMISSIONS.replace('.toml', '.json'), json)).toEqual([
    'misplaced-table: "scope"',
    'permission-without-command: "nope"',
  ]);
});

test('a scope that holds in every window is said only where there are others', async () => {
  const [[path, text]] = capability('"fs:allow-home-read"');
  expect(await found(path, text.replace('"main", ', ''))).toEqual(['app-wide-scope: "fs:allow-home-read"']);
  await using client = await TestClient.start({ ...PROJECT, [path]: text, [TOML_FILE]: 'identifier = ' });
  await client.open(path);
  await client.diagnostics(TOML_FILE, (all) => all.length > 0);
  await client.change(path, text.replace('fs:allow-home-read', 'nope:x'));
  const [only] = await client.diagnostics(path, (all) => all.length > 0);
  expect(only).toMatchObject({ code: 'unverified-permission', severity: DiagnosticSeverity.Information });
});

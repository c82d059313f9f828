/** Calls that no window may make. */
import { expect, test } from 'vitest';
import { type Files, linesOf, Project, rust, script } from './project.ts';

const APP = rust('#[tauri::command]\nfn greet() {}\n#[tauri::command]\nfn leave() {}\n');
const READ: Files = { 'src/main.ts': script("await invoke('plugin:fs|read_file', { path: 'a' });") };

const capability = (windows: readonly string[], permissions: readonly string[], more: object = {}): Files => ({
  'src-tauri/capabilities/default.json': JSON.stringify(
    { identifier: 'default', windows, permissions, ...more },
    null,
    2,
  ),
});

const GREET_PERMISSION: Files = {
  'src-tauri/permissions/app.toml':
    '[[permission]]\nidentifier = "allow-greet"\ncommands.allow = ["greet"]\n[[permission]]\nidentifier = "allow-leave"\ncommands.allow = ["leave"]\n',
};

/** What is said of calls; the capabilities of the tests are not all well. */
const refusals = async (files: Files) => (await linesOf(files)).filter((line) => line.includes(' not-allowed '));

test('a call of a plugin that no capability allows needs a permission, the smallest is named', async () => {
  expect(await linesOf({ ...APP, ...READ, ...capability(['main'], ['core:default']) })).toEqual([
    'src/main.ts warning not-allowed "plugin:fs|read_file": no window may call plugin:fs|read_file: it needs the permission "fs:allow-read-file"',
  ]);
});

test('a permission of windows that do not exist is not enough, and is named', async () => {
  expect(await refusals({ ...APP, ...READ, ...capability(['other'], ['fs:allow-read-file']) })).toEqual([
    'src/main.ts warning not-allowed "plugin:fs|read_file": no window may call plugin:fs|read_file: it needs the permission "fs:allow-read-file"; capability "default" allows it to other',
  ]);
});

test('a denial is told in the words of Tauri', async () => {
  const permissions = ['fs:allow-read-file', 'fs:deny-read-file'];
  expect(await linesOf({ ...APP, ...READ, ...capability(['main'], permissions) })).toEqual([
    'src/main.ts warning not-allowed "plugin:fs|read_file": fs.read_file explicitly denied on origin local; referenced by: capability: default, permission: deny-read-file',
  ]);
});

test('commands of the app itself are looked at where it has permission files', async () => {
  const leave: Files = { 'src/main.ts': script("await invoke('leave');") };
  const files = { ...APP, ...leave, ...GREET_PERMISSION, ...capability(['main'], ['allow-greet']) };
  expect(await linesOf(files)).toEqual([
    'src/main.ts warning not-allowed "leave": no window may call leave: it needs the permission "allow-leave"',
  ]);
  expect(await linesOf({ ...APP, ...leave, ...capability(['main'], []) })).toEqual([]);
});

test('nothing is said of what some window may do', async () => {
  expect(await linesOf({ ...APP, ...READ, ...capability(['main'], ['fs:read-all']) })).toEqual([]);
  expect(await linesOf({ ...APP, ...READ, ...capability(['*'], ['fs:allow-read-file']) })).toEqual([]);
});

test('nothing is said of a capability for another platform, or for pages of other addresses', async () => {
  const other = process.platform === 'darwin' ? 'windows' : 'macOS';
  const permissions = ['fs:allow-read-file'];
  expect(await linesOf({ ...APP, ...READ, ...capability(['main'], permissions, { platforms: [other] }) })).toEqual([]);
  const files = { ...APP, ...READ, ...capability(['other'], permissions) };
  const elsewhere = { identifier: 'elsewhere', windows: ['main'], permissions, platforms: [other] };
  const others = { ...files, 'src-tauri/capabilities/elsewhere.json': JSON.stringify(elsewhere) };
  expect(await linesOf(others, { 'unknown-window': 'off' })).toEqual([]);
  const remote = { local: false, remote: { urls: ['https://example.com/*'] } };
  expect(await linesOf({ ...APP, ...READ, ...capability(['main'], permissions, remote) })).toEqual([]);
});

test('nothing is said of a plugin whose permissions are not all known', async () => {
  expect(await refusals({ ...APP, ...READ, ...capability(['main'], ['fs:allow-something-new']) })).toEqual([]);
  const unknown: Files = { 'src/main.ts': script("await invoke('plugin:own|thing');") };
  expect(await refusals({ ...APP, ...unknown, ...capability(['main'], []) })).toEqual([]);
});

test("what a plugin's own JavaScript calls is not what the app calls", async () => {
  const plugin: Files = {
    'src-tauri/Cargo.toml': '[package]\nname = "app"\n[dependencies]\ntauri-plugin-fs = { path = "../fs" }\n',
    'fs/Cargo.toml': '[package]\nname = "tauri-plugin-fs"\n',
    'fs/src/lib.rs': `#[tauri::command]
fn read_file(path: String) {}
pub fn init<R: tauri::Runtime>() -> tauri::plugin::TauriPlugin<R> {
    tauri::plugin::Builder::new("fs").invoke_handler(tauri::generate_handler![read_file]).build()
}
`,
  };
  const files = { ...APP, ...plugin, ...capability(['main'], ['core:default']) };
  expect(await linesOf({ ...files, ...READ })).toHaveLength(1);
  expect(await linesOf({ ...files, 'fs/guest-js/index.ts': READ['src/main.ts'] ?? '' })).toEqual([]);
});

test('nothing is said where code adds capabilities', async () => {
  const code = rust('fn more(app: AppHandle) { app.add_capability(include_str!("more.json")).unwrap(); }\n');
  expect(await linesOf({ ...code, ...READ, ...capability(['main'], ['core:default']) })).toEqual([]);
});

test('what stands in the JavaScript of a plugin is not looked at, wherever its Rust code is', async () => {
  const files = { ...APP, ...capability(['main'], ['core:default']) };
  expect(await linesOf({ ...files, 'plugins/fs/guest-js/index.ts': READ['src/main.ts'] ?? '' })).toEqual([]);
});

test('a fix adds the smallest permission to a capability of the windows, in its file', async () => {
  using project = await Project.open({ ...APP, ...READ, ...capability(['main'], ['core:default']) });
  expect(await project.fixes('not-allowed')).toEqual([
    {
      title: 'Add "fs:allow-read-file" to the capability "default"',
      isPreferred: true,
      files: {
        'src-tauri/capabilities/default.json': `{
  "identifier": "default",
  "windows": [
    "main"
  ],
  "permissions": [
    "core:default",
    "fs:allow-read-file"
  ]
}`,
      },
    },
  ]);
});

test('where no capability is about the windows, a fix begins one', async () => {
  using project = await Project.open({ ...APP, ...READ });
  const [fix] = await project.fixes('not-allowed');
  expect(fix?.title).toBe('Create the capability "default" with "fs:allow-read-file"');
  expect(JSON.parse(fix?.files['src-tauri/capabilities/default.json'] ?? '')).toEqual({
    identifier: 'default',
    description: 'What the windows of the app may do',
    windows: ['main'],
    permissions: ['fs:allow-read-file'],
  });
});

test('a denial has no fix: no permission helps against it', async () => {
  const permissions = ['fs:allow-read-file', 'fs:deny-read-file'];
  using project = await Project.open({ ...APP, ...READ, ...capability(['main'], permissions) });
  expect(await project.fixes('not-allowed')).toEqual([]);
});

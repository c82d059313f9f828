/** Go to definition across languages and files. */
import type { DefinitionLink } from 'vscode-languageserver/node';
import { expect, test } from 'vitest';
import { ALL, NOTES, withCursor } from './notes.ts';
import { type ClientOptions, TestClient } from './server.ts';

/** Where one gets to: the file and the text that is selected there, in order. */
async function targets(path: string, text: string, options: ClientOptions & { readonly files?: typeof NOTES } = {}) {
  const { files = NOTES, ...rest } = options;
  await using client = await TestClient.start(withCursor(path, text, 1, files), rest);
  await client.open(path);
  const links = await client.request<DefinitionLink[]>('textDocument/definition', client.at(path));
  return links.map(({ targetUri, targetSelectionRange: { start } }) => {
    const file = decodeURIComponent(targetUri).slice(decodeURIComponent(client.uri('')).length + 1);
    const line = (files[file] ?? '').split('\n')[start.line] ?? '';
    return `${file}:${start.line + 1} ${line.slice(start.character).split(/[("',:)]/)[0]}`;
  });
}

test('from a call to the function in Rust', async () => {
  expect(await targets('src/main.ts', "greet', {")).toEqual(['src-tauri/src/lib.rs:5 greet']);
});

test('the link says which text it comes from', async () => {
  await using client = await TestClient.start(withCursor('src/main.ts', "greet', {"));
  await client.open('src/main.ts');
  const [link] = await client.request<DefinitionLink[]>('textDocument/definition', client.at('src/main.ts'));
  expect(link?.originSelectionRange).toEqual({ start: { line: 3, character: 24 }, end: { line: 3, character: 29 } });
});

test('from the key of an argument to the parameter in Rust', async () => {
  expect(await targets('src/main.ts', "firstName: 'Ada'")).toEqual(['src-tauri/src/lib.rs:5 first_name']);
  expect(await targets('src/main.ts', 'firstName });')).toEqual(['src-tauri/src/lib.rs:5 first_name']);
});

test('from a command with another name than its function to that', async () => {
  const files = {
    ...NOTES,
    'src-tauri/src/lib.rs': (NOTES['src-tauri/src/lib.rs'] ?? '')
      .replace('#[tauri::command]', '#[tauri::command(rename = "greet")]')
      .replaceAll(/\bgreet\((?=first)|\bgreet(?=, find)/g, (found) => `say_${found}`),
  };
  expect(await targets('src/main.ts', "greet', {", { files })).toEqual(['src-tauri/src/lib.rs:5 say_greet']);
});

test('from a permission in a capability to its definition, also where it is an object', async () => {
  expect(await targets('src-tauri/capabilities/default.json', 'allow-greet')).toEqual([
    'src-tauri/permissions/notes.toml:3 allow-greet',
  ]);
  expect(await targets('src-tauri/capabilities/default.json', 'notes-read')).toEqual([
    'src-tauri/permissions/notes.toml:11 notes-read',
  ]);
});

test('from a permission that only the build generates to its command', async () => {
  expect(await targets('src-tauri/capabilities/reader.toml', 'deny-greet')).toEqual(['src-tauri/src/lib.rs:5 greet']);
});

test("from a plugin's permission to what Tauri's build wrote of it", async () => {
  const files = {
    ...NOTES,
    'src-tauri/gen/schemas/acl-manifests.json': `{
  "core": { "default_permission": { "description": "", "permissions": [] }, "permissions": {}, "permission_sets": {} }
}
`,
  };
  expect(await targets('src-tauri/capabilities/default.json', 'core:default', { files })).toEqual([
    'src-tauri/gen/schemas/acl-manifests.json:2 ',
  ]);
});

test('from a command in a permission file to the function', async () => {
  expect(await targets('src-tauri/permissions/notes.toml', 'greet"]')).toEqual(['src-tauri/src/lib.rs:5 greet']);
});

test('from the list of capabilities in the configuration to the file', async () => {
  expect(await targets('src-tauri/tauri.conf.json', 'reader')).toEqual(['src-tauri/capabilities/reader.toml:1 reader']);
});

test('from a label in a capability to the windows of all configurations, from a glob to all that it means', async () => {
  expect(await targets('src-tauri/capabilities/reader.toml', 'settings')).toEqual([
    'src-tauri/tauri.conf.json:5 settings',
  ]);
  expect(await targets('src-tauri/capabilities/default.json', 'main-*')).toEqual([
    'src-tauri/tauri.conf.json:5 main-2',
  ]);
  expect(await targets('src-tauri/capabilities/default.json', 'main"')).toEqual([
    'src-tauri/tauri.conf.json:5 main',
    'src-tauri/tauri.windows.conf.json:1 main',
  ]);
});

test('what is its only definition is found itself, so that the editor shows the references', async () => {
  expect(await targets('src-tauri/src/lib.rs', 'greet(first')).toEqual(['src-tauri/src/lib.rs:5 greet']);
});

test('rust-analyzer goes to Rust from Rust', async () => {
  const initial = { hasRustAnalyzer: true };
  expect(await targets('src-tauri/src/lib.rs', 'greet(first', { initial })).toEqual([]);
  expect(await targets('src/main.ts', "greet', {", { initial })).toEqual(['src-tauri/src/lib.rs:5 greet']);
});

test('to Rust and to the handler, from every frontend, and from each of the two to the other', async () => {
  const both = ['src-tauri/src/lib.rs:5 greet', 'src-ipc/main.ts:6 greet'];
  for (const [path, text] of [
    ['src/main.ts', "greet', {"],
    ['src/Notes.svelte', "greet', { firstName: 'Bob'"],
    ['src/Notes.vue', "greet', { firstName: 'Eve'"],
    ['src/Notes.vue', 'GREET, {'],
    ['src/names.ts', "greet'"],
  ] as const) {
    expect(await targets(path, text, { files: ALL })).toEqual(both);
  }
  expect(await targets('src-tauri/src/lib.rs', 'greet(first', { files: ALL })).toEqual([both[1]]);
  expect(
    await targets('src-tauri/src/lib.rs', 'greet(first', { files: ALL, initial: { hasRustAnalyzer: true } }),
  ).toEqual([both[1]]);
  expect(await targets('src-ipc/main.ts', "greet', {", { files: ALL })).toEqual([both[0]]);
  expect(await targets('src/main.ts', "firstName: 'Ada'", { files: ALL })).toEqual([
    'src-tauri/src/lib.rs:5 first_name',
    'src-ipc/main.ts:6 firstName',
  ]);
});

test('what is registered comes first', async () => {
  const files = { ...ALL, 'src-tauri/src/lib.rs': (ALL['src-tauri/src/lib.rs'] ?? '').replace('[greet, ', '[') };
  expect(await targets('src/main.ts', "greet', {", { files })).toEqual([
    'src-ipc/main.ts:6 greet',
    'src-tauri/src/lib.rs:5 greet',
  ]);
});

test('from where an event is listened to, to what emits it, and back', async () => {
  expect(await targets('src/Notes.svelte', 'note-added', { files: ALL })).toEqual([
    'src-tauri/src/events.rs:7 NOTE_ADDED',
    'src-ipc/main.ts:7 note-added',
    'src-tauri/src/events.rs:8 &format!',
    'src/windows.ts:7 `note-${id}`',
  ]);
  expect(await targets('src-ipc/main.ts', 'note-added', { files: ALL })).toEqual([
    'src/Notes.svelte:4 note-added',
    'src/windows.ts:8 Events.added',
  ]);
  expect(await targets('src/windows.ts', 'note-${id}', { files: ALL })).toEqual([
    'src/Notes.svelte:4 note-added',
    'src/windows.ts:8 Events.added',
  ]);
});

test('from a constant of Rust, or a name that Rust makes at run time, to what listens', async () => {
  const listens = ['src/Notes.svelte:4 note-added', 'src/windows.ts:8 Events.added'];
  expect(await targets('src-tauri/src/events.rs', 'note-added', { files: ALL })).toEqual(listens);
  expect(await targets('src-tauri/src/events.rs', 'NOTE_ADDED, id', { files: ALL })).toEqual(listens);
  expect(await targets('src-tauri/src/events.rs', 'note-{id}', { files: ALL })).toEqual(listens);
});

test('from a label in Rust to the configuration', async () => {
  expect(await targets('src-tauri/src/events.rs', 'settings', { files: ALL })).toEqual([
    'src-tauri/tauri.conf.json:5 settings',
  ]);
});

test('from a label in code to where the window is made', async () => {
  expect(await targets('src/windows.ts', "second')", { files: ALL })).toEqual(['src/windows.ts:6 second']);
});

test('from a permission that a handler asks for to its definition', async () => {
  expect(await targets('src-ipc/main.ts', 'notes-read', { files: ALL })).toEqual([
    'src-tauri/permissions/notes.toml:11 notes-read',
  ]);
});

test('what means nothing leads nowhere', async () => {
  expect(await targets('src/main.ts', 'start')).toEqual([]);
  expect(await targets('src/main.ts', 'invoke(')).toEqual([]);
});

/** References and highlights across languages and files. */
import type { DocumentHighlight, Location } from 'vscode-languageserver/node';
import { expect, test } from 'vitest';
import { ALL, NOTES, withCursor } from './notes.ts';
import { type ClientOptions, TestClient } from './server.ts';

async function references(
  path: string,
  text: string,
  includeDeclaration: boolean,
  { files = NOTES, ...options }: ClientOptions & { readonly files?: typeof NOTES } = {},
) {
  await using client = await TestClient.start(withCursor(path, text, 1, files), options);
  await client.open(path);
  const asked = { ...client.at(path), context: { includeDeclaration } };
  const found = await client.request<Location[]>('textDocument/references', asked);
  return found.map(({ uri, range }) => `${uri.slice(client.uri('').length + 1)}:${range.start.line + 1}`).toSorted();
}

const OF_GREET = [
  'src-tauri/capabilities/default.json:4',
  'src-tauri/capabilities/reader.toml:3',
  'src-tauri/permissions/notes.toml:13',
  'src-tauri/permissions/notes.toml:4',
  'src/main.ts:4',
  'src/main.ts:5',
];

test('of a command: calls, lists, permissions and capabilities, from wherever one asks', async () => {
  const all = [...OF_GREET, 'src-tauri/permissions/notes.toml:3', 'src-tauri/src/lib.rs:11', 'src-tauri/src/lib.rs:5'];
  for (const [path, text] of [
    ['src/main.ts', "greet', {"],
    ['src-tauri/src/lib.rs', 'greet(first'],
    ['src-tauri/permissions/notes.toml', 'greet"]'],
  ] as const) {
    const found = await references(path, text, true);
    expect(found).toEqual(all.toSorted());
  }
});

test('without its definitions where they are not asked for', async () => {
  const found = await references('src/main.ts', "greet', {", false);
  expect(found).toEqual([...OF_GREET, 'src-tauri/src/lib.rs:11'].toSorted());
});

test('rust-analyzer gives what is in Rust to those who ask there', async () => {
  const initial = { hasRustAnalyzer: true };
  expect(await references('src-tauri/src/lib.rs', 'greet(first', false, { initial })).toEqual(OF_GREET);
  expect(await references('src/main.ts', "greet', {", true, { initial })).toContain('src-tauri/src/lib.rs:5');
});

test('of an argument: the parameter and the keys of all calls', async () => {
  const all = ['src-tauri/src/lib.rs:5', 'src/main.ts:4', 'src/main.ts:5'];
  expect(await references('src/main.ts', "firstName: 'Ada'", true)).toEqual(all);
  expect(await references('src-tauri/src/lib.rs', 'first_name: String', true)).toEqual(all);
});

test('of a window: the configurations, and what means it in capabilities', async () => {
  expect(await references('src-tauri/tauri.conf.json', 'main-2', false)).toEqual([
    'src-tauri/capabilities/default.json:3',
  ]);
  expect(await references('src-tauri/tauri.conf.json', 'main"', true)).toEqual([
    'src-tauri/capabilities/default.json:3',
    'src-tauri/tauri.conf.json:5',
    'src-tauri/tauri.conf.json:5',
    'src-tauri/tauri.windows.conf.json:1',
  ]);
});

test('of a permission: sets and capabilities; of a capability: the configuration', async () => {
  expect(await references('src-tauri/permissions/notes.toml', 'allow-find-notes', false)).toEqual([
    'src-tauri/permissions/notes.toml:13',
  ]);
  expect(await references('src-tauri/capabilities/reader.toml', 'reader', false)).toEqual([
    'src-tauri/tauri.conf.json:6',
  ]);
});

test('of a command: handlers with their list, all frontends, and constants', async () => {
  expect(await references('src/Notes.vue', 'GREET, {', true, { files: ALL })).toEqual(
    [
      ...OF_GREET,
      'src-ipc/main.ts:13',
      'src-ipc/main.ts:6',
      'src-tauri/permissions/notes.toml:3',
      'src-tauri/src/lib.rs:11',
      'src-tauri/src/lib.rs:5',
      'src/Notes.svelte:4',
      'src/Notes.svelte:6',
      'src/Notes.vue:1',
      'src/Notes.vue:5',
      'src/names.ts:1',
    ].toSorted(),
  );
});

test('of an event: both sides, and names that are made at run time', async () => {
  expect(await references('src/Notes.svelte', 'note-added', true, { files: ALL })).toEqual([
    'src-ipc/main.ts:7',
    'src-tauri/src/events.rs:3',
    'src-tauri/src/events.rs:7',
    'src-tauri/src/events.rs:8',
    'src/Notes.svelte:4',
    'src/names.ts:2',
    'src/windows.ts:7',
    'src/windows.ts:8',
  ]);
});

test('of a window that code makes: where its label is named', async () => {
  expect(await references('src/windows.ts', "second')", true, { files: ALL })).toEqual([
    'src-tauri/src/events.rs:10',
    'src-tauri/src/events.rs:4',
    'src/windows.ts:6',
    'src/windows.ts:7',
    'src/windows.ts:9',
  ]);
});

test('of a permission: the handlers that ask for it, too', async () => {
  expect(await references('src-tauri/permissions/notes.toml', 'notes-read', false, { files: ALL })).toEqual([
    'src-ipc/main.ts:11',
    'src-tauri/capabilities/default.json:4',
    'src-tauri/capabilities/reader.toml:3',
  ]);
});

async function highlights(path: string, text: string): Promise<[line: number, character: number][]> {
  await using client = await TestClient.start(withCursor(path, text, 1, ALL));
  await client.open(path);
  const found = await client.request<DocumentHighlight[]>('textDocument/documentHighlight', client.at(path));
  return found.map(({ range }) => [range.start.line, range.start.character]);
}

test('highlights are those of the same file', async () => {
  const calls = [
    [3, 24],
    [4, 24],
  ];
  expect(await highlights('src/main.ts', "greet', {")).toEqual(calls);
  expect(await highlights('src-tauri/capabilities/default.json', 'main"')).toEqual([[2, 15]]);
});

test("a variable's name is left to TypeScript to mark", async () => {
  expect(await highlights('src/Notes.vue', 'GREET, {')).toEqual([]);
  expect(await highlights('src/main.ts', 'firstName });')).toEqual([]);
});

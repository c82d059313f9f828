/** Symbols of documents and of the workspace. */
import { type DocumentSymbol, SymbolKind, type WorkspaceSymbol } from 'vscode-languageserver/node';
import { expect, test } from 'vitest';
import { ALL, NOTES } from './notes.ts';
import { type ClientOptions, TestClient } from './server.ts';

type Tree = string | [string, Tree[]];

const treeOf = ({ name, detail, children }: DocumentSymbol): Tree =>
  children ? [`${name} ${detail}`, children.map(treeOf)] : `${name} ${detail}`;

async function outline(path: string, options?: ClientOptions): Promise<Tree[]> {
  await using client = await TestClient.start(ALL, options);
  await client.open(path);
  const found = await client.request<DocumentSymbol[]>('textDocument/documentSymbol', {
    textDocument: { uri: client.uri(path) },
  });
  for (const { range, selectionRange } of found) {
    expect(range.start.line).toBeLessThanOrEqual(selectionRange.start.line);
    expect(range.end.line).toBeGreaterThanOrEqual(selectionRange.end.line);
  }
  return found.map(treeOf);
}

test('a capability has its windows and permissions', async () => {
  expect(await outline('src-tauri/capabilities/default.json')).toEqual([
    [
      'default capability',
      ['main window', 'main-* window', 'core:default permission', 'allow-greet permission', 'notes-read permission'],
    ],
  ]);
});

test('a permission has its commands, a set its permissions', async () => {
  expect(await outline('src-tauri/permissions/notes.toml')).toEqual([
    ['allow-greet permission', ['greet command']],
    ['allow-find-notes permission', ['find_notes command']],
    ['notes-read permission', ['allow-greet permission', 'allow-find-notes permission']],
  ]);
});

test('a Rust file has its commands and what it listens to, unless rust-analyzer lists its functions', async () => {
  expect(await outline('src-tauri/src/lib.rs')).toEqual(['greet command']);
  expect(await outline('src-tauri/src/events.rs')).toEqual(['page-ready listen']);
  expect(await outline('src-tauri/src/lib.rs', { initial: { hasRustAnalyzer: true } })).toEqual([]);
});

test('a script has its handlers, and the events that it listens to', async () => {
  expect(await outline('src-ipc/main.ts')).toEqual(['greet handler', 'find_notes handler']);
  expect(await outline('src/Notes.svelte')).toEqual(['note-added listen']);
  expect(await outline('src/main.ts')).toEqual([]);
});

test('a configuration has none: those of JSON are enough', async () => {
  expect(await outline('src-tauri/tauri.conf.json')).toEqual([]);
});

async function search(query: string): Promise<string[]> {
  await using client = await TestClient.start(ALL);
  const found = await client.request<WorkspaceSymbol[]>('workspace/symbol', { query });
  return found.map(({ name, containerName, kind }) => `${name} (${containerName}) ${kind}`).toSorted();
}

test('the workspace is searched by the characters of a name in their order', async () => {
  expect(await search('FNotes')).toEqual([
    `allow-find-notes (permission) ${SymbolKind.Key}`,
    `find_notes (Rust command) ${SymbolKind.Function}`,
    `find_notes (handler) ${SymbolKind.Function}`,
  ]);
  expect(await search('sett')).toEqual([`settings (window) ${SymbolKind.Object}`]);
  expect(await search('reader')).toEqual([`reader (capability) ${SymbolKind.Module}`]);
  const emitted = `note-added (event, emitted) ${SymbolKind.Event}`;
  expect(await search('noteadd')).toEqual([emitted, emitted]);
  expect(await search('zzz')).toEqual([]);
});

test('no search gives more than two hundred', async () => {
  const permissions = Array.from({ length: 300 }, (_, index) => `[[permission]]\nidentifier = "p-${index}"\n`).join(
    '\n',
  );
  await using client = await TestClient.start({ ...NOTES, 'src-tauri/permissions/many.toml': permissions });
  const found = await client.request<WorkspaceSymbol[]>('workspace/symbol', { query: 'p-' });
  expect(found).toHaveLength(200);
});

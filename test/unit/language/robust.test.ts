/** What editors and workspaces do that nobody expects. */
import type { Hover, WorkspaceSymbol } from 'vscode-languageserver';
import { expect, test } from 'vitest';
import { fileOf } from '#server/positions.ts';
import { isElsewhere } from '#server/project/files.ts';
import { TestClient } from './server.ts';

const CONFIG = { 'src-tauri/tauri.conf.json': '{ "identifier": "com.example.app" }' };
const RUST = 'src-tauri/src/lib.rs';

test('documents that are no files have no path: untitled ones, and those of other machines and schemes', () => {
  expect(fileOf('file:///home/a%20b/c%23d.ts')).toMatch(/\/home\/a b\/c#d\.ts$/);
  expect(['untitled:Untitled-1', 'git:/a/b.ts', 'file:///a%2Fb', ''].map(fileOf)).toEqual(Array(4).fill(undefined));
});

test('a path that cannot be is answered with nothing, and ends nothing', async () => {
  await using client = await TestClient.start({ ...CONFIG, [RUST]: '#[tauri::command]\nfn gr‸eet() {}\n' });
  await client.open(RUST);
  const asked = { textDocument: { uri: 'file:///a%2Fb.ts' }, position: { line: 0, character: 0 } };
  expect(await client.request<Hover | null>('textDocument/hover', asked)).toBeNull();
  expect(await client.request<Hover | null>('textDocument/hover', client.at(RUST))).not.toBeNull();
});

test('a mark of the byte order moves nothing', async () => {
  await using client = await TestClient.start({ ...CONFIG, [RUST]: '\uFEFF#[tauri::command] fn greet() {}\r\n' });
  const [found] = await client.request<WorkspaceSymbol[]>('workspace/symbol', { query: 'greet' });
  expect(found?.location).toMatchObject({ range: { start: { line: 0, character: 21 }, end: { character: 26 } } });
});

test('who has gone hears nothing of what fails afterwards', async () => {
  const asked = Promise.withResolvers<undefined>();
  const reader = Promise.withResolvers<never>();
  const failed: unknown[] = [];
  const note = (error: unknown) => failed.push(error);
  process.on('unhandledRejection', note);
  const client = await TestClient.start(
    { ...CONFIG, [RUST]: 'fn a() {}' },
    { rustReader: () => (asked.resolve(undefined), reader.promise) },
  );
  await asked.promise;
  await client[Symbol.asyncDispose]();
  reader.reject(new Error('no grammar'));
  // Unhandled rejections are told when a turn is over.
  await new Promise((resolve) => setImmediate(resolve));
  await new Promise((resolve) => setImmediate(resolve));
  process.off('unhandledRejection', note);
  expect(failed).toEqual([]);
});

test('a path that a file of the workspace names is not looked at on another machine, where Windows would sign in', () => {
  const local = ['/home/ada/app', 'C:\\app', '../plugin', '\\app'];
  const away = ['\\\\evil\\share\\crate', '//evil/share/crate', '\\\\.\\pipe\\x', '\\\\?\\UNC\\evil\\share'];
  expect(local.filter((path) => isElsewhere(path, 'C:\\app'))).toEqual([]);
  expect(away.filter((path) => isElsewhere(path, 'C:\\app'))).toEqual(away);
  // Who has opened a folder there is signed in already.
  expect(isElsewhere('\\\\NAS\\code\\plugin', '//nas/code/app')).toBe(false);
});

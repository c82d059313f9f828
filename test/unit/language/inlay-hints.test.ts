/** The types that calls give, beside them, as a client gets them. */
import type { InlayHint } from 'vscode-languageserver/node';
import { expect, test } from 'vitest';
import { TestClient } from './server.ts';

const PROJECT = {
  'src-tauri/tauri.conf.json': '{ "productName": "Test", "identifier": "com.test" }',
  'src-tauri/Cargo.toml': '[package]\nname = "app"',
  'src-tauri/src/lib.rs': `
#[derive(serde::Serialize)]
pub struct Note { title: String }
#[tauri::command]
fn greet(name: String) -> String { name }
#[tauri::command]
fn notes() -> Vec<Note> { vec![] }
#[tauri::command]
fn ping() {}
pub fn run() { tauri::Builder::default().invoke_handler(tauri::generate_handler![greet, notes, ping]); }
`,
};

const IMPORT = "import { invoke } from '@tauri-apps/api/core';\n";

async function hintsIn(code: string, path = 'src/main.ts', inlayHints = true): Promise<InlayHint[]> {
  const text = IMPORT + code;
  await using client = await TestClient.start({ ...PROJECT, [path]: text }, { initial: { inlayHints } });
  await client.open(path);
  const range = { start: { line: 0, character: 0 }, end: { line: text.split('\n').length, character: 0 } };
  return await client.request<InlayHint[]>('textDocument/inlayHint', {
    textDocument: { uri: client.uri(path) },
    range,
  });
}

test('calls whose type is known and not written have it behind them', async () => {
  const hints = await hintsIn("const a = await invoke('greet', { name: '' });\nconst b = await invoke('notes');\n");
  expect(hints.map(({ label, position: { line, character } }) => [line, character, label])).toEqual([
    [1, 45, ': string'],
    [2, 31, ': Note[]'],
  ]);
  expect(hints[0]?.tooltip).toBe('greet(name: string): string');
});

test('who takes one writes it as the type argument, where the file needs nothing else for that', async () => {
  const code = "const a = await invoke('greet');\nconst b = await invoke('notes');\n";
  const [greet, notes] = await hintsIn(code);
  const at = { line: 1, character: 22 };
  expect(greet?.textEdits).toEqual([{ range: { start: at, end: at }, newText: '<string>' }]);
  expect(notes?.textEdits).toBeUndefined();
  const [inJavaScript] = await hintsIn(code, 'src/main.js');
  expect(inJavaScript?.label).toBe(': string');
  expect(inJavaScript?.textEdits).toBeUndefined();
});

test('nothing is hinted where the type is written, not known or nothing, or a function makes something of it', async () => {
  const code = `await invoke<string>('greet');
await invoke('unknown');
await invoke('ping');
await invoke(a ? 'greet' : 'notes');
const length = async (name: string) => (await invoke<string>(name)).length;
await length('greet');
`;
  expect(await hintsIn(code)).toEqual([]);
});

test('nothing is hinted unless it is wanted', async () => {
  expect(await hintsIn("await invoke('greet');\n", 'src/main.ts', false)).toEqual([]);
});

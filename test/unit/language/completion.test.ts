/** Completion of names and keys, as a client gets it. */
import type { CompletionItem } from 'vscode-languageserver/node';
import { expect, test } from 'vitest';
import { TestClient } from './server.ts';

const PROJECT = {
  'src-tauri/tauri.conf.json': '{ "productName": "Test", "identifier": "com.test" }',
  'src-tauri/Cargo.toml': '[package]\nname = "app"',
  'src-tauri/src/lib.rs': `
#[tauri::command]
fn greet(first_name: String) -> String { first_name }
#[tauri::command]
async fn add_user(user: String) {}
pub fn run() { tauri::Builder::default().invoke_handler(tauri::generate_handler![greet, add_user]); }
`,
};

test('names of commands are completed from Rust', async () => {
  await using client = await TestClient.start({
    ...PROJECT,
    'src/main.ts': `import { invoke } from '@tauri-apps/api/core';\nawait invoke('gr‸');\n`,
  });
  await client.open('src/main.ts');
  const items = await client.request<CompletionItem[]>('textDocument/completion', client.at('src/main.ts'));
  expect(items.map(({ label }) => label).toSorted()).toEqual(['add_user', 'greet']);
});

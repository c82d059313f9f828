/** A project for tests of configuration, capability and permission files, and questions about it. */
import type { CompletionItem, Hover, MarkupContent } from 'vscode-languageserver/node';
import { TextDocument } from 'vscode-languageserver-textdocument';
import { CURSOR, TestClient } from '../server.ts';

export const PROJECT = {
  'src-tauri/tauri.conf.json': `{
  "productName": "Test", "identifier": "com.test", "build": { "devUrl": "http://localhost:1420" },
  "app": { "windows": [{ "label": "main" }, { "label": "settings" }] }
}`,
  'src-tauri/Cargo.toml':
    '[package]\nname = "app"\n[dependencies]\ntauri = "2"\ntauri-plugin-fs = "2"\ntauri-plugin-shell = { version = "2" }\n',
  'src-tauri/src/lib.rs': `
/// Says hello.
#[tauri::command]
fn greet(first_name: String) -> String { first_name }
#[tauri::command]
async fn add_user(user: String) {}
pub fn run() { tauri::Builder::default().invoke_handler(tauri::generate_handler![greet, add_user]); }
`,
  'src-tauri/permissions/app.toml': `
[[permission]]
identifier = "allow-greet"
description = "To greet"
commands.allow = ["greet"]
`,
  'src/main.ts': `import { invoke } from '@tauri-apps/api/core';\nawait invoke('greet', { firstName: '' });\n`,
};

export const CAPABILITIES = 'src-tauri/capabilities/';

/** The project with another file, that is open and has the cursor. */
export async function projectWith(path: string, text: string, more: Record<string, string> = {}): Promise<TestClient> {
  const client = await TestClient.start({ ...PROJECT, ...more, [path]: text });
  await client.open(path);
  return client;
}

export async function completed(path: string, text: string, more?: Record<string, string>): Promise<CompletionItem[]> {
  await using client = await projectWith(path, text, more);
  return await client.request<CompletionItem[]>('textDocument/completion', client.at(path));
}

/** Labels as an editor sorts them. */
export async function labels(path: string, text: string, more?: Record<string, string>): Promise<string[]> {
  const items = await completed(path, text, more);
  const key = ({ sortText, label }: CompletionItem) => sortText ?? label;
  return items.sort((a, b) => (key(a) < key(b) ? -1 : 1)).map(({ label }) => label);
}

/** The text when the completion of that label was taken. */
export async function taken(path: string, text: string, label: string, more?: Record<string, string>): Promise<string> {
  const item = (await completed(path, text, more)).find((each) => each.label === label);
  if (!item?.textEdit || !('range' in item.textEdit)) throw new Error(`nothing is offered as ${label}`);
  const { range, newText } = item.textEdit;
  return TextDocument.applyEdits(TextDocument.create('', '', 0, text.replace(CURSOR, '')), [{ range, newText }]);
}

export async function hovered(path: string, text: string, more?: Record<string, string>): Promise<string | undefined> {
  await using client = await projectWith(path, text, more);
  const hover = await client.request<Hover | null>('textDocument/hover', client.at(path));
  return hover ? (hover.contents as MarkupContent).value : undefined;
}

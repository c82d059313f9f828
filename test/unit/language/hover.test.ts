/** What is told of names in code, as a client gets it. */
import type { Hover } from 'vscode-languageserver/node';
import { describe, expect, test } from 'vitest';
import { type LiveStatistics, STATISTICS_CHANGED } from '#core/language-messages.ts';
import { type ClientOptions, TestClient } from './server.ts';

const PROJECT = {
  'src-tauri/tauri.conf.json': `{
  "productName": "Notes",
  "identifier": "com.example.notes",
  "app": { "windows": [{ "label": "main" }, { "label": "settings" }] }
}`,
  'src-tauri/Cargo.toml': '[package]\nname = "notes"\n[dependencies]\ntauri = "2"\n',
  'src-tauri/capabilities/default.json': `{
  "identifier": "default",
  "windows": ["main"],
  "permissions": ["core:default", "allow-greet"]
}`,
  'src-tauri/permissions/app.toml': `[[permission]]
identifier = "allow-greet"
commands.allow = ["greet"]
[[permission]]
identifier = "allow-find-notes"
commands.allow = ["find_notes"]
`,
  'src-tauri/src/lib.rs': `use tauri::Emitter;
#[derive(serde::Serialize, serde::Deserialize, Clone)]
pub struct Note { title: String, pinned: bool }

/// Says *hello*. ![seen](https://example.com/pixel.png) <img src="x">
#[tauri::command]
fn greet(first_name: String, times: Option<u32>) -> Result<String, String> { Ok(first_name) }
#[tauri::command]
fn find_notes(text: String) -> Vec<Note> { vec![] }
#[tauri::command]
fn forgotten() {}

pub fn run(note: Note) {
    tauri::Builder::default()
        .setup(|app| { app.emit("note-added", note)?; Ok(()) })
        .invoke_handler(tauri::generate_handler![greet, find_notes]);
}
`,
};

const IMPORT = "import { invoke } from '@tauri-apps/api/core';\n";

/** What is said at the cursor in a file; undefined where nothing is. */
async function said(path: string, text: string, more: Record<string, string> = {}, options: ClientOptions = {}) {
  await using client = await TestClient.start({ ...PROJECT, ...more, [path]: text }, options);
  await client.open(path);
  return await hoverOf(client, path);
}

async function hoverOf(client: TestClient, path: string): Promise<string | undefined> {
  const hover = await client.request<Hover | null>('textDocument/hover', client.at(path));
  if (!hover) return undefined;
  if (typeof hover.contents !== 'object' || !('value' in hover.contents)) throw new Error('no Markdown');
  return hover.contents.value.replaceAll(client.uri(''), '');
}

describe('a command', () => {
  test('is told by both sides, with where it stands and who may call it', async () => {
    const text = await said('src/main.ts', `${IMPORT}invoke('gr‸eet', { firstName: 'Ada' });\ninvoke('greet');\n`);
    expect(text).toContain(
      '```typescript\ngreet({ firstName: string, times?: number | null }): Promise<string>\n// rejects with string\n```',
    );
    expect(text).toContain('```rust\nfn greet(first_name: String, times: Option<u32>) -> Result<String, String>\n```');
    expect(text).toContain('Says *hello*.');
    expect(text).toMatch(/Defined in \[lib\\\.rs:7\]\(\/?src-tauri\/src\/lib\.rs#L7\)/);
    expect(text).toContain('- `main`: Capability "default" allows it by allow\\-greet\\.');
    expect(text).toContain('- `settings`: Capabilities allow the command, but none of them for window "settings"\\.');
    expect(text).toContain('Called in 2 places');
  });

  test('has no pictures, nor markup, from comments of the workspace', async () => {
    const text = await said('src/main.ts', `${IMPORT}invoke('gr‸eet');\n`);
    expect(text).toContain('!\\[seen]');
    expect(text).not.toMatch(/!\[|<img/);
  });

  test('tells the types that it names, and the permission that is missing', async () => {
    const text = await said('src/main.ts', `${IMPORT}invoke('find_‸notes');\n`);
    expect(text).toContain(
      'find_notes({ text: string }): Promise<Note[]>\ntype Note = { title: string; pinned: boolean }',
    );
    expect(text).toContain(
      '- `main`, `settings`: No capability in force allows the command\\. It needs allow\\-find\\-notes\\.',
    );
  });

  test('says that no list has it', async () => {
    const text = await said('src/main.ts', `${IMPORT}invoke('forg‸otten');\n`);
    expect(text).toContain('Not registered: no generate\\_handler\\! list has it');
  });

  test('is told where its Rust function and where its handler stand, and by a constant', async () => {
    const files = {
      'src-ipc/main.ts': `import { app, command } from 'ipc-workbench';
import * as z from 'zod';
const greet = command('greet', { args: { firstName: z.string() }, permissions: ['fs:read'] }, () => 'x');
export default app({ commands: [greet] });
`,
      'src/main.ts': `${IMPORT}invoke('greet');\n`,
    };
    const handler = await said('src-ipc/main.ts', files['src-ipc/main.ts'].replace("'greet'", "'gr‸eet'"), files);
    const rust = await said(
      'src-tauri/src/lib.rs',
      PROJECT['src-tauri/src/lib.rs'].replace('fn greet', 'fn gr‸eet'),
      files,
    );
    for (const text of [handler, rust]) {
      expect(text).toContain('greet({ firstName: string, times?: number | null })');
      expect(text).toContain('Its handler asks for `fs:read`');
      expect(text).toMatch(/Defined in \[lib\\\.rs:7\].*, \[main\\\.ts:3\]/);
      expect(text).toContain('Called in 1 place');
    }
    const constant = await said('src/other.ts', `${IMPORT}const NAME = 'gr‸eet';\ninvoke(NAME);\n`, files);
    expect(constant).toContain('Called in 2 places');
    const used = await said('src/other.ts', `${IMPORT}const NAME = 'greet';\ninvoke(NA‸ME);\n`, files);
    expect(used).toContain('Called in 2 places');
  });

  test('is not shown twice in Rust where rust-analyzer runs', async () => {
    const text = PROJECT['src-tauri/src/lib.rs'].replace('fn greet', 'fn gr‸eet');
    const initial = { hasRustAnalyzer: true };
    const shown = await said('src-tauri/src/lib.rs', text, {}, { initial });
    expect(shown).not.toContain('```rust');
    expect(shown).toContain('```typescript\ngreet(');
  });

  test('of a plugin is told by its permissions', async () => {
    const text = await said('src/main.ts', `${IMPORT}invoke('plugin:event|li‸sten');\n`);
    expect(text).toContain('**`plugin:event|listen`**');
    expect(text).toContain('- `main`: Capability "default" allows it by core:event:allow\\-listen\\.');
    expect(text).not.toContain('No definition');
  });

  test('has the numbers of its calls once the inspector tells them', async () => {
    await using client = await TestClient.start({ ...PROJECT, 'src/main.ts': `${IMPORT}invoke('gr‸eet');\n` });
    await client.open('src/main.ts');
    const call = { command: 'greet', denied: 0, pending: 0, p50: 1, p99: 9, max: 9, bytesIn: 0, bytesOut: 0 };
    const times = { firstSeen: 0, lastSeen: 1 };
    const statistics: LiveStatistics = [
      { app: 'Notes', ...call, ...times, count: 1204, errors: 2, p95: 3.21 },
      { app: 'Other', ...call, ...times, count: 7, errors: 0, p95: 1 },
    ];
    expect(await hoverOf(client, 'src/main.ts')).not.toContain('calls');
    await client.connection.sendNotification(STATISTICS_CHANGED, statistics);
    expect(await hoverOf(client, 'src/main.ts')).toContain('1,204 calls · p95 3.2 ms · 2 errors');
  });

  test('is not told by the function that calls it, or by other strings', async () => {
    expect(await said('src/main.ts', `${IMPORT}inv‸oke('greet');\n`)).toBeUndefined();
    expect(await said('src/main.ts', `${IMPORT}console.log('gr‸eet');\n`)).toBeUndefined();
  });
});

test('an argument is told by both sides, with the types that it names', async () => {
  const text = await said('src/main.ts', `${IMPORT}invoke('greet', { first‸Name: 'Ada' });\n`);
  expect(text).toContain('```typescript\n(argument) firstName: string\n```');
  expect(text).toContain('```rust\nfirst_name: String\n```');
  expect(text).toContain('Argument of `greet`');
  const optional = await said('src/main.ts', `${IMPORT}invoke('greet', { tim‸es: 1 });\n`);
  expect(optional).toContain('(argument) times?: number | null');
  expect(optional).toContain('May be left out');
});

test('an event is told with its payload and both of its ends', async () => {
  const event = "import { listen } from '@tauri-apps/api/event';\n";
  const text = await said('src/main.ts', `${event}listen('note-‸added', () => {});\n`);
  expect(text).toContain("(event) 'note-added': Note");
  expect(text).toMatch(/Emitted in \[lib\\\.rs:15\]/);
  expect(text).toMatch(/Listened to in \[main\\\.ts:2\]/);
  const own = await said('src/main.ts', `${event}listen('tauri://re‸size', () => {});\n`);
  expect(own).toContain("'tauri://resize': PhysicalSize");
  expect(own).toContain('Emitted by Tauri');
  const lost = await said('src/main.ts', `${event}listen('lo‸st', () => {});\n`);
  expect(lost).toContain('Nobody is known to emit it');
  const rust = await said('src-tauri/src/lib.rs', PROJECT['src-tauri/src/lib.rs'].replace('note-added', 'note-‸added'));
  expect(rust).toContain('Nobody is known to listen to it');
});

test('the label of a window is told with where the window is made and its capabilities', async () => {
  const window = "import { WebviewWindow } from '@tauri-apps/api/webviewWindow';\n";
  const text = await said('src/main.ts', `${window}WebviewWindow.getByLabel('ma‸in');\n`);
  expect(text).toContain('**`main`** · `main` of the configuration');
  expect(text).toContain('Capabilities: `default`');
});

for (const [path, text] of [
  ['src/App.svelte', `<script>\n${IMPORT}</script>\n<b on:click={() => invoke('gr‸eet')}>x</b>\n`],
  ['src/App.vue', `<script setup>\n${IMPORT}</script>\n<template><b @click="invoke('gr‸eet')">x</b></template>\n`],
] as const) {
  test(`commands are told in ${path}`, async () => {
    expect(await said(path, text)).toContain('greet({ firstName: string');
  });
}

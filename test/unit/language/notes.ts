/** A project that has one command on all sides, for tests of what goes across languages. */
import { CURSOR } from './server.ts';

export const NOTES: Readonly<Record<string, string>> = {
  'src-tauri/tauri.conf.json': `{
  "productName": "Notes",
  "identifier": "com.example.notes",
  "app": {
    "windows": [{ "label": "main" }, { "label": "main-2", "parent": "main" }, { "label": "settings" }],
    "security": { "capabilities": ["default", "reader"] }
  }
}
`,
  'src-tauri/tauri.windows.conf.json': '{ "app": { "windows": [{ "label": "main" }] } }\n',
  'src-tauri/Cargo.toml': '[package]\nname = "notes"\n',
  'src-tauri/build.rs': `fn main() {
    tauri_build::try_build(
        tauri_build::Attributes::new()
            .app_manifest(tauri_build::AppManifest::new().commands(&["greet", "find_notes"])),
    )
    .unwrap();
}
`,
  'src-tauri/src/lib.rs': `mod notes;
use notes::find_notes;

#[tauri::command]
fn greet(first_name: String) -> String {
    format!("Hello, {first_name}!")
}

pub fn run() {
    tauri::Builder::default()
        .invoke_handler(tauri::generate_handler![greet, find_notes])
        .run(tauri::generate_context!())
        .unwrap();
}

#[cfg(test)]
mod tests {
    #[test]
    fn greets() {
        assert_eq!(super::greet("Ada".into()), "Hello, Ada!");
    }
}
`,
  'src-tauri/src/notes.rs': `/// Looks for notes.
#[tauri::command]
pub async fn find_notes(search_text: String) -> Vec<String> {
    let greet = search_text.len();
    let found = |greet: usize| greet;
    vec![crate::greet(search_text), found(greet).to_string()]
}
`,
  'src-tauri/permissions/notes.toml': `# What notes may do.
[[permission]]
identifier = "allow-greet"
commands.allow = ["greet"]

[[permission]]
identifier = "allow-find-notes"
commands.allow = ["find_notes"]

[[set]]
identifier = "notes-read"
description = "To read"
permissions = ["allow-greet", "allow-find-notes"]
`,
  'src-tauri/capabilities/default.json': `{
  "identifier": "default",
  "windows": ["main", "main-*"],
  "permissions": ["core:default", "allow-greet", { "identifier": "notes-read" }]
}
`,
  'src-tauri/capabilities/reader.toml': `identifier = "reader"
windows = ["settings"]
permissions = ["deny-greet", "notes-read"]
`,
  'src/main.ts': `import { invoke } from '@tauri-apps/api/core';

export async function start(firstName: string) {
  await invoke<string>('greet', { firstName: 'Ada' });
  await invoke<string>("greet", { firstName });
  return invoke('find_notes', { searchText: 'a' });
}
`,
};

/** The project with handlers, more frontends, events and windows. */
export const ALL: Readonly<Record<string, string>> = {
  ...NOTES,
  'src-ipc/main.ts': `import { app, command } from 'ipc-workbench';
import * as z from 'zod';

const searchText = z.string();

const greet = command('greet', { args: { firstName: z.string() } }, async ({ firstName }, { app }) => {
  await app.emit('note-added', firstName);
  return \`Hello, \${firstName}!\`;
});

const find = command('find_notes', { args: { searchText }, permissions: ['notes-read'] }, (args) => [args.searchText]);

export default app({ commands: [greet, find] });
`,
  'src-tauri/src/events.rs': `use tauri::{AppHandle, Emitter, Listener, Manager};

pub const NOTE_ADDED: &str = "note-added";
const LABEL: &str = "second";

pub fn tell(app: &AppHandle, id: u32) {
    app.emit(NOTE_ADDED, id).unwrap();
    app.emit(&format!("note-{id}"), id).unwrap();
    app.listen("page-ready", |_| {});
    app.get_webview_window(LABEL).unwrap();
    app.get_webview_window("settings").unwrap();
}
`,
  'src/names.ts': `export const GREET = 'greet';
export const Events = { added: 'note-added' } as const;
`,
  'src/Notes.svelte': `<script lang="ts">
import { invoke } from '@tauri-apps/api/core';
import { listen } from '@tauri-apps/api/event';
listen('note-added', () => invoke('greet', { firstName: 'Ada' }));
</script>
<button onclick={() => invoke('greet', { firstName: 'Bob' })}>Greet</button>
`,
  'src/Notes.vue': `<template><button @click="invoke('greet', { firstName: 'Eve' })">Greet</button></template>
<script setup lang="ts">
import { invoke } from '@tauri-apps/api/core';
import { GREET } from './names';
invoke(GREET, { firstName: 'Ada' });
</script>
`,
  'src/windows.ts': `import { emitTo, listen } from '@tauri-apps/api/event';
import { WebviewWindow } from '@tauri-apps/api/webviewWindow';
import { Events } from './names';

export function open(id: string) {
  const window = new WebviewWindow('second', { url: 'second.html' });
  emitTo('second', \`note-\${id}\`, id);
  listen(Events.added, () => window.close());
  return WebviewWindow.getByLabel('second');
}
`,
};

/** The project with a cursor in one of its files, before, or `offset` characters behind the beginning of, a text. */
export function withCursor(path: string, text: string, offset = 1, files = NOTES): Readonly<Record<string, string>> {
  const source = files[path] ?? '';
  const at = source.indexOf(text);
  if (at < 0) throw new Error(`${path} has no ${text}`);
  return { ...files, [path]: source.slice(0, at + offset) + CURSOR + source.slice(at + offset) };
}

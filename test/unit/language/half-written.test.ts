/** Texts that are cut, or not closed, at any place: whoever asks gets an answer, and no part of the server fails. */
import { LogMessageNotification, MessageType, type TextDocumentPositionParams } from 'vscode-languageserver/node';
import { expect, test } from 'vitest';
import { NOTES } from './notes.ts';
import { CURSOR, TestClient } from './server.ts';

const CODE = {
  'src/typed.ts': `import { Channel, invoke } from '@tauri-apps/api/core';
const NAME = "greet" as const;
const on = { a: \`x\${1}\`, ...{ b: [1, { c: '}' }] } };
export async function f(firstName = 'a\\'b') {
  await invoke<string>('greet', { firstName, ...on, 'x-y': () => { invoke(NAME, {}); } });
  // invoke('
  return new Channel<string>((x) => ({ x }));
}
`,
  'src/Typed.vue': `<script setup lang="ts">
import { invoke } from '@tauri-apps/api/core';
</script>
<template><b :x="{ a: 1 }" @click="invoke('greet', { firstName: 'A' })">{{ invoke("find_notes") }}</b></template>
`,
  'src-tauri/src/typed.rs': `use tauri::Emitter;
#[tauri::command]
fn typed(app: tauri::AppHandle, name: &str) { app.emit("typed", format!("{name}")).unwrap(); }
`,
};

for (const [path, text] of Object.entries(CODE)) {
  test(`at every place of ${path}`, { timeout: 120_000 }, async () => {
    await using client = await TestClient.start({ ...NOTES, [path]: text });
    const failures: string[] = [];
    client.connection.onNotification(LogMessageNotification.type, ({ type, message }) => {
      if (type === MessageType.Error) failures.push(message);
    });
    await client.open(path);
    const ask = async (asked: TextDocumentPositionParams) => {
      await client.request('textDocument/completion', asked);
      await client.request('textDocument/signatureHelp', asked);
    };
    for (let offset = 0; offset <= text.length; offset += 3) {
      await client.change(path, text.slice(0, offset) + CURSOR + text.slice(offset));
      await ask(client.at(path));
      await client.change(path, text.slice(0, offset) + CURSOR);
      await ask(client.at(path));
    }
    expect(failures).toEqual([]);
  });
}

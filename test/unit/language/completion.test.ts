/** Completion of names and keys, as a client gets it. */
import type { CompletionItem } from 'vscode-languageserver/node';
import { describe, expect, test } from 'vitest';
import { CURSOR, type ClientOptions, TestClient } from './server.ts';

const PROJECT = {
  'src-tauri/tauri.conf.json': `{
  "productName": "Test",
  "identifier": "com.test",
  "app": { "windows": [{ "label": "main" }, { "label": "settings" }] }
}`,
  'src-tauri/Cargo.toml': '[package]\nname = "app"\n[dependencies]\ntauri = "2"\ntauri-plugin-fs = "2"\n',
  'src-tauri/capabilities/default.json': `{
  "identifier": "default",
  "windows": ["main"],
  "permissions": ["core:default", "fs:allow-read-file", "allow-greet"]
}`,
  'src-tauri/permissions/app.toml': '[[permission]]\nidentifier = "allow-greet"\ncommands.allow = ["greet"]\n',
  'src-tauri/src/lib.rs': `
mod notes;
use tauri::{ipc::Channel, Emitter};

/// Says \`hello\`.
#[tauri::command]
fn greet(first_name: String, times: Option<u32>) -> String { first_name }
#[tauri::command(rename_all = "snake_case")]
async fn add_user(user_name: String, user_age: u32) -> Result<(), String> { Ok(()) }
#[tauri::command]
fn watch(on_note: Channel<String>, max_count: u32) {}
#[tauri::command]
fn forgotten() {}

pub fn run() {
    tauri::Builder::default()
        .setup(|app| { app.emit("note-added", String::new())?; Ok(()) })
        .invoke_handler(tauri::generate_handler![greet, add_user, watch]);
}
`,
  'src-tauri/src/notes.rs': '#[tauri::command]\npub fn find_notes(text: String) -> Vec<String> { vec![text] }\n',
};

const IMPORT = "import { invoke } from '@tauri-apps/api/core';\n";

/** What is offered at the cursor in a file. */
async function offered(
  path: string,
  text: string,
  options?: ClientOptions,
  files: Record<string, string> = {},
  project: Record<string, string> = PROJECT,
) {
  await using client = await TestClient.start({ ...project, ...files, [path]: text }, options);
  await client.open(path);
  const items = await client.request<CompletionItem[]>('textDocument/completion', client.at(path));
  // As the editor does with the one that is marked.
  for (const [index, item] of items.entries()) {
    if (item.data && !item.label.startsWith('plugin:')) {
      items[index] = await client.request<CompletionItem>('completionItem/resolve', item);
    }
  }
  return items.toSorted((a, b) => ((a.sortText ?? '') < (b.sortText ?? '') ? -1 : 1));
}

const labels = (items: readonly CompletionItem[]) => items.map(({ label }) => label);

/** The text after an item of this label is taken. */
function taken(text: string, items: readonly CompletionItem[], label: string): string {
  const edit = items.find((item) => item.label === label)?.textEdit;
  if (!edit || !('range' in edit)) throw new Error(`${label} is not in ${labels(items).join()}`);
  const lines = text.replace(CURSOR, '').split('\n');
  const { start, end } = edit.range;
  const line = lines[start.line] ?? '';
  lines[start.line] = line.slice(0, start.character) + edit.newText + line.slice(end.character);
  return lines.join('\n');
}

const ofApp = (items: readonly CompletionItem[]) => labels(items).filter((label) => !label.startsWith('plugin:'));

describe('names of commands', () => {
  test('those that are registered come first, then the others, then those of plugins', async () => {
    const items = await offered('src/main.ts', `${IMPORT}await invoke('‸');\n`);
    expect(ofApp(items)).toEqual(['add_user', 'greet', 'watch', 'find_notes', 'forgotten']);
    const all = labels(items);
    expect(all.indexOf('plugin:fs|read_file')).toBeGreaterThan(all.indexOf('forgotten'));
    // What no window may call is last; a plugin that the project does not have is not there.
    expect(all.indexOf('plugin:fs|copy_file')).toBeGreaterThan(all.indexOf('plugin:fs|read_file'));
    expect(all.some((label) => label.startsWith('plugin:shell|'))).toBe(false);
  });

  test('an item tells the signature of the page, the one of Rust, and who may call it', async () => {
    const items = await offered('src/main.ts', `${IMPORT}await invoke('gr‸');\n`);
    const greet = items.find(({ label }) => label === 'greet');
    expect(greet?.detail).toBe('greet(firstName: string, times?: number | null): string');
    const text = JSON.stringify(greet?.documentation);
    expect(text).toContain('fn greet(first_name: String, times: Option<u32>) -> String');
    expect(text).toContain('Says `hello`.');
    expect(text).toMatch(/allowed in: main"/);
    const forgotten = items.find(({ label }) => label === 'forgotten');
    expect(forgotten?.labelDetails?.description).toBe('not registered');
    expect(JSON.stringify(forgotten?.documentation)).toContain('Not registered: no generate_handler! list has it');
  });

  for (const [what, written, wanted] of [
    ['in an empty string', "invoke('‸');", "invoke('greet');"],
    ['in the middle of another name', "invoke('ad‸d_user');", "invoke('greet');"],
    ['in double quotes', 'invoke("gr‸");', 'invoke("greet");'],
    ['in a template string', 'invoke(`gr‸`);', 'invoke(`greet`);'],
    ['in a string that is not closed', "invoke('gr‸", "invoke('greet'"],
    ['in one that swallows what follows', "invoke('gr‸, { times: 1 });", "invoke('greet', { times: 1 });"],
    ['without quotes', 'invoke(‸);', "invoke('greet');"],
    ['without quotes, begun', 'invoke(gr‸)', "invoke('greet')"],
    ['with a type argument', "invoke<string>('‸')", "invoke<string>('greet')"],
    ['in a branch', "invoke(a ? 'watch' : '‸')", "invoke(a ? 'watch' : 'greet')"],
    ['in a constant', "const NAME = '‸';\ninvoke(NAME);", "const NAME = 'greet';\ninvoke(NAME);"],
    ['under another name', "import { invoke as call } from '@tauri-apps/api/core';\ncall('‸')", undefined],
    ['of the global object', "window.__TAURI__.core.invoke('‸')", "window.__TAURI__.core.invoke('greet')"],
    ['in a function that is not closed', "function a() {\n  if (b) {\n    invoke('‸'\n  foo();\n", undefined],
  ] as const) {
    test(`are completed ${what}`, async () => {
      const text = `${IMPORT}${written}\n`;
      const result = taken(text, await offered('src/main.ts', text), 'greet');
      expect(result).toBe(`${IMPORT}${wanted ?? written.replace(CURSOR, 'greet')}\n`);
    });
  }

  test('of all apps that show a script are offered there', async () => {
    const app = (name: string) => ({
      [`${name}/src-tauri/tauri.conf.json`]: `{ "identifier": "com.${name}", "build": { "frontendDist": "../../ui/dist" } }`,
      [`${name}/src-tauri/Cargo.toml`]: `[package]\nname = "${name}"\n`,
      [`${name}/src-tauri/src/lib.rs`]: `#[tauri::command]\nfn both() {}\n#[tauri::command]\nfn only_${name}(a: u8) {}\n`,
    });
    const apps = { ...app('one'), ...app('two'), 'ui/package.json': '{ "name": "ui" }' };
    const names = ofApp(await offered('ui/src/main.ts', `${IMPORT}invoke('‸');\n`, {}, {}, apps));
    expect(names).toEqual(['both', 'only_one', 'only_two']);
    expect(labels(await offered('ui/src/main.ts', `${IMPORT}invoke('only_two', {‸});\n`, {}, {}, apps))).toEqual(['a']);
  });

  test('are completed in calls of a wrapper, and in constants of another file', async () => {
    const files = {
      'src/call.ts': `${IMPORT}export const call = <T>(name: string, args?: object) => invoke<T>(name, { ...args });\n`,
      'src/main.ts': "import { call } from './call';\nimport { NAME } from './names';\ncall(NAME);\n",
    };
    const text = "import { call } from './call';\ncall('‸');\n";
    expect(labels(await offered('src/other.ts', text, {}, files))).toContain('greet');
    expect(labels(await offered('src/names.ts', "export const NAME = 'gr‸';\n", {}, files))).toContain('greet');
  });

  for (const [path, text] of [
    ['src/App.svelte', `<script lang="ts">\n${IMPORT}</script>\n<button onclick={() => invoke('‸')}>Go</button>\n`],
    [
      'src/App.vue',
      `<script setup lang="ts">\n${IMPORT}</script>\n<template><b @click="invoke('‸')">x</b></template>\n`,
    ],
    ['src/index.html', `<script type="module">\n${IMPORT}invoke('‸');\n</script>\n`],
    ['src/App.tsx', `${IMPORT}export const A = () => <b onClick={() => invoke('‸')}>x</b>;\n`],
    ['src/app.js', `const { invoke } = window.__TAURI__.core;\ninvoke('‸');\n`],
  ] as const) {
    test(`are completed in ${path}`, async () => {
      const items = await offered(path, text);
      expect(taken(text, items, 'greet')).toBe(text.replace(CURSOR, 'greet'));
    });
  }

  test('get quotes that an attribute does not have', async () => {
    const text = `<script setup>\nimport { invoke } from "@tauri-apps/api/core";\n</script>\n<template><b @click="invoke(‸)">x</b></template>\n`;
    const items = await offered('src/App.vue', text);
    expect(taken(text, items, 'greet')).toContain(`@click="invoke('greet')"`);
  });

  test('are not offered elsewhere', async () => {
    for (const text of [
      "console.log('‸');",
      "invoke('greet', '‸');",
      "// invoke('‸')",
      "invoke('greet'‸)",
      "const text = 'some invoke(‸';",
      "other.on('‸');",
    ]) {
      expect([text, labels(await offered('src/main.ts', `${IMPORT}${text}\n`))]).toEqual([text, []]);
    }
  });

  test('come with their arguments as a snippet where nothing of the call is there', async () => {
    const text = `${IMPORT}invoke(‸)\n`;
    const items = await offered('src/main.ts', text, { snippets: true });
    expect(taken(text, items, 'greet, { firstName }')).toContain("invoke('greet', { firstName: ${1} })");
    expect(labels(items)).not.toContain('greet, { firstName, times }');
    const plain = await offered('src/main.ts', text);
    expect(taken(text, plain, 'greet, { firstName }')).toContain("invoke('greet', { firstName: '' })");
    const given = await offered('src/main.ts', `${IMPORT}invoke(‸, { firstName: '' })\n`, { snippets: true });
    expect(labels(given)).toContain('greet');
    expect(labels(given)).not.toContain('greet, { firstName }');
  });
});

describe('keys of arguments', () => {
  for (const [what, written, wanted] of [
    ['in an empty object', "invoke('greet', { ‸ });", ['firstName', 'times']],
    ['behind another one', "invoke('greet', { firstName: 'Ada', ‸ });", ['times']],
    ['before another one', "invoke('greet', { ‸ times: 1 });", ['firstName']],
    ['of a word', "invoke('greet', { fir‸ });", ['firstName', 'times']],
    ['that has a value', "invoke('greet', { fir‸: 'Ada', times: 1 });", ['firstName']],
    ['in quotes', "invoke('greet', { 'fir‸': 'Ada' });", ['firstName', 'times']],
    ['in snake_case where Rust says so', "invoke('add_user', {‸})", ['user_name, user_age', 'user_name', 'user_age']],
    ['in a call that is not closed', "function a() {\n  invoke('greet', { ‸\n}\n", ['firstName', 'times']],
    ['in one that is not closed at all', "invoke('greet', { ‸", ['firstName', 'times']],
    ['of a variable', "const args = { ‸ };\ninvoke('greet', args);", ['firstName', 'times']],
  ] as const) {
    test(`are offered ${what}`, async () => {
      expect(labels(await offered('src/main.ts', `${IMPORT}${written}\n`))).toEqual(wanted);
    });
  }

  test('tell their types', async () => {
    const [first, second] = await offered('src/main.ts', `${IMPORT}invoke('greet', { ‸ });\n`);
    expect(first?.detail).toBe('firstName: string');
    expect(second?.labelDetails?.detail).toBe('?');
    expect(JSON.stringify(first?.documentation)).toContain('first_name: String');
  });

  test('are shorthands where there is a variable', async () => {
    const text = `${IMPORT}function a(firstName: string) {\n  const times = invoke('greet', { ‸ });\n}\n`;
    const items = await offered('src/main.ts', text);
    expect(taken(text, items, 'firstName')).toContain("invoke('greet', { firstName })");
    // The call is what this variable will be.
    expect(taken(text, items, 'times')).toContain("invoke('greet', { times:  })");
  });

  test('of channels make one, and import it', async () => {
    const text = `${IMPORT}invoke('watch', { ‸ });\n`;
    const items = await offered('src/main.ts', text, { snippets: true });
    expect(labels(items)).toEqual(['onNote, maxCount', 'onNote', 'maxCount']);
    const channel = items.find(({ label }) => label === 'onNote');
    expect(taken(text, items, 'onNote')).toContain("invoke('watch', { onNote: new Channel(${1}) })");
    expect(channel?.additionalTextEdits?.map(({ newText }) => newText)).toEqual([', Channel']);
    expect(taken(text, items, 'onNote, maxCount')).toContain('{ onNote: new Channel(${1}), maxCount: ${2} }');
    expect(taken(text, await offered('src/main.ts', text), 'onNote, maxCount')).toContain(
      '{ onNote: new Channel(), maxCount: 0 }',
    );
  });

  test('of channels are made by the class that there is', async () => {
    const other = "import { Channel as Stream, invoke } from '@tauri-apps/api/core';\ninvoke('watch', { ‸ });\n";
    expect(taken(other, await offered('src/main.ts', other), 'onNote')).toContain('{ onNote: new Stream() }');
    const page = '<p onclick=\'window.__TAURI__.core.invoke("watch", { ‸ })\'></p>\n';
    expect(taken(page, await offered('src/index.html', page), 'onNote')).toContain(
      '{ onNote: new window.__TAURI__.core.Channel() }',
    );
  });

  test('are offered all at once where there is no object yet', async () => {
    const text = `${IMPORT}invoke('greet',‸)\n`;
    const items = await offered('src/main.ts', text, { snippets: true });
    expect(taken(text, items, '{ firstName }')).toContain("invoke('greet', { firstName: ${1} })");
  });

  test('are not offered as values', async () => {
    for (const text of ["invoke('greet', { firstName: ‸ });", 'foo({ ‸ });', "invoke('greet', { a: { ‸ } });"]) {
      expect([text, labels(await offered('src/main.ts', `${IMPORT}${text}\n`))]).toEqual([text, []]);
    }
  });

  test('are not offered behind the quote that ends a value', async () => {
    for (const value of ["'x'‸", "''‸", '"x"‸', '`x`‸', "'x'‸, times: 1", '"it\'s‸"']) {
      const text = `${IMPORT}invoke('greet', { colour: ${value} });\n`;
      expect([value, labels(await offered('src/main.ts', text))]).toEqual([value, []]);
    }
  });
});

describe('names of events and windows', () => {
  const EVENTS = "import { emit, emitTo, listen } from '@tauri-apps/api/event';\n";

  test('listeners are offered what is emitted, then what others listen to, then what Tauri emits', async () => {
    const text = `${EVENTS}listen<number>('count', () => {});\nlisten('‸', () => {});\n`;
    const items = await offered('src/main.ts', text);
    expect(labels(items).slice(0, 2)).toEqual(['note-added', 'count']);
    expect(labels(items)).toContain('tauri://resize');
    expect(items[0]).toMatchObject({ detail: 'string', labelDetails: { description: 'Rust' } });
    expect(items[1]).toMatchObject({ detail: 'number', labelDetails: { description: 'TypeScript' } });
  });

  test('what is being written is no event yet; emitters are not offered what Tauri emits', async () => {
    const text = `${EVENTS}listen<number>('count', () => {});\nemit('cou‸');\n`;
    expect(labels(await offered('src/main.ts', text))).toEqual(['count', 'note-added']);
  });

  test('labels of windows are offered to emitTo, getByLabel and targets', async () => {
    const window = "import { WebviewWindow } from '@tauri-apps/api/webviewWindow';\n";
    for (const text of [
      `${EVENTS}emitTo('‸', 'count', 1);\n`,
      `${window}WebviewWindow.getByLabel('‸');\n`,
      `${EVENTS}listen('count', () => {}, { target: '‸' });\n`,
    ]) {
      expect([text, labels(await offered('src/main.ts', text))]).toEqual([text, ['main', 'settings']]);
    }
  });

  test('a new window is offered the labels that capabilities speak of', async () => {
    const files = {
      'src-tauri/capabilities/other.json': '{ "identifier": "other", "windows": ["about"], "permissions": [] }',
    };
    const text = "import { WebviewWindow } from '@tauri-apps/api/webviewWindow';\nnew WebviewWindow('‸');\n";
    expect(labels(await offered('src/main.ts', text, {}, files))).toEqual(['about']);
  });
});

describe('in Rust', () => {
  const rust = (body: string) =>
    `use tauri::{Emitter, Listener, Manager};\nfn other(app: tauri::AppHandle) {\n    ${body}\n}\n`;

  test('names of events are offered, also in a string that is not closed', async () => {
    const files = { 'src/main.ts': "import { listen } from '@tauri-apps/api/event';\nlisten('heard', () => {});\n" };
    for (const text of ['app.emit("‸", 1).unwrap();', 'app.emit("‸, 1).unwrap();']) {
      const items = await offered('src-tauri/src/other.rs', rust(text), {}, files);
      expect([text, labels(items)]).toEqual([text, ['heard', 'note-added']]);
    }
    const items = await offered('src-tauri/src/other.rs', rust('app.listen("no‸", |_| {});'), {}, files);
    expect(labels(items).slice(0, 2)).toEqual(['note-added', 'heard']);
    expect(labels(items)).toContain('tauri://focus');
  });

  test('labels of windows are offered', async () => {
    for (const text of ['app.get_webview_window("‸");', 'app.emit_to("‸", "note-added", 1).unwrap();']) {
      const items = await offered('src-tauri/src/other.rs', rust(text));
      expect([text, labels(items)]).toEqual([text, ['main', 'settings']]);
    }
  });

  test('commands that no list has are offered to one, with their path', async () => {
    const text = PROJECT['src-tauri/src/lib.rs'].replace('add_user, watch]', 'add_user, watch, ‸]');
    const items = await offered('src-tauri/src/lib.rs', text);
    expect(labels(items)).toEqual(['find_notes', 'forgotten']);
    expect(taken(text, items, 'find_notes')).toContain('watch, notes::find_notes]');
    const notes = PROJECT['src-tauri/src/notes.rs'];
    const moved = {
      'src-tauri/src/notes.rs': 'mod inner;\npub use inner::*;\n',
      'src-tauri/src/notes/inner.rs': notes,
    };
    const passedOn = await offered('src-tauri/src/lib.rs', text, {}, moved);
    expect(taken(text, passedOn, 'find_notes')).toContain('watch, notes::find_notes]');
    const hidden = { ...moved, 'src-tauri/src/notes.rs': 'mod inner;\n' };
    expect(labels(await offered('src-tauri/src/lib.rs', text, {}, hidden))).toEqual(['forgotten']);
    // rust-analyzer offers functions.
    expect(await offered('src-tauri/src/lib.rs', text, { initial: { hasRustAnalyzer: true } })).toEqual([]);
  });
});

describe('in handlers', () => {
  const handlers = (code: string) => `import { app, command } from 'ipc-workbench';\n${code}\n`;

  test('commands that are called or that Rust has are offered, unless a handler answers them', async () => {
    const files = { 'src/main.ts': `${IMPORT}invoke('wanted');\n` };
    const text = handlers(
      "const a = command('greet', () => 1);\nconst b = command('‸', () => 2);\nexport default app({ commands: [a, b] });",
    );
    const items = await offered('src-ipc/main.ts', text, {}, files);
    expect(labels(items)).toEqual(['wanted', 'add_user', 'find_notes', 'forgotten', 'watch']);
  });

  test('permissions are offered', async () => {
    const text = handlers("command('greet', { permissions: ['‸'] }, () => 1);");
    const items = labels(await offered('src-ipc/main.ts', text));
    expect(items).toContain('fs:allow-read-file');
    expect(items).toContain('allow-greet');
    expect(items).not.toContain('shell:default');
  });
});

/** Rename across languages and files, with the exact texts after it. */
import type { Range, WorkspaceEdit } from 'vscode-languageserver/node';
import { describe, expect, test } from 'vitest';
import { ALL, NOTES, withCursor } from './notes.ts';
import { TextDocument } from 'vscode-languageserver-textdocument';
import { type ClientOptions, TestClient } from './server.ts';

interface Renamed {
  readonly edit: WorkspaceEdit;
  /** texts after it, by path; only those that changed */
  readonly texts: Readonly<Record<string, string>>;
}

async function rename(
  files: Readonly<Record<string, string>>,
  path: string,
  newName: string,
  options?: ClientOptions,
): Promise<Renamed> {
  await using client = await TestClient.start(files, options);
  await client.open(path);
  const asked = { ...client.at(path), newName };
  const edit = await client.request<WorkspaceEdit>('textDocument/rename', asked);
  return { edit, texts: client.edited(edit) };
}

async function prepare(files: Readonly<Record<string, string>>, path: string) {
  await using client = await TestClient.start(files);
  await client.open(path);
  return await client.request<{ range: Range; placeholder: string } | null>(
    'textDocument/prepareRename',
    client.at(path),
  );
}

/** The lines that differ, each as it is afterwards. */
function changed(texts: Readonly<Record<string, string>>, files = NOTES): Readonly<Record<string, string[]>> {
  return Object.fromEntries(
    Object.entries(texts).map(([path, text]) => {
      const before = (files[path] ?? '').split('\n');
      return [path, text.split('\n').filter((line, index) => line !== before[index])];
    }),
  );
}

const ASKS = { documentChanges: true, changeAnnotationSupport: {} };

describe('a command', () => {
  test('is renamed in Rust, build script, calls, permissions and capabilities, and nowhere else', async () => {
    const { texts } = await rename(withCursor('src/main.ts', "greet', {"), 'src/main.ts', 'say_hello');
    expect(changed(texts)).toEqual({
      'src-tauri/build.rs': [
        '            .app_manifest(tauri_build::AppManifest::new().commands(&["say_hello", "find_notes"])),',
      ],
      'src-tauri/src/lib.rs': [
        'fn say_hello(first_name: String) -> String {',
        '        .invoke_handler(tauri::generate_handler![say_hello, find_notes])',
        '        assert_eq!(super::say_hello("Ada".into()), "Hello, Ada!");',
      ],
      'src-tauri/src/notes.rs': ['    vec![crate::say_hello(search_text), found(greet).to_string()]'],
      'src-tauri/permissions/notes.toml': [
        'identifier = "allow-say-hello"',
        'commands.allow = ["say_hello"]',
        'permissions = ["allow-say-hello", "allow-find-notes"]',
      ],
      'src-tauri/capabilities/default.json': [
        '  "permissions": ["core:default", "allow-say-hello", { "identifier": "notes-read" }]',
      ],
      'src-tauri/capabilities/reader.toml': ['permissions = ["deny-say-hello", "notes-read"]'],
      'src/main.ts': [
        "  await invoke<string>('say_hello', { firstName: 'Ada' });",
        '  await invoke<string>("say_hello", { firstName });',
      ],
    });
  });

  test('is renamed from its function, its permission file and its registration as well', async () => {
    const { texts } = await rename(withCursor('src/main.ts', "greet', {"), 'src/main.ts', 'say_hello');
    for (const [path, text] of [
      ['src-tauri/src/lib.rs', 'greet(first'],
      ['src-tauri/permissions/notes.toml', 'greet"]'],
    ] as const) {
      expect((await rename(withCursor(path, text), path, 'say_hello')).texts).toEqual(texts);
    }
  });

  test('is renamed in handlers, in Svelte and Vue, and in constants', async () => {
    const { texts } = await rename(withCursor('src/main.ts', "greet', {", 1, ALL), 'src/main.ts', 'say_hello');
    const found = changed(texts, ALL);
    expect(Object.keys(found).toSorted()).toEqual([
      'src-ipc/main.ts',
      'src-tauri/build.rs',
      'src-tauri/capabilities/default.json',
      'src-tauri/capabilities/reader.toml',
      'src-tauri/permissions/notes.toml',
      'src-tauri/src/lib.rs',
      'src-tauri/src/notes.rs',
      'src/Notes.svelte',
      'src/Notes.vue',
      'src/main.ts',
      'src/names.ts',
    ]);
    expect(found['src-ipc/main.ts']).toEqual([
      "const greet = command('say_hello', { args: { firstName: z.string() } }, async ({ firstName }, { app }) => {",
    ]);
    expect(found['src/names.ts']).toEqual(["export const GREET = 'say_hello';"]);
    expect(found['src/Notes.svelte']).toEqual([
      "listen('note-added', () => invoke('say_hello', { firstName: 'Ada' }));",
      "<button onclick={() => invoke('say_hello', { firstName: 'Bob' })}>Greet</button>",
    ]);
    expect(found['src/Notes.vue']).toEqual([
      `<template><button @click="invoke('say_hello', { firstName: 'Eve' })">Greet</button></template>`,
    ]);
  });

  test('that only a handler defines may have names that Rust has not', async () => {
    const files = { ...ALL, 'src-tauri/src/lib.rs': '', 'src-tauri/src/notes.rs': '' };
    const { texts } = await rename(
      withCursor('src-ipc/main.ts', "greet', {", 1, files),
      'src-ipc/main.ts',
      'say-hello',
    );
    expect(changed(texts, files)['src/names.ts']).toEqual(["export const GREET = 'say-hello';"]);
  });

  test('with another name than its function is renamed in its attribute; the function keeps its own', async () => {
    const lib = (NOTES['src-tauri/src/lib.rs'] ?? '').replace(
      '#[tauri::command]',
      '#[tauri::command(rename = "hello")]',
    );
    const main = "import { invoke } from '@tauri-apps/api/core';\ninvoke('hello', { firstName: 1 });\n";
    const files = { ...NOTES, 'src-tauri/src/lib.rs': lib, 'src/main.ts': main };
    const { texts } = await rename(withCursor('src/main.ts', "hello'", 1, files), 'src/main.ts', 'say-hello');
    expect(changed(texts, files)).toEqual({
      'src-tauri/src/lib.rs': ['#[tauri::command(rename = "say-hello")]'],
      'src/main.ts': ["invoke('say-hello', { firstName: 1 });"],
    });
    const path = 'src-tauri/src/lib.rs';
    expect((await rename(withCursor(path, 'hello"', 1, files), path, 'say-hello')).texts).toEqual(texts);
  });

  test('is followed through imports', async () => {
    const { texts } = await rename(withCursor('src/main.ts', "find_notes',"), 'src/main.ts', 'search');
    expect(changed(texts)['src-tauri/src/lib.rs']).toEqual([
      'use notes::search;',
      '        .invoke_handler(tauri::generate_handler![greet, search])',
    ]);
    expect(changed(texts)['src-tauri/permissions/notes.toml']).toEqual([
      'identifier = "allow-search"',
      'commands.allow = ["search"]',
      'permissions = ["allow-greet", "allow-search"]',
    ]);
  });

  test('to a name that is taken, or is none, is refused with the reason', async () => {
    const files = withCursor('src/main.ts', "greet', {");
    await expect(rename(files, 'src/main.ts', 'find_notes')).rejects.toThrow(
      'There is a command "find_notes" already, at notes.rs:3.',
    );
    await expect(rename(files, 'src/main.ts', 'run')).rejects.toThrow(
      'Rust has a "run" in that module already, at lib.rs:9.',
    );
    const notes = withCursor('src/main.ts', "find_notes',", 1, {
      ...NOTES,
      'src-tauri/src/notes.rs': `use a::{b as search, c};\n${NOTES['src-tauri/src/notes.rs']}`,
    });
    await expect(rename(notes, 'src/main.ts', 'search')).rejects.toThrow('already, at notes.rs:1.');
    expect((await rename(notes, 'src/main.ts', 'b')).texts['src-tauri/src/notes.rs']).toContain('fn b(');
    await expect(rename(files, 'src/main.ts', 'say hello')).rejects.toThrow('"say hello" is no name of Rust.');
    await expect(rename(files, 'src/main.ts', 'match')).rejects.toThrow('"match" is a keyword of Rust.');
  });

  test('of a permission that is about other commands, too, leaves the permission its name', async () => {
    const permissions =
      NOTES['src-tauri/permissions/notes.toml']?.replace('["greet"]', '["greet", "find_notes"]') ?? '';
    const files = { ...NOTES, 'src-tauri/permissions/notes.toml': permissions };
    const { texts, edit } = await rename(withCursor('src/main.ts', "greet', {", 1, files), 'src/main.ts', 'say_hello', {
      edits: ASKS,
    });
    expect(changed(texts, files)['src-tauri/permissions/notes.toml']).toEqual([
      'commands.allow = ["say_hello", "find_notes"]',
    ]);
    expect(Object.values(edit.changeAnnotations ?? {})[0]?.description).toBe(
      'The permission "allow-greet" is about other commands, too, and keeps its name.',
    );
  });

  test('of a plugin of Tauri, or that nothing defines, cannot be renamed', async () => {
    const files = {
      ...NOTES,
      'src/other.ts': `import { invoke } from '@tauri-apps/api/core';
invoke('plugin:fs|read_file');
invoke('gone');
`,
    };
    await expect(prepare(withCursor('src/other.ts', 'read_file', 1, files), 'src/other.ts')).rejects.toThrow(
      '"plugin:fs|read_file" is a command of the plugin fs, which is not part of this project.',
    );
    await expect(prepare(withCursor('src/other.ts', 'gone', 1, files), 'src/other.ts')).rejects.toThrow(
      'Nothing here defines a command "gone".',
    );
  });

  test('of a plugin of the project is renamed without the name of the plugin', async () => {
    const files = {
      ...NOTES,
      'src-tauri/src/store.rs': `use tauri::{plugin::{Builder, TauriPlugin}, Runtime};

#[tauri::command]
fn get_note(id: u32) -> u32 { id }

pub fn init<R: Runtime>() -> TauriPlugin<R> {
    Builder::new("store").invoke_handler(tauri::generate_handler![get_note]).build()
}
`,
      'src-tauri/permissions/store/read.toml': `[[permission]]
identifier = "allow-get-note"
commands.allow = ["get_note"]

[default]
permissions = ["allow-get-note"]
`,
      'src-tauri/capabilities/store.json':
        '{ "identifier": "store", "windows": ["main"], "permissions": ["store:allow-get-note", "store:default"] }',
      'src/store.ts': "import { invoke } from '@tauri-apps/api/core';\ninvoke('plugin:store|get_note', { id: 1 });\n",
    };
    const from = withCursor('src/store.ts', 'plugin:', 1, files);
    expect(await prepare(from, 'src/store.ts')).toEqual({
      range: { start: { line: 1, character: 21 }, end: { line: 1, character: 29 } },
      placeholder: 'get_note',
    });
    const { texts } = await rename(from, 'src/store.ts', 'read');
    expect(changed(texts, files)).toEqual({
      'src-tauri/src/store.rs': [
        'fn read(id: u32) -> u32 { id }',
        '    Builder::new("store").invoke_handler(tauri::generate_handler![read]).build()',
      ],
      'src-tauri/permissions/store/read.toml': [
        'identifier = "allow-read"',
        'commands.allow = ["read"]',
        'permissions = ["allow-read"]',
      ],
      'src-tauri/capabilities/store.json': [
        '{ "identifier": "store", "windows": ["main"], "permissions": ["store:allow-read", "store:default"] }',
      ],
      'src/store.ts': ["invoke('plugin:store|read', { id: 1 });"],
    });
    const path = 'src-tauri/permissions/store/read.toml';
    expect((await rename(withCursor(path, 'get_note"]', 1, files), path, 'read')).texts).toEqual(texts);
  });

  const hello = 'src-tauri/plugins/hello';
  const PLUGIN = {
    'src-tauri/tauri.conf.json': '{ "identifier": "com.example.notes" }',
    'src-tauri/Cargo.toml':
      '[package]\nname = "notes"\n[dependencies]\ntauri-plugin-hello = { path = "plugins/hello" }\n',
    'src-tauri/build.rs': `fn main() {
    tauri_build::try_build(Attributes::new().app_manifest(AppManifest::new().commands(&["say_hi"]))).unwrap();
}
`,
    'src-tauri/src/lib.rs': '#[tauri::command]\nfn say_hi() {}\nfn run() { tauri::generate_handler![say_hi]; }\n',
    'src-tauri/capabilities/default.json':
      '{ "identifier": "default", "windows": ["*"], "permissions": ["hello:default", "hello:allow-say-hi", "allow-say-hi"] }',
    [`${hello}/Cargo.toml`]: '[package]\nname = "tauri-plugin-hello"\nlinks = "tauri-plugin-hello"\n',
    [`${hello}/build.rs`]: `const HI: &str = "say_hi";
const COMMANDS: &[&str] = &[HI, "bye"];
fn main() { tauri_plugin::Builder::new(COMMANDS).build(); }
`,
    [`${hello}/src/lib.rs`]: `#[tauri::command]
fn say_hi() {}
#[tauri::command]
fn bye() {}
pub fn init<R: Runtime>() -> TauriPlugin<R> {
    tauri::plugin::Builder::new("hello").invoke_handler(tauri::generate_handler![say_hi, bye]).build()
}
`,
    [`${hello}/permissions/default.toml`]: '[default]\npermissions = ["allow-say-hi", "allow-bye"]\n',
    [`${hello}/permissions/autogenerated/commands/say_hi.toml`]:
      '[[permission]]\nidentifier = "allow-say-hi"\ncommands.allow = ["say_hi"]\n',
    [`${hello}/guest-js/index.ts`]:
      "import { invoke } from '@tauri-apps/api/core';\nexport const hi = () => invoke('plugin:hello|say_hi');\n",
  };

  test('of a plugin in a crate of the project is renamed in its build script and its permissions, too', async () => {
    const path = `${hello}/guest-js/index.ts`;
    const { texts, edit } = await rename(withCursor(path, 'say_hi', 1, PLUGIN), path, 'greet_me', { edits: ASKS });
    expect(edit.changeAnnotations).toBe(undefined);
    expect(changed(texts, PLUGIN)).toEqual({
      'src-tauri/capabilities/default.json': [
        '{ "identifier": "default", "windows": ["*"], "permissions": ["hello:default", "hello:allow-greet-me", "allow-say-hi"] }',
      ],
      [`${hello}/build.rs`]: ['const HI: &str = "greet_me";'],
      [`${hello}/src/lib.rs`]: [
        'fn greet_me() {}',
        '    tauri::plugin::Builder::new("hello").invoke_handler(tauri::generate_handler![greet_me, bye]).build()',
      ],
      [`${hello}/permissions/default.toml`]: ['permissions = ["allow-greet-me", "allow-bye"]'],
      [path]: ["export const hi = () => invoke('plugin:hello|greet_me');"],
    });
    const permissions = `${hello}/permissions/default.toml`;
    await expect(prepare(withCursor(permissions, 'allow-bye', 1, PLUGIN), permissions)).rejects.toThrow(
      '"hello:allow-bye" is generated for the command "plugin:hello|bye": rename that.',
    );
  });

  test('of a plugin beside the app is renamed from a permission set that has it, in all apps', async () => {
    const outside = (app: string) =>
      Object.entries(PLUGIN).map(([path, text]) => [
        path.replace('src-tauri/plugins/', 'plugins/').replace(/^src-tauri/, `${app}/src-tauri`),
        text.replace('"plugins/hello"', '"../../plugins/hello"'),
      ]);
    const set = '[[set]]\nidentifier = "polite"\ndescription = ""\npermissions = ["allow-say-hi"]\n';
    const files = {
      ...Object.fromEntries([...outside('a'), ...outside('b')]),
      'plugins/hello/permissions/default.toml': set,
    };
    const path = 'plugins/hello/permissions/default.toml';
    for (const app of ['a', 'b']) {
      files[`${app}/src-tauri/capabilities/default.json`] =
        '{ "identifier": "default", "windows": ["*"], "permissions": ["hello:polite"] }';
    }
    const { texts } = await rename(withCursor(path, 'polite', 1, files), path, 'kind');
    expect(Object.keys(texts).toSorted()).toEqual([
      'a/src-tauri/capabilities/default.json',
      'b/src-tauri/capabilities/default.json',
      path,
    ]);
  });

  test('of the app is renamed in no plugin that has one of the same name', async () => {
    const path = 'src-tauri/src/lib.rs';
    const { texts } = await rename(withCursor(path, 'say_hi()', 1, PLUGIN), path, 'greet_me');
    expect(Object.keys(texts).toSorted()).toEqual([
      'src-tauri/build.rs',
      'src-tauri/capabilities/default.json',
      'src-tauri/src/lib.rs',
    ]);
    expect(texts['src-tauri/capabilities/default.json']).toContain('"hello:allow-say-hi", "allow-greet-me"');
  });

  test.each([
    ['a constant', 'const NAMES: &[&str] = &["greet"];\nfn main() { AppManifest::new().commands(NAMES); }\n'],
    ['a variable', 'fn main() {\n    let names = ["greet"]; AppManifest::new().commands(&names); }\n'],
    ['a list that is made', 'fn main() {\n    AppManifest::new().commands(&vec!["greet".into()].leak()); }\n'],
  ])('is renamed in a build script that has it in %s', async (_, build) => {
    const files = withCursor('src/main.ts', "greet', {", 1, { ...NOTES, 'src-tauri/build.rs': build });
    const { texts, edit } = await rename(files, 'src/main.ts', 'say_hello', { edits: ASKS });
    expect(texts['src-tauri/build.rs']).toBe(build.replace('greet', 'say_hello'));
    expect(edit.changeAnnotations).toBe(undefined);
  });

  test('of a plugin that the app defines itself is renamed in the list of that plugin only', async () => {
    const build = `fn main() {
    let attributes = Attributes::new().app_manifest(AppManifest::new().commands(&["greet"]));
    let attributes = attributes.plugin("store", InlinedPlugin::new().commands(&["greet"]));
}
`;
    const files = withCursor('src/main.ts', "greet', {", 1, { ...NOTES, 'src-tauri/build.rs': build });
    const { texts } = await rename(files, 'src/main.ts', 'say_hello');
    expect(texts['src-tauri/build.rs']).toBe(build.replace('greet', 'say_hello'));
  });

  test('stays where a build script gets its commands from elsewhere, which is told', async () => {
    const build = 'fn main() {\n    AppManifest::new().commands(&names()); }\n';
    const files = withCursor('src/main.ts', "greet', {", 1, { ...NOTES, 'src-tauri/build.rs': build });
    const { texts, edit } = await rename(files, 'src/main.ts', 'say_hello', { edits: ASKS });
    expect(texts['src-tauri/build.rs']).toBe(undefined);
    expect(edit.changeAnnotations?.['left']?.description).toBe(
      'The commands at build.rs:2 cannot be read: "greet" stays if it is there.',
    );
  });

  test('of a macro that may mean something else, the user is asked', async () => {
    const lib = NOTES['src-tauri/src/lib.rs']?.replace('assert_eq!(super', 'check_it!(super') ?? '';
    const files = withCursor('src/main.ts', "greet', {", 1, { ...NOTES, 'src-tauri/src/lib.rs': lib });
    const asking = await rename(files, 'src/main.ts', 'say_hello', { edits: ASKS });
    expect(asking.texts['src-tauri/src/lib.rs']).toContain('check_it!(super::say_hello(');
    expect(JSON.stringify(asking.edit.documentChanges)).toContain('"annotationId":"uncertain"');
    expect(asking.edit.changeAnnotations?.['uncertain']?.needsConfirmation).toBe(true);
    const silent = await rename(files, 'src/main.ts', 'say_hello');
    expect(silent.texts['src-tauri/src/lib.rs']).toContain('check_it!(super::greet(');
  });
});

test('documents that are open are edited by their version', async () => {
  const { edit } = await rename(withCursor('src/main.ts', "greet', {"), 'src/main.ts', 'say_hello', { edits: ASKS });
  const versions = (edit.documentChanges ?? []).flatMap((change) =>
    'textDocument' in change ? [[change.textDocument.uri.split('/').at(-1), change.textDocument.version]] : [],
  );
  expect(versions).toContainEqual(['main.ts', 1]);
  expect(versions).toContainEqual(['lib.rs', null]);
});

test('what would be renamed is the name without quotes', async () => {
  expect(await prepare(withCursor('src/main.ts', "greet', {"), 'src/main.ts')).toEqual({
    range: { start: { line: 3, character: 24 }, end: { line: 3, character: 29 } },
    placeholder: 'greet',
  });
  expect(await prepare(withCursor('src/main.ts', 'start'), 'src/main.ts')).toBe(null);
});

describe('an event', () => {
  test('is renamed wherever it is emitted or listened to, also in constants; patterns stay, and are told', async () => {
    const { texts, edit } = await rename(
      withCursor('src/Notes.svelte', 'note-added', 1, ALL),
      'src/Notes.svelte',
      'note/new',
      {
        edits: ASKS,
      },
    );
    expect(changed(texts, ALL)).toEqual({
      'src-ipc/main.ts': ["  await app.emit('note/new', firstName);"],
      'src-tauri/src/events.rs': ['pub const NOTE_ADDED: &str = "note/new";'],
      'src/Notes.svelte': ["listen('note/new', () => invoke('greet', { firstName: 'Ada' }));"],
      'src/names.ts': ["export const Events = { added: 'note/new' } as const;"],
    });
    expect(edit.changeAnnotations?.['left']?.description).toMatch(
      /at windows.ts:7 stands for other names, too, and stays/,
    );
  });

  test('that is put together in Rust or in TypeScript stays there, and is told', async () => {
    const files = {
      ...NOTES,
      'src-tauri/src/tick.rs': 'use tauri::Emitter;\nfn f(app: AppHandle) { app.emit(concat!("ti", "ck"), 4); }\n',
      'src/tick.ts': "import { emit, listen } from '@tauri-apps/api/event';\nlisten('tick', f);\nemit('ti' + 'ck');\n",
    };
    const { texts, edit } = await rename(withCursor('src/tick.ts', "tick'", 1, files), 'src/tick.ts', 'tock', {
      edits: ASKS,
    });
    expect(changed(texts, files)).toEqual({ 'src/tick.ts': ["listen('tock', f);"] });
    expect(edit.changeAnnotations?.['left']?.description).toBe(
      'The name at tick.rs:2 is put together, and stays. The name at tick.ts:3 is put together, and stays.',
    );
  });

  test('with a name that is made at run time, or that is no name, is refused', async () => {
    await expect(prepare(withCursor('src/windows.ts', 'note-$', 1, ALL), 'src/windows.ts')).rejects.toThrow(
      'The name of this event is made at run time.',
    );
    const files = withCursor('src/Notes.svelte', 'note-added', 1, ALL);
    await expect(rename(files, 'src/Notes.svelte', 'note added')).rejects.toThrow(
      '"note added" is no name for an event',
    );
  });

  test('of Tauri itself is refused', async () => {
    const path = 'src/theme.ts';
    const text = "import { listen } from '@tauri-apps/api/event';\nlisten('tauri://theme-changed', () => {});\n";
    await expect(prepare(withCursor(path, 'tauri:', 1, { ...ALL, [path]: text }), path)).rejects.toThrow(
      '"tauri://theme-changed" is an event of Tauri itself.',
    );
  });
});

describe('a window', () => {
  test('that code makes is renamed in code', async () => {
    const { texts } = await rename(withCursor('src/windows.ts', "second')", 1, ALL), 'src/windows.ts', 'other');
    expect(changed(texts, ALL)).toEqual({
      'src-tauri/src/events.rs': ['const LABEL: &str = "other";'],
      'src/windows.ts': [
        "  const window = new WebviewWindow('other', { url: 'second.html' });",
        "  emitTo('other', `note-${id}`, id);",
        "  return WebviewWindow.getByLabel('other');",
      ],
    });
  });

  test('is renamed where code on both sides compares its label', async () => {
    const files = {
      ...NOTES,
      'src-tauri/src/labels.rs': `fn f(window: Window) { match window.label() { "settings" => 1, _ => 2 } }
fn g(app: AppHandle) { app.webview_windows().get("settings"); }
`,
      'src/labels.ts': `import { getCurrentWebviewWindow } from '@tauri-apps/api/webviewWindow';
if (getCurrentWebviewWindow().label === 'settings') f();
switch (getCurrentWebviewWindow().label) { case 'settings': f(); }
`,
    };
    const path = 'src-tauri/tauri.conf.json';
    const { texts } = await rename(withCursor(path, 'settings', 1, files), path, 'options');
    for (const each of ['src-tauri/src/labels.rs', 'src/labels.ts'] as const) {
      expect(texts[each]).toBe(files[each].replaceAll('settings', 'options'));
    }
  });

  test('with a label that code puts together stays there, and is told', async () => {
    const files = {
      ...NOTES,
      'src-tauri/src/labels.rs': 'fn g(app: AppHandle) { app.get_webview_window(concat!("set", "tings")); }\n',
      'src/labels.ts':
        "import { WebviewWindow } from '@tauri-apps/api/webviewWindow';\nnew WebviewWindow('set' + 'tings');\n",
    };
    const path = 'src-tauri/tauri.conf.json';
    const { edit } = await rename(withCursor(path, 'settings', 1, files), path, 'options', { edits: ASKS });
    expect(edit.changeAnnotations?.['left']?.description).toBe(
      'The name at labels.ts:2 is put together, and stays. The name at labels.rs:1 is put together, and stays.',
    );
  });

  test('is renamed in the configurations of all platforms and in capabilities; globs stay, and are told', async () => {
    const files = withCursor('src-tauri/tauri.conf.json', 'main-2');
    const { texts, edit } = await rename(files, 'src-tauri/tauri.conf.json', 'second', { edits: ASKS });
    expect(changed(texts)).toEqual({
      'src-tauri/tauri.conf.json': [
        '    "windows": [{ "label": "main" }, { "label": "second", "parent": "main" }, { "label": "settings" }],',
      ],
    });
    expect(edit.changeAnnotations?.['left']).toEqual({
      label: 'Something stays as it is',
      needsConfirmation: true,
      description: '"main-*" at default.json:3 stands for other names, too, and stays.',
    });
    const main = await rename(
      withCursor('src-tauri/capabilities/default.json', 'main"'),
      'src-tauri/capabilities/default.json',
      'first',
    );
    expect(changed(main.texts)).toEqual({
      'src-tauri/tauri.conf.json': [
        '    "windows": [{ "label": "first" }, { "label": "main-2", "parent": "first" }, { "label": "settings" }],',
      ],
      'src-tauri/tauri.windows.conf.json': ['{ "app": { "windows": [{ "label": "first" }] } }'],
      'src-tauri/capabilities/default.json': ['  "windows": ["first", "main-*"],'],
    });
  });

  test('a glob, and a label that is taken, are refused', async () => {
    const capability = 'src-tauri/capabilities/default.json';
    await expect(prepare(withCursor(capability, 'main-*'), capability)).rejects.toThrow(
      '"main-*" stands for all windows with labels like it.',
    );
    await expect(rename(withCursor(capability, 'main"'), capability, 'settings')).rejects.toThrow(
      'There is a window "settings" already, at tauri.conf.json:5.',
    );
    await expect(rename(withCursor(capability, 'main"'), capability, 'a.b')).rejects.toThrow('"a.b" is no label');
  });
});

describe('permissions and capabilities', () => {
  test('a set is renamed where it is defined and in all capabilities', async () => {
    const path = 'src-tauri/capabilities/default.json';
    const { texts } = await rename(withCursor(path, 'notes-read'), path, 'reading');
    expect(changed(texts)).toEqual({
      'src-tauri/permissions/notes.toml': ['identifier = "reading"'],
      'src-tauri/capabilities/default.json': [
        '  "permissions": ["core:default", "allow-greet", { "identifier": "reading" }]',
      ],
      'src-tauri/capabilities/reader.toml': ['permissions = ["deny-greet", "reading"]'],
    });
  });

  test('a permission is renamed in the handlers that ask for it', async () => {
    const { texts } = await rename(withCursor('src-ipc/main.ts', 'notes-read', 1, ALL), 'src-ipc/main.ts', 'reading');
    expect(changed(texts, ALL)['src-ipc/main.ts']).toEqual([
      "const find = command('find_notes', { args: { searchText }, permissions: ['reading'] }, (args) => [args.searchText]);",
    ]);
    expect(Object.keys(texts)).toHaveLength(4);
  });

  test('a capability is renamed in its file and in the configuration', async () => {
    const path = 'src-tauri/capabilities/reader.toml';
    const { texts } = await rename(withCursor(path, 'reader'), path, 'settings-reader');
    expect(changed(texts)).toEqual({
      'src-tauri/tauri.conf.json': ['    "security": { "capabilities": ["default", "settings-reader"] }'],
      'src-tauri/capabilities/reader.toml': ['identifier = "settings-reader"'],
    });
  });

  test('what the build generates, what plugins have and the default set are refused', async () => {
    const reader = 'src-tauri/capabilities/reader.toml';
    const capability = 'src-tauri/capabilities/default.json';
    await expect(prepare(withCursor(reader, 'deny-greet'), reader)).rejects.toThrow(
      '"deny-greet" is generated for the command "greet": rename that.',
    );
    await expect(prepare(withCursor(capability, 'core:default'), capability)).rejects.toThrow(
      '"default" is the name of the default set.',
    );
    await expect(rename(withCursor(capability, 'notes-read'), capability, 'a--')).rejects.toThrow(
      'identifiers cannot have a trailing hyphen',
    );
    await expect(rename(withCursor(capability, 'notes-read'), capability, 'allow-greet')).rejects.toThrow(
      'There is a permission "allow-greet" already, at notes.toml:3.',
    );
  });
});

describe('an argument', () => {
  const texts = async (path: string, text: string, newName: string, files = NOTES) =>
    changed((await rename(withCursor(path, text, 1, files), path, newName)).texts, files);

  test('is renamed in its function, where that uses it, and in all calls', async () => {
    expect(await texts('src/main.ts', "firstName: 'Ada'", 'givenName')).toEqual({
      'src-tauri/src/lib.rs': ['fn greet(given_name: String) -> String {', '    format!("Hello, {given_name}!")'],
      'src/main.ts': [
        "  await invoke<string>('greet', { givenName: 'Ada' });",
        '  await invoke<string>("greet", { givenName: firstName });',
      ],
    });
  });

  test('is renamed in handlers, which go on with the variables that they have', async () => {
    expect((await texts('src/Notes.svelte', "firstName: 'Bob'", 'givenName', ALL))['src-ipc/main.ts']).toEqual([
      "const greet = command('greet', { args: { givenName: z.string() } }, async ({ givenName: firstName }, { app }) => {",
    ]);
    expect((await texts('src/main.ts', 'searchText', 'text', ALL))['src-ipc/main.ts']).toEqual([
      "const find = command('find_notes', { args: { text: searchText }, permissions: ['notes-read'] }, (args) => [args.text]);",
    ]);
  });

  test('is renamed with a comment behind its key, and in brackets', async () => {
    const head = "import { invoke } from '@tauri-apps/api/core';\n";
    for (const [written, wanted] of [
      ['{ firstName /* who */ : 1 }', '{ givenName /* who */ : 1 }'],
      ['{ firstName // who\n: 1 }', '{ givenName // who'],
      ["{ ['firstName']: 1 }", "{ ['givenName']: 1 }"],
      ['{ firstName /* who */ }', '{ givenName: firstName /* who */ }'],
    ] as const) {
      const main = `${head}invoke('greet', { firstName: 1 });\ninvoke('greet', ${written});\n`;
      const files = { ...NOTES, 'src/main.ts': main };
      const [, line] = (await texts('src/main.ts', 'firstName', 'givenName', files))['src/main.ts'] ?? [];
      expect(line).toContain(`invoke('greet', ${wanted}`);
    }
    const backend = (ALL['src-ipc/main.ts'] ?? '').replace('firstName: z', "['firstName'] /* who */: z");
    const files = { ...ALL, 'src-ipc/main.ts': backend };
    expect((await texts('src/Notes.svelte', "firstName: 'Bob'", 'givenName', files))['src-ipc/main.ts']).toEqual([
      "const greet = command('greet', { args: { ['givenName'] /* who */: z.string() } }, async ({ givenName: firstName }, { app }) => {",
    ]);
  });

  test('is renamed from Rust by the name that it has there', async () => {
    const path = 'src-tauri/src/lib.rs';
    const files = withCursor(path, 'first_name: String');
    expect((await prepare(files, path))?.placeholder).toBe('first_name');
    const there = await rename(files, path, 'given_name');
    expect(there.texts).toEqual(
      (await rename(withCursor('src/main.ts', "firstName: 'Ada'"), 'src/main.ts', 'givenName')).texts,
    );
    await expect(rename(files, path, 'given name')).rejects.toThrow('"given name" is no name of Rust.');
  });

  test('has a name that Tauri can make of one in Rust', async () => {
    const files = withCursor('src/main.ts', "firstName: 'Ada'");
    await expect(rename(files, 'src/main.ts', 'given_name')).rejects.toThrow(
      'Tauri makes "givenName" of a parameter "given_name": "given_name" cannot be the name of one.',
    );
    await expect(rename(files, 'src/main.ts', 'a-b')).rejects.toThrow('"a-b" is no name for an argument.');
    await expect(rename(files, 'src/main.ts', 'type')).rejects.toThrow('"type" is a keyword of Rust.');
  });

  test('keeps its underscore in Rust, and its case where the command says so', async () => {
    const underscore = {
      ...NOTES,
      'src-tauri/src/lib.rs': (NOTES['src-tauri/src/lib.rs'] ?? '').replaceAll('first_name', '_first_name'),
    };
    expect((await texts('src/main.ts', "firstName: 'Ada'", 'name', underscore))['src-tauri/src/lib.rs']).toEqual([
      'fn greet(_name: String) -> String {',
      '    format!("Hello, {_name}!")',
    ]);
    const snake = {
      ...NOTES,
      'src-tauri/src/lib.rs': (NOTES['src-tauri/src/lib.rs'] ?? '').replace(
        '#[tauri::command]',
        '#[tauri::command(rename_all = "snake_case")]',
      ),
      'src/main.ts': "import { invoke } from '@tauri-apps/api/core';\ninvoke('greet', { first_name: 'Ada' });\n",
    };
    expect(await texts('src/main.ts', 'first_name', 'given_name', snake)).toEqual({
      'src-tauri/src/lib.rs': ['fn greet(given_name: String) -> String {', '    format!("Hello, {given_name}!")'],
      'src/main.ts': ["invoke('greet', { given_name: 'Ada' });"],
    });
  });

  test('is refused where the function has the name already', async () => {
    const lib = (NOTES['src-tauri/src/lib.rs'] ?? '').replace('    format!', '    let given_name = 1;\n    format!');
    const files = withCursor('src/main.ts', "firstName: 'Ada'", 1, { ...NOTES, 'src-tauri/src/lib.rs': lib });
    await expect(rename(files, 'src/main.ts', 'givenName')).rejects.toThrow(
      '"given_name" is the name of something else in the function of "firstName" at lib.rs:5.',
    );
  });

  test('is left to TypeScript where its name is that of a variable, too', async () => {
    await expect(prepare(withCursor('src/main.ts', 'firstName });'), 'src/main.ts')).rejects.toThrow(
      `Here "firstName" is a variable's name, too: rename the argument where only its key stands.`,
    );
  });

  test('that calls may give where it cannot be seen is told', async () => {
    const main =
      "import { invoke } from '@tauri-apps/api/core';\ninvoke('greet', { firstName: 1 });\ninvoke('greet', all);\n";
    const files = withCursor('src/main.ts', 'firstName', 1, { ...NOTES, 'src/main.ts': main });
    const { edit } = await rename(files, 'src/main.ts', 'name', { edits: ASKS });
    expect(edit.changeAnnotations?.['left']?.description).toBe(
      'The call at main.ts:3 may give "firstName" where it cannot be seen.',
    );
  });
});

test('whatever is renamed there and back, wherever one asks, all texts are what they were', async () => {
  await using client = await TestClient.start(ALL);
  const asked: string[] = [];
  for (const [path, text] of Object.entries(ALL)) {
    for (const { index, 0: word } of text.matchAll(/[\w-]+/g)) {
      const old = await renameAt(client, path, text, index, (name) => `${name}${name.includes('_') ? '_x' : 'X'}`);
      if (!old) continue;
      asked.push(`${path} ${word}`);
      const there = { ...ALL, ...old.texts };
      for (const [file, changed] of Object.entries(old.texts)) await client.write(file, changed);
      const now = there[path] ?? '';
      const line = text.slice(0, index).split('\n').length;
      const before = now
        .split('\n')
        .slice(0, line - 1)
        .join('\n').length;
      const at = now.indexOf(old.newName, line === 1 ? 0 : before + 1);
      const back = await renameAt(client, path, now, at, () => old.placeholder);
      expect({ ...there, ...back?.texts }, `${path}: ${word}`).toEqual(ALL);
      for (const file of Object.keys(old.texts)) await client.write(file, ALL[file]);
    }
  }
  expect(asked.length).toBeGreaterThan(50);
});

describe('a text that names more than one thing', () => {
  const LEFT = (edit: WorkspaceEdit) => edit.changeAnnotations?.['left']?.description;
  const withMain = (main: string, more: Readonly<Record<string, string>> = {}) => ({
    ...NOTES,
    'src-tauri/src/notes.rs': `use tauri::Emitter;
#[tauri::command]
fn one(id: u8, app: AppHandle) { app.emit("greet", id); }
#[tauri::command]
fn two(id: u8) {}
`,
    'src/main.ts': `import { invoke } from '@tauri-apps/api/core';\nimport { listen } from '@tauri-apps/api/event';\n${main}`,
    ...more,
  });
  const notes = 'src-tauri/src/notes.rs';

  test('as a key of two commands stays, and is told', async () => {
    const files = withMain(`const args = { id: 4 };
invoke('one', args); invoke('two', args);
invoke(c ? 'one' : 'two', { id: 1 });
invoke('one', { id: 2 });
`);
    const { texts, edit } = await rename(withCursor(notes, 'id: u8', 1, files), notes, 'user_id', { edits: ASKS });
    expect(changed(texts, files)).toEqual({
      [notes]: ['fn one(user_id: u8, app: AppHandle) { app.emit("greet", user_id); }'],
      'src/main.ts': ["invoke('one', { userId: 2 });"],
    });
    expect(LEFT(edit)).toBe(
      'The name at main.ts:3 is that of an argument of "two", too, and stays. ' +
        'The name at main.ts:5 is that of an argument of "two", too, and stays.',
    );
    await expect(prepare(withCursor('src/main.ts', 'id: 4', 1, files), 'src/main.ts')).rejects.toThrow(
      '"id" is the name of an argument of "two" here, too: rename it where it is not.',
    );
  });

  test('as a key in the schema of two handlers cannot be renamed', async () => {
    const files = withMain("invoke('three', { id: 1 });\n", {
      'src-ipc/main.ts': `import { app, command } from 'ipc-workbench';
const args = { id: z.string() };
export default app({ commands: [command('three', { args }, f), command('four', { args }, f)] });
`,
    });
    await expect(rename(withCursor('src/main.ts', 'id: 1', 1, files), 'src/main.ts', 'userId')).rejects.toThrow(
      'The "id" at main.ts:2 is an argument of "four", too: give each its own first.',
    );
  });

  test('as a command and as an event stays, and is told', async () => {
    const files = withMain(`const NAME = 'greet';
invoke(NAME); listen(NAME, f);
invoke('greet');
`);
    const command = await rename(withCursor('src/main.ts', "greet');", 1, files), 'src/main.ts', 'hello', {
      edits: ASKS,
    });
    expect(changed(command.texts, files)['src/main.ts']).toEqual(["invoke('hello');"]);
    expect(LEFT(command.edit)).toBe('The name at main.ts:3 is that of the event "greet", too, and stays.');
    const event = await rename(withCursor(notes, 'greet"', 1, files), notes, 'greeted', { edits: ASKS });
    expect(changed(event.texts, files)).toEqual({
      [notes]: ['fn one(id: u8, app: AppHandle) { app.emit("greeted", id); }'],
    });
    expect(LEFT(event.edit)).toBe('The name at main.ts:3 is that of the command "greet", too, and stays.');
    await expect(prepare(withCursor('src/main.ts', "greet';", 1, files), 'src/main.ts')).rejects.toThrow(
      /^"greet" is the name of the \w+ "greet" here, too: rename it where it is not.$/,
    );
  });
});

describe('what several apps share', () => {
  const app = (name: string) => ({
    [`${name}/package.json`]: '{}',
    [`${name}/src-tauri/tauri.conf.json`]: `{ "identifier": "com.example.${name}" }`,
    [`${name}/src-tauri/Cargo.toml`]: `[package]\nname = "${name}"\n[dependencies]\nshared = { path = "../../shared" }\n`,
    [`${name}/src-tauri/src/lib.rs`]: 'fn run() { tauri::generate_handler![shared::greet]; }\n',
    [`${name}/src/${name}.ts`]: `import { invoke } from '@tauri-apps/api/core';\ninvoke('greet', { name: 1 });\n`,
  });
  const files = {
    ...app('a'),
    ...app('b'),
    'shared/Cargo.toml': '[package]\nname = "shared"\n',
    'shared/src/lib.rs': `use tauri::Emitter;
#[tauri::command]
pub fn greet(name: u8, app: AppHandle) { app.emit("greeted", name); }
`,
    'b/src/events.ts': "import { listen } from '@tauri-apps/api/event';\nlisten('greeted', f);\n",
    'a/src/events.ts': "import { listen } from '@tauri-apps/api/event';\nlisten('greeted', f);\n",
  };

  test('is renamed in all of them: a command', async () => {
    const { texts } = await rename(withCursor('a/src/a.ts', "greet'", 1, files), 'a/src/a.ts', 'hello');
    expect(changed(texts, files)).toEqual({
      'a/src-tauri/src/lib.rs': ['fn run() { tauri::generate_handler![shared::hello]; }'],
      'a/src/a.ts': ["invoke('hello', { name: 1 });"],
      'b/src-tauri/src/lib.rs': ['fn run() { tauri::generate_handler![shared::hello]; }'],
      'b/src/b.ts': ["invoke('hello', { name: 1 });"],
      'shared/src/lib.rs': ['pub fn hello(name: u8, app: AppHandle) { app.emit("greeted", name); }'],
    });
  });

  test('is renamed in all of them: an argument, also where Rust has another name for it', async () => {
    const { texts } = await rename(withCursor('a/src/a.ts', 'name:', 1, files), 'a/src/a.ts', 'firstName');
    expect(changed(texts, files)).toEqual({
      'a/src/a.ts': ["invoke('greet', { firstName: 1 });"],
      'b/src/b.ts': ["invoke('greet', { firstName: 1 });"],
      'shared/src/lib.rs': ['pub fn greet(first_name: u8, app: AppHandle) { app.emit("greeted", first_name); }'],
    });
  });

  test('is renamed in all of them: an event', async () => {
    const { texts } = await rename(withCursor('b/src/events.ts', 'greeted', 1, files), 'b/src/events.ts', 'welcomed');
    expect(Object.keys(texts).toSorted()).toEqual(['a/src/events.ts', 'b/src/events.ts', 'shared/src/lib.rs']);
  });

  test('is renamed in none where the name is taken in one of them', async () => {
    const taken = { ...files, 'b/src-tauri/src/other.rs': '#[tauri::command]\nfn hello() {}\n' };
    await expect(rename(withCursor('a/src/a.ts', "greet'", 1, taken), 'a/src/a.ts', 'hello')).rejects.toThrow(
      'There is a command "hello" already, at other.rs:2.',
    );
  });
});

/** Renames what is at an offset of a file; undefined where nothing is. */
async function renameAt(
  client: TestClient,
  path: string,
  text: string,
  offset: number,
  nameOf: (placeholder: string) => string,
) {
  const position = TextDocument.create('', '', 0, text).positionAt(offset);
  const at = { textDocument: { uri: client.uri(path) }, position };
  const prepared = await client
    .request<{ placeholder: string } | null>('textDocument/prepareRename', at)
    .catch(() => null);
  if (!prepared) return undefined;
  const { placeholder } = prepared;
  const newName = nameOf(placeholder);
  const edit = await client.request<WorkspaceEdit>('textDocument/rename', { ...at, newName });
  return { placeholder, newName, texts: client.edited(edit) };
}

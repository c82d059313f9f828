/** Commands, registrations and types in Rust files of many styles (test/fixtures/rust). */
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import type { RustIndex, RustReader } from '#server/rust/index.ts';
import { lowerCamelCase, renameField, renameVariant, snakeCase } from '#server/rust/names.ts';
import { indexFrom, indexOf, rustReader } from './rust-fixtures.ts';

let reader: RustReader;
let app: RustIndex;

beforeAll(async () => {
  reader = await rustReader();
  app = indexOf(reader, 'app');
});
afterAll(() => reader.dispose());

describe('commands', () => {
  test('every form of attribute, module and macro is found; traps and comments are not', () => {
    expect(app.commands.map(({ name }) => name).sort()).toEqual([
      'accepts_everything',
      'by_macro_braces',
      'dock_badge',
      'echo_shapes',
      'echo_tree',
      'greet',
      'list_notes',
      'only_desktop',
      'plugin:notes-store|get',
      'plugin:notes-store|set',
      'read_bytes',
      'rename_note',
      'save_note',
      'upload',
      'watch',
    ]);
  });

  test('what no list registers is told apart, and so is what a list has and no function is', () => {
    expect(app.unregistered.map(({ name, registered }) => [name, registered])).toEqual([['forgotten', false]]);
    expect(app.missing.map(({ path, line }) => [path.join('::'), line])).toEqual([['generated::get_first', 55]]);
    expect(app.macros.map(({ file, line }) => [file, line])).toEqual([['src-tauri/src/generated.rs', 1]]);
  });

  test('a command knows its place, its words and its module', () => {
    expect(app.find('greet')).toMatchObject({
      rustName: 'greet',
      file: 'src-tauri/src/lib.rs',
      line: 15,
      column: 4,
      endLine: 17,
      isAsync: false,
      doc: 'Says hello.\n\nCalled by the first page.',
      signature: 'fn greet(name: &str) -> String',
      module: [],
      fails: false,
      returns: { text: 'String' },
    });
    expect(app.find('only_desktop')?.module).toEqual(['commands', 'files', 'nested', 'deeper']);
    expect(app.find('by_macro_braces')).toMatchObject({ line: 14, column: 12 });
    expect(app.find('list_notes')).toMatchObject({ isAsync: true, fails: true, returns: { text: 'Page<Entry>' } });
    expect(app.find('rename_note')).toMatchObject({ signature: expect.stringContaining('mut r#type: String) ->') });
  });

  test('both functions of a command that each platform has are definitions of it', () => {
    expect(app.definitions('dock_badge').map(({ line }) => line)).toEqual([27, 31]);
  });

  test('arguments have the keys that a page sends, and are told apart from what is injected', () => {
    const args = (name: string) => app.find(name)?.args.map(({ key, kind }) => `${key}: ${kind}`);
    expect(args('list_notes')).toEqual(['db: injected', 'pageSize: value', 'searchText: value']);
    expect(args('rename_note')).toEqual(['app: injected', 'noteId: value', 'type: value']);
    expect(args('save_note')).toEqual(['note_entry: value', 'window: injected']);
    expect(args('watch')).toEqual(['webview: injected', 'paths: value', 'onEvent: channel', 'raw: channel']);
    expect(args('upload')).toEqual(['request: raw request']);
    expect(args('accepts_everything')).toEqual([
      'session: injected', // has an impl of CommandArg
      'state: value', // a struct of the app, not Tauri's State
      'theirs: unknown',
      'point: value',
      'generic: unknown',
      'fn: unknown',
      ': value',
    ]);
  });

  test('a file knows by itself what it can', () => {
    const file = reader.read(
      'src/lib.rs',
      'use tauri::State;\n#[tauri::command]\nfn a(state: State<u8>, n: Vec<u8>) {}',
    );
    expect(file.commands[0]?.args.map(({ kind }) => kind)).toEqual(['injected', 'value']);
  });

  test('a command may have another name, and an attribute that only some builds have', () => {
    const { commands } = reader.read(
      'src/lib.rs',
      `#[tauri::command(rename = "queryUsage", rename_all = "snake_case")] fn query_usage(userId: u8) {}
       #[cfg_attr(feature = "app", tauri::command)] pub fn shared() {}`,
    );
    expect(commands.map(({ name, args }) => [name, ...args.map(({ key }) => key)])).toEqual([
      ['queryUsage', 'user_id'],
      ['shared'],
    ]);
  });
});

describe('registration', () => {
  const body = (list: string, more = '') => ({
    'src/lib.rs': `mod a; mod b; ${more} fn run() { tauri::Builder::default().invoke_handler(${list}) }`,
    'src/a.rs': '#[tauri::command] pub fn same() {} #[tauri::command] pub fn only_a() {}',
    'src/b.rs': '#[tauri::command] pub fn same() {}',
  });

  test('a path says which of two functions of one name is meant', () => {
    const index = indexFrom(reader, body('tauri::generate_handler![b::same]'));
    expect(index.commands.map(({ file }) => file)).toEqual(['src/b.rs']);
    expect(index.unregistered.map(({ file }) => file)).toEqual(['src/a.rs', 'src/a.rs']);
    const imported = indexFrom(reader, body('tauri::generate_handler![other]', 'use a::same as other;'));
    expect(imported.find('same')?.file).toBe('src/a.rs');
  });

  test('without a list every command counts, and also where a macro fills the list', () => {
    expect(indexFrom(reader, { 'src/a.rs': body('')['src/a.rs'] }).unregistered).toEqual([]);
    const macro = 'macro_rules! list { ($($name:ident),*) => { tauri::generate_handler![$($name),*] } }';
    expect(indexFrom(reader, body('list!(only_a)', macro)).unregistered).toEqual([]);
  });

  test('specta collects commands, and names the plugin', () => {
    const index = indexFrom(reader, {
      'crates/x/src/lib.rs': `const PLUGIN: &str = "x-store"; #[tauri::command] fn get() {}
        fn specta() -> tauri_specta::Builder<tauri::Wry> {
          tauri_specta::Builder::<tauri::Wry>::new().plugin_name(PLUGIN).commands(tauri_specta::collect_commands![get::<tauri::Wry>])
        }`,
    });
    expect(index.commands.map(({ name }) => name)).toEqual(['plugin:x-store|get']);
  });

  test('a builder in a variable, and a name that Cargo knows', () => {
    const index = indexFrom(reader, {
      'crates/tauri-plugin-y/src/lib.rs': `#[tauri::command] fn get() {}
        pub fn init<R: Runtime>() -> TauriPlugin<R> {
          let mut builder = plugin::Builder::<R, ()>::new(env!("CARGO_PKG_NAME"));
          builder = builder.invoke_handler(tauri::generate_handler![get]);
          builder.build()
        }`,
    });
    index.setManifest('crates/tauri-plugin-y/Cargo.toml', '[package]\nname = "tauri-plugin-y"\n');
    expect(index.commands.map(({ name }) => name)).toEqual(['plugin:tauri-plugin-y|get']);
  });

  test('a file that changes or goes takes its commands along', () => {
    const index = indexFrom(reader, body('tauri::generate_handler![a::same, a::only_a]'));
    expect(index.commands).toHaveLength(2);
    index.set(reader.read('src/a.rs', '#[tauri::command] pub fn same() {}'));
    expect(index.commands).toHaveLength(1);
    expect(index.missing.map(({ path }) => path.at(-1))).toEqual(['only_a']);
    index.delete('src/a.rs');
    expect(index.find('same')?.file).not.toBe('src/a.rs');
  });
});

test('events are found by literals and constants', () => {
  const { events } = reader.read(
    'src/lib.rs',
    `const DONE: &str = "download:done";
     fn f() { app.emit("progress", 1)?; window.emit_to("main", DONE, ()); let x = emit("no"); app.emit(&format!("{}", x), 1); }`,
  );
  expect(events.map(({ name, nameAt }) => [name, nameAt.start])).toEqual([
    [
      { kind: 'text', text: 'progress', literal: expect.anything() },
      { line: 1, character: 24 },
    ],
    [
      { kind: 'constant', path: ['DONE'] },
      { line: 1, character: 63 },
    ],
  ]);
});

test('names change as heck and serde change them', () => {
  const camel = {
    user_id: 'userId',
    a_b_c: 'aBC',
    some_HTTP_thing: 'someHttpThing',
    n8n_url: 'n8nUrl',
    id_: 'id',
    _unused: 'unused',
    x1_y2: 'x1Y2',
    get2nd_item: 'get2ndItem',
    XMLHttpRequest: 'xmlHttpRequest',
    utf_8: 'utf8',
    _: '',
  };
  expect(Object.fromEntries(Object.keys(camel).map((name) => [name, lowerCamelCase(name)]))).toEqual(camel);
  expect(['HTTPServer', 'x1Y2', 'userId'].map(snakeCase)).toEqual(['http_server', 'x1_y2', 'user_id']);
  expect(
    ['camelCase', 'PascalCase', 'kebab-case', 'SCREAMING_SNAKE_CASE', 'lowercase'].map((rule) =>
      renameField('max_2d_count', rule),
    ),
  ).toEqual(['max2dCount', 'Max2dCount', 'max-2d-count', 'MAX_2D_COUNT', 'max_2d_count']);
  expect(
    ['camelCase', 'snake_case', 'kebab-case', 'UPPERCASE', 'lowercase', 'SCREAMING-KEBAB-CASE'].map((rule) =>
      renameVariant('HTTPGet', rule),
    ),
  ).toEqual(['hTTPGet', 'h_t_t_p_get', 'h-t-t-p-get', 'HTTPGET', 'httpget', 'H-T-T-P-GET']);
});

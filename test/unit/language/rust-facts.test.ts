/** What Rust code says, as features speak of it: commands with their places and their types in TypeScript. */
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import type { RustReader } from '#server/rust/index.ts';
import { rustReader } from '../rust/rust-fixtures.ts';
import { factsOf } from './rust-texts.ts';

let reader: RustReader;
beforeAll(async () => {
  reader = await rustReader();
});
afterAll(() => reader.dispose());

const definitionsIn = (files: Parameters<typeof factsOf>[1]) => factsOf(reader, files);

const command = (parameters: string, result = '') => `#[tauri::command] fn f(${parameters}) ${result} {}`;

describe('places of a command', () => {
  const NOTES = `//! Notes.
/* not the command's */ use tauri::State;

// no doc comment
/// Saves a 🦀 note.
#[tauri::command(rename = "save-note", rename_all = "snake_case")]
#[specta::specta]
pub async fn r#save(state: State<'_, Db>, mut note_id: u32, #[allow(unused)] Point { x, y }: Point) -> Result<(), String> {
    Ok(())
}
`;

  test('are exact: the name, the string with its other name, all of it with its attributes, and each argument', () => {
    const { get, text } = definitionsIn(NOTES);
    const save = get('save-note');
    expect(text(save.at)).toBe('r#save');
    expect(text(save.literal)).toBe('save-note');
    expect(text(save.whole)?.startsWith('/// Saves a 🦀 note.')).toBe(true);
    expect(text(save.whole)?.endsWith('Ok(())\n}')).toBe(true);
    expect(save.parameters.map(({ key, at }) => [key, text(at)])).toEqual([
      ['note_id', 'note_id'],
      ['point', 'Point { x, y }'],
    ]);
  });

  test('a name that a constant gives has no string', () => {
    const { get } = definitionsIn('#[tauri::command] fn plain() {}');
    expect(get('plain').literal).toBeUndefined();
  });

  test('inside of a macro are those in the file', () => {
    const { get, text } = definitionsIn(`cfg_if! {
    /// é
    #[tauri::command]
    fn hidden(first_name: String) {}
}`);
    const hidden = get('hidden');
    expect([text(hidden.at), text(hidden.parameters[0]?.at)]).toEqual(['hidden', 'first_name']);
    expect(text(hidden.whole)?.startsWith('/// é')).toBe(true);
  });

  test('where lists register it: the last segment of each item', () => {
    const files = {
      'src/lib.rs': `mod notes; use notes::list as list_notes;
        fn desktop() { tauri::Builder::default().invoke_handler(tauri::generate_handler![
          // notes::gone,
          notes::save::<tauri::Wry>, #[cfg(desktop)] crate::notes::save, list_notes,
        ]) }`,
      'src/notes.rs':
        '#[tauri::command] pub fn save() {} #[tauri::command] pub fn list() {} #[tauri::command] fn no() {}',
    };
    const { get, text } = definitionsIn(files);
    expect(get('save').registrations.map(text)).toEqual(['save', 'save']);
    expect(get('save').registrations.map(({ range }) => range.start.line)).toEqual([3, 3]);
    expect(get('list').registrations.map(text)).toEqual(['list_notes']);
    expect([get('no').registrations, get('no').isRegistered]).toEqual([[], false]);
  });
});

describe('types', () => {
  const typesOf = (parameters: string, result = '', more = '') => {
    const f = definitionsIn(`${more} ${command(parameters, result)}`).get('f');
    return {
      args: Object.fromEntries(f.parameters.map(({ key, type, isRequired }) => [key, [type, isRequired]])),
      isComplete: f.isComplete,
      returns: f.returns,
      error: f.error,
      types: Object.fromEntries(f.types.map(({ name, text }) => [name, text])),
    };
  };

  test('of what Rust and the standard library have', () => {
    const { args, isComplete } = typesOf(
      `a: &str, b: u64, c: bool, d: Vec<Option<String>>, e: HashMap<String, Vec<u8>>, f: (i32, f64), g: [u8; 4],
       h: Option<PathBuf>, i: serde_json::Value, j: Option<Vec<String>>, k: std::time::Duration`,
      '',
      'use std::collections::HashMap; use std::path::PathBuf;',
    );
    expect(args).toEqual({
      a: ['string', true],
      b: ['number', true],
      c: ['boolean', true],
      d: ['(string | null)[]', true],
      e: ['Record<string, number[]>', true],
      f: ['[number, number]', true],
      g: ['number[]', true],
      h: ['string | null', false],
      i: ['unknown', true],
      j: ['string[] | null', false],
      k: ['{ secs: number; nanos: number }', true],
    });
    expect(isComplete).toBe(true);
  });

  const MODELS = `use serde::{Deserialize, Serialize};
    #[derive(Serialize, Deserialize)] #[serde(rename_all = "camelCase")]
    pub struct Note { pub note_id: u32, title: Option<String>, #[serde(default)] tags: Vec<Tag>, parent: Option<Box<Note>> }
    #[derive(Serialize, Deserialize)] struct Tag { name: String, color: Color }
    #[derive(Serialize, Deserialize)] #[serde(rename_all = "lowercase")] enum Color { Red, Green }
    #[derive(Serialize, Deserialize)] struct Id(u32);
    #[derive(Serialize, Deserialize)] #[serde(tag = "type")] enum Shape { Circle { r: f64 }, Empty }
    #[derive(Serialize)] struct Page<T> { items: Vec<T>, next: Option<u32> }`;

  test('that are declared have their names, and what these stand for stands beside', () => {
    const { args, returns, types } = typesOf(
      'note: Note, id: Id, color: Color, shapes: Vec<Shape>',
      '-> Page<Note>',
      MODELS,
    );
    expect(args).toEqual({
      note: ['Note', true],
      id: ['number', true],
      color: ["'red' | 'green'", true],
      shapes: ["({ type: 'Circle'; r: number } | { type: 'Empty' })[]", true],
    });
    expect(returns).toBe('PageOfNote');
    expect(types).toEqual({
      Note: '{ noteId: number; title?: string | null; tags?: Tag[]; parent?: Note | null }',
      Tag: "{ name: string; color: 'red' | 'green' }",
      PageOfNote: '{ items: Note[]; next: number | null }',
    });
  });

  test('a type that only goes to the page has all of its members', () => {
    expect(typesOf('', '-> Note', MODELS).types.Note).toBe(
      '{ noteId: number; title: string | null; tags: Tag[]; parent: Note | null }',
    );
  });

  test.each([
    ['', 'void', undefined],
    ['-> Result<(), String>', 'void', 'string'],
    ['-> Result<Vec<Id>, Failure>', 'number[]', 'string'],
    ['-> tauri::Result<bool>', 'boolean', 'string'],
    ['-> CmdResult<Option<Tag>>', 'Tag | null', "{ kind: 'Io'; message: string } | { kind: 'Gone' }"],
    ["-> Result<String, &'static str>", 'string', 'string'],
    ['-> tauri::ipc::Response', 'ArrayBuffer', undefined],
    ['-> Result<Response, ()>', 'ArrayBuffer', 'null'],
    ['-> impl Future<Output = Result<u8, String>>', 'number', 'string'],
    ['-> Result<other_crate::Thing, String>', undefined, 'string'],
  ])('of a result %s', (declared, returns, error) => {
    const more = `${MODELS} use tauri::ipc::Response;
      type CmdResult<T, E = CmdError> = std::result::Result<T, E>;
      #[derive(Serialize)] #[serde(tag = "kind", content = "message")] enum CmdError { Io(String), Gone }
      #[derive(Debug, thiserror::Error)] enum Failure { #[error("no")] No }
      impl serde::Serialize for Failure {
        fn serialize<S: serde::Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> { serializer.serialize_str(&self.to_string()) }
      }`;
    const found = typesOf('', declared, more);
    expect([found.returns, found.error]).toEqual([returns, error]);
  });

  test('channels say what they send', () => {
    const { args } = typesOf(
      'a: Channel<Tag>, b: Channel, c: tauri::ipc::Channel<Response>, d: JavaScriptChannelId, e: Channel<&[u8]>',
      '',
      `${MODELS} use tauri::ipc::{Channel, JavaScriptChannelId, Response};`,
    );
    expect(args).toEqual({
      a: ['Channel<Tag>', true],
      b: ['Channel<unknown>', true],
      c: ['Channel<ArrayBuffer>', true],
      d: ['Channel<unknown>', true],
      e: ['Channel<number[]>', true],
    });
  });
});

describe('arguments that do not come from the page', () => {
  const INJECTED = `use tauri::{ipc::{CommandScope, GlobalScope, Request}, AppHandle, Manager, State, Window, Runtime};
    type DataState<'a> = State<'a, Mutex<Data>>;
    type MutableState<'a, T> = State<'a, Arc<RwLock<T>>>;
    pub struct EditorInstance(Arc<Editor>);
    impl<'de, R: Runtime> tauri::ipc::CommandArg<'de, R> for EditorInstance {
      fn from_command(command: CommandItem<'de, R>) -> Result<Self, InvokeError> { todo!() }
    }`;

  test('are no parameters, also by an alias or an own impl of CommandArg', () => {
    const { get } = definitionsIn(
      `${INJECTED} ${command(
        `app: AppHandle, window: tauri::WebviewWindow<R>, w: Window, state: DataState<'_>, other: MutableState<'_, App>,
       editor: EditorInstance, a: CommandScope<Entry>, b: GlobalScope<Entry>, id: u8`,
      )}`,
    );
    expect(get('f').parameters.map(({ key }) => key)).toEqual(['id']);
    expect(get('f').isComplete).toBe(true);
  });

  test('who reads the whole request may look at any key', () => {
    const { get } = definitionsIn(`${INJECTED} ${command("request: Request<'_>, id: u8")}`);
    expect(get('f').parameters.map(({ key }) => key)).toEqual(['id']);
    expect(get('f').isComplete).toBe(false);
  });

  test('what cannot be told is a parameter that may be none', () => {
    const { get } = definitionsIn(
      `struct Plain; ${command('a: theirs::Thing, b: Plain, c: impl Into<String>, d: T, _: u8')}`,
    );
    expect(get('f').isComplete).toBe(false);
    expect(get('f').parameters.map(({ key, type, isRequired }) => [key, type, isRequired])).toEqual([
      ['a', undefined, 'unknown'],
      ['b', undefined, 'unknown'],
      ['c', undefined, 'unknown'],
      ['d', undefined, 'unknown'],
    ]);
  });

  test('a type that is read by its own code may do without a value', () => {
    const { get } = definitionsIn(`#[derive(serde::Deserialize)] #[serde(transparent)] struct Maybe(Option<u8>);
      #[derive(serde::Deserialize)] #[serde(from = "Option<u8>")] struct From(u8);
      #[derive(serde::Deserialize)] struct Wrapped(Option<u8>);
      struct Own; impl<'de> serde::Deserialize<'de> for Own {}
      type Alias = Option<String>;
      ${command('maybe: Maybe, from: From, wrapped: Wrapped, own: Own, alias: Alias')}`);
    expect(get('f').parameters.map(({ key, isRequired }) => [key, isRequired])).toEqual([
      ['maybe', false],
      ['from', false],
      ['wrapped', true],
      ['own', 'unknown'],
      ['alias', false],
    ]);
    expect(get('f').isComplete).toBe(true);
  });
});

describe('commands that are made in other ways', () => {
  test("TauRPC's procedures have its names on the wire, and arguments as they are written", () => {
    const { commands, get, events, text } = factsOf(
      reader,
      `#[taurpc::ipc_type] struct User { user_id: u32 }
       use taurpc::procedures;
       #[taurpc::procedures(event_trigger = ApiTrigger)]
       trait Api {
         /// Says hello.
         async fn say_hello<R: Runtime>(window: Window<R>, first_name: String, user: User) -> Result<User, String>;
         #[taurpc(alias = "_other_")] async fn renamed();
         #[taurpc(skip)] async fn skipped();
         #[taurpc(event)] async fn changed(value: String);
       }
       #[procedures(path = "api.ui", export_to = "../x.ts")] trait Ui { async fn open(); }
       #[other::procedures] trait No { async fn none(); }
       #[tauri::command] fn say_hello() {} #[tauri::command] fn other() {}
       fn main() { tauri::Builder::default().invoke_handler(tauri::generate_handler![other]); }`,
    );
    expect(commands.map(({ name, isRegistered }) => [name, isRegistered])).toEqual([
      ['other', true],
      ['TauRPC__say_hello', true],
      ['TauRPC___other_', true],
      ['TauRPC__api.ui.open', true],
      ['say_hello', false],
    ]);
    const hello = get('TauRPC__say_hello');
    expect(hello.parameters.map(({ key, type }) => [key, type])).toEqual([
      ['first_name', 'string'],
      ['user', 'User'],
    ]);
    expect([hello.returns, hello.error, hello.doc, text(hello.at)]).toEqual([
      'User',
      'string',
      'Says hello.',
      'say_hello',
    ]);
    expect(text(get('TauRPC___other_').literal)).toBe('_other_');
    expect(events.map(({ event, eventAt }) => [event, text(eventAt)])).toEqual([['TauRpc_event', 'changed']]);
  });

  test('what only a list names is a command of which nothing else is known', () => {
    const { commands, text } = definitionsIn(`#[but_api] fn open_url(url: String) {}
      fn run() { tauri::Builder::default().invoke_handler(tauri::generate_handler![open::tauri_open_url::open_url]); }
      fn init() -> TauriPlugin { Builder::new("store").invoke_handler(tauri::generate_handler![made::get]).build() }`);
    expect(commands.map(({ name, at, isRegistered, isComplete }) => [name, at, isRegistered, isComplete])).toEqual([
      ['open_url', undefined, true, false],
      ['plugin:store|get', undefined, true, false],
    ]);
    expect(commands.map(({ registrations }) => registrations.map(text))).toEqual([['open_url'], ['get']]);
  });

  test('functions of platforms are definitions of one command', () => {
    const { commands, text } = definitionsIn(`#[cfg(windows)] #[tauri::command] fn dock(badge: u8) {}
      #[cfg(not(windows))] #[tauri::command] fn dock(badge: u8) {}
      fn run() { x(tauri::generate_handler![dock]) }`);
    expect(commands.map(({ name, registrations }) => [name, registrations.map(text)])).toEqual([
      ['dock', ['dock']],
      ['dock', ['dock']],
    ]);
  });

  test('functions in functions and in the impl of a type are found', () => {
    const { commands } =
      definitionsIn(`impl App { #[tauri::command] pub fn in_impl(id: u8) {} #[tauri::command] fn method(&self) {} }
      fn run() { #[tauri::command] fn inner() {} }`);
    expect(commands.map(({ name }) => name)).toEqual(['in_impl', 'inner']);
  });
});

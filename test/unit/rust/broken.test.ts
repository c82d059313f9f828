/** Code that somebody types in: what is known of the rest of the file stays. */
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { RustIndex, type RustReader } from '#server/rust/index.ts';
import { rustReader } from './rust-fixtures.ts';

let reader: RustReader;
beforeAll(async () => {
  reader = await rustReader();
});
afterAll(() => reader.dispose());

const FILE = `use tauri::State;

/// Lists.
#[tauri::command]
pub async fn list(state: State<'_, Db>, page: u32) -> Result<Vec<Note>, String> {
    app.emit("listed", 1)?;
    Ok(vec![])
}
‸
#[derive(Serialize, Deserialize)]
struct Note { id: u32 }

/// Saves.
#[tauri::command]
fn save(note: Note) -> Result<(), String> {
    app.emit("saved", note)?;
    Ok(())
}

#[tauri::command(rename = "delete", rename_all = "snake_case")]
fn remove(note_id: u32) {}

pub fn run() {
    tauri::Builder::default().invoke_handler(tauri::generate_handler![list, save, remove]).run(tauri::generate_context!());
}
`;
const GOOD = FILE.replace('‸\n', '\n');

/** What is known of the file after a first text, and then another. */
function typed(...texts: readonly string[]) {
  const index = new RustIndex();
  for (const text of texts) index.set(reader.read('src/lib.rs', text));
  return index;
}

/** Each command with its arguments, in the order of their names. */
const commandsOf = (index: RustIndex) =>
  index.commands
    .map(({ name, args }) => [name, ...args.map(({ key, kind }) => `${key}: ${kind}`)].join(' '))
    .sort((a, b) => a.localeCompare(b));

const ALL = ['delete note_id: value', 'list state: injected page: value', 'save note: value'];

const HALVES = [
  'fn half(',
  'fn half(a: u8) {',
  'fn half(a: u8) { if x {',
  'fn half() { let x = "abc',
  'fn half() { match x { A => ',
  'fn half() -> Result<',
  'fn half<T',
  'fn half() { foo(bar',
  "fn half() { 'a",
  '#[tauri::command]',
  '#[tauri::command]\nfn',
  '#[tauri::command]\npub async fn half(na',
  'struct Half {',
  'enum Half { A(',
  'impl Half {\n    fn a(&self) {',
  'mod half {',
  'use half::{',
  'const HALF: &str = "',
  'let x = "',
  '}',
  ')',
];

describe('half an item above others', () => {
  test.each(HALVES)('%j hides none of them, also where it is there from the start', (half) => {
    const text = FILE.replace('‸', half);
    const index = typed(text);
    expect(commandsOf(index)).toEqual(ALL);
    const save = index.find('save');
    expect(text.split('\n')[(save?.line ?? 0) - 1]).toContain('fn save(');
    expect(save?.registered).toBe(true);
    const [{ events } = { events: [] }] = index.files;
    const names = events.map(({ name }) => name.kind === 'text' && name.text);
    expect(new Set(names)).toEqual(new Set(['listed', 'saved']));
    expect(events).toHaveLength(2);
  });

  test.each(['/* ', '#[tauri::command(', 'r#"'])('with %j, what is hidden stays as it was', (half) => {
    expect(commandsOf(typed(GOOD, FILE.replace('‸', half)))).toEqual(ALL);
  });
});

describe('a command that is typed in', () => {
  test.each([
    ['its body', '    Ok(())\n}\n\n#[tauri::command(rename', '    let x = foo(\n}\n\n#[tauri::command(rename'],
    ['a string in it', 'app.emit("saved", note)?', 'app.emit("saved, note)?'],
    ['its arguments', 'save(note: Note)', 'save(note: Note, other: '],
    ['its result', 'fn save(note: Note) -> Result<(), String> {', 'fn save(note: Note) -> Result<(), {'],
    ['its attribute', 'rename_all = "snake_case")]', 'rename_all = "snake_case'],
    ['the list', 'save, remove]).run(tauri::generate_context!());', 'save, '],
    ['a call behind the list', '.run(tauri::generate_context!())', '.run(tauri::'],
  ])('is still known: %s', (_, before, after) => {
    const text = GOOD.replace(before, after);
    expect(text).not.toBe(GOOD);
    const index = typed(GOOD, `// a line more\n${text}`);
    expect(commandsOf(index).map((line) => line.split(' ')[0])).toEqual(['delete', 'list', 'save']);
    for (const { at, rustName } of index.commands) {
      expect(`// a line more\n${text}`.split('\n')[at.start.line]?.slice(at.start.character, at.end.character)).toBe(
        rustName,
      );
    }
  });

  test('is gone when it was removed, broken code or not', () => {
    const without = FILE.replace(/\/\/\/ Saves\.[\s\S]*?\n}\n/, '').replace('‸', 'fn half(');
    expect(commandsOf(typed(GOOD, without)).map((line) => line.split(' ')[0])).toEqual(['delete', 'list']);
  });

  test('what stayed goes when the code is whole again', () => {
    const broken = GOOD.replace('save(note: Note)', 'save(');
    const index = typed(GOOD, broken, GOOD.replace('save(note: Note)', 'store(note: Note)'));
    expect(index.find('save')).toBeUndefined();
  });
});

test('text in strings and comments of a whole file is no code', () => {
  const index = typed(`/*
#[tauri::command]
fn commented() {}
*/
const TEXT: &str = "
#[tauri::command]
fn quoted() {}
";
#[tauri::command]
fn real() {}
`);
  expect(index.commands.map(({ name }) => name)).toEqual(['real']);
});

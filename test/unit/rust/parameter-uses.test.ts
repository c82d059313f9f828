/** What a new name of a parameter changes in its function. */
import { afterAll, beforeAll, expect, test } from 'vitest';
import { applyEdits } from '#core/acl/edit.ts';
import type { RustReader } from '#server/rust/index.ts';
import { TextDocument } from 'vscode-languageserver-textdocument';
import { rustReader } from './rust-fixtures.ts';

let reader: RustReader;
beforeAll(async () => {
  reader = await rustReader();
});
afterAll(() => reader.dispose());

/** The text with the parameter `name` of `greet` as `NEW`; with `?` where that is not certain. */
function renamed(text: string, name = 'name'): string | undefined {
  const document = TextDocument.create('', '', 0, text);
  const at = document.positionAt(text.indexOf('greet'));
  const found = reader.parameterUses(text, at, name);
  if (!found) return undefined;
  const edits = found.uses.map(({ range, prefix, isCertain }) => {
    const offset = document.offsetAt(range.start);
    const newText = `${prefix}NEW${isCertain ? '' : '?'}`;
    return { offset, length: document.offsetAt(range.end) - offset, newText };
  });
  return applyEdits(text, edits);
}

const inBody = (body: string) =>
  renamed(`fn greet(name: String) { ${body} }`)?.slice('fn greet(NEW: String) { '.length, -2);

test('the parameter itself, also as a pattern', () => {
  expect(renamed('fn greet(name: String) {}')).toBe('fn greet(NEW: String) {}');
  expect(renamed('fn greet(mut name: String) { name.push(1) }')).toBe('fn greet(mut NEW: String) { NEW.push(1) }');
  expect(renamed('fn greet(other: String) { name() }')).toBe(undefined);
});

test.each([
  ['name.len(); &name; foo(name, 1)', 'NEW.len(); &NEW; foo(NEW, 1)'],
  ['x.name; x.name(); name::y(); a::name()', 'x.name; x.name(); name::y(); a::name()'],
  ['User { name: 1, x: name }', 'User { name: 1, x: NEW }'],
  ['User { name, x }', 'User { name: NEW, x }'],
  ['let User { name: n } = name;', 'let User { name: n } = NEW;'],
  ["'name: loop { break 'name; }", "'name: loop { break 'name; }"],
  ['move || name.len()', 'move || NEW.len()'],
  ['async move { name }', 'async move { NEW }'],
  ['// name\n "name"', '// name\n "name"'],
])('what is it in a body: %s', (body, expected) => {
  expect(inBody(body)).toBe(expected);
});

test.each([
  ['let a = name; let name = name + 1; name', 'let a = NEW; let name = NEW + 1; name'],
  ['{ let name = 1; name } name', '{ let name = 1; name } NEW'],
  ['let Some(name) = name else { return name };', 'let Some(name) = NEW else { return NEW };'],
  ['if let Some(name) = name { name } else { name }', 'if let Some(name) = NEW { name } else { NEW }'],
  ['if let Some(name) = name && name > 1 { name }', 'if let Some(name) = NEW && name > 1 { name }'],
  ['while let Some(name) = name.next() { name }', 'while let Some(name) = NEW.next() { name }'],
  ['for name in name { name }', 'for name in NEW { name }'],
  ['|name| name; |x: u8| name', '|name| name; |x: u8| NEW'],
  [
    'match name { Some(name) if name > 1 => name, _ => name }',
    'match NEW { Some(name) if name > 1 => name, _ => NEW }',
  ],
  ['match x { User { name, .. } => name, n @ _ => name }', 'match x { User { name, .. } => name, n @ _ => NEW }'],
  ['fn inner(name: u8) { name } name', 'fn inner(name: u8) { name } NEW'],
  ['let (name, b) = x; name', 'let (name, b) = x; name'],
])('what a variable takes over is not: %s', (body, expected) => {
  expect(inBody(body)).toBe(expected);
});

test.each([
  [
    'format!("{name}, {name:?}, {{name}}, {0:name$} {x:>name$}")',
    'format!("{NEW}, {NEW:?}, {{name}}, {0:NEW$} {x:>NEW$}")',
  ],
  ['println!("{} {name}", name.len())', 'println!("{} {NEW}", NEW.len())'],
  ['println!("{name}", name = name)', 'println!("{name}", name = NEW)'],
  ['info!("a\n  {name}")', 'info!("a\n  {NEW}")'],
  ['vec![format!("{name}"), x.name]', 'vec![format!("{NEW}"), x.name]'],
  ['dbg!(name::x, name!(), name)', 'dbg!(name::x, name!(), NEW)'],
  ['let name = 1; format!("{name}")', 'let name = 1; format!("{name}")'],
])('macros that everybody knows are read: %s', (body, expected) => {
  expect(inBody(body)).toBe(expected);
});

test.each([
  ['own!(name)', 'own!(NEW?)'],
  ['own!("{name}")', 'own!("{NEW?}")'],
  ['vec![User { name, x }]', 'vec![User { name: NEW?, x }]'],
  ['vec![xs.map(|name| name), name]', 'vec![xs.map(|NEW?| NEW?), NEW?]'],
])('what other macros make of it is not certain: %s', (body, expected) => {
  expect(inBody(body)).toBe(expected);
});

test('attributes that name parameters', () => {
  expect(renamed('#[tauri::command]\n#[instrument(skip(name))]\nfn greet(name: u8) {}')).toBe(
    '#[tauri::command]\n#[instrument(skip(NEW))]\nfn greet(NEW: u8) {}',
  );
  expect(renamed('#[own(name)]\nfn greet(name: u8) {}')).toBe('#[own(NEW?)]\nfn greet(NEW: u8) {}');
});

test('how Tauri makes keys of parameters, and which names the function has', () => {
  const text = '#[tauri::command(rename_all = "snake_case")]\nfn greet(name: u8) { let other = name; }';
  const found = reader.parameterUses(text, { line: 1, character: 3 }, 'name');
  expect(found?.renameAll).toBe('snake_case');
  expect([...(found?.names ?? [])].toSorted()).toEqual(['greet', 'name', 'other']);
});

/** No text breaks the reader or what is made of it. */
import { readFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import * as fc from 'fast-check';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { rustFacts } from '#server/index/rust-facts.ts';
import { addStub, RustIndex, type RustReader, stubFile, stubFor } from '#server/rust/index.ts';
import { cpuMs } from '../../cpu.ts';
import { rustReader } from './rust-fixtures.ts';

const fixtures = join(dirname(fileURLToPath(import.meta.url)), '../../fixtures/rust/app/src-tauri/src');
const sources = [
  'lib.rs',
  'wire.rs',
  'traps.rs',
  'models.rs',
  'generated.rs',
  'commands/files.rs',
  'commands/notes.rs',
].map((path) => readFileSync(join(fixtures, path), 'utf8'));

let reader: RustReader;
beforeAll(async () => {
  reader = await rustReader();
});
afterAll(() => reader.dispose());

/** Reads a text and makes everything of it that can be made. */
function use(text: string): number {
  const index = new RustIndex();
  index.set(reader.read('src/lib.rs', text));
  for (const command of index.commands) addStub(text, command, index);
  for (const { commands, events } of rustFacts(index).values()) {
    for (const { types, returns, error } of commands) expect([types, returns, error]).toBeDefined();
    for (const { payload, at } of events) expect([payload, at]).toBeDefined();
  }
  return stubFile(index, new Set()).length + index.commands.map((command) => stubFor(command, index)).length;
}

const PIECES = [
  '#[tauri::command]',
  '#[command(',
  'fn ',
  'a',
  'struct ',
  'enum ',
  'mod ',
  'type ',
  'use ',
  'impl ',
  '{',
  '}',
  '(',
  ')',
  '<',
  '>',
  '[',
  ']',
  '"',
  "'",
  '::',
  ',',
  ';',
  ':',
  '->',
  '&',
  '#[serde(',
  'rename = "',
  'tag',
  '=',
  '*',
  'as',
  'self',
  'crate',
  'generate_handler![',
  'macro_rules! x',
  '$a',
  '/*',
  '*/',
  '//',
  '\n',
  'Result',
  'Option',
  '#[derive(Serialize, Deserialize)]',
  'r#"',
  '\u{1F980}',
  '\0',
  'app.emit("x", ',
  '.listen(',
  'A::B.emit(&',
  'format!("{}-',
  'WebviewWindowBuilder::new(',
  'let a = ',
  'const A: &str = ',
  'match ',
  'if ',
  'm!{',
];

test('any text', () => {
  fc.assert(
    fc.property(fc.string({ unit: 'binary', maxLength: 300 }), (text) => use(text) > 0),
    { numRuns: 150 },
  );
});

test('any row of pieces of Rust', () => {
  fc.assert(
    fc.property(
      fc.array(fc.constantFrom(...PIECES), { maxLength: 60 }),
      (pieces) => use(pieces.join(' ')) > 0 && use(pieces.join('')) > 0,
    ),
    { numRuns: 150 },
  );
});

test('any part of real files, and files with a part taken out', () => {
  fc.assert(
    fc.property(
      fc.constantFrom(...sources),
      fc.double({ min: 0, max: 1, noNaN: true }),
      fc.nat(80),
      (source, at, length) => {
        const cut = Math.floor(at * source.length);
        return use(source.slice(0, cut)) > 0 && use(source.slice(0, cut) + source.slice(cut + length)) > 0;
      },
    ),
    { numRuns: 120 },
  );
});

const MODULES = Array.from({ length: 12 }, (_, index) => `m${index}`);
const CIRCLE = `${MODULES.map(
  (name) => `mod ${name} { ${MODULES.map((other) => `pub use super::${other}::X;`).join(' ')} }`,
).join('\n')} #[tauri::command] fn f(x: m0::X) {}`;

test.each([
  ['types in types', `#[tauri::command] fn a(x: ${'Vec<'.repeat(5_000)}u8${'>'.repeat(5_000)}) {}`],
  ['modules in modules', `${'mod m { '.repeat(3_000)}#[tauri::command] fn a() {}${'}'.repeat(3_000)}`],
  ['attributes in attributes', `#[serde${'(a'.repeat(3_000)}${')'.repeat(3_000)}] struct A;`],
  ['imports in imports', `use ${'a::{'.repeat(3_000)}b${'}'.repeat(3_000)};`],
  ['open brackets', '('.repeat(20_000)],
  ['a type that is itself', 'type A = A; type B<T> = B<Vec<T>>; #[tauri::command] fn a(a: A, b: B<u8>) -> A {}'],
  [
    'generics that grow',
    '#[derive(Serialize, Deserialize)] struct A<T> { a: Option<Box<A<Vec<T>>>> } #[tauri::command] fn a(a: A<u8>) -> A<u8> {}',
  ],
  [
    'modules that pass on each other',
    'mod a { pub use super::b::*; } mod b { pub use super::a::*; } use a::*; #[tauri::command] fn f(x: X) {}',
  ],
  ['modules that all name the same of each other', CIRCLE],
  [
    'names of events in a circle',
    'const A: &str = B; const B: &str = self::A; fn f(app: AppHandle) { app.emit(A, 1); }',
  ],
  ['variables in a circle', 'fn f(app: AppHandle) { let a = b; let b = a; let a = b; app.emit(a, a); }'],
  [
    'branches in branches',
    `fn f(app: AppHandle) { app.emit(${'if a { "x" } else { '.repeat(3_000)}"y"${' }'.repeat(3_000)}, 1); }`,
  ],
  ['calls in calls', `fn f() { ${'app.emit("a", '.repeat(3_000)}1${')'.repeat(3_000)}; }`],
  ['calls in macros in macros', `fn f() { ${'m!(app.emit("a", '.repeat(2_000)}1${'))'.repeat(2_000)}; }`],
  [
    'flatten in a circle',
    '#[derive(Serialize, Deserialize)] struct A { #[serde(flatten)] a: Box<A> } #[tauri::command] fn f(a: A) -> A {}',
  ],
])('ends, with %s', (_, text) => {
  expect(cpuMs(() => expect(use(text)).toBeGreaterThan(0))).toBeLessThan(5_000);
});

test.each([
  ['#[', 500_000],
  ['.emit::<', 125_000],
  ['m!{#[command]}', 70_000],
  ['fn a() { generate_handler![a]; } ', 30_000],
  ['macro_rules! a {() => {# [}} ', 30_000],
  ['fn f() { app.emit("a", B { c: 1 }); } ', 50_000],
  ['app.emit(name, 1); ', 50_000],
  ['m!(app.emit("a", 1)); ', 50_000],
  ['A::<', 300_000],
  ['send', 300_000],
  ['fn send(e: &str) { app.emit(e, 1); } send("a"); ', 20_000],
  ['AAAAAAAAAA', 300_000],
  ['let a = "x"; x.emit(a, a); ', 40_000],
  ['fn f(\n', 100_000],
  ['#[a\n', 100_000],
  ['fn f() {}\n', 100_000],
])('a file of nothing but %s takes no more time than there is', (part, count) => {
  const took = cpuMs(() => reader.read('src/lib.rs', part.repeat(count)));
  expect(took).toBeLessThan(10_000);
});

test.each([
  ['Builder::<', 50_000],
  ['Builder::new(a!(', 30_000],
  ['aaaaaaaaaa', 50_000],
  ['.x(generate_handler![a])', 5_000],
])('nor does a list of commands among %s', (part, count) => {
  const took = cpuMs(() =>
    reader.read('src/lib.rs', `fn a() -> TauriPlugin { b.x(generate_handler![a]); b${part.repeat(count)} }`),
  );
  expect(took).toBeLessThan(10_000);
});

const levels = (make: (level: number) => string) => Array.from({ length: 26 }, (_, level) => make(level)).join('\n');
const PAIRS = `${levels((level) => `type T${level} = (T${level + 1}, T${level + 1});`)} type T26 = u8;`;

test.each([
  ['aliases', 'T0', PAIRS],
  ['aliases in a field', 'S', `#[derive(Deserialize, Serialize)] struct S { a: T0 } ${PAIRS}`],
  [
    'flattened structs',
    'S0',
    `${levels(
      (level) =>
        `#[derive(Deserialize)] struct S${level} { #[serde(flatten)] a: S${level + 1}, #[serde(flatten)] b: S${level + 1} }`,
    )} struct S26 { z: u8 }`,
  ],
])('a stub for %s that are twice as many with each is written in time', (_what, type, declarations) => {
  const took = cpuMs(() =>
    use(`#[tauri::command] fn a(x: ${type}) {} fn m() { x(generate_handler![a]); } ${declarations}`),
  );
  expect(took).toBeLessThan(20_000);
});

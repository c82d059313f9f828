/** Where a function is named in the Rust code of a project. */
import { afterAll, beforeAll, expect, test } from 'vitest';
import { FunctionPaths, type RustReader } from '#server/rust/index.ts';
import { indexFrom, rustReader } from './rust-fixtures.ts';

let reader: RustReader;
beforeAll(async () => {
  reader = await rustReader();
});
afterAll(() => reader.dispose());

/** The lines that name `greet` of a file, by path; with `?` where that is not certain. */
function uses(files: Readonly<Record<string, string>>, file: string, module: readonly string[]) {
  const index = indexFrom(reader, files);
  const paths = new FunctionPaths(index.files, index.names);
  const found = Object.entries(files).flatMap(([path, text]) =>
    reader
      .functionUses(path, text, { name: 'greet', file, module, line: 1 }, paths)
      .map(({ range, isCertain }) => `${path.split('/').at(-1)}:${range.start.line + 1}${isCertain ? '' : '?'}`),
  );
  return found;
}

test('calls by a path, by imports and by what modules pass on', () => {
  const files = {
    'app/src/lib.rs': `mod a;
mod b;
mod c { pub use super::a::greet; }
pub use a::*;
use c::greet as hello;
fn one() { a::greet(); crate::a::greet(); self::a::greet(); c::greet(); greet(); }
fn two() { hello() }
`,
    'app/src/a.rs': `pub fn greet() {}
fn other() { greet(); self::greet(); let f = greet; f(); }
mod inner { fn x() { super::greet(); greet(); } use super::*; }
`,
    'app/src/b.rs': `fn greet() {}
fn other() { greet(); super::a::greet(); crate::greet(); }
`,
    'app/src/main.rs': `fn greet() {}
fn main() { greet(); crate::greet(); }
`,
  };
  expect(uses(files, 'app/src/a.rs', ['a'])).toEqual([
    'lib.rs:3',
    'lib.rs:5',
    'lib.rs:6',
    'lib.rs:6',
    'lib.rs:6',
    'lib.rs:6',
    'lib.rs:6',
    'a.rs:1',
    'a.rs:2',
    'a.rs:2',
    'a.rs:2',
    'a.rs:3',
    'a.rs:3',
    'b.rs:2',
    'b.rs:2',
  ]);
});

test('calls in modules for tests, and by what a function imports for itself', () => {
  const files = {
    'app/src/a.rs': `pub fn greet() {}
fn here() { use crate::b::greet; greet(); }
#[cfg(test)]
mod tests { use super::*; #[test] fn f() { greet(); assert!(greet()); } }
`,
    'app/src/b.rs': `fn other() { use crate::a::greet; greet(); { greet() } }
fn none() { greet(); }
fn module() { use crate::a; a::greet(); }
`,
  };
  expect(uses(files, 'app/src/a.rs', ['a'])).toEqual([
    'a.rs:1',
    'a.rs:4',
    'a.rs:4',
    'b.rs:1',
    'b.rs:1',
    'b.rs:1',
    'b.rs:3',
  ]);
});

test('calls from another crate of the project', () => {
  const files = {
    'app/crates/tools/src/lib.rs': 'pub mod say { pub fn greet() {} }\npub use say::greet;\n',
    'app/src/lib.rs': `use tools::say;
use tools::{greet as hi, say::greet};
fn x() { tools::greet(); say::greet(); greet(); hi(); other::greet(); }
`,
  };
  expect(uses(files, 'app/crates/tools/src/lib.rs', ['say'])).toEqual([
    'lib.rs:1',
    'lib.rs:2',
    'lib.rs:2',
    'lib.rs:2',
    'lib.rs:3',
    'lib.rs:3',
    'lib.rs:3',
  ]);
});

test('variables, fields, methods, types and modules of the name are others', () => {
  const files = {
    'app/src/lib.rs': `fn greet() {}
fn one(greet: u8) { greet; }
fn two() { let greet = greet(); greet; x.greet(); x.greet; greet!(); User { greet: 1 }; |greet| greet; }
mod greet { fn f() { greet(); } }
fn three() { greet::f(); Self::greet(); <T>::greet(); "greet"; /* greet */ }
impl X { fn greet(&self) {} }
fn four() { fn greet() {} greet(); }
`,
  };
  expect(uses(files, 'app/src/lib.rs', [])).toEqual(['lib.rs:1', 'lib.rs:3']);
});

test('in lists and in macros that everybody knows; what others make of it is not certain', () => {
  const files = {
    'app/src/lib.rs': `mod a { pub fn greet() {} pub fn b() {} }
use a::greet;
fn run() {
  tauri::generate_handler![a::b, a::greet, greet::<tauri::Wry>];
  assert_eq!(greet(), x.greet(), a::greet);
  own!(greet());
}
`,
  };
  expect(uses(files, 'app/src/lib.rs', ['a'])).toEqual([
    'lib.rs:1',
    'lib.rs:2',
    'lib.rs:4',
    'lib.rs:4',
    'lib.rs:5',
    'lib.rs:5',
    'lib.rs:6?',
  ]);
});

test('in a build script: the texts of its manifest', () => {
  const listed = (build: string, plugin?: string) => {
    const { names, hidden } = reader.manifestUses(build, 'greet', plugin) ?? { names: [], hidden: [] };
    const lines = (uses: typeof names) => uses.map(({ range }) => range.start.line + 1);
    return { names: lines(names), hidden: lines(hidden) };
  };
  const app = `fn main() {
    app_manifest(AppManifest::new().commands(&["greet", "greeter"]));
    println!("greet");
    plugin.plugin("own", InlinedPlugin::new().commands(&["greet"]));
    command.commands(GONE).commands(&[names::ONE, "greet"]).commands(CIRCLE).commands(&names());
}
const CIRCLE: &str = CIRCLE;
mod names { pub const ONE: &str = "greet"; }
`;
  expect(listed(app)).toEqual({ names: [2, 8, 5], hidden: [5, 7, 5] });
  expect(listed(app, 'own')).toEqual({ names: [4], hidden: [] });
  const plugin = 'static ALL: [&str; 1] = ["greet"];\nfn main() { tauri_plugin::Builder::new(&ALL).build(); }\n';
  expect(listed(plugin)).toEqual({ names: [], hidden: [] });
  expect(listed(plugin, 'other')).toEqual({ names: [1], hidden: [] });
});

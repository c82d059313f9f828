/** Commands against lists and calls. */
import { expect, test } from 'vitest';
import { type Files, linesOf, Project, rust, script } from './project.ts';

const CALL = { 'src/main.ts': script("await invoke('greet');") };
const TWO = '#[tauri::command]\nfn greet() {}\n#[tauri::command]\nfn leave() {}\n';

test('a command that a page calls and no list has is a warning at the call and at its function', async () => {
  expect(await linesOf({ ...rust(TWO, 'leave'), ...CALL })).toEqual([
    'src-tauri/src/lib.rs warning not-registered "greet": greet is in no generate_handler! list: a call rejects with "Command greet not found"',
    'src/main.ts warning not-registered "greet": greet is in no generate_handler! list: a call rejects with "Command greet not found"',
  ]);
});

test('nothing is said of a command that nobody calls, nor where a list cannot be read', async () => {
  expect(await linesOf({ ...rust(TWO, 'leave'), 'src/main.ts': script("await invoke('leave');") })).toEqual([]);
  expect(await linesOf({ ...rust(TWO, 'leave, other::greet'), ...CALL })).toEqual([]);
  const filled = 'macro_rules! all { ($($name:path),*) => { tauri::generate_handler![$($name),*] } }\n';
  expect(await linesOf({ ...rust(filled + TWO, 'leave'), ...CALL })).toEqual([]);
});

test('a fix adds the command to the list', async () => {
  using project = await Project.open({ ...rust(TWO, 'leave'), ...CALL });
  const [fix, handler] = await project.fixes('not-registered');
  expect(fix?.title).toBe('Add "greet" to generate_handler! in lib.rs');
  expect(fix?.isPreferred).toBe(true);
  expect(fix?.files['src-tauri/src/lib.rs']).toContain('generate_handler![leave, greet]');
  expect(handler?.title).toBe('Create a handler for "greet" in src-ipc/main.ts');
  expect(handler?.files['src-ipc/main.ts']).toContain("command('greet'");
});

test('a command of another module is added by its path, and made public', async () => {
  const list = '\n        leave,\n        notes::add, // all notes\n    ';
  const files = {
    ...rust('mod notes;\n#[tauri::command]\nfn leave() {}\n', list),
    'src-tauri/src/notes.rs': '#[tauri::command]\npub fn add() {}\n\n#[tauri::command]\nasync fn greet() {}\n',
    ...CALL,
  };
  using project = await Project.open(files);
  const [fix] = await project.fixes('not-registered');
  expect(fix?.files['src-tauri/src/lib.rs']).toContain(
    'generate_handler![\n        leave,\n        notes::add, // all notes\n        notes::greet,\n    ]',
  );
  expect(fix?.files['src-tauri/src/notes.rs']).toContain('#[tauri::command]\npub async fn greet() {}');
});

test('a handler names the place in Rust by its path in the project', async () => {
  const shared = {
    'src-tauri/Cargo.toml': '[package]\nname = "app"\n[dependencies]\nshared = { path = "../shared" }\n',
    'shared/Cargo.toml': '[package]\nname = "shared"\n',
    'shared/src/lib.rs': 'pub struct Note {}\n',
  };
  const code = '#[tauri::command]\nfn greet() -> shared::Note {}\n#[tauri::command]\nfn leave() {}\n';
  using project = await Project.open({ ...rust(code, 'leave'), ...shared, ...CALL });
  const handler = (await project.fixes('not-registered')).at(-1)?.files['src-ipc/main.ts'];
  expect(handler).toContain(' * src-tauri/src/lib.rs:3\n');
  expect(handler).toContain("reject('greet is not written yet. In Rust: src-tauri/src/lib.rs:3')");
  expect(handler).toContain('// shared/src/lib.rs:1: does not derive Serialize');
  expect(handler).not.toContain(project.folder);
});

const LEAVE = '#[tauri::command]\nfn leave() {}\n';

/** The files after the first fix for a call of `greet`, which is in other files than the list; undefined where it has none. */
async function registered(head: string, others: Files): Promise<Files | undefined> {
  using project = await Project.open({ ...rust(head + LEAVE, 'leave'), ...others, ...CALL });
  return (await project.fixes('not-registered')).find(({ title }) => title.startsWith('Add "greet"'))?.files;
}

test('a function is made public where it begins, behind its attributes', async () => {
  const notes = async (code: string) =>
    (await registered('mod notes;\n', { 'src-tauri/src/notes.rs': code }))?.['src-tauri/src/notes.rs'];
  expect(await notes('#[tauri::command] fn greet() {}\n')).toBe('#[tauri::command] pub fn greet() {}\n');
  expect(await notes('#[tauri::command]\nasync fn\n  greet() {}\n')).toBe(
    '#[tauri::command]\npub async fn\n  greet() {}\n',
  );
  const seen = '#[tauri::command]\npub fn // public\n  greet() {}\n';
  expect(await notes(seen)).toBe(seen);
});

test('a function around the module of the list stays private: it is seen there', async () => {
  const code = `#[tauri::command]\nfn greet() {}\n${LEAVE}mod app {\n    use super::leave;\n    fn list() {\n        generate_handler![leave];\n    }\n}\n`;
  const lib = rust('')['src-tauri/src/lib.rs'] ?? '';
  const head = lib.slice(0, lib.indexOf('pub fn run'));
  using project = await Project.open({ ...rust(''), 'src-tauri/src/lib.rs': head + code, ...CALL });
  const [fix] = await project.fixes('not-registered');
  expect(fix?.files['src-tauri/src/lib.rs']).toBe(
    head + code.replace('generate_handler![leave]', 'generate_handler![leave, crate::greet]'),
  );
});

test('a path to a command goes through no private module, but through one that passes on all of it', async () => {
  const listed = async (mod: string) => {
    const others = {
      'src-tauri/src/cmds/mod.rs': mod,
      'src-tauri/src/cmds/inner.rs': '#[tauri::command]\npub fn greet() {}\n',
    };
    const files = await registered('mod cmds;\n', others);
    return /!\[leave, (.*)\]/.exec(files?.['src-tauri/src/lib.rs'] ?? '')?.[1];
  };
  expect(await listed('mod inner;\npub use inner::*;\n')).toBe('cmds::greet');
  expect(await listed('mod inner;\npub(crate) use self::inner::*;\n')).toBe('cmds::greet');
  expect(await listed('pub(crate) mod inner;\npub use inner::*;\n')).toBe('cmds::inner::greet');
  expect(await listed('pub(super) mod inner;\n')).toBe('cmds::inner::greet');
  // A list needs the macro that stands beside the function, too.
  expect(await listed('mod inner;\npub use inner::greet;\n')).toBeUndefined();
  expect(await listed('mod inner;\nuse inner::*;\n')).toBeUndefined();
  expect(await listed('mod inner;\n')).toBeUndefined();
});

test('what modules pass on is followed over several', async () => {
  const others = {
    'src-tauri/src/cmds.rs': 'mod notes;\npub use notes::*;\n',
    'src-tauri/src/cmds/notes.rs': 'pub mod parts { mod inner; pub use self::inner::*; }\npub use parts::*;\n',
    'src-tauri/src/cmds/notes/parts/inner.rs': '#[tauri::command]\npub fn greet() {}\n',
  };
  const list = async (head: string) => (await registered(head, others))?.['src-tauri/src/lib.rs'];
  expect(await list('mod cmds;\n')).toContain('![leave, cmds::greet]');
  const hidden = { ...others, 'src-tauri/src/cmds.rs': 'mod notes;\n' };
  expect(await registered('mod cmds;\n', hidden)).toBeUndefined();
});

test('a list of the binary cannot name the commands of the library beside it', async () => {
  const files = {
    ...rust('#[tauri::command]\nfn greet() {}\n', ''),
    'src-tauri/src/lib.rs': '#[tauri::command]\nfn greet() {}\n',
    'src-tauri/src/main.rs': `${LEAVE}fn main() { tauri::Builder::default().invoke_handler(tauri::generate_handler![leave]); }\n`,
    ...CALL,
  };
  using project = await Project.open(files);
  expect((await project.fixes('not-registered')).map(({ title }) => title)).toEqual([
    'Create a handler for "greet" in src-ipc/main.ts',
  ]);
});

test('commands that no script calls are told to those who want it, where all calls have names', async () => {
  const levels = { 'unused-command': 'hint' } as const;
  const files = { ...rust(TWO), ...CALL };
  expect(await linesOf(files)).toEqual([]);
  expect(await linesOf(files, levels)).toEqual([
    'src-tauri/src/lib.rs hint unused-command "leave": no script calls leave',
  ]);
});

const MODULES = {
  'src-tauri/src/notes.rs': '#[tauri::command]\npub fn open(path: String) {}\n',
  'src-tauri/src/tabs.rs': '#[tauri::command]\npub fn open(url: String) {}\n',
};

test('two functions of one name in one list are an error at the second', async () => {
  expect(await linesOf({ ...rust('mod notes;\nmod tabs;\n', 'notes::open, tabs::open'), ...MODULES })).toEqual([
    'src-tauri/src/lib.rs error duplicate-command "open": the list has another command of the name open: only the first is called',
  ]);
});

test('either of the two goes out of the list', async () => {
  using project = await Project.open({ ...rust('mod notes;\nmod tabs;\n', 'notes::open, tabs::open'), ...MODULES });
  const found = (await project.fixes('duplicate-command')).map(({ title, files }) => [
    title,
    /!\[.*\]/.exec(files['src-tauri/src/lib.rs'] ?? '')?.[0],
  ]);
  expect(found).toEqual([
    ['Remove tabs::open from the list', '![notes::open]'],
    ['Remove notes::open from the list', '![tabs::open]'],
  ]);
});

test('a command that nobody calls goes out of the list', async () => {
  using project = await Project.open({ ...rust(TWO), ...CALL }, { 'unused-command': 'hint' });
  const [fix] = await project.fixes('unused-command');
  expect(fix?.title).toBe('Remove "leave" from the list');
  expect(fix?.files['src-tauri/src/lib.rs']).toContain('generate_handler![greet]');
});

test('functions for platforms of their own are no duplicates, nor are lists of two builders', async () => {
  const list = '\n#[cfg(desktop)]\nnotes::open,\n#[cfg(mobile)]\ntabs::open,\n';
  expect(await linesOf({ ...rust('mod notes;\nmod tabs;\n', list), ...MODULES })).toEqual([]);
  const one = '#[cfg(desktop)]\n#[tauri::command]\nfn open() {}\n#[cfg(mobile)]\n#[tauri::command]\nfn open() {}\n';
  expect(await linesOf(rust(one, 'open'))).toEqual([]);
  const two =
    'mod notes;\nmod tabs;\npub fn other() { tauri::Builder::default().invoke_handler(tauri::generate_handler![tabs::open]); }\n';
  expect(await linesOf({ ...rust(two, 'notes::open'), ...MODULES })).toEqual([]);
});

test('nothing is said of a command that the list has by a way through another module', async () => {
  const shared = {
    'src-tauri/Cargo.toml': '[package]\nname = "app"\n[dependencies]\nshared = { path = "../shared" }\n',
    'shared/Cargo.toml': '[package]\nname = "shared"\n',
    'shared/src/lib.rs': '#[tauri::command]\npub fn greet() {}\n',
  };
  const listed = rust('pub use shared::*;\n#[tauri::command]\nfn leave() {}\n', 'leave, crate::greet');
  expect(await linesOf({ ...listed, ...shared, ...CALL })).toEqual([]);
});

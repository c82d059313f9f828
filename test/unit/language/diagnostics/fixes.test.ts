/** What quick fixes make of the files. */
import { expect, test } from 'vitest';
import { type Files, type Fixed, Project, rust, script } from './project.ts';

const GREET = rust('#[tauri::command]\nfn greet_user(first_name: String, count: u32) {}\n');
const MAIN = 'src/main.ts';

async function fixesIn(files: Files, code: string): Promise<Fixed[]> {
  using project = await Project.open(files);
  return await project.fixes(code);
}

/** What the first fix makes of a script with these lines. */
async function firstFix(code: string, lines: string, files = GREET): Promise<string | undefined> {
  const [fix] = await fixesIn({ ...files, [MAIN]: script(lines) }, code);
  return fix?.files[MAIN]?.replace(script(''), '').split('\n').slice(2).join('\n').trimEnd();
}

test('an unknown command becomes the nearest one, a handler, or a Rust command', async () => {
  const files = {
    ...GREET,
    [MAIN]: script("await invoke<string>('greet_usr', { firstName: 'Ada', onTick: () => {} });"),
  };
  const [rename, handler, command, ...others] = await fixesIn(files, 'unknown-command');
  expect(others).toEqual([]);
  expect(rename).toMatchObject({ title: 'Call "greet_user"', isPreferred: true });
  expect(rename?.files[MAIN]).toContain("invoke<string>('greet_user', {");
  expect(handler?.title).toBe('Create a handler for "greet_usr" in src-ipc/main.ts');
  expect(handler?.files).toEqual({
    'src-ipc/main.ts': `import { app, channel, command, reject } from 'ipc-workbench';
import * as z from 'zod';

const greetUsr = command('greet_usr', { args: { firstName: z.string(), onTick: channel() } }, () => {
  throw reject('greet_usr is not written yet');
});

export default app({ commands: [greetUsr] });
`,
  });
  expect(command?.title).toBe('Create the Rust command "greet_usr" in lib.rs');
  expect(command?.files['src-tauri/src/lib.rs']).toContain(`#[tauri::command]
fn greet_usr(first_name: String, on_tick: tauri::ipc::Channel<serde_json::Value>) -> String {
    todo!()
}

pub fn run() {`);
  expect(command?.files['src-tauri/src/lib.rs']).toContain('generate_handler![greet_user, greet_usr]');
});

/** What becomes of a `lib.rs` by a command `frob` with these keys; undefined where no fix creates one. */
async function withCommand(lib: string, args = ''): Promise<string | undefined> {
  const files = { ...GREET, 'src-tauri/src/lib.rs': lib, [MAIN]: script(`await invoke('frob'${args});`) };
  const fixes = await fixesIn(files, 'unknown-command');
  return fixes.find(({ title }) => title === 'Create the Rust command "frob" in lib.rs')?.files['src-tauri/src/lib.rs'];
}

const GREETING = '#[tauri::command]\nfn greet() {}\n';
const FROB = '#[tauri::command]\nfn frob() {\n    todo!()\n}\n\n';

test('a Rust command is put before the function with the list, and before all that belongs to it', async () => {
  const cases = [
    '#[cfg_attr(\n    any(target_os = "ios", target_os = "android"),\n    tauri::mobile_entry_point\n)]\npub fn run() ',
    '/**\n * Runs the app.\n */\npub fn run() ',
    '/// Runs the app.\n\n// Not now.\n\n#[cfg(desktop)]\npub async fn run() ',
    '// It runs\n// the app.\n#[cfg(desktop)] pub fn run() ',
    'impl App {\n    pub fn run() { fn inner() {}',
  ];
  for (const item of cases) {
    const rest = (list: string) =>
      `${item}{ tauri::generate_handler![${list}]; }${item.startsWith('impl') ? ' } }' : ''}\n`;
    expect(await withCommand(`//! An app.\n\n${GREETING}\n${rest('greet')}`)).toBe(
      `//! An app.\n\n${GREETING}\n${FROB}${rest('greet, frob')}`,
    );
  }
  const text = (code: string, list: string) => `//! An app.\n${code}fn run() { tauri::generate_handler![${list}]; }\n`;
  const more = `\nmod cmds { ${GREETING.replace('\n', ' ')} }`;
  expect(await withCommand(text('', 'cmds::greet') + more)).toBe(text(FROB, 'cmds::greet, frob') + more);
});

test('a Rust command is put into the module that has the list', async () => {
  const text = (code: string, list: string) => `fn other() {}

mod app {
    use super::greet;

    ${code}/// Runs the app.
    pub fn run() {
        tauri::generate_handler![${list}];
    }
}

${GREETING}`;
  const code = '#[tauri::command]\n    fn frob() {\n        todo!()\n    }\n\n    ';
  expect(await withCommand(text('', 'greet'))).toBe(text(code, 'greet, frob'));
});

test('no Rust command is created where its place or its name cannot be told to be free', async () => {
  const list = 'tauri::generate_handler![greet];';
  expect(await withCommand(`${GREETING}in_macro! { mod app { pub fn run() { ${list} } } }\n`)).toBeUndefined();
  expect(await withCommand(`${GREETING}use other::frob;\nfn run() { ${list} }\n`)).toBeUndefined();
});

test('the parameters of a Rust command get what the keys send, also where Rust has the word for itself', async () => {
  const signature = async (keys: string) => {
    const lib = await withCommand(`${GREETING}fn run() { tauri::generate_handler![greet]; }\n`, `, ${keys}`);
    return /(#\[[^\n]*)\nfn frob\((.*)\) \{/.exec(lib ?? '')?.slice(1);
  };
  const attribute = '#[tauri::command]';
  expect(await signature("{ type: 1, async: true, dyn: 'a', gen: 2, userName: 'b' }")).toEqual([
    attribute,
    'r#type: f64, r#async: bool, r#dyn: String, r#gen: f64, user_name: String',
  ]);
  expect(await signature("{ user_name: 'a', id: 1 }")).toEqual([
    '#[tauri::command(rename_all = "snake_case")]',
    'user_name: String, id: f64',
  ]);
  for (const keys of ['{ self: 1 }', '{ super: 1 }', '{ crate: 1 }', "{ '': 1 }", "{ '1a': 1 }", "{ 'my-key': 1 }"]) {
    expect(await signature(keys)).toBeUndefined();
  }
  expect(await signature("{ 'my-key': 1, userName: 'a' }")).toBeUndefined();
  expect(await signature("{ user_name: 'a', lastName: 'b' }")).toBeUndefined();
});

test('a handler is added to the backend that is there', async () => {
  const backend = `import { app, command } from 'ipc-workbench';

const stop = command('stop', {}, () => {});

export default app({ commands: [stop] });
`;
  const files = {
    ...GREET,
    [MAIN]: script("await invoke('delete_all', { force: true });"),
    'src-ipc/main.ts': backend,
  };
  const [handler] = await fixesIn(files, 'unknown-command');
  expect(handler?.files['src-ipc/main.ts']).toBe(`import { app, command, reject } from 'ipc-workbench';
import * as z from 'zod';

const stop = command('stop', {}, () => {});

const deleteAll = command('delete_all', { args: { force: z.boolean() } }, () => {
  throw reject('delete_all is not written yet');
});

export default app({ commands: [stop, deleteAll] });
`);
});

test('keys get the name that the command takes, and the value stays', async () => {
  expect(await firstFix('misspelt-argument', "await invoke('greet_user', { first_name: 'Ada', count: 1 });")).toBe(
    "await invoke('greet_user', { firstName: 'Ada', count: 1 });",
  );
  expect(await firstFix('misspelt-argument', "await invoke('greet_user', { first_name, count: 1 });")).toBe(
    "await invoke('greet_user', { firstName: first_name, count: 1 });",
  );
});

test('keys that are ignored are removed with one comma', async () => {
  const removed = (keys: string) => firstFix('unknown-argument', `await invoke('greet_user', ${keys});`);
  expect(await removed("{ firstName: 'a', count: 1, colour: 'red' }")).toBe(
    "await invoke('greet_user', { firstName: 'a', count: 1 });",
  );
  expect(await removed("{ colour: 'red', firstName: 'a', count: 1 }")).toBe(
    "await invoke('greet_user', { firstName: 'a', count: 1 });",
  );
  expect(await removed("{\n  firstName: 'a',\n  'colour': f(1, 2),\n  count: 1,\n}")).toBe(
    "await invoke('greet_user', {\n  firstName: 'a',\n  count: 1,\n});",
  );
  expect(await removed("{\n  firstName: 'a',\n  count: 1,\n  colour,\n}")).toBe(
    "await invoke('greet_user', {\n  firstName: 'a',\n  count: 1,\n});",
  );
});

test('keys that are ignored are removed whatever they are, and what is said of others stays', async () => {
  const removed = (keys: string) => firstFix('unknown-argument', `await invoke('greet_user', ${keys});`);
  const left = "await invoke('greet_user', { firstName: 'a', count: 1 });";
  const known = "firstName: 'a', count: 1";
  expect(await removed(`{ ${known}, async colour() {} }`)).toBe(left);
  expect(await removed(`{ ${known}, get colour() { return 'red'; } }`)).toBe(left);
  expect(await removed(`{ ${known}, ['colour']: 'red' }`)).toBe(left);
  expect(await removed(`{ *colour() {}, ${known} }`)).toBe(left);
  expect(await removed(`{ colour: 'red' /* dark, */, ${known} }`)).toBe(left);
  const lines = "await invoke('greet_user', {\n  firstName: 'a', // who\n  count: 1,\n});";
  expect(await removed("{\n  firstName: 'a', // who\n  colour: 'red', // dark\n  count: 1,\n}")).toBe(lines);
  expect(await removed("{\n  firstName: 'a', // who\n  colour: 'red', count: 1,\n}")).toBe(lines);
  expect(await removed("{\n  firstName: 'a', // who\n  count: 1,\n  colour: 'red' // dark, red\n}")).toBe(
    lines.replace('1,', '1'),
  );
  expect(await removed("{\n  firstName: 'a', count: 1, // one,\n  colour: 'red' }")).toBe(
    "await invoke('greet_user', {\n  firstName: 'a', count: 1, // one,\n   });",
  );
});

test('missing arguments are added: literals of plain types, or variables', async () => {
  const added = (args: string) => firstFix('missing-argument', `await invoke('greet_user'${args});`);
  expect(await added('')).toBe("await invoke('greet_user', { firstName: '', count: 0 });");
  expect(await added(', {}')).toBe("await invoke('greet_user', { firstName: '', count: 0 });");
  expect(await added(", { firstName: 'Ada' }")).toBe("await invoke('greet_user', { firstName: 'Ada', count: 0 });");
  expect(await added(',\n  {\n    count: 1,\n  },\n')).toBe(
    "await invoke('greet_user',\n  {\n    count: 1,\n    firstName: '',\n  },\n);",
  );
});

test('a function becomes a channel, and the channel is imported', async () => {
  const files = rust('#[tauri::command]\nfn follow(on_item: Channel<String>) {}\n');
  const text =
    "import { invoke } from '@tauri-apps/api/core';\n\nawait invoke('follow', { onItem: (item) => show(item) });\n";
  const [wrap] = await fixesIn({ ...files, [MAIN]: text }, 'missing-channel');
  expect(wrap).toMatchObject({ title: 'Wrap in a Channel', isPreferred: true });
  expect(wrap?.files[MAIN]).toBe(
    "import { invoke, Channel } from '@tauri-apps/api/core';\n\nawait invoke('follow', { onItem: new Channel((item) => show(item)) });\n",
  );
  const [add] = await fixesIn(
    { ...files, [MAIN]: "import { invoke } from '@tauri-apps/api/core';\nawait invoke('follow');\n" },
    'missing-channel',
  );
  expect(add?.files[MAIN]).toBe(
    "import { invoke, Channel } from '@tauri-apps/api/core';\nawait invoke('follow', { onItem: new Channel() });\n",
  );
});

const FOLLOW = rust('#[tauri::command]\nfn follow(on_item: Channel<String>) {}\n');

/** What the first fix for a channel that is missing makes of a file, line by line. */
async function withChannel(text: string, path = MAIN): Promise<string[] | undefined> {
  const [fix] = await fixesIn({ ...FOLLOW, [path]: text }, 'missing-channel');
  return fix?.files[path]?.split('\n');
}

test('a channel is made by the class that is there, or else it gets its import', async () => {
  const core = "'@tauri-apps/api/core';";
  const call = "invoke('follow');";
  const made = (name: string) => `invoke('follow', { onItem: new ${name}() });`;
  for (const [imports, wanted, name = 'Channel'] of [
    ['import {\n  invoke, // calls\n} from', 'import {\n  invoke, Channel, // calls\n} from'],
    ['import { invoke, } from', 'import { invoke, Channel, } from'],
    ['import { invoke, type Channel } from', 'import { invoke, Channel } from'],
    ['import { Channel as Stream, invoke } from', 'import { Channel as Stream, invoke } from', 'Stream'],
    [
      `import type { Channel } from ${core}\nimport { invoke } from`,
      `import type { Channel } from ${core}\nimport { invoke, Channel as TauriChannel } from`,
      'TauriChannel',
    ],
    [
      '// import { Channel } from\nimport { invoke } from',
      '// import { Channel } from\nimport { invoke, Channel } from',
    ],
  ]) {
    expect(await withChannel(`${imports} ${core}\n${call}\n`)).toEqual(
      `${wanted} ${core}\n${made(name ?? '')}\n`.split('\n'),
    );
  }
  expect(await withChannel(`import * as core from ${core}\ncore.${call}\n`)).toEqual([
    `import * as core from ${core}`,
    `core.${made('core.Channel')}`,
    '',
  ]);
  expect(
    await withChannel(`import { call } from './call';\ndeclare const invoke: any;\nwindow.__TAURI__.core.${call}\n`),
  ).toContain(`import { Channel } from ${core}`);
});

test('a channel is taken from where a variable takes the rest of the module', async () => {
  const added = async (before: string) =>
    (await withChannel(`async function f() {\n${before}\ninvoke('follow');\n}\n`))?.slice(1, 3);
  const made = "invoke('follow', { onItem: new Channel() });";
  expect(await added("const { invoke } = await import('@tauri-apps/api/core');")).toEqual([
    "const { invoke, Channel } = await import('@tauri-apps/api/core');",
    made,
  ]);
  expect(await added('const { invoke, ...rest } = window.__TAURI__.core;')).toEqual([
    'const { invoke, Channel, ...rest } = window.__TAURI__.core;',
    made,
  ]);
  expect(await added('const { core: { invoke } } = window.__TAURI__;')).toEqual([
    'const { core: { invoke, Channel } } = window.__TAURI__;',
    made,
  ]);
  expect(await added("const invoke = (await import('@tauri-apps/api/core')).invoke;")).toEqual([
    'async function f() {',
    "const invoke = (await import('@tauri-apps/api/core')).invoke;",
  ]);
});

test('in attributes of HTML the fixes write nothing that ends them, or that is not there', async () => {
  const page = 'src/index.html';
  const element = (code: string, quote: string) =>
    `<p onclick=${quote}window.__TAURI__.core.invoke(${code})${quote}></p>\n`;
  const fixed = async (code: string, args: string, quote: string, files: Files) =>
    (await fixesIn({ ...files, [page]: element(args, quote) }, code))[0]?.files[page];
  expect(await fixed('missing-argument', '"greet_user", {}', "'", GREET)).toBe(
    element(`"greet_user", { firstName: "", count: 0 }`, "'"),
  );
  expect(await fixed('missing-argument', "'greet_user', {}", '"', GREET)).toBe(
    element(`'greet_user', { firstName: '', count: 0 }`, '"'),
  );
  expect(await fixed('missing-argument', '&apos;greet_user&apos;, {}', "'", GREET)).toBe(
    element(`&apos;greet_user&apos;, { firstName: "", count: 0 }`, "'"),
  );
  expect(await fixed('argument-type', '"greet_user", { firstName: 7, count: 1 }', "'", GREET)).toBe(
    element(`"greet_user", { firstName: "7", count: 1 }`, "'"),
  );
  expect(await fixed('missing-channel', '"follow"', "'", FOLLOW)).toBe(
    element('"follow", { onItem: new window.__TAURI__.core.Channel() }', "'"),
  );
  expect(await fixed('missing-channel', '"follow", { onItem: () => {} }', "'", FOLLOW)).toBe(
    element('"follow", { onItem: new window.__TAURI__.core.Channel(() => {}) }', "'"),
  );
});

test('a literal of another type is written as the one that is wanted, where it says the same', async () => {
  const fix = (value: string) => firstFix('argument-type', `await invoke('greet_user', ${value});`);
  expect(await fix("{ firstName: 'Ada', count: '7' }")).toBe(
    "await invoke('greet_user', { firstName: 'Ada', count: 7 });",
  );
  expect(await fix('{ firstName: 7.5, count: 7 }')).toBe("await invoke('greet_user', { firstName: '7.5', count: 7 });");
  expect(await fix("{ firstName: 'Ada', count: 'many' }")).toBeUndefined();
  for (const count of ["'007'", "'1.5'", "'-1'", "'1e3'"]) {
    expect([count, await fix(`{ firstName: 'Ada', count: ${count} }`)]).toEqual([count, undefined]);
  }
  const part = rust('#[tauri::command]\nfn scale(by: f64) {}\n');
  expect(await firstFix('argument-type', "await invoke('scale', { by: '-1.5' });", part)).toBe(
    "await invoke('scale', { by: -1.5 });",
  );
  const list = rust('#[tauri::command]\nfn open(paths: Vec<String>, force: bool) {}\n');
  expect(await firstFix('argument-type', "await invoke('open', { paths: null, force: true });", list)).toBeUndefined();
  expect(await firstFix('argument-type', "await invoke('open', { paths: 'a', force: true });", list)).toBe(
    "await invoke('open', { paths: ['a'], force: true });",
  );
  expect(await firstFix('argument-type', "await invoke('open', { paths: [], force: 'true' });", list)).toBe(
    "await invoke('open', { paths: [], force: true });",
  );
});

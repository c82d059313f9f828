/** Calls of commands that nothing defines: said only where all commands are known. */
import { expect, test } from 'vitest';
import { type Files, linesOf, rust, script } from './project.ts';

const GREET = rust('#[tauri::command]\nfn greet_user() {}\n');
const call = (name: string): Files => ({ 'src/main.ts': script(`await invoke('${name}');`) });

test('a call of a command that nothing defines is an error at its name, with the name that is nearest', async () => {
  expect(await linesOf({ ...GREET, ...call('greet_usr') })).toEqual([
    'src/main.ts error unknown-command "greet_usr": no command "greet_usr" is defined; did you mean "greet_user"?',
  ]);
  expect(await linesOf({ ...GREET, ...call('delete_everything') })).toEqual([
    'src/main.ts error unknown-command "delete_everything": no command "delete_everything" is defined',
  ]);
});

test('nothing is said of commands that are defined', async () => {
  expect(await linesOf({ ...GREET, ...call('greet_user') })).toEqual([]);
});

test('nothing is said where a macro makes commands, or lists of them', async () => {
  const macro = 'macro_rules! made { ($name:ident) => { #[tauri::command]\nfn $name() {} } }\nmade!(other);\n';
  expect(await linesOf({ ...rust(`${macro}#[tauri::command]\nfn greet() {}\n`, 'greet'), ...call('othr') })).toEqual(
    [],
  );
});

test('nothing is said where a list names functions that were not found', async () => {
  const files = rust('#[tauri::command]\nfn greet() {}\n', 'greet, other_crate::more');
  expect(await linesOf({ ...files, ...call('something') })).toEqual([]);
});

test('nothing is said of a frontend alone, nor of Rust without commands', async () => {
  const { 'src-tauri/tauri.conf.json': config = '' } = GREET;
  expect(await linesOf({ 'src-tauri/tauri.conf.json': config, ...call('greet') })).toEqual([]);
  expect(await linesOf({ ...rust(''), ...call('greet') })).toEqual([]);
});

test('a command of a plugin that Tauri brings is looked for among those that the plugin has', async () => {
  const found = await linesOf({ ...GREET, ...call('plugin:fs|read_fil') });
  expect(found).toEqual([
    'src/main.ts error unknown-command "plugin:fs|read_fil": no command "plugin:fs|read_fil" is defined; did you mean "plugin:fs|read_file"?',
  ]);
});

test('nothing is said of plugins that nobody knows, and of commands that a newer plugin may have', async () => {
  expect(await linesOf({ ...GREET, ...call('plugin:own|thing') })).toEqual([]);
  expect(await linesOf({ ...GREET, ...call('plugin:fs|teleport') })).toEqual([]);
});

test('a name that is made at run time is not looked at', async () => {
  expect(await linesOf({ ...GREET, 'src/main.ts': script('await invoke(String(Math.random()));') })).toEqual([]);
});

test('calls of tests are not looked at: mocks answer them', async () => {
  const { 'src/main.ts': text = '' } = call('greet_usr');
  expect(await linesOf({ ...GREET, 'src/main.test.ts': text, 'tests/page.ts': text })).toEqual([]);
});

test('a project may lie in a folder of tests', async () => {
  const files = Object.entries({ ...GREET, ...call('greet_usr') }).map(([path, text]) => [`tests/app/${path}`, text]);
  expect(await linesOf(Object.fromEntries(files) as Files)).toHaveLength(1);
});

test('minified code is not looked at, nor a name that is still empty', async () => {
  const minified = `${'a();'.repeat(300)}invoke('greet_usr');`;
  expect(await linesOf({ ...GREET, 'src/main.js': script(minified) })).toEqual([]);
  expect(await linesOf({ ...GREET, ...call('') })).toEqual([]);
});

test('nothing is said of a call in a branch that no page in Tauri comes to', async () => {
  const problems = (code: string) => linesOf({ ...GREET, 'src/main.ts': script(code) });
  const call = "await invoke('heartbeat');";
  const elsewhere = [
    `if (!isTauri()) { ${call} }`,
    `if (isTauri()) { await invoke('greet_user'); } else ${call}`,
    `const other = platform.isRunningInTauri ? 1 : (() => { ${call.replace('await ', '')} })();`,
    `if (!('__TAURI_INTERNALS__' in window)) { setInterval(() => { ${call.replace('await ', '')} }); }`,
    `if (!window.__TAURI__) ${call}`,
  ];
  for (const code of elsewhere) expect([code, await problems(code)]).toEqual([code, []]);
  const here = [
    `if (isTauri()) ${call}`,
    `if (!isReady()) ${call}`,
    `if (!isTauri()) { start(); } ${call}`,
    `if (isTauri() !== x) ${call}`,
  ];
  for (const code of here) expect([code, (await problems(code)).length]).toEqual([code, 1]);
});

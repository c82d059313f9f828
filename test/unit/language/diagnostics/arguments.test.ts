/** Arguments of calls against what their commands take. */
import { expect, test } from 'vitest';
import { type Files, linesOf, rust, script } from './project.ts';

const USER = rust(`#[tauri::command]
fn save_user(app: AppHandle, user_id: u32, display_name: Option<String>) -> Result<(), String> { Ok(()) }
`);
const FEED = rust('#[tauri::command]\nfn follow(on_item: Channel<String>, topic: String) {}\n');
const call = (code: string): Files => ({ 'src/main.ts': script(code) });

test('a missing argument is an error at the object, or at the name where there is none, in the words of Tauri', async () => {
  const message = 'invalid args `userId` for command `save_user`: command save_user missing required key userId';
  expect(await linesOf({ ...USER, ...call("await invoke('save_user', { displayName: 'Ada' });") })).toEqual([
    `src/main.ts error missing-argument "{ displayName: 'Ada' }": ${message}`,
  ]);
  expect(await linesOf({ ...USER, ...call("await invoke('save_user');") })).toEqual([
    `src/main.ts error missing-argument "save_user": ${message}`,
  ]);
});

test('a key in the case of Rust is an error at the key', async () => {
  expect(await linesOf({ ...USER, ...call("await invoke('save_user', { user_id: 1 });") })).toEqual([
    'src/main.ts error misspelt-argument "user_id": invalid args `userId` for command `save_user`: command save_user missing required key userId; "user_id" is ignored, the key is "userId"',
  ]);
  expect(await linesOf({ ...USER, ...call("await invoke('save_user', { userId: 1, display_name: 'Ada' });") })).toEqual(
    ['src/main.ts error misspelt-argument "display_name": "display_name" is ignored, the key is "displayName"'],
  );
});

test('a slip of a key is an error at the key', async () => {
  expect(
    await linesOf({ ...USER, ...call("await invoke('save_user', { userId: 1, 'dispalyName': 'Ada' });") }),
  ).toEqual(['src/main.ts error misspelt-argument "dispalyName": "dispalyName" is ignored, the key is "displayName"']);
});

test('a key that the command does not take is a hint', async () => {
  expect(await linesOf({ ...USER, ...call("await invoke('save_user', { userId: 1, colour: 'red' });") })).toEqual([
    'src/main.ts hint unknown-argument "colour": "colour" is ignored: save_user takes "userId", "displayName"',
  ]);
  const none = rust('#[tauri::command]\nfn stop() {}\n');
  expect(await linesOf({ ...none, ...call("await invoke('stop', { force: true });") })).toEqual([
    'src/main.ts hint unknown-argument "force": "force" is ignored: stop takes no arguments',
  ]);
});

test('a literal of another type is an error at the value', async () => {
  expect(await linesOf({ ...USER, ...call("await invoke('save_user', { userId: '1', displayName: null });") })).toEqual(
    [
      'src/main.ts error argument-type "\'1\'": invalid args `userId` for command `save_user`: u32 is expected, not a string',
    ],
  );
  const lists = rust('#[tauri::command]\nfn mark(ids: Vec<u32>, isOn: bool, note: String) {}\n');
  expect(await linesOf({ ...lists, ...call("await invoke('mark', { ids: {}, isOn: 1, note: ['a'] });") })).toEqual([
    'src/main.ts error argument-type "{}": invalid args `ids` for command `mark`: Vec<u32> is expected, not an object',
    'src/main.ts error argument-type "1": invalid args `isOn` for command `mark`: bool is expected, not a number',
    'src/main.ts error argument-type "[\'a\']": invalid args `note` for command `mark`: String is expected, not an array',
  ]);
});

test('a channel is missed where none is given, and where something else is', async () => {
  expect(await linesOf({ ...FEED, ...call("await invoke('follow', { topic: 'a' });") })).toEqual([
    'src/main.ts error missing-channel "{ topic: \'a\' }": invalid args `onItem` for command `follow`: command follow missing required key onItem',
  ]);
  expect(await linesOf({ ...FEED, ...call("await invoke('follow', { topic: 'a', onItem: () => {} });") })).toEqual([
    'src/main.ts error missing-channel "() => {}": invalid args `onItem` for command `follow`: a Channel is expected, not a function',
  ]);
  const right = "const onItem = new Channel(); await invoke('follow', { topic: 'a', onItem });";
  expect(await linesOf({ ...FEED, ...call(right) })).toEqual([]);
  expect(await linesOf({ ...FEED, ...call("await invoke('follow', { topic: 'a', onItem: new Channel() });") })).toEqual(
    [],
  );
});

test('keys are those of rename_all', async () => {
  const files = rust('#[tauri::command(rename_all = "snake_case")]\nfn save(user_id: u32) {}\n');
  expect(await linesOf({ ...files, ...call("await invoke('save', { user_id: 1 });") })).toEqual([]);
  expect(await linesOf({ ...files, ...call("await invoke('save', { userId: 1 });") })).toEqual([
    'src/main.ts error misspelt-argument "userId": invalid args `user_id` for command `save`: command save missing required key user_id; "userId" is ignored, the key is "user_id"',
  ]);
});

test('nothing is said of what is right, or may be', async () => {
  const right = [
    "invoke('save_user', { userId: 1 })",
    "invoke('save_user', { userId: 1, displayName: null })",
    "invoke('save_user', { userId, displayName })",
    "invoke('save_user', { userId: count() })",
    "invoke('save_user', { ...user })",
    "invoke('save_user', { ...user, display_name: 'Ada' })",
    "invoke('save_user', { [key]: 1 })",
    "invoke('save_user', user)",
  ];
  const given =
    'declare const user: Record<string, unknown>, userId: number, displayName: string, key: string; declare const count: () => number;\n';
  expect(await linesOf({ ...USER, ...call(given + right.map((each) => `await ${each};`).join('\n')) })).toEqual([]);
});

test('nothing is said to be missing in an object that a function may fill', async () => {
  for (const [code, isFilled] of [
    ["const args: any = {}; fill(args); invoke('save_user', args);", true],
    ["let args; args = {}; new Form(args as any); invoke('save_user', args);", true],
    ["const base = {}; fill(base); invoke('save_user', { ...base, displayName: 'Ada' });", true],
    ["const args = {}; Object.defineProperty(args, 'userId', { value: 1 }); invoke('save_user', args);", true],
    ["const args = { displayName: 'Ada' }; invoke('save_user', args);", false],
    ["const args = {}; console.log(args, JSON.stringify(args), Object.keys(args)); invoke('save_user', args);", false],
    ["const args = {}; invoke('save_user', args); emit('saved', args); invoke('other', args);", false],
    [
      "const send = (name, all) => invoke(name, all); const args = {}; send('a', args); invoke('save_user', args);",
      false,
    ],
    ["const args = {}; function f(args) { fill(args); } invoke('save_user', args);", false],
  ] as const) {
    const lines = (await linesOf({ ...USER, ...call(code) })).filter((line) => line.includes('missing-argument'));
    expect([code, lines.length]).toEqual([code, isFilled ? 0 : 1]);
  }
});

test('nothing is said of a call that may be of several commands', async () => {
  const files = rust('#[tauri::command]\nfn open(path: String) {}\n#[tauri::command]\nfn shut(now: bool) {}\n');
  const several = "declare const on: boolean;\nawait invoke(on ? 'open' : 'shut', { path: 'a', now: true });";
  expect(await linesOf({ ...files, ...call(several) })).toEqual([]);
});

test('nothing is said of arguments whose types nobody knows', async () => {
  const files = rust(
    'use other::{Session, Payload};\n#[tauri::command]\nfn run(session: Session, data: Payload<u8>) {}\n',
  );
  expect(await linesOf({ ...files, ...call("await invoke('run', { data: 'text' }); await invoke('run');") })).toEqual(
    [],
  );
});

test('nothing is said of keys where the command reads the whole request, or injects a type of its own', async () => {
  const request = rust("#[tauri::command]\nfn upload(request: tauri::ipc::Request<'_>) {}\n");
  expect(await linesOf({ ...request, ...call("await invoke('upload', { name: 'a', data: [1] });") })).toEqual([]);
  const own = rust(`type Data<'a> = State<'a, String>;
struct Editor;
impl<'de, R: tauri::Runtime> tauri::ipc::CommandArg<'de, R> for Editor {}
#[tauri::command]
fn draw(data: Data<'_>, editor: Editor, size: u32) {}
`);
  expect(await linesOf({ ...own, ...call("await invoke('draw', { size: 1 });") })).toEqual([]);
});

test('a call that fits one of two definitions is right', async () => {
  const files = rust(`#[cfg(desktop)]
#[tauri::command]
fn open(path: String) {}
#[cfg(mobile)]
#[tauri::command]
fn open(uri: String) {}
`);
  expect(
    await linesOf({ ...files, ...call("await invoke('open', { uri: 'a' }); await invoke('open', { path: 'a' });") }),
  ).toEqual([]);
});

test('what a function passes on is looked at where it is called', async () => {
  const wrappers = `const call = (name: string, args?: object) => invoke(name, args);
const withDefault = (name: string, args = {}) => invoke(name, args);
const withOptions = (name: string, options?: { args?: object }) => invoke(name, options?.args);
const withToken = (name: string, args: object) => invoke(name, { ...args, token: 1 });
const changed = (name: string, args: object) => invoke(name, JSON.parse(JSON.stringify(args)));
const byMember = (request: { command: string; values: object; mock: object }) => invoke(request.command, request.values);
`;
  const right = `await call('save_user', { userId: 1 });
await withDefault('save_user', { userId: 1 });
await withOptions('save_user', { args: { userId: 1 } });
await withToken('save_user', { userId: 1 });
await withToken('save_user', {});
await changed('save_user', { user_id: 1 });
await byMember({ command: 'save_user', values: { userId: 1 }, mock: { id: 1 } });
`;
  expect(await linesOf({ ...USER, ...call(wrappers + right) })).toEqual([]);
  const wrong = `await call('save_user');
await withDefault('save_user');
await withOptions('save_user', { args: { user_id: 1 } });
await byMember({ command: 'save_user', values: { id: 1 }, mock: { userId: 1 } });
`;
  const found = await linesOf({ ...USER, ...call(wrappers + wrong) });
  expect(found.map((line) => line.split(':')[0])).toEqual([
    'src/main.ts error missing-argument "save_user"',
    'src/main.ts error missing-argument "save_user"',
    'src/main.ts error misspelt-argument "user_id"',
    'src/main.ts error missing-argument "{ id',
    'src/main.ts hint unknown-argument "id"',
  ]);
});

test('of a name with very many definitions nothing is said: nobody can tell which one is meant', async () => {
  const many = (count: number) => rust('#[tauri::command]\nfn open(path: String) {}\n'.repeat(count), 'open');
  const call = { 'src/main.ts': script("await invoke('open', {});") };
  expect(await linesOf({ ...many(2), ...call })).toHaveLength(1);
  expect(await linesOf({ ...many(51), ...call })).toEqual([]);
});

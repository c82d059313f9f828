/** Events that only one side knows. */
import { expect, test } from 'vitest';
import { type Files, linesOf, Project, rust, script } from './project.ts';

const APP = rust(`#[tauri::command]
fn start(app: AppHandle) {
    app.emit("note-added", 1).unwrap();
    app.emit("saved", ()).unwrap();
}
`);
const START = "await invoke('start');\n";
const page = (code: string): Files => ({ 'src/main.ts': script(START + code) });
const BOTH = "const stop = await listen('note-added', console.log); const end = await listen('saved', console.log);\n";

test('a listener to an event that nothing emits is a hint, with the name that is nearest', async () => {
  expect(
    await linesOf({ ...APP, ...page(`${BOTH}export const other = await listen('note-addd', console.log);`) }),
  ).toEqual([
    'src/main.ts hint event-never-emitted "note-addd": nothing emits "note-addd"; did you mean "note-added"?',
  ]);
});

test('an event that nothing listens to is a hint where it is emitted', async () => {
  expect(await linesOf({ ...APP, ...page("export const stop = await listen('note-added', console.log);") })).toEqual([
    'src-tauri/src/lib.rs hint event-never-heard "saved": nothing listens to "saved"',
  ]);
  expect(await linesOf({ ...APP, ...page(`${BOTH}await emit('lost');`) })).toEqual([
    'src/main.ts hint event-never-heard "lost": nothing listens to "lost"',
  ]);
});

test('nothing is said where both sides know the event, be it by a part of its name', async () => {
  expect(await linesOf({ ...APP, ...page(BOTH) })).toEqual([]);
  const made = rust(`#[tauri::command]
fn start(app: AppHandle, id: u32) { app.emit(&format!("output-{}", id), 1).unwrap(); }
`);
  const call = "await invoke('start', { id: 1 });\nexport const stop = await listen('output-7', console.log);";
  expect(await linesOf({ ...made, 'src/main.ts': script(call) })).toEqual([]);
});

test('nothing is said of the events of Tauri and of plugins', async () => {
  const listeners =
    "export const a = await listen('tauri://focus', console.log), b = await once('log://log', console.log);";
  expect(await linesOf({ ...APP, ...page(BOTH + listeners) })).toEqual([]);
});

test('nothing is said where a name is made at run time, or where a page listens to nothing', async () => {
  const any = rust(`#[tauri::command]
fn start(app: AppHandle, name: String) { app.emit(&name, 1).unwrap(); app.emit("saved", 1).unwrap(); }
`);
  const call = "await invoke('start', { name: 'a' });\nexport const stop = await listen('anything', console.log);\n";
  const heard = "export const end = await listen('saved', console.log);";
  expect(await linesOf({ ...any, 'src/main.ts': script(call + heard) })).toEqual([]);
  expect(await linesOf({ ...APP, ...page('') })).toEqual([]);
});

test('a function that emits what it is called with is known in files that know nothing of Tauri', async () => {
  const files = (told: string): Files => ({
    ...rust(`mod tell;
mod work;
#[tauri::command]
fn start(app: AppHandle) { work::run(); }
`),
    'src-tauri/src/tell.rs': `use tauri::Emitter;
pub fn send_event<S: Serialize>(event: &str, payload: S) { HANDLE.lock().unwrap().emit(event, payload).unwrap(); }
`,
    'src-tauri/src/work.rs': `pub fn run() { crate::tell::send_event(${told}, 1); }
`,
    ...page("export const a = await listen('done', console.log), b = await listen('elsewhere', console.log);"),
  });
  expect(await linesOf(files('"done"'))).toEqual([
    'src/main.ts hint event-never-emitted "elsewhere": nothing emits "elsewhere"',
  ]);
  // Any event may be meant.
  for (const name of ['next.event_name.as_str()', '&names[0]', 'name()']) {
    expect([name, await linesOf(files(name))]).toEqual([name, []]);
  }
});

test('the fix is the name that is nearest', async () => {
  using project = await Project.open({
    ...APP,
    ...page(`${BOTH}export const other = await listen('note-addd', console.log);`),
  });
  const [fix] = await project.fixes('event-never-emitted');
  expect(fix).toMatchObject({ title: 'Change to "note-added"', isPreferred: true });
  expect(fix?.files['src/main.ts']).toContain("export const other = await listen('note-added', console.log);");
});

const component = (body: string): Files => ({
  'src/main.ts': script(START),
  'src/Notes.tsx': `import { listen } from '@tauri-apps/api/event';
import { useEffect } from 'react';
export function Notes() {
  useEffect(() => {
    ${body}
  }, []);
  return <p />;
}
`,
});

test('a component that listens and throws away what ends it gets a hint', async () => {
  expect(
    await linesOf({
      ...APP,
      ...component("listen('saved', console.log); listen('note-added', console.log).then((stop) => stop());"),
    }),
  ).toEqual([
    'src/Notes.tsx hint unhandled-listener "listen(\'saved\', console.log)": this listener outlives its component: keep what listen resolves to, and call it at the end',
  ]);
});

test('nothing is said of listeners that are ended, nor of those outside of components', async () => {
  const ended =
    "const stop = listen('saved', console.log); const end = listen('note-added', console.log); return () => { stop.then((f) => f()); end.then((f) => f()); };";
  expect(await linesOf({ ...APP, ...component(ended) })).toEqual([]);
  expect(
    await linesOf({ ...APP, ...page("await listen('saved', console.log); await listen('note-added', console.log);") }),
  ).toEqual([]);
});

test('the fix keeps what ends the listener, and ends it with the effect around it', async () => {
  const fixed = async (body: string) => {
    using project = await Project.open({ ...APP, ...component(body) });
    const [fix] = await project.fixes('unhandled-listener');
    return fix && [fix.title, fix.files['src/Notes.tsx']?.split('useEffect(() => {\n')[1]?.split('\n  }, []')[0]];
  };
  expect(await fixed("listen('saved', console.log);")).toEqual([
    'End it with its component',
    `    const unlisten = listen('saved', console.log);
    return () => void unlisten.then((stop) => stop());`,
  ]);
  expect(
    await fixed("const unlisten = 1; const f = () => { return 1; };\n    listen('saved', () => f())\n    start()"),
  ).toEqual([
    'End it with its component',
    `    const unlisten = 1; const f = () => { return 1; };
    const unlisten2 = listen('saved', () => f())
    start()
    return () => void unlisten2.then((stop) => stop());`,
  ]);
  // What it returns is somebody else's, or comes too late.
  for (const body of [
    "listen('saved', console.log).then(() => show());",
    "listen('saved', console.log).catch(console.error);",
    "listen('saved', console.log); return () => {};",
    "(async () => { await listen('saved', console.log); })();",
  ]) {
    expect([body, await fixed(body)]).toEqual([body, undefined]);
  }
});

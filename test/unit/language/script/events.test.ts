/** Events and windows in one file: which names, from where, for whom. */
import { describe, expect, test } from 'vitest';
import { Scripts } from './facts.ts';

/** Each event of a file in one line. */
function eventsIn(text: string, path = 'src/main.ts'): string[] {
  const scripts = new Scripts({ [path]: text });
  return scripts
    .facts(path)
    .events.map(({ role, method, event, pattern, payload, target, isDropped, eventAt }) =>
      [
        `${role} ${method}`,
        event ?? pattern ?? '?',
        `at ${scripts.at(eventAt)}`,
        ...(payload === undefined ? [] : [`of ${payload}`]),
        ...(target === undefined ? [] : [`to ${target}`]),
        ...(isDropped ? ['dropped'] : []),
      ].join(' '),
    );
}

const EVENT = `import { listen, once, emit, emitTo, TauriEvent } from '@tauri-apps/api/event';\n`;
const WINDOW = `import { getCurrentWindow, Window } from '@tauri-apps/api/window';
import { getCurrentWebviewWindow, WebviewWindow } from '@tauri-apps/api/webviewWindow';
import { getCurrentWebview, Webview } from '@tauri-apps/api/webview';\n`;

describe('events', () => {
  test.each<[what: string, text: string, events: string[]]>([
    ['a listener', `const end = await listen<Note>('saved', show);`, ['listen listen saved at saved of Note']],
    ['once', `const end = once('saved', show);`, ['listen once saved at saved']],
    [
      'emitted',
      `emit('saved', note); emit<Note>("it's", note);`,
      ['emit emit saved at saved', `emit emit it's at it's of Note`],
    ],
    [
      'to a window',
      `emitTo('main', 'saved'); emitTo({ kind: 'Window', label: 'side' }, 'saved'); emitTo(label, 'saved')`,
      ['emit emitTo saved at saved to main', 'emit emitTo saved at saved to side', 'emit emitTo saved at saved'],
    ],
    [
      "one of Tauri's",
      `const end = listen(TauriEvent.DRAG_DROP, f);`,
      ['listen listen tauri://drag-drop at TauriEvent.DRAG_DROP'],
    ],
    ['a constant', `const E = { saved: 'saved' }; emit(E.saved)`, ['emit emit saved at E.saved']],
    [
      'made at run time',
      'emit(`agent-output:${id}`); emit(`a.${b}-${c}`); emit(name); emit(`${name}`)',
      [
        'emit emit ^agent-output:.*$ at `agent-output:${id}`',
        'emit emit ^a\\..*-.*$ at `a.${b}-${c}`',
        'emit emit ? at name',
        'emit emit ? at `${name}`',
      ],
    ],
    [
      'with a type of the callback',
      `const end = listen('saved', (event: Event<Note>) => {});`,
      ['listen listen saved at saved of Note'],
    ],
  ])('%s', (_, text, events) => {
    expect(eventsIn(EVENT + text)).toEqual(events);
  });

  test.each<[what: string, text: string, isDropped: boolean]>([
    ['thrown away', `listen('a', f);`, true],
    ['awaited and thrown away', `async () => { await listen('a', f); }`, true],
    ['void', `void listen('a', f)`, true],
    ['its error caught', `listen('a', f).catch(report);`, true],
    ['kept', `const end = listen('a', f);`, false],
    ['kept later', `end = await listen('a', f);`, false],
    ['given back', `const on = () => listen('a', f);`, false],
    ['given on', `listen('a', f).then((end) => ends.push(end));`, false],
    ['among others', `Promise.all([listen('a', f)]);`, false],
    ['that ends by itself', `once('a', f);`, false],
  ])('the result of a listener, %s', (_, text, isDropped) => {
    const scripts = new Scripts({ 'src/main.ts': EVENT + text });
    expect(scripts.facts('src/main.ts').events.map((each) => each.isDropped)).toEqual([isDropped]);
  });

  test.each<[what: string, text: string, events: string[]]>([
    ['the current window', `const end = getCurrentWindow().listen('a', f);`, ['listen listen a at a']],
    [
      'a variable',
      `const w = getCurrentWebviewWindow(); w.emit('a'); w.emitTo('main', 'b')`,
      ['emit emit a at a', 'emit emitTo b at b to main'],
    ],
    ['a webview', `getCurrentWebview().once('a', f)`, ['listen once a at a']],
    [
      'a window that is made',
      `const w = new WebviewWindow('x'); w.once('tauri://created', f)`,
      ['listen once tauri://created at tauri://created'],
    ],
    ['a window that is found', `(await WebviewWindow.getByLabel('x'))?.emit('a')`, ['emit emit a at a']],
    [
      'parameters by their types',
      `import type { Window as Pane } from '@tauri-apps/api/window'; const f = (a: Pane | null, b: WebviewWindow, c: Other) => { a?.emit('a'); b.emit('b'); c.emit('c'); }`,
      ['emit emit a at a', 'emit emit b at b'],
    ],
    ['methods for one event', `getCurrentWindow().onCloseRequested(f); getCurrentWindow().setTitle('x')`, []],
    [
      'version 1',
      `import { appWindow } from '@tauri-apps/api/window'; appWindow.listen('a', f)`,
      ['listen listen a at a dropped'],
    ],
    ['the global', `const end = window.__TAURI__.event.listen('a', f)`, ['listen listen a at a']],
    ['another emitter', `import mitt from 'mitt'; const bus = mitt(); bus.emit('a'); this.$emit('b'); emit('c')`, []],
  ])('of %s', (_, text, events) => {
    expect(eventsIn(WINDOW + text)).toEqual(events);
  });

  test('of bindings that tauri-specta writes', () => {
    const scripts = new Scripts({
      'src/bindings.ts': `
export const events = __makeEvents__<{ noteSaved: NoteSaved }>({ noteSaved: "note-saved" });
export const newer = { noteGone: makeEvent<NoteGone>("note-gone") };
import { listen } from '@tauri-apps/api/event';
function __makeEvents__<T>(names: Record<keyof T, string>) { return new Proxy({}, {}); }`,
      'src/main.ts': `import { events, newer } from './bindings';
const end = events.noteSaved.listen(f); events.noteSaved(getWindow()).emit(note); newer.noteGone.once(f);`,
    });
    const found = scripts.facts('src/main.ts').events.map(({ role, event, payload, literal, eventAt }) => ({
      role,
      event,
      payload,
      literal: scripts.at(literal, 'src/main.ts'),
      eventAt: scripts.at(eventAt),
    }));
    expect(found).toEqual([
      {
        role: 'listen',
        event: 'note-saved',
        payload: 'NoteSaved',
        literal: 'src/bindings.ts: note-saved',
        eventAt: 'events.noteSaved.listen',
      },
      {
        role: 'emit',
        event: 'note-saved',
        payload: 'NoteSaved',
        literal: 'src/bindings.ts: note-saved',
        eventAt: 'events.noteSaved(getWindow()).emit',
      },
      {
        role: 'listen',
        event: 'note-gone',
        payload: 'NoteGone',
        literal: 'src/bindings.ts: note-gone',
        eventAt: 'newer.noteGone.once',
      },
    ]);
  });

  test('of handlers, whose context has the app and the window', () => {
    const text = `import { app, type AppHandle, command } from 'ipc-workbench';
const save = command('save', {}, (_, { app, window }) => { app.emit('saved'); window.emit('here'); app.emitTo('main', 'to'); app.emitFilter('some', f); });
const find = command('find', {}, async (_, context) => { context.app.emit('found'); });
export const tell = (app: AppHandle) => app.emit('told');
export default app({ commands: [save, find], setup(app) { app.listen('start', f); } });`;
    expect(eventsIn(text, 'src-ipc/main.ts')).toEqual([
      'emit emit saved at saved',
      'emit emit here at here',
      'emit emitTo to at to to main',
      'emit emitFilter some at some',
      'emit emit found at found',
      'emit emit told at told',
      'listen listen start at start dropped',
    ]);
  });
});

describe('windows', () => {
  test('get their labels where they are made', () => {
    const text = `${WINDOW}new WebviewWindow('settings', { url: '/' }); new Window(\`note-\${id}\`); new Webview(parent, 'side');
const LABEL = 'about'; new WebviewWindow(LABEL); new WebviewWindow(label); new Other('no');`;
    const scripts = new Scripts({ 'src/main.ts': text });
    const found = scripts
      .facts('src/main.ts')
      .windows.map(({ label, pattern, at, literal }) => [label ?? pattern, scripts.at(at), scripts.at(literal)]);
    expect(found).toEqual([
      ['settings', 'settings', 'settings'],
      ['^note-.*$', '`note-${id}`', undefined],
      ['side', 'side', 'side'],
      ['about', 'LABEL', 'about'],
      [undefined, 'label', undefined],
    ]);
  });

  test('are named where somebody asks for them', () => {
    const text = `${WINDOW}${EVENT}WebviewWindow.getByLabel('a'); Window.getByLabel("b"); emitTo('c', 'x');
emitTo({ kind: 'Webview', label: 'd' }, 'x'); const end = listen('x', f, { target: 'e' });
once('x', f, { target: { kind: 'Window', label: 'g' } }); getByLabel('no');`;
    const scripts = new Scripts({ 'src/main.ts': text });
    const found = scripts.facts('src/main.ts').windowReferences.map(({ label, at }) => [label, scripts.at(at)]);
    expect(found).toEqual(['a', 'b', 'c', 'd', 'e', 'g'].map((label) => [label, label]));
  });

  test('are named where a label is compared', () => {
    const text = `${WINDOW}import { getCurrentWebviewWindow } from '@tauri-apps/api/webviewWindow'; import { OTHER, here } from './here';
const MAIN = 'a'; const { label } = getCurrentWindow(); const isIn = (name) => getCurrentWindow().label === name;
if (getCurrentWebviewWindow().label === MAIN || 'b' !== getCurrentWindow().label || label == 'c' || isIn('d')) f();
switch (getCurrentWebviewWindow()!.label) { case 'e': case OTHER: break; default: f('no'); }
const g = (pane: WebviewWindow | null, menu: Menu) => pane?.label === 'g' && menu.label === 'no' && pane.label > 'no' && pane.title === 'no';
here().label === 'h'; (await WebviewWindow.getByLabel('i'))?.label === id; getCurrentWindow().label === undefined;`;
    const scripts = new Scripts({
      'src/main.ts': text,
      'src/here.ts':
        "import { getCurrentWindow } from '@tauri-apps/api/window'; export const OTHER = 'f'; export const here = () => getCurrentWindow();",
    });
    const found = scripts
      .facts('src/main.ts')
      .windowReferences.map(({ label, at, literal }) => [label, scripts.at(at), scripts.at(literal, 'src/main.ts')]);
    expect(found).toEqual([
      ['d', 'd', 'd'],
      ['i', 'i', 'i'],
      ['a', 'MAIN', 'a'],
      ['b', 'b', 'b'],
      ['c', 'c', 'c'],
      ['e', 'e', 'e'],
      ['f', 'OTHER', 'src/here.ts: f'],
      ['g', 'g', 'g'],
      ['h', 'h', 'h'],
    ]);
  });
});

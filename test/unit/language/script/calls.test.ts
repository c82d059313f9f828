/** Calls of commands in one file: by what names they are called, with which commands and arguments. */
import { describe, expect, test } from 'vitest';
import { callsIn, Scripts } from './facts.ts';

describe('what is called', () => {
  test.each<[what: string, text: string, calls: string[]]>([
    ['an import', `import { invoke } from '@tauri-apps/api/core'; invoke('greet');`, ['invoke -> greet']],
    ['of version 1', `import { invoke } from '@tauri-apps/api/tauri'; invoke('greet');`, ['invoke -> greet']],
    ['of version 1, from the root', `import { invoke } from '@tauri-apps/api'; invoke('greet');`, ['invoke -> greet']],
    [
      'another name, imported at the end',
      `export const greet = () => TAURI_INVOKE("greet");\nimport { invoke as TAURI_INVOKE } from "@tauri-apps/api/core";`,
      ['TAURI_INVOKE -> greet'],
    ],
    [
      'a namespace',
      `import * as core from '@tauri-apps/api/core'; core.invoke('greet'); core.isTauri('x');`,
      ['core.invoke -> greet'],
    ],
    [
      'the namespace of all',
      `import * as api from '@tauri-apps/api'; api.core.invoke('greet');`,
      ['api.core.invoke -> greet'],
    ],
    ['a module of the root', `import { core } from '@tauri-apps/api'; core.invoke('greet');`, ['core.invoke -> greet']],
    ['the global', `window.__TAURI__.core.invoke('greet');`, ['window.__TAURI__.core.invoke -> greet']],
    [
      'the global of version 1',
      `__TAURI__.invoke('greet'); __TAURI__.tauri.invoke('b')`,
      ['__TAURI__.invoke -> greet', '__TAURI__.tauri.invoke -> b'],
    ],
    [
      'the internals',
      `(window as any).__TAURI_INTERNALS__.invoke('greet')`,
      ['(window as any).__TAURI_INTERNALS__.invoke -> greet'],
    ],
    ['an optional global', `window.__TAURI__?.core?.invoke('greet')`, ['window.__TAURI__?.core?.invoke -> greet']],
    ['taken out of the global', `const { invoke } = window.__TAURI__.core; invoke('greet');`, ['invoke -> greet']],
    ['taken out deeper', `const { core: { invoke: call } } = window['__TAURI__']; call('greet');`, ['call -> greet']],
    [
      'a dynamic import',
      `const { invoke } = await import('@tauri-apps/api/core'); invoke('greet')`,
      ['invoke -> greet'],
    ],
    [
      'a member of one',
      `(await import('@tauri-apps/api/core')).invoke('greet')`,
      [`(await import('@tauri-apps/api/core')).invoke -> greet`],
    ],
    [
      'the callback of one',
      `import('@tauri-apps/api/core').then(({ invoke }) => invoke('greet')); import('x').then(({ invoke }) => invoke('no'))`,
      ['invoke -> greet'],
    ],
    ['require', `const { invoke } = require('@tauri-apps/api/core'); invoke('greet')`, ['invoke -> greet']],
    [
      'assigned later',
      `let invoke; if (inTauri) { ({ invoke } = await import('@tauri-apps/api/core')); } await invoke('greet');`,
      ['invoke -> greet'],
    ],
    ['either of two', `const invoke = window.__TAURI__?.core.invoke ?? fake; invoke('greet');`, ['invoke -> greet']],
    ['nobody declares it', `invoke('greet')`, ['invoke -> greet']],
  ])('%s', (_, text, calls) => {
    expect(callsIn(text)).toEqual(calls);
  });

  test.each([
    ['a function of its own', `function invoke(name: string) { return name; } invoke('greet');`],
    ['a variable of its own', `import { tauri } from 'x'; const invoke = (name) => name; invoke('greet');`],
    ['a parameter', `export const run = (invoke: (name: string) => void) => invoke('greet');`],
    ['Electron', `import { ipcRenderer } from 'electron'; ipcRenderer.invoke('greet');`],
    ['SignalR', `const connection = new HubConnectionBuilder().build(); connection.invoke('greet');`],
    ['another package', `import { invoke } from 'lodash'; invoke('greet');`],
    ['an import that only has types', `import type { invoke } from '@tauri-apps/api/core'; (invoke as any)('greet');`],
    ['a comment', `// invoke('greet')\n/* invoke('greet') */ const text = "invoke('greet')";`],
    ['an inner name', `import { invoke } from '@tauri-apps/api/core'; { const invoke = (x) => x; invoke('greet'); }`],
  ])('not %s', (_, text) => {
    expect(callsIn(text)).toEqual([]);
  });
});

describe('its command', () => {
  const IMPORT = `import { invoke } from '@tauri-apps/api/core';\n`;

  test.each<[what: string, text: string, calls: string[]]>([
    ['a template without holes', 'invoke(`greet`)', ['invoke -> greet']],
    ['a constant', `const GREET = 'greet'; invoke(GREET)`, ['invoke -> greet']],
    [
      'a member',
      `const Commands = { greet: 'greet', deep: { note: 'add_note' } } as const; invoke(Commands.greet); invoke(Commands.deep.note)`,
      ['invoke -> greet', 'invoke -> add_note'],
    ],
    ['a frozen object', `const C = Object.freeze({ greet: 'greet' }); invoke(C['greet'])`, ['invoke -> greet']],
    [
      'an enum',
      `enum InvokeCommand { GetClipboards = 'get_clipboards' } invoke(InvokeCommand.GetClipboards)`,
      ['invoke -> get_clipboards'],
    ],
    ['one of two', `invoke(isOn ? 'stop' : 'start')`, ['invoke -> stop', 'invoke -> start']],
    ['with a type', `invoke(('greet' as const) satisfies string)`, ['invoke -> greet']],
    [
      'put together',
      "const P = 'plugin:notes|'; invoke(`${P}add`); invoke(P + 'find')",
      ['invoke -> plugin:notes|add', 'invoke -> plugin:notes|find'],
    ],
    [
      'of run time',
      'invoke(name); invoke(`get_${kind}`); invoke(names[index])',
      ['invoke -> ?', 'invoke -> ?', 'invoke -> ?'],
    ],
    [
      'of an object that is changed',
      `const C = { greet: 'greet' }; C.greet = other(); invoke(C.greet)`,
      ['invoke -> ?'],
    ],
  ])('%s', (_, text, calls) => {
    expect(callsIn(IMPORT + text)).toEqual(calls);
  });

  test('stands where it is written in the call, also where a constant has its string', () => {
    const scripts = new Scripts({ 'src/main.ts': `${IMPORT}const ADD = 'add';\ninvoke(ADD);` });
    const [call] = scripts.facts('src/main.ts').calls;
    expect([scripts.at(call?.commandAt), scripts.at(call?.literal)]).toEqual(['ADD', 'add']);
  });

  test('and the string that has it', () => {
    const scripts = new Scripts({
      'src/main.ts': `${IMPORT}const ADD = 'add';\ninvoke(on ? 'a' : ADD, {});\r\ninvoke<Note[]>("\u2028b");`,
    });
    const calls = scripts.facts('src/main.ts').calls.map(({ at, commandAt, literal, typeArgument }) => ({
      at: scripts.at(at),
      commandAt: scripts.at(commandAt),
      literal: scripts.at(literal),
      type: scripts.at(typeArgument?.at),
    }));
    expect(calls).toEqual([
      { at: `invoke(on ? 'a' : ADD, {})`, commandAt: 'a', literal: 'a', type: undefined },
      { at: `invoke(on ? 'a' : ADD, {})`, commandAt: `on ? 'a' : ADD`, literal: 'add', type: undefined },
      { at: 'invoke<Note[]>("\u2028b")', commandAt: '\u2028b', literal: '\u2028b', type: 'Note[]' },
    ]);
  });
});

test('what a function is given after its name, by its place', () => {
  const text = `import { invoke } from '@tauri-apps/api/core';
    const call = (command, ...args) => invoke(command, args[0]); call('greet', { name: 'a' }); call('leave');`;
  expect(callsIn(text).slice(1)).toEqual(['call -> greet {name}', 'call -> leave']);
});

describe('a method of a class that passes on', () => {
  const files = {
    'app/package.json': '{ "name": "app" }',
    'app/src/backend.ts': `import { invoke as call } from '@tauri-apps/api/core';
      export interface Backend { invoke<T>(name: string, args?: object): Promise<T> }
      export class TauriBackend implements Backend { async invoke<T>(name: string, args?: object) { return call<T>(name, args); } }
      export class MockBackend implements Backend { async invoke(name: string) { return undefined as never; } }`,
    'app/src/notes.ts': `import type { Backend } from './backend';
      export class Notes { constructor(private backend: Backend) {} add = (text: string) => this.backend.invoke('add_note', { text }); }
      export const find = (backend: Backend, text: string) => backend.invoke<string[]>('find_notes', { text });`,
    'other/package.json': '{ "name": "other" }',
    'other/main.ts': `ipcRenderer.invoke('not-tauri');`,
  };

  test('is called through objects that types alone tell', () => {
    const scripts = new Scripts(files);
    expect(scripts.calls('app/src/notes.ts')).toEqual([
      'this.backend.invoke -> add_note {text}',
      'backend.invoke -> find_notes {text}',
    ]);
  });

  test('is none of those of other packages', () => {
    expect(new Scripts(files).calls('other/main.ts')).toEqual([]);
  });

  test('is looked for anew when classes come and go', () => {
    const scripts = new Scripts(files);
    expect(scripts.calls('app/src/notes.ts')).toHaveLength(2);
    scripts.set('app/src/backend.ts', 'export class MockBackend { async invoke(name: string) {} }');
    expect(scripts.calls('app/src/notes.ts')).toEqual([]);
    scripts.set('app/src/backend.ts', files['app/src/backend.ts']);
    expect(scripts.calls('app/src/notes.ts')).toHaveLength(2);
  });
});

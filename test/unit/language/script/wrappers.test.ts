/** Functions of a project that pass commands on, and names that come from other files. */
import { describe, expect, test } from 'vitest';
import { type Files, Scripts } from './facts.ts';

const CORE = `import { invoke } from '@tauri-apps/api/core';\n`;

describe('a function that passes its parameters on', () => {
  test.each<[what: string, text: string, calls: string[]]>([
    [
      'declared',
      `function call(name, args) { return invoke(name, args); } call('greet', { id });`,
      ['call -> greet {id}'],
    ],
    [
      'an arrow',
      `const call = async <T>(name: string) => (await invoke(name)) as T; call('greet', { id });`,
      ['call -> greet'],
    ],
    [
      'of an object',
      `const api = { call(name, args) { return invoke(name, args); }, get: (name) => invoke(name) }; api.call('a', { x: 1 }); api.get('b')`,
      ['api.call -> a {x}', 'api.get -> b'],
    ],
    [
      'of a class',
      `class Api { static call(n) { return invoke(n); } get(n) { return invoke(n); } all() { this.get('a'); } } Api.call('b'); new Api().get('c'); const api = new Api(); api.get('d')`,
      ['this.get -> a', 'Api.call -> b', 'new Api().get -> c', 'api.get -> d'],
    ],
    [
      'with a prefix',
      'const call = (name, args) => invoke(`plugin:notes|${name}`, args); call("add", {})',
      ['call -> plugin:notes|add {}'],
    ],
    [
      'with all it is given',
      `const call = (...args) => invoke(...args); call('greet', { id });`,
      ['call -> greet {id}'],
    ],
    [
      'with the rest',
      `const call = (name, ...rest) => invoke(name, rest[0]); call('greet', { id }); call('b')`,
      ['call -> greet {id}', 'call -> b'],
    ],
    [
      'with more arguments',
      `const call = (name, args) => invoke(name, { ...args, session }); call('greet', { id });`,
      ['call -> greet {id, …}'],
    ],
    ['with others', `const call = (name, id) => invoke(name, { id }); call('greet', 1);`, ['call -> greet …']],
    [
      'with none',
      `const call = (name, args) => invoke(name, args ?? {}); call('greet'); call('b', { x })`,
      ['call -> greet', 'call -> b {x}'],
    ],
    [
      'in a function of its own',
      `function useCommand(name, args) { return useQuery({ queryFn: () => invoke(name, args) }); } useCommand('greet', { id })`,
      ['useCommand -> greet {id}'],
    ],
    ['in a hook', `const call = useCallback((name, args) => invoke(name, args), []); call('greet')`, ['call -> greet']],
    [
      'twice',
      `async function call(name) { try { return await invoke(name); } catch { return invoke(name); } } call('greet')`,
      ['call -> greet'],
    ],
    [
      'made by another',
      `const maker = (plugin) => (name) => invoke(\`plugin:\${plugin}|\${name}\`); const call = maker('fs'); call('read');`,
      ['call -> plugin:fs|read'],
    ],
    [
      'through another',
      `const inner = (n, a) => invoke(n, a); const outer = (n, a) => inner(n, a); outer('greet', { id })`,
      ['outer -> greet {id}'],
    ],
    [
      'from an object',
      `const call = ({ cmd, args }) => invoke(cmd, args); call({ cmd: 'greet', args: { id } })`,
      ['call -> greet {id}'],
    ],
    [
      'that is given back',
      `const useIpc = () => ({ invoke }); const { invoke: run } = useIpc(); run('greet')`,
      ['run -> greet'],
    ],
    ['but not what it only logs', `const save = (name) => { invoke('save'); log(name); }; save('greet')`, []],
    ['and calls itself', `const call = (n) => n ? invoke(n) : call(n); call('greet')`, ['call -> greet']],
  ])('%s', (_, text, calls) => {
    const scripts = new Scripts({ 'src/main.ts': CORE + text });
    const inside = /^(?:invoke|inner|call -> \?)/;
    expect(scripts.calls('src/main.ts').filter((each) => !inside.test(each))).toEqual(calls);
  });

  test('has places in the call, and its type argument', () => {
    const scripts = new Scripts({
      'src/api.ts': `${CORE}export const call = <T,>(name: string, args?: object) => invoke<T>(name, args);
export const find = <Row,>(name: string) => invoke<Row[]>(name);`,
      'src/main.ts': `import { call, find } from './api'; import { ADD } from './names';
export function start() { call<Note>('greet', { id: 1 }); call(ADD); find<Note>('all'); }`,
      'src/names.ts': `export const ADD = 'add';`,
    });
    const found = scripts.facts('src/main.ts').calls.map(({ at, commandAt, literal, args, typeArgument, caller }) => ({
      at: scripts.at(at),
      commandAt: scripts.at(commandAt),
      literal: scripts.at(literal, 'src/main.ts'),
      args: args.kind === 'object' ? scripts.at(args.at) : args.kind,
      type: typeArgument?.text,
      caller,
    }));
    expect(found).toEqual([
      {
        at: `call<Note>('greet', { id: 1 })`,
        commandAt: 'greet',
        literal: 'greet',
        args: '{ id: 1 }',
        type: 'Note',
        caller: 'start',
      },
      {
        at: 'call(ADD)',
        commandAt: 'ADD',
        literal: 'src/names.ts: add',
        args: 'none',
        type: undefined,
        caller: 'start',
      },
      { at: `find<Note>('all')`, commandAt: 'all', literal: 'all', args: 'none', type: undefined, caller: 'start' },
    ]);
  });

  test('leads events and windows as well', () => {
    const scripts = new Scripts({
      'src/hooks.ts': `import { listen } from '@tauri-apps/api/event'; import { WebviewWindow } from '@tauri-apps/api/webviewWindow';
export function useEvent<T>(name: string, handler: (payload: T) => void) { useEffect(() => { const end = listen<T>(name, (e) => handler(e.payload)); return () => end.then((f) => f()); }, []); }
export const open = (label: string) => new WebviewWindow(label, { url: '/' + label });`,
      'src/main.ts': `import { open, useEvent } from './hooks'; useEvent<Note>('saved', show); open('about');`,
    });
    const { events, windows } = scripts.facts('src/main.ts');
    expect(events.map(({ event, payload, isDropped }) => [event, payload, isDropped])).toEqual([
      ['saved', 'Note', false],
    ]);
    expect(windows.map(({ label, at }) => [label, scripts.at(at)])).toEqual([['about', 'about']]);
  });
});

describe('a name of another file', () => {
  const API = `${CORE}export { invoke };\nexport const call = (name, args) => invoke(name, args);\nexport default call;
export const Commands = { greet: 'greet' } as const;\nexport enum Names { Add = 'add' }`;

  test.each<[what: string, files: Files, calls: string[]]>([
    [
      'beside it',
      { 'src/main.ts': `import { invoke, Commands, Names } from './api'; invoke(Commands.greet); invoke(Names.Add)` },
      ['invoke -> greet', 'invoke -> add'],
    ],
    ['its default', { 'src/main.ts': `import run from './api.js'; run('greet')` }, ['run -> greet']],
    [
      'as a namespace',
      { 'src/main.ts': `import * as api from './api'; api.call(api.Commands.greet)` },
      ['api.call -> greet'],
    ],
    [
      'of a folder',
      { 'src/main.ts': `import { call } from './lib'; call('greet')`, 'src/lib/index.ts': `export * from '../api';` },
      ['call -> greet'],
    ],
    [
      'under another name',
      {
        'src/main.ts': `import { run } from './lib'; run('greet')`,
        'src/lib.ts': `export { call as run } from './api';`,
      },
      ['run -> greet'],
    ],
    [
      'as a namespace that is passed on',
      {
        'src/main.ts': `import { api } from './lib'; api.call('greet')`,
        'src/lib.ts': `export * as api from './api';`,
      },
      ['api.call -> greet'],
    ],
    [
      'around a circle',
      {
        'src/main.ts': `import { call } from './a'; call('greet')`,
        'src/a.ts': `export * from './b';`,
        'src/b.ts': `export * from './a'; export * from './api';`,
      },
      ['call -> greet'],
    ],
    [
      'with a dynamic import',
      { 'src/main.ts': `const { call } = await import('./api'); call('greet')` },
      ['call -> greet'],
    ],
    [
      'by paths of tsconfig.json',
      {
        'src/deep/main.ts': `import { call } from '~lib/api'; call('greet')`,
        'tsconfig.json': `{ // comment\n "compilerOptions": { "paths": { "~lib/*": ["./src/*"] } } }`,
      },
      ['call -> greet'],
    ],
    [
      'by paths of a configuration that is extended',
      {
        'src/deep/main.ts': `import { call } from 'api'; call('greet')`,
        'tsconfig.json': `{ "extends": "./base/tsconfig.base" }`,
        'base/tsconfig.base.json': `{ "compilerOptions": { "baseUrl": "../src" } }`,
      },
      ['call -> greet'],
    ],
    [
      'by imports of package.json',
      {
        'src/deep/main.ts': `import { call } from '#lib/api.js'; call('greet')`,
        'package.json': `{ "imports": { "#lib/*": { "types": "./types/*", "default": "./src/*" } } }`,
      },
      ['call -> greet'],
    ],
    [
      'by the usual aliases',
      { 'src/deep/main.ts': `import { call } from '@/api'; import { Commands } from '~/api'; call(Commands.greet)` },
      ['call -> greet'],
    ],
    [
      "by SvelteKit's alias",
      { 'src/deep/main.ts': `import { call } from '$lib/api'; call('greet')`, 'src/lib/api.ts': API },
      ['call -> greet'],
    ],
    [
      'by another package',
      {
        'src/deep/main.ts': `import { call } from '@app/api'; call('greet')`,
        'packages/api/package.json': `{ "name": "@app/api", "main": "./dist/index.js" }`,
        'packages/api/src/index.ts': API,
      },
      ['call -> greet'],
    ],
    [
      'in JavaScript of Node',
      {
        'src/main.cjs': `const { call } = require('./old.cjs'); call('greet')`,
        'src/old.cjs': `const { invoke } = require('@tauri-apps/api/core'); exports.call = (name) => invoke(name);`,
      },
      ['call -> greet'],
    ],
    [
      'but not of its own name',
      {
        'src/main.ts': `import { invoke } from './other'; invoke('greet')`,
        'src/other.ts': `export function invoke(name) { return name; }`,
      },
      [],
    ],
    ['nor of a package', { 'src/main.ts': `import { call } from 'somewhere'; call('greet')` }, []],
  ])('%s', (_, files, calls) => {
    const [path = ''] = Object.keys(files);
    expect(new Scripts({ 'src/api.ts': API, ...files }).calls(path)).toEqual(calls);
  });
});

describe('the index', () => {
  const files: Files = {
    'src/api.ts': `${CORE}export const call = (name: string) => invoke(name);`,
    'src/a.ts': `import { call } from './api'; call('a');`,
    'src/b.ts': `${CORE}invoke('b');`,
    'src/c.ts': `export const nothing = 1;`,
  };

  test('gives the same facts where nothing changed', () => {
    const scripts = new Scripts(files);
    const before = Object.keys(files).map((path) => scripts.facts(path));
    scripts.set('src/c.ts', 'export const nothing = 2;');
    scripts.set('src/api.ts', `${files['src/api.ts']}\nexport const other = 1;`);
    const after = Object.keys(files).map((path) => scripts.facts(path));
    expect(after.map((each, index) => each === before[index])).toEqual([true, true, true, true]);
  });

  test('sees of another file what it exports, and where names stand in it', () => {
    const scripts = new Scripts({
      'src/names.ts': `export const ADD = 'add';\nexport const other = 1;`,
      'src/main.ts': `${CORE}import { ADD } from './names'; invoke(ADD);`,
    });
    const line = () => scripts.facts('src/main.ts').calls[0]?.literal?.range.start.line;
    const before = scripts.facts('src/main.ts');
    scripts.set('src/names.ts', `export const ADD = 'add';\nexport const other = 22;\n`);
    expect(scripts.facts('src/main.ts')).toBe(before);
    scripts.set('src/names.ts', `\nexport const ADD = 'add';`);
    expect(line()).toBe(1);
    scripts.set('src/names.ts', `export const ADD = 'remove';`);
    expect(scripts.calls('src/main.ts')).toEqual(['invoke -> remove']);
  });

  test('follows what changes: functions, names, files that come and go', () => {
    const scripts = new Scripts(files);
    expect(scripts.calls('src/a.ts')).toEqual(['call -> a']);
    scripts.set('src/api.ts', `export const call = (name: string) => name; // ${CORE}`);
    expect(scripts.calls('src/a.ts')).toEqual([]);
    scripts.delete('src/api.ts');
    expect(scripts.calls('src/a.ts')).toEqual([]);
    scripts.set('src/api/index.ts', `${CORE}export { invoke as call };`);
    expect(scripts.calls('src/a.ts')).toEqual(['call -> a']);
    scripts.set('src/a.ts', `import { call } from '#api'; call('again');`);
    expect(scripts.calls('src/a.ts')).toEqual([]);
    scripts.set('package.json', `{ "imports": { "#api": "./src/api/index.ts" } }`);
    expect(scripts.calls('src/a.ts')).toEqual(['call -> again']);
  });
});

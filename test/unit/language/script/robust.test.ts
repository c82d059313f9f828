/** Code that is being typed, and code that nobody should have to read. */
import { describe, expect, test } from 'vitest';
import { readScript } from '#server/script/index.ts';
import { cpuMs } from '../../../cpu.ts';
import { Scripts } from './facts.ts';

const CORE = `import { invoke } from '@tauri-apps/api/core';\n`;

test('calls through names that every object has are calls like others', () => {
  const code = `${CORE}const { toString, hasOwnProperty } = Object.prototype;
const args = { id: 1 };
toString.call(args); hasOwnProperty.call(args, 'id'); constructor.of(args); __proto__.test(args);
invoke('greet');`;
  expect(new Scripts({ 'src/main.ts': code }).calls('src/main.ts')).toEqual(['invoke -> greet']);
});

describe('while a file has syntax errors', () => {
  const API = `${CORE}export const Commands = { greet: 'greet' };\nexport const call = (name: string) => invoke(name);`;
  const MAIN = `import { call, Commands } from './api'; call(Commands.greet);`;

  test('what it exported still counts', () => {
    const scripts = new Scripts({ 'src/api.ts': API, 'src/main.ts': MAIN });
    expect(scripts.calls('src/main.ts')).toEqual(['call -> greet']);
    scripts.set('src/api.ts', `${CORE}export const Commands = { greet: 'gr`);
    expect(scripts.calls('src/main.ts')).toEqual(['call -> gr']);
    scripts.set('src/api.ts', `${CORE}expo const Commands = { greet: `);
    expect(scripts.calls('src/main.ts')).toEqual(['call -> greet']);
    scripts.set('src/api.ts', CORE);
    expect(scripts.calls('src/main.ts')).toEqual([]);
  });

  test('so do its handlers and where they are registered', () => {
    const file = 'src-ipc/main.ts';
    const good = `import { app, command } from 'ipc-workbench';
const a = command('a', {}, () => 1);
const b = command('b', {}, () => 1);
export default app({ commands: [a] });`;
    const scripts = new Scripts({ [file]: good });
    const found = () => scripts.facts(file).commands.map(({ name, isRegistered }) => `${name} ${isRegistered}`);
    expect(found()).toEqual(['a true', 'b false']);
    scripts.set(file, `import { app, command } from 'ipc-workbench';\nconst a = command('a', {}, () => {`);
    expect(found().toSorted()).toEqual(['a true', 'b false']);
    scripts.set(file, good.replace(`'b'`, `'c'`));
    expect(found()).toEqual(['a true', 'c false']);
  });

  test('its calls are those of the text as it is', () => {
    const scripts = new Scripts({ 'src/main.ts': `${CORE}invoke('a'); invoke('b', { x: 1 });` });
    scripts.facts('src/main.ts');
    scripts.set('src/main.ts', `${CORE}invoke('a'); invoke('b', { x: , y: 2 }); invoke('`);
    expect(scripts.calls('src/main.ts')).toEqual(['invoke -> a', 'invoke -> b {x, y}', 'invoke -> ']);
    const [, , last] = scripts.facts('src/main.ts').calls;
    expect(last?.commandAt.range).toEqual({ start: { line: 1, character: 49 }, end: { line: 1, character: 49 } });
  });
});

describe('hostile text', () => {
  const many = (text: string, count: number) => text.repeat(count);

  test.each<[what: string, path: string, text: string]>([
    ['one line of 10 MB', 'a.ts', `${CORE}const a = "${many('x', 10_000_000)}"; invoke('a');`],
    ['deep nesting', 'a.ts', `${CORE}invoke('a', ${many('[', 100_000)}`],
    ['deep calls', 'a.ts', `${CORE}${many('invoke(', 50_000)}`],
    ['a long chain', 'a.ts', `${CORE}invoke('a')${many('.then(f)', 20_000)}`],
    ['a long sum', 'a.ts', `${CORE}invoke(${many(`'a' + `, 50_000)}'b')`],
    [
      'names that lead to each other',
      'a.ts',
      `${CORE}${Array.from({ length: 2000 }, (_, at) => `const a${at} = { x: a${(at + 1) % 2000}, y: a${(at + 7) % 2000} };`).join('')} invoke(a0.x.y.x);`,
    ],
    [
      'functions that call each other',
      'a.ts',
      `${CORE}${Array.from({ length: 300 }, (_, at) => `function f${at}(n) { f${(at + 1) % 300}(n); f${(at + 2) % 300}(n); invoke(n); }`).join('')} f0('a');`,
    ],
    ['braces without an end', 'a.svelte', many('{', 500_000)],
    ['tags without an end', 'a.svelte', many('<a b="{', 100_000)],
    ['scripts without an end', 'a.html', many('<script>', 100_000)],
    ['comments without an end', 'a.vue', many('<!-- ', 100_000)],
    ['mustaches without an end', 'a.vue', many('{{ `${', 100_000)],
    ['attributes', 'a.vue', `<a ${many(':a="b" ', 100_000)}`],
    ['imports without an end', 'a.ts', many(`import "`, 100_000)],
    ['exports without an end', 'a.ts', many('export {', 100_000)],
    ['spaces', 'a.ts', `export${many(' ', 900_000)}`],
  ])('%s is read in time, and nothing is thrown', (_, path, text) => {
    const scripts = new Scripts({ 'b.ts': `export * from './a';` });
    const ms = cpuMs(() => {
      // What mentions nothing of Tauri is not read.
      scripts.set(path, path.endsWith('.ts') ? text : `<script>${CORE}</script>${text}`);
      scripts.facts(path);
      scripts.facts('b.ts');
    });
    expect(ms).toBeLessThan(4000);
  });

  test('what is too long or too deep has no facts, and others keep theirs', () => {
    const scripts = new Scripts({
      'a.ts': `${CORE}invoke('a');${' '.repeat(1_048_576)}`,
      'b.ts': `${CORE}invoke('b');`,
    });
    expect(scripts.calls('a.ts')).toEqual([]);
    expect(scripts.calls('b.ts')).toEqual(['invoke -> b']);
  });

  test('any text can be read', () => {
    for (const path of ['', 'a', '/a.ts', '/.vue', '/a.d.ts'])
      expect(() => readScript(path, `${CORE}<{`).reading).not.toThrow();
  });
});

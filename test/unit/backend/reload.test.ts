import { rmSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { cleanUp, rejection, setUp, start, write } from './harness.ts';

cleanUp();

const main = (body: string, top = '') => `
import { app, command } from 'ipc-workbench';
${top}
export default app({ commands: [${body}] });
`;
const version = (name: string) => main(`command('version', {}, () => '${name}')`);

test('a save puts the new code in place', async () => {
  const { backend, folder, page, until } = await start({ files: { 'src-ipc/main.ts': version('one') }, watch: true });
  const window = page();
  expect(await window.invoke('version')).toBe('one');
  let loads = 0;
  backend.onLoaded(() => loads++);
  write(folder, 'src-ipc/main.ts', version('two'));
  await until(() => loads === 1);
  expect(await window.invoke('version')).toBe('two');
});

test('a save of an imported file counts, one that changes nothing does not', async () => {
  const files = {
    'src-ipc/main.ts': main(`command('version', {}, () => name)`, `import { name } from './lib/name.js';`),
    'src-ipc/lib/name.ts': `export const name: string = 'one';`,
  };
  const { backend, folder, page, until } = await start({ files, watch: true });
  const window = page();
  expect(await window.invoke('version')).toBe('one');
  let loads = 0;
  backend.onLoaded(() => loads++);
  write(folder, 'src-ipc/lib/name.ts', files['src-ipc/lib/name.ts']);
  write(folder, 'src-ipc/lib/unrelated.ts', 'export {}');
  write(folder, 'src-ipc/lib/name.ts', `export const name: string = 'two';`);
  await until(() => loads > 0);
  expect(await window.invoke('version')).toBe('two');
  expect(loads).toBe(1);
});

test('code that does not load leaves the old code in place, and is tried again when it is saved', async () => {
  const { backend, folder, page, until, errors } = await start({
    files: { 'src-ipc/main.ts': version('one') },
    watch: true,
  });
  const window = page();
  write(folder, 'src-ipc/main.ts', `${version('two')}\nconst broken = ;\n`);
  await until(() => errors.length === 1);
  expect(errors).toEqual([
    { message: 'Syntax error: Expression expected', file: 'src-ipc/main.ts', line: 6, column: 16 },
  ]);
  expect(await window.invoke('version')).toBe('one');
  expect(backend.state.kind).toBe('running');
  write(folder, 'src-ipc/main.ts', version('one'));
  let loaded = false;
  backend.onLoaded(() => {
    loaded = true;
  });
  await until(() => loaded);
  expect(await window.invoke('version')).toBe('one');
});

test('a file that was missing is noticed when it comes, also in a folder that was missing', async () => {
  const { backend, folder, page, until, errors } = await setUp({
    files: { 'src-ipc/main.ts': main(`command('version', {}, () => name)`, `\nimport { name } from './lib/name';`) },
    watch: true,
  });
  expect(await backend.start()).toBe(false);
  expect(errors).toEqual([{ message: 'Cannot find file "./lib/name".', file: 'src-ipc/main.ts', line: 4, column: 22 }]);
  expect(await rejection(page().invoke('version'))).toBe(
    'The backend could not run "version": it did not load: Cannot find file "./lib/name".',
  );
  write(folder, 'src-ipc/lib/name.ts', `export const name = 'found';`);
  await until(() => backend.state.kind === 'running');
  expect(await page('other').invoke('version')).toBe('found');
});

test('a reload answers the calls that still run, aborts them, and keeps the windows', async () => {
  const { core, backend, page, until } = await start();
  const window = page();
  const other = page('other');
  for (const event of ['waiting', 'aborted']) await other.listen(event);
  const first = await window.invoke('pid');
  const running = rejection(window.invoke('until_aborted'));
  await until(() => other.heard.length === 1);
  expect(await backend.reload()).toBe(true);
  expect(await window.invoke('pid')).not.toBe(first);
  expect(await running).toBe('The backend was reloaded while "until_aborted" was running.');
  expect([...core.windows.keys()]).toEqual(['main', 'other']);
});

test('a reload lets calls end that are about to', async () => {
  const { backend, folder, page, until } = await start({
    files: {
      'src-ipc/main.ts': main(`
        command('wait', {}, (_, { app }) => { app.emit('waiting'); return new Promise((done) => app.once('go', () => done('done'))); })`),
    },
  });
  const window = page();
  await window.listen('waiting');
  const waiting = window.invoke('wait');
  await until(() => window.heard.length === 1);
  backend.onLoaded(() => void window.invoke('plugin:event|emit', { event: 'go' }));
  await backend.reload();
  expect(await waiting).toBe('done');
  rmSync(join(folder, 'src-ipc'), { recursive: true });
});

test('only the newest of several reloads takes over', async () => {
  const { backend, page } = await start();
  const reloads = [backend.reload(), backend.reload(), backend.reload()];
  expect(await Promise.all(reloads)).toEqual([false, false, true]);
  expect(await page().invoke('greet', { name: 'Ada' })).toBe('Hello, Ada!');
});

test('replaced code is told to drop its plugins', async () => {
  const { backend, lines, until } = await start();
  await backend.reload();
  await until(() => lines.length > 0);
  expect(lines).toEqual(['info: watcher dropped']);
});

test('the state tells what happens', async () => {
  const { backend } = await setUp();
  const states: string[] = [];
  backend.onStateChanged(({ kind }) => states.push(kind));
  expect(backend.state).toEqual({ kind: 'idle' });
  await backend.start();
  expect(backend.state).toEqual({ kind: 'running', pid: expect.any(Number), inspectorPort: undefined });
  backend.dispose();
  expect(states).toEqual(['starting', 'running', 'disposed']);
});

test('a debugger finds the process at a port, also while its code has not begun', async () => {
  const { backend, page, lines } = await start();
  const { port } = await backend.debug();
  const targets = (await (await fetch(`http://127.0.0.1:${port}/json/list`)).json()) as { type: string }[];
  expect(targets.map(({ type }) => type)).toEqual(['node']);
  const window = page();
  expect(await window.invoke('greet', { name: 'Ada' })).toBe('Hello, Ada!');
  expect(await backend.endDebug()).toBe(true);
  expect(backend.state).toEqual({ kind: 'running', pid: expect.any(Number), inspectorPort: undefined });
  expect(lines.filter((line) => !line.endsWith('watcher dropped'))).toEqual([]);
  const waiting = await backend.debug({ wait: true });
  expect(waiting.port).toBeGreaterThan(0);
  // The code before it serves on: the new one waits for its debugger.
  expect(await window.invoke('greet', { name: 'Ada' })).toBe('Hello, Ada!');
});

test('code that ends its process while it loads is tried again when any file of it is saved', async () => {
  const { backend, folder, page, until, errors } = await setUp({
    files: {
      'src-ipc/main.ts': main(`command('version', {}, () => name)`, `import { name } from './lib/name.ts';`),
      'src-ipc/lib/name.ts': `export const name = 'exit';\nprocess.exit(1);`,
    },
    watch: true,
  });
  expect(await backend.start()).toBe(false);
  expect(errors).toEqual([{ message: 'It ended while it loaded: it exited with code 1.' }]);
  write(folder, 'src-ipc/lib/name.ts', `export const name = 'fixed';`);
  await until(() => backend.state.kind === 'running');
  expect(await page().invoke('version')).toBe('fixed');
});

test('capabilities that the code added go with it, and do not pile up', async () => {
  const adding = (permission: string) => `
import { app, command } from 'ipc-workbench';
export default app({
  setup: (app) => app.addCapability({ identifier: 'more', windows: ['main'], permissions: ['${permission}'] }),
  commands: [command('one', { permissions: ['own:one'] }, () => 1), command('two', { permissions: ['own:two'] }, () => 2)],
});
`;
  const { core, backend, folder, page } = await start({
    files: { 'src-ipc/main.ts': adding('own:one') },
    capabilities: [],
  });
  const window = page();
  core.addCapability({ identifier: 'host', windows: ['main'], permissions: ['own:host'] });
  expect(await window.invoke('one')).toBe(1);
  write(folder, 'src-ipc/main.ts', adding('own:two'));
  for (let n = 0; n < 2; n++) expect(await backend.reload()).toBe(true);
  expect(await window.invoke('two')).toBe(2);
  expect(await rejection(window.invoke('one'))).toMatch(/^Permission denied: own:one is not granted/);
  expect(core.authority.grants.capabilitiesOf('main').sort()).toEqual(['host', 'more']);
  backend.dispose();
  expect(core.authority.grants.capabilitiesOf('main')).toEqual(['host']);
});

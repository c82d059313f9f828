/** What keeps files from being read, and many of them. */
import { expect, test } from 'vitest';
import type { RustReader } from '#server/rust/index.ts';
import type { ReadingPass } from '#server/workspace/pass.ts';
import { call, command, config, crate, createReader, TestWorkspace } from './workspaces.ts';

const MANY = 10_000;

function manyFiles(): Record<string, string | object> {
  const files: Record<string, string | object> = { 'src-tauri/tauri.conf.json': config('many') };
  for (let index = 0; index < MANY; index++)
    files[`src/part${index % 100}/file${index}.ts`] = `export const n = ${index};`;
  return files;
}

test('ten thousand files are read once each, as one change, and who asks does not wait for all of them', async () => {
  let pass: ReadingPass | undefined;
  const app = new TestWorkspace(manyFiles(), { began: (begun) => (pass ??= begun) });
  app.openDocument('src/part7/file7.ts', call('typed'));
  app.show('.');
  // As soon as it is known which files there are.
  await expect.poll(() => pass?.done, { interval: 1 }).toBeGreaterThan(0);
  await app.workspace.ready(app.path('src/part7/file7.ts'), 0);
  expect(app.workspace.isSettled).toBe(false);
  expect([...(app.workspace.projectOf(app.path('src/part7/file7.ts'))?.calls.keys() ?? [])]).toEqual(['typed']);
  await app.workspace.settled();
  expect(app.workspace.isSettled).toBe(true);
  expect(app.reads()).toHaveLength(MANY);
  expect(app.changes).toBe(1);
  expect(pass).toMatchObject({ done: MANY, total: MANY, isOver: true });
  app.write('src/part1/file1.ts', call('later'));
  await app.changed('src/part1/file1.ts');
  expect(app.reads()).toEqual(['src/part1/file1.ts']);
}, 60_000);

test('reading that was cancelled leaves the rest unread, and says so; what changes afterwards is read', async () => {
  let pass: ReadingPass | undefined;
  const files = Object.fromEntries(Array.from({ length: 100 }, (_, index) => [`src/${index}.ts`, call(`c${index}`)]));
  const app = new TestWorkspace({ 'tauri.conf.json': {}, ...files }, { began: (begun) => (pass ??= begun) });
  app.workspace.onRead(() => pass?.cancel());
  app.show('.');
  await app.workspace.settled();
  const read = app.reads();
  expect(read.length).toBeGreaterThan(0);
  expect(read.length).toBeLessThan(100);
  expect(app.workspace.isSettled).toBe(false);
  app.write('src/99.ts', call('later'));
  await app.changed('src/99.ts');
  expect(app.reads()).toEqual(['src/99.ts']);
});

test('a document is read as it is typed, whatever else is to be read', async () => {
  const { promise, resolve } = Promise.withResolvers<RustReader>();
  const app = await TestWorkspace.open(
    { 'src-tauri/tauri.conf.json': config('app'), 'src-tauri/src/lib.rs': '', 'src/main.ts': '' },
    { rustReader: () => promise, folders: [] },
  );
  app.show('.');
  app.openDocument('src/main.ts', call('first'));
  const calls = async () => {
    await app.workspace.ready(app.path('src/main.ts'), 0);
    return [...(app.workspace.projectOf(app.path('src/main.ts'))?.calls.keys() ?? [])];
  };
  await expect.poll(calls).toEqual(['first']);
  app.openDocument('src/main.ts', call('second'));
  expect(await calls()).toEqual(['second']);
  expect(app.workspace.isSettled).toBe(false);
  resolve(await createReader());
  await app.workspace.settled();
  expect(await calls()).toEqual(['second']);
});

test('a file that makes a reader throw is left out with a line in the log, and the others are read', async () => {
  const reader = await createReader();
  const throwing = {
    read: (path: string, text: string) => {
      if (text.includes('broken')) throw new Error('no such thing');
      return reader.read(path, text);
    },
    dispose: () => reader.dispose(),
  } as unknown as RustReader;
  const app = await TestWorkspace.open(
    {
      'src-tauri/tauri.conf.json': config('app'),
      'src-tauri/Cargo.toml': crate('app'),
      'src-tauri/src/broken.rs': command('broken'),
      'src-tauri/src/lib.rs': command('greet'),
      'src/main.ts': call('greet'),
    },
    { rustReader: async () => throwing },
  );
  expect(app.known()).toEqual({ app: 'defines greet, calls greet' });
  expect(app.reports).toEqual(['/src-tauri/src/broken.rs is left out: no such thing']);
  app.write('src-tauri/src/broken.rs', command('repaired'));
  await app.changed('src-tauri/src/broken.rs');
  expect(app.known()).toEqual({ app: 'defines greet repaired, calls greet' });
});

test('without a reader of Rust all else is known', async () => {
  const app = await TestWorkspace.open(
    {
      'src-tauri/tauri.conf.json': config('app'),
      'src-tauri/src/lib.rs': command('greet'),
      'src/main.ts': call('greet'),
    },
    { rustReader: () => Promise.reject(new Error('no WebAssembly here')) },
  );
  expect(app.known()).toEqual({ app: 'defines , calls greet' });
  expect(app.reports).toEqual([expect.stringContaining('no WebAssembly here')]);
});

test('broken files hide nothing in others: configuration, manifest, package.json, code', async () => {
  const app = await TestWorkspace.open({
    'src-tauri/tauri.conf.json': '{ "productName": ',
    'src-tauri/Cargo.toml': '[package\nname',
    'src-tauri/src/lib.rs': `${command('greet')}fn half( {`,
    'package.json': '{',
    'src/main.ts': `${call('greet')} if (`,
  });
  expect(Object.values(app.known())).toEqual(['defines greet, calls greet']);
});

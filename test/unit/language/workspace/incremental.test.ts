/** Files are read once, and then those that changed. */
import { expect, test } from 'vitest';
import { codeOccurrences } from '#server/symbols/code-occurrences.ts';
import { Occurrences } from '#server/symbols/occurrences.ts';
import { call, command, config, crate, TestWorkspace } from './workspaces.ts';

const APP = {
  'src-tauri/tauri.conf.json': config('app'),
  'src-tauri/Cargo.toml': crate('app'),
  'src-tauri/src/lib.rs': command('greet'),
  'src/one.ts': call('greet'),
  'src/two.ts': call('leave'),
};

test('at first all files are read, then exactly those that changed', async () => {
  const app = await TestWorkspace.open(APP);
  expect(app.reads()).toEqual(['src-tauri/Cargo.toml', 'src-tauri/src/lib.rs', 'src/one.ts', 'src/two.ts']);
  app.write('src/two.ts', call('stay'));
  await app.changed('src/two.ts');
  expect(app.reads()).toEqual(['src/two.ts']);
  expect(app.known()).toEqual({ app: 'defines greet, calls greet stay' });
  app.write('src-tauri/src/lib.rs', command('greet') + command('stay'));
  await app.changed('src-tauri/src/lib.rs');
  expect(app.reads()).toEqual(['src-tauri/src/lib.rs']);
  expect(app.known()).toEqual({ app: 'defines greet stay, calls greet stay' });
});

test('a text that is the same again is not read: opened, closed, or written without a change', async () => {
  const app = await TestWorkspace.open(APP);
  app.reads();
  app.openDocument('src/one.ts', call('greet'));
  await app.changed('src/one.ts', 'src-tauri/src/lib.rs');
  app.workspace.closeDocument(app.path('src/one.ts'));
  await app.workspace.settled();
  expect(app.reads()).toEqual([]);
});

test('an open document counts as it is in the editor, until it is closed', async () => {
  const app = await TestWorkspace.open(APP);
  app.openDocument('src/one.ts', call('typed'));
  await app.workspace.settled();
  app.write('src/one.ts', call('saved'));
  await app.changed('src/one.ts');
  expect(app.known()).toEqual({ app: 'defines greet, calls leave typed' });
  app.workspace.closeDocument(app.path('src/one.ts'));
  await app.workspace.settled();
  expect(app.known()).toEqual({ app: 'defines greet, calls leave saved' });
});

test('two thousand files that change at once are one change', async () => {
  const names = Array.from({ length: 2_000 }, (_, index) => `src/many/file${index}.ts`);
  const app = await TestWorkspace.open({ ...APP, ...Object.fromEntries(names.map((name) => [name, 'export {};'])) });
  app.reads();
  app.changes = 0;
  for (const name of names) app.write(name, call('other'));
  await app.changed(...names);
  expect(app.reads()).toHaveLength(2_000);
  expect(app.changes).toBe(1);
  expect(app.workspace.projects[0]?.calls.get('other')).toHaveLength(2_000);
});

test('files that come and go, and folders that come, go and get another name', async () => {
  const app = await TestWorkspace.open(APP);
  app.write('src/three.ts', call('third'));
  await app.changed('src/three.ts');
  app.remove('src/two.ts');
  await app.changed('src/two.ts');
  expect(app.known()).toEqual({ app: 'defines greet, calls greet third' });
  app.write('lib/deep/one.ts', call('deep'));
  await app.changed('lib');
  expect(app.known()).toEqual({ app: 'defines greet, calls deep greet third' });
  app.reads();
  app.rename('lib/deep', 'lib/flat');
  await app.changed('lib/deep', 'lib/flat');
  expect(app.reads()).toEqual(['lib/flat/one.ts']);
  expect(app.workspace.projects[0]?.calls.get('deep')?.map(({ at }) => at.file)).toEqual([app.path('lib/flat/one.ts')]);
  app.remove('lib');
  await app.changed('lib');
  expect(app.known()).toEqual({ app: 'defines greet, calls greet third' });
});

test('a folder with nothing for us, and files of other kinds, change nothing', async () => {
  const app = await TestWorkspace.open(APP);
  app.reads();
  app.write('pictures/one.png', '');
  app.write('notes.md', '');
  app.write('LICENSE', '');
  await app.changed('pictures', 'pictures/one.png', 'notes.md', 'LICENSE', 'gone');
  expect(app.reads()).toEqual([]);
});

test('a project comes with its configuration, and goes with it', async () => {
  const app = await TestWorkspace.open({ ...APP, 'other/src/main.ts': call('far') });
  app.write('other/src-tauri/tauri.conf.json', config('other'));
  app.write('other/src-tauri/Cargo.toml', crate('other'));
  app.write('other/src-tauri/src/main.rs', command('near'));
  await app.changed('other/src-tauri/tauri.conf.json');
  expect(app.known()).toEqual({ app: 'defines greet, calls greet leave', other: 'defines near, calls far' });
  app.reads();
  app.remove('other/src-tauri/tauri.conf.json');
  await app.changed('other/src-tauri/tauri.conf.json');
  expect(app.known()).toEqual({ app: 'defines greet, calls far greet leave' });
  expect(app.reads()).toEqual([]);
});

test('a project that comes right after many files that are none of ours is seen', async () => {
  const app = await TestWorkspace.open(APP);
  const others = Array.from({ length: 300 }, (_, index) => `LICENSE-${index}`);
  for (const name of others) app.write(name, '');
  app.write('other/src-tauri/tauri.conf.json', config('other'));
  app.write('other/src-tauri/src/main.rs', command('near'));
  const reading = app.changed(...others);
  // While it looks which of them are folders.
  for (let turn = 0; turn < 3; turn++) await new Promise(setImmediate);
  await app.changed('other/src-tauri/tauri.conf.json');
  await reading;
  expect(Object.keys(app.known())).toEqual(['app', 'other']);
});

test('what a build writes is read, though git ignores it', async () => {
  const manifests = 'src-tauri/gen/schemas/acl-manifests.json';
  const app = await TestWorkspace.open({ ...APP, 'src-tauri/.gitignore': '/target/\n/gen/schemas\n' });
  const plugins = () => [...(app.workspace.projects[0]?.acl?.files.written?.keys() ?? [])];
  expect(plugins()).toEqual([]);
  app.write(manifests, {
    foo: { default_permission: null, permissions: {}, permission_sets: {}, global_scope_schema: null },
  });
  await app.changed(manifests);
  expect(plugins()).toEqual(['foo']);
});

test('a project keeps its name until its configuration has another one', async () => {
  const app = await TestWorkspace.open(APP);
  app.write('src-tauri/tauri.conf.json', config('renamed'));
  await app.changed('src-tauri/tauri.conf.json');
  expect(app.known()).toEqual({ renamed: 'defines greet, calls greet leave' });
});

test('a crate belongs to the app once Cargo.toml names it, and no longer when it does not', async () => {
  const app = await TestWorkspace.open({
    ...APP,
    'crates/shared/Cargo.toml': crate('shared'),
    'crates/shared/src/lib.rs': command('shared_command'),
  });
  expect(app.known()).toEqual({ app: 'defines greet, calls greet leave' });
  app.reads();
  app.write('src-tauri/Cargo.toml', crate('app', '[dependencies]\nshared = { path = "../crates/shared" }\n'));
  await app.changed('src-tauri/Cargo.toml');
  expect(app.known()).toEqual({ app: 'defines greet shared_command, calls greet leave' });
  expect(app.reads()).toEqual(['src-tauri/Cargo.toml']);
  app.write('src-tauri/Cargo.toml', crate('app'));
  await app.changed('src-tauri/Cargo.toml');
  expect(app.known()).toEqual({ app: 'defines greet, calls greet leave' });
});

test('what a project is asked for stays the same object while nothing about it changed', async () => {
  const app = await TestWorkspace.open(APP);
  const project = app.workspace.projects[0];
  const before = project?.commands;
  app.write('src/one.ts', call('something_else'));
  await app.changed('src/one.ts');
  expect(app.workspace.projects[0]).toBe(project);
  expect(project?.commands).toBe(before);
  expect([...(project?.calls.keys() ?? [])]).toContain('something_else');
});

test('folders of the workspace are added and removed', async () => {
  const app = await TestWorkspace.open(
    {
      'one/src-tauri/tauri.conf.json': config('one'),
      'one/src/main.ts': call('first'),
      'two/tauri.conf.json': config('two'),
      'two/main.ts': call('second'),
    },
    { folders: ['one'] },
  );
  expect(app.known()).toEqual({ one: 'defines , calls first' });
  app.reads();
  app.show('one', 'two');
  await app.workspace.settled();
  expect(app.known()).toEqual({ one: 'defines , calls first', two: 'defines , calls second' });
  expect(app.reads()).toEqual(['two/main.ts']);
  app.show('two');
  await app.workspace.settled();
  expect(app.known()).toEqual({ two: 'defines , calls second' });
  expect(app.reads()).toEqual([]);
});

test('other folders while the first ones are being read: only the last ones count', async () => {
  const app = new TestWorkspace({
    'one/main.ts': call('first'),
    'two/tauri.conf.json': config('two'),
    'two/main.ts': '',
  });
  app.show('one');
  app.show('two');
  await app.workspace.settled();
  expect(app.reads()).toEqual(['two/main.ts']);
  app.show('one');
  await Promise.resolve();
  app.show('two');
  await app.workspace.settled();
  expect(app.known()).toEqual({ two: 'defines , calls ' });
});

test('after an edit what other files name is not looked for again', async () => {
  const names = Array.from({ length: 200 }, (_, index) => `src/many/file${index}.ts`);
  const app = await TestWorkspace.open({ ...APP, ...Object.fromEntries(names.map((name) => [name, call('greet')])) });
  const named = () => new Set((app.workspace.projects[0]?.all ?? []).map(codeOccurrences));
  const before = named();
  app.openDocument('src/many/file7.ts', call('leave'));
  await app.workspace.settled();
  expect([...named()].filter((each) => !before.has(each))).toHaveLength(1);
  const [project] = app.workspace.projects;
  if (!project) throw new Error('there is no project');
  const occurrences = await Occurrences.of(app.workspace, project);
  const greeted = occurrences.of({ kind: 'command', name: 'greet' }).filter(({ language }) => language === 'script');
  expect(greeted).toHaveLength(200);
  expect(occurrences.in(app.path('src/many/file7.ts')).map(({ symbol }) => symbol.name)).toEqual(['leave']);
});

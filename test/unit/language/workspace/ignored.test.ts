/** What is not read: what git ignores, what others made, and what is too long. */
import { symlinkSync } from 'node:fs';
import { expect, test } from 'vitest';
import { call, command, TestWorkspace } from './workspaces.ts';

test('.gitignore on all levels, with exceptions, for folders and for files', async () => {
  const app = await TestWorkspace.open({
    '.git/HEAD': '',
    '.gitignore': '*.gen.ts\n!kept.gen.ts\nout/\n/only-here.ts\n',
    'src/a.gen.ts': '',
    'src/kept.gen.ts': '',
    'src/only-here.ts': '',
    'only-here.ts': '',
    'src/out.ts': '',
    'out/a.ts': '',
    'src/out/a.ts': '',
    'src/nested/.gitignore': 'b.ts\n!a.gen.ts\nfolder-only/\n',
    'src/nested/a.gen.ts': '',
    'src/nested/b.ts': '',
    'src/nested/deep/b.ts': '',
    'src/nested/c.ts': '',
    'src/nested/folder-only/x.ts': '',
    'src/b.ts': '',
  });
  expect(app.reads()).toEqual([
    'src/b.ts',
    'src/kept.gen.ts',
    'src/nested/a.gen.ts',
    'src/nested/c.ts',
    'src/only-here.ts',
    'src/out.ts',
  ]);
});

test('.git/info/exclude, and rules of the repository above the folder that is open', async () => {
  const files = {
    '.git/info/exclude': 'excluded.ts\nkept.ts\n',
    '.gitignore': 'ignored.ts\n!kept.ts\n',
    'packages/.gitignore': 'inner.ts\n',
    'packages/app/excluded.ts': '',
    'packages/app/ignored.ts': '',
    'packages/app/inner.ts': '',
    'packages/app/kept.ts': '',
    'packages/app/main.ts': '',
  };
  const app = await TestWorkspace.open(files, { folders: ['packages/app'] });
  expect(app.reads()).toEqual(['packages/app/kept.ts', 'packages/app/main.ts']);
});

test('of a linked work tree the exceptions of the repository that it is of', async () => {
  const app = await TestWorkspace.open(
    {
      'main/.git/info/exclude': 'excluded.ts\n',
      'main/.git/worktrees/linked/commondir': '../..\n',
      'linked/.git': 'gitdir: ../main/.git/worktrees/linked\n',
      'linked/excluded.ts': '',
      'linked/main.ts': '',
    },
    { folders: ['linked'] },
  );
  expect(app.reads()).toEqual(['linked/main.ts']);
});

test('a folder that is ignored itself is read where somebody opened it', async () => {
  const files = {
    '.git/HEAD': '',
    '.gitignore': '*\n',
    'app/main.ts': '',
    'app/.gitignore': 'no.ts\n',
    'app/no.ts': '',
  };
  const app = await TestWorkspace.open(files, { folders: ['app'] });
  expect(app.reads()).toEqual(['app/main.ts']);
});

test('node_modules, target, dist and folders with a dot stay out whatever .gitignore says', async () => {
  const app = await TestWorkspace.open({
    '.gitignore': '!node_modules\n!target/\n!dist\n',
    'node_modules/a/index.js': '',
    'src-tauri/target/debug/build.rs': command('built'),
    'dist/index.html': '',
    '.svelte-kit/generated.ts': '',
    'main.ts': '',
  });
  expect(app.reads()).toEqual(['main.ts']);
  await app.changed(
    'node_modules/a/index.js',
    'src-tauri/target/debug/build.rs',
    'node_modules/b',
    '.svelte-kit/generated.ts',
  );
  app.openDocument('node_modules/a/index.js', call('in_a_package'));
  await app.workspace.settled();
  expect(app.reads()).toEqual([]);
});

test('a .gitignore that changes: what it leaves out is forgotten, what it does not any more is read', async () => {
  const app = await TestWorkspace.open({
    '.gitignore': 'a.ts\n',
    'a.ts': call('a'),
    'b.ts': call('b'),
    'tauri.conf.json': {},
  });
  expect(app.reads()).toEqual(['b.ts']);
  app.write('.gitignore', 'b.ts\n');
  await app.changed('.gitignore');
  expect(app.reads()).toEqual(['a.ts']);
  expect([...(app.workspace.projects[0]?.calls.keys() ?? [])]).toEqual(['a']);
  await app.changed('b.ts');
  expect(app.reads()).toEqual([]);
});

test('a file above 1 MB is left out, with a line in the log; also one that has grown', async () => {
  const long = `// ${'long '.repeat(220_000)}\n${call('hidden')}`;
  const app = await TestWorkspace.open({ 'tauri.conf.json': {}, 'long.ts': long, 'short.ts': call('shown') });
  expect(app.reads()).toEqual(['short.ts']);
  expect(app.reports).toEqual(['/long.ts is left out: it has more than 1048576 bytes']);
  app.write('short.ts', long);
  await app.changed('short.ts');
  expect([...(app.workspace.projects[0]?.calls.keys() ?? [])]).toEqual([]);
});

test.skipIf(process.platform === 'win32')('links to folders are not followed: a loop ends', async () => {
  const app = new TestWorkspace({ 'src/main.ts': '' });
  symlinkSync(app.path('src'), app.path('src/again'));
  symlinkSync(app.path('.'), app.path('src/looks-like.ts'));
  app.show('.');
  await app.workspace.settled();
  expect(app.reads()).toEqual(['src/main.ts']);
  expect(app.reports).toEqual([]);
});

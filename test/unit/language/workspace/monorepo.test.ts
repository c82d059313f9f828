/** Which project a file belongs to, where a repository has many packages. */
import { expect, test } from 'vitest';
import { call, command, config, crate, TestWorkspace } from './workspaces.ts';

test('a script belongs to the deepest project that it is in', async () => {
  const app = await TestWorkspace.open({
    'src-tauri/tauri.conf.json': config('outer'),
    'src/main.ts': '',
    'examples/inner/src-tauri/tauri.conf.json': config('inner'),
    'examples/inner/src/main.ts': '',
    'examples/other/main.ts': '',
  });
  expect(app.owners('src/main.ts')).toEqual(['outer']);
  expect(app.owners('examples/inner/src/main.ts')).toEqual(['inner']);
  expect(app.owners('examples/other/main.ts')).toEqual(['outer']);
});

test('two crates of one package share its scripts', async () => {
  const app = await TestWorkspace.open({
    'package.json': {},
    'one/tauri.conf.json': config('first'),
    'one/Cargo.toml': crate('one'),
    'one/src/lib.rs': command('in_one'),
    'two/tauri.conf.json': config('second'),
    'two/Cargo.toml': crate('two'),
    'two/src/lib.rs': command('in_two'),
    'src/main.ts': call('in_two'),
  });
  expect(app.owners('src/main.ts')).toEqual(['first', 'second']);
  expect(app.known()).toEqual({ first: 'defines in_one, calls in_two', second: 'defines in_two, calls in_two' });
});

const APPS = {
  'package.json': { workspaces: ['apps/*', 'packages/*'] },
  'apps/desktop/package.json': { name: '@acme/desktop', dependencies: { '@acme/shared': 'workspace:*' } },
  'apps/desktop/src-tauri/tauri.conf.json': config('desktop', { frontendDist: '../../ui/dist' }),
  'apps/admin/src-tauri/tauri.conf.json': config('admin', { beforeDevCommand: 'pnpm --filter=@acme/panel dev' }),
  'apps/tool/src-tauri/tauri.conf.json': config('tool', { beforeDevCommand: 'npm --prefix ../screens run dev' }),
  'apps/kiosk/src-tauri/tauri.conf.json': config('kiosk', { beforeDevCommand: { script: 'vite', cwd: '../../touch' } }),
  'apps/ui/package.json': { name: '@acme/ui', devDependencies: { '@acme/icons': '*' } },
  'apps/ui/src/main.ts': '',
  'apps/panel/package.json': { name: '@acme/panel', peerDependencies: { '@acme/shared': '*' } },
  'apps/panel/src/main.ts': '',
  'apps/screens/package.json': {},
  'apps/screens/main.ts': '',
  'apps/touch/package.json': {},
  'apps/touch/main.ts': '',
  'packages/shared/package.json': { name: '@acme/shared' },
  'packages/shared/src/ipc.ts': '',
  'packages/icons/package.json': { name: '@acme/icons' },
  'packages/icons/index.ts': '',
  'packages/site/package.json': { name: '@acme/site' },
  'packages/site/index.ts': '',
};

test('a frontend elsewhere belongs to the apps whose configuration leads to its package, by path or by name', async () => {
  const app = await TestWorkspace.open(APPS);
  expect(app.owners('apps/ui/src/main.ts')).toEqual(['desktop']);
  expect(app.owners('apps/panel/src/main.ts')).toEqual(['admin']);
  expect(app.owners('apps/screens/main.ts')).toEqual(['tool']);
  expect(app.owners('apps/touch/main.ts')).toEqual(['kiosk']);
});

test('so do the packages that these depend on, and a package of nobody to none of several apps', async () => {
  const app = await TestWorkspace.open(APPS);
  expect(app.owners('packages/shared/src/ipc.ts').sort()).toEqual(['admin', 'desktop']);
  expect(app.owners('packages/icons/index.ts')).toEqual(['desktop']);
  expect(app.owners('packages/site/index.ts')).toEqual([]);
});

test('a package.json that changes moves the scripts of its package', async () => {
  const app = await TestWorkspace.open(APPS);
  app.write('apps/ui/package.json', { name: '@acme/ui', dependencies: { '@acme/site': '*' } });
  await app.changed('apps/ui/package.json');
  expect(app.owners('packages/site/index.ts')).toEqual(['desktop']);
  expect(app.owners('packages/icons/index.ts')).toEqual([]);
});

test('the only app of a folder of the workspace has all scripts that are nobody’s', async () => {
  const app = await TestWorkspace.open(
    {
      'one/desktop/src-tauri/tauri.conf.json': config('one'),
      'one/web/package.json': { dependencies: { '@tauri-apps/api': '^2.0.0' } },
      'one/web/main.ts': '',
      'two/desktop/src-tauri/tauri.conf.json': config('two'),
      'two/web/main.ts': '',
    },
    { folders: ['one', 'two'] },
  );
  expect(app.owners('one/web/main.ts')).toEqual(['one']);
  expect(app.owners('two/web/main.ts')).toEqual(['two']);
});

test('a package without a configuration that speaks the IPC is a project: of a frontend, or of an extension’s author', async () => {
  const app = await TestWorkspace.open({
    'frontend/package.json': { name: 'frontend', dependencies: { '@tauri-apps/api': '^2.0.0' } },
    'frontend/src/main.ts': call('anything'),
    'extension/package.json': { name: 'my-extension', devDependencies: { 'ipc-workbench': '*' } },
    'extension/src/extension.ts': '',
    'extension/webview/package.json': { dependencies: { '@tauri-apps/api': '^2.0.0' } },
    'extension/webview/main.ts': call('own'),
    'other/package.json': { dependencies: { react: '*' } },
    'other/main.ts': '',
  });
  expect(app.owners('frontend/src/main.ts')).toEqual(['frontend']);
  expect(app.owners('extension/src/extension.ts')).toEqual(['my-extension']);
  expect(app.owners('extension/webview/main.ts')).toEqual(['my-extension']);
  expect(app.owners('other/main.ts')).toEqual([]);
  expect(app.workspace.projects.map(({ folder }) => folder.configFile)).toEqual([undefined, undefined]);
});

test('Rust code belongs to every app that its crate is built into, and to no other', async () => {
  const app = await TestWorkspace.open({
    'Cargo.toml':
      '[workspace]\nmembers = ["crates/*", "apps/*/src-tauri"]\n[workspace.dependencies]\ncommon = { path = "crates/common" }\n',
    'crates/common/Cargo.toml': crate('common'),
    'crates/common/src/lib.rs': command('common_command'),
    'crates/unused/Cargo.toml': crate('unused'),
    'crates/unused/src/lib.rs': command('unused_command'),
    'apps/a/src-tauri/tauri.conf.json': config('a'),
    'apps/a/src-tauri/Cargo.toml': crate('a', '[dependencies]\ncommon.workspace = true\n'),
    'apps/a/src-tauri/src/lib.rs': command('a_command'),
    'apps/b/src-tauri/tauri.conf.json': config('b'),
    'apps/b/src-tauri/Cargo.toml': crate('b', '[dependencies]\ncommon = { path = "../../../crates/common" }\n'),
    'apps/b/src-tauri/src/lib.rs': command('b_command'),
  });
  expect(app.known()).toEqual({
    a: 'defines a_command common_command, calls ',
    b: 'defines b_command common_command, calls ',
  });
  expect(app.owners('crates/unused/src/lib.rs')).toEqual([]);
});

test('a crate outside of the folder that is open is read, too', async () => {
  const app = await TestWorkspace.open(
    {
      'shared/Cargo.toml': crate('shared'),
      'shared/src/lib.rs': command('shared_command'),
      'app/src-tauri/tauri.conf.json': config('app'),
      'app/src-tauri/Cargo.toml': crate('app', '[dependencies]\nshared = { path = "../../shared" }\n'),
    },
    { folders: ['app'] },
  );
  expect(app.known()).toEqual({ app: 'defines shared_command, calls ' });
});

test('an example of a plugin has the plugin’s code, but not that of other examples', async () => {
  const example = crate('example', '[dependencies]\nplugin = { path = "../../.." }\n');
  const app = await TestWorkspace.open({
    'Cargo.toml': crate('plugin'),
    'src/commands.rs': command('of_plugin'),
    'examples/one/src-tauri/tauri.conf.json': config('one'),
    'examples/one/src-tauri/Cargo.toml': example,
    'examples/one/src-tauri/src/lib.rs': command('of_one'),
    'examples/two/src-tauri/tauri.conf.json': config('two'),
    'examples/two/src-tauri/Cargo.toml': example,
    'examples/two/src-tauri/src/lib.rs': command('of_two'),
  });
  expect(app.known()).toEqual({ one: 'defines of_one of_plugin, calls ', two: 'defines of_plugin of_two, calls ' });
});

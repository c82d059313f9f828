import { rmSync } from 'node:fs';
import { expect, test } from 'vitest';
import { CARGO, commandIn, createReader, RustProject } from './rust-project.ts';

const names = (commands: readonly { readonly name: string }[]) => commands.map(({ name }) => name).sort();

test('the code of the app and of the crates that its Cargo.toml names by path is read; target/ is not', async () => {
  const project = new RustProject({
    'Cargo.toml':
      '[workspace]\nmembers = ["crates/*", "src-tauri"]\n[workspace.dependencies]\nshared = { path = "crates/shared" }\n',
    'src-tauri/Cargo.toml': `${CARGO}[dependencies]\ntauri = "2"\nnear = { path = "../crates/near" }\nshared.workspace = true\n[target.'cfg(unix)'.dependencies]\nunix = { path = "../crates/unix" }\n`,
    'src-tauri/src/main.rs': commandIn('in_main'),
    'src-tauri/src/deep/er/mod.rs': commandIn('in_deep'),
    'src-tauri/src/target/generated.rs': commandIn('in_target'),
    'src-tauri/target/debug/build/x.rs': commandIn('in_build'),
    'crates/near/Cargo.toml': `${CARGO}[dependencies]\nfar = { path = "../far" }\napp = { path = "../../src-tauri" }\n`,
    'crates/near/src/lib.rs': commandIn('in_near'),
    'crates/far/Cargo.toml': CARGO,
    'crates/far/src/lib.rs': commandIn('in_far'),
    'crates/shared/Cargo.toml': CARGO,
    'crates/shared/src/lib.rs': commandIn('in_shared'),
    'crates/unix/Cargo.toml': CARGO,
    'crates/unix/src/lib.rs': commandIn('in_unix'),
    'crates/other/Cargo.toml': CARGO,
    'crates/other/src/lib.rs': commandIn('in_other'),
  });
  const commands = project.commands();
  expect(commands.isRead).toBe(false);
  await commands.whenRead();
  expect(names(commands.commands)).toEqual(['in_deep', 'in_far', 'in_main', 'in_near', 'in_shared', 'in_unix']);
  const found = commands.find('in_deep');
  expect([found?.file, found?.line]).toEqual(['src-tauri/src/deep/er/mod.rs', 2]);
  expect(found && commands.pathOf(found)).toBe(project.path('src-tauri/src/deep/er/mod.rs'));
  expect(project.watched).toHaveLength(5);
});

test('the code of an example lies beside its configuration', async () => {
  const project = new RustProject({
    'src-tauri/tauri.conf.json': '{}',
    'src-tauri/main.rs': commandIn('in_main'),
    'src-tauri/build.rs': commandIn('in_build'),
  });
  const commands = project.commands();
  await commands.whenRead();
  expect(names(commands.commands)).toEqual(['in_main']);
  expect(project.watched).toEqual([project.path('src-tauri')]);
});

test('without Rust there is nothing to read, and no parser is loaded', async () => {
  const project = new RustProject({ 'src-tauri/tauri.conf.json': '{}' });
  let loaded = 0;
  const commands = project.commands({ reader: () => (loaded++, createReader()) });
  await commands.whenRead();
  expect([commands.isRead, commands.commands, loaded]).toEqual([true, [], 0]);
});

test('changed files are read again, removed ones and folders go, and another Cargo.toml brings other crates', async () => {
  const project = new RustProject({
    'src-tauri/Cargo.toml': CARGO,
    'src-tauri/src/main.rs': commandIn('one'),
    'src-tauri/src/sub/a.rs': commandIn('in_a'),
    'other/Cargo.toml': CARGO,
    'other/src/lib.rs': commandIn('in_other'),
  });
  const commands = project.commands();
  await commands.whenRead();
  let changes = 0;
  commands.onChange(() => changes++);

  project.write('src-tauri/src/main.rs', commandIn('two'));
  project.tell('src-tauri/src/main.rs');
  project.tell('src-tauri/src/main.rs');
  await commands.whenRead();
  expect(names(commands.commands)).toEqual(['in_a', 'two']);
  expect(changes).toBe(1);

  rmSync(project.path('src-tauri/src/sub'), { recursive: true });
  project.tell('src-tauri/src/sub');
  await commands.whenRead();
  expect(names(commands.commands)).toEqual(['two']);

  project.write('src-tauri/src/again/b.rs', commandIn('in_b'));
  project.tell('src-tauri/src/again');
  await commands.whenRead();
  expect(names(commands.commands)).toEqual(['in_b', 'two']);

  project.write('src-tauri/Cargo.toml', `${CARGO}[dependencies]\nother = { path = "../other" }\n`);
  project.tell('src-tauri/Cargo.toml');
  await commands.whenRead();
  expect(names(commands.commands)).toEqual(['in_b', 'in_other', 'two']);
  expect(project.watchers).toBe(1);
});

test('what does not parse as TOML keeps the rest from nothing, and a reader that cannot load is reported', async () => {
  const project = new RustProject({ 'src-tauri/Cargo.toml': '[package', 'src-tauri/src/main.rs': commandIn('one') });
  const commands = project.commands();
  await commands.whenRead();
  expect(names(commands.commands)).toEqual(['one']);

  const broken = project.commands({ reader: () => Promise.reject(new Error('no parser')) });
  await broken.whenRead();
  expect(broken.isRead).toBe(true);
  expect(project.reported[0]).toMatch(/could not be read: no parser$/);
});

test('after the end nothing is read, told or watched', async () => {
  const project = new RustProject({ 'src-tauri/Cargo.toml': CARGO, 'src-tauri/src/main.rs': commandIn('one') });
  const commands = project.commands();
  let told = 0;
  commands.onChange(() => told++);
  commands.dispose();
  await commands.whenRead();
  expect([commands.isRead, told, project.watchers]).toEqual([false, 0, 0]);

  const read = project.commands();
  await read.whenRead();
  expect(project.watchers).toBe(1);
  read.dispose();
  project.tell('src-tauri/src/main.rs');
  expect(project.watchers).toBe(0);
});

test('others have their turn while much is read', async () => {
  const many = Object.fromEntries(
    Array.from({ length: 400 }, (_, at) => [`src-tauri/src/m${at}.rs`, commandIn(`command_${at}`).repeat(20)]),
  );
  const project = new RustProject({ 'src-tauri/Cargo.toml': CARGO, ...many });
  await createReader();
  const commands = project.commands();
  let longest = 0;
  // Processor time: a machine that does other things may not let this process run for longer than a turn takes.
  let last = process.cpuUsage();
  while (!commands.isRead) {
    await new Promise((resolve) => setImmediate(resolve));
    const { user, system } = process.cpuUsage(last);
    longest = Math.max(longest, (user + system) / 1000);
    last = process.cpuUsage();
  }
  expect(commands.commands).toHaveLength(400);
  // A slice and one file; the rest is for a slow machine.
  expect(longest).toBeLessThan(250);
});

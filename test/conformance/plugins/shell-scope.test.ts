/** What a page tries to run beside what the scope allows. */
import {
  chmodSync,
  copyFileSync,
  existsSync,
  mkdirSync,
  mkdtempSync,
  realpathSync,
  rmSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, onTestFinished, test } from 'vitest';
import { thisSystem } from '../../../extension/plugins/directories.ts';
import { openPage, outcome, startCore } from '../harness.ts';
import { permitted } from './permitted.ts';
import { NODE, packageOf, SCRIPT, script, SHELL, start } from './shell-support.ts';

test('what the scope does not allow is not run, in the words of Tauri', async () => {
  const { page, folder } = await start([
    { name: 'fixed', cmd: NODE, args: ['-e', 'console.log(process.argv.length)'] },
    { name: 'number', cmd: NODE, args: ['-e', 'console.log(process.argv[1])', { validator: '\\d+' }] },
    { name: 'gone', cmd: 'no-such-program-anywhere' },
    { name: 'here', cmd: './here.sh' },
  ]);
  const { Command } = packageOf(page);
  const run = (name: string, args: string[] = [], options?: object) =>
    outcome(Command.create(name, args, options).execute());
  const refused = (name: string) => ({ error: `program not allowed on the configured shell scope: ${name}` });
  const answers = [
    await run('node'),
    await run(NODE),
    await run('number'),
    await run('number', ['', '', '1x']),
    await run('number', ['', '', '1\n2']),
    await run('number', ['', '', '$(touch x)']),
    await run('gone'),
    await run('fixed', [], { encoding: 'utf-9' }),
    await run('fixed', [], { cwd: 'nowhere' }),
    await run('fixed', [], { sidecar: true }),
  ];
  expect(answers).toEqual([
    refused('node'),
    refused(NODE),
    refused('number'),
    refused('number'),
    refused('number'),
    refused('number'),
    { error: 'No such file or directory (os error 2)' },
    { error: 'unknown encoding utf-9' },
    { error: 'No such file or directory (os error 2)' },
    { error: 'sidecar not configured under `tauri.conf.json > bundle > externalBin`: fixed' },
  ]);
  // Arguments beyond those of the scope are dropped, fixed ones are those of the scope.
  expect(await run('fixed', ['--version', 'evil', 'more'])).toMatchObject({ ok: { stdout: '1\n' } });
  expect(await run('number', ['--version', 'evil', '7'])).toMatchObject({ ok: { stdout: '7\n' } });
  // A relative program is one of the project, wherever the page says it works.
  mkdirSync(join(folder, 'evil'));
  for (const [at, says] of [
    ['.', 'project'],
    ['evil', 'page'],
  ] as const) {
    writeFileSync(join(folder, at, 'here.sh'), `#!/bin/sh\necho ${says}\n`);
    chmodSync(join(folder, at, 'here.sh'), 0o755);
  }
  expect(await run('here', [], { cwd: 'evil' })).toMatchObject({ ok: { stdout: 'project\n' } });
});

test('no text of an argument reaches a shell, and none holds a NUL', async () => {
  const { page, folder } = await start([SCRIPT]);
  const { Command } = packageOf(page);
  const echo = (argument: string) =>
    outcome(Command.create('node', script('process.stdout.write(process.argv[1] ?? "")', argument)).execute());
  for (const text of [
    '; touch pwned',
    '$(touch pwned)',
    '`touch pwned`',
    '| touch pwned',
    '"\' && touch pwned',
    '%PATH%',
    '*',
  ]) {
    expect(await echo(text)).toMatchObject({ ok: { stdout: text } });
  }
  expect(existsSync(join(folder, 'pwned'))).toBe(false);
  const nul = { error: 'nul byte found in provided data' };
  expect(await echo('a\0b')).toEqual(nul);
  const run = (options: object) => outcome(Command.create('node', script(''), options).execute());
  expect(await run({ cwd: 'a\0b' })).toEqual(nul);
  expect(await run({ env: { A: 'x\0y' } })).toEqual(nul);
  expect(await run({ env: { 'A\0': 'x' } })).toEqual(nul);
});

test('neither PATH nor what loads other code is of the page', async () => {
  const { page, folder } = await start([SCRIPT, { name: 'sh', cmd: 'sh', args: ['-c', 'echo $PATH'] }]);
  const { Command } = packageOf(page);
  writeFileSync(join(folder, 'sh'), '#!/bin/sh\necho pwned\n');
  chmodSync(join(folder, 'sh'), 0o755);
  // The program gets that PATH; it is not found by it.
  expect(await Command.create('sh', [], { env: { PATH: folder } }).execute()).toMatchObject({ stdout: `${folder}\n` });
  expect(await Command.create('sh', [], { cwd: folder, env: { PATH: '.' } }).execute()).toMatchObject({
    stdout: '.\n',
  });
  const run = (env: object) =>
    outcome(Command.create('node', script(''), { env: env as Record<string, string> }).execute());
  const loads = (name: string) => ({
    error: `the environment variable ${name} is not passed on: it makes a program load other code`,
  });
  for (const name of ['LD_PRELOAD', 'NODE_OPTIONS', 'DYLD_INSERT_LIBRARIES', 'ld_preload']) {
    expect(await run({ [name]: './evil.so' })).toEqual(loads(name));
  }
  expect(await run({ 'LD_PRELOAD=./evil.so': '' })).toEqual({
    error: '"LD_PRELOAD=./evil.so" is no name of an environment variable',
  });
});

test('a sidecar is the file of this machine that the configuration names', async () => {
  const triple = `${process.arch === 'arm64' ? 'aarch64' : 'x86_64'}-unknown-linux-gnu`;
  const sidecars = [
    { name: 'binaries/app', sidecar: true, args: true },
    { name: 'binaries/none', sidecar: true },
    { name: '../evil', sidecar: true },
  ];
  const folder = realpathSync(mkdtempSync(join(tmpdir(), 'sidecar-')));
  onTestFinished(() => rmSync(folder, { recursive: true, force: true }));
  mkdirSync(join(folder, 'src-tauri', 'binaries'), { recursive: true });
  for (const file of [`src-tauri/binaries/app-${triple}`, `evil-${triple}`]) {
    writeFileSync(join(folder, file), '#!/bin/sh\necho "$0 $@"\n');
    chmodSync(join(folder, file), 0o755);
  }
  const host = {
    cwd: folder,
    shell: { externalBin: ['binaries/app', 'binaries/none'], folder: join(folder, 'src-tauri') },
  };
  const { page } = await start(sidecars, { host });
  const { Command } = packageOf(page);
  const run = (name: string) => outcome(Command.sidecar(name, ['a', 'b c']).execute());
  const file = join(folder, 'src-tauri', 'binaries', `app-${triple}`);
  expect(await run('binaries/app')).toMatchObject({ ok: { code: 0, stdout: `${file} a b c\n` } });
  const unknown = (name: string) => ({
    error: `sidecar not configured under \`tauri.conf.json > bundle > externalBin\`: ${name}`,
  });
  expect([await run('../evil'), await run('binaries/../../evil'), await run(file), await run('app')]).toEqual(
    ['../evil', 'binaries/../../evil', file, 'app'].map(unknown),
  );
  expect(await run('binaries/none')).toEqual({
    error: `the sidecar "binaries/none" has no file for this machine: ${join(folder, 'src-tauri', 'binaries', `none-${triple}`)} does not exist`,
  });
  // A name with an ending finds its entry, and still needs a scope of that name.
  expect(await run('binaries/app.exe')).toEqual({ error: 'Scoped command binaries/app.exe not found' });
  expect(await outcome(Command.create('binaries/app').execute())).toEqual({
    error: 'program not allowed on the configured shell scope: binaries/app',
  });
});

test('without a permission nothing is looked at', async () => {
  const core = await startCore({ authority: permitted('shell:default'), host: { system: thisSystem() } });
  const page = await openPage(core, 'main', { packages: [SHELL] });
  const { Command } = packageOf(page);
  expect(await outcome(Command.create('node').execute())).toMatchObject({
    error: expect.stringContaining('shell.execute not allowed'),
  });
  expect(await outcome(Command.create('node').spawn())).toMatchObject({
    error: expect.stringContaining('shell.spawn not allowed'),
  });
});

test('a copy of a program under another name is another program', async () => {
  const { page, folder } = await start([{ name: 'tool', cmd: 'tool' }]);
  copyFileSync('/bin/echo', join(folder, 'tool'));
  chmodSync(join(folder, 'tool'), 0o755);
  // A bare name is looked for in PATH, and not in the working directory.
  expect(await outcome(packageOf(page).Command.create('tool', [], { cwd: folder }).execute())).toEqual({
    error: 'No such file or directory (os error 2)',
  });
});

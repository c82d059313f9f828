import {
  chmodSync,
  copyFileSync,
  existsSync,
  mkdirSync,
  mkdtempSync,
  readFileSync,
  realpathSync,
  rmSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type * as shell from '@tauri-apps/plugin-shell';
import { expect, onTestFinished, test } from 'vitest';
import { thisSystem } from '../../../extension/plugins/directories.ts';
import { type CoreSettings, openPage, outcome, type Page, startCore, until } from '../harness.ts';
import { permitted } from './permitted.ts';

const SHELL = '@tauri-apps/plugin-shell';
const NODE = process.execPath;

/** An app whose page may run these entries of the scope. */
async function start(allow: readonly object[], settings: CoreSettings & { open?: boolean } = {}) {
  const folder = realpathSync(mkdtempSync(join(tmpdir(), 'shell-')));
  onTestFinished(() => rmSync(folder, { recursive: true, force: true }));
  const commands = ['execute', 'spawn'].map((name) => ({ identifier: `shell:allow-${name}`, allow }));
  const others = [
    'shell:allow-stdin-write',
    'shell:allow-kill',
    ...(settings.open === false ? [] : ['shell:allow-open']),
  ];
  const core = await startCore({
    authority: permitted(...commands, ...others),
    ...settings,
    host: { cwd: folder, system: thisSystem(), shell: { externalBin: [], folder }, ...settings.host },
  });
  return { core, folder, page: await openPage(core, 'main', { packages: [SHELL] }) };
}

const packageOf = (page: Page) => page.packages[SHELL] as unknown as typeof shell;

/** `node -e <script> <argument>`, whatever both are. */
const SCRIPT = { name: 'node', cmd: NODE, args: ['-e', { validator: '[\\s\\S]*', raw: true }, { validator: '.*' }] };
const script = (text: string, argument = '') => ['-e', text, argument];

/** The events of a program until it has ended. */
async function listen(command: shell.Command<string | Uint8Array>) {
  const events: unknown[][] = [];
  let ended = false;
  command.stdout.on('data', (data) => events.push(['out', data]));
  command.stderr.on('data', (data) => events.push(['err', data]));
  command.on('error', (error) => events.push(['error', error]));
  command.on('close', ({ code, signal }) => {
    events.push(['close', code, signal]);
    ended = true;
  });
  const child = await command.spawn();
  return { child, events, end: () => until(() => ended) };
}

test('execute gives what a program wrote, and how it ended', async () => {
  const { page } = await start([SCRIPT]);
  const { Command } = packageOf(page);
  const run = (text: string, options?: object) => Command.create('node', script(text, 'x'), options).execute();
  expect(
    await run('process.stdout.write("one\\ntwo"); process.stderr.write("thr\\u00ebe"); process.exitCode = 3'),
  ).toEqual({
    code: 3,
    signal: null,
    stdout: 'one\ntwo',
    stderr: 'thrëe',
  });
  expect(await run('process.kill(process.pid, "SIGTERM"); setInterval(() => {}, 1000)')).toMatchObject({
    code: null,
    signal: 15,
  });
  expect(await run('process.stdout.write(Buffer.from([0, 255, 10]))', { encoding: 'raw' })).toMatchObject({
    stdout: [0, 255, 10],
  });
  expect(await run('process.stdout.write(Buffer.from([0xe9, 0x80]))', { encoding: 'windows-1252' })).toMatchObject({
    stdout: 'é€',
  });
  expect(await run('process.stdin.on("data", () => {}).on("end", () => console.log("no input"))')).toMatchObject({
    stdout: 'no input\n',
  });
});

test('spawn tells lines with their ends, output of another encoding as text, and the end last', async () => {
  const { page } = await start([SCRIPT]);
  const { Command } = packageOf(page);
  const lines = await listen(
    Command.create('node', script('process.stdout.write("a\\nb\\r\\nc\\rd"); process.stderr.write("e")')),
  );
  await lines.end();
  expect(lines.events.filter(([from]) => from === 'out').map(([, line]) => line)).toEqual(['a\n', 'b\r\n', 'c\r', 'd']);
  expect(lines.events).toContainEqual(['err', 'e']);
  expect(lines.events.at(-1)).toEqual(['close', 0, null]);

  const raw = await listen(
    Command.create('node', script('process.stdout.write(Buffer.from([1, 10, 2]))'), { encoding: 'raw' }),
  );
  await raw.end();
  expect(raw.events.flatMap(([from, data]) => (from === 'out' ? [...(data as number[])] : []))).toEqual([1, 10, 2]);

  const wrong = await listen(
    Command.create('node', script('process.stdout.write(Buffer.from([97, 0xff, 10, 98, 10]))')),
  );
  await wrong.end();
  expect(wrong.events).toEqual([
    ['error', 'invalid utf-8 sequence of 1 bytes from index 1'],
    ['out', 'b\n'],
    ['close', 0, null],
  ]);
});

test('a program reads what is written to it, and is ended by kill', async () => {
  const { page } = await start([SCRIPT]);
  const { Command } = packageOf(page);
  const echo = await listen(
    Command.create('node', script('process.stdin.on("data", (d) => process.stdout.write(d + "!\\n"))')),
  );
  await echo.child.write('héllo');
  await until(() => echo.events.length === 1);
  await echo.child.write([104, 105]);
  await until(() => echo.events.length === 2);
  await echo.child.kill();
  await echo.end();
  expect(echo.events).toEqual([
    ['out', 'héllo!\n'],
    ['out', 'hi!\n'],
    ['close', null, 9],
  ]);
  const deaf = await listen(
    Command.create('node', script('require("fs").closeSync(0); console.log("deaf"); setInterval(() => {}, 1000)')),
  );
  await until(() => deaf.events.length === 1);
  // The first may still be taken by the pipe.
  const answers = [await outcome(deaf.child.write('x')), await outcome(deaf.child.write('y'))];
  expect(answers.at(-1)).toEqual({ error: 'Broken pipe (os error 32)' });
  // As under Tauri, a process that is not there is no error.
  expect(await outcome(echo.child.write('x'))).toEqual({ ok: undefined });
  expect(await outcome(echo.child.kill())).toEqual({ ok: undefined });
  expect(await outcome(page.invoke('plugin:shell|kill', { pid: process.pid }))).toEqual({ ok: null });
});

test('cwd and env: added to those of the host, or alone', async () => {
  process.env['VSCODE_SECRET_OF_THE_HOST'] = 'x';
  onTestFinished(() => void delete process.env['VSCODE_SECRET_OF_THE_HOST']);
  const { page, folder } = await start([SCRIPT]);
  const { Command } = packageOf(page);
  mkdirSync(join(folder, 'sub'));
  const show = async (options?: object) => {
    const text =
      'const { PATH, MORE, VSCODE_SECRET_OF_THE_HOST: secret } = process.env; console.log(JSON.stringify({ cwd: process.cwd(), path: !!PATH, MORE, secret }))';
    return JSON.parse((await Command.create('node', script(text), options).execute()).stdout as string) as unknown;
  };
  expect(await show()).toEqual({ cwd: folder, path: true });
  expect(await show({ cwd: 'sub', env: { MORE: '1' } })).toEqual({ cwd: join(folder, 'sub'), path: true, MORE: '1' });
  expect(await show({ env: null })).toEqual({ cwd: folder, path: false });
});

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

const alive = (pid: number) => {
  try {
    process.kill(pid, 0);
    // One that has ended and that nobody has asked about still has its number.
    return !/^State:\s+Z/m.test(existsSync(`/proc/${pid}/status`) ? readFileSync(`/proc/${pid}/status`, 'utf8') : '');
  } catch {
    return false;
  }
};

/** A program that starts another one, which ignores what can be ignored; both say who they are. */
const FAMILY = `const { spawn } = require('node:child_process');
  const child = spawn(process.execPath, ['-e', 'process.on("SIGTERM", () => {}); process.on("SIGHUP", () => {}); setInterval(() => {}, 1000)'], { stdio: ['ignore', 'inherit', 'inherit'] });
  console.log(process.pid + ' ' + child.pid); setInterval(() => {}, 1000)`;

test.each(['a reload', 'its window', 'the app', 'kill'])('a program and what it started end with %s', async (how) => {
  const { core, page } = await start([SCRIPT]);
  const { Command } = packageOf(page);
  const family = await listen(Command.create('node', script(FAMILY)));
  await until(() => family.events.length === 1);
  const pids = String((family.events[0] as unknown[])[1])
    .trim()
    .split(' ')
    .map(Number);
  expect(pids.map(alive)).toEqual([true, true]);
  if (how === 'a reload') await page.reload();
  else if (how === 'its window') page.close();
  else if (how === 'the app') core.dispose();
  else await family.child.kill();
  await until(() => !pids.some(alive));
});

test('a program that execute waits for ends with its page', async () => {
  const { page, folder } = await start([SCRIPT]);
  const { Command } = packageOf(page);
  const file = join(folder, 'pid');
  void outcome(
    Command.create(
      'node',
      script('require("fs").writeFileSync(process.argv[1], String(process.pid)); setInterval(() => {}, 1000)', file),
    ).execute(),
  );
  await until(() => existsSync(file) && readFileSync(file, 'utf8') !== '');
  const pid = Number(readFileSync(file, 'utf8'));
  expect(alive(pid)).toBe(true);
  page.close();
  await until(() => !alive(pid));
});

test('a program that floods waits for its page', async () => {
  const { page } = await start([SCRIPT]);
  const { Command } = packageOf(page);
  const total = 40_000;
  // It says at its end how long it had to wait: what the pipe does not take at once, `write` refuses.
  const flood = await listen(
    Command.create(
      'node',
      script(
        `const fs = require('fs'); for (let i = 0; i < ${total}; i++) fs.writeSync(1, 'line ' + i + ' ' + 'x'.repeat(200) + '\\n')`,
      ),
    ),
  );
  await flood.end();
  expect(flood.events).toHaveLength(total + 1);
  const numbers = flood.events.slice(0, -1).map(([, line]) => Number(String(line).split(' ')[1]));
  expect(numbers.every((number, index) => number === index)).toBe(true);
});

test("open takes what the configuration allows, and a program by Tauri's names", async () => {
  const { core, page } = await start([]);
  const { open } = packageOf(page);
  const asked = async (path: string, app?: string) => [await outcome(open(path, app)), core.asked.splice(0)];
  const regex = String.raw`^((mailto:\w+)|(tel:\w+)|(https?://\w+)).+`;
  const refused = { error: `Scoped command argument at position 0 was found, but failed regex validation ${regex}` };
  expect(await asked('https://tauri.app/?a=b&c=%20')).toEqual([
    { ok: undefined },
    [['openUrl', 'https://tauri.app/?a=b&c=%20']],
  ]);
  expect(await asked('mailto:a@b.c')).toEqual([{ ok: undefined }, [['openUrl', 'mailto:a@b.c']]]);
  for (const path of [
    'file:///etc/passwd',
    'smb://x/y',
    '/etc/passwd',
    'vscode://x.y',
    'javascript:alert(1)',
    ' https://x.y',
    'command:x',
  ]) {
    expect(await asked(path)).toEqual([refused, []]);
  }
  expect(await asked('https://x.y', 'rm')).toEqual([
    { error: 'invalid args `with` for command `open`: unknown program rm' },
    [],
  ]);
});

test('open follows plugins.shell.open', async () => {
  const cases = [
    [false, 'https://x.y/z', false],
    [true, 'https://x.y/z', true],
    ['myapp:.*', 'myapp:x', true],
    ['myapp:.*', 'https://x.y/z', false],
  ] as const;
  for (const [config, path, allowed] of cases) {
    const { core, page } = await start([], { pluginConfig: { shell: { open: config } } });
    await outcome(packageOf(page).open(path));
    expect(core.asked).toEqual(allowed ? [['openUrl', path]] : []);
  }
  await expect(start([], { pluginConfig: { shell: { open: '(' } } })).rejects.toThrow(
    'failed to initialize plugin `shell`',
  );
});

test('open with a program starts that, with what is opened as its only argument', async () => {
  const folder = realpathSync(mkdtempSync(join(tmpdir(), 'open-')));
  onTestFinished(() => rmSync(folder, { recursive: true, force: true }));
  writeFileSync(
    join(folder, 'firefox'),
    `#!/bin/sh\nprintf '%s|' "$@" > ${join(folder, 'got.part')}; mv ${join(folder, 'got.part')} ${join(folder, 'got')}\n`,
  );
  chmodSync(join(folder, 'firefox'), 0o755);
  const system = { ...thisSystem(), platform: 'linux' as const, env: { PATH: `${folder}:${process.env['PATH']}` } };
  const { page } = await start([], { host: { cwd: folder, system } });
  await packageOf(page).open('https://x.y/?q=a b;c', 'firefox');
  await until(() => existsSync(join(folder, 'got')));
  expect(readFileSync(join(folder, 'got'), 'utf8')).toBe('https://x.y/?q=a b;c|');
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

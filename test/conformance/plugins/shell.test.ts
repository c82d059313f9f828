import {
  chmodSync,
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
import { expect, onTestFinished, test } from 'vitest';
import { thisSystem } from '../../../extension/plugins/directories.ts';
import { outcome, until } from '../harness.ts';
import { listen, packageOf, SCRIPT, script, start } from './shell-support.ts';

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

test('a flood of lines arrives whole and in order, and its end last', async () => {
  const { page } = await start([SCRIPT]);
  const { Command } = packageOf(page);
  const total = 40_000;
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

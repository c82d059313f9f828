// Packages of others from npm, each doing what it promises its users, on plugins written in TypeScript. In three windows of
// one app, with permissions of their own; at the end the inspector tells every call that failed.
import assert from 'node:assert/strict';
import { existsSync, mkdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { after, before, describe, test } from 'node:test';
import type { Frame } from 'playwright-core';
import { TemporaryFolders } from '../vscode/temporary.mjs';
import { eventually, tabTitles, until } from './controls.ts';
import { startWorkbench, type Workbench } from './harness.ts';
import { filterBy, listedRows } from './inspector.ts';
import { makeConsumers, pageReady, type Project } from './project.ts';

type Calls = Readonly<Record<string, (...args: readonly unknown[]) => unknown>>;

declare global {
  /** What frontend/main.ts puts on the page: a module for each package. */
  var consumers: Readonly<Record<string, Calls>> & {
    readonly collected: () => Promise<Collected>;
    readonly uncaught: readonly unknown[];
  };
  /** What frontend/controls.ts puts on its page. */
  var uncaught: readonly unknown[];
}

type Collected = {
  readonly breadcrumbs: readonly { readonly window: string; readonly category?: string; readonly message?: string }[];
  readonly events: readonly {
    readonly window: string;
    readonly message: string;
    readonly contexts: object;
    readonly breadcrumbs: number;
  }[];
};

/** What frontend/terminal.ts tells of a program. */
type Seen = { readonly pid: number; readonly chunks: number; readonly text: string; readonly exitCode: number };

/** Asks, prints what it is told, and ends with the number that it is told last. */
const ASKING = `
  process.stdout.write('size ' + process.env.COLUMNS + 'x' + process.env.LINES + ', ' + process.env.FROM_PAGE + '\\nname? ');
  let heard = '';
  process.stdin.on('data', (data) => {
    heard += data;
    if (heard === 'Zoë\\n') process.stderr.write('hello Zoë\\ncode? ');
    if (heard.endsWith('7\\n')) process.exit(7);
  });`;
/** Prints more than one read gives. */
const FLOOD = `process.stdout.write('x'.repeat(1_000_000), () => console.log('done'));`;
const WAITING = `process.stdin.once('data', () => console.log('ended by the page'));
  process.stdin.on('data', () => process.exit(0)); process.on('SIGWINCH', () => {});`;

describe('packages of others, and the plugins that they call', () => {
  const folders = new TemporaryFolders();
  let project: Project;
  let workbench: Workbench;
  let main: Frame;
  let second: Frame;

  before(async () => {
    project = await makeConsumers();
    const home = folders.make('consumers-home-');
    mkdirSync(join(home, '.local/share'), { recursive: true });
    workbench = await startWorkbench({
      folder: project.folder,
      theme: 'dark',
      // Only rows in sight are in the inspector's page, and all that failed must be.
      viewport: { width: 1400, height: 1600 },
      env: { HOME: home, XDG_DATA_HOME: join(home, '.local/share'), XDG_CONFIG_HOME: join(home, '.config') },
    });
    await workbench.command('IPC Workbench: Open App');
    main = await pageReady(await workbench.appFrame('main'));
    second = await pageReady(await workbench.appFrame('second'));
  });
  after(async () => {
    await workbench?.close();
    folders.remove();
  });

  /** Calls a function of the page's module for a package; its rejection is what it gives. */
  const call = (frame: Frame, module: string, name: string, ...args: readonly unknown[]) =>
    frame.evaluate(
      async ([module, name, args]) => {
        try {
          return await consumers[module]?.[name]?.(...args);
        } catch (error) {
          return { error };
        }
      },
      [module, name, args] as const,
    );
  const uncaughtIn = (frame: Frame) => frame.evaluate(() => consumers.uncaught.map(String));

  test('tauri-pty: a program is started, asked and answered, and its end is told', async () => {
    const answers = { 'name? ': 'Zoë\n', 'code? ': '7\n' };
    const seen = (await call(main, 'terminal', 'run', process.execPath, ['-e', ASKING], answers)) as Seen;
    assert.ok(seen.pid > 0);
    assert.deepEqual([seen.text, seen.exitCode], ['size 91x33, yes\nname? hello Zoë\ncode? ', 7]);
  });

  test('tauri-pty: a million bytes come in order and whole, in many reads', async () => {
    const seen = (await call(main, 'terminal', 'run', process.execPath, ['-e', FLOOD], {})) as Seen;
    assert.equal(seen.text, `${'x'.repeat(1_000_000)}done\n`);
    assert.ok(seen.chunks > 1, `${seen.chunks}`);
    assert.equal(seen.exitCode, 0);
  });

  test('tauri-pty: who may not end a program is told so, and one may be joined by its number', async () => {
    const before = (await call(main, 'terminal', 'pids')) as number[];
    await call(main, 'terminal', 'begin', process.execPath, ['-e', WAITING]);
    const started = async () =>
      ((await call(main, 'terminal', 'pids')) as number[]).filter((pid) => !before.includes(pid));
    const [pid] = await until(async () => ((await started()).length > 0 ? started() : undefined), 'a program');
    await call(main, 'terminal', 'resize');
    await call(main, 'terminal', 'kill');
    await eventually(
      async () => (await uncaughtIn(main)).map((text) => text.split('\n')[0]),
      ['pty.kill not allowed. Permissions associated with this command: pty:allow-kill'],
    );
    const seen = (await call(main, 'terminal', 'end', pid)) as Seen;
    assert.equal(seen.exitCode, 0);
  });

  test('@tauri-store/zustand: windows share a store, what is filtered stays with its window, and it is saved', async () => {
    await call(main, 'zustand', 'start');
    await call(second, 'zustand', 'start');
    await call(main, 'zustand', 'write', 'only here');
    await call(main, 'zustand', 'increase');
    await eventually(() => call(second, 'zustand', 'state'), { counter: 1, names: [], draft: '' });
    await call(second, 'zustand', 'add', 'Ada');
    await call(second, 'zustand', 'increase');
    await eventually(() => call(main, 'zustand', 'state'), { counter: 2, names: ['Ada'], draft: 'only here' });

    const path = (await call(main, 'zustand', 'save')) as string;
    assert.deepEqual(JSON.parse(readFileSync(path, 'utf8')), { counter: 2, names: ['Ada'] });
    assert.deepEqual(await call(main, 'zustand', 'ids'), ['counter']);
    const { error } = (await call(main, 'zustand', 'saveAllNow')) as { error: string };
    assert.match(error, /^zustand\.save_all_now not allowed\. .*zustand:allow-save-all-now/);
  });

  test('@tauri-store/zustand: a window that stops hears nothing more, and gets what is there when it starts again', async () => {
    await call(second, 'zustand', 'stop');
    await call(main, 'zustand', 'start');
    await call(main, 'zustand', 'increase');
    await eventually(() => call(main, 'zustand', 'state'), { counter: 3, names: ['Ada'], draft: 'only here' });
    assert.deepEqual(await call(second, 'zustand', 'state'), { counter: 2, names: ['Ada'], draft: '' });
    await call(second, 'zustand', 'start');
    await eventually(() => call(second, 'zustand', 'state'), { counter: 3, names: ['Ada'], draft: '' });
  });

  test('@tauri-store/pinia: changes deep in a store reach the other window, and the disk after a pause', async () => {
    await call(main, 'pinia', 'start');
    await call(second, 'pinia', 'start');
    await call(main, 'pinia', 'add', 'write');
    await call(main, 'pinia', 'add', 'test');
    await eventually(() => call(second, 'pinia', 'state'), {
      tasks: [
        { title: 'write', done: false },
        { title: 'test', done: false },
      ],
    });
    await call(second, 'pinia', 'finish', 'write');
    const tasks = [
      { title: 'write', done: true },
      { title: 'test', done: false },
    ];
    await eventually(() => call(main, 'pinia', 'state'), { tasks });
    assert.deepEqual(await call(main, 'pinia', 'strategy'), { strategy: 'debounce', interval: 20 });
    const path = (await call(main, 'pinia', 'path')) as string;
    await eventually(() => existsSync(path) && (JSON.parse(readFileSync(path, 'utf8')) as unknown), { tasks });
  });

  test('kysely-dialect-tauri: tables, rows, joins and errors on the sql plugin of the host', async () => {
    assert.deepEqual(await call(main, 'database', 'run'), {
      insertId: 1,
      updated: 1,
      rows: [
        { name: 'Ada', born: 1815, pet: 'Byte' },
        { name: 'Zoë', born: 1900, pet: null },
      ],
      count: 3,
      twice: 'error returned from database: (code: 2067) UNIQUE constraint failed: person.name',
      tables: ['person: id name born', 'pet: id owner name'],
    });
  });

  test('@fabianlars/tauri-plugin-oauth: a browser that is sent back brings the whole address', async () => {
    const port = (await call(main, 'oauth', 'start', 'Signed in.')) as number;
    const browser = await workbench.page.context().newPage();
    await browser.goto(`http://127.0.0.1:${port}/callback?code=abc#token=def`);
    assert.equal(await browser.locator('p').innerText(), 'Signed in.');
    await eventually(
      () => main.evaluate(() => consumers['oauth']?.['urls'] as unknown),
      [`http://127.0.0.1:${port}/callback?code=abc#token=def`],
    );
    await browser.close();
    await fetch(`http://127.0.0.1:${port}/cb`, { headers: { 'Full-Url': 'nonsense' } });
    await eventually(
      () => main.evaluate(() => consumers['oauth']?.['invalid'] as unknown),
      ['relative URL without a base: nonsense'],
    );
    assert.equal(await call(main, 'oauth', 'stop', port), undefined);
    await assert.rejects(fetch(`http://127.0.0.1:${port}/`));
    const { error } = (await call(second, 'oauth', 'start', '')) as { error: string };
    assert.match(error, /^oauth\.start not allowed on window "second", webview "second"/);
  });

  test('tauri-plugin-macos-permissions-api: permissions are asked for and checked; a denial of a capability wins', async () => {
    const mac = process.platform === 'darwin';
    assert.equal(await call(main, 'macos', 'checkMicrophonePermission'), !mac);
    assert.equal(await call(main, 'macos', 'requestMicrophonePermission'), null);
    assert.equal(await call(main, 'macos', 'checkMicrophonePermission'), true);
    const { error } = (await call(main, 'macos', 'requestCameraPermission')) as { error: string };
    assert.match(error, /^macos-permissions\.request_camera_permission explicitly denied on origin local/);
  });

  test('tauri-plugin-sentry-api: the script that it puts into pages reports errors and what led to them', async () => {
    await main.locator('#crash').click();
    const collected = () => main.evaluate(() => consumers.collected());
    const crash = async () => (await collected()).events.find(({ message }) => message === 'a bug of the page');
    const event = await until(crash, 'an event');
    assert.equal(event.window, 'main');
    assert.ok('os' in event.contexts && event.breadcrumbs > 0, JSON.stringify(event));
    const { breadcrumbs, events } = await collected();
    const denied = 'pty.kill not allowed. Permissions associated with this command: pty:allow-kill';
    assert.ok(
      events.some(({ message }) => message.endsWith(denied)),
      'a rejection that nobody caught',
    );
    const click = breadcrumbs.find(({ window, category }) => window === 'main' && category === 'ui.click');
    assert.equal(click?.message, 'body > button#crash');
  });

  test('the release that it brings, 2.0.0-beta.8 of the api, has events and channels beside the newest', async () => {
    assert.equal(await call(second, 'beta', 'label'), 'second');
    assert.deepEqual(await call(second, 'beta', 'events'), [1]);
    assert.deepEqual(await call(second, 'beta', 'stream', 5), [0, 1, 2, 3, 4]);
  });

  test('@tauri-controls/vue: its buttons call the window', async () => {
    const controls = await pageReady(await workbench.appFrame('controls'));
    const button = (index: number) => controls.locator('#app button').nth(index);
    const rejections = () => controls.evaluate(() => uncaught.map(String));
    // It loads its api when it is imported, and then asks for the platform: by a command that Tauri had in its betas only.
    await controls.waitForFunction(() =>
      performance.getEntriesByType('resource').some(({ name }) => /\/index-Bo1GNOck.*\.js$/.test(name)),
    );
    const platform = 'Command os_type not found';
    await eventually(rejections, [platform, platform]);
    await button(0).click();
    const minimize = 'window.minimize is not supported in a VS Code panel (editors have no minimized state)';
    await eventually(rejections, [platform, platform, minimize]);
    await button(1).click();
    await button(2).click();
    await eventually(async () => (await tabTitles(workbench.page)).filter((title) => title.includes('controls')), []);
  });

  test('no other call failed', async () => {
    await workbench.command('IPC Workbench: Open Inspector');
    const inspector = await workbench.inspectorFrame();
    // None of them is a fault of the host: what the capabilities withhold, what a panel cannot do, how `tauri-pty` hears of
    // the end of a program's output, the constraint of a table, and what a beta of Tauri had.
    const expected = [
      'controls: plugin:os|os_type error',
      'controls: plugin:window|minimize error',
      'main: plugin:macos-permissions|request_camera_permission denied',
      'main: plugin:pty|kill denied',
      'main: plugin:pty|read error',
      'main: plugin:pty|read error',
      'main: plugin:pty|read error',
      'main: plugin:pty|read error',
      'main: plugin:sql|select error',
      'main: plugin:zustand|save_all_now denied',
      'second: plugin:oauth|start denied',
    ];
    // A window that closes itself may be gone before that is answered, and what its reporter says of the click.
    await filterBy(inspector, '-is:ok -is:event -is:window -is:channel -window|close');
    await eventually(async () => {
      const listed = await listedRows(inspector);
      const gone = ['undelivered', 'orphan'];
      const rows = listed.filter(({ window, status }) => window !== 'controls' || !gone.includes(status));
      return rows.map(({ name, window, status }) => `${window}: ${name} ${status}`).toSorted();
    }, expected);
    await workbench.screenshot('consumers');
  });
});

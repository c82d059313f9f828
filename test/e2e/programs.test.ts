// What the plugins shell, opener, process and sql do in VS Code: programs, links, the end of the app, databases.
import assert from 'node:assert/strict';
import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { after, before, describe, test } from 'node:test';
import type { Frame } from 'playwright-core';
import { eventually, tabTitles, until } from './controls.ts';
import { startWorkbench, type Workbench } from './harness.ts';
import { invoke, makeProject, pageReady, type Project } from './project.ts';

const SCOPE = [
  { name: 'env', cmd: 'sh', args: ['-c', 'env | grep -c -e ^VSCODE_ -e ^ELECTRON_; pwd'] },
  { name: 'wait', cmd: 'sh', args: ['-c', 'sleep 1000 & echo $$ $!; wait'] },
];

const capability = (...permissions: unknown[]) =>
  JSON.stringify({ identifier: 'plugins', windows: ['*'], permissions });
const ALL = capability(
  'process:default',
  'sql:default',
  'sql:allow-execute',
  'opener:default',
  ...['execute', 'spawn'].map((name) => ({ identifier: `shell:allow-${name}`, allow: SCOPE })),
);

describe('programs, links and databases', () => {
  let project: Project;
  let workbench: Workbench;
  let main: Frame;

  before(async () => {
    project = await makeProject();
    project.write('capabilities/plugins.json', ALL);
    workbench = await startWorkbench({ folder: project.folder, env: { XDG_CONFIG_HOME: project.path('config') } });
    await workbench.command('IPC Workbench: Open App');
    main = await opened('main');
  });
  after(() => workbench?.close());

  const opened = async (label: string) => await pageReady(await workbench.appFrame(label));

  test('a database lies where Tauri keeps it, and answers from its thread', async () => {
    const db = 'sqlite:test.db';
    const sql = (name: string, query: string, values: unknown[] = []) =>
      invoke(main, `plugin:sql|${name}`, { db, query, values });
    assert.deepEqual(await invoke(main, 'plugin:sql|load', { db }), { ok: db });
    assert.deepEqual(await sql('execute', 'CREATE TABLE t (id INTEGER PRIMARY KEY, a TEXT)'), { ok: [0, 0] });
    assert.deepEqual(await sql('execute', 'INSERT INTO t (a) VALUES ($1)', ['ü']), { ok: [1, 1] });
    assert.deepEqual(await sql('select', 'SELECT * FROM t'), { ok: [{ id: 1, a: 'ü' }] });
    assert.deepEqual(await sql('select', 'SELECT * FROM nope'), {
      error: 'error returned from database: (code: 1) no such table: nope',
    });
    assert.ok(existsSync(join(project.path('config'), 'dev.ipc-workbench.tests.basic', 'test.db')));
  });

  test('a program of the scope runs in the project, without what VS Code sets for itself', async () => {
    const answer = await invoke(main, 'plugin:shell|execute', { program: 'env', args: [], options: {} });
    assert.deepEqual(answer, { ok: { code: 0, signal: null, stdout: `0\n${project.folder}\n`, stderr: '' } });
    assert.deepEqual(await invoke(main, 'plugin:shell|execute', { program: 'sh', args: [], options: {} }), {
      error: 'program not allowed on the configured shell scope: sh',
    });
  });

  test('a click on a link asks VS Code to open it, where the permission allows it', async () => {
    const click = () =>
      main.evaluate(() => {
        const link = Object.assign(document.createElement('a'), { href: 'https://tauri.app/?a=b', target: '_blank' });
        document.body.append(link);
        link.click();
        link.remove();
      });
    const dialog = workbench.page.locator('.monaco-dialog-box');
    await click();
    await dialog.getByText('https://tauri.app/?a=b').waitFor();
    await dialog.getByRole('button', { name: 'Cancel' }).click();
    await dialog.waitFor({ state: 'detached' });

    project.write('capabilities/plugins.json', capability('process:default'));
    await until(
      async () =>
        'error' in (await invoke(main, 'plugin:sql|close', { db: 'x' })) &&
        /not allowed/.test(((await invoke(main, 'plugin:sql|close', { db: 'x' })) as { error: string }).error),
      'the change of the capability',
    );
    const said = main
      .page()
      .waitForEvent('console', { predicate: (each) => each.text().includes('open_url not allowed') });
    await click();
    await said;
    assert.equal(await dialog.count(), 0);
    project.write('capabilities/plugins.json', ALL);
    await eventually(async () => await invoke(main, 'plugin:sql|close', { db: 'sqlite:test.db' }), { ok: true });
  });

  test('a new start of the app ends its programs and databases, runs setup again and loads its pages', async () => {
    const pids = await main.evaluate(async () => {
      const events = new tauri.core.Channel<{ event: string; payload: unknown }>();
      const { promise, resolve } = Promise.withResolvers<string>();
      events.onmessage = ({ payload }) => resolve(String(payload));
      await tauri.core.invoke('plugin:shell|spawn', { program: 'wait', args: [], options: {}, onEvent: events });
      return (await promise).trim().split(' ').map(Number);
    });
    assert.deepEqual(pids.map(alive), [true, true]);
    const before = await invoke(main, 'process_id');
    await main.evaluate(() => document.documentElement.setAttribute('data-old', ''));
    void invoke(main, 'plugin:process|restart').catch(() => undefined); // its page goes before an answer comes
    main = await until(async () => {
      // The page that is found may be the old one, and go while it is looked at.
      const frame = await opened('main').catch(() => undefined);
      const isOld = await frame
        ?.locator('html[data-old]')
        .count()
        .catch(() => 1);
      return isOld === 0 ? frame : undefined;
    }, 'a new page');
    await eventually(() => pids.map(alive), [false, false]);
    assert.notDeepEqual(await invoke(main, 'process_id'), before);
    assert.deepEqual(await invoke(main, 'plugin:sql|select', { db: 'sqlite:test.db', query: 'SELECT 1', values: [] }), {
      error: 'database sqlite:test.db not loaded',
    });
  });

  test('exit ends the app and leaves VS Code', async () => {
    void invoke(main, 'plugin:process|exit', { code: 1 }).catch(() => undefined);
    await eventually(() => tabTitles(workbench.page), []);
    await workbench.command('IPC Workbench: Open App');
    main = await opened('main');
    assert.deepEqual(await invoke(main, 'version'), { ok: 'one' });
  });
});

function alive(pid: number): boolean {
  try {
    process.kill(pid, 0);
    return true;
  } catch {
    return false;
  }
}

// The user's handlers in their own process: whatever they do, the window and the editor stay usable.
import assert from 'node:assert/strict';
import { rmSync } from 'node:fs';
import { after, afterEach, before, describe, test } from 'node:test';
import type { Frame } from 'playwright-core';
import { clearNotifications, eventually, notification, tab, tabTitles, until } from './controls.ts';
import { startWorkbench, type Workbench } from './harness.ts';
import { invoke, makeProject, pageReady, type Project } from './project.ts';

const BACKEND = 'src-ipc/main.ts';

describe('the backend', () => {
  let project: Project;
  let workbench: Workbench;
  let main: Frame;

  before(async () => {
    project = await makeProject();
    workbench = await startWorkbench({
      folder: project.folder,
      theme: 'dark',
      settings: { 'ipcWorkbench.backendHangSeconds': 1 },
    });
    await workbench.command('IPC Workbench: Open App');
    main = await pageReady(await workbench.appFrame('main'));
    await main.locator('#text').fill('typed before');
  });
  after(() => workbench?.close());

  // No test may cost the window its state, nor leave a backend that does not answer.
  afterEach(async () => {
    if (main.isDetached()) return;
    assert.equal(await main.locator('#text').inputValue(), 'typed before');
    assert.deepEqual(await invoke(main, 'greet', { name: 'next' }), { ok: 'Hello, next!' });
  });

  test('a handler that throws rejects with its message, and its process goes on', async () => {
    const before = await invoke(main, 'process_id');
    assert.deepEqual(await invoke(main, 'bug'), { error: 'a bug in a handler' });
    assert.deepEqual(await invoke(main, 'process_id'), before);
  });

  test('a handler that ends the process: all running calls reject and say so', async () => {
    const before = await invoke(main, 'process_id');
    const both = Promise.all([invoke(main, 'wait'), invoke(main, 'exit', { code: 3 })]);
    assert.deepEqual(await both, [
      { error: 'The backend stopped while "wait" was running: it exited with code 3 and was restarted.' },
      { error: 'The backend stopped while "exit" was running: it exited with code 3 and was restarted.' },
    ]);
    assert.notDeepEqual(await invoke(main, 'process_id'), before);
  });

  test('a handler that never ends its turn is stopped; meanwhile the window and the editor answer', async () => {
    const looping = main.evaluate(async () => {
      const order: string[] = [];
      const loop = tauri.core.invoke('loop').catch((error: unknown) => order.push(String(error)));
      await tauri.window.getCurrentWindow().title();
      order.push('the title came first');
      await loop;
      return order;
    });
    // The palette opens, the extension host runs a command, and a view shows.
    await workbench.command('IPC Workbench: Open Inspector');
    await workbench.inspectorFrame();
    assert.deepEqual(await looping, [
      'the title came first',
      'The backend stopped while "loop" was running: it did not respond for 1 s and was restarted.',
    ]);
  });

  test('a handler that uses up the memory of its process takes nothing else with it', async () => {
    assert.deepEqual(await invoke(main, 'exhaust'), {
      error:
        'The backend stopped while "exhaust" was running: it ran out of memory (its limit is 1024 MB) and was restarted.',
    });
  });

  test('a saved change answers the next calls', async (context) => {
    assert.deepEqual(await invoke(main, 'version'), { ok: 'one' });
    const start = performance.now();
    project.write(BACKEND, project.read(BACKEND).replace("VERSION = 'one'", "VERSION = 'two'"));
    await eventually(() => invoke(main, 'version'), { ok: 'two' });
    context.diagnostic(`from the save to the new answer: ${Math.round(performance.now() - start)} ms`);
  });

  test('code that does not load is reported with its place; the old code goes on until it is mended', async () => {
    const good = project.read(BACKEND);
    const lines = good.split('\n');
    const line = lines.findIndex((text) => text.includes('Hello')) + 1;
    project.write(BACKEND, lines.with(line - 1, '  const greeting = `Hello, ${name}!`);').join('\n'));

    const message = await notification(workbench.page, `${BACKEND}:${line}:`);
    assert.match(await message.innerText(), /The backend does not load: .*The version before it goes on answering\./s);
    assert.deepEqual(await invoke(main, 'version'), { ok: 'two' });
    await workbench.screenshot('backend-does-not-load');

    await message.getByRole('button', { name: 'Open main.ts' }).click();
    await eventually(async () => (await tabTitles(workbench.page)).includes('main.ts'), true);
    await workbench.page
      .locator('.part.statusbar')
      .getByText(new RegExp(`^Ln ${line}, Col \\d+`))
      .waitFor();

    project.write(BACKEND, good.replace("VERSION = 'two'", "VERSION = 'three'"));
    await eventually(() => invoke(main, 'version'), { ok: 'three' });
    await workbench.command('View: Close Editor');
    await clearNotifications(workbench.page);
  });

  test('an app ends with its last window, and its process with it', async () => {
    const { ok: pid } = (await invoke(main, 'process_id')) as { readonly ok: number };
    assert.equal(isRunning(pid), true);
    await tab(workbench.page, 'Basic: main').getByRole('button', { name: 'Close' }).click();
    await eventually(() => tabTitles(workbench.page), []);
    await eventually(() => isRunning(pid), false);
  });

  test('a wrong configuration is reported with its place, a missing one with what to do', async () => {
    const config = project.read('tauri.conf.json');
    project.write('tauri.conf.json', config.replace('"build": {', '"build": '));
    await workbench.command('IPC Workbench: Open App');
    const wrong = await notification(workbench.page, 'tauri.conf.json:5:27: not valid JSON: comma expected');
    await wrong.getByRole('button', { name: 'Open tauri.conf.json' }).click();
    await eventually(() => tabTitles(workbench.page), ['tauri.conf.json']);
    await workbench.page
      .locator('.part.statusbar')
      .getByText(/^Ln 5, Col \d+/)
      .waitFor();

    project.write('tauri.conf.json', config.replace('./dist', './not-built'));
    await workbench.command('IPC Workbench: Open App');
    await notification(workbench.page, 'build the frontend');
    await workbench.command('View: Close Editor');
    await clearNotifications(workbench.page);

    rmSync(project.path('tauri.conf.json'));
    await workbench.command('IPC Workbench: Open App');
    const missing = await notification(workbench.page, 'No Tauri project in this workspace');
    await workbench.screenshot('no-project');
    await missing.getByRole('button', { name: 'Open Demo' }).click();
    await workbench.appFrame('second');

    project.write('tauri.conf.json', config);
    await workbench.command('IPC Workbench: Open App');
    await until(async () => (await tabTitles(workbench.page)).includes('Basic: main'), 'opening the app');
  });
});

function isRunning(pid: number): boolean {
  try {
    return process.kill(pid, 0);
  } catch {
    return false; // ESRCH: there is no such process
  }
}

// Windows of a project: their pages, their reloads, their ends, and what stays of them.
import assert from 'node:assert/strict';
import { after, before, describe, test } from 'node:test';
import type { Frame } from 'playwright-core';
import { painted, workbenchReady } from '../vscode/page.mjs';
import { eventually, hasStored, tab, tabTitles, until } from './controls.ts';
import { startWorkbench, type Workbench } from './harness.ts';
import { filterBy, listed } from './inspector.ts';
import { invoke, makeProject, pageReady, reloaded } from './project.ts';

describe('windows', () => {
  let workbench: Workbench;
  let main: Frame;

  before(async () => {
    const project = await makeProject();
    workbench = await startWorkbench({ folder: project.folder });
    await workbench.command('IPC Workbench: Open App');
    main = await openWindow('main');
  });
  after(() => workbench?.close());

  const openWindow = async (label: string) => await pageReady(await workbench.appFrame(label));

  test('a page lives at the root of an origin of its own: absolute URLs, modules, imports, files and workers', async () => {
    const seen = await main.evaluate(async () => {
      const lazy: string = '/assets/lazy.js';
      const { ask } = (await import(lazy)) as { ask(): Promise<string> };
      const worker = new Worker('/assets/worker.js', { type: 'module' });
      const doubled = await new Promise((resolve) => {
        worker.onmessage = ({ data }) => resolve(data);
        worker.postMessage(21);
      });
      return {
        path: location.pathname,
        style: getComputedStyle(document.querySelector('h1') as Element).color,
        lazy: await ask(),
        file: (await (await fetch('/data.json')).json()) as unknown,
        doubled,
      };
    });
    assert.deepEqual(seen, {
      path: '/',
      style: 'rgb(0, 122, 204)',
      lazy: 'from a lazy module',
      file: { from: 'a file of the app' },
      doubled: 42,
    });
  });

  test('a route that the page made up survives a reload', async () => {
    await main.evaluate(() => history.pushState(null, '', '/deep/route?query#hash'));
    main = await reloaded(workbench, 'main', main, () => main.evaluate(() => location.reload()));
    assert.equal(
      await main.evaluate(() => location.pathname + location.search + location.hash),
      '/deep/route?query#hash',
    );
    assert.equal(await main.locator('#route').innerText(), '/deep/route');
    assert.deepEqual(await invoke(main, 'echo', { value: 1 }), { ok: 1 });
    main = await reloaded(workbench, 'main', main, () => workbench.command('IPC Workbench: Reload Windows'));
    assert.equal(await main.evaluate(() => location.pathname), '/');
  });

  test('localStorage survives a reload', async () => {
    assert.deepEqual(await storedOverReload('kept'), { own: true, value: 'kept' });
  });

  test('a reload in mid-call aborts what runs, and the new page works', async () => {
    await main.evaluate(() => void tauri.core.invoke('wait'));
    const inspector = await openInspector();
    await filterBy(inspector, 'wait');
    await eventually(() => listed(inspector), ['wait pending']);

    main = await reloaded(workbench, 'main', main, () => main.evaluate(() => location.reload()));
    await eventually(() => invoke(main, 'read_aborts'), { ok: ['main: the page reloaded'] });
    await eventually(() => listed(inspector), ['wait orphan']);
    await filterBy(inspector, 'pending');
    await eventually(() => listed(inspector), []);
    await filterBy(inspector, '');
    assert.deepEqual(await invoke(main, 'greet', { name: 'new page' }), { ok: 'Hello, new page!' });
  });

  test('a page may keep its window from closing, and may still destroy it', async () => {
    await main.evaluate(async () => {
      const window = new tauri.webviewWindow.WebviewWindow('extra', { url: '/extra', title: 'Extra' });
      await new Promise((resolve) => window.once('tauri://created', resolve));
    });
    const extra = await openWindow('extra');
    await extra.evaluate(async () => {
      await tauri.window.getCurrentWindow().onCloseRequested((event) => {
        event.preventDefault();
        document.documentElement.dataset['asked'] = 'true';
      });
      await tauri.window.getCurrentWindow().close();
    });
    await extra.waitForFunction(() => document.documentElement.dataset['asked'] === 'true');
    assert.deepEqual(await invoke(extra, 'echo', { value: 'still here' }), { ok: 'still here' });
    assert.deepEqual(await tabTitles(workbench.page), ['Basic: main', 'Extra']);
    await extra.evaluate(() => void tauri.window.getCurrentWindow().destroy());
    await eventually(() => tabTitles(workbench.page), ['Basic: main']);
  });

  test('closing a tab in mid-call aborts what runs; the app opens anew', async () => {
    await main.evaluate(async () => {
      const window = new tauri.webviewWindow.WebviewWindow('extra', { url: '/extra', title: 'Extra' });
      await new Promise((resolve) => window.once('tauri://created', resolve));
    });
    const extra = await openWindow('extra');
    await extra.evaluate(() => void tauri.core.invoke('wait'));
    const inspector = await openInspector();
    await filterBy(inspector, 'wait extra');
    await eventually(() => listed(inspector), ['wait pending']);

    await tab(workbench.page, 'Extra').getByRole('button', { name: 'Close' }).click();
    await eventually(() => tabTitles(workbench.page), ['Basic: main']);
    await eventually(() => invoke(main, 'read_aborts'), {
      ok: ['main: the page reloaded', 'extra: the window closed'],
    });
    await eventually(() => listed(inspector), ['wait orphan']);
    await filterBy(inspector, '');
  });

  test('panels come back after VS Code was reloaded, with their labels, titles and addresses', async () => {
    await main.evaluate(async () => {
      await tauri.window.getCurrentWindow().setTitle('Renamed');
      const window = new tauri.webviewWindow.WebviewWindow('extra', { url: '/extra', title: 'Extra' });
      await new Promise((resolve) => window.once('tauri://created', resolve));
    });
    await openWindow('extra');
    await eventually(() => tabTitles(workbench.page), ['Renamed', 'Extra']);
    await painted(main);
    await workbench.screenshot('windows-light');

    // VS Code writes down now and then what it needs to bring the panels back.
    const panels = ['editorpart.state', 'Renamed', '/extra'];
    await until(() => workbench.page.evaluate(hasStored, panels), 'storing the panels', 60_000);
    await workbench.page.reload({ waitUntil: 'commit' });
    await workbenchReady(workbench.page);
    main = await openWindow('main');
    const extra = await openWindow('extra');
    await eventually(() => tabTitles(workbench.page), ['Renamed', 'Extra']);
    for (const [frame, path] of [
      [main, '/'],
      [extra, '/extra'],
    ] as const) {
      assert.equal(await frame.evaluate(() => location.pathname), path);
      assert.deepEqual(await invoke(frame, 'greet', { name: 'again' }), { ok: 'Hello, again!' });
    }
    assert.equal(await main.evaluate(() => tauri.window.getCurrentWindow().title()), 'Renamed');
  });

  test('where the browser denies the frame its storage, the host keeps one', async () => {
    await workbench.page.addInitScript(denyStorage);
    main = await reloaded(workbench, 'main', main, () => workbench.command('IPC Workbench: Reload Windows'));
    assert.deepEqual(await storedOverReload('kept by the host'), { own: false, value: 'kept by the host' });
    assert.deepEqual(
      await main.evaluate(() => {
        localStorage['other'] = 'two';
        delete localStorage['other'];
        return [Object.keys(localStorage), localStorage.length, 'test' in localStorage, localStorage.getItem('none')];
      }),
      [['test'], 1, true, null],
    );
    const { page } = workbench;
    await until(() => page.evaluate(hasStored, ['"test":"kept by the host"']), 'keeping the storage');
    await page.reload({ waitUntil: 'commit' });
    await workbenchReady(page);
    main = await openWindow('main');
    assert.deepEqual(await storedOverReload(), { own: false, value: 'kept by the host' });
  });

  /** Stores a value if there is one, reloads, and reads it; `own`: it is the browser's own storage. */
  async function storedOverReload(value?: string): Promise<unknown> {
    if (value !== undefined) await main.evaluate((value) => localStorage.setItem('test', value), value);
    main = await reloaded(workbench, 'main', main, () => main.evaluate(() => location.reload()));
    return await main.evaluate(() => ({
      own: Object.getOwnPropertyDescriptor(window, 'localStorage')?.get?.toString().includes('native code') ?? false,
      value: localStorage.getItem('test'),
    }));
  }

  async function openInspector(): Promise<Frame> {
    await workbench.command('IPC Workbench: Open Inspector');
    return await workbench.inspectorFrame();
  }
});

/**
 * Runs in every new document, before its scripts: does to the app's frame what a browser does that blocks third-party
 * storage. (The headless Chromium of the tests has no such setting.)
 */
function denyStorage(): void {
  if (window.name !== 'main') return;
  const get = () => {
    throw new DOMException(
      "Failed to read the 'localStorage' property from 'Window': Access is denied.",
      'SecurityError',
    );
  };
  Object.defineProperty(window, 'localStorage', { configurable: true, get });
}

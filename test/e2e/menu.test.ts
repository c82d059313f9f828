// Menus, the tray and stores as a user meets them.
import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { after, before, describe, test } from 'node:test';
import type * as tray from '@tauri-apps/api/tray';
import type * as store from '@tauri-apps/plugin-store';
import type { Frame, Locator } from 'playwright-core';
import { workbenchReady } from '../vscode/page.mjs';
import { eventually, hasStored, until } from './controls.ts';
import { startWorkbench, type Workbench } from './harness.ts';
import { bundlePage, makeProject, pageReady, type Project } from './project.ts';

/** What frontend/menus.ts exports. */
type Menus = {
  readonly heard: string[];
  popup(): void;
  setAppMenu(): Promise<void>;
  showTray(): Promise<void>;
  readonly load: typeof store.load;
  readonly TrayIcon: typeof tray.TrayIcon;
};

declare global {
  var menus: Menus;
}

describe('menus', () => {
  let project: Project;
  let workbench: Workbench;
  let main: Frame;
  let list: Locator;

  before(async () => {
    project = await makeProject();
    await bundlePage([project.sourceOf('menus.ts')], project.path('dist/assets'));
    const capability = JSON.parse(project.read('capabilities/main.json')) as { permissions: string[] };
    capability.permissions.push('store:default');
    project.write('capabilities/main.json', JSON.stringify(capability));
    workbench = await startWorkbench({ folder: project.folder, theme: 'dark' });
    await workbench.page.context().grantPermissions(['clipboard-read', 'clipboard-write']);
    list = workbench.page.locator('.quick-input-widget:visible');
    await workbench.command('IPC Workbench: Open App');
    await openMain();
  });
  after(() => workbench?.close());

  async function openMain(): Promise<void> {
    main = await pageReady(await workbench.appFrame('main'));
    await main.evaluate(async () => {
      const module: string = '/assets/menus.js';
      Object.assign(globalThis, { menus: (await import(module)) as Menus });
    });
  }

  /** What actions have heard in this test, or since the menu before was opened. */
  const heard = () => main.evaluate(() => menus.heard);
  const forget = () => main.evaluate(() => void menus.heard.splice(0));
  const titles = () => list.locator('.monaco-list-row .label-name').allInnerTexts();
  const press = (key: string) => workbench.page.keyboard.press(key);

  /** Waits for the list and its keyboard. */
  async function opened(title: string): Promise<void> {
    const wait = { timeout: 10_000 };
    await list.locator('.quick-input-title', { hasText: title }).waitFor(wait);
    const hasFocus = (input: Element) => input === document.activeElement;
    await eventually(() => list.locator('input').evaluate(hasFocus, undefined, wait), true);
  }

  async function openAppMenu(): Promise<void> {
    // The page that was clicked may take the focus late, which closes the list.
    await until(async () => {
      await workbench.command('IPC Workbench: Show App Menu');
      return await opened('Basic: main').then(
        () => true,
        () => undefined,
      );
    }, 'the menu');
  }

  async function popup(): Promise<void> {
    await list.waitFor({ state: 'detached' });
    await forget();
    await main.locator('#text').click();
    await main.evaluate(() => menus.popup());
    await opened('Basic: main');
  }

  /** Goes down until that item has the focus. */
  async function goTo(item: string): Promise<void> {
    const focused = list.locator('.monaco-list-row.focused .label-name');
    for (let steps = 0; (await focused.innerText()) !== item; steps++) {
      assert.ok(steps < 20, `no item "${item}"`);
      const before = await focused.innerText();
      await press('ArrowDown');
      await eventually(async () => (await focused.innerText()) !== before, true);
    }
  }

  test('a context menu by keyboard: the chosen item is heard, then the menu is closed', async () => {
    await popup();
    assert.deepEqual(await titles(), ['New File', 'Save', 'Wrap Lines', 'Show Map', 'Open Recent', 'With a Picture']);
    const row = (name: string) => list.locator('.monaco-list-row', { hasText: name });
    assert.match(await row('New File').innerText(), /Ctrl\+N/);
    assert.match((await row('Save').getAttribute('aria-label')) ?? '', /disabled/);
    assert.equal(await row('Show Map').locator('.codicon-check').count(), 1);
    await workbench.screenshot('menu-dark');
    await goTo('New File');
    await press('Enter');
    await eventually(heard, ['new', 'closed']);
    await list.waitFor({ state: 'detached' });
    await eventually(() => main.evaluate(() => document.hasFocus()), true);
  });

  test('a check mark follows the choice', async () => {
    await popup();
    await goTo('Wrap Lines');
    await press('Enter');
    await eventually(heard, ['wrap', 'closed']);
    await popup();
    assert.equal(
      await list.locator('.monaco-list-row', { hasText: 'Wrap Lines' }).locator('.codicon-check').count(),
      1,
    );
    await press('Escape');
    await eventually(heard, ['closed']);
  });

  test('a disabled item is shown and not chosen', async () => {
    await popup();
    await goTo('Save');
    await press('Enter');
    await goTo('Wrap Lines');
    await press('Escape');
    await eventually(heard, ['closed']);
  });

  test('submenus: into them, back, and a choice in the last', async () => {
    await popup();
    await goTo('Open Recent');
    await press('Enter');
    await opened('Basic: main › Open Recent');
    assert.deepEqual(await titles(), ['first.txt', 'second.txt', 'Older']);
    await workbench.screenshot('submenu-dark');
    await press('Control+Alt+Minus');
    await eventually(() => list.locator('.monaco-list-row.focused .label-name').innerText(), 'Open Recent');
    await opened('Basic: main');
    await press('Enter');
    await opened('Basic: main › Open Recent');
    await goTo('Older');
    await press('Enter');
    await opened('Basic: main › Open Recent › Older');
    await goTo('third.txt');
    await press('Enter');
    await eventually(heard, ['third', 'closed']);
  });

  test('the menu of the app has a button where its window is, and in the light theme too', async () => {
    const button = workbench.page.locator('.editor-actions .action-label[aria-label="Show App Menu"]');
    assert.equal(await button.count(), 0);
    await workbench.setTheme('light');
    await forget();
    await main.evaluate(() => menus.setAppMenu());
    await button.click();
    await opened('Basic: main');
    assert.deepEqual(await titles(), ['File', 'Edit', 'Help']);
    await workbench.screenshot('app-menu-light');
    await goTo('File');
    await press('Enter');
    await opened('Basic: main › File');
    await goTo('Open…');
    await press('Enter');
    await eventually(heard, ['open']);

    await openAppMenu();
    await goTo('Help');
    await press('Enter');
    await opened('Basic: main › Help');
    await goTo('About');
    await press('Enter');
    const dialog = workbench.page.locator('.monaco-dialog-box');
    await dialog.waitFor();
    assert.match(await dialog.innerText(), /Basic 1\.2\.3\s+By Ada, Grace/);
    await workbench.screenshot('about-light');
    await press('Escape');
  });

  test('predefined items edit the page', async () => {
    const text = main.locator('#text');
    const edit = async (item: string) => {
      await openAppMenu();
      await goTo('Edit');
      await press('Enter');
      await opened('Basic: main › Edit');
      await goTo(item);
      await press('Enter');
      await list.waitFor({ state: 'detached' });
    };
    await text.fill('moved ');
    await text.click();
    await edit('Select All');
    await edit('Cut');
    await eventually(() => text.inputValue(), '');
    await edit('Paste');
    await eventually(() => text.inputValue(), 'moved ');
    await edit('Paste');
    await eventually(() => text.inputValue(), 'moved moved ');
  });

  test('a tray is an item of the status bar that can be clicked, with a hover and a menu', async () => {
    await forget();
    await main.evaluate(() => menus.showTray());
    const item = workbench.page.locator('.statusbar-item', { hasText: 'Basic: idle' });
    await item.click();
    await eventually(heard, ['Click Down', 'Click Up']);
    const hover = workbench.page.locator('.workbench-hover', { hasText: 'Nothing runs' });
    const showHover = async () => {
      await workbench.page.mouse.move(600, 400);
      await item.hover();
      await hover.waitFor();
    };
    await showHover();
    await workbench.screenshot('tray-light');
    await workbench.setTheme('dark');
    await showHover();
    await workbench.screenshot('tray-dark');
    await hover.getByText('Show Menu').click();
    await opened('Basic: main');
    await press('Escape');
    await main.evaluate(async () => (await menus.TrayIcon.getById('tray'))?.setTitle('Basic: busy'));
    await workbench.page.locator('.statusbar-item', { hasText: 'Basic: busy' }).waitFor();
  });

  test('a store survives that VS Code is loaded again; menu and tray go with their page', async () => {
    const file = project.path('data/settings.json');
    await main.evaluate(async (file) => {
      const store = await menus.load(file, { defaults: { visits: 0 }, autoSave: false });
      await store.set('visits', 7);
    }, file);
    await until(
      () => workbench.page.evaluate(hasStored, ['editorpart.state', 'Basic: main']),
      'storing the panels',
      60_000,
    );
    await workbench.page.reload({ waitUntil: 'commit' });
    await workbenchReady(workbench.page);
    await openMain();
    assert.equal(await workbench.page.locator('.statusbar-item', { hasText: 'Basic: busy' }).count(), 0);
    assert.equal(
      await main.evaluate(async (file) => (await menus.load(file, { defaults: {} })).get('visits'), file),
      7,
    );
    assert.deepEqual(JSON.parse(readFileSync(file, 'utf8')), { visits: 7 });
  });
});

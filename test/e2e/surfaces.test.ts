// Official packages that meet VS Code's own surfaces: dialogs, notifications, the clipboard and the output.
import assert from 'node:assert/strict';
import { arch } from 'node:os';
import { after, before, describe, test } from 'node:test';
import type * as clipboard from '@tauri-apps/plugin-clipboard-manager';
import type * as dialog from '@tauri-apps/plugin-dialog';
import type * as log from '@tauri-apps/plugin-log';
import type * as notification from '@tauri-apps/plugin-notification';
import type * as os from '@tauri-apps/plugin-os';
import type { Frame } from 'playwright-core';
import { runCommand } from '../vscode/page.mjs';
import { clearNotifications, eventually, notification as shownNotification, until } from './controls.ts';
import { startWorkbench, type Workbench } from './harness.ts';
import { bundlePage, makeProject, pageReady, type Project } from './project.ts';

declare global {
  /** What frontend/surfaces.ts puts on the page. */
  var surfaces: {
    readonly clipboard: typeof clipboard;
    readonly dialog: typeof dialog;
    readonly log: typeof log;
    readonly notification: typeof notification;
    readonly os: typeof os;
  };
  var answers: Record<string, unknown>;
}

const PERMISSIONS = [
  'core:default',
  'clipboard-manager:allow-read-text',
  'clipboard-manager:allow-write-text',
  'dialog:default',
  'log:default',
  'notification:default',
  'os:default',
];

describe('surfaces of VS Code', () => {
  let project: Project;
  let workbench: Workbench;
  let frame: Frame;

  before(async () => {
    project = await makeProject();
    await bundlePage([project.sourceOf('surfaces.ts')], project.path('dist/assets'));
    project.write('dist/index.html', project.read('dist/index.html').replace('/assets/main.js', '/assets/surfaces.js'));
    const config = JSON.parse(project.read('tauri.conf.json')) as { app: object };
    const app = { ...config.app, security: { assetProtocol: { enable: true, scope: [] } } };
    project.write('tauri.conf.json', JSON.stringify({ ...config, app }));
    project.write(
      'capabilities/main.json',
      JSON.stringify({ identifier: 'main', windows: ['main'], permissions: PERMISSIONS }),
    );
    project.write('picked.txt', 'what was picked');
    project.write('other.txt', 'what was not');
    workbench = await startWorkbench({ folder: project.folder, theme: 'dark', viewport: { width: 1400, height: 900 } });
    await workbench.command('IPC Workbench: Open App');
    frame = await pageReady(await workbench.appFrame('main'));
    await frame.evaluate(() => void (globalThis.answers = {}));
  });
  after(() => workbench?.close());

  const answer = (name: string) => frame.evaluate((name) => answers[name] ?? null, name);
  const modal = () => workbench.page.locator('.monaco-dialog-box');
  test('a message of the page is a modal of VS Code, answered by the keyboard', async () => {
    await frame.evaluate(() => {
      const ask = surfaces.dialog.message('The file has <b>changes</b>.\nSave them?', {
        title: 'Unsaved',
        kind: 'warning',
        buttons: { yes: 'Save', no: 'Throw away', cancel: 'Keep editing' },
      });
      void ask.then((label) => (answers['message'] = label));
    });
    await modal().waitFor();
    const text = (await modal().innerText()).replace(/\s+/g, ' ');
    assert.match(text, /Basic: Unsaved The file has <b>changes<\/b>\. Save them\?/);
    assert.deepEqual((await modal().getByRole('button').allInnerTexts()).filter(Boolean).sort(), [
      'Keep editing',
      'Save',
      'Throw away',
    ]);
    const focused = modal().locator(':focus');
    await focused.filter({ hasText: 'Save' }).waitFor(); // the first one, whatever the order
    await workbench.screenshot('surfaces-message');
    await until(async () => {
      await workbench.page.keyboard.press('Tab');
      return (await focused.innerText()) === 'Throw away';
    }, 'the focus on the second button');
    await workbench.page.keyboard.press('Enter');
    await eventually(() => answer('message'), 'Throw away');
    await modal().waitFor({ state: 'detached' });
  });

  test('alert and confirm of the page; Escape is the cancel button', async () => {
    await frame.evaluate(() => {
      window.alert('Done');
      void (window.confirm('Go on?') as unknown as Promise<boolean>).then((yes) => (answers['confirm'] = yes));
    });
    // A modal takes keys once it has the focus.
    await modal().filter({ hasText: 'Done' }).locator(':focus').waitFor();
    await workbench.page.keyboard.press('Enter');
    await modal().filter({ hasText: 'Go on?' }).locator(':focus').waitFor();
    await workbench.page.keyboard.press('Escape');
    await eventually(() => answer('confirm'), false);
  });

  test('a picked file is in the scope of the app, the one beside it is not', async () => {
    const read = (file: string) =>
      frame.evaluate(async (path) => {
        const response = await fetch(tauri.core.convertFileSrc(path));
        return response.ok ? await response.text() : response.status;
      }, project.path(file));
    assert.equal(await read('picked.txt'), 403);
    await frame.evaluate((defaultPath) => {
      const options = { title: 'Choose a text', defaultPath, filters: [{ name: 'Text', extensions: ['txt'] }] };
      void surfaces.dialog.open(options).then((path) => (answers['open'] = path));
    }, project.folder);
    const picker = workbench.page.locator('.quick-input-widget:visible');
    await picker.locator('.quick-input-title').filter({ hasText: 'Basic: Choose a text' }).waitFor();
    const row = picker.locator('.monaco-list-row').filter({ hasText: 'picked.txt' });
    await row.waitFor();
    assert.equal(await picker.locator('.monaco-list-row').filter({ hasText: 'tauri.conf.json' }).count(), 0);
    await workbench.screenshot('surfaces-open');
    await row.click();
    await eventually(() => answer('open'), project.path('picked.txt'));
    assert.equal(await read('picked.txt'), 'what was picked');
    assert.equal(await read('other.txt'), 403);
  });

  test('a picker that is closed picks nothing; a place to save is typed', async () => {
    await frame.evaluate((defaultPath) => {
      void surfaces.dialog.open({ directory: true }).then((path) => (answers['folder'] = [path]));
      void surfaces.dialog.save({ defaultPath }).then((path) => (answers['save'] = path));
    }, project.path('new.txt'));
    const picker = workbench.page.locator('.quick-input-widget:visible');
    await picker.locator('.quick-input-title').filter({ hasText: 'Basic' }).waitFor();
    // VS Code's list takes no keys before it is filled.
    await picker.locator('.monaco-list-row').filter({ hasText: 'capabilities' }).waitFor();
    await until(async () => {
      await workbench.page.keyboard.press('Escape');
      // A list that is still being filled anew takes no key either.
      const isAnswered = () => 'folder' in answers;
      return await frame.waitForFunction(isAnswered, undefined, { timeout: 3000 }).then(
        () => true,
        () => false,
      );
    }, 'closing the picker');
    assert.deepEqual(await answer('folder'), [null]);
    await until(
      () =>
        picker
          .locator('input')
          .inputValue()
          .then((value) => value.endsWith('new.txt')),
      'the name',
    );
    await workbench.page.keyboard.press('Enter');
    await eventually(() => answer('save'), project.path('new.txt'));
  });

  test('a notification names the app, shows text as text, and its button reaches the page', async () => {
    await frame.evaluate(async () => {
      const { notification } = surfaces;
      answers['granted'] = Notification.permission;
      await notification.registerActionTypes([{ id: 'mail', actions: [{ id: 'reply', title: 'Reply' }] }]);
      await notification.onAction(
        (action) => (answers['action'] = (action as unknown as { actionId: string }).actionId),
      );
      const body = 'Three new [messages](command:workbench.action.closeAllEditors)';
      notification.sendNotification({ title: 'Mail', body, actionTypeId: 'mail' });
    });
    assert.equal(await answer('granted'), 'granted');
    const item = await shownNotification(workbench.page, 'Basic: Mail – Three new [messages]');
    assert.equal(await item.locator('.notification-list-item-message a').count(), 0);
    await workbench.screenshot('surfaces-notification');
    await item.getByRole('button', { name: 'Reply' }).click();
    await eventually(() => answer('action'), 'reply');
    await clearNotifications(workbench.page);
  });

  test('text goes to the clipboard and back', async () => {
    const text = await frame.evaluate(async () => {
      await surfaces.clipboard.writeText('grüße 🎈');
      return surfaces.clipboard.readText();
    });
    assert.equal(text, 'grüße 🎈');
    assert.match(
      await frame.evaluate(() => surfaces.clipboard.clear().catch((error: unknown) => String(error))).then(String),
      /clipboard-manager\.clear not allowed/,
    );
  });

  test('a line of the log is in the output channel of the app', async () => {
    await frame.evaluate(async () => {
      await surfaces.log.attachLogger(({ message }) => (answers['log'] = message));
      await surfaces.log.warn('The disk is nearly full', { keyValues: { free: '2%' } });
    });
    const heard = await until(() => answer('log') as Promise<string | null>, 'the event');
    assert.match(heard, /\[WARN\] The disk is nearly full$/);
    await runCommand(workbench.page, 'Output: Show Output Channels...');
    const list = workbench.page.locator('.quick-input-widget:visible');
    await list.locator('.monaco-list-row').filter({ hasText: 'IPC Workbench: Basic' }).first().click();
    const output = workbench.page.locator('.part.panel .output-view .view-lines, .part.panel .view-lines').first();
    await until(
      async () =>
        (await output.innerText()).replaceAll('\u00a0', ' ').includes('[main] The disk is nearly full free=2%'),
      'the line',
    );
    await workbench.screenshot('surfaces-log');
  });

  test('the page knows the system', async () => {
    const seen = await frame.evaluate(async () => {
      const { os } = surfaces;
      return [os.platform(), os.type(), os.arch(), /^\d+\.\d+\.\d+$/.test(os.version()), await os.locale()];
    });
    const platform = { win32: 'windows', darwin: 'macos' }[process.platform as string] ?? process.platform;
    const architecture = { x64: 'x86_64', arm64: 'aarch64' }[arch() as string] ?? arch();
    assert.deepEqual(seen, [platform, platform, architecture, true, 'en']);
  });
});

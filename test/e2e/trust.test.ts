// A workspace that nobody trusts: nothing of it is loaded or run, and its app opens by itself once it is trusted.
import assert from 'node:assert/strict';
import { existsSync } from 'node:fs';
import { setTimeout as pause } from 'node:timers/promises';
import { after, before, describe, test } from 'node:test';
import { clearNotifications, notification, tabTitles } from './controls.ts';
import { startWorkbench, UNTRUSTED, type Workbench } from './harness.ts';
import { invoke, makeProject, pageReady, type Project } from './project.ts';

/** Long enough for a page and a backend to start, had they been started. */
const STARTED_MS = 3000;

describe('a workspace that is not trusted', () => {
  let project: Project;
  let workbench: Workbench;

  before(async () => {
    project = await makeProject();
    // Whoever loads the backend leaves a trace.
    const backend = project.read('src-ipc/main.ts');
    const trace = JSON.stringify(project.path('loaded'));
    project.write(
      'src-ipc/main.ts',
      `import { writeFileSync } from 'node:fs';\nwriteFileSync(${trace}, '');\n${backend}`,
    );
    // A capability that is none would be reported, were it read.
    project.write('capabilities/wrong.json', '{');
    workbench = await startWorkbench({
      folder: project.folder,
      settings: UNTRUSTED,
    });
  });
  after(() => workbench?.close());

  test('K155 no page, no handler and no capability of it is loaded, and the notice says what to do', async () => {
    await workbench.page.locator('.part.statusbar').getByText('Restricted Mode').waitFor();
    await workbench.command('IPC Workbench: Open App');
    const notice = await notification(workbench.page, 'This workspace is not trusted');
    await pause(STARTED_MS);
    assert.deepEqual(await tabTitles(workbench.page), []);
    assert.equal(existsSync(project.path('loaded')), false);
    assert.equal(await workbench.page.getByText('wrong.json:').count(), 0);
    await workbench.screenshot('trust-notice');
    await notice.getByRole('button', { name: 'Manage Workspace Trust' }).click();
    await workbench.page.locator('.workspace-trust-editor').waitFor();
  });

  test('the demo opens all the same: it is none of the workspace', async () => {
    await workbench.command('IPC Workbench: Open Demo');
    await workbench.appFrame('second');
    await workbench.command('IPC Workbench: Close App');
  });

  test('once it is trusted, the app opens by itself', async () => {
    project.write('capabilities/wrong.json', '[]');
    await clearNotifications(workbench.page);
    await workbench.command('Workspaces: Manage Workspace Trust');
    await workbench.page
      .locator('.workspace-trust-editor')
      .getByRole('button', { name: /^Trust$/ })
      .click();
    const main = await pageReady(await workbench.appFrame('main'));
    assert.deepEqual(await invoke(main, 'version'), { ok: 'one' });
    assert.equal(existsSync(project.path('loaded')), true);
  });

  test('once it is not trusted any more, its window shows no page but what to do, in each theme', async () => {
    await workbench.command('Workspaces: Manage Workspace Trust');
    const row = workbench.page.locator('.workspace-trust-editor .monaco-list-row', { hasText: project.folder });
    await row.hover();
    await row.getByLabel('Delete Path').click();
    await workbench.page.locator('.part.statusbar').getByText('Restricted Mode').waitFor();
    await workbench.page.getByRole('tab', { name: 'Basic' }).click();
    const notice = await workbench.webviewFrame(() => document.title === 'Not trusted');
    assert.match(await notice.locator('body').innerText(), /^This workspace is not trusted/);
    await workbench.screenshot('trust-taken-back-light');
    await workbench.setTheme('dark');
    await clearNotifications(workbench.page);
    await workbench.page.getByRole('tab', { name: 'Basic' }).click();
    await workbench.screenshot('trust-taken-back-dark');
  });
});

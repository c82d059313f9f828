// The recorded session: what the inspector shows is there again after VS Code was reloaded.
import assert from 'node:assert/strict';
import { after, before, describe, test } from 'node:test';
import { workbenchReady } from '../vscode/page.mjs';
import { eventually, hasStored, tab, until } from './controls.ts';
import { startWorkbench, type Workbench } from './harness.ts';
import { filterBy, listed, listedRows } from './inspector.ts';
import { invoke, makeProject, pageReady } from './project.ts';

describe('the recorded session', () => {
  let workbench: Workbench;

  before(async () => {
    const project = await makeProject();
    workbench = await startWorkbench({ folder: project.folder });
    await workbench.command('IPC Workbench: Open App');
  });
  after(() => workbench?.close());

  test('check 72: after a reload of VS Code the messages are back, and numbers go on', async () => {
    const main = await pageReady(await workbench.appFrame('main'));
    await invoke(main, 'greet', { name: 'Ada' });
    await invoke(main, 'greet', { name: 'x'.repeat(2_000) });
    await workbench.command('IPC Workbench: Open Inspector');
    const inspector = await workbench.inspectorFrame();
    await filterBy(inspector, 'greet');
    await eventually(() => listed(inspector), ['greet ok', 'greet ok']);
    const rows = await listedRows(inspector);
    // The list's own arrangement comes back with it.
    await inspector.locator('.grid [role=columnheader]', { hasText: 'Duration' }).click();
    await inspector.locator('[role=columnheader][aria-sort]', { hasText: 'Duration' }).waitFor();
    await inspector.locator('.grid').focus();
    await inspector.locator(`[role=row][data-id="${rows[0]?.id}"]`).click();
    await inspector.locator('section.detail').getByRole('button', { name: 'Open in an editor' }).click();
    const document = workbench.page.locator('.part.editor .tab', { hasText: /greet #\d+ args\.json/ });
    await document.dblclick(); // kept open
    await until(async () => !/\bitalic\b/.test(await document.innerHTML()), 'keeping the document open');
    // VS Code in a browser stores what is open every few seconds, not when it is reloaded.
    await until(() => workbench.page.evaluate(hasStored, ['editorpart.state', 'args.json']), 'storing what is open');

    await until(
      () => workbench.page.evaluate(hasStored, ['wideSplit', 'greet', 'duration']),
      'storing the arrangement',
    );

    await workbench.page.reload({ waitUntil: 'commit' });
    await workbenchReady(workbench.page);
    // The document in front reads its record from the session of before; VS Code makes the page behind it when it is shown.
    await workbench.page.locator('.part.editor .view-line', { hasText: '"name": "Ada"' }).waitFor();
    await tab(workbench.page, 'Basic: main').click();
    const again = await pageReady(await workbench.appFrame('main'));
    await invoke(again, 'greet', { name: 'Grace' });
    await workbench.command('IPC Workbench: Open Inspector');
    const after = await workbench.inspectorFrame();
    await eventually(() => after.getByLabel('Filter messages').inputValue(), 'greet');
    await after.locator('[role=columnheader][aria-sort]', { hasText: 'Duration' }).waitFor();
    for (
      let pressed = 0;
      (await after.locator('[role=columnheader][aria-sort]', { hasText: 'Duration' }).count()) > 0;
      pressed++
    ) {
      assert.ok(pressed < 3);
      await after.locator('.grid [role=columnheader]', { hasText: 'Duration' }).click();
    }
    await eventually(() => listed(after), ['greet ok', 'greet ok', 'greet ok']);
    const [first, second, third] = await listedRows(after);
    assert.deepEqual([first, second], rows);
    assert.ok((third?.id ?? 0) > (second?.id ?? 0));
    // A body that stayed in the file.
    await after.locator(`[role=row][data-id="${second?.id}"]`).click();
    await after.locator('section.detail').getByRole('treeitem', { name: 'name: "xxxx' }).waitFor();

    await filterBy(after, 'VS Code was reloaded');
    await eventually(async () => (await listedRows(after)).length, 1);
  });
});

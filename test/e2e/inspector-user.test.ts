// docs/inspector.md, "From nothing to the answer", as it stands there: with keys alone, from an empty VS Code with the package.
import assert from 'node:assert/strict';
import { existsSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, before, describe, test } from 'node:test';
import type { Frame, Locator } from 'playwright-core';
import { commandByKeys, eventually, isFocused, shown, until } from './controls.ts';
import { startWorkbench, type Workbench } from './harness.ts';

describe('from nothing to the answer, with keys alone', () => {
  let workbench: Workbench;
  let main: Frame;
  let inspector: Frame;
  let selected: Locator;
  let details: Locator;

  before(async () => {
    workbench = await startWorkbench({ theme: 'dark' });
  });
  after(() => workbench?.close());

  const press = (keys: string) => workbench.page.keyboard.press(keys);
  const focused = (frame: Frame, attribute: 'id' | 'role' | 'aria-label') =>
    frame.evaluate(
      (name) => (document.hasFocus() ? (document.activeElement?.getAttribute(name) ?? '') : ''),
      attribute,
    );
  /** Presses a key until the focus is at what the user wants. */
  const pressUntil = async (keys: string, isThere: () => Promise<boolean>, most: number) => {
    for (let pressed = 0; !(await isThere()); pressed++) {
      assert.ok(pressed < most, `${keys} does not lead there`);
      await press(keys);
    }
  };
  /**
   * To the filter, which is replaced, and to the list. Whoever finds the focus elsewhere goes there again: VS Code gives it
   * back to a webview late, maybe after the command has moved it (1.139).
   */
  const filterBy = async (words: string) => {
    const isThere = async () => (await focused(inspector, 'aria-label')) === 'Filter messages';
    await until(async () => {
      if (await isThere()) return true;
      await press((await inspector.evaluate(() => document.hasFocus())) ? 'Control+f' : 'Control+Shift+Alt+i');
      return isThere();
    }, 'focusing the filter');
    await press('Control+Home');
    await press('Control+Shift+End');
    await workbench.page.keyboard.type(words);
    await press('Enter');
    await eventually(() => focused(inspector, 'role'), 'grid');
  };

  test('the demo is opened, downloads something and may not read a file', async () => {
    await commandByKeys(workbench.page, 'IPC Workbench: Open Demo');
    main = await workbench.appFrame('main');
    await main.locator('#window-label', { hasText: 'main' }).waitFor();
    await (await workbench.appFrame('second')).locator('#window-label', { hasText: 'second' }).waitFor();
    await press('Control+1'); // the first window
    await until(() => main.evaluate(() => document.hasFocus()), 'focusing the window');
    await pressUntil('Tab', async () => (await focused(main, 'id')) === 'stream-run', 60);
    await press('Enter');
    assert.equal((await shown(main, 'stream-result')).state, 'ok');
    await pressUntil('Tab', async () => (await focused(main, 'id')) === 'access-secret', 60);
    await press('Enter');
    assert.equal((await shown(main, 'access-result')).state, 'error');
  });

  test('which call was slow, and with what arguments', async () => {
    await press('Control+Shift+Alt+i');
    inspector = await workbench.inspectorFrame();
    selected = inspector.locator('[role=row][aria-selected=true]');
    details = inspector.locator('section.detail');
    await until(() => inspector.evaluate(() => document.hasFocus()), 'focusing the inspector');
    await filterBy('cmd:* dur>50ms');
    await press('End');
    await selected.waitFor();
    await pressUntil('ArrowUp', async () => (await selected.innerText()).includes('download'), 20);
    await press('Enter');
    await eventually(() => focused(inspector, 'role'), 'tab');
    await details.getByRole('treeitem', { name: /^bytes: 16/ }).waitFor();
    await workbench.screenshot('inspector-user-slow');
  });

  test('why the other one was denied', async () => {
    await press('Escape');
    await eventually(() => focused(inspector, 'role'), 'grid');
    await filterBy('is:denied');
    await press('End');
    await selected.filter({ hasText: 'read_file' }).waitFor();
    await press('Enter');
    await details.getByRole('tab', { name: 'Permission', selected: true }).waitFor();
    const why = details.getByRole('region', { name: 'Permission' });
    await why
      .getByText(/fs:read does not cover ".*secret\.txt" in window "main": capability "main" denies it/)
      .waitFor();
    await workbench.screenshot('inspector-user-denied');
  });

  test('check 73: and then a call is edited and sent, compared with the one before, marked, and what is shown exported', async () => {
    const { page } = workbench;
    await press('Escape');
    await eventually(() => focused(inspector, 'role'), 'grid');
    await filterBy('cmd:read_file');
    await press('End');
    await selected.filter({ hasText: 'read_file' }).waitFor();
    const before = await inspector.locator('[role=row][data-id]').count();

    await press('e');
    await eventually(() => focused(inspector, 'aria-label'), 'Arguments as JSON');
    await press('Control+Home');
    await press('Control+Shift+End');
    await page.keyboard.type('{"path":"no such file.txt"}');
    await press('Control+Enter');
    await eventually(() => inspector.locator('[role=row][data-id]').count(), before + 1);
    await eventually(() => focused(inspector, 'role'), 'grid');
    await press('End');
    await selected.filter({ hasText: 'no such file' }).waitFor();

    await press('k');
    await selected.locator('.annotation', { hasText: 'marked' }).waitFor();
    await press('d');
    await page.locator('.tab.active', { hasText: /read_file #\d+ call ↔ read_file #\d+ call/ }).waitFor();
    await page.locator('.monaco-diff-editor .editor.modified .view-line', { hasText: '"path": "no such' }).waitFor();

    const file = join(tmpdir(), `ipc-check-73-${process.pid}.har`);
    const palette = page.locator('.quick-input-widget:visible');
    /** Answers the question that is open: types what is meant, and takes it. */
    const answer = async (question: RegExp, words: string) => {
      const field = palette.locator('input').and(page.getByPlaceholder(question));
      await field.waitFor();
      await eventually(() => isFocused(field), true);
      await page.keyboard.type(words);
      await palette.locator('.monaco-list-row.focused', { hasText: words }).waitFor();
      await press('Enter');
    };
    try {
      await commandByKeys(page, 'IPC Workbench: Export Messages…');
      await answer(/In which format/, 'HAR');
      await answer(/Which messages/, 'Shown messages');
      await answer(/Who gets it/, 'Without secrets');
      const name = palette.locator('input');
      await eventually(async () => (await name.inputValue()).endsWith('.har') && (await isFocused(name)), true);
      // VS Code completes what stands there once it has read the folder, and may do so late.
      await until(async () => {
        await press('Control+a');
        await page.keyboard.type(file);
        return (await name.inputValue()) === file;
      }, 'naming the file');
      // While it still reads the folder it takes no answer.
      await until(async () => {
        if (await name.isVisible()) await press('Enter');
        return !(await name.isVisible());
      }, 'taking the name');
      const text = () => (existsSync(file) ? readFileSync(file, 'utf8').trimEnd() : '');
      await until(() => text().endsWith('}'), 'writing the file');
      assert.equal((JSON.parse(text()) as { log: { entries: unknown[] } }).log.entries.length, before + 1);
    } finally {
      rmSync(file, { force: true });
    }
  });

  test('the status bar and the list of called commands lead there, too', async () => {
    const { page } = workbench;
    const filter = inspector.getByLabel('Filter messages');
    await commandByKeys(page, 'IPC Workbench: Focus on Called Commands View');
    const row = page.locator('.part.sidebar .monaco-list-row').filter({ hasText: 'download' });
    await row.filter({ hasText: /1 call\b.* p95 / }).waitFor();
    await row.click();
    await eventually(() => filter.inputValue(), 'cmd:download');
    const item = page
      .locator('.part.statusbar')
      .getByRole('button', { name: /^IPC: \d+ messages kept.* \d+ calls? denied/ });
    await item.click();
    await eventually(() => filter.inputValue(), 'is:denied');
  });
});

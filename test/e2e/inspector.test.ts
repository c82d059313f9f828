// The inspector, in the bottom panel and as an editor tab: every message is there, to find, to read and to send again.
import assert from 'node:assert/strict';
import { after, before, describe, test } from 'node:test';
import type { Frame, Locator } from 'playwright-core';
import { painted } from '../vscode/page.mjs';
import { commandByKeys, eventually, isFocused, until } from './controls.ts';
import { startWorkbench, type Workbench } from './harness.ts';
import { filterBy, isInspector, listed, listedRows } from './inspector.ts';
import { invoke, makeProject, pageReady } from './project.ts';

/** What a list may hold in elements, however many rows there are. */
const MOST_ROWS = 80;

describe('the inspector', () => {
  let workbench: Workbench;
  let main: Frame;
  let inspector: Frame;
  let details: Locator;

  before(async () => {
    const project = await makeProject();
    workbench = await startWorkbench({ folder: project.folder });
    await workbench.command('IPC Workbench: Open App');
    main = await pageReady(await workbench.appFrame('main'));
    await invoke(main, 'greet', { name: 'Ada' });
    await invoke(main, 'greet', { name: 'Grace' });
    await invoke(main, 'bug');
    await invoke(main, 'refuse', { reason: 'not today' });
    await main.evaluate(() =>
      tauri.core.invoke(
        'reverse',
        Uint8Array.from({ length: 300 }, (_, index) => index),
      ),
    );
    await workbench.command('IPC Workbench: Open Inspector');
    inspector = await workbench.inspectorFrame();
    details = inspector.locator('section.detail');
  });
  after(() => workbench?.close());

  const rowNamed = (name: string, part = '') =>
    inspector.locator('[role=row][data-id]').filter({ hasText: name }).filter({ hasText: part }).last();

  test('what happened before it was opened is there', async () => {
    await filterBy(inspector, 'Call');
    await filterBy(inspector, 'invoke');
    await eventually(() => listed(inspector), ['greet ok', 'greet ok', 'bug error', 'refuse denied', 'reverse ok']);
    assert.deepEqual(
      (await listedRows(inspector)).slice(0, 2).map(({ window, preview }) => [window, preview]),
      [
        ['main', '{"name":"Ada"} → "Hello, Ada!"'],
        ['main', '{"name":"Grace"} → "Hello, Grace!"'],
      ],
    );
  });

  test('words of the filter must be found, words with a minus must not', async () => {
    await filterBy(inspector, 'greet -ada');
    await eventually(
      async () => (await listedRows(inspector)).map(({ preview }) => preview),
      ['{"name":"Grace"} → "Hello, Grace!"'],
    );
    await filterBy(inspector, 'denied');
    await eventually(() => listed(inspector), ['refuse denied']);
    await filterBy(inspector, 'nothing has this');
    await inspector.getByText(/\b0 of \d+ match$/).waitFor();
    await inspector.getByRole('button', { name: 'Clear the filter', exact: true }).click();
    await eventually(async () => (await listed(inspector)).includes('reverse ok'), true);
  });

  test('a selected call shows its arguments, its result, and its error where it failed', async () => {
    await rowNamed('greet', 'Ada').click();
    await details.getByRole('treeitem', { name: 'name: "Ada"' }).waitFor();
    await details.getByRole('tab', { name: 'Result' }).click();
    await details.getByRole('treeitem', { name: '"Hello, Ada!"' }).waitFor();
    await painted(inspector);
    await workbench.screenshot('inspector-panel-light');

    await rowNamed('refuse').click();
    await details.getByRole('tab', { name: 'Error' }).click();
    await details.getByRole('treeitem', { name: '"Permission denied: not today"' }).waitFor();
    await rowNamed('bug').click();
    await details.getByRole('tab', { name: 'Stack' }).click();
    await details.locator('.tab-panel', { hasText: /Error: a bug in a handler\n.*main\.ts:\d+/ }).waitFor();
  });

  test('bytes are shown in hexadecimal, those of the arguments and those of the result', async () => {
    await rowNamed('reverse').click();
    await details.getByRole('tab', { name: 'Arguments' }).click();
    const first = details.locator('.hex-line').first();
    await first.filter({ hasText: /^00000000\s*00 01 02 03 04 05 06 07/ }).waitFor();
    await details.getByRole('tab', { name: 'Result' }).click();
    await first.filter({ hasText: /^00000000\s*2b 2a 29 28/ }).waitFor();
    await details.getByText('300 bytes').waitFor();
  });

  test('a call is sent again as it was, and with other arguments, as the page would have sent it', async () => {
    await filterBy(inspector, 'greet');
    await rowNamed('greet', 'Grace').click();
    await details.getByTitle(/^Send this call again/).click();
    await eventually(() => previews(), ['Ada', 'Grace', 'Grace']);
    await inspector.locator('[role=row][aria-selected=true] .resent').waitFor(); // the new one is selected, and marked

    await details.getByTitle(/^Change the arguments/).click();
    await inspector.getByLabel('Arguments as JSON').fill('{ "name": 7 }');
    await inspector.getByRole('button', { name: 'Send', exact: true }).click();
    await eventually(async () => (await listed(inspector)).at(-1), 'greet error');

    await details.getByTitle(/^Change the arguments/).click();
    await inspector.getByLabel('Arguments as JSON').fill('{ "name": ');
    await inspector.getByText(/^Line 1, column \d+: /).waitFor(); // what cannot be sent says why
    await inspector.getByLabel('Arguments as JSON').fill('{ "name": "Edited" }');
    await inspector.getByRole('button', { name: 'Send', exact: true }).click();
    await eventually(async () => (await previews()).at(-1), 'Edited');
    await filterBy(inspector, '');
  });

  test('while it is paused nothing is recorded and calls go on; clearing leaves nothing', async () => {
    await inspector.getByRole('button', { name: 'Clear (Ctrl+L)' }).click();
    await inspector.getByText('No messages yet').waitFor();
    await inspector.getByRole('button', { name: /^Pause capture/ }).click();
    await inspector.getByRole('button', { name: 'Paused' }).waitFor();
    assert.deepEqual(await invoke(main, 'greet', { name: 'unseen' }), { ok: 'Hello, unseen!' });
    await inspector.getByRole('button', { name: 'Paused' }).click();
    await inspector.getByRole('button', { name: /^Pause capture/ }).waitFor();
    assert.deepEqual(await invoke(main, 'greet', { name: 'seen' }), { ok: 'Hello, seen!' });
    await eventually(() => previews(), ['seen']);
  });

  test('what failed and what was refused is counted, and found with one press', async () => {
    await invoke(main, 'bug');
    await invoke(main, 'refuse', { reason: 'no' });
    const failures = inspector.getByRole('button', { name: '1 error, 1 denied' });
    await failures.click();
    const selected = inspector.locator('[role=row][aria-selected=true]');
    await selected.filter({ hasText: 'bug' }).waitFor();
    await failures.click();
    await selected.filter({ hasText: 'refuse' }).waitFor();
  });

  test('the same messages are a waterfall, a sequence and statistics', async () => {
    const isDrawn = (canvas: Element) => {
      const { width, height } = canvas as HTMLCanvasElement;
      const pen = (canvas as HTMLCanvasElement).getContext('2d');
      return pen?.getImageData(0, 0, width, height).data.some((value) => value > 0) === true;
    };
    const painted = (canvas: Locator) => until(() => canvas.evaluate(isDrawn), 'drawing');
    // Beside the details the list has no room for it.
    await details.getByRole('button', { name: 'Close the details' }).click();
    await painted(inspector.locator('.waterfall canvas'));
    await painted(inspector.locator('.overview canvas'));
    const show = (view: string) => inspector.getByRole('radio', { name: view }).click();
    await show('Sequence');
    await inspector
      .getByRole('option', { name: /^Answer \S+ refuse denied, .* host to main/ })
      .first()
      .waitFor();
    await painted(inspector.locator('.sequence canvas'));
    await show('Statistics');
    const refuse = inspector.locator('.command-row').filter({ hasText: 'refuse' });
    await refuse.click({ position: { x: 150, y: 5 } });
    await painted(inspector.locator('.plots canvas').first());
    await refuse.getByRole('button').click();
    await eventually(() => listed(inspector), ['refuse denied']);
    await filterBy(inspector, '');
  });

  test('all of it can be done with the keyboard alone', async () => {
    const { keyboard } = workbench.page;
    // From the explorer: to a webview VS Code gives the focus back late, maybe after the command has moved it (1.139).
    await workbench.page.locator('.explorer-folders-view .monaco-list').focus();
    await commandByKeys(workbench.page, 'IPC Workbench: Open Inspector');
    await until(() => inspector.evaluate(() => document.hasFocus()), 'focusing the inspector');
    await keyboard.press('/');
    await keyboard.type('greet');
    await keyboard.press('Enter'); // to the list
    await keyboard.press('End');
    const selected = inspector.locator('[role=row][aria-selected=true]');
    await selected.filter({ hasText: 'seen' }).waitFor();
    await details.getByRole('tab', { name: 'Result' }).waitFor();
    await keyboard.press('Enter'); // to the details
    await eventually(() => inspector.evaluate(() => document.activeElement?.getAttribute('role')), 'tab');
    await keyboard.press('Home');
    await keyboard.press('ArrowRight');
    await details.getByRole('treeitem', { name: '"Hello, seen!"' }).waitFor();
    await keyboard.press('Escape'); // back to the list
    await eventually(() => inspector.evaluate(() => document.activeElement?.getAttribute('role')), 'grid');
    await keyboard.press('r');
    await eventually(() => previews(), ['seen', 'seen']);
    await keyboard.press('e');
    const written = inspector.getByLabel('Arguments as JSON');
    await eventually(() => isFocused(written), true);
    await eventually(() => written.inputValue(), '{\n  "name": "seen"\n}');
    // Not Ctrl+A: VS Code selects all a second time a moment later, which nobody outruns but a test.
    await keyboard.press('Control+Home');
    await keyboard.press('Control+Shift+End');
    await keyboard.type('{"name":"typed"}');
    await keyboard.press('Control+Enter');
    await eventually(() => previews(), ['seen', 'seen', 'typed']);
    await keyboard.press('Control+f');
    await keyboard.press('Escape');
    await eventually(() => inspector.getByLabel('Filter messages').inputValue(), '');
  });

  test('rows are marked, commented, sorted and grouped by keys and commands; the menu is at the row', async () => {
    const { keyboard } = workbench.page;
    const grid = inspector.locator('.grid');
    await grid.focus();
    await keyboard.press('Home');
    await keyboard.press('End');
    const selected = inspector.locator('[role=row][aria-selected=true]');
    await selected.filter({ hasText: 'typed' }).waitFor();
    await keyboard.press('k');
    await selected.filter({ hasText: '★' }).waitFor();
    await keyboard.press(';');
    await inspector.getByLabel('Note', { exact: true }).waitFor();
    await keyboard.type('keen knight'); // k and n are text here
    await keyboard.press('Enter');
    await selected.getByTitle('keen knight').waitFor();
    await selected.filter({ hasText: '★' }).waitFor();

    await commandByKeys(workbench.page, 'IPC Workbench: Group by the Next');
    await inspector.getByRole('treegrid', { name: 'Messages' }).waitFor();
    await commandByKeys(workbench.page, 'IPC Workbench: Group by the Next');
    await inspector.locator('.row.group').filter({ hasText: 'greet' }).waitFor();
    await inspector.getByRole('button', { name: 'Columns, groups and times' }).click();
    await inspector.getByRole('radio', { name: 'Not grouped' }).click();
    await keyboard.press('Escape');
    await inspector.getByRole('grid', { name: 'Messages' }).waitFor();
    const header = inspector.getByRole('columnheader', { name: 'Duration' });
    await header.press('Enter');
    await header.and(inspector.locator('[aria-sort=ascending]')).waitFor();
    await header.press('Enter');
    await header.press('Enter');

    await grid.focus();
    await keyboard.press('Shift+F10');
    const menu = workbench.page.locator('.monaco-menu:visible');
    await menu.getByText('Filter by This Name').waitFor();
    await workbench.screenshot('inspector-menu');
    await menu.getByText('Filter by This Name').click();
    await eventually(() => inspector.getByLabel('Filter messages').inputValue(), 'cmd:greet');
    await filterBy(inspector, '');
  });

  test('check 49: a session that is saved opens by a double click, with the same list and the same payloads', async () => {
    const { page } = workbench;
    const picker = page.locator('.quick-input-widget:visible');
    const choose = (text: string) => picker.locator('.monaco-list-row').filter({ hasText: text }).first().click();
    await invoke(main, 'greet', { name: 'Recorded' });
    await filterBy(inspector, 'greet');
    await eventually(async () => (await listedRows(inspector)).at(-1)?.preview.includes('Recorded'), true);

    await inspector.getByRole('button', { name: 'Export messages…' }).click();
    await choose('opens in this inspector');
    await choose('Shown messages');
    await choose('With secrets');
    const path = picker.locator('input.input');
    await until(async () => (await path.inputValue()).endsWith('.ipcrec'), 'the question for a file');
    await path.fill(`${workbench.folder}/saved.ipcrec`);
    await picker.getByRole('button', { name: 'OK' }).click();
    await page.getByText('saved.ipcrec is written.').first().waitFor();
    const before = await listedRows(inspector);
    assert.ok(before.length > 0);

    await page.locator('.explorer-folders-view').getByText('saved.ipcrec').dblclick();
    const recording = await workbench.webviewFrame(isRecording);
    await eventually(() => listedRows(recording), before);
    await recording.locator('[role=row][data-id]').filter({ hasText: 'Recorded' }).last().click();
    const pane = recording.locator('section.detail');
    await pane.getByRole('treeitem', { name: 'name: "Recorded"' }).waitFor();
    await pane.getByRole('tab', { name: 'Result' }).click();
    await pane.getByRole('treeitem', { name: '"Hello, Recorded!"' }).waitFor();
    assert.equal(await pane.getByRole('button', { name: 'Resend', exact: true }).isDisabled(), true);
    await workbench.screenshot('recording');
    const tab = page.locator('.part.editor .tab').filter({ hasText: 'saved.ipcrec' });
    await tab.click({ button: 'middle' });
    await tab.waitFor({ state: 'detached' });
    await filterBy(inspector, '');
  });

  test('100,000 messages of a channel stay usable, and never become more than a screenful of elements', async () => {
    await filterBy(inspector, '');
    const received = await main.evaluate(async () => {
      const channel = new tauri.core.Channel<number>();
      let last = -1;
      let ordered = true;
      // The answer may come before the last messages.
      const { promise: all, resolve } = Promise.withResolvers<void>();
      channel.onmessage = (number) => {
        ordered &&= number === last + 1;
        last = number;
        if (number === 99_999) resolve();
      };
      await tauri.core.invoke('count', { to: 100_000, channel });
      await all;
      return { last, ordered };
    });
    assert.deepEqual(received, { last: 99_999, ordered: true });
    await invoke(main, 'greet', { name: 'afterwards' });
    await eventually(async () => (await listed(inspector)).at(-1), 'greet ok');
    assert.ok((await listedRows(inspector)).length <= MOST_ROWS);

    const grid = inspector.getByRole('grid', { name: 'Messages' });
    await grid.press('Home');
    await eventually(async () => Number(await grid.getAttribute('aria-rowcount')) > 100_000, true);
    await inspector.locator('[role=row][aria-selected=true]').waitFor();
    assert.ok((await listedRows(inspector)).length <= MOST_ROWS);

    await filterBy(inspector, 'afterwards');
    await eventually(() => previews(), ['afterwards']);
    await filterBy(inspector, 'channel-message 77777');
    await eventually(async () => (await listedRows(inspector)).map(({ preview }) => preview), ['77777']);
    await rowNamed('count').click();
    await details.getByRole('treeitem', { name: '77777' }).waitFor();
    await filterBy(inspector, '');
  });

  test('check 29: a payload opens as a read-only JSON document, named after its message', async () => {
    await invoke(main, 'greet', { name: 'Ada' });
    await invoke(main, 'greet', { name: 'Grace' });
    await filterBy(inspector, 'greet');
    await rowNamed('greet', 'Grace').click();
    await details.getByRole('tab', { name: 'Arguments' }).click();
    await details.getByRole('treeitem', { name: 'name: "Grace"' }).waitFor();
    await details.getByRole('button', { name: 'Open in an editor' }).click();
    const { page } = workbench;
    const tab = page.locator('.part.editor .tab.active', { hasText: /greet #\d+ args\.json/ });
    await tab.waitFor();
    await page.locator('.part.editor .view-line', { hasText: '"name": "Grace"' }).waitFor();
    await page.locator('.statusbar-item', { hasText: /^JSON$/ }).waitFor();
    await page.locator('.part.editor .view-line', { hasText: '"name": "Grace"' }).click();
    await page.keyboard.type('x');
    await page.locator('.monaco-editor-overlaymessage', { hasText: 'read-only' }).waitFor();
  });

  test('check 30: d compares a call with the one before in VS Code, where only true differences are marked', async () => {
    await rowNamed('greet', 'Grace').click();
    await details.getByRole('treeitem', { name: 'name: "Grace"' }).waitFor();
    await workbench.page.keyboard.press('d');
    const editor = workbench.page.locator('.part.editor .monaco-diff-editor');
    await workbench.page.locator('.tab.active', { hasText: /greet #\d+ call ↔ greet #\d+ call/ }).waitFor();
    const lines = editor.locator('.editor.modified .view-line');
    await lines.filter({ hasText: '"name": "Grace"' }).waitFor();
    await lines.filter({ hasText: '"result": "Hello, Grace!"' }).waitFor();
    await eventually(() => editor.locator('.editor.modified .line-insert').count(), 2);
    assert.equal(await lines.count(), 6);
  });

  test('it is an editor tab as well, with the same messages', async () => {
    await workbench.setTheme('dark');
    await inspector.getByRole('button', { name: 'Open the inspector as an editor tab' }).click();
    const editor = await until(async () => {
      for (const frame of workbench.page.frames()) {
        if (frame !== inspector && (await frame.evaluate(isInspector).catch(() => false))) return frame;
      }
      return undefined;
    }, 'opening the inspector in an editor');
    await workbench.page.locator('.part.editor .tab.active', { hasText: 'IPC Inspector' }).waitFor();
    await filterBy(editor, 'greet');
    await eventually(async () => (await listedRows(editor)).at(-1)?.preview.includes('Grace'), true);
    await editor.locator('[role=row][data-id]').last().click();
    await editor.locator('section.detail').getByRole('tab', { name: 'Result' }).click();
    await editor.locator('section.detail').getByRole('treeitem', { name: '"Hello, Grace!"' }).waitFor();
    await workbench.command('View: Hide Panel');
    await painted(editor);
    await workbench.screenshot('inspector-editor-dark');
  });

  /** The names that the listed greetings were for. */
  async function previews(): Promise<string[]> {
    return (await listedRows(inspector))
      .filter(({ name }) => name === 'greet')
      .map(({ preview }) => /"name":"?(\w+)"?/.exec(preview)?.[1] ?? '');
  }
});

/** Runs in a page: the inspector of an opened recording says so. */
function isRecording(): boolean {
  return document.querySelector('.recording-bar') !== null;
}

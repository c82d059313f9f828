// The pictures of the inspector: its views in each theme, in little room and at twice the size, and those of the walkthrough.
import { copyFileSync, mkdirSync } from 'node:fs';
import { join } from 'node:path';
import { painted, runCommand, webviewFrame } from '../test/vscode/page.mjs';

const VIEWS = { Sequence: 'sequence', Statistics: 'statistics' };

/**
 * The demo was used and is on the screen. Takes `inspector-NAME.png` of all of VS Code, and of the panel `inspector-VIEW-NAME.png`;
 * in the dark theme also what is shown only once.
 * @param {{ page: import('playwright-core').Page, folder: string }} workbench
 * @param {{ name: string, pictures: string, walkthrough: string }} where
 */
export async function takeInspectorPictures({ page, folder }, { name, pictures, walkthrough }) {
  await runCommand(page, 'IPC Workbench: Open Inspector');
  const inspector = await webviewFrame(page, () => document.documentElement.dataset['view'] === 'inspector');
  const filter = inspector.getByLabel('Filter messages');
  const panel = page.locator('.part.panel');
  const whole = async (/** @type {string} */ file) => {
    await painted(inspector);
    await page.screenshot({ path: file });
  };
  const part = async (/** @type {string} */ file) => {
    await painted(inspector);
    await panel.screenshot({ path: file });
  };
  const picture = (/** @type {string} */ what) => join(pictures, `inspector-${what}-${name}.png`);
  const select = async (/** @type {string} */ text, /** @type {string} */ tab) => {
    await inspector.getByRole('row').filter({ hasText: text }).first().click();
    await inspector.getByRole('tab', { name: tab }).click();
  };

  await select('update_user', 'Arguments');
  await whole(join(pictures, `inspector-${name}.png`));
  for (const [view, what] of Object.entries(VIEWS)) {
    await inspector.getByRole('radio', { name: view }).click();
    await part(picture(what));
  }
  await inspector.getByRole('radio', { name: 'List' }).click();
  if (name !== 'dark') return;

  const size = page.viewportSize() ?? { width: 1440, height: 960 };
  await page.setViewportSize({ width: size.width / 2, height: size.height / 2 });
  await whole(picture('twice-as-large'));
  await page.setViewportSize({ width: 640, height: size.height });
  await whole(picture('narrow'));
  await page.setViewportSize(size);

  await filter.fill('is:denied | dur>50ms');
  await inspector.getByRole('row').filter({ hasText: 'read_file' }).first().click();
  await inspector.getByRole('region', { name: 'Permission' }).waitFor();
  await part(picture('denied'));

  mkdirSync(walkthrough, { recursive: true });
  copyFileSync(join(pictures, 'inspector-dark.png'), join(walkthrough, 'demo.png'));
  copyFileSync(picture('denied'), join(walkthrough, 'filter.png'));
  copyFileSync(join(pictures, 'unhandled-dark.png'), join(walkthrough, 'unhandled.png'));
  await filter.fill('');
  await select('greet', 'Result');
  await part(join(walkthrough, 'inspector.png'));
  await takeRecording(page, folder, join(walkthrough, 'recording.png'));
}

/** The session as a file, opened. @param {import('playwright-core').Page} page @param {string} folder @param {string} file */
async function takeRecording(page, folder, file) {
  const picker = page.locator('.quick-input-widget:visible');
  await runCommand(page, 'IPC Workbench: Save Session as Recording');
  for (const choice of ['All messages', 'Without secrets']) {
    await picker.locator('.monaco-list-row').filter({ hasText: choice }).first().click();
  }
  const path = picker.locator('input.input');
  await picker.getByRole('button', { name: 'OK' }).waitFor();
  // VS Code fills in a name of its own, late.
  await page.waitForFunction(() =>
    [...document.querySelectorAll('.quick-input-widget input.input')].some((input) => input.value.endsWith('.ipcrec')),
  );
  await path.fill(join(folder, 'groceries.ipcrec'));
  await picker.getByRole('button', { name: 'OK' }).click();
  await page.getByText('groceries.ipcrec is written.').first().waitFor();
  await runCommand(page, 'Explorer: Focus on Folders View');
  await page.locator('.explorer-folders-view').getByText('groceries.ipcrec').dblclick();
  const recording = await webviewFrame(
    page,
    () => document.documentElement.dataset['view'] === 'inspector' && document.querySelector('.recording-bar') !== null,
  );
  await painted(recording);
  await page.screenshot({ path: file });
}

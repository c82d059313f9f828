// The pictures of docs/language-server.md: a project of the tests in an editor, used as by somebody who types.
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { painted, runCommand } from '../test/vscode/page.mjs';

export const NOTES = fileURLToPath(new URL('../test/fixtures/language/notes', import.meta.url));

/** @typedef {import('playwright-core').Page} Page */

/**
 * Opens a file with the cursor at a place.
 * @param {Page} page @param {string} path @param {string} text a line that has it @param {string} before the cursor stands behind it
 */
async function openAt(page, path, text, before) {
  const lines = readFileSync(join(NOTES, path), 'utf8').split('\n');
  const line = lines.findIndex((each) => each.includes(text));
  const column = (lines[line] ?? '').indexOf(before) + before.length + 1;
  const name = path.split('/').at(-1) ?? '';
  await runCommand(page, 'Go to File...');
  await page.locator('.quick-input-widget:visible input').fill(`${path}:${line + 1}:${column}`);
  await page.locator('.quick-input-list .monaco-list-row').getByText(name).first().waitFor();
  await page.keyboard.press('Enter');
  await page.locator('.part.editor .tab.active', { hasText: name }).waitFor();
  await page.locator('.monaco-editor.focused').waitFor();
}

/**
 * @param {{ page: Page }} vs
 * @param {{ name: string, pictures: string }} options
 */
export async function takeLanguagePictures({ page }, { name, pictures }) {
  const take = async (/** @type {string} */ what) => {
    await painted(page.mainFrame());
    await page.screenshot({ path: join(pictures, `language-${what}-${name}.png`) });
  };
  await openAt(page, 'src/main.ts', "invoke<string>('greet", "('gr");
  const hover = page.locator('.monaco-hover:visible', { hasText: 'firstName' });
  for (let tries = 0; tries < 40 && !(await hover.isVisible()); tries++) {
    await runCommand(page, 'Show or Focus Hover');
    await hover.waitFor({ timeout: 1000 }).catch(() => undefined);
  }
  await take('hover');
  await page.keyboard.press('Escape');

  await openAt(page, 'src/main.ts', 'await call(ADD_NOTE', '{');
  await page.keyboard.press('End');
  await page.keyboard.press('Enter');
  await page.keyboard.type("await invoke('find_notes', { search_text: 'a' });");
  const wrong = page.locator('.squiggly-error, .squiggly-warning');
  await wrong.first().waitFor();
  await runCommand(page, 'Problems: Focus on Problems View');
  await page.locator('.markers-panel', { hasText: 'find_notes' }).waitFor();
  await take('problems');
  await runCommand(page, 'View: Hide Panel');

  await page.keyboard.press('Control+z');
  await openAt(page, 'src/main.ts', 'await call(ADD_NOTE', '{');
  await page.keyboard.press('End');
  await page.keyboard.press('Enter');
  await page.keyboard.type("await invoke('");
  const suggestions = page.locator('.suggest-widget.visible');
  await runCommand(page, 'Trigger Suggest');
  await suggestions.getByText('close_settings').first().waitFor();
  await take('completion');
  await page.keyboard.press('Escape');

  await openAt(page, 'src-tauri/src/lib.rs', 'fn greet', 'fn greet');
  await page.locator('.codelens-decoration', { hasText: 'caller' }).first().waitFor();
  await take('rust');
}

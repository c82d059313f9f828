// A command is renamed as by a user, in all languages at once, and one undo takes all of it back.
import assert from 'node:assert/strict';
import { cpSync, readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { after, before, describe, test } from 'node:test';
import { isDeepStrictEqual } from 'node:util';
import { fileURLToPath } from 'node:url';
import { TemporaryFolders } from '../vscode/temporary.mjs';
import { goToFile, until } from './controls.ts';
import { startWorkbench, type Workbench } from './harness.ts';

const NOTES = fileURLToPath(new URL('../fixtures/language/notes', import.meta.url));
const folders = new TemporaryFolders();

/** The texts of a project's files, by path. */
function textsOf(folder: string): Record<string, string> {
  const files = readdirSync(folder, { recursive: true, withFileTypes: true }).filter((entry) => entry.isFile());
  return Object.fromEntries(
    files
      .map(({ parentPath, name }) => join(parentPath, name))
      .filter((path) => !path.includes('.vscode'))
      .map((path) => [path.slice(folder.length + 1).replaceAll('\\', '/'), readFileSync(path, 'utf8')]),
  );
}

describe('rename in VS Code', () => {
  const folder = folders.make('vsc-notes-');
  let workbench: Workbench;

  before(async () => {
    cpSync(NOTES, folder, { recursive: true });
    workbench = await startWorkbench({ folder, settings: { 'files.autoSave': 'off' } });
  });
  after(async () => {
    await workbench?.close();
    folders.remove();
  });

  test('a command gets another name in Rust, its handler, three frontends and a capability in one edit, and has its own again after one undo', async () => {
    const { page } = workbench;
    const before = textsOf(folder);
    const line = (before['src/main.ts'] ?? '').split('\n').findIndex((each) => each.includes("invoke<string>('greet'"));
    const column = ((before['src/main.ts'] ?? '').split('\n')[line] ?? '').indexOf('greet') + 2;
    await goToFile(page, `src/main.ts:${line + 1}:${column}`, 'main.ts');
    await page.locator('.monaco-editor.focused').waitFor();

    const box = page.locator('.rename-box input.rename-input');
    for (const end = Date.now() + 60_000; !(await box.isVisible()); ) {
      assert.ok(Date.now() < end, 'nothing can be renamed');
      await page.keyboard.press('F2');
      await box.waitFor({ timeout: 3000 }).catch(() => {}); // the server may still be reading
    }
    assert.equal(await box.inputValue(), 'greet');
    await box.fill('say_hello');
    await page.keyboard.press('Enter');
    await until(() => (textsOf(folder)['src/main.ts'] ?? '').includes('say_hello'), 'the rename');
    // VS Code knows that all of it is saved: an undo that overtakes a save would look like no change to it, and is not saved.
    const unsaved = page
      .locator('.activitybar .action-item', { has: page.locator('[aria-label^="Explorer"]') })
      .locator('.badge:visible');
    await unsaved.waitFor({ state: 'hidden' });
    const renamed = textsOf(folder);
    const changed = Object.keys(renamed).filter((path) => renamed[path] !== before[path]);
    assert.deepEqual(changed.toSorted(), [
      'src-ipc/main.ts',
      'src-tauri/capabilities/default.json',
      'src-tauri/permissions/notes.toml',
      'src-tauri/src/lib.rs',
      'src/Notes.vue',
      'src/Settings.svelte',
      'src/main.ts',
    ]);

    // A key that came while the rename's box was closing undoes nothing: then it is pressed again.
    await until(async () => {
      await page.locator('.monaco-editor.focused').waitFor();
      await page.keyboard.press('Control+z');
      return await unsaved.waitFor({ timeout: 5000 }).then(
        () => true,
        () => false,
      );
    }, 'the undo');
    // File by file: what is not undone yet would not be saved.
    await unsaved.getByText(String(changed.length), { exact: true }).waitFor();
    await workbench.command('File: Save All');
    await until(() => isDeepStrictEqual(textsOf(folder), before), 'the undo in all files');
  });
});

// Using an app's page as a user does, and reading what it shows: outputs tell their state in `data-state`.
import assert from 'node:assert/strict';
import { setTimeout as pause } from 'node:timers/promises';
import type { Frame, Locator, Page } from 'playwright-core';
import { runCommand } from '../vscode/page.mjs';

/** What an output shows once nothing runs there any more. */
export type Shown = { readonly state: string; readonly text: string };

/** For a machine that does much else: nothing waits longer than it must. */
const WITHIN_MS = 60_000;
const POLL_MS = 25;

/** Presses a control and waits for what its output shows then; an output gets busy in the same turn. */
export async function press(frame: Frame, control: string, result: string, timeout?: number): Promise<Shown> {
  await frame.locator(`#${control}`).click();
  return await shown(frame, result, timeout);
}

export async function shown(frame: Frame, id: string, timeout = WITHIN_MS): Promise<Shown> {
  const output = frame.locator(`#${id}:is([data-state=ok], [data-state=error])`);
  await output.waitFor({ state: 'attached', timeout });
  return await output.evaluate((element) => ({
    state: (element as HTMLElement).dataset['state'] ?? '',
    text: element.textContent ?? '',
  }));
}

export const ok = (text: string): Shown => ({ state: 'ok', text });
export const failed = (text: string): Shown => ({ state: 'error', text });

/** Waits until `read` gives the value, and says what it gave last where it never does. */
export async function eventually<T>(
  read: () => Promise<T> | T,
  expected: T,
  message?: string,
  timeout = WITHIN_MS,
): Promise<void> {
  const end = Date.now() + timeout;
  for (;;) {
    const value = await read();
    try {
      assert.deepEqual(value, expected, message);
      return;
    } catch (error) {
      if (Date.now() > end) throw error;
    }
    await pause(POLL_MS);
  }
}

/** Waits until `read` gives something that is neither false nor empty. */
export async function until<T>(read: () => Promise<T> | T, what: string, timeout = WITHIN_MS): Promise<NonNullable<T>> {
  const end = Date.now() + timeout;
  for (;;) {
    const value = await read();
    if (value) return value;
    if (Date.now() > end) throw new Error(`${what} did not happen within ${timeout} ms`);
    await pause(POLL_MS);
  }
}

/** Whether a field has the focus: it is seen before, and until then keys go to what is behind it. */
export const isFocused = (field: Locator): Promise<boolean> =>
  field.evaluate((element) => element === document.activeElement);

/** Opens a file by a part of its path, maybe with `:line:column`; `name` is how VS Code lists it. */
export async function goToFile(page: Page, words: string, name: string): Promise<void> {
  await runCommand(page, 'Go to File...');
  await page.locator('.quick-input-widget:visible input').fill(words);
  await page.locator('.quick-input-list .monaco-list-row').getByText(name).first().waitFor();
  await page.keyboard.press('Enter');
}

/** Runs a command with keys alone, from wherever the focus is. */
export async function commandByKeys(page: Page, title: string): Promise<void> {
  const palette = page.locator('.quick-input-widget:visible');
  const wanted = palette
    .locator('.monaco-list-row.focused')
    .filter({ has: page.getByText(title, { exact: true }) })
    .first();
  // While VS Code starts, the palette may lose what was typed into it, or close again.
  await until(async () => {
    await page.keyboard.press('F1');
    const input = palette.locator('input');
    const isReady = await input.waitFor({ timeout: 5_000 }).then(
      () => true,
      () => false,
    );
    if (!isReady) return false;
    await eventually(() => isFocused(input), true);
    await page.keyboard.type(title);
    return await wanted.waitFor({ timeout: 10_000 }).then(
      () => true,
      async () => {
        await page.keyboard.press('Escape');
        return false;
      },
    );
  }, `finding "${title}" in the palette`);
  await page.keyboard.press('Enter');
}

/** The titles of the editors' tabs, group by group. */
export function tabTitles(page: Page): Promise<string[]> {
  return page
    .locator('.part.editor .tabs-container .tab')
    .evaluateAll((tabs) =>
      tabs.map((tab) =>
        ['.label-name', '.label-suffix'].map((part) => tab.querySelector(part)?.textContent ?? '').join(''),
      ),
    );
}

export function tab(page: Page, title: string): Locator {
  return page.locator('.part.editor .tabs-container .tab').filter({ has: page.getByText(title, { exact: true }) });
}

/**
 * Waits for a notification with that text, in the list of them. (1.139 shows none as a toast while a test drives it.)
 * The list stays open.
 */
export async function notification(page: Page, text: string): Promise<Locator> {
  const list = page.locator('.notifications-center.visible');
  if (!(await list.isVisible())) await runCommand(page, 'Notifications: Show Notifications');
  const item = list.locator('.notification-list-item').filter({ hasText: text }).first();
  await item.waitFor();
  return item;
}

/** Closes the list of notifications and forgets them all. */
export async function clearNotifications(page: Page): Promise<void> {
  await runCommand(page, 'Notifications: Clear All Notifications');
}

/** Runs in the workbench's page: whether VS Code has written down something that holds all these texts. */
export async function hasStored(texts: readonly string[]): Promise<boolean> {
  for (const { name } of await indexedDB.databases()) {
    if (!name?.startsWith('vscode-web-state-db-')) continue;
    const database = await new Promise<IDBDatabase>((resolve, reject) => {
      const open = indexedDB.open(name);
      open.onsuccess = () => resolve(open.result);
      open.onerror = () => reject(open.error);
    });
    const values = await new Promise<unknown[]>((resolve, reject) => {
      const all = database.transaction('ItemTable').objectStore('ItemTable').getAll();
      all.onsuccess = () => resolve(all.result);
      all.onerror = () => reject(all.error);
    });
    database.close();
    if (values.some((value) => typeof value === 'string' && texts.every((text) => value.includes(text)))) return true;
  }
  return false;
}

// Finding one's way in a workbench page. Nothing here sleeps for a fixed time: everything waits for a condition.
import { setTimeout as pause } from 'node:timers/promises';
import { within } from './server.mjs';

/** @typedef {import('playwright-core').Page} Page */
/** @typedef {import('playwright-core').Frame} Frame */

const POLL_MS = 50;
const WEBVIEW_DOCUMENT = /\/webview\/browser\/pre\/fake\.html/;

/** Waits until the workbench shows its editors, views and status bar and takes commands. @param {Page} page @param {number} [timeout] */
export async function workbenchReady(page, timeout = 60_000) {
  await page.waitForFunction(() => performance.getEntriesByName('code/LifecyclePhase/Restored').length > 0, undefined, {
    timeout,
  });
  await page.locator('.monaco-workbench .part.statusbar').waitFor({ timeout });
}

/**
 * Waits until VS Code has also created what it creates when it is idle: for measurements, which that would disturb.
 * 1.139: 3 to 4 s after workbenchReady on two busy cores.
 * @param {Page} page
 */
export async function workbenchSettled(page) {
  await workbenchReady(page);
  await page.waitForFunction(() => 'driver' in window); // VS Code's own, of its smoke tests
  await page.evaluate(() => /** @type {any} */ (window).driver.whenWorkbenchRestored());
}

/**
 * Runs a command by its title in the palette, as a person would ("IPC Workbench: Open Demo"). Tries again until the palette
 * knows it: extensions are scanned late, and Enter pressed too early runs another command or none.
 * @param {Page} page @param {string} title @param {{ timeout?: number }} [options]
 */
export async function runCommand(page, title, { timeout = 60_000 } = {}) {
  const input = page.locator('.quick-input-widget:visible input');
  const row = page
    .locator('.quick-input-list .monaco-list-row')
    .filter({ has: page.getByText(title, { exact: true }) })
    .first();
  const end = Date.now() + timeout;
  for (;;) {
    await focusWorkbench(page);
    await page.keyboard.press('F1');
    try {
      await input.waitFor({ timeout: 2000 });
      await input.fill(`>${title}`, { timeout: 2000 });
      await row.waitFor({ timeout: 2000 });
      await row.click({ timeout: 2000 });
      return;
    } catch (error) {
      if (Date.now() > end || page.isClosed())
        throw new Error(`The palette has no command "${title}"`, { cause: error });
      await page.keyboard.press('Escape');
    }
  }
}

/** A key pressed in a page of another origin never reaches the workbench: take the focus out of the frames. @param {Page} page */
export async function focusWorkbench(page) {
  await page.evaluate(() => {
    if (document.activeElement instanceof HTMLIFrameElement) document.activeElement.blur();
    window.focus();
  });
}

/**
 * The document of a visible webview. VS Code nests two iframes: `iframe.webview` (its own page) and in it `#active-frame`
 * (the extension's document). The outer one is an overlay over the editors, not inside one, and a hidden panel that is
 * retained stays in the DOM; where there are several, use webviewFrame.
 * @param {Page} page @param {{ extensionId?: string, nth?: number }} [options]
 * @returns {import('playwright-core').FrameLocator}
 */
export function webview(page, { extensionId, nth = 0 } = {}) {
  const ofExtension = extensionId ? `[src*="extensionId=${extensionId}"]` : '';
  return page
    .locator(`iframe.webview${ofExtension}:visible`)
    .nth(nth)
    .contentFrame()
    .locator('#active-frame')
    .contentFrame();
}

/**
 * The frame of the webview, visible or not, whose document satisfies a test that is run in it:
 * `webviewFrame(page, (title) => document.title === title, 'Inspector')`.
 * @template A
 * @param {Page} page @param {(argument: A) => unknown} test @param {A} [argument] @param {number} [timeout]
 * @returns {Promise<Frame>}
 */
export async function webviewFrame(page, test, argument, timeout = 15_000) {
  const found = await findFrame(page, (frame) => WEBVIEW_DOCUMENT.test(frame.url()), test, argument, timeout);
  return found ?? fail(page, `No webview satisfied ${test} (${JSON.stringify(argument)}) within ${timeout} ms.`);
}

/**
 * The frame that shows a window of an app: the page which the extension host serves, inside the webview of the panel.
 * @param {Page} page @param {string} label of the window @param {number} [timeout]
 * @returns {Promise<Frame>}
 */
export async function appFrame(page, label, timeout = 60_000) {
  const found = await findFrame(page, (frame) => frame !== page.mainFrame(), isWindow, label, timeout);
  return found ?? fail(page, `No page of the window "${label}" within ${timeout} ms.`);
}

/** Runs in the page. @param {string} label */
function isWindow(label) {
  const tauri = /** @type {any} */ (window).__TAURI_INTERNALS__;
  return tauri?.metadata?.currentWindow?.label === label;
}

/**
 * Waits until a frame shows what its document says: fonts are there, and two frames have been painted. A hidden frame is never
 * painted, hence the limit.
 * @param {Frame} frame
 */
export async function painted(frame) {
  const shown = frame.evaluate(async () => {
    await document.fonts.ready;
    await new Promise((resolve) => requestAnimationFrame(() => requestAnimationFrame(resolve)));
  });
  await within(
    2000,
    shown.catch(() => {}),
  );
}

/**
 * @template A
 * @param {Page} page @param {(frame: Frame) => boolean} eligible @param {(argument: A) => unknown} test @param {A | undefined} argument
 * @param {number} timeout
 */
async function findFrame(page, eligible, test, argument, timeout) {
  const end = Date.now() + timeout;
  for (;;) {
    for (const frame of page.frames().filter(eligible)) if (await holds(frame, test, argument)) return frame;
    if (Date.now() > end || page.isClosed()) return undefined;
    await pause(POLL_MS);
  }
}

/**
 * A frame that is loading or going away answers with an error or not at all; both mean "not now".
 * @param {Frame} frame @param {(argument: any) => unknown} test @param {unknown} argument
 */
async function holds(frame, test, argument) {
  const waited = new AbortController();
  const silence = pause(1000, false, { signal: waited.signal }).catch(() => false);
  const answer = frame.evaluate(test, argument).then(Boolean, () => false);
  try {
    return await Promise.race([answer, silence]);
  } finally {
    waited.abort();
  }
}

/** @param {Page} page @param {string} message @returns {never} */
function fail(page, message) {
  const frames = page.frames().map((frame) => `  ${frame.url().slice(0, 160)}`);
  throw new Error([message, 'Frames of the page:', ...frames].join('\n'));
}

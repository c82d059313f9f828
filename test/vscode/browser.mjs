// A headless Chromium under Playwright's control.
import { createServer } from 'node:net';
import { findChromium } from './chromium.mjs';

const ARGUMENTS = [
  '--no-sandbox',
  '--disable-gpu',
  '--disable-quic',
  '--no-first-run',
  '--disable-background-networking',
  '--disable-component-update',
  '--disable-sync',
  '--disable-dev-shm-usage',
  // A page in the background must not become slow: the tests look at several.
  '--disable-background-timer-throttling',
  '--disable-renderer-backgrounding',
  '--disable-backgrounding-occluded-windows',
];

/**
 * @typedef {object} BrowserOptions
 * @property {{ width: number, height: number } | undefined} [viewport]
 * @property {'light' | 'dark'} [colorScheme]
 * @property {string | undefined} [locale]
 * @property {boolean} [headless]
 * @property {number | undefined} [debugPort] of the DevTools protocol, so that others may drive the page as well
 * @property {string | undefined} [profileDir] keeps storage and caches
 * @property {readonly string[]} [args]
 */

/**
 * @param {BrowserOptions} [options]
 * @returns {Promise<{ context: import('playwright-core').BrowserContext, page: import('playwright-core').Page, found: import('./chromium.mjs').Chromium, close: () => Promise<void> }>}
 */
export async function openBrowser(options = {}) {
  const { chromium } = await import('playwright-core');
  const found = await findChromium();
  const launch = {
    executablePath: found.executablePath,
    env: /** @type {Record<string, string>} */ ({ ...process.env, ...found.env }),
    headless: options.headless ?? true,
    handleSIGINT: false, // whoever launched us decides what Ctrl+C means
    handleSIGTERM: false,
    args: [
      ...ARGUMENTS,
      ...(options.debugPort ? [`--remote-debugging-port=${options.debugPort}`] : []),
      ...(options.args ?? []),
    ],
  };
  const view = {
    viewport: options.viewport ?? { width: 1400, height: 900 },
    permissions: ['clipboard-read', 'clipboard-write'],
    colorScheme: options.colorScheme ?? /** @type {const} */ ('light'),
    ...(options.locale ? { locale: options.locale } : {}),
  };
  if (options.profileDir) {
    const context = await chromium.launchPersistentContext(options.profileDir, { ...launch, ...view });
    return { context, page: context.pages()[0] ?? (await context.newPage()), found, close: () => context.close() };
  }
  const browser = await chromium.launch(launch);
  const context = await browser.newContext(view);
  return { context, page: await context.newPage(), found, close: () => browser.close() };
}

/**
 * VS Code's server answers 404 for files of code-server's front and of Microsoft's closed parts, which are not there;
 * the page asks for them all the same. An empty answer keeps the log of a failed test readable.
 * @param {import('playwright-core').BrowserContext} context
 */
export async function answerForMissingParts(context) {
  await context.route(/\/_static\/|\/vsda\//, (route) =>
    route.fulfill({
      status: 200,
      contentType: route.request().url().endsWith('.wasm') ? 'application/wasm' : 'text/javascript',
      headers: { 'Service-Worker-Allowed': '/' },
      body: '',
    }),
  );
}

/** @returns {Promise<number>} */
export function freePort() {
  return new Promise((resolve, reject) => {
    const probe = createServer().once('error', reject);
    probe.listen(0, '127.0.0.1', () => {
      const address = probe.address();
      probe.close(() =>
        typeof address === 'object' && address ? resolve(address.port) : reject(new Error('no port')),
      );
    });
  });
}

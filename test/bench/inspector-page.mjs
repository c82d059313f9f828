// The inspector's page alone, in a headless Chromium: its host is a stub, its rows are made (test/session-rows.ts).
import { readFileSync } from 'node:fs';
import { dirname, join, resolve } from 'node:path';
import { fileURLToPath } from 'node:url';
import * as esbuild from 'esbuild';
import { openBrowser } from '../vscode/browser.mjs';

const root = resolve(dirname(fileURLToPath(import.meta.url)), '../..');
const ADDRESS = 'http://inspector.test/';

/** @typedef {import('playwright-core').Page} Page */

/** What the page of the inspector finds instead of VS Code, and what drives it. Runs in the page, before everything. */
function stub() {
  const state = { posted: /** @type {unknown[]} */ ([]) };
  Object.assign(window, {
    bench: state,
    acquireVsCodeApi: () => ({
      postMessage: (/** @type {unknown} */ message) => state.posted.push(message),
      getState: () => undefined,
      // As VS Code does: state is text.
      setState: (/** @type {unknown} */ value) => JSON.stringify(value),
    }),
  });
}

/** @param {Page} page */
async function serve(page) {
  const shared = {
    bundle: true,
    minify: true,
    absWorkingDir: root,
    write: false,
    logLevel: /** @type {const} */ ('warning'),
  };
  const script = {
    ...shared,
    platform: /** @type {const} */ ('browser'),
    format: /** @type {const} */ ('iife'),
    target: 'chrome138',
  };
  const [app, rows, style] = await Promise.all([
    esbuild.build({
      ...script,
      entryPoints: ['webview-ui/inspector/main.tsx'],
      jsx: 'automatic',
      jsxImportSource: 'preact',
      define: { 'process.env.NODE_ENV': '"production"' },
    }),
    esbuild.build({ ...script, entryPoints: ['test/session-rows.ts'], globalName: 'made' }),
    esbuild.build({ ...shared, entryPoints: ['webview-ui/inspector/style.css'], external: ['*.ttf'] }),
  ]);
  const codicons = join(root, 'node_modules/@vscode/codicons/dist');
  /** @type {Readonly<Record<string, { contentType: string, body: string | Buffer }>>} */
  const files = {
    '/': {
      contentType: 'text/html',
      body: `<!doctype html><html lang="en"><meta charset="utf-8"><title>IPC Inspector</title>
<link rel="stylesheet" href="codicon.css"><link rel="stylesheet" href="style.css">
<body><div id="root"></div><script src="rows.js"></script><script src="app.js"></script></body></html>`,
    },
    '/app.js': { contentType: 'text/javascript', body: app.outputFiles[0]?.text ?? '' },
    '/rows.js': { contentType: 'text/javascript', body: rows.outputFiles[0]?.text ?? '' },
    '/style.css': { contentType: 'text/css', body: style.outputFiles[0]?.text ?? '' },
    '/codicon.css': { contentType: 'text/css', body: readFileSync(join(codicons, 'codicon.css')) },
    '/codicon.ttf': { contentType: 'font/ttf', body: readFileSync(join(codicons, 'codicon.ttf')) },
  };
  await page.route(`${ADDRESS}**`, (route) => {
    const file = files[new URL(route.request().url()).pathname];
    return file ? route.fulfill(file) : route.abort();
  });
}

/**
 * Opens the page, with nothing in it yet.
 * @param {{ viewport?: { width: number, height: number }, colorScheme?: 'light' | 'dark' }} [options]
 */
export async function openInspectorPage(options = {}) {
  const browser = await openBrowser({ viewport: { width: 1400, height: 500 }, ...options });
  const { page, context } = browser;
  await serve(page);
  await page.addInitScript(stub);
  await page.goto(ADDRESS);
  await page.locator('.toolbar').waitFor();
  const cdp = await context.newCDPSession(page);
  await cdp.send('Performance.enable', { timeDomain: 'threadTicks' });
  const metric = async (/** @type {string} */ name) => {
    const { metrics } = await cdp.send('Performance.getMetrics');
    return metrics.find((each) => each.name === name)?.value ?? Number.NaN;
  };
  return {
    page,
    /** Milliseconds of the page's main thread that something takes, drawing included. @param {() => Promise<unknown>} task */
    async cpu(task) {
      const before = await metric('TaskDuration');
      await task();
      await drawn(page);
      return ((await metric('TaskDuration')) - before) * 1000;
    },
    /** Bytes of JavaScript in use, after collecting garbage. */
    async heap() {
      await cdp.send('HeapProfiler.collectGarbage');
      return await metric('JSHeapUsedSize');
    },
    /** Says something to the page as its host would. @param {import('#core/inspector-messages.ts').ToInspector} message */
    say: (message) =>
      page.evaluate((data) => void window.dispatchEvent(new MessageEvent('message', { data })), message),
    /** Sends rows in slices as the host does, made one slice ahead. @param {number} from @param {number} count @param {number} [slice] */
    load: (from, count, slice = 2000) =>
      page.evaluate(
        ([first, total, size]) => {
          for (let id = first; id < first + total; id += size) {
            const rows = globalThis.made.arrivingRows(id, Math.min(size, first + total - id));
            window.dispatchEvent(new MessageEvent('message', { data: { kind: 'rows', rows } }));
          }
        },
        /** @type {const} */ ([from, count, slice]),
      ),
    close: () => browser.close(),
  };
}

/** Until what was said is drawn: the page waits at most 300 ms and a frame. @param {Page} page */
export const drawn = (page) =>
  page.evaluate(
    () =>
      new Promise((resolve) =>
        setTimeout(() => requestAnimationFrame(() => requestAnimationFrame(() => resolve(undefined))), 310),
      ),
  );

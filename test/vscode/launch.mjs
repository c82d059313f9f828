// A real VS Code: its server (the extension host of desktop VS Code) and its workbench in a headless Chromium.
import { mkdirSync, writeFileSync } from 'node:fs';
import { createServer } from 'node:net';
import { join } from 'node:path';
import { format } from 'node:util';
import { workbenchAddress } from './address.mjs';
import { answerForMissingParts, freePort, openBrowser } from './browser.mjs';
import { startServer, within, withResolvers, writeSettings } from './server.mjs';
import { TemporaryFolders } from './temporary.mjs';

export { runCli } from './server.mjs';

const LOG_LINES = 5000;
/** For a machine that does much else: nothing waits longer than it must. */
const PAGE_TIMEOUT_MS = 60_000;

/**
 * @typedef {import('./address.mjs').WhatToOpen & import('./browser.mjs').BrowserOptions & {
 *   userDataDir?: string | undefined,
 *   extensionsDir?: string | undefined,
 *   settings?: Record<string, unknown> | undefined,
 *   builtinExtensions?: readonly string[] | 'all' | undefined,
 *   enableProposedApi?: readonly string[] | undefined,
 *   env?: Record<string, string>,
 *   port?: number | undefined,
 *   logLevel?: string | undefined,
 *   verbose?: boolean,
 *   hostConsole?: boolean,
 * }} LaunchOptions
 * `settings` join QUIET_SETTINGS; `env` is for the server and its extension hosts; `verbose` prints the log as it grows;
 * `hostConsole` prints what the tests of a suite write to the console.
 */

/**
 * @typedef {object} VSCode
 * @property {string} url
 * @property {import('playwright-core').Page} page
 * @property {import('playwright-core').BrowserContext} context
 * @property {string} debugAddress of the DevTools protocol, as in E2E_CDP
 * @property {readonly string[]} log the last lines of the server, the page and the extension host
 * @property {Readonly<Record<string, number>>} times milliseconds since the launch
 * @property {Promise<number>} exitCode of the suite (`extensionTestsPath`), or 1 when VS Code ended by itself
 * @property {(folder: string) => Promise<void>} saveEvidence a screenshot and the log
 * @property {() => Promise<void>} close
 */

/**
 * Starts VS Code and goes to its page; `workbenchReady(page)` waits until it is usable.
 * @param {LaunchOptions} [options]
 * @returns {Promise<VSCode>}
 */
export async function launchVSCode(options = {}) {
  const started = performance.now();
  /** @type {Record<string, number>} */
  const times = {};
  const mark = (/** @type {string} */ name) => {
    times[name] = Math.round(performance.now() - started);
  };
  /** @type {string[]} */
  const log = [];
  const note = (/** @type {string} */ line) => {
    log.push(line);
    if (log.length > LOG_LINES) log.shift();
    if (options.verbose) process.stderr.write(`${line}\n`);
  };

  // Whatever happens first decides the exit code; what follows from it (the browser goes, the server ends) is ignored.
  /** @type {PromiseWithResolvers<number>} */
  const outcome = withResolvers();
  let decided = false;
  const decide = (/** @type {number} */ code, /** @type {string} */ why) => {
    if (decided) return;
    decided = true;
    note(`[harness] ${why}`);
    outcome.resolve(code);
  };
  const fail = (/** @type {string} */ why) => {
    if (!decided) process.stderr.write(`[harness] ${why}\n`);
    decide(1, why);
  };

  // What there is to undo, last first.
  /** @type {(() => unknown)[]} */
  const undo = [];
  /** @type {Promise<void> | undefined} */
  let closing;
  const close = () => {
    decided = true;
    closing ??= (async () => {
      for (const step of undo.reverse()) await step();
    })();
    return closing;
  };

  try {
    const folders = new TemporaryFolders();
    undo.push(() => folders.remove());
    const userDataDir = options.userDataDir ?? folders.make('vsc-user-');
    writeSettings(userDataDir, options.settings);

    const testing = options.extensionTestsPath !== undefined;
    const output = testing ? await openTestOutput() : undefined;
    const debugPort = options.debugPort ?? (await freePort());
    const debugAddress = `http://127.0.0.1:${debugPort}`;

    /** @type {PromiseWithResolvers<void>} */
    const hostEnded = withResolvers();
    const server = await startServer({
      userDataDir,
      extensionsDir: options.extensionsDir ?? join(userDataDir, 'extensions'),
      builtinExtensions: options.builtinExtensions,
      port: options.port,
      enableProposedApi: options.enableProposedApi,
      logLevel: options.logLevel,
      workspaceTrust: options.settings?.['security.workspace.trust.enabled'] === true,
      endsWithItsPage: true,
      env: { E2E_CDP: debugAddress, ...(output ? { E2E_STDOUT: String(output.port) } : {}), ...options.env },
      onLine: (line) => note(`[server] ${line}`),
      onHostExit: (code, signal) => {
        if (!testing) return;
        hostEnded.resolve();
        // 1.139: for a killed extension host the workbench reports the exit code 0. That is never a success.
        if (code !== '0' || signal !== 'null') fail(`the extension host died during the tests (${code}, ${signal})`);
        else void within(5000, outcome.promise).then(() => fail('the extension host ended without a result'));
      },
    });
    undo.push(() => server.stop());
    void server.ended.then(fail);
    mark('server');

    const browser = await openBrowser({ ...options, debugPort });
    undo.push(() =>
      within(
        5000,
        browser.close().catch(() => {}),
      ),
    ); // a browser that crashed cannot be closed
    const { page, context } = browser;
    page.setDefaultTimeout(PAGE_TIMEOUT_MS);
    note(`[harness] ${browser.found.source} ${browser.found.version}`);
    mark('browser');
    page.on('crash', () => fail('the page crashed'));
    context.on('close', () => fail('the browser ended'));
    page.on('console', (message) => note(`[page] ${message.text()}`));
    page.on('pageerror', (error) => note(`[page] ${error.stack ?? error}`));
    await answerForMissingParts(context);

    // The workbench reports through these two functions, as it does to @vscode/test-web.
    await context.exposeFunction(
      'codeAutomationLog',
      (/** @type {string} */ _type, /** @type {unknown[]} */ values) => {
        const line = format(...values);
        note(`[host] ${line}`);
        if (testing && options.hostConsole) process.stderr.write(`${line}\n`);
        else output?.keep(line);
      },
    );
    await context.exposeFunction('codeAutomationExit', async (/** @type {number} */ code) => {
      await within(2000, hostEnded.promise); // its end tells a result from a crash
      decide(code, `the tests ended with ${code}`);
    });
    if (output) undo.push(() => output.end());

    const url = workbenchAddress(server, {
      ...options,
      extensionEnvironment: { ...coverageOfTheHost(), ...options.extensionEnvironment },
    });
    await page.goto(url, { waitUntil: 'commit' });
    mark('page');

    /** @param {string} folder */
    const saveEvidence = async (folder) => {
      mkdirSync(folder, { recursive: true });
      writeFileSync(join(folder, 'vscode.log'), `${log.join('\n')}\n`);
      const file = join(folder, 'failure.png');
      await within(
        5000,
        page.screenshot({ path: file }).catch((error) => note(`[harness] no screenshot: ${error}`)),
      );
    };
    return { url, page, context, debugAddress, log, times, exitCode: outcome.promise, saveEvidence, close };
  } catch (error) {
    await close();
    throw error;
  }
}

/** Coverage of the extension host only, not of the server or of this process. @returns {Record<string, string>} */
function coverageOfTheHost() {
  const folder = process.env.NODE_V8_COVERAGE;
  return folder ? { NODE_V8_COVERAGE: folder } : {};
}

/**
 * A socket for the suite's own output: what the workbench passes to codeAutomationLog is mixed with its own log. A suite
 * that does not know the socket (E2E_STDOUT) gets its console printed at the end instead.
 */
async function openTestOutput() {
  let used = false;
  /** @type {string[]} */
  const kept = [];
  /** @type {Promise<void>[]} */
  const open = [];
  const server = createServer((socket) => {
    used = true;
    /** @type {PromiseWithResolvers<void>} */
    const closed = withResolvers();
    open.push(closed.promise);
    socket.on('data', (data) => process.stdout.write(data));
    socket.once('close', () => closed.resolve());
    socket.once('error', () => closed.resolve());
  });
  await new Promise((resolve, reject) => {
    server.once('error', reject).listen(0, '127.0.0.1', () => resolve(undefined));
  });
  server.unref();
  const address = server.address();
  return {
    port: typeof address === 'object' && address ? address.port : 0,
    keep: (/** @type {string} */ line) => {
      if (!used) kept.push(line);
    },
    end: async () => {
      await within(1000, Promise.all(open)); // a killed host may leave it half open
      server.close();
      if (!used && kept.length > 0) process.stdout.write(`${kept.join('\n')}\n`);
    },
  };
}

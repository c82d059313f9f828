// `npm start`: shows the demo in VS Code, with the extension as it was just built.
//
//   npm start                          in the desktop VS Code of this machine, else in VS Code's server build and a browser
//   npm start -- --server              in the server build in any case ($PORT chooses its port)
//   npm start -- --screenshot FILE     in the server build and a headless Chromium; writes a PNG of the demo and ends
//   VSCODE_TEST=desktop npm start      in a desktop VS Code that is downloaded first
import { spawn } from 'node:child_process';
import { existsSync, mkdirSync, writeFileSync } from 'node:fs';
import { delimiter, dirname, join, resolve } from 'node:path';
import { fileURLToPath } from 'node:url';
import { parseArgs } from 'node:util';
import { workbenchAddress } from '../test/vscode/address.mjs';
import { ensureVSCode } from '../test/vscode/ensure.mjs';
import { launchVSCode } from '../test/vscode/launch.mjs';
import { appFrame, painted, workbenchReady } from '../test/vscode/page.mjs';
import { startServer, writeSettings } from '../test/vscode/server.mjs';
import { TemporaryFolders } from '../test/vscode/temporary.mjs';

const root = resolve(dirname(fileURLToPath(import.meta.url)), '..');

const DEMO_WINDOWS = ['main', 'second'];
const DEMO_OPENS_WITHIN_MS = 60_000;
/** Tells the extension to open the demo when it starts. */
const OPEN_DEMO = { IPC_WORKBENCH_OPEN: 'demo' };
/** Light or dark as the system is, as long as nobody chooses. */
const SETTINGS = {
  'window.autoDetectColorScheme': true,
  'workbench.preferredDarkColorTheme': 'Dark Modern',
  'workbench.preferredLightColorTheme': 'Light Modern',
};

const { values: options } = parseArgs({
  options: { server: { type: 'boolean' }, screenshot: { type: 'string' } },
});
const port = Number(process.env.PORT) || undefined;
const folders = new TemporaryFolders();
const folder = join(folders.make('ipc-workbench-'), 'demo'); // needed by nobody, but VS Code looks at home with one
mkdirSync(folder);
writeFileSync(
  join(folder, 'README.md'),
  '# IPC Workbench: demo\n\nThis folder is a scratch one and goes when the demo ends.\n',
);

/** Settles on the first Ctrl+C; a second one finds no listener any more and ends the process at once. */
const interrupted = new Promise((resolve) => {
  for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP']) process.once(signal, () => resolve('interrupted'));
});

try {
  await main();
} catch (error) {
  process.stderr.write(`${error instanceof Error ? error.message : error}\n`);
  process.exitCode = 1;
} finally {
  folders.remove();
}
process.exit();

async function main() {
  if (!existsSync(join(root, 'dist/extension.cjs')))
    throw new Error('There is no dist/extension.cjs: run `npm run build`.');
  if (options.screenshot) return await takeScreenshot(resolve(options.screenshot));
  if (!options.server && (await showOnDesktop())) return;
  await ensureVSCode();
  const opener = findBrowserOpener();
  if (opener) await showInBrowser(opener);
  else await showHeadless();
}

// ---- desktop

/** @returns {Promise<boolean>} whether there is one that ran */
async function showOnDesktop() {
  const code = await findDesktop();
  if (!code) return false;
  say(`Opening the demo in ${code} …`);
  // --wait: the command ends when the window is closed, so that the scratch folder lives as long as the window.
  const args = [`--extensionDevelopmentPath=${root}`, '--new-window', '--wait', folder];
  const windows = code.endsWith('.cmd');
  const child = spawn(windows ? `"${code}"` : code, windows ? args.map((arg) => `"${arg}"`) : args, {
    stdio: 'inherit',
    shell: windows,
    env: { ...process.env, ...OPEN_DEMO },
  });
  const ended = new Promise((done) => {
    child.once('error', () => done(1));
    child.once('exit', (status) => done(status ?? 1));
  });
  const status = await Promise.race([ended, interrupted]);
  if (status === 0 || status === 'interrupted') return true;
  say(`${code} ended with ${status}; trying VS Code's server build instead.`);
  return false;
}

/** @returns {Promise<string | undefined>} */
async function findDesktop() {
  if (process.env.VSCODE_TEST === 'desktop') {
    const { downloadAndUnzipVSCode } = await import('@vscode/test-electron');
    return await downloadAndUnzipVSCode({ cachePath: join(root, '.vscode-test') });
  }
  if (process.env.VSCODE_IPC_HOOK_CLI) return undefined; // the `code` of a remote terminal: it passes no environment on
  const extension = process.platform === 'win32' ? '.cmd' : '';
  const names = ['code', 'code-insiders', 'codium'];
  const path = (process.env.PATH ?? '').split(delimiter).filter(Boolean);
  const candidates = names.flatMap((name) => path.map((place) => join(place, name + extension)));
  return [...candidates, ...usualPlaces()].find((file) => existsSync(file));
}

/** @returns {string[]} */
function usualPlaces() {
  if (process.platform === 'darwin') {
    return [
      ['Visual Studio Code', 'code'],
      ['Visual Studio Code - Insiders', 'code-insiders'],
      ['VSCodium', 'codium'],
    ].map(([app, name]) => `/Applications/${app}.app/Contents/Resources/app/bin/${name}`);
  }
  if (process.platform === 'win32') {
    const places = [process.env.LOCALAPPDATA && join(process.env.LOCALAPPDATA, 'Programs'), process.env.PROGRAMFILES];
    return places
      .filter((place) => place !== undefined)
      .flatMap((place) => [
        join(place, 'Microsoft VS Code/bin/code.cmd'),
        join(place, 'Microsoft VS Code Insiders/bin/code-insiders.cmd'),
        join(place, 'VSCodium/bin/codium.cmd'),
      ]);
  }
  return ['/usr/share/code/bin/code', '/snap/bin/code', '/snap/bin/codium', '/usr/share/codium/bin/codium'];
}

// ---- the server build

/** @param {string} opener */
async function showInBrowser(opener) {
  const userDataDir = folders.make('vsc-user-');
  writeSettings(userDataDir, SETTINGS);
  const server = await startServer({ userDataDir, extensionsDir: join(userDataDir, 'extensions'), port });
  try {
    const address = workbenchAddress(server, {
      folder,
      extensionDevelopmentPath: [root],
      extensionEnvironment: OPEN_DEMO, // in the address, because the extension host belongs to the page
    });
    announce(address);
    openInBrowser(opener, address);
    const reason = await Promise.race([server.ended, interrupted]);
    if (reason !== 'interrupted') throw new Error(String(reason));
  } finally {
    await server.stop();
  }
}

/** There is no browser here: the demo runs in our own Chromium, and its address is good for whoever can reach it. */
async function showHeadless() {
  const vs = await launchDemo(port);
  try {
    await Promise.race([demoFrames(vs.page), interrupted]);
    announce(vs.url);
    say(
      `This machine has no browser to show it; it runs in a headless Chromium (windows ${DEMO_WINDOWS.join(', ')} are open).`,
    );
    say('`npm start -- --screenshot demo.png` gives a picture of it.');
    const reason = await Promise.race([vs.exitCode, interrupted]);
    if (reason !== 'interrupted') throw new Error('VS Code ended unexpectedly.');
  } finally {
    await vs.close();
  }
}

/** @param {string} file */
async function takeScreenshot(file) {
  await ensureVSCode();
  const vs = await launchDemo(port);
  mkdirSync(dirname(file), { recursive: true });
  try {
    await workbenchReady(vs.page);
    for (const frame of await demoFrames(vs.page)) {
      // What the backend tells of itself comes when it has started.
      await frame.getByTestId('server-info').filter({ hasNotText: '…' }).waitFor();
      await painted(frame);
    }
    await vs.page.screenshot({ path: file });
    say(`The demo is open (windows ${DEMO_WINDOWS.join(', ')}); its picture is in ${file}`);
  } catch (error) {
    await vs.saveEvidence(join(root, 'out/start'));
    say('What went wrong is in out/start/ (failure.png, vscode.log).');
    throw error;
  } finally {
    await vs.close();
  }
}

/** @param {number | undefined} port */
function launchDemo(port) {
  return launchVSCode({
    port,
    folder,
    settings: SETTINGS,
    extensionDevelopmentPath: [root],
    extensionEnvironment: OPEN_DEMO,
    verbose: Boolean(process.env.E2E_VERBOSE),
  });
}

/** @param {import('playwright-core').Page} page */
async function demoFrames(page) {
  const frames = [];
  for (const label of DEMO_WINDOWS) frames.push(await appFrame(page, label, DEMO_OPENS_WITHIN_MS));
  return frames;
}

/** The command that opens an address, if this machine has a screen. @returns {string | undefined} */
function findBrowserOpener() {
  if (process.platform === 'darwin') return 'open';
  if (process.platform === 'win32') return 'rundll32';
  if (!process.env.DISPLAY && !process.env.WAYLAND_DISPLAY) return undefined; // xdg-open would start a text browser
  return (process.env.PATH ?? '')
    .split(delimiter)
    .map((place) => join(place, 'xdg-open'))
    .find((file) => existsSync(file));
}

/** @param {string} opener @param {string} address */
function openInBrowser(opener, address) {
  const args = opener === 'rundll32' ? ['url.dll,FileProtocolHandler', address] : [address];
  const child = spawn(opener, args, { stdio: 'ignore', detached: true });
  child.once('error', () => say('No browser could be opened: please open the address yourself.'));
  child.unref();
}

/** @param {string} address */
function announce(address) {
  say(`\nVS Code with the demo runs at\n\n  ${address}\n\nPress Ctrl+C to stop it.\n`);
}

/** @param {string} text */
function say(text) {
  process.stdout.write(`${text}\n`);
}

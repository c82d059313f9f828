// VS Code's server: the extension host of desktop VS Code, and the workbench as a web page. It is the one inside code-server,
// started directly: code-server's own front (login, updates, proxy) is not needed.
import { spawn } from 'node:child_process';
import { randomBytes } from 'node:crypto';
import { existsSync, mkdirSync, readdirSync, readFileSync, symlinkSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { createInterface } from 'node:readline';
import { fileURLToPath } from 'node:url';
import { findNode } from './node.mjs';
import { TemporaryFolders } from './temporary.mjs';

const here = dirname(fileURLToPath(import.meta.url));
const modules = join(here, 'node_modules');
const vscode = join(modules, 'code-server', 'lib', 'vscode');
const main = join(vscode, 'out', 'server-main.js');
const typescript = join(here, '../../node_modules/typescript');

const STOP_WITHIN_MS = 4000;

/** What makes a panel look as it does for users, and the debugger. The others (copilot, git, …) only cost time at the start. */
export const BUILTIN_EXTENSIONS = [
  'configuration-editing',
  'css',
  'html',
  'javascript',
  'json',
  'json-language-features',
  'log',
  'markdown-basics',
  'ms-vscode.js-debug',
  'rust',
  'theme-defaults',
  'theme-modern-icons',
  'theme-seti',
  'typescript-basics',
  'xml',
  'yaml',
];

/** The editor's knowledge of TypeScript; it takes a process of its own, so only tests that are about it have it. */
export const TYPESCRIPT = 'typescript-language-features';

/** For tests and screenshots: nothing that moves, asks, phones home or starts late. */
export const QUIET_SETTINGS = {
  'chat.disableAIFeatures': true,
  'debug.javascript.autoAttachFilter': 'disabled',
  'extensions.autoCheckUpdates': false,
  'extensions.autoUpdate': false,
  'extensions.ignoreRecommendations': true,
  'files.simpleDialog.enable': true,
  'git.enabled': false,
  'remote.autoForwardPorts': false,
  'security.workspace.trust.enabled': false,
  'telemetry.telemetryLevel': 'off',
  'terminal.integrated.gpuAcceleration': 'off',
  'update.mode': 'none',
  'update.showReleaseNotes': false,
  'window.commandCenter': false,
  'window.confirmBeforeClose': 'never',
  'workbench.enableExperiments': false,
  'workbench.layoutControl.enabled': false,
  'workbench.secondarySideBar.defaultVisibility': 'hidden',
  'workbench.startupEditor': 'none',
  'workbench.tips.enabled': false,
  'workbench.welcomePage.walkthroughs.openOnInstall': false,
};

/** @returns {{ vscode: string, codeServer: string }} the versions of what is installed */
export function versions() {
  const version = (/** @type {string} */ file) => JSON.parse(readFileSync(file, 'utf8')).version;
  return {
    vscode: version(join(vscode, 'package.json')),
    codeServer: version(join(modules, 'code-server', 'package.json')),
  };
}

/**
 * Writes the user settings (the file is where desktop VS Code has it). A file that is there already stays, unless there is
 * something to say.
 * @param {string} userDataDir @param {Record<string, unknown>} [settings]
 */
export function writeSettings(userDataDir, settings) {
  const file = join(userDataDir, 'User', 'settings.json');
  if (existsSync(file) && !settings) return;
  mkdirSync(dirname(file), { recursive: true });
  writeFileSync(file, JSON.stringify({ ...QUIET_SETTINGS, ...settings }, null, 2));
}

/**
 * Runs `code --install-extension x.vsix`, `--list-extensions` and the like; gives the exit code.
 * @param {readonly string[]} args
 * @param {{ userDataDir?: string | undefined, extensionsDir?: string | undefined, stdio?: 'inherit' | 'ignore' }} [options]
 * @returns {Promise<number>}
 */
export async function runCli(args, { userDataDir, extensionsDir, stdio = 'inherit' } = {}) {
  linkModules();
  const folders = [
    ...(userDataDir ? ['--user-data-dir', userDataDir] : []),
    ...(extensionsDir ? ['--extensions-dir', extensionsDir] : []),
  ];
  const child = spawn(findNode(), [main, ...args, ...folders, '--accept-server-license-terms'], {
    stdio,
    env: serverEnvironment({}),
  });
  const { promise, resolve, reject } = withResolvers();
  child.once('error', reject);
  child.once('exit', (code) => resolve(code ?? 1));
  return promise;
}

/**
 * @typedef {object} ServerOptions
 * @property {string} userDataDir
 * @property {string} extensionsDir
 * @property {readonly string[] | 'all' | undefined} [builtinExtensions] default: BUILTIN_EXTENSIONS
 * @property {number | undefined} [port] default: a free one
 * @property {Record<string, string>} [env] for the server and all it starts
 * @property {readonly string[] | undefined} [enableProposedApi] ids of extensions
 * @property {string | undefined} [logLevel]
 * @property {boolean} [workspaceTrust] default: every workspace is trusted
 * @property {boolean} [endsWithItsPage] end some minutes after the last page has gone: no orphan when we are killed
 * @property {(line: string) => void} [onLine] each line that the server prints
 * @property {(code: string, signal: string) => void} [onHostExit] an extension host has ended
 */

/**
 * @typedef {object} Server
 * @property {string} authority host and port
 * @property {string} token without it a page gets nothing: a loopback port is open to every user and web page of the machine
 * @property {Promise<string>} ended why; never rejects
 * @property {() => Promise<void>} stop
 */

/**
 * Starts the server and waits until it listens on 127.0.0.1.
 * @param {ServerOptions} options
 * @returns {Promise<Server>}
 */
export async function startServer(options) {
  linkModules();
  const folders = new TemporaryFolders();
  const token = randomBytes(16).toString('hex');
  const builtin = builtinExtensionsFolder(options.builtinExtensions ?? BUILTIN_EXTENSIONS, folders);
  const args = [
    '--host=127.0.0.1',
    `--port=${options.port ?? 0}`,
    `--connection-token=${token}`,
    `--user-data-dir=${options.userDataDir}`,
    `--extensions-dir=${options.extensionsDir}`,
    `--builtin-extensions-dir=${builtin}`,
    '--app-name=VS Code',
    '--accept-server-license-terms',
    '--telemetry-level=off',
    '--disable-telemetry',
    '--disable-experiments',
    ...(options.workspaceTrust ? [] : ['--disable-workspace-trust']),
    '--disable-getting-started-override',
    '--force-disable-user-env',
    '--enable-smoke-test-driver', // 1.139: without it the page ignores extensionDevelopmentPath and the like, silently
    // A page of ours that is gone does not come back; that of a user may, after the machine has slept.
    ...(options.endsWithItsPage ? ['--reconnection-grace-time=5', '--enable-remote-auto-shutdown'] : []),
    ...(options.enableProposedApi ?? []).map((id) => `--enable-proposed-api=${id}`),
    ...(options.logLevel ? [`--log=${options.logLevel}`] : []),
  ];
  const env = serverEnvironment({
    XDG_RUNTIME_DIR: folders.make('vsc-run-'), // for its sockets, which it leaves behind
    ...options.env,
  });
  // A process group of its own, so that one kill reaches the extension hosts and what they started.
  const child = spawn(findNode(), [main, ...args], {
    stdio: ['ignore', 'pipe', 'pipe'],
    env,
    detached: process.platform !== 'win32',
  });
  const killGroup = () => {
    try {
      if (child.pid) process.kill(process.platform === 'win32' ? child.pid : -child.pid, 'SIGKILL');
    } catch {
      // all of it has ended already
    }
  };
  process.once('exit', killGroup);

  /** @type {PromiseWithResolvers<string>} */
  const end = withResolvers();
  child.once('error', (error) => end.resolve(`VS Code's server did not start: ${error.message}`));
  child.once('exit', (code, signal) => end.resolve(`VS Code's server ended (${signal ?? code})`));

  /** @type {PromiseWithResolvers<string>} */
  const listening = withResolvers();
  /** @type {string[]} */
  const early = [];
  const read = (/** @type {string} */ line) => {
    if (!line.trim()) return;
    if (early.length < 50) early.push(line);
    options.onLine?.(line);
    const port = /Extension host agent listening on (\d+)/.exec(line)?.[1];
    if (port) listening.resolve(`127.0.0.1:${port}`);
    const exit = /Extension Host Process exited with code: (\S+), signal: (\S+)\./.exec(line);
    if (exit) options.onHostExit?.(String(exit[1]), String(exit[2]));
  };
  createInterface({ input: child.stdout }).on('line', read);
  createInterface({ input: child.stderr }).on('line', read);

  const stop = async () => {
    // SIGTERM first: the extension host then disposes its extensions and writes its coverage.
    child.kill('SIGTERM');
    await within(STOP_WITHIN_MS, end.promise);
    killGroup();
    process.off('exit', killGroup);
    folders.remove();
  };

  const authority = await Promise.race([listening.promise, end.promise.then(() => undefined)]);
  if (!authority) {
    const reason = await end.promise;
    await stop();
    throw new Error([reason, ...early].join('\n'));
  }
  return { authority, token, ended: end.promise, stop };
}

/** Waits for a promise, but not longer than that. @param {number} ms @param {Promise<unknown>} promise */
export async function within(ms, promise) {
  /** @type {NodeJS.Timeout | undefined} */
  let timer;
  const late = new Promise((resolve) => {
    timer = setTimeout(resolve, ms);
  });
  await Promise.race([promise, late]);
  clearTimeout(timer);
}

/** Promise.withResolvers, which Node 20 lacks. @returns {PromiseWithResolvers<any>} */
export function withResolvers() {
  /** @type {any} */
  const it = {};
  it.promise = new Promise((resolve, reject) => Object.assign(it, { resolve, reject }));
  return it;
}

/** The server *and the page* look for lib/vscode/node_modules; npm has put everything flat, two folders up. */
function linkModules() {
  if (!existsSync(main)) throw new Error("VS Code's server is not installed: run `node test/vscode/ensure.mjs`.");
  const link = join(vscode, 'node_modules');
  if (existsSync(link)) return;
  try {
    symlinkSync(modules, link, 'junction');
  } catch (error) {
    if (/** @type {NodeJS.ErrnoException} */ (error).code !== 'EEXIST') throw error; // else another process was faster
  }
}

/** @param {readonly string[] | 'all'} names @param {TemporaryFolders} folders */
function builtinExtensionsFolder(names, folders) {
  const all = join(vscode, 'extensions');
  if (names === 'all') return all;
  const missing = names.filter((name) => !existsSync(join(all, name)));
  if (missing.length > 0) {
    throw new Error(`VS Code has no built-in extension ${missing.join(', ')}. It has: ${readdirSync(all).join(', ')}`);
  }
  const folder = folders.make('vsc-builtin-');
  for (const name of names) symlinkSync(join(all, name), join(folder, name), 'junction');
  if (names.includes(TYPESCRIPT)) {
    // Where VS Code brings its TypeScript; an install without scripts has none.
    mkdirSync(join(folder, 'node_modules'));
    symlinkSync(typescript, join(folder, 'node_modules/typescript'), 'junction');
  }
  for (const name of readdirSync(all)) if (!names.includes(name)) leaveOut(join(all, name), join(folder, name));
  return folder;
}

/**
 * The page has a list of built-in extensions of its own, and runs those that the server does not have in the browser, where
 * their code is missing: six error notifications (1.139). So the server has an empty extension of the same name.
 * @param {string} extension @param {string} at
 */
function leaveOut(extension, at) {
  const manifest = join(extension, 'package.json');
  if (!existsSync(manifest)) return;
  const { browser, name, publisher, version, engines } = JSON.parse(readFileSync(manifest, 'utf8'));
  if (!browser) return;
  mkdirSync(at);
  const empty = { name, publisher, version, engines, extensionKind: ['workspace'] };
  writeFileSync(join(at, 'package.json'), JSON.stringify(empty));
}

/** Our environment without what would make the server believe it runs inside another VS Code. @param {Record<string, string>} extra */
function serverEnvironment(extra) {
  /** @type {NodeJS.ProcessEnv} */
  const env = { ...process.env, EXTENSIONS_GALLERY: '{"serviceUrl":""}', ...extra };
  const ofAnOuterVSCode =
    /^VSCODE_(IPC|NLS|AMD|ESM|HANDLES|CWD|PID|DEV|GIT|CODE_CACHE|AGENT|RECONNECTION|CRASH|L10N|PROXY|SERVER|CLI|INJECT|PORTABLE|APPDATA)|^ELECTRON_RUN_AS_NODE$|^CODE_SERVER_PARENT_PID$/;
  for (const name of Object.keys(env)) if (ofAnOuterVSCode.test(name)) delete env[name];
  delete env.NODE_V8_COVERAGE; // the extension host gets its own through the page's address, see address.mjs
  return env;
}

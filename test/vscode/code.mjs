#!/usr/bin/env node
// Looks like desktop VS Code's executable, to @vscode/test-electron and to people: the same options, the same exit codes.
//
//   E2E_TIMEOUT=600     seconds until a suite without a result counts as failed (exit code 124)
//   E2E_ARTIFACTS=DIR   screenshot and log go there when a suite fails
//   E2E_VERBOSE=1       prints the log of VS Code        E2E_CONSOLE=1   prints the console of the extension host
//   E2E_BUILTIN=all     all built-in extensions          E2E_BUILTIN=a,b   those two besides the usual ones
//   E2E_TIMES=1         prints how long the start took
//   E2E_PORT, E2E_NODE, E2E_CHROMIUM                     other than those found
import { existsSync, statSync } from 'node:fs';
import { resolve } from 'node:path';
import { fileURLToPath } from 'node:url';
import { ensureVSCode } from './ensure.mjs';
import { launchVSCode } from './launch.mjs';
import { BUILTIN_EXTENSIONS, runCli, versions } from './server.mjs';

const REPEATABLE = new Set([
  'extensionDevelopmentPath',
  'install-extension',
  'uninstall-extension',
  'disable-extension',
  'enable-proposed-api',
  'folder-uri',
  'file-uri',
]);
const WITH_VALUE = new Set([
  ...REPEATABLE,
  'extensionTestsPath',
  'user-data-dir',
  'extensions-dir',
  'locale',
  'log',
  'inspect-extensions',
  'inspect-brk-extensions',
  'remote-debugging-port',
  'profile',
  'crash-reporter-directory',
]);
const INTERRUPTED = { SIGINT: 130, SIGTERM: 143, SIGHUP: 129 };
const TIMED_OUT = 124;

const { options, paths } = parse(process.argv.slice(2));
const one = (/** @type {string} */ name) => options.get(name)?.at(-1);
const path = (/** @type {string} */ name) => {
  const value = one(name);
  return value ? resolve(value) : undefined;
};
const folders = { userDataDir: path('user-data-dir'), extensionsDir: path('extensions-dir') };

await ensureVSCode();
if (options.has('version')) await version();
else if (['install-extension', 'uninstall-extension', 'list-extensions'].some((name) => options.has(name)))
  await manage();
else await launch();

async function version() {
  process.stdout.write(`${versions().vscode}\ncode-server ${versions().codeServer}\n${process.arch}\n`);
}

async function manage() {
  const args = [
    ...['install-extension', 'uninstall-extension'].flatMap((name) =>
      (options.get(name) ?? []).flatMap((value) => [`--${name}`, value.endsWith('.vsix') ? resolve(value) : value]),
    ),
    ...['list-extensions', 'show-versions', 'force', 'pre-release']
      .filter((name) => options.has(name))
      .map((name) => `--${name}`),
  ];
  await end(await runCli(args, folders));
}

async function launch() {
  const isFolder = (/** @type {string} */ file) => existsSync(file) && statSync(file).isDirectory();
  const isWorkspace = (/** @type {string} */ file) => file.endsWith('.code-workspace');
  const uris = [...(options.get('folder-uri') ?? []), ...(options.get('file-uri') ?? [])];
  const open = [...paths, ...uris.map((uri) => (uri.startsWith('file://') ? fileURLToPath(uri) : uri))].map((p) =>
    resolve(p),
  );
  const testing = options.has('extensionTestsPath');
  const builtin = process.env.E2E_BUILTIN;

  const instance = await launchVSCode({
    ...folders,
    workspace: open.find(isWorkspace),
    folder: open.find(isFolder),
    files: open.filter((file) => !isFolder(file) && !isWorkspace(file)),
    extensionDevelopmentPath: options.get('extensionDevelopmentPath') ?? [],
    extensionTestsPath: one('extensionTestsPath'),
    disableExtensions: options.has('disable-extensions'),
    enableProposedApi: options.get('enable-proposed-api')?.filter((id) => id !== ''),
    inspectExtensions: one('inspect-extensions'),
    debugPort: Number(one('remote-debugging-port')) || undefined,
    locale: one('locale'),
    logLevel: one('log'),
    builtinExtensions: builtin === 'all' ? 'all' : [...BUILTIN_EXTENSIONS, ...(builtin?.split(',') ?? [])],
    port: Number(process.env.E2E_PORT) || undefined,
    verbose: Boolean(process.env.E2E_VERBOSE),
    hostConsole: Boolean(process.env.E2E_CONSOLE),
  });

  const stopped = new Promise((stop) => {
    for (const [signal, code] of Object.entries(INTERRUPTED)) process.once(signal, () => stop(code));
    if (!testing) return;
    const seconds = Number(process.env.E2E_TIMEOUT ?? 600);
    const timer = setTimeout(() => {
      process.stderr.write(`[harness] no result after ${seconds} s\n`);
      stop(TIMED_OUT);
    }, seconds * 1000);
    timer.unref();
  });
  if (!testing) process.stdout.write(`VS Code runs, without a window, at ${instance.url}\nPress Ctrl+C to stop it.\n`);
  const code = await Promise.race([instance.exitCode, stopped]);
  if (code !== 0 && testing && process.env.E2E_ARTIFACTS) await instance.saveEvidence(process.env.E2E_ARTIFACTS);
  const total = Math.round(performance.now());
  if (process.env.E2E_TIMES) process.stderr.write(`[harness] ms ${JSON.stringify({ ...instance.times, total })}\n`);
  await instance.close();
  await end(code);
}

/** Ends only after all has been written: @vscode/test-electron destroys the pipes as soon as we exit. @param {number} code */
async function end(code) {
  for (const stream of [process.stdout, process.stderr]) await new Promise((done) => stream.write('', done));
  process.exit(code);
}

/** @param {readonly string[]} args */
function parse(args) {
  /** @type {Map<string, string[]>} */
  const options = new Map();
  /** @type {string[]} */
  const paths = [];
  for (let index = 0; index < args.length; index++) {
    const arg = /** @type {string} */ (args[index]);
    const match = /^--([^=]+)(?:=(.*))?$/s.exec(arg);
    if (!match) {
      if (!/^-\w$/.test(arg)) paths.push(arg); // -n and -w mean nothing here
      continue;
    }
    const [, name = '', inline] = match;
    const value = inline ?? (WITH_VALUE.has(name) ? (args[++index] ?? '') : '');
    options.set(name, REPEATABLE.has(name) ? [...(options.get(name) ?? []), value] : [value]);
  }
  return { options, paths };
}

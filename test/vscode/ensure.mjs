// Installs what this folder needs, once: VS Code's server, Chromium, fonts and what they run on, all from npm.
import { spawn } from 'node:child_process';
import { createHash } from 'node:crypto';
import { existsSync, mkdirSync, readFileSync, rmSync, statSync, utimesSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { setTimeout as pause } from 'node:timers/promises';
import { fileURLToPath, pathToFileURL } from 'node:url';

const here = dirname(fileURLToPath(import.meta.url));
const stamp = join(here, 'node_modules', '.installed-from');
const lock = join(here, '.cache', 'install.lock');

const HEARTBEAT_MS = 1000;
const LOCK_IS_STALE_AFTER_MS = 15_000; // many heartbeats: the process that held it has been killed

/**
 * Makes sure that the installed packages are those of package-lock.json; takes half a minute the first time and no time
 * afterwards. Safe when several processes call it at once.
 * @returns {Promise<void>}
 */
export async function ensureVSCode() {
  const wanted = fingerprint();
  if (isInstalled(wanted)) return;
  mkdirSync(dirname(lock), { recursive: true });
  while (!takeLock()) {
    await pause(200); // another process is installing
    if (isInstalled(wanted)) return;
  }
  const heartbeat = setInterval(() => utimesSync(lock, new Date(), new Date()), HEARTBEAT_MS);
  try {
    if (!isInstalled(wanted)) await install(wanted);
  } finally {
    clearInterval(heartbeat);
    rmSync(lock, { recursive: true, force: true });
  }
}

/** @param {string} wanted */
async function install(wanted) {
  const started = performance.now();
  const seconds = () => Math.round((performance.now() - started) / 1000);
  const say = (/** @type {string} */ text) => process.stderr.write(text);
  const live = process.stderr.isTTY;
  say("Installing VS Code's server and Chromium from npm (once, about 600 MB) …");
  const progress = setInterval(() => {
    if (live) say(`\rInstalling VS Code's server and Chromium from npm (once, about 600 MB) … ${seconds()} s`);
    else if (seconds() % 10 === 0) say(` ${seconds()} s`);
  }, 1000);

  const { code, output } = await npmCi();
  clearInterval(progress);
  if (code !== 0) {
    say(' failed\n');
    throw new Error(explain(output));
  }
  writeFileSync(stamp, wanted);
  say(`${live ? '\r\x1b[K' : ' '}VS Code and Chromium are installed (${seconds()} s).\n`);
}

/** @returns {Promise<{ code: number | null, output: string }>} */
function npmCi() {
  // No package here needs its install script; none may run.
  const args = ['ci', '--ignore-scripts', '--no-audit', '--no-fund', '--loglevel=error'];
  const windows = process.platform === 'win32';
  const child = spawn(windows ? 'npm.cmd' : 'npm', args, {
    cwd: here,
    shell: windows,
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  let output = '';
  const collect = (/** @type {Buffer} */ data) => {
    output += data;
  };
  child.stdout.on('data', collect);
  child.stderr.on('data', collect);
  return new Promise((resolve) => {
    child.once('error', (error) => resolve({ code: 1, output: String(error) }));
    child.once('close', (code) => resolve({ code, output }));
  });
}

/** @param {string} output of npm */
function explain(output) {
  const offline = /ENOTFOUND|EAI_AGAIN|ECONNREFUSED|ETIMEDOUT|ECONNRESET|ENETUNREACH|network/i.test(output);
  const reason = offline
    ? "The npm registry cannot be reached. These tests run in a real VS Code, which is installed from npm once: connect to the network (or set npm's registry or proxy) and run it again."
    : "npm could not install VS Code's server.";
  return `${reason}\nWhat \`npm ci\` in test/vscode said:\n${output.trim()}`;
}

/** Of what decides about the content of node_modules. */
function fingerprint() {
  const hash = createHash('sha256');
  for (const file of ['package.json', 'package-lock.json']) hash.update(readFileSync(join(here, file)));
  return `${hash.digest('hex')} ${process.platform}-${process.arch}`;
}

/** @param {string} wanted */
function isInstalled(wanted) {
  return existsSync(stamp) && readFileSync(stamp, 'utf8') === wanted;
}

/** A folder is made by exactly one of many; it is touched as long as its owner lives. */
function takeLock() {
  try {
    mkdirSync(lock);
    return true;
  } catch (error) {
    if (/** @type {NodeJS.ErrnoException} */ (error).code !== 'EEXIST') throw error;
  }
  const age = Date.now() - (statSync(lock, { throwIfNoEntry: false })?.mtimeMs ?? Date.now());
  if (age > LOCK_IS_STALE_AFTER_MS) rmSync(lock, { recursive: true, force: true });
  return false;
}

if (process.argv[1] && import.meta.url === pathToFileURL(process.argv[1]).href) {
  await ensureVSCode().catch((error) => {
    process.stderr.write(`${error.message}\n`);
    process.exitCode = 1;
  });
}

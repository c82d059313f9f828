// Installs from npm, once, what a folder of the tests has in a package.json of its own.
import { spawn } from 'node:child_process';
import { createHash } from 'node:crypto';
import { existsSync, mkdirSync, readFileSync, rmSync, statSync, utimesSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { setTimeout as pause } from 'node:timers/promises';

const HEARTBEAT_MS = 1000;
const LOCK_IS_STALE_AFTER_MS = 15_000; // many heartbeats: the process that held it has been killed

/**
 * @typedef {object} Installable
 * @property {string} folder with package.json, and package-lock.json where it has one
 * @property {string} what it is, and how large, for the line of progress
 * @property {string} why it is needed, for the error
 */

/**
 * Makes sure that the installed packages are those of package-lock.json; takes half a minute the first time and no time
 * afterwards. Safe when several processes call it at once.
 * @param {Installable} installable
 * @returns {Promise<void>}
 */
export async function ensureInstalled(installable) {
  const { folder } = installable;
  const lock = join(folder, '.cache', 'install.lock');
  const wanted = fingerprint(folder);
  if (isInstalled(folder, wanted)) return;
  mkdirSync(dirname(lock), { recursive: true });
  while (!takeLock(lock)) {
    await pause(200); // another process is installing
    if (isInstalled(folder, wanted)) return;
  }
  const heartbeat = setInterval(() => utimesSync(lock, new Date(), new Date()), HEARTBEAT_MS);
  try {
    if (!isInstalled(folder, wanted)) await install(installable, wanted);
  } finally {
    clearInterval(heartbeat);
    rmSync(lock, { recursive: true, force: true });
  }
}

/** @param {Installable} installable @param {string} wanted */
async function install({ folder, what, why }, wanted) {
  const started = performance.now();
  const seconds = () => Math.round((performance.now() - started) / 1000);
  const say = (/** @type {string} */ text) => process.stderr.write(text);
  const live = process.stderr.isTTY;
  say(`Installing ${what} …`);
  const progress = setInterval(() => {
    if (live) say(`\rInstalling ${what} … ${seconds()} s`);
    else if (seconds() % 10 === 0) say(` ${seconds()} s`);
  }, 1000);

  const { code, output } = await npmInstall(folder);
  clearInterval(progress);
  if (code !== 0) {
    say(' failed\n');
    throw new Error(explain(output, { what, why }));
  }
  writeFileSync(stampOf(folder), wanted);
  say(`${live ? '\r\x1b[K' : ' '}Installed (${seconds()} s).\n`);
}

/** @param {string} folder @returns {Promise<{ code: number | null, output: string }>} */
function npmInstall(folder) {
  // No package here needs its install script; none may run.
  const command = existsSync(join(folder, 'package-lock.json')) ? 'ci' : 'install';
  const args = [command, '--ignore-scripts', '--no-audit', '--no-fund', '--loglevel=error'];
  const windows = process.platform === 'win32';
  const child = spawn(windows ? 'npm.cmd' : 'npm', args, {
    cwd: folder,
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

/** @param {string} output of npm @param {{ what: string, why: string }} of */
function explain(output, { what, why }) {
  const offline = /ENOTFOUND|EAI_AGAIN|ECONNREFUSED|ETIMEDOUT|ECONNRESET|ENETUNREACH|network/i.test(output);
  const reason = offline
    ? `The npm registry cannot be reached. ${why}: connect to the network (or set npm's registry or proxy) and run it again.`
    : `npm could not install ${what}.`;
  return `${reason}\nWhat npm said:\n${output.trim()}`;
}

/** Of what decides about the content of node_modules. @param {string} folder */
function fingerprint(folder) {
  const hash = createHash('sha256');
  for (const file of ['package.json', 'package-lock.json']) {
    const path = join(folder, file);
    if (existsSync(path)) hash.update(readFileSync(path));
  }
  return `${hash.digest('hex')} ${process.platform}-${process.arch}`;
}

const stampOf = (/** @type {string} */ folder) => join(folder, 'node_modules', '.installed-from');

/** @param {string} folder @param {string} wanted */
function isInstalled(folder, wanted) {
  const stamp = stampOf(folder);
  return existsSync(stamp) && readFileSync(stamp, 'utf8') === wanted;
}

/** A folder is made by exactly one of many; it is touched as long as its owner lives. @param {string} lock */
function takeLock(lock) {
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

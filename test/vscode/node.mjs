// The Node that runs VS Code's server.
import { existsSync } from 'node:fs';
import { createRequire } from 'node:module';
import { dirname, join } from 'node:path';

const load = createRequire(import.meta.url);
const NEEDED_MAJOR = 24; // server-main.js of 1.139 uses module.registerHooks; Node 20 fails while importing it

/**
 * Path of a Node that can run VS Code's server: $E2E_NODE, else the one that npm installed for this platform (an optional
 * dependency of the repository), else the Node we run in.
 * @returns {string}
 */
export function findNode() {
  if (process.env.E2E_NODE) return process.env.E2E_NODE;
  if (Number(process.versions.node.split('.')[0]) === NEEDED_MAJOR) return process.execPath;

  const platform = process.platform === 'win32' ? 'win' : process.platform;
  for (const name of [`node-${platform}-${process.arch}`, `node-bin-${platform}-${process.arch}`]) {
    const folder = findPackage(name);
    const file = folder && join(folder, 'bin', process.platform === 'win32' ? 'node.exe' : 'node');
    if (file && existsSync(file)) return file;
  }

  if (Number(process.versions.node.split('.')[0]) > NEEDED_MAJOR) return process.execPath;
  throw new Error(
    `VS Code's server needs Node ${NEEDED_MAJOR}; this is ${process.version}, and npm has none for ${platform}-${process.arch} here. ` +
      `Run \`npm ci\` in the repository, or set E2E_NODE to a Node ${NEEDED_MAJOR}.`,
  );
}

/** @param {string} name */
function findPackage(name) {
  try {
    return dirname(load.resolve(`${name}/package.json`));
  } catch {
    return undefined; // not for this platform, or not installed
  }
}

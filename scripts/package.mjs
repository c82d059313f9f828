// `npm run package`: builds everything and writes out/ipc-workbench.vsix.
import { cpSync, mkdirSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { createVSIX } from '@vscode/vsce';
import { build } from '../esbuild.mjs';
import { writePluginManifest } from './typescript-plugin.mjs';

const root = join(dirname(fileURLToPath(import.meta.url)), '..');
export const vsix = join(root, 'out', 'ipc-workbench.vsix');

/** The limit of the issue and of good taste. */
export const MAX_VSIX_BYTES = 5 * 1024 * 1024;

export async function packageVsix() {
  rmSync(join(root, 'dist'), { recursive: true, force: true });
  await build();
  mkdirSync(dirname(vsix), { recursive: true });
  const extension = stage();
  await createVSIX({ cwd: extension, packagePath: vsix, useYarn: false });
  const { size } = statSync(vsix);
  if (size > MAX_VSIX_BYTES) throw new Error(`the VSIX has ${size} bytes, more than ${MAX_VSIX_BYTES}`);
  return size;
}

/**
 * A folder with what ships. Its only dependency is the plugin of TypeScript's server: vsce puts nothing else of a
 * `node_modules` into a package.
 */
function stage() {
  const folder = join(root, 'out', 'extension');
  rmSync(folder, { recursive: true, force: true });
  mkdirSync(folder);
  for (const name of ['README.md', 'LICENSE', 'CHANGELOG.md', 'media', 'dist', '.vscodeignore']) {
    cpSync(join(root, name), join(folder, name), { recursive: true });
  }
  const dependencies = writePluginManifest(folder);
  const manifest = JSON.parse(readFileSync(join(root, 'package.json'), 'utf8'));
  for (const name of ['devDependencies', 'optionalDependencies', 'scripts']) delete manifest[name];
  writeFileSync(join(folder, 'package.json'), `${JSON.stringify({ ...manifest, dependencies }, undefined, 2)}\n`);
  return folder;
}

if (process.argv[1] === fileURLToPath(import.meta.url)) {
  const size = await packageVsix();
  console.log(`Wrote out/ipc-workbench.vsix (${(size / 1024).toFixed(0)} kB)`);
}

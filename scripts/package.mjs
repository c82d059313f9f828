// `npm run package`: builds everything and writes out/ipc-workbench.vsix.
import { mkdirSync, rmSync, statSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { createVSIX } from '@vscode/vsce';
import { build } from '../esbuild.mjs';

const root = join(dirname(fileURLToPath(import.meta.url)), '..');
export const vsix = join(root, 'out', 'ipc-workbench.vsix');

/** The limit of the issue and of good taste. */
export const MAX_VSIX_BYTES = 5 * 1024 * 1024;

export async function packageVsix() {
  rmSync(join(root, 'dist'), { recursive: true, force: true });
  await build();
  mkdirSync(dirname(vsix), { recursive: true });
  await createVSIX({ cwd: root, packagePath: vsix, dependencies: false });
  const { size } = statSync(vsix);
  if (size > MAX_VSIX_BYTES) throw new Error(`the VSIX has ${size} bytes, more than ${MAX_VSIX_BYTES}`);
  return size;
}

if (process.argv[1] === fileURLToPath(import.meta.url)) {
  const size = await packageVsix();
  console.log(`Wrote out/ipc-workbench.vsix (${(size / 1024).toFixed(0)} kB)`);
}

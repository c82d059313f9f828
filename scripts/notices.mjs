// Writes dist/ThirdPartyNotices.txt: the licence of every package whose code or font is in a bundle that ships.
import { existsSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { TYPED_PACKAGES } from './typescript-plugin.mjs';

/** Packages that are copied, not bundled. */
const COPIED = ['@vscode/codicons', 'tree-sitter-rust', ...Object.keys(TYPED_PACKAGES)];

/**
 * @param {string} root the repository
 * @param {readonly { inputs: Record<string, unknown> }[]} metafiles of esbuild
 */
export function writeNotices(root, metafiles) {
  const names = new Set(COPIED);
  for (const { inputs } of metafiles) {
    for (const path of Object.keys(inputs)) {
      const match = /node_modules\/((?:@[^/]+\/)?[^/]+)\/(?!.*node_modules\/)/.exec(path);
      if (match) names.add(match[1]);
    }
  }
  const notices = [...names].sort().map((name) => notice(root, name));
  const head = 'IPC Workbench contains code of these packages:\n';
  writeFileSync(join(root, 'dist', 'ThirdPartyNotices.txt'), [head, ...notices].join(`\n${'-'.repeat(80)}\n\n`));
}

/** @param {string} root @param {string} name */
function notice(root, name) {
  const folder = join(root, 'node_modules', name);
  const { version, license } = JSON.parse(readFileSync(join(folder, 'package.json'), 'utf8'));
  if (!license) throw new Error(`${name} names no licence`);
  const file = readdirSync(folder).find((each) => /^licen[cs]e/i.test(each));
  const text = file && existsSync(join(folder, file)) ? readFileSync(join(folder, file), 'utf8').trim() : '';
  return `${name} ${version} (${license})\n\n${text}\n`;
}

// Bundles the host tests to out/test/host/: each file for itself, with what VS Code and mocha provide left out. Beside them:
// the pages that the tests show (pages/), and the workspace that VS Code opens, with a project that is ready to run.
import { cpSync, readdirSync, rmSync } from 'node:fs';
import { basename, dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import * as esbuild from 'esbuild';

const here = dirname(fileURLToPath(import.meta.url));
const root = join(here, '../..');

export async function buildHostTests() {
  const outdir = join(root, 'out/test/host');
  rmSync(outdir, { recursive: true, force: true });
  const files = readdirSync(here).filter((name) => name === 'index.ts' || name.endsWith('.test.ts'));
  await esbuild.build({
    absWorkingDir: root,
    entryPoints: files.map((name) => join(here, name)),
    outdir,
    outExtension: { '.js': '.cjs' },
    bundle: true,
    format: 'cjs',
    platform: 'node',
    target: 'node22',
    // `module` first: jsonc-parser's `main` is a UMD file that esbuild cannot follow.
    mainFields: ['module', 'main'],
    // Scripts of test/vscode find their files by it.
    define: { 'import.meta.url': 'moduleUrl' },
    banner: { js: 'const moduleUrl = require("node:url").pathToFileURL(__filename).href;' },
    sourcemap: 'inline',
    external: ['vscode', 'mocha', 'playwright-core'],
    logLevel: 'warning',
  });
  await buildPages(
    readdirSync(join(here, 'pages')).map((name) => join(here, 'pages', name)),
    join(outdir, 'pages'),
    'iife',
  );

  const project = join(root, 'test/fixtures/projects/basic');
  const workspace = join(outdir, 'workspace');
  cpSync(project, workspace, { recursive: true, filter: (path) => basename(path) !== 'frontend' });
  cpSync(join(project, 'public'), join(workspace, 'dist'), { recursive: true });
  // A project that is only read: what the language server is tested with.
  cpSync(join(root, 'test/fixtures/language/notes'), join(workspace, 'notes'), { recursive: true });
  await buildPages([join(project, 'frontend/main.ts')], join(workspace, 'dist/assets'), 'esm');
}

/** @param {string[]} entryPoints @param {string} outdir @param {'iife' | 'esm'} format */
async function buildPages(entryPoints, outdir, format) {
  await esbuild.build({ absWorkingDir: root, entryPoints, outdir, bundle: true, format, target: 'chrome138' });
}

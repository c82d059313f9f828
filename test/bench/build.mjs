// Builds the product, and the benchmark beside a copy of it in out/bench/.
import { cpSync, rmSync, writeFileSync } from 'node:fs';
import { dirname, join, resolve } from 'node:path';
import { fileURLToPath } from 'node:url';
import * as esbuild from 'esbuild';
import { build as buildProduct } from '../../esbuild.mjs';

const root = resolve(dirname(fileURLToPath(import.meta.url)), '../..');

export const out = join(root, 'out/bench');
/** Where VS Code finds the product as an installed extension: its server takes only one extension under development. */
export const extensions = join(out, 'extensions');
export const product = join(extensions, 'ipc-workbench.ipc-workbench-0.0.0');
export const extension = join(out, 'extension');

const PEERS = ['raw', 'birpc', 'comlink', 'async-call-rpc', 'capnweb', 'trpc', 'vscode-jsonrpc', 'vscode-messenger'];

export async function build() {
  rmSync(out, { recursive: true, force: true });
  const shared = { bundle: true, minify: true, absWorkingDir: root, logLevel: 'warning', legalComments: 'none' };
  const page = { ...shared, platform: 'browser', format: 'iife', target: 'chrome138' };
  // `module` first: jsonc-parser's `main` is a UMD file that esbuild cannot follow.
  const node = { ...shared, platform: 'node', target: 'node22', mainFields: ['module', 'main'] };
  await Promise.all([
    buildProduct(),
    esbuild.build({
      ...node,
      format: 'cjs',
      entryPoints: ['test/bench/extension/main.ts'],
      outfile: 'out/bench/extension/main.cjs',
      external: ['vscode'],
    }),
    esbuild.build({
      ...page,
      entryPoints: {
        ...Object.fromEntries(PEERS.map((name) => [name, `test/bench/peers/${name}.page.ts`])),
        'host-app': 'test/bench/page/host-app.page.ts',
        tap: 'test/bench/page/tap.page.ts',
      },
      outdir: 'out/bench/extension/pages',
    }),
    esbuild.build({ ...node, format: 'esm', entryPoints: ['test/bench/acl.ts'], outfile: 'out/bench/acl.mjs' }),
    esbuild.build({ ...page, entryPoints: ['test/bench/app/page.ts'], outfile: 'out/bench/app/dist/page.js' }),
    esbuild.build({
      ...node,
      format: 'esm',
      entryPoints: { main: 'test/bench/app/backend.mjs' },
      outdir: 'out/bench/app/src-ipc',
      outExtension: { '.js': '.mjs' },
      external: ['ipc-workbench', 'zod'],
    }),
  ]);
  for (const name of ['dist', 'package.json', 'media'])
    cpSync(join(root, name), join(product, name), { recursive: true });
  const app = join(root, 'test/bench/app');
  cpSync(join(app, 'tauri.conf.json'), join(out, 'app/tauri.conf.json'));
  cpSync(join(app, 'capabilities'), join(out, 'app/capabilities'), { recursive: true });
  cpSync(join(app, 'index.html'), join(out, 'app/dist/index.html'));
  const manifest = {
    name: 'bench',
    publisher: 'ipc-workbench-tests',
    version: '0.0.0',
    private: true,
    engines: { vscode: '^1.105.0' },
    main: './main.cjs',
    activationEvents: ['onStartupFinished'],
  };
  writeFileSync(join(extension, 'package.json'), JSON.stringify(manifest, null, 2));
}

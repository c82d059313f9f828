// Builds everything that ships, one row of the table a bundle. `node esbuild.mjs --watch` builds again on every change.
import { cpSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import * as esbuild from 'esbuild';
import { globalApiBundles, pluginsAmong } from './extension/app/global-api-bundle.ts';
import { backendBundles } from './extension/backend/bundles.ts';
import { JSON_SCHEMAS } from './server/features/acl/json-schema.ts';
import { writeNotices } from './scripts/notices.mjs';
import { pluginBundle, writePluginManifest, writeTypes } from './scripts/typescript-plugin.mjs';

const root = dirname(fileURLToPath(import.meta.url));
const watch = process.argv.includes('--watch');

/** The oldest runtimes that VS Code 1.105 (engines in package.json) brings. */
const NODE = 'node22';
const BROWSER = 'chrome138';

const shared = {
  bundle: true,
  minify: !watch,
  sourcemap: watch,
  metafile: true,
  absWorkingDir: root,
  logLevel: 'warning',
  legalComments: 'none',
};
// `module` first: jsonc-parser's `main` is a UMD file that esbuild cannot follow.
const node = { ...shared, platform: 'node', target: NODE, format: 'esm', mainFields: ['module', 'main'] };
const page = { ...shared, platform: 'browser', target: BROWSER, format: 'iife' };

const { devDependencies } = JSON.parse(readFileSync(join(root, 'package.json'), 'utf8'));
/** The official plugins whose packages we have. */
const plugins = pluginsAmong(Object.keys(devDependencies));

/** Libraries that few need: the extension loads each from a file of its own, at the first `await import('name')`. */
const LAZY = ['undici', 'ws', 'web-tree-sitter', '@jridgewell/trace-mapping', 'vscode-languageclient/node'];
/** The file of such a library, beside the extension. */
const lazyFile = (name) => `${name.replace(/^@/, '').replace('/', '-')}.cjs`;

/** @type {esbuild.Plugin} */
const lazyLibraries = {
  name: 'lazy-libraries',
  setup({ onResolve }) {
    const filter = new RegExp(`^(${LAZY.join('|')})$`);
    onResolve({ filter }, ({ path, kind }) => {
      if (kind === 'entry-point') return undefined;
      if (kind === 'dynamic-import') return { path: `./${lazyFile(path)}`, external: true };
      return { errors: [{ text: `${path} is loaded when it is needed: write \`await import('${path}')\`` }] };
    });
  },
};

/** @type {esbuild.BuildOptions[]} */
const bundles = [
  {
    ...node,
    format: 'cjs',
    entryPoints: ['extension/main.ts'],
    outfile: 'dist/extension.cjs',
    external: ['vscode'],
    plugins: [lazyLibraries],
  },
  { ...node, format: 'cjs', entryPoints: ['server/main.ts'], outfile: 'dist/server.cjs', plugins: [lazyLibraries] },
  // The thread of a database of the sql plugin.
  { ...node, entryPoints: ['extension/plugins/sql/worker.ts'], outfile: 'dist/sqlite.mjs' },
  ...LAZY.map((name) => ({
    ...node,
    format: 'cjs',
    entryPoints: [name],
    outfile: `dist/${lazyFile(name)}`,
    external: ['vscode'],
    // web-tree-sitter is a module and asks for its own place.
    define: { 'import.meta.url': 'moduleUrl' },
    banner: { js: "const moduleUrl = require('node:url').pathToFileURL(__filename).href;" },
  })),
  // The user's handlers run in a process of their own, with the library and zod beside it.
  ...backendBundles('dist').map((options) => ({ ...options, minify: !watch, metafile: true, absWorkingDir: root })),
  { ...shared, ...pluginBundle('dist') },
  ...['bridge', 'bridge-stacks', 'bridge-isolation', 'bridge-isolation-stacks'].map((name) => ({
    ...page,
    entryPoints: ['webview-ui/bridge/main.ts'],
    outfile: `dist/${name}.js`,
    define: { ISOLATION: String(name.includes('isolation')), STACKS: String(name.endsWith('stacks')) },
  })),
  { ...page, entryPoints: ['webview-ui/bridge/isolation-frame.ts'], outfile: 'dist/isolation-frame.js' },
  { ...page, entryPoints: ['webview-ui/frame/main.ts'], outfile: 'dist/frame.js' },
  { ...page, entryPoints: ['webview-ui/bridge/global-api.ts'], outfile: 'dist/global-api.js' },
  { ...page, ...globalApiBundles(plugins, 'dist/global-api') },
  {
    ...page,
    entryPoints: ['webview-ui/inspector/main.tsx'],
    outfile: 'dist/inspector.js',
    jsx: 'automatic',
    jsxImportSource: 'preact',
    define: { 'process.env.NODE_ENV': '"production"' },
  },
  { ...page, entryPoints: ['webview-ui/inspector/style.css'], outfile: 'dist/inspector.css' },
  {
    ...page,
    format: 'esm',
    entryPoints: { main: 'webview-ui/demo/main.ts', second: 'webview-ui/demo/second.ts' },
    outdir: 'dist/demo/dist',
    splitting: true,
    chunkNames: 'shared-[hash]',
  },
];

/** Files that ship as they are. */
const copies = [
  ['webview-ui/demo/tauri.conf.json', 'dist/demo/tauri.conf.json'],
  ['webview-ui/demo/capabilities', 'dist/demo/capabilities'],
  ['webview-ui/demo/src-ipc', 'dist/demo/src-ipc'],
  ['webview-ui/demo/files', 'dist/demo/files'],
  ['webview-ui/demo/index.html', 'dist/demo/dist/index.html'],
  ['webview-ui/demo/second.html', 'dist/demo/dist/second.html'],
  ['webview-ui/demo/style.css', 'dist/demo/dist/style.css'],
  ['node_modules/web-tree-sitter/web-tree-sitter.wasm', 'dist/web-tree-sitter.wasm'],
  ['node_modules/tree-sitter-rust/tree-sitter-rust.wasm', 'dist/tree-sitter-rust.wasm'],
  ['node_modules/@vscode/codicons/dist/codicon.css', 'dist/codicon.css'],
  ['node_modules/@vscode/codicons/dist/codicon.ttf', 'dist/codicon.ttf'],
];

function copy() {
  for (const [from, to] of copies) {
    mkdirSync(dirname(join(root, to)), { recursive: true });
    cpSync(join(root, from), join(root, to), { recursive: true });
  }
  writeTypes(root, join(root, 'dist/types'));
  writePluginManifest(root);
  mkdirSync(join(root, 'dist/schemas'), { recursive: true });
  for (const [name, schema] of Object.entries(JSON_SCHEMAS)) {
    writeFileSync(join(root, 'dist/schemas', name), JSON.stringify(schema));
  }
}

export async function build() {
  const results = await Promise.all(bundles.map((options) => esbuild.build(options)));
  copy();
  writeNotices(
    root,
    results.map((each) => each.metafile),
  );
}

if (process.argv[1] === fileURLToPath(import.meta.url)) {
  if (watch) {
    copy();
    for (const options of bundles) await (await esbuild.context(options)).watch();
    console.log('Watching for changes …');
  } else {
    const start = performance.now();
    await build();
    console.log(`Built dist/ in ${Math.round(performance.now() - start)} ms`);
  }
}

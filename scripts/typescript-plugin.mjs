// What gives the editor types: a plugin of TypeScript's server, and the declarations that it leads to, which are the library's
// face, zod's, Node's and what they import, laid out as npm would.
import { existsSync, mkdirSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { dirname, join, relative } from 'node:path';
import ts from 'typescript';

/** Packages whose declarations ship, with the folders of them that nobody needs. */
export const TYPED_PACKAGES = {
  zod: ['src', 'mini', 'v3', 'v4-mini', 'v4/mini'],
  '@standard-schema/spec': [],
  '@types/node': ['ts5.6'],
  'undici-types': [],
};

const FACE = 'extension/backend/library.ts';

/** As in `contributes.typescriptServerPlugins`. */
const PLUGIN = 'ipc-workbench-typescript-plugin';

/** @param {string} outdir @returns {import('esbuild').BuildOptions} */
export function pluginBundle(outdir) {
  return {
    entryPoints: { 'typescript-plugin': 'extension/typescript/plugin.ts' },
    outdir,
    outExtension: { '.js': '.cjs' },
    bundle: true,
    format: 'cjs',
    platform: 'node',
    target: 'node18', // whatever runs the project's TypeScript
    // TypeScript calls what the module is.
    footer: { js: 'module.exports = module.exports.init;' },
  };
}

/**
 * TypeScript's server takes a plugin from a `node_modules` of the extension and from nowhere else: there, a manifest points
 * to the bundle.
 * @param {string} extension the folder of the extension
 */
export function writePluginManifest(extension) {
  const manifest = { name: PLUGIN, version: '0.0.0', private: true, main: '../../dist/typescript-plugin.cjs' };
  writeFile(join(extension, 'node_modules', PLUGIN, 'package.json'), JSON.stringify(manifest));
  return { [PLUGIN]: manifest.version };
}

/** @param {string} root the repository @param {string} folder gets a `node_modules` */
export function writeTypes(root, folder) {
  rmSync(folder, { recursive: true, force: true });
  const packages = join(folder, 'node_modules');
  for (const [name, without] of Object.entries(TYPED_PACKAGES)) copyTypes(root, join(packages, name), name, without);
  writeFile(join(packages, '@types/node/timers-beside-pages.d.ts'), timersBesidePages(root));
  const node = readFileSync(join(packages, '@types/node/index.d.ts'), 'utf8');
  const besidePages = node.replace('path="timers.d.ts"', 'path="timers-beside-pages.d.ts"');
  if (besidePages === node) throw new Error('@types/node has no timers.d.ts any more');
  writeFile(join(packages, '@types/node/beside-pages.d.ts'), besidePages);
  writeLibrary(root, join(packages, 'ipc-workbench'));
}

/**
 * The declarations of a package. Its manifest says only where they are: one format for every kind of import.
 * @param {string} root @param {string} to @param {string} name @param {readonly string[]} without
 */
function copyTypes(root, to, name, without) {
  const from = join(root, 'node_modules', name);
  for (const path of readdirSync(from, { recursive: true, encoding: 'utf8' })) {
    const file = path.replaceAll('\\', '/');
    if (!file.endsWith('.d.ts') || without.some((each) => file.startsWith(`${each}/`))) continue;
    // Node's types are for the plugin to choose.
    writeFile(join(to, file), readFileSync(join(from, file), 'utf8').replace('/// <reference types="node" />', ''));
  }
  const { version, license, types } = JSON.parse(readFileSync(join(from, 'package.json'), 'utf8'));
  const face = types.replace(/\.d\.cts$/, '.d.ts');
  if (!existsSync(join(to, face))) throw new Error(`${name} has no ${face}`);
  writeManifest(to, { name, version, license, types: face });
}

/** Emits the declarations of the library and leads `#core/…` to files beside each other. @param {string} root @param {string} to */
function writeLibrary(root, to) {
  const { config } = ts.readConfigFile(join(root, 'extension/tsconfig.json'), ts.sys.readFile);
  const { options } = ts.parseJsonConfigFileContent(
    { ...config, include: [], files: [] },
    ts.sys,
    join(root, 'extension'),
  );
  delete options.tsBuildInfoFile;
  const program = ts.createProgram([join(root, FACE), join(root, 'core/globals.d.ts')], {
    ...options,
    composite: false,
    incremental: false,
    types: ['node'],
    declaration: true,
    emitDeclarationOnly: true,
    rootDir: root,
    outDir: to,
  });
  program.emit(undefined, (path, text) => {
    const up = relative(dirname(path), to).replaceAll('\\', '/') || '.';
    const rewritten = text
      .replace(/(from '|import\(")#core\//g, `$1${up}/core/`)
      .replace(/((?:from '|import\(")\.[^'"]*)\.ts(?=['"])/g, '$1.js');
    if (/(?:from '|import\(")#/.test(rewritten)) throw new Error(`${path} imports by a name of the repository`);
    writeFile(path, rewritten);
  });
  const { version, license } = JSON.parse(readFileSync(join(root, 'package.json'), 'utf8'));
  const face = FACE.replace(/\.ts$/, '.js');
  writeFile(join(to, 'index.d.ts'), `export * from './${face}';\n`);
  writeManifest(to, { name: 'ipc-workbench', version, license, types: 'index.d.ts' });
}

/**
 * Node's timers without the global functions of the same names as a browser's: beside pages, those keep their types.
 * @param {string} root
 */
function timersBesidePages(root) {
  const text = readFileSync(join(root, 'node_modules/@types/node/timers.d.ts'), 'utf8');
  const file = ts.createSourceFile('timers.d.ts', text, ts.ScriptTarget.Latest, false);
  const names = new Set(['setTimeout', 'setInterval', 'clearTimeout', 'clearInterval', 'queueMicrotask']);
  /** @type {[number, number][]} */
  const cuts = [];
  /** @param {ts.Node} node */
  const visit = (node) => {
    const declared = ts.isFunctionDeclaration(node) || ts.isModuleDeclaration(node) ? node.name?.text : undefined;
    if (declared !== undefined && names.has(declared)) cuts.push([node.pos, node.end]);
    else ts.forEachChild(node, visit);
  };
  visit(file);
  if (cuts.length === 0) throw new Error('@types/node declares its timers elsewhere');
  return cuts.reverse().reduce((rest, [start, end]) => rest.slice(0, start) + rest.slice(end), text);
}

/** The mark is for extension/app/add-types.ts. @param {string} folder @param {Record<string, unknown>} manifest */
function writeManifest(folder, manifest) {
  writeFile(join(folder, 'package.json'), JSON.stringify({ ...manifest, copiedBy: 'ipc-workbench' }));
}

/** @param {string} path @param {string} text */
function writeFile(path, text) {
  mkdirSync(dirname(path), { recursive: true });
  writeFileSync(path, text);
}

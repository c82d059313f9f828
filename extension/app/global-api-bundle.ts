/** How esbuild makes `dist/global-api/<plugin>.js`: what the genuine npm package of a plugin puts on `window.__TAURI__`. */
import type { BuildOptions, Plugin } from 'esbuild';

const PACKAGE = '@tauri-apps/plugin-';

/** The plugins among the names of npm packages. */
export function pluginsAmong(packages: readonly string[]): readonly string[] {
  return packages.filter((name) => name.startsWith(PACKAGE)).map((name) => name.slice(PACKAGE.length));
}

/** One file for each plugin, so that a page loads only those of its app. */
export function globalApiBundles(plugins: readonly string[], outdir: string): BuildOptions {
  return {
    entryPoints: plugins.map((name) => ({ in: `${ENTRY}${name}`, out: name })),
    outdir,
    bundle: true,
    format: 'iife',
    platform: 'browser',
    plugins: [entries],
  };
}

const ENTRY = 'global-api:';

const entries: Plugin = {
  name: 'global-api',
  setup({ initialOptions, onResolve, onLoad }) {
    onResolve({ filter: new RegExp(`^${ENTRY}`) }, ({ path }) => ({
      path: path.slice(ENTRY.length),
      namespace: 'global-api',
    }));
    onLoad({ filter: /./, namespace: 'global-api' }, ({ path }) => ({
      contents: entryOf(path),
      resolveDir: initialOptions.absWorkingDir ?? process.cwd(),
    }));
  },
};

/**
 * As Tauri's own builds of the packages (`api-iife.js`): a property that is neither listed nor replaced, whose value is an
 * object of all exports; a package that has a default export alone is that export.
 */
function entryOf(plugin: string): string {
  return `import * as api from '${PACKAGE}${plugin}';
const { default: only, ...exports } = api;
Object.defineProperty(window.__TAURI__, '${camelCase(plugin)}', { value: only ?? exports });`;
}

function camelCase(name: string): string {
  return name.replace(/-(.)/g, (_, letter: string) => letter.toUpperCase());
}

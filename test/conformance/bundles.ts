/** The scripts of a page, bundled once per run: the bridge as it ships, and the genuine npm packages. */
import { fileURLToPath } from 'node:url';
import * as vm from 'node:vm';
import * as esbuild from 'esbuild';
import { globalApiBundles } from '../../extension/app/global-api-bundle.ts';

const root = fileURLToPath(new URL('../..', import.meta.url));

/** Releases of `@tauri-apps/api` that pages are tested with, and the names they are installed by. */
export const VERSIONS = {
  '2.0.3': 'api-2.0.3',
  '2.1.1': 'api-2.1.1',
  '2.4.1': 'api-2.4.1',
  '2.5.0': 'api-2.5.0',
  '2.6.0': 'api-2.6.0',
  '2.8.0': 'api-2.8.0',
  '2.9.1': 'api-2.9.1',
  '2.12.5': '@tauri-apps/api',
} as const;
export type Version = keyof typeof VERSIONS;
export const LATEST: Version = '2.12.5';

const browser = { bundle: true, write: false, format: 'iife', target: 'chrome138', absWorkingDir: root } as const;

async function bundle(options: esbuild.BuildOptions): Promise<string> {
  const { outputFiles } = await esbuild.build({ ...browser, ...options, write: false });
  const [file] = outputFiles;
  return (file as esbuild.OutputFile).text;
}

function once<K, V>(make: (key: K) => Promise<V>): (key: K) => Promise<V> {
  const made = new Map<K, Promise<V>>();
  return (key) => {
    const known = made.get(key) ?? make(key);
    made.set(key, known);
    return known;
  };
}

const ENTRIES = {
  bridge: 'main',
  'bridge-stacks': 'main',
  'bridge-isolation': 'main',
  'bridge-isolation-stacks': 'main',
  'global-api': 'global-api',
  'isolation-frame': 'isolation-frame',
} as const;

/** A script of dist/ as esbuild.mjs makes it. */
export const shipped = once((name: keyof typeof ENTRIES) =>
  bundle({
    entryPoints: [`webview-ui/bridge/${ENTRIES[name]}.ts`],
    minify: true,
    legalComments: 'none',
    define: { ISOLATION: String(name.includes('isolation')), STACKS: String(name.endsWith('stacks')) },
  }),
);

/** What a plugin adds to the global api, as esbuild.mjs makes it. */
export const globalApiOf = once((plugin: string) => bundle({ ...globalApiBundles([plugin], 'dist'), minify: true }));

/** A script whose value is the namespace of an npm package. */
export const packageScript = once(async (name: string) => {
  // As one namespace: `export *` would leave out the default export, which some plugins have alone.
  const contents = `import * as all from '${name}'; export { all }`;
  const text = await bundle({ stdin: { contents, resolveDir: root }, globalName: 'api' });
  return new vm.Script(`(() => { ${text}\nreturn api.all; })()`, { filename: `${name}.js` });
});

/** A script of the page, compiled once. */
export const compiled = once(async (text: string) => new vm.Script(text, { filename: 'page.js' }));

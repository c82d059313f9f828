/** What no compiler checks: the manifest against the code, and habits of the house. */
import { execFileSync } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { dirname, join, posix } from 'node:path';
import { fileURLToPath } from 'node:url';
import { expect, test } from 'vitest';

const root = join(dirname(fileURLToPath(import.meta.url)), '../..');
const read = (path: string) => readFileSync(join(root, path), 'utf8');
const tracked = execFileSync('git', ['ls-files'], { cwd: root, encoding: 'utf8' }).split('\n').filter(Boolean);
const sources = tracked.filter((path) => /\.(ts|tsx|mjs)$/.test(path));

interface Manifest {
  readonly capabilities: { readonly untrustedWorkspaces: { readonly restrictedConfigurations: readonly string[] } };
  readonly contributes: {
    readonly commands: readonly { readonly command: string }[];
    readonly keybindings: readonly {
      readonly command: string;
      readonly key: string;
    }[];
    readonly menus: Readonly<Record<string, readonly { readonly command: string }[]>>;
    readonly configuration: { readonly properties: Record<string, unknown> };
  };
  readonly devDependencies: Record<string, string>;
}
const manifest = JSON.parse(read('package.json')) as Manifest;

test('the palette has exactly the commands of the table', () => {
  const table = [...read('extension/commands.ts').matchAll(/^ {2}'(ipcWorkbench\.\w+)':/gm)].map(([, name]) =>
    String(name),
  );
  expect(manifest.contributes.commands.map(({ command }) => command).sort()).toEqual(table.sort());
});

test('keys and menus have commands, and no key has two', () => {
  const { commands, keybindings, menus } = manifest.contributes;
  const known = new Set(commands.map(({ command }) => command));
  const used = [...keybindings, ...Object.values(menus).flat()].map(({ command }) => command);
  expect(used.filter((command) => !known.has(command))).toEqual([]);
  expect(new Set(keybindings.map(({ key }) => key)).size).toBe(keybindings.length);
});

test('every setting is read somewhere, and every one that is read exists', () => {
  const used = [...read('extension/settings.ts').matchAll(/get(?:<\w+>)?\('([\w.]+)'\)/g)].map(
    ([, name]) => `ipcWorkbench.${name}`,
  );
  // vscode-languageclient reads it by the client's name.
  used.push('ipcWorkbench.language.trace.server');
  expect([...new Set(used)].sort()).toEqual(Object.keys(manifest.contributes.configuration.properties).sort());
});

test('a workspace that is not trusted sets nothing that decides permissions', () => {
  const { properties } = manifest.contributes.configuration;
  const deciding = Object.keys(properties).filter((name) => name.startsWith('ipcWorkbench.permissions.'));
  expect(deciding.length).toBeGreaterThan(0);
  expect(manifest.capabilities.untrustedWorkspaces.restrictedConfigurations).toEqual(expect.arrayContaining(deciding));
});

test('dependencies have exact versions', () => {
  const loose = Object.entries(manifest.devDependencies).filter(
    ([, version]) => !/^(npm:.+@)?\d+\.\d+\.\d+$/.test(version),
  );
  expect(loose).toEqual([]);
});

test('zod is imported as a namespace: the other form puts five times the bytes into a bundle', () => {
  const wrong = sources.filter((path) => /import\s+(?:type\s+)?\{[^}]*\bz\b[^}]*\}\s+from\s+'zod'/.test(read(path)));
  expect(wrong).toEqual([]);
});

test('no shipped file or page of the docs names a path of a machine', () => {
  const shipped = tracked.filter((path) => /\.(ts|tsx|mjs|md|html|css)$/.test(path) && !path.startsWith('test/'));
  const wrong = shipped.filter((path) => /["'`(\s]\/(home|root|Users|work|tmp)\/\w/.test(read(path)));
  expect(wrong).toEqual([]);
});

test('lock files name no registry', () => {
  const locks = tracked.filter((path) => path.endsWith('package-lock.json'));
  expect(locks.length).toBeGreaterThan(0);
  expect(locks.filter((path) => /"resolved": "https?:/.test(read(path)))).toEqual([]);
});

/** What each room may import besides itself: the table of docs/architecture.md. `types` may be imported as types only. */
const ROOMS: Readonly<Record<string, { readonly home?: string; readonly may: RegExp; readonly types?: RegExp }>> = {
  core: { may: /^zod$/, types: /^@standard-schema\/spec$/ },
  'core/acl': {
    home: 'core',
    may: /^(zod$|re2js$|urlpattern-polyfill\/urlpattern$|@humanwhocodes\/momoa$|jsonc-parser$|toml-eslint-parser$)/,
    types: /^@standard-schema\/spec$/,
  },
  'extension/backend': { may: /^(#core\/|#server\/project\/files\.ts$|node:|zod$)/, types: /^esbuild$/ },
  'extension/plugins': { may: /^(#core\/|node:|zod$)/, types: /^(undici|ws)$/ },
  'extension/typescript': { may: /^node:/, types: /^typescript$/ },
  server: { may: /^(#core\/|node:|vscode-languageserver(\/node|-textdocument|-types)?$)/ },
  'server/script': { home: 'server', may: /^(#core\/|typescript$|vscode-languageserver-types$)/ },
  'server/project': { may: /^(#core\/|node:|zod$)/ },
  'server/rust': { home: 'server', may: /^(#core\/|web-tree-sitter$)/ },
  // global-api.ts is a bundle of its own: the genuine package, for pages that ask for it.
  'webview-ui/bridge': { may: /^@tauri-apps\/api/, types: /^#core\// },
  'webview-ui/frame': { may: /^#core\/lane\.ts$/, types: /^#core\// },
  'webview-ui/inspector': { may: /^(#core\/|preact|@preact\/signals$|uplot$)/ },
  'webview-ui/demo': { may: /^@tauri-apps\// },
  'webview-ui/demo/src-ipc': { may: /^(ipc-workbench|zod|node:.*)$/ },
};

test('rooms import only what they may', () => {
  const strangers: string[] = [];
  let looked = 0;
  for (const [room, { home = room, may, types }] of Object.entries(ROOMS)) {
    // A room inside of another has a line of its own.
    const inner = Object.keys(ROOMS).filter((other) => isBelow(other, room));
    const files = sources.filter((file) => isBelow(file, room) && !inner.some((other) => isBelow(file, other)));
    for (const file of files) {
      for (const [, type, from = ''] of read(file).matchAll(IMPORT)) {
        looked++;
        const inside = from.startsWith('.') && isBelow(posix.join(posix.dirname(file), from), home);
        if (!inside && !may.test(from) && !(type && types?.test(from))) strangers.push(`${file}: ${from}`);
      }
    }
  }
  expect(strangers).toEqual([]);
  expect(looked).toBeGreaterThan(100);
});

test('the extension takes only faces of the server: the rest of it is a process of its own', () => {
  const imports = sources
    .filter((file) => isBelow(file, 'extension'))
    .flatMap((file) => [...read(file).matchAll(IMPORT)].map(([, , from = '']) => from));
  expect(imports.length).toBeGreaterThan(100);
  const faces = ['#server/rust/index.ts', '#server/project/index.ts', '#server/project/files.ts'];
  expect(imports.filter((from) => /^#server\/|\/server\//.test(from) && !faces.includes(from))).toEqual([]);
});

const IMPORT = /^(?:import|export)\b(?: (type) )?(?:[^'"`;]*\bfrom )?\s*['"]([^'"]+)['"]/gm;

const isBelow = (path: string, folder: string) => path.startsWith(`${folder}/`);

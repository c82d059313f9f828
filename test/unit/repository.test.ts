/** What no compiler checks: the manifest against the code, and habits of the house. */
import { execFileSync } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { expect, test } from 'vitest';

const root = join(dirname(fileURLToPath(import.meta.url)), '../..');
const read = (path: string) => readFileSync(join(root, path), 'utf8');
const tracked = execFileSync('git', ['ls-files'], { cwd: root, encoding: 'utf8' }).split('\n').filter(Boolean);
const sources = tracked.filter((path) => /\.(ts|tsx|mjs)$/.test(path));

interface Manifest {
  readonly contributes: {
    readonly commands: readonly { readonly command: string }[];
    readonly configuration: { readonly properties: Record<string, unknown> };
  };
  readonly devDependencies: Record<string, string>;
}
const manifest = JSON.parse(read('package.json')) as Manifest;

test('the palette has exactly the commands of the table', () => {
  const table = [...read('extension/commands.ts').matchAll(/^ {2}'(ipcWorkbench\.\w+)':/gm)].map(([, name]) => name);
  expect(manifest.contributes.commands.map(({ command }) => command).toSorted()).toEqual(table.toSorted());
});

test('every setting is read somewhere, and every one that is read exists', () => {
  const used = [...read('extension/settings.ts').matchAll(/get(?:<\w+>)?\('([\w.]+)'\)/g)].map(
    ([, name]) => `ipcWorkbench.${name}`,
  );
  expect([...new Set(used)].sort()).toEqual(Object.keys(manifest.contributes.configuration.properties).sort());
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

// `npm test`: everything that must hold, in the order in which it fails fastest. `npm run test:host` and `test:e2e` name one part.
import { spawn } from 'node:child_process';
import { readdirSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { packageVsix, vsix } from '../scripts/package.mjs';
import { ensureVSCode } from './vscode/ensure.mjs';
import { buildHostTests } from './host/build.mjs';

const root = join(dirname(fileURLToPath(import.meta.url)), '..');
const bin = (name) => join(root, 'node_modules', '.bin', name);

/** Runs a program and gives its exit code; output goes to ours. */
function run(command, args, env = {}) {
  const child = spawn(command, args, {
    cwd: root,
    stdio: 'inherit',
    env: { ...process.env, ...env },
    shell: process.platform === 'win32',
  });
  return new Promise((resolve, reject) => {
    child.once('error', reject);
    child.once('exit', (code, signal) => resolve(code ?? (signal ? 1 : 0)));
  });
}

const packaged = Promise.withResolvers();
let packaging;
/** The VSIX under test, built once. */
function ensurePackage() {
  packaging ??= packageVsix().then(packaged.resolve, packaged.reject);
  return packaged.promise;
}

const PARTS = {
  check: () => run(process.execPath, ['scripts/check.mjs']),
  unit: () => run(bin('vitest'), ['run', '--project', 'unit']),
  conformance: () => run(bin('vitest'), ['run', '--project', 'conformance']),
  async host() {
    await ensurePackage();
    await ensureVSCode();
    await buildHostTests();
    return run(process.execPath, ['test/host/run.mjs'], { IPC_WORKBENCH_VSIX: vsix });
  },
  async e2e() {
    await ensurePackage();
    await ensureVSCode();
    const files = readdirSync(join(root, 'test/e2e')).filter((name) => name.endsWith('.test.ts'));
    if (files.length === 0) throw new Error('no end-to-end tests found');
    // One file after the other: each has a VS Code of its own, and the machine may have two cores.
    return run(process.execPath, ['--test', '--test-concurrency=1', ...files.map((name) => `test/e2e/${name}`)], {
      IPC_WORKBENCH_VSIX: vsix,
    });
  },
};

const wanted = process.argv.slice(2);
const results = [];
for (const name of wanted.length > 0 ? wanted : Object.keys(PARTS)) {
  const part = PARTS[name];
  if (!part) throw new Error(`no such part: ${name} (there are ${Object.keys(PARTS).join(', ')})`);
  console.log(`\n── ${name} ──`);
  const start = performance.now();
  let code = 1;
  try {
    code = await part();
  } catch (error) {
    console.error(error);
  }
  results.push({ name, ok: code === 0, seconds: (performance.now() - start) / 1000 });
}

console.log('');
for (const { name, ok, seconds } of results) console.log(`${ok ? 'ok  ' : 'FAIL'} ${name} (${seconds.toFixed(1)} s)`);
const failed = results.filter(({ ok }) => !ok).length;
console.log(`${results.length - failed} passed, ${failed} failed`);
process.exitCode = failed === 0 ? 0 : 1;

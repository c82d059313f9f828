// `npm test`: everything that must hold. `npm run test:host`, `npm run test:e2e` and `node test/run.mjs unit check` run parts,
// and `node test/run.mjs e2e menu windows` only those files of the end-to-end tests.
//
// On a machine with more than one processor two things run at a time (TEST_LANES=1: one): what needs VS Code, and what does
// not, which takes the processors only while VS Code leaves them. Two VS Codes never run side by side: on two slow cores
// what a test waits for then comes later than any user would wait. What each prints is shown when it ends.
//
// Tests in VS Code depend on a browser, a server and a window that has the focus. A file of them that fails is run once
// more, alone, at the end; what passed only then is named in the last lines, beside what failed. Nothing else is repeated.
import { spawn } from 'node:child_process';
import { existsSync, mkdtempSync, readdirSync, readFileSync, rmSync } from 'node:fs';
import { availableParallelism, constants, setPriority, tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { packageVsix, vsix } from '../scripts/package.mjs';
import { ensureCreator, ensureFrontends } from './frontends/ensure.mjs';
import { buildHostTests } from './host/build.mjs';
import { ensureVSCode } from './vscode/ensure.mjs';
import { runCli } from './vscode/server.mjs';

const root = join(dirname(fileURLToPath(import.meta.url)), '..');
const bin = (name) => join(root, 'node_modules', '.bin', name);
const LANES = Number(process.env.TEST_LANES) || Math.min(2, availableParallelism());
/** Files that are run once more: where more fail it is no accident. */
const MOST_REPEATED = 4;
const work = mkdtempSync(join(tmpdir(), 'ipc-test-'));

/** Runs a program; gives its exit code and what it printed, which is also shown at once where nothing else runs. */
function run(command, args, env = {}, waits = false) {
  const child = spawn(command, args, {
    cwd: root,
    stdio: LANES === 1 ? 'inherit' : ['ignore', 'pipe', 'pipe'],
    env: { ...(process.stdout.isTTY && { FORCE_COLOR: '1' }), ...process.env, ...env },
    shell: process.platform === 'win32',
  });
  // Before it starts processes of its own: they inherit it.
  if (waits && child.pid !== undefined) setPriority(child.pid, constants.priority.PRIORITY_BELOW_NORMAL);
  const printed = [];
  for (const stream of [child.stdout, child.stderr]) stream?.on('data', (data) => printed.push(data));
  return new Promise((resolve, reject) => {
    child.once('error', reject);
    child.once('close', (code, signal) =>
      resolve({ code: code ?? (signal ? 1 : 0), output: Buffer.concat(printed).toString() }),
    );
  });
}

const lines = (file) => (existsSync(file) ? readFileSync(file, 'utf8').split('\n').filter(Boolean) : []);

/** Where a task writes what fails: nothing of a run before it. */
function newFile(name) {
  const file = join(work, name);
  rmSync(file, { force: true });
  return file;
}

async function check() {
  const failures = newFile('check');
  return { ...(await run(process.execPath, ['scripts/check.mjs'], { CHECK_FAILURES: failures }, true)), failures };
}

/** A project of vitest. */
async function vitest(project) {
  const failures = newFile(project);
  const reporters = ['--reporter=default', '--reporter=./test/failures-vitest.mjs'];
  return {
    ...(await run(bin('vitest'), ['run', '--project', project, ...reporters], { TEST_FAILURES: failures }, true)),
    failures,
  };
}

async function host() {
  await prepared();
  await buildHostTests();
  const failures = newFile('host');
  const env = { IPC_WORKBENCH_VSIX: vsix, HOST_TESTS_FAILURES: failures };
  return { ...(await run(process.execPath, ['test/host/run.mjs'], env)), failures };
}

/** One file of the end-to-end tests: each has a VS Code of its own. */
async function e2e(file) {
  const extensions = await installed();
  const failures = newFile(file);
  const reporters = [
    ...['--test-reporter=spec', '--test-reporter-destination=stdout'],
    ...['--test-reporter=./test/failures-node.mjs', `--test-reporter-destination=${failures}`],
  ];
  const env = { IPC_WORKBENCH_VSIX: vsix, IPC_WORKBENCH_EXTENSIONS: extensions };
  return { ...(await run(process.execPath, ['--test', ...reporters, `test/e2e/${file}`], env)), failures };
}

const once = (make) => {
  let made;
  return () => (made ??= make());
};

/** The VSIX under test, and VS Code. */
const prepared = once(async () => {
  await packageVsix();
  await ensureVSCode();
});

/** A folder with the extension, installed from its package: for all files, because installing takes as long as starting. */
const installed = once(async () => {
  await prepared();
  const extensionsDir = join(work, 'extensions');
  const options = { userDataDir: join(work, 'user'), extensionsDir, stdio: 'ignore' };
  const code = await runCli(['--install-extension', vsix], options);
  if (code !== 0) throw new Error(`VS Code did not install ${vsix} (exit code ${code})`);
  // Before the first file begins: while packages are being installed, another file would find half of them.
  await ensureFrontends();
  await ensureCreator();
  return extensionsDir;
});

const files = readdirSync(join(root, 'test/e2e')).filter((name) => name.endsWith('.test.ts'));
if (files.length === 0) throw new Error('no end-to-end tests found');

/** What each part consists of, in the order in which it fails fastest. */
const PARTS = {
  check: () => [{ run: check }],
  unit: () => [{ run: () => vitest('unit') }],
  conformance: () => [{ run: () => vitest('conformance') }],
  host: () => [{ run: host, inVSCode: true }],
  e2e: (names) => {
    const wanted = files.filter((file) => names.length === 0 || names.includes(file.replace('.test.ts', '')));
    return wanted.map((file) => ({ run: () => e2e(file), inVSCode: true, of: file }));
  },
};

const words = process.argv.slice(2);
const named = words.filter((word) => word in PARTS);
const filesNamed = words.filter((word) => !(word in PARTS));
const unknown = filesNamed.filter((word) => !named.includes('e2e') || !files.includes(`${word}.test.ts`));
if (unknown.length > 0)
  throw new Error(`no such part: ${unknown.join(', ')} (there are ${Object.keys(PARTS).join(', ')})`);

const results = (named.length > 0 ? named : Object.keys(PARTS)).map((name) => ({
  name,
  seconds: 0,
  failures: [],
  repeated: [],
}));
const tasks = results.flatMap((result) => PARTS[result.name](filesNamed).map((task) => ({ ...task, result })));
const start = performance.now();
const since = (from) => (performance.now() - from) / 1000;

/** Runs a task; gives the names of what failed. */
async function runTask({ result, run: task, of }) {
  const from = performance.now();
  const { code, output, failures } = await task().catch((error) => ({
    code: 1,
    output: `${error?.stack ?? error}\n`,
  }));
  result.seconds += since(from);
  console.log(`\n── ${[result.name, of].filter(Boolean).join(': ')} (${since(from).toFixed(1)} s) ──`);
  if (output) process.stdout.write(output);
  if (code === 0) return [];
  const names = failures ? lines(failures) : [];
  return names.length > 0 ? names : [`${of ?? ''} ended with ${code}; its output says why`.trim()];
}

const failedTasks = [];

async function lane(queue) {
  for (const task of queue) {
    const failures = await runTask(task);
    if (failures.length > 0) failedTasks.push({ task, failures });
  }
}

try {
  const lanes = [tasks.filter(({ inVSCode }) => inVSCode), tasks.filter(({ inVSCode }) => !inVSCode)];
  if (LANES === 1) await lane(tasks);
  else await Promise.all(lanes.map(lane));
  const isAccident = failedTasks.filter(({ task }) => task.inVSCode).length <= MOST_REPEATED;
  for (const { task, failures } of failedTasks) {
    const { result, inVSCode, of = result.name } = task;
    if (!inVSCode || !isAccident) {
      result.failures.push(...failures);
      continue;
    }
    console.log(`\nonce more, alone: ${of}`);
    const still = await runTask(task);
    result.failures.push(...still);
    if (still.length === 0) result.repeated.push(...failures);
  }
} finally {
  rmSync(work, { recursive: true, force: true, maxRetries: 3 });
}

console.log('');
for (const { name, seconds, failures } of results)
  console.log(`${failures.length === 0 ? 'ok  ' : 'FAIL'} ${name} (${seconds.toFixed(1)} s)`);
for (const { name, repeated } of results)
  for (const each of repeated) console.log(`passed only the second time: ${name}: ${each.replaceAll(`${root}/`, '')}`);
const failed = results.filter(({ failures }) => failures.length > 0);
console.log(`${results.length - failed.length} passed, ${failed.length} failed (${since(start).toFixed(1)} s)`);
for (const { name, failures } of failed)
  for (const failure of failures) console.log(`failed: ${name}: ${failure.replaceAll(`${root}/`, '')}`);
process.exitCode = failed.length === 0 ? 0 : 1;

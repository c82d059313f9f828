// What VS Code loads as the suite: mocha, run by hand, over every test file that was built beside this one.
// (node:test is no choice here: its run() ends with the process, and an extension host does not end.)
import { once } from 'node:events';
import { appendFileSync, readdirSync } from 'node:fs';
import { createRequire } from 'node:module';
import { connect, type Socket } from 'node:net';
import { join } from 'node:path';
import { format } from 'node:util';
import Mocha from 'mocha';

const TIMEOUT_MS = 30_000; // for a slow machine; nothing in a test waits longer than it must

export async function run(): Promise<void> {
  const output = await openOutput();
  let failures = 0;
  try {
    const files = readdirSync(__dirname).filter((name) => name.endsWith('.test.cjs'));
    if (files.length === 0) throw new Error(`No test files in ${__dirname}`);

    const mocha = new Mocha({
      ui: 'bdd',
      color: process.env.NO_COLOR === undefined,
      timeout: TIMEOUT_MS,
      forbidOnly: Boolean(process.env.CI),
    });
    if (process.env.HOST_TESTS_GREP) mocha.fgrep(process.env.HOST_TESTS_GREP);
    mocha.suite.emit('pre-require', globalThis, '', mocha); // defines describe, it and the hooks
    const load = createRequire(__filename);
    for (const file of files.sort()) load(join(__dirname, file));

    failures = await new Promise<number>((resolve) => {
      const runner = mocha.run(resolve);
      leaveOutOthers(runner);
      nameFailures(runner);
    });
  } catch (error) {
    output?.write(`${error instanceof Error ? error.stack : error}\n`);
    throw error;
  } finally {
    if (output) {
      output.end();
      await once(output, 'close'); // the extension host ends as soon as we return
    }
  }
  if (failures > 0) throw new Error(`${failures} of the host tests failed`);
}

/** A line for each test that failed, for the end of `npm test`. */
function nameFailures(runner: Mocha.Runner): void {
  const file = process.env.HOST_TESTS_FAILURES;
  if (file) runner.on('fail', (test) => appendFileSync(file, `${test.fullTitle()}\n`));
}

/**
 * All extensions share this process, and mocha counts every uncaught error against the test that runs. 1.139: the debugger
 * throws one when it asks a process for its address that has just ended.
 */
function leaveOutOthers(runner: Mocha.Runner): void {
  const { uncaught } = runner as unknown as { uncaught(error: unknown): void }; // mocha's types do not know it
  process.off('uncaughtException', uncaught);
  process.on('uncaughtException', (error) => {
    if (!/[\\/]ms-vscode\.js-debug[\\/]/.test(error.stack ?? '')) uncaught(error);
  });
}

/**
 * The launcher's socket for our lines: on the console they would be mixed with VS Code's own log. Desktop VS Code has no
 * such socket; there the console is good enough.
 */
async function openOutput(): Promise<Socket | undefined> {
  const port = Number(process.env.E2E_STDOUT);
  if (!port) return undefined;
  const output = connect(port, '127.0.0.1');
  await once(output, 'connect');
  // Reporters write their lines here; mocha's types do not know it.
  const base = Mocha.reporters.Base as unknown as { consoleLog(...values: unknown[]): void };
  base.consoleLog = (...values) => void output.write(`${format(...values)}\n`);
  return output;
}

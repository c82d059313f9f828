// Runs the tests that need VS Code's API (test/host/*.test.ts, bundled to out/test/host/) inside a real extension host.
//
//   node test/host/run.mjs                              in VS Code's server and a headless Chromium from npm
//   VSCODE_TEST=desktop node test/host/run.mjs          in a desktop VS Code that @vscode/test-electron downloads
//   VSCODE_EXECUTABLE=… node test/host/run.mjs          in the desktop VS Code at that path
//   IPC_WORKBENCH_VSIX=out/ipc-workbench.vsix …         with the extension installed from its package
//
// Any argument is a part of a test's title; then only such tests run.
import { runTests, runVSCodeCommand, TestRunFailedError } from '@vscode/test-electron';
import { cpSync, existsSync } from 'node:fs';
import { dirname, join, resolve } from 'node:path';
import { fileURLToPath } from 'node:url';
import { ensureVSCode } from '../vscode/ensure.mjs';
import { runCli, TYPESCRIPT, writeSettings } from '../vscode/server.mjs';
import { TemporaryFolders } from '../vscode/temporary.mjs';

const here = dirname(fileURLToPath(import.meta.url));
const root = resolve(here, '../..');
const suite = join(root, 'out/test/host/index.cjs');
const launcher = join(root, 'test/vscode', process.platform === 'win32' ? 'bin/code.cmd' : 'code.mjs');

const desktop = process.env.VSCODE_TEST === 'desktop' || process.env.VSCODE_EXECUTABLE !== undefined;
const vsix = process.env.IPC_WORKBENCH_VSIX;
const folders = new TemporaryFolders();

try {
  await run();
} catch (error) {
  process.stderr.write(`${error instanceof Error ? error.message : error}\n`);
  process.exitCode = error instanceof TestRunFailedError ? (error.code ?? 1) : 1; // 124: no result in time
} finally {
  folders.remove();
}

async function run() {
  if (!existsSync(suite)) throw new Error('There is no out/test/host/index.cjs: run `npm run build` first.');
  if (!desktop) await ensureVSCode();

  const workspace = folders.make('vsc-workspace-');
  cpSync(join(dirname(suite), 'workspace'), workspace, { recursive: true }); // VS Code writes into it
  const userDataDir = folders.make('vsc-user-');
  const extensionsDir = folders.make('vsc-extensions-');
  // What a test has typed and not saved is gone when it closes the file.
  writeSettings(userDataDir, { 'files.autoSave': 'off' });
  if (vsix) await install(resolve(vsix), { userDataDir, extensionsDir });

  process.env.E2E_BUILTIN ??= TYPESCRIPT;
  const executable = desktop ? process.env.VSCODE_EXECUTABLE : launcher;
  await runTests({
    ...(executable ? { vscodeExecutablePath: executable } : {}),
    extensionDevelopmentPath: [join(here, 'driver'), ...(vsix ? [] : [root])],
    extensionTestsPath: suite,
    extensionTestsEnv: {
      HOST_TESTS_GREP: process.argv.slice(2).join(' '),
      ...(process.env.HOST_TESTS_FAILURES && { HOST_TESTS_FAILURES: process.env.HOST_TESTS_FAILURES }),
    },
    launchArgs: [workspace, '--user-data-dir', userDataDir, '--extensions-dir', extensionsDir],
  });
}

/** @param {string} file @param {{ userDataDir: string, extensionsDir: string }} at */
async function install(file, { userDataDir, extensionsDir }) {
  if (!existsSync(file)) throw new Error(`There is no ${file}: run \`npm run package\` first.`);
  if (!desktop) {
    const code = await runCli(['--install-extension', file], { userDataDir, extensionsDir, stdio: 'ignore' });
    if (code !== 0) throw new Error(`VS Code did not install ${file} (exit code ${code}).`);
    return;
  }
  const args = ['--install-extension', file, '--user-data-dir', userDataDir, '--extensions-dir', extensionsDir];
  await runVSCodeCommand(args, { reuseMachineInstall: true });
}

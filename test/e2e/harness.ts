// What the end-to-end tests use: VS Code with the extension installed from its package, seen and driven as by a user.
//
//   const workbench = await startWorkbench({ vsix, folder });
//   await workbench.command('IPC Workbench: Open Demo');
//   await (await workbench.appFrame('main')).getByRole('button', { name: 'Greet' }).click();
//
// When a test fails, a screenshot and VS Code's log of every open workbench are in out/e2e/.
import { mkdirSync, rmSync } from 'node:fs';
import { dirname, join, resolve } from 'node:path';
import { after, afterEach, type TestContext } from 'node:test';
import { fileURLToPath } from 'node:url';
import type { Frame, Page } from 'playwright-core';
import { ensureVSCode } from '../vscode/ensure.mjs';
import { launchVSCode, runCli, type VSCode } from '../vscode/launch.mjs';
import { appFrame, runCommand, webviewFrame, workbenchReady, workbenchSettled } from '../vscode/page.mjs';
import { TemporaryFolders } from '../vscode/temporary.mjs';
import { isInspector } from './inspector.ts';

const root = resolve(dirname(fileURLToPath(import.meta.url)), '../..');

/** Where screenshots and the evidence of failed tests go. */
export const artifacts = join(root, 'out/e2e');

/** The package under test: what `npm run package` writes, or the one that the environment names. */
export const defaultVsix = resolve(root, process.env.IPC_WORKBENCH_VSIX ?? 'out/ipc-workbench.vsix');

/** The themes whose colours the product must respect. */
export const themes = {
  light: 'Light Modern',
  dark: 'Dark Modern',
  'high contrast': 'Default High Contrast',
  'high contrast light': 'Default High Contrast Light',
} as const;

/** Settings of a workspace that nobody has trusted, and that nothing asks about. */
export const UNTRUSTED = {
  'security.workspace.trust.enabled': true,
  'security.workspace.trust.startupPrompt': 'never',
  'security.workspace.trust.banner': 'never',
} as const;

export type WorkbenchOptions = {
  readonly vsix?: string;
  /** A folder to open; without it an empty one. VS Code may write into it, so give it a copy. */
  readonly folder?: string;
  /** A .code-workspace file to open instead. */
  readonly workspace?: string;
  /** Folders of extensions that are there besides, unpacked. */
  readonly extensions?: readonly string[];
  readonly settings?: Readonly<Record<string, unknown>>;
  readonly theme?: keyof typeof themes;
  readonly viewport?: { readonly width: number; readonly height: number };
  /** For the extension host. */
  readonly env?: Readonly<Record<string, string>>;
  /** Wait until VS Code is idle, for measurements. */
  readonly settled?: boolean;
};

export type Workbench = {
  readonly vs: VSCode;
  readonly page: Page;
  readonly folder: string;
  /**
   * Runs a command by its title in the palette. On a slow machine it may run twice: take one that does the same the second
   * time, none that toggles.
   */
  command(title: string): Promise<void>;
  setTheme(theme: 'light' | 'dark'): Promise<void>;
  /** The page of the app's window with that label. */
  appFrame(label: string, timeout?: number): Promise<Frame>;
  /** The inspector's page, in the bottom panel or in an editor tab. */
  inspectorFrame(timeout?: number): Promise<Frame>;
  /** Another webview, by a test that runs in its document. */
  webviewFrame<A>(test: (argument: A) => unknown, argument?: A, timeout?: number): Promise<Frame>;
  /** Writes out/e2e/NAME.png and gives its path. */
  screenshot(name: string): Promise<string>;
  close(): Promise<void>;
};

const open = new Set<Workbench>();
const installed = new Map<string, Promise<string>>();
const folders = new TemporaryFolders();

/** Starts VS Code and waits until it takes commands. */
export async function startWorkbench(options: WorkbenchOptions = {}): Promise<Workbench> {
  await ensureVSCode();
  const folder = options.folder ?? folders.make('vsc-workspace-');
  const vs = await launchVSCode({
    folder,
    workspace: options.workspace,
    extensionDevelopmentPath: options.extensions,
    extensionsDir: await installedExtensions(resolve(options.vsix ?? defaultVsix)),
    settings: { 'workbench.colorTheme': themes[options.theme ?? 'light'], ...options.settings },
    extensionEnvironment: { ...options.env },
    viewport: options.viewport,
    verbose: Boolean(process.env.E2E_VERBOSE),
  });
  const { page } = vs;
  // Playwright's "light" would win over what the wrapper page tells its frame of VS Code's theme.
  await page.emulateMedia({ colorScheme: null });
  const workbench: Workbench = {
    vs,
    page,
    folder,
    command: (title) => runCommand(page, title),
    async setTheme(theme) {
      const shown = page.locator(`.monaco-workbench.${theme === 'dark' ? 'vs-dark' : 'vs'}`);
      // The command toggles, and may have run twice.
      while ((await shown.count()) === 0) {
        await runCommand(page, 'Preferences: Toggle between Light/Dark Themes');
        await shown.waitFor({ timeout: 5000 }).catch(() => {}); // then once more
      }
    },
    appFrame: (label, timeout) => appFrame(page, label, timeout),
    inspectorFrame: (timeout) => webviewFrame(page, isInspector, undefined, timeout),
    webviewFrame: (test, argument, timeout) => webviewFrame(page, test, argument, timeout),
    async screenshot(name) {
      mkdirSync(artifacts, { recursive: true });
      const path = join(artifacts, `${fileName(name)}.png`);
      await page.screenshot({ path });
      return path;
    },
    async close() {
      open.delete(workbench);
      await vs.close();
    },
  };
  open.add(workbench);
  try {
    await (options.settled ? workbenchSettled(page) : workbenchReady(page));
  } catch (error) {
    await vs.saveEvidence(join(artifacts, 'start'));
    await workbench.close();
    throw error;
  }
  return workbench;
}

/** Installs a package once per process; the folder is fresh, so nothing but it is there. */
function installedExtensions(vsix: string): Promise<string> {
  let promise = installed.get(vsix);
  if (!promise) {
    promise = install(vsix);
    installed.set(vsix, promise);
  }
  return promise;
}

async function install(vsix: string): Promise<string> {
  // `npm test` installs it once for all files.
  if (vsix === defaultVsix && process.env.IPC_WORKBENCH_EXTENSIONS) return process.env.IPC_WORKBENCH_EXTENSIONS;
  const extensionsDir = folders.make('vsc-extensions-');
  const userDataDir = folders.make('vsc-user-');
  const code = await runCli(['--install-extension', vsix], { userDataDir, extensionsDir, stdio: 'ignore' });
  if (code !== 0)
    throw new Error(`VS Code did not install ${vsix} (exit code ${code}). \`npm run package\` writes it.`);
  return extensionsDir;
}

function fileName(title: string): string {
  return title.replace(/[^\p{L}\p{N}]+/gu, '-').slice(0, 100);
}

// Hooks of the file that imports this one; they run for the tests inside its suites as well.
afterEach(async (context) => {
  // Never a suite's context, the hook is of the tests; and `passed` is newer than the types of the oldest Node we support.
  const { passed, fullName } = context as TestContext & { readonly passed: boolean };
  if (passed) return;
  const folder = join(artifacts, fileName(fullName));
  rmSync(folder, { recursive: true, force: true });
  for (const [index, { vs }] of [...open].entries())
    await vs.saveEvidence(index === 0 ? folder : `${folder}-${index + 1}`);
});

after(async () => {
  for (const workbench of open) await workbench.close();
  folders.remove();
});

/**
 * Opens built Tauri projects in a real VS Code, one after the other, clicks through their windows, and says how their calls
 * ended. Nothing of a project is built or changed here but what its own page and our stubs write.
 *
 *   node test/compatibility/run.ts <project folder> …       prints, and writes out/compatibility/<name>.{json,png}
 *   … --stubs                                               first writes handlers for all Rust commands
 *   … --write                                               puts the row of each into docs/compatibility.md
 *
 * The folder is what VS Code opens; where the project lies deeper, write `<folder>#<path of the project in it>`. A name for
 * the report may stand before: `<name>=<folder>`.
 */
import { mkdirSync, writeFileSync } from 'node:fs';
import { basename, join, resolve } from 'node:path';
import { setTimeout as pause } from 'node:timers/promises';
import { fileURLToPath } from 'node:url';
import { parseArgs } from 'node:util';
import type { Frame, Page } from 'playwright-core';
import { ensureVSCode } from '../vscode/ensure.mjs';
import { launchVSCode, runCli } from '../vscode/launch.mjs';
import { appFrame, focusWorkbench, painted, runCommand, workbenchReady } from '../vscode/page.mjs';
import { TemporaryFolders } from '../vscode/temporary.mjs';
import { type Explored, explore } from './explore.ts';
import { type Endings, endingsOf, readRecords } from './records.ts';
import { writeRow } from './table.ts';

const root = fileURLToPath(new URL('../..', import.meta.url));
const out = join(root, 'out/compatibility');
const OPEN_WITHIN_MS = 60_000;
/** A page has come to rest when it said nothing for so long … */
const QUIET_MS = 300;
/** … or goes on and on. */
const REST_WITHIN_MS = 4000;
const MOST_WINDOWS = 6;

export interface Report {
  readonly name: string;
  /** what keeps the app from opening; undefined: it opened */
  readonly failure: string | undefined;
  readonly windows: readonly string[];
  /** whether the page shows anything */
  readonly painted: boolean;
  readonly explored: Explored;
  readonly endings: Endings;
  /** errors that the pages wrote to their consoles */
  readonly consoleErrors: readonly string[];
}

const folders = new TemporaryFolders();

interface Target {
  readonly name: string;
  /** what VS Code opens */
  readonly folder: string;
  readonly project: string;
}

function readTarget(argument: string): Target {
  const [, given, path = ''] = /^(?:([\w.@ -]+)=)?(.*)$/.exec(argument) ?? [];
  const [folder = '', inner = ''] = path.split('#');
  const project = resolve(folder, inner);
  return { name: given ?? basename(project), folder: resolve(folder), project };
}

async function measure({ name, folder, project }: Target, options: { extensionsDir: string; stubs: boolean }) {
  const home = folders.make('compatibility-home-');
  const records = join(folders.make('compatibility-'), 'records.ndjson');
  const vs = await launchVSCode({
    folder,
    extensionsDir: options.extensionsDir,
    extensionDevelopmentPath: [join(root, 'test/compatibility/probe')],
    // A real app writes to the home folder, and may remove what it finds there.
    extensionEnvironment: {
      HOME: home,
      XDG_CONFIG_HOME: join(home, '.config'),
      XDG_DATA_HOME: join(home, '.local/share'),
      XDG_CACHE_HOME: join(home, '.cache'),
      IPC_COMPATIBILITY_RECORDS: records,
      IPC_COMPATIBILITY_FOLDER: project,
    },
    settings: { 'workbench.colorTheme': 'Default Light Modern', 'ipcWorkbench.frontend': 'dist' },
    viewport: { width: 1400, height: 900 },
  });
  const { page } = vs;
  const consoleErrors: string[] = [];
  page.on('console', (message) => {
    const ofApp = /^https?:\/\/127\.0\.0\.1/.test(message.location().url) || message.location().url === '';
    if (message.type() === 'error' && ofApp) consoleErrors.push(message.text().slice(0, 300));
  });
  const rest = () => comeToRest(page, records);
  let explored: Explored = { clicks: 0, missed: 0 };
  const report = (failure?: string, shows = false): Report => ({
    name,
    failure,
    windows: windowsOf(records),
    painted: shows,
    explored,
    endings: endingsOf(readRecords(records)),
    consoleErrors: [...new Set(consoleErrors)].slice(0, 20),
  });
  try {
    await workbenchReady(page);
    if (options.stubs) await runCommand(page, 'IPC Workbench: Create All Stubs');
    await runCommand(page, 'Compatibility: Open the Project');
    const end = Date.now() + OPEN_WITHIN_MS;
    while (windowsOf(records).length === 0) {
      if (Date.now() > end) return report((await notificationsOf(page)) || 'no page answered');
      await pause(50);
    }
    await rest();
    let shows = false;
    for (const label of windowsOf(records).slice(0, MOST_WINDOWS)) {
      const frame = () => appFrame(page, label, 3000).catch(() => undefined);
      const first = await frame();
      if (!first) continue;
      await painted(first);
      shows = (await showsSomething(first)) || shows;
      await page.screenshot({ path: join(out, `${name}-${label}.png`) });
      const { clicks, missed } = await explore({ frame, rest });
      explored = { clicks: explored.clicks + clicks, missed: explored.missed + missed };
    }
    await page.screenshot({ path: join(out, `${name}-end.png`) });
    return report(undefined, shows);
  } finally {
    await vs.close();
  }
}

/** The labels of the windows whose page got ready. */
function windowsOf(records: string): string[] {
  const ready = readRecords(records).filter(({ kind, name }) => kind === 'window' && name === 'page ready');
  return [...new Set(ready.map(({ window }) => window))];
}

async function comeToRest(page: Page, records: string): Promise<void> {
  const end = Date.now() + REST_WITHIN_MS;
  let count = -1;
  let since = Date.now();
  while (Date.now() < end && Date.now() - since < QUIET_MS) {
    const now = readRecords(records).length;
    if (now !== count) since = Date.now();
    count = now;
    await pause(30);
  }
  // Pickers, modal messages and notifications that a click brought.
  const over = page.locator('.quick-input-widget:visible, .monaco-dialog-box:visible');
  for (let tries = 0; tries < 3 && (await over.count()) > 0; tries++) {
    await focusWorkbench(page);
    await page.keyboard.press('Escape');
    await pause(100);
  }
}

async function notificationsOf(page: Page): Promise<string> {
  const texts = await page
    .locator('.notification-list-item-message, .monaco-dialog-box .dialog-message')
    .allInnerTexts();
  return texts.join(' | ');
}

/** Whether anything but one colour is to be seen. */
function showsSomething(frame: Frame): Promise<boolean> {
  return frame.evaluate(() => {
    const { body } = document;
    return (
      body !== null && (body.innerText.trim() !== '' || document.querySelector('canvas, img, svg, video') !== null)
    );
  });
}

const { values, positionals } = parseArgs({
  options: { stubs: { type: 'boolean', default: false }, write: { type: 'boolean', default: false } },
  allowPositionals: true,
});
if (positionals.length === 0) throw new Error('which project? node test/compatibility/run.ts <folder> …');
await ensureVSCode();
mkdirSync(out, { recursive: true });
const extensionsDir = folders.make('vsc-extensions-');
const vsix = resolve(root, process.env['IPC_WORKBENCH_VSIX'] ?? 'out/ipc-workbench.vsix');
const userDataDir = folders.make('vsc-user-');
if ((await runCli(['--install-extension', vsix], { userDataDir, extensionsDir, stdio: 'ignore' })) !== 0) {
  throw new Error(`VS Code did not install ${vsix}: \`npm run package\` writes it`);
}
try {
  for (const target of positionals.map(readTarget)) {
    const report = await measure(target, { extensionsDir, stubs: values.stubs });
    writeFileSync(join(out, `${report.name}.json`), `${JSON.stringify(report, undefined, 2)}\n`);
    const { calls, ok, unhandled, denied, refused, failed } = report.endings.counts;
    if (values.write) {
      const { name, failure, windows, explored, endings } = report;
      const row = { name, failure, windows: windows.length, clicks: explored.clicks, counts: endings.counts };
      writeRow(join(root, 'docs/compatibility.md'), row);
    }
    const what = report.failure ?? `${report.windows.length} windows, ${report.explored.clicks} clicks`;
    console.log(
      `${report.name}: ${what}; ${calls} calls: ${ok} ok, ${unhandled} unhandled, ${denied} denied, ${refused} refused, ${failed} failed`,
    );
  }
} finally {
  folders.remove();
}
process.exit();

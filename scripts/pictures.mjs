// Makes the pictures of README and docs from the real thing: VS Code with the extension, driven as by a user.
//
//   node scripts/pictures.mjs            all of them, into docs/pictures/
import { mkdirSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { build } from '../esbuild.mjs';
import { ensureVSCode } from '../test/vscode/ensure.mjs';
import { launchVSCode } from '../test/vscode/launch.mjs';
import { appFrame, painted, runCommand, webviewFrame, workbenchReady } from '../test/vscode/page.mjs';
import { TemporaryFolders } from '../test/vscode/temporary.mjs';

const root = join(dirname(fileURLToPath(import.meta.url)), '..');
const pictures = join(root, 'docs', 'pictures');

const THEMES = {
  light: 'Light Modern',
  dark: 'Dark Modern',
  'high-contrast': 'Default High Contrast',
  'high-contrast-light': 'Default High Contrast Light',
};

const folders = new TemporaryFolders();
mkdirSync(pictures, { recursive: true });
await build();
await ensureVSCode();
try {
  for (const [name, theme] of Object.entries(THEMES)) await takePictures(name, theme);
} finally {
  folders.remove();
}
process.exit();

/** The demo after some use, and the inspector with its messages. */
async function takePictures(name, theme) {
  const vs = await launchVSCode({
    folder: folders.make('ipc-workbench-'),
    extensionDevelopmentPath: [root],
    extensionEnvironment: { IPC_WORKBENCH_OPEN: 'demo' },
    settings: { 'workbench.colorTheme': theme, 'workbench.activityBar.location': 'hidden' },
    viewport: { width: 1440, height: 960 },
  });
  try {
    const { page } = vs;
    await workbenchReady(page);
    const main = await appFrame(page, 'main');
    const second = await appFrame(page, 'second');
    await runCommand(page, 'View: Close Primary Side Bar');
    await use(main, second);
    await painted(main);
    await page.screenshot({ path: join(pictures, `demo-${name}.png`) });

    await runCommand(page, 'IPC Workbench: Open Inspector');
    const inspector = await webviewFrame(page, () => document.documentElement.dataset['view'] === 'inspector');
    await inspector.getByRole('row').filter({ hasText: 'update_user' }).first().click();
    await inspector.getByRole('tab', { name: 'Arguments' }).waitFor();
    await painted(inspector);
    await page.screenshot({ path: join(pictures, `inspector-${name}.png`) });
    console.log(`${name}: docs/pictures/demo-${name}.png, inspector-${name}.png`);
  } finally {
    await vs.close();
  }
}

/** What a visitor of the demo would click. */
async function use(main, second) {
  const run = async (frame, button, result) => {
    await frame.locator(`#${button}`).click();
    await frame.locator(`#${result}`).and(frame.locator('[data-state=ok], [data-state=error]')).waitFor();
  };
  await run(main, 'greet-run', 'greet-result');
  await run(main, 'user-run', 'user-result');
  await run(main, 'user-wrong', 'user-result');
  await main.locator('#global-run').click();
  await second.locator('#global-log li').first().waitFor();
  await main.locator('#stream-size-1').check();
  await run(main, 'stream-run', 'stream-result');
  await run(main, 'access-secret', 'access-result');
  await run(second, 'access-public', 'access-result');
  await run(main, 'user-run', 'user-result');
  await main.locator('#greet-name').scrollIntoViewIfNeeded();
}

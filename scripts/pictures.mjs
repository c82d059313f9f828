// Makes the pictures of README and docs from the real thing: VS Code with the extension, driven as by a user.
//
//   node scripts/pictures.mjs                 all of them, into docs/pictures/ and, of the walkthrough, media/walkthrough/
//   node scripts/pictures.mjs dark            those of the demo and the inspector in one theme (light, dark, high-contrast, …)
//   node scripts/pictures.mjs permissions     those of docs/permissions.md
//   node scripts/pictures.mjs language        those of docs/language-server.md
import { cpSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { build } from '../esbuild.mjs';
import { ensureVSCode } from '../test/vscode/ensure.mjs';
import { launchVSCode } from '../test/vscode/launch.mjs';
import { appFrame, painted, runCommand, webviewFrame, workbenchReady } from '../test/vscode/page.mjs';
import { TemporaryFolders } from '../test/vscode/temporary.mjs';
import { takeInspectorPictures } from './inspector-pictures.mjs';
import { NOTES, takeLanguagePictures } from './language-pictures.mjs';

const root = join(dirname(fileURLToPath(import.meta.url)), '..');
const pictures = join(root, 'docs', 'pictures');
const walkthrough = join(root, 'media', 'walkthrough');

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
  const wanted = process.argv.slice(2);
  const isWanted = (name) => wanted.length === 0 || wanted.includes(name);
  for (const [name, theme] of Object.entries(THEMES)) if (isWanted(name)) await takePictures(name, theme);
  if (isWanted('permissions')) await takePermissionPictures();
  if (isWanted('language')) for (const name of ['light', 'dark']) await takePicturesOfLanguage(name);
} finally {
  folders.remove();
}
process.exit();

/** The demo after some use, and the inspector with its messages. */
async function takePictures(name, theme) {
  const folder = folders.make('ipc-workbench-');
  const vs = await launchVSCode({
    folder,
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

    await takeInspectorPictures({ page, folder }, { name, pictures, walkthrough });
    console.log(`${name}: docs/pictures/demo-${name}.png, inspector-*${name}.png`);
  } finally {
    await vs.close();
  }
}

/** The language server with a project of the tests. @param {'light' | 'dark'} name */
async function takePicturesOfLanguage(name) {
  const folder = folders.make('notes-');
  cpSync(NOTES, folder, { recursive: true });
  const vs = await launchVSCode({
    folder,
    extensionDevelopmentPath: [root],
    settings: {
      'workbench.colorTheme': THEMES[name],
      'workbench.activityBar.location': 'hidden',
      'editor.minimap.enabled': false,
      'files.autoSave': 'off',
    },
    viewport: { width: 1200, height: 760 },
  });
  try {
    const { page } = vs;
    await page.emulateMedia({ colorScheme: null });
    await workbenchReady(page);
    await runCommand(page, 'View: Close Primary Side Bar');
    await takeLanguagePictures({ page }, { name, pictures });
    console.log(`${name}: docs/pictures/language-*-${name}.png`);
  } finally {
    await vs.close();
  }
}

/** The tour of docs/permissions.md, with the files that stand there. */
async function takePermissionPictures() {
  const folder = folders.make('ipc-workbench-');
  const text = readFileSync(join(root, 'docs', 'permissions.md'), 'utf8');
  for (const name of ['tauri.conf.json', 'dist/index.html', 'src-ipc/main.ts']) {
    const [, code] = text.split(`\`${name}\`:`)[1]?.match(/```\w+\n(.*?)```/s) ?? [];
    if (!code) throw new Error(`docs/permissions.md has no code for ${name}`);
    mkdirSync(dirname(join(folder, name)), { recursive: true });
    writeFileSync(join(folder, name), code);
  }
  const vs = await launchVSCode({
    folder,
    extensionDevelopmentPath: [root],
    settings: {
      'workbench.colorTheme': THEMES.dark,
      'workbench.activityBar.location': 'hidden',
      'editor.minimap.enabled': false,
      'files.autoSave': 'off',
    },
    viewport: { width: 1200, height: 1000 },
  });
  try {
    const { page } = vs;
    // Playwright's "light" would win over VS Code's theme.
    await page.emulateMedia({ colorScheme: null });
    await workbenchReady(page);
    await runCommand(page, 'View: Close Primary Side Bar');
    await runCommand(page, 'IPC Workbench: Open App');
    const main = await appFrame(page, 'main');
    await main.locator('#rename').click();
    await main.getByText('window.set_title not allowed').waitFor();
    await runCommand(page, 'IPC Workbench: Open Inspector');
    const inspector = await webviewFrame(page, () => document.documentElement.dataset['view'] === 'inspector');
    const call = inspector.getByRole('row').filter({ hasText: 'set_title' });
    await call.click();
    const add = inspector.getByRole('button', { name: 'Add core:window:allow-set-title to a new capability' });
    await add.waitFor();
    await painted(inspector);
    await page.screenshot({ path: join(pictures, 'permission-denied.png') });

    await add.click();
    const editor = page.locator('.editor-instance .monaco-editor.focused');
    await editor.getByText('core:window:allow-set-title').waitFor();
    await painted(inspector);
    await page.screenshot({ path: join(pictures, 'permission-added.png') });

    await page.keyboard.press('Control+s');
    await inspector.getByText('Allowed now').waitFor();
    await main.locator('#rename').click();
    await main.getByText('Done.').waitFor();
    await runCommand(page, 'IPC Workbench: Show Permissions');
    await page.locator('.quick-input-list').getByText('window.set_title').waitFor();
    await page.screenshot({ path: join(pictures, 'permission-list.png'), animations: 'disabled' });
    console.log('permissions: docs/pictures/permission-denied.png, permission-added.png, permission-list.png');
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

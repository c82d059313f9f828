// Several projects in one workspace, and where the pages of each come from: asked, shown, switched, and ended with the app.
import assert from 'node:assert/strict';
import { cpSync, mkdirSync, writeFileSync } from 'node:fs';
import { connect } from 'node:net';
import { dirname, join, resolve } from 'node:path';
import { after, before, describe, test } from 'node:test';
import { fileURLToPath } from 'node:url';
import type { Frame } from 'playwright-core';
import { freePort } from '../vscode/browser.mjs';
import { TemporaryFolders } from '../vscode/temporary.mjs';
import { clearNotifications, eventually, notification, until } from './controls.ts';
import { startWorkbench, type Workbench } from './harness.ts';

const root = resolve(fileURLToPath(new URL('../..', import.meta.url)));
const folders = new TemporaryFolders();
after(() => folders.remove());

const BUILT = '<!doctype html><title>built</title><p id="message">built</p>';

/** A workspace with a project that has a dev server and built files, and another one of the same name that has files only. */
function makeWorkspace(port: number): { folder: string; write(file: string, content: string | object): void } {
  const folder = folders.make('ipc-projects-');
  const write = (file: string, content: string | object) => {
    mkdirSync(dirname(join(folder, file)), { recursive: true });
    writeFileSync(join(folder, file), typeof content === 'string' ? content : JSON.stringify(content));
  };
  cpSync(join(root, 'test/fixtures/projects/vite'), join(folder, 'apps/hot'), { recursive: true });
  write('apps/hot/src-tauri/tauri.conf.json', {
    productName: 'Hot',
    identifier: 'com.example.hot',
    build: { devUrl: `http://localhost:${port}`, frontendDist: '../dist', beforeDevCommand: 'npm run dev' },
    app: { windows: [{ label: 'hot' }] },
  });
  write('apps/hot/dist/index.html', BUILT);
  write('apps/hot/package.json', { scripts: { dev: `node ${join(root, 'node_modules/vite/bin/vite.js')}` } });
  write(
    'apps/hot/vite.config.mjs',
    `export default {
      resolve: { alias: { '@tauri-apps/api': ${JSON.stringify(join(root, 'node_modules/@tauri-apps/api'))} } },
      optimizeDeps: { noDiscovery: true },
      define: { __PLATFORM__: JSON.stringify(process.env.TAURI_ENV_PLATFORM) },
      server: { port: ${port}, strictPort: true, host: 'localhost', fs: { strict: false } },
    };`,
  );
  write('apps/hot/src/message.ts', 'export const message = `dev on ${__PLATFORM__}`;');
  write('apps/plain/desktop/tauri.conf.json', {
    productName: 'Hot',
    identifier: 'com.example.plain',
    build: { frontendDist: '../ui' },
    app: { windows: [{ label: 'plain', width: 300 }] },
  });
  write('apps/plain/ui/index.html', BUILT);
  write('old/src-tauri/tauri.conf.json', { tauri: {} });
  write('target/made/src-tauri/tauri.conf.json', {});
  return { folder, write };
}

const answersAt = (port: number) =>
  new Promise<boolean>((resolve) => {
    const socket = connect({ port, host: 'localhost' });
    socket.once('connect', () => resolve(true));
    socket.once('error', () => resolve(false));
  });

describe('projects of a workspace', () => {
  let workspace: ReturnType<typeof makeWorkspace>;
  let workbench: Workbench;
  let port: number;
  let hot: Frame;

  /** The rows of the question that is asked now. */
  const rows = () => workbench.page.locator('.quick-input-widget:visible .monaco-list-row');
  /** Waits until that is asked, and no longer the palette that led there; gives all choices. */
  const question = (text: string) =>
    until(async () => {
      const texts = await rows().allInnerTexts();
      const asked = texts.some((each) => each.includes(text)) && !texts.some((each) => each.includes('IPC Workbench:'));
      return asked ? texts : undefined;
    }, `the question with "${text}"`);
  const choose = async (text: string) => {
    await question(text);
    await rows().filter({ hasText: text }).first().click();
  };
  const status = () => workbench.page.locator('.statusbar-item').filter({ hasText: /Hot.*: / });
  const shownStatus = async () => (await status().allInnerTexts()).map((text) => text.trim());
  const message = (frame: Frame) => frame.locator('#message').textContent();

  before(async () => {
    port = await freePort();
    workspace = makeWorkspace(port);
    workbench = await startWorkbench({ folder: workspace.folder });
  });

  test('Open App asks which: name, path, identifier, and what is wrong', async () => {
    await workbench.command('IPC Workbench: Open App');
    const listed = (await question('apps/hot')).map((text) => text.replace(/\s+/g, ' '));
    assert.equal(listed.length, 3);
    assert.match(listed[0] ?? '', /Hot.*com\.example\.hot.*apps\/hot/);
    assert.match(listed[1] ?? '', /Hot.*com\.example\.plain.*apps\/plain\/desktop/);
    assert.match(listed[2] ?? '', /old.*this is a project of Tauri v1/);
  });

  test('a dev server that does not answer is started on request, as Tauri’s CLI does it', async () => {
    await choose('apps/hot');
    await question('Start dev server');
    assert.equal(await answersAt(port), false);
    await choose('Start dev server');
    hot = await workbench.appFrame('hot', 60_000);
    await eventually(() => message(hot), `dev on ${process.platform === 'darwin' ? 'darwin' : 'linux'}`);
    await eventually(shownStatus, ['Hot: dev server']);
  });

  test('the user switches to the built files and back', async () => {
    const { origin } = new URL(hot.url());
    await status().click();
    await eventually(shownStatus, ['Hot: built files']);
    hot = await workbench.appFrame('hot');
    await eventually(() => message(hot), 'built');
    assert.equal(new URL(hot.url()).origin, origin);
    await workbench.command('IPC Workbench: Switch Frontend (Dev Server / Built Files)');
    await eventually(shownStatus, ['Hot: dev server']);
    hot = await workbench.appFrame('hot');
    await until(async () => (await message(hot))?.startsWith('dev'), 'the page of the dev server');
  });

  test('two apps run side by side, each with an origin and a name of its own', async () => {
    await workbench.command('IPC Workbench: Open App');
    const listed = (await question('apps/hot')).map((text) => text.replace(/\s+/g, ' '));
    // The last one first.
    assert.match(listed[0] ?? '', /Hot.*running.*apps\/hot/);
    await choose('apps/plain');
    const plain = await workbench.appFrame('plain');
    await eventually(() => message(plain), 'built');
    assert.notEqual(new URL(plain.url()).origin, new URL(hot.url()).origin);
  });

  test('the dev server ends with the app that started it', async () => {
    await workbench.command('IPC Workbench: Close App');
    const listed = await question('apps/hot');
    assert.ok(
      listed.some((text) => /Hot \(apps\/plain\/desktop\)/.test(text)),
      listed.join(' | '),
    );
    assert.equal(await answersAt(port), true);
    await choose('apps/hot');
    await eventually(() => answersAt(port), false);
    await eventually(() => status().count(), 0);
  });

  test('whoever wants nothing gets nothing', async () => {
    await workbench.command('IPC Workbench: Open App');
    await question('apps/hot');
    await choose('apps/hot');
    await question('Start dev server');
    await workbench.page.keyboard.press('Escape');
    await eventually(() => rows().count(), 0);
    assert.equal(await answersAt(port), false);
    assert.equal(await status().count(), 0);
  });

  test('a command that ends before the server answers says so', async () => {
    workspace.write('apps/hot/package.json', { scripts: { dev: 'exit 3' } });
    await workbench.command('IPC Workbench: Open App');
    await question('apps/hot');
    await choose('apps/hot');
    await question('Start dev server');
    await choose('Start dev server');
    await notification(workbench.page, `\`npm run dev\` ended with code 3 before http://localhost:${port} answered`);
    await clearNotifications(workbench.page);
  });

  test('the built files, and a server that comes later', async () => {
    await workbench.command('IPC Workbench: Open App');
    await question('apps/hot');
    await choose('apps/hot');
    await question('Open built files');
    await choose('Open built files');
    hot = await workbench.appFrame('hot');
    await eventually(() => message(hot), 'built');
    await eventually(shownStatus, ['Hot: built files']);
  });
});

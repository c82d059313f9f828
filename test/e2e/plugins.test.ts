// The newest npm package of every hosted plugin: each function that it exports is called in a panel, and does what it says
// or is refused in the documented words. `WRITE=1` writes the table of docs/compatibility.md.
import assert from 'node:assert/strict';
import { chmodSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { dirname, join } from 'node:path';
import { after, before, describe, test } from 'node:test';
import { fileURLToPath } from 'node:url';
import type { Frame, Page } from 'playwright-core';
import { WebSocketServer } from 'ws';
import { TemporaryFolders } from '../vscode/temporary.mjs';
import { clearNotifications, notification, until } from './controls.ts';
import { startWorkbench, type Workbench } from './harness.ts';
import type { Given, Outcome } from './plugins/pages/cases.ts';
import type { PluginTests } from './plugins/pages/main.ts';
import { bundlePage, pageReady } from './project.ts';

const root = fileURLToPath(new URL('../..', import.meta.url));
const CASE_WITHIN_MS = 20_000;

const folders = new TemporaryFolders();
after(() => folders.remove());

/** What a user has to do for a case, by the names of plugin and case. */
const USER: Readonly<Record<string, (workbench: Workbench, given: Given) => Promise<void>>> = {
  'dialog.message': (workbench) => pressInDialog(workbench, 'A message', 'Do it'),
  'dialog.ask': (workbench) => pressInDialog(workbench, 'A question?', 'Yes'),
  'dialog.confirm': (workbench) => pressInDialog(workbench, 'Sure?', 'Cancel'),
  'dialog.open': ({ page }) => picker(page).locator('.monaco-list-row', { hasText: 'picked.txt' }).click(),
  'dialog.save': async ({ page }) => {
    const input = picker(page).locator('input');
    await until(() => input.inputValue().then((value) => value.endsWith('saved.txt')), 'the name');
    await page.keyboard.press('Enter');
  },
  'notification.sendNotification': async ({ page }) => void (await notification(page, 'of a notification')),
  'shell.open': openSite,
  'opener.openUrl': openSite,
};

async function pressInDialog({ page }: Workbench, message: string, button: string): Promise<void> {
  const box = page.locator('.monaco-dialog-box', { hasText: message });
  await box.getByRole('button', { name: button }).click();
}

/** VS Code asks before it opens another site; the browser's new page goes nowhere here. */
async function openSite({ page }: Workbench): Promise<void> {
  const box = page.locator('.monaco-dialog-box', { hasText: 'example.com' });
  const [opened] = await Promise.all([page.waitForEvent('popup'), box.getByRole('button', { name: 'Open' }).click()]);
  await opened.close();
}

const picker = (page: Page) => page.locator('.quick-input-widget:visible');

describe('the npm packages of the official plugins', () => {
  const outcomes = new Map<string, Outcome>();
  const server = createServer((request, response) => void answer(request, response));
  let workbench: Workbench;
  let main: Frame;
  let given: Given;
  let list: ReturnType<PluginTests['list']>;

  before(async () => {
    const folder = join(folders.make('ipc-plugins-'), 'plugins');
    // In the workspace: VS Code shows no other folders of a machine that is not the user's.
    const files = join(folder, 'files');
    mkdirSync(files, { recursive: true });
    writeFileSync(join(files, 'picked.txt'), 'picked');
    await makeProject(folder, files);
    await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
    echo(new WebSocketServer({ server }));
    given = { server: `http://127.0.0.1:${(server.address() as AddressInfo).port}`, folder: files };
    const home = folders.make('ipc-home-');
    workbench = await startWorkbench({
      folder,
      env: { HOME: home, XDG_CONFIG_HOME: '', XDG_DATA_HOME: '', XDG_CACHE_HOME: '' },
    });
    await workbench.page.context().grantPermissions(['clipboard-read', 'clipboard-write']);
    await workbench.command('IPC Workbench: Open App');
    main = await pageReady(await workbench.appFrame('main'));
    list = await main.evaluate(() => pluginTests.list());
  });
  after(async () => {
    await workbench?.close();
    server.closeAllConnections();
    server.close();
    if (process.env['WRITE']) writeTable(list, outcomes);
  });

  test('every exported function has a case, and every case a function', () => {
    for (const [plugin, { exports, cases }] of Object.entries(list)) {
      assert.deepEqual([...cases].sort(), [...exports].sort(), plugin);
    }
  });

  for (const plugin of readPlugins()) {
    test(`${plugin}`, { timeout: 120_000 }, async () => {
      const wrong: string[] = [];
      for (const name of list[plugin]?.cases ?? []) {
        const outcome = await runCase(plugin, name);
        outcomes.set(`${plugin}.${name}`, outcome);
        if (outcome.kind === 'wrong') wrong.push(`${name}: ${outcome.text}`);
      }
      await clearNotifications(workbench.page);
      assert.equal(wrong.join('\n\n'), '');
    });
  }

  // Last: both take the page away.
  test('process', async () => {
    for (const name of ['relaunch', 'exit']) {
      const gone = main.evaluate(() => new Promise(() => undefined)).catch(() => 'gone');
      await main
        .evaluate(([name, given]) => pluginTests.run('process', name, given), [name, given] as const)
        .catch(() => undefined);
      assert.equal(await gone, 'gone');
      outcomes.set(`process.${name}`, { kind: 'works' });
      if (name === 'relaunch') main = await pageReady(await workbench.appFrame('main'));
    }
    await workbench.page.locator('.tab', { hasText: 'Plugins' }).waitFor({ state: 'detached' });
  });

  async function runCase(plugin: string, name: string): Promise<Outcome> {
    const user = USER[`${plugin}.${name}`]?.(workbench, given);
    const run = main.evaluate(([plugin, name, given]) => pluginTests.run(plugin, name, given), [
      plugin,
      name,
      given,
    ] as const);
    const late = new Promise<Outcome>((resolve) =>
      setTimeout(resolve, CASE_WITHIN_MS, { kind: 'wrong', text: `did not end within ${CASE_WITHIN_MS} ms` }).unref(),
    );
    const outcome = await Promise.race([run, late]);
    if (outcome.kind === 'wrong' && user) await workbench.screenshot(`plugins-${plugin}-${name}`);
    if (outcome.kind !== 'wrong') await user;
    else user?.catch(() => undefined); // what the user could not do is the consequence
    return outcome;
  }
});

/** The plugins that are hosted, by the packages that the tests install; `process` ends the page and comes last. */
function readPlugins(): string[] {
  const { devDependencies } = JSON.parse(readFileSync(join(root, 'package.json'), 'utf8')) as {
    devDependencies: Record<string, string>;
  };
  return Object.keys(devDependencies).flatMap((name) => {
    const plugin = /^@tauri-apps\/plugin-(.+)$/.exec(name)?.[1];
    return plugin === undefined || plugin === 'process' ? [] : [plugin];
  });
}

async function makeProject(folder: string, files: string): Promise<void> {
  const write = (path: string, text: string) => {
    mkdirSync(dirname(join(folder, path)), { recursive: true });
    writeFileSync(join(folder, path), text);
  };
  write(
    'src-tauri/tauri.conf.json',
    JSON.stringify({
      productName: 'Plugins',
      version: '1.2.3',
      identifier: 'dev.ipc-workbench.plugins',
      build: { frontendDist: '../dist' },
      app: { windows: [{ label: 'main', title: 'Plugins' }] },
      bundle: { externalBin: ['binaries/tool'] },
      plugins: { 'deep-link': { desktop: { schemes: ['cases'] } } },
    }),
  );
  const sidecar = `src-tauri/binaries/tool-${tripleOfThisMachine()}`;
  write(sidecar, '#!/bin/sh\necho sidecar "$@"\n');
  chmodSync(join(folder, sidecar), 0o755);
  const scopes = ['$APPDATA', '$APPDATA/**', files, `${files}/**`].map((path) => ({ path }));
  const node = { name: 'node', cmd: process.execPath, args: true };
  const sidecarEntry = { name: 'binaries/tool', sidecar: true, args: true };
  const everything = [
    ...['core', 'autostart', 'cli', 'clipboard-manager', 'deep-link', 'dialog', 'fs', 'global-shortcut', 'log'],
    ...['notification', 'opener', 'os', 'positioner', 'process', 'shell', 'sql', 'store', 'stronghold', 'updater'],
    ...['upload', 'websocket', 'window-state'],
  ].map((plugin) => `${plugin}:default`);
  const more = {
    'clipboard-manager': ['clear', 'read-image', 'read-text', 'write-html', 'write-image', 'write-text'],
    'deep-link': ['is-registered', 'register', 'unregister'],
    fs: [
      'size',
      'read-all',
      'write-all',
      'start-accessing-security-scoped-resource',
      'stop-accessing-security-scoped-resource',
    ],
    'global-shortcut': ['is-registered', 'register', 'unregister', 'unregister-all'],
    os: ['hostname'],
    shell: ['kill', 'open', 'stdin-write'],
    sql: ['execute'],
    stronghold: ['destroy', 'remove-secret', 'remove-store-record'],
    updater: ['download', 'install', 'download-and-install'],
  };
  write(
    'src-tauri/capabilities/main.json',
    JSON.stringify({
      identifier: 'main',
      windows: ['main'],
      permissions: [
        ...everything,
        ...Object.entries(more).flatMap(([plugin, names]) =>
          names.map((name) =>
            name.endsWith('-all') && plugin === 'fs' ? `${plugin}:${name}` : `${plugin}:allow-${name}`,
          ),
        ),
        { identifier: 'fs:scope', allow: scopes },
        { identifier: 'http:default', allow: [{ url: 'http://127.0.0.1:*/*' }] },
        { identifier: 'shell:allow-execute', allow: [node, sidecarEntry] },
        { identifier: 'shell:allow-spawn', allow: [node, sidecarEntry] },
        { identifier: 'opener:allow-open-path', allow: scopes },
      ],
    }),
  );
  await bundlePage([join(root, 'test/e2e/plugins/pages/main.ts')], join(folder, 'dist'));
  write(
    'dist/index.html',
    '<!doctype html><meta charset="utf-8"><title>Plugins</title><h1>Plugins</h1><script type="module" src="/main.js"></script>',
  );
}

function tripleOfThisMachine(): string {
  const arch = process.arch === 'arm64' ? 'aarch64' : 'x86_64';
  const systems: Partial<Record<NodeJS.Platform, string>> = { darwin: 'apple-darwin', win32: 'pc-windows-msvc' };
  return `${arch}-${systems[process.platform] ?? 'unknown-linux-gnu'}`;
}

async function answer(request: IncomingMessage, response: ServerResponse): Promise<void> {
  if (request.url === '/parts') {
    for (const part of ['one ', 'two ', 'three']) response.write(part);
    response.end();
    return;
  }
  let body = '';
  for await (const chunk of request) body += chunk;
  response.setHeader('x-served', 'yes');
  response.end(JSON.stringify({ method: request.method, case: request.headers['x-case'] ?? '', body }));
}

function echo(sockets: WebSocketServer): void {
  sockets.on('connection', (socket) => {
    socket.on('message', (data, binary) => socket.send(data, { binary }));
  });
}

const BEGIN = '<!-- plugins: written by test/e2e/plugins.test.ts -->';
const END = '<!-- plugins: end -->';

/** One row a plugin: what works, and what is refused with which words. */
function writeTable(list: ReturnType<PluginTests['list']>, outcomes: ReadonlyMap<string, Outcome>): void {
  const rows = Object.entries(list).map(([plugin, { cases }]) => {
    const { version } = JSON.parse(
      readFileSync(join(root, `node_modules/@tauri-apps/plugin-${plugin}/package.json`), 'utf8'),
    ) as { version: string };
    const of = (kind: Outcome['kind']) => cases.filter((name) => outcomes.get(`${plugin}.${name}`)?.kind === kind);
    const names = (all: readonly string[]) => all.map((name) => `\`${name.replace(/^default\W/, '')}\``).join(' ');
    return `| ${plugin} ${version} | ${names(of('works'))} | ${names(of('refused'))} |`;
  });
  const file = join(root, 'docs/compatibility.md');
  const text = readFileSync(file, 'utf8');
  const [begin, end] = [text.indexOf(BEGIN) + BEGIN.length, text.indexOf(END)];
  const table = ['| package | works | refused, and says why |', '|---|---|---|', ...rows].join('\n');
  writeFileSync(file, `${text.slice(0, begin)}\n\n${table}\n\n${text.slice(end)}`);
}

// What the host tests share: the extension's api, panels with pages of the tests, and the page of the workbench.
import assert from 'node:assert/strict';
import { randomBytes } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout as pause } from 'node:timers/promises';
import { type Browser, chromium, type Frame, type Page } from 'playwright-core';
import * as vscode from 'vscode';
import type { HostedApp, IpcWorkbenchApi } from '../../extension/api.ts';
import { appFrame } from '../vscode/page.mjs';

const EXTENSION = 'ipc-workbench.ipc-workbench';
const DRIVER = 'ipc-workbench-tests.host-tests-driver';
const WITHIN_MS = 20_000;
const POLL_MS = 20;

export function extension(): vscode.Extension<IpcWorkbenchApi> {
  const found = vscode.extensions.getExtension<IpcWorkbenchApi>(EXTENSION);
  assert.ok(found, `${EXTENSION} is not installed`);
  return found;
}

export const api = async (): Promise<IpcWorkbenchApi> => await extension().activate();

export function workspaceFolder(): vscode.Uri {
  const folder = vscode.workspace.workspaceFolders?.[0];
  assert.ok(folder);
  return folder.uri;
}

/** Waits until `read` gives the value, and says what it gave last where it never does. */
export async function eventually<T>(read: () => T | Promise<T>, expected: T, timeout = WITHIN_MS): Promise<void> {
  const end = Date.now() + timeout;
  for (;;) {
    const value = await read();
    try {
      assert.deepEqual(value, expected);
      return;
    } catch (error) {
      if (Date.now() > end) throw error;
    }
    await pause(POLL_MS);
  }
}

/** Waits until `read` gives something. */
export async function until<T>(
  read: () => T | Promise<T>,
  what: string,
  timeout = WITHIN_MS,
): Promise<Exclude<T, false | null | undefined>> {
  const end = Date.now() + timeout;
  for (;;) {
    const value = await read();
    if (value) return value as Exclude<T, false | null | undefined>;
    if (Date.now() > end) throw new Error(`${what} did not happen within ${timeout} ms`);
    await pause(POLL_MS);
  }
}

/** A panel of the test's own; nothing is in it yet. */
export function openPanel(title: string): vscode.WebviewPanel {
  const driver = vscode.extensions.getExtension<Pick<typeof vscode.window, 'createWebviewPanel'>>(DRIVER);
  assert.ok(driver?.isActive, `${DRIVER} is not active`);
  return driver.exports.createWebviewPanel('hostTest', title, vscode.ViewColumn.One, {
    enableScripts: true,
    retainContextWhenHidden: true,
  });
}

/** Shows a page of pages/ in a panel; `before` gives the script elements that come first. */
export function showPage(panel: vscode.WebviewPanel, page: string, before: (nonce: string) => string = () => ''): void {
  const nonce = randomBytes(16).toString('base64');
  const script = readFileSync(join(__dirname, 'pages', `${page}.js`), 'utf8').replaceAll('</script', '<\\/script');
  panel.webview.html = `<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta http-equiv="Content-Security-Policy" content="default-src 'none'; script-src 'nonce-${nonce}'">
${before(nonce)}
</head>
<body><script nonce="${nonce}">${script}</script></body>
</html>`;
}

/** An app of the test's, whose windows show pages/hosted.ts. */
export class TestApp {
  readonly hosted: HostedApp;
  readonly #reports: Map<number, (value: unknown) => void>;
  #next = 1;
  /** labels of the windows whose pages are ready */
  readonly ready: Set<string>;

  static async host(name: string): Promise<TestApp> {
    const { hostApp, command, channel, IpcError } = await api();
    await vscode.extensions.getExtension(DRIVER)?.activate();
    const reports = new Map<number, (value: unknown) => void>();
    const ready = new Set<string>();
    const anything = {
      '~standard': { version: 1, vendor: 'test', validate: (value: unknown) => ({ value }) },
    } as const;
    const text = {
      '~standard': {
        version: 1,
        vendor: 'test',
        validate: (value: unknown) =>
          typeof value === 'string' ? { value } : { issues: [{ message: 'expected a text' }] },
      },
    } as const;
    const hosted = await hostApp({
      name,
      commands: [
        command('greet', { args: { name: text } }, ({ name }) => `Hello, ${String(name)}!`),
        command('refuse', {}, () => {
          throw IpcError.permissionDenied('not for pages');
        }),
        command('echo', { args: { value: anything } }, ({ value }) => value ?? null),
        command('reverse', {}, (_, { request }) => {
          if (request.body.kind !== 'raw') throw IpcError.invalidRequest('send bytes');
          return Uint8Array.from(request.body.bytes).reverse().buffer;
        }),
        command('count', { args: { to: anything, channel: channel<number>() } }, async ({ to, channel }) => {
          for (let number = 0; number < Number(to); number++) await channel.send(number);
          channel.close();
        }),
        command('ready', {}, (_, { window }) => void ready.add(window.label)),
        command('report', { args: { id: anything, value: anything } }, ({ id, value }) => {
          reports.get(Number(id))?.(value);
        }),
      ],
    });
    return new TestApp(hosted, reports, ready);
  }

  private constructor(hosted: HostedApp, reports: Map<number, (value: unknown) => void>, ready: Set<string>) {
    this.hosted = hosted;
    this.#reports = reports;
    this.ready = ready;
  }

  open(label: string): vscode.WebviewPanel {
    const panel = openPanel(label);
    this.hosted.addWindow(panel, { label });
    showPage(panel, 'hosted', (nonce) => this.hosted.bridgeScript(label, nonce));
    return panel;
  }

  async whenReady(label: string): Promise<void> {
    await until(() => this.ready.has(label), `the page of "${label}" getting ready`);
  }

  /** What a page reports by itself under that number. */
  async reported(id: number): Promise<{ readonly value: unknown }> {
    const { promise, resolve } = Promise.withResolvers<unknown>();
    this.#reports.set(id, resolve);
    return { value: await promise };
  }

  /** Has the page of a window run a scenario. */
  async run(label: string, name: string, argument?: unknown): Promise<unknown> {
    const id = this.#next++;
    const { promise, resolve } = Promise.withResolvers<unknown>();
    this.#reports.set(id, resolve);
    this.hosted.app.emitTo(label, 'run', { id, name, argument });
    const value = await promise;
    this.#reports.delete(id);
    return value;
  }
}

let browser: Browser | undefined;

/** The page of the workbench, driven from inside; undefined in a desktop VS Code, which has no such port here. */
async function workbenchPage(): Promise<Page | undefined> {
  const address = process.env.E2E_CDP;
  if (!address) return undefined;
  const connected = (browser ??= await chromium.connectOverCDP(address));
  const pages = () => connected.contexts().flatMap((context) => context.pages());
  return await until(() => pages().find((page) => page.url().startsWith('http')), 'finding the workbench’s page');
}

/** The page of an app's window; a test that needs one is skipped where there is no way to it. */
export async function frameOf(context: Mocha.Context, label: string): Promise<Frame> {
  const page = await workbenchPage();
  if (!page) return context.skip();
  return await appFrame(page, label);
}

export async function closeEverything(): Promise<void> {
  await vscode.commands.executeCommand('workbench.action.closeAllEditors');
  await eventually(() => vscode.window.tabGroups.all.flatMap((group) => group.tabs).length, 0);
}

// Whatever was opened and closed is gone: windows, connections, panels, processes, ports, watchers.
import assert from 'node:assert/strict';
import { execFileSync } from 'node:child_process';
import { request } from 'node:http';
import { queryObjects, setFlagsFromString } from 'node:v8';
import { runInNewContext } from 'node:vm';
import * as vscode from 'vscode';
import type { MessageRecord } from '../../core/record.ts';
import { api, closeEverything, eventually, frameOf, TestApp, until, workspaceFolder } from './workbench.ts';

type Window = ReturnType<TestApp['hosted']['app']['windows']>[number] & { readonly connection: object };

const PER_ROUND = 20;

describe('what was opened and closed', () => {
  afterEach(closeEverything);

  it('200 windows leave no window, connection or panel behind', async function () {
    this.timeout(120_000);
    const { inspector } = await api();
    const app = await TestApp.host('many');
    inspector.clear();
    const windows: WeakRef<object>[] = [];
    const panels: WeakRef<object>[] = [];
    for (let round = 0; round < 10; round++) await openAndClose(app, round, windows, panels);
    await eventually(() => inspector.query('window closed').filter(({ kind }) => kind === 'window').length, 200);
    assert.deepEqual([windows.length, panels.length], [400, 200]);
    await eventually(() => living(windows), 0);
    // VS Code itself holds on to those that were closed last.
    await until(() => living(panels) <= PER_ROUND, 'letting the panels go');
    app.hosted.dispose();
  });

  it('windows of an app, and the app itself, leave no process, port, watcher or panel behind', async function () {
    this.timeout(120_000);
    const probe = await TestApp.host('probe');
    const panel = probe.open('probe');
    await probe.whenReady('probe');
    const before = resources();
    const windows = countWindows(probe);
    assert.equal(windows(), 1);
    panel.dispose();

    await openProject();
    const main = await frameOf(this, 'main');
    await main.waitForFunction(() => document.documentElement.dataset['ready'] === 'true');
    const opened = await main.evaluate(async () => {
      const { WebviewWindow } = tauri.webviewWindow;
      const windows = Array.from({ length: 8 }, (_, index) => new WebviewWindow(`extra-${index}`, { url: '/extra' }));
      await Promise.all(
        windows.map((window) => new Promise((resolve) => void window.once('tauri://created', resolve))),
      );
      const count = (await tauri.window.getAllWindows()).length;
      await Promise.all(windows.map((window) => window.close()));
      return count;
    });
    assert.equal(opened, 9);
    await closeProject();
    for (let round = 0; round < 3; round++) {
      await openProject();
      await (round % 2 === 0 ? closeEverything() : closeProject());
    }
    await eventually(resources, before);
    await eventually(windows, 0);
    probe.hosted.dispose();
  });

  it('the demo that is closed ends its process and its port', async () => {
    const { inspector } = await api();
    inspector.clear();
    await vscode.commands.executeCommand('ipcWorkbench.openDemo');
    const call = await until(
      () => inspector.query('server_info').find(({ status, window }) => status === 'ok' && window === 'main'),
      'asking for the process',
    );
    const { pid } = outcomeOf(call) as { pid: number };
    const ready = await until(() => inspector.query('ready').find(({ kind }) => kind === 'window'), 'the page');
    const url = /http:\/\/127\.0\.0\.1:\d+\//.exec(`${ready.note} ${JSON.stringify(ready.body)}`)?.[0];
    assert.ok(url, JSON.stringify(ready));
    assert.deepEqual([isRunning(pid), await answers(url)], [true, true]);
    await vscode.commands.executeCommand('ipcWorkbench.closeApp');
    await eventually(async () => [isRunning(pid), await answers(url)], [false, false]);
    await eventually(() => vscode.window.tabGroups.all.flatMap(({ tabs }) => tabs).length, 0);
  });
});

/** A function of its own, so that nothing of a round lives on in the test's own variables. */
async function openAndClose(
  app: TestApp,
  round: number,
  windows: WeakRef<object>[],
  panels: WeakRef<object>[],
): Promise<void> {
  const labels = Array.from({ length: PER_ROUND }, (_, index) => `window-${round}-${index}`);
  const opened = labels.map((label) => app.open(label));
  for (const window of app.hosted.app.windows() as Window[]) {
    windows.push(new WeakRef(window), new WeakRef(window.connection));
  }
  panels.push(...opened.map((panel) => new WeakRef<object>(panel)));
  await app.whenReady(labels.at(-1) ?? ''); // the one on top; VS Code loads no other
  for (const panel of opened) panel.dispose();
  await eventually(() => app.hosted.app.windows().length, 0);
}

setFlagsFromString('--expose-gc');
const collectGarbage = runInNewContext('gc') as () => void;

/** How many of them are still there. */
function living(objects: readonly WeakRef<object>[]): number {
  collectGarbage();
  return objects.filter((object) => object.deref() !== undefined).length;
}

/** Counts all windows of all apps, wherever they are held. Slow: it looks at the whole heap. */
function countWindows(app: TestApp): () => number {
  const ofClass = app.hosted.app.windows()[0]?.constructor;
  return () => queryObjects(ofClass as never, { format: 'count' }) as unknown as number;
}

/** Backend processes of this extension host. Other extensions have processes, too: VS Code's JSON server is one. */
function backends(): number {
  const list = execFileSync('ps', ['-eo', 'ppid=,args='], { encoding: 'utf8' }).split('\n');
  return list.filter((line) => line.trim().startsWith(`${process.pid} `) && line.includes('backend.mjs')).length;
}

/** What is ours to end: servers and watchers in this process, and processes. */
function resources(): Record<string, number> {
  const active = process.getActiveResourcesInfo();
  const count = (kind: string) => active.filter((each) => each === kind).length;
  return { servers: count('TCPServerWrap'), watchers: count('FSEventWrap'), backends: backends() };
}

async function openProject(): Promise<void> {
  const { inspector } = await api();
  inspector.clear();
  await vscode.commands.executeCommand('ipcWorkbench.openApp', workspaceFolder());
  await until(() => inspector.query('ready').some(({ kind, app }) => kind === 'window' && app === 'Basic'), 'the page');
}

async function closeProject(): Promise<void> {
  await vscode.commands.executeCommand('ipcWorkbench.closeApp');
}

function outcomeOf({ outcome }: MessageRecord): unknown {
  return outcome?.kind === 'text' ? JSON.parse(outcome.json) : outcome?.kind === 'json' ? outcome.value : undefined;
}

function isRunning(pid: number): boolean {
  try {
    return process.kill(pid, 0);
  } catch {
    return false; // ESRCH: there is no such process
  }
}

function answers(url: string): Promise<boolean> {
  return new Promise((resolve) => {
    const asked = request(url, (response) => {
      response.resume();
      resolve(true);
    });
    asked.once('error', () => resolve(false));
    asked.end();
  });
}

// Whatever was opened and closed is gone: windows, connections, panels, processes, ports, watchers.
import assert from 'node:assert/strict';
import { execFileSync } from 'node:child_process';
import { request } from 'node:http';
import { queryObjects } from 'node:v8';
import * as vscode from 'vscode';
import type { MessageRecord } from '../../core/record.ts';
import { api, closeEverything, eventually, frameOf, TestApp, until, workspaceFolder } from './workbench.ts';

type Class = abstract new (...args: never) => unknown;

describe('what was opened and closed', () => {
  afterEach(closeEverything);

  it('200 windows leave no window, connection or panel behind', async function () {
    this.timeout(120_000);
    const app = await TestApp.host('many');
    const first = app.open('first');
    await app.whenReady('first');
    const alive = livingObjects(app, first);
    first.dispose();
    await eventually(() => app.hosted.app.windows().length, 0);
    await eventually(() => alive()['windows'], 0); // the collector may need a second look
    const before = alive();

    const { inspector } = await api();
    inspector.clear();
    for (let round = 0; round < 20; round++) {
      await openAndClose(app, round);
    }
    await eventually(() => inspector.query('window closed').filter(({ kind }) => kind === 'window').length, 200);
    await eventually(alive, before);
    app.hosted.dispose();
  });

  it('windows of an app, and the app itself, leave no process, port, watcher or panel behind', async function () {
    this.timeout(120_000);
    const probe = await TestApp.host('probe');
    const panel = probe.open('probe');
    await probe.whenReady('probe');
    const alive = livingObjects(probe, panel);
    const state = () => ({ ...alive(), resources: resources(), backends: backends() });
    // Once, so that what is made once for all is there.
    await openProject();
    await closeProject();
    await eventually(backends, 0);
    const before = await settled(state);

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
    await eventually(state, before);
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
    assert.deepEqual(
      vscode.window.tabGroups.all.flatMap(({ tabs }) => tabs),
      [],
    );
  });
});

/** A function of its own, so that nothing of a round lives on in the test's own variables. */
async function openAndClose(app: TestApp, round: number): Promise<void> {
  const labels = Array.from({ length: 10 }, (_, index) => `window-${round}-${index}`);
  const panels = labels.map((label) => app.open(label));
  await app.whenReady(labels.at(-1) ?? ''); // the one on top; VS Code loads no other
  assert.equal(app.hosted.app.windows().length, 10);
  for (const panel of panels) panel.dispose();
  await eventually(() => app.hosted.app.windows().length, 0);
}

/** Counts, after collecting garbage, what a window of ours is made of. */
function livingObjects(app: TestApp, panel: vscode.WebviewPanel): () => Record<string, number> {
  const [window] = app.hosted.app.windows();
  const { connection } = window as unknown as { readonly connection: object };
  const classes: Record<string, Class> = {
    windows: window?.constructor as Class,
    connections: connection.constructor as Class,
    panels: panel.constructor as Class,
    webviews: panel.webview.constructor as Class,
  };
  const count = (each: Class) => queryObjects(each as never, { format: 'count' }) as unknown as number;
  return () => Object.fromEntries(Object.entries(classes).map(([name, each]) => [name, count(each)]));
}

/** Backend processes of this extension host. Other extensions have processes, too: VS Code's JSON server is one. */
function backends(): number {
  const list = execFileSync('ps', ['-eo', 'ppid=,args='], { encoding: 'utf8' }).split('\n');
  return list.filter((line) => line.trim().startsWith(`${process.pid} `) && line.includes('backend.mjs')).length;
}

/** What keeps the extension host's loop busy and is ours to end: servers, watchers. */
function resources(): Record<string, number> {
  const kinds = ['TCPServerWrap', 'FSEventWrap'];
  const active = process.getActiveResourcesInfo();
  return Object.fromEntries(kinds.map((kind) => [kind, active.filter((each) => each === kind).length]));
}

/** A state that two looks in a row find the same. */
async function settled<T>(read: () => T): Promise<T> {
  let last = read();
  await until(() => {
    const now = read();
    const same = JSON.stringify(now) === JSON.stringify(last);
    last = now;
    return same;
  }, 'settling');
  return last;
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

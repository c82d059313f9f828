/** What windows leave behind in VS Code, and what other extensions' webviews may fill the memory with. */
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, onTestFinished, test, vi } from 'vitest';
import type * as vscode from 'vscode';
import { Tap } from '#core/tap.ts';
import { attachWebview } from '../../../extension/attach.ts';
import { thisSystem } from '../../../extension/plugins/directories.ts';
import { createFsAccess } from '../../../extension/plugins/fs-access.ts';
import { createCore, openFake, turn } from '../core/fakes.ts';

const running = new Set<Promise<void>>();
/** What users were told. */
const said: string[] = [];
let openLink: (uri: object) => Promise<void>;
let restorePanel: (panel: object, state: object) => Promise<void>;
vi.mock('vscode', () => ({
  ProgressLocation: { Window: 10 },
  Uri: { joinPath: () => ({ fsPath: '/nowhere' }), file: (fsPath: string) => ({ scheme: 'file', fsPath }) },
  workspace: {
    isTrusted: false,
    workspaceFolders: undefined,
    onDidGrantWorkspaceTrust: () => ({ dispose: () => undefined }),
  },
  commands: { executeCommand: async () => undefined },
  env: { language: 'en' },
  window: {
    registerUriHandler: ({ handleUri }: { handleUri: never }) => {
      openLink = handleUri;
      return { dispose: () => undefined };
    },
    registerWebviewPanelSerializer: (
      _type: string,
      { deserializeWebviewPanel }: { deserializeWebviewPanel: never },
    ) => {
      restorePanel = deserializeWebviewPanel;
      return { dispose: () => undefined };
    },
    showWarningMessage: async (text: string) => void said.push(text),
    showErrorMessage: async (text: string) => void said.push(text),
    withProgress: async (_options: object, task: (progress: object) => Promise<void>) => {
      const done = task({ report: () => undefined });
      running.add(done);
      await done;
      running.delete(done);
    },
  },
}));

async function pluginHost() {
  const { createPluginHost } = await import('../../../extension/plugin-host/plugin-host.ts');
  const core = createCore();
  const host = createPluginHost({
    core,
    version: '1.0.0',
    identifier: 'dev.test',
    folder: '/',
    resourceFolder: undefined,
    fsAccess: createFsAccess({ identifier: 'dev.test', resourceDirectory: undefined, system: thisSystem() }, '/'),
    log: { write: () => undefined },
    deepLinks: { connect: () => ({ dispose: () => undefined }) },
    externalBin: [],
    configFolder: '/',
    dist: '/',
    readIcon: () => Promise.resolve(undefined),
    panel: () => undefined,
    exit: () => undefined,
    restart: async () => undefined,
    memento: { keys: () => [], get: () => undefined, update: async () => undefined } as vscode.Memento,
    id: 'test',
  });
  return { core, host };
}

test('the progress of a window ends with the window', async () => {
  const { core, host } = await pluginHost();
  const [first] = [openFake(core, 'first'), openFake(core, 'second')];
  await host.setProgress('first', { status: 'normal', progress: 10 });
  await host.setProgress('second', { status: 'normal', progress: 10 });
  first.window.gone();
  await turn();
  expect(running.size).toBe(1);
  core.dispose();
  await turn();
  expect(running.size).toBe(0);
});

test('the title of a window becomes no link in what the user is told', async () => {
  const { core, host } = await pluginHost();
  openFake(core, 'main').window.setTitle(`[Click](command:workbench.action.quit)${'x'.repeat(1000)}`);
  await host.requestAttention('main', 'critical');
  await turn();
  expect(said.splice(0)[0]).toMatch(
    /^"\[Click\]\u200b\(command:workbench\.action\.quit\)x{0,200}…" asks for your attention\.$/,
  );
  core.dispose();
});

function attached() {
  const tap = new Tap({ messages: 1000, bodyBytes: 1 << 20 });
  let hear = (_message: unknown): void => undefined;
  const webview = {
    onDidReceiveMessage: (listener: (message: unknown) => void) => {
      hear = listener;
      return { dispose() {} };
    },
    postMessage: async () => true,
  } as unknown as vscode.Webview;
  attachWebview(tap, webview, { label: 'other' });
  return { tap, hear: (message: unknown) => hear(message) };
}

const long = 'x'.repeat(1 << 20);
test.each([
  ['text', long],
  ['nested text', { a: [{ b: long }] }],
  ['names', { [long]: 1 }],
  ['numbers', Array(300_000).fill(1)],
  ['objects', Array.from({ length: 60_000 }, () => ({}))],
  ['bytes', new Uint8Array(1 << 20)],
  ['nested bytes', [new Uint8Array(1 << 20)]],
])('a large message of an attached webview counts as that: %s', (_name, message) => {
  const { tap, hear } = attached();
  hear(message);
  expect(tap.find(1)?.body.kind).toBe('dropped');
});

test('whatever an attached webview says is recorded', () => {
  const { tap, hear } = attached();
  const circle: unknown[] = [];
  circle.push(circle);
  let deep: unknown = 1;
  for (let n = 0; n < 10_000; n++) deep = [deep];
  const messages = [circle, deep, null, undefined, 1n, new Map([[1, new Map()]]), new Date()];
  for (const message of messages) hear(message);
  expect([...tap.records()].map(({ body }) => body.kind)).toEqual(messages.map(() => 'json'));
});

test('K155 of a workspace that is not trusted nothing is read, whatever asks for it', async () => {
  const folder = mkdtempSync(join(tmpdir(), 'ipc-trust-'));
  onTestFinished(() => rmSync(folder, { recursive: true, force: true }));
  // Read, each of these would be an error that says its file.
  writeFileSync(join(folder, 'tauri.conf.json'), 'not JSON');
  mkdirSync(join(folder, 'capabilities'));
  writeFileSync(join(folder, 'capabilities/a.json'), 'not JSON either');
  mkdirSync(join(folder, 'src-ipc'));
  writeFileSync(join(folder, 'src-ipc/main.ts'), 'throw new Error("ran")');
  const { Apps } = await import('../../../extension/app/apps.ts');
  const log = { warn: (text: string) => said.push(text), error: (text: string) => said.push(text), info() {} };
  const apps = new Apps({ tap: new Tap(), log: log as never, context: {} as never, rust: {} as never });
  await apps.openApp({ fsPath: folder } as never);
  const notice =
    'This workspace is not trusted, so nothing of it is loaded or run: no page, no handler, no capability. Its app opens once you trust it.';
  expect(said.splice(0)).toEqual([notice]);
  await openLink({ path: '/dev.test/open', query: '', fragment: '' });
  expect(said.splice(0)).toEqual([notice]);
  await openLink({ path: '/', query: '', fragment: '' });
  expect(said.splice(0)).toEqual(['The link was not opened: it names no app.']);
  for (const label of ['main', 'second']) {
    const panel = { webview: { html: '' }, onDidDispose: () => ({ dispose: () => undefined }) };
    await restorePanel(panel, { app: folder, label, url: 'index.html' });
    expect(panel.webview.html).toContain('This workspace is not trusted');
  }
  // Once for all windows that come back
  expect(said).toEqual([notice]);
  expect(apps.running).toEqual([]);
  apps.dispose();
});

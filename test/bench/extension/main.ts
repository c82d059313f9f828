/** The extension that holds all contestants: one panel each, side by side, none hidden. */
import { randomBytes } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import * as vscode from 'vscode';
import * as z from 'zod';
import { channel } from '#core/channel.ts';
import { command } from '#core/command.ts';
import { Core } from '#core/core.ts';
import type { IpcWorkbenchApi } from '../../../extension/api.ts';
import { bridgeScript } from '../../../extension/bridge-script.ts';
import { Door } from '../../../extension/door.ts';
import { createKey } from '../../../extension/key.ts';
import { WebviewTransport } from '../../../extension/webview-transport.ts';
import { createCommands } from '../commands.ts';
import { serveAsyncCall } from '../peers/async-call-rpc.host.ts';
import { serveBirpc } from '../peers/birpc.host.ts';
import { serveCapnweb } from '../peers/capnweb.host.ts';
import { serveComlink } from '../peers/comlink.host.ts';
import { serveRaw } from '../peers/raw.host.ts';
import { serveTrpc } from '../peers/trpc.host.ts';
import { serveJsonrpc } from '../peers/vscode-jsonrpc.host.ts';
import { serveMessenger } from '../peers/vscode-messenger.host.ts';

/** Serves a panel; gives what its page needs before its own script. */
type Serve = (panel: vscode.WebviewPanel, nonce: string) => string | undefined | void | Promise<string>;

export async function activate(context: vscode.ExtensionContext): Promise<void> {
  const contestants: Readonly<Record<string, Serve>> = {
    raw: ({ webview }) => serveRaw(webview),
    birpc: ({ webview }) => serveBirpc(webview),
    comlink: ({ webview }) => serveComlink(webview),
    'async-call-rpc': ({ webview }) => serveAsyncCall(webview),
    capnweb: ({ webview }) => serveCapnweb(webview),
    trpc: ({ webview }) => serveTrpc(webview),
    'vscode-jsonrpc': ({ webview }) => serveJsonrpc(webview),
    'vscode-messenger': (panel) => serveMessenger(panel),
    'host-app': serveHostApp,
    tap: serveTap,
  };
  const names = Object.keys(contestants);
  // One group more, for the project's window.
  await vscode.commands.executeCommand('vscode.setEditorLayout', grid(names.length + 1));
  for (const [index, name] of names.entries()) await open(context, name, index + 1, contestants[name] as Serve);

  await vscode.commands.executeCommand('workbench.action.focusLastEditorGroup');
  await vscode.commands.executeCommand('ipcWorkbench.openApp', vscode.Uri.file(join(context.extensionPath, '../app')));
}

/** A layout of at least `count` groups in rows of four. */
function grid(count: number): object {
  const row = (groups: number) => ({ groups: Array.from({ length: groups }, () => ({})) });
  const rows = Math.ceil(count / 4);
  return {
    orientation: 1,
    groups: Array.from({ length: rows }, (_, index) => row(index < rows - 1 ? 4 : count - 4 * (rows - 1))),
  };
}

async function open(context: vscode.ExtensionContext, name: string, column: number, serve: Serve): Promise<void> {
  const panel = vscode.window.createWebviewPanel(
    `bench.${name}`,
    name,
    { viewColumn: column, preserveFocus: true },
    { enableScripts: true, retainContextWhenHidden: true, localResourceRoots: [] },
  );
  const nonce = randomBytes(16).toString('hex');
  const before = (await serve(panel, nonce)) ?? '';
  // Inside the page: of eleven pages that load at once on a slow machine, VS Code answers some with 408.
  const script = readFileSync(join(context.extensionPath, 'pages', `${name}.js`), 'utf8').replaceAll(
    '</script',
    '<\\/script',
  );
  panel.webview.html = `<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta http-equiv="Content-Security-Policy" content="default-src 'none'; script-src 'nonce-${nonce}'">
${before}
</head>
<body><h1>${name}</h1><script nonce="${nonce}">${script}</script></body>
</html>`;
}

async function serveHostApp(panel: vscode.WebviewPanel, nonce: string): Promise<string> {
  const extension = vscode.extensions.getExtension<IpcWorkbenchApi>('ipc-workbench.ipc-workbench');
  if (!extension) throw new Error('IPC Workbench is not installed');
  const api = await extension.activate();
  const { commands, setup } = createCommands(api);
  const hosted = await api.hostApp({ name: 'Benchmark of hostApp', commands });
  setup(hosted.app);
  hosted.addWindow(panel, { label: 'main' });
  return hosted.bridgeScript('main', nonce);
}

/** The library itself, with a tap that the page turns on and off. */
function serveTap(panel: vscode.WebviewPanel, nonce: string): string {
  const core = new Core({ name: 'Benchmark of the tap' });
  const { commands, setup } = createCommands({ command, channel });
  for (const each of commands) core.addCommand(each);
  setup(core.handle);
  core.addCommand(
    command('record', { args: { on: z.boolean() } }, ({ on }) => {
      core.tap.paused = !on;
    }),
  );
  const window = core.createWindow(
    { label: 'main', title: 'tap' },
    { setTitle: () => undefined, setTheme: () => undefined, reveal: () => undefined, dispose: () => panel.dispose() },
  );
  const key = createKey();
  const door = new Door({ tap: core.tap, app: core.name, window: 'main', generation: () => 0 });
  const transport = new WebviewTransport({ webview: panel.webview, key, door });
  transport.serve(core.connect(window, transport));
  const { extensionPath } = vscode.extensions.getExtension('ipc-workbench.ipc-workbench') as vscode.Extension<unknown>;
  const bridge = readFileSync(join(extensionPath, 'dist/bridge.js'), 'utf8');
  return bridgeScript(bridge, { label: 'main', key }, nonce, core.initScripts);
}

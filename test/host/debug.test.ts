import assert from 'node:assert/strict';
import * as vscode from 'vscode';
import { closeEverything, eventually, frameOf, until, workspaceFolder } from './workbench.ts';

type Stopped = { readonly session: vscode.DebugSession; readonly reason: string; readonly threadId: number };

describe('Debug Backend', () => {
  afterEach(closeEverything);

  it('stops at a breakpoint in a handler, shows where, and the call answers when it goes on', async function () {
    this.timeout(90_000);
    const file = vscode.Uri.joinPath(workspaceFolder(), 'src-ipc/main.ts');
    const source = (await vscode.workspace.fs.readFile(file)).toString();
    const line = source.split('\n').findIndex((text) => text.includes('return greeting'));
    const breakpoint = new vscode.SourceBreakpoint(new vscode.Location(file, new vscode.Position(line, 0)));
    vscode.debug.addBreakpoints([breakpoint]);
    let stopped: Stopped | undefined;
    const tracker = vscode.debug.registerDebugAdapterTrackerFactory('*', {
      createDebugAdapterTracker: (session) => ({
        onDidSendMessage: (message: { event?: string; body?: { reason: string; threadId: number } }) => {
          if (message.event === 'stopped' && message.body) stopped = { session, ...message.body };
        },
      }),
    });
    const sessions: string[] = [];
    const running = new Set<string>();
    const started = vscode.debug.onDidStartDebugSession(({ id, name, parentSession }) => {
      running.add(id);
      if (!parentSession) sessions.push(name);
    });
    const ended = vscode.debug.onDidTerminateDebugSession(({ id }) => running.delete(id));
    try {
      await vscode.commands.executeCommand('ipcWorkbench.openApp', workspaceFolder());
      const main = await frameOf(this, 'main');
      await main.waitForFunction(() => document.documentElement.dataset['ready'] === 'true');
      await vscode.commands.executeCommand('ipcWorkbench.debugBackend');

      const greeting = main.evaluate(() => tauri.core.invoke('greet', { name: 'debugger' }));
      const { session, reason, threadId } = await until(() => stopped, 'stopping at the breakpoint', 40_000);
      assert.equal(reason, 'breakpoint');
      const { stackFrames } = (await session.customRequest('stackTrace', { threadId, levels: 1 })) as {
        stackFrames: { id: number; line: number; source: { path: string } }[];
      };
      assert.deepEqual([stackFrames[0]?.source.path, stackFrames[0]?.line], [file.fsPath, line + 1]);
      const { result } = (await session.customRequest('evaluate', {
        expression: 'name',
        frameId: stackFrames[0]?.id,
      })) as { result: string };
      assert.equal(result, "'debugger'");
      await session.customRequest('continue', { threadId });
      assert.equal(await greeting, 'Hello, debugger!');

      // The session ends for good, and the backend goes on without it.
      await vscode.debug.stopDebugging();
      vscode.debug.removeBreakpoints([breakpoint]);
      await until(() => running.size === 0, 'ending the session', 40_000);
      await eventually(() => main.evaluate(() => tauri.core.invoke('greet', { name: 'again' })), 'Hello, again!');
      assert.equal(sessions.length, 1, sessions.join());
    } finally {
      started.dispose();
      ended.dispose();
      tracker.dispose();
      vscode.debug.removeBreakpoints(vscode.debug.breakpoints);
      await vscode.debug.stopDebugging();
      await vscode.commands.executeCommand('ipcWorkbench.closeApp');
    }
  });
});

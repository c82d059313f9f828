/** Says in the status bar where the pages of each running app come from, and switches that. */
import * as vscode from 'vscode';
import { type Disposable, Lifetime } from '#core/lifetime.ts';
import { kindOf } from './frontend.ts';
import type { RunningApp } from './running-app.ts';

/** The item of one app; none where the app has one frontend only, and nothing to be in doubt of. */
export function showFrontend(app: RunningApp): Disposable {
  const life = new Lifetime();
  if (!app.frontend.hasDevServer) return life;
  const item = life.own(
    vscode.window.createStatusBarItem(`ipcWorkbench.frontend.${app.id}`, vscode.StatusBarAlignment.Left),
  );
  item.name = `IPC Workbench: frontend of ${app.core.name}`;
  const show = () => {
    const { current: frontend, canSwitch } = app.frontend;
    const dev = kindOf(frontend) === 'dev';
    const from = frontend.kind === 'server' ? frontend.url.origin : [frontend.folder].flat().join(', ');
    item.text = `${dev ? '$(server)' : '$(file-directory)'} ${app.core.name}: ${dev ? 'dev server' : 'built files'}`;
    item.tooltip = `The pages of ${app.core.name} come from ${from}.${canSwitch ? ` Show the ${dev ? 'built files' : 'dev server'} instead.` : ''}`;
    item.command = canSwitch
      ? { title: 'Switch Frontend', command: 'ipcWorkbench.switchFrontend', arguments: [vscode.Uri.file(app.id)] }
      : undefined;
  };
  show();
  life.own(app.frontend.onSwitch(show));
  item.show();
  return life;
}

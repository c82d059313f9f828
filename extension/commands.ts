/** The commands of the palette, one table; package.json's `contributes.commands` is compared with it by a test. */
import * as vscode from 'vscode';
import type { Api } from './api.ts';
import type { Apps } from './app/apps.ts';
import type { Inspector } from './inspector/inspector.ts';
import { INSPECTOR_VIEW } from './inspector/inspector.ts';
import { type Disposable, Lifetime } from '#core/lifetime.ts';
import type { Tap } from '#core/tap.ts';
import { type Log } from './log.ts';
import { reportError } from './problems.ts';
import { showPermissions } from './show-permissions.ts';

export interface CommandsOptions {
  readonly apps: Apps;
  readonly api: Api;
  readonly inspector: Inspector;
  readonly tap: Tap;
  readonly log: Log;
}

/** What each command does; an argument is what another extension or a keybinding passed. */
export const COMMANDS: Readonly<Record<string, (options: CommandsOptions, argument: unknown) => unknown>> = {
  'ipcWorkbench.openApp': ({ apps }, folder) => apps.openApp(folder instanceof vscode.Uri ? folder : undefined),
  'ipcWorkbench.openDemo': ({ apps }) => apps.openDemo(),
  'ipcWorkbench.openInspector': () => vscode.commands.executeCommand(`${INSPECTOR_VIEW}.focus`),
  'ipcWorkbench.openInspectorInEditor': ({ inspector }) => inspector.openEditor(),
  'ipcWorkbench.clearInspector': ({ tap }) => tap.clear(),
  'ipcWorkbench.reloadWindows': ({ apps }) => apps.reloadWindows(),
  'ipcWorkbench.showMenu': ({ apps }) => apps.showMenu(),
  'ipcWorkbench.switchFrontend': ({ apps }, folder) =>
    apps.switchFrontend(folder instanceof vscode.Uri ? folder : undefined),
  'ipcWorkbench.restartBackend': ({ apps }) => apps.restartBackend(),
  'ipcWorkbench.debugBackend': ({ apps }) => apps.debugBackend(),
  'ipcWorkbench.createBackend': ({ apps }) => apps.createBackend(),
  'ipcWorkbench.showPermissions': ({ apps, api }) => showPermissions(apps, api),
  'ipcWorkbench.closeApp': ({ apps }) => apps.closeApp(),
  'ipcWorkbench.showLog': ({ log }) => log.show(),
};

export function registerCommands(options: CommandsOptions): Disposable {
  const life = new Lifetime();
  for (const [name, run] of Object.entries(COMMANDS)) {
    life.own(
      vscode.commands.registerCommand(name, async (argument: unknown) => {
        try {
          return await run(options, argument);
        } catch (error) {
          reportError(options.log, 'IPC Workbench', error);
          return undefined;
        }
      }),
    );
  }
  return life;
}

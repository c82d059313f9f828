/** What the plugins ask of VS Code, for the panels of one app. What one plugin alone asks is in the file of its name. */
import { readFile } from 'node:fs/promises';
import { isAbsolute, join } from 'node:path';
import * as vscode from 'vscode';
import type { Core } from '#core/core.ts';
import { type Disposable, Lifetime } from '#core/lifetime.ts';
import type { Project } from '#server/project/index.ts';
import type { DeepLinkHost } from '../plugins/deep-link.ts';
import type { PluginHost, ProgressState } from '../plugins/host.ts';
import type { LogHost } from '../plugins/log.ts';
import type { FsAccess } from '#core/acl/scope/fs.ts';
import { thisSystem } from '../plugins/directories.ts';
import { plainLine } from '../plugins/plain-text.ts';
import { clipboard } from './clipboard.ts';
import { dialogs } from './dialog.ts';
import { notifications } from './notification.ts';
import { createOpener } from './opener.ts';
import { lenient, uploadScopes } from '../settings.ts';
import { createFsHost } from './fs.ts';
import { createHttpHost } from './http.ts';
import { Maximized } from './maximized.ts';
import { PanelMenus } from './menu.ts';
import { createTrayHost } from './tray.ts';
import { KeptWindows } from './window-state.ts';

export interface PluginHostOptions {
  readonly core: Core;
  readonly version: string;
  readonly identifier: string;
  /** what relative paths start from */
  readonly folder: string;
  /** where the app's resources lie, if it has any */
  readonly resourceFolder: string | undefined;
  /** `bundle.externalBin`, relative to the folder of the configuration */
  readonly externalBin: readonly string[];
  readonly configFolder: string;
  /** the folder of the bundles */
  readonly dist: string;
  /** where the app's pages come from, if from a development server */
  readonly devServer?: () => URL | undefined;
  /** decides about paths */
  readonly fsAccess: FsAccess;
  readonly log: LogHost;
  readonly deepLinks: DeepLinkHost;
  readIcon(): Promise<Uint8Array | undefined>;
  panel(label: string): vscode.WebviewPanel | undefined;
  exit(): void;
  restart(): Promise<void>;
  /** where the states of windows are kept, and under which name */
  readonly memento: vscode.Memento;
  readonly id: string;
}

/** The plugins' host, and what the extension itself asks of it. */
export interface AppPluginHost extends PluginHost, Disposable {
  readonly menu: PanelMenus;
  readonly windowState: KeptWindows;
}

/** characters of a window's title, which its page may set */
const MAX_TITLE = 200;

export function createPluginHost(options: PluginHostOptions): AppPluginHost {
  const { core, identifier, folder, resourceFolder, panel, exit, memento, id } = options;
  const life = new Lifetime();
  const maximized = life.own(new Maximized(panel));
  const progress = new Map<string, { update(state: ProgressState): void; end(): void }>();
  const endProgress = (label: string) => {
    progress.get(label)?.end();
    progress.delete(label);
  };
  // A page that is gone cannot end what it showed.
  life.own(
    core.onWindowsChanged(() => {
      for (const label of progress.keys()) if (!core.windows.has(label)) endProgress(label);
    }),
  );
  return {
    name: core.name,
    version: options.version,
    identifier,
    get lenient() {
      return lenient();
    },
    cwd: folder,
    resourceDirectory: resourceFolder,
    system: thisSystem(),
    language: vscode.env.language,
    fsAccess: options.fsAccess,
    clipboard,
    deepLinks: options.deepLinks,
    dialog: dialogs,
    log: options.log,
    notification: notifications,
    fs: createFsHost(folder),
    upload: {
      get scoped() {
        return uploadScopes();
      },
    },
    http: createHttpHost(folder, options.devServer ?? (() => undefined), resourceFolder),
    defaultIcon: options.readIcon,
    opener: createOpener(),
    shell: { externalBin: options.externalBin, folder: options.configFolder },
    sqlWorker: join(options.dist, 'sqlite.mjs'),
    exit,
    restart: options.restart,
    toggleDevtools: async () => {
      await vscode.commands.executeCommand('workbench.action.webview.openDeveloperTools');
    },
    async requestAttention(label, kind) {
      if (kind === null) return;
      const title = plainLine(core.windows.get(label)?.title ?? label, MAX_TITLE);
      const show = kind === 'critical' ? vscode.window.showWarningMessage : vscode.window.showInformationMessage;
      const chosen = await show(`"${title}" asks for your attention.`, 'Show');
      if (chosen === 'Show') core.windows.get(label)?.setFocus();
    },
    async setIcon(label, png) {
      const target = panel(label);
      if (target) target.iconPath = vscode.Uri.parse(`data:image/png;base64,${Buffer.from(png).toString('base64')}`);
    },
    setProgress(label, state) {
      if (state.status === 'none') {
        endProgress(label);
        return;
      }
      const shown = progress.get(label) ?? startProgress(plainLine(core.windows.get(label)?.title ?? label, MAX_TITLE));
      progress.set(label, shown);
      shown.update(state);
    },
    maximize: (label, on) => maximized.set(label, on),
    menu: life.own(new PanelMenus({ panel })),
    tray: createTrayHost(core.name),
    windowState: new KeptWindows({ memento, key: `windows:${id}`, panel }),
    dispose: () => life.dispose(),
  };
}

/** A progress in the status bar that lasts until it is told to end. */
function startProgress(title: string): { update(state: ProgressState): void; end(): void } {
  const { promise, resolve } = Promise.withResolvers<void>();
  let report: ((text: string) => void) | undefined;
  let text = '';
  void vscode.window.withProgress({ location: vscode.ProgressLocation.Window, title }, (progress) => {
    report = (message) => progress.report({ message });
    report(text);
    return promise;
  });
  return {
    update({ status, progress }) {
      text = [
        progress === undefined ? '' : `${progress} %`,
        status === 'normal' || status === 'indeterminate' ? '' : status,
      ]
        .filter((part) => part !== '')
        .join(', ');
      report?.(text);
    },
    end: resolve,
  };
}

/** The first icon of `bundle.icon` that is a PNG or ICO, else the one that Tauri's templates have. */
export async function readProjectIcon(project: Project): Promise<Uint8Array | undefined> {
  const bundle = project.config['bundle'] as { icon?: unknown } | undefined;
  const named = Array.isArray(bundle?.icon) ? bundle.icon.filter((each) => typeof each === 'string') : [];
  for (const path of [...named, 'icons/icon.png']) {
    if (!/\.(png|ico)$/i.test(path)) continue;
    const file = isAbsolute(path) ? path : join(project.configFolder, path);
    const bytes = await readFile(file).catch(() => undefined); // named, but not there: try the next
    if (bytes) return new Uint8Array(bytes);
  }
  return undefined;
}

/**
 * What the plugins need of VS Code and of the project; extension/plugin-host gives it, tests give a small one. What only
 * one plugin needs is an interface beside it, and one member here.
 */
import type { FsAccess } from '#core/acl/scope/fs.ts';
import type { Core } from '#core/core.ts';
import { reject, type Rejection } from '#core/error.ts';
import type { ResourceTable } from '#core/resource.ts';
import type { CoreWindow } from '#core/window.ts';
import type { ClipboardHost } from './clipboard-manager.ts';
import type { DeepLinkHost } from './deep-link.ts';
import type { DialogHost } from './dialog.ts';
import type { System } from './directories.ts';
import type { LogHost } from './log.ts';
import type { NotificationHost } from './notification.ts';
import type { OpenerHost } from './opener.ts';
import type { ShellHost } from './shell/sidecar.ts';
import type { FsHost } from './fs/access.ts';
import type { UploadHost } from './upload.ts';
import type { HttpHost } from './http/plugin.ts';
import type { MenuHost } from './menu/show.ts';
import type { TrayHost } from './tray.ts';
import type { WindowStateHost } from './window-state.ts';

/** The release of Tauri that is rebuilt here: that of the npm package the pages are tested with. */
export const TAURI_VERSION = '2.12.5';

/** What a page asked its progress bar to show; `progress` is 0 to 100. */
export interface ProgressState {
  readonly status: 'none' | 'normal' | 'indeterminate' | 'paused' | 'error';
  readonly progress: number | undefined;
}

type Done = void | PromiseLike<void>;

export interface PluginHost {
  /** product name, version and identifier of the project's configuration */
  readonly name: string;
  readonly version: string;
  readonly identifier: string;
  /** the setting: a setter that a panel cannot follow resolves and is noted, instead of rejecting; read at each call */
  readonly lenient: boolean;
  /** the workspace folder: what relative paths start from */
  readonly cwd: string;
  /** where the app's resources lie; without it `resourceDir()` is unknown */
  readonly resourceDirectory: string | undefined;
  /** the machine that the extension host runs on */
  readonly system: System;
  /** the language that VS Code speaks, as it names it */
  readonly language: string;
  /** decides about paths; its `runtime` scope has what the user picked, for the asset protocol too */
  readonly fsAccess: FsAccess;
  readonly clipboard: ClipboardHost;
  readonly deepLinks: DeepLinkHost;
  readonly dialog: DialogHost;
  readonly log: LogHost;
  readonly notification: NotificationHost;
  readonly fs: FsHost;
  readonly upload: UploadHost;
  readonly http: HttpHost;
  /** the file of the default window icon (PNG or ICO), or undefined where the project has none */
  defaultIcon(): PromiseLike<Uint8Array | undefined>;
  readonly opener: OpenerHost;
  readonly shell: ShellHost;
  /** the script of the threads in which SQLite runs */
  readonly sqlWorker: string;
  /** Ends the app: closes all its panels. */
  exit(code: number): Done;
  /** Starts the app anew: its backend, its plugins, and the pages of its windows. */
  restart(): Done;
  toggleDevtools(label: string): Done;
  /** Draws the eye to a window's panel, until the user has looked; null ends it. */
  requestAttention(label: string, kind: 'critical' | 'informational' | null): Done;
  /** Gives the panel's tab an icon, as PNG bytes. */
  setIcon(label: string, png: Uint8Array): Done;
  setProgress(label: string, state: ProgressState): Done;
  /** Makes the panel's editor group fill the editor area, or gives the others their room again. */
  maximize(label: string, on: boolean): Done;
  readonly menu: MenuHost;
  readonly tray: TrayHost;
  readonly windowState: WindowStateHost;
}

/** The rejection for what a panel cannot do: one text for all, with the reason. */
export function unsupported(command: string, reason: string): Rejection {
  return reject(`${command} is not supported in a VS Code panel (${reason})`);
}

/** The window of that label; absent and empty mean the caller. Throws `missing` where there is none. */
export function targetWindow(core: Core, caller: string, label: string | undefined, missing: string): CoreWindow {
  const window = core.windows.get(label || caller);
  if (!window) throw reject(missing);
  return window;
}

/** The resources of the calling page. */
export function callersResources(core: Core, caller: string): ResourceTable {
  const connection = core.windows.get(caller)?.connection;
  if (!connection) throw reject('webview not found');
  return connection.resources;
}

/** Leaves a sentence in the inspector about something that was accepted and has no effect. */
export function note(core: Core, window: CoreWindow, name: string, text: string): void {
  core.tap.add({
    kind: 'problem',
    direction: 'to-host',
    app: core.name,
    window: window.label,
    generation: window.connection?.generation ?? 0,
    name,
    status: 'ok',
    note: text,
  });
}

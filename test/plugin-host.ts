/** The host of the plugins' tests: a small machine, and a list of what it was asked to do. */
import { fileURLToPath } from 'node:url';
import type { System } from '../extension/plugins/directories.ts';
import { createFsAccess } from '../extension/plugins/fs-access.ts';
import type { PluginHost } from '../extension/plugins/host.ts';
import type { MenuBody, MenuHost } from '../extension/plugins/menu/show.ts';
import type { MenuEntry } from '../extension/plugins/menu/model.ts';
import type { TrayHost, TrayState } from '../extension/plugins/tray.ts';
import type { WindowStateHost } from '../extension/plugins/window-state.ts';

/** What the host was asked to do, in order. */
export type Asked = readonly [name: string, ...args: unknown[]];

const LINUX: System = {
  platform: 'linux',
  env: { HOME: '/home/ada' },
  home: '/home/ada',
  readText: () => undefined,
};

/** @param given what a test needs otherwise; `fsAccess` fits the rest unless it is given too */
export function testPluginHost(asked: Asked[], given: Partial<PluginHost> = {}): PluginHost {
  const ask =
    (name: string) =>
    (...args: unknown[]): void => {
      asked.push([name, ...args]);
    };
  const place = {
    identifier: 'dev.test.app',
    resourceDirectory: '/work space/src-tauri',
    system: LINUX,
    cwd: '/work space',
    ...given,
  };
  return {
    name: 'Test App',
    version: '1.2.3',
    lenient: false,
    language: 'en',
    http: {
      origin: 'tauri://localhost',
      features: new Set(['cookies', 'gzip', 'brotli', 'deflate', 'zstd']),
      scopeRedirects: true,
      allowDangerousSettings: false,
      npmVersion: undefined,
      proxy: undefined,
    },
    fsAccess: createFsAccess(place, place.cwd),
    fs: { noFiles: undefined, npmVersion: undefined },
    upload: { scoped: false },
    defaultIcon: async () => undefined,
    opener: {
      local: true,
      openUrl: async (url) => {
        asked.push(['openUrl', url]);
        return true;
      },
      browse: ask('browse'),
      openPath: ask('openPath'),
      reveal: ask('reveal'),
    },
    shell: { externalBin: [], folder: '/work space/src-tauri' },
    sqlWorker: fileURLToPath(new URL('../extension/plugins/sql/worker.ts', import.meta.url)),
    exit: ask('exit'),
    restart: ask('restart'),
    toggleDevtools: ask('toggleDevtools'),
    requestAttention: ask('requestAttention'),
    setIcon: ask('setIcon'),
    setProgress: ask('setProgress'),
    maximize: ask('maximize'),
    clipboard: { read: async () => '', write: async (text) => void ask('clipboard.write')(text) },
    deepLinks: { connect: () => ({ dispose: ask('deepLinks.dispose') }) },
    dialog: {
      message: async (options) => {
        ask('dialog.message')(options);
        return options.cancel;
      },
      open: async (options) => void ask('dialog.open')(options),
      save: async (options) => void ask('dialog.save')(options),
    },
    log: { write: ask('log.write') },
    notification: { show: async (...args) => void ask('notification.show')(...args) },
    menu: new TestMenus(),
    tray: new TestTrays(),
    windowState: new TestWindowStates(),
    ...place,
  };
}

/** A menu that is shown, and the user who looks at it. */
export interface OpenMenu {
  readonly title: string;
  readonly body: MenuBody;
  /** by the labels on the way there; without any the user leaves the menu */
  choose(...labels: string[]): void;
}

/** VS Code's side of menus. */
export class TestMenus implements MenuHost {
  readonly open: OpenMenu[] = [];
  readonly abouts: unknown[] = [];
  /** what has a button, and what the button does */
  offered: { windows: readonly string[]; open(label: string): PromiseLike<void> } = {
    windows: [],
    open: async () => undefined,
  };
  clipboard = '';

  show(title: string, body: MenuBody, signal: AbortSignal): Promise<MenuEntry | undefined> {
    const { promise, resolve } = Promise.withResolvers<MenuEntry | undefined>();
    const menu: OpenMenu = {
      title,
      body,
      choose: (...labels) => end(labels.length > 0 ? find(body, labels) : undefined),
    };
    const end = (entry: MenuEntry | undefined) => {
      this.open.splice(this.open.indexOf(menu), 1);
      resolve(entry);
    };
    signal.addEventListener('abort', () => end(undefined));
    this.open.push(menu);
    return promise;
  }

  offer(windows: ReadonlySet<string>, open: (label: string) => PromiseLike<void>): void {
    this.offered = { windows: [...windows], open };
  }

  about(title: string, metadata: unknown): void {
    this.abouts.push([title, metadata]);
  }

  async readClipboard(): Promise<string> {
    return this.clipboard;
  }

  async writeClipboard(text: string): Promise<void> {
    this.clipboard = text;
  }
}

function find(body: MenuBody, [label, ...more]: readonly string[]): MenuEntry {
  const found = body.find((each) => each.kind !== 'separator' && each.label === label);
  if (!found || found.kind === 'separator') throw new Error(`no item "${label}"`);
  if (!found.enabled) throw new Error(`"${label}" is disabled`);
  return found.kind === 'submenu' && more.length > 0 ? find(found.items(), more) : found.entry;
}

/** What VS Code keeps of windows, and where their panels are. */
export class TestWindowStates implements WindowStateHost {
  kept: unknown;
  readonly columns = new Map<string, number>();

  read(): unknown {
    return this.kept;
  }

  write(states: object): void {
    this.kept = states;
  }

  column(label: string): number {
    return this.columns.get(label) ?? 1;
  }

  move(label: string, column: number): void {
    this.columns.set(label, column);
  }
}

/** What a menu shows, one line for each item; submenus are indented. */
export function menuLines(body: MenuBody, indent = ''): string[] {
  return body.flatMap((each) => {
    if (each.kind === 'separator') return [`${indent}---`];
    const state = each.enabled ? '' : ' (disabled)';
    if (each.kind === 'submenu') return [`${indent}${each.label}${state} >`, ...menuLines(each.items(), `${indent}  `)];
    const mark = each.checked === undefined ? '' : each.checked ? '[x] ' : '[ ] ';
    return [`${indent}${mark}${each.label}${each.accelerator ? ` ${each.accelerator}` : ''}${state}`];
  });
}

/** VS Code's side of trays: those that are shown, and the user's hand. */
export class TestTrays implements TrayHost {
  readonly shown = new Map<string, { state: TrayState; click(): void; menu(): void }>();

  show(state: TrayState, on: { click(): void; menu(): void }) {
    const tray = { state, click: () => on.click(), menu: () => on.menu() };
    this.shown.set(state.id, tray);
    return {
      update: (next: TrayState) => {
        tray.state = next;
      },
      dispose: () => {
        if (this.shown.get(state.id) === tray) this.shown.delete(state.id);
      },
    };
  }
}

/**
 * Menus of an app as lists to choose from: VS Code draws them, in its theme and for its screen readers, whatever the page
 * looks like, and no script or style of ours has to be in the page. What it cannot is to stand where the pointer is.
 */
import * as vscode from 'vscode';
import { type Disposable, Lifetime } from '#core/lifetime.ts';
import { plainLine, plainText } from '../plugins/plain-text.ts';
import { encodePng } from '../plugins/png.ts';
import type { AboutMetadata, MenuEntry, MenuIcon } from '../plugins/menu/model.ts';
import type { MenuBody, MenuHost, ShownItem, ShownSubmenu } from '../plugins/menu/show.ts';

/** For package.json: the panel in front has a menu. */
const HAS_MENU = 'ipcWorkbench.hasMenu';

/** characters of a label, of a title, and of what an `About` item tells */
const MAX_LABEL = 200;
const MAX_ABOUT = 4000;

export interface PanelMenusOptions {
  panel(label: string): vscode.WebviewPanel | undefined;
}

interface Row extends vscode.QuickPickItem {
  readonly shown?: ShownItem | ShownSubmenu;
}

/** The menus of the panels of one app. */
export class PanelMenus implements MenuHost, Disposable {
  readonly #options: PanelMenusOptions;
  #windows: ReadonlySet<string> = new Set();
  #open: (label: string) => PromiseLike<void> = async () => undefined;
  /** of the panels that have a menu now */
  #watch = new Lifetime();

  constructor(options: PanelMenusOptions) {
    this.#options = options;
  }

  // ---- the button

  offer(windows: ReadonlySet<string>, open: (label: string) => PromiseLike<void>): void {
    const before = this.#windows;
    this.#windows = windows;
    this.#open = open;
    this.#watch.dispose();
    this.#watch = new Lifetime();
    for (const label of new Set([...before, ...windows])) {
      const panel = this.#options.panel(label);
      if (!panel) continue;
      this.#tell(panel, windows.has(label));
      this.#watch.own(panel.onDidChangeViewState(() => this.#tell(panel, windows.has(label))));
    }
  }

  /** One context key for all panels: whoever comes to the front sets it, and who leaves takes its own back. */
  #tell(panel: vscode.WebviewPanel, hasMenu: boolean): void {
    if (panel.active || hasMenu) void vscode.commands.executeCommand('setContext', HAS_MENU, panel.active && hasMenu);
  }

  /** The window whose menu is meant: that of the panel in front, else the first that has one. */
  get #chosen(): string | undefined {
    const labels = [...this.#windows];
    return labels.find((label) => this.#options.panel(label)?.active) ?? labels[0];
  }

  /** Whether the panel in front is one of this app's that has a menu. */
  get active(): boolean {
    return [...this.#windows].some((label) => this.#options.panel(label)?.active);
  }

  /** Opens the menu of the panel in front, or of the first that has one; false where none has. */
  async open(): Promise<boolean> {
    const label = this.#chosen;
    if (label === undefined) return false;
    await this.#open(label);
    return true;
  }

  // ---- the list

  show(title: string, body: MenuBody, signal: AbortSignal): Promise<MenuEntry | undefined> {
    const { promise, resolve } = Promise.withResolvers<MenuEntry | undefined>();
    const life = new Lifetime();
    const end = (entry: MenuEntry | undefined) => {
      life.dispose();
      resolve(entry);
    };
    const list = life.own(vscode.window.createQuickPick<Row>());
    const levels: { title: string; body: MenuBody; from?: MenuEntry }[] = [{ title, body }];
    const draw = (from?: MenuEntry) => {
      const level = levels.at(-1) as (typeof levels)[number];
      list.title = levels.map((each) => plainLine(each.title, MAX_LABEL)).join(' › ');
      list.buttons = levels.length > 1 ? [vscode.QuickInputButtons.Back] : [];
      list.value = '';
      list.items = rowsOf(level.body);
      // Where the user came from, else the first that can be chosen.
      const start = list.items.find(({ shown }) => shown && shown.entry === from);
      const first = list.items.find(({ shown }) => shown?.enabled);
      list.activeItems = [start ?? first].filter((row) => row !== undefined);
    };
    const back = () => {
      const left = levels.pop();
      draw(left?.from);
    };
    list.placeholder = 'Choose, or type to find an item';
    life.own(list.onDidTriggerButton(back));
    life.own(
      list.onDidAccept(() => {
        const [row] = list.activeItems;
        if (!row?.shown?.enabled) return; // as in every menu: nothing happens
        if (row.shown.kind === 'item') return end(row.shown.entry);
        levels.push({ title: row.shown.label, body: row.shown.items(), from: row.shown.entry });
        draw();
      }),
    );
    life.own(list.onDidHide(() => end(undefined)));
    const abort = () => end(undefined);
    signal.addEventListener('abort', abort);
    life.onEnd(() => signal.removeEventListener('abort', abort));
    draw();
    if (signal.aborted) abort();
    else list.show();
    return promise;
  }

  about(title: string, about: AboutMetadata): void {
    const { name, version, shortVersion, copyright, comments, authors, license, website, websiteLabel, credits } =
      about;
    const release = [version, shortVersion && `(${shortVersion})`].filter(Boolean).join(' ');
    const heading = [name, release].filter(Boolean).join(' ') || title;
    const lines = [
      comments,
      authors && authors.length > 0 ? `By ${authors.join(', ')}` : undefined,
      copyright,
      license && `License: ${license}`,
      credits,
      website,
    ];
    const visit =
      website !== undefined && /^https?:\/\//i.test(website)
        ? [plainLine(websiteLabel || 'Visit Website', MAX_LABEL)]
        : [];
    void vscode.window
      .showInformationMessage(
        plainLine(heading, MAX_LABEL),
        { modal: true, detail: plainText(lines.filter(Boolean).join('\n'), MAX_ABOUT) },
        ...visit,
      )
      .then((chosen) => {
        if (chosen !== undefined && website) void vscode.env.openExternal(vscode.Uri.parse(website));
      });
  }

  readClipboard(): PromiseLike<string> {
    return vscode.env.clipboard.readText();
  }

  writeClipboard(text: string): PromiseLike<void> {
    return vscode.env.clipboard.writeText(text);
  }

  dispose(): void {
    this.#watch.dispose();
  }
}

function rowsOf(body: MenuBody): Row[] {
  // Where one item has a mark or a picture, all have the room for it.
  const marked = body.some((each) => each.kind !== 'separator' && (each.icon ?? checkOf(each)) !== undefined);
  return body.map((each) => {
    if (each.kind === 'separator') return { label: '', kind: vscode.QuickPickItemKind.Separator };
    const description = [
      each.kind === 'item' && each.accelerator !== undefined ? keysOf(each.accelerator) : '',
      each.kind === 'submenu' ? '$(chevron-right)' : '',
      each.enabled ? '' : 'disabled',
    ];
    const icon = checkOf(each) === true ? new vscode.ThemeIcon('check') : iconOf(each.icon);
    return {
      label: escapeIcons(each.label),
      description: description.filter(Boolean).join('  '),
      shown: each,
      ...(marked && { iconPath: icon ?? new vscode.ThemeIcon('blank') }),
    };
  });
}

const checkOf = (item: ShownItem | ShownSubmenu) => (item.kind === 'item' ? item.checked : undefined);

/** A label of the page's is text: `$(name)` in it is no icon. */
const escapeIcons = (label: string) => plainLine(label, MAX_LABEL).replaceAll('$(', '$\u200b(');

/** Keys of macOS as its menus show them, of the others by their names. */
function keysOf(accelerator: string): string {
  const mac = process.platform === 'darwin';
  const names: Readonly<Record<string, string>> = mac
    ? { cmd: '⌘', ctrl: '⌃', alt: '⌥', shift: '⇧' }
    : { cmd: process.platform === 'win32' ? 'Win' : 'Super', ctrl: 'Ctrl', alt: 'Alt', shift: 'Shift' };
  const keys = accelerator
    .split('+')
    .map((key) => key.trim())
    .filter(Boolean)
    .map((key) => {
      const modifier = modifierOf(key.toLowerCase(), mac);
      return modifier ? (names[modifier] as string) : key.replace(/^(?:Key|Digit)(?=.$)/i, '');
    });
  return keys.join(mac ? '' : '+');
}

function modifierOf(key: string, mac: boolean): 'cmd' | 'ctrl' | 'alt' | 'shift' | undefined {
  if (/^(?:commandorcontrol|commandorctrl|cmdorctrl|cmdorcontrol)$/.test(key)) return mac ? 'cmd' : 'ctrl';
  if (/^(?:command|cmd|super|meta)$/.test(key)) return 'cmd';
  if (/^(?:control|ctrl)$/.test(key)) return 'ctrl';
  if (/^(?:option|alt)$/.test(key)) return 'alt';
  return key === 'shift' ? 'shift' : undefined;
}

/** The codicons that show what macOS's own icons do. */
const CODICONS: Readonly<Record<string, string>> = {
  Add: 'add',
  Advanced: 'settings-gear',
  Bookmarks: 'bookmark',
  Caution: 'warning',
  ColorPanel: 'symbol-color',
  ColumnView: 'split-horizontal',
  Computer: 'vm',
  EnterFullScreen: 'screen-full',
  Everyone: 'organization',
  ExitFullScreen: 'screen-normal',
  Folder: 'folder',
  FolderBurnable: 'folder',
  FolderSmart: 'folder-library',
  FollowLinkFreestanding: 'link-external',
  FontPanel: 'text-size',
  GoLeft: 'arrow-left',
  GoRight: 'arrow-right',
  Home: 'home',
  IChatTheater: 'device-camera-video',
  IconView: 'layout',
  Info: 'info',
  InvalidDataFreestanding: 'error',
  LeftFacingTriangle: 'triangle-left',
  ListView: 'list-unordered',
  LockLocked: 'lock',
  LockUnlocked: 'unlock',
  MenuMixedState: 'remove',
  MenuOnState: 'check',
  MultipleDocuments: 'files',
  Network: 'globe',
  PreferencesGeneral: 'settings',
  QuickLook: 'eye',
  Refresh: 'refresh',
  RefreshFreestanding: 'refresh',
  Remove: 'remove',
  RevealFreestanding: 'search',
  RightFacingTriangle: 'triangle-right',
  Share: 'share',
  Slideshow: 'play',
  StatusAvailable: 'pass-filled',
  StatusNone: 'circle-large',
  StatusPartiallyAvailable: 'circle-filled',
  StatusUnavailable: 'error',
  StopProgress: 'close',
  StopProgressFreestanding: 'close',
  TrashEmpty: 'trash',
  TrashFull: 'trash',
  User: 'account',
  UserAccounts: 'organization',
  UserGroup: 'organization',
  UserGuest: 'person',
};

function iconOf(icon: MenuIcon | undefined): vscode.ThemeIcon | vscode.Uri | undefined {
  if (icon === undefined) return undefined;
  if (typeof icon === 'string') return new vscode.ThemeIcon(CODICONS[icon] ?? 'symbol-misc');
  return vscode.Uri.parse(`data:image/png;base64,${Buffer.from(encodePng(icon)).toString('base64')}`);
}

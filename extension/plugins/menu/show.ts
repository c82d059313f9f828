/** What the menu plugin asks of VS Code: to show a menu, and the few things that predefined items do there. */
import type { AboutMetadata, MenuEntry, MenuIcon, PredefinedName } from './model.ts';

interface ShownEntry {
  readonly label: string;
  /** false: shown, and not to be chosen */
  readonly enabled: boolean;
  readonly icon: MenuIcon | undefined;
  readonly entry: MenuEntry;
}

export interface ShownItem extends ShownEntry {
  readonly kind: 'item';
  /** undefined: no item with a check mark */
  readonly checked: boolean | undefined;
  /** as the page gave it, such as `CmdOrCtrl+S` */
  readonly accelerator: string | undefined;
}

export interface ShownSubmenu extends ShownEntry {
  readonly kind: 'submenu';
  /** read when the user goes there */
  items(): MenuBody;
}

export type MenuBody = readonly (ShownItem | ShownSubmenu | { readonly kind: 'separator' })[];

export interface MenuHost {
  /** Shows a menu until the user has chosen an item or left it (undefined), or `signal` is aborted. */
  show(title: string, body: MenuBody, signal: AbortSignal): PromiseLike<MenuEntry | undefined>;
  /** Says which windows have a menu, and how it is opened: the user has a button for it where such a window is. */
  offer(windows: ReadonlySet<string>, open: (label: string) => PromiseLike<void>): void;
  /** Shows what an `About` item tells. */
  about(title: string, metadata: AboutMetadata): void;
  readClipboard(): PromiseLike<string>;
  writeClipboard(text: string): PromiseLike<void>;
}

const ACCELERATORS: Partial<Record<PredefinedName, string>> = {
  Copy: 'CmdOrCtrl+C',
  Cut: 'CmdOrCtrl+X',
  Paste: 'CmdOrCtrl+V',
  SelectAll: 'CmdOrCtrl+A',
  Undo: 'CmdOrCtrl+Z',
  Redo: 'CmdOrCtrl+Shift+Z',
};

/** What an open menu shows: a copy, so that nothing of it changes while the user looks. */
export function menuBody(menu: MenuEntry): MenuBody {
  return menu.items.map((entry) => {
    if (entry.predefined === 'Separator') return { kind: 'separator' };
    const shared = { label: plainText(entry.text), enabled: entry.enabled, icon: entry.icon, entry };
    if (entry.kind === 'Submenu') return { kind: 'submenu', ...shared, items: () => menuBody(entry) };
    const accelerator = entry.accelerator ?? (entry.predefined && ACCELERATORS[entry.predefined]);
    const checked = entry.kind === 'Check' ? entry.checked : undefined;
    return { kind: 'item', ...shared, checked, accelerator };
  });
}

/** Without the mark of the underlined letter; `&&` is an ampersand. */
export function plainText(text: string): string {
  return text.replace(/&(.?)/gs, '$1');
}

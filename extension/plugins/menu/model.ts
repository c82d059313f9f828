/** Menus as the host keeps them: entries that several pages, rids and menus may share. */
import type { Pixels } from '../png.ts';

/** Tauri's `ItemKind`, as it stands in rids' pairs and triples. */
export const ITEM_KINDS = ['Menu', 'MenuItem', 'Predefined', 'Submenu', 'Check', 'Icon'] as const;
export type ItemKind = (typeof ITEM_KINDS)[number];

/** The predefined items that have nothing to say besides their name. */
export const PREDEFINED = [
  'Separator',
  'Copy',
  'Cut',
  'Paste',
  'SelectAll',
  'Undo',
  'Redo',
  'Minimize',
  'Maximize',
  'Fullscreen',
  'Hide',
  'HideOthers',
  'ShowAll',
  'CloseWindow',
  'Quit',
  'Services',
  'BringAllToFront',
] as const;
export type PredefinedName = (typeof PREDEFINED)[number] | 'About';

/** What an `About` item shows; every member as the page gave it. */
export interface AboutMetadata {
  readonly name?: string | undefined;
  readonly version?: string | undefined;
  readonly shortVersion?: string | undefined;
  readonly authors?: readonly string[] | undefined;
  readonly comments?: string | undefined;
  readonly copyright?: string | undefined;
  readonly license?: string | undefined;
  readonly website?: string | undefined;
  readonly websiteLabel?: string | undefined;
  readonly credits?: string | undefined;
}

/** An item's icon: pixels, or the name of one of macOS's own. */
export type MenuIcon = Pixels | string;

export interface EntryOptions {
  readonly id?: string | undefined;
  readonly text?: string | undefined;
  readonly enabled?: boolean | undefined;
  readonly checked?: boolean | undefined;
  readonly accelerator?: string | undefined;
  readonly icon?: MenuIcon | undefined;
  readonly predefined?: PredefinedName | undefined;
  readonly about?: AboutMetadata | undefined;
}

/** A menu, a submenu or an item. What is changed of it is changed wherever it stands. */
export class MenuEntry {
  readonly kind: ItemKind;
  readonly id: string;
  readonly predefined: PredefinedName | undefined;
  readonly about: AboutMetadata | undefined;
  text: string;
  enabled: boolean;
  checked: boolean;
  accelerator: string | undefined;
  icon: MenuIcon | undefined;
  /** of a menu or submenu, from the top */
  readonly items: MenuEntry[] = [];

  constructor(kind: ItemKind, id: string, options: EntryOptions) {
    this.kind = kind;
    this.id = id;
    this.predefined = options.predefined;
    this.about = options.about;
    this.text = options.text ?? (options.predefined ? predefinedText(options.predefined) : '');
    this.enabled = options.enabled ?? true;
    this.checked = options.checked ?? false;
    this.accelerator = options.accelerator;
    this.icon = options.icon;
  }

  /** Puts items at `position`, the first there and the others behind it; past the end means at the end. */
  insert(items: readonly MenuEntry[], position: number): void {
    this.items.splice(position, 0, ...items);
  }

  /** Takes an item out, which counts by its id; false where none of that id is there. */
  remove(item: MenuEntry): boolean {
    const index = this.items.findIndex(({ id }) => id === item.id);
    if (index < 0) return false;
    this.items.splice(index, 1);
    return true;
  }
}

/** The texts of predefined items that a page gave none; `&` stands before the letter that is underlined. */
const PREDEFINED_TEXTS: Partial<Record<PredefinedName, string>> = {
  Separator: '',
  Copy: '&Copy',
  Cut: 'Cu&t',
  Paste: '&Paste',
  SelectAll: 'Select &All',
  Minimize: '&Minimize',
  Maximize: 'Ma&ximize',
  Fullscreen: 'Toggle Full Screen',
  Hide: '&Hide',
  HideOthers: 'Hide Others',
  ShowAll: 'Show All',
  CloseWindow: 'C&lose Window',
  Quit: '&Quit',
  About: '&About',
  BringAllToFront: 'Bring All to Front',
};

function predefinedText(name: PredefinedName): string {
  return PREDEFINED_TEXTS[name] ?? name;
}

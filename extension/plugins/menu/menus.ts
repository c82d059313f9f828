/** The menus of one app: what was made, which windows have one, and what happens when the user chooses. */
import type { Channel } from '#core/channel.ts';
import type { Core } from '#core/core.ts';
import { reject } from '#core/error.ts';
import { type Disposable, Lifetime } from '#core/lifetime.ts';
import { invalidResource, type Resource, type ResourceTable } from '#core/resource.ts';
import type { CoreWindow } from '#core/window.ts';
import { note, type PluginHost } from '../host.ts';
import { type JsImage, pixelsOf } from '../image.ts';
import { setMaximized } from '../window.ts';
import { type EntryOptions, type ItemKind, MenuEntry, type MenuIcon, type PredefinedName } from './model.ts';
import { type ItemPayload, NATIVE_ICONS, type NewItem } from './payload.ts';
import { menuBody, plainText } from './show.ts';

/** The rid of a page for an entry; many may stand for the same. */
class MenuHandle implements Resource {
  readonly entry: MenuEntry;
  /** nothing to close: the entry stays for the menus that it stands in */
  close?(): void;

  get resourceName(): string {
    return this.entry.kind === 'Menu' ? 'menu' : 'menu item';
  }

  constructor(entry: MenuEntry) {
    this.entry = entry;
  }
}

/** What goes with a page that made menus; it stands among the page's resources, because they end with it. */
class PageMenus implements Resource {
  readonly life = new Lifetime();

  close(): void {
    this.life.dispose();
  }
}

/** `unexpected menu item kind`, where a command got a kind that it has nothing for */
export const unexpectedKind = () => reject('unexpected menu item kind');

export type Triple = readonly [rid: number, id: string, kind: ItemKind];

export class Menus implements Disposable {
  readonly #core: Core;
  readonly #host: PluginHost;
  readonly #life = new Lifetime();
  readonly #pages = new WeakMap<ResourceTable, PageMenus>();
  /** where the id of a chosen item is sent, by that id */
  readonly #channels = new Map<string, Channel<string>>();
  readonly #windowMenus = new Map<string, MenuEntry>();
  #appMenu: MenuEntry | undefined;
  #offered = new Set<string>();
  #nextId = 1;

  constructor(core: Core, host: PluginHost) {
    this.#core = core;
    this.#host = host;
    this.#life.own(core.onWindowsChanged(() => this.#offer()));
  }

  // ---- entries

  newId(): string {
    return String(this.#nextId++);
  }

  make(kind: ItemKind, options: EntryOptions, items: readonly MenuEntry[] = []): MenuEntry {
    const entry = new MenuEntry(kind, options.id ?? this.newId(), options);
    entry.insert(items, 0);
    return entry;
  }

  /** The entry that a page describes, with all that stands in it. Rids are those of the page. */
  async create(item: NewItem, page: ResourceTable): Promise<MenuEntry> {
    const items: MenuEntry[] = [];
    for (const inner of item.items ?? []) items.push(await this.find(inner, page));
    const entry = this.make(
      item.kind,
      {
        id: item.id ?? undefined,
        text: item.text ?? undefined,
        enabled: item.enabled ?? undefined,
        checked: item.checked ?? undefined,
        accelerator: item.accelerator ?? undefined,
        icon: item.icon == null ? undefined : await this.icon(item.icon, page),
        predefined: item.item?.name,
        about: item.item?.about,
      },
      items,
    );
    if (item.handler) this.listen(entry.id, item.handler, page);
    return entry;
  }

  async icon(icon: JsImage, page: ResourceTable): Promise<MenuIcon> {
    if (typeof icon === 'string' && NATIVE_ICONS.has(icon)) return icon;
    return pixelsOf(icon, page, this.#host);
  }

  /** The item of a pair, or a new one as described. */
  async find(payload: ItemPayload, page: ResourceTable): Promise<MenuEntry> {
    if ('kind' in payload) return this.create(payload, page);
    const [rid, kind] = payload;
    if (kind === 'Menu') throw unexpectedKind();
    return this.get(page, rid, kind);
  }

  /** The entry of a rid; refused in Tauri's words where it is another kind. */
  get(page: ResourceTable, rid: number, kind: ItemKind): MenuEntry {
    const found = page.find(rid);
    if (!(found instanceof MenuHandle) || found.entry.kind !== kind) throw reject(invalidResource(rid));
    return found.entry;
  }

  /** A new rid for an entry. */
  hold(page: ResourceTable, entry: MenuEntry): number {
    return page.add(new MenuHandle(entry));
  }

  triple(page: ResourceTable, entry: MenuEntry): Triple {
    return [this.hold(page, entry), entry.id, entry.kind];
  }

  /** Sends the id of a chosen item to the page, until another channel takes the id or the page goes. */
  listen(id: string, channel: Channel<string>, page: ResourceTable): void {
    this.#channels.set(id, channel);
    this.#of(page).life.onEnd(() => {
      if (this.#channels.get(id) === channel) this.#channels.delete(id);
    });
  }

  /** Before a command waits for anything: what it makes for a page that went in the meantime ends at once. */
  enter(page: ResourceTable): ResourceTable {
    this.#of(page);
    return page;
  }

  #of(page: ResourceTable): PageMenus {
    const known = this.#pages.get(page);
    if (known) return known;
    const made = new PageMenus();
    this.#pages.set(page, made);
    page.add(made);
    return made;
  }

  // ---- the menus of the app and its windows

  /** Makes `menu` that of all windows without one of their own; gives the one before. It goes with the page that gave it. */
  setAppMenu(menu: MenuEntry, page: ResourceTable): MenuEntry | undefined {
    const before = this.#appMenu;
    this.#appMenu = menu;
    this.#of(page).life.onEnd(() => {
      if (this.#appMenu === menu) this.#appMenu = undefined;
      this.#offer();
    });
    this.#offer();
    return before;
  }

  setWindowMenu(window: CoreWindow, menu: MenuEntry, page: ResourceTable): MenuEntry | undefined {
    const before = this.menuOf(window.label);
    this.#windowMenus.set(window.label, menu);
    this.#of(page).life.onEnd(() => {
      if (this.#windowMenus.get(window.label) === menu) this.#windowMenus.delete(window.label);
      this.#offer();
    });
    this.#offer();
    return before;
  }

  menuOf(label: string): MenuEntry | undefined {
    return this.#windowMenus.get(label) ?? this.#appMenu;
  }

  #offer(): void {
    const { windows } = this.#core;
    for (const label of this.#windowMenus.keys()) if (!windows.has(label)) this.#windowMenus.delete(label);
    const labels = new Set([...windows.keys()].filter((label) => this.menuOf(label)));
    if (labels.size === this.#offered.size && [...labels].every((label) => this.#offered.has(label))) return;
    this.#offered = labels;
    this.#host.menu.offer(labels, (label) => this.#open(label));
  }

  async #open(label: string): Promise<void> {
    const window = this.#core.windows.get(label);
    const menu = this.menuOf(label);
    if (window && menu) await this.show(menu, window);
  }

  // ---- the user

  /** Shows a menu, and does what the user chose. Ends with the app, or when `signal` is aborted. */
  async show(menu: MenuEntry, window: CoreWindow, signal?: AbortSignal): Promise<void> {
    const gone = new AbortController();
    const end = this.#life.onEnd(() => gone.abort());
    try {
      const title = menu.kind === 'Submenu' ? plainText(menu.text) : window.title;
      const ends = signal ? AbortSignal.any([signal, gone.signal]) : gone.signal;
      const chosen = await this.#host.menu.show(title, menuBody(menu), ends);
      if (chosen && !ends.aborted) await this.choose(chosen, window);
    } finally {
      this.#life.end(end);
    }
  }

  async choose(entry: MenuEntry, window: CoreWindow): Promise<void> {
    if (entry.predefined) return this.#runPredefined(entry, entry.predefined, window);
    if (entry.kind === 'Check') entry.checked = !entry.checked;
    const { id } = entry;
    this.#channels
      .get(id)
      ?.send(id)
      .catch(() => this.#channels.delete(id));
    this.#core.fireRunEvent({ kind: 'MenuEvent', id });
  }

  async #runPredefined(entry: MenuEntry, name: PredefinedName, window: CoreWindow): Promise<void> {
    const host = this.#host;
    switch (name) {
      case 'Copy':
      case 'Cut': {
        const text = await window.connection?.selection();
        if (!text) return;
        await host.menu.writeClipboard(text);
        if (name === 'Cut') window.connection?.edit('delete');
        return;
      }
      case 'Paste':
        window.connection?.edit('insertText', await host.menu.readClipboard());
        return;
      case 'SelectAll':
      case 'Undo':
      case 'Redo':
        window.connection?.edit(name === 'SelectAll' ? 'selectAll' : name === 'Undo' ? 'undo' : 'redo');
        return;
      case 'CloseWindow':
        window.close();
        return;
      case 'Quit':
        this.#core.fireRunEvent({ kind: 'ExitRequested', code: undefined });
        await host.exit(0);
        return;
      case 'About':
        host.menu.about(plainText(entry.text), entry.about ?? {});
        return;
      case 'Maximize':
        await setMaximized(host, window, window.remembered.get('maximized') !== true);
        return;
      case 'BringAllToFront':
      case 'ShowAll':
        for (const each of this.#core.windows.values()) each.controls.reveal(false);
        return;
      default:
        note(
          this.#core,
          window,
          `menu ${name}`,
          `"${plainText(entry.text)}" had no effect: a panel has nothing like it`,
        );
    }
  }

  dispose(): void {
    this.#life.dispose();
    this.#channels.clear();
    this.#windowMenus.clear();
    this.#appMenu = undefined;
    if (this.#offered.size > 0) this.#host.menu.offer(new Set(), async () => undefined);
    this.#offered = new Set();
  }
}

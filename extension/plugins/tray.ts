/** `plugin:tray|…` (tauri-core 6.7): an icon of the system's tray is an item of VS Code's status bar. */
import * as z from 'zod';
import { type Channel, channel } from '#core/channel.ts';
import { command } from '#core/command.ts';
import type { Core } from '#core/core.ts';
import { reject } from '#core/error.ts';
import type { Disposable } from '#core/lifetime.ts';
import { type Plugin, plugin } from '#core/plugin.ts';
import type { Resource, ResourceTable } from '#core/resource.ts';
import { callersResources, type PluginHost } from './host.ts';
import { JsImage, pixelsOf } from './image.ts';
import { type Menus, unexpectedKind } from './menu/menus.ts';
import type { MenuEntry } from './menu/model.ts';
import { ItemPair } from './menu/payload.ts';
import type { Pixels } from './png.ts';
import { BorrowedText, PathText } from './schemas.ts';

/** Trays of an app: they stand in the status bar, beside what others show there. */
const MAX_TRAYS = 16;

/** What a tray shows. */
export interface TrayState {
  readonly id: string;
  readonly title: string | undefined;
  readonly tooltip: string | undefined;
  readonly icon: Pixels | undefined;
  readonly visible: boolean;
  /** whether there is a menu: a click may not be what opens it */
  readonly menu: boolean;
}

export interface ShownTray extends Disposable {
  update(state: TrayState): void;
}

export interface TrayHost {
  /** Shows a tray, and tells when the user clicks it or asks for its menu. */
  show(state: TrayState, on: { click(): void; menu(): void }): ShownTray;
}

const Options = z
  .object({
    id: z.string().nullish(),
    menu: ItemPair.nullish(),
    icon: JsImage.nullish(),
    tooltip: z.string().nullish(),
    title: z.string().nullish(),
    tempDirPath: z.string().nullish(),
    iconAsTemplate: z.boolean().nullish(),
    menuOnLeftClick: z.boolean().nullish(),
    showMenuOnLeftClick: z.boolean().nullish(),
  })
  .meta({ title: 'TrayIconOptions' });

/** A message of a tray's channel. VS Code tells of clicks, and of no place on the screen. */
function clickEvent(id: string, buttonState: 'Down' | 'Up') {
  const origin = { x: 0, y: 0 };
  return {
    type: 'Click',
    id,
    position: origin,
    rect: { position: { Physical: origin }, size: { Physical: { width: 0, height: 0 } } },
    button: 'Left',
    buttonState,
  } as const;
}
export type TrayIconEvent = ReturnType<typeof clickEvent>;

class Tray implements Resource {
  readonly resourceName = 'tray';
  readonly id: string;
  readonly #shown: ShownTray;
  readonly #onClose: () => void;
  #state: TrayState;
  #over = false;
  menu: MenuEntry | undefined;
  menuOnLeftClick: boolean;

  constructor(
    host: TrayHost,
    state: TrayState,
    menuOnLeftClick: boolean,
    on: { click(tray: Tray): void; menu(tray: Tray): void; close(tray: Tray): void },
  ) {
    this.id = state.id;
    this.#state = state;
    this.menuOnLeftClick = menuOnLeftClick;
    this.#onClose = () => on.close(this);
    this.#shown = host.show(state, { click: () => on.click(this), menu: () => on.menu(this) });
  }

  set(change: Partial<TrayState>): void {
    this.#state = { ...this.#state, ...change };
    if (!this.#over) this.#shown.update(this.#state);
  }

  close(): void {
    if (this.#over) return;
    this.#over = true;
    this.#shown.dispose();
    this.#onClose();
  }
}

/** Among the resources of the page that made a tray: its clicks would reach nobody once that page is gone. */
class PageTray implements Resource {
  readonly #end: () => void;

  constructor(end: () => void) {
    this.#end = end;
  }

  close(): void {
    this.#end();
  }
}

export function trayPlugin(core: Core, host: PluginHost, menus: Menus): Plugin {
  /** by rid, in the order in which they were made: of several with one id the first is meant */
  const trays = new Map<number, Tray>();
  let nextId = 1;

  // As in Tauri, trays are the app's, not the page's.
  const get = (rid: number): Tray => core.resources.get(rid, Tray);
  const find = (id: string) => [...trays].find(([, tray]) => tray.id === id)?.[0];
  const menuOf = (page: ResourceTable, pair: readonly [number, string] | null | undefined): MenuEntry | undefined => {
    if (!pair) return undefined;
    const [rid, kind] = pair;
    if (kind !== 'Menu' && kind !== 'Submenu') throw unexpectedKind();
    return menus.get(page, rid, kind);
  };
  const showMenu = ({ menu }: Tray) => {
    // A menu belongs to a window, for the items that do something with it: that with the focus, or any.
    const windows = [...core.windows.values()];
    const window = windows.find(({ focused }) => focused) ?? windows.find(({ visible }) => visible) ?? windows[0];
    if (menu && window) void menus.show(menu, window);
  };
  const imageOf = async (page: ResourceTable, image: JsImage | null | undefined) =>
    image == null ? undefined : pixelsOf(image, page, host);

  const make = (
    state: TrayState,
    options: z.output<typeof Options>,
    handler: Channel<TrayIconEvent>,
    page: ResourceTable,
  ): number => {
    const onLeft = options.showMenuOnLeftClick ?? options.menuOnLeftClick ?? true;
    let rid = 0;
    let pageRid = 0;
    const tray = new Tray(host.tray, state, onLeft, {
      click(clicked) {
        for (const buttonState of ['Down', 'Up'] as const) {
          const event = clickEvent(clicked.id, buttonState);
          handler.send(event).catch(() => undefined); // the page is gone, and the tray with it
          core.fireRunEvent({ kind: 'TrayIconEvent', event });
        }
        if (clicked.menuOnLeftClick) showMenu(clicked);
      },
      menu: showMenu,
      close: () => {
        trays.delete(rid);
        page.release(pageRid);
      },
    });
    rid = core.resources.add(tray);
    trays.set(rid, tray);
    pageRid = page.add(new PageTray(() => core.resources.close(rid)));
    return rid;
  };

  /** A command with `rid` and one more argument. */
  const setter = <T>(name: string, key: string, type: z.ZodType<T>, set: (tray: Tray, value: T) => void) =>
    command(name, { args: { rid: z.uint32(), [key]: type } }, (args) =>
      set(get(args['rid'] as number), args[key] as T),
    );

  return plugin({
    name: 'tray',
    commands: [
      command(
        'new',
        { args: { options: Options, handler: channel<TrayIconEvent>() } },
        async ({ options, handler }, { window, signal }) => {
          const page = callersResources(core, window.label);
          const menu = menuOf(page, options.menu);
          const icon = await imageOf(page, options.icon);
          signal.throwIfAborted();
          if (trays.size >= MAX_TRAYS) throw reject(`too many tray icons: an app may have ${MAX_TRAYS}`);
          const id = options.id ?? String(nextId++);
          const state: TrayState = {
            id,
            title: options.title ?? undefined,
            tooltip: options.tooltip ?? undefined,
            icon,
            visible: true,
            menu: menu !== undefined,
          };
          const rid = make(state, options, handler, page);
          get(rid).menu = menu;
          return [rid, id];
        },
      ),
      command('get_by_id', { args: { id: BorrowedText } }, ({ id }) => find(id) ?? null),
      command('remove_by_id', { args: { id: BorrowedText } }, ({ id }) => {
        const rid = find(id);
        if (rid === undefined) throw reject(`Can't find a tray associated with this id: ${id}`);
        core.resources.close(rid);
      }),
      ...['set_icon', 'set_icon_with_as_template'].map((name) =>
        command(
          name,
          { args: { rid: z.uint32(), icon: JsImage.optional(), asTemplate: z.boolean().optional() } },
          async ({ rid, icon }, { window }) => {
            const tray = get(rid);
            tray.set({ icon: await imageOf(callersResources(core, window.label), icon) });
          },
        ),
      ),
      command('set_menu', { args: { rid: z.uint32(), menu: ItemPair.optional() } }, ({ rid, menu }, { window }) => {
        const tray = get(rid);
        tray.menu = menuOf(callersResources(core, window.label), menu);
        tray.set({ menu: tray.menu !== undefined });
      }),
      setter('set_tooltip', 'tooltip', z.string().optional(), (tray, tooltip) => tray.set({ tooltip })),
      setter('set_title', 'title', z.string().optional(), (tray, title) => tray.set({ title })),
      setter('set_visible', 'visible', z.boolean(), (tray, visible) => tray.set({ visible })),
      setter('set_show_menu_on_left_click', 'onLeft', z.boolean(), (tray, onLeft) => {
        tray.menuOnLeftClick = onLeft;
      }),
      // How icon files are stored, and how macOS draws them.
      setter('set_temp_dir_path', 'path', PathText.optional(), () => undefined),
      setter('set_icon_as_template', 'asTemplate', z.boolean(), () => undefined),
    ],
  });
}

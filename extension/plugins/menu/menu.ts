/** `plugin:menu|…` (tauri-core 6.6): menus as a model in the host, which VS Code shows as lists to choose from. */
import * as z from 'zod';
import { channel } from '#core/channel.ts';
import { command } from '#core/command.ts';
import type { Core } from '#core/core.ts';
import { reject } from '#core/error.ts';
import { type Plugin, plugin } from '#core/plugin.ts';
import type { ResourceTable } from '#core/resource.ts';
import { callersResources, type PluginHost } from '../host.ts';
import { JsImage } from '../image.ts';
import { Position } from '../schemas.ts';
import { createDefaultMenu } from './default-menu.ts';
import { DialogTurns } from '../turns.ts';
import type { Menus } from './menus.ts';
import { unexpectedKind } from './menus.ts';
import type { ItemKind, MenuEntry } from './model.ts';
import { ItemPair, ItemPayload, Kind, NewOptions } from './payload.ts';

const rid = z.uint32();
const ofItem = { rid, kind: Kind };

export function menuPlugin(core: Core, host: PluginHost, menus: Menus): Plugin {
  /** Each takes the keyboard: a page that opens one after the other must leave the user a way out. */
  const turns = new DialogTurns();
  const resources = ({ window }: { readonly window: { readonly label: string } }): ResourceTable =>
    menus.enter(callersResources(core, window.label));

  /** The entry of a rid, for a command that has something for these kinds only. */
  const entry = (page: ResourceTable, args: { rid: number; kind: ItemKind }, ...kinds: ItemKind[]): MenuEntry => {
    if (!kinds.includes(args.kind)) throw unexpectedKind();
    return menus.get(page, args.rid, args.kind);
  };
  const container = (page: ResourceTable, args: { rid: number; kind: ItemKind }) =>
    entry(page, args, 'Menu', 'Submenu');
  const item = (page: ResourceTable, args: { rid: number; kind: ItemKind }) =>
    entry(page, args, 'MenuItem', 'Predefined', 'Submenu', 'Check', 'Icon');
  const ownItem = (page: ResourceTable, args: { rid: number; kind: ItemKind }) =>
    entry(page, args, 'MenuItem', 'Submenu', 'Check', 'Icon');

  /** Puts items into a container one after the other: those before a bad one stay, as in Tauri. */
  const insert = async (
    page: ResourceTable,
    into: MenuEntry,
    items: readonly ItemPayload[],
    positionOf: (index: number) => number,
  ): Promise<void> => {
    for (const [index, payload] of items.entries()) into.insert([await menus.find(payload, page)], positionOf(index));
  };
  const items = z.array(ItemPayload);

  /** The window that is meant: none where the label is unknown, and then nothing happens. */
  const target = (caller: string, label: string | undefined) => core.windows.get(label ?? caller);
  const label = z.string().optional();

  return plugin({
    name: 'menu',
    onDrop: () => menus.dispose(),
    commands: [
      command(
        'new',
        { args: { kind: Kind, options: NewOptions.optional(), handler: channel<string>() } },
        async ({ kind, options, handler }, context) => {
          const page = resources(context);
          if (kind === 'Predefined' && !options?.item) {
            throw reject('invalid args `options` for command `new`: missing field `item`');
          }
          const icon = options?.icon ?? (kind === 'Icon' ? 'User' : undefined);
          const made = await menus.create({ ...options, kind, icon }, page);
          menus.listen(made.id, handler, page);
          return [menus.hold(page, made), made.id];
        },
      ),
      command('create_default', {}, (_args, context) => {
        const menu = createDefaultMenu(menus, host);
        return [menus.hold(resources(context), menu), menu.id];
      }),
      command('append', { args: { ...ofItem, items } }, async (args, context) => {
        const page = resources(context);
        const into = container(page, args);
        await insert(page, into, args.items, () => into.items.length);
      }),
      command('prepend', { args: { ...ofItem, items } }, async (args, context) => {
        const page = resources(context);
        // Each before all that are there: the last one given is the first in the end.
        await insert(page, container(page, args), args.items, () => 0);
      }),
      command('insert', { args: { ...ofItem, items, position: z.uint32() } }, async (args, context) => {
        const page = resources(context);
        await insert(page, container(page, args), args.items, (index) => args.position + index);
      }),
      command('remove', { args: { ...ofItem, item: ItemPair } }, (args, context) => {
        const page = resources(context);
        const from = container(page, args);
        const [itemRid, kind] = args.item;
        if (from.remove(item(page, { rid: itemRid, kind }))) return;
        throw reject('This menu item is not a child of this `Menu` or `Submenu`');
      }),
      command('remove_at', { args: { ...ofItem, position: z.uint32() } }, (args, context) => {
        const page = resources(context);
        const [removed] = container(page, args).items.splice(args.position, 1);
        return removed ? menus.triple(page, removed) : null;
      }),
      command('items', { args: ofItem }, (args, context) => {
        const page = resources(context);
        return container(page, args).items.map((each) => menus.triple(page, each));
      }),
      command('get', { args: { ...ofItem, id: z.string() } }, (args, context) => {
        const page = resources(context);
        const found = container(page, args).items.find(({ id }) => id === args.id);
        return found ? menus.triple(page, found) : null;
      }),

      command('popup', { args: { ...ofItem, window: label, at: Position.optional() } }, async (args, context) => {
        const window = target(context.window.label, args.window);
        if (!window) return;
        const menu = container(resources(context), args);
        await turns.take('menu.popup', context.signal, () => menus.show(menu, window, context.signal));
      }),
      command('set_as_app_menu', { args: { rid } }, (args, context) => {
        const page = resources(context);
        const before = menus.setAppMenu(menus.get(page, args.rid, 'Menu'), page);
        return before ? [menus.hold(page, before), before.id] : null;
      }),
      command('set_as_window_menu', { args: { rid, window: label } }, (args, context) => {
        const window = target(context.window.label, args.window);
        if (!window) return null;
        const page = resources(context);
        const before = menus.setWindowMenu(window, menus.get(page, args.rid, 'Menu'), page);
        return before ? [menus.hold(page, before), before.id] : null;
      }),
      // Roles of macOS's own menu bar; elsewhere Tauri resolves too.
      command('set_as_windows_menu_for_nsapp', { args: { rid } }, () => null),
      command('set_as_help_menu_for_nsapp', { args: { rid } }, () => null),

      command('text', { args: ofItem }, (args, context) => item(resources(context), args).text),
      command('set_text', { args: { ...ofItem, text: z.string() } }, (args, context) => {
        item(resources(context), args).text = args.text;
      }),
      command('is_enabled', { args: ofItem }, (args, context) => ownItem(resources(context), args).enabled),
      command('set_enabled', { args: { ...ofItem, enabled: z.boolean() } }, (args, context) => {
        ownItem(resources(context), args).enabled = args.enabled;
      }),
      command(
        'is_checked',
        { args: { rid } },
        (args, context) => menus.get(resources(context), args.rid, 'Check').checked,
      ),
      command('set_checked', { args: { rid, checked: z.boolean() } }, (args, context) => {
        menus.get(resources(context), args.rid, 'Check').checked = args.checked;
      }),
      command('set_accelerator', { args: { ...ofItem, accelerator: z.string().optional() } }, (args, context) => {
        entry(resources(context), args, 'MenuItem', 'Check', 'Icon').accelerator = args.accelerator;
      }),
      command(
        'set_icon',
        // The npm package before 2.8 says no kind: only icon items had one.
        { args: { rid, kind: Kind.default('Icon'), icon: JsImage.optional() } },
        async (args, context) => {
          const page = resources(context);
          const found = entry(page, args, 'Icon', 'Submenu');
          found.icon = args.icon === undefined ? undefined : await menus.icon(args.icon, page);
        },
      ),
    ],
  });
}

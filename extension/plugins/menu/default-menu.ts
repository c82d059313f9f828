/** The menu that Tauri gives an app which makes none (`Menu.default()`), as it is on this machine. */
import type { PluginHost } from '../host.ts';
import type { Menus } from './menus.ts';
import type { MenuEntry, PredefinedName } from './model.ts';

/** The ids by which macOS finds these two. */
const WINDOW_MENU = '__tauri_window_menu__';
const HELP_MENU = '__tauri_help_menu__';

export function createDefaultMenu(menus: Menus, host: PluginHost): MenuEntry {
  const mac = host.system.platform === 'darwin';
  const windows = host.system.platform === 'win32';
  const about = () =>
    menus.make('Predefined', { predefined: 'About', about: { name: host.name, version: host.version } });
  const submenu = (text: string, names: readonly PredefinedName[], id?: string) => {
    const items = names.map((name) => (name === 'About' ? about() : menus.make('Predefined', { predefined: name })));
    return menus.make('Submenu', { id, text }, items);
  };
  const window: readonly PredefinedName[] = mac
    ? ['Minimize', 'Maximize', 'Separator', 'CloseWindow']
    : ['Minimize', 'Maximize', 'CloseWindow'];
  const app: readonly PredefinedName[] = [
    'About',
    'Separator',
    'Services',
    'Separator',
    'Hide',
    'HideOthers',
    'Separator',
    'Quit',
  ];
  return menus.make('Menu', {}, [
    ...(mac ? [submenu(host.name, app)] : []),
    ...(mac || windows ? [submenu('File', windows ? ['CloseWindow', 'Quit'] : ['CloseWindow'])] : []),
    submenu('Edit', ['Undo', 'Redo', 'Separator', 'Cut', 'Copy', 'Paste', 'SelectAll']),
    ...(mac ? [submenu('View', ['Fullscreen'])] : []),
    submenu('Window', window, WINDOW_MENU),
    submenu('Help', mac ? [] : ['About'], HELP_MENU),
  ]);
}

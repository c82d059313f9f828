/** Plugins of which a panel has little or nothing: each command says in one sentence why it is refused. */
import * as z from 'zod';
import { type Command, command } from '#core/command.ts';
import type { Core } from '#core/core.ts';
import { type Plugin, plugin } from '#core/plugin.ts';
import { note, type PluginHost, unsupported } from './host.ts';

/** Commands by the reason for which they are refused. */
type Refusals = Readonly<Record<string, string>>;

/** Commands that are refused whatever they are given. */
export function refusing(name: string, refusals: Refusals): Command[] {
  return Object.entries(refusals).flatMap(([reason, commands]) =>
    commands.split(/\s+/).map((each) =>
      command(each, {}, () => {
        throw unsupported(`${name}.${each}`, reason);
      }),
    ),
  );
}

const STRONGHOLD = 'its vaults are files of the Stronghold engine, which only an app built with Rust has';
const PHONE = 'only phones and tablets have it';
const INSTALLED = 'a project that runs in VS Code is not installed, so it has no updates';
const KEYS = 'keyboard shortcuts of VS Code come from its own settings, and none reaches beyond its window';

/** Plugins without any command that a panel could follow. */
const REFUSED: Readonly<Record<string, Refusals>> = {
  'barcode-scanner': { [PHONE]: 'scan cancel check_permissions request_permissions open_app_settings vibrate' },
  biometric: { [PHONE]: 'authenticate status' },
  geolocation: {
    [PHONE]: `get_current_position watch_position clear_watch check_permissions request_permissions clear_permissions`,
  },
  haptics: { [PHONE]: 'vibrate impact_feedback notification_feedback selection_feedback' },
  nfc: { [PHONE]: 'is_available scan write' },
  stronghold: {
    [STRONGHOLD]: `initialize destroy save create_client load_client get_store_record save_store_record
      remove_store_record save_secret remove_secret execute_procedure`,
  },
};

/** In the order of the alphabet. */
export function unavailablePlugins(core: Core, host: PluginHost): readonly Plugin[] {
  return [
    ...Object.entries(REFUSED).map(([name, refusals]) => plugin({ name, commands: refusing(name, refusals) })),
    plugin({
      name: 'autostart',
      commands: [
        command('is_enabled', {}, () => false),
        // It never is enabled, so there is nothing to end.
        command('disable', {}, () => null),
        ...refusing('autostart', { 'the app starts with its project, never with the machine': 'enable' }),
      ],
    }),
    plugin({
      name: 'global-shortcut',
      commands: [
        command('is_registered', { args: { shortcut: z.string() } }, () => false),
        command('unregister', { args: { shortcuts: z.array(z.string()) } }, () => null),
        command('unregister_all', {}, () => null),
        ...refusing('global-shortcut', { [KEYS]: 'register register_all' }),
      ],
    }),
    positionerPlugin(core, host),
    plugin({
      name: 'updater',
      commands: [
        // Honest, and what apps expect that look for an update at their start.
        command('check', {}, () => null),
        ...refusing('updater', { [INSTALLED]: 'download install download_and_install' }),
      ],
    }),
  ];
}

/** Moving windows is what the setting for setters of windows is about, so it counts here too. */
function positionerPlugin(core: Core, host: PluginHost): Plugin {
  const reasons = {
    move_window: 'VS Code decides where its editors are',
    move_window_constrained: 'VS Code decides where its editors are',
    set_tray_icon_state: 'a tray is an item of VS Code’s status bar, whose place nobody is told',
  };
  return plugin({
    name: 'positioner',
    commands: Object.entries(reasons).map(([name, reason]) =>
      command(name, {}, (_args, { window }) => {
        const caller = core.windows.get(window.label);
        if (!host.lenient || !caller) throw unsupported(`positioner.${name}`, reason);
        note(core, caller, `positioner.${name}`, `had no effect: ${reason}`);
        return null;
      }),
    ),
  });
}

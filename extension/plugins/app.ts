/** `plugin:app|…` (tauri-core 6.1): what the app is, its theme, and its end. */
import * as z from 'zod';
import { command } from '#core/command.ts';
import { recordOf } from '#core/context.ts';
import type { Core } from '#core/core.ts';
import { type Plugin, plugin } from '#core/plugin.ts';
import { callersResources, type PluginHost, TAURI_VERSION } from './host.ts';
import { decodeImage, ImageResource } from './image.ts';
import { Theme } from './schemas.ts';

const Uuid = z.array(z.int().min(0).max(255)).length(16);

export function appPlugin(core: Core, host: PluginHost): Plugin {
  /** set by `set_app_theme`: windows that open later have it too */
  let theme: z.output<typeof Theme> | undefined;

  return plugin({
    name: 'app',
    onWindowReady({ label }) {
      const window = core.windows.get(label);
      if (!theme || !window || window.options.theme) return;
      window.remembered.set('colorScheme', theme);
      window.setTheme(theme);
    },
    commands: [
      command('version', {}, () => host.version),
      command('name', {}, () => host.name),
      command('tauri_version', {}, () => TAURI_VERSION),
      command('identifier', {}, () => host.identifier),
      command('bundle_type', {}, () => null),
      command('supports_multiple_windows', {}, () => true),
      command('default_window_icon', {}, async (_args, context) => {
        const icon = await host.defaultIcon();
        const page = callersResources(core, context.window.label);
        return icon ? page.add(new ImageResource(decodeImage(icon)), recordOf(context)) : null;
      }),
      command('set_app_theme', { args: { theme: Theme.optional() } }, (args) => {
        theme = args.theme;
        for (const window of core.windows.values()) {
          window.remembered.set('colorScheme', theme);
          window.setTheme(theme ?? null);
        }
      }),
      command('exit', { args: { code: z.int32() } }, async ({ code }) => {
        core.fireRunEvent({ kind: 'ExitRequested', code });
        await host.exit(code);
      }),

      // What Tauri does on one platform only; elsewhere it resolves, and so do we.
      command('app_show', {}, () => null),
      command('app_hide', {}, () => null),
      command('set_dock_visibility', { args: { visible: z.boolean() } }, () => null),
      command('fetch_data_store_identifiers', {}, () => []),
      command('remove_data_store', { args: { uuid: Uuid } }, () => null),
      command('register_listener', { args: { event: z.string(), handler: z.string() } }, () => null),
      command('remove_listener', { args: { event: z.string(), channelId: z.uint32() } }, () => null),
    ],
  });
}

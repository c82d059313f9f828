/** `plugin:webview|…` (tauri-core 6.8): a window has exactly one webview, of the same label. */
import * as z from 'zod';
import { type Command, command } from '#core/command.ts';
import type { Core } from '#core/core.ts';
import { reject } from '#core/error.ts';
import { type Plugin, plugin } from '#core/plugin.ts';
import type { CoreWindow } from '#core/window.ts';
import { note, type PluginHost, targetWindow, unsupported } from './host.ts';
import { setBackground, setPageState } from './page-state.ts';
import { Color, Label, Position, Size } from './schemas.ts';
import { physicalSize } from './window.ts';
import { ignoredMembers, rememberConfig, WindowConfig, windowOptions } from './window-config.ts';

/** Setters that a panel cannot follow: the type of their value, and why. */
const UNSUPPORTED: Readonly<Record<string, readonly [value: z.ZodType | undefined, reason: string]>> = {
  set_webview_size: [Size, 'the page always fills its panel'],
  set_webview_position: [Position, 'the page always fills its panel'],
  webview_hide: [undefined, 'a panel cannot hide, it can only close'],
};

export function webviewPlugin(core: Core, host: PluginHost): Plugin {
  const target = (caller: string, label: string | undefined) => targetWindow(core, caller, label, 'webview not found');

  /** A command with `label?` only that answers something. */
  const getter = (name: string, get: (webview: CoreWindow) => unknown): Command =>
    command(name, { args: { label: Label } }, ({ label }, { window }) => get(target(window.label, label)));

  /** A command with `label?` only that does something. */
  const action = (name: string, run: (webview: CoreWindow) => unknown): Command =>
    command(name, { args: { label: Label } }, async ({ label }, { window }) => {
      await run(target(window.label, label));
    });

  /** A command with `label?` and `value`. */
  const setter = <T>(name: string, value: z.ZodType<T>, run: (webview: CoreWindow, value: T) => unknown): Command =>
    command(name, { args: { label: Label, value } }, async (args, { window }) => {
      await run(target(window.label, args.label), args.value as T);
    });

  const refusing = Object.entries(UNSUPPORTED).map(([name, [value, reason]]) => {
    const refuse = (webview: CoreWindow) => {
      if (!host.lenient) throw unsupported(`webview.${name}`, reason);
      note(core, webview, `webview.${name}`, `had no effect: ${reason}`);
    };
    return value ? setter(name, value, refuse) : action(name, refuse);
  });

  return plugin({
    name: 'webview',
    commands: [
      // Old Rust says `window_label`, every npm package reads `windowLabel`.
      command('get_all_webviews', {}, () =>
        [...core.windows.keys()].map((label) => ({ windowLabel: label, window_label: label, label })),
      ),
      getter('webview_position', () => ({ x: 0, y: 0 })),
      getter('webview_size', physicalSize),
      action('internal_toggle_devtools', (webview) => host.toggleDevtools(webview.label)),
      command('create_webview', {}, () => {
        throw reject('this feature requires the `unstable` flag on Cargo.toml');
      }),
      command('create_webview_window', { args: { options: WindowConfig } }, ({ options }, { window }) =>
        createWindow(core, options, window.label),
      ),
      action('webview_close', (webview) => webview.destroy()),
      action('set_webview_focus', (webview) => webview.setFocus()),
      setter('set_webview_auto_resize', z.boolean(), (webview, value) => {
        webview.remembered.set('autoResize', value);
      }),
      setter('set_webview_zoom', z.number(), (webview, value) => setPageState(webview, { property: 'zoom', value })),
      command(
        'set_webview_background_color',
        { args: { label: Label, value: Color.nullish(), color: Color.nullish() } },
        ({ label, value, color }, { window }) => setBackground(target(window.label, label), value ?? color ?? null),
      ),
      action('webview_show', (webview) => webview.controls.reveal(false)),
      action('print', (webview) => webview.connection?.edit('print')),
      command('reparent', { args: { label: Label, window: z.string() } }, (args, { window }) => {
        target(window.label, args.label);
        if (core.windows.has(args.window)) throw reject('cannot reparent when using a WebviewWindow');
      }),
      action('clear_all_browsing_data', (webview) =>
        webview.connection?.change({ property: 'clearData', value: true }),
      ),
      ...refusing,
    ],
  });
}

async function createWindow(core: Core, config: WindowConfig, caller: string): Promise<void> {
  if (!core.openWindow) throw unsupported('webview.create_webview_window', 'its windows come from the host alone');
  if (config.parent && !core.windows.has(config.parent)) throw reject('window not found');
  const options = windowOptions(config);
  try {
    core.assertFreeLabel(options.label);
  } catch (error) {
    throw reject((error as Error).message);
  }
  await core.openWindow(options);
  const opened = core.windows.get(options.label);
  if (!opened) return;
  rememberConfig(opened, config);
  const ignored = ignoredMembers(config);
  if (ignored.length === 0) return;
  note(core, opened, 'webview.create_webview_window', `"${caller}" gave what a panel ignores: ${ignored.join(', ')}`);
}

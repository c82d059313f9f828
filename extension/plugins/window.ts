/** `plugin:window|…` (tauri-core 6.9): a window is a panel, so much of what a desktop window can do it cannot. */
import * as z from 'zod';
import { type Command, command } from '#core/command.ts';
import type { Core } from '#core/core.ts';
import { type Plugin, plugin } from '#core/plugin.ts';
import type { CoreWindow } from '#core/window.ts';
import { callersResources, note, type PluginHost, targetWindow, unsupported } from './host.ts';
import { iconPng, JsImage, pixelsOf } from './image.ts';
import { restorePageState, setBackground, setPageState } from './page-state.ts';
import { NotificationRate } from './turns.ts';
import { Color, BorrowedText, Label, Pixels, Position, Size, Theme } from './schemas.ts';
import { WindowConfig } from './window-config.ts';

/** Getters, each from what the page measured, the window knows, or a setter was told. */
const GETTERS: Readonly<Record<string, (window: CoreWindow) => unknown>> = {
  scale_factor: (window) => window.metrics.scaleFactor,
  inner_position: physicalPosition,
  outer_position: physicalPosition,
  inner_size: physicalSize,
  outer_size: physicalSize,
  is_fullscreen: remembered('fullscreen', false),
  is_minimized: remembered('minimized', false),
  is_maximized: remembered('maximized', false),
  is_focused: (window) => window.focused,
  is_visible: (window) => window.visible && window.remembered.get('visible') !== false,
  is_decorated: remembered('decorations', true),
  is_resizable: remembered('resizable', true),
  is_closable: remembered('closable', true),
  is_enabled: remembered('enabled', true),
  is_maximizable: remembered('maximizable', false),
  is_minimizable: remembered('minimizable', false),
  is_always_on_top: remembered('alwaysOnTop', false),
  title: (window) => window.title,
  theme: (window) => window.theme,
  current_monitor: monitorOf,
  primary_monitor: monitorOf,
  available_monitors: (window) => [monitorOf(window)].filter((monitor) => monitor !== null),
};

const Effects = z.looseObject({ effects: z.array(z.string()) }).meta({ title: 'WindowEffectsConfig' });

/** Setters without effect on a panel and without harm: the window remembers the value, so that the getter agrees. */
const REMEMBERING: Readonly<Record<string, readonly [name: string, value: z.ZodType]>> = {
  set_resizable: ['resizable', z.boolean()],
  set_maximizable: ['maximizable', z.boolean()],
  set_minimizable: ['minimizable', z.boolean()],
  set_closable: ['closable', z.boolean()],
  set_enabled: ['enabled', z.boolean()],
  set_focusable: ['focusable', z.boolean()],
  set_decorations: ['decorations', z.boolean()],
  set_shadow: ['shadow', z.boolean()],
  set_always_on_top: ['alwaysOnTop', z.boolean()],
  set_always_on_bottom: ['alwaysOnBottom', z.boolean()],
  set_visible_on_all_workspaces: ['visibleOnAllWorkspaces', z.boolean()],
  set_content_protected: ['contentProtected', z.boolean()],
  set_skip_taskbar: ['skipTaskbar', z.boolean()],
  set_effects: ['effects', Effects.nullish()],
  set_title_bar_style: ['titleBarStyle', z.string()],
};

interface Unsupported {
  readonly reason: string;
  readonly value?: z.ZodType;
  /** lenient: what the window remembers instead; the value given where only a name stands here */
  readonly remember?: readonly [name: string, value?: boolean];
}

const SIZES = 'VS Code decides the size of its editors';
const PLACES = 'VS Code decides where its editors are';
const WHOLE = 'only the whole window of VS Code can be fullscreen';
const POINTER = 'no page may move or hold the pointer';

/** What a panel cannot do. Rejected, or, with the lenient setting, noted and remembered. */
const UNSUPPORTED: Readonly<Record<string, Unsupported>> = {
  hide: { reason: 'a panel cannot hide, it can only close', remember: ['visible', false] },
  minimize: { reason: 'editors have no minimized state', remember: ['minimized', true] },
  unminimize: { reason: 'editors have no minimized state', remember: ['minimized', false] },
  center: { reason: PLACES },
  set_size: { reason: SIZES, value: Size },
  set_min_size: { reason: SIZES, value: Size.nullish() },
  set_max_size: { reason: SIZES, value: Size.nullish() },
  set_size_constraints: {
    reason: SIZES,
    value: z
      .object({
        minWidth: Pixels.nullish(),
        minHeight: Pixels.nullish(),
        maxWidth: Pixels.nullish(),
        maxHeight: Pixels.nullish(),
      })
      .meta({ title: 'WindowSizeConstraints' }),
  },
  set_position: { reason: PLACES, value: Position },
  set_fullscreen: { reason: WHOLE, value: z.boolean(), remember: ['fullscreen'] },
  set_simple_fullscreen: { reason: WHOLE, value: z.boolean(), remember: ['fullscreen'] },
  set_fullscreen_on_monitor: { reason: WHOLE, value: z.object({ x: z.number(), y: z.number() }) },
  set_cursor_position: { reason: POINTER, value: Position },
  set_cursor_grab: { reason: POINTER, value: z.boolean() },
  start_resize_dragging: {
    reason: SIZES,
    value: z.enum(['East', 'North', 'NorthEast', 'NorthWest', 'South', 'SouthEast', 'SouthWest', 'West']),
  },
};

const Attention = z
  .discriminatedUnion('type', [
    z.object({ type: z.literal('Critical') }),
    z.object({ type: z.literal('Informational') }),
  ])
  .meta({ title: 'UserAttentionType' });

const Progress = z
  .object({
    status: z.enum(['none', 'normal', 'indeterminate', 'paused', 'error']).nullish(),
    progress: z.int().min(0).nullish(),
  })
  .meta({ title: 'ProgressBarState' });

export function windowPlugin(core: Core, host: PluginHost): Plugin {
  const target = (caller: string, label: string | undefined) => targetWindow(core, caller, label, 'window not found');

  /** A command with `label?` only that answers something. */
  const getter = (name: string, get: (window: CoreWindow) => unknown): Command =>
    command(name, { args: { label: Label } }, ({ label }, { window }) => get(target(window.label, label)));

  /** A command with `label?` only that does something. */
  const action = (name: string, run: (window: CoreWindow) => unknown): Command =>
    command(name, { args: { label: Label } }, async ({ label }, { window }) => {
      await run(target(window.label, label));
    });

  /** A command with `label?` and `value`; `caller` is the label of the page that calls. */
  const attention = new NotificationRate();
  const setter = <T>(
    name: string,
    value: z.ZodType<T>,
    run: (window: CoreWindow, value: T, caller: string) => unknown,
  ): Command =>
    command(name, { args: { label: Label, value } }, async (args, { window }) => {
      await run(target(window.label, args.label), args.value as T, window.label);
    });

  // A tab has no badge: it stands before the title, whoever sets that.
  const showBadge = (window: CoreWindow) => {
    const text = window.remembered.get('badge');
    window.controls.setTitle(typeof text === 'string' && text !== '' ? `(${text}) ${window.title}` : window.title);
  };
  const badge = (window: CoreWindow, text: string) => {
    window.remembered.set('badge', text);
    showBadge(window);
  };
  const titles = core.onWindowsChanged(() => {
    for (const window of core.windows.values()) if (window.remembered.get('badge')) showBadge(window);
  });

  const refusing = Object.entries(UNSUPPORTED).map(([name, { reason, value, remember }]) => {
    const refuse = (window: CoreWindow, given?: unknown) => {
      if (!host.lenient) throw unsupported(`window.${name}`, reason);
      window.remembered.set(remember?.[0] ?? name, remember?.[1] ?? given);
      note(core, window, `window.${name}`, `had no effect: ${reason}`);
    };
    return value ? setter(name, value, refuse) : action(name, refuse);
  });

  return plugin({
    name: 'window',
    onDrop: () => titles.dispose(),
    onPageLoad({ label }, { event }) {
      const window = core.windows.get(label);
      if (window && event === 'Started') restorePageState(window);
    },
    commands: [
      command('get_all_windows', {}, () => [...core.windows.keys()]),
      ...Object.entries(GETTERS).map(([name, get]) => getter(name, get)),
      command(
        'monitor_from_point',
        { args: { label: Label, x: z.number(), y: z.number() } },
        ({ label, x, y }, { window }) => {
          const monitor = monitorOf(target(window.label, label));
          const inside = monitor && x >= 0 && y >= 0 && x < monitor.size.width && y < monitor.size.height;
          return inside ? monitor : null;
        },
      ),
      getter('cursor_position', () => {
        throw unsupported('window.cursor_position', 'only the page itself sees the pointer, through its own events');
      }),
      command('create', { args: { options: WindowConfig } }, () => {
        throw unsupported('window.create', 'a panel without a page makes no sense; open a WebviewWindow');
      }),

      action('show', (window) => {
        window.remembered.delete('visible');
        window.controls.reveal(false);
      }),
      action('close', (window) => window.close()),
      action('destroy', (window) => window.destroy()),
      action('set_focus', (window) => window.setFocus()),
      setter('set_title', BorrowedText, (window, title) => window.setTitle(title)),
      setter('set_icon', JsImage, async (window, image, caller) => {
        const pixels = await pixelsOf(image, callersResources(core, caller), host);
        await host.setIcon(window.label, iconPng(pixels));
      }),
      setter('set_overlay_icon', JsImage.nullish(), async (window, image, caller) => {
        const pixels = image == null ? null : await pixelsOf(image, callersResources(core, caller), host);
        window.remembered.set('overlayIcon', pixels);
      }),
      setter('set_badge_count', z.int().nullish(), (window, count) => badge(window, count ? String(count) : '')),
      setter('set_badge_label', z.string().nullish(), (window, label) => badge(window, label ?? '')),
      setter('request_user_attention', Attention.nullish(), (window, kind) => {
        if (!kind) {
          void host.requestAttention(window.label, null);
          return;
        }
        const seen = attention.open();
        // As under Tauri, the page does not wait until somebody has looked.
        void Promise.resolve(
          host.requestAttention(window.label, kind.type === 'Critical' ? 'critical' : 'informational'),
        ).finally(seen);
      }),
      setter('set_progress_bar', Progress, (window, { status, progress }) =>
        host.setProgress(window.label, {
          status: status ?? 'normal',
          progress: progress == null ? undefined : Math.min(progress, 100),
        }),
      ),
      action('maximize', (window) => setMaximized(host, window, true)),
      action('unmaximize', (window) => setMaximized(host, window, false)),
      action('toggle_maximize', (window) => setMaximized(host, window, window.remembered.get('maximized') !== true)),

      setter('set_theme', Theme.nullish(), (window, theme) => {
        window.remembered.set('colorScheme', theme ?? undefined);
        window.setTheme(theme ?? null);
      }),
      command(
        'set_background_color',
        // `color` is what the npm package of 2.1 says.
        { args: { label: Label, value: Color.nullish(), color: Color.nullish() } },
        ({ label, value, color }, { window }) => setBackground(target(window.label, label), value ?? color ?? null),
      ),
      setter('set_cursor_icon', z.string(), (window, icon) => {
        window.remembered.set('cursorIcon', cssCursor(icon));
        showCursor(window);
      }),
      setter('set_cursor_visible', z.boolean(), (window, visible) => {
        window.remembered.set('cursorVisible', visible);
        showCursor(window);
      }),
      setter('set_ignore_cursor_events', z.boolean(), (window, ignore) =>
        setPageState(window, { property: 'pointerEvents', value: ignore ? 'none' : 'auto' }),
      ),

      // Drag regions of titlebars call these: they must do no harm.
      action('start_dragging', () => undefined),
      action('internal_toggle_maximize', () => undefined),
      ...Object.entries(REMEMBERING).map(([name, [key, type]]) =>
        setter(name, type, (window, value) => {
          window.remembered.set(key, value);
        }),
      ),
      ...refusing,
    ],
  });
}

function remembered(name: string, otherwise: boolean): (window: CoreWindow) => boolean {
  return (window) => (window.remembered.get(name) ?? otherwise) === true;
}

export async function setMaximized(host: PluginHost, window: CoreWindow, on: boolean): Promise<void> {
  await host.maximize(window.label, on);
  window.remembered.set('maximized', on);
}

/** The page's size in physical pixels. */
export function physicalSize({ metrics }: CoreWindow) {
  return { width: physical(metrics.width, metrics), height: physical(metrics.height, metrics) };
}

function physicalPosition({ metrics }: CoreWindow) {
  return { x: physical(metrics.screenX, metrics), y: physical(metrics.screenY, metrics) };
}

/** The one monitor that a page sees; null before it measured. */
function monitorOf({ metrics }: CoreWindow) {
  if (metrics.screenWidth === 0) return null;
  const size = { width: physical(metrics.screenWidth, metrics), height: physical(metrics.screenHeight, metrics) };
  const position = { x: 0, y: 0 };
  return { name: null, size, position, workArea: { position, size }, scaleFactor: metrics.scaleFactor };
}

function physical(css: number, { scaleFactor }: CoreWindow['metrics']): number {
  return Math.round(css * scaleFactor);
}

const CSS_CURSORS = [
  'default crosshair move text wait help progress not-allowed context-menu cell vertical-text alias copy no-drop grab',
  'grabbing all-scroll zoom-in zoom-out e-resize n-resize ne-resize nw-resize s-resize se-resize sw-resize w-resize',
  'ew-resize ns-resize nesw-resize nwse-resize col-resize row-resize',
].flatMap((line) => line.split(' '));

/** From Tauri's names, in lower case; it takes an unknown one for the default. */
const CURSORS: Readonly<Record<string, string>> = {
  hand: 'pointer',
  arrow: 'default',
  ...Object.fromEntries(CSS_CURSORS.map((name) => [name.replaceAll('-', ''), name])),
};

const cssCursor = (icon: string) => CURSORS[icon.toLowerCase()] ?? 'default';

function showCursor(window: CoreWindow): void {
  const hidden = window.remembered.get('cursorVisible') === false;
  const icon = window.remembered.get('cursorIcon');
  const value = hidden ? 'none' : typeof icon === 'string' ? icon : 'default';
  setPageState(window, { property: 'cursor', value });
}

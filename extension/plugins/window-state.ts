/**
 * `plugin:window-state|…` (tauri-acl 5.2): what a panel has of a window's state (its editor column, whether it is shown
 * and fills the editor area, and what its setters were told) is kept in the workspace and given back.
 */
import * as z from 'zod';
import { command } from '#core/command.ts';
import type { Core } from '#core/core.ts';
import { reject } from '#core/error.ts';
import { type Plugin, plugin } from '#core/plugin.ts';
import type { CoreWindow } from '#core/window.ts';
import type { PluginHost } from './host.ts';
import { setMaximized } from './window.ts';

const WindowState = z.object({
  column: z.int().min(1).optional(),
  maximized: z.boolean().optional(),
  visible: z.boolean().optional(),
  decorated: z.boolean().optional(),
  fullscreen: z.boolean().optional(),
});
type WindowState = z.output<typeof WindowState>;

/** What is kept, by the labels of the windows. */
const WindowStates = z.record(z.string(), WindowState);
export type WindowStates = z.output<typeof WindowStates>;

export interface WindowStateHost {
  /** What was written last, by whomever: it is parsed here. */
  read(): unknown;
  write(states: WindowStates): void;
  /** The editor column of a window's panel. */
  column(label: string): number | undefined;
  /** Puts a window's panel into that column. */
  move(label: string, column: number): void;
}

/** The name under which Tauri keeps the states; here it names nothing but that. */
const FILENAME = '.window-state.json';

const ALL = 63;
/** The bits of the npm package's `StateFlags`; a panel's size is VS Code's alone. */
const POSITION = 2;
const MAXIMIZED = 4;
const VISIBLE = 8;
const DECORATIONS = 16;
const FULLSCREEN = 32;

export function windowStatePlugin(core: Core, host: PluginHost): Plugin {
  const { windowState } = host;
  /** windows that are gone keep what they had last */
  const last = new Map<string, WindowState>();
  const saved = () => parseStates(windowState.read());
  /** an app that never asked for it keeps nothing */
  let used = Object.keys(saved()).length > 0;

  const stateOf = (window: CoreWindow): WindowState => ({
    column: windowState.column(window.label),
    maximized: window.remembered.get('maximized') === true,
    visible: window.visible,
    decorated: window.remembered.get('decorations') !== false,
    fullscreen: window.remembered.get('fullscreen') === true,
  });

  const save = (flags: number): void => {
    const states = saved();
    for (const [label, state] of last) states[label] = { ...states[label], ...chosen(state, flags) };
    for (const window of core.windows.values()) {
      states[window.label] = { ...states[window.label], ...chosen(stateOf(window), flags) };
    }
    windowState.write(states);
  };

  const restore = async (window: CoreWindow, flags: number): Promise<void> => {
    const state = chosen(saved()[window.label] ?? {}, flags);
    if (state.decorated !== undefined) window.remembered.set('decorations', state.decorated);
    if (state.fullscreen !== undefined) window.remembered.set('fullscreen', state.fullscreen);
    if (state.column !== undefined && state.column !== windowState.column(window.label)) {
      windowState.move(window.label, state.column);
    }
    if (state.maximized) await setMaximized(host, window, true);
    // As under Tauri, a window that nothing is kept of is shown too.
    if (flags & VISIBLE && state.visible !== false) window.setFocus();
  };

  return plugin({
    name: 'window-state',
    onEvent(_app, event) {
      if (event.kind === 'WindowEvent') {
        const window = core.windows.get(event.label);
        // Heard while the panel is there: what it was is asked for no more when it is gone.
        if (window && /:\/\/(focus|blur|resize|move)$/.test(event.event)) last.set(event.label, stateOf(window));
      }
      if (event.kind === 'Exit' && used) save(ALL);
    },
    commands: [
      command('save_window_state', { args: { flags: z.uint32() } }, ({ flags }) => {
        used = true;
        save(known(flags));
      }),
      command('restore_state', { args: { label: z.string(), flags: z.uint32() } }, async ({ label, flags }) => {
        const wanted = known(flags);
        const window = core.windows.get(label);
        if (!window) throw reject(`Couldn't find window with label: ${label}`);
        used = true;
        await restore(window, wanted);
      }),
      command('filename', {}, () => FILENAME),
    ],
  });
}

/** The states in what was kept; none where it is something else. */
export function parseStates(kept: unknown): WindowStates {
  const read = WindowStates.safeParse(kept ?? {});
  return read.success ? read.data : {};
}

function known(flags: number): number {
  if (flags > ALL) throw reject(`Invalid state flags bits: ${flags}`);
  return flags;
}

/** What of a state the flags mean. */
function chosen(state: WindowState, flags: number): WindowState {
  const { column, maximized, visible, decorated, fullscreen } = state;
  return {
    ...(flags & POSITION && column !== undefined && { column }),
    ...(flags & MAXIMIZED && maximized !== undefined && { maximized }),
    ...(flags & VISIBLE && visible !== undefined && { visible }),
    ...(flags & DECORATIONS && decorated !== undefined && { decorated }),
    ...(flags & FULLSCREEN && fullscreen !== undefined && { fullscreen }),
  };
}

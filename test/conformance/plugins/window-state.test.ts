import type * as windowState from '@tauri-apps/plugin-window-state';
import { expect, test } from 'vitest';
import { TestWindowStates } from '../../plugin-host.ts';
import { openPage, outcome, type Page, startCore } from '../harness.ts';

const PACKAGE = '@tauri-apps/plugin-window-state';

async function start(states = new TestWindowStates()) {
  const core = await startCore({ host: { windowState: states } });
  return { core, states, open: (label: string) => openPage(core, label, { packages: [PACKAGE] }) };
}

const packageOf = (page: Page) => page.packages[PACKAGE] as unknown as typeof windowState;

test('what a panel has of a window’s state is saved by its flags and given back', async () => {
  const states = new TestWindowStates();
  {
    const { core, open } = await start(states);
    const page = await open('main');
    const { filename, saveWindowState, StateFlags } = packageOf(page);
    expect(await filename()).toBe('.window-state.json');
    states.columns.set('main', 2);
    await page.api.window.getCurrentWindow().setDecorations(false);
    await saveWindowState(StateFlags.POSITION);
    expect(states.kept).toEqual({ main: { column: 2 } });
    await saveWindowState(StateFlags.ALL);
    const all = { column: 2, maximized: false, visible: true, decorated: false, fullscreen: false };
    expect(states.kept).toEqual({ main: all });
    await page.api.window.getCurrentWindow().maximize();
    states.columns.set('main', 3);
    core.dispose();
    expect(states.kept).toEqual({ main: { ...all, column: 3, maximized: true } });
  }
  const { core, open } = await start(states);
  const page = await open('main');
  states.columns.set('main', 1);
  const { restoreStateCurrent, StateFlags } = packageOf(page);
  const shown = () => page.panel.filter(([name]) => name === 'reveal').length;
  await restoreStateCurrent(StateFlags.DECORATIONS);
  expect([await page.api.window.getCurrentWindow().isDecorated(), states.columns.get('main'), shown()]).toEqual([
    false,
    1,
    0,
  ]);
  await restoreStateCurrent(StateFlags.ALL);
  expect([await page.api.window.getCurrentWindow().isMaximized(), states.columns.get('main'), shown()]).toEqual([
    true,
    3,
    1,
  ]);
  expect(core.asked).toEqual([['maximize', 'main', true]]);
});

test('unknown flags and windows are refused in the words of the plugin', async () => {
  const { core, states, open } = await start();
  const page = await open('main');
  const { restoreState, saveWindowState } = packageOf(page);
  expect([
    await outcome(saveWindowState(64 as number)),
    await outcome(restoreState('main', 64 as number)),
    await outcome(restoreState('nobody', 1)),
    await outcome(restoreState('main', 1)),
  ]).toEqual([
    { error: 'Invalid state flags bits: 64' },
    { error: 'Invalid state flags bits: 64' },
    { error: "Couldn't find window with label: nobody" },
    { ok: undefined },
  ]);
  states.kept = { main: { column: 'three' } };
  expect(await outcome(restoreState('main', 2))).toEqual({ ok: undefined });
  expect(core.errors).toEqual([]);
});

test('an app that never asks for it leaves nothing', async () => {
  const { core, states, open } = await start();
  const page = await open('main');
  page.window.setFocused(true);
  core.dispose();
  expect(states.kept).toBe(undefined);
});

import type * as processPlugin from '@tauri-apps/plugin-process';
import { expect, test } from 'vitest';
import { plugin } from '#core/plugin.ts';
import { openPage, outcome, type Page, startCore } from '../harness.ts';
import { permitted } from './permitted.ts';

const PROCESS = '@tauri-apps/plugin-process';
const packageOf = (page: Page) => page.packages[PROCESS] as unknown as typeof processPlugin;

test('exit and relaunch ask the host, after the plugins heard of it', async () => {
  const heard: unknown[] = [];
  const listener = plugin({ name: 'listener', onEvent: (_app, event) => void heard.push(event) });
  const core = await startCore({ authority: permitted('process:default'), plugins: [listener] });
  const page = await openPage(core, 'main', { packages: [PROCESS] });
  heard.length = 0;
  expect(await outcome(packageOf(page).exit(3))).toEqual({ ok: undefined });
  expect(await outcome(packageOf(page).exit())).toEqual({ ok: undefined });
  expect(await outcome(packageOf(page).relaunch())).toEqual({ ok: undefined });
  expect(core.asked).toEqual([['exit', 3], ['exit', 0], ['restart']]);
  expect(heard).toEqual([
    { kind: 'ExitRequested', code: 3 },
    { kind: 'ExitRequested', code: 0 },
    { kind: 'ExitRequested', code: 2147483647 },
  ]);
});

test('without the permission the app goes on', async () => {
  const core = await startCore({ authority: permitted() });
  const page = await openPage(core, 'main', { packages: [PROCESS] });
  expect(await outcome(packageOf(page).exit(0))).toMatchObject({
    error: expect.stringContaining('process.exit not allowed'),
  });
  expect(await outcome(packageOf(page).relaunch())).toMatchObject({
    error: expect.stringContaining('process.restart not allowed'),
  });
  expect(core.asked).toEqual([]);
});

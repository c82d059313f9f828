import { expect, test } from 'vitest';
import { encodePng } from '../../../extension/plugins/png.ts';
import { outcome, TestApp } from './harness.ts';

test('the app says what it is, and resolves what only some platforms do', async () => {
  const page = (await TestApp.start()).open('main');
  const uuid = Array.from({ length: 16 }, (_, index) => index);
  const answers = [];
  for (const [command, args] of [
    ['name', {}],
    ['version', {}],
    ['tauri_version', {}],
    ['identifier', {}],
    ['bundle_type', {}],
    ['supports_multiple_windows', {}],
    ['app_show', {}],
    ['app_hide', {}],
    ['set_dock_visibility', { visible: true }],
    ['fetch_data_store_identifiers', {}],
    ['remove_data_store', { uuid }],
    ['register_listener', { event: 'back-button', handler: '__CHANNEL__:3' }],
    ['remove_listener', { event: 'back-button', channelId: 3 }],
    ['default_window_icon', {}],
  ] as const) {
    answers.push([command, await page.invoke(`plugin:app|${command}`, args)]);
  }
  expect(Object.fromEntries(answers)).toEqual({
    name: 'Test App',
    version: '1.2.3',
    tauri_version: '2.12.5',
    identifier: 'dev.test.app',
    bundle_type: null,
    supports_multiple_windows: true,
    app_show: null,
    app_hide: null,
    set_dock_visibility: null,
    fetch_data_store_identifiers: [],
    remove_data_store: null,
    register_listener: null,
    remove_listener: null,
    default_window_icon: null,
  });
});

test('the default icon is an image of the page that asked', async () => {
  const icon = encodePng({ width: 1, height: 1, rgba: Uint8Array.of(1, 2, 3, 4) });
  const app = await TestApp.start({ defaultIcon: async () => icon });
  const page = app.open('main');
  const rid = await page.invoke('plugin:app|default_window_icon');
  expect(rid).toBeGreaterThan(0);
  expect([
    await page.invoke('plugin:image|rgba', { rid }),
    await outcome(app.open('other').invoke('plugin:image|rgba', { rid })),
  ]).toEqual([Uint8Array.of(1, 2, 3, 4), { error: `The resource id ${String(rid)} is invalid.` }]);
});

test('the theme of the app is that of all its windows, also of later ones', async () => {
  const app = await TestApp.start();
  const page = app.open('main');
  app.open('other');
  const set = (theme: unknown) => outcome(page.invoke('plugin:app|set_app_theme', { theme }));
  expect(await set('light')).toEqual({ ok: null });
  const later = app.open('later');
  app.open({ label: 'own', theme: 'dark' });
  const themes = () => [...app.core.windows.values()].map(({ theme }) => theme);
  const before = themes();
  later.reload();
  await later.invoke('plugin:app|name');
  expect(later.heard).toContainEqual({ kind: 'change', property: 'colorScheme', value: 'light' });
  expect(await set(null)).toEqual({ ok: null });
  expect([before, themes()]).toEqual([
    ['light', 'light', 'light', 'dark'],
    ['dark', 'dark', 'dark', 'dark'],
  ]);
});

test('exit tells the plugins and the host', async () => {
  const app = await TestApp.start();
  const page = app.open('main');
  expect([
    await outcome(page.invoke('plugin:app|exit', { code: 3 })),
    await outcome(page.invoke('plugin:app|exit', {})),
    app.asked,
  ]).toEqual([
    { ok: null },
    { error: 'invalid args `code` for command `exit`: command exit missing required key code' },
    [['exit', 3]],
  ]);
});

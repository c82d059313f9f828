import { expect, test } from 'vitest';
import { outcome, TestApp, type TestPage } from './harness.ts';

const call = (page: TestPage, command: string, args: object = {}) =>
  outcome(page.invoke(`plugin:webview|${command}`, args));
const create = (page: TestPage, options: object) => call(page, 'create_webview_window', { options });

const changes = (page: TestPage) =>
  page.heard.flatMap((message) => (message['kind'] === 'change' ? [[message['property'], message['value']]] : []));

test('webviews are the windows, with both spellings of their window label', async () => {
  const app = await TestApp.start();
  const page = app.open('main');
  app.open('other');
  page.measure({});
  expect([
    await call(page, 'get_all_webviews'),
    await call(page, 'webview_position'),
    await call(page, 'webview_size'),
  ]).toEqual([
    {
      ok: [
        { windowLabel: 'main', window_label: 'main', label: 'main' },
        { windowLabel: 'other', window_label: 'other', label: 'other' },
      ],
    },
    { ok: { x: 0, y: 0 } },
    { ok: { width: 800, height: 601 } },
  ]);
});

test('a webview shows, focuses, zooms, prints, clears and closes', async () => {
  const app = await TestApp.start();
  const page = app.open('main');
  const other = app.open('other');
  for (const [command, args] of [
    ['set_webview_zoom', { value: 1.5 }],
    ['set_webview_background_color', { value: '#ffffff' }],
    ['print', {}],
    ['clear_all_browsing_data', {}],
    ['set_webview_auto_resize', { value: true }],
    ['webview_show', { label: 'other' }],
    ['set_webview_focus', {}],
    ['internal_toggle_devtools', {}],
    ['reparent', { window: 'nobody' }],
    ['webview_close', { label: 'other' }],
  ] as const) {
    expect([command, await call(page, command, args)]).toEqual([command, { ok: null }]);
  }
  expect(changes(page)).toEqual([
    ['zoom', 1.5],
    ['background', '#ffffffff'],
    ['edit', ['print', false, '']],
    ['clearData', true],
  ]);
  expect(app.asked).toEqual([
    ['reveal', 'other', false],
    ['reveal', 'main', true],
    ['toggleDevtools', 'main'],
    ['dispose', 'other'],
  ]);
  expect(other.window.over).toBe(true);
});

test('what a webview in a panel cannot do is rejected', async () => {
  const size = { value: { Logical: { width: 1, height: 1 } } };
  const position = { value: { Logical: { x: 1, y: 1 } } };
  const page = (await TestApp.start()).open('main');
  const fills = 'is not supported in a VS Code panel (the page always fills its panel)';
  expect([
    await call(page, 'create_webview', { windowLabel: 'main', options: { label: 'child' } }),
    await call(page, 'reparent', { window: 'main' }),
    await call(page, 'reparent', { label: 'nobody', window: 'main' }),
    await call(page, 'set_webview_size', size),
    await call(page, 'set_webview_position', position),
    await call(page, 'webview_hide'),
  ]).toEqual([
    { error: 'this feature requires the `unstable` flag on Cargo.toml' },
    { error: 'cannot reparent when using a WebviewWindow' },
    { error: 'webview not found' },
    { error: `webview.set_webview_size ${fills}` },
    { error: `webview.set_webview_position ${fills}` },
    { error: 'webview.webview_hide is not supported in a VS Code panel (a panel cannot hide, it can only close)' },
  ]);
  const lenient = (await TestApp.start({ lenient: true })).open('main');
  expect([
    await call(lenient, 'set_webview_size', size),
    await call(lenient, 'set_webview_position', position),
    await call(lenient, 'webview_hide'),
  ]).toEqual([{ ok: null }, { ok: null }, { ok: null }]);
});

test('a new window gets the options that a panel can follow; the rest is noted', async () => {
  const app = await TestApp.start();
  const page = app.open('main');
  const result = await create(page, {
    label: 'child',
    parent: 'main',
    url: 'second.html?x=1',
    title: 'Child',
    focus: false,
    visible: true,
    theme: 'Dark',
    backgroundColor: [1, 2, 3, 4],
    width: 300,
    resizable: false,
    x: null,
  });
  expect(result).toEqual({ ok: null });
  const child = app.pages.get('child') as TestPage;
  expect(child.window.options).toEqual({
    label: 'child',
    parent: 'main',
    url: 'second.html?x=1',
    title: 'Child',
    focus: false,
    visible: true,
    theme: 'dark',
    backgroundColor: '#01020304',
  });
  expect(await outcome(child.invoke('plugin:window|is_resizable'))).toEqual({ ok: false });
  const last = app.core.tap.next - 1;
  const notes = Array.from({ length: last }, (_, index) => app.core.tap.find(index + 1)?.note);
  expect(notes).toContain('"main" gave what a panel ignores: width');
  expect(changes(child)).toEqual([
    ['colorScheme', 'dark'],
    ['background', '#01020304'],
  ]);
});

test('addresses: pages of the app and of http; the app under its own origin is a path', async () => {
  const app = await TestApp.start();
  const page = app.open('main');
  const urls: unknown[] = [];
  for (const [index, url] of [
    'a/b.html',
    '/a',
    'https://example.com/x',
    'tauri://localhost/users/1',
    'http://tauri.localhost',
    'data:text/html,x',
    'doom://x',
  ].entries()) {
    const result = await create(page, { label: `w${index}`, url });
    urls.push('error' in result ? result.error : app.pages.get(`w${index}`)?.window.options.url);
  }
  expect(urls).toEqual([
    'a/b.html',
    '/a',
    'https://example.com/x',
    'users/1',
    'index.html',
    'invalid window url: data URLs are not supported without the `webview-data-url` feature.',
    'webview.create_webview_window is not supported in a VS Code panel (it shows pages of the app, http and https, not of "doom:")',
  ]);
});

test('bad windows are refused in the words of Tauri', async () => {
  const page = (await TestApp.start()).open('main');
  expect([
    await create(page, { label: 'main' }),
    await create(page, { label: 'a b' }),
    await create(page, { label: 'x', parent: 'nobody' }),
    await create(page, { label: 'x', visible: 'yes' }),
    await create(page, { label: 'x', url: 1 }),
    await call(page, 'create_webview_window'),
    await call(page, 'create_webview_window', { options: 'x' }),
  ]).toEqual([
    { error: 'a webview with label `main` already exists' },
    { error: 'runtime error: Window labels must only include alphanumeric characters, `-`, `/`, `:` and `_`.' },
    { error: 'window not found' },
    {
      error:
        'invalid args `options` for command `create_webview_window`: invalid type: string "yes", expected a boolean (at options.visible)',
    },
    {
      error:
        'invalid args `options` for command `create_webview_window`: invalid type: integer `1`, expected path string (at options.url)',
    },
    {
      error:
        'invalid args `options` for command `create_webview_window`: command create_webview_window missing required key options',
    },
    {
      error:
        'invalid args `options` for command `create_webview_window`: invalid type: string "x", expected struct WindowConfig',
    },
  ]);
  const unknown = (await create(page, { label: 'x', zzz: 1 })) as { error: string };
  expect(unknown.error).toMatch(
    /^invalid args `options` for command `create_webview_window`: unknown field `zzz`, expected one of `label`, `create`, `url`, /,
  );
});

test('without a host that opens windows, pages cannot', async () => {
  const app = await TestApp.start();
  const page = app.open('main');
  Object.assign(app.core, { openWindow: undefined });
  expect(await create(page, { label: 'x' })).toEqual({
    error: 'webview.create_webview_window is not supported in a VS Code panel (its windows come from the host alone)',
  });
});

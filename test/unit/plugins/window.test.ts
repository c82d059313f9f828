import { expect, test } from 'vitest';
import { outcome, TestApp, type TestPage } from './harness.ts';

const call = (page: TestPage, command: string, value?: unknown) =>
  outcome(page.invoke(`plugin:window|${command}`, value === undefined ? {} : { value }));

const MONITOR = {
  name: null,
  size: { width: 3840, height: 2160 },
  position: { x: 0, y: 0 },
  workArea: { position: { x: 0, y: 0 }, size: { width: 3840, height: 2160 } },
  scaleFactor: 2,
};

test('getters answer in the shapes that the npm package reads', async () => {
  const app = await TestApp.start();
  const page = app.open({ label: 'main', title: 'Hello', theme: 'light' });
  app.open('other');
  page.measure({});
  page.window.setFocused(true);
  const rows: Record<string, unknown> = {
    get_all_windows: ['main', 'other'],
    scale_factor: 2,
    inner_position: { x: 20, y: -10 },
    outer_position: { x: 20, y: -10 },
    inner_size: { width: 800, height: 601 },
    outer_size: { width: 800, height: 601 },
    is_fullscreen: false,
    is_minimized: false,
    is_maximized: false,
    is_focused: true,
    is_visible: true,
    is_decorated: true,
    is_resizable: true,
    is_closable: true,
    is_enabled: true,
    is_maximizable: false,
    is_minimizable: false,
    is_always_on_top: false,
    title: 'Hello',
    theme: 'light',
    current_monitor: MONITOR,
    primary_monitor: MONITOR,
    available_monitors: [MONITOR],
  };
  const answers: Record<string, unknown> = {};
  for (const name of Object.keys(rows)) answers[name] = await page.invoke(`plugin:window|${name}`);
  expect(answers).toEqual(rows);
  expect([
    await page.invoke('plugin:window|monitor_from_point', { x: 3839, y: 0 }),
    await page.invoke('plugin:window|monitor_from_point', { x: 3840, y: 0 }),
  ]).toEqual([MONITOR, null]);
});

test('a page that has not measured yet sees no monitor', async () => {
  const page = (await TestApp.start()).open('main');
  expect([await call(page, 'current_monitor'), await call(page, 'available_monitors')]).toEqual([
    { ok: null },
    { ok: [] },
  ]);
});

test('an absent, null or empty label is the caller; another is found among all windows, an unknown one is not', async () => {
  const app = await TestApp.start();
  const page = app.open({ label: 'main', title: 'Main' });
  app.open({ label: 'other', title: 'Other' });
  const title = (args: object) => outcome(page.invoke('plugin:window|title', args));
  expect([
    await title({}),
    await title({ label: null }),
    await title({ label: '' }),
    await title({ label: 'other' }),
    await title({ label: 'nobody' }),
    await title({ label: 1 }),
    await outcome(
      page.invoke('plugin:window|set_size', { label: 'nobody', value: { Logical: { width: 1, height: 1 } } }),
    ),
    await outcome(page.invoke('plugin:webview|webview_size', { label: 'nobody' })),
  ]).toEqual([
    { ok: 'Main' },
    { ok: 'Main' },
    { ok: 'Main' },
    { ok: 'Other' },
    { error: 'window not found' },
    { error: 'invalid args `label` for command `title`: invalid type: integer `1`, expected a string' },
    { error: 'window not found' },
    { error: 'webview not found' },
  ]);
});

test('setters without effect resolve, and their getters agree', async () => {
  const page = (await TestApp.start()).open('main');
  for (const [setter, getter, value] of [
    ['set_resizable', 'is_resizable', false],
    ['set_maximizable', 'is_maximizable', true],
    ['set_minimizable', 'is_minimizable', true],
    ['set_closable', 'is_closable', false],
    ['set_enabled', 'is_enabled', false],
    ['set_decorations', 'is_decorated', false],
    ['set_always_on_top', 'is_always_on_top', true],
  ] as const) {
    expect([setter, await call(page, setter, value), await call(page, getter)]).toEqual([
      setter,
      { ok: null },
      { ok: value },
    ]);
  }
  for (const [setter, value] of [
    ['set_focusable', true],
    ['set_shadow', true],
    ['set_always_on_bottom', true],
    ['set_visible_on_all_workspaces', true],
    ['set_content_protected', true],
    ['set_skip_taskbar', true],
    ['set_effects', { effects: ['blur'], radius: 3 }],
    ['set_effects', null],
    ['set_title_bar_style', 'overlay'],
    ['start_dragging', undefined],
    ['internal_toggle_maximize', undefined],
  ] as const) {
    expect([setter, await call(page, setter, value)]).toEqual([setter, { ok: null }]);
  }
});

const SIZE = { Logical: { width: 3, height: 4 } };

const REFUSED: readonly (readonly [command: string, value: unknown, reason: string])[] = [
  ['hide', undefined, 'a panel cannot hide, it can only close'],
  ['minimize', undefined, 'editors have no minimized state'],
  ['unminimize', undefined, 'editors have no minimized state'],
  ['center', undefined, 'VS Code decides where its editors are'],
  ['set_size', SIZE, 'VS Code decides the size of its editors'],
  ['set_min_size', null, 'VS Code decides the size of its editors'],
  ['set_max_size', { Physical: { width: 3, height: 4 } }, 'VS Code decides the size of its editors'],
  ['set_size_constraints', { minWidth: { Logical: 3 } }, 'VS Code decides the size of its editors'],
  ['set_position', { Physical: { x: 3, y: -4 } }, 'VS Code decides where its editors are'],
  ['set_fullscreen', true, 'only the whole window of VS Code can be fullscreen'],
  ['set_simple_fullscreen', true, 'only the whole window of VS Code can be fullscreen'],
  ['set_fullscreen_on_monitor', { x: 0, y: 0 }, 'only the whole window of VS Code can be fullscreen'],
  ['set_cursor_position', { Logical: { x: 3, y: 4 } }, 'no page may move or hold the pointer'],
  ['set_cursor_grab', true, 'no page may move or hold the pointer'],
  ['start_resize_dragging', 'NorthEast', 'VS Code decides the size of its editors'],
];

test('what a panel cannot do is rejected with the reason', async () => {
  const page = (await TestApp.start()).open('main');
  for (const [command, value, reason] of REFUSED) {
    const text = `window.${command} is not supported in a VS Code panel (${reason})`;
    expect(await call(page, command, value)).toEqual({ error: text });
  }
  expect([
    await call(page, 'cursor_position'),
    await outcome(page.invoke('plugin:window|create', { options: { label: 'x' } })),
  ]).toEqual([
    {
      error:
        'window.cursor_position is not supported in a VS Code panel (only the page itself sees the pointer, through its own events)',
    },
    {
      error:
        'window.create is not supported in a VS Code panel (a panel without a page makes no sense; open a WebviewWindow)',
    },
  ]);
});

test('with the lenient setting it resolves, leaves a note, and the getters agree', async () => {
  const app = await TestApp.start({ lenient: true });
  const page = app.open('main');
  for (const [command, value] of REFUSED)
    expect([command, await call(page, command, value)]).toEqual([command, { ok: null }]);
  await call(page, 'minimize');
  const notes = [];
  for (let id = 1; id < app.core.tap.next; id++) {
    const record = app.core.tap.find(id);
    if (record?.kind === 'problem') notes.push([record.name, record.status, record.note]);
  }
  expect(notes).toHaveLength(REFUSED.length + 1);
  expect(notes[4]).toEqual(['window.set_size', 'ok', 'had no effect: VS Code decides the size of its editors']);
  expect([
    await call(page, 'is_fullscreen'),
    await call(page, 'is_minimized'),
    await call(page, 'is_visible'),
    await call(page, 'show'),
    await call(page, 'is_visible'),
  ]).toEqual([{ ok: true }, { ok: true }, { ok: false }, { ok: null }, { ok: true }]);
});

test('values of a wrong type are refused in the words of serde, before anything else', async () => {
  const page = (await TestApp.start()).open('main');
  const rows: readonly (readonly [command: string, value: unknown, reason: string])[] = [
    ['set_size', undefined, 'command set_size missing required key value'],
    ['set_size', 3, 'invalid type: integer `3`, expected string or map'],
    ['set_size', { Foo: {} }, 'unknown variant `Foo`, expected `Physical` or `Logical`'],
    ['set_size', {}, 'invalid value: map, expected map with a single key'],
    ['set_size', { Logical: { width: 1 } }, 'missing field `height`'],
    ['set_size', { Logical: { width: 'x', height: 1 } }, 'invalid type: string "x", expected f64 (at Logical.width)'],
    ['set_size', 'Logical', 'invalid type: unit variant, expected newtype variant'],
    ['set_resizable', null, 'invalid type: null, expected a boolean'],
    ['set_title', 1, 'invalid type: integer `1`, expected a borrowed string'],
    ['set_theme', 1, 'invalid type: integer `1`, expected a string'],
    ['set_badge_count', 'x', 'invalid type: string "x", expected i64'],
    ['request_user_attention', { type: 'Nope' }, 'unknown variant `Nope`, expected `Critical` or `Informational`'],
    ['set_background_color', [1, 2], 'data did not match any variant of untagged enum InnerColor'],
    [
      'set_background_color',
      '#12',
      'Invalid hex color length, must be either 3, 6 or 8, for example: #fff, #ffffff, or #ffffffff',
    ],
    [
      'start_resize_dragging',
      'Up',
      'unknown variant `Up`, expected one of `East`, `North`, `NorthEast`, `NorthWest`, `South`, `SouthEast`, `SouthWest`, `West`',
    ],
  ];
  for (const [command, value, reason] of rows) {
    expect(await call(page, command, value)).toEqual({
      error: `invalid args \`value\` for command \`${command}\`: ${reason}`,
    });
  }
});

test('the host is asked for what only it can do', async () => {
  const app = await TestApp.start();
  const page = app.open({ label: 'main', title: 'Main' });
  const maximized: unknown[] = [];
  const steps = [
    ['set_title', 'New'],
    ['set_badge_count', 3],
    ['set_title', 'Newer'],
    ['set_badge_count', null],
    ['set_badge_label', 'hot'],
    ['set_badge_label', null],
    ['show'],
    ['set_focus'],
    ['request_user_attention', { type: 'Critical' }],
    ['request_user_attention', { type: 'Informational' }],
    ['request_user_attention', null],
    ['set_progress_bar', { status: 'paused', progress: 120 }],
    ['set_progress_bar', {}],
    ['maximize'],
    ['toggle_maximize'],
    ['toggle_maximize'],
    ['unmaximize'],
  ] as const;
  for (const [command, value] of steps) {
    expect([command, await call(page, command, value)]).toEqual([command, { ok: null }]);
    if (command.endsWith('maximize')) maximized.push(await page.invoke('plugin:window|is_maximized'));
  }
  expect(app.asked).toEqual([
    ['setTitle', 'main', 'New'],
    ['setTitle', 'main', '(3) New'],
    ['setTitle', 'main', 'Newer'],
    ['setTitle', 'main', '(3) Newer'],
    ['setTitle', 'main', 'Newer'],
    ['setTitle', 'main', '(hot) Newer'],
    ['setTitle', 'main', 'Newer'],
    ['reveal', 'main', false],
    ['reveal', 'main', true],
    ['requestAttention', 'main', 'critical'],
    ['requestAttention', 'main', 'informational'],
    ['requestAttention', 'main', null],
    ['setProgress', 'main', { status: 'paused', progress: 100 }],
    ['setProgress', 'main', { status: 'normal', progress: undefined }],
    ['maximize', 'main', true],
    ['maximize', 'main', false],
    ['maximize', 'main', true],
    ['maximize', 'main', false],
  ]);
  expect(maximized).toEqual([true, false, true, false]);
  expect(await page.invoke('plugin:window|title')).toBe('Newer');
});

test('a host that fails is heard by the page', async () => {
  const maximize = () => Promise.reject(new Error('no editor group'));
  const page = (await TestApp.start({ maximize })).open('main');
  expect([await call(page, 'maximize'), await call(page, 'is_maximized')]).toEqual([
    { error: 'no editor group' },
    { ok: false },
  ]);
});

const changes = (page: TestPage) =>
  page.heard.flatMap((message) => (message['kind'] === 'change' ? [[message['property'], message['value']]] : []));

test('what concerns the page itself is sent to it, and again after a reload', async () => {
  const app = await TestApp.start();
  const page = app.open('main');
  for (const [command, value] of [
    ['set_theme', 'LIGHT'],
    ['set_background_color', [1, 2, 3]],
    ['set_background_color', { red: 255, green: 0, blue: 0, alpha: 128 }],
    ['set_background_color', 'abc'],
    ['set_cursor_icon', 'notAllowed'],
    ['set_cursor_visible', false],
    ['set_cursor_icon', 'hand'],
    ['set_cursor_visible', true],
    ['set_cursor_icon', 'no such cursor'],
    ['set_ignore_cursor_events', true],
  ] as const) {
    expect([command, await call(page, command, value)]).toEqual([command, { ok: null }]);
  }
  expect(changes(page)).toEqual([
    ['colorScheme', 'light'],
    ['background', '#010203ff'],
    ['background', '#ff000080'],
    ['background', '#aabbccff'],
    ['cursor', 'not-allowed'],
    ['cursor', 'none'],
    ['cursor', 'none'],
    ['cursor', 'pointer'],
    ['cursor', 'default'],
    ['pointerEvents', 'none'],
  ]);
  page.heard.length = 0;
  page.reload();
  await page.invoke('plugin:window|title');
  expect(page.heard[0]).toEqual({ kind: 'welcome' });
  expect(changes(page)).toEqual([
    ['colorScheme', 'light'],
    ['background', '#aabbccff'],
    ['cursor', 'default'],
    ['pointerEvents', 'none'],
  ]);
  page.heard.length = 0;
  await call(page, 'set_background_color', null);
  await outcome(page.invoke('plugin:window|set_background_color', { color: '#000' }));
  expect(changes(page)).toEqual([
    ['background', null],
    ['background', '#000000ff'],
  ]);
});

test('a page that listens to close-requested decides; destroy does not ask', async () => {
  const app = await TestApp.start();
  const page = app.open('main');
  const other = app.open('other');
  await other.invoke('plugin:event|listen', {
    event: 'tauri://close-requested',
    target: { kind: 'Window', label: 'other' },
    handler: 7,
  });
  expect(await outcome(page.invoke('plugin:window|close', { label: 'other' }))).toEqual({ ok: null });
  expect([...app.core.windows.keys()]).toEqual(['main', 'other']);
  await other.invoke('plugin:window|title');
  expect(other.heard.some((message) => message['event'] === 'tauri://close-requested' && message['ids'])).toBe(true);
  expect(await outcome(page.invoke('plugin:window|destroy', { label: 'other' }))).toEqual({ ok: null });
  expect([...app.core.windows.keys()]).toEqual(['main']);
  app.open('third');
  expect(await outcome(page.invoke('plugin:window|close', { label: 'third' }))).toEqual({ ok: null });
  expect([...app.core.windows.keys()]).toEqual(['main']);
});

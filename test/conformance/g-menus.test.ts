import type { Core } from '#core/core.ts';
import { plugin } from '#core/plugin.ts';
import { expect, test } from 'vitest';
import { menuLines, type OpenMenu, TestMenus, TestTrays } from '../plugin-host.ts';
import { openPage, outcome, type Page, startCore, until } from './harness.ts';

/** A core whose menus the test looks at, and a page. */
async function start(settings: Parameters<typeof startCore>[0] = {}) {
  const menu = new TestMenus();
  const tray = new TestTrays();
  const core = await startCore({ ...settings, host: { menu, tray, ...settings.host } });
  return { core, menu, tray, page: await openPage(core, 'main') };
}

/** The menu that is open, once it is. */
async function opened({ open }: TestMenus): Promise<OpenMenu> {
  await until(() => open.length === 1);
  return open[0] as OpenMenu;
}

const heardBy = (page: Page) => (page.global as unknown as { heard: unknown[] }).heard;

test('G107 a menu of nested items: each action hears the id of its item, and items are of their classes', async () => {
  const { core, menu, page } = await start();
  const events: string[] = [];
  await core.addPlugin(
    plugin({ name: 'ear', onEvent: (_app, event) => event.kind === 'MenuEvent' && void events.push(event.id) }),
  );
  const kinds = await page.run(async (api) => {
    const { CheckMenuItem, IconMenuItem, Menu, MenuItem, PredefinedMenuItem, Submenu } = api.menu;
    const heard: unknown[] = ((window as unknown as { heard: unknown[] }).heard = []);
    const action = (name: string) => (id: string) => void heard.push([name, id]);
    const made = await Menu.new({
      id: 'context',
      items: [
        { id: 'open', text: '&Open…', accelerator: 'CmdOrCtrl+O', action: action('open') },
        await MenuItem.new({ id: 'shared', text: 'Made before', action: action('made before') }),
        { item: 'Separator' },
        { id: 'wrap', text: 'Wrap', checked: true, action: action('wrap') },
        { id: 'star', text: 'Star', icon: api.menu.NativeIcon.Bookmarks, action: action('star') },
        {
          text: 'More',
          id: 'more',
          items: [
            { id: 'deep', text: 'Deep', action: action('deep') },
            { text: 'Deeper', items: [{ id: 'deepest', text: 'Deepest', enabled: false }] },
          ],
        },
        { item: { About: { name: 'Test App', authors: ['Ada'] } }, text: 'About this' },
      ],
    });
    (window as unknown as { menu: unknown }).menu = made;
    const classes = { MenuItem, PredefinedMenuItem, CheckMenuItem, IconMenuItem, Submenu };
    const items = await made.items();
    return items.map((item) => [
      item.id,
      item.kind,
      Object.entries(classes)
        .filter(([, type]) => item instanceof type)
        .map(([name]) => name),
    ]);
  });
  expect(kinds).toEqual([
    ['open', 'MenuItem', ['MenuItem']],
    ['shared', 'MenuItem', ['MenuItem']],
    [expect.any(String), 'Predefined', ['PredefinedMenuItem']],
    ['wrap', 'Check', ['CheckMenuItem']],
    ['star', 'Icon', ['IconMenuItem']],
    ['more', 'Submenu', ['Submenu']],
    [expect.any(String), 'Predefined', ['PredefinedMenuItem']],
  ]);

  const popup = () => page.run(() => (window as unknown as { menu: { popup(): Promise<void> } }).menu.popup());
  for (const path of [['Open…'], ['Made before'], ['Wrap'], ['Star'], ['More', 'Deep']]) {
    const done = popup();
    const list = await opened(menu);
    if (path[0] === 'Open…') {
      expect(list.title).toBe('Tauri App');
      expect(menuLines(list.body)).toEqual([
        'Open… CmdOrCtrl+O',
        'Made before',
        '---',
        '[x] Wrap',
        'Star',
        'More >',
        '  Deep',
        '  Deeper >',
        '    Deepest (disabled)',
        'About this',
      ]);
    }
    list.choose(...path);
    await done;
  }
  await page.roundTrip();
  expect(heardBy(page)).toEqual([
    ['open', 'open'],
    ['made before', 'shared'],
    ['wrap', 'wrap'],
    ['star', 'star'],
    ['deep', 'deep'],
  ]);
  expect(events).toEqual(['open', 'shared', 'wrap', 'star', 'deep']);

  // A check mark follows the click; an item that does something by itself is no event.
  const about = popup();
  const list = await opened(menu);
  expect(menuLines(list.body)).toContain('[ ] Wrap');
  list.choose('About this');
  await about;
  expect(menu.abouts).toEqual([['About this', { name: 'Test App', authors: ['Ada'] }]]);
  expect(events).toHaveLength(5);
  expect(core.errors).toEqual([]);
});

test('items are put in, found, changed and taken out as in Tauri', async () => {
  const { page } = await start();
  const seen = await page.run(async ({ menu: { CheckMenuItem, IconMenuItem, Menu, MenuItem, Submenu } }) => {
    const log: unknown[] = [];
    const texts = async (of: { items(): Promise<{ text(): Promise<string> }[]> }) => {
      const found = [];
      for (const item of await of.items()) found.push(await item.text());
      log.push(found.join(' '));
    };
    const menu = await Menu.new();
    await menu.append({ text: 'c' });
    await menu.prepend([{ text: 'b' }, { text: 'a' }]);
    await menu.insert([{ text: 'x' }, { text: 'y' }], 1);
    await menu.insert({ text: 'z' }, 99);
    await texts(menu);

    const item = await MenuItem.new({ id: 'it', text: 'it' });
    await menu.append(item);
    const submenu = await Submenu.new({ text: 'sub', items: [item] });
    await menu.append(submenu);
    const again = await menu.get('it');
    log.push(again instanceof MenuItem, again?.rid === item.rid, await menu.get('nobody'));
    // One item in two menus, by three rids: it is the same.
    await again?.setText('changed');
    await texts(submenu);
    await menu.remove(item);
    await texts(menu);
    await texts(submenu);
    const removed = await submenu.removeAt(0);
    log.push(await removed?.text(), (await submenu.items()).length);

    const check = await CheckMenuItem.new({ text: 'check', checked: true });
    log.push(await check.isChecked(), await check.isEnabled());
    await check.setChecked(false);
    await check.setEnabled(false);
    await check.setAccelerator('Ctrl+K');
    log.push(await check.isChecked(), await check.isEnabled());
    const icon = await IconMenuItem.new({ text: 'icon', icon: [1, 2, 3] as unknown as string }).catch((error) => error);
    log.push(icon);
    const named = await IconMenuItem.new({ text: 'icon' });
    await named.setIcon('Home');
    await named.setIcon(null as unknown as string);
    await submenu.setAsHelpMenuForNSApp();
    await submenu.setAsWindowsMenuForNSApp();
    return log;
  });
  expect(seen).toEqual([
    'a x y b c z',
    true,
    false,
    null,
    'changed',
    'a x y b c z sub',
    'changed',
    'changed',
    0,
    true,
    true,
    false,
    false,
    'failed to process image: The image format could not be determined',
  ]);
});

test('what is no menu, or of another kind, is refused in the words of Tauri', async () => {
  const { core, page } = await start();
  const make = async (kind: string, options = {}) =>
    ((await page.invoke('plugin:menu|new', { kind, options, handler: '__CHANNEL__:9' })) as [number, string])[0];
  const [menu, item, predefined] = [
    await make('Menu'),
    await make('MenuItem'),
    await make('Predefined', { item: 'Separator' }),
  ];
  const call = (name: string, args: object) => outcome(page.invoke(`plugin:menu|${name}`, args));
  const kindError = { error: 'unexpected menu item kind' };
  expect(await call('append', { rid: item, kind: 'MenuItem', items: [] })).toEqual(kindError);
  expect(await call('items', { rid: item, kind: 'Check' })).toEqual(kindError);
  expect(await call('popup', { rid: item, kind: 'Icon', window: null, at: null })).toEqual(kindError);
  expect(await call('text', { rid: menu, kind: 'Menu' })).toEqual(kindError);
  expect(await call('append', { rid: menu, kind: 'Menu', items: [[menu, 'Menu']] })).toEqual(kindError);
  expect(await call('is_enabled', { rid: predefined, kind: 'Predefined' })).toEqual(kindError);
  expect(await call('set_accelerator', { rid: menu, kind: 'Submenu' })).toEqual(kindError);
  expect(await call('set_icon', { rid: item, kind: 'MenuItem', icon: null })).toEqual(kindError);
  const gone = (rid: number) => ({ error: `The resource id ${rid} is invalid.` });
  expect(await call('items', { rid: item, kind: 'Menu' })).toEqual(gone(item));
  expect(await call('is_checked', { rid: item })).toEqual(gone(item));
  expect(await call('set_as_app_menu', { rid: item })).toEqual(gone(item));
  expect(await call('append', { rid: menu, kind: 'Menu', items: [[1, 'MenuItem']] })).toEqual(gone(1));
  expect(await call('remove', { rid: menu, kind: 'Menu', item: [item, 'MenuItem'] })).toEqual({
    error: 'This menu item is not a child of this `Menu` or `Submenu`',
  });
  expect(await call('remove_at', { rid: menu, kind: 'Menu', position: 3 })).toEqual({ ok: null });
  expect(await call('items', { rid: menu, kind: 'Menue' })).toEqual({
    error:
      'invalid args `kind` for command `items`: unknown variant `Menue`, expected one of `Menu`, `MenuItem`, `Predefined`, `Submenu`, `Check`, `Icon`',
  });
  expect(await call('append', { rid: menu, kind: 'Menu', items: [{ txt: 'no' }] })).toEqual({
    error: expect.stringMatching(
      /^invalid args `items` for command `append`: data did not match any variant of untagged enum MenuItemPayloadKind/,
    ),
  });
  expect(await call('popup', { rid: menu, kind: 'Menu', window: 'nobody', at: null })).toEqual({ ok: null });
  // A rid is a page's own.
  const other = await openPage(core, 'other');
  expect(await outcome(other.invoke('plugin:menu|items', { rid: menu, kind: 'Menu' }))).toEqual(gone(menu));
  expect(core.errors).toEqual([]);
});

test('the menu of the app is that of all windows without their own, and goes with the page that set it', async () => {
  const { core, menu, page } = await start();
  const other = await openPage(core, 'other');
  const set = (on: Page, method: 'setAsAppMenu' | 'setAsWindowMenu', id: string) =>
    on.run(
      async (api, method, id) => {
        (window as unknown as { heard: unknown[] }).heard ??= [];
        const action = (chosen: string) => void (window as unknown as { heard: unknown[] }).heard.push(chosen);
        const made = await api.menu.Menu.new({ id, items: [{ id: `${id} item`, text: id, action }] });
        return (await made[method]())?.id ?? null;
      },
      method,
      id,
    );
  expect(menu.offered.windows).toEqual([]);
  expect(await set(page, 'setAsAppMenu', 'first')).toBe(null);
  expect(await set(page, 'setAsAppMenu', 'second')).toBe('first');
  expect(menu.offered.windows).toEqual(['main', 'other']);
  expect(await set(other, 'setAsWindowMenu', 'own')).toBe('second');

  const choose = async (label: string, item: string) => {
    const done = menu.offered.open(label);
    (await opened(menu)).choose(item);
    await done;
  };
  await choose('main', 'second');
  await choose('other', 'own');
  await Promise.all([page.roundTrip(), other.roundTrip()]);
  expect([heardBy(page), heardBy(other)]).toEqual([['second item'], ['own item']]);

  // A reload: what the page set is gone with its actions.
  await page.reload();
  expect(menu.offered.windows).toEqual(['other']);
  other.close();
  expect(menu.offered.windows).toEqual([]);
});

test('a menu closes with its page and with the app', async () => {
  const { core, menu, page } = await start();
  const popup = () => void page.run(async (api) => (await api.menu.Menu.new({ items: [{ text: 'a' }] })).popup());
  popup();
  await opened(menu);
  await page.reload();
  expect(menu.open).toEqual([]);
  popup();
  await opened(menu);
  core.dispose();
  expect(menu.open).toEqual([]);
});

test('predefined items do what there is in a panel', async () => {
  const { core, menu, page } = await start();
  const commands: unknown[] = [];
  Object.assign(page.global, {
    document: Object.assign(page.global.document, {
      execCommand: (...args: unknown[]) => void commands.push([...args]),
    }),
    getSelection: () => 'what is selected',
  });
  menu.clipboard = 'from elsewhere';
  const exits: unknown[] = [];
  await core.addPlugin(
    plugin({ name: 'ear', onEvent: (_app, event) => event.kind === 'ExitRequested' && void exits.push(event.code) }),
  );
  const names = ['Paste', 'SelectAll', 'Undo', 'Redo', 'Copy', 'Cut', 'Services', 'CloseWindow', 'Quit'];
  await page.run(async (api, names) => {
    const items = names.map((item) => ({ item, text: item }) as { item: 'Copy' });
    const made = await api.menu.Menu.new({ items });
    await made.setAsAppMenu();
  }, names);
  const choose = async (name: string) => {
    const done = menu.offered.open('main');
    (await opened(menu)).choose(name);
    await done;
    await page.roundTrip();
  };
  for (const name of names.slice(0, 5)) await choose(name);
  expect(commands).toEqual([
    ['insertText', false, 'from elsewhere'],
    ['selectAll', false, ''],
    ['undo', false, ''],
    ['redo', false, ''],
  ]);
  expect(menu.clipboard).toBe('what is selected');
  await choose('Cut');
  expect(commands.at(-1)).toEqual(['delete', false, '']);
  await choose('Services');
  expect([...core.tap.records()].find(({ name }) => name === 'menu Services')?.note).toBe(
    '"Services" had no effect: a panel has nothing like it',
  );
  const quit = menu.offered.open('main');
  (await opened(menu)).choose('Quit');
  await quit;
  expect([exits, core.asked]).toEqual([[undefined], [['exit', 0]]]);
  const close = menu.offered.open('main');
  (await opened(menu)).choose('CloseWindow');
  await close;
  expect(core.windows.size).toBe(0);
});

test('the default menu is that of this system', async () => {
  const { menu, page } = await start();
  const done = page.run(async (api) => (await api.menu.Menu.default()).popup());
  const list = await opened(menu);
  expect(menuLines(list.body)).toEqual([
    'Edit >',
    '  Undo CmdOrCtrl+Z',
    '  Redo CmdOrCtrl+Shift+Z',
    '  ---',
    '  Cut CmdOrCtrl+X',
    '  Copy CmdOrCtrl+C',
    '  Paste CmdOrCtrl+V',
    '  Select All CmdOrCtrl+A',
    'Window >',
    '  Minimize',
    '  Maximize',
    '  Close Window',
    'Help >',
    '  About',
  ]);
  list.choose('Help', 'About');
  await done;
  expect(menu.abouts).toEqual([['About', { name: 'Test App', version: '1.2.3' }]]);
});

async function trayPage(): Promise<{ core: Core; menu: TestMenus; tray: TestTrays; page: Page }> {
  const started = await start();
  await started.page.run(async (api) => {
    const heard: unknown[] = ((window as unknown as { heard: unknown[] }).heard = []);
    const menu = await api.menu.Menu.new({
      items: [{ id: 'quit', text: 'Quit', action: (id) => void heard.push(id) }],
    });
    await api.tray.TrayIcon.new({
      id: 'tray',
      title: 'Title',
      tooltip: 'Tooltip',
      icon: new api.image.Image(0).rid === 0 ? await api.image.Image.new([1, 2, 3, 4], 1, 1) : '',
      menu,
      action: (event) =>
        void heard.push([
          event.type,
          event.id,
          'buttonState' in event && [event.button, event.buttonState],
          event.position instanceof api.dpi.PhysicalPosition,
          event.rect.size instanceof api.dpi.PhysicalSize,
        ]),
    });
  });
  return started;
}

test('a tray shows what it was told, its clicks are heard, and its menu opens as it was set', async () => {
  const { menu, tray, page } = await trayPage();
  const shown = tray.shown.get('tray');
  expect(shown?.state).toMatchObject({ title: 'Title', tooltip: 'Tooltip', visible: true, menu: true });
  expect(shown?.state.icon?.rgba).toEqual(Uint8Array.of(1, 2, 3, 4));

  shown?.click();
  (await opened(menu)).choose('Quit');
  await until(() => heardBy(page).length === 3);
  expect(heardBy(page)).toEqual([
    ['Click', 'tray', ['Left', 'Down'], true, true],
    ['Click', 'tray', ['Left', 'Up'], true, true],
    'quit',
  ]);

  await page.run(async (api) => {
    const found = await api.tray.TrayIcon.getById('tray');
    await found?.setShowMenuOnLeftClick(false);
    await found?.setTitle(null);
    await found?.setTooltip('Other');
    await found?.setIcon(null);
    await found?.setTempDirPath('/tmp');
    await found?.setIconAsTemplate(true);
  });
  expect(shown?.state).toMatchObject({ title: undefined, tooltip: 'Other', icon: undefined });
  shown?.click();
  await page.roundTrip();
  expect(menu.open).toEqual([]);
  shown?.menu();
  (await opened(menu)).choose();

  await page.run(async (api) => {
    const found = await api.tray.TrayIcon.getById('tray');
    await found?.setMenu(null);
    await found?.setVisible(false);
    await found?.setIconWithAsTemplate([0x89], false).catch(() => null);
  });
  expect(shown?.state).toMatchObject({ menu: false, visible: false });
});

test('a tray is found and removed by its id, and goes with its page and the app', async () => {
  const { core, tray, page } = await trayPage();
  const other = await openPage(core, 'other');
  const rid = await other.invoke('plugin:tray|get_by_id', { id: 'tray' });
  expect(rid).toBe(await page.invoke('plugin:tray|get_by_id', { id: 'tray' }));
  expect(await outcome(other.invoke('plugin:tray|set_title', { rid, title: 'From another window' }))).toEqual({
    ok: null,
  });
  expect(await other.run((api) => api.tray.TrayIcon.getById('nobody'))).toBe(null);
  expect(await outcome(other.run((api) => api.tray.TrayIcon.removeById('nobody')))).toEqual({
    error: "Can't find a tray associated with this id: nobody",
  });
  expect(await outcome(page.invoke('plugin:tray|set_menu', { rid, menu: [1, 'MenuItem'] }))).toEqual({
    error: 'unexpected menu item kind',
  });
  expect(await outcome(other.run((api) => api.tray.TrayIcon.removeById('tray')))).toEqual({ ok: null });
  expect(tray.shown.size).toBe(0);
  expect(await outcome(page.invoke('plugin:tray|set_title', { rid, title: '' }))).toEqual({
    error: `The resource id ${String(rid)} is invalid.`,
  });

  const make = (of: Page) => of.run(async (api) => void (await api.tray.TrayIcon.new({ title: 'again' })));
  await make(page);
  await make(other);
  expect(tray.shown.size).toBe(2);
  await page.reload();
  expect(tray.shown.size).toBe(1);
  core.dispose();
  expect(tray.shown.size).toBe(0);
});

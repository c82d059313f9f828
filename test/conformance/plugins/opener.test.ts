import { mkdtempSync, realpathSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type * as opener from '@tauri-apps/plugin-opener';
import { expect, onTestFinished, test } from 'vitest';
import { thisSystem } from '../../../extension/plugins/directories.ts';
import type { OpenerHost } from '../../../extension/plugins/opener.ts';
import { testPluginHost } from '../../plugin-host.ts';
import { type CoreSettings, openPage, outcome, type Page, startCore, type TestCore, until } from '../harness.ts';
import { permitted } from './permitted.ts';

const OPENER = '@tauri-apps/plugin-opener';

async function start(permissions: readonly unknown[], settings: CoreSettings = {}) {
  const folder = realpathSync(mkdtempSync(join(tmpdir(), 'opener-')));
  onTestFinished(() => rmSync(folder, { recursive: true, force: true }));
  const host = { cwd: folder, system: thisSystem(), ...settings.host };
  const core = await startCore({ authority: permitted(...permissions), ...settings, host });
  return { core, folder, page: await openPage(core, 'main', { packages: [OPENER] }) };
}

const packageOf = (page: Page) => page.packages[OPENER] as unknown as typeof opener;

/** How a call ended, and what the host was asked for. */
const seen = async (core: TestCore, call: Promise<unknown>) => [await outcome(call), core.asked.splice(0)];

test('a URL opens by the default scope, as it is written', async () => {
  const { core, page } = await start(['opener:default']);
  const { openUrl } = packageOf(page);
  const open = (url: string | URL, app?: string) => seen(core, openUrl(url, app));
  const opened = (url: string) => [{ ok: undefined }, [['openUrl', url]]];
  expect(await open('https://tauri.app/?q=a%20b&c=d#e')).toEqual(opened('https://tauri.app/?q=a%20b&c=d#e'));
  expect(await open('mailto:a@b.c')).toEqual(opened('mailto:a@b.c'));
  const url = page.run(() => new URL('https://tauri.app'));
  expect(await open(url)).toEqual(opened('https://tauri.app/'));
  for (const refused of [
    'HTTPS://tauri.app',
    'file:///etc/passwd',
    'vscode://a.b/c',
    'command:workbench.action.quit',
    '/etc/passwd',
    ' https://x.y',
  ]) {
    expect(await open(refused)).toEqual([{ error: `Not allowed to open url ${refused}` }, []]);
  }
  expect(await open('https://tauri.app', 'firefox')).toEqual([
    { error: 'Not allowed to open url https://tauri.app with firefox' },
    [],
  ]);
});

test('what VS Code or its user does not open is a rejection', async () => {
  const opener: OpenerHost = { ...testPluginHost([]).opener, openUrl: async () => false };
  const { page } = await start(['opener:default'], { host: { opener } });
  expect(await outcome(packageOf(page).openUrl('https://x.y'))).toEqual({ error: 'VS Code did not open https://x.y' });
});

test('the browser inside of the app is that of VS Code, and only where the scope has it', async () => {
  const scope = {
    identifier: 'opener:allow-open-url',
    allow: [
      { url: 'https://*', app: 'inAppBrowser' },
      { url: 'mailto:*', app: true },
    ],
  };
  const { core, page } = await start([scope]);
  const { openUrl } = packageOf(page);
  expect(await seen(core, openUrl('https://tauri.app', 'inAppBrowser'))).toEqual([
    { ok: undefined },
    [['browse', 'https://tauri.app']],
  ]);
  expect(await seen(core, openUrl('mailto:a@b.c', 'inAppBrowser'))).toEqual([
    { error: 'opener.open_url is not supported in a VS Code panel (its browser shows only http and https)' },
    [],
  ]);
  expect(await seen(core, openUrl('https://tauri.app'))).toEqual([
    { error: 'Not allowed to open url https://tauri.app' },
    [],
  ]);
});

test('a program that the scope names is not started where the user would not see it', async () => {
  const scope = { identifier: 'opener:allow-open-url', allow: [{ url: 'https://*', app: 'firefox' }] };
  const opener: OpenerHost = { ...testPluginHost([]).opener, local: false };
  const { page } = await start([scope], { host: { opener } });
  expect(await outcome(packageOf(page).openUrl('https://x.y', 'firefox'))).toEqual({
    error:
      'opener.open_url is not supported in a VS Code panel (firefox would open on the machine of the extension host, not on yours)',
  });
});

test('a path opens by a scope of paths, and only where it is', async () => {
  const { core, page, folder } = await start(['opener:default']);
  const paths = packageOf(page);
  expect(await outcome(paths.openPath(folder))).toMatchObject({
    error: expect.stringContaining('opener.open_path not allowed'),
  });
  core.authority = permitted('opener:default', 'opener:allow-open-path');
  expect(await outcome(paths.openPath(folder))).toEqual({ error: `Not allowed to open path ${folder}` });
  core.authority = permitted({ identifier: 'opener:allow-open-path', allow: [{ path: `${folder}/**` }] });
  writeFileSync(join(folder, 'a.txt'), '');
  symlinkSync('/etc/passwd', join(folder, 'link'));
  expect(await seen(core, paths.openPath(`${folder}/a.txt`))).toEqual([
    { ok: undefined },
    [['openPath', join(folder, 'a.txt')]],
  ]);
  expect(await seen(core, paths.openPath(`${folder}/b.txt`))).toEqual([
    { error: 'No such file or directory (os error 2)' },
    [],
  ]);
  for (const path of ['/etc/passwd', `${folder}/../etc/passwd`, join(folder, 'link'), `${folder}/a.txt\0`, '-x']) {
    expect(await seen(core, paths.openPath(path))).toEqual([{ error: `Not allowed to open path ${path}` }, []]);
  }
  expect(await seen(core, paths.openPath(`${folder}/a.txt`, 'vlc'))).toEqual([
    { error: `Not allowed to open path ${folder}/a.txt with vlc` },
    [],
  ]);
});

test('items are shown where they lie, all or none', async () => {
  const { core, page, folder } = await start(['opener:default']);
  const { revealItemInDir } = packageOf(page);
  writeFileSync(join(folder, 'a.txt'), '');
  symlinkSync('a.txt', join(folder, 'link'));
  expect(await seen(core, revealItemInDir(join(folder, 'a.txt')))).toEqual([
    { ok: null },
    [['reveal', join(folder, 'a.txt')]],
  ]);
  expect(await seen(core, revealItemInDir([join(folder, 'link'), folder]))).toEqual([
    { ok: null },
    [
      ['reveal', join(folder, 'a.txt')],
      ['reveal', folder],
    ],
  ]);
  expect(await seen(core, revealItemInDir([folder, join(folder, 'none')]))).toEqual([
    { error: 'No such file or directory (os error 2)' },
    [],
  ]);
  // What releases of the npm package before 2.5 call.
  const before = page.invoke('plugin:opener|reveal_item_in_dir', { path: join(folder, 'a.txt') });
  expect(await seen(core, before)).toEqual([{ ok: null }, [['reveal', join(folder, 'a.txt')]]]);
  expect(await seen(core, page.invoke('plugin:opener|reveal_item_in_dir', {}))).toEqual([
    {
      error:
        'invalid args `paths` for command `reveal_item_in_dir`: command reveal_item_in_dir missing required key paths',
    },
    [],
  ]);
});

// ---- clicks on links

/** A click on a link of the page, as far as the scripts look at one. */
function clickOn(page: Page, link: { href: string; target?: string; nodeName?: string }, event: object = {}) {
  let prevented = false;
  const anchor = { nodeName: 'A', target: '', ...link };
  const click = {
    button: 0,
    composedPath: () => [{ nodeName: 'SPAN' }, anchor, { nodeName: 'BODY' }, {}],
    preventDefault: () => (prevented = true),
    ...event,
  };
  page.dispatch('click', click);
  return prevented;
}

test('a click on a link that leads outside ends in the opener, where permission and scope allow it', async () => {
  const { core, page } = await start(['opener:default']);
  const clicked = async (link: { href: string; target?: string; nodeName?: string }, event?: object) => {
    clickOn(page, link, event);
    await page.roundTrip();
    return core.asked.splice(0);
  };
  const out = { href: 'https://tauri.app/?a=b', target: '_blank' };
  expect(await clicked(out)).toEqual([['openUrl', 'https://tauri.app/?a=b']]);
  expect(await clicked({ href: 'mailto:a@b.c' }, { ctrlKey: true })).toEqual([['openUrl', 'mailto:a@b.c']]);
  expect(await clicked({ href: 'tel:123' }, { shiftKey: true })).toEqual([['openUrl', 'tel:123']]);
  expect(await clicked({ ...out, nodeName: 'a' })).toHaveLength(1);
  const others: [link: { href: string; target?: string; nodeName?: string }, event?: object][] = [
    [{ href: 'https://tauri.app' }],
    [{ href: '', target: '_blank' }],
    [{ href: 'file:///etc/passwd', target: '_blank' }],
    [{ href: 'javascript:alert(1)', target: '_blank' }],
    [{ ...out, nodeName: 'DIV' }],
    [out, { button: 1 }],
    [out, { metaKey: true }],
    [out, { altKey: true }],
    [out, { defaultPrevented: true }],
  ];
  for (const [link, event] of others) expect(await clicked(link, event)).toEqual([]);

  // Without the permission the click is a refused call, which the inspector shows; and so it is without the scope.
  core.authority = permitted();
  expect(await clicked(out)).toEqual([]);
  core.authority = permitted('opener:allow-open-url');
  expect(await clicked(out)).toEqual([]);
  const refused = [...core.tap.records()].filter(
    ({ name, status }) => name === 'plugin:opener|open_url' && status !== 'ok',
  );
  expect(refused).toHaveLength(2);
  await until(() => page.console.length === 2);
  expect(page.console).toEqual([
    expect.stringContaining('opener.open_url not allowed'),
    'Not allowed to open url https://tauri.app/?a=b',
  ]);
});

test('the shell plugin has the links where its permission is the only one', async () => {
  const clicks: ((event: object) => void)[] = [];
  const withBody = (page: Page) => {
    const body = {
      addEventListener: (type: string, listener: (event: object) => void) => type === 'click' && clicks.push(listener),
    };
    Object.assign(page.global.document, { body });
    page.dispatch('DOMContentLoaded');
  };
  const element = (tag: string, more: object = {}) => ({ matches: (name: string) => name === tag, ...more });
  const link = element('a', { href: 'https://tauri.app/x', target: '_blank' });
  const click = (target: object) => clicks.forEach((each) => each({ target, preventDefault: () => undefined }));

  const { core, page } = await start(['opener:default']);
  withBody(page);
  expect(clicks).toEqual([]);

  core.authority = permitted('shell:default');
  await page.reload();
  withBody(page);
  expect(clicks).toHaveLength(1);
  click(element('span', { parentElement: link }));
  await page.roundTrip();
  expect(core.asked.splice(0)).toEqual([['openUrl', 'https://tauri.app/x']]);
  click(element('a', { href: 'https://tauri.app/x', target: '' }));
  click(element('a', { href: 'file:///etc/passwd', target: '_blank' }));
  click(element('span', { parentElement: null }));
  await page.roundTrip();
  expect(core.asked).toEqual([]);
});

/** Pages that take too much: more than the host has, or more than the user can bear. */
import { execFileSync } from 'node:child_process';
import { existsSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, onTestFinished, test } from 'vitest';
import type { TestMenus, TestTrays } from '../../plugin-host.ts';
import { outcome, type Page, until } from '../harness.ts';
import { openPermitted } from './permitted-page.ts';
import { WebSocketServer } from 'ws';
import { serve } from './servers.ts';

function appHome() {
  const home = mkdtempSync(join(tmpdir(), 'flood-'));
  onTestFinished(() => rmSync(home, { recursive: true, force: true }));
  const system = { platform: process.platform, env: { HOME: home, APPDATA: home }, home, readText: () => undefined };
  return { home, host: { cwd: home, system } };
}

/** How often `ask` is granted, and what is said when it is not. */
async function flood(count: number, ask: (index: number) => Promise<unknown>) {
  const outcomes = await Promise.all(Array.from({ length: count }, (_, index) => outcome(ask(index))));
  const errors = outcomes.flatMap((each) => ('error' in each ? [String(each.error)] : []));
  return { granted: count - errors.length, errors: [...new Set(errors)] };
}

test('tray icons are few, and one that is gone leaves its place', async () => {
  const { core, page } = await openPermitted([], []);
  const make = (id: string) => page.run((api, name) => api.tray.TrayIcon.new({ id: name }), id);
  const { granted, errors } = await flood(40, (index) => make(`t${index}`));
  expect({ granted, errors }).toEqual({ granted: 16, errors: ['too many tray icons: an app may have 16'] });
  const { shown } = core.pluginHost.tray as TestTrays;
  expect(shown.size).toBe(16);
  const before = page.connection.resources.size;
  for (let round = 0; round < 20; round++) {
    await page.run((api, id) => api.tray.TrayIcon.removeById(id), `t${round % 2 === 0 ? 0 : 'again'}`);
    await make(`t${round % 2 === 0 ? 'again' : 0}`);
  }
  expect(page.connection.resources.size).toBeLessThanOrEqual(before + 20 * 2);
  expect(shown.size).toBe(16);
});

test('a page that asks for attention without end is not shown without end', async () => {
  const { core, page } = await openPermitted(['core:window:allow-request-user-attention'], []);
  const { granted, errors } = await flood(40, () =>
    page.run((api) => api.window.getCurrentWindow().requestUserAttention(api.window.UserAttentionType.Critical)),
  );
  expect({ granted, errors }).toEqual({ granted: 10, errors: [expect.stringMatching(/^too many notifications/)] });
  expect(core.asked.filter(([name]) => name === 'requestAttention')).toHaveLength(10);
});

test('menus open one at a time, and those of a page that does not stop come to a rest', async () => {
  const { core, page } = await openPermitted([], []);
  const { open } = core.pluginHost.menu as TestMenus;
  const popup = () =>
    page.run(async (api) => {
      const menu = await api.menu.Menu.new({ items: [{ text: 'x' }] });
      await menu.popup();
    });
  const all = flood(30, popup);
  await until(() => open.length === 1);
  await page.roundTrip();
  expect(open).toHaveLength(1);
  for (let left = 8; left > 0; left--) {
    await until(() => open.length === 1);
    open[0]?.choose();
  }
  expect(await all).toEqual({ granted: 8, errors: [expect.stringMatching(/^menu\.popup: too many dialogs at once/)] });
});

test('what opens outside of VS Code opens so often, and no more', async () => {
  const { core, page } = await openPermitted(['opener:default', 'shell:allow-open'], ['@tauri-apps/plugin-opener']);
  const opener = page.packages['@tauri-apps/plugin-opener'] as { openUrl(url: string): Promise<void> };
  let granted = 0;
  for (let index = 0; index < 30; index++) {
    if ('ok' in (await outcome(opener.openUrl(`https://a.example/${index}`)))) granted++;
  }
  expect(granted).toBe(10);
  expect(core.asked.filter(([name]) => name === 'openUrl')).toHaveLength(10);
  const paths = Array.from({ length: 21 }, () => '/');
  const revealed = await outcome(page.invoke('plugin:opener|reveal_item_in_dir', { paths }));
  expect(revealed).toEqual({ error: 'too many paths at once: 20 may be shown' });
  granted = 0;
  for (let index = 0; index < 30; index++) {
    if ('ok' in (await outcome(page.invoke('plugin:shell|open', { path: 'https://a.example/' })))) granted++;
  }
  expect(granted).toBe(10);
});

async function database() {
  const opened = await openPermitted(['sql:default'], ['@tauri-apps/plugin-sql'], { host: appHome().host });
  const load = (url: string) => opened.page.invoke('plugin:sql|load', { db: url });
  const select = (query: string) =>
    opened.page.invoke('plugin:sql|select', { db: 'sqlite::memory:', query, values: [] });
  return { ...opened, load, select };
}

test('databases are few: each is a thread; one that is closed leaves its place', async () => {
  const { page, load } = await database();
  const { granted, errors } = await flood(50, (index) => load(`sqlite:${'./'.repeat(index)}a.db`));
  expect(granted).toBe(32);
  expect(errors).toEqual(['too many databases: 32 of the app are open, close some']);
  await page.invoke('plugin:sql|close', { db: 'sqlite:a.db' });
  await expect.poll(() => outcome(load('sqlite:b.db'))).toEqual({ ok: 'sqlite:b.db' });
  expect(await outcome(load('sqlite:c.db'))).toMatchObject({ error: errors[0] });
});

test.each([
  ['bytes, which are numbers in a list', 'SELECT zeroblob(20000000) AS b'],
  ['many small rows', 'WITH RECURSIVE c(a) AS (SELECT 1 UNION ALL SELECT a + 1 FROM c LIMIT 2200000) SELECT a FROM c'],
])('a result is measured by what it takes here: %s', async (_what, query) => {
  const { load, select } = await database();
  await load('sqlite::memory:');
  expect(await outcome(select(query))).toEqual({ error: 'the result has more than 128 MiB: use LIMIT' });
});

test('connections are so many, also those that are being made', async () => {
  const { server, host } = await serve((_request, response) => response.end());
  const sockets = new WebSocketServer({ server });
  onTestFinished(() => sockets.close());
  const { page } = await openPermitted(['websocket:default'], []);
  const connect = () =>
    page.run(
      (api, url) => api.core.invoke('plugin:websocket|connect', { url, onMessage: new api.core.Channel() }),
      `ws://${host}`,
    );
  const { granted, errors } = await flood(300, connect);
  expect({ granted, errors }).toEqual({
    granted: 256,
    errors: ['too many connections at once: 256 of the app are open'],
  });
  await page.reload();
  await expect.poll(async () => 'ok' in (await outcome(connect()))).toBe(true);
});

async function stores() {
  const { home, host } = appHome();
  const { page } = await openPermitted(['store:default'], ['@tauri-apps/plugin-store'], { host });
  return { home, load: (path: string) => loadStore(page, path) };
}
const loadStore = (page: Page, path: string) =>
  page.invoke('plugin:store|load', { path, options: { autoSave: false } });

test('stores are so many', async () => {
  const { load } = await stores();
  const { granted, errors } = await flood(300, (index) => load(`s${index}.json`));
  expect({ granted, errors }).toEqual({ granted: 256, errors: ['too many stores: 256 of the app are open'] });
});

test.runIf(existsSync('/dev/zero'))(
  'a store that is a pipe, a device or far too large is refused, and nothing waits',
  async () => {
    const { home, load } = await stores();
    const pipe = join(home, 'pipe');
    execFileSync('mkfifo', [pipe]);
    expect(await outcome(load(pipe))).toEqual({ error: 'Invalid argument (os error 22)' });
    expect(await outcome(load('/dev/zero'))).toEqual({ error: 'Invalid argument (os error 22)' });
    const large = join(home, 'large.json');
    writeFileSync(large, Buffer.alloc(65 * 1024 * 1024, ' '));
    expect(await outcome(load(large))).toEqual({ error: 'File too large (os error 27)' });
  },
);

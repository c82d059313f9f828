import {
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  symlinkSync,
  writeFileSync,
  mkdirSync,
  existsSync,
  lstatSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type * as store from '@tauri-apps/plugin-store';
import { expect, onTestFinished, test, vi } from 'vitest';
import type { System } from '../../../extension/plugins/directories.ts';
import { openPage, outcome, type Page, startCore, until } from '../harness.ts';

const PACKAGE = '@tauri-apps/plugin-store';

/** A core whose AppData is a folder of this test. */
async function start() {
  const home = mkdtempSync(join(tmpdir(), 'store-'));
  onTestFinished(() => rmSync(home, { recursive: true, force: true }));
  const system: System = { platform: 'linux', env: {}, home, readText: () => undefined };
  const folder = join(home, '.local/share/dev.test.app');
  mkdirSync(folder, { recursive: true });
  const file = (name: string) => join(folder, name);
  const core = await startCore({ host: { system } });
  return {
    core,
    folder,
    file,
    open: (label: string) => openPage(core, label, { packages: [PACKAGE] }),
    read: (name: string): unknown => JSON.parse(readFileSync(file(name), 'utf8')),
    write: (name: string, text: string) => writeFileSync(file(name), text),
  };
}

const packageOf = (page: Page) => page.packages[PACKAGE] as unknown as typeof store;

test('values are set, got, listed and deleted, and the file is written a moment after the last change', async () => {
  const { folder, open, read } = await start();
  const { load } = packageOf(await open('main'));
  const settings = await load('settings.json', { defaults: { theme: 'dark' } });
  await settings.set('size', { width: 1 });
  await settings.set('nothing', null);
  await settings.set('__proto__', 'a key like others');
  expect([
    await settings.get('theme'),
    await settings.get('size'),
    await settings.get('nothing'),
    await settings.get('missing'),
    await settings.has('nothing'),
    await settings.has('toString'),
    await settings.length(),
    await settings.keys(),
    await settings.values(),
    await settings.entries(),
    await settings.delete('theme'),
    await settings.delete('theme'),
  ]).toEqual([
    'dark',
    { width: 1 },
    null,
    undefined,
    true,
    false,
    4,
    ['theme', 'size', 'nothing', '__proto__'],
    ['dark', { width: 1 }, null, 'a key like others'],
    [
      ['theme', 'dark'],
      ['size', { width: 1 }],
      ['nothing', null],
      ['__proto__', 'a key like others'],
    ],
    true,
    false,
  ]);
  await until(() => existsSync(join(folder, 'settings.json')));
  expect(read('settings.json')).toEqual(
    JSON.parse('{"size":{"width":1},"nothing":null,"__proto__":"a key like others"}'),
  );
  expect(readFileSync(join(folder, 'settings.json'), 'utf8')).toMatch(/^\{\n {2}"size": \{\n {4}"width": 1\n {2}\},/);
  expect(readdirSync(folder)).toEqual(['settings.json']);
});

test('autoSave: every change anew starts the wait, 0 does not wait, false does not save', async () => {
  const { file, open, read } = await start();
  const { load } = packageOf(await open('main'));
  const [late, at, never] = [
    await load('late.json', { defaults: {}, autoSave: 200 }),
    await load('now.json', { defaults: {}, autoSave: 0 }),
    await load('never.json', { defaults: {}, autoSave: false }),
  ];
  vi.useFakeTimers({ toFake: ['setTimeout', 'clearTimeout'] });
  onTestFinished(() => void vi.useRealTimers());
  await late.set('n', 1);
  vi.advanceTimersByTime(199);
  await late.set('n', 2);
  vi.advanceTimersByTime(199);
  expect(existsSync(file('late.json'))).toBe(false);
  vi.advanceTimersByTime(1);
  expect(read('late.json')).toEqual({ n: 2 });

  await at.set('n', 1);
  expect(read('now.json')).toEqual({ n: 1 });

  await never.set('n', 1);
  vi.advanceTimersByTime(60_000);
  expect(existsSync(file('never.json'))).toBe(false);
  await never.save();
  expect(read('never.json')).toEqual({ n: 1 });
});

test('one file is one store: all windows have it, and all hear of its changes', async () => {
  const { core, file, open } = await start();
  const [a, b] = [await open('a'), await open('b')];
  const mine = await packageOf(a).load('shared.json', { defaults: {} });
  const theirs = await packageOf(b).load('shared.json', { defaults: { other: 'defaults do not count any more' } });
  const other = await packageOf(b).load('other.json', { defaults: { kept: 1 } });
  expect([mine.rid === theirs.rid, (await packageOf(b).getStore('shared.json'))?.rid === mine.rid]).toEqual([
    true,
    true,
  ]);
  expect(await packageOf(b).getStore('unknown.json')).toBe(null);

  const heard: unknown[] = [];
  const payloads: unknown[] = [];
  await theirs.onChange((key, value) => heard.push(['change', key, value]));
  await theirs.onKeyChange('n', (value) => heard.push(['n', value]));
  await b.api.event.listen('store://change', ({ payload }) => payloads.push(payload));
  await mine.set('n', 1);
  await mine.set('m', null);
  await mine.delete('n');
  await mine.delete('n');
  await mine.clear();
  await other.set('kept', 2);
  await other.set('more', 3);
  await other.reset();
  await b.roundTrip();
  expect(heard).toEqual([
    ['change', 'n', 1],
    ['n', 1],
    ['change', 'm', null],
    ['change', 'n', undefined],
    ['n', undefined],
    ['change', 'm', undefined],
  ]);
  const payload = (name: string, rid: number, key: string, value: unknown, exists: boolean) => ({
    path: file(name),
    resourceId: rid,
    key,
    value,
    exists,
  });
  expect(payloads).toEqual([
    payload('shared.json', mine.rid, 'n', 1, true),
    payload('shared.json', mine.rid, 'm', null, true),
    payload('shared.json', mine.rid, 'n', null, false),
    payload('shared.json', mine.rid, 'm', null, false),
    payload('other.json', other.rid, 'kept', 2, true),
    payload('other.json', other.rid, 'more', 3, true),
    payload('other.json', other.rid, 'kept', 1, true),
    payload('other.json', other.rid, 'more', null, false),
  ]);
  expect(await other.entries()).toEqual([['kept', 1]]);

  // A page that goes takes nothing with it; who closes the store closes it for all.
  a.close();
  expect(await theirs.length()).toBe(0);
  await theirs.close();
  expect(await outcome(theirs.length())).toEqual({ error: `The resource id ${theirs.rid} is invalid.` });
  expect(core.errors).toEqual([]);
});

test('what a file has is read over the defaults, or instead of them, or not at all', async () => {
  const { open, read, write } = await start();
  const { load } = packageOf(await open('main'));
  const text = '{"a": "file", "b": 2}';
  for (const name of ['over', 'instead', 'new']) write(`${name}.json`, text);
  const defaults = { a: 'default', c: 3 };
  const over = await load('over.json', { defaults });
  const instead = await load('instead.json', { defaults, overrideDefaults: true });
  const created = await load('new.json', { defaults, createNew: true });
  expect([await over.entries(), await instead.entries(), await created.entries()]).toEqual([
    [
      ['a', 'file'],
      ['c', 3],
      ['b', 2],
    ],
    [
      ['a', 'file'],
      ['b', 2],
    ],
    [
      ['a', 'default'],
      ['c', 3],
    ],
  ]);
  const again = await load('over.json', { defaults: {}, createNew: true });
  expect(await again.length()).toBe(0);
  expect(await outcome(over.length())).toEqual({ error: `The resource id ${over.rid} is invalid.` });
  expect(read('over.json')).toEqual(JSON.parse(text));

  write('instead.json', '{"b": 5}');
  await instead.reload();
  expect(await instead.entries()).toEqual([
    ['a', 'file'],
    ['b', 5],
  ]);
  await instead.reload({ ignoreDefaults: true });
  expect(await instead.entries()).toEqual([['b', 5]]);
  await instead.reset();
  expect(await instead.entries()).toEqual([
    ['a', 'default'],
    ['c', 3],
  ]);
});

test('a broken file is refused in the words of serde and stays as it is', async () => {
  const { core, open, read, write, file } = await start();
  const page = await open('main');
  const { load, getStore } = packageOf(page);
  const broken = '{\n  "a": 1,\n}';
  write('broken.json', broken);
  expect(await outcome(load('broken.json', { defaults: { a: 2 } }))).toEqual({
    error: 'Failed to deserialize store. trailing comma at line 3 column 1',
  });
  expect(await getStore('broken.json')).toBe(null);
  write('list.json', '[1]');
  expect(await outcome(load('list.json'))).toEqual({
    error: 'Failed to deserialize store. invalid type: sequence, expected a map at line 1 column 0',
  });
  mkdirSync(file('folder.json'));
  expect(await outcome(load('folder.json'))).toEqual({ error: 'Is a directory (os error 21)' });

  const store = await load('good.json', { defaults: { a: 1 } });
  expect(await outcome(store.reload())).toEqual({ error: 'No such file or directory (os error 2)' });
  await store.save();
  write('good.json', 'x');
  expect(await outcome(store.reload())).toEqual({
    error: 'Failed to deserialize store. expected value at line 1 column 1',
  });
  expect(await store.get('a')).toBe(1);
  core.dispose();
  expect([readFileSync(file('broken.json'), 'utf8'), readFileSync(file('good.json'), 'utf8')]).toEqual([broken, 'x']);
  expect(() => read('good.json')).toThrow();
});

test('the end of the app saves what is not saved yet', async () => {
  const { core, file, folder, open, read } = await start();
  const page = await open('main');
  const { load } = packageOf(page);
  const waiting = await load('waiting.json', { defaults: { from: 'defaults' } });
  const manual = await load('manual.json', { defaults: {}, autoSave: false });
  const absolute = await load(file('below/absolute.json'), { defaults: {} });
  await load('untouched.json', { defaults: { n: 1 } });
  await waiting.set('n', 1);
  await manual.set('n', 2);
  await absolute.set('n', 3);
  core.dispose();
  expect(readdirSync(folder).sort()).toEqual(['below', 'manual.json', 'untouched.json', 'waiting.json']);
  expect([read('waiting.json'), read('manual.json'), read('below/absolute.json'), read('untouched.json')]).toEqual([
    { from: 'defaults', n: 1 },
    { n: 2 },
    { n: 3 },
    { n: 1 },
  ]);
});

test('a link stays a link, and what could not be written leaves nothing behind', async () => {
  const { core, file, folder, open, read, write } = await start();
  const page = await open('main');
  const { load } = packageOf(page);
  write('real.json', '{}');
  symlinkSync(file('real.json'), file('link.json'));
  const link = await load('link.json');
  await link.set('n', 1);
  await link.save();
  expect([lstatSync(file('link.json')).isSymbolicLink(), read('real.json')]).toEqual([true, { n: 1 }]);

  const lost = await load('lost.json', { defaults: {}, autoSave: 0 });
  mkdirSync(file('lost.json'));
  await lost.set('n', 1);
  expect([...core.tap.records()].find(({ kind, name }) => kind === 'problem' && name === 'store')?.note).toMatch(
    /^"[^"]*lost\.json" was not saved: /,
  );
  expect(await outcome(lost.save())).toHaveProperty('error');
  expect(readdirSync(folder).filter((name) => name.endsWith('.tmp'))).toEqual([]);
});

test('functions of Rust are not known, and options are checked', async () => {
  const { open, read } = await start();
  const page = await open('main');
  const { load, LazyStore } = packageOf(page);
  expect(await outcome(load('x.json', { defaults: {}, serializeFnName: 'compact' }))).toEqual({
    error: 'Serialize Function "compact" not found',
  });
  expect(await outcome(load('x.json', { defaults: {}, deserializeFnName: 'compact' }))).toEqual({
    error: 'Deserialize Function "compact" not found',
  });
  expect(await outcome(load('x.json', { defaults: {}, autoSave: 'often' as unknown as boolean }))).toEqual({
    error:
      'invalid args `options` for command `load`: data did not match any variant of untagged enum AutoSave (at options.autoSave)',
  });
  expect(await outcome(page.invoke('plugin:store|set', { rid: 1, key: 'a' }))).toEqual({
    error: 'invalid args `value` for command `set`: command set missing required key value',
  });
  const lazy = new LazyStore('lazy.json', { defaults: { n: 1 } });
  expect(await lazy.get('n')).toBe(1);
  await lazy.save();
  expect(read('lazy.json')).toEqual({ n: 1 });
  // As the package up to 2.2 says it.
  const rid = await page.invoke('plugin:store|load', { path: 'old.json', autoSave: false });
  expect(await page.invoke('plugin:store|length', { rid })).toBe(0);
});

import {
  appendFileSync,
  chmodSync,
  mkdirSync,
  renameSync,
  rmSync,
  symlinkSync,
  unlinkSync,
  writeFileSync,
} from 'node:fs';
import type { WatchEvent } from '@tauri-apps/plugin-fs';
import { expect, test } from 'vitest';
import { outcome, until } from '../harness.ts';
import { ALL, allow, startFsApp } from './fs-app.ts';

type Told = readonly [type: unknown, ...paths: string[]];

/** Events as one line each, without the folder of the test. */
function listener(home: string) {
  const told: Told[] = [];
  const onEvent = ({ type, paths }: WatchEvent) =>
    void told.push([type, ...paths.map((path) => path.replace(`${home}/`, ''))]);
  return { told, onEvent };
}

const rename = (mode: string) => ({ modify: { kind: 'rename', mode } });
const created = (kind: string) => ({ create: { kind } });
const removed = (kind: string) => ({ remove: { kind } });
const data = { modify: { kind: 'data', mode: 'any' } };

test('watchImmediate tells each change in the words of notify', async () => {
  const { fs, home } = await startFsApp();
  const { told, onEvent } = listener(home);
  const unwatch = await fs.watchImmediate(home, onEvent);
  const next = async (change: () => void, ...expected: Told[]) => {
    told.length = 0;
    change();
    await until(() => told.length >= expected.length);
    expect(told).toEqual(expected);
  };
  await next(() => writeFileSync(`${home}/a`, 'x'), [created('file'), 'a'], [data, 'a']);
  await next(() => appendFileSync(`${home}/a`, 'y'), [data, 'a']);
  await next(() => chmodSync(`${home}/a`, 0o600), [{ modify: { kind: 'metadata', mode: 'any' } }, 'a']);
  await next(
    () => renameSync(`${home}/a`, `${home}/b`),
    [rename('from'), 'a'],
    [rename('to'), 'b'],
    [rename('both'), 'a', 'b'],
  );
  await next(() => unlinkSync(`${home}/b`), [removed('file'), 'b']);
  await next(() => mkdirSync(`${home}/d`), [created('folder'), 'd']);
  await next(() => rmSync(`${home}/d`, { recursive: true }), [removed('folder'), 'd']);
  unwatch();
});

test('watch gathers: one event for a new file, none for one that came and went, one for a rename', async () => {
  const { fs, home } = await startFsApp();
  writeFileSync(`${home}/old`, 'x');
  const { told, onEvent } = listener(home);
  await fs.watch(home, onEvent, { delayMs: 100 });
  writeFileSync(`${home}/a`, 'x');
  appendFileSync(`${home}/a`, 'y');
  writeFileSync(`${home}/gone`, '');
  unlinkSync(`${home}/gone`);
  renameSync(`${home}/old`, `${home}/new`);
  await until(() => told.length >= 2);
  expect(told).toEqual([
    [rename('both'), 'old', 'new'],
    [created('file'), 'a'],
  ]);
});

test('only a recursive watch looks into folders, also into new and moved ones, and through no link', async () => {
  const { fs, home } = await startFsApp();
  mkdirSync(`${home}/w/sub`, { recursive: true });
  mkdirSync(`${home}/other`);
  symlinkSync('../other', `${home}/w/link`);
  const flat = listener(home);
  const deep = listener(home);
  await fs.watchImmediate(`${home}/w`, flat.onEvent);
  await fs.watchImmediate(`${home}/w`, deep.onEvent, { recursive: true });
  writeFileSync(`${home}/other/unseen`, '');
  writeFileSync(`${home}/w/sub/a`, '');
  await until(() => deep.told.length === 1);
  expect(deep.told).toEqual([[created('file'), 'w/sub/a']]);
  mkdirSync(`${home}/w/new/er`, { recursive: true });
  await until(() => deep.told.some(([, path]) => path === 'w/new/er'));
  writeFileSync(`${home}/w/new/er/b`, '');
  await until(() => deep.told.some(([, path]) => path === 'w/new/er/b'));
  renameSync(`${home}/w/new`, `${home}/w/moved`);
  await until(() => deep.told.some(([, , path]) => path === 'w/moved'));
  deep.told.length = 0;
  unlinkSync(`${home}/w/moved/er/b`);
  await until(() => deep.told.length > 0);
  expect(deep.told).toEqual([[removed('file'), 'w/moved/er/b']]);
  await until(() => flat.told.length >= 4);
  expect(flat.told.map(([, path]) => path)).toEqual(['w/new', 'w/new', 'w/moved', 'w/new']);
});

test('one file, several paths, and what is not there', async () => {
  const { fs, home } = await startFsApp();
  writeFileSync(`${home}/a`, '');
  writeFileSync(`${home}/b`, '');
  const { told, onEvent } = listener(home);
  await fs.watchImmediate([`${home}/a`, `${home}/b`], onEvent);
  appendFileSync(`${home}/b`, 'x');
  await until(() => told.length === 1);
  unlinkSync(`${home}/a`);
  await until(() => told.length === 2);
  expect(told).toEqual([
    [data, 'b'],
    [removed('file'), 'a'],
  ]);
  expect(await outcome(fs.watchImmediate(`${home}/none`, onEvent, { recursive: true }))).toEqual({
    error: 'No path was found.',
  });
});

test('a watch ends when it is told to, and with its page', async () => {
  const { fs, home, page, core } = await startFsApp();
  const { told, onEvent } = listener(home);
  const unwatch = await fs.watchImmediate(home, onEvent);
  const { resources } = page.connection;
  expect(resources.size).toBe(1);
  unwatch();
  await until(() => resources.size === 0);
  writeFileSync(`${home}/a`, '');
  await fs.watchImmediate(home, onEvent);
  writeFileSync(`${home}/b`, '');
  await until(() => told.length === 1);
  expect(told).toEqual([[created('file'), 'b']]);
  const old = await page.invoke('plugin:fs|watch', { paths: [home], options: {}, onEvent: '__CHANNEL__:1' });
  await page.invoke('plugin:fs|unwatch', { rid: old });
  expect(await outcome(page.invoke('plugin:fs|unwatch', { rid: old }))).toEqual({
    error: `The resource id ${String(old)} is invalid.`,
  });
  await page.reload();
  expect(resources.size).toBe(0);
  expect(core.errors).toEqual([]);
});

test('nothing of what is forbidden is told', async () => {
  const { fs, home } = await startFsApp({
    permissions: (home) => [
      ...ALL,
      { ...allow(home, `${home}/**`), deny: [{ path: `${home}/secret*` }, { path: `${home}/secret*/**` }] },
    ],
  });
  mkdirSync(`${home}/secret`);
  const { told, onEvent } = listener(home);
  await fs.watchImmediate(home, onEvent, { recursive: true });
  writeFileSync(`${home}/secret/a`, '');
  writeFileSync(`${home}/secret2`, '');
  writeFileSync(`${home}/seen`, '');
  await until(() => told.length > 0);
  writeFileSync(`${home}/last`, '');
  await until(() => told.some(([, path]) => path === 'last'));
  expect(told).toEqual([
    [created('file'), 'seen'],
    [created('file'), 'last'],
  ]);
});

test('a flood becomes one word of it', async () => {
  const { fs, home } = await startFsApp();
  const events: WatchEvent[] = [];
  await fs.watchImmediate(home, (event) => void events.push(event), { recursive: true });
  for (let index = 0; index < 12_000; index++) writeFileSync(`${home}/f${index}`, '');
  await until(() => events.some(({ type }) => type === 'other'));
  expect(events.find(({ type }) => type === 'other')).toEqual({ type: 'other', paths: [], attrs: { flag: 'rescan' } });
  writeFileSync(`${home}/last`, '');
  await until(() => events.some(({ paths }) => paths[0] === `${home}/last`));
});

test('too many watches are refused', async () => {
  const { fs, home } = await startFsApp();
  const unwatches: (() => void)[] = [];
  for (let index = 0; index < 128; index++) unwatches.push(await fs.watchImmediate(home, () => undefined));
  expect(await outcome(fs.watchImmediate(home, () => undefined))).toEqual({
    error: `OS file watch limit reached. about ["${home}"]`,
  });
  for (const unwatch of unwatches) unwatch();
  await expect.poll(() => outcome(fs.watchImmediate(home, () => undefined))).toHaveProperty('ok');
});

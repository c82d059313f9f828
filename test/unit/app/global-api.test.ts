import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import * as vm from 'node:vm';
import * as esbuild from 'esbuild';
import { afterAll, beforeAll, expect, test } from 'vitest';
import * as z from 'zod';
import { GlobalApi } from '../../../extension/app/global-api.ts';
import { globalApiBundles, pluginsAmong } from '../../../extension/app/global-api-bundle.ts';

const root = fileURLToPath(new URL('../../..', import.meta.url));
const { devDependencies } = z
  .looseObject({ devDependencies: z.record(z.string(), z.string()) })
  .parse(JSON.parse(readFileSync(join(root, 'package.json'), 'utf8')));
const PLUGINS = pluginsAmong(Object.keys(devDependencies));

let dist: string;
beforeAll(async () => {
  dist = mkdtempSync(join(tmpdir(), 'global-api-'));
  writeFileSync(join(dist, 'global-api.js'), 'window.__TAURI__ = { core: {} }');
  await esbuild.build({ ...globalApiBundles(PLUGINS, join(dist, 'global-api')), absWorkingDir: root, minify: true });
});
afterAll(() => rmSync(dist, { recursive: true, force: true }));

/** What a page finds whose app has these plugins. */
function pageWith(plugins: readonly string[]): Record<string, object> {
  const api = new GlobalApi(dist);
  const window: { __TAURI__?: Record<string, object> } = {};
  for (const script of [api.core, ...api.plugins(new Set(plugins))]) vm.runInNewContext(script, { window });
  return window.__TAURI__ ?? {};
}

test('a page gets the plugins of its app, and nothing for a name that is none of ours', () => {
  expect(Object.getOwnPropertyNames(pageWith(['os', 'core', 'mine', '../global-api', 'deep-link']))).toEqual([
    'core',
    'deepLink',
    'os',
  ]);
});

test.each(PLUGINS)('%s has the exports of its package', async (plugin) => {
  const api = pageWith([plugin]);
  const [, name = ''] = Object.getOwnPropertyNames(api);
  expect(name.toLowerCase()).toBe(plugin.replace('-', ''));
  const exported = Object.keys((await import(`@tauri-apps/plugin-${plugin}`)) as object);
  if (exported.join() === 'default') return expect(typeof api[name]).toBe('function');
  expect(Object.keys(api[name] ?? {}).sort()).toEqual(exported.sort());
  // Some applications put functions of their own there.
  expect(Object.values(Object.getOwnPropertyDescriptors(api[name])).every(({ writable }) => writable)).toBe(true);
});

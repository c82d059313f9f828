import { readFileSync } from 'node:fs';
import { expect, test } from 'vitest';
import { outcome, TestApp } from './harness.ts';

const names = readFileSync(new URL('../../fixtures/core-commands-2.12.5.txt', import.meta.url), 'utf8')
  .trim()
  .split('\n');

/** Commands that Tauri has on Android and iOS only: on a desktop they do not exist. */
const MOBILE = ['plugin:window|activity_name', 'plugin:window|scene_identifier'];

/** Commands that Tauri knows and the npm package does not call, or calls under another name. */
const MORE = [
  'plugin:app|register_listener',
  'plugin:app|remove_listener',
  'plugin:webview|internal_toggle_devtools',
  'plugin:webview|print',
  'plugin:webview|set_webview_auto_resize',
  'plugin:window|internal_toggle_maximize',
];

test('every command that the npm package calls is registered', async () => {
  const app = await TestApp.start();
  const missing: string[] = [];
  for (const [index, name] of [...names, ...MORE].entries()) {
    // A window of its own for each, since some close it; then no answer comes.
    const page = app.open(`window-${index}`);
    const silence = new Promise<null>((done) => setTimeout(done, 20, null));
    const result = await Promise.race([outcome(page.invoke(name)), silence]);
    if (result && 'error' in result && /^(Command|plugin) \S+ not found$/.test(String(result.error)))
      missing.push(name);
    page.window.destroy();
  }
  expect(names).toHaveLength(160);
  expect(missing).toEqual(MOBILE);
});

test('a command of the mobile platforms does not exist', async () => {
  const page = (await TestApp.start()).open('main');
  expect(await outcome(page.invoke('plugin:window|activity_name', { label: 'main' }))).toEqual({
    error: 'Command activity_name not found',
  });
});

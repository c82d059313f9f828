// Every card of the demo, as its user finds it. Its pages hold the genuine @tauri-apps/api.
import assert from 'node:assert/strict';
import { createHash } from 'node:crypto';
import { after, before, describe, test } from 'node:test';
import type { Frame } from 'playwright-core';
import { painted } from '../vscode/page.mjs';
import { eventually, failed, ok, press, tabTitles } from './controls.ts';
import { startWorkbench, type Workbench } from './harness.ts';

describe('the demo', () => {
  let workbench: Workbench;
  let main: Frame;
  let second: Frame;

  before(async () => {
    workbench = await startWorkbench();
    await workbench.command('IPC Workbench: Open Demo');
    main = await workbench.appFrame('main');
    second = await workbench.appFrame('second');
    await listsWindows(main, ['main', 'second']);
    await listsWindows(second, ['main', 'second']);
  });
  after(() => workbench?.close());

  test('each window knows its label, its theme and the process of the handlers', async () => {
    for (const [frame, label] of [
      [main, 'main'],
      [second, 'second'],
    ] as const) {
      await eventually(() => frame.locator('#window-label').innerText(), label);
      await eventually(() => frame.locator('#window-theme').innerText(), 'light');
      await frame.locator('#server-info', { hasText: /^Node v\d+\S* · pid \d+ · up \d+ s$/ }).waitFor();
    }
    for (const frame of [main, second]) await painted(frame);
    await workbench.screenshot('demo-light');
  });

  test('a call gets its answer, and a handler’s refusal rejects', async () => {
    assert.deepEqual(await press(main, 'greet-run', 'greet-result'), ok(greeting('Ada')));
    await main.locator('#greet-name').fill('Zoë 👩‍🚀 "</script>"');
    assert.deepEqual(await press(main, 'greet-run', 'greet-result'), ok(greeting('Zoë 👩‍🚀 "</script>"')));
    await main.locator('#greet-name').fill(' ');
    assert.deepEqual(await press(main, 'greet-run', 'greet-result'), failed('Invalid request: the name is empty'));
  });

  test('a structure is checked: a right one comes back, a wrong one is refused with the field that is wrong', async () => {
    const user = '{ "id": 7, "name": "Ada Lovelace", "email": "ada@example.org", "roles": [ "admin", "editor" ] }';
    assert.deepEqual(await press(main, 'user-run', 'user-result'), ok(user));

    const wrong = await press(main, 'user-wrong', 'user-result');
    assert.equal(wrong.state, 'error');
    assert.match(wrong.text, /^invalid args `user` for command `update_user`: .*roles\[1\]/);

    await main.locator('#user-id').fill('seven');
    const text = await press(main, 'user-run', 'user-result');
    assert.match(text.text, /^invalid args `user` for command `update_user`: .*id/);
    await main.locator('#user-id').fill('7');
  });

  test('an event for everybody is heard in both windows, whoever sends it', async () => {
    await main.locator('#global-text').fill('from the first');
    await press(main, 'global-run', 'global-result');
    await second.locator('#global-text').fill('from the second');
    await press(second, 'global-run', 'global-result');
    const both = ['main: from the first', 'second: from the second'];
    await eventually(() => heard(main, 'global-log'), both);
    await eventually(() => heard(second, 'global-log'), both);
  });

  test('an event for one window is heard there and nowhere else', async () => {
    await main.locator('#notify-target').selectOption('second');
    await main.locator('#notify-text').fill('for the second');
    assert.deepEqual(await press(main, 'notify-run', 'notify-result'), ok('Sent to "second".'));
    await second.locator('#notify-target').selectOption('main');
    await second.locator('#notify-text').fill('for the first');
    assert.deepEqual(await press(second, 'notify-run', 'notify-result'), ok('Sent to "main".'));
    await eventually(() => heard(second, 'notify-log'), ['main: for the second']);
    await eventually(() => heard(main, 'notify-log'), ['second: for the first']);
    // Messages keep their order: what follows in both windows proves that nothing else was on its way.
    await main.locator('#global-text').fill('afterwards');
    await press(main, 'global-run', 'global-result');
    for (const frame of [main, second]) {
      await eventually(async () => (await heard(frame, 'global-log')).at(-1), 'main: afterwards');
    }
    assert.deepEqual(await heard(second, 'notify-log'), ['main: for the second']);
    assert.deepEqual(await heard(main, 'notify-log'), ['second: for the first']);
  });

  test('bytes stream through a channel with progress, and all arrive as they were sent', async () => {
    assert.deepEqual(await press(main, 'stream-five', 'stream-result'), ok('Bytes 1, 2, 3, 4, 5'));
    for (const size of [16, 64]) {
      await main.locator(`label:has(#stream-size-${size})`).click();
      await main.evaluate(watchProgress);
      const result = await press(main, 'stream-run', 'stream-result', 60_000);
      assert.equal(result.state, 'ok', result.text);
      const [, megabytes, hash] = /^(\d+) MB in [\d.]+ m?s, SHA-256 (\w{16})…$/.exec(result.text) ?? [];
      assert.deepEqual([megabytes, hash], [String(size), hashOfNoise(size * 1_000_000).slice(0, 16)], result.text);
      assert.equal(await main.locator('#stream-verified').innerText(), 'verified');
      assert.equal(await main.locator('#stream-progress').evaluate((bar) => (bar as HTMLProgressElement).value), 1);
      const steps = await main.evaluate(() => (window as unknown as { steps: number[] }).steps);
      assert.deepEqual([steps[0], steps.at(-1)], [0, 1]);
      assert.ok(steps.length > 2, `it was seen on its way: ${steps}`);
      assert.deepEqual(
        steps,
        steps.toSorted((a, b) => a - b),
      );
    }
  });

  test('a running stream can be cancelled', async () => {
    await main.locator('label:has(#stream-size-64)').click();
    await main.locator('#stream-run').click();
    assert.deepEqual(
      await press(main, 'stream-cancel', 'stream-result'),
      failed('Invalid request: the download was cancelled'),
    );
  });

  test('every kind of error arrives as its exact text', async () => {
    const texts = {
      'invalid-request': 'Invalid request: the amount must be positive',
      'channel-closed': 'Channel closed',
      serialization: 'Serialization error: Do not know how to serialize a BigInt',
      'invalid-path': 'Invalid path: "../outside.txt" leaves its root folder',
      'permission-denied': 'Permission denied: only the owner may delete this',
      custom: '{ "code": 507, "reason": "disk full", "retry": false }',
      bug: 'the page sees this sentence; the stack stays in the log',
      unknown: 'Command no_such_command not found',
    };
    const seen: Record<string, string> = {};
    for (const kind of Object.keys(texts)) {
      const { state, text } = await press(main, `fail-${kind}`, 'fail-result');
      assert.equal(state, 'error', kind);
      seen[kind] = text;
    }
    assert.deepEqual(seen, texts);
  });

  test('a path inside of the folder resolves; dots, absolute paths and links out of it do not', async () => {
    assert.deepEqual(await press(main, 'path-readme', 'path-result'), ok('public/readme.txt'));
    const refusals = {
      'path-outside': /^Invalid path: "..\/outside\.txt" leaves its root folder$/,
      'path-absolute': /^Invalid path: ".+" lies outside of its root folder$/,
      'path-symlink': /^Invalid path: "link-outside\/outside\.txt" leaves its root folder through a symbolic link$/,
    };
    for (const [control, refusal] of Object.entries(refusals)) {
      const { state, text } = await press(main, control, 'path-result');
      assert.equal(state, 'error', control);
      assert.match(text, refusal);
    }
  });

  test('the capability of each window decides, and the refusal says why', async () => {
    const read = async (frame: Frame, control: string) => await press(frame, control, 'access-result');
    const readable = await read(main, 'access-public');
    assert.equal(readable.state, 'ok', readable.text);

    const denied = await read(main, 'access-secret');
    assert.equal(denied.state, 'error');
    assert.match(
      denied.text,
      /^Permission denied: fs:read does not cover ".*secret\.txt" in window "main": capability "main" denies it\.$/,
    );

    const outside = await read(main, 'access-private');
    assert.equal(outside.state, 'error');
    assert.match(
      outside.text,
      /^Permission denied: fs:read does not cover ".*notes\.txt" in window "main": capability "main" allows /,
    );

    for (const control of ['access-public', 'access-secret', 'access-private']) {
      const { state, text } = await read(second, control);
      assert.equal(state, 'error');
      assert.match(
        text,
        /^Permission denied: fs:read is not granted to window "second"\. .*Add "fs:read" to a capability/,
      );
    }
  });

  test('a window renames its tab', async () => {
    await main.locator('#window-title').fill('A new title');
    assert.deepEqual(await press(main, 'window-title-set', 'window-result'), ok('The title is now "A new title".'));
    await eventually(() => tabTitles(workbench.page), ['A new title', 'Demo: second']);
  });

  test('a window opens another and closes it; the others hear of both', async () => {
    assert.deepEqual(await press(main, 'window-open', 'window-result'), ok('Opened "extra-1".'));
    const extra = await workbench.appFrame('extra-1');
    for (const frame of [main, second, extra]) await listsWindows(frame, ['main', 'second', 'extra-1']);
    await eventually(async () => (await tabTitles(workbench.page)).includes('Demo: extra 1'), true);

    await extra.locator('#window-close').click();
    for (const frame of [main, second]) await listsWindows(frame, ['main', 'second']);
    await eventually(async () => (await tabTitles(workbench.page)).includes('Demo: extra 1'), false);
    assert.ok(extra.isDetached());
  });

  test('what no capability grants a window is refused by name', async () => {
    const titles = await tabTitles(workbench.page);
    const rename = await press(second, 'window-title-set', 'window-result');
    assert.deepEqual(
      rename,
      failed(
        'window.set_title not allowed on window "second", webview "second", URL: local\n\nallowed on: [windows: "main", URL: local]\n\nreferenced by: capability: main, permission: allow-set-title',
      ),
    );
    const open = await press(second, 'window-open', 'window-result');
    assert.equal(open.state, 'error');
    assert.match(open.text, /^webview\.create_webview_window not allowed/);
    assert.deepEqual(await tabTitles(workbench.page), titles);
  });

  test('the theme of VS Code is the theme of the pages, from the moment it changes', async () => {
    const theme = (frame: Frame) => frame.locator('html').getAttribute('data-theme');
    for (const frame of [main, second]) await eventually(() => theme(frame), 'light');
    await workbench.setTheme('dark');
    for (const frame of [main, second]) {
      await eventually(() => theme(frame), 'dark');
      await eventually(() => frame.evaluate(() => matchMedia('(prefers-color-scheme: dark)').matches), true);
      await painted(frame);
    }
    await workbench.screenshot('demo-dark');
    await workbench.setTheme('light');
    for (const frame of [main, second]) await eventually(() => theme(frame), 'light');
  });
});

const greeting = (name: string) => `Hello, ${name}! You've been greeted from TypeScript.`;

async function listsWindows(frame: Frame, labels: readonly string[]): Promise<void> {
  await eventually(() => frame.locator('#window-list li').allInnerTexts(), [...labels]);
}

/** The entries of a log, without their times. */
function heard(frame: Frame, log: string): Promise<string[]> {
  return frame
    .locator(`#${log} li`)
    .evaluateAll((items) =>
      items.map((item) => `${item.querySelector('b')?.textContent}: ${item.querySelector('span')?.textContent}`),
    );
}

/** The hash of what the demo's `download` sends, made here once more: xorshift32, little endian. */
function hashOfNoise(bytes: number): string {
  const words = new Uint32Array(bytes / 4);
  let x = 0x2545_f491;
  for (let index = 0; index < words.length; index++) {
    x ^= x << 13;
    x ^= x >>> 17;
    x ^= x << 5;
    words[index] = x;
  }
  return createHash('sha256').update(words).digest('hex');
}

/** Runs in the page: notes every value that the progress bar takes from now on. */
function watchProgress(): void {
  const bar = document.getElementById('stream-progress') as HTMLProgressElement;
  const steps: number[] = [];
  Object.assign(window, { steps });
  new MutationObserver(() => steps.at(-1) !== bar.value && steps.push(bar.value)).observe(bar, { attributes: true });
}

// The lane of a window: messages go by a WebSocket on this machine where they can, in order, and by postMessage else.
import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import type { Worker } from 'playwright-core';
import { until } from './controls.ts';
import { startWorkbench, type Workbench } from './harness.ts';
import { invoke, makeProject, pageReady } from './project.ts';

/** What the thread of a lane has sent from now on. */
async function sentBy(lane: Worker) {
  await lane.evaluate(() => {
    const counted = globalThis as { sent?: number };
    const { send } = WebSocket.prototype;
    WebSocket.prototype.send = function (data) {
      counted.sent = (counted.sent ?? 0) + 1;
      send.call(this, data);
    };
  });
  return () => lane.evaluate(() => (globalThis as { sent?: number }).sent ?? 0);
}

async function start(settings: Record<string, unknown> = {}) {
  const project = await makeProject();
  const workbench: Workbench = await startWorkbench({ folder: project.folder, settings });
  const lanes: Worker[] = [];
  workbench.page.on('worker', (worker) => {
    // VS Code has workers, too. One that ends before it has said its name is none of ours.
    const named = worker.evaluate(() => name).catch(() => '');
    void named.then((name) => name === 'ipc-workbench-lane' && lanes.push(worker));
  });
  await workbench.command('IPC Workbench: Open App');
  const main = await pageReady(await workbench.appFrame('main'));
  return { workbench, lanes, main };
}

describe('lane', () => {
  test('calls go on the lane, in order over the change, and so do bytes; a page that loads again keeps it', async () => {
    const { workbench, lanes, main } = await start();
    try {
      // While the way changes: every answer comes, and in the order of the calls.
      const order = await main.evaluate(async () => {
        const seen: number[] = [];
        for (let round = 0; round < 40; round++) {
          const calls = Array.from({ length: 10 }, (_, index) =>
            tauri.core.invoke('echo', { value: round * 10 + index }).then((value) => seen.push(value as number)),
          );
          await Promise.all(calls);
        }
        return seen;
      });
      assert.deepEqual(
        order,
        Array.from({ length: 400 }, (_, index) => index),
      );
      await until(() => lanes.length === 1, 'a lane');
      const sent = await sentBy(lanes[0] as Worker);
      await until(async () => {
        assert.deepEqual(await invoke(main, 'echo', { value: 'x' }), { ok: 'x' });
        return (await sent()) > 0;
      }, 'a call on the lane');

      // A page that loads again keeps the lane: it is the wrapper page's.
      await main.evaluate(() => {
        document.documentElement.dataset['old'] = 'true';
        location.reload();
      });
      const isNew = () =>
        main.evaluate(() => document.documentElement.dataset['old'] === undefined && 'tauri' in globalThis);
      await until(async () => await isNew().catch(() => false), 'the new page');
      assert.deepEqual(await invoke(main, 'echo', { value: 'again' }), { ok: 'again' });
      assert.equal(lanes.length, 1);

      const bytes = await main.evaluate(async () => {
        const answer: ArrayBuffer = await tauri.core.invoke('reverse', new Uint8Array(3_000_000).fill(7));
        return [answer.byteLength, new Uint8Array(answer).every((byte) => byte === 7)];
      });
      assert.deepEqual(bytes, [3_000_000, true]);

      let ended = false;
      lanes[0]?.on('close', () => {
        ended = true;
      });
      await workbench.command('View: Close Editor');
      await until(() => ended, 'the end of the thread with the window');
    } finally {
      await workbench.close();
    }
  });

  test('without it, everything goes by postMessage', async () => {
    const { workbench, lanes, main } = await start({ 'ipcWorkbench.windows.lane': false });
    try {
      for (let value = 0; value < 20; value++) assert.deepEqual(await invoke(main, 'echo', { value }), { ok: value });
      assert.equal(lanes.length, 0);
    } finally {
      await workbench.close();
    }
  });
});

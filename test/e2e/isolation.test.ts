// An app with an isolation page: it works as without, its hook sees every call first, and no way leads past it.
import assert from 'node:assert/strict';
import { mkdirSync } from 'node:fs';
import { after, before, describe, test } from 'node:test';
import type { Frame } from 'playwright-core';
import { eventually, notification, until } from './controls.ts';
import { startWorkbench, type Workbench } from './harness.ts';
import { filterBy, listed, listedRows } from './inspector.ts';
import { invoke, makeProject, pageReady, type Project } from './project.ts';

const HOOK = `
window.__TAURI_ISOLATION_HOOK__ = async (message) => {
  if (message.cmd === 'refuse') throw new Error('never ' + message.payload.reason);
  if (message.cmd === 'greet') message.payload.name += ', seen by the hook';
  return message;
};`;

describe('the isolation pattern', () => {
  let workbench: Workbench;
  let project: Project;
  let main: Frame;
  let inspector: Frame;

  before(async () => {
    project = await makeProject();
    mkdirSync(project.path('isolation'));
    project.write('isolation/index.html', '<!doctype html><title>Isolation</title><script src="hook.js"></script>');
    project.write('isolation/hook.js', HOOK);
    const config = JSON.parse(project.read('tauri.conf.json'));
    config.app.security = {
      csp: "default-src 'self'",
      pattern: { use: 'isolation', options: { dir: './isolation' } },
    };
    project.write('tauri.conf.json', JSON.stringify(config));
    workbench = await startWorkbench({ folder: project.folder });
    await workbench.command('IPC Workbench: Open App');
    main = await pageReady(await workbench.appFrame('main'));
    await workbench.command('IPC Workbench: Open Inspector');
    inspector = await workbench.inspectorFrame();
  });
  after(() => workbench?.close());

  test('the hook changes a message: in the answer, and in the record', async () => {
    assert.deepEqual(await invoke(main, 'greet', { name: 'Ada' }), { ok: 'Hello, Ada, seen by the hook!' });
    await filterBy(inspector, 'greet');
    await eventually(
      async () => (await listedRows(inspector)).map(({ preview }) => preview),
      ['{"name":"Ada, seen by the hook"} → "Hello, Ada, seen by the hook!"'],
    );
  });

  test('the hook blocks a message: the promise rejects, the record says who refused, nothing runs', async () => {
    assert.deepEqual(await invoke(main, 'refuse', { reason: 'today' }), {
      error: 'refused by the isolation hook: never today',
    });
    await filterBy(inspector, 'refuse');
    await eventually(() => listed(inspector), ['refuse denied']);
  });

  test('everything else works behind it: order, bytes, headers, events, channels', async () => {
    const seen = await main.evaluate(async () => {
      const values = await Promise.all(
        Array.from({ length: 200 }, (_, value) => tauri.core.invoke<number>('echo', { value })),
      );
      const bytes = await tauri.core.invoke<ArrayBuffer>('reverse', new Uint8Array([1, 2, 3]));
      const large = await tauri.core.invoke<ArrayBuffer>('reverse', new Uint8Array(1 << 20).fill(7));
      const numbers: number[] = [];
      const channel = new tauri.core.Channel<number>((number) => numbers.push(number));
      await tauri.core.invoke('count', { to: 5, channel });
      const { promise: heard, resolve } = Promise.withResolvers<unknown>();
      await tauri.event.once('news', ({ payload }) => resolve(payload));
      await tauri.core.invoke('emit', { event: 'news', payload: { big: true } });
      return {
        ordered: values.every((value, index) => value === index),
        bytes: [...new Uint8Array(bytes)],
        large: large.byteLength,
        numbers,
        heard: await heard,
      };
    });
    assert.deepEqual(seen, {
      ordered: true,
      bytes: [3, 2, 1],
      large: 1 << 20,
      numbers: [0, 1, 2, 3, 4],
      heard: { big: true },
    });
  });

  test('a page that posts past the hook gets nowhere', async () => {
    const post = (payload: 'plain' | 'bytes') =>
      main.evaluate(
        (payload) =>
          new Promise((resolve) => {
            const internals = (
              window as unknown as { __TAURI_INTERNALS__: Record<string, (...args: unknown[]) => number> }
            ).__TAURI_INTERNALS__;
            const callback = internals['transformCallback']?.((ok: unknown) => resolve({ ok }));
            const error = internals['transformCallback']?.((error: unknown) => resolve({ error }));
            const sent = payload === 'plain' ? { value: 'past' } : new Uint8Array(100);
            internals['postMessage']?.({ cmd: 'echo', callback, error, payload: sent });
          }),
        payload,
      );
    assert.deepEqual(await post('plain'), {
      error: "isolation pattern error: the payload is not encrypted: it did not pass through the app's isolation page",
    });
    const { error } = (await post('bytes')) as { error: string };
    assert.match(error, /^isolation pattern error: /);
    await filterBy(inspector, 'echo denied');
    await eventually(() => listed(inspector), ['echo denied', 'echo denied']);
  });

  test('a page cannot read the frame, nor what it is made of', async () => {
    const frame = await until(
      () => workbench.page.frames().find((each) => each.parentFrame() === main && each.url().startsWith('http:')),
      'the isolation frame',
    );
    assert.equal(await frame.evaluate(() => origin), 'null');
    const read = await main.evaluate(async () => {
      const element = document.getElementById('__tauri_isolation__') as HTMLIFrameElement;
      const own = document.createElement('iframe');
      own.src = element.src;
      document.body.append(own);
      await new Promise((resolve) => own.addEventListener('load', resolve));
      return {
        sandbox: element.getAttribute('sandbox'),
        document: element.contentDocument,
        own: own.contentDocument,
        fetched: await fetch(element.src).then(
          (response) => response.text(),
          (error: Error) => error.name,
        ),
        shown: element.getClientRects().length,
      };
    });
    assert.deepEqual(read, { sandbox: 'allow-scripts', document: null, own: null, fetched: 'TypeError', shown: 0 });
  });

  test('after a reload the page has another frame, and it works; a changed hook counts', async () => {
    project.write('isolation/hook.js', HOOK.replace('seen by', 'seen again by'));
    await main.evaluate(() => location.reload());
    main = await pageReady(await workbench.appFrame('main'));
    // The page from before may still be the one that is asked.
    await eventually(() => invoke(main, 'greet', { name: 'Grace' }).catch(() => undefined), {
      ok: 'Hello, Grace, seen again by the hook!',
    });
  });

  test('a folder that is no isolation page is an error that says why, before anything runs', async () => {
    await workbench.command('IPC Workbench: Close App');
    project.write('isolation/hook.js', '');
    await workbench.command('IPC Workbench: Open App');
    await notification(
      workbench.page,
      'isolation sets window.__TAURI_ISOLATION_HOOK__: a function of the message, or null',
    );
  });
});

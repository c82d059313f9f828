// Frontends bundled with releases of @tauri-apps/api since 2.0, each in a panel of its own, side by side in one app.
import assert from 'node:assert/strict';
import { after, before, describe, test } from 'node:test';
import { bundlePage, makeProject, pageReady } from './project.ts';
import { startWorkbench, type Workbench } from './harness.ts';

/** Versions, and the names by which they are installed. */
const RELEASES = {
  '2.0.3': 'api-2.0.3',
  '2.4.1': 'api-2.4.1',
  '2.5.0': 'api-2.5.0',
  '2.6.0': 'api-2.6.0',
  '2.9.1': 'api-2.9.1',
  '2.12.5': '@tauri-apps/api',
};

const labelOf = (version: string) => `api-${version.replaceAll('.', '-')}`;

describe('releases of @tauri-apps/api', () => {
  let workbench: Workbench;

  before(async () => {
    const project = await makeProject();
    const page = project.read('dist/index.html');
    for (const [version, name] of Object.entries(RELEASES)) {
      await bundlePage([project.sourceOf('main.ts')], project.path(`dist/assets/${version}`), name);
      project.write(`dist/${version}.html`, page.replace('/assets/main.js', `/assets/${version}/main.js`));
    }
    const windows = Object.keys(RELEASES).map((version) => ({
      label: labelOf(version),
      title: version,
      url: `${version}.html`,
    }));
    const config = JSON.parse(project.read('tauri.conf.json')) as { app: object };
    project.write('tauri.conf.json', JSON.stringify({ ...config, app: { windows } }));
    workbench = await startWorkbench({ folder: project.folder, theme: 'high contrast' });
    await workbench.command('IPC Workbench: Open App');
  });
  after(async () => {
    await workbench?.screenshot('compatibility-high-contrast');
    await workbench?.close();
  });

  for (const version of Object.keys(RELEASES)) {
    test(`${version} calls, streams, hears events until it unlistens, and sends and gets bytes`, async () => {
      const frame = await pageReady(await workbench.appFrame(labelOf(version)));
      const seen = await frame.evaluate(async () => {
        const { core, event, window } = tauri;
        const failure = await core.invoke('refuse', { reason: 'no' }).catch((error: unknown) => error);

        const numbers: number[] = [];
        const channel = new core.Channel<number>();
        const complete = new Promise<void>((resolve) => {
          channel.onmessage = (number) => {
            numbers.push(number);
            if (numbers.length === 3) resolve();
          };
        });
        await core.invoke('count', { to: 3, channel });
        await complete;

        const heard: unknown[] = [];
        const unlisten = await event.listen('news', ({ payload }) => heard.push(payload));
        await core.invoke('emit', { event: 'news', payload: { number: 1 } });
        unlisten();
        await core.invoke('emit', { event: 'news', payload: { number: 2 } });
        // Events keep their order, so the last one proves that the second was not heard.
        await new Promise<void>((resolve) => {
          void event.once('last', () => resolve()).then(() => event.emit('last'));
        });

        const bytes = await core.invoke<ArrayBuffer>('reverse', new Uint8Array([1, 2, 3, 255]));
        return {
          label: window.getCurrentWindow().label,
          answer: await core.invoke('greet', { name: 'Ada' }),
          failure,
          numbers,
          heard,
          bytes: bytes instanceof ArrayBuffer && [...new Uint8Array(bytes)],
        };
      });
      assert.deepEqual(seen, {
        label: labelOf(version),
        answer: 'Hello, Ada!',
        failure: 'Permission denied: no',
        numbers: [0, 1, 2],
        heard: [{ number: 1 }],
        bytes: [255, 3, 2, 1],
      });
    });
  }
});

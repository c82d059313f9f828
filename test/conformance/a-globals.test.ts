import { expect, test } from 'vitest';
import { openPage, startCore } from './harness.ts';

const WARNING =
  "[TAURI] Couldn't find callback id 12. This might happen when the app is reloaded while Rust is running an asynchronous operation.";

test('A1 the first script of a page finds all members of the internals', async () => {
  const page = await openPage(await startCore(), 'main');
  expect(page.api.core.isTauri()).toBe(true);
  expect(Object.getOwnPropertyNames(page.internals).sort()).toEqual([
    '__TAURI_PATTERN__',
    'callbacks',
    'convertFileSrc',
    'invoke',
    'ipc',
    'metadata',
    'plugins',
    'postMessage',
    'runCallback',
    'transformCallback',
    'unregisterCallback',
  ]);
});

test('A2 the labels are known without a message', async () => {
  const core = await startCore();
  const page = await openPage(core, 'main');
  const before = core.tap.next;
  expect(
    page.run(({ window, webview, webviewWindow }) => [
      window.getCurrentWindow().label,
      webview.getCurrentWebview().label,
      webviewWindow.getCurrentWebviewWindow().label,
    ]),
  ).toEqual(['main', 'main', 'main']);
  await page.roundTrip();
  expect(core.tap.next - before).toBe(1);
});

test.for([
  { windows: false, separator: '/', delimiter: ':' },
  { windows: true, separator: '\\', delimiter: ';' },
])('A3 separator and delimiter are those of the host: $separator $delimiter', async (config) => {
  const page = await openPage(await startCore(), 'main', { config });
  expect([page.api.path.sep(), page.api.path.delimiter()]).toEqual([config.separator, config.delimiter]);
});

test('A4 convertFileSrc answers at once, with the form of the host system', async () => {
  const core = await startCore();
  const served = await openPage(core, 'main', { config: { assetUrl: 'http://127.0.0.1:1420/.asset/' } });
  const plain = await openPage(core, 'plain');
  const windows = await openPage(core, 'windows', { config: { windows: true } });
  expect([
    served.api.core.convertFileSrc('/a b.png'),
    plain.api.core.convertFileSrc('/a b.png'),
    served.api.core.convertFileSrc('/a b.png', 'x'),
    windows.api.core.convertFileSrc('C:\\ä.png', 'x'),
  ]).toEqual([
    'http://127.0.0.1:1420/.asset/%2Fa%20b.png',
    'asset://localhost/%2Fa%20b.png',
    'x://localhost/%2Fa%20b.png',
    'http://x.localhost/C%3A%5C%C3%A4.png',
  ]);
});

test('A5 a page cannot replace what the bridge put there', async () => {
  const page = await openPage(await startCore(), 'main');
  const errors = page.run(() => {
    'use strict';
    const names: string[] = [];
    const internals = window.__TAURI_INTERNALS__ as unknown as Record<string, unknown>;
    for (const replace of [
      () => (internals['invoke'] = () => 1),
      () => (internals['callbacks'] = new Map()),
      () => ((window as unknown as Record<string, unknown>)['__TAURI_INTERNALS__'] = {}),
      () => ((window as unknown as Record<string, unknown>)['isTauri'] = false),
      () => delete internals['invoke'],
      () => Object.defineProperty(internals, 'invoke', { value: 1 }),
    ]) {
      try {
        replace();
        names.push('no error');
      } catch (error) {
        names.push((error as Error).name);
      }
    }
    return names;
  });
  expect(errors).toEqual(Array(6).fill('TypeError'));
  expect(await page.invoke('plugin:app|name')).toBe('Test App');
});

test('A6 transformCallback of nothing gives an id, and running it does nothing', async () => {
  const { internals, console, errors } = await openPage(await startCore(), 'main');
  const id = internals.transformCallback(undefined);
  expect(id).toBeTypeOf('number');
  internals.runCallback(id, 1);
  expect([console, errors]).toEqual([[], []]);
});

test('A7 a once-callback runs once; the second run warns', async () => {
  const { internals, console } = await openPage(await startCore(), 'main');
  const seen: unknown[] = [];
  const id = internals.transformCallback((data) => seen.push(data), true);
  internals.runCallback(id, 1);
  internals.runCallback(id, 2);
  expect([seen, console]).toEqual([[1], [WARNING.replace('12', String(id))]]);
});

test('A8 an unknown callback warns in the words of Tauri', async () => {
  const { internals, console } = await openPage(await startCore(), 'main');
  internals.runCallback(12, 'x');
  expect(console).toEqual([WARNING]);
});

test('A9 window.__TAURI__ is there where the app asks for it, with its twelve namespaces', async () => {
  const core = await startCore();
  const without = await openPage(core, 'without');
  const page = await openPage(core, 'with', { withGlobalTauri: true });
  type Global = { __TAURI__?: Record<string, object> & { core: { invoke(cmd: string): Promise<unknown> } } };
  expect((without.global as Global).__TAURI__).toBeUndefined();
  const global = (page.global as Global).__TAURI__;
  expect(Object.keys(global ?? {}).sort()).toEqual(
    'app core dpi event image menu mocks path tray webview webviewWindow window'.split(' '),
  );
  expect(Object.values(global ?? {}).every(Object.isFrozen)).toBe(true);
  expect(await global?.core.invoke('plugin:app|name')).toBe('Test App');
});

test('A9 a plugin of the app adds what its own package exports, in camel case', async () => {
  const { global } = await openPage(await startCore(), 'main', { withGlobalTauri: ['os', 'clipboard-manager', 'sql'] });
  const { __TAURI__ } = global as unknown as { __TAURI__: Record<string, Record<string, unknown>> };
  expect(Object.keys(__TAURI__)).toHaveLength(12);
  expect(['os', 'clipboardManager', 'sql', 'dialog'].map((name) => name in __TAURI__)).toEqual([
    true,
    true,
    true,
    false,
  ]);
  expect(Object.getOwnPropertyDescriptor(__TAURI__, 'os')).toMatchObject({
    enumerable: false,
    writable: false,
    configurable: false,
  });
  expect(Object.keys(__TAURI__['clipboardManager'] ?? {}).sort()).toEqual(
    'clear readImage readText writeHtml writeImage writeText'.split(' '),
  );
  // A package with a default export alone is that.
  expect([typeof __TAURI__['sql'], typeof __TAURI__['sql']?.['load']]).toEqual(['function', 'function']);
});

test('A9 a plugin is called through the global api', async () => {
  const core = await startCore({ host: { language: 'de' } });
  const { global } = await openPage(core, 'main', { withGlobalTauri: ['os', 'dialog'] });
  type Global = {
    os: { platform(): string; locale(): Promise<string> };
    dialog: { message(text: string, title: string): Promise<unknown> };
  };
  const { os, dialog } = (global as unknown as { __TAURI__: Global }).__TAURI__;
  expect([os.platform(), await os.locale()]).toEqual(['linux', 'de']);
  await dialog.message('Saved.', 'Files');
  expect(core.asked).toEqual([['dialog.message', expect.objectContaining({ text: 'Saved.' })]]);
});

test('A10 what one page registers is not visible in another', async () => {
  const core = await startCore();
  const [a, b] = [await openPage(core, 'a'), await openPage(core, 'b')];
  await a.run(({ event }) => event.listen('x', () => undefined));
  const tables = [a, b].map(
    (page) => (page.global as unknown as Record<string, object>)['__internal_unstable_listeners_object_id__'],
  );
  expect(tables.map((table) => Object.keys(table ?? {}))).toEqual([['x'], []]);
  expect([a.internals.callbacks.size, b.internals.callbacks.size]).toEqual([1, 0]);
});

test('A11 the pattern is frozen', async () => {
  const { internals } = await openPage(await startCore(), 'main');
  expect(internals.__TAURI_PATTERN__).toEqual({ pattern: 'brownfield' });
  expect([Object.isFrozen(internals.__TAURI_PATTERN__), Object.isFrozen(internals.ipc)]).toEqual([true, true]);
});

test('A12 plugin-os answers synchronously', async () => {
  const page = await openPage(await startCore(), 'main', { packages: ['@tauri-apps/plugin-os'] });
  const os = page.packages['@tauri-apps/plugin-os'] as Record<string, () => string>;
  expect(['platform', 'version', 'family', 'type', 'arch', 'eol', 'exeExtension'].map((name) => os[name]?.())).toEqual([
    'linux',
    '6.1',
    'unix',
    'linux',
    'x86_64',
    '\n',
    '',
  ]);
});

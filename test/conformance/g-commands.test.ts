import { readFileSync } from 'node:fs';
import { expect, test } from 'vitest';
import { openPage, outcome, startCore, until } from './harness.ts';

const NAMES = readFileSync(new URL('../fixtures/core-commands-2.12.5.txt', import.meta.url), 'utf8')
  .trim()
  .split('\n');

test('G101 every command that the package calls is there, or says that a panel cannot do it', async () => {
  const core = await startCore();
  const page = await openPage(core, 'main');
  // These end the page, and with it the promise.
  const ending = ['plugin:window|close', 'plugin:window|destroy', 'plugin:webview|webview_close'];
  const names = NAMES.filter((name) => !ending.includes(name));
  const errors = await Promise.all(names.map(async (name) => [name, await outcome(page.invoke(name))] as const));
  const missing = errors.filter(([, result]) => 'error' in result && String(result.error).endsWith('not found'));
  expect(NAMES.length).toBe(160);
  expect(missing).toEqual([
    ['plugin:window|activity_name', { error: 'Command activity_name not found' }],
    ['plugin:window|scene_identifier', { error: 'Command scene_identifier not found' }],
  ]);
  expect(core.errors).toEqual([]);
});

test('G102 monitors are of the package’s own classes', async () => {
  const page = await openPage(await startCore(), 'main');
  await until(() => page.window.metrics.width > 0);
  const found = await page.run(async ({ window, dpi }) => {
    const monitor = await window.currentMonitor();
    return [
      monitor?.position instanceof dpi.PhysicalPosition,
      monitor?.size instanceof dpi.PhysicalSize,
      monitor?.workArea.position instanceof dpi.PhysicalPosition,
      monitor?.workArea.size instanceof dpi.PhysicalSize,
      { ...monitor?.size },
      monitor?.scaleFactor,
      (await window.availableMonitors()).length,
    ];
  });
  expect(found).toEqual([true, true, true, true, { type: 'Physical', width: 1920, height: 1080 }, 1, 1]);
});

test('G103 a logical size is sent as Rust reads it', async () => {
  const core = await startCore({ host: { lenient: true } });
  const page = await openPage(core, 'main');
  await page.run(({ window, dpi }) => window.getCurrentWindow().setSize(new dpi.LogicalSize(3, 4)));
  expect([...core.tap.records()].find(({ name }) => name === 'plugin:window|set_size')?.body).toMatchObject({
    value: { label: 'main', value: { Logical: { width: 3, height: 4 } } },
  });
});

test('G104 what a setter could not do, the getter remembers', async () => {
  const page = await openPage(await startCore(), 'main');
  const seen = await page.run(async ({ window }) => {
    const current = window.getCurrentWindow();
    const before = [await current.isResizable(), await current.isDecorated(), await current.isClosable()];
    await current.setResizable(false);
    await current.setDecorations(false);
    await current.setClosable(false);
    return [before, [await current.isResizable(), await current.isDecorated(), await current.isClosable()]];
  });
  expect(seen).toEqual([
    [true, true, true],
    [false, false, false],
  ]);
});

test('G105 paths follow the rules of Rust', async () => {
  const page = await openPage(await startCore(), 'main');
  const { path } = page.api;
  const table: [Promise<unknown>, unknown][] = [
    [path.join('', 'a'), { ok: 'a' }],
    [path.join('a', '/b', 'c'), { ok: 'a/b/c' }],
    [path.join(), { ok: '.' }],
    [path.join('a', '..', 'b'), { ok: 'b' }],
    [path.normalize('a//b/../c/'), { ok: 'a/c/' }],
    [path.normalize(''), { ok: '' }],
    [path.normalize('..'), { ok: '..' }],
    [path.normalize('.'), { ok: '.' }],
    [path.resolve('x', '/abs', 'b'), { ok: '/abs/b' }],
    [path.resolve('a'), { ok: '/work space/a' }],
    [path.dirname('/'), { error: 'path does not have a parent' }],
    [path.dirname('a'), { ok: '' }],
    [path.dirname('/a/b'), { ok: '/a' }],
    [path.extname('a.txt'), { ok: 'txt' }],
    [path.extname('a'), { error: 'path does not have an extension' }],
    [path.extname('.bashrc'), { error: 'path does not have an extension' }],
    [path.basename('/p/x.json', 'json'), { ok: 'x.' }],
    [path.basename('/p/x.json'), { ok: 'x.json' }],
    [path.basename('/'), { error: 'path does not have a basename' }],
    [path.isAbsolute('/a'), { ok: true }],
    [path.isAbsolute('a'), { ok: false }],
  ];
  expect(await Promise.all(table.map(([promise]) => outcome(promise)))).toEqual(table.map(([, result]) => result));
});

test('G106 every known directory is a path or unknown, and no other number is one', async () => {
  const page = await openPage(await startCore(), 'main');
  const directories = await Promise.all(
    Array.from({ length: 24 }, (_, index) =>
      outcome(page.invoke('plugin:path|resolve_directory', { directory: index + 1 })),
    ),
  );
  for (const [index, found] of directories.slice(0, 23).entries()) {
    if ('error' in found) expect([index + 1, found.error]).toEqual([index + 1, 'unknown path']);
    else expect(found.ok).toMatch(/^\//);
  }
  expect(directories[20]).toEqual({ ok: '/home/ada' });
  expect(directories[23]).toEqual({
    error: expect.stringMatching(
      /^invalid args `directory` for command `resolve_directory`: invalid value: 24, expected one of: /,
    ),
  });
});

test('G108 an image’s pixels are read from bytes and from a list of numbers', async () => {
  let asList = false;
  const core = await startCore({
    stages: [
      async (call, next) => {
        const outcome = await next(call);
        if (call.cmd !== 'plugin:image|rgba' || !asList || !outcome.ok || outcome.result.kind !== 'raw') return outcome;
        return { ok: true, result: { kind: 'json', json: JSON.stringify([...outcome.result.bytes]) } };
      },
    ],
  });
  const page = await openPage(core, 'main');
  const read = () =>
    page.run(async ({ image }) => {
      const made = await image.Image.new([9, 8, 7, 6], 1, 1);
      const pixels = await made.rgba();
      return [pixels instanceof Uint8Array, ...pixels];
    });
  expect(await read()).toEqual([true, 9, 8, 7, 6]);
  asList = true;
  expect(await read()).toEqual([true, 9, 8, 7, 6]);
});

test('G109 windows and webviews are those that are open now', async () => {
  const core = await startCore();
  const [a, b] = [await openPage(core, 'a'), await openPage(core, 'b')];
  const labels = () =>
    a.run(async ({ window, webview, webviewWindow }) => [
      (await window.getAllWindows()).map(({ label }) => label),
      (await webview.getAllWebviews()).map((each) => [each.window.label, each.label]),
      (await webviewWindow.WebviewWindow.getByLabel('b'))?.label ?? null,
      (await window.Window.getByLabel('b'))?.label ?? null,
    ]);
  expect(await labels()).toEqual([
    ['a', 'b'],
    [
      ['a', 'a'],
      ['b', 'b'],
    ],
    'b',
    'b',
  ]);
  b.close();
  expect(await labels()).toEqual([['a'], [['a', 'a']], null, null]);
});

test('G110 an unknown label is named as Tauri does', async () => {
  const page = await openPage(await startCore(), 'main');
  expect([
    await outcome(page.invoke('plugin:window|title', { label: 'nobody' })),
    await outcome(page.invoke('plugin:webview|webview_size', { label: 'nobody' })),
  ]).toEqual([{ error: 'window not found' }, { error: 'webview not found' }]);
});

test('G111 a child webview is refused in the words of Tauri', async () => {
  const page = await openPage(await startCore(), 'main');
  const payload = await page.run(
    ({ webview, window }) =>
      new Promise((resolve) => {
        const made = new webview.Webview(window.getCurrentWindow(), 'child', {
          url: '/',
          x: 0,
          y: 0,
          width: 1,
          height: 1,
        });
        void made.once('tauri://error', (event) => resolve(event.payload));
      }),
  );
  expect(payload).toBe('this feature requires the `unstable` flag on Cargo.toml');
});

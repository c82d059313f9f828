import { expect, test } from 'vitest';
import * as z from 'zod';
import { command } from '#core/command.ts';
import { type PluginOptions, plugin } from '#core/plugin.ts';
import { openPage, outcome, startCore } from './harness.ts';

test('F92 an image lives in the host until it is closed', async () => {
  const page = await openPage(await startCore(), 'main');
  const [rid, size, rgba, closed, again] = await page.run(async ({ image }) => {
    const made = await image.Image.new(new Uint8Array([1, 2, 3, 4]), 1, 1);
    return [
      made.rid,
      await made.size(),
      [...(await made.rgba())],
      await made.close(),
      await made.close().catch((error: unknown) => error),
    ];
  });
  expect(rid).toBeGreaterThan(0);
  expect([size, rgba, closed, again]).toEqual([
    { width: 1, height: 1 },
    [1, 2, 3, 4],
    null,
    `The resource id ${rid} is invalid.`,
  ]);
});

test('F93 a resource that goes out of scope is closed', async () => {
  const page = await openPage(await startCore(), 'main');
  await page.run(async ({ image }) => {
    const made = await image.Image.new(new Uint8Array(4), 1, 1);
    // What `await using` does, as it is compiled for browsers without it.
    await (made as unknown as Record<symbol, () => Promise<void>>)[Symbol.asyncDispose]?.();
  });
  expect(page.connection.resources.size).toBe(0);
});

test('F94 a resource belongs to its page, one of the app to everybody', async () => {
  const core = await startCore();
  const [a, b] = [await openPage(core, 'a'), await openPage(core, 'b')];
  const rid = await a.run(async ({ image }) => (await image.Image.new(new Uint8Array(4), 1, 1)).rid);
  const invalid = { error: `The resource id ${rid} is invalid.` };
  expect(await outcome(b.invoke('plugin:image|size', { rid }))).toEqual(invalid);
  expect(await outcome(b.invoke('plugin:resources|close', { rid }))).toEqual(invalid);
  expect(await a.invoke('plugin:image|size', { rid })).toEqual({ width: 1, height: 1 });
  const shared = core.resources.add({});
  expect(await outcome(b.invoke('plugin:resources|close', { rid: shared }))).toEqual({ ok: null });
  expect(core.resources.size).toBe(0);
});

test('F95 the close hook of a resource runs once: closed, reloaded or with its panel', async () => {
  const closed: string[] = [];
  const core = await startCore();
  const page = await openPage(core, 'main');
  const add = (name: string) => page.connection.resources.add({ close: () => closed.push(name) });
  await page.invoke('plugin:resources|close', { rid: add('by the page') });
  add('by the reload');
  await page.reload();
  add('by the panel');
  page.close();
  core.resources.add({ close: () => closed.push('by the app') });
  core.dispose();
  expect(closed).toEqual(['by the page', 'by the reload', 'by the panel', 'by the app']);
});

test('F95 a resource that fails to close keeps neither its page nor its window', async () => {
  const core = await startCore();
  const page = await openPage(core, 'main');
  const fails = {
    close: () => {
      throw new Error('stuck');
    },
  };
  page.connection.resources.add(fails);
  await page.reload();
  expect(await page.invoke('plugin:app|name')).toBe('Test App');
  page.connection.resources.add(fails);
  page.close();
  expect([core.windows.size, core.errors.map(({ where }) => where)]).toEqual([
    0,
    Array(2).fill('resources of window "main"'),
  ]);
});

test('F96 the first value that is managed stays', async () => {
  const { handle } = await startCore();
  expect([
    handle.manage('db', 1),
    handle.manage('db', 2),
    handle.state('db'),
    handle.unmanage('db'),
    handle.tryState('db'),
  ]).toEqual([true, false, 1, 1, undefined]);
  expect(() => handle.state('db')).toThrow('state() called before manage() for key `db`');
});

test('F97 a plugin gets its part of the configuration, or the app does not start', async () => {
  const seen: unknown[] = [];
  const config = z.object({ level: z.int() });
  const make = (name: string, more: Partial<PluginOptions<unknown>> = {}) =>
    plugin({ name, config, setup: (_app, given) => void seen.push(given), ...more });
  const core = await startCore({ pluginConfig: { good: { level: 3 }, bad: { level: 'x' } } });
  await core.addPlugin(make('good'));
  expect(seen).toEqual([{ level: 3 }]);
  await expect(core.addPlugin(make('bad'))).rejects.toThrow(
    /^failed to initialize plugin `bad`: Error deserializing 'plugins.bad' within your Tauri configuration: /,
  );
  const failing = make('good', { setup: () => Promise.reject(new Error('no door')) });
  await expect(core.addPlugin(failing)).rejects.toThrow('failed to initialize plugin `good`: no door');
});

test('F97 a plugin’s script runs before those of the page, in a scope of its own', async () => {
  const initScript = `var leaked = 1; window.order = ['one', typeof window.__TAURI_INTERNALS__.invoke];`;
  const core = await startCore({
    plugins: [
      plugin({ name: 'one', initScript }),
      plugin({ name: 'two', initScript: 'var leaked; window.order.push("two", leaked) // </script> & "quoted"' }),
    ],
  });
  const page = await openPage(core, 'main');
  const global = page.global as unknown as Record<string, unknown>;
  expect([global['order'], 'leaked' in global]).toEqual([['one', 'function', 'two', undefined], false]);
  expect(await page.invoke('plugin:app|name')).toBe('Test App');
});

test('F98 the first plugin that refuses a navigation decides', async () => {
  const asked: string[] = [];
  const guard = (name: string, answer: boolean) =>
    plugin({
      name,
      onNavigation: (window, url) => {
        asked.push(`${name} ${window.label} ${url}`);
        return answer;
      },
    });
  const core = await startCore({ plugins: [guard('yes', true), guard('no', false), guard('last', true)] });
  const page = await openPage(core, 'main');
  expect(core.allowNavigation(page.window, 'https://example.com/')).toBe(false);
  expect(asked).toEqual(['yes main https://example.com/', 'no main https://example.com/']);
  core.removePlugin('no');
  expect(core.allowNavigation(page.window, 'https://example.com/')).toBe(true);
});

test('F99 plugins hear of loads, windows and the end', async () => {
  const heard: string[] = [];
  const core = await startCore({
    plugins: [
      plugin({
        name: 'ear',
        onPageLoad: (window, { url, event }) => heard.push(`${event} ${window.label} ${url}`),
        onWindowReady: (window) => heard.push(`window ${window.label}`),
        onWebviewReady: (window) => heard.push(`webview ${window.label}`),
        onEvent: (_app, event) =>
          heard.push(event.kind === 'WindowEvent' ? `${event.label} ${event.event}` : event.kind),
        onDrop: () => heard.push('drop'),
      }),
      plugin({
        name: 'deaf',
        onPageLoad: () => {
          throw new Error('not today');
        },
      }),
    ],
  });
  const page = await openPage(core, 'main');
  page.window.setFocused(true);
  await page.reload();
  core.dispose();
  core.dispose();
  expect(heard).toEqual([
    'window main',
    'webview main',
    'Started main http://127.0.0.1:1420/',
    'Finished main http://127.0.0.1:1420/',
    'main tauri://focus',
    'Started main http://127.0.0.1:1420/',
    'Finished main http://127.0.0.1:1420/',
    'Exit',
    'main tauri://destroyed',
    'drop',
  ]);
  expect(core.errors.map(({ where, error }) => [where, (error as Error).message])).toEqual(
    Array.from({ length: 4 }, () => ['onPageLoad of plugin "deaf"', 'not today']),
  );
});

test('F100 a plugin of the same name takes the place of the first, and Tauri’s own names are refused', async () => {
  const dropped: string[] = [];
  const make = (answer: string) =>
    plugin({ name: 'x', commands: [command('who', {}, () => answer)], onDrop: () => void dropped.push(answer) });
  const core = await startCore({ plugins: [make('first')] });
  const page = await openPage(core, 'main');
  expect(await page.invoke('plugin:x|who')).toBe('first');
  await core.addPlugin(make('second'));
  expect([await page.invoke('plugin:x|who'), dropped]).toEqual(['second', ['first']]);
  for (const name of ['core', 'tauri']) expect(() => plugin({ name })).toThrow(`plugin uses reserved name: ${name}`);
});

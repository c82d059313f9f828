import { expect, test } from 'vitest';
import type { EventTarget } from '#core/event.ts';
import { openPage, outcome, type Page, startCore, until } from './harness.ts';

interface Heard {
  event: string;
  payload: unknown;
  id: number;
}

/** Listens in the page and collects whole event objects. */
async function listen(page: Page, event: string, target?: string | EventTarget) {
  const heard: Heard[] = [];
  const options = target === undefined ? undefined : { target };
  const unlisten = await page.run(
    ({ event: events }, event, options, heard) => events.listen(event, (each) => heard.push(each), options),
    event,
    options,
    heard,
  );
  return { heard, unlisten };
}

const payloads = (heard: readonly Heard[]) => heard.map(({ payload }) => payload);

/** The ids that the page's table of listeners has for an event. */
const tableOf = (page: Page, event: string) =>
  Object.keys(
    (page.global as unknown as Record<string, Record<string, object>>)['__internal_unstable_listeners_object_id__']?.[
      event
    ] ?? {},
  ).map(Number);

test('E70 an event reaches listeners in every page and in the host', async () => {
  const core = await startCore();
  const [a, b] = [await openPage(core, 'a'), await openPage(core, 'b')];
  const inA = await listen(a, 'x');
  const inB = await listen(b, 'x');
  const inHost: unknown[] = [];
  core.handle.listen('x', ({ payload }) => inHost.push(payload));
  await a.api.event.emit('x');
  await a.api.event.emit('x', { n: 1 });
  await b.roundTrip();
  expect([payloads(inA.heard), payloads(inB.heard), inHost]).toEqual(Array.from({ length: 3 }, () => [null, { n: 1 }]));
  expect(inA.heard[0]).toEqual({ event: 'x', payload: null, id: tableOf(a, 'x')[0] });
});

const LISTENERS: readonly EventTarget[] = [
  { kind: 'Any' },
  { kind: 'App' },
  { kind: 'AnyLabel', label: 'a' },
  { kind: 'Window', label: 'a' },
  { kind: 'Webview', label: 'a' },
  { kind: 'WebviewWindow', label: 'a' },
  { kind: 'WebviewWindow', label: 'b' },
];
/** One row for each target of an emit: which of the listeners above hear it (tauri-core 4.3). */
const MATRIX: readonly [EventTarget, ...number[]][] = [
  [{ kind: 'Any' }, 1, 1, 1, 1, 1, 1, 1],
  [{ kind: 'App' }, 1, 1, 0, 0, 0, 0, 0],
  [{ kind: 'AnyLabel', label: 'a' }, 1, 0, 1, 1, 1, 1, 0],
  [{ kind: 'Window', label: 'a' }, 1, 0, 1, 1, 0, 0, 0],
  [{ kind: 'Webview', label: 'a' }, 1, 0, 1, 0, 1, 0, 0],
  [{ kind: 'WebviewWindow', label: 'a' }, 1, 0, 1, 0, 0, 1, 0],
  [{ kind: 'WebviewWindow', label: 'b' }, 1, 0, 0, 0, 0, 0, 1],
];

test('E71 who hears what: seven targets of listeners, seven of emits', async () => {
  const core = await startCore();
  const [a, b] = [await openPage(core, 'a'), await openPage(core, 'b')];
  const listeners = await Promise.all(LISTENERS.map((target) => listen(b, 'x', target)));
  const seen: unknown[] = [];
  for (const [target] of MATRIX) {
    await a.api.event.emitTo(target, 'x', target);
    await b.roundTrip();
    seen.push([target, ...listeners.map(({ heard }) => heard.splice(0).length)]);
  }
  expect(seen).toEqual(MATRIX);
});

test('E72 a string names any window or webview of that label', async () => {
  const core = await startCore();
  const page = await openPage(core, 'a');
  const listener = await listen(page, 'x', 'b');
  for (const target of ['a', 'b', { kind: 'Window', label: 'b' }, { kind: 'App' }] as const) {
    await page.api.event.emitTo(target, 'x', target);
  }
  expect(payloads(listener.heard)).toEqual(['b', { kind: 'Window', label: 'b' }]);
});

test('E73 after unlisten not even an event on its way runs the handler', async () => {
  const core = await startCore();
  const page = await openPage(core, 'main');
  const { heard, unlisten } = await listen(page, 'x');
  core.handle.emit('x', 1);
  unlisten();
  core.handle.emit('x', 2);
  await page.roundTrip();
  expect([heard, page.console, page.errors]).toEqual([[], [], []]);
  expect([core.events.count('x'), page.internals.callbacks.size]).toEqual([0, 0]);
});

test('E74 once hears one of two events', async () => {
  const core = await startCore();
  const page = await openPage(core, 'main');
  const heard: unknown[] = [];
  await page.run(({ event }, heard) => event.once('x', ({ payload }) => heard.push(payload)), heard);
  core.handle.emit('x', 1);
  core.handle.emit('x', 2);
  await page.roundTrip();
  await until(() => core.events.count('x') === 0);
  expect(heard).toEqual([1]);
});

test('E75 once is removed even where its handler throws', async () => {
  const core = await startCore();
  const page = await openPage(core, 'main');
  const calls: number[] = [];
  await page.run(
    ({ event }, calls) =>
      event.once('x', () => {
        calls.push(1);
        throw new Error('in once');
      }),
    calls,
  );
  core.handle.emit('x');
  await until(() => core.events.count('x') === 0);
  core.handle.emit('x');
  await page.roundTrip();
  expect([calls, page.errors.map((error) => (error as Error).message)]).toEqual([[1], ['in once']]);
});

test('E76 the numbers of listeners are unique in the app, and none comes twice', async () => {
  const core = await startCore();
  const [a, b] = [await openPage(core, 'a'), await openPage(core, 'b')];
  const ids: number[] = [];
  for (const page of [a, b, a, b]) {
    const { unlisten } = await listen(page, 'x');
    ids.push(...tableOf(page, 'x'));
    unlisten();
  }
  expect(ids).toEqual([0, 1, 2, 3]);
});

test('E77 names of events have Tauri’s characters', async () => {
  const page = await openPage(await startCore(), 'main');
  const text = (fn: string) =>
    `invalid args \`event\` for command \`${fn}\`: Event name must include only alphanumeric characters, \`-\`, \`/\`, \`:\` and \`_\`.`;
  for (const name of ['a b', 'a.b', 'a\n']) {
    expect(
      await Promise.all([
        outcome(page.run(({ event }, name) => event.listen(name, () => undefined), name)),
        outcome(page.invoke('plugin:event|unlisten', { event: name, eventId: 1 })),
        outcome(page.api.event.emit(name)),
        outcome(page.api.event.emitTo('main', name)),
      ]),
    ).toEqual(['listen', 'unlisten', 'emit', 'emit_to'].map((fn) => ({ error: text(fn) })));
    expect(() => page.core.handle.emit(name)).toThrow(
      `only alphanumeric, '-', '/', ':', '_' permitted for event names: ${JSON.stringify(name)}`,
    );
  }
  for (const name of ['é/x:1_-', '', '漢字', '__proto__', 'constructor']) {
    const { heard } = await listen(page, name);
    await page.api.event.emit(name, name);
    expect(payloads(heard)).toEqual([name]);
  }
});

test('E78 unlistening to what is unknown resolves', async () => {
  const page = await openPage(await startCore(), 'main');
  expect(await page.invoke('plugin:event|unlisten', { event: 'x', eventId: 99 })).toBe(null);
});

test('E79 a listener added by a handler hears the next event, and an emit of a handler follows', async () => {
  const core = await startCore();
  const page = await openPage(core, 'main');
  const inPage = await listen(page, 'x');
  const order: unknown[] = [];
  core.handle.listenAny('x', ({ payload }) => {
    order.push(['first', payload]);
    if (payload !== 1) return;
    core.handle.listenAny('x', (event) => order.push(['added', event.payload]));
    core.handle.emit('x', 2);
    order.push('emitted');
  });
  core.handle.listenAny('x', ({ payload }) => order.push(['second', payload]));
  core.handle.emit('x', 1);
  await page.roundTrip();
  expect(order).toEqual([['first', 1], 'emitted', ['second', 1], ['first', 2], ['second', 2], ['added', 2]]);
  expect(payloads(inPage.heard)).toEqual([1, 2]);
  // What a record says of an event is what became of it.
  const records = [...core.tap.records()].filter(({ kind, name }) => kind === 'event' && name === 'x');
  expect(records.map(({ body, heard, status }) => [body, heard, status])).toEqual([
    [{ kind: 'text', json: '1' }, 3, 'ok'],
    [{ kind: 'text', json: '2' }, 4, 'ok'],
  ]);
});

test('E80 a filter of the host chooses listeners by their target', async () => {
  const core = await startCore();
  const page = await openPage(core, 'a');
  const listeners = await Promise.all(LISTENERS.map((target) => listen(page, 'x', target)));
  await core.handle.emitFilter('x', (target) => 'label' in target && target.label === 'b', 1);
  await page.roundTrip();
  expect(listeners.map(({ heard }) => heard.length)).toEqual([1, 0, 0, 0, 0, 0, 1]);
});

test('E81 an unknown label is no error, and heard by listeners to anything only', async () => {
  const core = await startCore();
  const page = await openPage(core, 'a');
  const [any, own] = [await listen(page, 'x'), await listen(page, 'x', 'a')];
  expect(await page.api.event.emitTo('nobody', 'x', 1)).toBe(undefined);
  expect([payloads(any.heard), payloads(own.heard)]).toEqual([[1], []]);
});

test('E82 a crooked target has serde’s words', async () => {
  const page = await openPage(await startCore(), 'main');
  const emit = (target: unknown) => outcome(page.invoke('plugin:event|emit_to', { target, event: 'x' }));
  const error = (text: string) => ({ error: `invalid args \`target\` for command \`emit_to\`: ${text}` });
  expect(await Promise.all([emit({ kind: 'Nope' }), emit({}), emit('main'), emit({ kind: 'Window' })])).toEqual([
    error('unknown variant `Nope`, expected one of `Any`, `AnyLabel`, `App`, `Window`, `Webview`, `WebviewWindow`'),
    error('missing field `kind`'),
    error('invalid type: string "main", expected internally tagged enum EventTarget'),
    error('missing field `label`'),
  ]);
});

test('E83 a resize is heard by listeners of that window, and by those to anything', async () => {
  const core = await startCore();
  const [a, b] = [await openPage(core, 'a'), await openPage(core, 'b')];
  const sizes: unknown[] = [];
  await a.run(
    ({ window, dpi }, sizes) =>
      window
        .getCurrentWindow()
        .onResized(({ payload }) => sizes.push([payload instanceof dpi.PhysicalSize, payload.width, payload.height])),
    sizes,
  );
  const [anywhere, byLabel] = [await listen(b, 'tauri://resize'), await listen(a, 'tauri://resize', 'a')];
  await until(() => a.window.metrics.width === 800);
  Object.assign(a.global, { innerWidth: 1000, innerHeight: 500 });
  a.dispatch('resize');
  await until(() => sizes.length > 0);
  await b.roundTrip();
  expect([sizes, payloads(anywhere.heard), byLabel.heard]).toEqual([
    [[true, 1000, 500]],
    [{ width: 1000, height: 500 }],
    [],
  ]);
});

test('E84 focus and theme of the panel are told', async () => {
  const core = await startCore();
  const page = await openPage(core, 'main');
  const seen: unknown[] = [];
  await page.run(async ({ window }, seen) => {
    await window.getCurrentWindow().onFocusChanged(({ payload }) => seen.push(payload));
    await window.getCurrentWindow().onThemeChanged(({ payload }) => seen.push(payload));
  }, seen);
  page.window.setFocused(true);
  page.window.setFocused(true);
  page.window.setFocused(false);
  page.window.setHostTheme('light');
  page.window.setHostTheme('light');
  await page.roundTrip();
  expect(seen).toEqual([true, false, 'light']);
  expect(await page.run(({ window }) => window.getCurrentWindow().theme())).toBe('light');
});

test('E85 a new window is announced to everybody', async () => {
  const core = await startCore();
  const page = await openPage(core, 'a');
  const [windows, webviews] = [
    await listen(page, 'tauri://window-created'),
    await listen(page, 'tauri://webview-created'),
  ];
  await openPage(core, 'b');
  await page.roundTrip();
  expect([payloads(windows.heard), payloads(webviews.heard)]).toEqual([[{ label: 'b' }], [{ label: 'b' }]]);
});

test('E86 a window that a page makes says that it is there, or why not', async () => {
  const core = await startCore();
  const page = await openPage(core, 'main');
  const make = (label: string) =>
    page.run(
      ({ webviewWindow }, label) =>
        new Promise((resolve) => {
          const made = new webviewWindow.WebviewWindow(label);
          void made.once('tauri://created', ({ event, id, payload }) => resolve([event, id, payload]));
          void made.once('tauri://error', ({ event, id, payload }) => resolve([event, id, payload]));
        }),
      label,
    );
  expect([await make('n'), await make('n'), await make('no space')]).toEqual([
    ['tauri://created', -1, undefined],
    ['tauri://error', -1, 'a webview with label `n` already exists'],
    [
      'tauri://error',
      -1,
      'runtime error: Window labels must only include alphanumeric characters, `-`, `/`, `:` and `_`.',
    ],
  ]);
  expect([...core.windows.keys()]).toEqual(['main', 'n']);
});

test('E87 a page that listens to close-requested decides', async () => {
  const core = await startCore();
  const [page, other] = [await openPage(core, 'main'), await openPage(core, 'other')];
  const destroyed = await listen(other, 'tauri://destroyed');
  const asked: number[] = [];
  let decide: (prevent: boolean) => void = () => undefined;
  await page.run(
    ({ window }, asked, wait) =>
      window.getCurrentWindow().onCloseRequested(async (event) => {
        asked.push(1);
        if (await wait()) event.preventDefault();
      }),
    asked,
    () => new Promise<boolean>((resolve) => (decide = resolve)),
  );
  await page.run(({ window }) => window.getCurrentWindow().close());
  await until(() => asked.length === 1);
  decide(true);
  await page.roundTrip();
  expect(core.windows.has('main')).toBe(true);
  await page.run(({ window }) => window.getCurrentWindow().close());
  await until(() => asked.length === 2);
  expect(core.windows.has('main')).toBe(true);
  decide(false);
  await until(() => !core.windows.has('main'));
  await other.roundTrip();
  expect([page.panel, payloads(destroyed.heard)]).toEqual([[['dispose']], [null]]);
  expect([...core.tap.records()].filter(({ name }) => name === 'plugin:window|destroy').length).toBe(1);
});

test('E88 a window that nobody guards closes at once', async () => {
  const core = await startCore();
  const page = await openPage(core, 'main');
  void outcome(page.run(({ window }) => window.getCurrentWindow().close()));
  await until(() => !core.windows.has('main'));
  expect(page.panel).toEqual([['dispose']]);
});

test('E89 the listeners of a page go with it, and with a reload', async () => {
  const core = await startCore();
  const page = await openPage(core, 'main');
  const target = { kind: 'Window', label: 'main' } as const;
  const first = await listen(page, 'tauri://close-requested', target);
  expect(core.events.hasPageListener('tauri://close-requested', () => true)).toBe(true);
  await page.reload();
  expect(core.events.hasPageListener('tauri://close-requested', () => true)).toBe(false);
  await listen(page, 'x', target);
  expect(core.events.count()).toBe(1);
  page.close();
  expect(core.events.count()).toBe(0);
  expect(first.heard).toEqual([]);
});

test('E90 a page may listen for another window', async () => {
  const core = await startCore();
  const [a, b] = [await openPage(core, 'a'), await openPage(core, 'b')];
  const { heard } = await listen(a, 'tauri://focus', { kind: 'Window', label: 'b' });
  a.window.setFocused(true);
  b.window.setFocused(true);
  await a.roundTrip();
  expect(heard.length).toBe(1);
});

test('E91 emits that nobody waits for keep their order', async () => {
  const core = await startCore();
  const [a, b] = [await openPage(core, 'a'), await openPage(core, 'b')];
  const { heard } = await listen(b, 'x');
  const numbers = Array.from({ length: 100 }, (_, n) => n + 1);
  await a.run(({ event }, numbers) => Promise.all(numbers.map((n) => event.emit('x', n))), numbers);
  await until(() => heard.length === 100);
  expect(payloads(heard)).toEqual(numbers);
});

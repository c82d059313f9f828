import { describe, expect, test } from 'vitest';
import { FromPage, openFrame } from '#core/wire.ts';
import { jsonText, rawBytes } from '../../../webview-ui/bridge/serialize.ts';
import { turn } from '../core/fakes.ts';
import { buildBridge, createRealm } from './realm.ts';

test('it has less than 8000 bytes and no dependency', async () => {
  const { text, inputs } = await buildBridge();
  expect(new TextEncoder().encode(text).byteLength).toBeLessThan(8000);
  expect(inputs.filter((path) => !path.startsWith('webview-ui/bridge/'))).toEqual([]);
});

test('it says nothing that the host does not understand, and begins with ready', async () => {
  const realm = await createRealm();
  await turn();
  const said = realm.said();
  expect(said.map(({ kind }) => kind)).toEqual(['ready', 'metrics']);
  expect(said.every((message) => FromPage.safeParse(message).success)).toBe(true);
  expect(realm.mark).toMatch(/^ipc-workbench:key:0\.\d+/);
  expect(realm.posts.map(([first]) => first)).toEqual(Array(realm.posts.length).fill(realm.mark));
});

test('what it defines can be neither replaced nor seen in a list of globals', async () => {
  const { run } = await createRealm();
  const names = [
    'isTauri',
    '__TAURI_INTERNALS__',
    '__TAURI_EVENT_PLUGIN_INTERNALS__',
    '__TAURI_OS_PLUGIN_INTERNALS__',
    '__internal_unstable_listeners_object_id__',
    '__internal_unstable_listeners_function_id__',
  ];
  for (const name of names) {
    expect(
      run(`JSON.stringify([Object.getOwnPropertyDescriptor(window, '${name}')].map(({ writable, enumerable, configurable }) =>
      ({ writable, enumerable, configurable })))`),
    ).toBe('[{"writable":false,"enumerable":false,"configurable":false}]');
  }
  expect(run(`Object.keys(window).filter((name) => /tauri|internal/i.test(name)).length`)).toBe(0);
  expect(
    run(
      `Object.values(Object.getOwnPropertyDescriptors(__TAURI_INTERNALS__)).every((each) => !each.writable && !each.configurable)`,
    ),
  ).toBe(true);
});

test('its script leaves the document, and a second one changes nothing', async () => {
  const { window, run } = await createRealm();
  expect(window['document'].currentScript.removed).toBe(true);
  const before = window['__TAURI_INTERNALS__'];
  run((await buildBridge()).text);
  expect(window['__TAURI_INTERNALS__']).toBe(before);
});

test('Object.prototype is frozen where the app asks for it', async () => {
  expect((await createRealm({ freezePrototype: true })).run('Object.isFrozen(Object.prototype)')).toBe(true);
  expect((await createRealm()).run('Object.isFrozen(Object.prototype)')).toBe(false);
});

test('the calls of one turn leave in one post; the next wait for its arrival, not for a timer', async () => {
  const realm = await createRealm();
  await turn();
  realm.tell([{ kind: 'welcome' }, { kind: 'received', frames: realm.posts.length }]);
  realm.posts.length = 0;
  realm.run(`for (let n = 0; n < 50; n++) __TAURI_INTERNALS__.invoke('a', { n })`);
  await turn();
  realm.run(`__TAURI_INTERNALS__.invoke('b')`);
  await turn();
  realm.run(`__TAURI_INTERNALS__.invoke('c')`);
  await turn();
  expect(realm.posts.length).toBe(1);
  realm.tell([{ kind: 'received', frames: 1 }]);
  expect(realm.posts.map(([, ...frame]) => openFrame(frame).messages.length)).toEqual([50, 2]);
});

test('where the host takes long, the frame leaves after a moment', async () => {
  const realm = await createRealm();
  await turn();
  realm.posts.length = 0;
  realm.run(`__TAURI_INTERNALS__.invoke('a')`);
  await turn();
  expect(realm.posts).toEqual([]);
  for (const timer of realm.timers) timer();
  expect(realm.said().map(({ cmd }) => cmd)).toEqual(['a']);
});

test('beyond its window the page keeps its calls until the host took some in', async () => {
  const realm = await createRealm();
  await turn();
  realm.run(`for (let n = 0; n < 64; n++) __TAURI_INTERNALS__.invoke('a', new Uint8Array(1 << 20))`);
  await turn();
  for (const timer of realm.timers) timer();
  const calls = () => realm.said().filter(({ kind }) => kind === 'invoke').length;
  expect(calls()).toBeLessThan(45);
  realm.tell([{ kind: 'received', frames: realm.posts.length }]);
  await turn();
  for (const timer of realm.timers) timer();
  expect(calls()).toBe(64);
});

test('it gives credit for all the bytes that it was sent', async () => {
  const realm = await createRealm();
  await turn();
  realm.tell([{ kind: 'received', frames: realm.posts.length }]);
  const raw = new Uint8Array(600_000);
  realm.tell([{ kind: 'run', id: 1, raw: 0 }], [raw]);
  realm.tell([{ kind: 'run', id: 1, raw: 0 }], [raw]);
  await turn();
  const credit = realm.said().filter(({ kind }) => kind === 'received');
  expect(credit.length).toBe(1);
  expect(credit[0]?.['bytes']).toBeGreaterThan(1_200_000);
  expect(credit[0]?.['bytes']).toBeLessThan(1_201_000);
});

test('an error of one callback keeps no other message from arriving', async () => {
  const realm = await createRealm();
  const ids = realm.run(`
    var seen = [];
    [transform(() => { throw new Error('mine') }), transform((value) => seen.push(value.message))];
    function transform(callback) { return __TAURI_INTERNALS__.transformCallback(callback) }
  `) as number[];
  realm.tell(ids.map((id) => ({ kind: 'message' as const, id, index: 0, value: 7 })));
  expect([realm.errors.map((error) => (error as Error).message), [...realm.window['seen']]]).toEqual([['mine'], [7]]);
});

test('two frames of bytes share no memory, and a call’s bytes are those of the moment of the call', async () => {
  const realm = await createRealm();
  await turn();
  realm.posts.length = 0;
  realm.run(`
    var buffer = new Uint8Array([1, 2, 3, 4]);
    __TAURI_INTERNALS__.invoke('a', buffer.subarray(1, 3));
    buffer.fill(9);
    __TAURI_INTERNALS__.invoke('b', buffer.buffer);
  `);
  await turn();
  for (const timer of realm.timers) timer();
  const { messages, raw } = openFrame((realm.posts[0] as unknown[]).slice(1));
  expect(messages.map((message) => [...(raw[(message as { raw: number }).raw] ?? [])])).toEqual([
    [2, 3],
    [9, 9, 9, 9],
  ]);
  expect(realm.run('buffer.byteLength')).toBe(4);
});

test('a stand-in for a denied localStorage behaves like one, and the host is told', async () => {
  class XMLHttpRequest {
    status = 200;
    responseText = '{"old":"1"}';
    open() {}
    send() {}
  }
  const realm = await createRealm(
    { storageUrl: '/storage' },
    { XMLHttpRequest, localStorage: undefined, sessionStorage: undefined },
  );
  await turn();
  realm.posts.length = 0;
  const seen = realm.run(`
    localStorage.setItem('a', 1);
    localStorage.b = 'two';
    const before = [localStorage.length, localStorage.getItem('a'), localStorage.b, localStorage.getItem('none'), Object.keys(localStorage), localStorage.key(0), 'a' in localStorage];
    delete localStorage.a;
    localStorage.removeItem('none');
    localStorage.clear();
    sessionStorage.setItem('mine', 'x');
    JSON.stringify([before, localStorage.length, localStorage.getItem('old'), sessionStorage.mine]);
  `) as string;
  expect(JSON.parse(seen)).toEqual([[3, '1', 'two', null, ['old', 'a', 'b'], 'old', true], 0, null, 'x']);
  await turn();
  for (const timer of realm.timers) timer();
  expect(realm.said()).toEqual([
    { kind: 'storage', key: 'a', value: '1' },
    { kind: 'storage', key: 'b', value: 'two' },
    { kind: 'storage', key: 'a', value: null },
    { kind: 'storage', key: null, value: null },
  ]);
});

// tauri-core 2.2
describe('arguments are serialised as Tauri does:', () => {
  const hook = (value: unknown) => ({ __TAURI_TO_IPC_KEY__: () => value });
  test.each<[string, unknown, string]>([
    ['a Map', new Map([['a', 1]]), '{"a":1}'],
    ['a Map in a Map', new Map([['a', new Map([['b', new Uint8Array([1])]])]]), '{"a":{"b":[1]}}'],
    ['a Uint8Array', { a: new Uint8Array([1, 2]) }, '{"a":[1,2]}'],
    ['an ArrayBuffer', { a: new ArrayBuffer(2) }, '{"a":[0,0]}'],
    ['another typed array', { a: new Float32Array([1.5]) }, '{"a":{"0":1.5}}'],
    ['the hook', { a: hook({ b: hook([new Map([['c', 1]])]) }) }, '{"a":{"b":[{"c":1}]}}'],
    // What the hook gives is walked, but not replaced itself: so it is in Tauri.
    ['a hook that gives a Map', { a: hook(new Map([['c', 1]])) }, '{"a":{}}'],
    ['an inherited hook', { a: Object.create(hook(7)) }, '{"a":7}'],
    ['toJSON before the hook', { a: { ...hook('hook'), toJSON: () => 'json' } }, '{"a":"json"}'],
    ['a hook that gives undefined', { a: hook(undefined) }, '{}'],
    ['a channel of npm 2.0', { a: { __TAURI_CHANNEL_MARKER__: true, id: 7 } }, '{"a":"__CHANNEL__:7"}'],
    [
      'a marker without a number',
      { a: { __TAURI_CHANNEL_MARKER__: true, id: '7' } },
      '{"a":{"__TAURI_CHANNEL_MARKER__":true,"id":"7"}}',
    ],
    ['a channel of npm 2.0 as the arguments', { __TAURI_CHANNEL_MARKER__: true, id: 7 }, '"__CHANNEL__:7"'],
    ['a Map as the arguments', new Map([['a', 1]]), '{"a":1}'],
    ['the hook of the arguments', { ...hook('hook'), a: 1 }, '"hook"'],
    [
      'arguments whose toJSON gives a Map',
      Object.create({ toJSON: () => ({ a: new Map([['b', 1]]) }) }),
      '{"a":{"b":1}}',
    ],
    ['a member whose toJSON gives a Map', { a: { toJSON: () => new Map([['b', 1]]) } }, '{"a":{"b":1}}'],
    ['arguments without objects in them', { a: 'x', b: 1, c: true, d: undefined }, '{"a":"x","b":1,"c":true}'],
    ['a Date', { a: new Date(0) }, '{"a":"1970-01-01T00:00:00.000Z"}'],
    ['a Set', { a: new Set([1]) }, '{"a":{}}'],
    ['undefined and functions', { a: undefined, b: () => 1, c: [undefined, () => 1] }, '{"c":[null,null]}'],
    ['NaN and Infinity', [Number.NaN, Infinity], '[null,null]'],
    ['null', null, 'null'],
    ['a function', () => 1, 'null'],
    ['a string', 'x', '"x"'],
    ['a lone surrogate', '\ud800', '"\\ud800"'],
  ])('%s', (_, value, text) => expect(jsonText(value)).toBe(text));

  test.each<[string, unknown, number[] | undefined]>([
    ['a buffer', new Uint8Array([1, 2]).buffer, [1, 2]],
    ['an empty buffer', new ArrayBuffer(0), []],
    ['a view', new Uint8Array([1, 2, 3]).subarray(1), [2, 3]],
    ['a DataView', new DataView(new Uint8Array([1, 2, 3]).buffer, 1, 1), [2]],
    ['a view of larger elements', new Uint16Array([513]), [1, 2]],
    ['a shared buffer', new Uint8Array(new SharedArrayBuffer(2)), [0, 0]],
    ['a list of numbers', [1, 255, 256, -1, 1.9, '7', 'x'], [1, 255, 0, 255, 1, 7, 0]],
    ['an object', {}, undefined],
    ['null', null, undefined],
    ['a string', 'abc', undefined],
  ])('bytes of %s', (_, value, expected) => {
    const bytes = rawBytes(value);
    expect(bytes && [...bytes]).toEqual(expected);
    if (bytes) expect(bytes.buffer).toBeInstanceOf(ArrayBuffer);
  });

  test('bytes are copies: the page may write to its buffer again', () => {
    const mine = new Uint8Array([1]);
    const [view, buffer] = [rawBytes(mine), rawBytes(mine.buffer)];
    mine[0] = 2;
    expect([view?.[0], buffer?.[0]]).toEqual([1, 1]);
  });

  test.each([
    1n,
    { deep: [1n] },
    (() => {
      const a: unknown[] = [];
      a.push(a);
      return { a };
    })(),
  ])('what has no JSON form throws', (value) => {
    expect(() => jsonText(value)).toThrow(TypeError);
  });
});

test('without an isolation page nothing of isolation is in it', async () => {
  expect((await buildBridge()).text).not.toMatch(/isolation/i);
});

import { expect, test } from 'vitest';
import * as z from 'zod';
import { Channel, channel } from '#core/channel.ts';
import { command } from '#core/command.ts';
import { plugin } from '#core/plugin.ts';
import { openPage, outcome, startCore } from './harness.ts';

const greet = command('greet', { args: { userName: z.string() } }, ({ userName }) => `Hello, ${userName}!`);

test('C36 a missing key is named', async () => {
  const page = await openPage(await startCore({ commands: [greet] }), 'main');
  const error = 'invalid args `userName` for command `greet`: command greet missing required key userName';
  for (const args of [undefined, {}, { userName: undefined }, { username: 'x' }]) {
    expect(await outcome(page.invoke('greet', args))).toEqual({ error });
  }
});

test('C37 a snake_case key does not stand for a camelCase parameter', async () => {
  const page = await openPage(await startCore({ commands: [greet] }), 'main');
  expect(await outcome(page.invoke('greet', { user_name: 'Ada' }))).toEqual({
    error: 'invalid args `userName` for command `greet`: command greet missing required key userName',
  });
});

test('C38 a snake_case parameter takes its own name only', async () => {
  const snake = command('snake', { args: { user_name: z.string() } }, (args) => args.user_name);
  const page = await openPage(await startCore({ commands: [snake] }), 'main');
  expect(await page.invoke('snake', { user_name: 'Ada' })).toBe('Ada');
  expect(await outcome(page.invoke('snake', { userName: 'Ada' }))).toEqual({
    error: 'invalid args `user_name` for command `snake`: command snake missing required key user_name',
  });
});

test('C39 an optional parameter is none when absent, null or undefined', async () => {
  const optional = command('optional', { args: { name: z.string().optional() } }, ({ name }) => name === undefined);
  const page = await openPage(await startCore({ commands: [optional] }), 'main');
  for (const args of [{}, { name: null }, { name: undefined }]) expect(await page.invoke('optional', args)).toBe(true);
  expect(await page.invoke('optional', { name: 'x' })).toBe(false);
});

test('C40 keys that nobody asked for are ignored', async () => {
  const page = await openPage(await startCore({ commands: [greet] }), 'main');
  expect(await page.invoke('greet', { userName: 'Ada', more: { deep: true } })).toBe('Hello, Ada!');
});

const User = z.object({ name: z.string(), age: z.number() }).meta({ title: 'User' });
const Target = z
  .discriminatedUnion('kind', [
    z.object({ kind: z.literal('Any') }),
    z.object({ kind: z.literal('Label'), label: z.string() }),
    z.object({ kind: z.literal('App') }),
  ])
  .meta({ title: 'Target' });
const Shape = z.union([z.object({ radius: z.number() }), z.object({ side: z.number() })]).meta({ title: 'Shape' });

const TEXTS: readonly [schema: z.ZodType, given: unknown, text: string][] = [
  [z.string(), null, 'invalid type: null, expected a string'],
  [z.string(), true, 'invalid type: boolean `true`, expected a string'],
  [z.string(), 1, 'invalid type: integer `1`, expected a string'],
  [z.string(), -1, 'invalid type: integer `-1`, expected a string'],
  [z.string(), 1.5, 'invalid type: floating point `1.5`, expected a string'],
  [z.string(), [1], 'invalid type: sequence, expected a string'],
  [z.string(), {}, 'invalid type: map, expected a string'],
  [z.boolean(), 'x', 'invalid type: string "x", expected a boolean'],
  [z.boolean(), 0, 'invalid type: integer `0`, expected a boolean'],
  [z.uint32(), 'x', 'invalid type: string "x", expected u32'],
  [z.int32(), null, 'invalid type: null, expected i32'],
  [z.int(), 'x', 'invalid type: string "x", expected i64'],
  [z.number(), 'x', 'invalid type: string "x", expected f64'],
  [z.float32(), 'x', 'invalid type: string "x", expected f32'],
  [z.uint32(), 1.5, 'invalid type: floating point `1.5`, expected u32'],
  [z.int(), 1.5, 'invalid type: floating point `1.5`, expected i64'],
  [z.uint32(), -1, 'invalid value: integer `-1`, expected u32'],
  [z.uint32(), 4294967296, 'invalid value: integer `4294967296`, expected u32'],
  [z.int32(), -2147483649, 'invalid value: integer `-2147483649`, expected i32'],
  [z.array(z.string()), 'x', 'invalid type: string "x", expected a sequence'],
  [z.array(z.string()), {}, 'invalid type: map, expected a sequence'],
  [z.record(z.string(), z.number()), [1], 'invalid type: sequence, expected a map'],
  [z.record(z.string(), z.number()), 'x', 'invalid type: string "x", expected a map'],
  [User, 'x', 'invalid type: string "x", expected struct User'],
  [User, 1, 'invalid type: integer `1`, expected struct User'],
  [User, { name: 'Ada' }, 'missing field `age`'],
  [z.strictObject({ a: z.number() }), { a: 1, b: 2 }, 'unknown field `b`, expected `a`'],
  [z.strictObject({ a: z.number(), c: z.number() }), { a: 1, b: 2, c: 3 }, 'unknown field `b`, expected `a` or `c`'],
  [z.enum(['light', 'dark']), 'blue', 'unknown variant `blue`, expected `light` or `dark`'],
  [z.enum(['a', 'b', 'c']), 'blue', 'unknown variant `blue`, expected one of `a`, `b`, `c`'],
  [z.enum(['A']), 'blue', 'unknown variant `blue`, expected `A`'],
  [z.enum(['light', 'dark']), 1, 'invalid type: integer `1`, expected string or map'],
  [Target, 'main', 'invalid type: string "main", expected internally tagged enum Target'],
  [Target, {}, 'missing field `kind`'],
  [Target, { kind: 'Nope' }, 'unknown variant `Nope`, expected one of `Any`, `Label`, `App`'],
  [Target, { kind: 'Label' }, 'missing field `label`'],
  [Shape, {}, 'data did not match any variant of untagged enum Shape'],
  [z.tuple([z.number(), z.number()]), [1], 'invalid length 1, expected a tuple of size 2'],
  [z.tuple([z.number(), z.number()]), [1, 2, 3], 'invalid length 3, expected fewer elements in array'],
  [z.tuple([z.number(), z.number()]), 'x', 'invalid type: string "x", expected a tuple of size 2'],
  [z.array(z.number()).length(3), [1, 2], 'invalid length 2, expected an array of length 3'],
  [z.boolean(), 'a"\\\n\t\u0001é😀', 'invalid type: string "a\\"\\\\\\n\\t\\u{1}é😀", expected a boolean'],
];

test.each(TEXTS.map((row, index) => [index, ...row] as const))(
  'C41 serde’s words, row %i',
  async (_, schema, given, text) => {
    const check = command('check', { args: { value: schema } }, () => 'accepted');
    const page = await openPage(await startCore({ commands: [check] }), 'main');
    expect(await outcome(page.invoke('check', { value: given }))).toEqual({
      error: `invalid args \`value\` for command \`check\`: ${text}`,
    });
  },
);

test('C42 a raw body has no keys, not even optional ones', async () => {
  const optional = command('optional', { args: { name: z.string().optional() } }, () => 'ran');
  const page = await openPage(await startCore({ commands: [greet, optional] }), 'main');
  const text = (fn: string, key: string) =>
    `invalid args \`${key}\` for command \`${fn}\`: command ${fn} expected a value for key ${key} but the IPC call used a bytes payload`;
  expect(await outcome(page.invoke('greet', [1]))).toEqual({ error: text('greet', 'userName') });
  expect(await outcome(page.invoke('optional', [1]))).toEqual({ error: text('optional', 'name') });
});

test('C43 a command for raw bodies sees JSON where JSON came', async () => {
  const raw = command('raw', {}, (_args, { request }) => request.body.kind);
  const page = await openPage(await startCore({ commands: [raw] }), 'main');
  expect([await page.invoke('raw', [1]), await page.invoke('raw', { a: 1 })]).toEqual(['raw', 'json']);
});

test('C44 the first parameter that fails decides, in the order of declaration', async () => {
  const two = command('two', { args: { b: z.string(), a: z.string() } }, () => 'ran');
  const page = await openPage(await startCore({ commands: [two] }), 'main');
  expect(await outcome(page.invoke('two', { a: 1 }))).toEqual({
    error: 'invalid args `b` for command `two`: command two missing required key b',
  });
  expect(await outcome(page.invoke('two', { b: 'x', a: 1 }))).toEqual({
    error: 'invalid args `a` for command `two`: invalid type: integer `1`, expected a string',
  });
});

test('C45 unknown commands and plugins have three texts', async () => {
  const page = await openPage(await startCore(), 'main');
  expect(
    await Promise.all(['nope', 'plugin:event|nope', 'plugin:nope|x'].map((cmd) => outcome(page.invoke(cmd)))),
  ).toEqual([
    { error: 'Command nope not found' },
    { error: 'Command nope not found' },
    { error: 'plugin nope not found' },
  ]);
});

test('C46 crooked command names are refused, and never hang', async () => {
  const own = plugin({ name: 'x', commands: [command('a', {}, () => 'x|a')] });
  const page = await openPage(await startCore({ plugins: [own] }), 'main');
  const names = [
    'plugin:x',
    'plugin:x|',
    'plugin:|a',
    'plugin:',
    'plugin:|',
    '',
    '|',
    'PLUGIN:x|a',
    '__proto__',
    'a\0',
  ];
  expect(await Promise.all(names.map((cmd) => outcome(page.invoke(cmd))))).toEqual([
    { error: 'Command  not found' },
    { error: 'Command  not found' },
    { error: 'plugin  not found' },
    { error: 'plugin  not found' },
    { error: 'plugin  not found' },
    { error: 'Command  not found' },
    { error: 'Command | not found' },
    { error: 'Command PLUGIN:x|a not found' },
    { error: 'Command __proto__ not found' },
    { error: 'Command a\0 not found' },
  ]);
  // Parts after the second pipe are ignored, as in Tauri.
  expect(await page.invoke('plugin:x|a|b')).toBe('x|a');
});

test('C51 the channel store has no data, and says so', async () => {
  const page = await openPage(await startCore(), 'main');
  const fetch = 'plugin:__TAURI_CHANNEL__|fetch';
  expect(await outcome(page.invoke(fetch, null))).toEqual({ error: 'missing channel id header' });
  expect(await outcome(page.invoke(fetch, null, { headers: { 'Tauri-Channel-Id': '0' } }))).toEqual({
    error: 'data not found',
  });
});

// Tauri's error for child webviews cannot arise: a window of VS Code has exactly one webview.
test('C52 window and webview of a handler are the same, and child webviews are refused', async () => {
  const same = command('same', {}, (_args, { window, webview }) => window === webview && window.label);
  const page = await openPage(await startCore({ commands: [same] }), 'main');
  expect(await page.invoke('same')).toBe('main');
  expect(
    await outcome(page.invoke('plugin:webview|create_webview', { windowLabel: 'main', options: { label: 'child' } })),
  ).toEqual({
    error: 'this feature requires the `unstable` flag on Cargo.toml',
  });
});

test('C53 state that nobody manages is a rejection of that call alone', async () => {
  const core = await startCore({
    commands: [command('count', {}, (_args, { state }) => state<number[]>('counter').push(1)), greet],
  });
  const page = await openPage(core, 'main');
  expect(await outcome(page.invoke('count'))).toEqual({
    error:
      'state not managed for field `counter` on command `count`. You must call `.manage()` before using this command',
  });
  expect(await page.invoke('greet', { userName: 'Ada' })).toBe('Hello, Ada!');
  core.handle.manage('counter', []);
  expect([await page.invoke('count'), await page.invoke('count')]).toEqual([1, 2]);
});

test('D62 a channel argument that is none has Tauri’s texts', async () => {
  const take = command('take', { args: { on: channel() } }, ({ on }) => on instanceof Channel);
  const nested = command('nested', { args: { all: z.object({ on: channel() }) } }, () => true);
  const page = await openPage(await startCore({ commands: [take, nested] }), 'main');
  const values = [
    'nope',
    '__CHANNEL__:',
    '__CHANNEL__:x',
    '__CHANNEL__:4294967296',
    'x__CHANNEL__:1',
    '__CHANNEL__:-1',
  ];
  for (const value of values) {
    const text = `invalid channel value \`${value}\`, expected a string in the \`__CHANNEL__:ID\` format`;
    expect(await outcome(page.invoke('take', { on: value }))).toEqual({ error: text });
    expect(await outcome(page.invoke('nested', { all: { on: value } }))).toEqual({
      error: expect.stringContaining(`invalid args \`all\` for command \`nested\`: ${text}`),
    });
  }
  expect(await outcome(page.invoke('take', { on: 7 }))).toEqual({
    error: 'invalid args `on` for command `take`: invalid type: integer `7`, expected a string',
  });
  expect(await outcome(page.invoke('take', {}))).toEqual({
    error: 'invalid args `on` for command `take`: command take missing required key on',
  });
  for (const value of ['__CHANNEL__:4294967295', '__CHANNEL__:+007'])
    expect(await page.invoke('take', { on: value })).toBe(true);
});

// What the recorder has of the genuine package's traffic. Numbers after "check" are those of the inspector's list.
import { expect, test } from 'vitest';
import * as z from 'zod';
import { type Channel, channel } from '#core/channel.ts';
import { command } from '#core/command.ts';
import { reject } from '#core/error.ts';
import { isInternal } from '#core/filter/internal.ts';
import { bodyText, bodyValue, loadBody, type MessageRecord } from '#core/record.ts';
import { listen, openPage, outcome, startCore, type TestCore, until } from './harness.ts';

const greet = command('greet', { args: { name: z.string() } }, ({ name }) => `Hello, ${name}!`);

const recordsOf = (core: TestCore, name: string): MessageRecord[] =>
  [...core.tap.records()].filter((record) => record.name === name);
const recordOf = (core: TestCore, name: string) => recordsOf(core, name)[0] as MessageRecord;

test('check 1: a call is one row, with its arguments and its result as they were sent', async () => {
  const core = await startCore({ commands: [greet] });
  const page = await openPage(core, 'main');
  await page.invoke('greet', { name: 'A' });
  expect(recordsOf(core, 'greet')).toHaveLength(1);
  const record = recordOf(core, 'greet');
  expect(record).toMatchObject({ kind: 'invoke', direction: 'to-host', window: 'main', status: 'ok' });
  expect(record.duration).toBeGreaterThan(0);
  expect([bodyText(record.body), record.outcome && bodyText(record.outcome)]).toEqual(['{"name":"A"}', '"Hello, A!"']);
});

test('check 2: a rejection is there as the value that it is', async () => {
  const refuse = command('refuse', {}, () => {
    throw reject({ code: 7, why: ['a', { b: null }] });
  });
  const core = await startCore({ commands: [refuse] });
  const page = await openPage(core, 'main');
  const error = { code: 7, why: ['a', { b: null }] };
  expect(await outcome(page.invoke('refuse'))).toEqual({ error });
  const record = recordOf(core, 'refuse');
  expect([record.status, record.outcome && bodyValue(record.outcome)]).toEqual(['error', error]);
});

test('check 3: a call that is never answered is pending', async () => {
  const hang = command('hang', {}, () => new Promise(() => undefined));
  const core = await startCore({ commands: [hang] });
  const page = await openPage(core, 'main');
  void page.invoke('hang');
  await until(() => core.pendingCalls === 1);
  const { status, duration, outcome: none } = recordOf(core, 'hang');
  expect([status, duration, none]).toEqual(['pending', undefined, undefined]);
});

test('check 5: an event says how many heard it, and that nobody did', async () => {
  const core = await startCore();
  const main = await openPage(core, 'main');
  const prefs = await openPage(core, 'prefs');
  await main.api.event.listen('saved', () => undefined);
  await prefs.api.event.emit('saved', { id: 7 });
  await prefs.api.event.emit('lost');
  expect(recordsOf(core, 'saved')).toHaveLength(1);
  expect(recordOf(core, 'saved')).toMatchObject({ kind: 'event', window: 'prefs', status: 'ok', heard: 1 });
  expect(bodyValue(recordOf(core, 'saved').body)).toEqual({ id: 7 });
  expect(recordOf(core, 'lost')).toMatchObject({ status: 'unheard', heard: 0 });
});

test('check 6: a channel is one row with the number of its messages, and they are in order', async () => {
  const count = command('count', { args: { on: channel<number>() } }, async ({ on }) => {
    for (let n = 0; n < 3; n++) await on.send(n);
    on.close();
  });
  const core = await startCore({ commands: [count] });
  const page = await openPage(core, 'main');
  const heard: unknown[] = [];
  await page.invoke('count', { on: listen(page, heard) });
  const [call, opened, ...rest] = recordsOf(core, 'count');
  expect(opened).toMatchObject({ kind: 'channel', status: 'ok', index: 3, of: call?.id });
  expect(rest.map(({ kind, index, of, body }) => [kind, index, of === opened?.id, bodyText(body)])).toEqual([
    ['channel-message', 0, true, '0'],
    ['channel-message', 1, true, '1'],
    ['channel-message', 2, true, '2'],
    ['channel-end', 3, true, ''],
  ]);
});

test('check 7: a message that did not arrive is a gap, and what follows is buffered', async () => {
  let on: Channel<number> | undefined;
  const keep = command('keep', { args: { on: channel<number>() } }, (args) => void (on = args.on));
  const core = await startCore({ commands: [keep] });
  const page = await openPage(core, 'main');
  const heard: unknown[] = [];
  await page.invoke('keep', { on: listen(page, heard) });
  await on?.send(0);
  await until(() => heard.length === 1);
  // The frame with the next two is lost on its way.
  page.loseFrames(1);
  await Promise.all([on?.send(1), on?.send(2)]);
  await until(() => recordsOf(core, 'keep').some(({ status }) => status === 'undelivered'));
  await on?.send(3);
  await page.roundTrip();
  const [, opened, ...messages] = recordsOf(core, 'keep');
  expect(heard).toEqual([0]);
  expect(opened?.note).toBe('gap after 0: message 1 did not reach the page');
  expect(messages.map(({ index, status, note }) => [index, status, note])).toEqual([
    [0, 'ok', undefined],
    [1, 'undelivered', 'the page was not there'],
    [2, 'undelivered', 'the page was not there'],
    [3, 'ok', 'buffered: the page waits for message 1'],
  ]);
});

test('check 8: bytes are there as bytes, with their exact sizes, to the last', async () => {
  const swap = command('swap', {}, (_args, { request }) =>
    request.body.kind === 'raw' ? request.body.bytes.toReversed().buffer : null,
  );
  const core = await startCore({ commands: [swap] });
  const page = await openPage(core, 'main');
  const sent = Uint8Array.from({ length: 1024 * 1024 }, (_, n) => (n * 31) & 0xff);
  await page.invoke('swap', sent);
  const record = recordOf(core, 'swap');
  expect([record.size, record.outcomeSize]).toEqual([1_048_576, 1_048_576]);
  expect(loadBody(record.body)).toEqual({ kind: 'bytes', bytes: sent });
  expect(loadBody(record.outcome ?? { kind: 'none' })).toEqual({ kind: 'bytes', bytes: sent.toReversed() });
});

test('check 10: while recording is off nothing is kept, and calls are what they were', async () => {
  const tell = command('tell', { args: { on: channel<number>() } }, async ({ on }, { app, window }) => {
    app.emit('told', 1);
    window.emit('told', 2);
    await on.send(1);
  });
  const core = await startCore({ commands: [greet, tell] });
  const page = await openPage(core, 'main');
  const events: unknown[] = [];
  await page.run(({ event }, events) => event.listen('told', ({ payload }) => events.push(payload)), events);
  const heard: unknown[] = [];
  const { next } = core.tap;
  core.tap.paused = true;
  expect(await page.invoke('greet', { name: 'A' })).toBe('Hello, A!');
  await page.invoke('tell', { on: listen(page, heard) });
  await page.roundTrip();
  expect([heard, events, core.tap.next]).toEqual([[1], [1, 2], next]);
  core.tap.paused = false;
  await page.invoke('greet', { name: 'B' });
  expect(recordsOf(core, 'greet').map(({ body }) => bodyValue(body))).toEqual([{ name: 'B' }]);
});

test('check 11: each row has the window that it is of', async () => {
  const core = await startCore({ commands: [greet] });
  for (const label of ['main', 'prefs']) await (await openPage(core, label)).invoke('greet', { name: label });
  expect(recordsOf(core, 'greet').map(({ window, body }) => [window, bodyValue(body)])).toEqual([
    ['main', { name: 'main' }],
    ['prefs', { name: 'prefs' }],
  ]);
});

test('check 12: internal traffic is recorded, and told from the rest', async () => {
  const core = await startCore({ commands: [greet] });
  const page = await openPage(core, 'main');
  const unlisten = await page.api.event.listen('x', () => undefined);
  unlisten();
  await page.roundTrip();
  await outcome(page.invoke('plugin:__TAURI_CHANNEL__|fetch'));
  await page.invoke('greet', { name: 'A' });
  const names = (hidden: boolean) =>
    [...core.tap.records()]
      .filter((record) => !hidden || !isInternal(record))
      .map(({ name }) => name)
      .filter((name) => /^(plugin:(event|__TAURI_CHANNEL__)|greet)/.test(name));
  expect(names(true)).toEqual(['greet']);
  expect(names(false).toSorted()).toEqual([
    'greet',
    'plugin:__TAURI_CHANNEL__|fetch',
    'plugin:event|listen',
    'plugin:event|unlisten',
  ]);
});

test.each([
  ['a circle', /circular structure/],
  ['a BigInt', /BigInt/],
])('check 13: what the page cannot serialise fails as it does there, and the row says so: %s', async (what, text) => {
  const core = await startCore({ commands: [greet] });
  const page = await openPage(core, 'main');
  const { error, plain } = await page.run(async ({ core: api }, kind) => {
    const value: Record<string, unknown> = { n: kind === 'a BigInt' ? BigInt(1) : 1 };
    if (kind === 'a circle') value['value'] = value;
    const failing = (run: () => unknown) => Promise.resolve().then(run).then(String, String);
    return {
      error: await failing(() => api.invoke('greet', value)),
      plain: await failing(() => JSON.stringify(value)),
    };
  }, what);
  expect(error).toBe(plain);
  expect(error).toMatch(text);
  await page.roundTrip();
  expect(recordOf(core, 'greet')).toMatchObject({ kind: 'problem', window: 'main', status: 'error', note: error });
});

test('events name the call that brought them about, also when its handler emits them late', async () => {
  let later = () => {};
  const work = command('work', {}, async (_args, { app, window }) => {
    app.emit('begun');
    await new Promise<void>((resolve) => (later = resolve));
    app.emitTo('main', 'half');
    await app.emitFilter('filtered', () => true);
    window.emit('done');
    app.window('main')?.emit('by-label');
    app.windows()[0]?.emit('of-list');
  });
  const core = await startCore({ commands: [work] });
  const page = await openPage(core, 'main');
  const call = page.invoke('work');
  await until(() => recordsOf(core, 'begun').length === 1);
  later();
  await call;
  const { id } = recordOf(core, 'work');
  for (const name of ['begun', 'half', 'filtered', 'done', 'by-label', 'of-list'])
    expect([name, recordOf(core, name).cause]).toEqual([name, id]);
  await page.api.event.emit('from-the-page');
  expect(recordOf(core, 'from-the-page').cause).toBe(recordOf(core, 'plugin:event|emit').id);
  core.handle.emit('by-nobody');
  expect(recordOf(core, 'by-nobody').cause).toBeUndefined();
  expect([...core.tap.relatedTo(id)]).toContain(recordOf(core, 'half').id);
});

test('a resource is there from its opening to its end, with the call that opened it', async () => {
  const core = await startCore();
  const page = await openPage(core, 'main');
  const make = () => page.api.image.Image.new([0, 0, 0, 0], 1, 1);
  const closed = await make();
  const kept = await make();
  const call = recordOf(core, 'plugin:image|new');
  const images = () => recordsOf(core, 'image').map(({ status, note, body }) => [status, note, bodyValue(body)]);
  expect(recordOf(core, 'image')).toMatchObject({ kind: 'resource', window: 'main', of: call.id, status: 'pending' });
  await closed.close();
  expect(images()).toEqual([
    ['ok', 'closed', { rid: closed.rid }],
    ['pending', undefined, { rid: kept.rid }],
  ]);
  await page.reload();
  expect(images()[1]).toEqual(['ok', 'closed: the page reloaded', { rid: kept.rid }]);
});

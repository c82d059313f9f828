import { expect, test } from 'vitest';
import { success } from '#core/call.ts';
import { FromInspector } from '#core/inspector-messages.ts';
import type { Body } from '#core/record.ts';
import type { RecordChange } from '#core/record-source.ts';
import type { SpilledBodies } from '#core/spill.ts';
import { type NewRecord, Tap, type TapLimits } from '#core/tap.ts';

const LIMITS: TapLimits = { messages: 5, bodyBytes: 100 };

function setUp(limits: TapLimits = LIMITS) {
  let now = 1000;
  const tap = new Tap(limits, () => now);
  const add = (name: string, size = 0, more: Partial<NewRecord> = {}) =>
    tap.add({
      kind: 'event',
      direction: 'to-page',
      app: 'a',
      window: 'w',
      generation: 1,
      name,
      body: { kind: 'bytes', bytes: new Uint8Array(size) },
      ...more,
    });
  const call = (value: unknown, weight = 10) =>
    tap.call(
      'a',
      { cmd: 'c', window: 'w', origin: 'local', generation: 1, body: { kind: 'json', value }, headers: [['x', 'y']] },
      weight,
    );
  return { tap, add, call, tick: (ms: number) => (now += ms) };
}

test('records are numbered from 1, without gaps, with the time since the start', () => {
  const { tap, add, tick } = setUp();
  expect([tap.next, add('a')]).toEqual([1, 1]);
  tick(5);
  expect(add('b')).toBe(2);
  expect([...tap.records()].map(({ id, time, name }) => [id, time, name])).toEqual([
    [1, 0, 'a'],
    [2, 5, 'b'],
  ]);
});

test('what is no number of a record finds none', () => {
  const { tap, add } = setUp();
  add('a');
  for (const id of [0, -1, 1.5, 2, Number.NaN, Number.POSITIVE_INFINITY, '1' as never, undefined as never]) {
    expect(tap.find(id)).toBeUndefined();
    tap.update(id, { status: 'error' });
  }
  expect(tap.find(1)?.status).toBe('ok');
});

test('a call is one record, completed by its outcome', () => {
  const { tap, call, tick } = setUp();
  const id = call({ a: 1 });
  expect(tap.find(id)).toMatchObject({ status: 'pending', kind: 'invoke', headers: [['x', 'y']], size: 7 });
  const started = tap.now() + 2;
  tick(10);
  tap.settle(id, success('ok'), { startedAt: started, endedAt: started + 5 });
  tap.settle(id, success('twice'));
  expect(tap.find(id)).toEqual({
    id,
    time: 0,
    kind: 'invoke',
    direction: 'to-host',
    app: 'a',
    window: 'w',
    generation: 1,
    name: 'c',
    status: 'ok',
    body: { kind: 'json', value: { a: 1 } },
    size: 7,
    headers: [['x', 'y']],
    outcome: { kind: 'text', json: '"ok"' },
    outcomeSize: 4,
    duration: 10,
    phases: { check: 2, handler: 5, serialize: 3 },
  });
});

test('records are frozen, and so are the parts that the store shares', () => {
  const { tap, call } = setUp();
  const id = call({ a: 1 });
  tap.settle(id, success(1), { startedAt: 0, endedAt: undefined });
  const record = tap.find(id);
  expect([record, record?.body, record?.outcome, record?.headers, record?.phases].every(Object.isFrozen)).toBe(true);
  expect(() => Object.assign(record as object, { name: 'x' })).toThrow(TypeError);
});

test('the oldest records go first, and numbers stay what they were', () => {
  const { tap, add } = setUp();
  for (let n = 1; n <= 8; n++) add(`${n}`);
  expect([tap.first, tap.next, tap.find(3), tap.find(4)?.name, tap.find(99)]).toEqual([
    4,
    9,
    undefined,
    '4',
    undefined,
  ]);
  expect(tap.statistics).toEqual({ kept: 5, lost: 3, bodyBytes: 0, bodiesDropped: 0, spilledBytes: 0 });
  tap.limits = { messages: 2, bodyBytes: 100 };
  expect([...tap.records()].map(({ id }) => id)).toEqual([7, 8]);
});

test('beyond its budget the tap forgets the oldest bodies, keeps their size, and counts the loss', () => {
  const { tap, add } = setUp();
  for (let n = 1; n <= 4; n++) add(`${n}`, 40);
  expect([...tap.records()].map(({ body, size }) => [body.kind, size])).toEqual([
    ['dropped', 40],
    ['dropped', 40],
    ['bytes', 40],
    ['bytes', 40],
  ]);
  expect(tap.statistics).toEqual({ kept: 4, lost: 0, bodyBytes: 80, bodiesDropped: 2, spilledBytes: 0 });
});

test('a body that is larger than the budget is not kept at all', () => {
  const { tap, add } = setUp();
  add('small', 10);
  add('huge', 1000);
  expect([tap.find(1)?.body.kind, tap.find(2)?.body.kind, tap.find(2)?.size]).toEqual(['dropped', 'dropped', 1000]);
  expect(tap.statistics.bodyBytes).toBe(0);
});

test('an outcome that comes after its call’s body was dropped counts, and can be dropped too', () => {
  const { tap, add, call } = setUp({ messages: 100, bodyBytes: 100 });
  const ids = Array.from({ length: 4 }, () => call('x'));
  add('flood', 100);
  expect(ids.map((id) => tap.find(id)?.body.kind)).toEqual(Array(4).fill('dropped'));
  for (const id of ids) tap.settle(id, success(new Uint8Array(90)));
  expect(tap.statistics.bodyBytes).toBeLessThanOrEqual(100);
  add('next', 20);
  expect([tap.find(tap.next - 1)?.body.kind, tap.statistics.bodyBytes]).toEqual(['bytes', 20]);
});

test('many records do not make the store slow or large', () => {
  const { tap, add } = setUp({ messages: 1000, bodyBytes: 1000 });
  for (let n = 0; n < 50_000; n++) add('x', 1);
  expect(tap.statistics).toEqual({ kept: 1000, lost: 49_000, bodyBytes: 1000, bodiesDropped: 0, spilledBytes: 0 });
  expect([tap.first, [...tap.records()].length]).toEqual([49_001, 1000]);
});

test('while paused nothing is recorded, and what was pending still settles', () => {
  const { tap, add, call } = setUp();
  const id = call(1);
  tap.paused = true;
  expect([add('x'), tap.next]).toEqual([0, 2]);
  tap.settle(id, success(2));
  tap.settle(0, success(2));
  tap.update(0, { status: 'error' });
  tap.paused = false;
  expect([tap.find(id)?.status, add('y')]).toEqual(['ok', 2]);
});

test('clearing forgets everything, and numbers go on', () => {
  const { tap, add, call } = setUp();
  const pending = call(1);
  add('x', 50);
  tap.clear();
  tap.settle(pending, success(2));
  expect([tap.statistics, [...tap.records()], tap.next]).toEqual([
    { kept: 0, lost: 0, bodyBytes: 0, bodiesDropped: 0, spilledBytes: 0 },
    [],
    3,
  ]);
  expect(add('y')).toBe(3);
});

test('changes are told once for a turn: what is new, what changed, what is gone', async () => {
  const { tap, add, call } = setUp({ messages: 3, bodyBytes: 100 });
  const changes: RecordChange[] = [];
  const first = call(1);
  const listener = tap.onChange((change) => changes.push(change));
  add('b');
  tap.settle(first, success(1));
  add('c');
  expect(changes).toEqual([]);
  await Promise.resolve();
  expect(changes.splice(0)).toEqual([{ from: 2, to: 4, changed: [1], first: 1 }]);
  tap.update(3, { status: 'undelivered' });
  add('d');
  add('e');
  await Promise.resolve();
  expect(changes.splice(0)).toEqual([{ from: 4, to: 6, changed: [3], first: 3 }]);
  listener.dispose();
  add('f');
  await Promise.resolve();
  expect(changes).toEqual([]);
});

test('what belongs to a record is found', () => {
  const { tap, add, call } = setUp();
  const id = call(1);
  add('channel', 0, { of: id });
  add('other');
  add('again', 0, { replayOf: id });
  expect([...tap.relatedTo(id)]).toEqual([2, 4]);
});

test('a note that comes later is kept as short as one that comes with the record', () => {
  const { tap, add } = setUp();
  const id = add('call');
  tap.update(id, { note: 'x'.repeat(5000) });
  expect(tap.find(id)?.note).toBe(`${'x'.repeat(2048)}…`);
});

test('what the page says of marks and notes goes into the record as it was parsed, and is told', async () => {
  const { tap, add } = setUp();
  const id = add('a');
  const changes = await heard(tap);
  const say = (message: object) => {
    const said = FromInspector.parse({ kind: 'annotate', ids: [id], ...message });
    if (said.kind === 'annotate') for (const each of said.ids) tap.annotate(each, said);
  };
  say({ marked: true, comment: 'look here' });
  expect(tap.find(id)).toMatchObject({ marked: true, comment: 'look here' });
  say({ comment: 'twice' });
  expect(tap.find(id)).toMatchObject({ marked: true, comment: 'twice' });
  say({ marked: false, comment: '' });
  expect(tap.find(id)).not.toHaveProperty('marked');
  expect(tap.find(id)).not.toHaveProperty('comment');
  await Promise.resolve();
  expect(changes.at(-1)?.changed).toEqual([id]);
});

/** What the tap tells from now on: what it held before is known. */
async function heard(tap: Tap): Promise<RecordChange[]> {
  const changes: RecordChange[] = [];
  tap.onChange((change) => changes.push(change));
  await Promise.resolve();
  return changes;
}

test('where more calls were carried over than a smaller limit has room for, the oldest of them are lost', () => {
  const { tap, add, call } = setUp({ messages: 100, bodyBytes: 10_000 });
  for (let n = 0; n < 25; n++) call('waits');
  for (let n = 0; n < 200; n++) add('x');
  expect([...tap.records()].filter(({ status }) => status === 'pending')).toHaveLength(25);
  tap.limits = { messages: 10, bodyBytes: 10_000 };
  expect(tap.statistics).toMatchObject({ kept: 10, lost: 215 });
  tap.limits = { messages: 0, bodyBytes: 10_000 };
  expect(tap.statistics).toMatchObject({ kept: 0, lost: 225 });
});

test('a body of which no file has room is counted, also where the answer is kept; what is in the file stays there', () => {
  const spilled = (size: number): Body => ({ kind: 'spilled', size, preview: '', read: () => ({ kind: 'none' }) });
  const { tap, add, call } = setUp({ messages: 100, bodyBytes: 100 });
  let taken: SpilledBodies | undefined = { body: spilled(3), outcome: undefined };
  tap.spill = { take: () => taken, cleared: () => undefined };
  const id = call('x', 60);
  add('flood', 100);
  expect([tap.find(id)?.body.kind, tap.statistics]).toMatchObject(['spilled', { spilledBytes: 3, bodiesDropped: 0 }]);
  taken = undefined;
  tap.settle(id, success(new Uint8Array(90)));
  expect([tap.find(id)?.body.kind, tap.find(id)?.outcome?.kind]).toEqual(['spilled', 'dropped']);
  expect(tap.statistics).toMatchObject({ spilledBytes: 3, bodiesDropped: 1 });
  const second = call('x', 60);
  taken = { body: { kind: 'dropped' }, outcome: spilled(90) };
  tap.settle(second, success(new Uint8Array(90)));
  expect(tap.find(second)?.outcome?.kind).toBe('spilled');
  expect(tap.statistics.bodiesDropped).toBe(3);
});

test('what has no body has none where memory is full, too, and that is no loss', () => {
  const { tap, add } = setUp();
  const id = add('e', 0, { body: { kind: 'none' } });
  add('flood', 90);
  expect([tap.find(id)?.body.kind, tap.statistics.bodiesDropped]).toEqual(['none', 0]);
});

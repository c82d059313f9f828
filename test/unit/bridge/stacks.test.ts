import { expect, test } from 'vitest';
import { readMessage } from '#core/wire.ts';
import { turn } from '../core/fakes.ts';
import { createRealm, type Realm } from './realm.ts';

/** Lets all leave that waits for the frame before it. */
async function leave(realm: Realm): Promise<void> {
  await turn();
  for (const flush of realm.timers.splice(0)) flush();
  await turn();
}

const call = (name: string) => `__TAURI_INTERNALS__.invoke('${name}', {})`;
const stacksOf = (realm: Realm) =>
  realm.said().filter(({ kind }) => kind === 'stack') as { id: number; text: string }[];
const invokesOf = (realm: Realm) =>
  realm.said().flatMap((message) => (message['kind'] === 'invoke' ? [[message['cmd'], message['stack']]] : []));

test('a call says where it comes from, and a place is told once', async () => {
  const realm = await createRealm({ stacks: true });
  realm.run(`function save() { return ${call('save')}; }\nsave(); save();\n${call('load')}; void 0;`);
  await leave(realm);
  const stacks = stacksOf(realm);
  // The two calls of `save` stand in different columns.
  expect(stacks.map(({ id }) => id)).toEqual([0, 1, 2]);
  const [first, , last] = stacks.map(({ text }) => text.split('\n').filter((line) => line.includes('at ')));
  expect(first?.[0]).toMatch(/at save \(.*:1:/);
  expect(last?.[0]).toMatch(/:3:/);
  expect(invokesOf(realm)).toEqual([
    ['save', 0],
    ['save', 1],
    ['load', 2],
  ]);
  expect(realm.said().every((message) => 'message' in readMessage(message))).toBe(true);
  realm.run(`for (let n = 0; n < 2; n++) ${call('loop')}; void 0;`);
  await leave(realm);
  expect(invokesOf(realm).slice(3)).toEqual([
    ['loop', 3],
    ['loop', 3],
  ]);
});

test('a loop pays for 32 of its calls, and a millisecond later for one more', async () => {
  let now = 0;
  const realm = await createRealm({ stacks: true }, { performance: { now: () => now } });
  realm.run(`for (let n = 0; n < 1000; n++) ${call('loop')}; void 0;`);
  await leave(realm);
  now += 1.5;
  realm.run(`${call('next')}; ${call('next')}; void 0`);
  await leave(realm);
  const named = invokesOf(realm).map(([, stack]) => stack !== undefined);
  expect([named.length, named.filter((is) => is).length]).toEqual([1002, 33]);
  expect(named.slice(-2)).toEqual([true, false]);
});

test('no more than 256 places are remembered, on either side', async () => {
  let now = 0;
  const realm = await createRealm({ stacks: true }, { performance: { now: () => now++ } });
  for (let n = 0; n < 300; n++) realm.run(`\n${' '.repeat(n)}${call('many')}; void 0`);
  await leave(realm);
  expect(Math.max(...stacksOf(realm).map(({ id }) => id))).toBe(255);
  expect(invokesOf(realm).map(([, stack]) => stack)).toEqual([...Array(256).keys(), ...Array(44).keys()]);
});

test('the page keeps its own settings of stacks, and may have none', async () => {
  const realm = await createRealm({ stacks: true });
  realm.run(`Error.stackTraceLimit = 3; ${call('a')}; void 0`);
  expect(realm.run('Error.stackTraceLimit')).toBe(3);
  realm.run(`Error.prepareStackTrace = () => ({ not: 'text' }); ${call('b')}; void 0`);
  realm.run(`Error.prepareStackTrace = () => { throw new Error('mine'); }; ${call('c')}; void 0`);
  expect(realm.run('Error.stackTraceLimit')).toBe(3);
  realm.run(`delete Error.prepareStackTrace; Object.freeze(Error); ${call('d')}; void 0`);
  await leave(realm);
  expect(invokesOf(realm)).toEqual([
    ['a', 0],
    ['b', undefined],
    ['c', undefined],
    ['d', undefined],
  ]);
  expect(realm.errors).toEqual([]);
});

test('a call that cannot be serialised does not leave, and the next one says where it comes from', async () => {
  const realm = await createRealm({ stacks: true });
  realm.run(`__TAURI_INTERNALS__.invoke('big', { value: 1n }).catch(() => {}); ${call('next')}; void 0`);
  await leave(realm);
  const [[cmd, id] = []] = invokesOf(realm);
  expect([cmd, stacksOf(realm).some((stack) => stack.id === id)]).toEqual(['next', true]);
});

test('without the setting nothing is told', async () => {
  const realm = await createRealm();
  realm.run(`${call('save')}; void 0`);
  await leave(realm);
  expect([stacksOf(realm), invokesOf(realm)]).toEqual([[], [['save', undefined]]]);
});

import { expect, test } from 'vitest';
import { command } from '#core/command.ts';
import { MAX_STACKS, STACK_LENGTH } from '#core/wire.ts';
import { createCore, openFake, turn } from './fakes.ts';

const setUp = () => {
  const core = createCore();
  core.addCommand(command('greet', {}, () => 'Hello'));
  const page = openFake(core);
  const calls = () => [...core.tap.records()].filter(({ kind }) => kind === 'invoke');
  return { core, page, calls, stacks: () => calls().map(({ pageStack }) => pageStack) };
};

test('a call is recorded with the stack whose number it names', async () => {
  const { page, stacks } = setUp();
  page.say(
    { kind: 'stack', id: 0, text: 'Error\n    at a (http://x/a.js:1:2)' },
    [0, 'greet', 0, {}],
    [0, 'greet', 1, {}, [['x', 'y']]],
    ['greet', 2, {}],
    { kind: 'stack', id: 0, text: 'other' },
    [0, 'greet', 3, {}],
    [5, 'greet', 4, {}],
  );
  const first = 'Error\n    at a (http://x/a.js:1:2)';
  expect(stacks()).toEqual([first, first, undefined, 'other', undefined]);
  await turn();
  expect(page.ran(2)).toEqual(['Hello']);
});

test('the stacks of a page load are forgotten with it', () => {
  const { page, stacks } = setUp();
  page.say({ kind: 'stack', id: 3, text: 'old' });
  page.ready();
  page.say([3, 'greet', 0, {}]);
  expect(stacks()).toEqual([undefined]);
});

test('a stack that is too long or has a wrong number is a problem, and its calls are answered', async () => {
  const { core, page, calls } = setUp();
  page.say(
    { kind: 'stack', id: 0, text: 'x'.repeat(STACK_LENGTH + 1) },
    { kind: 'stack', id: MAX_STACKS, text: 'x' },
    [0, 'greet', 0, {}],
    [-1, 'greet', 1, {}],
    [0.5, 'greet', 2, {}],
  );
  expect([...core.tap.records()].filter(({ kind }) => kind === 'problem').length).toBe(4);
  expect(calls().map(({ pageStack }) => pageStack)).toEqual([undefined]);
  await turn();
  expect([page.ran(0), page.ran(3).length, page.ran(5).length]).toEqual([['Hello'], 1, 1]);
});

test('a text is paid for once, however many calls share it', () => {
  const { core, page } = setUp();
  page.say({ kind: 'stack', id: 0, text: 'x'.repeat(4000) }, [0, 'greet', 0, {}]);
  const before = core.tap.statistics.bodyBytes;
  expect(before).toBeGreaterThan(4000);
  page.say([0, 'greet', 1, {}]);
  expect(core.tap.statistics.bodyBytes - before).toBeLessThan(1000);
});

test('a call that is sent again comes from no page', () => {
  const { page, calls } = setUp();
  page.say({ kind: 'stack', id: 0, text: 'x' }, [0, 'greet', 0, {}]);
  page.connection.resend({ cmd: 'greet', body: { kind: 'json', value: {} }, headers: [] }, { of: 1, origin: 'local' });
  expect(calls().map(({ pageStack }) => pageStack)).toEqual(['x', undefined]);
});

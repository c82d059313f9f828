import { expect, test } from 'vitest';
import { DialogTurns, NotificationRate } from '../../../extension/plugins/turns.ts';
import { outcome } from './harness.ts';

const open = new AbortController().signal;
const rest = {
  error: expect.objectContaining({
    value: 'dialog.message: too many dialogs in a row: after 10 of them the next may come 10 s later',
  }),
};

test('dialogs that follow each other at once get a rest after ten', async () => {
  let now = 0;
  const turns = new DialogTurns(() => now);
  const show = (after: number) => {
    now += after;
    return outcome(turns.take('dialog.message', open, async () => 'shown'));
  };
  for (let n = 0; n < 10; n++) expect(await show(n === 0 ? 0 : 900)).toEqual({ ok: 'shown' });
  expect(await show(900)).toEqual(rest);
  expect(await show(9000)).toEqual(rest);
  expect(await show(200)).toEqual({ ok: 'shown' });
  expect(await show(900)).toEqual({ ok: 'shown' });
});

test('a user who takes their time sees as many as they like', async () => {
  let now = 0;
  const turns = new DialogTurns(() => now);
  for (let n = 0; n < 50; n++) {
    now += 1001;
    expect(await turns.take('dialog.open', open, async () => n)).toBe(n);
  }
});

test('a dialog that fails gives the next one its turn, and its place is free again', async () => {
  const turns = new DialogTurns();
  for (let n = 0; n < 9; n++) {
    const failing = turns.take('dialog.open', open, () => Promise.reject(new Error('no window')));
    expect(await outcome(failing)).toEqual({ error: new Error('no window') });
  }
  expect(await turns.take('dialog.open', open, async () => 1)).toBe(1);
});

test('what is open when the page goes keeps the next one waiting', async () => {
  const turns = new DialogTurns();
  const page = new AbortController();
  const closed = Promise.withResolvers<string>();
  const seen: string[] = [];
  const first = outcome(turns.take('dialog.open', page.signal, () => closed.promise));
  const waiting = outcome(turns.take('dialog.open', page.signal, async () => seen.push('waiting')));
  const next = turns.take('dialog.open', open, async () => seen.push('next'));
  await Promise.resolve();
  page.abort(new Error('the page reloaded'));
  const gone = { error: expect.objectContaining({ value: 'the page reloaded' }) };
  expect(await Promise.all([first, waiting])).toEqual([gone, gone]);
  expect(seen).toEqual([]);
  closed.resolve('late');
  await next;
  expect(seen).toEqual(['next']);
});

test('notifications: ten within ten seconds, and fifty that nobody closes', () => {
  let now = 0;
  const rate = new NotificationRate(() => now);
  const enter = () => rate.open();
  for (let n = 0; n < 10; n++) enter()();
  expect(enter).toThrow('an app may show 10 within 10 s');
  now = 10_000;
  for (let n = 0; n < 50; n++) {
    enter();
    now += 1000;
  }
  expect(enter).toThrow('50 of the app are not closed yet');
});

// @vitest-environment happy-dom
/** @jsxImportSource preact */
import { act } from 'preact/test-utils';
import { afterEach, beforeEach, expect, onTestFinished, test, vi } from 'vitest';
import { row, rows } from '../rows.ts';
import { all, type ShownInspector, showInspector, wordsOf } from '../shown.tsx';

let inspector: ShownInspector['inspector'];
let say: ShownInspector['say'];
let hide: ShownInspector['hide'];

beforeEach(async () => {
  ({ inspector, say, hide } = await showInspector());
});

afterEach(() => hide());

const one = (selector: string) => {
  const element = document.querySelector<HTMLElement>(selector);
  if (!element) throw new Error(`no ${selector}`);
  return element;
};
const press = (element: Element, key: string, options: KeyboardEventInit = {}) =>
  act(
    () =>
      void element.dispatchEvent(new KeyboardEvent('keydown', { key, bubbles: true, cancelable: true, ...options })),
  );
const click = (element: HTMLElement) => act(() => element.click());
const filter = () => inspector.arrangement.value.filter;
const view = () => inspector.arrangement.value.view;
const show = (text: string) => {
  const choice = all('[role=radio]').find((each) => each.textContent === text);
  if (!choice) throw new Error(`no view ${text}`);
  return click(choice);
};

/** 101 messages, from 0 s to 1 s. */
const second = Array.from({ length: 101 }, (_, at) => row(at + 1, { time: at * 10, duration: 5 }));

test('the brush: arrow keys move its ends, the list follows, Escape shows all', async () => {
  await say({ kind: 'rows', rows: second });
  const ends = () =>
    all('.overview [role=slider]').map((end) => [
      end.getAttribute('aria-label'),
      Number(end.getAttribute('aria-valuenow')),
      end.getAttribute('aria-valuetext'),
    ]);
  expect(ends()).toEqual([
    ['Shown from', 0, '+0.000 seconds'],
    ['Shown to', 1000, '+1.000 seconds'],
  ]);
  await press(one('.overview-handle.from'), 'ArrowRight', { shiftKey: true });
  await press(one('.overview-handle.from'), 'ArrowRight');
  await press(one('.overview-handle.to'), 'ArrowLeft', { shiftKey: true });
  expect([filter(), inspector.view.length]).toEqual(['at:0.11s..0.9s', 80]);
  expect(ends().map(([, at]) => at)).toEqual([110, 900]);
  await press(one('.overview-handle.to'), 'Home');
  expect(filter()).toBe('at:0.11s..0.11s');
  await press(one('.overview-handle.to'), 'End');
  await press(one('.overview-handle.from'), 'Home');
  // the whole session is no limit
  expect(filter()).toBe('');
  await press(one('.overview-handle.from'), 'ArrowRight');
  await act(() => inspector.setFilter(`greet ${filter()}`));
  await press(one('.overview-handle.from'), 'Escape');
  expect([filter(), inspector.view.length]).toEqual(['greet', 101]);
});

test('a range that was typed is the brush’s, and it keeps its place while the session grows', async () => {
  vi.useFakeTimers({ toFake: ['setTimeout', 'clearTimeout', 'performance'] });
  onTestFinished(() => void vi.useRealTimers());
  await say({ kind: 'rows', rows: second });
  await act(() => inspector.setFilter('at:0.25s..0.5s'));
  expect(one('.overview-brush').style.left).toBe('25%');
  await say({ kind: 'rows', rows: [row(200, { time: 2000 })] });
  expect(one('.overview-brush').style.left).toBe('25%');
  await act(() => void vi.advanceTimersByTime(500));
  expect(one('.overview-brush').style.left).toBe('12.5%');
  expect(inspector.view.length).toBe(26);
});

test('views are one choice: arrow keys and w change it, and it is remembered', async () => {
  await say({ kind: 'rows', rows: rows(1, 30) });
  const chosen = () => all('[role=radio][aria-checked=true]').map((each) => each.textContent);
  expect(chosen()).toEqual(['List']);
  await press(one('[role=radio][aria-checked=true]'), 'ArrowRight');
  expect([chosen(), view()]).toEqual([['Sequence'], 'sequence']);
  await press(one('[role=radio][aria-checked=true]'), 'ArrowRight');
  expect(chosen()).toEqual(['Statistics']);
  await say({ kind: 'act', action: 'toggleSequence' });
  expect(view()).toBe('list');
  await say({ kind: 'act', action: 'toggleSequence' });
  expect(view()).toBe('sequence');
  expect(all('[role=radio][tabindex="0"]').length).toBe(1);
});

test('statistics: a table that can be sorted, and Enter shows the calls of a command', async () => {
  await say({
    kind: 'rows',
    rows: [
      row(1, { name: 'slow', duration: 500 }),
      row(2, { name: 'often', duration: 2 }),
      row(3, { name: 'often', duration: 4, status: 'error' }),
      row(4, { name: 'often', duration: 4, status: 'denied', size: 30, outcomeSize: 10 }),
      row(5, { name: 'waits', status: 'pending' }),
      row(6, { kind: 'event', name: 'no call' }),
    ],
  });
  await show('Statistics');
  const names = () => all('.command-row .cell-command').map((cell) => cell.textContent);
  const cells = (at: number) => all('.command-row').at(at)?.textContent;
  expect(names()).toEqual(['often', 'slow', 'waits']);
  expect(cells(0)).toContain('4.0 ms');
  const header = (title: string) => all('[role=columnheader]').find((each) => each.textContent === title);
  await click(header('p95')?.querySelector('button') as HTMLElement);
  expect(names()).toEqual(['slow', 'often', 'waits']);
  expect(header('p95')?.getAttribute('aria-sort')).toBe('descending');
  await click(header('p95')?.querySelector('button') as HTMLElement);
  expect([names()[0], header('p95')?.getAttribute('aria-sort')]).toEqual(['waits', 'ascending']);
  await press(one('[aria-label=Commands]'), 'End');
  expect(one('.command-row[aria-selected=true] .cell-command').textContent).toBe('slow');
  expect(one('.plots').textContent).toContain('p95 500 ms');
  await press(one('[aria-label=Commands]'), 'Enter');
  expect([view(), filter(), inspector.view.length]).toEqual(['list', 'cmd:slow', 1]);
});

test('statistics follow answers, the filter and what is forgotten', async () => {
  await say({ kind: 'rows', rows: second.map((each) => ({ ...each, status: 'pending' as const })) });
  await show('Statistics');
  const numbers = () => all('.command-row').map((each) => [...each.children].slice(1).map((cell) => cell.textContent));
  expect(numbers()[0]?.slice(0, 3)).toEqual(['101', '100 calls a second', '101']);
  await say({ kind: 'changed', rows: [row(1, { time: 0, status: 'error', duration: 9 })] });
  await act(() => inspector.setFilter('is:error'));
  expect(numbers()[0]?.slice(0, 5)).toEqual(['1', '1 calls a second', '', '1', '']);
  await say({ kind: 'trimmed', before: 2, lost: 1 });
  await act(() => inspector.setFilter(''));
  expect(numbers()[0]?.[0]).toBe('100');
});

test('a step of the sequence is named by what is written on it, in one piece', async () => {
  await say({
    kind: 'rows',
    rows: [
      row(1, { duration: 30, name: 'save_note', status: 'denied' }),
      row(2, { kind: 'channel-message', direction: 'to-page', name: 'download', of: 1, index: 0 }),
      row(3, { kind: 'event', direction: 'to-page', name: 'saved', heard: 1 }),
    ],
  });
  await show('Sequence');
  const words = (text: string | null) => (text ?? '').replaceAll(/[^\w.+]+/g, ' ').trim();
  for (const step of all('.sequence-step'))
    expect(words(step.getAttribute('aria-label'))).toContain(words(step.textContent));
  expect(all('.sequence-step')).toHaveLength(4);
});

test('the sequence: keys go along the messages, the selection is that of the list', async () => {
  await say({
    kind: 'rows',
    rows: [
      row(1, { time: 10, duration: 30, name: 'save_note' }),
      row(2, { time: 20, kind: 'event', direction: 'to-page', window: 'prefs', name: 'saved', heard: 1 }),
      row(3, { time: 30, name: 'next', duration: 50, status: 'denied' }),
    ],
  });
  await show('Sequence');
  const box = one('[aria-label="Sequence of messages"]');
  expect(all('.sequence-step').map((each) => each.getAttribute('aria-label'))).toEqual([
    'Call +0.010 save_note, main to host',
    'Event +0.020 saved 1 heard, host to prefs',
    'Call +0.030 next, main to host',
    'Answer +0.040 save_note ok, 30.0 ms, host to main',
    'Answer +0.080 next denied, 50.0 ms, host to main',
  ]);
  const active = () => box.getAttribute('aria-activedescendant');
  await press(box, 'Home');
  expect([active(), inspector.selected.value]).toEqual(['step-0', 1]);
  await press(box, 'ArrowDown');
  expect([active(), inspector.selected.value]).toEqual(['step-1', 2]);
  await press(box, 'End');
  expect([active(), inspector.selected.value]).toEqual(['step-4', 3]);
  await press(box, 'ArrowLeft');
  expect(active()).toBe('step-2');
  await press(box, 'ArrowRight');
  expect(active()).toBe('step-4');
  await show('List');
  expect(one('.row[aria-selected=true]').id).toBe('row-3');
});

test('the chain of a message is a sequence of what belongs to it', async () => {
  await say({
    kind: 'rows',
    rows: [
      row(1, { time: 1, name: 'other', duration: 1 }),
      row(2, { time: 5, name: 'save_note', duration: 30 }),
      row(3, { time: 9, kind: 'event', direction: 'to-page', name: 'saved', cause: 2 }),
    ],
  });
  await show('Sequence');
  const box = one('[aria-label="Sequence of messages"]');
  await press(box, 'Home');
  await press(box, 'End');
  await press(box, 'x');
  expect(filter()).toBe('chain:2');
  expect(all('.sequence-step .step-text').map((each) => each.textContent)).toEqual([
    'save_note',
    'saved',
    'save_note ok, 30.0 ms',
  ]);
});

test.each(['Compact', 'By time'])('of many steps only those in sight are in the page (%s)', async (mode) => {
  await say({ kind: 'rows', rows: Array.from({ length: 20_000 }, (_, at) => row(at + 1, { time: at, duration: 2 })) });
  await show('Sequence');
  await click(all('.sequence-bar button').find((each) => each.textContent === mode) as HTMLElement);
  const drawn = () => all('.sequence-step').length;
  expect([drawn() > 5, drawn() <= 80]).toEqual([true, true]);
  const box = one('[aria-label="Sequence of messages"]');
  await press(box, 'Home');
  expect(inspector.selected.value).toBe(1);
  await press(box, 'End');
  expect([inspector.selected.value, box.getAttribute('aria-activedescendant')]).toEqual([20_000, 'step-39999']);
  await press(box, '+');
  expect([drawn() <= 80, all('.sequence-step[aria-selected=true]').length]).toEqual([true, 1]);
});

test('the waterfall has its words in the list, and its table beside the pointer', async () => {
  await say({ kind: 'rows', rows: [row(1, { duration: 6.1, phases: { check: 0.1, handler: 6 } })] });
  const cell = one('.row[data-id] .cell-waterfall');
  expect(wordsOf(cell)).toBe('Permission and arguments 0.1 ms, Handler 6.0 ms');
  expect(one('.waterfall').getAttribute('aria-hidden')).toBe('true');
  await act(() => void cell.dispatchEvent(new PointerEvent('pointermove', { bubbles: true })));
  expect(one('.timing-table').textContent).toContain('Handler6.0 ms');
  await act(() => void one('[role=grid]').dispatchEvent(new PointerEvent('pointerleave')));
  expect(all('.timing-table')).toEqual([]);
});

test('in a list that is sorted by duration bars begin at the left: the width is that of the longest', async () => {
  await say({
    kind: 'rows',
    rows: [row(1, { time: 0, duration: 40 }), row(2, { time: 5000, duration: 90 })],
  });
  expect(one('.waterfall-scale').textContent).toBe('5.09 s');
  await act(() => inspector.list.sortBy('duration'));
  await say({ kind: 'changed', rows: [] });
  expect(one('.waterfall-scale').textContent).toBe('90 ms');
});

test('names in all views are text, whatever they hold', async () => {
  const evil = '<img src=x onerror=y>';
  await say({ kind: 'rows', rows: [row(1, { name: evil, window: evil, app: evil, duration: 1 })] });
  for (const each of ['Sequence', 'Statistics']) {
    await show(each);
    expect(document.body.textContent).toContain(evil);
    expect(all('img')).toEqual([]);
  }
});

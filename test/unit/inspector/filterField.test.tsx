/** @jsxImportSource preact */
// @vitest-environment happy-dom
import { act } from 'preact/test-utils';
import { afterEach, beforeEach, expect, test } from 'vitest';
import type { FromInspector } from '#core/inspector-messages.ts';
import { findIn, findPattern } from '#core/filter/find.ts';
import { json, record } from '../filter/records.ts';
import { row, rows } from './rows.ts';
import { all, type ShownInspector, showInspector } from './shown.tsx';
import { rowOf } from '../../../extension/inspector/rows.ts';
import { detailOf } from '../../../extension/inspector/rows.ts';

let shown: ShownInspector;
beforeEach(async () => {
  shown = await showInspector();
});
afterEach(() => shown.hide());

const field = () => document.querySelector('.filter input') as HTMLInputElement;
const hint = () => document.querySelector('.filter-hint')?.textContent?.trim();
const options = () =>
  all('.filter-popup [role=option]').map((each) => each.querySelector('.filter-option-label')?.textContent);

async function type(text: string, into = field()): Promise<void> {
  await act(() => {
    into.focus();
    into.value = text;
    into.setSelectionRange(text.length, text.length);
    into.dispatchEvent(new Event('input', { bubbles: true }));
  });
}

async function press(key: string, target: Element = field(), shiftKey = false): Promise<void> {
  await act(() => {
    target.dispatchEvent(new KeyboardEvent('keydown', { key, shiftKey, bubbles: true, cancelable: true }));
  });
}

test('check 18: with a wrong expression the last good filter stays, the bad token is marked, and a hint says what was expected', async () => {
  const { inspector, say } = shown;
  await say({ kind: 'rows', rows: rows(1, 20) });
  await type('is:error');
  expect(inspector.view.length).toBe(2);
  await type('is:error dur>fast');
  expect(inspector.view.length).toBe(2);
  expect(all('.filter-ink .wrong').map((each) => each.textContent)).toEqual(['fast']);
  expect(field().getAttribute('aria-invalid')).toBe('true');
  expect(hint()).toBe('Expected a number, as in dur>50ms. The filter before stays in force.');
  expect(field().getAttribute('aria-describedby')).toBe('filter-hint');
  await type('is:ok');
  expect([inspector.view.length, field().getAttribute('aria-invalid'), hint()]).toEqual([18, 'false', '']);
});

test('check 19: typing cm offers cmd:, then the commands seen by frequency; keys choose, and screen readers follow', async () => {
  const { inspector, say } = shown;
  await say({ kind: 'rows', rows: [...rows(1, 3), row(10, { name: 'greet' }), row(11, { name: 'greet' })] });
  await type('cm');
  expect(options()).toEqual(['cmd:']);
  expect([field().getAttribute('role'), field().getAttribute('aria-expanded')]).toEqual(['combobox', 'true']);
  await press('Tab');
  expect(field().value).toBe('cmd:');
  expect(options()).toEqual(['greet', 'command_1', 'command_2', 'command_3']);
  await press('ArrowDown');
  const active = field().getAttribute('aria-activedescendant') ?? '';
  expect(document.getElementById(active)?.textContent).toContain('greet');
  await press('Enter');
  expect([field().value, inspector.arrangement.value.filter, inspector.view.length]).toEqual([
    'cmd:greet ',
    'cmd:greet ',
    2,
  ]);
  await type('cmd:');
  await press('Escape');
  expect([options(), field().value]).toEqual([[], 'cmd:']);
  await press('Escape');
  expect(field().value).toBe('');
});

test('older filters come back with the arrow up, and go with the arrow down', async () => {
  await type('first');
  await press('Enter');
  await type('second');
  await press('Enter');
  await type('dra');
  await press('ArrowUp');
  expect(field().value).toBe('second');
  await press('ArrowUp');
  expect(field().value).toBe('first');
  await press('ArrowUp');
  await press('ArrowDown');
  await press('ArrowDown');
  expect(field().value).toBe('dra');
});

test('a filter gets a name, is chosen by it, and deleted', async () => {
  const { inspector } = shown;
  const star = () => document.querySelector('.filter [title^="Saved filters"]') as HTMLElement;
  await type('is:error');
  await act(() => star().click());
  const name = document.querySelector('.saved-form input') as HTMLInputElement;
  await type('failures', name);
  await act(() => {
    name.form?.dispatchEvent(new Event('submit', { bubbles: true, cancelable: true }));
  });
  const saved = [{ name: 'failures', filter: 'is:error' }];
  expect(inspector.savedFilters.value).toEqual(saved);
  expect(shown.posted).toContainEqual({ kind: 'save-filters', saved });
  await type('');
  await act(() => star().click());
  await act(() => (document.querySelector('.saved-pick') as HTMLElement).click());
  expect([field().value, document.querySelector('.saved-filters')]).toEqual(['is:error', null]);
  await act(() => star().click());
  await act(() => (document.querySelector('[title^="Delete"]') as HTMLElement).click());
  expect(inspector.savedFilters.value).toEqual([]);
  // Another page has saved one.
  await shown.say({ kind: 'saved-filters', saved: [{ name: 'mine', filter: 'is:slow' }] });
  expect(document.querySelector('.saved-pick')?.textContent).toContain('mine');
});

test('bodies are asked of the host; its answers come in slices, and a filter that asks for less asks no more', async () => {
  const { inspector, posted, say } = shown;
  await say({ kind: 'rows', rows: rows(1, 4) });
  const asked = () => posted.filter((message) => message.kind === 'search');
  await type('deep');
  expect(asked()).toEqual([{ kind: 'search', search: 1, terms: ['deep'], where: '' }]);
  expect([inspector.view.length, inspector.filtering.searching.value]).toEqual([0, true]);
  const hits = (search: number, ids: number[], bits: number[]) => ({
    search,
    ids: Uint32Array.from(ids),
    bits: Uint32Array.from(bits),
  });
  await say({ kind: 'hits', hits: hits(1, [1, 2], [0, 1]), done: false });
  expect([inspector.view.length, inspector.filtering.searching.value]).toEqual([1, true]);
  await say({ kind: 'hits', hits: hits(1, [3, 4], [1, 0]), done: true });
  expect([inspector.view.length, inspector.filtering.searching.value]).toEqual([2, false]);
  await say({ kind: 'rows', rows: rows(5, 2), hits: hits(1, [5, 6], [1, 0]) });
  expect(inspector.view.length).toBe(3);
  await say({ kind: 'changed', rows: [row(2)], hits: hits(1, [2], [0]) });
  expect(inspector.view.length).toBe(2);
  await type('-deep');
  expect([asked().length, inspector.view.length]).toEqual([1, 4]);
  await type('deep args.n=1');
  await say({ kind: 'hits', hits: hits(1, [1], [1]), done: true });
  expect([asked().length, inspector.view.length, inspector.filtering.searching.value]).toEqual([2, 0, true]);
  await type('');
  expect(asked().at(-1)).toMatchObject({ terms: [] });
});

test('check 25: F3 visits each match of a text once, in order, bodies too, and marks it in list and details', async () => {
  const { inspector, posted, say } = shown;
  const kept = [
    record(1, { name: 'ada', body: json({ a: 'Ada and ada' }), outcome: json([1]) }),
    record(2, { name: 'other', window: 'hidden', body: json({ a: 'ada' }) }),
    record(3, {
      name: 'third',
      body: json({ far: 'f'.repeat(300), b: ['x'] }),
      outcome: json({ deep: { name: 'ADA' } }),
    }),
  ];
  await say({ kind: 'rows', rows: kept.map(rowOf) });
  await type('-win:hidden');
  await press('F3', document.body);
  await type('ada', document.querySelector('.find-bar input') as HTMLInputElement);
  const asked = posted.findLast((message): message is FromInspector & { kind: 'find' } => message.kind === 'find');
  expect(asked?.text).toBe('ada');
  const pattern = findPattern('ada') ?? /$^/;
  const records = kept.flatMap((each) => {
    const counts = findIn(each, pattern);
    return counts ? [{ id: each.id, counts }] : [];
  });
  await say({ kind: 'found', find: asked?.find ?? 0, records, done: true });

  const visited: string[] = [];
  const step = async (shift = false) => {
    await press('F3', document.body, shift);
    const id = inspector.selected.value;
    const of = kept[id - 1] as (typeof kept)[number];
    await say({ kind: 'detail', id, detail: detailOf(of, { ids: [], total: 0 }, true) });
    const { current } = inspector.finding;
    visited.push(`${current.value?.id} ${current.value?.part} ${current.value?.nth}`);
    return document.querySelector('.json-text mark.current')?.textContent;
  };
  const marked = [await step(), await step(), await step(), await step()];
  const expected = ['1 name 0', '1 body 0', '1 body 1', '3 outcome 0'];
  expect(visited).toEqual(expected);
  expect(marked).toEqual([undefined, 'Ada', 'ada', 'ADA']);
  expect(document.querySelector('.find-count')?.textContent).toBe('4 of 4 · in answer of #3');
  expect(all('.row[data-id="1"] .cell-name mark').map((each) => each.textContent)).toEqual(['ada']);
  await step();
  expect(visited.at(-1)).toBe('1 name 0');
  for (const _ of expected) await step(true);
  expect(visited.slice(-4)).toEqual(expected.toReversed());
  await press('Escape', document.querySelector('.find-bar input') as HTMLInputElement);
  expect(document.querySelector('.find-bar')).toBeNull();
  expect(posted.at(-1)).toMatchObject({ kind: 'find', text: '' });
});

test('a text is found over the signs of JSON, laid out or not, and never bytes', () => {
  const count = (text: string, body = json({ a: 1, b: [1, 2] })) =>
    findIn(record(1, { body }), findPattern(text) ?? /$^/)?.[3] ?? 0;
  expect([count('"a":1'), count('"a": 1'), count('1,2'), count('[1, 2]'), count('b":[1'), count('x')]).toEqual([
    1, 1, 1, 1, 1, 0,
  ]);
  expect(count('3 bytes', { kind: 'bytes', bytes: new Uint8Array(3) })).toBe(0);
  expect(findPattern('  ')).toBeUndefined();
});

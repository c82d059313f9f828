// @vitest-environment happy-dom
/** @jsxImportSource preact */
import { act } from 'preact/test-utils';
import { afterEach, beforeEach, expect, test } from 'vitest';
import type { ListAction, Row } from '#core/inspector-messages.ts';
import { row, rows } from './rows.ts';
import { all, type ShownInspector, showInspector, wordsOf } from './shown.tsx';

const MOST_ROWS = 80;

let shown: ShownInspector;
let list: ShownInspector['inspector']['list'];
const say: ShownInspector['say'] = (message) => shown.say(message);

beforeEach(async () => {
  shown = await showInspector();
  ({ list } = shown.inspector);
});

afterEach(() => shown.hide());

const one = (selector: string) => {
  const element = document.querySelector<HTMLElement>(selector);
  if (!element) throw new Error(`no ${selector}`);
  return element;
};
const grid = () => one('.grid');
const press = (key: string, options: KeyboardEventInit = {}, target: Element = grid()) =>
  act(
    () => void target.dispatchEvent(new KeyboardEvent('keydown', { key, bubbles: true, cancelable: true, ...options })),
  );
const point = (target: Element, options: PointerEventInit = {}) =>
  act(() => void target.dispatchEvent(new PointerEvent('pointerdown', { bubbles: true, button: 0, ...options })));
/** Presses the key of an action where the focus is. */
const KEYS: Partial<Record<ListAction, string>> = {
  nextFailure: 'n',
  previousFailure: 'p',
  nextSame: ']',
  previousSame: '[',
  goToMessage: 'g',
  resend: 'r',
  editResend: 'e',
  mark: 'k',
  note: ';',
  compare: 'd',
  toggleRecording: ' ',
  toggleSequence: 'w',
};
const keyAct = (action: ListAction) => {
  const key = KEYS[action];
  return key === undefined ? say({ kind: 'act', action }) : press(key, {}, document.activeElement ?? document.body);
};
const selected = () =>
  all('.row[aria-selected=true]')
    .map((element) => Number(element.dataset['id']))
    .sort((a, b) => a - b);
const drawn = () =>
  all('.row[data-id], .row[data-group]')
    .toSorted((a, b) => Number(a.getAttribute('aria-rowindex')) - Number(b.getAttribute('aria-rowindex')))
    .map((element) => element.dataset['id'] ?? `group ${element.querySelector('.group-name')?.textContent}`);
const header = (title: string) => {
  const found = all('[role=columnheader]').find((element) => element.textContent === title);
  if (!found) throw new Error(`no column ${title}`);
  return found;
};
const headers = () => all('[role=columnheader] .title-text').map((element) => element.textContent);
const cells = (id: number) => all(`#row-${id} [role=gridcell]`).map((cell) => cell.textContent);

// Many rows

test('check 20: a minute of 1,000 a second loses none, draws a screenful, and keeps to the end only from the end', async () => {
  const step = 3000;
  for (let count = step; count <= 60_000; count += step) {
    await say({ kind: 'rows', rows: rows(count - step + 1, step) });
    expect(all('.row[data-id]').length).toBeLessThanOrEqual(MOST_ROWS);
    const isAway = count > 30_000 && count < 48_000;
    expect(all(`#row-${count}`).length).toBe(isAway ? 0 : 1);
    if (isAway) expect(one('.new-rows').textContent).toBe(`${(count - 30_000) / 1000},000 new`);
    if (isAway) expect(all('#row-1').length).toBe(1);
    if (count === 30_000) await press('Home');
    if (count === 45_000) await press('End');
  }
  expect([shown.inspector.store.length, grid().getAttribute('aria-rowcount')]).toEqual([60_000, '60001']);
});

test('check 22: of 1,000,000 rows End shows the last and Home the first, sorted as well', async () => {
  for (let from = 1; from <= 1_000_000; from += 50_000) {
    await say({ kind: 'rows', rows: rows(from, 50_000).map((each) => ({ ...each, duration: 1_000_000 - each.id })) });
  }
  await press('End');
  expect(selected()).toEqual([1_000_000]);
  await press('Home');
  expect(selected()).toEqual([1]);
  await act(() => list.sortBy('duration'));
  await press('Home');
  expect(selected()).toEqual([1_000_000]);
  await press('End');
  expect(selected()).toEqual([1]);
  expect(all('.row[data-id]').length).toBeLessThanOrEqual(MOST_ROWS);
}, 60_000);

test.each(['none', 'duration'] as const)(
  'check 23: 500 beyond the cap are told as lost, numbers go on (sorted by %s)',
  async (column) => {
    if (column !== 'none') await act(() => list.sortBy(column));
    for (let from = 1; from <= 100_500; from += 10_050) {
      await say({ kind: 'rows', rows: rows(from, 10_050).map((each) => ({ ...each, duration: each.id % 977 })) });
      if (from + 10_050 > 100_000)
        await say({ kind: 'trimmed', before: from + 10_050 - 100_000, lost: from + 10_049 - 100_000 });
    }
    expect([list.listing.length, shown.inspector.lost.value]).toEqual([100_000, 500]);
    expect(one('.lost').textContent).toContain('500 lost');
    await press('Home');
    expect(selected()).toEqual([column === 'none' ? 501 : 977]);
    await act(() => list.goToNumber(100_500));
    expect(selected()).toEqual([100_500]);
  },
  60_000,
);

// Order

test('check 24: sorted by duration, new rows take their places and the selection stays on its message', async () => {
  await say({ kind: 'rows', rows: rows(1, 100).map((each) => ({ ...each, duration: each.id })) });
  await press('Enter', {}, header('Duration'));
  expect(header('Duration').getAttribute('aria-sort')).toBe('ascending');
  await act(() => list.goToNumber(50));
  const index = () => Number(one('#row-50').getAttribute('aria-rowindex'));
  const before = index();
  await say({ kind: 'rows', rows: rows(101, 10).map((each) => ({ ...each, duration: 0.5 })) });
  expect([selected(), index() - before]).toEqual([[50], 10]);
  await say({ kind: 'changed', rows: [row(3, { duration: 1000 })] });
  expect([selected(), index() - before]).toEqual([[50], 9]);
  await press('End');
  expect(selected()).toEqual([3]);
});

test('a header sorts up, down, and not at all; rows come back as they came', async () => {
  await say({ kind: 'rows', rows: [row(1, { size: 5 }), row(2, { size: 9 }), row(3, { size: 1 })] });
  const click = () => press('Enter', {}, header('Size'));
  const seen = [drawn()];
  for (let times = 0; times < 3; times++) {
    await click();
    seen.push(drawn());
  }
  expect(seen).toEqual([
    ['1', '2', '3'],
    ['3', '1', '2'],
    ['2', '1', '3'],
    ['1', '2', '3'],
  ]);
});

test('in a sorted list that was scrolled, what one reads stays where it is', async () => {
  await say({ kind: 'rows', rows: rows(1, 500).map((each) => ({ ...each, duration: each.id })) });
  await act(() => list.sortBy('duration'));
  await act(() => list.goToNumber(250));
  const place = () => drawn().indexOf('250');
  const before = place();
  await say({ kind: 'rows', rows: rows(501, 40).map((each) => ({ ...each, duration: 0.5 })) });
  expect([place(), before > 0]).toEqual([before, true]);
  expect(all('.new-rows')).toEqual([]);
});

// Columns

test('columns are moved, hidden and shown with the keyboard, and remembered', async () => {
  await say({ kind: 'rows', rows: [row(1, { outcomeSize: 4, answeredBy: 'rule', of: 7, comment: 'odd' })] });
  expect(headers()).toEqual([
    '#',
    'Time',
    'Dir',
    'Name',
    'Window',
    'Status',
    'Duration',
    'Size',
    'Preview',
    'Waterfall',
  ]);
  await press('ArrowRight', { altKey: true }, header('#'));
  await press('Delete', {}, header('Preview'));
  await act(() => list.showColumn('result-size', true));
  await act(() => list.showColumn('chain', true));
  await act(() => list.showColumn('waterfall', false));
  expect(headers()).toEqual(['Time', '#', 'Dir', 'Name', 'Window', 'Status', 'Duration', 'Size', 'Result', 'Chain']);
  expect(cells(1).slice(-2)).toEqual(['4 B', '#7']);
  await act(() => list.moveColumn('chain', { before: 'time' }));
  expect(headers()[0]).toBe('Chain');
  await act(() => list.resetColumns());
  expect(headers().length).toBe(10);
});

test('a column that is moved keeps the focus, and is moved on', async () => {
  await say({ kind: 'rows', rows: [row(1)] });
  await act(() => header('Status').focus());
  for (let times = 0; times < 3; times++) {
    await press('ArrowLeft', { altKey: true }, document.activeElement ?? grid());
    expect(document.activeElement).toBe(header('Status'));
  }
  expect(headers().slice(0, 4)).toEqual(['#', 'Time', 'Status', 'Dir']);
});

test('the panel chooses columns, times and groups, and gives the focus back', async () => {
  await say({ kind: 'rows', rows: [row(1)] });
  await keyAct('chooseColumns');
  const panel = one('[role=dialog]');
  expect(panel.contains(document.activeElement)).toBe(true);
  const box = all('[role=dialog] label')
    .find((label) => label.textContent === 'App')
    ?.querySelector('input');
  await act(() => box?.click());
  expect(headers().at(-1)).toBe('App');
  await press('Escape', {}, panel);
  expect([all('[role=dialog]'), document.activeElement]).toEqual([[], grid()]);
});

test('a column shows what stands at a path: asked for once for what is in sight, and again when it changed', async () => {
  await say({ kind: 'rows', rows: rows(1, 1000) });
  await act(() => expect([list.addPath('nonsense'), list.addPath('args.id')]).toEqual([false, true]));
  const asked = () => shown.posted.filter((message) => message.kind === 'cells');
  const first = asked();
  expect(first.map(({ paths }) => paths)).toContainEqual(['args.id']);
  const ids = first.flatMap((message) => message.ids);
  expect([ids.includes(1000), ids.includes(1), ids.length < MOST_ROWS]).toEqual([true, false, true]);
  await say({ kind: 'cells', path: 'args.id', cells: ids.map((id) => [id, `<b>${id}`]) });
  expect(cells(1000).at(-1)).toBe('<b>1000');
  expect(asked().length).toBe(first.length);
  await say({ kind: 'changed', rows: [row(1000, { status: 'error' })] });
  expect(
    asked()
      .slice(first.length)
      .flatMap((message) => message.ids),
  ).toEqual([1000]);
});

test('the time is counted from the begin, from the message above, from the selected one, or is that of the day', async () => {
  await say({ kind: 'rows', rows: [row(1, { time: 100 }), row(2, { time: 350 }), row(3, { time: 1350 })] });
  const times = () => [1, 2, 3].map((id) => cells(id)[1]);
  expect(times()).toEqual(['+0.100', '+0.350', '+1.350']);
  await act(() => list.setTime('previous'));
  expect(times()).toEqual(['', '+0.250', '+1.000']);
  await act(() => list.pick(2, 'one'));
  await act(() => list.setTime('selected'));
  expect(times()).toEqual(['−0.250', '+0.000', '+1.000']);
  await say({ kind: 'rows', rows: [], epoch: new Date(2026, 0, 1, 10, 0, 0).getTime() });
  await act(() => list.setTime('absolute'));
  expect(times()).toEqual(['10:00:00.100', '10:00:00.350', '10:00:01.350']);
});

// Groups

const CALLS: readonly Row[] = [
  row(1, { name: 'download' }),
  row(2, { kind: 'channel', name: 'download', of: 1 }),
  row(3, { kind: 'channel-message', name: 'download', of: 2, index: 0, status: 'error' }),
  row(4, { name: 'greet' }),
];

test('nested rows open and close with the arrows, and tell it to readers', async () => {
  await say({ kind: 'rows', rows: CALLS });
  await act(() => list.setGrouping('call'));
  expect([grid().getAttribute('role'), drawn()]).toEqual(['treegrid', ['1', '2', '3', '4']]);
  expect(all('.row[data-id]').map((each) => each.getAttribute('aria-level'))).toEqual(['1', '2', '3', '1']);
  await press('End');
  await press('ArrowUp');
  expect(selected()).toEqual([3]);
  await press('ArrowLeft'); // to what it belongs to
  await press('ArrowLeft'); // which closes
  expect([selected(), drawn()]).toEqual([[2], ['1', '2', '4']]);
  expect(one('#row-2').getAttribute('aria-expanded')).toBe('false');
  expect(one('#row-2 .nested .for-readers').textContent.trim()).toBe('1 below, 1 failed');
  await press('ArrowRight');
  expect(drawn()).toEqual(['1', '2', '3', '4']);
  await press('ArrowRight');
  expect(selected()).toEqual([3]);
});

test('a line above a group says what is in it; the keys go over it and leave the details alone', async () => {
  await say({ kind: 'rows', rows: [row(1, { duration: 3 }), row(2, { name: 'save', status: 'error' }), row(3)] });
  await act(() => list.setGrouping('command'));
  expect(drawn()).toEqual(['group Call: greet', '1', '3', 'group Call: save', '2']);
  const [greet, save] = all('.row.group');
  expect(greet?.textContent).toContain('2 messagesp95 3.0 ms');
  expect(save?.textContent).toContain('1 message1 failed');
  await act(() => list.pick(3, 'one'));
  await press('ArrowDown');
  expect([selected(), grid().getAttribute('aria-activedescendant')]).toEqual([[3], save?.id]);
  await press('ArrowLeft');
  expect([drawn().length, one('.row.group.active').getAttribute('aria-expanded')]).toEqual([4, 'false']);
  await press('ArrowRight');
  await press('ArrowRight');
  expect(selected()).toEqual([2]);
  await point(all('.row.group')[0] as HTMLElement);
  expect(drawn()).toEqual(['group Call: greet', 'group Call: save', '2']);
  await act(() => list.goToNumber(1)); // what is closed opens for it
  expect([selected(), drawn().length]).toEqual([[1], 5]);
});

// Selection

test('ranges, single ones more, and all', async () => {
  await say({ kind: 'rows', rows: rows(1, 20) });
  await press('Home');
  for (let times = 0; times < 3; times++) await press('ArrowDown', { shiftKey: true });
  expect(selected()).toEqual([1, 2, 3, 4]);
  await press('ArrowUp', { shiftKey: true });
  expect(selected()).toEqual([1, 2, 3]);
  await point(one('#row-7'), { ctrlKey: true });
  await point(one('#row-2'), { ctrlKey: true });
  expect([selected(), shown.inspector.selected.value]).toEqual([[1, 3, 7], 7]);
  await point(one('#row-9'), { shiftKey: true });
  expect(selected()).toEqual([2, 3, 4, 5, 6, 7, 8, 9]);
  await press('a', { ctrlKey: true });
  expect(list.selection.value.size).toBe(20);
  await press('ArrowDown');
  expect(selected().length).toBe(1);
  await press('Escape');
  expect(selected()).toEqual([]);
});

test('next and previous of the same name, and the failures, in the order shown', async () => {
  await say({ kind: 'rows', rows: rows(1, 100) });
  await act(() => list.goToNumber(5));
  await keyAct('nextSame');
  expect(selected()).toEqual([45]);
  await keyAct('previousSame');
  await keyAct('previousSame');
  expect([selected(), shown.inspector.notice.value]).toEqual([[5], 'No earlier one of the same name is shown.']);
  await keyAct('nextFailure');
  await keyAct('nextFailure');
  await keyAct('previousFailure');
  expect(selected()).toEqual([10]);
});

test('g and a number goes there', async () => {
  await say({ kind: 'rows', rows: rows(1, 500) });
  await keyAct('goToMessage');
  const field = one('.go-to input') as HTMLInputElement;
  expect(document.activeElement).toBe(field);
  await keyAct('mark'); // a key that is text here
  await act(() => {
    field.value = '12x3';
    field.dispatchEvent(new Event('input', { bubbles: true }));
  });
  expect(field.value).toBe('123');
  await press('Enter', {}, field);
  expect([selected(), all('.go-to'), document.activeElement]).toEqual([[123], [], grid()]);
  expect(shown.posted.filter(({ kind }) => kind === 'annotate')).toEqual([]);
});

// Marks and notes

test('where there is no room for numbers, marks and notes are beside the name', async () => {
  await say({ kind: 'rows', rows: [row(1, { name: 'greet', marked: true, comment: 'look' })] });
  expect(cells(1)[0]).toBe('★ marked ✎ note: look 1');
  await act(() => list.showColumn('id', false));
  expect(cells(1).filter((text) => text?.includes('★'))).toEqual([
    expect.stringMatching(/★ marked ✎ note: look .*greet/),
  ]);
  await act(() => list.showColumn('name', false));
  expect(cells(1).filter((text) => text?.includes('★')).length).toBe(1);
});

test('k marks all that is selected, or unmarks what was marked', async () => {
  await say({ kind: 'rows', rows: rows(1, 5) });
  await press('Home');
  await press('ArrowDown', { shiftKey: true });
  await keyAct('mark');
  expect(shown.posted.at(-1)).toEqual({ kind: 'annotate', ids: [1, 2], marked: true });
  await say({ kind: 'changed', rows: [row(1, { marked: true }), row(2, { marked: true })] });
  expect(cells(1)[0]).toBe('★ marked 1');
  await keyAct('mark');
  expect(shown.posted.at(-1)).toEqual({ kind: 'annotate', ids: [1, 2], marked: false });
});

test('a note is written in its row: Enter keeps it, Esc does not', async () => {
  await say({ kind: 'rows', rows: [row(1, { comment: 'old' })] });
  expect(cells(1)[0]).toBe('✎ note: old 1');
  await press('Home');
  await keyAct('note');
  const field = () => one('.note-editor') as HTMLInputElement;
  expect([document.activeElement === field(), field().value]).toEqual([true, 'old']);
  await keyAct('resend');
  expect(shown.posted.filter(({ kind }) => kind === 'resend')).toEqual([]);
  await press('Escape', {}, field());
  expect([all('.note-editor'), document.activeElement]).toEqual([[], grid()]);
  expect(shown.posted.filter(({ kind }) => kind === 'annotate')).toEqual([]);
  await keyAct('note');
  field().value = ' <i>new</i> ';
  await press('Enter', {}, field());
  expect(shown.posted.filter(({ kind }) => kind === 'annotate')).toEqual([
    { kind: 'annotate', ids: [1], comment: '<i>new</i>' },
  ]);
  expect(document.activeElement).toBe(grid());
});

// Commands and menus

test('what is selected is copied in the format asked for; without a selection one is told to make one', async () => {
  await say({ kind: 'rows', rows: rows(1, 3) });
  await say({ kind: 'act', action: 'copyJson' });
  expect(shown.inspector.notice.value).toBe('Select a message first.');
  await press('a', { ctrlKey: true });
  await say({ kind: 'act', action: 'copyInvoke' });
  expect(shown.posted.at(-1)).toEqual({ kind: 'copyMessages', ids: [1, 2, 3], as: 'invoke' });
});

test('two are compared with each other, one with the one before of its name', async () => {
  await say({ kind: 'rows', rows: rows(1, 100) });
  await act(() => list.goToNumber(45));
  await keyAct('compare');
  expect(shown.posted.at(-1)).toEqual({ kind: 'diff', ids: [5, 45], part: 'both' });
  await act(() => list.pick(50, 'toggle'));
  await keyAct('compare');
  expect(shown.posted.at(-1)).toEqual({ kind: 'diff', ids: [45, 50], part: 'both' });
});

test('filter by what is selected, once', async () => {
  await say({ kind: 'rows', rows: [row(1, { name: 'plugin:fs|exists', status: 'error' }), row(2)] });
  await press('Home');
  for (const action of ['filterName', 'filterStatus', 'filterStatus'] as const) await keyAct(action);
  expect(drawn()).toEqual(['1']);
  const { filter } = shown.inspector.arrangement.value;
  expect(filter).toBe('cmd:plugin:fs|exists is:error');
});

const menu = () => JSON.parse(grid().dataset['vscodeContext'] ?? '{}') as unknown;

test('the menu of VS Code is told of what is under the pointer, and that gets selected', async () => {
  await say({ kind: 'rows', rows: [row(1), row(2, { kind: 'event', marked: true }), row(3)] });
  const open = (target: Element) =>
    act(() => void target.dispatchEvent(new MouseEvent('contextmenu', { bubbles: true, cancelable: true })));
  await open(one('#row-2 .cell-name'));
  expect([selected(), menu()]).toEqual([
    [2],
    {
      preventDefaultContextMenuItems: true,
      webviewSection: 'message',
      ipcKind: 'event',
      ipcSelected: 1,
      ipcMarked: true,
    },
  ]);
  await act(() => list.pick(3, 'toggle'));
  await open(one('#row-3'));
  expect([selected(), menu()]).toMatchObject([[2, 3], { ipcKind: 'invoke', ipcSelected: 2 }]);
  await open(header('Name'));
  expect(menu()).toMatchObject({ webviewSection: 'columns' });
});

test('VS Code is told where the focus is, and when keys are text', async () => {
  await say({ kind: 'rows', rows: [row(1)] });
  await act(() => grid().focus());
  expect(shown.focus.at(-1)).toEqual({ kind: 'focus', focused: true, typing: false });
  await act(() => one('.filter input').focus());
  expect(shown.focus.at(-1)).toEqual({ kind: 'focus', focused: true, typing: true });
  await act(() => void window.dispatchEvent(new Event('blur')));
  expect(shown.focus.at(-1)).toEqual({ kind: 'focus', focused: false, typing: false });
});

test('? tells the keys, Esc closes them', async () => {
  await press('?');
  expect(one('[role=dialog]').textContent).toContain('Next and previous failure');
  await press('Escape', {}, one('[role=dialog]'));
  expect(all('[role=dialog]')).toEqual([]);
});

test('check 74: the grid tells its size, places, order and selection, and icons have names', async () => {
  await say({
    kind: 'rows',
    rows: rows(1, 30).map((each) => ({ ...each, marked: true, answeredBy: 'rule', replayOf: 1 })),
  });
  await act(() => list.sortBy('id'));
  await press('Home');
  const attributes = (selector: string, ...names: readonly string[]) =>
    names.map((name) => one(selector).getAttribute(`aria-${name}`));
  expect(attributes('.grid', 'rowcount', 'colcount', 'multiselectable', 'activedescendant')).toEqual([
    '31',
    '10',
    'true',
    'row-1',
  ]);
  expect(attributes('#row-1', 'rowindex', 'selected')).toEqual(['2', 'true']);
  expect(attributes('.header', 'rowindex')).toEqual(['1']);
  expect(all('[role=columnheader]').map((each) => each.getAttribute('aria-sort'))).toEqual([
    'ascending',
    ...Array.from({ length: 9 }, () => null),
  ]);
  expect(all('#row-1 [role=gridcell]').map((each) => each.getAttribute('aria-colindex'))).toEqual([
    '1',
    '2',
    '3',
    '4',
    '5',
    '6',
    '7',
    '8',
    '9',
    '10',
  ]);
  for (const text of ['marked', 'page to host', 'Call: ', 'sent again', 'answered by a rule', 'ok']) {
    expect(wordsOf(one('#row-1'))).toContain(text);
  }
  const icons = all('.grid .codicon').filter(
    (icon) => icon.getAttribute('aria-hidden') !== 'true' && (icon.getAttribute('aria-label') ?? '') === '',
  );
  expect(icons.map((icon) => icon.outerHTML)).toEqual([]);
});

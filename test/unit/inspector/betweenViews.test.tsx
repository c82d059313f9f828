// @vitest-environment happy-dom
/** @jsxImportSource preact */
import { act } from 'preact/test-utils';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { isBeside } from '../../../webview-ui/inspector/app.tsx';
import { row, rows } from './rows.ts';
import { all, type ShownInspector, showInspector } from './shown.tsx';

let shown: ShownInspector;

beforeEach(async () => {
  shown = await showInspector();
  await shown.say({ kind: 'rows', rows: [...rows(1, 5), row(6, { status: 'denied', name: 'save' })] });
});

afterEach(() => shown.hide());

const press = (key: string) =>
  act(
    () =>
      void (document.activeElement ?? document.body).dispatchEvent(
        new KeyboardEvent('keydown', { key, bubbles: true, cancelable: true }),
      ),
  );
const view = () => shown.inspector.arrangement.value.view;
const show = (next: ReturnType<typeof view>) => act(() => shown.inspector.arrange({ view: next }));
const dialogs = () => all('[role=dialog]').map((each) => each.getAttribute('aria-label'));
const focused = () => document.activeElement?.getAttribute('aria-label');

test('another view takes the focus of the one that went, and no other focus', async () => {
  all('.grid')[0]?.focus();
  await press('w');
  expect(focused()).toBe('Sequence of messages');
  await press('w');
  expect(focused()).toBe('Messages');
  await show('statistics');
  expect(focused()).toBe('Commands');
  all('.filter input')[0]?.focus();
  await show('list');
  expect(document.activeElement?.matches('.filter input')).toBe(true);
});

test('from the filter Enter leads into each view', async () => {
  await show('statistics');
  all('.filter input')[0]?.focus();
  await press('Enter');
  expect(focused()).toBe('Commands');
});

test.each(['sequence', 'statistics'] as const)(
  'the keys are told, and a number is gone to, in the %s too',
  async (other) => {
    await show(other);
    await press('?');
    expect(dialogs()).toEqual(['Keys']);
    await press('Escape');
    await press('g');
    expect(dialogs()).toEqual(['Go to a message']);
  },
);

test.each(['sequence', 'statistics'] as const)('what only the list can show brings the list (%s)', async (other) => {
  await act(() => shown.inspector.select(2));
  await show(other);
  await shown.say({ kind: 'act', action: 'chooseColumns' });
  expect([view(), dialogs()]).toEqual(['list', ['Columns and groups']]);
  await show(other);
  await shown.say({ kind: 'act', action: 'note' });
  expect([view(), all('.note-editor').length]).toEqual(['list', 1]);
});

test('in the statistics no key acts on a message that is not in sight', async () => {
  await act(() => shown.inspector.select(2));
  await show('statistics');
  const before = shown.posted.length;
  for (const key of ['r', 'e', 'k', 'd', 'o']) await press(key);
  expect(shown.posted.slice(before)).toEqual([]);
  expect(shown.inspector.notice.value).toBe('Select a message first.');
  await press('n');
  expect([view(), shown.inspector.selected.value]).toEqual(['list', 6]);
});

test('a message that somebody is led to is shown', async () => {
  await show('statistics');
  await shown.say({ kind: 'go-to', id: 3 });
  expect([view(), shown.inspector.selected.value]).toEqual(['list', 3]);
});

test.each([
  [1400, 250, true],
  [700, 250, true],
  [700, 450, true],
  [1000, 1400, true],
  [700, 900, false],
  [699, 250, false],
])('at %i by %i the details are beside the list: %s', (width, height, beside) => {
  expect(isBeside({ width, height })).toBe(beside);
});

test('the tab that is shown is in sight with the next message, too', async () => {
  const reached: (string | null)[] = [];
  HTMLElement.prototype.scrollIntoView = function (this: HTMLElement) {
    reached.push(this.textContent);
  };
  const open = async (id: number) => {
    await act(() => shown.inspector.select(id));
    const detail = { row: row(id), generation: 1, headers: [], related: { ids: [], total: 0 }, canResend: true };
    const none = { kind: 'none' } as const;
    await shown.say({ kind: 'detail', id, detail: { ...detail, body: none, outcome: none } });
  };
  await open(1);
  await act(() => all('[role=tab]').at(-1)?.click());
  expect(reached.at(-1)).toBe('Raw');
  reached.length = 0;
  await open(2);
  expect(reached).toContain('Raw');
});

// @vitest-environment happy-dom
/** @jsxImportSource preact */
import { act } from 'preact/test-utils';
import { afterEach, beforeEach, expect, test } from 'vitest';
import type { Detail, Row } from '#core/inspector-messages.ts';
import type { ReportedFrame } from '#core/origin-messages.ts';
import { row } from './rows.ts';
import { all, type ShownInspector, showInspector } from './shown.tsx';

let shown: ShownInspector;
beforeEach(async () => {
  shown = await showInspector();
});
afterEach(() => shown.hide());

/** Selects a call and shows one of its tabs. */
async function look(tab: string, call: Row, part: Partial<Detail> = {}, others: readonly Row[] = []): Promise<void> {
  await shown.say({ kind: 'rows', rows: [call, ...others] });
  await act(() => shown.inspector.select(call.id));
  await shown.say({
    kind: 'detail',
    id: call.id,
    detail: {
      row: call,
      generation: 1,
      headers: [],
      body: { kind: 'none' },
      outcome: { kind: 'none' },
      related: { ids: others.map(({ id }) => id), total: others.length },
      canResend: true,
      ...part,
    },
  });
  await act(() =>
    all('[role=tab]')
      .find((each) => each.textContent === tab)
      ?.click(),
  );
}

const asked = (kind: string) => shown.posted.filter((message) => message.kind === kind);
const text = () => all('[role=tabpanel]')[0]?.textContent ?? '';
const key = (name: string) =>
  act(() => void document.activeElement?.dispatchEvent(new KeyboardEvent('keydown', { key: name, bubbles: true })));

const frame = (place: string, part: Partial<ReportedFrame> = {}): ReportedFrame => ({
  name: '',
  isAsync: false,
  place,
  library: false,
  opens: 'file',
  ...part,
});

test('check 31: the stack begins with the line of the call, and opens by keyboard', async () => {
  await look('Stack', row(1));
  expect(asked('askStack')).toEqual([{ kind: 'askStack', id: 1 }]);
  await shown.say({
    kind: 'stack',
    id: 1,
    report: {
      frames: [
        frame('node_modules/@tauri-apps/api/core.js:2:21', { library: true }),
        frame('src/<b>main</b>.ts:12:5', { code: "invoke('<img>')", name: 'save' }),
        frame('assets/x.js:1:1', { problem: 'no source map: the script names none', opens: undefined } as object),
      ],
    },
  });
  expect(all('.frame .mono').map((each) => each.textContent)).toEqual(['src/<b>main</b>.ts:12:5', 'assets/x.js:1:1']);
  expect(text()).toContain("invoke('<img>')");
  expect(text()).toContain('no source map: the script names none');
  expect(all('.frames b, .frames img')).toEqual([]);
  // From the strip of tabs into the panel, to the first frame, and there it opens; the second has nothing to open.
  all('[role=tab][aria-selected=true]')[0]?.focus();
  await key('ArrowDown');
  await act(() => void document.activeElement?.dispatchEvent(new MouseEvent('click', { bubbles: true })));
  await key('ArrowDown');
  expect(document.activeElement?.textContent).toContain('assets/x.js');
  await act(() => void document.activeElement?.dispatchEvent(new MouseEvent('click', { bubbles: true })));
  expect(asked('openFrame')).toEqual([{ kind: 'openFrame', id: 1, frame: 1 }]);
  await act(() => all('.libraries')[0]?.click());
  expect(all('.frame.library')).toHaveLength(1);
});

test('a stack that is not there says why, and what was thrown stands below', async () => {
  await look('Stack', row(1, { status: 'error' }), { stack: 'Error: no\n    at greet' });
  await shown.say({ kind: 'stack', id: 1, report: { frames: [], note: 'The page did not tell.' } });
  expect(text()).toContain('The page did not tell.');
  expect(all('.thrown')[0]?.textContent).toBe('Error: no\n    at greet');
  // What is said of another call is not shown.
  await shown.say({ kind: 'stack', id: 2, report: { frames: [], note: 'Of another.' } });
  expect(text()).not.toContain('Of another.');
});

test('check 31: the handler is named with its lines, and opens', async () => {
  await look('Handler', row(1));
  expect(asked('askHandler')).toEqual([{ kind: 'askHandler', id: 1 }]);
  const code = [{ line: 3, text: "command('greet', {}, () => '<i>');" }];
  const places = [{ what: 'handler' as const, place: 'src-ipc/main.ts:3', code }];
  await shown.say({ kind: 'handler', id: 1, report: { summary: 'A handler answers it.', places } });
  expect(text()).toContain('A handler answers it.');
  expect(all('.excerpt code').map((each) => each.textContent)).toEqual(["command('greet', {}, () => '<i>');"]);
  await act(() => all('.origin .link')[0]?.click());
  expect(asked('openHandlerPlace')).toEqual([{ kind: 'openHandlerPlace', id: 1, place: 0 }]);
  await shown.say({ kind: 'handler', id: 1, report: null });
  expect(text()).toContain('The app is closed');
});

test('check 32: the parts of a call are shown and add up to its time', async () => {
  const phases = { check: 0.126, handler: 3.333, serialize: 0.041 };
  await look('Timing', row(1, { duration: 3.5, time: 100 }), { phases }, [
    row(2, { kind: 'channel', of: 1, name: 'channel', time: 100.1 }),
    row(3, { kind: 'channel-message', of: 2, time: 101 }),
    row(4, { kind: 'channel-message', of: 2, time: 102 }),
    row(5, { kind: 'channel-message', of: 2, time: 107 }),
  ]);
  const numbers = all('.timing-number:not(.faint)').map((each) => Number.parseFloat(each.textContent ?? ''));
  const total = numbers.pop() as number;
  expect(Math.abs(numbers.reduce((sum, each) => sum + each, 0) - total)).toBeLessThan(0.1);
  expect([numbers, total]).toEqual([[0.13, 3.33, 0.04], 3.5]);
  // Messages that came after the answer make the bar longer.
  expect(all('.phase').map(({ style }) => Math.round(Number.parseFloat(style.width)))).toEqual([2, 48, 1]);
  expect(all('.tick').map(({ style }) => Math.round(Number.parseFloat(style.left)))).toEqual([15, 29, 100]);
  expect(text()).toContain(
    '3 channel messages, the first 1.00 ms and the last 7.00 ms after the call arrived (333 per',
  );
  expect(text()).toContain('Not measured: queue in the page, to the host, to the page.');
});

test('a call without an answer has no parts yet', async () => {
  await look('Timing', row(1, { status: 'pending' }));
  expect(text()).toContain('No answer yet');
  expect(all('.timing-number')).toEqual([]);
});

test('check 14: what allowed a call is asked for when somebody looks', async () => {
  await look('Permission', row(1));
  expect(asked('explain')).toEqual([{ kind: 'explain', id: 1 }]);
  await shown.say({
    kind: 'permission',
    id: 1,
    report: {
      verdict: 'allowed',
      summary: 'Capability "main" allows it by allow-greet.',
      entries: [{ capability: 'main', permission: 'allow-greet', effect: 'allows', reasons: ['allows it'] }],
      capabilities: [{ capability: 'main', file: 'capabilities/main.json' }],
      commandScope: { allow: [], deny: [] },
      globalScope: { allow: [], deny: [] },
      missing: [],
      targets: [],
      editable: true,
    },
  });
  expect(all('.verdict')[0]?.textContent).toContain('Allowed. Capability "main" allows it by allow-greet.');
});

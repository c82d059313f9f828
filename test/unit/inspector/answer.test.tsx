// @vitest-environment happy-dom
/** @jsxImportSource preact */
import { act } from 'preact/test-utils';
import { afterEach, beforeEach, expect, test } from 'vitest';
import type { AnswerReport } from '#core/inspector-messages.ts';
import { row } from './rows.ts';
import { all, type ShownInspector, showInspector } from './shown.tsx';

let posted: ShownInspector['posted'];
let inspector: ShownInspector['inspector'];
let say: ShownInspector['say'];
let hide: ShownInspector['hide'];

beforeEach(async () => {
  ({ posted, inspector, say, hide } = await showInspector());
});

afterEach(() => hide());

const button = (text: string) => {
  const found = all('button').find((element) => element.textContent === text);
  if (!found) throw new Error(`no button ${text}`);
  return found;
};
const click = (element: HTMLElement) => act(() => element.click());
const buttons = () => all('.answer button, .by-hand button').map((element) => element.textContent);

const REPORT: AnswerReport = {
  command: 'save_note',
  rust: 'src-tauri/src/notes.rs:12',
  handled: false,
  rule: false,
  mayHaveRules: true,
  armed: false,
  held: false,
  result: '{\n  "id": 0\n}',
  error: '"failed"',
};

type Part = Partial<ReturnType<typeof row>>;

async function show(part: Part, report: Partial<AnswerReport> | null): Promise<void> {
  const shown = { ...row(1), kind: 'invoke', name: 'save_note', ...part } as const;
  await say({ kind: 'rows', rows: [shown] });
  await act(() => inspector.select(1));
  await say({
    kind: 'detail',
    id: 1,
    detail: {
      row: shown,
      generation: 1,
      headers: [],
      body: { kind: 'none' },
      outcome: { kind: 'none' },
      related: { ids: [], total: 0 },
      canResend: true,
    },
  });
  const tab = all('[role=tab]').find((element) => element.textContent === 'Answer');
  if (tab && tab.getAttribute('aria-selected') !== 'true') await click(tab);
  await say({ kind: 'answer', id: 1, report: report && { ...REPORT, ...report } });
}

const acted = () => posted.filter(({ kind }) => ['answer', 'sendAnswer', 'disarm'].includes(kind));

test('an unhandled call opens with where it is defined and what can be done', async () => {
  await show({ status: 'unhandled' }, {});
  expect(all('[role=tab]')[0]?.textContent).toBe('Answer');
  expect(all('[role=tab]')[0]?.getAttribute('aria-selected')).toBe('true');
  expect(posted).toContainEqual({ kind: 'askAnswer', id: 1 });
  expect(all('.verdict')[0]?.textContent).toContain('No handler yet.');
  expect(buttons()).toEqual(['src-tauri/src/notes.rs:12', 'Create Handler Stub', 'Answer by Hand…', 'Answer Always…']);
  for (const text of buttons()) await click(button(text ?? ''));
  expect(acted()).toEqual(
    ['openRust', 'createStub', 'byHand', 'always'].map((action) => ({ kind: 'answer', id: 1, action })),
  );
});

test('an answered call offers to make its answer that of all', async () => {
  await show({ status: 'ok' }, { handled: true });
  expect(buttons().slice(1)).toEqual([
    'Go to the handler',
    'Answer Always With This Result',
    'Answer by Hand…',
    'Answer Always…',
  ]);
  await click(button('Answer Always With This Result'));
  expect(acted()).toEqual([{ kind: 'answer', id: 1, action: 'alwaysThis' }]);
});

test('a call that failed offers its error, and a rule leads to its file', async () => {
  await show({ status: 'error', answeredBy: 'rule', note: 'Answered by a rule.' }, { rule: true });
  expect(all('.verdict')[0]?.textContent).toContain('A rule answers it.');
  expect(buttons()).toContain('Answer Always With This Error');
  expect(buttons()).toContain('Change the Rule…');
  await click(button('.ipc-workbench/rules.json'));
  expect(acted()).toEqual([{ kind: 'answer', id: 1, action: 'openRules' }]);
});

test('what will wait is said above the list, and can be taken back', async () => {
  await say({ kind: 'answers-changed', waiting: [{ app: 'Notes', command: 'save_note' }], held: [] });
  expect(all('.waiting-commands')[0]?.textContent).toContain('The next call of save_note will wait here');
  await click(button('Don’t wait'));
  expect(acted()).toEqual([{ kind: 'disarm', app: 'Notes', command: 'save_note' }]);
  await say({ kind: 'answers-changed', waiting: [], held: [] });
  expect(all('.waiting-commands')).toEqual([]);
});

test('a call that waits is answered with JSON, as a result or as an error', async () => {
  await say({ kind: 'answers-changed', waiting: [], held: [1] });
  await show({ status: 'pending' }, { held: true });
  const area = () => all('textarea')[0] as HTMLTextAreaElement;
  expect(area().value).toBe(REPORT.result);
  const write = (text: string) =>
    act(() => {
      area().value = text;
      area().dispatchEvent(new Event('input', { bubbles: true }));
    });
  await write('{');
  expect((button('Send Answer') as HTMLButtonElement).disabled).toBe(true);
  expect(all('#answer-problem')[0]?.textContent).toMatch(/^Line 1, column /);
  await write('{"id": 7}');
  await click(button('Send Answer'));
  const [, rejects] = all('input[type=radio]');
  await click(rejects as HTMLElement);
  expect(area().value).toBe('"failed"');
  expect(area().getAttribute('aria-label')).toBe('Error as JSON');
  await click(button('Send Answer'));
  await click(button('Don’t Answer'));
  expect(acted()).toEqual([
    { kind: 'sendAnswer', id: 1, ok: true, json: '{"id": 7}' },
    { kind: 'sendAnswer', id: 1, ok: false, json: '"failed"' },
    { kind: 'answer', id: 1, action: 'passOn' },
  ]);
});

test('a record that the host wants shown is selected when its row comes', async () => {
  await say({ kind: 'go-to', id: 5 });
  expect(inspector.selected.value).toBe(0);
  await say({ kind: 'rows', rows: [{ ...row(5), kind: 'invoke' }] });
  expect(inspector.selected.value).toBe(5);
});

test('what nobody has may be a slip', async () => {
  const { rust: _rust, ...report } = REPORT;
  await show({ status: 'error' }, null);
  await say({ kind: 'answer', id: 1, report: { ...report, hint: 'Did you mean save_notes?' } });
  expect(all('.verdict')[0]?.textContent).toBe('Nobody answers it. Did you mean save_notes?');
});

test('of an app without rules of its own no rule is offered', async () => {
  await show({ status: 'ok' }, { mayHaveRules: false });
  expect(buttons()).toEqual(['src-tauri/src/notes.rs:12', 'Create Handler Stub', 'Answer by Hand…']);
});

test('where nothing can be answered, that is said; nothing is offered', async () => {
  await show({ status: 'ok' }, null);
  expect(buttons()).toEqual([]);
  expect(all('.waiting')[0]?.textContent).toContain('another extension hosts it');
});

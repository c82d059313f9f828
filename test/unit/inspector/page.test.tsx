// @vitest-environment happy-dom
/** @jsxImportSource preact */
import { act } from 'preact/test-utils';
import { afterEach, beforeEach, expect, test } from 'vitest';
import type { PermissionReport } from '#core/acl/report.ts';
import type { Detail, ToInspector } from '#core/inspector-messages.ts';
import { row, rows } from './rows.ts';
import { all, type ShownInspector, showInspector, wordsOf } from './shown.tsx';

let posted: ShownInspector['posted'];
let inspector: ShownInspector['inspector'];
let say: ShownInspector['say'];
let hide: ShownInspector['hide'];

beforeEach(async () => {
  ({ posted, inspector, say, hide } = await showInspector());
});

afterEach(() => hide());

const one = (selector: string) => {
  const element = document.querySelector<HTMLElement>(selector);
  if (!element) throw new Error(`no ${selector}`);
  return element;
};
const button = (text: string) => {
  const found = all('button').find((element) => element.textContent === text);
  if (!found) throw new Error(`no button ${text}`);
  return found;
};
const press = (element: Element, key: string, options: KeyboardEventInit = {}) =>
  act(
    () =>
      void element.dispatchEvent(new KeyboardEvent('keydown', { key, bubbles: true, cancelable: true, ...options })),
  );
const click = (element: HTMLElement) => act(() => element.click());

function detail(id: number, part: Partial<Detail> = {}): ToInspector {
  return {
    kind: 'detail',
    id,
    detail: {
      row: row(id),
      generation: 1,
      headers: [['x-one', '<b>1</b>']],
      body: { kind: 'json', text: '{"name":"<img src=x>"}', size: 22, truncated: false },
      outcome: { kind: 'json', text: '"Hello"', size: 7, truncated: false },
      related: { ids: [], total: 0 },
      canResend: true,
      ...part,
    },
  };
}

test('of 100,000 rows only those in sight are in the page', async () => {
  const count = 100_000;
  for (let from = 1; from <= count; from += 50_000) await say({ kind: 'rows', rows: rows(from, 50_000) });
  expect(one('[role=grid]').getAttribute('aria-rowcount')).toBe(String(count + 1));
  expect(all('.row[data-id]').length).toBeGreaterThan(19);
  expect(all('.row[data-id]').length).toBeLessThanOrEqual(80);
  // at the end, because nobody scrolled away from it
  expect(one(`#row-${count}`).getAttribute('aria-rowindex')).toBe(String(count + 1));
  await press(one('[role=grid]'), 'Home');
  expect(one('#row-1').getAttribute('aria-selected')).toBe('true');
  await press(one('[role=grid]'), 'End');
  expect(one(`#row-${count}`).getAttribute('aria-selected')).toBe('true');
  expect(one('[role=grid]').getAttribute('aria-activedescendant')).toBe(`row-${count}`);
});

test('Enter leads to the details, also to those that have not come yet', async () => {
  await say({ kind: 'rows', rows: rows(1, 5) });
  await press(one('[role=grid]'), 'End');
  await press(one('[role=grid]'), 'Enter');
  expect(document.activeElement?.getAttribute('role')).not.toBe('tab');
  await say(detail(5));
  expect(document.activeElement?.getAttribute('role')).toBe('tab');
});

test('away from the end, new rows are counted and do not move the list', async () => {
  await say({ kind: 'rows', rows: rows(1, 500) });
  await press(one('[role=grid]'), 'Home');
  await say({ kind: 'rows', rows: rows(501, 7) });
  expect(one('.new-rows').textContent).toBe('7 new');
  expect(all('#row-1').length).toBe(1);
  await click(one('.new-rows'));
  expect([all('.new-rows').length, all('#row-507').length]).toEqual([0, 1]);
});

test('what came before the list was shown is not new, wherever it stands', async () => {
  await say({ kind: 'rows', rows: rows(1, 500) });
  await press(one('[role=grid]'), 'Home');
  await act(() => inspector.arrange({ view: 'sequence' }));
  await act(() => inspector.arrange({ view: 'list' }));
  expect([all('#row-1').length, all('.new-rows').length]).toEqual([1, 0]);
  await say({ kind: 'rows', rows: rows(501, 7) });
  expect(one('.new-rows').textContent).toBe('7 new');
});

test('a row says direction, kind and status in words', async () => {
  await say({
    kind: 'rows',
    rows: [
      row(1, {
        kind: 'event',
        direction: 'to-page',
        name: 'saved',
        status: 'unheard',
        heard: 0,
        preview: '7',
        time: 1204,
      }),
    ],
  });
  expect(all('.row[data-id] [role=gridcell]').map(wordsOf)).toEqual([
    '1',
    '+1.204',
    'host to page',
    'Event: saved',
    'main',
    'unheard',
    '',
    '10 B',
    '7',
    '',
  ]);
});

test('payloads, names and headers are text, whatever they hold', async () => {
  await say({ kind: 'rows', rows: [row(1, { name: '<script>x</script>', preview: '<img src=x onerror=y>' })] });
  await press(one('[role=grid]'), 'Home');
  await say(detail(1));
  expect(one('[role=tree]').textContent).toContain('"<img src=x>"');
  await click(button('Message'));
  expect(one('.headers').textContent).toContain('<b>1</b>');
  expect(all('img, script, b')).toEqual([]);
});

test('the details of a call have its arguments, its result and its message', async () => {
  await say({ kind: 'rows', rows: [row(1, { status: 'error' })] });
  await press(one('[role=grid]'), 'Home');
  expect(posted.at(-1)).toEqual({ kind: 'detail', id: 1 });
  await say(detail(1, { stack: 'Error: no\n    at greet' }));
  expect(all('[role=tab]').map((tab) => tab.textContent)).toEqual([
    'Arguments',
    'Error',
    'Answer',
    'Message',
    'Timing',
    'Permission',
    'Stack',
    'Handler',
    'Raw',
  ]);
  await click(button('Error'));
  expect(one('[role=tabpanel]').textContent).toContain('error: "Hello"');
});

test('bytes are shown in hexadecimal, and what is out of sight is not fetched', async () => {
  await say({ kind: 'rows', rows: [row(1)] });
  await press(one('[role=grid]'), 'Home');
  const before = posted.length;
  await say(detail(1, { body: { kind: 'bytes', bytes: new Uint8Array(65536).fill(65), offset: 0, size: 20_000_000 } }));
  expect(one('.hex-line').textContent).toBe(`00000000${'41 '.repeat(8)} ${'41 '.repeat(8).trim()}${'A'.repeat(16)}`);
  expect(all('.hex-line').length).toBeLessThan(60);
  expect(posted.length).toBe(before);
});

test('r sends again, e edits, and only valid JSON is sent', async () => {
  await say({ kind: 'rows', rows: [row(1)] });
  await press(one('[role=grid]'), 'Home');
  await say(detail(1));
  await press(document.activeElement ?? document.body, 'r');
  expect(posted.at(-1)).toEqual({ kind: 'resend', id: 1 });
  await press(document.activeElement ?? document.body, 'e');
  const area = one('textarea') as HTMLTextAreaElement;
  expect(area.value).toBe('{\n  "name": "<img src=x>"\n}');
  const write = (text: string) =>
    act(() => {
      area.value = text;
      area.dispatchEvent(new Event('input', { bubbles: true }));
    });
  await write('{"name": }');
  await press(area, 'Enter', { ctrlKey: true });
  expect(posted.at(-1)).toEqual({ kind: 'resend', id: 1 });
  expect(one('#editor-problem').textContent).toBe('Line 1, column 10: A value is expected here');
  await write('{"name": "Bob"}');
  await press(area, 'Enter', { ctrlKey: true });
  expect(posted.at(-1)).toEqual({ kind: 'resend', id: 1, payload: '{"name": "Bob"}' });
  expect(all('textarea')).toEqual([]);
});

test('keys reach the filter and the recording, and mean nothing where they are text or press a button', async () => {
  await say({ kind: 'rows', rows: rows(1, 30) });
  await press(one('[role=grid]'), '/');
  expect(document.activeElement).toBe(one('.filter input'));
  await press(document.activeElement ?? document.body, 'n');
  expect(inspector.selected.value).toBe(0);
  one('[role=grid]').focus();
  await press(document.activeElement ?? document.body, 'n');
  expect(inspector.selected.value).toBe(10);
  await press(document.activeElement ?? document.body, ' ');
  expect(posted.at(-1)).toEqual({ kind: 'pause', paused: true });
  one('[role=grid] [role=columnheader]').focus();
  await press(document.activeElement ?? document.body, ' ');
  expect(posted.filter(({ kind }) => kind === 'pause').length).toBe(1);
});

test('an empty list says why it is empty and what to do', async () => {
  expect(one('.empty').textContent).toContain('No messages yet');
  await click(button('Open Demo'));
  expect(posted.at(-1)).toEqual({ kind: 'command', command: 'openDemo' });
  await say({ kind: 'rows', rows: rows(1, 30) });
  await act(() => inspector.setFilter('nowhere'));
  expect(one('.empty').textContent).toContain('0 of 30 match');
  await click(button('Clear the filter'));
  expect(all('.empty')).toEqual([]);
});

test('every control has a name', async () => {
  await say({ kind: 'rows', rows: [row(1)] });
  await press(one('[role=grid]'), 'Home');
  await say(detail(1));
  const nameless = all('button, input, textarea, [role=separator], [role=grid], [role=tree], [tabindex="0"]').filter(
    (element) => !(element.getAttribute('aria-label') || element.textContent?.trim()),
  );
  expect(nameless.map((element) => element.outerHTML)).toEqual([]);
});

const REPORT: PermissionReport = {
  verdict: 'refused',
  summary: 'No capability in force allows <b>the</b> command.',
  release: 'Command plugin:window|title not allowed by ACL',
  entries: [
    {
      capability: 'other',
      permission: 'core:window:allow-title',
      effect: 'does not apply',
      reasons: ['is for window "other", not for "main"'],
      file: 'capabilities/other.json',
    },
  ],
  capabilities: [{ capability: 'main', file: 'capabilities/main.json' }],
  commandScope: { allow: ['{"path":"<img>"}'], deny: [] },
  globalScope: { allow: [], deny: [] },
  missing: [
    { identifier: 'core:window:allow-title', commands: 1 },
    { identifier: 'core:window:default', commands: 30 },
  ],
  targets: [{ capability: 'main', file: 'capabilities/main.json' }],
  editable: true,
};

async function selectDenied(report: PermissionReport | null): Promise<void> {
  await say({ kind: 'rows', rows: [row(1, { status: 'denied' }), row(2)] });
  await press(one('[role=grid]'), 'Home');
  await say(detail(1, { row: row(1, { status: 'denied' }) }));
  await say({ kind: 'permission', id: 1, report });
}

test('a refused call: why is asked for when it is looked at, and told as text', async () => {
  await say({ kind: 'rows', rows: rows(1, 30).map((each) => ({ ...each, status: 'denied' as const })) });
  expect(posted.filter(({ kind }) => kind === 'explain')).toEqual([]);
  await say({ kind: 'cleared' });
  await selectDenied(REPORT);
  expect(posted.filter(({ kind }) => kind === 'explain')).toEqual([{ kind: 'explain', id: 1 }]);
  expect(all('[role=tab]').map((tab) => tab.textContent)).toEqual([
    'Permission',
    'Arguments',
    'Error',
    'Answer',
    'Message',
    'Timing',
    'Stack',
    'Handler',
    'Raw',
  ]);
  const text = one('.permission').textContent;
  for (const part of [
    'Refused. No capability in force allows <b>the</b> command.',
    'does not apply: is for window "other", not for "main"',
    '{"path":"<img>"}',
    'core:window:default allows 30 commands',
    'Command plugin:window|title not allowed by ACL',
  ])
    expect(text).toContain(part);
  expect(all('.permission img, .permission b')).toEqual([]);
});

test('its buttons open the files and add the permission', async () => {
  await selectDenied(REPORT);
  const [small, large] = all('.missing button');
  expect(small?.getAttribute('aria-label')).toBe('Add core:window:allow-title to capabilities/main.json');
  await click(small as HTMLElement);
  expect(posted.at(-1)).toEqual({ kind: 'addPermission', id: 1, permission: 'core:window:allow-title' });
  await click(large as HTMLElement);
  expect(posted.at(-1)).toEqual({ kind: 'addPermission', id: 1, permission: 'core:window:default' });
  await click(button('capabilities/other.json'));
  expect(posted.at(-1)).toEqual({
    kind: 'openCapability',
    id: 1,
    capability: 'other',
    permission: 'core:window:allow-title',
  });
  await click(button('capabilities/main.json'));
  expect(posted.at(-1)).toEqual({ kind: 'openCapability', id: 1, capability: 'main' });
});

test('where there are several files, none, or no files at all', async () => {
  const labels = () => all('.missing button').map((each) => each.textContent);
  await selectDenied({ ...REPORT, targets: [...REPORT.targets, { capability: 'b', file: 'b.json' }] });
  expect(labels()[0]).toBe('Add to a capability…');
  await say({ kind: 'permission', id: 1, report: { ...REPORT, targets: [] } });
  expect(labels()[0]).toBe('Add to a new capability…');
  await say({ kind: 'permission', id: 1, report: { ...REPORT, targets: [], editable: false } });
  expect([labels(), all('.missing li').length]).toEqual([[], 2]);
  await say({ kind: 'permission', id: 1, report: null });
  expect(one('[role=tabpanel]').textContent).toContain('nothing more can be said');
});

test('when what windows may do changes, an explanation that is shown is asked for again; another record has none', async () => {
  await selectDenied(REPORT);
  const asked = () => posted.filter(({ kind }) => kind === 'explain').length;
  await say({ kind: 'permissions-changed' });
  expect(asked()).toBe(2);
  await say({ kind: 'permission', id: 1, report: { ...REPORT, verdict: 'allowed', missing: [], entries: [] } });
  expect(one('.verdict').textContent).toContain('Allowed now');
  await press(one('[role=grid]'), 'End');
  await say(detail(2));
  await say({ kind: 'permissions-changed' });
  expect([asked(), all('.permission').length]).toEqual([2, 0]);
});

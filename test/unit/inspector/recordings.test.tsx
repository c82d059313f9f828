// @vitest-environment happy-dom
/** @jsxImportSource preact */
import { afterEach, beforeEach, expect, test } from 'vitest';
import type { RecordingAbout } from '#core/recording-messages.ts';
import { row } from './rows.ts';
import { all, type ShownInspector, showInspector } from './shown.tsx';

let shown: ShownInspector;
beforeEach(async () => {
  shown = await showInspector();
});
afterEach(() => shown.hide());

const ABOUT: RecordingAbout = {
  name: 'notes.ipcrec',
  started: '2026-11-22T15:00:00.000Z',
  tool: 'ipc-workbench 0.1.0',
  sessionTime: 5_000,
  skipped: 1,
  lost: 20,
  redacted: ['token'],
};

const labels = () => all('.toolbar button').map((button) => button.title);
const button = (title: RegExp) => all('button').find((each) => title.test(each.title));

test('check 50: a recording says what it is and how many lines could not be read', async () => {
  await shown.say({ kind: 'about', about: ABOUT });
  const [bar] = all('.recording-bar');
  expect(bar?.textContent).toContain('notes.ipcrec');
  expect(bar?.textContent).toContain('1 line could not be read');
  expect(bar?.textContent).toContain('20 lost before it was saved');
  expect(bar?.textContent).toContain('«redacted»');
});

test('nothing that needs a running app is there, and keys for it say why', async () => {
  await shown.say({ kind: 'about', about: ABOUT });
  await shown.say({
    kind: 'rows',
    rows: [row(1, { status: 'denied' }), row(2, { status: 'pending', time: 2_000 })],
  });
  expect(labels()).not.toContainEqual(expect.stringMatching(/capture|Clear \(|Record to|editor tab/));
  expect(labels()).toContainEqual('Export messages…');
  shown.inspector.togglePaused();
  shown.inspector.select(1);
  shown.inspector.resend(1);
  expect(shown.inspector.notice.value).toContain('This is a recording');
  shown.inspector.edit(1);
  expect(shown.inspector.editing.value).toBe(0);
  expect(shown.posted.map(({ kind }) => kind)).toEqual(['ready', 'detail']);
  // What waited when the recording ended waits no longer now.
  expect(shown.inspector.sessionTime).toBe(5_000);
});

test('recording to a file is another button than capturing, and shows how much there is', async () => {
  button(/^Record to a file/)?.click();
  expect(shown.posted.at(-1)).toEqual({ kind: 'record-to-file', on: true });
  await shown.say({ kind: 'file-recording', state: { name: 'a.ipcrec', messages: 1_234, bytes: 56_000, lost: 0 } });
  const stop = button(/^Stop recording to a\.ipcrec: 1,234 messages, 56 kB/);
  expect(stop?.textContent).toContain('Recording 1,234');
  stop?.click();
  expect(shown.posted.at(-1)).toEqual({ kind: 'record-to-file', on: false });
  await shown.say({ kind: 'file-recording', state: null });
  expect(button(/^Record to a file/)).toBeDefined();
});

test('an export is about what the filter leaves and what is selected', async () => {
  await shown.say({ kind: 'rows', rows: [row(5, { name: 'greet' }), row(9, { name: 'save' })] });
  button(/^Export messages/)?.click();
  expect(shown.posted.at(-1)).toEqual({ kind: 'export', purpose: 'export', selected: [] });
  shown.inspector.setFilter('save');
  shown.inspector.select(9);
  await shown.say({ kind: 'ask-export', purpose: 'copyMermaid' });
  expect(shown.posted.at(-1)).toEqual({
    kind: 'export',
    purpose: 'copyMermaid',
    selected: [9],
    shown: Uint32Array.of(9),
  });
});

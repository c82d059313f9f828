/** What exports are made of, for their tests. */
import type { ExportInput } from '#core/export/export.ts';
import { FORMATS } from '#core/export/formats.ts';
import { bodySize, type MessageRecord } from '#core/record.ts';
import { call } from '../recording/records.ts';

export const STARTED = Date.parse('2026-11-22T15:00:00.123Z');

export function inputOf(records: readonly MessageRecord[], more: Partial<ExportInput> = {}): ExportInput {
  return {
    records: () => records,
    plain: () => records,
    shown: (record) => record,
    started: STARTED,
    tool: 'ipc-workbench 0.1.0',
    redacted: [],
    lost: 0,
    ...more,
  };
}

export function exported(id: string, input: ExportInput): string {
  const format = FORMATS.find((each) => each.id === id);
  if (!format) throw new Error(`no format ${id}`);
  return [...format.write(input)].join('');
}

/** A little of everything: phases, failures, bytes, a channel, events with and without a cause, two apps. */
export const SESSION: readonly MessageRecord[] = [
  call(1, {
    phases: { queue: 0.2, transport: 0.3, check: 0.1, handler: 3.4, serialize: 0.5, deliver: 0.6 },
    headers: [['content-type', 'application/json']],
    pageStack: 'save@http://127.0.0.1:9/src/app.ts:4:9\n    at click (http://127.0.0.1:9/src/main.ts:10:2)',
    comment: 'the slow one',
    marked: true,
  }),
  message(2, { kind: 'channel', name: 'progress', of: 1, status: 'pending', direction: 'to-host' }),
  message(3, {
    kind: 'channel-message',
    name: 'progress',
    of: 2,
    index: 0,
    body: { kind: 'text', json: '{"pct":50}' },
  }),
  message(4, {
    kind: 'channel-message',
    name: 'progress',
    of: 2,
    index: 1,
    body: { kind: 'bytes', bytes: Uint8Array.of(1, 2, 255) },
  }),
  message(5, { kind: 'event', name: 'saved', cause: 1, heard: 1, body: { kind: 'text', json: '{"id":7}' } }),
  message(6, { kind: 'event', name: 'tick', status: 'unheard', heard: 0, window: '' }),
  call(7, {
    status: 'denied',
    outcome: { kind: 'text', json: '"no capability"' },
    note: 'nobody allows it',
    name: 'a|b#;`',
  }),
  pending(8),
  call(9, {
    app: 'other',
    window: 'prefs',
    name: 'plugin:fs|read_file',
    body: { kind: 'bytes', bytes: Uint8Array.of(0, 1, 2) },
    outcome: { kind: 'bytes', bytes: new Uint8Array(2_000) },
    cause: 7,
    answeredBy: 'rule',
  }),
  message(10, { kind: 'window', name: 'closed', window: 'prefs' }),
];

function message(id: number, more: Partial<MessageRecord>): MessageRecord {
  const { outcome: _outcome, outcomeSize: _size, duration: _duration, ...rest } = call(id, more);
  const body = more.body ?? { kind: 'none' };
  return { ...rest, direction: 'to-page', status: 'ok', ...more, body, size: bodySize(body) };
}

function pending(id: number): MessageRecord {
  return message(id, { kind: 'invoke', direction: 'to-host', status: 'pending', name: 'hangs' });
}

import { expect, test } from 'vitest';
import type { MessageRecord } from '#core/record.ts';
import { cellsAt } from '../../../extension/inspector/cells.ts';
import { copiedText } from '../../../extension/inspector/copy.ts';

function record(part: Partial<MessageRecord> = {}): MessageRecord {
  return {
    id: 4,
    time: 1204,
    kind: 'invoke',
    direction: 'to-host',
    app: 'notes',
    window: 'main',
    generation: 1,
    name: 'greet',
    status: 'ok',
    size: 14,
    duration: 2.25,
    body: { kind: 'json', value: { name: 'Ada' } },
    outcome: { kind: 'text', json: '"Hello\\nAda"' },
    ...part,
  };
}

test('as JSON: all that is known, its content as it was; several are a list', () => {
  const one = JSON.parse(copiedText([record()], 'json')) as Record<string, unknown>;
  expect(one).toMatchObject({ id: 4, name: 'greet', args: { name: 'Ada' }, result: 'Hello\nAda' });
  const failed = record({ status: 'error', kind: 'event', body: { kind: 'none' } });
  const both = JSON.parse(copiedText([record(), failed], 'json')) as Record<string, unknown>[];
  expect(both.map((each) => Object.keys(each).slice(-2))).toEqual([
    ['args', 'result'],
    ['duration', 'error'],
  ]);
});

test('numbers that JavaScript would round stay as they were, and bytes are told by their length', () => {
  const exact = record({ outcome: { kind: 'bytes', bytes: new Uint8Array(5) } });
  expect(copiedText([exact], 'json')).toContain('"result": {"$bytes":5}');
  expect(copiedText([record({ outcome: { kind: 'dropped' } })], 'json')).toContain('"result": "(not kept)"');
});

test('as code: what sends it again; what only the host sends has none', () => {
  const quiet = record({ name: 'plugin:window|close', body: { kind: 'json', value: {} } });
  const event = record({ kind: 'event', name: 'saved', body: { kind: 'text', json: '7' } });
  const streaming = record({ name: 'count', body: { kind: 'json', value: { channel: '__CHANNEL__:12' } } });
  const bytes = record({ name: 'reverse', body: { kind: 'bytes', bytes: Uint8Array.of(1, 2) } });
  const fromHost = record({ kind: 'event', direction: 'to-page' });
  expect(copiedText([record(), quiet, event, streaming, bytes, fromHost], 'invoke').split('\n')).toEqual([
    'await invoke("greet", {',
    '  "name": "Ada"',
    '});',
    'await invoke("plugin:window|close");',
    'await emit("saved", 7);',
    'await invoke("count", {',
    '  "channel": new Channel()',
    '});',
    'await invoke("reverse", new Uint8Array([1, 2]));',
  ]);
  expect(copiedText([fromHost], 'invoke')).toBe('');
});

test('as text: a table that a spreadsheet takes, a line a message', () => {
  const lines = copiedText([record(), record({ window: '', body: { kind: 'text', json: '"a\tb"' } })], 'text').split(
    '\n',
  );
  expect(lines.map((line) => line.split('\t').length)).toEqual([9, 9, 9]);
  expect(lines[1]).toBe('4\t+1.204\t→\tinvoke\tgreet\tmain\tok\t2.3 ms\t{"name":"Ada"} → "Hello\\nAda"');
  expect(lines[2]).toContain('\thost\t');
});

test('too much for a clipboard is refused', () => {
  const long = record({ body: { kind: 'text', json: JSON.stringify('x'.repeat(20_000_000)) } });
  expect(copiedText([long], 'invoke').length).toBeGreaterThan(20_000_000);
  expect(() => copiedText([long, long], 'json')).toThrow('too much');
});

test('cells: what has nothing at the path is left out, and what cannot be read says why', () => {
  const records = new Map([
    [1, record({ body: { kind: 'json', value: { path: '/a' } } })],
    [2, record()],
    [
      3,
      record({
        body: {
          kind: 'spilled',
          size: 1,
          preview: '',
          read: () => {
            throw new Error('Gone');
          },
        },
      }),
    ],
    [4, record({ body: { kind: 'text', json: '{' } })],
  ]);
  const source = { find: (id: number) => records.get(id) };
  const cells = cellsAt(source, 'args.path', [1, 2, 3, 4, 9]);
  expect(cells.map(([id, text]) => [id, text.slice(0, 3)])).toEqual([
    [1, '/a'],
    [3, '(Go'],
  ]);
  expect(cellsAt(source, 'nonsense', [1])).toEqual([]);
});

import fc from 'fast-check';
import { expect, test } from 'vitest';
import { bodySize, type MessageRecord } from '#core/record.ts';
import { Columns, Entry } from '#core/tap-columns.ts';
import { snapshot, write } from '#core/tap-entry.ts';

test('the size of a text is that of its UTF-8, halves of pairs and all', () => {
  const units = fc.array(fc.oneof(fc.nat(0x7f), fc.nat(0xffff), fc.integer({ min: 0xd800, max: 0xdfff })), {
    maxLength: 600,
  });
  fc.assert(
    fc.property(units, (codes) => {
      const json = String.fromCharCode(...codes);
      expect(bodySize({ kind: 'text', json })).toBe(Buffer.byteLength(json));
    }),
    { numRuns: 500 },
  );
});

test('a record that the store keeps comes back with all its members', () => {
  // Required: a member that is added to records and forgotten here does not compile.
  const whole: Required<MessageRecord> = {
    id: 7,
    time: 12,
    kind: 'invoke',
    direction: 'to-host',
    app: 'notes',
    window: 'main',
    origin: 'https://example.org',
    generation: 2,
    name: 'greet',
    status: 'error',
    of: 3,
    cause: 4,
    size: 2,
    body: { kind: 'text', json: '{}' },
    headers: [['a', 'b']],
    outcome: { kind: 'text', json: '"no"' },
    outcomeSize: 4,
    duration: 5,
    phases: { check: 1, handler: 3, serialize: 1 },
    index: 0,
    heard: 0,
    answeredBy: 'hand',
    replayOf: 1,
    stack: 'in the host',
    pageStack: 'in the page',
    note: 'why',
    marked: true,
    comment: 'look',
  };
  const entry = new Entry(whole.id, new Columns());
  const kept = (given: MessageRecord) => {
    write(entry, given, { time: given.time, of: given.of, body: given.body, weight: 0 });
    return snapshot(entry, 0);
  };
  const record = kept(whole);
  expect(record).toStrictEqual(whole);
  const parts = [record, record.body, record.outcome, record.headers, record.phases];
  expect(parts.every((part) => Object.isFrozen(part))).toBe(true);
  const { origin: _, ...local } = whole;
  expect(kept(local)).toStrictEqual(local);
});

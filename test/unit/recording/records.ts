/** Records as they may come, however odd, for the tests of recordings and exports. */
import * as fc from 'fast-check';
import { type Body, bodySize, KINDS, type MessageRecord, PHASES, STATUSES } from '#core/record.ts';
import type { Line } from '#core/recording/lines.ts';
import { LineSplitter } from '#core/recording/lines.ts';
import { type Recording, RecordingReader, recordingLines } from '#core/recording/recording.ts';

const text = (maxLength = 20) => fc.string({ unit: 'binary', maxLength });
const milliseconds = fc.double({ min: 0, max: 1e9, noNaN: true }).map((value) => value + 0);
const id = fc.integer({ min: 1, max: 0xff_ff_ff_ff });
/** JSON text as somebody else may have written it: with blanks and line breaks, long numbers, names like our own. */
const jsonText = fc.oneof(
  fc.json(),
  fc.json().map((json) => JSON.stringify(JSON.parse(json), null, 2)),
  fc.constantFrom(
    '12345678901234567890',
    '1.0',
    ' {"a":1}\r\n',
    '{"$bytes":{"b64":"AAA="}}',
    '{ "$json" : "x" }',
    '{"$dropped":true}',
    'not JSON',
    '{"a":"',
    '"\ud800"',
    '\ufeff1',
  ),
);

export const bodies: fc.Arbitrary<Body> = fc.oneof(
  fc.constant<Body>({ kind: 'none' }),
  fc.constant<Body>({ kind: 'dropped' }),
  fc.uint8Array({ maxLength: 200 }).map((bytes): Body => ({ kind: 'bytes', bytes })),
  jsonText.map((json): Body => ({ kind: 'text', json })),
  fc.jsonValue().map((value): Body => ({ kind: 'json', value })),
  fc.constantFrom<Body>(
    { kind: 'json', value: undefined },
    { kind: 'json', value: { big: 1n } },
    { kind: 'json', value: { $bytes: { b64: 'AAA=' } } },
  ),
  fc.uint8Array({ maxLength: 20 }).map((bytes): Body => {
    return { kind: 'spilled', size: bytes.length, preview: '', read: () => ({ kind: 'bytes', bytes }) };
  }),
);

export const records: fc.Arbitrary<MessageRecord> = fc
  .record(
    {
      id,
      time: milliseconds,
      kind: fc.constantFrom(...KINDS),
      direction: fc.constantFrom('to-host' as const, 'to-page' as const),
      app: text(),
      window: text(),
      origin: text(),
      generation: fc.nat(),
      name: text(),
      status: fc.constantFrom(...STATUSES),
      of: id,
      cause: id,
      body: bodies,
      headers: fc.array(fc.tuple(text(), text()), { maxLength: 3 }),
      outcome: bodies,
      duration: milliseconds,
      phases: fc.record(
        Object.fromEntries(PHASES.map((phase) => [phase, milliseconds])) as Record<
          (typeof PHASES)[number],
          fc.Arbitrary<number>
        >,
        { requiredKeys: [] },
      ),
      index: fc.nat(),
      heard: fc.nat(),
      answeredBy: fc.constantFrom('rule' as const, 'hand' as const),
      replayOf: id,
      stack: text(),
      pageStack: text(),
      note: text(),
      marked: fc.constant(true as const),
      comment: text(),
    },
    { requiredKeys: ['id', 'time', 'kind', 'direction', 'app', 'window', 'generation', 'name', 'status', 'body'] },
  )
  .map((record) => ({
    ...record,
    size: bodySize(record.body),
    ...(record.outcome && { outcomeSize: bodySize(record.outcome) }),
  }));

/** Records with numbers of their own, in any order. */
export const sessions = fc.uniqueArray(records, { selector: (record) => record.id, maxLength: 20 });

/** A record of a call that was answered. */
export function call(id: number, more: Partial<MessageRecord> = {}): MessageRecord {
  const body: Body = more.body ?? { kind: 'json', value: { id } };
  const outcome: Body = more.outcome ?? { kind: 'text', json: 'null' };
  return {
    id,
    time: id * 10,
    kind: 'invoke',
    direction: 'to-host',
    app: 'notes',
    window: 'main',
    generation: 1,
    name: 'save_note',
    status: 'ok',
    duration: 4,
    ...more,
    body,
    size: bodySize(body),
    outcome,
    outcomeSize: bodySize(outcome),
  };
}

const encoder = new TextEncoder();

export const bytesOf = (line: string): Uint8Array => encoder.encode(line);

/** Opens what is written, in pieces of `pieceLength` bytes. */
export function readBack(file: string, pieceLength = 7): { recording: Recording; reader: RecordingReader } {
  const reader = new RecordingReader();
  const splitter = new LineSplitter();
  const bytes = bytesOf(file);
  const take = (line: Line) => reader.line(line);
  for (let at = 0; at < bytes.length; at += pieceLength) {
    for (const line of splitter.push(bytes.subarray(at, at + pieceLength))) take(line);
  }
  const rest = splitter.end();
  if (rest) take(rest);
  return { recording: reader.end(), reader };
}

export function written(all: Iterable<MessageRecord>): string {
  return `${[...recordingLines({ tool: 'test' }, all)].join('\n')}\n`;
}

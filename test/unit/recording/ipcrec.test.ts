import * as fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { type Body, bodyText, loadBody, type MessageRecord } from '#core/record.ts';
import { decodeLine, encodeHeader, encodeNote, encodeOutcome, encodeRecord } from '#core/recording/ipcrec.ts';
import { LineSplitter } from '#core/recording/lines.ts';
import { membersOf } from '#core/recording/members.ts';
import { bytesOf, call, readBack, sessions, written } from './records.ts';

/** What people see of a body: JSON to the letter, bytes, or that there is none. */
function seen(body: Body | undefined): unknown {
  const loaded = body && loadBody(body);
  if (loaded?.kind === 'bytes') return [...loaded.bytes];
  return loaded?.kind === 'json' || loaded?.kind === 'text' ? `JSON: ${bodyText(loaded)}` : loaded?.kind;
}

function plain(record: MessageRecord | undefined) {
  return record && { ...record, body: seen(record.body), outcome: seen(record.outcome) };
}

test('check 49: what is written and read is what it was, in all members, to the letter of the JSON', () => {
  fc.assert(
    fc.property(sessions, fc.integer({ min: 1, max: 500 }), (records, pieceLength) => {
      const file = written(records);
      expect(file.split('\n').length).toBe(2 + records.length + records.filter(({ outcome }) => outcome).length);
      const { recording } = readBack(file, pieceLength);
      expect(recording.skipped).toBe(0);
      const sorted = records.toSorted((a, b) => a.id - b.id);
      expect([...recording.records()].map(plain)).toEqual(sorted.map(plain));
    }),
  );
});

test('check 49: written again, a recording is the same file', () => {
  fc.assert(
    fc.property(sessions, (records) => {
      const first = written(records.toSorted((a, b) => a.id - b.id));
      expect(written(readBack(first).recording.records())).toBe(first);
    }),
  );
});

test('check 50: a torn last line loses nothing else, and is counted, wherever it is torn', () => {
  const records = [1, 2, 3].map((id) => call(id, { outcome: { kind: 'bytes', bytes: new Uint8Array(9) } }));
  const file = bytesOf(written(records).trimEnd());
  const last = file.lastIndexOf(0x0a) + 1;
  for (let end = last + 1; end < file.length; end++) {
    const { recording } = readBack(new TextDecoder().decode(file.subarray(0, end)), 100);
    expect(recording.skipped).toBe(1);
    expect([...recording.records()].map(({ id, status }) => `${id} ${status}`)).toEqual(['1 ok', '2 ok', '3 pending']);
  }
});

test('lines that are none, or of an unknown kind, are passed over and counted', () => {
  const lines = [
    encodeHeader({}),
    'garbage',
    '{"k":"invoke","t":1}',
    '{"k":"hologram","i":4,"t":1,"a":"","w":"","g":1}',
    '{"i":9007199254740991,"k":"event","t":1,"ev":"x"}',
    '{"i":5,"k":"event","t":1,"ev":"x","data":{"$bytes":{"b64":"?"}}}',
    '',
    ...encodeRecord(call(7)),
    ...encodeRecord(call(7, { name: 'again' })).slice(0, 1),
    '{"k":"ok","of":99,"res":1}',
  ];
  const { recording } = readBack(lines.join('\r\n'));
  expect([...recording.records()].map(({ id, name }) => [id, name])).toEqual([[7, 'save_note']]);
  expect(recording.skipped).toBe(7);
});

test('a file with another beginning is no recording, and one of a newer version is not guessed at', () => {
  expect(() => readBack('{"log":{}}\n')).toThrow(/first line/);
  expect(() => readBack('')).toThrow(/empty/);
  expect(() => readBack('{"ipcrec":2}\n')).toThrow(/newer version/);
});

test('members and words that this version does not know are left out, of a line by hand much may be missing', () => {
  const line = '{ "i": 3, "t": 1.5, "k": "event", "ev": "saved", "by": "mock:7", "x": {"y":[1]}, "data" : {"id": 7} }';
  const decoded = decodeLine(bytesOf(line));
  expect(decoded).toEqual({
    kind: 'message',
    record: {
      id: 3,
      time: 1.5,
      kind: 'event',
      direction: 'to-page',
      app: '',
      window: '',
      generation: 1,
      name: 'saved',
      status: 'ok',
      size: 0,
      body: { kind: 'text', json: '{"id": 7}' },
    },
  });
});

describe('appending', () => {
  test('a call is completed by a later line', () => {
    const done = call(1, { status: 'denied', note: 'why', phases: { check: 1 }, stack: 'at f' });
    const { outcome: _outcome, outcomeSize: _size, duration: _duration, ...rest } = done;
    const pending: MessageRecord = { ...rest, status: 'pending' };
    const file = [encodeHeader({}), ...encodeRecord(pending), ...encodeRecord(call(2)), encodeOutcome(done)];
    expect(plain(readBack(file.join('\n')).recording.find(1))).toEqual(plain(done));
  });

  test('a note says what changed, also that a mark went', () => {
    const { marked: _marked, ...unmarked } = call(1, { marked: true, comment: 'look' });
    const line = encodeNote({ ...unmarked, status: 'orphan', index: 4, comment: 'again' });
    const file = [encodeHeader({}), ...encodeRecord(call(1, { marked: true, comment: 'look' })), line];
    const read = readBack(file.join('\n')).recording.find(1);
    expect(read).toMatchObject({ status: 'orphan', index: 4, comment: 'again' });
    expect(read).not.toHaveProperty('marked');
  });

  test('what the recorder could not keep is counted as lost', () => {
    const file = [encodeHeader({ lost: 2 }), '{"k":"lost","count":5}', ...encodeRecord(call(8))];
    expect(readBack(file.join('\n')).recording.statistics).toMatchObject({ kept: 1, lost: 7 });
  });
});

test('a line of megabytes leaves its body where it is', () => {
  const [first = ''] = encodeRecord(call(1, { body: { kind: 'text', json: JSON.stringify('\\"{'.repeat(1e6)) } }));
  const line = bytesOf(first);
  const places: [number, number][] = [];
  decodeLine(line, (json, from) => {
    places.push([from, json.length]);
    return { kind: 'dropped' };
  });
  expect(places).toHaveLength(1);
  const [from, length] = places[0] ?? [0, 0];
  expect(JSON.parse(new TextDecoder().decode(line.subarray(from, from + length)))).toBe('\\"{'.repeat(1e6));
});

test('the members of an object are found where JSON.parse finds them', () => {
  fc.assert(
    fc.property(fc.dictionary(fc.string({ unit: 'binary' }), fc.jsonValue()), fc.nat(2), (object, indent) => {
      const json = bytesOf(JSON.stringify(object, null, indent));
      const members = membersOf(json, []);
      expect(
        members?.map(({ valueFrom, to }) => JSON.parse(new TextDecoder().decode(json.subarray(valueFrom, to)))),
      ).toEqual(Object.values(JSON.parse(JSON.stringify(object)) as object));
      for (let end = 0; end < json.length; end++) expect(membersOf(json.subarray(0, end), [])).toBeUndefined();
    }),
    { numRuns: 50 },
  );
});

test('lines are found in pieces of any length, with their places', () => {
  fc.assert(
    fc.property(
      fc.array(fc.string({ unit: fc.constantFrom('a', 'ü', '"') })),
      fc.integer({ min: 1, max: 9 }),
      (lines, size) => {
        const bytes = bytesOf(lines.join('\n'));
        const splitter = new LineSplitter();
        const found: string[] = [];
        const take = ({ bytes: line, at }: { bytes: Uint8Array; at: number }) => {
          const decoded = new TextDecoder().decode(line);
          expect(new TextDecoder().decode(bytes.subarray(at, at + line.length))).toBe(decoded);
          found.push(decoded);
        };
        for (let at = 0; at < bytes.length; at += size)
          for (const line of splitter.push(bytes.subarray(at, at + size))) take(line);
        const rest = splitter.end();
        if (rest) take(rest);
        expect(found.join('\n')).toBe(lines.join('\n').replace(/\n$/, ''));
      },
    ),
  );
});

/** Recordings and HARs that somebody made to do harm: nothing hangs, breaks what comes later, or grows without end. */
import { execFileSync } from 'node:child_process';
import { mkdirSync, mkdtempSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import * as fc from 'fast-check';
import { afterAll, describe, expect, test } from 'vitest';
import { FORMATS } from '#core/export/formats.ts';
import { Redactor } from '#core/export/redact.ts';
import { compileFilter } from '#core/filter/record-test.ts';
import { readFilter } from '#core/filter/parse.ts';
import { importHar } from '#core/import/har.ts';
import type { MessageRecord } from '#core/record.ts';
import { LineSplitter } from '#core/recording/lines.ts';
import { type Recording, RecordingReader } from '#core/recording/recording.ts';
import { chooseSession } from '../../../extension/inspector/session-folders.ts';
import { openRecordingBytes, openRecordingFile } from '../../../extension/recordings/recording-file.ts';
import { exported, inputOf } from '../export/input.ts';
import { call } from '../recording/records.ts';

const folder = mkdtempSync(join(tmpdir(), 'ipcw-attack-'));
afterAll(() => rmSync(folder, { recursive: true }));

const HEADER = '{"ipcrec":1}';
const encoder = new TextEncoder();

async function opened(lines: readonly string[]): Promise<Recording> {
  const { recording } = await openRecordingBytes(encoder.encode([HEADER, ...lines].join('\n')));
  return recording;
}

/** All that is done with an opened recording ends, and without an exception. */
function useAll(recording: Recording): void {
  const records = [...recording.records()];
  const started = Date.parse(recording.header.started ?? '');
  const input = inputOf(records, { started: Number.isNaN(started) ? 0 : started });
  for (const { id } of FORMATS) exported(id, input);
  const redactor = new Redactor(['token']);
  for (const record of records) redactor.record(record);
  for (const { id } of records) expect([...recording.relatedTo(id)].length).toBeLessThanOrEqual(records.length);
  expect(Number.isFinite(recording.sessionTime)).toBe(true);
}

describe('files', () => {
  test.skipIf(process.platform === 'win32')(
    'a pipe, a device and a folder are no recordings, and are not waited for',
    async () => {
      const pipe = join(folder, 'pipe.ipcrec');
      execFileSync('mkfifo', [pipe]);
      await expect(openRecordingFile(pipe)).rejects.toThrow('pipe.ipcrec is no file');
      const device = join(folder, 'zero.ipcrec');
      symlinkSync('/dev/zero', device);
      await expect(openRecordingFile(device)).rejects.toThrow('zero.ipcrec is no file');
      const inside = join(folder, 'folder.ipcrec');
      mkdirSync(inside);
      await expect(openRecordingFile(inside)).rejects.toThrow('folder.ipcrec is no file');
    },
  );

  test('of a line that is too long only its first byte is kept, and places behind it are right', () => {
    const text = `{"a":1}\n${'x'.repeat(100)}\r\n{"b":2}\n${'y'.repeat(50)}`;
    for (let size = 1; size < 60; size++) {
      const splitter = new LineSplitter(20);
      const bytes = encoder.encode(text);
      const lines = [];
      for (let at = 0; at < bytes.length; at += size) lines.push(...splitter.push(bytes.subarray(at, at + size)));
      const rest = splitter.end();
      if (rest) lines.push(rest);
      const shown = lines.map(({ bytes: line, at }) => [at, new TextDecoder().decode(line)]);
      expect(shown[0]).toEqual([0, '{"a":1}']);
      expect(shown[2]).toEqual([110, '{"b":2}']);
      // One that is whole in its piece needs no memory.
      if (size <= 20)
        expect([shown[1], shown[3]]).toEqual([
          [8, 'x'],
          [118, 'y'],
        ]);
    }
  });

  test('beyond a number of messages, the others count as lost with all that is said of them', () => {
    const reader = new RecordingReader(undefined, 2);
    const lines = [
      HEADER,
      ...[1, 2, 3, 4].map((i) => `{"i":${i},"t":1,"k":"invoke","cmd":"a"}`),
      '{"k":"ok","of":3}',
      '{"k":"ok","of":2}',
    ];
    for (const line of lines) reader.line({ bytes: encoder.encode(line), at: 0 });
    const recording = reader.end();
    expect([recording.statistics.kept, recording.statistics.lost, recording.skipped]).toEqual([2, 2, 0]);
    expect(recording.find(2)?.status).toBe('ok');
  });
});

describe('lines', () => {
  test('times that are none are left out: no date can be made of them, and no bar be drawn', async () => {
    const recording = await opened([
      '{"i":1,"t":1e308,"k":"invoke","cmd":"a"}',
      '{"i":2,"t":-1e308,"k":"event","ev":"a"}',
      '{"i":3,"t":5,"k":"invoke","cmd":"a","d":1e308,"tm":{"handler":-1}}',
      '{"i":4,"t":6,"k":"invoke","cmd":"b","d":-5}',
      '{"k":"ok","of":3,"d":1e300,"res":1}',
    ]);
    expect(recording.skipped).toBe(2);
    expect(recording.find(3)).toMatchObject({ status: 'ok' });
    expect([...recording.records()].map(({ duration, phases }) => [duration, phases])).toEqual([
      [undefined, undefined],
      [undefined, undefined],
    ]);
    useAll(recording);
  });

  test('a session that began at the end of time can be exported', async () => {
    const line = '{"i":1,"t":1e12,"k":"invoke","cmd":"a","d":1}';
    for (const started of ['+275760-09-13T00:00:00.000Z', '-271821-04-20T00:00:00.000Z', 'never', 'x'.repeat(5_000)]) {
      const { recording } = await openRecordingBytes(
        encoder.encode(`{"ipcrec":1,"started":"${started}","tool":"${'t'.repeat(9_000)}"}\n${line}`),
      );
      useAll(recording);
      expect(recording.header.tool).toHaveLength(1_024);
    }
  });

  test('whatever stands in the members of lines, all that is done with a recording ends well', async () => {
    const odd = fc.oneof(
      fc.constantFrom(0, -1, 1, 2, 3, 0.5, 2 ** 31, 2 ** 32 - 1, 2 ** 53, -(2 ** 53), 1e308, -1e308, 5e-324),
      fc.constantFrom('', '=1+1', '__proto__', 'constructor', '\ud800', '\u202eabc', '`|<b>', 'x'.repeat(3_000)),
      fc.constantFrom(null, true, [], {}, [['a', 'b']], { handler: 1e308 }),
    );
    const kinds = [
      'invoke',
      'event',
      'channel',
      'chan',
      'chanEnd',
      'win',
      'res',
      'problem',
      'msg',
      'ok',
      'err',
      'note',
      'lost',
    ];
    const keys = [
      'cmd',
      'ev',
      'name',
      'of',
      'cause',
      're',
      'n',
      'seen',
      'd',
      'tm',
      'st',
      'why',
      'trace',
      'stack',
      'mark',
      'note',
      'h',
      'g',
      'a',
      'w',
      'o',
      'ab',
      'rb',
      'count',
      'args',
      'data',
      'res',
      'err',
      '__proto__',
      'constructor',
      'ipcrec',
    ];
    const line = fc.record({
      i: fc.integer({ min: 1, max: 6 }),
      t: fc.oneof(fc.integer({ min: 0, max: 9 }), odd),
      k: fc.constantFrom(...kinds),
      more: fc.array(fc.tuple(fc.constantFrom(...keys), fc.oneof(fc.integer({ min: 1, max: 6 }), odd)), {
        maxLength: 6,
      }),
    });
    const text = ({ i, t, k, more }: { i: number; t: unknown; k: string; more: [string, unknown][] }) =>
      `{${[['i', i], ['t', t], ['k', k], ...more].map(([key, value]) => `"${key}":${JSON.stringify(value)}`).join()}}`;
    await fc.assert(
      fc.asyncProperty(fc.array(line.map(text), { maxLength: 12 }), async (lines) => useAll(await opened(lines))),
    );
    expect(Object.keys(Object.prototype)).toEqual([]);
  });

  test('a chain of all messages is not followed to its end for each of them', () => {
    const records = Array.from({ length: 20_000 }, (_, at): MessageRecord => call(at + 1, at > 0 ? { cause: at } : {}));
    let steps = 0;
    const find = (id: number) => {
      steps++;
      return records[id - 1];
    };
    const filter = readFilter('chain:1');
    const test = compileFilter(filter, { source: { find, sessionTime: 0 } });
    expect(records.filter(test).length).toBe(101);
    expect(steps).toBeLessThan(20_000 * 101);
    const before = process.cpuUsage();
    exported('otlp', inputOf(records));
    // All of them for each would be 200 million steps, and numbers as long.
    expect(process.cpuUsage(before).user).toBeLessThan(60_000_000);
  });

  test('a stack of one endless line costs nothing in an export', () => {
    const stack = `at f (${'a'.repeat(65_000)}`;
    const records = Array.from({ length: 20 }, (_, at) => call(at + 1, { pageStack: stack }));
    const before = process.cpuUsage();
    exported('har', inputOf(records));
    expect(process.cpuUsage(before).user).toBeLessThan(10_000_000);
  });
});

describe('HAR', () => {
  const har = (entry: object) =>
    JSON.stringify({
      log: {
        entries: [
          {
            startedDateTime: '2026-01-01T00:00:00.000Z',
            time: 1,
            request: { method: 'GET', url: 'https://a/' },
            response: { status: 200 },
            ...entry,
          },
        ],
      },
    });

  test.each<object>([
    { _ipc: { time: 1e308, duration: -1, id: 2 ** 53 } },
    { _ipc: { time: -1e12, phases: { handler: 1e308 } } },
    { startedDateTime: '+275760-09-13T00:00:00.000Z', time: 1e308, timings: { blocked: 1e308, send: 1e308 } },
    { startedDateTime: '-271821-04-20T00:00:00.000Z', _ipc: { time: 1e12 } },
    {
      _webSocketMessages: [
        { time: 1e308, data: 'x' },
        { time: 1, data: 'y', _index: -1 },
      ],
    },
    { comment: 1, _ipc: { constructor: 1, by: '__proto__', status: 'constructor' } },
  ])('numbers that are none do not keep it from being opened: %j', (entry) => {
    useAll(importHar(har(entry)));
  });
});

describe('the session on disk', () => {
  const state = { version: 1, workspace: 'w', pid: 1, booted: 0, closed: true, started: 1, next: 5, at: Date.now() };
  const root = join(folder, 'sessions');
  const session = (name: string, changes: object) => {
    mkdirSync(join(root, name), { recursive: true });
    writeFileSync(join(root, name, 'session.json'), JSON.stringify({ ...state, ...changes }));
    return join(root, name);
  };

  test.each([{ next: 2 ** 53 - 1 }, { next: 0 }, { started: -1e308 }, { started: 1e300 }, { at: 1e308 }])(
    'one whose state was changed to %j is nobody’s',
    (changes) => {
      const path = session('changed', changes);
      const { folder: mine, left } = chooseSession(root, 'w');
      expect(mine.earlier).toBeUndefined();
      expect(left).toContain(path);
      rmSync(path, { recursive: true });
    },
  );

  test.skipIf(process.platform === 'win32')('links and pipes in its place are not followed, nor waited for', () => {
    const elsewhere = session('../elsewhere', {});
    mkdirSync(root, { recursive: true });
    symlinkSync(elsewhere, join(root, 'link'));
    mkdirSync(join(root, 'pipe'));
    execFileSync('mkfifo', [join(root, 'pipe', 'session.json')]);
    const own = session('own', {});
    symlinkSync(join(elsewhere, 'session.json'), join(own, '000001.ipcrec'));
    symlinkSync('/nowhere', join(own, '000002.ipcrec'));
    execFileSync('mkfifo', [join(own, '000003.ipcrec')]);
    writeFileSync(join(own, '000004.ipcrec'), HEADER);
    const { folder: mine, left } = chooseSession(root, 'w');
    expect(mine.path).toBe(own);
    expect(left.toSorted()).toEqual([join(root, 'link'), join(root, 'pipe')]);
    expect(mine.segments()).toEqual([{ number: 4, bytes: HEADER.length }]);
  });
});

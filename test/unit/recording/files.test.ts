import { existsSync, mkdtempSync, readFileSync, rmSync, truncateSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, describe, expect, test } from 'vitest';
import { success } from '#core/call.ts';
import { type Body, bodyText, loadBody, type MessageRecord } from '#core/record.ts';
import { encodeHeader, encodeRecord } from '#core/recording/ipcrec.ts';
import { Tap } from '#core/tap.ts';
import { FileRecorder } from '../../../extension/recordings/file-recorder.ts';
import { appendLines, backupOf, noteLines, restore, withLines } from '../../../extension/recordings/notes-file.ts';
import { openRecordingBytes, openRecordingFile } from '../../../extension/recordings/recording-file.ts';
import { writePieces } from '../../../extension/recordings/write-file.ts';
import { call, written } from './records.ts';

const folder = mkdtempSync(join(tmpdir(), 'ipcrec-'));
afterAll(() => rmSync(folder, { recursive: true }));

let files = 0;
const newFile = () => join(folder, `${++files}.ipcrec`);

const LONG = JSON.stringify({ text: 'ä'.repeat(5_000) });
const BYTES = Uint8Array.from({ length: 3_000 }, (_, at) => at % 256);

describe('opening', () => {
  test('long bodies stay in the file, and are read when somebody looks', async () => {
    const file = newFile();
    const records = [
      call(1, { body: { kind: 'text', json: LONG }, outcome: { kind: 'bytes', bytes: BYTES } }),
      call(2, { body: { kind: 'text', json: '{"small":1}' } }),
    ];
    writeFileSync(file, written(records));
    const opened = await openRecordingFile(file);
    const first = opened.recording.find(1);
    expect([first?.body.kind, first?.outcome?.kind, opened.recording.find(2)?.body.kind]).toEqual([
      'spilled',
      'spilled',
      'text',
    ]);
    expect(first && bodyText(first.body)).toBe(LONG);
    expect(first?.outcome && loadBody(first.outcome)).toEqual({ kind: 'bytes', bytes: BYTES });
    expect(first?.body).toMatchObject({ size: records[0]?.size, preview: LONG.slice(0, 160) });
    expect(first?.outcome).toMatchObject({ size: 3_000, preview: '3,000 bytes' });

    truncateSync(file, 200);
    expect(first && loadBody(first.body)).toEqual({ kind: 'dropped' });
    opened.dispose();
    expect(first && loadBody(first.body)).toEqual({ kind: 'dropped' });
  });

  test('bytes of another file system are opened the same', async () => {
    const bytes = new TextEncoder().encode(written([call(1, { body: { kind: 'text', json: LONG } })]));
    const { recording } = await openRecordingBytes(bytes);
    const body = recording.find(1)?.body;
    expect(body && bodyText(body)).toBe(LONG);
  });

  test('a large one is read in parts: others have their turns, progress is told, and it can be cancelled', async () => {
    const file = newFile();
    const line = encodeRecord(call(1)).join('\n');
    const lines = Array.from({ length: 20_000 }, (_, at) =>
      line.replace('"i":1', `"i":${at + 1}`).replace('"of":1', `"of":${at + 1}`),
    );
    writeFileSync(file, `${encodeHeader({})}\n${lines.join('\n')}`);
    let turns = 0;
    let counting = true;
    const count = () => {
      turns++;
      if (counting) setImmediate(count);
    };
    setImmediate(count);
    const parts: number[] = [];
    const opened = await openRecordingFile(file, { onProgress: (part) => parts.push(part) });
    counting = false;
    expect(opened.recording.statistics.kept).toBe(20_000);
    expect(turns).toBeGreaterThan(5);
    expect(parts.at(-1)).toBe(1);
    expect(parts).toEqual(parts.toSorted((a, b) => a - b));
    opened.dispose();

    const abort = new AbortController();
    const cancelled = openRecordingFile(file, { signal: abort.signal, onProgress: () => abort.abort() });
    await expect(cancelled).rejects.toThrow(/abort/i);
  });

  test('what is no recording is refused', async () => {
    const file = newFile();
    writeFileSync(file, '{"log":{}}\n');
    await expect(openRecordingFile(file)).rejects.toThrow(/no recording/);
    await expect(openRecordingFile(join(folder, 'none'))).rejects.toThrow(/ENOENT/);
  });
});

describe('writing', () => {
  test('pieces are written in order; what was cancelled leaves no file', async () => {
    const file = newFile();
    const pieces = Array.from({ length: 3_000 }, (_, at) => `${'x'.repeat(300)}${at}\n`);
    const told: number[] = [];
    await writePieces(file, pieces, { onProgress: (done) => told.push(done) });
    expect(readFileSync(file, 'utf8')).toBe(pieces.join(''));
    expect(told.length).toBeGreaterThan(2);

    const abort = new AbortController();
    const slow = (function* () {
      for (const piece of pieces) {
        abort.abort();
        const until = performance.now() + 1;
        while (performance.now() < until);
        yield piece;
      }
    })();
    await expect(writePieces(file, slow, { signal: abort.signal })).rejects.toThrow(/abort/i);
    expect(existsSync(file)).toBe(false);
  });
});

describe('marks and notes', () => {
  test('they are told as one change, saved as lines at the end, also behind a torn line, and read back', async () => {
    for (const torn of ['', '{"i":3,"t":']) {
      const file = newFile();
      writeFileSync(file, written([call(1, { marked: true }), call(2)]) + torn);
      const opened = await openRecordingFile(file);
      const { recording } = opened;
      const changes: (readonly number[])[] = [];
      recording.onChange(({ changed }) => changes.push(changed));
      recording.annotate(1, { marked: false });
      recording.annotate(2, { comment: 'look' });
      await Promise.resolve();
      expect(changes).toEqual([[1, 2]]);
      const before = readFileSync(file);
      await appendLines(file, noteLines(recording));
      expect(readFileSync(file).subarray(0, before.length)).toEqual(before);
      recording.saved();
      expect(noteLines(recording)).toBe('');

      const again = await openRecordingFile(file);
      expect([...again.recording.records()].map(({ marked, comment }) => [marked, comment])).toEqual([
        [undefined, undefined],
        [undefined, 'look'],
      ]);
      expect(again.recording.skipped).toBe(torn === '' ? 0 : 1);
      expect(new TextDecoder().decode(withLines(before, 'x'))).toBe(`${before.toString()}${torn === '' ? '' : '\n'}x`);
      opened.dispose();
      again.dispose();
    }
  });

  test('what was not saved is kept by a backup, and can be taken back', async () => {
    const open = () => openRecordingBytes(new TextEncoder().encode(written([call(1, { marked: true }), call(2)])));
    const { recording } = await open();
    recording.annotate(1, { marked: false, comment: 'a' });
    recording.annotate(2, { marked: true });
    const other = await open();
    restore(other.recording, backupOf(recording));
    const notes = () => [...other.recording.records()].map(({ marked, comment }) => [marked, comment]);
    expect(notes()).toEqual([
      [undefined, 'a'],
      [true, undefined],
    ]);
    expect(other.recording.annotated).toHaveLength(2);
    other.recording.revert();
    expect(notes()).toEqual([
      [true, undefined],
      [undefined, undefined],
    ]);
    expect(other.recording.annotated).toEqual([]);
  });
});

describe('recording to a file', () => {
  const ask = (tap: Tap, value: unknown) =>
    tap.call(
      'a',
      { cmd: 'c', window: 'w', origin: 'local', generation: 1, body: { kind: 'json', value }, headers: [] },
      10,
    );
  const start = (tap: Tap, redacted: readonly string[] = []) =>
    FileRecorder.start(newFile(), tap, { tool: 'test', redacted });

  test('what comes after the start is in it, with outcomes that came later; what came before is not', async () => {
    const tap = new Tap();
    const before = ask(tap, 'before');
    const recorder = await start(tap);
    const late = ask(tap, 'late');
    for (let turn = 0; turn < 3; turn++) await new Promise((resolve) => setImmediate(resolve));
    tap.settle(before, success(1));
    tap.settle(late, success('done'));
    const quick = ask(tap, 'quick');
    tap.settle(quick, success(null));
    tap.annotate(late, { marked: true, comment: 'look' });
    const state = await recorder.stop();
    expect(state).toMatchObject({ messages: 2, lost: 0, bytes: readFileSync(state.file).length });

    const { recording, dispose } = await openRecordingFile(state.file);
    const seen = [...recording.records()].map(({ id, status, marked, comment }) => [id, status, marked, comment]);
    expect(seen).toEqual([
      [late, 'ok', true, 'look'],
      [quick, 'ok', undefined, undefined],
    ]);
    expect(recording.skipped).toBe(0);
    dispose();
    ask(tap, 'after');
    expect(readFileSync(state.file).length).toBe(state.bytes);
  });

  test('check 49: a session of 200 messages is in the file as it is in the recorder', async () => {
    const tap = new Tap();
    const recorder = await start(tap);
    for (let at = 0; at < 200; at++) {
      const id = ask(tap, { at, text: 'x'.repeat(at * 20) });
      if (at % 7 !== 0)
        tap.settle(id, success(at % 3 === 0 ? new Uint8Array(at) : { at }), {
          startedAt: tap.now(),
          endedAt: tap.now(),
        });
      if (at % 10 === 0) tap.annotate(id, { marked: true });
      if (at % 20 === 0) await new Promise((resolve) => setImmediate(resolve));
    }
    const { file } = await recorder.stop();
    const { recording, dispose } = await openRecordingFile(file);
    const plain = (records: Iterable<MessageRecord>) =>
      Array.from(records, ({ body, outcome, ...rest }) => ({
        ...rest,
        body: text(body),
        outcome: outcome && text(outcome),
      }));
    expect(plain(recording.records())).toEqual(plain(tap.records()));
    dispose();
  });

  test('messages that the recorder forgot before they were written are counted', async () => {
    const tap = new Tap({ messages: 1_000, bodyBytes: 1e6 });
    const recorder = await start(tap);
    for (let at = 0; at < 1_500; at++) ask(tap, at);
    const state = await recorder.stop();
    expect(state).toMatchObject({ messages: 1_000, lost: 500 });
    const { recording, dispose } = await openRecordingFile(state.file);
    expect(recording.statistics).toMatchObject({ kept: 1_000, lost: 500 });
    dispose();
  });

  test('check 67: with patterns, no secret comes into the file, and the file says so', async () => {
    const tap = new Tap();
    const recorder = await start(tap, ['token']);
    tap.settle(ask(tap, { token: 'hunter2' }), success({ myToken: 'hunter2', ok: 1 }));
    const { file } = await recorder.stop();
    expect(readFileSync(file, 'utf8')).not.toContain('hunter2');
    const { recording, dispose } = await openRecordingFile(file);
    expect(recording.header.redacted).toEqual(['token']);
    dispose();
  });

  test('a file that cannot be written ends it with its error', async () => {
    await expect(FileRecorder.start(join(folder, 'none', 'x.ipcrec'), new Tap(), { redacted: [] })).rejects.toThrow(
      /ENOENT/,
    );
    if (!existsSync('/dev/full')) return;
    const tap = new Tap();
    await expect(FileRecorder.start('/dev/full', tap, { redacted: [] })).rejects.toThrow(/ENOSPC/);
  });

  test('disposing of it lets go of the recorder', async () => {
    const tap = new Tap();
    const recorder = await start(tap);
    recorder.dispose();
    ask(tap, 1);
    expect((await recorder.stop()).messages).toBe(0);
  });
});

function text(body: Body): unknown {
  const loaded = loadBody(body);
  return loaded.kind === 'bytes'
    ? [...loaded.bytes]
    : loaded.kind === 'json' || loaded.kind === 'text'
      ? bodyText(loaded)
      : loaded.kind;
}

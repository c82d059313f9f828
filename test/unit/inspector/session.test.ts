import {
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  statSync,
  truncateSync,
  utimesSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, onTestFinished, test } from 'vitest';
import { success } from '#core/call.ts';
import { bodyText, loadBody, type MessageRecord } from '#core/record.ts';
import { Tap, type TapLimits } from '#core/tap.ts';
import { chooseSession } from '../../../extension/inspector/session-folders.ts';
import { SessionRecorder } from '../../../extension/inspector/session-recorder.ts';

const LIMITS: TapLimits = { messages: 100_000, bodyBytes: 1024 * 1024 };
const MEGABYTE = 1024 * 1024;

function temporary(): string {
  const root = mkdtempSync(join(tmpdir(), 'ipcw-session-'));
  onTestFinished(() => rmSync(root, { recursive: true, force: true }));
  return root;
}

interface Window {
  readonly tap: Tap;
  readonly recorder: SessionRecorder;
  readonly folder: string;
  readonly log: string[];
  call(name: string, args: unknown, answer?: unknown): number;
  close(): void;
}

/** A window of VS Code that goes on with the session of the one before, as the keeper makes it. */
function openWindow(root: string, { limits = LIMITS, maxBytes = 64 * MEGABYTE, workspace = 'w' } = {}): Window {
  const { folder } = chooseSession(root, workspace);
  const tap = new Tap(limits);
  const first = folder.earlier?.next ?? 1;
  if (folder.earlier) tap.resume(first, Date.now() - folder.earlier.started);
  const started = folder.earlier?.started ?? Date.now();
  const log: string[] = [];
  const recorder = new SessionRecorder({
    tap,
    folder,
    first,
    started,
    maxBytes,
    tool: 'test',
    log: (line) => log.push(line),
  });
  let over = false;
  const close = () => {
    if (!over) recorder.dispose();
    over = true;
  };
  onTestFinished(close);
  const call = (name: string, args: unknown, answer?: unknown) => {
    const known = { cmd: name, window: 'main', origin: 'local', generation: 1, headers: [['x', 'y']] } as const;
    const body = { kind: 'json', value: args } as const;
    const id = tap.call('app', { ...known, body }, JSON.stringify(args).length);
    if (answer !== undefined) tap.settle(id, success(answer), { startedAt: tap.now(), endedAt: tap.now() });
    return id;
  };
  return { tap, recorder, folder: folder.path, log, call, close };
}

/** All of a record, its bodies as they can be fetched. */
const whole = ({ body, outcome, ...rest }: MessageRecord) => ({
  ...rest,
  body: loadBody(body).kind === 'bytes' ? loadBody(body) : bodyText(body),
  ...(outcome && { outcome: loadBody(outcome).kind === 'bytes' ? loadBody(outcome) : bodyText(outcome) }),
});

test('check 72: the next window has all records, marks and notes again, and numbers go on', async () => {
  const root = temporary();
  const before = openWindow(root);
  before.call('greet', { name: 'Ada' }, 'Hello, Ada!');
  before.call('bytes', { name: 'x'.repeat(1000) }, new Uint8Array([1, 2, 255]));
  before.tap.add({ kind: 'event', direction: 'to-page', app: 'app', window: '', generation: 0, name: 'e', heard: 2 });
  before.recorder.tick();
  const late = before.call('late', {});
  before.recorder.tick();
  before.tap.settle(late, success({ text: 'ü'.repeat(500) }));
  before.tap.annotate(1, { marked: true, comment: 'look' });
  const waits = before.call('waits', {});
  const all = [...before.tap.records()].map(whole);
  before.close();

  const after = openWindow(root);
  expect(after.tap.next).toBe(waits + 1);
  const own = after.call('own', {}, 1);
  await after.recorder.restore();
  const orphan = { status: 'orphan', note: 'VS Code was reloaded' };
  expect([...after.tap.records(1, own)].map(whole)).toEqual(
    all.map((record) => (record.id === waits ? { ...record, ...orphan } : record)),
  );
  expect(after.tap.find(own)).toMatchObject({ id: waits + 1, name: 'own' });
  expect(after.tap.find(own)?.time).toBeGreaterThanOrEqual(after.tap.find(waits)?.time as number);
  // And once more: what came back is not written a second time, but still there.
  after.tap.annotate(waits, { comment: 'gone' });
  after.close();
  const third = openWindow(root);
  await third.recorder.restore();
  expect(third.tap.statistics.kept).toBe(own);
  expect(third.tap.find(waits)).toMatchObject({ ...orphan, comment: 'gone' });
  expect(third.recorder.written).toBe(0);
});

test('check 72: a window that was killed leaves all but its last moment, and a line that was not finished is left out', async () => {
  const root = temporary();
  const before = openWindow(root);
  before.call('one', { text: 'a'.repeat(400) }, 1);
  before.call('two', {}, 2);
  before.recorder.tick();
  await before.recorder.flush();
  before.call('unwritten', {});
  const [segment = ''] = readdirSync(before.folder).filter((name) => name.endsWith('.ipcrec'));
  const path = join(before.folder, segment);
  truncateSync(path, statSync(path).size - 5);
  // The process of the test lives: a number of a process that is none stands for one that was killed.
  const state = JSON.parse(readFileSync(join(before.folder, 'session.json'), 'utf8')) as object;
  writeFileSync(join(before.folder, 'session.json'), JSON.stringify({ ...state, pid: 2 ** 30 }));

  const after = openWindow(root);
  expect(after.folder).toBe(before.folder);
  await after.recorder.restore();
  expect([...after.tap.records()].map(({ name, status }) => [name, status])).toEqual([
    ['one', 'ok'],
    // The line with its answer is torn.
    ['two', 'orphan'],
  ]);
  const own = after.call('own', {}, 1);
  after.close();
  const third = openWindow(root);
  await third.recorder.restore();
  expect(third.tap.find(own)).toMatchObject({ name: 'own', status: 'ok' });
});

test('check 72: what is written for a message does not grow with the session', () => {
  const { tap, recorder, call } = openWindow(temporary());
  const rounds = Array.from({ length: 10 }, () => {
    const before = recorder.written;
    for (let n = 0; n < 500; n++) call('greet', { name: 'Ada' }, 'Hello');
    recorder.tick();
    return (recorder.written - before) / 500;
  });
  expect(tap.statistics.kept).toBe(5_000);
  expect(Math.max(...rounds)).toBeLessThan(1.1 * Math.min(...rounds));
  expect(Math.max(...rounds)).toBeLessThan(450);
});

test('a flood is not slowed: a batch writes no more than a few records, and what is left later', () => {
  const { recorder, call } = openWindow(temporary());
  for (let n = 0; n < 2_200; n++) call('greet', { n }, n);
  const batches = Array.from({ length: 6 }, () => {
    const before = recorder.written;
    recorder.tick();
    return recorder.written - before;
  });
  expect(Math.max(...batches)).toBeLessThan(500 * 450);
  expect(batches.map((bytes) => bytes > 0)).toEqual([true, true, true, true, true, false]);
});

test('clearing removes the files; the next window has what came afterwards', async () => {
  const root = temporary();
  const before = openWindow(root);
  before.call('secret', { password: 'hunter2' }, 'ok');
  before.recorder.tick();
  await before.recorder.flush();
  before.tap.clear();
  await before.recorder.flush();
  const files = () => readdirSync(before.folder).map((name) => readFileSync(join(before.folder, name), 'utf8'));
  expect(files().join('')).not.toContain('hunter2');
  const id = before.call('after', {}, 1);
  before.close();
  expect(files().join('')).not.toContain('hunter2');
  const after = openWindow(root);
  await after.recorder.restore();
  expect([...after.tap.records()].map((record) => [record.id, record.name])).toEqual([[id, 'after']]);
});

test('clearing while a file is being opened leaves none behind', async () => {
  const { tap, recorder, call, folder } = openWindow(temporary());
  call('secret', {}, 1);
  recorder.tick();
  tap.clear();
  await recorder.flush();
  expect(readdirSync(folder)).toEqual(['session.json']);
});

test('a call that waits and was carried over has its arguments, though the file of then is gone', async () => {
  const limits = { messages: 500, bodyBytes: 10_000 };
  const { tap, recorder, call, folder } = openWindow(temporary(), { limits, maxBytes: 8 * MEGABYTE });
  const args = { path: 'x'.repeat(500) };
  const waits = call('watch', args);
  for (let round = 0; round < 20; round++) {
    for (let n = 0; n < 450; n++) call('c', { text: 'x'.repeat(1_000) }, 1);
    recorder.tick();
    await recorder.flush();
  }
  expect(readdirSync(folder)).not.toContain('1.ipcrec');
  const record = tap.find(waits) as MessageRecord;
  expect([record.body.kind, record.status]).toEqual(['spilled', 'pending']);
  expect(bodyText(record.body)).toBe(JSON.stringify(args));
});

test('clearing while the session before is being read leaves nothing of it', async () => {
  const root = temporary();
  const before = openWindow(root);
  for (let n = 0; n < 3_000; n++) before.call('old', { n }, n);
  before.close();
  const after = openWindow(root);
  const restored = after.recorder.restore();
  after.tap.clear();
  await restored;
  expect(after.tap.statistics.kept).toBe(0);
});

test('bodies that memory has no room for are in the file, and are read when somebody looks', async () => {
  const { tap, recorder, call } = openWindow(temporary(), { limits: { messages: 1000, bodyBytes: 10_000 } });
  const text = (n: number) => `${n} ${'é'.repeat(1_000)}`;
  const ids = Array.from({ length: 50 }, (_, n) =>
    call('big', { text: text(n) }, n % 2 ? text(n) : new Uint8Array(999)),
  );
  const first = tap.find(ids[0] as number) as MessageRecord;
  expect([first.body.kind, first.outcome?.kind]).toEqual(['spilled', 'spilled']);
  expect(first.headers).toEqual([['x', 'y']]);
  for (const [n, id] of ids.entries()) {
    const record = tap.find(id) as MessageRecord;
    expect(bodyText(record.body)).toBe(JSON.stringify({ text: text(n) }));
    expect(record.body.kind === 'spilled' ? record.body.preview : '').toBe(
      record.body.kind === 'spilled' ? JSON.stringify({ text: text(n) }).slice(0, 161) : '',
    );
    if (n % 2 === 0)
      expect(loadBody(record.outcome ?? { kind: 'none' })).toEqual({ kind: 'bytes', bytes: new Uint8Array(999) });
  }
  const { bodyBytes, bodiesDropped, spilledBytes } = tap.statistics;
  const sizes = [...tap.records()].flatMap(({ body, outcome }) =>
    [body, outcome].map((each) => (each?.kind === 'spilled' ? each.size : 0)),
  );
  expect(bodyBytes).toBeLessThanOrEqual(10_000);
  expect([bodiesDropped, spilledBytes]).toEqual([0, sizes.reduce((sum, size) => sum + size)]);
  // Also once they are on the disk, and not in memory on their way to it.
  recorder.tick();
  await recorder.flush();
  expect(bodyText(first.body)).toBe(JSON.stringify({ text: text(0) }));
  tap.clear();
  expect(tap.statistics).toEqual({ kept: 0, lost: 0, bodyBytes: 0, bodiesDropped: 0, spilledBytes: 0 });
  expect(loadBody(first.body).kind).toBe('dropped');
});

test('the oldest bodies go when the disk has its share, and are counted', async () => {
  const limits = { messages: 10_000, bodyBytes: 100_000 };
  const { tap, recorder, call, folder } = openWindow(temporary(), { limits, maxBytes: MEGABYTE });
  for (let n = 0; n < 200; n++) {
    call('big', { text: 'x'.repeat(20_000) }, n);
    recorder.tick();
    await recorder.flush();
  }
  const onDisk = readdirSync(folder).reduce((sum, name) => sum + statSync(join(folder, name)).size, 0);
  expect(onDisk).toBeLessThanOrEqual(MEGABYTE);
  const dropped = [...tap.records()].filter(({ body }) => body.kind === 'dropped').length;
  expect(dropped).toBeGreaterThan(100);
  expect(tap.statistics).toMatchObject({ kept: 200, lost: 0, bodiesDropped: dropped });
  const oldest = [...tap.records()].find(({ body }) => body.kind === 'spilled');
  expect(bodyText(oldest?.body ?? { kind: 'none' })).toHaveLength(20_011);
});

test('files of records that are gone go too', async () => {
  const limits = { messages: 500, bodyBytes: MEGABYTE };
  const { recorder, call, folder } = openWindow(temporary(), { limits, maxBytes: 8 * MEGABYTE });
  for (let round = 0; round < 20; round++) {
    for (let n = 0; n < 500; n++) call('c', { text: 'x'.repeat(1_000) }, 1);
    recorder.tick();
    await recorder.flush();
  }
  expect(recorder.written).toBeGreaterThan(12 * MEGABYTE);
  expect(readdirSync(folder).length).toBeLessThanOrEqual(4);
});

test('where nothing can be written it is said once, and recording goes on in memory', async () => {
  const root = temporary();
  writeFileSync(join(root, 'file'), '');
  const { tap, recorder, call, log } = openWindow(join(root, 'file'));
  call('a', { text: 'x' }, 1);
  recorder.tick();
  await recorder.flush();
  call('b', {}, 1);
  recorder.tick();
  await recorder.flush();
  recorder.dispose();
  expect(log).toEqual([expect.stringMatching(/^The session cannot be kept on disk \(.+\): it is in memory only\.$/)]);
  expect([...tap.records()].map(({ name }) => name)).toEqual(['a', 'b']);
});

test('a session belongs to its workspace, and those that nobody takes up are not kept for long', () => {
  const root = temporary();
  const close = (workspace: string) => {
    const window = openWindow(root, { workspace });
    window.call('a', {}, 1);
    window.close();
    return window.folder;
  };
  const mine = close('mine');
  const others = Array.from({ length: 10 }, (_, n) => close(`other ${n}`));
  const junk = join(root, 'junk');
  writeFileSync(junk, '');
  utimesSync(junk, 0, 0);
  const { folder, left } = chooseSession(root, 'mine');
  expect(folder.path).toBe(mine);
  expect(left).toContain(junk);
  expect(left.filter((path) => others.includes(path))).toHaveLength(2);
  expect(chooseSession(root, 'new').folder.earlier).toBeUndefined();
  // A day later it is nobody's any more.
  const state = JSON.parse(readFileSync(join(mine, 'session.json'), 'utf8')) as { at: number };
  writeFileSync(join(mine, 'session.json'), JSON.stringify({ ...state, at: state.at - 86_400_001 }));
  const later = chooseSession(root, 'mine');
  expect([later.folder.earlier, later.left.includes(mine)]).toEqual([undefined, true]);
});

test('a window that is there keeps its session for itself', () => {
  const root = temporary();
  const window = openWindow(root);
  window.call('a', {}, 1);
  window.recorder.tick();
  const path = join(window.folder, 'session.json');
  const state = JSON.parse(readFileSync(path, 'utf8')) as object;
  writeFileSync(path, JSON.stringify({ ...state, pid: process.ppid }));
  const { folder, left } = chooseSession(root, 'w');
  expect([folder.earlier, left]).toEqual([undefined, []]);
});

import { createRequire } from 'node:module';
import Ajv from 'ajv';
import * as fc from 'fast-check';
import { expect, test } from 'vitest';
import { importHar } from '#core/import/har.ts';
import { bodyText, loadBody, type MessageRecord } from '#core/record.ts';
import { sessions } from '../recording/records.ts';
import { exported, inputOf, SESSION, STARTED } from './input.ts';

interface Har {
  readonly log: { readonly version: string; readonly entries: readonly Entry[] };
}

interface Entry {
  readonly startedDateTime: string;
  readonly time: number;
  readonly request: { readonly url: string; readonly postData?: { readonly text: string } };
  readonly response: { readonly status: number; readonly content: object };
  readonly timings: Readonly<Record<string, number>>;
}

const harOf = (records: readonly MessageRecord[]) => JSON.parse(exported('har', inputOf(records))) as Har;

const harSchema = createRequire(import.meta.url)('har-schema') as Record<string, { $schema?: string }>;
const ajv = new Ajv({ strict: false, validateFormats: false, logger: false });
// The schema is of an older draft than ajv knows; its words mean the same.
for (const schema of Object.values(harSchema)) {
  const { $schema: _draft, ...rest } = schema;
  ajv.addSchema(rest);
}
const isHar = ajv.compile({ $ref: 'har.json#' });

test('check 65: the HAR of a session is one by its schema, and what it adds begins with _', () => {
  const har = harOf(SESSION);
  expect(isHar(har), JSON.stringify(isHar.errors)).toBe(true);
  expect(har.log.version).toBe('1.2');
  expect(har.log.entries).toHaveLength(4);
  const known = ['startedDateTime', 'time', 'request', 'response', 'cache', 'timings', 'comment'];
  for (const entry of har.log.entries) {
    expect(Object.keys(entry).filter((key) => !known.includes(key) && !key.startsWith('_'))).toEqual([]);
    const sum = Object.values(entry.timings).reduce((total, time) => total + Math.max(0, time), 0);
    expect(entry.time).toBeCloseTo(sum, 2);
  }
});

test('check 65: any session is a HAR by the schema', () => {
  fc.assert(
    fc.property(sessions, (records) => {
      expect(isHar(harOf(records)), JSON.stringify(isHar.errors)).toBe(true);
    }),
  );
});

test('an entry is a request as the protocol of Tauri makes it, with its times and the messages of its channel', () => {
  const [first, denied, hanging, bytes] = harOf(SESSION).log.entries;
  expect(first).toMatchObject({
    startedDateTime: new Date(STARTED + 9.5).toISOString(),
    request: { method: 'POST', url: 'ipc://localhost/save_note', postData: { text: '{"id":1}' } },
    response: { status: 200, content: { text: 'null', size: 4 } },
    timings: { blocked: 0.2, send: 0.3, wait: 4, receive: 0.6 },
    _resourceType: 'ipc',
    _initiator: {
      stack: {
        callFrames: [
          { functionName: 'save', url: 'http://127.0.0.1:9/src/app.ts', lineNumber: 3, columnNumber: 8 },
          { functionName: 'click', url: 'http://127.0.0.1:9/src/main.ts', lineNumber: 9, columnNumber: 1 },
        ],
      },
    },
    _webSocketMessages: [
      { type: 'receive', opcode: 1, data: '{"pct":50}', time: (STARTED + 30) / 1000 },
      { type: 'receive', opcode: 2, data: 'AQL/' },
    ],
    _ipc: { id: 1, win: 'main', kind: 'invoke' },
  });
  expect(denied).toMatchObject({
    request: { url: 'ipc://localhost/a%7Cb%23%3B%60' },
    response: { status: 500, _error: 'denied' },
  });
  expect(hanging).toMatchObject({ response: { status: 0, statusText: 'pending' } });
  expect(bytes).toMatchObject({
    request: { postData: { text: 'AAEC', _encoding: 'base64' } },
    response: { content: { encoding: 'base64', size: 2000 } },
  });
});

test('ours comes back: calls, contents, times, messages of channels', () => {
  const recording = importHar(exported('har', inputOf(SESSION)));
  const calls = SESSION.filter(({ kind }) => kind === 'invoke');
  const back = [...recording.records()].filter(({ kind }) => kind === 'invoke');
  const plain = (record: MessageRecord) => ({
    ...record,
    body: bodyOf(record),
    outcome: bodyText(record.outcome ?? { kind: 'none' }),
    pageStack: undefined,
    cause: undefined,
  });
  expect(back.map(plain)).toEqual(calls.map(plain));
  const messages = [...recording.records()].filter(({ kind }) => kind === 'channel-message');
  expect(messages.map(({ of, index }) => [of, index])).toEqual([
    [1, 0],
    [1, 1],
  ]);
});

function bodyOf({ body }: MessageRecord): unknown {
  const loaded = loadBody(body);
  return loaded.kind === 'bytes' ? [...loaded.bytes] : bodyText(loaded);
}

test("a browser's HAR is a list of requests", () => {
  const entry = (more: object) => ({
    startedDateTime: '2026-01-01T00:00:01.000Z',
    time: 30,
    request: { method: 'GET', url: 'https://example.com/a', headers: [{ name: 'Accept', value: '*/*' }] },
    response: { status: 404, content: { text: '<h1>no</h1>', mimeType: 'text/html' } },
    timings: { blocked: 10, dns: -1, send: 1, wait: 15, receive: 4 },
    ...more,
  });
  const tauri = { request: { method: 'POST', url: 'http://ipc.localhost/greet', postData: { text: '{"a":1}' } } };
  const har = { log: { entries: [entry({}), entry(tauri), { broken: true }] } };
  const recording = importHar(JSON.stringify(har));
  expect(recording.skipped).toBe(1);
  expect([...recording.records()]).toMatchObject([
    {
      id: 1,
      name: 'GET https://example.com/a',
      status: 'error',
      duration: 15,
      headers: [['Accept', '*/*']],
      outcome: { kind: 'text', json: '"<h1>no</h1>"' },
      phases: { queue: 10, transport: 1, deliver: 4 },
    },
    { id: 2, name: 'greet', body: { kind: 'text', json: '{"a":1}' } },
  ]);
});

test('what is no HAR is refused with a sentence', () => {
  expect(() => importHar('{')).toThrow(/no HAR file/);
  expect(() => importHar('{"log":[]}')).toThrow(/no HAR file/);
});

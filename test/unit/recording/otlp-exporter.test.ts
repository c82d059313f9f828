import { createServer, type IncomingHttpHeaders, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { Agent } from 'undici';
import { afterEach, beforeEach, expect, test, vi } from 'vitest';
import { success } from '#core/call.ts';
import { Redactor } from '#core/export/redact.ts';
import { Tap } from '#core/tap.ts';
import { MAX_QUEUE, OtlpExporter, type OtlpExporterOptions } from '../../../extension/recordings/otlp-exporter.ts';

interface Request {
  readonly url: string;
  readonly headers: IncomingHttpHeaders;
  readonly spans: readonly { readonly name: string; readonly kind: number }[];
}

const requests: Request[] = [];
let answer: (response: ServerResponse, count: number) => void;
const server = createServer((request, response) => {
  let text = '';
  request.on('data', (piece: Buffer) => (text += piece.toString()));
  request.on('end', () => {
    const body = JSON.parse(text) as { resourceSpans: { scopeSpans: { spans: Request['spans'] }[] }[] };
    const spans = body.resourceSpans.flatMap(({ scopeSpans }) => scopeSpans.flatMap((scope) => scope.spans));
    requests.push({ url: request.url ?? '', headers: request.headers, spans });
    answer(response, requests.length);
  });
});
const agent = new Agent();
const exporters: OtlpExporter[] = [];
/** how long the exporter wanted to wait; nobody does */
const waits: number[] = [];

beforeEach(async () => {
  requests.length = 0;
  waits.length = 0;
  answer = (response) => response.end('{}');
  await new Promise<void>((resolve) => {
    server.listen(0, '127.0.0.1', resolve);
  });
});

afterEach(async () => {
  for (const exporter of exporters.splice(0)) exporter.dispose();
  server.closeAllConnections();
  await new Promise((resolve) => {
    server.close(resolve);
  });
});

const endpoint = () => `http://127.0.0.1:${(server.address() as AddressInfo).port}`;

function setUp(more: Partial<OtlpExporterOptions> = {}, limits?: ConstructorParameters<typeof Tap>[0]) {
  const tap = new Tap(limits);
  const report = vi.fn();
  const exporter = new OtlpExporter({
    source: tap,
    endpoint: 'endpoint' in more ? '' : endpoint(),
    headers: {},
    started: Date.now(),
    tool: 'test 1',
    redactor: new Redactor(['token']),
    dispatcher: () => Promise.resolve(agent),
    report,
    later: (task, milliseconds) => {
      waits.push(milliseconds);
      const timer = setImmediate(task);
      return { dispose: () => clearImmediate(timer) };
    },
    random: () => 1,
    ...more,
  });
  exporters.push(exporter);
  const call = (cmd: string) =>
    tap.call(
      'a',
      { cmd, window: 'w', origin: 'local', generation: 1, body: { kind: 'json', value: {} }, headers: [] },
      1,
    );
  return { tap, exporter, report, call };
}

const names = () => requests.flatMap(({ spans }) => spans.map(({ name }) => name));

test('spans are sent once calls are answered, with the headers that were asked for', async () => {
  const { tap, call, exporter } = setUp({ headers: { 'x-key': 'k' } });
  const slow = call('slow');
  tap.settle(call('quick'), success(1));
  await vi.waitUntil(() => exporter.sent === 1);
  expect(names()).toEqual(['quick']);
  expect(requests[0]).toMatchObject({
    url: '/v1/traces',
    headers: { 'x-key': 'k', 'content-type': 'application/json' },
  });
  tap.settle(slow, success(1), { startedAt: tap.now(), endedAt: tap.now() });
  await vi.waitUntil(() => exporter.sent === 2);
  expect(requests[1]?.spans).toMatchObject([
    { name: 'slow', kind: 3 },
    { name: 'slow', kind: 2 },
  ]);
  expect(exporter.lost).toBe(0);
});

test('what the collector cannot take now is sent again, in order, and its wish to wait is honoured', async () => {
  answer = (response, count) => {
    if (count <= 2) response.writeHead(503).end();
    else if (count === 3) response.writeHead(429, { 'retry-after': '7' }).end();
    else response.end('{}');
  };
  const { tap, call, exporter, report } = setUp();
  tap.settle(call('one'), success(1));
  await vi.waitUntil(() => exporter.sent === 1);
  expect(names()).toEqual(['one', 'one', 'one', 'one']);
  expect(waits).toEqual([2_000, 1_000, 2_000, 7_000]);
  expect(report).toHaveBeenCalledTimes(1);
  expect(exporter.lost).toBe(0);
});

test('waits have a limit, and are not the same for all', async () => {
  answer = (response, count) => response.writeHead(count < 12 ? 503 : 200).end();
  const { tap, call, exporter } = setUp({ random: () => 0 });
  tap.settle(call('one'), success(1));
  await vi.waitUntil(() => exporter.sent === 1);
  expect(waits.slice(1, 4)).toEqual([500, 1_000, 2_000]);
  expect(waits.at(-1)).toBe(30_000);
});

test('what it refuses is dropped and counted, and told once', async () => {
  answer = (response) => response.writeHead(400).end();
  const { tap, call, exporter, report } = setUp();
  tap.settle(call('one'), success(1));
  await vi.waitUntil(() => exporter.lost === 1);
  tap.settle(call('two'), success(1));
  await vi.waitUntil(() => exporter.lost === 2);
  expect(report).toHaveBeenCalledExactlyOnceWith(expect.stringContaining('400'));
});

test('the queue is bounded: what does not fit is counted', async () => {
  const { tap, call, exporter, report } = setUp(
    { later: () => ({ dispose: () => {} }) },
    { messages: 2 * MAX_QUEUE, bodyBytes: 1e9 },
  );
  for (let count = 0; count < MAX_QUEUE + 3; count++) tap.settle(call('c'), success(1));
  await Promise.resolve();
  expect(exporter.lost).toBe(3);
  expect(report).toHaveBeenCalledTimes(1);
});

test('a collector that is not there is told of, and tried again until the end', async () => {
  const { port } = server.address() as AddressInfo;
  const { tap, call, exporter, report } = setUp({ endpoint: `http://127.0.0.1:${port}/own/path` });
  server.closeAllConnections();
  await new Promise((resolve) => {
    server.close(resolve);
  });
  tap.settle(call('one'), success(1));
  await vi.waitUntil(() => report.mock.calls.length === 1);
  await new Promise<void>((resolve) => {
    server.listen(port, '127.0.0.1', resolve);
  });
  await vi.waitUntil(() => exporter.sent === 1);
  expect(requests[0]?.url).toBe('/own/path');
});

test('nothing goes on after its end: no request, no timer, no listener', async () => {
  const held: ServerResponse[] = [];
  answer = (response) => held.push(response);
  const { tap, call, exporter, report } = setUp();
  tap.settle(call('one'), success(1));
  await vi.waitUntil(() => held.length === 1);
  const closed = new Promise((resolve) => {
    held[0]?.on('close', resolve);
  });
  exporter.dispose();
  await closed;
  tap.settle(call('two'), success(1));
  await Promise.resolve();
  expect(requests).toHaveLength(1);
  expect(report).not.toHaveBeenCalled();
});

test.each(['', 'nothing', 'file:///etc', 'ws://a'])('"%s" is no address of a collector', (wrong) => {
  expect(() => setUp({ endpoint: wrong })).toThrow(/no http or https address/);
});

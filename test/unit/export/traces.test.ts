import { createRequire } from 'node:module';
import * as fc from 'fast-check';
import { expect, test } from 'vitest';
import type { MessageRecord } from '#core/record.ts';
import { sessions } from '../recording/records.ts';
import { exported, inputOf, SESSION } from './input.ts';

const require = createRequire(import.meta.url);

interface Span {
  readonly traceId: Uint8Array | string;
  readonly spanId: string;
  readonly parentSpanId?: string;
  readonly name: string;
  readonly kind: number;
  readonly startTimeUnixNano: string;
  readonly endTimeUnixNano: string;
  readonly events?: readonly { readonly name: string }[];
}

interface Request {
  readonly resourceSpans: readonly { readonly scopeSpans: readonly { readonly spans: readonly Span[] }[] }[];
}

interface ProtobufType {
  verify(value: unknown): string | null;
  fromObject(value: unknown): unknown;
  toObject(message: unknown, options: object): Request;
  encode(message: unknown): { finish(): Uint8Array };
  decode(bytes: Uint8Array): unknown;
}

/** The code that OpenTelemetry generated from its own protocol. */
const root = require('@opentelemetry/otlp-transformer/build/src/generated/root.js') as {
  opentelemetry: { proto: { collector: { trace: { v1: { ExportTraceServiceRequest: ProtobufType } } } } };
};
const TraceRequest = root.opentelemetry.proto.collector.trace.v1.ExportTraceServiceRequest;

const spansOf = ({ resourceSpans }: Request) =>
  resourceSpans.flatMap(({ scopeSpans }) => scopeSpans.flatMap(({ spans }) => spans));

const otlpOf = (records: readonly MessageRecord[]) => JSON.parse(exported('otlp', inputOf(records))) as Request;

function checkSpans(spans: readonly Span[]): void {
  const ids = new Map(spans.map((span) => [span.spanId, span]));
  expect(ids.size).toBe(spans.length);
  for (const span of spans) {
    expect(span.traceId).toMatch(/^(?!0+$)[0-9a-f]{32}$/);
    expect(span.spanId).toMatch(/^(?!0+$)[0-9a-f]{16}$/);
    expect(BigInt(span.startTimeUnixNano) <= BigInt(span.endTimeUnixNano)).toBe(true);
    if (span.parentSpanId === undefined) continue;
    expect(ids.get(span.parentSpanId)?.traceId).toBe(span.traceId);
  }
}

test('check 66: OTLP has trace ids of 32 hex digits, parents that exist, and times in order', () => {
  const spans = spansOf(otlpOf(SESSION));
  checkSpans(spans);
  const children = spans.map(({ name, kind, parentSpanId }) => [
    name,
    kind,
    spans.find((span) => span.spanId === parentSpanId)?.kind,
  ]);
  expect(children).toEqual([
    ['save_note', 3, undefined],
    ['save_note', 2, 3],
    ['saved', 4, 2],
    ['tick', 4, undefined],
    ['a|b#;`', 3, undefined],
    ['hangs', 3, undefined],
    ['plugin:fs|read_file', 3, 3],
  ]);
  expect(spans[0]?.events).toHaveLength(2);
});

test('check 66: OTLP of any session is in order', () => {
  fc.assert(fc.property(sessions, (records) => checkSpans(spansOf(otlpOf(records)))));
});

test("check 66: OpenTelemetry's own code reads the request, and its bytes bring back every span", () => {
  const request = otlpOf(SESSION);
  const toBase64 = (hex: string) => Buffer.from(hex, 'hex').toString('base64');
  // In OTLP's JSON ids are hex; protobuf's own JSON has base64.
  const text = JSON.stringify(request).replaceAll(
    /"(traceId|spanId|parentSpanId)":"([0-9a-f]+)"/g,
    (_all, key: string, hex: string) => `"${key}":"${toBase64(hex)}"`,
  );
  const message = TraceRequest.fromObject(JSON.parse(text));
  expect(TraceRequest.verify(message)).toBeNull();
  const back = TraceRequest.toObject(TraceRequest.decode(TraceRequest.encode(message).finish()), {
    longs: String,
    bytes: String,
  });
  const short = (spans: readonly Span[]) =>
    spans.map(({ name, kind, startTimeUnixNano, endTimeUnixNano, events = [] }) => [
      name,
      kind,
      startTimeUnixNano,
      endTimeUnixNano,
      events.length,
    ]);
  expect(short(spansOf(back))).toEqual(short(spansOf(request)));
});

interface TraceEvent {
  readonly ph: string;
  readonly id?: string;
  readonly ts: number;
  readonly pid: number;
  readonly tid: number;
  readonly name: string;
  readonly cat?: string;
}

const traceOf = (records: readonly MessageRecord[]) =>
  (JSON.parse(exported('trace', inputOf(records))) as { traceEvents: readonly TraceEvent[] }).traceEvents;

const of = (events: readonly TraceEvent[], ph: string) => events.filter((event) => event.ph === ph);

function checkPairs(events: readonly TraceEvent[]): void {
  for (const [begin, end] of [
    ['b', 'e'],
    ['s', 'f'],
  ] as const) {
    const ends = new Map(of(events, end).map((event) => [event.id, event]));
    expect(ends.size).toBe(of(events, begin).length);
    for (const { id, ts, name } of of(events, begin)) {
      const partner = ends.get(id);
      expect(partner?.name).toBe(name);
      expect(partner && partner.ts >= ts).toBe(true);
    }
  }
  const named = new Set(of(events, 'M').map(({ pid, tid }) => `${pid} ${tid}`));
  for (const { pid, tid } of events) expect(named).toContain(`${pid} ${tid}`);
}

test('check 66: in the trace each b has its e, and windows have names', () => {
  const events = traceOf(SESSION);
  checkPairs(events);
  expect(of(events, 'b').map(({ name }) => name)).toEqual(['save_note', 'a|b#;`', 'hangs', 'plugin:fs|read_file']);
  expect(of(events, 's').map(({ name }) => name)).toEqual(['saved', 'plugin:fs|read_file'].slice(0, 1));
  expect(of(events, 'n').filter(({ id }) => id === '0x1')).toHaveLength(3);
});

test('check 66: in the trace of any session each b has its e', () => {
  fc.assert(fc.property(sessions, (records) => checkPairs(traceOf(records))));
});

test("check 66: Chrome's own trace engine pairs the calls", async () => {
  const { createMatchedSortedSyntheticEvents } = (await import(
    '@paulirish/trace_engine/models/trace/helpers/Trace.js'
  )) as { createMatchedSortedSyntheticEvents(events: readonly TraceEvent[]): readonly { name: string; dur: number }[] };
  const { SyntheticEventsManager } = (await import(
    '@paulirish/trace_engine/models/trace/helpers/SyntheticEvents.js'
  )) as { SyntheticEventsManager: { createAndActivate(events: readonly TraceEvent[]): unknown } };
  const events = traceOf(SESSION);
  SyntheticEventsManager.createAndActivate(events);
  const calls = createMatchedSortedSyntheticEvents(events.filter(({ ph }) => ph === 'b' || ph === 'e'));
  expect(calls.map(({ name, dur }) => [name, dur])).toEqual([
    ['save_note', 5100],
    ['a|b#;`', 4000],
    ['hangs', 0],
    ['plugin:fs|read_file', 4000],
  ]);
});

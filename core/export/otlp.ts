/**
 * OpenTelemetry's traces as JSON (OTLP): a CLIENT span for each call, a SERVER span inside of it for its handler, a
 * PRODUCER span for each event; messages of channels are events of their call's span. No contents: they are for people,
 * not for a collector.
 */
import type { MessageRecord } from '../record.ts';
import { bodyForPeople, type ExportInput, failed, jsonArray, phaseSum, spanOf } from './export.ts';
import { Streams } from './streams.ts';

interface Attribute {
  readonly key: string;
  readonly value: { readonly stringValue: string } | { readonly intValue: string } | { readonly boolValue: boolean };
}

interface SpanEvent {
  readonly timeUnixNano: string;
  readonly name: string;
  readonly attributes: readonly Attribute[];
}

export interface Span {
  readonly traceId: string;
  readonly spanId: string;
  readonly parentSpanId?: string;
  readonly name: string;
  readonly kind: number;
  readonly startTimeUnixNano: string;
  readonly endTimeUnixNano: string;
  readonly attributes: readonly Attribute[];
  readonly events?: readonly SpanEvent[];
  readonly status: { readonly code: number; readonly message?: string };
}

const SERVER = 2;
const CLIENT = 3;
const PRODUCER = 4;
const STATUS_UNSET = 0;
const STATUS_OK = 1;
const STATUS_ERROR = 2;

const ERROR_LENGTH = 500;
/** Messages that brought about one another: longer chains are more than one trace. */
const LONGEST_CHAIN = 100;

/** Spans of one piece of a file. */
const PIECE = 200;

export function* otlp(input: ExportInput): Generator<string> {
  const byId = new Map<number, MessageRecord>();
  const streams = new Streams();
  for (const record of input.plain()) {
    byId.set(record.id, record);
    streams.add(record);
    // Whoever writes may let others have their turn.
    yield '';
  }
  const maker = new SpanMaker({ ...input, find: (id) => byId.get(id), streamOf: (call) => streams.of(call) });
  yield '{"resourceSpans":';
  yield* jsonArray(pieces(input.records(), maker, input.tool));
  yield '}\n';
}

/** The same resource may stand in a file more than once: a session need not be in memory as spans. */
function* pieces(records: Iterable<MessageRecord>, maker: SpanMaker, tool: string): Generator<object | undefined> {
  let app = '';
  let spans: Span[] = [];
  for (const record of records) {
    if (spans.length > 0 && (record.app !== app || spans.length >= PIECE)) {
      yield resourceSpans(app, spans, tool);
      spans = [];
    }
    app = record.app;
    spans.push(...maker.spansOf(record));
    yield undefined;
  }
  if (spans.length > 0) yield resourceSpans(app, spans, tool);
}

export interface RequestOptions extends Pick<ExportInput, 'started' | 'tool'> {
  /** finds messages that other requests have: spans may have parents there */
  readonly find: Find;
}

/** One request of OTLP's trace service: the same shape as a file of traces. */
export function otlpRequest(records: readonly MessageRecord[], { started, tool, find }: RequestOptions): object {
  const here = new Set(records.map(({ id }) => id));
  const messages = records.filter(({ kind }) => kind === 'channel-message');
  const streams = Map.groupBy(messages, (record) => callOf(record, find)?.id);
  const maker = new SpanMaker({
    started,
    find,
    streamOf: (call) => streams.get(call) ?? [],
    // A message of a channel whose call is in another request has a span of its own.
    isAlone: (call) => !here.has(call),
  });
  return { resourceSpans: [...pieces(records, maker, tool)].filter((piece) => piece !== undefined) };
}

function resourceSpans(app: string, spans: readonly Span[], tool: string): object {
  const [name, version] = tool.split(' ');
  return {
    resource: { attributes: [text('service.name', app === '' ? 'tauri' : app)], droppedAttributesCount: 0 },
    scopeSpans: [{ scope: { name, version }, spans }],
  };
}

interface SpanMakerOptions {
  readonly started: number;
  /** finds what spans may have as a parent */
  readonly find: Find;
  /** the messages of a call's channels that become events of its span */
  readonly streamOf: (call: number) => readonly MessageRecord[];
  readonly isAlone?: (call: number) => boolean;
}

class SpanMaker {
  readonly #options: SpanMakerOptions;

  constructor(options: SpanMakerOptions) {
    this.#options = options;
  }

  spansOf(record: MessageRecord): readonly Span[] {
    const { started, find, streamOf, isAlone } = this.#options;
    switch (record.kind) {
      case 'invoke': {
        const events = streamOf(record.id).map((each) => spanEvent(each, started));
        return callSpans(record, find, events, started);
      }
      case 'event':
        return [eventSpan(record, find, started)];
      case 'channel-message': {
        const call = callOf(record, find);
        return call && isAlone?.(call.id) ? [eventSpan(record, find, started)] : [];
      }
      default:
        return [];
    }
  }
}

type Find = (id: number) => MessageRecord | undefined;

function callOf(record: MessageRecord, byId: Find): MessageRecord | undefined {
  const owner = record.of === undefined ? undefined : byId(record.of);
  return owner?.kind === 'channel' && owner.of !== undefined ? byId(owner.of) : owner;
}

function callSpans(record: MessageRecord, byId: Find, events: readonly SpanEvent[], started: number): readonly Span[] {
  const { start, end = start } = spanOf(record);
  const id = spanId(record.id, 0, started);
  const parent = parentOf(record, byId);
  const message = failed(record) ? bodyForPeople(record.outcome, ERROR_LENGTH) || (record.note ?? '') : '';
  const client: Span = {
    traceId: traceId(record, byId, started),
    spanId: id,
    ...(parent && { parentSpanId: handlerOrCall(parent, started) }),
    name: record.name,
    kind: CLIENT,
    startTimeUnixNano: nanos(started + start),
    endTimeUnixNano: nanos(started + end),
    attributes: attributesOf(record),
    ...(events.length > 0 && { events }),
    status: failed(record)
      ? { code: STATUS_ERROR, ...(message !== '' && { message }) }
      : { code: record.status === 'ok' ? STATUS_OK : STATUS_UNSET },
  };
  const handler = record.phases?.handler;
  if (handler === undefined) return [client];
  const from = record.time + phaseSum(record, 'check');
  const server: Span = {
    traceId: client.traceId,
    spanId: spanId(record.id, 1, started),
    parentSpanId: id,
    name: record.name,
    kind: SERVER,
    startTimeUnixNano: nanos(started + from),
    // Sums of parts of milliseconds may be a hair longer than the whole.
    endTimeUnixNano: nanos(started + Math.max(from, Math.min(from + handler, end))),
    attributes: attributesOf(record).filter(({ key }) => key.startsWith('rpc.') || key === 'error.type'),
    status: client.status,
  };
  return [client, server];
}

function eventSpan(record: MessageRecord, byId: Find, started: number): Span {
  const at = nanos(started + record.time);
  const parent = parentOf(record, byId);
  return {
    traceId: traceId(record, byId, started),
    spanId: spanId(record.id, 0, started),
    ...(parent && { parentSpanId: handlerOrCall(parent, started) }),
    name: record.name,
    kind: PRODUCER,
    startTimeUnixNano: at,
    endTimeUnixNano: at,
    attributes: attributesOf(record),
    status: { code: record.status === 'undelivered' ? STATUS_ERROR : STATUS_UNSET },
  };
}

function spanEvent(record: MessageRecord, started: number): SpanEvent {
  const attributes = [number('tauri.message.size', record.size)];
  if (record.index !== undefined) attributes.push(number('tauri.channel.index', record.index));
  return { timeUnixNano: nanos(started + record.time), name: 'channel message', attributes };
}

/** What brought a message about, where that is in the export: only such a parent exists for whoever reads it. */
function parentOf(record: MessageRecord, byId: Find): MessageRecord | undefined {
  const parent = record.kind === 'channel-message' ? callOf(record, byId) : byId(record.cause ?? record.of ?? 0);
  return parent && parent.id < record.id && (parent.kind === 'invoke' || parent.kind === 'event') ? parent : undefined;
}

function handlerOrCall(record: MessageRecord, started: number): string {
  return spanId(record.id, record.kind === 'invoke' && record.phases?.handler !== undefined ? 1 : 0, started);
}

/** All that one message brought about is one trace. */
function traceId(record: MessageRecord, byId: Find, started: number): string {
  let root = record;
  // A file may have a chain of all its messages: each would be followed to its end for each of them.
  for (let length = 1; length < LONGEST_CHAIN; length++) {
    const parent = parentOf(root, byId);
    if (!parent) break;
    root = parent;
  }
  return `${hex(seedOf(started), 16)}${hex(BigInt(root.id), 16)}`;
}

/** The same for the same message, however often it is exported; other sessions began at another time. */
function spanId(id: number, part: 0 | 1, started: number): string {
  return `${hex(seedOf(started) & 0xfff_ffffn, 7)}${hex(BigInt(id) * 2n + BigInt(part), 9)}`;
}

const seedOf = (started: number) => BigInt(Math.max(1, Math.round(started * 1000)));
const hex = (value: bigint, length: number) => value.toString(16).padStart(length, '0').slice(-length);
const nanos = (milliseconds: number) => (BigInt(Math.max(0, Math.round(milliseconds * 1000))) * 1000n).toString();

function attributesOf(record: MessageRecord): Attribute[] {
  const { name, kind, window, status, answeredBy, heard, origin } = record;
  const attributes = [text('tauri.window', window), text('tauri.status', status), number('tauri.message', record.id)];
  if (kind === 'invoke') {
    attributes.push(text('rpc.system', 'tauri_ipc'), text('rpc.method', name), number('tauri.args.size', record.size));
    if (record.outcomeSize !== undefined) attributes.push(number('tauri.result.size', record.outcomeSize));
  } else if (heard !== undefined) attributes.push(number('tauri.heard', heard));
  if (failed(record)) attributes.push(text('error.type', status));
  if (answeredBy !== undefined) attributes.push(text('tauri.answered_by', answeredBy));
  if (origin !== undefined) attributes.push(text('url.full', origin));
  return attributes;
}

const text = (key: string, stringValue: string): Attribute => ({ key, value: { stringValue } });
const number = (key: string, value: number): Attribute => ({ key, value: { intValue: String(Math.round(value)) } });

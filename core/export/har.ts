/**
 * HAR 1.2: an entry for each call, with the messages of its channels as those of a socket, in the shape in which Chrome
 * writes them. What HAR has no member for begins with `_`. Events have no place in it.
 */
import { type Body, bodySize, type MessageRecord } from '../record.ts';
import { toBase64 } from '../recording/base64.ts';
import { parseStack, UNNAMED_SCRIPT } from '../stack-frames.ts';
import { contentOf, type ExportInput, failed, iso, jsonArray, phaseSum, rounded, spanOf } from './export.ts';
import { Streams } from './streams.ts';

export const HAR_VERSION = '1.2';

export function* har(input: ExportInput): Generator<string> {
  const [name = '', version = ''] = input.tool.split(' ');
  const start = { version: HAR_VERSION, creator: { name, version }, pages: [] };
  yield `{"log":${JSON.stringify(start).slice(0, -1)},"entries":`;
  const streams = new Streams();
  for (const record of input.plain()) {
    streams.add(record);
    // Whoever writes may let others have their turn.
    yield '';
  }
  yield* jsonArray(entries(input, streams));
  yield '}}\n';
}

function* entries(input: ExportInput, streams: Streams): Generator<object | undefined> {
  for (const record of input.records()) {
    if (record.kind !== 'invoke') {
      yield undefined;
      continue;
    }
    // Made now, one call after the other: what was in a file comes into memory for that.
    const frames = streams.of(record.id).map((each) => frame(input.shown(each), input.started));
    yield entry(record, frames, input.started);
  }
}

function entry(record: MessageRecord, frames: readonly object[], started: number): object {
  const { id, name, app, window, generation, status, phases, note, answeredBy, marked, comment, headers = [] } = record;
  const { start } = spanOf(record);
  const blocked = rounded(phaseSum(record, 'queue'));
  const send = rounded(phaseSum(record, 'transport'));
  const wait = rounded(record.duration ?? 0);
  const receive = rounded(phaseSum(record, 'deliver'));
  return {
    startedDateTime: iso(started + start),
    time: rounded(blocked + send + wait + receive),
    request: {
      method: 'POST',
      url: `ipc://localhost/${encodeURIComponent(wellFormed(name))}`,
      httpVersion: 'ipc',
      cookies: [],
      headers: headers.map(([key, value]) => ({ name: key, value })),
      queryString: [],
      headersSize: -1,
      bodySize: record.size,
      ...postData(record.body),
    },
    response: response(record),
    cache: {},
    timings: { blocked, dns: -1, connect: -1, ssl: -1, send, wait, receive },
    ...(comment !== undefined && { comment }),
    _resourceType: 'ipc',
    _initiator: initiator(record),
    ...(frames.length > 0 && { _webSocketMessages: frames }),
    _ipc: {
      id,
      // The dates of HAR have whole milliseconds.
      time: record.time,
      kind: record.kind,
      app,
      win: window,
      origin: record.origin,
      generation,
      status,
      by: answeredBy,
      note,
      phases,
      cause: record.cause,
      replayOf: record.replayOf,
      marked,
      duration: record.duration,
    },
  };
}

function postData(body: Body): object {
  const content = contentOf(body);
  if (!content) return {};
  if ('text' in content) return { postData: { mimeType: 'application/json', text: content.text } };
  return {
    postData: { mimeType: 'application/octet-stream', text: toBase64(content.bytes), _encoding: 'base64' },
  };
}

function response(record: MessageRecord): object {
  const { status, outcome } = record;
  const content = contentOf(outcome);
  const size = record.outcomeSize ?? (outcome ? bodySize(outcome) : 0);
  const isBytes = content !== undefined && 'bytes' in content;
  return {
    status: status === 'pending' ? 0 : failed(record) ? 500 : 200,
    statusText: status,
    httpVersion: 'ipc',
    cookies: [],
    headers: [],
    content: {
      size,
      mimeType: isBytes ? 'application/octet-stream' : 'application/json',
      ...(content && (isBytes ? { text: toBase64(content.bytes), encoding: 'base64' } : { text: content.text })),
    },
    redirectURL: '',
    headersSize: -1,
    bodySize: size,
    ...(failed(record) && { _error: status }),
  };
}

function initiator({ pageStack }: MessageRecord): object {
  if (pageStack === undefined) return { type: 'script' };
  const callFrames = parseStack(pageStack).map(({ name, url, line, column }) => ({
    functionName: name,
    scriptId: '',
    // As Chrome writes it.
    url: url === UNNAMED_SCRIPT ? '' : url,
    lineNumber: line - 1,
    columnNumber: column - 1,
  }));
  return { type: 'script', stack: { callFrames } };
}

/** A message of a channel, as Chrome writes one of a socket: its time in seconds. */
function frame(record: MessageRecord, started: number): object {
  const content = contentOf(record.body);
  const isBytes = content !== undefined && 'bytes' in content;
  return {
    type: 'receive',
    time: (started + record.time) / 1000,
    opcode: isBytes ? 2 : 1,
    data: content ? (isBytes ? toBase64(content.bytes) : content.text) : '',
    _index: record.index,
  };
}

const wellFormed = (text: string) => text.toWellFormed();

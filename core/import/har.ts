/**
 * HAR as a recording: ours with all that it keeps, and those of browsers, where an entry is a request. What only HAR has
 * (cookies, caches, pages) is left out.
 */
import * as z from 'zod';
import { type Body, bodySize, MAX_ID, type MessageRecord, PHASES, type RecordStatus } from '../record.ts';
import { iso } from '../export/export.ts';
import { fromBase64 } from '../recording/base64.ts';
import { Duration, Time } from '../recording/ipcrec.ts';
import { Recording } from '../recording/recording.ts';

const Milliseconds = Duration.catch(-1).optional();
const Text = z.string().max(1_048_576);
/** Of a member that somebody else wrote, only what fits is taken. */
const Optional = <T extends z.ZodType>(type: T) => type.optional().catch(undefined);

const Ipc = z.object({
  id: Optional(z.int().min(1).max(MAX_ID)),
  time: Optional(Time),
  app: z.string().catch(''),
  win: z.string().catch(''),
  origin: Optional(z.string()),
  generation: z.int().min(0).catch(1),
  status: Optional(z.enum(['pending', 'ok', 'error', 'denied', 'unhandled', 'orphan', 'undelivered', 'unheard'])),
  by: Optional(z.enum(['rule', 'hand'])),
  note: Optional(z.string()),
  phases: Optional(z.partialRecord(z.enum(PHASES), Duration)),
  marked: Optional(z.boolean()),
  duration: Optional(Duration),
});

const Frame = z.object({
  type: z.string().catch('receive'),
  /** in seconds since 1970 */
  time: z.number().min(0).max(1e11),
  opcode: z.number().catch(1),
  data: z.string(),
  _index: Optional(z.int().min(0)),
});

const Entry = z.object({
  startedDateTime: z.string(),
  time: Milliseconds,
  request: z.object({
    method: Text,
    url: Text,
    headers: z.array(z.object({ name: z.string(), value: z.string() })).catch([]),
    postData: Optional(z.object({ text: z.string().default(''), _encoding: Optional(z.string()) })),
  }),
  response: z.object({
    status: z.number(),
    content: Optional(z.object({ text: Optional(z.string()), encoding: Optional(z.string()) })),
  }),
  timings: Optional(z.object({ blocked: Milliseconds, send: Milliseconds, wait: Milliseconds, receive: Milliseconds })),
  comment: Optional(z.string()),
  _ipc: Optional(Ipc),
  _webSocketMessages: Optional(z.array(Frame)),
});
type Entry = z.infer<typeof Entry>;

const Har = z.object({
  log: z.object({
    creator: Optional(z.object({ name: z.string(), version: z.string() })),
    entries: z.array(z.unknown()),
  }),
});

/** @throws Error with a sentence for people where the text is no HAR */
export function importHar(text: string): Recording {
  const parsed = Har.safeParse(parse(text));
  if (!parsed.success) throw new Error('this is no HAR file: it has no "log" with "entries"');
  const entries = parsed.data.log.entries.flatMap((each) => {
    const entry = Entry.safeParse(each);
    return entry.success && Number.isFinite(Date.parse(entry.data.startedDateTime)) ? [entry.data] : [];
  });
  const started = startOf(entries);
  const drafts = entries.flatMap((entry) => recordsOf(entry, started));
  const records = new Map(numbered(drafts).map((record) => [record.id, record]));
  const { creator } = parsed.data.log;
  const header = {
    ipcrec: 1,
    ...(creator && { tool: `${creator.name} ${creator.version}` }),
    source: 'har',
    started: iso(started),
  };
  return new Recording(header, records, parsed.data.log.entries.length - entries.length);
}

/** The time of day at which the clock of the messages is 0: of ours the session's, of others that of the first entry. */
function startOf(entries: readonly Entry[]): number {
  let first = Number.POSITIVE_INFINITY;
  for (const { startedDateTime, timings = {}, _ipc: ipc } of entries) {
    const time = Date.parse(startedDateTime);
    first = Math.min(first, ipc?.time === undefined ? time : Math.round(time + beforeArrival(timings) - ipc.time));
  }
  return Number.isFinite(first) ? first : 0;
}

/** What a call spends in its page and on its way. */
function beforeArrival({ blocked = 0, send = 0 }: NonNullable<Entry['timings']>): number {
  return Math.max(0, blocked) + Math.max(0, send);
}

function parse(text: string): unknown {
  try {
    return JSON.parse(text.replace(/^\ufeff/, ''));
  } catch (error) {
    throw new Error(`this is no HAR file: ${(error as Error).message}`, { cause: error });
  }
}

/** A record without its number, and the one that it belongs to. */
interface Draft {
  readonly record: Omit<MessageRecord, 'id'>;
  readonly id?: number | undefined;
  readonly owner?: Draft;
}

function recordsOf(entry: Entry, started: number): readonly Draft[] {
  const { request, response, timings = {}, _ipc: ipc, comment } = entry;
  const command = /^(?:ipc:\/\/localhost|https?:\/\/ipc\.localhost)\/([^?#]*)/.exec(request.url)?.[1];
  const before = beforeArrival(timings);
  const after = Math.max(0, timings.receive ?? 0);
  const total = Math.max(0, entry.time ?? 0);
  const duration = ipc ? ipc.duration : Math.max(0, total - before - after);
  const phases = ipc?.phases ?? (ipc ? undefined : measured(timings));
  const status: RecordStatus = ipc?.status ?? (response.status >= 200 && response.status < 400 ? 'ok' : 'error');
  const body = bodyOf(request.postData?.text, request.postData?._encoding);
  const content = response.content && bodyOf(response.content.text, response.content.encoding);
  const outcome = content?.kind === 'none' ? undefined : content;
  const time = ipc?.time ?? Date.parse(entry.startedDateTime) - started + before;
  const call: Draft = {
    id: ipc?.id,
    record: {
      time,
      kind: 'invoke',
      direction: 'to-host',
      app: ipc?.app ?? '',
      window: ipc?.win ?? '',
      ...(ipc?.origin !== undefined && { origin: ipc.origin }),
      generation: ipc?.generation ?? 1,
      name: command === undefined ? `${request.method} ${request.url}` : decoded(command),
      status,
      size: bodySize(body),
      body,
      ...(request.headers.length > 0 && { headers: request.headers.map(({ name, value }) => [name, value] as const) }),
      ...(outcome && { outcome, outcomeSize: bodySize(outcome) }),
      ...(duration !== undefined && { duration }),
      ...(phases && { phases }),
      ...(ipc?.by !== undefined && { answeredBy: ipc.by }),
      ...(ipc?.note !== undefined && { note: ipc.note }),
      ...(ipc?.marked && { marked: true }),
      ...(comment !== undefined && { comment }),
    },
  };
  return [call, ...framesOf(entry, call, started)];
}

function framesOf({ _webSocketMessages: frames = [], _ipc: ipc }: Entry, owner: Draft, started: number): Draft[] {
  return frames.map(({ type, time, opcode, data, _index }, place) => {
    const body = bodyOf(data, opcode === 2 ? 'base64' : undefined);
    const { app, window, generation, name } = owner.record;
    return {
      owner,
      record: {
        time: time * 1000 - started,
        kind: 'channel-message',
        direction: type === 'send' ? 'to-host' : 'to-page',
        app,
        window,
        generation,
        name,
        status: 'ok',
        size: bodySize(body),
        body,
        index: _index ?? (ipc ? 0 : place),
      },
    };
  });
}

/** Ours keep their numbers where no two have the same; all others are numbered by their time. */
function numbered(drafts: readonly Draft[]): MessageRecord[] {
  const own = drafts.flatMap(({ id }) => id ?? []);
  const keep = own.length > 0 && new Set(own).size === own.length;
  const taken = new Set(keep ? own : []);
  const ids = new Map<Draft, number>();
  let next = 1;
  for (const draft of drafts.toSorted((a, b) => a.record.time - b.record.time)) {
    if (keep && draft.id !== undefined) {
      ids.set(draft, draft.id);
      continue;
    }
    while (taken.has(next)) next++;
    ids.set(draft, next++);
  }
  return drafts.map((draft) => {
    const of = draft.owner && ids.get(draft.owner);
    return { id: ids.get(draft) ?? 0, ...draft.record, ...(of !== undefined && { of }) };
  });
}

function measured({ blocked, send, receive }: NonNullable<Entry['timings']>): MessageRecord['phases'] {
  const phases = { queue: blocked, transport: send, deliver: receive };
  const known = Object.entries(phases).filter(([, time]) => time !== undefined && time >= 0);
  return known.length === 0 ? undefined : Object.fromEntries(known);
}

/** JSON where it is some, bytes where they are base64, any other text as a JSON string. */
function bodyOf(text: string | undefined, encoding: string | undefined): Body {
  if (text === undefined || text === '') return { kind: 'none' };
  if (encoding === 'base64') {
    const bytes = fromBase64(text);
    return bytes ? { kind: 'bytes', bytes } : { kind: 'dropped' };
  }
  try {
    JSON.parse(text);
    return { kind: 'text', json: text };
  } catch {
    return { kind: 'text', json: JSON.stringify(text) };
  }
}

function decoded(text: string): string {
  try {
    return decodeURIComponent(text);
  } catch {
    return text;
  }
}

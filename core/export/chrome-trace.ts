/**
 * Chrome's trace JSON, for Perfetto and the Performance panel. Calls overlap, so each is a pair of asynchronous events; an
 * app is a process, a window a thread. An arrow leads from a call to the event that it brought about.
 */
import type { MessageRecord } from '../record.ts';
import { bodyForPeople, type ExportInput, iso, jsonArray, spanOf } from './export.ts';

const CATEGORY = 'ipc';
const ARGUMENTS_LENGTH = 1_000;

export function* chromeTrace(input: ExportInput): Generator<string> {
  const otherData = { tool: input.tool, started: iso(input.started) };
  yield `{"displayTimeUnit":"ms","otherData":${JSON.stringify(otherData)},"traceEvents":`;
  yield* jsonArray(traceEvents(input));
  yield '}\n';
}

interface Place {
  readonly pid: number;
  readonly tid: number;
}

function* traceEvents(input: ExportInput): Generator<object> {
  const places = new Places();
  const calls = new Map<number, { readonly place: Place; readonly time: number; readonly name: string }>();
  const channels = new Map<number, number>();
  for (const record of input.records()) {
    const { place, news } = places.of(record);
    yield* news;
    const ts = micros(record.time);
    const common = { cat: CATEGORY, name: record.name, ...place, ts, args: argumentsOf(record) };
    if (record.kind === 'invoke') {
      calls.set(record.id, { place, time: record.time, name: record.name });
      yield* callEvents(record, place);
      continue;
    }
    const call = record.of === undefined ? undefined : (channels.get(record.of) ?? record.of);
    if (record.kind === 'channel' && call !== undefined) channels.set(record.id, call);
    const owner = call === undefined ? undefined : calls.get(call);
    if (owner && call !== undefined) yield { ...common, ph: 'n', ...owner.place, id: idOf(call), name: owner.name };
    else yield { ...common, ph: 'i', s: 't' };
    const cause = record.cause === undefined ? undefined : calls.get(record.cause);
    if (!cause) continue;
    const flow = { cat: CATEGORY, name: record.name, id: idOf(record.id) };
    yield { ...flow, ph: 's', ...cause.place, ts: micros(cause.time) };
    yield { ...flow, ph: 'f', bp: 'e', ...place, ts: Math.max(ts, micros(cause.time)) };
  }
}

function* callEvents(record: MessageRecord, place: Place): Generator<object> {
  const { start, end = start } = spanOf(record);
  const common = { cat: CATEGORY, name: record.name, id: idOf(record.id), ...place };
  yield { ...common, ph: 'b', ts: micros(start), args: argumentsOf(record) };
  yield {
    ...common,
    ph: 'e',
    ts: micros(end),
    args: { status: record.status, result: bodyForPeople(record.outcome, ARGUMENTS_LENGTH) },
  };
}

/** Numbers for apps and windows, and the events that name them. */
class Places {
  readonly #apps = new Map<string, { readonly pid: number; readonly windows: Map<string, number> }>();

  of({ app, window }: MessageRecord): { readonly place: Place; readonly news: readonly object[] } {
    const news: object[] = [];
    let known = this.#apps.get(app);
    if (!known) {
      known = { pid: this.#apps.size + 1, windows: new Map() };
      this.#apps.set(app, known);
      news.push(metadata('process_name', { pid: known.pid, tid: 0 }, app === '' ? 'app' : app));
    }
    let tid = known.windows.get(window);
    if (tid === undefined) {
      tid = known.windows.size + 1;
      known.windows.set(window, tid);
      news.push(metadata('thread_name', { pid: known.pid, tid }, window === '' ? 'host' : window));
    }
    return { place: { pid: known.pid, tid }, news };
  }
}

function metadata(name: string, place: Place, value: string): object {
  return { ph: 'M', cat: '__metadata', name, ...place, ts: 0, args: { name: value } };
}

function argumentsOf(record: MessageRecord): object {
  const { id, kind, status, size, note, comment } = record;
  return { message: id, kind, status, size, content: bodyForPeople(record.body, ARGUMENTS_LENGTH), note, comment };
}

const idOf = (id: number) => `0x${id.toString(16)}`;
const micros = (milliseconds: number) => Math.max(0, Math.round(milliseconds * 1000));

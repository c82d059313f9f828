/**
 * The steps of a sequence: what went from whom to whom, in the order of time. A call is two steps, there and back.
 * Typed arrays, made anew when the rows changed.
 */
import { KINDS, STATUSES } from '#core/record.ts';
import type { Columns, ColumnStore, RowTest } from '../store.ts';
import { isFailure } from '../vocabulary.ts';

/** Of more messages the newest are in the sequence. */
export const MOST_MESSAGES = 50_000;

export interface Lane {
  readonly app: string;
  /** empty for the host */
  readonly window: string;
}

export interface Steps {
  readonly length: number;
  readonly slots: Uint32Array;
  readonly times: Float64Array;
  /** 1: it is the answer of a call */
  readonly answers: Uint8Array;
  readonly failures: Uint8Array;
  /** index in KINDS */
  readonly kinds: Uint8Array;
  /** 1: a call that waits */
  readonly pending: Uint8Array;
  /** index in `lanes`; where both are the same nothing went from one to the other */
  readonly from: Uint16Array;
  readonly to: Uint16Array;
  /** of a call its answer, of an answer its call; -1 where there is none */
  readonly partners: Int32Array;
  /** windows in the order in which they were seen first; the last one is the host */
  readonly lanes: readonly Lane[];
  /** older messages that are left out */
  readonly leftOut: number;
}

const INVOKE = KINDS.indexOf('invoke');
const TO_PAGE = 1;
const PENDING = STATUSES.indexOf('pending');
const ORPHAN = STATUSES.indexOf('orphan');
/** These say something of one side and go nowhere. */
const LOCAL = new Set([KINDS.indexOf('window'), KINDS.indexOf('problem'), KINDS.indexOf('resource')]);

const ANSWERED = (rows: Columns, at: number) =>
  rows.kind[at] === INVOKE &&
  rows.status[at] !== PENDING &&
  rows.status[at] !== ORPHAN &&
  !Number.isNaN(rows.duration[at] ?? Number.NaN);

export function stepsOf(store: ColumnStore, test: RowTest | undefined, most = MOST_MESSAGES): Steps {
  const slots = new Uint32Array(store.length);
  let found = 0;
  const take = (slot: number) => {
    slots[found++] = slot;
  };
  store.scan(store.start, store.end, test ?? (() => true), take);
  return makeSteps(store, slots.subarray(Math.max(0, found - most), found), Math.max(0, found - most));
}

/** What is known of each message before the steps have their places. */
interface Messages {
  readonly slots: Uint32Array;
  readonly times: Float64Array;
  /** when a call was answered; NaN for what has no answer */
  readonly ends: Float64Array;
  /** -1: the host itself */
  readonly windows: Int16Array;
  readonly kinds: Uint8Array;
  readonly flags: Uint8Array;
  readonly lanes: readonly Lane[];
}

const TO_HOST = 1;
const IS_LOCAL = 2;
const FAILED = 4;
const IS_PENDING = 8;

function makeSteps(store: ColumnStore, slots: Uint32Array, leftOut: number): Steps {
  const messages = readMessages(store, slots);
  const order = sortedBy(messages.times, allOf(messages.times.length));
  const answered = allOf(messages.ends.length).filter((at) => !Number.isNaN(messages.ends[at] ?? Number.NaN));
  return merge(messages, order, sortedBy(messages.ends, answered), leftOut);
}

function readMessages(store: ColumnStore, slots: Uint32Array): Messages {
  const { length } = slots;
  const lanes: Lane[] = [];
  const messages = {
    slots,
    times: new Float64Array(length),
    ends: new Float64Array(length).fill(Number.NaN),
    windows: new Int16Array(length),
    kinds: new Uint8Array(length),
    flags: new Uint8Array(length),
    lanes,
  };
  /** lanes by the store's numbers of app and window */
  const known = new Map<number, number>();
  let index = 0;
  const read: RowTest = (rows, at) => {
    const [app, window] = [rows.app[at] ?? 0, rows.window[at] ?? 0];
    const pair = app * 0x1_0000_0000 + window;
    let lane = known.get(pair);
    if (lane === undefined) {
      const named = { app: store.strings.text(app), window: store.strings.text(window) };
      lane = named.window === '' ? -1 : lanes.push(named) - 1;
      known.set(pair, lane);
    }
    const [kind, time] = [rows.kind[at] ?? 0, rows.time[at] ?? 0];
    messages.times[index] = time;
    if (ANSWERED(rows, at)) messages.ends[index] = time + (rows.duration[at] ?? 0);
    messages.windows[index] = lane;
    messages.kinds[index] = kind;
    messages.flags[index] =
      (rows.direction[at] === TO_PAGE ? 0 : TO_HOST) |
      (lane < 0 || LOCAL.has(kind) ? IS_LOCAL : 0) |
      (isFailure(rows, at) ? FAILED : 0) |
      (kind === INVOKE && rows.status[at] === PENDING ? IS_PENDING : 0);
    index++;
    return true;
  };
  for (const slot of slots) store.test(slot, read);
  return messages;
}

const allOf = (length: number) => new Uint32Array(length).map((_, at) => at);

/** Places in the order of what stands there; equal ones stay as they were. Records mostly come sorted. */
function sortedBy(values: Float64Array, places: Uint32Array): Uint32Array {
  const value = (at: number) => values[places[at] ?? 0] ?? 0;
  for (let at = 1; at < places.length; at++) {
    if (value(at) < value(at - 1)) return places.sort((one, other) => (values[one] ?? 0) - (values[other] ?? 0));
  }
  return places;
}

function merge(messages: Messages, order: Uint32Array, answered: Uint32Array, leftOut: number): Steps {
  const { times, ends, slots, windows, kinds, flags, lanes } = messages;
  const length = order.length + answered.length;
  const host = lanes.length;
  const steps = {
    length,
    slots: new Uint32Array(length),
    times: new Float64Array(length),
    answers: new Uint8Array(length),
    failures: new Uint8Array(length),
    kinds: new Uint8Array(length),
    pending: new Uint8Array(length),
    from: new Uint16Array(length),
    to: new Uint16Array(length),
    partners: new Int32Array(length).fill(-1),
    lanes: [...lanes, { app: '', window: '' }],
    leftOut,
  };
  /** where the step of each message is */
  const places = new Int32Array(order.length);
  let [next, nextAnswer] = [0, 0];
  for (let at = 0; at < length; at++) {
    const [message = -1, answer = -1] = [order[next], answered[nextAnswer]];
    // At the same time the call comes first.
    const isAnswer = message < 0 || (answer >= 0 && (ends[answer] ?? 0) < (times[message] ?? 0));
    const own = isAnswer ? answer : message;
    if (isAnswer) nextAnswer++;
    else next++;
    const flag = flags[own] ?? 0;
    const window = windows[own] ?? -1;
    const lane = window < 0 ? host : window;
    const isToHost = ((flag & TO_HOST) !== 0) !== isAnswer;
    const isLocal = (flag & IS_LOCAL) !== 0;
    steps.slots[at] = slots[own] ?? 0;
    steps.times[at] = (isAnswer ? ends : times)[own] ?? 0;
    steps.answers[at] = isAnswer ? 1 : 0;
    steps.kinds[at] = kinds[own] ?? 0;
    steps.pending[at] = (flag & IS_PENDING) !== 0 ? 1 : 0;
    steps.from[at] = isLocal || isToHost ? lane : host;
    steps.to[at] = isLocal || !isToHost ? lane : host;
    // Of a call that was answered the answer has failed, not the call.
    const failsHere = isAnswer || Number.isNaN(ends[own] ?? Number.NaN);
    steps.failures[at] = failsHere && (flag & FAILED) !== 0 ? 1 : 0;
    if (!isAnswer) places[own] = at;
    else {
      const call = places[own] ?? 0;
      steps.partners[at] = call;
      steps.partners[call] = at;
    }
  }
  return steps;
}

/** The first step that is not before a time. */
export function firstStepFrom({ times, length }: Steps, time: number): number {
  let low = 0;
  let high = length;
  while (low < high) {
    const middle = (low + high) >>> 1;
    if ((times[middle] ?? 0) < time) low = middle + 1;
    else high = middle;
  }
  return low;
}

/** The step of a row: the one there, or the one back; -1 where it is left out. */
export function stepOf(steps: Steps, slot: number, time: number, isAnswer = false): number {
  for (let at = firstStepFrom(steps, time); at < steps.length && steps.times[at] === time; at++) {
    if (steps.slots[at] !== slot || steps.answers[at] !== 0) continue;
    const answer = steps.partners[at] ?? -1;
    return isAnswer && answer >= 0 ? answer : at;
  }
  return -1;
}

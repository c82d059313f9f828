/** Where a message stands in time: the parts of its bar, from its row. */
import type { Row } from '#core/inspector-messages.ts';
import { type Phase, PHASES } from '#core/record.ts';
import { formatDuration, formatTime } from '../format.ts';
import type { Range } from './scale.ts';

export const PHASE_WORDS: Readonly<Record<Phase, string>> = {
  queue: 'Queue in the page',
  transport: 'To the host',
  check: 'Permission and arguments',
  handler: 'Handler',
  serialize: 'Answer',
  deliver: 'To the page',
};

export interface Segment extends Range {
  /** `call`: its phases were not measured; `open`: a channel or a resource */
  readonly part: Phase | 'call' | 'open';
}

export interface Timing extends Range {
  /** without segments it is an instant */
  readonly segments: readonly Segment[];
  readonly isPending: boolean;
}

type TimedRow = Pick<Row, 'kind' | 'time' | 'status' | 'duration' | 'phases'>;

/**
 * @param now the session's clock: how far what waits has come
 * @param last when the last message of a channel came
 */
export function timingOf(row: TimedRow, now: number, last?: number): Timing {
  const isPending = row.status === 'pending';
  if (row.kind === 'invoke') return callTiming(row, isPending, now);
  if (row.kind === 'channel' || row.kind === 'resource') {
    const to = isPending ? Math.max(now, row.time) : Math.max(row.time + (row.duration ?? 0), last ?? row.time);
    if (to > row.time || isPending) {
      return { from: row.time, to, segments: [{ part: 'open', from: row.time, to }], isPending };
    }
  }
  return { from: row.time, to: row.time, segments: [], isPending: false };
}

function callTiming({ time, duration, phases = {} }: TimedRow, isPending: boolean, now: number): Timing {
  const segments: Segment[] = [];
  let at = time - (phases.queue ?? 0) - (phases.transport ?? 0);
  const from = at;
  const add = (part: Segment['part'], length: number) => {
    if (length > 0) segments.push({ part, from: at, to: at + length });
    at += Math.max(0, length);
  };
  add('queue', phases.queue ?? 0);
  add('transport', phases.transport ?? 0);
  if (isPending) add('call', Math.max(now - time, Number.MIN_VALUE));
  else {
    const end = time + (duration ?? 0);
    for (const phase of ['check', 'handler', 'serialize'] as const) {
      add(phase, Math.min(phases[phase] ?? 0, Math.max(0, end - at)));
    }
    // What was not measured, and rounding.
    add('call', end - at);
    add('deliver', phases.deliver ?? 0);
  }
  return { from, to: at, segments, isPending };
}

/** The lines of a timing table: what was measured, and the whole. */
export function timingLines(row: Row, now: number): readonly (readonly [label: string, value: string])[] {
  const { phases = {} } = row;
  const lines: [string, string][] = [['Start', formatTime(row.time)]];
  for (const phase of PHASES) {
    const length = phases[phase];
    if (length !== undefined) lines.push([PHASE_WORDS[phase], formatDuration(length)]);
  }
  const timing = timingOf(row, now);
  if (row.kind === 'invoke' || timing.segments.length > 0) {
    lines.push([timing.isPending ? 'Waits for' : 'Total', formatDuration(timing.to - timing.from)]);
  }
  return lines;
}

/** What the bar shows, in words. */
export function timingText(row: Row): string {
  const words = (PHASES as readonly Phase[])
    .filter((phase) => row.phases?.[phase] !== undefined)
    .map((phase) => `${PHASE_WORDS[phase]} ${formatDuration(row.phases?.[phase] ?? 0)}`);
  return words.length > 0 ? words.join(', ') : row.duration === undefined ? '' : formatDuration(row.duration);
}

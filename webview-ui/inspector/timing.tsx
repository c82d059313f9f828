import { useEffect, useMemo } from 'preact/hooks';
import type { Row } from '#core/inspector-messages.ts';
import { PHASES, type Phase, type Phases } from '#core/record.ts';
import { formatCount, plural } from './format.ts';
import type { Inspector } from './inspector.ts';
import { PHASE_WORDS } from './time/timing.ts';

/** What is measured in the host: together a call's duration. */
const IN_DURATION: readonly Phase[] = ['check', 'handler', 'serialize'];
/** Ticks of channel messages that are drawn: more would be one line. */
const TICKS = 200;

interface TimingProps {
  readonly inspector: Inspector;
  readonly row: Row;
  readonly phases: Phases | undefined;
}

/** How long a call took, by its parts: a bar with ticks for what its channels sent, and the same in numbers. */
export function Timing({ inspector, row, phases = {} }: TimingProps) {
  const messages = useMessages(inspector, row);
  const measured = PHASES.filter((phase) => phases[phase] !== undefined);
  const total = measured.reduce((sum, phase) => sum + (phases[phase] ?? 0), 0);
  const absent = PHASES.filter((phase) => phases[phase] === undefined);
  const before = (phases.queue ?? 0) + (phases.transport ?? 0);
  const last = messages.at(-1);
  const scale = Math.max(total, row.duration ?? 0, last === undefined ? 0 : before + last, 0.001);
  const share = (length: number) => `${Math.min(100, (length / scale) * 100)}%`;
  return (
    <div class="facts" tabIndex={0} role="region" aria-label="Timing">
      {row.duration === undefined && <p class="faint">{unfinished(row)}</p>}
      <div class="track" aria-hidden="true">
        {measured.map((phase) => (
          <span
            key={phase}
            class={`phase phase-${phase}`}
            style={{ width: share(phases[phase] ?? 0) }}
            title={`${PHASE_WORDS[phase]}: ${exact(phases[phase] ?? 0)}`}
          />
        ))}
        {ticksOf(messages, scale - before).map((at) => (
          <span key={at} class="tick" style={{ left: share(before + at) }} />
        ))}
      </div>
      <table class="timing">
        <caption class="for-readers">The parts of this call in milliseconds</caption>
        <tbody>
          {measured.map((phase) => (
            <PhaseRow key={phase} phase={phase} length={phases[phase] ?? 0} total={total} />
          ))}
          {row.duration !== undefined && (
            <tr class="timing-total">
              <th scope="row">
                {measured.some((phase) => !IN_DURATION.includes(phase)) ? 'In the host' : 'All together'}
              </th>
              <td class="timing-number">{exact(row.duration)}</td>
              <td />
            </tr>
          )}
        </tbody>
      </table>
      {messages.length > 0 && (
        <p>
          {plural(messages.length, 'channel message')}, the first {exact(messages[0] ?? 0)} and the last{' '}
          {exact(last ?? 0)} after the call arrived{rate(messages)}. The bar has a tick for each.
        </p>
      )}
      {absent.length > 0 && row.duration !== undefined && (
        <p class="faint">Not measured: {absent.map((phase) => PHASE_WORDS[phase].toLowerCase()).join(', ')}.</p>
      )}
    </div>
  );
}

function PhaseRow({
  phase,
  length,
  total,
}: {
  readonly phase: Phase;
  readonly length: number;
  readonly total: number;
}) {
  return (
    <tr>
      <th scope="row">
        <span class={`swatch phase-${phase}`} aria-hidden="true" />
        {PHASE_WORDS[phase]}
      </th>
      <td class="timing-number">{exact(length)}</td>
      <td class="timing-number faint">{total > 0 ? `${((length / total) * 100).toFixed(0)} %` : ''}</td>
    </tr>
  );
}

/** Two digits: what is rounded still adds up. */
const exact = (milliseconds: number) => `${milliseconds.toFixed(2)} ms`;

function unfinished({ status }: Row): string {
  if (status === 'pending') return 'No answer yet: its parts are known when it comes.';
  return 'It was never answered, so its time has no parts.';
}

/** When the messages of a call's channels left, in ms after the call arrived. */
function useMessages(inspector: Inspector, { id, time }: Row): readonly number[] {
  void inspector.frame.value;
  const stream = useMemo(() => inspector.openStream(id), [inspector, id]);
  useEffect(() => () => stream.close(), [stream]);
  const times: number[] = [];
  for (let at = 0; at < stream.view.length; at++) {
    const row = inspector.store.row(stream.view.slotAt(at) ?? -1);
    if (row?.kind === 'channel-message') times.push(row.time - time);
  }
  return times;
}

/** One for each place that can be told from its neighbour. */
function ticksOf(times: readonly number[], scale: number): number[] {
  const step = Math.max(scale, 0.001) / TICKS;
  return [...new Set(times.map((time) => Math.round(time / step)))].map((at) => at * step);
}

function rate(times: readonly number[]): string {
  const span = (times.at(-1) ?? 0) - (times[0] ?? 0);
  return times.length < 3 || span < 1
    ? ''
    : ` (${formatCount(Math.round(((times.length - 1) / span) * 1000))} per second)`;
}

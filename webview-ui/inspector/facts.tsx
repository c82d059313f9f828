import type { ComponentChildren } from 'preact';
import type { Row } from '#core/inspector-messages.ts';
import type { Phases } from '#core/record.ts';
import { formatDuration, formatSize, formatTime } from './format.ts';
import type { Inspector, Shown } from './inspector.ts';
import { KIND_WORDS, statusWord } from './vocabulary.ts';

interface FactsProps {
  readonly inspector: Inspector;
  readonly shown: Shown & { readonly kind: 'detail' };
  readonly row: Row;
}

/** Headers, timing and where a message comes from. */
export function MessageFacts({ inspector, shown, row }: FactsProps) {
  const { detail } = shown;
  const link = (id: number) => (
    <button type="button" class="link" onClick={() => inspector.goTo(id)}>
      #{id}
    </button>
  );
  const facts: readonly (readonly [string, ComponentChildren])[] = [
    ['Kind', `${KIND_WORDS[row.kind].text}, ${row.direction === 'to-host' ? 'page to host' : 'host to page'}`],
    ['Window', row.window === '' ? 'host' : `${row.window} (page load ${detail.generation})`],
    ['Remote page', detail.origin ?? ''],
    ['App', row.app],
    ['Time', formatTime(row.time)],
    ['Status', statusWord(row).text],
    ['Answered by', row.answeredBy !== undefined && (row.answeredBy === 'rule' ? 'a rule' : 'hand')],
    ['Duration', row.duration !== undefined && formatDuration(row.duration)],
    ['Size', formatSize(row.size)],
    ['Belongs to', row.of !== undefined && link(row.of)],
    ['Copy of', row.replayOf !== undefined && link(row.replayOf)],
    [
      'Related',
      detail.related.total > 0 && (
        <>
          {detail.related.ids.slice(0, 12).map((id) => (
            <span key={id}>{link(id)} </span>
          ))}
          {detail.related.total > 12 && <span class="faint">and {detail.related.total - 12} more</span>}
        </>
      ),
    ],
  ];
  return (
    <div class="facts" tabIndex={0} role="region" aria-label="Message">
      <dl>
        {facts
          .filter(([, value]) => value !== false && value !== '')
          .map(([name, value]) => (
            <Fact key={name} name={name} value={value} />
          ))}
      </dl>
      {row.duration !== undefined && detail.phases && <Timing duration={row.duration} phases={detail.phases} />}
      {detail.headers.length > 0 && (
        <>
          <h3>Headers</h3>
          <dl class="headers">
            {detail.headers.map(([name, value], at) => (
              <Fact key={at} name={name} value={value} />
            ))}
          </dl>
        </>
      )}
    </div>
  );
}

function Fact({ name, value }: { readonly name: string; readonly value: ComponentChildren }) {
  return (
    <>
      <dt>{name}</dt>
      <dd>{value}</dd>
    </>
  );
}

interface TimingProps {
  readonly duration: number;
  readonly phases: Phases;
}

function Timing({ duration, phases }: TimingProps) {
  const { check = 0, handler = 0 } = phases;
  const parts: readonly (readonly [string, string, number])[] = [
    ['Parsing, permission, arguments', 'host', check],
    ['Handler', 'handler', handler],
    ['Answer', 'answer', Math.max(0, duration - check - handler)],
  ];
  const known = parts.filter(([, , length]) => length > 0);
  return (
    <>
      <h3>Timing</h3>
      <table class="timing">
        <tbody>
          {known.map(([name, kind, length]) => (
            <tr key={kind}>
              <th scope="row">{name}</th>
              <td class="timing-number">{formatDuration(length)}</td>
              <td class="timing-bar" aria-hidden="true">
                <span class={kind} style={{ width: `${Math.min(100, (length / Math.max(duration, 0.001)) * 100)}%` }} />
              </td>
            </tr>
          ))}
          <tr>
            <th scope="row">All together</th>
            <td class="timing-number">{formatDuration(duration)}</td>
            <td />
          </tr>
        </tbody>
      </table>
    </>
  );
}

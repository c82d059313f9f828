import type { ComponentChildren } from 'preact';
import type { Row } from '#core/inspector-messages.ts';
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

/** What stands in the cells of a message. */
import type { ComponentChildren } from 'preact';
import type { Row } from '#core/inspector-messages.ts';
import { type BuiltIn, type Column, pathOf } from './columns.ts';
import {
  formatAge,
  formatClock,
  formatCount,
  formatDuration,
  formatOffset,
  formatSize,
  formatTime,
  splitName,
} from './format.ts';
import { Icon } from './icon.tsx';
import { Marked } from './marked.tsx';
import { timingText } from './time/timing.ts';
import { ANSWERER_WORDS, KIND_WORDS, statusWord } from './vocabulary.ts';

export interface CellContext {
  readonly pattern: RegExp | undefined;
  /** seconds, of what waits */
  readonly age: number;
  /** what the time is counted from: 0 is the session's begin; NaN: there is nothing to count from */
  readonly since: number;
  /** when the session's clock was 0, in ms since 1970; undefined: times are counted */
  readonly epoch: number | undefined;
  /** texts of columns that show a path, by path */
  readonly texts: Readonly<Record<string, string>>;
}

export function cellOf(column: Column, row: Row, context: CellContext): ComponentChildren {
  const path = pathOf(column.id);
  if (path === undefined) return CELLS[column.id as BuiltIn](row, context);
  const text = context.texts[path] ?? '';
  return (
    <span title={text}>
      <Marked text={text} pattern={context.pattern} />
    </span>
  );
}

/** Where a row's mark and note are: a narrow list has no numbers. */
export function annotatedColumn(columns: readonly Column[]): number {
  const places = ['id', 'name'].map((wanted) => columns.findIndex(({ id }) => id === wanted));
  return places.find((at) => at >= 0) ?? 0;
}

export function Annotations({ row }: { readonly row: Row }) {
  return (
    <>
      {row.marked && (
        <span class="annotation" title="Marked">
          ★<span class="for-readers"> marked </span>
        </span>
      )}
      {row.comment !== undefined && (
        <span class="annotation" title={row.comment}>
          ✎<span class="for-readers"> note: {row.comment} </span>
        </span>
      )}
    </>
  );
}

type Cell = (row: Row, context: CellContext) => ComponentChildren;

const CELLS: Readonly<Record<BuiltIn, Cell>> = {
  id: (row) => row.id,
  time: (row, { since, epoch }) => {
    if (epoch !== undefined) return formatClock(epoch + row.time);
    return since === 0 ? formatTime(row.time) : Number.isNaN(since) ? '' : formatOffset(row.time - since);
  },
  direction: (row) => {
    const isToHost = row.direction === 'to-host';
    const text = isToHost ? 'page to host' : 'host to page';
    return (
      <span title={text}>
        <Icon name={isToHost ? 'arrow-right' : 'arrow-left'} class={row.direction} />
        <span class="for-readers">{text}</span>
      </span>
    );
  },
  name: (row, { pattern }) => {
    const [plugin, command] = splitName(row.name);
    const kind = KIND_WORDS[row.kind];
    const mark = nameMark(row);
    return (
      <>
        <Icon name={kind.icon} class="kind" />
        <span class="for-readers">{kind.text}: </span>
        <span class="name" title={row.name}>
          {plugin !== '' && (
            <span class="plugin">
              <Marked text={plugin} pattern={pattern} />
            </span>
          )}
          <Marked text={command} pattern={pattern} />
        </span>
        {mark !== '' && <span class="count">{mark}</span>}
        {row.replayOf !== undefined && (
          <span class="resent" title={`Sent again: a copy of #${row.replayOf}`}>
            <Icon name="debug-rerun" />
            <span class="for-readers"> sent again</span>
          </span>
        )}
        {row.answeredBy !== undefined && (
          <span class="resent" title={row.note}>
            <Icon name={ANSWERER_WORDS[row.answeredBy].icon} />
            <span class="for-readers"> {ANSWERER_WORDS[row.answeredBy].text}</span>
          </span>
        )}
      </>
    );
  },
  window: (row, { pattern }) => (
    <span title={row.app === '' ? row.window : `${row.window} · ${row.app}`}>
      {row.window === '' ? <span class="faint">host</span> : <Marked text={row.window} pattern={pattern} />}
    </span>
  ),
  status: (row) => {
    const word = statusWord(row);
    return (
      <span class="status" title={row.note}>
        <Icon name={word.icon} />
        <span>{word.text}</span>
      </span>
    );
  },
  duration: (row, { age }) =>
    row.duration !== undefined
      ? formatDuration(row.duration)
      : row.status === 'pending' && row.kind === 'invoke'
        ? formatAge(age)
        : '',
  size: (row) => sizeText(row.size),
  preview: (row, { pattern }) =>
    row.preview === '' && row.note !== undefined ? (
      <span class="note">
        <Marked text={row.note} pattern={pattern} />
      </span>
    ) : (
      <Marked text={row.preview} pattern={pattern} />
    ),
  // The bars are painted over it.
  waterfall: (row) => <span class="for-readers">{timingText(row)}</span>,
  source: (row, { pattern }) => (
    <span title={row.app}>
      <Marked text={row.app} pattern={pattern} />
    </span>
  ),
  'args-size': (row) => sizeText(row.size - (row.outcomeSize ?? 0)),
  'result-size': (row) => sizeText(row.outcomeSize ?? 0),
  'answered-by': (row) => (row.answeredBy === undefined ? '' : row.answeredBy === 'rule' ? 'rule' : 'by hand'),
  chain: (row) => {
    const origin = row.of ?? row.cause;
    return origin === undefined ? '' : `#${origin}`;
  },
  note: (row, { pattern }) =>
    row.comment !== undefined && (
      <span class="note" title={row.comment}>
        <Marked text={row.comment} pattern={pattern} />
      </span>
    ),
};

const sizeText = (bytes: number) => (bytes === 0 ? '' : formatSize(bytes));

function nameMark(row: Row): string {
  if (row.index === undefined) return '';
  return row.kind === 'channel' ? `⇶ ${formatCount(row.index)}` : `#${row.index}`;
}

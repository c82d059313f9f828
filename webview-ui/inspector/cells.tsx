/** What stands in the cells of a message. */
import type { ComponentChild } from 'preact';
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
import { marked } from './marked.tsx';
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

/**
 * What a cell is made of. A sign alone is the cell itself and no element in it, and nothing in a row is a component that
 * need not be: thirty rows have hundreds of cells, and while messages stream in all of them change with each drawing.
 */
interface Cell {
  readonly content?: readonly ComponentChild[];
  readonly class?: string | undefined;
  /** what a screen reader says instead of the content */
  readonly label?: string;
  readonly title?: string | undefined;
}

export function cellOf(column: Column, row: Row, context: CellContext): Cell {
  const path = pathOf(column.id);
  return path === undefined
    ? CELLS[column.id as BuiltIn](row, context)
    : textCell(context.texts[path] ?? '', context.pattern);
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

const textCell = (text: string, pattern: RegExp | undefined, title = text): Cell => ({
  title,
  content: [marked(text, pattern)],
});

const CELLS: Readonly<Record<BuiltIn, (row: Row, context: CellContext) => Cell>> = {
  id: (row) => ({ content: [row.id] }),
  time: (row, { since, epoch }) => ({ content: [timeText(row, since, epoch)] }),
  direction: (row) => {
    const isToHost = row.direction === 'to-host';
    const label = isToHost ? 'page to host' : 'host to page';
    return { class: `codicon codicon-arrow-${isToHost ? 'right' : 'left'} ${row.direction}`, label, title: label };
  },
  name: (row, { pattern }) => {
    const [plugin, command] = splitName(row.name);
    const kind = KIND_WORDS[row.kind];
    const mark = nameMark(row);
    return {
      class: plugin === '' ? undefined : 'of-plugin',
      content: [
        <span key="kind" class={`codicon codicon-${kind.icon} kind`} role="img" aria-label={`${kind.text}:`} />,
        <span key="name" class="name" title={row.name}>
          {plugin !== '' && <span class="plugin">{marked(plugin, pattern)}</span>}
          {plugin === '' ? marked(command, pattern) : <span class="command">{marked(command, pattern)}</span>}
        </span>,
        mark !== '' && (
          <span key="mark" class="count">
            {mark}
          </span>
        ),
        row.replayOf !== undefined && (
          <span key="resent" class="resent" title={`Sent again: a copy of #${row.replayOf}`}>
            <Icon name="debug-rerun" />
            <span class="for-readers"> sent again</span>
          </span>
        ),
        row.answeredBy !== undefined && (
          <span key="answered" class="resent" title={row.note}>
            <Icon name={ANSWERER_WORDS[row.answeredBy].icon} />
            <span class="for-readers"> {ANSWERER_WORDS[row.answeredBy].text}</span>
          </span>
        ),
      ],
    };
  },
  window: (row, { pattern }) =>
    textCell(row.window === '' ? 'host' : row.window, row.window === '' ? undefined : pattern, windowTitle(row)),
  status: (row) => {
    const word = statusWord(row);
    const icon = <span key="icon" class={`codicon codicon-${word.icon}`} aria-hidden="true" />;
    return { class: 'status', title: row.note, content: [icon, word.text] };
  },
  duration: (row, { age }) => ({ content: [durationText(row, age)] }),
  size: (row) => ({ content: [sizeText(row.size)] }),
  preview: (row, { pattern }) =>
    row.preview === '' && row.note !== undefined
      ? { class: 'note', content: [marked(row.note, pattern)] }
      : { content: [marked(row.preview, pattern)] },
  // The bars are painted over it.
  waterfall: (row) => ({ label: timingText(row) }),
  source: (row, { pattern }) => textCell(row.app, pattern),
  'args-size': (row) => ({ content: [sizeText(row.size - (row.outcomeSize ?? 0))] }),
  'result-size': (row) => ({ content: [sizeText(row.outcomeSize ?? 0)] }),
  'answered-by': (row) => ({ content: [row.answeredBy && (row.answeredBy === 'rule' ? 'rule' : 'by hand')] }),
  chain: (row) => {
    const origin = row.of ?? row.cause;
    return { content: [origin !== undefined && `#${origin}`] };
  },
  note: (row, { pattern }) => (row.comment === undefined ? {} : { class: 'note', ...textCell(row.comment, pattern) }),
};

function timeText({ time }: Row, since: number, epoch: number | undefined): string {
  if (epoch !== undefined) return formatClock(epoch + time);
  return since === 0 ? formatTime(time) : Number.isNaN(since) ? '' : formatOffset(time - since);
}

function durationText({ duration, status, kind }: Row, age: number): string {
  if (duration !== undefined) return formatDuration(duration);
  return status === 'pending' && kind === 'invoke' ? formatAge(age) : '';
}

const windowTitle = ({ window, app }: Row) => (app === '' ? window : `${window} · ${app}`);

const sizeText = (bytes: number) => (bytes === 0 ? '' : formatSize(bytes));

function nameMark(row: Row): string {
  if (row.index === undefined) return '';
  return row.kind === 'channel' ? `⇶ ${formatCount(row.index)}` : `#${row.index}`;
}

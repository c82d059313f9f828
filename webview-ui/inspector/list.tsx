import { Component, type ComponentChildren, type RefObject } from 'preact';
import { useMemo, useRef, useState } from 'preact/hooks';
import type { Row } from '#core/inspector-messages.ts';
import { type Column, fittingColumns, gridTemplate, type Widths, widthOf } from './columns.ts';
import { Empty } from './empty.tsx';
import { formatAge, formatCount, formatDuration, formatSize, formatTime, splitName } from './format.ts';
import { Icon } from './icon.tsx';
import type { Inspector } from './inspector.ts';
import { Marked } from './marked.tsx';
import { timingText } from './time/timing.ts';
import { useTimingTable, Waterfall, WaterfallScale } from './time/waterfall.tsx';
import { ANSWERER_WORDS, KIND_WORDS, statusWord } from './vocabulary.ts';
import { useScroller, useSeconds, VirtualRows } from './virtualRows.tsx';

const ROW_HEIGHT = 22;
/** with its border */
const HEADER_HEIGHT = 23;

interface ListProps {
  readonly inspector: Inspector;
  readonly boxRef: RefObject<HTMLDivElement | null>;
  /** Enter: on to the details */
  readonly onOpen: () => void;
  readonly onClose: () => void;
}

/** Where the list stands in the stream of rows. */
interface Following {
  isOn: boolean;
  /** how many rows there had ever been when the end was last in sight */
  seen: number;
  /** of the view: how many had gone at the front, and which filter it had */
  removed: number;
  version: number;
  reveal: unknown;
}

export function MessageList({ inspector, boxRef: listRef, onOpen, onClose }: ListProps) {
  void inspector.frame.value;
  const { view, store } = inspector;
  const version = inspector.viewVersion.value;
  const reveal = inspector.reveal.value;
  const selected = inspector.selected.value;
  const { columns: widths } = inspector.arrangement.value;

  const following = useRef<Following>({ isOn: true, seen: 0, removed: 0, version, reveal: undefined }).current;
  const scroller = useScroller(ROW_HEIGHT, {
    boxRef: listRef,
    covered: HEADER_HEIGHT,
    onScroll: (viewport) => {
      following.isOn = viewport.isAtEnd;
    },
  });
  const { viewport } = scroller;
  useSeconds(store.count('pending') > 0);

  // The position is settled before drawing, so that one frame draws once.
  if (following.version !== version) {
    following.version = version;
    following.removed = view.removed;
    following.seen = view.length + view.removed;
  } else if (!following.isOn) viewport.shift(view.removed - following.removed);
  following.removed = view.removed;
  viewport.count = view.length;
  if (reveal !== following.reveal) {
    following.reveal = reveal;
    const slot = reveal ? store.slotOf(reveal.id) : -1;
    const index = slot < 0 ? -1 : view.indexOf(slot);
    if (index >= 0) {
      viewport.reveal(index);
      following.isOn = viewport.isAtEnd;
    }
  }
  if (following.isOn) viewport.toEnd();
  if (viewport.isAtEnd) following.seen = view.length + view.removed;
  const unseen = view.length + view.removed - following.seen;

  const columns = useMemo(() => fittingColumns(scroller.width || 1000, widths), [scroller.width, widths]);
  const template = gridTemplate(columns, widths);

  const goToEnd = () => {
    following.isOn = true;
    scroller.redraw();
    listRef.current?.focus();
  };
  const onKeyDown = (event: KeyboardEvent) => {
    if (event.ctrlKey || event.metaKey || event.altKey || event.target !== listRef.current) return;
    const index = inspector.selectedIndex;
    const last = view.length - 1;
    const steps: Readonly<Record<string, () => void>> = {
      ArrowDown: () => inspector.selectAt(index < 0 ? viewport.span(0).first : index + 1),
      ArrowUp: () => inspector.selectAt(index < 0 ? last : index - 1),
      PageDown: () => inspector.selectAt(Math.max(0, index) + viewport.page),
      PageUp: () => inspector.selectAt((index < 0 ? last : index) - viewport.page),
      Home: () => inspector.selectAt(0),
      End: () => inspector.selectAt(last),
      Enter: () => (index < 0 ? inspector.selectAt(last) : onOpen()),
      Escape: onClose,
    };
    const step = steps[event.key];
    if (!step) return;
    event.preventDefault();
    step();
  };
  const onPointerDown = (event: PointerEvent) => {
    const row = rowOf(event);
    if (row && event.button === 0) inspector.select(Number(row.getAttribute('data-id')));
  };

  const row = (index: number) => {
    const item = store.row(view.slotAt(index) ?? -1);
    // Not by the index: rows that go at the front must leave the others as they are.
    const place = view.removed + index;
    return (
      item && (
        <MessageRow
          // Rows that scroll out give their elements to rows that scroll in.
          key={place % 256}
          row={item}
          place={place}
          isSelected={item.id === selected}
          columns={columns}
          pattern={inspector.highlight.value}
          age={item.status === 'pending' ? Math.floor((inspector.sessionTime - item.time) / 1000) : 0}
        />
      )
    );
  };
  const span = viewport.span(6);
  const inSight = viewport.span(0);
  const waterfall = columns.findIndex(({ id }) => id === 'waterfall');
  const timing = useTimingTable(inspector);
  const selectedIndex = inspector.selectedIndex;
  const isSelectedDrawn = selectedIndex >= span.first && selectedIndex < span.last;
  return (
    <div class="list">
      <div
        class="grid scroll-box"
        role="grid"
        ref={listRef}
        tabIndex={0}
        aria-label="Messages"
        aria-rowcount={view.removed + view.length + 1}
        aria-colcount={columns.length}
        aria-activedescendant={isSelectedDrawn ? `row-${selected}` : undefined}
        style={{ '--columns': template }}
        onKeyDown={onKeyDown}
        onPointerDown={onPointerDown}
        onPointerMove={timing.onPointerMove}
        onPointerLeave={timing.onPointerLeave}
        onDblClick={(event) => rowOf(event) && onOpen()}
      >
        <Header
          columns={columns}
          widths={widths}
          onWidths={(next) => inspector.arrange({ columns: next })}
          scale={<WaterfallScale inspector={inspector} />}
        />
        <VirtualRows
          scroller={scroller}
          count={view.length}
          row={row}
          role="rowgroup"
          overlay={
            waterfall >= 0 && (
              <Waterfall
                inspector={inspector}
                rows={span}
                inSight={inSight}
                slotAt={(index) => view.slotAt(index)}
                rowHeight={ROW_HEIGHT}
                column={waterfall + 1}
                isAligned={false}
              />
            )
          }
        />
      </div>
      {timing.table}
      {view.length === 0 && <Empty inspector={inspector} />}
      {unseen > 0 && (
        <button type="button" class="new-rows" onClick={goToEnd}>
          <Icon name="arrow-down" />
          {formatCount(unseen)} new
        </button>
      )}
    </div>
  );
}

const rowOf = (event: Event) => (event.target instanceof Element ? event.target.closest('[data-id]') : null);

interface RowProps {
  readonly row: Row;
  /** in the view, counted from the first row there ever was */
  readonly place: number;
  readonly isSelected: boolean;
  readonly columns: readonly Column[];
  readonly pattern: RegExp | undefined;
  /** seconds, of what waits */
  readonly age: number;
}

/** A class, so that a frame that brings three rows draws three rows and not all in sight. */
class MessageRow extends Component<RowProps> {
  override shouldComponentUpdate(next: RowProps): boolean {
    const { row: oldRow, ...oldRest } = this.props;
    const { row: newRow, ...newRest } = next;
    return !isShallowEqual(oldRest, newRest) || !isShallowEqual(oldRow, newRow);
  }

  override render({ row, place, isSelected, columns, pattern, age }: RowProps) {
    return (
      <div
        class={`row status-${row.status} kind-${row.kind}`}
        role="row"
        id={`row-${row.id}`}
        data-id={row.id}
        data-odd={place % 2 === 1}
        aria-rowindex={place + 2}
        aria-selected={isSelected}
      >
        {columns.map((column, at) => (
          <div key={column.id} class={`cell cell-${column.id}`} role="gridcell" aria-colindex={at + 1}>
            {CELLS[column.id](row, pattern, age)}
          </div>
        ))}
      </div>
    );
  }
}

function isShallowEqual(one: object, other: object): boolean {
  const entries = Object.entries(one);
  return (
    entries.length === Object.keys(other).length &&
    entries.every(([key, value]) => Object.is(value, (other as Readonly<Record<string, unknown>>)[key]))
  );
}

type Cell = (row: Row, pattern: RegExp | undefined, age: number) => ComponentChildren;

const CELLS: Readonly<Record<Column['id'], Cell>> = {
  id: (row) => row.id,
  time: (row) => formatTime(row.time),
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
  name: (row, pattern) => {
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
  window: (row, pattern) => (
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
  duration: (row, _pattern, age) =>
    row.duration !== undefined
      ? formatDuration(row.duration)
      : row.status === 'pending' && row.kind === 'invoke'
        ? formatAge(age)
        : '',
  size: (row) => (row.size === 0 ? '' : formatSize(row.size)),
  preview: (row, pattern) =>
    row.preview === '' && row.note !== undefined ? (
      <span class="note">
        <Marked text={row.note} pattern={pattern} />
      </span>
    ) : (
      <Marked text={row.preview} pattern={pattern} />
    ),
  waterfall: (row) => <span class="for-readers">{timingText(row)}</span>,
};

function nameMark(row: Row): string {
  if (row.index === undefined) return '';
  return row.kind === 'channel' ? `⇶ ${formatCount(row.index)}` : `#${row.index}`;
}

interface HeaderProps {
  readonly columns: readonly Column[];
  readonly widths: Widths;
  readonly onWidths: (widths: Widths) => void;
  /** how much time the waterfall shows */
  readonly scale: ComponentChildren;
}

const WIDTH_STEP = 8;

function Header({ columns, widths, onWidths, scale }: HeaderProps) {
  const [active, setActive] = useState(0);
  const drag = useRef<{ readonly x: number; readonly width: number } | undefined>(undefined);

  const setWidth = (column: Column, width: number) =>
    onWidths({ ...widths, [column.id]: Math.round(Math.max(column.least, width)) });
  const unsetWidth = (column: Column) =>
    onWidths(Object.fromEntries(Object.entries(widths).filter(([id]) => id !== column.id)));

  const onKeyDown = (event: KeyboardEvent & { currentTarget: HTMLElement }, column: Column, at: number) => {
    const step = event.key === 'ArrowRight' ? 1 : event.key === 'ArrowLeft' ? -1 : 0;
    if (step === 0) return;
    event.preventDefault();
    if (event.shiftKey) {
      setWidth(column, (widths[column.id] ?? event.currentTarget.offsetWidth) + step * WIDTH_STEP);
      return;
    }
    const next = Math.min(columns.length - 1, Math.max(0, at + step));
    setActive(next);
    const cell = event.currentTarget.parentElement?.children[next];
    if (cell instanceof HTMLElement) cell.focus();
  };
  return (
    <div class="row header" role="row" aria-rowindex={1}>
      {columns.map((column, at) => (
        <div
          key={column.id}
          class={`cell cell-${column.id}`}
          role="columnheader"
          aria-colindex={at + 1}
          aria-description="Shift+Left and Shift+Right change the width"
          tabIndex={at === Math.min(active, columns.length - 1) ? 0 : -1}
          onKeyDown={(event) => onKeyDown(event, column, at)}
        >
          <span class="title">
            {column.title}
            {column.id === 'waterfall' && scale}
          </span>
          {at < columns.length - 1 && (
            <span
              class="column-edge"
              aria-hidden="true"
              onPointerDown={(event) => {
                event.preventDefault();
                const width = event.currentTarget.parentElement?.offsetWidth ?? widthOf(column, widths);
                drag.current = { x: event.clientX, width };
                event.currentTarget.setPointerCapture(event.pointerId);
              }}
              onPointerMove={(event) => {
                if (drag.current) setWidth(column, drag.current.width + event.clientX - drag.current.x);
              }}
              onPointerUp={() => (drag.current = undefined)}
              onPointerCancel={() => (drag.current = undefined)}
              onDblClick={() => unsetWidth(column)}
            />
          )}
        </div>
      ))}
    </div>
  );
}

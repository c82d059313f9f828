/** The heads of the columns: to sort by, to move, to make wider, and the way to choose others. */
import { useLayoutEffect, useRef, useState } from 'preact/hooks';
import { type Column, type ColumnId, isBuiltIn, type Widths, widthOf } from './columns.ts';
import { Icon } from './icon.tsx';
import type { Inspector } from './inspector.ts';
import { WaterfallScale } from './time/waterfall.tsx';

interface HeaderProps {
  readonly inspector: Inspector;
  readonly columns: readonly Column[];
  readonly widths: Widths;
}

const WIDTH_STEP = 8;
/** A press that moves less than this, in px, is a click. */
const DRAG_FROM = 5;

const HELP =
  'Enter sorts. Shift with Left and Right changes the width, Alt with Left and Right moves the column, Delete hides it.';

interface Drag {
  readonly id: ColumnId;
  readonly x: number;
  readonly isMoving: boolean;
  /** the column before which it would be put; undefined: behind the last one */
  readonly before: ColumnId | undefined;
}

export function Header({ inspector, columns, widths }: HeaderProps) {
  const { list } = inspector;
  const { sort } = list.arrangement;
  const [active, setActive] = useState(0);
  const [drag, setDrag] = useState<Drag | undefined>();
  const resized = useRef<{ readonly x: number; readonly width: number } | undefined>(undefined);
  const row = useRef<HTMLDivElement>(null);
  /** a column that was moved by its keys: it keeps the focus */
  const moved = useRef<ColumnId | undefined>(undefined);
  useLayoutEffect(() => {
    const at = columns.findIndex(({ id }) => id === moved.current);
    moved.current = undefined;
    if (at >= 0) focus(at);
  });

  const setWidths = (next: Widths) => inspector.arrange({ columns: next });
  const setWidth = (column: Column, width: number) =>
    setWidths({ ...widths, [column.id]: Math.round(Math.max(column.least, width)) });
  const unsetWidth = (column: Column) =>
    setWidths(Object.fromEntries(Object.entries(widths).filter(([id]) => id !== column.id)));
  const sortBy = ({ id }: Column) => {
    if (isBuiltIn(id)) list.sortBy(id);
  };
  const focus = (at: number) => {
    const next = Math.min(columns.length - 1, Math.max(0, at));
    setActive(next);
    const cell = row.current?.children[next];
    if (cell instanceof HTMLElement) cell.focus();
  };

  const onKeyDown = (event: KeyboardEvent & { currentTarget: HTMLElement }, column: Column, at: number) => {
    if (event.ctrlKey || event.metaKey) return;
    const step = event.key === 'ArrowRight' ? 1 : event.key === 'ArrowLeft' ? -1 : 0;
    if (step !== 0 && event.shiftKey) {
      setWidth(column, (widths[column.id] ?? event.currentTarget.offsetWidth) + step * WIDTH_STEP);
    } else if (step !== 0 && event.altKey) {
      moved.current = column.id;
      list.moveColumn(column.id, { by: step });
    } else if (step !== 0) focus(at + step);
    else if (event.key === 'Home') focus(0);
    else if (event.key === 'End') focus(columns.length - 1);
    else if (event.key === 'Enter' || event.key === ' ') sortBy(column);
    else if (event.key === 'Delete') list.showColumn(column.id, false);
    else return;
    event.preventDefault();
    event.stopPropagation();
  };

  const onPointerDown = (event: PointerEvent & { currentTarget: HTMLElement }, { id }: Column) => {
    if (event.button !== 0) return;
    event.currentTarget.setPointerCapture(event.pointerId);
    setDrag({ id, x: event.clientX, isMoving: false, before: id });
  };
  const onPointerMove = (event: PointerEvent) => {
    if (!drag || (!drag.isMoving && Math.abs(event.clientX - drag.x) < DRAG_FROM)) return;
    const cells = [...(row.current?.children ?? [])].slice(0, columns.length);
    const at = cells.findIndex((cell) => {
      const { left, width } = cell.getBoundingClientRect();
      return event.clientX < left + width / 2;
    });
    setDrag({ ...drag, isMoving: true, before: at < 0 ? undefined : columns[at]?.id });
  };
  const onPointerUp = (column: Column) => {
    if (drag?.isMoving) {
      if (drag.before !== drag.id) list.moveColumn(drag.id, { before: drag.before });
    } else if (drag) sortBy(column);
    setDrag(undefined);
  };

  return (
    <div class="row header" role="row" aria-rowindex={1} ref={row}>
      {columns.map((column, at) => {
        const isSorted = sort?.column === column.id;
        const isTarget = drag?.isMoving && drag.before === column.id;
        const isEndTarget = drag?.isMoving && drag.before === undefined && at === columns.length - 1;
        return (
          <div
            key={column.id}
            class={`cell cell-${classOf(column)} ${isTarget ? 'drop-before' : ''} ${isEndTarget ? 'drop-behind' : ''}`}
            role="columnheader"
            title={column.about}
            data-column={column.id}
            aria-colindex={at + 1}
            aria-sort={isSorted ? (sort.isDescending ? 'descending' : 'ascending') : undefined}
            aria-label={column.title === '#' ? 'Number' : undefined}
            aria-description={HELP}
            tabIndex={at === Math.min(active, columns.length - 1) ? 0 : -1}
            onKeyDown={(event) => onKeyDown(event, column, at)}
            onPointerDown={(event) => onPointerDown(event, column)}
            onPointerMove={onPointerMove}
            onPointerUp={() => onPointerUp(column)}
            onPointerCancel={() => setDrag(undefined)}
          >
            <span class="title">
              <span class="title-text">{column.title}</span>
              {column.id === 'waterfall' && <WaterfallScale inspector={inspector} />}
              {isSorted && <Icon name={sort.isDescending ? 'chevron-down' : 'chevron-up'} class="sorted" />}
            </span>
            {at < columns.length - 1 && (
              <span
                class="column-edge"
                aria-hidden="true"
                onPointerDown={(event) => {
                  event.preventDefault();
                  event.stopPropagation();
                  const width = event.currentTarget.parentElement?.offsetWidth ?? widthOf(column, widths);
                  resized.current = { x: event.clientX, width };
                  event.currentTarget.setPointerCapture(event.pointerId);
                }}
                onPointerMove={(event) => {
                  const { current } = resized;
                  if (current) setWidth(column, current.width + event.clientX - current.x);
                }}
                onPointerUp={(event) => {
                  event.stopPropagation();
                  resized.current = undefined;
                }}
                onPointerCancel={() => (resized.current = undefined)}
                onDblClick={() => unsetWidth(column)}
              />
            )}
          </div>
        );
      })}
    </div>
  );
}

/** Columns of paths look alike. */
export const classOf = ({ id, isNumber }: Column) =>
  `${isBuiltIn(id) ? id : 'path'}${isNumber && id !== 'id' ? ' cell-number' : ''}`;

import { useMemo, useState } from 'preact/hooks';
import { findInValue, useFind } from './payloadFind.ts';
import { formatCount } from './format.ts';
import { Icon } from './icon.tsx';
import { jsonText, type PathPart } from './jsonTree.ts';
import { marked } from './marked.tsx';
import type { Payloads } from './payloads.ts';
import { cellText, type Column, columnsOf, type JsonTable, type Order, sortedRows } from './jsonTable.ts';
import { useScroller, VirtualRows } from './virtualRows.tsx';

const ROW_HEIGHT = 20;
const HEADER_HEIGHT = 22;

interface TableProps {
  readonly payloads: Payloads;
  readonly table: JsonTable;
  readonly pattern: RegExp | undefined;
  readonly onCopy: (text: string) => void;
  /** a row shall be seen as a tree */
  readonly onOpen: (path: readonly PathPart[]) => void;
}

/** A list of objects, a row each. A click on a header sorts, a third one restores the order of the list. */
export function TableView({ payloads, table, pattern, onCopy, onOpen }: TableProps) {
  const { rows } = table;
  const columns = useMemo(() => columnsOf(rows), [rows]);
  const [order, setOrder] = useState<Order | undefined>(undefined);
  const [active, setActive] = useState(0);
  const sorted = useMemo(() => order && sortedRows(rows, order), [rows, order]);
  const scroller = useScroller(ROW_HEIGHT, { covered: HEADER_HEIGHT });
  const { viewport } = scroller;
  const at = Math.min(active, rows.length - 1);
  const itemAt = (index: number) => (sorted ? (sorted[index] ?? 0) : index);
  const go = (index: number) => {
    const next = Math.min(Math.max(0, index), rows.length - 1);
    viewport.count = rows.length;
    viewport.reveal(next);
    setActive(next);
  };
  useFind(payloads, table, searchRows(rows), (item) => go(sorted ? sorted.indexOf(item) : item));

  const onKeyDown = (event: KeyboardEvent) => {
    if (event.altKey || event.target !== event.currentTarget) return;
    const control = event.ctrlKey || event.metaKey;
    const keys: Readonly<Record<string, () => void>> = control
      ? { c: () => onCopy(jsonText(rows[itemAt(at)], 2)) }
      : {
          ArrowDown: () => go(at + 1),
          ArrowUp: () => go(at - 1),
          PageDown: () => go(at + viewport.page),
          PageUp: () => go(at - viewport.page),
          Home: () => go(0),
          End: () => go(rows.length - 1),
          Enter: () => onOpen([...table.path, itemAt(at)]),
        };
    const action = keys[event.key];
    if (!action) return;
    event.preventDefault();
    action();
  };
  const sortBy = (key: string) =>
    setOrder((now) => (now?.key !== key ? { key, isDown: false } : now.isDown ? undefined : { key, isDown: true }));

  const template = `${String(rows.length).length + 2}ch ${columns.map(({ width }) => `${width + 2}ch`).join(' ')}`;
  const row = (index: number) => {
    const item = itemAt(index);
    return (
      <div
        key={index}
        id={`table-${index}`}
        class="table-row"
        role="row"
        aria-rowindex={index + 2}
        aria-selected={index === at}
        style={{ gridTemplateColumns: template }}
        onPointerDown={() => setActive(index)}
        onDblClick={() => onOpen([...table.path, item])}
      >
        <span class="table-cell number faint" role="rowheader">
          {formatCount(item)}
        </span>
        {columns.map((column) => (
          <Cell key={column.key} column={column} row={rows[item]} pattern={pattern} />
        ))}
      </div>
    );
  };
  const { first, last } = viewport.span(6);
  return (
    <div
      class="scroll-box table"
      role="grid"
      aria-label={`${table.title}: ${formatCount(rows.length)} rows`}
      aria-rowcount={rows.length + 1}
      aria-colcount={columns.length + 1}
      aria-activedescendant={at >= first && at < last ? `table-${at}` : undefined}
      tabIndex={0}
      ref={scroller.boxRef}
      onKeyDown={onKeyDown}
    >
      <div class="table-row table-header" role="row" aria-rowindex={1} style={{ gridTemplateColumns: template }}>
        <span class="table-cell" role="columnheader" aria-label="Index" />
        {columns.map(({ key, isNumber }) => (
          <Header key={key} name={key} isNumber={isNumber} order={order} onSort={() => sortBy(key)} />
        ))}
      </div>
      <VirtualRows scroller={scroller} count={rows.length} row={row} role="rowgroup" />
    </div>
  );
}

interface CellProps {
  readonly column: Column;
  readonly row: unknown;
  readonly pattern: RegExp | undefined;
}

function Cell({ column, row, pattern }: CellProps) {
  const text = cellText(row, column.key);
  return (
    <span
      class={column.isNumber ? 'table-cell number' : 'table-cell'}
      role="gridcell"
      title={text.length > 38 ? text : undefined}
    >
      {marked(text, pattern)}
    </span>
  );
}

interface HeaderProps {
  readonly name: string;
  readonly isNumber: boolean;
  readonly order: Order | undefined;
  readonly onSort: () => void;
}

function Header({ name, isNumber, order, onSort }: HeaderProps) {
  const isSorted = order?.key === name;
  const sort = !isSorted ? 'none' : order.isDown ? 'descending' : 'ascending';
  return (
    <span class={isNumber ? 'table-cell number' : 'table-cell'} role="columnheader" aria-sort={sort}>
      <button type="button" title={`Sort by ${name}`} onClick={onSort}>
        <span>{name}</span>
        {isSorted && <Icon name={order.isDown ? 'arrow-down' : 'arrow-up'} />}
      </button>
    </span>
  );
}

/** Rows in which something is found. */
function searchRows(rows: readonly unknown[]) {
  return function* (pattern: RegExp): Generator<undefined, readonly number[]> {
    const paths = yield* findInValue(rows, pattern);
    return [...new Set(paths.map(([item]) => Number(item)))];
  };
}

import type { RefObject } from 'preact';
import { useMemo, useRef } from 'preact/hooks';
import { fittingColumns, gridTemplate, pathOf } from './columns.ts';
import { Empty } from './empty.tsx';
import { formatCount } from './format.ts';
import { GroupRow } from './groupRow.tsx';
import { Icon } from './icon.tsx';
import type { Inspector } from './inspector.ts';
import { Header } from './listHeader.tsx';
import { pressInList } from './listKeys.ts';
import { prepareMenu } from './listMenu.ts';
import type { Line } from './listing.ts';
import { MessageRow } from './messageRow.tsx';
import { useFollowing } from './following.ts';
import { useTimingTable, Waterfall } from './time/waterfall.tsx';
import { useScroller, useSeconds, VirtualRows } from './virtualRows.tsx';

/** Rows drawn beyond both edges … */
const OVERSCAN = 6;
/** … and beyond the upper one while the list keeps to its end: all of them change with each drawing, and nobody scrolls. */
const OVERSCAN_AT_END = 2;
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

export function MessageList({ inspector, boxRef: listRef, onOpen, onClose }: ListProps) {
  void inspector.frame.value;
  void inspector.viewVersion.value;
  const { store, list } = inspector;
  const { listing } = list;
  const selected = inspector.selected.value;
  const selection = list.selection.value;
  const cursor = list.cursor.value;
  const noting = list.noting.value;
  const { columns: widths } = inspector.arrangement.value;
  const { columns: shown, time, grouping } = list.arrangement;

  const isFollowed = useRef(true);
  const scroller = useScroller(ROW_HEIGHT, {
    boxRef: listRef,
    covered: HEADER_HEIGHT,
    onScroll: (viewport) => {
      isFollowed.current = viewport.isAtEnd;
    },
  });
  const { viewport } = scroller;
  useSeconds(store.count('pending') > 0);
  const unseen = useFollowing(inspector, viewport, isFollowed);

  const width = scroller.width || 1000;
  const columns = useMemo(() => fittingColumns(width, widths, shown), [width, widths, shown]);
  const template = useMemo(() => gridTemplate(columns, widths, width), [columns, widths, width]);
  const header = useMemo(
    () => <Header inspector={inspector} columns={columns} widths={widths} />,
    [inspector, columns, widths],
  );
  const paths = columns.flatMap(({ id }) => pathOf(id) ?? []);
  const { removed } = listing;
  const isTree = grouping !== 'none' || list.arrangement.isFolding;

  const goToEnd = () => {
    isFollowed.current = true;
    scroller.redraw();
    listRef.current?.focus();
  };
  const onKeyDown = (event: KeyboardEvent) => {
    if (event.target !== listRef.current) return;
    if (pressInList(event, inspector, viewport, { onOpen, onClose })) event.preventDefault();
  };
  const onPointerDown = (event: PointerEvent) => {
    if (event.button !== 0) return;
    const group = closest(event, '[data-group]')?.getAttribute('data-group');
    if (group) {
      list.cursor.value = { key: group };
      list.toggleGroup(group);
    }
    const id = closest(event, '[data-id]')?.getAttribute('data-id');
    if (!id) return;
    if (closest(event, '[data-twistie=true]')) list.toggleGroup(id);
    else list.pick(Number(id), event.shiftKey ? 'range' : event.ctrlKey || event.metaKey ? 'toggle' : 'one');
  };

  const selectedTime = time === 'selected' ? inspector.find(selected)?.time : undefined;
  const since = (index: number): number => {
    if (time === 'start' || time === 'absolute') return 0;
    if (time === 'selected') return selectedTime ?? Number.NaN;
    return store.read(listing.slotAt(index - 1), (rows, at) => rows.time[at]) ?? Number.NaN;
  };
  const elements = viewport.elements(OVERSCAN);
  const messageRow = (index: number, line: Line & { readonly kind: 'row' }) => {
    const item = store.row(line.slot);
    // Not by the index: rows that go at the front must leave the others as they are.
    const place = removed + index;
    return (
      item && (
        <MessageRow
          // Rows that scroll out give their elements to rows that scroll in.
          key={place % elements}
          row={item}
          place={place}
          isSelected={selection.has(item.id)}
          isLead={item.id === selected && selection.size > 1}
          columns={columns}
          texts={
            paths.length === 0
              ? ''
              : JSON.stringify(Object.fromEntries(paths.map((path) => [path, list.cells.text(path, item.id)])))
          }
          pattern={inspector.highlight.value}
          age={item.status === 'pending' ? Math.floor((inspector.sessionTime - item.time) / 1000) : 0}
          since={since(index)}
          epoch={time === 'absolute' ? list.epoch : undefined}
          isTree={isTree}
          depth={line.depth}
          nested={line.nested}
          nestedFailures={line.nestedFailures}
          isOpen={line.isOpen}
          isFold={grouping === 'none'}
          onNote={noting === item.id ? onNote : undefined}
        />
      )
    );
  };
  const onNote = (comment: string | undefined) => {
    if (comment === undefined) list.noting.value = 0;
    else list.setNote(noting, comment);
    listRef.current?.focus();
  };
  const row = (index: number) => {
    const line = listing.lineAt(index);
    if (line?.kind !== 'group') return line && messageRow(index, line);
    return (
      <GroupRow
        key={`group ${index % elements}`}
        inspector={inspector}
        group={line.group}
        place={index}
        columnCount={columns.length}
        isActive={cursor?.key === line.group.key}
      />
    );
  };
  const overscan = isFollowed.current && listing.isByArrival ? OVERSCAN_AT_END : OVERSCAN;
  const span = viewport.span(overscan);
  const inSight = viewport.span(0);
  const waterfall = columns.findIndex(({ id }) => id === 'waterfall');
  const timing = useTimingTable(inspector);
  const current = list.currentIndex;
  const isDrawn = current >= span.first && current < span.last;
  return (
    <div class="list">
      <div
        class={`grid scroll-box ${selection.size > 1 ? 'several' : ''}`}
        // A grid with rows that open is a treegrid; a screen reader says the levels.
        role={isTree ? 'treegrid' : 'grid'}
        ref={listRef}
        tabIndex={0}
        aria-label="Messages"
        aria-multiselectable="true"
        aria-rowcount={removed + listing.length + 1}
        aria-colcount={columns.length}
        aria-activedescendant={isDrawn ? (cursor ? `group-${cursor.key}` : `row-${selected}`) : undefined}
        style={{ '--columns': template }}
        onKeyDown={onKeyDown}
        onPointerDown={onPointerDown}
        onPointerMove={timing.onPointerMove}
        onPointerLeave={timing.onPointerLeave}
        onContextMenu={(event) => prepareMenu(event, inspector)}
        onDblClick={(event) => closest(event, '[data-id]') && onOpen()}
      >
        {header}
        <VirtualRows
          scroller={scroller}
          count={listing.length}
          row={row}
          role="rowgroup"
          overscan={overscan}
          overlay={
            waterfall >= 0 && (
              <Waterfall
                inspector={inspector}
                rows={span}
                inSight={inSight}
                slotAt={(index) => listing.slotAt(index)}
                rowHeight={ROW_HEIGHT}
                column={waterfall + 1}
                isAligned={inspector.list.arrangement.sort?.column === 'duration'}
              />
            )
          }
        />
      </div>
      {timing.table}
      {inspector.view.length === 0 && <Empty inspector={inspector} />}
      {unseen > 0 && (
        <button type="button" class="new-rows" onClick={goToEnd}>
          <Icon name="arrow-down" />
          {formatCount(unseen)} new
        </button>
      )}
    </div>
  );
}

const closest = (event: Event, selector: string) =>
  event.target instanceof Element ? event.target.closest(selector) : null;

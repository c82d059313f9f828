import { useLayoutEffect, useState } from 'preact/hooks';
import type { Row } from '#core/inspector-messages.ts';
import type { Inspector } from '../inspector.ts';
import { type BarRow, drawBars, fromStart, rangeOf } from './bars.ts';
import type { Span } from '../viewport.ts';
import { Canvas } from './canvas.tsx';
import { rangeIn } from './brush.ts';
import { formatSpan, type Range } from './scale.ts';
import { timingLines, timingOf } from './timing.ts';

interface WaterfallProps {
  readonly inspector: Inspector;
  /** the places of the rows that are drawn */
  readonly rows: Pick<Span, 'first' | 'last'>;
  /** of these, those that can be seen */
  readonly inSight: Pick<Span, 'first' | 'last'>;
  /** the row at a place of the list */
  slotAt(index: number): number | undefined;
  readonly rowHeight: number;
  /** the column's place in the grid, from 1 */
  readonly column: number;
  /** bars begin at the left: the list is in the order of durations */
  readonly isAligned: boolean;
}

/**
 * The bars of the rows that are drawn, on one canvas that scrolls with them. Its scale follows the rows in sight, within
 * the range of the filter. The cells below it have the same in words.
 */
export function Waterfall(props: WaterfallProps) {
  const { inspector, rows, inSight, rowHeight, column, isAligned } = props;
  const placed = barRows(inspector, rows, (index) => props.slotAt(index));
  const bars = isAligned ? placed.map((bar) => bar && fromStart(bar)) : placed;
  const brush = isAligned ? undefined : rangeIn(inspector.filtering.filter.value);
  const range = within(rangeOf(bars.slice(inSight.first - rows.first, inSight.last - rows.first)), brush);
  useLayoutEffect(() => {
    inspector.time.span.value = range ? range.to - range.from : 0;
  });
  if (!range) return null;
  return (
    <div class="waterfall" aria-hidden="true">
      <div style={{ gridColumn: String(column) }}>
        <Canvas
          height={(rows.last - rows.first) * rowHeight}
          draw={(pen, width, _height, palette) => drawBars(pen, bars, { width, rowHeight, range }, palette)}
        />
      </div>
    </div>
  );
}

/** What lasts longer than the range that is shown is cut, or the rest would be too small to be seen. */
function within(range: Range | undefined, limit: Range | undefined): Range | undefined {
  if (!range || !limit) return range;
  const cut = { from: Math.max(range.from, limit.from), to: Math.min(range.to, limit.to) };
  return cut.to > cut.from ? cut : range;
}

function barRows(
  { store, sessionTime, time }: Inspector,
  { first, last }: Pick<Span, 'first' | 'last'>,
  slotAt: WaterfallProps['slotAt'],
): readonly (BarRow | undefined)[] {
  const bars: (BarRow | undefined)[] = [];
  for (let index = first; index < last; index++) {
    const row = store.row(slotAt(index) ?? -1);
    if (!row) {
      bars.push(undefined);
      continue;
    }
    const ticks = row.kind === 'invoke' || row.kind === 'channel' ? time.ticks.of(row.id) : [];
    bars.push({ row, timing: timingOf(row, sessionTime, ticks.at(-1)), ticks });
  }
  return bars;
}

/** How much time the column's width is: the head of the column says it. */
export function WaterfallScale({ inspector }: { readonly inspector: Inspector }) {
  const span = inspector.time.span.value;
  return span > 0 ? <span class="waterfall-scale">{formatSpan(span)}</span> : null;
}

interface Hover {
  readonly row: Row;
  readonly x: number;
  readonly y: number;
}

/** The timing table beside the pointer. Handlers for the list, and what it shows. */
export function useTimingTable(inspector: Inspector) {
  const [hover, setHover] = useState<Hover | undefined>(undefined);
  const onPointerMove = (event: PointerEvent) => {
    const cell = event.target instanceof Element ? event.target.closest('.cell-waterfall') : null;
    const id = Number(cell?.closest('[data-id]')?.getAttribute('data-id') ?? 0);
    const row = id === 0 ? undefined : inspector.find(id);
    if (row) setHover({ row, x: event.clientX, y: event.clientY });
    else if (hover) setHover(undefined);
  };
  return {
    onPointerMove,
    onPointerLeave: () => setHover(undefined),
    table: hover && <TimingTable hover={hover} now={inspector.sessionTime} />,
  };
}

const TABLE = { width: 220, height: 190 };

/** For the eye only: the Timing tab has the same, and so has the cell for readers. */
function TimingTable({ hover: { row, x, y }, now }: { readonly hover: Hover; readonly now: number }) {
  const isLeft = x + TABLE.width + 16 > window.innerWidth;
  const isAbove = y + TABLE.height + 16 > window.innerHeight;
  return (
    <div
      class="timing-table"
      aria-hidden="true"
      style={{
        [isLeft ? 'right' : 'left']: `${isLeft ? window.innerWidth - x + 12 : x + 12}px`,
        [isAbove ? 'bottom' : 'top']: `${isAbove ? window.innerHeight - y + 12 : y + 12}px`,
      }}
    >
      <div class="timing-name">{row.name}</div>
      <table>
        <tbody>
          {timingLines(row, now).map(([label, value]) => (
            <tr key={label}>
              <th>{label}</th>
              <td>{value}</td>
            </tr>
          ))}
        </tbody>
      </table>
    </div>
  );
}

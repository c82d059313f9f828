import type { RefObject } from 'preact';
import { useEffect, useMemo, useState } from 'preact/hooks';
import type { CommandStatistics } from '#core/statistics.ts';
import { formatCount, formatDuration, formatSize, formatTime, splitName } from '../format.ts';
import { Icon } from '../icon.tsx';
import type { Inspector } from '../inspector.ts';
import { Split } from '../split.tsx';
import { useScroller, VirtualRows } from '../virtualRows.tsx';
import { rangeIn } from './brush.ts';
import { Brushes, Canvas } from './canvas.tsx';
import { PageStatistics } from './page-statistics.ts';
import { CommandPlots } from './plots.tsx';
import type { Range } from './scale.ts';
import { useThrottled } from './throttled.ts';

const ROW_HEIGHT = 22;
const HEADER_HEIGHT = 23;
const SPARKS = 40;

interface Column {
  readonly id: string;
  readonly title: string;
  /** what it is sorted by */
  readonly value: (command: CommandStatistics) => number | string;
  readonly text: (command: CommandStatistics) => string;
  readonly description: string;
  readonly isBad?: boolean;
}

const number = (value: number | undefined) => value ?? -1;
const duration = (value: number | undefined) => (value === undefined ? '' : formatDuration(value));
const count = (value: number) => (value === 0 ? '' : formatCount(value));
const size = (value: number) => (value === 0 ? '' : formatSize(value));

const COLUMNS: readonly Column[] = [
  { id: 'command', title: 'Command', value: (each) => each.command, text: (each) => each.command, description: 'Name' },
  {
    id: 'count',
    title: 'Calls',
    value: (each) => each.count,
    text: (each) => formatCount(each.count),
    description: 'Calls',
  },
  {
    id: 'rate',
    title: 'Rate',
    value: (each) => each.count,
    text: () => '',
    description: 'Calls over the time that is shown',
  },
  {
    id: 'pending',
    title: 'Pending',
    value: (each) => each.pending,
    text: (each) => count(each.pending),
    description: 'Calls without an answer yet',
  },
  {
    id: 'errors',
    title: 'Errors',
    value: (each) => each.errors,
    text: (each) => count(each.errors),
    description: 'Ended with an error, unhandled or undelivered',
    isBad: true,
  },
  {
    id: 'denied',
    title: 'Denied',
    value: (each) => each.denied,
    text: (each) => count(each.denied),
    description: 'Refused for a missing permission',
    isBad: true,
  },
  {
    id: 'p50',
    title: 'p50',
    value: (each) => number(each.p50),
    text: (each) => duration(each.p50),
    description: 'Half of the calls took no longer',
  },
  {
    id: 'p95',
    title: 'p95',
    value: (each) => number(each.p95),
    text: (each) => duration(each.p95),
    description: '95 % of the calls took no longer',
  },
  {
    id: 'p99',
    title: 'p99',
    value: (each) => number(each.p99),
    text: (each) => duration(each.p99),
    description: '99 % of the calls took no longer',
  },
  {
    id: 'max',
    title: 'Max',
    value: (each) => number(each.max),
    text: (each) => duration(each.max),
    description: 'The longest call',
  },
  {
    id: 'in',
    title: 'In',
    value: (each) => each.bytesIn,
    text: (each) => size(each.bytesIn),
    description: 'Bytes of arguments',
  },
  {
    id: 'out',
    title: 'Out',
    value: (each) => each.bytesOut,
    text: (each) => size(each.bytesOut),
    description: 'Bytes of answers',
  },
  {
    id: 'last',
    title: 'Last seen',
    value: (each) => each.lastSeen,
    text: (each) => formatTime(each.lastSeen),
    description: 'When the last call came',
  },
];

const RATE = COLUMNS.findIndex(({ id }) => id === 'rate');

interface Sorting {
  readonly column: string;
  readonly isDown: boolean;
}

export function sorted(commands: readonly CommandStatistics[], { column, isDown }: Sorting): CommandStatistics[] {
  const value = COLUMNS.find(({ id }) => id === column)?.value ?? ((each: CommandStatistics) => each.count);
  const factor = isDown ? -1 : 1;
  return [...commands].sort((one, other) => {
    const [a, b] = [value(one), value(other)];
    return factor * (a < b ? -1 : a > b ? 1 : 0) || (one.command < other.command ? -1 : 1);
  });
}

const hasSeveralApps = (commands: readonly CommandStatistics[]) => commands.some(({ app }) => app !== commands[0]?.app);

const keyOf = ({ app, command }: CommandStatistics) => `${app}\n${command}`;

interface StatisticsProps {
  readonly inspector: Inspector;
  readonly boxRef: RefObject<HTMLDivElement | null>;
  readonly isWide: boolean;
}

/** The numbers of each command, and two plots of the one that is selected. */
export function Statistics({ inspector, boxRef, isWide }: StatisticsProps) {
  void inspector.frame.value;
  const [selected, setSelected] = useState('');
  const [sorting, setSorting] = useState<Sorting>({ column: 'count', isDown: true });
  const statistics = useMemo(() => new PageStatistics(inspector.store, inspector.view), [inspector]);
  useEffect(() => inspector.time.listen(statistics), [inspector, statistics]);
  const all = useThrottled(() => statistics.commands(), inspector.viewVersion.value);
  const commands = useMemo(() => sorted(all, sorting), [all, sorting]);
  const kept = inspector.time.bins.range ?? { from: 0, to: 1 };
  const range = rangeIn(inspector.filtering.filter.value) ?? kept;
  const shown = commands.find((each) => keyOf(each) === selected);
  const [share, setShare] = useState(0.68);
  return (
    <Split
      isWide={isWide}
      share={share}
      onShare={setShare}
      label="Size of the table and the plots"
      first={
        <CommandTable
          inspector={inspector}
          boxRef={boxRef}
          statistics={statistics}
          commands={commands}
          range={range}
          selected={selected}
          sorting={sorting}
          onSelect={setSelected}
          onSort={setSorting}
        />
      }
      second={
        shown && (
          <CommandPlots
            command={shown}
            rate={(bins) => statistics.calls.rate(shown.app, shown.command, range.from, range.to, bins)}
            durations={() => statistics.calls.durations(shown.app, shown.command)}
            range={range}
            onFilter={() => inspector.showCalls(shown.app, shown.command, hasSeveralApps(commands))}
            onClose={() => setSelected('')}
          />
        )
      }
    />
  );
}

interface TableProps {
  readonly inspector: Inspector;
  readonly boxRef: RefObject<HTMLDivElement | null>;
  readonly statistics: PageStatistics;
  readonly commands: readonly CommandStatistics[];
  readonly range: Range;
  readonly selected: string;
  readonly sorting: Sorting;
  readonly onSelect: (key: string) => void;
  readonly onSort: (sorting: Sorting) => void;
}

function CommandTable(props: TableProps) {
  const { inspector, boxRef, statistics, commands, range, selected, sorting, onSelect, onSort } = props;
  const scroller = useScroller(ROW_HEIGHT, { boxRef, covered: HEADER_HEIGHT });
  const { viewport } = scroller;
  viewport.count = commands.length;
  const hasApps = hasSeveralApps(commands);
  const at = commands.findIndex((each) => keyOf(each) === selected);

  const select = (index: number) => {
    const place = Math.min(Math.max(0, index), commands.length - 1);
    const next = commands[place];
    if (!next) return;
    viewport.reveal(place);
    onSelect(keyOf(next));
  };
  const filter = (command: CommandStatistics | undefined) =>
    command && inspector.showCalls(command.app, command.command, hasApps);
  const onKeyDown = (event: KeyboardEvent) => {
    if (event.ctrlKey || event.metaKey || event.altKey || event.target !== scroller.boxRef.current) return;
    const steps: Readonly<Record<string, () => void>> = {
      ArrowDown: () => select(at + 1),
      ArrowUp: () => select(at < 0 ? commands.length - 1 : at - 1),
      PageDown: () => select(Math.max(0, at) + viewport.page),
      PageUp: () => select(at - viewport.page),
      Home: () => select(0),
      End: () => select(commands.length - 1),
      Enter: () => filter(commands[at]),
      Escape: () => onSelect(''),
    };
    const step = steps[event.key];
    if (!step) return;
    event.preventDefault();
    step();
  };
  const span = viewport.span(4);
  const sparks = commands
    .slice(span.first, span.last)
    .map(({ app, command }) => statistics.calls.rate(app, command, range.from, range.to, SPARKS));
  const row = (index: number) => {
    const command = commands[index];
    if (!command) return undefined;
    const [plugin, name] = splitName(command.command);
    return (
      <div
        key={keyOf(command)}
        class="row command-row"
        role="row"
        id={`command-${index}`}
        data-odd={index % 2 === 1}
        aria-rowindex={index + 2}
        aria-selected={index === at}
        onClick={() => onSelect(keyOf(command))}
        onDblClick={() => filter(command)}
      >
        <div class="cell cell-command" role="gridcell" aria-colindex={1} title={command.command}>
          <button
            type="button"
            class="link"
            tabIndex={-1}
            title={`Show the calls of ${command.command} (Enter)`}
            onClick={() => filter(command)}
          >
            {plugin !== '' && <span class="plugin">{plugin}</span>}
            <span>{name}</span>
          </button>
          {hasApps && <span class="command-app">{command.app}</span>}
        </div>
        {COLUMNS.slice(1).map((column, place) => {
          const text = column.text(command);
          return (
            <div
              key={column.id}
              class={`cell cell-number ${column.isBad && text !== '' ? 'bad' : ''}`}
              role="gridcell"
              aria-colindex={place + 2}
            >
              {text}
              {column.id === 'rate' && <span class="for-readers">{formatRate(command, range)}</span>}
            </div>
          );
        })}
      </div>
    );
  };
  return (
    <div class="list">
      <div
        class="grid scroll-box commands"
        role="grid"
        ref={scroller.boxRef}
        tabIndex={0}
        aria-label="Commands"
        aria-rowcount={commands.length + 1}
        aria-colcount={COLUMNS.length}
        aria-activedescendant={at >= span.first && at < span.last ? `command-${at}` : undefined}
        onKeyDown={onKeyDown}
      >
        <div class="row header" role="row" aria-rowindex={1}>
          {COLUMNS.map((column, index) =>
            index === RATE ? (
              <div
                key={column.id}
                class="cell"
                role="columnheader"
                aria-colindex={index + 1}
                title={column.description}
              >
                <span class="title">{column.title}</span>
              </div>
            ) : (
              <SortHeader key={column.id} column={column} index={index} sorting={sorting} onSort={onSort} />
            ),
          )}
        </div>
        <VirtualRows
          scroller={scroller}
          count={commands.length}
          row={row}
          role="rowgroup"
          overscan={4}
          overlay={
            <div class="waterfall" aria-hidden="true">
              <div style={{ gridColumn: String(RATE + 1) }}>
                <Canvas
                  height={(span.last - span.first) * ROW_HEIGHT}
                  draw={(pen, width, _height, palette) => {
                    const brushes = new Brushes([palette.handler]);
                    for (const [index, rates] of sparks.entries()) {
                      drawSpark(brushes, rates, { width, top: index * ROW_HEIGHT }, palette.handler);
                    }
                    brushes.drawTo(pen);
                  }}
                />
              </div>
            </div>
          }
        />
      </div>
      {commands.length === 0 && (
        <div class="empty">
          <p>{inspector.store.length === 0 ? 'No messages yet.' : 'No call is shown: statistics are of calls.'}</p>
        </div>
      )}
    </div>
  );
}

function drawSpark(brushes: Brushes, rates: Uint32Array, place: { width: number; top: number }, colour: string): void {
  const most = rates.reduce((highest, rate) => Math.max(highest, rate), 1);
  const wide = (place.width - 12) / rates.length;
  for (const [at, rate] of rates.entries()) {
    if (rate === 0) continue;
    const high = Math.max(1.5, (rate / most) * (ROW_HEIGHT - 8));
    brushes.rect(colour, 6 + at * wide, place.top + ROW_HEIGHT - 4 - high, Math.max(1, wide - 0.5), high);
  }
}

function formatRate({ count }: CommandStatistics, { from, to }: Range): string {
  const perSecond = count / Math.max((to - from) / 1000, 0.001);
  return `${Number(perSecond.toPrecision(2))} calls a second`;
}

interface SortHeaderProps {
  readonly column: Column;
  readonly index: number;
  readonly sorting: Sorting;
  readonly onSort: (sorting: Sorting) => void;
}

function SortHeader({ column, index, sorting, onSort }: SortHeaderProps) {
  const isSorted = sorting.column === column.id;
  // Names from A on, numbers from the largest on; a second press turns it round.
  const isDown = isSorted ? !sorting.isDown : column.id !== 'command';
  return (
    <div
      class={`cell ${column.id === 'command' ? 'cell-command' : 'cell-number'}`}
      role="columnheader"
      aria-colindex={index + 1}
      aria-sort={isSorted ? (sorting.isDown ? 'descending' : 'ascending') : 'none'}
    >
      <button
        type="button"
        class="sort-button"
        title={column.description}
        onClick={() => onSort({ column: column.id, isDown })}
      >
        <span>{column.title}</span>
        {isSorted && <Icon name={sorting.isDown ? 'arrow-down' : 'arrow-up'} />}
      </button>
    </div>
  );
}

import type { ComponentChildren } from 'preact';
import { useEffect, useReducer, useRef, useState } from 'preact/hooks';
import type uPlot from 'uplot';
import type { CommandStatistics } from '#core/statistics.ts';
import { formatCount, formatDuration, plural } from '../format.ts';
import { IconButton } from '../icon.tsx';
import { histogram } from './histogram.ts';
import { loadPlots } from './plot-library.ts';
import { type Palette, readPalette, watchTheme } from './palette.ts';
import { formatSpan, type Range } from './scale.ts';

const RATE_BINS = 120;
const PLOT_HEIGHT = 120;

interface PlotsProps {
  readonly command: CommandStatistics;
  readonly rate: (bins: number) => Uint32Array;
  readonly durations: () => Float64Array;
  readonly range: Range;
  readonly onFilter: () => void;
  readonly onClose: () => void;
}

/** How often a command was called, and how long it took. */
export function CommandPlots({ command, rate, durations, range, onFilter, onClose }: PlotsProps) {
  const { p50, p95, p99, max } = command;
  const marks = [
    ['p50', p50],
    ['p95', p95],
    ['p99', p99],
  ] as const;
  const isMeasured = p50 !== undefined;
  const took = [...marks, ['longest', max] as const]
    .map(([label, value]) => `${label} ${formatDuration(value ?? 0)}`)
    .join(', ');
  return (
    <section class="plots" aria-label={`Plots of ${command.command}`}>
      <header class="plots-head">
        <h2 title={command.command}>{command.command}</h2>
        <button type="button" class="button secondary small" onClick={onFilter}>
          Show {plural(command.count, 'call')}
        </button>
        <IconButton icon="close" label="Close the plots" onClick={onClose} />
      </header>
      <Plot
        title="Calls per second"
        text={`${plural(command.count, 'call')} in ${formatSpan(range.to - range.from)}.`}
        data={rateData(rate(RATE_BINS), range)}
        options={rateOptions}
      />
      {isMeasured ? (
        <Plot
          title="Duration"
          text={took}
          data={durationData(durations())}
          options={(library, palette) => durationOptions(library, palette, marks)}
        />
      ) : (
        <p class="faint">No call was answered yet.</p>
      )}
    </section>
  );
}

function rateData(counts: Uint32Array, { from, to }: Range): uPlot.AlignedData {
  const width = Math.max(to - from, 1) / counts.length;
  return [
    Array.from(counts, (_, at) => from + (at + 0.5) * width),
    Array.from(counts, (count) => (count * 1000) / width),
  ];
}

/** Bars stand at the middle of their edges, as the eye sees a scale of powers. */
function durationData(sorted: Float64Array): uPlot.AlignedData {
  const { edges, counts } = histogram(sorted);
  // An empty bar at each end keeps the outer ones whole.
  const step = edges.length > 1 ? (edges[1] ?? 1) / (edges[0] ?? 1) : 1;
  const middles = counts.map((_, at) => (edges[at] ?? 1) * Math.sqrt(step));
  const [first, last] = [middles[0] ?? 1, middles.at(-1) ?? 1];
  return [
    [first / step, ...middles, last * step],
    [0, ...counts, 0],
  ];
}

type MakeOptions = (library: typeof uPlot, palette: Palette) => Omit<uPlot.Options, 'width' | 'height'>;

function axis(palette: Palette, values: (value: number, step: number) => string): uPlot.Axis {
  return {
    stroke: palette.faint,
    font: palette.font,
    grid: { stroke: palette.grid, width: 1 },
    ticks: { stroke: palette.grid, width: 1, size: 4 },
    values: (_plot, splits, _axis, _space, step) => splits.map((split) => (split === null ? '' : values(split, step))),
  };
}

const base = {
  legend: { show: false },
  cursor: { show: false },
  select: { show: false, left: 0, top: 0, width: 0, height: 0 },
  padding: [8, 12, 0, 0] as uPlot.Padding,
};

const rateOptions: MakeOptions = (library, palette) => ({
  ...base,
  scales: { x: { time: false }, y: { range: (_plot, _low, high) => [0, Math.max(high * 1.1, 0.1)] } },
  axes: [
    { ...axis(palette, formatSpan), size: 24, space: 70 },
    { ...axis(palette, (value) => String(Number(value.toPrecision(3)))), size: 48 },
  ],
  series: [
    {},
    {
      stroke: palette.handler,
      fill: palette.handlerFaint,
      width: 1,
      points: { show: false },
      ...pathsOf(library.paths.stepped?.({ align: 1 })),
    },
  ],
});

function durationOptions(
  library: typeof uPlot,
  palette: Palette,
  marks: readonly (readonly [label: string, value: number | undefined])[],
): Omit<uPlot.Options, 'width' | 'height'> {
  return {
    ...base,
    padding: [20, 12, 0, 0],
    scales: { x: { time: false, distr: 3 }, y: { range: (_plot, _low, high) => [0, Math.max(high * 1.1, 1)] } },
    axes: [
      { ...axis(palette, (value) => formatSpan(value)), size: 24, space: 50 },
      { ...axis(palette, (value) => (Number.isInteger(value) ? formatCount(value) : '')), size: 48 },
    ],
    series: [
      {},
      {
        fill: palette.handler,
        width: 0,
        points: { show: false },
        ...pathsOf(library.paths.bars?.({ size: [0.92] })),
      },
    ],
    hooks: { draw: [(plot) => drawMarks(plot, palette, marks)] },
  };
}

/** The library's types say that a way of drawing may not be there. */
const pathsOf = (paths: uPlot.Series.PathBuilder | undefined) => (paths ? { paths } : {});

function drawMarks(
  plot: uPlot,
  palette: Palette,
  marks: readonly (readonly [label: string, value: number | undefined])[],
): void {
  const { ctx, bbox } = plot;
  const ratio = window.devicePixelRatio || 1;
  ctx.save();
  ctx.font = palette.font.replace('11px', `${11 * ratio}px`);
  ctx.textAlign = 'center';
  ctx.textBaseline = 'bottom';
  let end = Number.NEGATIVE_INFINITY;
  for (const [label, value] of marks) {
    if (value === undefined) continue;
    const x = Math.round(plot.valToPos(Math.max(value, 0.01), 'x', true));
    ctx.fillStyle = palette.text;
    ctx.fillRect(x, bbox.top, Math.max(1, Math.round(ratio)), bbox.height);
    // Labels that would stand on each other: the first one stays.
    if (x - end < 28 * ratio) continue;
    end = x;
    ctx.fillText(label, x, bbox.top - 2 * ratio);
  }
  ctx.restore();
}

interface PlotProps {
  readonly title: string;
  /** what it shows, in words */
  readonly text: string;
  readonly data: uPlot.AlignedData;
  readonly options: MakeOptions;
}

function Plot({ title, text, data, options }: PlotProps) {
  const box = useRef<HTMLDivElement>(null);
  const plot = useRef<uPlot | undefined>(undefined);
  const [problem, setProblem] = useState('');
  const latest = useRef({ data, options });
  latest.current = { data, options };
  const [theme, newTheme] = useReducer((count: number) => count + 1, 0);
  useEffect(() => watchTheme(() => newTheme(0)), []);

  // Made anew for another theme or other marks: a plot keeps its colours.
  useEffect(() => {
    const element = box.current;
    if (!element) return;
    let isGone = false;
    const observer = new ResizeObserver(() =>
      plot.current?.setSize({ width: Math.max(100, element.clientWidth), height: PLOT_HEIGHT }),
    );
    const draw = async () => {
      const library = await loadPlots();
      if (isGone || !canDraw()) return;
      const made = latest.current.options(library, readPalette(element));
      const width = Math.max(100, element.clientWidth);
      plot.current = new library({ ...made, width, height: PLOT_HEIGHT }, latest.current.data, element);
      observer.observe(element);
    };
    draw().catch((error: unknown) => setProblem(`It cannot be drawn: ${(error as Error).message}`));
    return () => {
      isGone = true;
      observer.disconnect();
      plot.current?.destroy();
      plot.current = undefined;
    };
  }, [theme, text]);
  useEffect(() => plot.current?.setData(data), [data]);
  return (
    <Figure title={title} text={text}>
      {problem === '' ? <div class="plot" ref={box} aria-hidden="true" /> : <p class="faint">{problem}</p>}
    </Figure>
  );
}

/** Where there is no canvas the words must do. */
const canDraw = () => document.createElement('canvas').getContext('2d') !== null;

function Figure({ title, text, children }: { title: string; text: string; children: ComponentChildren }) {
  return (
    <figure class="figure">
      <figcaption>
        <strong>{title}</strong> <span class="faint">{text}</span>
      </figcaption>
      {children}
    </figure>
  );
}

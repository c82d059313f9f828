/** Draws the bars of the rows in sight. No DOM: a pen, and rows as plain data. */
import type { Row } from '#core/inspector-messages.ts';
import { Brushes, type Pen } from './canvas.tsx';
import type { Colour, Palette } from './palette.ts';
import { type Range, ticks, TimeScale } from './scale.ts';
import type { Segment, Timing } from './timing.ts';

export interface BarRow {
  readonly row: Pick<Row, 'kind' | 'status'>;
  readonly timing: Timing;
  /** when messages of its channels came */
  readonly ticks: readonly number[];
}

/** Room at both sides, so that what happens at an edge is seen whole. */
export const MARGIN = 6;
/** Narrower a bar is not. */
const LEAST = 2;
const BAR = 10;
const TICK = 14;
/** px over which what waits fades away */
const FADE = 24;
const FADE_STEPS = 6;

const PART_COLOURS: Readonly<Record<Segment['part'], Colour>> = {
  queue: 'faint',
  transport: 'faint',
  check: 'check',
  handler: 'handler',
  serialize: 'serialize',
  deliver: 'faint',
  call: 'handler',
  open: 'channel',
};

const isWhisker = (part: Segment['part']) => part === 'queue' || part === 'transport' || part === 'deliver';

const FAILED: readonly string[] = ['error', 'denied', 'unhandled', 'undelivered'];

/** The time that rows take, from the first beginning to the last end. */
export function rangeOf(rows: readonly (BarRow | undefined)[]): Range | undefined {
  let [from, to] = [Number.POSITIVE_INFINITY, Number.NEGATIVE_INFINITY];
  for (const bar of rows) {
    if (!bar) continue;
    from = Math.min(from, bar.timing.from);
    to = Math.max(to, bar.timing.to);
  }
  if (from === Number.POSITIVE_INFINITY) return undefined;
  // A single instant gets a millisecond around it.
  return to > from ? { from, to } : { from: from - 0.5, to: to + 0.5 };
}

/** A bar that begins at the left, as all of them do where lengths are to be compared. */
export function fromStart({ row, timing, ticks }: BarRow): BarRow {
  const { from: start } = timing;
  return {
    row,
    ticks: ticks.map((time) => time - start),
    timing: {
      ...timing,
      from: 0,
      to: timing.to - start,
      segments: timing.segments.map(({ part, from, to }) => ({ part, from: from - start, to: to - start })),
    },
  };
}

export function barScale(range: Range, width: number): { readonly scale: TimeScale; readonly left: number } {
  return { scale: new TimeScale(range, Math.max(1, width - 2 * MARGIN)), left: MARGIN };
}

interface BarsLayout {
  readonly width: number;
  readonly rowHeight: number;
  readonly range: Range;
}

export function drawBars(pen: Pen, rows: readonly (BarRow | undefined)[], layout: BarsLayout, palette: Palette): void {
  const { width, rowHeight, range } = layout;
  const { scale, left } = barScale(range, width);
  const order = (['grid', 'faint', 'handler', 'check', 'serialize', 'channel', 'event', 'text', 'bad'] as const).map(
    (colour) => palette[colour],
  );
  const brushes = new Brushes(order);
  for (const time of ticks(range, width / 80).times) {
    brushes.rect(palette.grid, Math.round(left + scale.x(time)), 0, 1, rows.length * rowHeight);
  }
  const fades: Fade[] = [];
  for (const [at, bar] of rows.entries()) {
    if (!bar || bar.timing.to < range.from || bar.timing.from > range.to) continue;
    // What reaches beyond the scale is cut at its edges, with a pixel to spare.
    const place = (time: number) => Math.min(width + 1, Math.max(-1, left + scale.x(time)));
    const middle = at * rowHeight + rowHeight / 2;
    if (bar.timing.segments.length === 0) drawInstant(brushes, bar, place(bar.timing.from), middle, palette);
    else drawSpan(brushes, bar, { place, middle, width }, palette, fades);
  }
  for (const fade of fades) drawFade(pen, fade);
  brushes.drawTo(pen);
}

interface Place {
  place(time: number): number;
  readonly middle: number;
  readonly width: number;
}

interface Fade {
  readonly colour: string;
  readonly from: number;
  readonly to: number;
  readonly y: number;
  readonly height: number;
}

function drawSpan(
  brushes: Brushes,
  { row, timing, ticks }: BarRow,
  { place, middle }: Place,
  palette: Palette,
  fades: Fade[],
): void {
  const top = middle - BAR / 2;
  const body = timing.segments.filter(({ part }) => !isWhisker(part));
  for (const { part, from, to } of timing.segments) {
    const colour = palette[PART_COLOURS[part]];
    const [x, end] = [place(from), place(to)];
    if (isWhisker(part)) {
      brushes.rect(colour, x, middle - 0.5, Math.max(1, end - x), 1);
      // The whisker's end, away from the bar.
      const isBefore = part !== 'deliver';
      if (!isBefore || from === timing.from) brushes.rect(colour, isBefore ? x : end - 1, middle - 3, 1, 6);
      continue;
    }
    const isThin = part === 'open';
    const [y, height] = isThin ? [middle - 2, 4] : [top, BAR];
    if (timing.isPending) {
      const solid = Math.max(x, end - FADE);
      brushes.rect(colour, x, y, solid - x, height);
      fades.push({ colour, from: solid, to: Math.max(end, solid + LEAST), y, height });
    } else brushes.rect(colour, x, y, body.length === 1 ? Math.max(LEAST, end - x) : end - x, height);
  }
  // Parts may each be narrower than a pixel: together they are never narrower than a bar.
  const [first, last] = [body[0], body.at(-1)];
  if (body.length > 1 && first && last && place(last.to) - place(first.from) < LEAST) {
    brushes.rect(palette.handler, place(first.from), top, LEAST, BAR);
  }
  let drawn = Number.NEGATIVE_INFINITY;
  for (const time of ticks) {
    const x = Math.round(place(time));
    if (x - drawn < 2) continue;
    drawn = x;
    brushes.rect(palette.channel, x, middle - TICK / 2, 1, TICK);
  }
  if (FAILED.includes(row.status) && last) {
    const end = Math.max(place(last.to), place(first?.from ?? last.from) + LEAST);
    brushes.rect(palette.bad, end, middle - TICK / 2, 2, TICK);
    brushes.rect(palette.bad, end - 3, middle - TICK / 2, 3, 2);
    brushes.rect(palette.bad, end - 3, middle + TICK / 2 - 2, 3, 2);
  }
}

function drawInstant(brushes: Brushes, { row }: BarRow, x: number, middle: number, palette: Palette): void {
  if (FAILED.includes(row.status) || row.kind === 'problem') {
    brushes.rect(palette.bad, x - 1, middle - TICK / 2, 2, TICK);
    brushes.rect(palette.bad, x - 3, middle - 1, 6, 2);
  } else if (row.kind === 'event') {
    // A diamond in steps of a pixel: the same on every screen.
    for (let step = 0; step < 4; step++) {
      brushes.rect(palette.event, x - 3.5 + step, middle - step - 0.5, 7 - 2 * step, 2 * step + 1);
    }
  } else if (row.kind === 'channel-message' || row.kind === 'channel') {
    brushes.rect(palette.channel, x - 0.5, middle - BAR / 2, 1.5, BAR);
  } else if (row.kind === 'channel-end') brushes.rect(palette.channel, x - 2, middle - 2, 4, 4);
  else brushes.rect(row.kind === 'window' ? palette.text : palette.faint, x - 1, middle - BAR / 2, 2, BAR);
}

/** What waits has no end yet. */
function drawFade(pen: Pen, { colour, from, to, y, height }: Fade): void {
  pen.fillStyle = colour;
  const step = (to - from) / FADE_STEPS;
  for (let at = 0; at < FADE_STEPS; at++) {
    pen.globalAlpha = 1 - (at + 0.5) / FADE_STEPS;
    pen.fillRect(from + at * step, y, step, height);
  }
  pen.globalAlpha = 1;
}

/** Draws how many messages came when. No DOM: a pen, and counts as plain data. */
import { Brushes, type Pen } from './canvas.tsx';
import type { Palette } from './palette.ts';
import { formatSpan, type Range, ticks, TimeScale } from './scale.ts';

export interface Density {
  /** when the first bin begins, and how many ms each is wide */
  readonly origin: number;
  readonly width: number;
  readonly counts: ArrayLike<number>;
  readonly failures: ArrayLike<number>;
}

export interface DensityBar extends Range {
  readonly count: number;
  readonly failures: number;
}

/** px that a bar has at least, with its gap */
const BAR = 4;
const LABELS = 12;

/**
 * As many neighbouring bins together as a bar needs. They are grouped by their place in the session and not in the
 * picture, so that bars keep their height while the picture shrinks.
 */
export function densityBars({ origin, width, counts, failures }: Density, range: Range, most: number): DensityBar[] {
  const first = Math.floor(range.from / width);
  const last = Math.floor(range.to / width);
  const group = Math.max(1, Math.ceil((last - first + 1) / Math.max(1, most)));
  const bars: DensityBar[] = [];
  for (let from = Math.floor(first / group) * group; from <= last; from += group) {
    let [count, failed] = [0, 0];
    for (let bin = from; bin < from + group; bin++) {
      const at = bin - origin / width;
      count += counts[at] ?? 0;
      failed += failures[at] ?? 0;
    }
    if (count > 0) bars.push({ from: from * width, to: (from + group) * width, count, failures: failed });
  }
  return bars;
}

interface DensityLayout {
  readonly width: number;
  readonly height: number;
  readonly range: Range;
}

export function drawDensity(
  pen: Pen,
  density: Density,
  { width, height, range }: DensityLayout,
  palette: Palette,
): void {
  const scale = new TimeScale(range, width);
  const bars = densityBars(density, range, Math.floor(width / BAR));
  const most = bars.reduce((highest, { count }) => Math.max(highest, count), 1);
  // By the root, or a burst would make everything else invisible.
  const tall = (count: number) => Math.max(2, Math.sqrt(count / most) * (height - LABELS));
  const brushes = new Brushes([palette.grid, palette.density, palette.bad]);
  const { step, times } = ticks(range, width / 110);
  for (const time of times) brushes.rect(palette.grid, Math.round(scale.x(time)), 0, 1, height);
  for (const { from, to, count, failures } of bars) {
    const x = Math.max(0, scale.x(from));
    const wide = Math.max(1, Math.min(width, scale.x(to)) - x - 1);
    const high = tall(count);
    brushes.rect(palette.density, x, height - high, wide, high);
    if (failures === 0) continue;
    const failed = Math.min(high, Math.max(3, tall(failures)));
    brushes.rect(palette.bad, x, height - failed, wide, failed);
    // Told by its place, too: a mark above the bar.
    brushes.rect(palette.bad, x, height - high - 3, wide, 2);
  }
  brushes.drawTo(pen);
  pen.font = palette.font;
  pen.fillStyle = palette.faint;
  pen.textBaseline = 'top';
  for (const time of times) {
    const x = scale.x(time) + 3;
    if (x < width - 40) pen.fillText(formatSpan(time, step), x, 1);
  }
}

import fc from 'fast-check';
import { expect, test } from 'vitest';
import type { Row } from '#core/inspector-messages.ts';
import { ColumnStore } from '../../../../webview-ui/inspector/store.ts';
import { BINS, TimeBins } from '../../../../webview-ui/inspector/time/bins.ts';
import { densityBars, drawDensity } from '../../../../webview-ui/inspector/time/density.ts';
import { TickIndex } from '../../../../webview-ui/inspector/time/ticks.ts';
import { row } from '../rows.ts';
import { PALETTE, recordingPen } from './pen.ts';

const FAILED = new Set(['error', 'denied', 'unhandled', 'undelivered']);

/** The same bins, counted from the rows. */
function counted(bins: TimeBins, rows: readonly Row[]) {
  const counts = new Uint32Array(BINS);
  const failures = new Uint32Array(BINS);
  for (const { time, status } of rows) {
    const bin = Math.floor((time - bins.origin) / bins.width);
    counts[bin] = (counts[bin] ?? 0) + 1;
    if (FAILED.has(status)) failures[bin] = (failures[bin] ?? 0) + 1;
  }
  return { counts, failures };
}

const gap = fc.oneof(
  { weight: 8, arbitrary: fc.double({ min: 0, max: 50, noNaN: true }) },
  { weight: 1, arbitrary: fc.double({ min: 0, max: 1e6, noNaN: true }) },
);
const step = fc.oneof(
  { weight: 5, arbitrary: fc.record({ kind: fc.constant('add' as const), gaps: fc.array(gap, { maxLength: 20 }) }) },
  { weight: 2, arbitrary: fc.record({ kind: fc.constant('fail' as const), at: fc.nat(200) }) },
  {
    weight: 1,
    arbitrary: fc.record({ kind: fc.constant('trim' as const), share: fc.double({ min: 0, max: 1, noNaN: true }) }),
  },
  { weight: 1, arbitrary: fc.record({ kind: fc.constant('clear' as const) }) },
);

function run(steps: readonly (typeof step extends fc.Arbitrary<infer S> ? S : never)[], backwards: boolean) {
  const store = new ColumnStore();
  const bins = new TimeBins(store);
  let kept: Row[] = [];
  let [id, time] = [0, backwards ? 1e8 : 1234.5];
  for (const each of steps) {
    if (each.kind === 'add') {
      const rows = each.gaps.map((gap) =>
        row(++id, { time: (time += backwards ? -gap : gap), status: id % 7 === 0 ? 'error' : 'pending' }),
      );
      kept.push(...rows);
      store.append(rows);
    } else if (each.kind === 'fail') {
      const at = each.at % Math.max(1, kept.length);
      const old = kept[at];
      if (!old) continue;
      kept[at] = { ...old, status: 'denied' };
      bins.changed(store.change([kept[at]]));
    } else if (each.kind === 'trim') {
      const first = kept[Math.floor(each.share * kept.length)];
      if (!first) continue;
      store.trim(first.id);
      kept = kept.filter((other) => other.id >= first.id);
    } else {
      store.clear();
      bins.clear();
      kept = [];
    }
    bins.update();
  }
  return { bins, kept };
}

test.each([false, true])(
  'bins are those of a plain count, whatever comes, fails and goes (backwards: %s)',
  (backwards) => {
    fc.assert(
      fc.property(fc.array(step, { maxLength: 40 }), (steps) => {
        const { bins, kept } = run(steps, backwards);
        const { counts, failures } = counted(bins, kept);
        expect(bins.counts).toEqual(counts);
        expect(bins.failures).toEqual(failures);
        if (kept.length === 0) expect(bins.range).toBeUndefined();
        else {
          const times = kept.map(({ time }) => time);
          expect(bins.range).toEqual({ from: Math.min(...times), to: Math.max(...times) });
        }
      }),
      { numRuns: 200 },
    );
  },
);

test('after hours only the last seconds are kept: bins are narrow enough to tell them apart', () => {
  const store = new ColumnStore();
  const bins = new TimeBins(store);
  store.append(Array.from({ length: 1000 }, (_, at) => row(at + 1, { time: at * 36_000 })));
  bins.update();
  expect(bins.width).toBeGreaterThan(10_000);
  store.append(Array.from({ length: 1000 }, (_, at) => row(1001 + at, { time: 36_000_000 + at * 10 })));
  bins.update();
  store.trim(1001);
  bins.update();
  expect(bins.width).toBeLessThanOrEqual(32);
  expect(bins.counts.filter((count) => count > 0).length).toBeGreaterThan(300);
  expect(bins.counts.reduce((sum, count) => sum + count, 0)).toBe(1000);
});

test('the bounds are those of the rows that are kept: after a trim, and where all that was counted has gone at once', () => {
  const store = new ColumnStore();
  const bins = new TimeBins(store);
  store.append([row(1, { time: 1e8 }), row(2, { time: 99999999.99999999 })]);
  bins.update();
  store.trim(2);
  bins.update();
  expect(bins.range).toEqual({ from: 99999999.99999999, to: 99999999.99999999 });
  store.clear();
  bins.clear();
  store.append([row(3, { time: 100 }), row(4, { time: 200 })]);
  bins.update();
  store.append([row(5, { time: 50 })]);
  store.trim(5);
  bins.update();
  expect(bins.range).toEqual({ from: 50, to: 50 });
  expect(bins.counts.reduce((sum, count) => sum + count, 0)).toBe(1);
});

test('a picture has every message of its range once, in no more bars than there is room for', () => {
  fc.assert(
    fc.property(fc.array(step, { maxLength: 20 }), fc.integer({ min: 1, max: 300 }), (steps, most) => {
      const { bins, kept } = run(steps, false);
      const { range } = bins;
      if (!range) return;
      const bars = densityBars(bins, range, most);
      expect(bars.length).toBeLessThanOrEqual(most + 1);
      expect(bars.reduce((sum, { count }) => sum + count, 0)).toBe(kept.length);
    }),
  );
});

test('failures have their colour, their height and a mark above', () => {
  const density = { origin: 0, width: 10, counts: [4, 0, 1], failures: [1, 0, 0] };
  const { pen, rects } = recordingPen();
  drawDensity(pen, density, { width: 120, height: 32, range: { from: 0, to: 29 } }, PALETTE);
  const bars = rects.filter(({ colour }) => colour === 'density');
  const bad = rects.filter(({ colour }) => colour === 'bad');
  expect(bars.map(({ height }) => height)).toEqual([20, 10]);
  expect(bad.map(({ y, height }) => [y, height])).toEqual([
    [22, 10],
    [9, 2],
  ]);
});

test('ticks of a stream are thinned evenly, and go with their records', () => {
  const index = new TickIndex();
  index.channel(2, 1);
  for (let at = 0; at < 100_000; at++) index.message(2, at / 10);
  const times = index.of(1);
  expect(times.length).toBeLessThanOrEqual(512);
  expect(times.length).toBeGreaterThan(200);
  expect(times[0]).toBe(0);
  expect(10_000 - (times.at(-1) ?? 0)).toBeLessThan(100);
  expect(index.of(2)).toEqual(times);
  index.trim(2);
  expect([index.of(1).length, index.of(2).length]).toEqual([0, times.length]);
  index.trim(3);
  expect(index.of(2)).toEqual([]);
});

import fc from 'fast-check';
import { expect, test } from 'vitest';
import { readRange, writeRange } from '../../../../webview-ui/inspector/time/brush.ts';
import { histogram } from '../../../../webview-ui/inspector/time/histogram.ts';
import { dragged } from '../../../../webview-ui/inspector/time/overview.tsx';
import { formatSpan, ticks, TimeScale } from '../../../../webview-ui/inspector/time/scale.ts';

const time = fc.double({ min: 0, max: 1e7, noNaN: true });

test('times and places go into each other, and order stays', () => {
  fc.assert(
    fc.property(
      time,
      fc.double({ min: 0.1, max: 1e6, noNaN: true }),
      fc.integer({ min: 10, max: 2000 }),
      time,
      (from, span, width, at) => {
        const scale = new TimeScale({ from, to: from + span }, width);
        expect([scale.x(from), scale.x(from + span)].map(Math.round)).toEqual([0, width]);
        const inside = from + (at / 1e7) * span;
        expect(scale.time(scale.x(inside))).toBeCloseTo(inside, 3);
        expect(scale.x(inside)).toBeGreaterThanOrEqual(0);
        expect(scale.time(-5)).toBe(from);
      },
    ),
  );
});

test('a range without length has places, too', () => {
  const scale = new TimeScale({ from: 7, to: 7 }, 100);
  expect([scale.x(7), scale.time(50)]).toEqual([0, 7]);
});

test('ticks are round, inside of the range, and not more than asked for', () => {
  fc.assert(
    fc.property(
      time,
      fc.double({ min: 0.01, max: 1e6, noNaN: true }),
      fc.integer({ min: 1, max: 20 }),
      (from, span, most) => {
        const { step, times } = ticks({ from, to: from + span }, most);
        expect(times.length).toBeLessThanOrEqual(most + 1);
        for (const each of times) {
          expect(each).toBeGreaterThanOrEqual(from - step * 1e-6);
          expect(each).toBeLessThanOrEqual(from + span + step * 1e-6);
        }
        expect(
          [1, 2, 5, 10].some(
            (factor) =>
              Math.abs(Math.log10(step / factor) % 1) < 1e-6 ||
              Math.abs(Math.abs(Math.log10(step / factor) % 1) - 1) < 1e-6,
          ),
        ).toBe(true);
      },
    ),
  );
  expect(ticks({ from: 0, to: 100 }, 4).times).toEqual([0, 50, 100]);
  expect(ticks({ from: 5, to: 5 }, 4).times).toEqual([]);
});

test('lengths of time are short', () => {
  expect([0.25, 12.3, 350, 2860, 90_000, 7_200_000].map((each) => formatSpan(each))).toEqual([
    '0.25 ms',
    '12.3 ms',
    '350 ms',
    '2.86 s',
    '1:30 min',
    '2:00 h',
  ]);
});

test('neighbours have different labels, however long the session is', () => {
  for (const from of [0.5, 900, 59_000, 100_000, 3_599_000, 7_300_000]) {
    for (const length of [0.02, 3, 45, 2000, 30_000, 400_000]) {
      const { step, times } = ticks({ from, to: from + length }, 8);
      const labels = times.map((time) => formatSpan(time, step));
      expect(labels).toEqual([...new Set(labels)]);
    }
  }
  expect([70_000, 80_000, 90_500].map((time) => formatSpan(time, 10_000))).toEqual([
    '1:10 min',
    '1:20 min',
    '1:31 min',
  ]);
  expect([formatSpan(3_600_500, 500), formatSpan(59_999.9), formatSpan(3_599_999)]).toEqual([
    '1:00:00.5 h',
    '1:00 min',
    '1:00 h',
  ]);
});

test('the range of the filter is read, set, replaced and taken out', () => {
  expect(readRange('greet at:1.2s..3.9s -listen')).toEqual({ from: 1200, to: 3900 });
  expect(readRange('at:100..200')).toEqual({ from: 100, to: 200 });
  expect(readRange('at:0.1s..2m')).toEqual({ from: 100, to: 120_000 });
  const range = { from: 500, to: 1500.4 };
  expect(writeRange('', range)).toBe('at:0.5s..1.5s');
  expect(writeRange('greet', range)).toBe('greet at:0.5s..1.5s');
  expect(writeRange('greet at:1s..2s is:error', range)).toBe('greet at:0.5s..1.5s is:error');
  expect(writeRange('greet at:1s..2s is:error', undefined)).toBe('greet is:error');
  expect(writeRange('at:1s..2s & greet', undefined)).toBe('greet');
  expect(writeRange('greet', undefined)).toBe('greet');
});

test('a range that is not that of everything is left alone', () => {
  for (const filter of [
    '-at:1s..2s',
    'a | at:1s..2s',
    '(at:1s..2s | b)',
    '"at:1s..2s"',
    'at:1s..',
    'at:1s..2s,4s..5s',
  ]) {
    expect(readRange(filter), filter).toBeUndefined();
  }
  expect(writeRange('a | b', { from: 0, to: 1000 })).toBe('(a | b) at:0s..1s');
  expect(readRange('(a | b) at:0s..1s')).toEqual({ from: 0, to: 1000 });
  expect(readRange('cmd:fs|* at:0s..1s')).toEqual({ from: 0, to: 1000 });
  expect(writeRange('(a | b) at:0s..1s', undefined)).toBe('(a | b)');
  expect(writeRange('(at:0s..1s) a & b', undefined)).toBe('a b');
  expect(writeRange('cmd:', { from: 0, to: 1000 })).toBe('at:0s..1s');
  expect(readRange('"a | b" at:0s..1s')).toEqual({ from: 0, to: 1000 });
});

test('whatever was written is read again, to a millisecond', () => {
  const words = fc.constantFrom('', 'greet', 'a | b', 'is:error & win:main', 'cmd:fs|*', 'greet at:1s..2s');
  fc.assert(
    fc.property(words, time, time, (filter, one, other) => {
      const range = { from: Math.min(one, other), to: Math.max(one, other) };
      const read = readRange(writeRange(filter, range));
      expect(read?.from).toBeCloseTo(range.from, -0.3);
      expect(Math.abs((read?.to ?? 0) - range.to)).toBeLessThanOrEqual(0.51);
    }),
  );
});

test('a drag makes, moves and changes a range, and never leaves the session', () => {
  const whole = { from: 0, to: 100 };
  const range = { from: 20, to: 40 };
  expect(dragged({ part: 'new', range }, 60, 50, whole)).toEqual({ from: 50, to: 60 });
  expect(dragged({ part: 'both', range }, 30, 45, whole)).toEqual({ from: 35, to: 55 });
  expect(dragged({ part: 'both', range }, 30, 99, whole)).toEqual({ from: 80, to: 100 });
  expect(dragged({ part: 'from', range }, 20, 10, whole)).toEqual({ from: 10, to: 40 });
  // past the other end: the ends change places
  expect(dragged({ part: 'from', range }, 20, 70, whole)).toEqual({ from: 40, to: 70 });
});

test('a histogram has each duration once, between the edges of its bar', () => {
  fc.assert(
    fc.property(
      fc.array(fc.double({ min: 0, max: 1e5, noNaN: true }), { minLength: 1, maxLength: 50 }),
      (durations) => {
        const sorted = durations.toSorted((a, b) => a - b);
        const { edges, counts } = histogram(sorted);
        expect(counts.reduce((sum, count) => sum + count, 0)).toBe(durations.length);
        expect(edges.length).toBe(counts.length + 1);
        const longest = Math.max(0.01, sorted.at(-1) ?? 0);
        expect(edges.at(-1)).toBeGreaterThanOrEqual(longest * (1 - 1e-9));
        expect(edges[0]).toBeLessThanOrEqual(Math.max(0.01, sorted[0] ?? 0) * (1 + 1e-9));
      },
    ),
  );
  expect(histogram([])).toEqual({ edges: [], counts: [] });
});

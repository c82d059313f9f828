import fc from 'fast-check';
import { expect, test } from 'vitest';
import type { Row } from '#core/inspector-messages.ts';
import { type BarRow, drawBars, fromStart, rangeOf } from '../../../../webview-ui/inspector/time/bars.ts';
import { timingLines, timingOf, timingText } from '../../../../webview-ui/inspector/time/timing.ts';
import { row } from '../rows.ts';
import { PALETTE, recordingPen } from './pen.ts';

const NOW = 5000;

const bar = (part: Partial<Row>, ticks: readonly number[] = []): BarRow => {
  const made = row(1, part);
  return { row: made, timing: timingOf(made, NOW, ticks.at(-1)), ticks };
};

function draw(bars: readonly (BarRow | undefined)[], range = rangeOf(bars) ?? { from: 0, to: 1 }, width = 212) {
  const { pen, rects } = recordingPen();
  drawBars(pen, bars, { width, rowHeight: 20, range }, PALETTE);
  return rects.filter(({ colour }) => colour !== 'grid');
}

test('check 32: the parts of a call follow each other and are the whole', () => {
  const length = fc.option(fc.double({ min: 0, max: 500, noNaN: true }), { nil: undefined });
  const phases = fc.record({
    queue: length,
    transport: length,
    check: length,
    handler: length,
    serialize: length,
    deliver: length,
  });
  fc.assert(
    fc.property(phases, (given) => {
      const measured = Object.fromEntries(Object.entries(given).filter(([, each]) => each !== undefined)) as Record<
        string,
        number
      >;
      const inHost = (given.check ?? 0) + (given.handler ?? 0) + (given.serialize ?? 0);
      const { from, to, segments } = timingOf(row(1, { time: 1000, duration: inHost, phases: measured }), NOW);
      const sum = Object.values(measured).reduce((all, each) => all + each, 0);
      expect(Math.abs(to - from - sum)).toBeLessThan(0.1);
      expect(from).toBeCloseTo(1000 - (given.queue ?? 0) - (given.transport ?? 0), 6);
      segments.reduce((end, segment) => {
        expect(segment.from).toBeCloseTo(end, 6);
        return segment.to;
      }, from);
    }),
  );
});

test('a bar has its phases in their colours, whiskers before and after', () => {
  const rects = draw([
    bar({ time: 100, duration: 60, phases: { transport: 20, check: 10, handler: 40, serialize: 10, deliver: 20 } }),
  ]);
  // 100 ms are 200 px, from 6 on
  const place = (colour: string, height: number) =>
    rects.filter((each) => each.colour === colour && each.height === height).map(({ x, width }) => [x, width]);
  expect(place('check', 10)).toEqual([[46, 20]]);
  expect(place('handler', 10)).toEqual([[66, 80]]);
  expect(place('serialize', 10)).toEqual([[146, 20]]);
  expect(place('faint', 1)).toEqual([
    [6, 40],
    [166, 40],
  ]);
});

test('no bar is narrower than two pixels, however it is made up', () => {
  const wide = bar({ time: 0, duration: 10_000 });
  for (const phases of [undefined, { check: 0.1, handler: 0.2, serialize: 0.1 }]) {
    const tiny = bar({ time: 50, duration: 0.4, ...(phases && { phases }) });
    const rects = draw([wide, tiny]).filter(({ y }) => y >= 20);
    expect(Math.max(...rects.map(({ width }) => width))).toBeGreaterThanOrEqual(2);
  }
});

test('what waits grows to now and fades; what failed has a mark that is more than a colour', () => {
  const pending = draw([bar({ status: 'pending', time: 1000 })], { from: 0, to: NOW });
  const fade = pending.filter(({ alpha }) => alpha < 1).map(({ alpha }) => alpha);
  expect(fade.length).toBeGreaterThan(3);
  expect(fade).toEqual(fade.toSorted((a, b) => b - a));
  expect(Math.max(...pending.map(({ x, width }) => x + width))).toBeCloseTo(206, 6);
  const failed = draw([bar({ status: 'denied', duration: 20 })]);
  expect(failed.filter(({ colour }) => colour === 'bad').length).toBe(3);
  expect(draw([bar({ status: 'ok', duration: 20 })]).filter(({ colour }) => colour === 'bad')).toEqual([]);
});

test('messages of a channel are ticks on the bar of its call, one for each pixel at most', () => {
  const ticks = Array.from({ length: 5000 }, (_, at) => 1000 + at / 10);
  const rects = draw([bar({ status: 'pending', time: 1000 }, ticks)], { from: 1000, to: 2000 });
  const drawn = rects.filter(({ colour }) => colour === 'channel');
  expect(drawn.length).toBeGreaterThan(30);
  expect(drawn.length).toBeLessThanOrEqual(101);
});

test('events, messages and windows are instants; rows that are no messages leave a gap', () => {
  const kinds = ['event', 'channel-message', 'window', 'problem'] as const;
  const rects = draw([undefined, ...kinds.map((kind) => bar({ kind, time: 100 }))], { from: 0, to: 200 });
  expect(rects.filter(({ y }) => y < 20)).toEqual([]);
  for (const at of kinds.keys()) {
    const own = rects.filter(({ y }) => y >= (at + 1) * 20 && y < (at + 2) * 20);
    expect(own.length).toBeGreaterThan(0);
    for (const { x, width } of own) expect(Math.abs(x + width / 2 - 106)).toBeLessThanOrEqual(1);
  }
});

test('nothing is drawn outside of the canvas, whatever the range', () => {
  const time = fc.double({ min: 0, max: 1e6, noNaN: true });
  fc.assert(
    fc.property(
      fc.array(fc.tuple(time, time, fc.constantFrom('invoke', 'event', 'channel')), { maxLength: 20 }),
      time,
      time,
      (given, from, span) => {
        const bars = given.map(([start, duration, kind]) => bar({ kind: kind as Row['kind'], time: start, duration }));
        for (const { x, y, width, height } of draw(bars, { from, to: from + span + 0.01 })) {
          expect(x).toBeGreaterThanOrEqual(-6);
          expect(x + width).toBeLessThanOrEqual(220);
          expect(y).toBeGreaterThanOrEqual(0);
          expect(y + height).toBeLessThanOrEqual(given.length * 20);
        }
      },
    ),
  );
});

test('bars that are compared begin at the left', () => {
  const aligned = fromStart(bar({ time: 300, duration: 40, phases: { queue: 5, handler: 40 } }, [310]));
  expect([aligned.timing.from, aligned.timing.to, aligned.ticks]).toEqual([0, 45, [15]]);
});

test('the same is told in words', () => {
  const call = row(1, { time: 1204, duration: 6.1, phases: { check: 0.1, handler: 6 } });
  expect(timingLines(call, NOW).map((line) => line.join(' '))).toEqual([
    'Start +1.204',
    'Permission and arguments 0.1 ms',
    'Handler 6.0 ms',
    'Total 6.1 ms',
  ]);
  expect(timingText(call)).toBe('Permission and arguments 0.1 ms, Handler 6.0 ms');
  expect(timingText(row(1, { duration: 6.1 }))).toBe('6.1 ms');
  expect(timingText(row(1, { kind: 'event' }))).toBe('');
  expect(timingLines(row(1, { status: 'pending', time: 4000 }), NOW).at(-1)).toEqual(['Waits for', '1000 ms']);
});

import fc from 'fast-check';
import { expect, test } from 'vitest';
import type { Row } from '#core/inspector-messages.ts';
import { ColumnStore } from '../../../../webview-ui/inspector/store.ts';
import { drawArrows } from '../../../../webview-ui/inspector/time/arrows.ts';
import {
  compactScale,
  fittingZoom,
  labelled,
  lanePlaces,
  nearestStep,
  timedScale,
} from '../../../../webview-ui/inspector/time/sequence-scale.ts';
import { stepOf, type Steps, stepsOf } from '../../../../webview-ui/inspector/time/steps.ts';
import { row } from '../rows.ts';
import { PALETTE, recordingPen } from './pen.ts';

function steps(rows: readonly Row[], most?: number): { readonly store: ColumnStore; readonly steps: Steps } {
  const store = new ColumnStore();
  store.append(rows);
  return { store, steps: stepsOf(store, undefined, most) };
}

const told = (all: Steps, store: ColumnStore) =>
  Array.from({ length: all.length }, (_, at) => {
    const lane = (index: number) => all.lanes[index]?.window || 'host';
    const { name } = store.row(all.slots[at] ?? -1) ?? { name: '?' };
    return `${all.times[at]} ${name}${all.answers[at] ? ' answer' : ''}: ${lane(all.from[at] ?? 0)} → ${lane(all.to[at] ?? 0)}`;
  });

test('a call is two steps, there and back; the others are one; windows have lanes, the host is the last', () => {
  const { store, steps: all } = steps([
    row(1, { time: 10, duration: 20, name: 'save' }),
    row(2, { time: 15, kind: 'event', direction: 'to-page', window: 'prefs', name: 'saved' }),
    row(3, { time: 20, status: 'pending', name: 'wait' }),
    row(4, { time: 25, kind: 'window', name: 'ready' }),
    row(5, { time: 26, kind: 'event', direction: 'to-page', window: '', name: 'tick' }),
    row(6, { time: 40, duration: 1, status: 'orphan', name: 'gone' }),
  ]);
  expect(told(all, store)).toEqual([
    '10 save: main → host',
    '15 saved: host → prefs',
    '20 wait: main → host',
    '25 ready: main → main',
    '26 tick: host → host',
    '30 save answer: host → main',
    '40 gone: main → host',
  ]);
  expect(all.lanes.map(({ window }) => window)).toEqual(['main', 'prefs', '']);
  expect([...all.partners]).toEqual([5, -1, -1, -1, -1, 0, -1]);
});

test('windows of the same name in different apps have lanes of their own', () => {
  const { steps: all } = steps([row(1, { app: 'notes' }), row(2, { app: 'mail' })]);
  expect(all.lanes.map(({ app, window }) => `${app} ${window}`)).toEqual(['notes main', 'mail main', ' ']);
});

const rows = fc
  .array(fc.tuple(fc.nat(20), fc.nat(100), fc.constantFrom('invoke', 'event', 'channel-message'), fc.boolean()), {
    maxLength: 60,
  })
  .map((given) => {
    let time = 0;
    return given.map(([gap, duration, kind, isPending], at) =>
      row(at + 1, {
        time: (time += gap),
        kind: kind as Row['kind'],
        status: isPending ? 'pending' : at % 5 === 0 ? 'error' : 'ok',
        ...(kind === 'invoke' && !isPending ? { duration } : {}),
      }),
    );
  });

test('one step for each message and one for each answer, in the order of time, each found again', () => {
  fc.assert(
    fc.property(rows, (given) => {
      const { store, steps: all } = steps(given);
      const answers = given.filter(({ kind, status }) => kind === 'invoke' && status !== 'pending').length;
      expect(all.length).toBe(given.length + answers);
      expect([...all.times]).toEqual([...all.times].toSorted((a, b) => a - b));
      for (let at = 0; at < all.length; at++) {
        const slot = all.slots[at] ?? -1;
        const isAnswer = all.answers[at] === 1;
        expect(stepOf(all, slot, store.timeOf(slot), isAnswer)).toBe(at);
        const partner = all.partners[at] ?? -1;
        if (partner >= 0) expect(all.partners[partner]).toBe(at);
      }
    }),
  );
});

test('of too many messages the newest are there, and the others counted', () => {
  const { store, steps: all } = steps(
    Array.from({ length: 10 }, (_, at) => row(at + 1)),
    4,
  );
  expect([all.leftOut, store.row(all.slots[0] ?? 0)?.id]).toEqual([6, 7]);
});

test('both scales keep the order, and find what is in sight as a plain search would', () => {
  fc.assert(
    fc.property(
      rows,
      fc.double({ min: 0, max: 1, noNaN: true }),
      fc.double({ min: 0.01, max: 50, noNaN: true }),
      (given, share, zoom) => {
        const { steps: all } = steps(given);
        for (const scale of [compactScale(all), timedScale(all, zoom)]) {
          const y = share * scale.height;
          const ys = Array.from({ length: all.length }, (_, at) => scale.y(at));
          expect(ys).toEqual(ys.toSorted((a, b) => a - b));
          const plain = ys.findIndex((each) => each >= y - 1e-6);
          expect(Math.abs(scale.firstAt(y) - (plain < 0 ? all.length : plain))).toBeLessThanOrEqual(
            ys.filter((each) => Math.abs(each - y) < 1e-6).length,
          );
          for (const each of ys) expect(each).toBeLessThanOrEqual(scale.height);
          const nearest = nearestStep(all, scale, y);
          if (all.length > 0) {
            const best = Math.min(...ys.map((each) => Math.abs(each - y)));
            expect(Math.abs(scale.y(nearest) - y)).toBeCloseTo(best, 6);
          }
        }
      },
    ),
  );
});

test('all steps fit where they shall, and names do not stand on each other', () => {
  const { steps: all } = steps(Array.from({ length: 500 }, (_, at) => row(at + 1, { time: at * 3, duration: 7 })));
  const scale = timedScale(all, fittingZoom(all, 400));
  expect(scale.height).toBeCloseTo(400, 6);
  const names = labelled(scale, 0, all.length, 321);
  expect(names).toContain(321);
  expect(names.length).toBeGreaterThan(10);
  for (const [at, name] of names.entries()) {
    if (at > 0) expect(scale.y(name) - scale.y(names[at - 1] ?? 0)).toBeGreaterThanOrEqual(17.9);
  }
  expect(labelled(compactScale(all), 10, 30, -1).length).toBe(20);
});

test('lanes share the width, and are wider than it where there are many', () => {
  fc.assert(
    fc.property(fc.integer({ min: 1, max: 60 }), fc.integer({ min: 100, max: 3000 }), (count, width) => {
      const { xs, width: wide } = lanePlaces(count, width);
      expect(xs.length).toBe(count);
      expect(wide).toBeGreaterThanOrEqual(width);
      expect(xs.at(-1)).toBeLessThan(wide);
      for (const [at, x] of xs.entries()) if (at > 0) expect(x - (xs[at - 1] ?? 0)).toBeGreaterThanOrEqual(130);
    }),
  );
});

function draw(all: Steps, height = 400, selected = -1, zoom = 0) {
  const { pen, rects, lines } = recordingPen();
  const scale = zoom > 0 ? timedScale(all, zoom) : compactScale(all);
  const lanes = lanePlaces(all.lanes.length, 600);
  drawArrows(pen, all, { scale, lanes, top: 0, height, first: 0, last: scale.firstAt(height), selected }, PALETTE);
  return { rects, lines, lanes };
}

test('calls are whole lines and answers are dashed; a failure ends in a cross', () => {
  const { lines, lanes } = draw(steps([row(1, { time: 0, duration: 5, status: 'error' })]).steps);
  const [window = 0, host = 0] = lanes.xs;
  const across = lines.filter(({ points }) => points.length === 2 && points[0]?.[1] === points[1]?.[1]);
  expect(across.map(({ colour, isDashed, points }) => [colour, isDashed, points.map(([x]) => x)])).toEqual([
    ['toHost', false, [window, host]],
    ['bad', true, [host, window]],
  ]);
  const cross = lines.filter(({ colour, points }) => colour === 'bad' && points[0]?.[1] !== points[1]?.[1]);
  expect(cross.length).toBe(2);
});

test('while calls are being answered the host is drawn busy: the union of their times, each place once', () => {
  const given = [
    row(1, { time: 0, duration: 50 }),
    row(2, { time: 20, duration: 10 }),
    row(3, { time: 80, duration: 5 }),
  ];
  const { rects } = draw(steps(given).steps, 400, -1, 2);
  const busy = rects.filter(({ colour }) => colour === 'density').map(({ y, height }) => [y, y + height]);
  expect(busy).toEqual([
    [24, 124],
    [184, 194],
  ]);
});

test('a hundred thousand steps on a screen are as many lines as the screen has room for', () => {
  const many = Array.from({ length: 50_000 }, (_, at) => row(at + 1, { time: at, duration: 3 }));
  const { steps: all } = steps(many);
  const { lines } = draw(all, 400, -1, fittingZoom(all, 400));
  expect(all.length).toBe(100_000);
  expect(lines.length).toBeLessThan(3000);
});

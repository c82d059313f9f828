/** Where the steps of a sequence stand: one below the other, or by their times. */
import { firstStepFrom, type Steps } from './steps.ts';

export interface SequenceScale {
  /** in px, of all steps */
  readonly height: number;
  /** where a step's arrow is */
  y(step: number): number;
  /** the first step whose arrow is not above `y` */
  firstAt(y: number): number;
}

export const STEP_HEIGHT = 22;
/** The arrow stands below its name. */
const ARROW = 17;
const MARGIN = 24;
/** px for a millisecond at most: messages do not come closer than some microseconds */
const MOST_ZOOM = 200;

export function compactScale(steps: Steps): SequenceScale {
  return {
    height: steps.length * STEP_HEIGHT,
    y: (step) => step * STEP_HEIGHT + ARROW,
    firstAt: (y) => Math.min(steps.length, Math.max(0, Math.ceil((y - ARROW) / STEP_HEIGHT))),
  };
}

/** @param zoom px for a millisecond */
export function timedScale(steps: Steps, zoom: number): SequenceScale {
  const start = steps.times[0] ?? 0;
  const end = steps.times[steps.length - 1] ?? start;
  return {
    height: (end - start) * zoom + 2 * MARGIN,
    y: (step) => ((steps.times[step] ?? start) - start) * zoom + MARGIN,
    firstAt: (y) => firstStepFrom(steps, start + (y - MARGIN) / zoom),
  };
}

/** The zoom with which all steps fit into a height. */
export function fittingZoom(steps: Steps, height: number): number {
  const span = (steps.times[steps.length - 1] ?? 0) - (steps.times[0] ?? 0);
  return span > 0 ? Math.max(1, height - 2 * MARGIN) / span : 1;
}

export function clampZoom(zoom: number, least: number): number {
  return Math.min(MOST_ZOOM, Math.max(least, zoom));
}

/** The nearest step to a place, -1 without any. */
export function nearestStep(steps: Steps, scale: SequenceScale, y: number): number {
  const below = scale.firstAt(y);
  const candidates = [below - 1, below].filter((step) => step >= 0 && step < steps.length);
  return candidates.reduce(
    (best, step) => (best < 0 || Math.abs(scale.y(step) - y) < Math.abs(scale.y(best) - y) ? step : best),
    -1,
  );
}

/** Which steps of a span have room for their names: none stands on another. */
export function labelled(scale: SequenceScale, first: number, last: number, always: number): number[] {
  const shown: number[] = [];
  const isFree = (step: number) =>
    step === always || always < first || always >= last || Math.abs(scale.y(step) - scale.y(always)) >= STEP_HEIGHT - 4;
  let end = Number.NEGATIVE_INFINITY;
  for (let step = first; step < last; step++) {
    const y = scale.y(step);
    if (step !== always && (y - end < STEP_HEIGHT - 4 || !isFree(step))) continue;
    shown.push(step);
    end = y;
  }
  return shown;
}

export interface LanePlaces {
  /** the middle of each lane, in px */
  readonly xs: readonly number[];
  readonly width: number;
}

/** Room for the times at the left. */
export const GUTTER = 84;
const LEAST_LANE = 130;
const MOST_LANE = 460;

/** Lanes share the width, and scroll sideways where it is too small for them. */
export function lanePlaces(lanes: number, width: number): LanePlaces {
  const edge = LEAST_LANE / 2;
  const room = width - GUTTER - 2 * edge;
  const apart = Math.min(MOST_LANE, Math.max(LEAST_LANE, lanes > 1 ? room / (lanes - 1) : room));
  const xs = Array.from({ length: lanes }, (_, at) => GUTTER + edge + at * apart);
  return { xs, width: Math.max(width, (xs.at(-1) ?? GUTTER) + edge) };
}

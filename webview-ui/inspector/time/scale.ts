/** Times as places, and the round times between which a scale is divided. */

export interface Range {
  /** in ms of the session */
  readonly from: number;
  readonly to: number;
}

/** Maps a range of time to 0 … `width`. A range without length still has places: all of its times stand at its start. */
export class TimeScale {
  readonly from: number;
  readonly to: number;
  readonly width: number;
  readonly #perMs: number;

  constructor({ from, to }: Range, width: number) {
    this.from = from;
    this.to = Math.max(from, to);
    this.width = width;
    this.#perMs = this.to > from ? width / (this.to - from) : 0;
  }

  x(time: number): number {
    return (time - this.from) * this.#perMs;
  }

  time(x: number): number {
    return this.#perMs === 0 ? this.from : Math.min(this.to, Math.max(this.from, this.from + x / this.#perMs));
  }
}

/** Round times inside of a range, at least one `least`-th of it apart: 1, 2 or 5 times a power of ten. */
export function ticks({ from, to }: Range, most: number): { readonly step: number; readonly times: readonly number[] } {
  const span = to - from;
  if (!(span > 0) || most < 1) return { step: 0, times: [] };
  const least = span / most;
  const power = 10 ** Math.floor(Math.log10(least));
  const step = ([1, 2, 5].find((factor) => factor * power >= least) ?? 10) * power;
  const times: number[] = [];
  // Counted, not summed up: sums of tenths drift.
  for (let at = Math.ceil(from / step); at * step <= to; at++) times.push(at * step);
  return { step, times };
}

/** A length of time in few characters, as exact as the step between neighbours asks for. */
export function formatSpan(milliseconds: number): string {
  if (milliseconds < 1) return `${Number(milliseconds.toPrecision(2))} ms`;
  if (milliseconds < 1000) return `${Number(milliseconds.toPrecision(3))} ms`;
  if (milliseconds < 60_000) return `${Number((milliseconds / 1000).toPrecision(3))} s`;
  if (milliseconds < 3_600_000) return `${Number((milliseconds / 60_000).toPrecision(3))} min`;
  return `${Number((milliseconds / 3_600_000).toPrecision(3))} h`;
}

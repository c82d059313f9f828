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

/** A time in few characters; beside others `step` apart as exact as tells them from each other. */
export function formatSpan(milliseconds: number, step = 0): string {
  const inUnits = (unit: number, digits: number) => {
    const value = milliseconds / unit;
    return String(Number(step > 0 ? value.toFixed(decimalsOf(step / unit)) : value.toPrecision(digits)));
  };
  if (milliseconds < 1) return `${inUnits(1, 2)} ms`;
  if (milliseconds < 1000) return `${inUnits(1, 3)} ms`;
  if (milliseconds < 59_999.5) return `${inUnits(1000, 3)} s`;
  // Parts of a minute are no tenths for anybody.
  const decimals = step > 0 ? decimalsOf(step / 1000) : 0;
  const seconds = Number((milliseconds / 1000).toFixed(decimals));
  const rest = (seconds % 60).toFixed(decimals).padStart(decimals === 0 ? 2 : 3 + decimals, '0');
  if (seconds < 3600) return `${Math.floor(seconds / 60)}:${rest} min`;
  const minutes = String(Math.floor(seconds / 60) % 60).padStart(2, '0');
  const isShort = step === 0 || step >= 60_000;
  return `${Math.floor(seconds / 3600)}:${minutes}${isShort ? '' : `:${rest}`} h`;
}

/** How many decimals tell multiples of a step from each other. */
const decimalsOf = (step: number) => (step >= 1 ? 0 : Math.min(6, Math.ceil(-Math.log10(step) - 1e-9)));

/** Durations as a histogram whose bars grow by the same factor: latencies differ by powers of ten. */

export interface Histogram {
  /** where each bar begins; one more than there are bars */
  readonly edges: readonly number[];
  readonly counts: readonly number[];
}

/** Shorter ones are in the first bar. */
const SHORTEST = 0.01;
const PER_DECADE = 8;

/** @param sorted durations, smallest first */
export function histogram(sorted: ArrayLike<number>): Histogram {
  if (sorted.length === 0) return { edges: [], counts: [] };
  const place = (value: number) => Math.floor(Math.log10(Math.max(SHORTEST, value)) * PER_DECADE);
  const first = place(sorted[0] ?? SHORTEST);
  const bars = place(sorted[sorted.length - 1] ?? SHORTEST) - first + 1;
  const counts = Array.from({ length: bars }, () => 0);
  for (let at = 0; at < sorted.length; at++) {
    const bar = place(sorted[at] ?? SHORTEST) - first;
    counts[bar] = (counts[bar] ?? 0) + 1;
  }
  return { edges: Array.from({ length: bars + 1 }, (_, at) => 10 ** ((first + at) / PER_DECADE)), counts };
}

// Medians of rounds, and of pairs within a round.

/** @param {readonly number[]} values @param {number} at 0 to 1 */
export function quantile(values, at) {
  const sorted = values.toSorted((a, b) => a - b);
  const place = (sorted.length - 1) * at;
  const below = sorted[Math.floor(place)] ?? Number.NaN;
  const above = sorted[Math.ceil(place)] ?? Number.NaN;
  return below + (above - below) * (place - Math.floor(place));
}

/** @param {readonly number[]} values */
export const median = (values) => quantile(values, 0.5);

/**
 * How much faster `ours` is than `other`, round by round: 2 means half the time. With the quartiles of the rounds, and
 * the interval in which the median lies with 95 % (bootstrap with a fixed seed, so that a report can be made again).
 * @param {readonly number[]} ours milliseconds of each round @param {readonly number[]} other of the same rounds
 */
export function speedup(ours, other) {
  const ratios = ours.map((ms, round) => /** @type {number} */ (other[round]) / ms);
  const random = randomOf(1);
  const medians = Array.from({ length: 1000 }, () =>
    median(ratios.map(() => /** @type {number} */ (ratios[Math.floor(random() * ratios.length)]))),
  );
  return {
    rounds: ratios.length,
    median: median(ratios),
    quartiles: [quantile(ratios, 0.25), quantile(ratios, 0.75)],
    interval: [quantile(medians, 0.025), quantile(medians, 0.975)],
  };
}

/** @param {number} seed */
export function randomOf(seed) {
  let state = seed;
  return () => {
    state = (Math.imul(state, 1664525) + 1013904223) >>> 0;
    return state / 2 ** 32;
  };
}

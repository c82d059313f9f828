import type { RecordSource } from '#core/record-source.ts';

/** How many of these numbers stand for no message any more. What still waits for its answer has only got another number, and is found by the first. */
export function countMissing(source: RecordSource, from: number, to: number): number {
  let missing = 0;
  for (let id = from; id < to; id++) if (!source.find(id)) missing++;
  return missing;
}

import { encodeRecord } from '#core/recording/ipcrec.ts';
import type { MessageRecord } from '#core/record.ts';

/** A record as one JSON text, as it stands in a recording: its line, or the list of its line and its answer's. */
export function rawText(record: MessageRecord): string {
  const [line = '', end] = encodeRecord(record);
  return end === undefined ? line : `[${line},${end}]`;
}

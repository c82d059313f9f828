/** Marks and notes of a recording as lines at the end of a file: its messages stay as they are. */
import { open } from 'node:fs/promises';
import type { Annotation } from '#core/record-source.ts';
import { decodeLine, encodeHeader, encodeNote } from '#core/recording/ipcrec.ts';
import type { Recording } from '#core/recording/recording.ts';

const LINE_FEED = 0x0a;
const encoder = new TextEncoder();

/** The lines for all that was marked and noted since the recording was opened or saved. */
export function noteLines({ annotated }: Recording): string {
  return annotated.map((record) => `${encodeNote(record)}\n`).join('');
}

/** Adds lines to a file whose last one may be torn. */
export async function appendLines(file: string, lines: string): Promise<void> {
  const handle = await open(file, 'a+');
  try {
    const { size } = await handle.stat();
    const { buffer } = await handle.read(Buffer.alloc(1), 0, 1, Math.max(0, size - 1));
    await handle.appendFile(joined(size === 0 || buffer[0] === LINE_FEED, lines));
  } finally {
    await handle.close();
  }
}

/** The same, for a file that is in memory. */
export function withLines(file: Uint8Array, lines: string): Uint8Array {
  const isWhole = file.length === 0 || file.at(-1) === LINE_FEED;
  return Buffer.concat([file, encoder.encode(joined(isWhole, lines))]);
}

const joined = (isWhole: boolean, lines: string) => (isWhole ? lines : `\n${lines}`);

/** What was not saved yet, as a file of its own. */
export const backupOf = (recording: Recording): string => `${encodeHeader({})}\n${noteLines(recording)}`;

/** Brings back what {@link backupOf} kept. */
export function restore(recording: Recording, backup: string): void {
  for (const line of backup.split('\n')) {
    const decoded = decodeLine(encoder.encode(line));
    if (decoded?.kind !== 'change') continue;
    const { marked, comment } = decoded.patch;
    const annotation: Annotation = { marked: marked ?? false, comment: comment ?? '' };
    recording.annotate(decoded.of, annotation);
  }
}

/** Writes what is made piece by piece, with pauses for others. A file that was not finished does not stay. */
import { open, rm } from 'node:fs/promises';
import { Turns } from './in-turns.ts';

/** Pieces are joined up to about so many characters for one write. */
const WRITE = 256 * 1024;

export interface WriteOptions {
  readonly signal?: AbortSignal;
  /** tells how many characters are written */
  readonly onProgress?: (written: number) => void;
}

export async function writePieces(file: string, pieces: Iterable<string>, options: WriteOptions = {}): Promise<void> {
  const handle = await open(file, 'w');
  try {
    await inParts(pieces, (text) => handle.appendFile(text), options);
  } catch (error) {
    await handle.close();
    await rm(file, { force: true });
    throw error;
  }
  await handle.close();
}

/** The pieces as one text, for what is no file. */
export async function joinPieces(pieces: Iterable<string>, options: WriteOptions = {}): Promise<string> {
  const parts: string[] = [];
  await inParts(pieces, async (text) => void parts.push(text), options);
  return parts.join('');
}

async function inParts(
  pieces: Iterable<string>,
  write: (text: string) => Promise<void>,
  { signal, onProgress }: WriteOptions,
): Promise<void> {
  const turns = new Turns(signal);
  let waiting: string[] = [];
  let length = 0;
  let written = 0;
  const flush = async () => {
    await write(waiting.join(''));
    written += length;
    waiting = [];
    length = 0;
    onProgress?.(written);
  };
  for (const piece of pieces) {
    waiting.push(piece);
    length += piece.length;
    if (length > WRITE) await flush();
    if (turns.over) await turns.pass();
  }
  await flush();
}

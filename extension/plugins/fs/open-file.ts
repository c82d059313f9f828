/** Files that a page holds open by a number: `create`, `open`, `read_text_file_lines`, and what is done with them. */
import { constants, type Stats } from 'node:fs';
import type { FileHandle } from 'node:fs/promises';
import type { Resource } from '#core/resource.ts';
import { codeOf, ioError } from '../io-error.ts';
import type { OpenOptions, Whence } from './arguments.ts';

/** How much one `read` gives at most, as Tauri's does from 2.7 on. */
export const MAX_READ = 64 * 1024 * 1024;
/** How large a line may be. */
const MAX_LINE = 64 * 1024 * 1024;
const LINE_CHUNK = 64 * 1024;

/** The flags for the system as Rust makes them, which refuses what has no meaning. */
export function openFlags({ read, write, append, truncate, create, createNew }: OpenOptions): number {
  const { O_RDONLY, O_WRONLY, O_RDWR, O_APPEND, O_CREAT, O_TRUNC, O_EXCL } = constants;
  const writes = write || append;
  if (!read && !writes) throw ioError('EINVAL');
  if (!writes && (truncate || create || createNew)) throw ioError('EINVAL');
  if (append && truncate && !createNew) throw ioError('EINVAL');
  const access = writes ? (read ? O_RDWR : O_WRONLY) : O_RDONLY;
  const creation = createNew ? O_CREAT | O_EXCL : (create ? O_CREAT : 0) | (truncate ? O_TRUNC : 0);
  return access | (append ? O_APPEND : 0) | creation;
}

/** Something open that ends with its page. What was asked before the end is still done. */
abstract class Held implements Resource {
  readonly resourceName = 'file';
  readonly handle: FileHandle;
  readonly #onClosed: () => void;
  #last: Promise<unknown> = Promise.resolve();

  constructor(handle: FileHandle, onClosed: () => void) {
    this.handle = handle;
    this.#onClosed = onClosed;
  }

  /** One thing after the other, in the order of the calls. */
  protected inTurn<T>(task: () => Promise<T>): Promise<T> {
    const turn = this.#last.then(task);
    this.#last = turn.catch(() => undefined); // who asked hears of it
    return turn;
  }

  close(): void {
    void this.inTurn(() => this.handle.close()).then(this.#onClosed, this.#onClosed);
  }
}

/** An open file with a place in it where the next read or write begins. */
export class OpenFile extends Held {
  readonly #append: boolean;
  #position = 0;

  constructor(handle: FileHandle, append: boolean, onClosed: () => void) {
    super(handle, onClosed);
    this.#append = append;
  }

  /** What is there, up to `length` bytes; none at the end. */
  read(length: number): Promise<Uint8Array> {
    return this.inTurn(async () => {
      const stats = await this.handle.stat();
      const most = Math.min(length, MAX_READ);
      // As large as what is there: a page may name any length. At the end, the system is asked for one byte more.
      const left = stats.isFile() ? Math.max(1, stats.size - this.#position) : most;
      const room = Math.min(most, left);
      const buffer = new Uint8Array(room);
      const { bytesRead } = await this.handle.read(buffer, 0, room, this.#place(stats));
      this.#position += bytesRead;
      return buffer.subarray(0, bytesRead);
    });
  }

  /** Writes once; says how many bytes the system took. */
  write(data: Uint8Array): Promise<number> {
    return this.inTurn(async () => {
      const stats = await this.handle.stat();
      const { bytesWritten } = await this.handle.write(data, 0, data.length, this.#append ? null : this.#place(stats));
      // A file that is open for appending stands at its end then.
      this.#position = this.#append ? (await this.handle.stat()).size : this.#position + bytesWritten;
      return bytesWritten;
    });
  }

  seek(offset: number, whence: Whence): Promise<number> {
    return this.inTurn(async () => {
      const stats = await this.handle.stat();
      if (!isSeekable(stats)) throw ioError('ESPIPE');
      const from = [0, this.#position, stats.size][whence] as number;
      const position = from + offset;
      if (position < 0 || position > Number.MAX_SAFE_INTEGER) throw ioError('EINVAL');
      this.#position = position;
      return position;
    });
  }

  stat(): Promise<Stats> {
    return this.inTurn(() => this.handle.stat());
  }

  truncate(length: number): Promise<void> {
    return this.inTurn(() => truncate(this.handle, length));
  }

  #place(stats: Stats): number | null {
    return isSeekable(stats) ? this.#position : null;
  }
}

export async function truncate(handle: FileHandle, length: number): Promise<void> {
  if (length > Number.MAX_SAFE_INTEGER) throw ioError('EFBIG');
  try {
    await handle.truncate(length);
  } catch (error) {
    // Node has a check of its own for some lengths.
    throw codeOf(error).startsWith('ERR_') ? ioError('EFBIG') : error;
  }
}

const isSeekable = (stats: Stats) => stats.isFile() || stats.isDirectory() || stats.isBlockDevice();

/** A file that is read line by line, as bytes: the page decodes them. */
export class OpenLines extends Held {
  #buffer = new Uint8Array(0);
  #ended = false;

  /** The next line without its `\n` or `\r\n`; undefined after the last. */
  next(): Promise<Uint8Array | undefined> {
    return this.inTurn(async () => {
      let searched = 0;
      while (true) {
        const end = this.#buffer.indexOf(0x0a, searched);
        if (end !== -1) return this.#take(end, end + 1);
        searched = this.#buffer.length;
        if (searched > MAX_LINE) throw ioError('EFBIG');
        if (this.#ended) break;
        await this.#fill();
      }
      return this.#buffer.length === 0 ? undefined : this.#take(this.#buffer.length, this.#buffer.length);
    });
  }

  #take(end: number, next: number): Uint8Array {
    const hasReturn = next > end && this.#buffer[end - 1] === 0x0d;
    const line = this.#buffer.slice(0, hasReturn ? end - 1 : end);
    this.#buffer = this.#buffer.subarray(next);
    return line;
  }

  /** Reads more each time that a line does not end: a long one is not copied again and again. */
  async #fill(): Promise<void> {
    const kept = this.#buffer;
    const grown = new Uint8Array(kept.length + Math.max(LINE_CHUNK, kept.length));
    grown.set(kept);
    const { bytesRead } = await this.handle.read(grown, kept.length, grown.length - kept.length, null);
    this.#ended = bytesRead === 0;
    this.#buffer = grown.subarray(0, kept.length + bytesRead);
  }
}

/**
 * What a filter must remember of the records it has seen, for states that no record has by itself. Each record is
 * decided once, by those before it, so that a list does not change its mind.
 */
import { bodyText, loadBody, type MessageRecord } from '../record.ts';

/** A call is compared with its command's latest calls, when there are some. */
const LATEST = 256;
const ENOUGH = 20;
/** Sorting them for each call would be most of the work. */
const SORT_EVERY = 16;

class Durations {
  readonly #latest: number[] = [];
  #count = 0;
  #p95 = Number.POSITIVE_INFINITY;

  get p95(): number {
    return this.#p95;
  }

  add(duration: number): void {
    this.#latest[this.#count++ % LATEST] = duration;
    if (this.#count < ENOUGH || this.#count % SORT_EVERY > 0) return;
    const sorted = this.#latest.toSorted((one, other) => one - other);
    this.#p95 = sorted[Math.ceil(sorted.length * 0.95) - 1] ?? this.#p95;
  }
}

/** `is:slow`: longer than a limit, or than twice what 95 % of the command's calls before took. */
export class SlowCalls {
  readonly #limit: number;
  readonly #commands = new Map<string, Durations>();
  readonly #decided = new Map<number, boolean>();

  constructor(limit: number) {
    this.#limit = limit;
  }

  has({ id, kind, app, name, duration }: MessageRecord): boolean {
    if (kind !== 'invoke' || duration === undefined) return false;
    const known = this.#decided.get(id);
    if (known !== undefined) return known;
    const command = `${app}\n${name}`;
    const durations = this.#commands.get(command) ?? new Durations();
    this.#commands.set(command, durations);
    const isSlow = duration > this.#limit || duration > durations.p95 * 2;
    durations.add(duration);
    this.#decided.set(id, isSlow);
    forgetOldest(this.#decided);
    forgetOldest(this.#commands);
    return isSlow;
  }
}

/** A session may go on for days: of more than these nobody asks again. */
const REMEMBERED = 200_000;

function forgetOldest<T>(remembered: { readonly size: number; keys(): Iterable<T>; delete(key: T): boolean }): void {
  if (remembered.size <= REMEMBERED) return;
  for (const key of remembered.keys()) {
    remembered.delete(key);
    return;
  }
}

const DUPLICATE_MS = 1000;

/** `is:duplicate`: the same command with the same arguments from the same window, within a second of the one before. */
export class DuplicateCalls {
  readonly #latest = new Map<string, { readonly time: number }>();
  readonly #found = new Set<number>();
  #seen = 0;

  has(record: MessageRecord): boolean {
    const { id, time, kind } = record;
    if (id <= this.#seen) return this.#found.has(id);
    this.#seen = id;
    if (kind !== 'invoke') return false;
    this.#forget(time - DUPLICATE_MS);
    const key = keyOf(record);
    const before = this.#latest.get(key);
    // Behind all others again, so that the oldest come first.
    this.#latest.delete(key);
    this.#latest.set(key, { time });
    const isDuplicate = before !== undefined && time - before.time <= DUPLICATE_MS;
    if (isDuplicate) this.#found.add(id);
    forgetOldest(this.#found);
    return isDuplicate;
  }

  #forget(before: number): void {
    for (const [key, { time }] of this.#latest) {
      if (time >= before) return;
      this.#latest.delete(key);
    }
  }
}

function keyOf({ app, window, name, body }: MessageRecord): string {
  const loaded = loadBody(body);
  // Each call makes channels of its own: their numbers are no difference.
  const text =
    loaded.kind === 'bytes' ? hashOf(loaded.bytes) : bodyText(loaded).replaceAll(/__CHANNEL__:\d+/g, '__CHANNEL__');
  return [app, window, name, loaded.kind === 'bytes', text].join('\n');
}

/** FNV-1a, over all of it. */
function hashOf(bytes: Uint8Array): string {
  let hash = 0x811c9dc5;
  for (const byte of bytes) hash = Math.imul(hash ^ byte, 0x01000193);
  return `${bytes.byteLength}:${hash >>> 0}`;
}

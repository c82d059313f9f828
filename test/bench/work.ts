/**
 * The work that every contestant has to do: the same data, the same handlers, the same checks. A page and its host share
 * this file, so that both know what a right answer is.
 */

/** One message of a stream, and one event of a page. */
export interface Tick {
  readonly index: number;
  readonly text: string;
}

export interface Row {
  readonly id: number;
  readonly name: string;
  readonly email: string;
  readonly tags: readonly string[];
  readonly score: number;
  readonly active: boolean;
  readonly note: string;
}

/** What the host has seen of a page's events since it was asked last. */
export interface Seen {
  readonly count: number;
  readonly sum: number;
}

/** Fingerprints of what the host took last. */
export interface Taken {
  readonly json: number;
  readonly bytes: number;
}

export const tick = (index: number): Tick => ({ index, text: `tick ${index}` });

/** The small call is the `greet` of Tauri's templates. */
export const greeting = (name: string): string => `Hello, ${name}! You've been greeted.`;

/** Rows that are `bytes` of JSON, about. */
export function rows(bytes: number): Row[] {
  return Array.from({ length: Math.round(bytes / 212) }, (_, id) => ({
    id,
    name: `Person number ${id}`,
    email: `person.${id}@example.org`,
    tags: ['alpha', 'beta', `group-${id % 17}`],
    score: ((id * 7919) % 1000) / 10,
    active: id % 3 === 0,
    note: 'A line of text as one finds it in most records, "quoted" here and there.',
  }));
}

/** Bytes that neither repeat nor compress well, the same at each call. */
export function bytes(length: number): Uint8Array<ArrayBuffer> {
  const words = new Uint32Array(Math.ceil(length / 4));
  let state = 0x9e37_79b9;
  for (let at = 0; at < words.length; at++) {
    state ^= state << 13;
    state ^= state >>> 17;
    state ^= state << 5;
    words[at] = state;
  }
  return new Uint8Array(words.buffer, 0, length);
}

/** FNV-1a over words. */
export function hash(data: Uint8Array): number {
  const aligned = data.byteOffset % 4 === 0 ? data : data.slice();
  const words = new Uint32Array(aligned.buffer, aligned.byteOffset, aligned.byteLength >>> 2);
  let state = 0x811c_9dc5;
  for (let at = 0; at < words.length; at++) state = Math.imul(state ^ (words[at] as number), 0x0100_0193);
  for (let at = words.length * 4; at < aligned.length; at++) {
    state = Math.imul(state ^ (aligned[at] as number), 0x0100_0193);
  }
  return state >>> 0;
}

export const hashJson = (value: unknown): number => hash(new TextEncoder().encode(JSON.stringify(value)));

/** What a host does for its page; each contestant has its own. */
export class Work {
  readonly #json = new Map<number, Row[]>();
  readonly #bytes = new Map<number, Uint8Array<ArrayBuffer>>();
  #count = 0;
  #sum = 0;
  #takenJson: readonly Row[] = [];
  #takenBytes: Uint8Array = new Uint8Array();

  greet(name: string): string {
    return greeting(name);
  }

  takeJson(given: readonly Row[]): number {
    this.#takenJson = given;
    return given.length;
  }

  giveJson(size: number): readonly Row[] {
    return kept(this.#json, size, rows);
  }

  takeBytes(given: Uint8Array): number {
    this.#takenBytes = given;
    return given.byteLength;
  }

  giveBytes(length: number): Uint8Array<ArrayBuffer> {
    return kept(this.#bytes, length, bytes);
  }

  notify(heard: Tick): void {
    // Out of order or changed on the way: the sum is wrong.
    if (heard.index === this.#count && heard.text === `tick ${heard.index}`) this.#sum += heard.index;
    this.#count++;
  }

  /** Gives what was heard; begins anew once `expected` were. */
  seen(expected: number): Seen {
    const seen = { count: this.#count, sum: this.#sum };
    if (this.#count >= expected) {
      this.#count = 0;
      this.#sum = 0;
    }
    return seen;
  }

  taken(): Taken {
    return { json: hashJson(this.#takenJson), bytes: hash(this.#takenBytes) };
  }

  /** Sends `count` messages, each in a turn of the event loop of its own. */
  async stream(count: number, send: (message: Tick) => unknown): Promise<number> {
    for (let index = 0; index < count; index++) {
      await send(tick(index));
      await new Promise((next) => setImmediate(next));
    }
    return count;
  }
}

function kept<T>(store: Map<number, T>, size: number, make: (size: number) => T): T {
  const known = store.get(size);
  if (known !== undefined) return known;
  const made = make(size);
  store.set(size, made);
  return made;
}

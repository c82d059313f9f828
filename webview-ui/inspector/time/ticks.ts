/**
 * When the messages of a call's channels came: the ticks on its bar. A stream has more messages than a bar has pixels,
 * so of each call only so many times are kept, evenly thinned.
 */

/** A bar is hardly wider than this in pixels. */
const MOST = 512;

class Ticks {
  readonly times: number[] = [];
  /** ms between neighbours, at least */
  #apart = 0;

  add(time: number): void {
    const last = this.times.at(-1);
    if (last !== undefined && time - last < this.#apart) return;
    this.times.push(time);
    if (this.times.length <= MOST) return;
    const span = time - (this.times[0] ?? time);
    this.#apart = (span / MOST) * 2;
    const kept: number[] = [];
    for (const each of this.times) if (kept.length === 0 || each - (kept.at(-1) ?? 0) >= this.#apart) kept.push(each);
    this.times.length = 0;
    this.times.push(...kept);
  }
}

export class TickIndex {
  /** by the record that has the bar */
  readonly #ticks = new Map<number, Ticks>();
  /** calls of channels */
  readonly #calls = new Map<number, number>();

  /** A channel that a call opened: its messages are the call's, too. */
  channel(id: number, call: number): void {
    if (call !== 0) this.#calls.set(id, call);
  }

  message(channel: number, time: number): void {
    const call = this.#calls.get(channel);
    if (call !== undefined) this.#add(call, time);
    this.#add(channel, time);
  }

  of(id: number): readonly number[] {
    return this.#ticks.get(id)?.times ?? [];
  }

  trim(first: number): void {
    // Both are in the order of numbers, nearly: who stands behind a younger one goes when that one goes.
    for (const map of [this.#calls, this.#ticks]) {
      for (const id of map.keys()) {
        if (id >= first) break;
        map.delete(id);
      }
    }
  }

  clear(): void {
    this.#ticks.clear();
    this.#calls.clear();
  }

  #add(id: number, time: number): void {
    let ticks = this.#ticks.get(id);
    if (!ticks) this.#ticks.set(id, (ticks = new Ticks()));
    ticks.add(time);
  }
}

/** Which messages of channels belong to which call. They name the call, or the channel that does. */
import type { MessageRecord } from '../record.ts';

export class Streams {
  readonly #callOf = new Map<number, number>();
  readonly #messages = new Map<number, MessageRecord[]>();

  /** Takes the records in their order. */
  add(record: MessageRecord): void {
    const { id, kind, of } = record;
    if (of === undefined) return;
    const call = this.#callOf.get(of) ?? of;
    if (kind === 'channel') this.#callOf.set(id, call);
    if (kind !== 'channel-message') return;
    const known = this.#messages.get(call);
    if (known) known.push(record);
    else this.#messages.set(call, [record]);
  }

  of(call: number): readonly MessageRecord[] {
    return this.#messages.get(call) ?? [];
  }
}

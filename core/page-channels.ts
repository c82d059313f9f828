/** The host's ends of the channels of one page. */
import type { Call } from './call.ts';
import type { ChannelBody, ChannelSink } from './channel.ts';
import { IpcError } from './error.ts';
import type { Outbox } from './outbox.ts';
import type { Tap } from './tap.ts';

export interface PageChannelsOptions {
  tap(): Tap;
  appName(): string;
  /** there was no room for the message of that record */
  onDropped(record: number): void;
}

export class PageChannels {
  readonly #options: PageChannelsOptions;
  /** channels of running calls, by the call's id and the channel's */
  readonly #ofCalls = new Map<number, Map<number, ChannelSender>>();
  /** channels that have not ended: they outlive the call they came with */
  readonly #open = new Set<ChannelSender>();

  constructor(options: PageChannelsOptions) {
    this.#options = options;
  }

  /** How many have not ended. */
  get size(): number {
    return this.#open.size;
  }

  /** The host's end of the page's channel `id`, one for each call it was handed over in. */
  open(call: Call, id: number, outbox: Outbox): ChannelSink {
    const known = this.#ofCalls.get(call.id)?.get(id);
    if (known) return known;
    const record = this.#options.tap().add({
      kind: 'channel',
      direction: 'to-page',
      app: this.#options.appName(),
      window: call.window,
      generation: call.generation,
      name: call.cmd,
      status: 'pending',
      of: call.record,
      // As it stands in the call's arguments: a call may have several.
      body: { kind: 'text', json: `"__CHANNEL__:${id}"` },
      index: 0,
    });
    const sender = new ChannelSender(
      id,
      record,
      call.replayOf === undefined ? outbox : undefined,
      (sent) => this.#sent(call, sent, record),
      (dropped) => this.#options.onDropped(dropped),
    );
    const ofCall = this.#ofCalls.get(call.id);
    if (ofCall) ofCall.set(id, sender);
    else this.#ofCalls.set(call.id, new Map([[id, sender]]));
    this.#open.add(sender);
    return sender;
  }

  /**
   * Messages did not reach the page, though it is there: it holds back all that follow in their channels, and will for
   * ever. The records say so, also those of messages that have left meanwhile.
   */
  undelivered(records: readonly number[]): void {
    const tap = this.#options.tap();
    for (const id of records) {
      const record = tap.find(id);
      if (record?.kind !== 'channel-message' || record.of === undefined || record.index === undefined) continue;
      const { index, of } = record;
      // Only the first gap counts: the page waits for what is missing there.
      if (tap.find(of)?.note !== undefined) continue;
      const sender = [...this.#open].find((each) => tap.find(each.record)?.id === of);
      if (sender) sender.missing = index;
      tap.update(of, { note: `gap after ${index - 1}: message ${index} did not reach the page` });
      for (const later of tap.relatedTo(of)) {
        const message = tap.find(later);
        if (message?.index === undefined || message.index <= index || message.status === 'undelivered') continue;
        tap.update(later, { note: buffered(index) });
      }
    }
  }

  /** A call has its outcome: nothing takes a channel out of its arguments any more. */
  callEnded(id: number): void {
    this.#ofCalls.delete(id);
  }

  /** Nothing can be sent any more. */
  pageGone(reason: string): void {
    for (const sender of this.#open) {
      sender.lost();
      this.#options.tap().update(sender.record, { status: 'orphan', note: reason });
    }
    this.#open.clear();
    this.#ofCalls.clear();
  }

  #sent(call: Call, { sender, index, body }: ChannelSent, record: number): number {
    const tap = this.#options.tap();
    const base = {
      direction: 'to-page' as const,
      app: this.#options.appName(),
      window: call.window,
      generation: call.generation,
      name: call.cmd,
      of: record,
      index,
      ...(sender.missing !== undefined && { note: buffered(sender.missing) }),
    };
    if (!body) {
      this.#open.delete(sender);
      tap.update(record, { status: 'ok', index });
      return tap.add({ ...base, kind: 'channel-end' });
    }
    tap.update(record, { index: index + 1 });
    return tap.add({
      ...base,
      kind: 'channel-message',
      body: body.kind === 'raw' ? { kind: 'bytes', bytes: body.bytes } : { kind: 'text', json: body.json },
    });
  }
}

const buffered = (missing: number) => `buffered: the page waits for message ${missing}`;

interface ChannelSent {
  readonly sender: ChannelSender;
  readonly index: number;
  /** absent: the end */
  readonly body: ChannelBody | undefined;
}

/** The host's end of one channel: numbers the messages and keeps them in order. */
class ChannelSender implements ChannelSink {
  readonly record: number;
  /** the first message that did not reach the page */
  missing: number | undefined;
  readonly #id: number;
  /** absent: a call that was sent again from the inspector, whose messages the page does not expect */
  readonly #outbox: Outbox | undefined;
  readonly #onSent: (sent: ChannelSent) => number;
  readonly #onDropped: (record: number) => void;
  #index = 0;
  #open = true;

  constructor(
    id: number,
    record: number,
    outbox: Outbox | undefined,
    onSent: (sent: ChannelSent) => number,
    onDropped: (record: number) => void,
  ) {
    this.#id = id;
    this.record = record;
    this.#outbox = outbox;
    this.#onSent = onSent;
    this.#onDropped = onDropped;
  }

  send(body: ChannelBody): Promise<void> {
    if (!this.#open) return Promise.reject(IpcError.channelClosed());
    const index = this.#index;
    // The sender may fill the same buffer again before the frame leaves.
    const kept: ChannelBody =
      body.kind === 'raw' && !body.owned ? { kind: 'raw', bytes: new Uint8Array(body.bytes) } : body;
    const value = kept.kind === 'raw' ? { bytes: kept.bytes } : { json: kept.json };
    const record = this.#onSent({ sender: this, index, body: kept });
    if (this.#outbox && !this.#outbox.add(`{"kind":"message","id":${this.#id},"index":${index}`, value, record)) {
      this.#onDropped(record);
      return Promise.reject(
        new IpcError(
          'channelClosed',
          ': the page takes in its messages too slowly (256 MiB are waiting); await send()',
        ),
      );
    }
    this.#index++;
    return (this.#outbox?.room() ?? Promise.resolve()).then(() => {
      if (!this.#open && this.#lost) throw IpcError.channelClosed();
    });
  }

  end(): void {
    if (!this.#open) return;
    this.#open = false;
    const record = this.#onSent({ sender: this, index: this.#index, body: undefined });
    this.#outbox?.addSmall(`{"kind":"end","id":${this.#id},"index":${this.#index}`, record);
  }

  #lost = false;

  /** The page is gone: nothing can be sent any more. */
  lost(): void {
    this.#open = false;
    this.#lost = true;
  }
}

/** Of a page that is gone. */
export const CLOSED_CHANNEL: ChannelSink = {
  send: () => Promise.reject(IpcError.channelClosed()),
  end() {},
};

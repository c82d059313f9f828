/** The page's channels in the backend process: counts what is on its way to the host, and waits for room. */
import type { ChannelBody, ChannelSink } from '#core/channel.ts';
import { IpcError } from '#core/error.ts';
import { CHANNEL_BYTES, MAX_CHANNEL_BYTES, sizeOf } from './credit.ts';
import type { Link } from './link.ts';

/** The call that a channel came with. */
export interface ChannelOrigin {
  readonly id: number;
  readonly window: string;
  readonly generation: number;
}

export class Channels {
  readonly #link: Link;
  readonly #open = new Map<string, RemoteChannel>();

  constructor(link: Link) {
    this.#link = link;
  }

  /** The sink of the page's channel `id`; the same one however often a call names it. */
  bind(call: ChannelOrigin, id: number): ChannelSink {
    const key = `${call.id}:${id}`;
    const known = this.#open.get(key);
    if (known) return known;
    const channel = new RemoteChannel(call, id, this.#link, () => this.#open.delete(key));
    this.#open.set(key, channel);
    this.#link.post({ kind: 'channelOpen', call: call.id, channel: id });
    return channel;
  }

  find(call: number, id: number): RemoteChannel | undefined {
    return this.#open.get(`${call}:${id}`);
  }

  /** A page is gone: its channels cannot be heard any more. */
  pageGone(window: string, generation: number): void {
    for (const channel of [...this.#open.values()]) {
      const { origin } = channel;
      if (origin.window === window && origin.generation === generation) channel.lost(IpcError.channelClosed());
    }
  }
}

type ChannelState =
  | { readonly kind: 'open' }
  | { readonly kind: 'ended' }
  | { readonly kind: 'lost'; readonly error: IpcError };

class RemoteChannel implements ChannelSink {
  readonly origin: ChannelOrigin;
  readonly #id: number;
  readonly #link: Link;
  readonly #onOver: () => void;
  #state: ChannelState = { kind: 'open' };
  #unreceived = 0;
  #waiting: PromiseWithResolvers<void>[] = [];

  constructor(origin: ChannelOrigin, id: number, link: Link, onOver: () => void) {
    this.origin = origin;
    this.#id = id;
    this.#link = link;
    this.#onOver = onOver;
  }

  async send(body: ChannelBody): Promise<void> {
    if (this.#state.kind === 'lost') throw this.#state.error;
    if (this.#state.kind === 'ended') throw IpcError.channelClosed();
    if (this.#unreceived > MAX_CHANNEL_BYTES) throw tooSlow();
    const address = { kind: 'channel', call: this.origin.id, channel: this.#id } as const;
    if (body.kind === 'json') this.#link.post({ ...address, body: { kind: 'json', json: body.json } });
    else this.#link.postBytes(body.bytes, (bytes) => ({ ...address, body: { kind: 'raw', bytes } }));
    this.#unreceived += sizeOf(body);
    if (this.#unreceived < CHANNEL_BYTES) return;
    const room = Promise.withResolvers<void>();
    this.#waiting.push(room);
    await room.promise;
  }

  end(): void {
    if (this.#state.kind !== 'open') return;
    this.#state = { kind: 'ended' };
    this.#link.post({ kind: 'channelEnd', call: this.origin.id, channel: this.#id });
    for (const room of this.#waiting.splice(0)) room.resolve();
    this.#onOver();
  }

  /** The host took in `bytes`. */
  received(bytes: number): void {
    this.#unreceived -= bytes;
    if (this.#unreceived >= CHANNEL_BYTES) return;
    for (const room of this.#waiting.splice(0)) room.resolve();
  }

  /** The page is gone, or takes in nothing more. */
  lost(error: IpcError): void {
    if (this.#state.kind !== 'open') return;
    this.#state = { kind: 'lost', error };
    for (const room of this.#waiting.splice(0)) room.reject(error);
    this.#onOver();
  }
}

function tooSlow(): IpcError {
  const text = ': the page takes in its messages too slowly (256 MiB are waiting); await send()';
  return new IpcError('channelClosed', text);
}

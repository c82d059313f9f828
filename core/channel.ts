/** Channels: ordered streams from a handler to the page that called it (tauri-core 3). */
import * as z from 'zod';
import { bytesOf } from './call.ts';
import { IpcError } from './error.ts';

/** One message of a channel as it goes to the page. */
export type ChannelBody =
  | { readonly kind: 'json'; readonly json: string }
  /** `owned`: nobody else holds the bytes, so they need not be copied */
  | { readonly kind: 'raw'; readonly bytes: Uint8Array; readonly owned?: boolean };

/** Where a channel's messages go: to the page directly, or from the backend process to the host first. */
export interface ChannelSink {
  /** Takes a message; resolves when there is room for the next. Throws `Channel closed` where nobody can hear it any more. */
  send(body: ChannelBody): Promise<void>;
  /** No message follows. */
  end(): void;
}

/**
 * A stream to the page, received as an argument. Mirrors `tauri::ipc::Channel`: messages arrive in the order sent;
 * bytes arrive as an `ArrayBuffer`. A channel ends with `close()`, or by itself when nothing refers to it any more (as
 * dropping the last clone does in Rust).
 */
export class Channel<T = unknown> {
  /** the id of the page's callback */
  readonly id: number;
  #sink: ChannelSink | undefined;

  /** Made by {@link channel}; a channel without a sink cannot send. */
  constructor(id: number, sink: ChannelSink | undefined) {
    this.id = id;
    this.#sink = sink;
    if (sink) hold(this, sink);
  }

  /** Gives a channel that was read outside of a command's arguments check its sink. */
  bind(sink: ChannelSink): void {
    if (this.#sink) return;
    this.#sink = sink;
    hold(this, sink);
  }

  get bound(): boolean {
    return this.#sink !== undefined;
  }

  /**
   * Sends one message. The returned promise resolves when there is room for more: await it in loops that send much.
   * Rejects with {@link IpcError} `channelClosed` after `close()`, and when the page reloaded or its window closed; with
   * `serialization` when `value` has no JSON form.
   */
  async send(value: T): Promise<void> {
    if (!this.#sink) throw IpcError.channelClosed();
    await this.#sink.send(channelBody(value));
  }

  /** Ends the channel: the page's callback is freed once all messages have arrived. A later `send` fails. */
  close(): void {
    const sink = this.#sink;
    this.#sink = undefined;
    dropped.unregister(this);
    sink?.end();
  }

  /** A channel given back to a page is the string by which the page knows it. */
  toJSON(): string {
    return `${PREFIX}${this.id}`;
  }
}

/**
 * How many channels send to a sink. One call may have several for one id: the page gave it twice, or a schema tried
 * several ways to read it. It ends when the last of them is gone.
 */
const holders = new WeakMap<ChannelSink, number>();

const dropped = new FinalizationRegistry<ChannelSink>((sink) => {
  const left = (holders.get(sink) ?? 1) - 1;
  holders.set(sink, left);
  if (left === 0) sink.end();
});

function hold(channel: Channel, sink: ChannelSink): void {
  holders.set(sink, (holders.get(sink) ?? 0) + 1);
  dropped.register(channel, sink, channel);
}

function channelBody(value: unknown): ChannelBody {
  const bytes = bytesOf(value);
  if (bytes) return { kind: 'raw', bytes };
  try {
    return { kind: 'json', json: JSON.stringify(value) ?? 'null' };
  } catch (error) {
    throw IpcError.serialization((error as Error).message);
  }
}

const PREFIX = '__CHANNEL__:';

/** The id in a channel's string form, as Rust's `u32::from_str` reads it; undefined where it is none. */
export function parseChannelId(text: string): number | undefined {
  if (!text.startsWith(PREFIX)) return undefined;
  const digits = text.slice(PREFIX.length);
  if (!/^\+?\d+$/.test(digits)) return undefined;
  const id = Number(digits);
  return id <= 0xffff_ffff ? id : undefined;
}

/** The text for a string that is no channel. */
export const channelValueError = (value: string) =>
  `invalid channel value \`${value}\`, expected a string in the \`__CHANNEL__:ID\` format`;

/** Gives the sink for a channel id while a command's arguments are checked. */
export type ChannelBinder = (id: number) => ChannelSink;

// Schemas have no context parameter, so the binder of the call whose arguments are being checked stands here during the
// synchronous part of the check. Channels made by an asynchronous schema are bound afterwards (argument.ts).
let binder: ChannelBinder | undefined;

/** Runs `check` with channels bound by `bind`. */
export function withChannels<T>(bind: ChannelBinder, check: () => T): T {
  const before = binder;
  binder = bind;
  try {
    return check();
  } finally {
    binder = before;
  }
}

/**
 * The schema of a channel argument; may stand anywhere in the arguments, alone or inside objects and arrays.
 *
 * @example
 * command('download', { args: { url: z.string(), onChunk: channel<Uint8Array>() } }, async ({ onChunk }) => { … })
 */
export function channel<T = unknown>(): z.ZodType<Channel<T>, unknown> {
  return z.unknown().transform((value, context) => {
    if (typeof value !== 'string') {
      context.addIssue({ code: 'invalid_type', expected: 'string', input: value });
      return z.NEVER;
    }
    const id = parseChannelId(value);
    if (id === undefined) {
      context.addIssue({ code: 'custom', message: channelValueError(value), params: { channel: true }, input: value });
      return z.NEVER;
    }
    return new Channel<T>(id, binder?.(id));
  });
}

/** Binds every channel inside `value` that has no sink yet. */
export function bindChannels(value: unknown, bind: ChannelBinder): void {
  if (value instanceof Channel) {
    if (!value.bound) value.bind(bind(value.id));
  } else if (Array.isArray(value)) {
    for (const item of value) bindChannels(item, bind);
  } else if (typeof value === 'object' && value !== null && !bytesOf(value)) {
    for (const item of Object.values(value)) bindChannels(item, bind);
  }
}

/** How much of a channel may be on its way, as both sides count it. */
import type { ChannelBody } from '#core/channel.ts';

/** Bytes of one channel that may be on their way; a `send` beyond waits for room. */
export const CHANNEL_BYTES = 8 * 1024 * 1024;
/** Bytes of one channel that may wait where nobody awaits `send`; one more is refused. */
export const MAX_CHANNEL_BYTES = 256 * 1024 * 1024;
/** The host tells of room in steps of this size. */
export const ROOM_BYTES = 1024 * 1024;
/** what a message counts beside its body */
const MESSAGE_BYTES = 64;

export function sizeOf(body: ChannelBody): number {
  return MESSAGE_BYTES + (body.kind === 'raw' ? body.bytes.byteLength : body.json.length);
}

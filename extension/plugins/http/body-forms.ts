/** How releases of the npm package take the body of an answer. */
import type { Channel } from '#core/channel.ts';
import type { Body } from './body.ts';

const MORE = 0;
const END = 1;

/** One chunk for each call of `fetch_read_body`, with a last byte that says whether it was the end (from 2.5.3 on). */
export async function nextChunk(body: Body): Promise<{ readonly bytes: Uint8Array; readonly end: boolean }> {
  const chunk = await body.read();
  return chunk ? { bytes: marked(chunk), end: false } : { bytes: new Uint8Array([END]), end: true };
}

/** The same chunks through a channel that `fetch_read_body` was given (2.4.1 to 2.5.2). */
export async function sendMarked(body: Body, channel: Channel<Uint8Array>): Promise<void> {
  for (let chunk = await body.read(); chunk; chunk = await body.read()) await channel.send(marked(chunk));
  await channel.send(new Uint8Array([END]));
}

/** Bare chunks through a channel that `fetch` was given, and an empty one at the end (2.4.0). */
export async function sendBare(body: Body, channel: Channel<Uint8Array>): Promise<void> {
  for (let chunk = await body.read(); chunk; chunk = await body.read()) await channel.send(chunk);
  await channel.send(new Uint8Array());
}

/**
 * Whether one call of `fetch_read_body` takes all of it (before 2.4.0): such a call says nothing of it, so the version
 * that the project has installed decides. What no version is known of is the newest.
 */
export function takesWholeBody(npmVersion: string | undefined): boolean {
  return /^2\.[0-3]\./.test(npmVersion ?? '');
}

export async function wholeBody(body: Body): Promise<Uint8Array> {
  const chunks: Uint8Array[] = [];
  for (let chunk = await body.read(); chunk; chunk = await body.read()) chunks.push(chunk);
  return Buffer.concat(chunks);
}

function marked(chunk: Uint8Array): Uint8Array {
  const message = new Uint8Array(chunk.length + 1);
  message.set(chunk);
  message[chunk.length] = MORE;
  return message;
}

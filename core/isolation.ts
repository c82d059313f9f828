/**
 * The host's end of Tauri's isolation pattern (tauri-core 7): payloads that the page's isolation frame has sealed are
 * opened before anything else looks at them, and what was not sealed there is refused.
 */
import type { RequestBody } from './call.ts';
import type { InvokeMessage } from './wire.ts';

/**
 * Opens one sealed payload. `bound` is what must have been sealed with it, unchanged: content type, command and headers.
 *
 * @throws Error that says in a sentence why it cannot be opened
 */
export type Opener = (sealed: Uint8Array, bound: string) => Uint8Array;

/** The keys of an app that has an isolation page. Whoever makes them keeps them from the app's pages. */
export interface Isolation {
  /** what opens the payloads of the page load of that name; undefined where no page was loaded by it */
  opener(load: string): Opener | undefined;
}

/** First byte of a sealed payload: what it is when it is open. The frame's end is webview-ui/bridge/isolation-frame.ts. */
const JSON_TYPE = 0;
const RAW_TYPE = 1;

const decoder = new TextDecoder('utf-8', { fatal: true });

/**
 * The body of a message as the isolation page let it pass.
 *
 * @param opener of the page load; undefined where the page has no isolation frame that the host knows of
 * @throws Error with what the page's promise rejects with
 */
export function openBody(opener: Opener | undefined, message: InvokeMessage, body: RequestBody): RequestBody {
  if (!opener) throw refusal('the host knows of no isolation frame of this page');
  if (body.kind !== 'raw')
    throw refusal("the payload is not encrypted: it did not pass through the app's isolation page");
  const [type] = body.bytes;
  if (type !== JSON_TYPE && type !== RAW_TYPE) throw refusal('the payload has no known content type');
  const bound = JSON.stringify([type, message.cmd, message.headers ?? []]);
  try {
    const bytes = opener(body.bytes.subarray(1), bound);
    return type === RAW_TYPE ? { kind: 'raw', bytes } : { kind: 'json', value: JSON.parse(decoder.decode(bytes)) };
  } catch (error) {
    throw refusal((error as Error).message, error);
  }
}

/** Begins as Tauri's does. */
const refusal = (text: string, cause?: unknown) => new Error(`isolation pattern error: ${text}`, { cause });

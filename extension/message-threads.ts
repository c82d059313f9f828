/**
 * Which message of a webview answers which: by the number that both have, as JSON-RPC, vscode-messenger and most
 * protocols that people write by hand do it. Nothing of the messages is changed for that.
 */

export type Side = 'to-host' | 'to-page';

export interface Asked {
  readonly record: number;
  readonly name: string;
}

/** Members by which an answer names its request, and by which a request says its own number. */
const ANSWERS = ['inReplyTo', 'replyTo', 'request_seq', 'responseTo'];
const NUMBERS = ['id', 'requestId', 'request_id', 'requestID', 'messageId', 'correlationId', 'callId', 'seq'];
/** Requests of one side that are remembered; an answer to an older one stands alone. */
const MOST = 1_000;
const LONGEST = 200;

export class MessageThreads {
  readonly #asked: Readonly<Record<Side, Map<string, Asked>>> = { 'to-host': new Map(), 'to-page': new Map() };

  /** What a message answers; undefined where it answers nothing that is remembered. */
  answered(side: Side, message: unknown): Asked | undefined {
    if (!isObject(message) || isRequest(message)) return undefined;
    const others = this.#asked[side === 'to-host' ? 'to-page' : 'to-host'];
    for (const key of ANSWERS) {
      const found = keysOf(message[key]).flatMap((id) =>
        NUMBERS.flatMap((number) => others.get(`${number} ${id}`) ?? []),
      );
      if (found[0]) return found[0];
    }
    for (const key of NUMBERS) {
      for (const id of keysOf(message[key])) {
        const found = others.get(`${key} ${id}`);
        if (found) return found;
      }
    }
    return undefined;
  }

  /** A message that may be answered. */
  remember(side: Side, message: unknown, asked: Asked): void {
    if (!isObject(message) || asked.record === 0) return;
    const own = this.#asked[side];
    for (const key of NUMBERS) {
      for (const id of keysOf(message[key])) {
        own.delete(`${key} ${id}`);
        own.set(`${key} ${id}`, asked);
      }
    }
    while (own.size > MOST) own.delete(own.keys().next().value as string);
  }
}

/** JSON-RPC and vscode-messenger: both sides count for themselves, and only requests have a method. */
function isRequest(message: Readonly<Record<string, unknown>>): boolean {
  return typeof message['method'] === 'string' && !('result' in message) && !('error' in message);
}

/** Whether an answer says that its request failed. */
export function isFailed(message: unknown): boolean {
  return isObject(message) && message['error'] !== undefined && message['error'] !== null && message['error'] !== false;
}

function isObject(value: unknown): value is Readonly<Record<string, unknown>> {
  return typeof value === 'object' && value !== null;
}

/** A number or a text that may stand for a request, as a key; a number is not the text of it. */
function keysOf(value: unknown): readonly string[] {
  if (typeof value === 'number') return [`n${value}`];
  return typeof value === 'string' && value !== '' && value.length <= LONGEST ? [`s${value}`] : [];
}

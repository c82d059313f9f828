/**
 * The record of one message: what the recorder keeps, the inspector shows, and filters, exports and tests read.
 * A call is one record that is completed when its outcome is known; every event and channel message is a record of its
 * own that names the call it belongs to.
 */

import type { AnsweredBy } from './call.ts';

export const KINDS = [
  /** page → host: a call; completed by its outcome */
  'invoke',
  /** an event on its way to the listeners of one window, or emitted by the host */
  'event',
  /** a channel the page handed over inside a call's arguments */
  'channel',
  /** one message of such a channel, host → page */
  'channel-message',
  /** the channel ended: no more messages follow */
  'channel-end',
  /** a window was created, got ready (a new generation), reloaded, or closed */
  'window',
  /** something with a `rid` that a page holds: pending while it is open, completed when it is closed */
  'resource',
  /** a message that could not be read or delivered, and why */
  'problem',
  /** a message of another extension's webview, seen through `attachWebview` */
  'message',
] as const;
export type RecordKind = (typeof KINDS)[number];

export const STATUSES = [
  /** a call that has no outcome yet */
  'pending',
  'ok',
  'error',
  /** refused by the authority */
  'denied',
  /** a command that the app's Rust code defines and nobody handles yet */
  'unhandled',
  /** the page went before the outcome came */
  'orphan',
  /** the message did not reach the page */
  'undelivered',
  /** an event that no listener heard */
  'unheard',
] as const;
export type RecordStatus = (typeof STATUSES)[number];

export const DIRECTIONS = ['to-host', 'to-page'] as const;
export type Direction = (typeof DIRECTIONS)[number];

/** A message's content. JSON of outgoing messages is kept as the text that went over the wire, of incoming ones as the parsed value. */
export type Body =
  | { readonly kind: 'none' }
  | { readonly kind: 'json'; readonly value: unknown }
  | { readonly kind: 'text'; readonly json: string }
  | { readonly kind: 'bytes'; readonly bytes: Uint8Array }
  /** it is in a file of the recorder now; `read` fetches it, and may give 'dropped' when the file is gone */
  | { readonly kind: 'spilled'; readonly size: number; readonly preview: string; readonly read: () => Body }
  /** it was there, but the recorder's budget made it forget it */
  | { readonly kind: 'dropped' };

/** The parts of a call's way, in the order in which it passes them. */
export const PHASES = ['queue', 'transport', 'check', 'handler', 'serialize', 'deliver'] as const;
export type Phase = (typeof PHASES)[number];

/**
 * Milliseconds spent in each part of a call's way; what was not measured is absent. `check`, `handler` and `serialize`
 * together are the call's duration; `queue` and `transport` were before it, `deliver` comes after it.
 *
 * - queue: in the page, from `invoke` until its frame left
 * - transport: from the page to the host
 * - check: from arrival in the host to the handler's start: parsing, permission, argument check
 * - serialize: from the handler's end to the answer's departure
 * - deliver: from the host to the page
 */
export type Phases = Partial<Readonly<Record<Phase, number>>>;

/** The largest number of a record: more is no session of anybody, and the inspector's columns have 32 bits for it. */
export const MAX_ID = 0xff_ff_ff_ff;

export interface MessageRecord {
  /** number in this session, from 1, never reused */
  readonly id: number;
  /** milliseconds since the session began (monotonic clock) */
  readonly time: number;
  readonly kind: RecordKind;
  readonly direction: Direction;
  /** the app (project) the window belongs to */
  readonly app: string;
  /** the window's label; empty for the host itself */
  readonly window: string;
  /** calls of a remote page: its URL; absent for pages of the app itself */
  readonly origin?: string;
  /** the page load of that window that it belongs to, from 1 */
  readonly generation: number;
  /** command, event name, or what happened */
  readonly name: string;
  readonly status: RecordStatus;
  /** the record of the call (or channel) that this one belongs to */
  readonly of?: number;
  /** the record that brought this one about: the call whose handler emitted this event */
  readonly cause?: number;
  /** bytes on the wire of the message itself */
  readonly size: number;
  readonly body: Body;
  /** calls: headers given by the page */
  readonly headers?: readonly (readonly [string, string])[];
  /** calls: the answer. Rejections are in `outcome` too, `status` tells them apart. */
  readonly outcome?: Body;
  readonly outcomeSize?: number;
  /** calls: from arrival in the host to the answer's departure, in ms */
  readonly duration?: number;
  readonly phases?: Phases;
  /** channels: how many messages so far; channel messages: the index */
  readonly index?: number;
  /** events: how many listeners heard it */
  readonly heard?: number;
  /** calls: who answered, where it was no handler */
  readonly answeredBy?: AnsweredBy;
  /** calls: the record this one is a resend of */
  readonly replayOf?: number;
  /** the host's stack of a handler that threw: it stays in the host's log and the inspector, the page never sees it */
  readonly stack?: string;
  /** where the page called from: the stack as the page's engine wrote it, not yet mapped to sources */
  readonly pageStack?: string;
  /** a sentence for people: why a message was dropped, denied or not understood */
  readonly note?: string;
  /** somebody marked it */
  readonly marked?: boolean;
  /** what somebody wrote about it */
  readonly comment?: string;
}

const encoder = new TextEncoder();
/** Up to here counting costs less than encoding: most bodies are short, and each is measured once. */
const COUNTED_LENGTH = 512;

/** Bytes of a text as UTF-8. */
function utf8Length(text: string): number {
  if (text.length > COUNTED_LENGTH) return encoder.encode(text).byteLength;
  let length = text.length;
  for (let at = 0; at < text.length; at++) {
    const code = text.charCodeAt(at);
    if (code < 0x80) continue;
    length += code < 0x800 ? 1 : 2;
    // The two halves of a pair are four bytes together; one that stands alone is three, as what is written for it.
    if ((code & 0xfc00) === 0xd800 && (text.charCodeAt(at + 1) & 0xfc00) === 0xdc00) at++;
  }
  return length;
}

/** The size in bytes of a body as it went over the wire; 0 where it is gone or absent. */
export function bodySize(body: Body): number {
  switch (body.kind) {
    case 'bytes':
      return body.bytes.byteLength;
    case 'text':
      return utf8Length(body.json);
    case 'json':
      return utf8Length(jsonOf(body.value));
    case 'spilled':
      return body.size;
    case 'none':
    case 'dropped':
      return 0;
  }
}

/** The body itself, from wherever it is kept. */
export function loadBody(body: Body): Exclude<Body, { kind: 'spilled' }> {
  let loaded = body;
  while (loaded.kind === 'spilled') loaded = loaded.read();
  return loaded;
}

/** The body as a JSON value, for views and exports; bytes and absent bodies give undefined. */
export function bodyValue(body: Body): unknown {
  const loaded = loadBody(body);
  if (loaded.kind === 'json') return loaded.value;
  if (loaded.kind === 'text') return JSON.parse(loaded.json);
  return undefined;
}

/** A one-line preview of at most `length` characters. */
export function bodyPreview(body: Body, length = 160): string {
  switch (body.kind) {
    case 'text':
      return clip(body.json, length);
    case 'json':
      return clip(jsonOf(body.value), length);
    case 'bytes':
      return `${body.bytes.byteLength.toLocaleString('en-US')} bytes`;
    case 'spilled':
      return clip(body.preview, length);
    case 'dropped':
      return '(not kept)';
    case 'none':
      return '';
  }
}

const clip = (text: string, length: number) => (text.length > length ? `${text.slice(0, length - 1)}…` : text);

/** The JSON text of a body; empty for bytes and absent bodies. */
export function bodyText(body: Body): string {
  const loaded = loadBody(body);
  if (loaded.kind === 'text') return loaded.json;
  return loaded.kind === 'json' ? jsonOf(loaded.value) : '';
}

/** The JSON text of what a page sent. It may be nested deeper than `JSON.stringify` can follow, or changed since by a handler. */
function jsonOf(value: unknown): string {
  try {
    return JSON.stringify(value) ?? '';
  } catch (error) {
    return JSON.stringify(`(${(error as Error).message})`);
  }
}

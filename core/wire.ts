/**
 * The wire: every message that crosses the boundary between a page and the host, and the frames they travel in.
 *
 * All messages of one turn travel in one frame, and one frame is one `postMessage`. A frame is a list: first JSON
 * (`{ messages, raw }`), then one byte array into which all small raw bodies of the frame are packed, then one array for
 * each large one. JSON as UTF-8 bytes and bytes as bytes is what VS Code carries fastest: it neither clones objects nor
 * encodes base64 on the way. Short JSON stays text: bytes cost 6 % of a single call (docs/benchmarks.md).
 *
 * The two most frequent messages have a short form, for with thousands of them names and random numbers were half the
 * bytes: `[cmd, n, payload]` for an invoke, with `headers` as a fourth where there are some, or
 * `[cmd, n, 0, headers or 0, raw]` where its arguments are bytes; and `[id, value]` for a `run` with JSON. The page counts
 * its invokes: the n-th has the callbacks 2n and 2n + 1, which the bridge knows under the numbers that Tauri gave them.
 * A page that tells where its calls come from puts the number of a stack before the command: `[stack, cmd, n, payload]`.
 */
import * as z from 'zod';

/** Both sides name the version of the wire they speak in `ready`/`welcome`; a host refuses a page that speaks another. */
export const WIRE_VERSION = 1;

/** Raw bodies up to this size are packed into one array; a larger one travels as an array of its own, without a copy. */
export const PACKED_LIMIT = 32 * 1024;

/** JSON up to this length travels as text. 1.139: text and bytes cost the same at 2 kB, at 16 kB text costs a third more. */
export const TEXT_LIMIT = 1024;

/** Stacks that a page may name by number at a time, and characters that are kept of each. The bridge repeats both. */
export const MAX_STACKS = 256;
export const STACK_LENGTH = 4096;

/** Limits of one frame from a page. What exceeds them is refused and recorded, see docs/limits.md. */
export const MAX_FRAME_MESSAGES = 65_536;

const CallbackId = z.int().min(0).max(0xffff_ffff);
/** A position in the frame's list of raw bodies. */
const RawIndex = z.int().min(0);

const StackId = z
  .int()
  .min(0)
  .max(MAX_STACKS - 1);

/** What a page may say. Everything from a page passes through this schema: it is the edge (docs/architecture.md, laws 1 and 8). */
export const FromPage = z.discriminatedUnion('kind', [
  /** first message of a page load: a new generation begins; `isolation` names its isolation frame, where it has one */
  z.object({
    kind: z.literal('ready'),
    version: z.literal(WIRE_VERSION),
    url: z.string(),
    isolation: z.string().optional(),
  }),
  /** `invoke(cmd, payload, { headers })`; `raw` instead of `payload` where the arguments are bytes */
  z.object({
    kind: z.literal('invoke'),
    cmd: z.string(),
    callback: CallbackId,
    error: CallbackId,
    payload: z.unknown().optional(),
    raw: RawIndex.optional(),
    headers: z.array(z.tuple([z.string(), z.string()])).optional(),
    stack: StackId.optional(),
  }),
  /** the stack that invokes name by this number from now on, as the page's engine wrote it */
  z.object({ kind: z.literal('stack'), id: StackId, text: z.string().max(STACK_LENGTH) }),
  /** bytes the page has taken in since it last said so: the host's credit to send more */
  z.object({ kind: z.literal('received'), bytes: z.number().min(0) }),
  /** what only the page can measure; sent at the start and on every change */
  z.object({
    kind: z.literal('metrics'),
    width: z.number(),
    height: z.number(),
    scaleFactor: z.number(),
    screenX: z.number(),
    screenY: z.number(),
    screenWidth: z.number(),
    screenHeight: z.number(),
  }),
  /** a file drag over the page; paths where the browser tells them */
  z.object({
    kind: z.literal('drag'),
    phase: z.enum(['enter', 'over', 'drop', 'leave']),
    paths: z.array(z.string()),
    x: z.number(),
    y: z.number(),
  }),
  /** the text that is selected in the page, when the host has asked for it */
  z.object({ kind: z.literal('selection'), text: z.string() }),
  /** a change of the localStorage that the host keeps; `key: null` clears it, `value: null` removes the key */
  z.object({ kind: z.literal('storage'), key: z.string().nullable(), value: z.string().nullable() }),
  /** an invoke that the page's isolation frame did not let pass; its promise is rejected already */
  z.object({ kind: z.literal('refused'), cmd: z.string(), reason: z.string(), payload: z.unknown().optional() }),
  /** something that went wrong in the page on the way: arguments that cannot be serialised, an unknown callback */
  z.object({ kind: z.literal('problem'), about: z.string(), message: z.string() }),
]);
export type FromPage = z.infer<typeof FromPage>;

export type InvokeMessage = Extract<FromPage, { kind: 'invoke' }>;

/** What a message of a page is, or the first thing that is wrong with it. */
export type ReadMessage =
  | { readonly message: FromPage }
  | { readonly issue: { readonly path: readonly PropertyKey[]; readonly message: string } | undefined };

/** Reads a message of a page through {@link FromPage}. */
export function readMessage(given: unknown): ReadMessage {
  const invoke = readInvoke(given);
  if (invoke) return { message: invoke };
  const parsed = FromPage.safeParse(given);
  return parsed.success ? { message: parsed.data } : { issue: parsed.error.issues[0] };
}

/**
 * Checks by hand what {@link FromPage} says of an invoke without headers or bytes, as nearly all messages are. Undefined
 * for all else: the schema then says what it is, or what is wrong with it.
 */
function readInvoke(given: unknown): InvokeMessage | undefined {
  if (typeof given !== 'object' || given === null) return undefined;
  const { kind, cmd, callback, error, payload, raw, headers, stack } = given as { [K in keyof InvokeMessage]: unknown };
  if (kind !== 'invoke' || typeof cmd !== 'string' || !isCallbackId(callback) || !isCallbackId(error)) return undefined;
  if (raw !== undefined || headers !== undefined) return undefined;
  if (stack === undefined) return { kind, cmd, callback, error, payload };
  return isStackId(stack) ? { kind, cmd, callback, error, payload, stack } : undefined;
}

/** The callback that a message names for its rejection, whatever else is wrong with it; undefined where there is none. */
export function errorCallbackOf(given: unknown): number | undefined {
  const error = (given as { error?: unknown } | null | undefined)?.error;
  return isCallbackId(error) ? error : undefined;
}

function isStackId(value: unknown): value is number {
  return Number.isInteger(value) && (value as number) >= 0 && (value as number) < MAX_STACKS;
}

function isCallbackId(value: unknown): value is number {
  return Number.isInteger(value) && (value as number) >= 0 && (value as number) <= 0xffff_ffff;
}

/** How the host changes the page itself; each mirrors a window or webview command of Tauri. */
export const PageChange = z.discriminatedUnion('property', [
  z.object({ property: z.literal('colorScheme'), value: z.enum(['light', 'dark']) }),
  z.object({ property: z.literal('background'), value: z.string().nullable() }),
  z.object({ property: z.literal('zoom'), value: z.number() }),
  z.object({ property: z.literal('cursor'), value: z.string() }),
  z.object({ property: z.literal('pointerEvents'), value: z.enum(['auto', 'none']) }),
  z.object({ property: z.literal('reload'), value: z.literal(true) }),
  z.object({ property: z.literal('clearData'), value: z.literal(true) }),
  /** what `document.execCommand` is called with */
  z.object({ property: z.literal('edit'), value: z.tuple([z.string(), z.literal(false), z.string()]) }),
  /** the page answers with a message of that kind */
  z.object({ property: z.literal('selection'), value: z.literal(true) }),
]);
export type PageChange = z.infer<typeof PageChange>;

/** What the host says. Values are JSON text that was serialised when the message was made, so that later changes of an object do not reach the page. */
export type ToPage =
  | { readonly kind: 'welcome' }
  /** run callback `id` with `value`, or with an ArrayBuffer where `raw` is given: results and rejections */
  | { readonly kind: 'run'; readonly id: number; readonly value?: unknown; readonly raw?: number }
  /** message `index` of the channel with callback `id` */
  | {
      readonly kind: 'message';
      readonly id: number;
      readonly index: number;
      readonly value?: unknown;
      readonly raw?: number;
    }
  /** the channel ends after `index` messages */
  | { readonly kind: 'end'; readonly id: number; readonly index: number }
  /** event `event` for the listeners `ids` of this page */
  | { readonly kind: 'event'; readonly event: string; readonly ids: readonly number[]; readonly payload: unknown }
  /** listener `id` of `event` calls callback `handler`; sent before the answer of `listen`, so that no event is missed */
  | {
      readonly kind: 'listener';
      readonly event: string;
      readonly id: number;
      readonly handler: number;
      readonly target: unknown;
    }
  | { readonly kind: 'unlisten'; readonly event: string; readonly id: number }
  /** the host took in the frame: the page may send the next without waiting for its own timer */
  | { readonly kind: 'received'; readonly frames: number }
  | ({ readonly kind: 'change' } & PageChange);

/** One `postMessage`: JSON (text or UTF-8), packed small bodies (maybe empty), large bodies. */
export type Frame = readonly (string | Uint8Array)[];

/** The JSON part of a frame. `raw` has the length of each raw body: packed ones as they are, large ones as -1. */
const FrameHead = z.object({
  messages: z.array(z.unknown()).max(MAX_FRAME_MESSAGES),
  raw: z.array(z.int().min(-1)).optional(),
});

/** A frame as read: messages not yet parsed, and all raw bodies by index. */
export interface OpenFrame {
  readonly messages: readonly unknown[];
  readonly raw: readonly Uint8Array[];
  /** bytes of the whole frame */
  readonly size: number;
}

const decoder = new TextDecoder('utf-8', { fatal: true });
const encoder = new TextEncoder();

/** Thrown by {@link openFrame}: says what is wrong with a frame. */
export class WireError extends Error {
  override readonly name = 'WireError';
  /** the messages of the frame, where only its raw bodies are wrong: what asks for an answer must get one */
  readonly messages: readonly unknown[];

  constructor(message: string, { messages = [], cause }: { messages?: readonly unknown[]; cause?: unknown } = {}) {
    super(message, { cause });
    this.messages = messages;
  }
}

/**
 * Reads what came from a page. Never trusts it: a length that does not fit, a missing array or broken JSON gives a
 * {@link WireError} with the reason.
 */
export function openFrame(received: unknown): OpenFrame {
  if (!Array.isArray(received) || received.length === 0) throw new WireError('a frame must be a list of byte arrays');
  const [first, ...rest] = received as unknown[];
  const text = typeof first === 'string' ? first : partOf(first);
  const { messages, raw = [] } = headOf(text);
  try {
    const parts = rest.map(partOf);
    const size = parts.reduce((sum, part) => sum + part.byteLength, text.length);
    return { messages: messages.map(longForm), raw: takeRaw(raw, parts), size };
  } catch (error) {
    throw new WireError((error as Error).message, { cause: error, messages: messages.map(longForm) });
  }
}

/** A message whose short form was sent, as the schemas know it; every other as it is. */
function longForm(message: unknown): unknown {
  if (!Array.isArray(message)) return message;
  if (message.length === 2) return { kind: 'run', id: message[0], value: message[1] };
  if (message.length > 3 && typeof message[0] === 'number') {
    const [stack, ...invoke] = message;
    const long = longForm(invoke);
    return Array.isArray(long) ? message : Object.assign(long as object, { stack });
  }
  if (message.length < 3 || message.length > 5) return message;
  const [cmd, n, payload, headers, raw] = message;
  const callback = 2 * n;
  const error = callback + 1;
  // As nearly all are.
  if (message.length === 3) return { kind: 'invoke', cmd, callback, error, payload };
  const head = { kind: 'invoke', cmd, callback, error, ...(headers !== 0 && { headers }) };
  return message.length === 4 ? { ...head, payload } : { ...head, raw };
}

function headOf(text: string | Uint8Array): z.infer<typeof FrameHead> {
  let value: unknown;
  try {
    value = JSON.parse(typeof text === 'string' ? text : decoder.decode(text));
  } catch (error) {
    throw new WireError(`unreadable frame: ${(error as Error).message}`, { cause: error });
  }
  const { messages, raw: lengths } = (value ?? {}) as { messages?: unknown; raw?: unknown };
  // As nearly all frames are. The schema would look at each of their messages, only to find that it may be anything.
  if (lengths === undefined && Array.isArray(messages) && messages.length <= MAX_FRAME_MESSAGES) return { messages };
  // Before the schema: it looks at every length, and each gets a view of its own.
  if (Array.isArray(lengths) && lengths.length > MAX_FRAME_MESSAGES) {
    throw new WireError(`unreadable frame: at most ${MAX_FRAME_MESSAGES} raw bodies fit into one`);
  }
  const parsed = FrameHead.safeParse(value);
  if (parsed.success) return parsed.data;
  // One of its issues: the page decides how many there are.
  const issue = parsed.error.issues[0];
  throw new WireError(`unreadable frame: ${issue?.path.join('.') || 'the frame'}: ${issue?.message}`);
}

function partOf(part: unknown): Uint8Array {
  if (part instanceof Uint8Array) return part;
  if (part instanceof ArrayBuffer) return new Uint8Array(part);
  throw new WireError('a frame must be a list of byte arrays');
}

function takeRaw(lengths: readonly number[], parts: readonly Uint8Array[]): Uint8Array[] {
  const packed = parts[0];
  let offset = 0;
  let next = 1;
  return lengths.map((length) => {
    if (length === -1) {
      const bytes = parts[next++];
      if (!bytes) throw new WireError('a raw body of the frame is missing');
      return bytes;
    }
    if (!packed || offset + length > packed.byteLength) throw new WireError('a raw body exceeds the frame');
    offset += length;
    return packed.subarray(offset - length, offset);
  });
}

/** Collects the messages of one turn and makes a frame of them. */
export class FrameBuilder {
  #messages: string[] = [];
  #raw: Uint8Array[] = [];
  #size = 0;

  get empty(): boolean {
    return this.#messages.length === 0;
  }

  /** about how many bytes the frame will have (UTF-16 length of the text plus raw bytes) */
  get size(): number {
    return this.#size;
  }

  /** Adds a message as JSON text. */
  add(message: string): void {
    this.#messages.push(message);
    this.#size += message.length;
  }

  /** Adds raw bytes and gives the index by which this frame's messages name them. */
  addRaw(bytes: Uint8Array): number {
    this.#size += bytes.byteLength;
    return this.#raw.push(bytes) - 1;
  }

  /** The frame of all that was added; the builder is empty afterwards. */
  take(): Frame {
    const large: Uint8Array[] = [];
    let packedSize = 0;
    const lengths = this.#raw.map((bytes) => {
      if (bytes.byteLength > PACKED_LIMIT) {
        large.push(alone(bytes));
        return -1;
      }
      packedSize += bytes.byteLength;
      return bytes.byteLength;
    });
    const raw = lengths.length > 0 ? `,"raw":[${lengths.join(',')}]` : '';
    const text = `{"messages":[${this.#messages.join(',')}]${raw}}`;
    const frame: (string | Uint8Array)[] = [text.length > TEXT_LIMIT ? encoder.encode(text) : text];
    if (lengths.length > 0) {
      const packed = new Uint8Array(packedSize);
      let offset = 0;
      for (const bytes of this.#raw) {
        if (bytes.byteLength > PACKED_LIMIT) continue;
        packed.set(bytes, offset);
        offset += bytes.byteLength;
      }
      frame.push(packed, ...large);
    }
    this.#messages = [];
    this.#raw = [];
    this.#size = 0;
    return frame;
  }
}

/** VS Code posts the whole buffer under a view: what lies beside the bytes must not go to the page with them. */
function alone(bytes: Uint8Array): Uint8Array {
  const whole = bytes.byteLength === bytes.buffer.byteLength && Object.getPrototypeOf(bytes) === Uint8Array.prototype;
  return whole && bytes.buffer instanceof ArrayBuffer ? bytes : new Uint8Array(bytes);
}

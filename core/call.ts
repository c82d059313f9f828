/** A call on its way from a page to a handler, and the stages it passes. */
import type { Origin } from './acl/reach.ts';

/** What a page gave as arguments: a JSON value, or bytes (tauri-core 2.2). */
export type RequestBody =
  | { readonly kind: 'json'; readonly value: unknown }
  | { readonly kind: 'raw'; readonly bytes: Uint8Array };

/** One `invoke`. Window, origin and generation come from the connection; nothing that a page says can change them. */
export interface Call {
  /** unique in its app */
  readonly id: number;
  /** the number of its record, 0 where none is kept */
  readonly record: number;
  readonly cmd: string;
  readonly window: string;
  /** where its page comes from: the app itself, or a remote URL */
  readonly origin: Origin;
  readonly generation: number;
  readonly body: RequestBody;
  /** names in lower case */
  readonly headers: readonly (readonly [string, string])[];
  /** aborted when the window closes or reloads */
  readonly signal: AbortSignal;
  readonly replayOf?: number;
}

/** A command as it is called: of the app, or of a plugin. */
export interface CalledCommand {
  readonly plugin: string | undefined;
  readonly name: string;
  /** it has parts that nobody reads */
  readonly malformed: boolean;
}

const PLUGIN = 'plugin:';

/** Takes a command's name apart as Tauri does: what stands behind a second `|` is not read. */
export function calledCommand(cmd: string): CalledCommand {
  if (!cmd.startsWith(PLUGIN)) return { plugin: undefined, name: cmd, malformed: false };
  const bar = cmd.indexOf('|');
  if (bar < 0) return { plugin: cmd.slice(PLUGIN.length), name: '', malformed: false };
  const second = cmd.indexOf('|', bar + 1);
  const malformed = second >= 0;
  return { plugin: cmd.slice(PLUGIN.length, bar), name: cmd.slice(bar + 1, malformed ? second : undefined), malformed };
}

/** The name by which pages call a command of a plugin. */
export function pluginCommand(plugin: string, name: string): string {
  return `${PLUGIN}${plugin}|${name}`;
}

/** The bytes or the JSON text of an answer. */
export type ResultBody =
  | { readonly kind: 'json'; readonly json: string }
  | { readonly kind: 'raw'; readonly bytes: Uint8Array };

/** Who answered a call, where it was no handler: a rule of the project, or the user. */
export const ANSWERERS = ['rule', 'hand'] as const;
export type AnsweredBy = (typeof ANSWERERS)[number];

/** What an outcome says to the inspector alone; the page sees nothing of it. */
export interface OutcomeExtra {
  readonly by?: AnsweredBy;
  readonly note?: string;
  /** no handler answered: its page went, so that nobody waits for what the handler may still say */
  readonly abandoned?: true;
}

/** How a call ends. `json` of a failure is what the page's promise rejects with, as JSON text. */
export type Outcome = OutcomeExtra &
  (
    | { readonly ok: true; readonly result: ResultBody }
    | {
        readonly ok: false;
        readonly json: string;
        readonly denied?: boolean;
        /** nobody handles this command yet, though the app defines it */
        readonly unhandled?: boolean;
        /** for the host's log and the inspector only */
        readonly stack?: string;
      }
  );

/** A stage may look at a call, change it, answer it itself, or pass it on. Recording, mocks and permissions are stages. */
export type Stage = (call: Call, next: (call: Call) => Promise<Outcome>) => Promise<Outcome>;

/** Told by what runs a handler, so that the time of a call can be taken apart. Both count once. */
export interface HandlerClock {
  /** The handler begins, or began `ago` milliseconds before. */
  started(ago?: number): void;
  /** It returned or threw, maybe `ago` milliseconds before: what follows is checking and serialising the answer. */
  ended(ago?: number): void;
}

/** What waits for nothing is there at once: thousands of small calls would spend more time in promises than in handlers. */
export type MaybePromise<T> = T | Promise<T>;

/** `next` with the value, now or when it is there. */
export function whenDone<T, R>(value: T | PromiseLike<T>, next: (value: T) => MaybePromise<R>): MaybePromise<R> {
  // What a `then` of somebody's own gives back is nobody's outcome.
  if (value instanceof Promise && value.constructor === Promise)
    return Promise.prototype.then.call(value, next as (value: unknown) => R) as Promise<R>;
  return isPromiseLike(value) ? new Promise<T>((resolve) => resolve(value)).then(next) : next(value);
}

function isPromiseLike<T>(value: T | PromiseLike<T>): value is PromiseLike<T> {
  return typeof (value as PromiseLike<T> | null | undefined)?.then === 'function';
}

/** Puts `stages` before `answer`; the first stage is the outermost. */
export function pipeline(
  stages: readonly Stage[],
  answer: (call: Call) => MaybePromise<Outcome>,
): (call: Call) => MaybePromise<Outcome> {
  if (stages.length === 0) return answer;
  const through = stages.reduceRight<(call: Call) => Promise<Outcome>>(
    (next, stage) => (call) => stage(call, next),
    async (call) => answer(call),
  );
  // A stage changes a call by `{ ...call, … }`: all of it must be its own.
  return (call) => through({ ...call, signal: call.signal });
}

/** A rejection with `value`; one that has no JSON form becomes the text of that failure. */
export function failure(
  value: unknown,
  extra?: { denied?: boolean; unhandled?: boolean; abandoned?: true; note?: string; stack?: string | undefined },
): Outcome {
  let json: string;
  try {
    json = JSON.stringify(value) ?? 'null';
  } catch (error) {
    json = JSON.stringify(`Serialization error: ${(error as Error).message}`);
  }
  return {
    ok: false,
    json,
    ...(extra?.denied && { denied: true }),
    ...(extra?.unhandled && { unhandled: true }),
    ...(extra?.abandoned && { abandoned: true }),
    ...(extra?.note !== undefined && { note: extra.note }),
    ...(extra?.stack !== undefined && { stack: extra.stack }),
  };
}

/**
 * An answer with `value`, serialised as Tauri serialises a command's return (tauri-core 2.7): bytes as bytes, nothing
 * as `null`. What has no JSON form is a failure that says so.
 */
export function success(value: unknown): Outcome {
  const bytes = bytesOf(value);
  if (bytes) return { ok: true, result: { kind: 'raw', bytes } };
  try {
    return { ok: true, result: { kind: 'json', json: JSON.stringify(value) ?? 'null' } };
  } catch (error) {
    return failure(`Serialization error: ${(error as Error).message}`);
  }
}

/** A payload as JSON text; one that is absent is null. Throws for what has no JSON form. */
export function jsonOf(payload: unknown): string {
  return JSON.stringify(payload) ?? 'null';
}

/**
 * The bytes of an ArrayBuffer or any view of one; undefined for everything else. Always a plain Uint8Array: a Buffer of
 * Node has its own `toJSON` and `slice`, and VS Code would post it as a list of numbers.
 */
export function bytesOf(value: unknown): Uint8Array | undefined {
  if (value instanceof ArrayBuffer) return new Uint8Array(value);
  if (!ArrayBuffer.isView(value)) return undefined;
  if (Object.getPrototypeOf(value) === Uint8Array.prototype) return value as Uint8Array;
  return new Uint8Array(value.buffer, value.byteOffset, value.byteLength);
}

/**
 * Where the page's calls come from: the stack of each `invoke`, told once and then named by number (core/wire.ts). Used
 * by the builds with stacks only: of the others it is no part.
 */
import type { FromPage } from '#core/wire.ts';

/** As core/wire.ts. */
const MAX_STACKS = 256;
const STACK_LENGTH = 4096;
/** Frames of a stack: deeper ones are those of event loops and frameworks. */
const FRAMES = 12;
/**
 * Calls at once whose stack is taken, and how many more a millisecond: who makes more must not pay for all of them. A
 * stack takes about 10 µs, so that this is one part in a hundred of the page's time.
 */
const BURST = 32;
const PER_MS = 1;

/** What V8 has, and other engines by now; where it is absent there are no stacks. */
const errors = Error as unknown as {
  captureStackTrace?(target: object, above: unknown): void;
  stackTraceLimit?: number | undefined;
};
/** Not when a call comes: a page may have put something else there by then. Marked, so that builds without stacks drop it. */
const captureStackTrace = /* @__PURE__ */ (() => errors.captureStackTrace)();

const known = new Map<string, number>();
/** of calls that have not left, by callback */
const waiting = new Map<number, string>();
let left = BURST;
let counted = 0;

/** Keeps where the call with this callback comes from: what called the function `above`. */
export function keepStack(callback: number, above: unknown): void {
  try {
    if (mayCapture()) capture(callback, above);
  } catch {
    // The page has frozen `Error`, or its own writer of stacks failed: the call matters more.
  }
}

function mayCapture(): boolean {
  const now = performance.now();
  left = Math.min(BURST, left + (now - counted) * PER_MS);
  counted = now;
  if (left < 1) return false;
  left--;
  return true;
}

function capture(callback: number, above: unknown): void {
  const limit = errors.stackTraceLimit;
  const target: { stack?: unknown } = {};
  errors.stackTraceLimit = FRAMES;
  try {
    captureStackTrace?.(target, above);
    // A page may write its stacks itself, as anything.
    if (typeof target.stack === 'string') waiting.set(callback, target.stack.slice(0, STACK_LENGTH));
  } finally {
    errors.stackTraceLimit = limit;
  }
}

/** Forgets what was kept for a call that does not leave. */
export function dropStack(callback: number): void {
  waiting.delete(callback);
}

/** How the invoke with this callback begins on the wire; `send` tells the host of its stack where that is new. */
export function nameStack(callback: number, send: (message: FromPage) => void): string {
  const text = waiting.get(callback);
  waiting.delete(callback);
  if (text === undefined) return '';
  let id = known.get(text);
  if (id === undefined) {
    if (known.size === MAX_STACKS) known.clear();
    id = known.size;
    known.set(text, id);
    send({ kind: 'stack', id, text });
  }
  return `${id},`;
}

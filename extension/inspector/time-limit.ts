/**
 * Work that ends by itself or is ended: a regular expression that somebody typed may take years for a text that a page
 * chose, and nothing else in JavaScript stops it.
 */
import { createContext, Script } from 'node:vm';

export class OutOfTime extends Error {
  constructor(milliseconds: number) {
    super(`it took longer than ${milliseconds / 1000} s`);
  }
}

let next: (() => void) | undefined;
// Made once: a context costs more than most slices of work.
const context = createContext({ work: () => next?.() });
const call = new Script('work()');

/** @throws OutOfTime where the work was ended: what it changes may be half done */
export function within<T>(milliseconds: number, work: () => T): T {
  let result: { readonly value: T } | undefined;
  next = () => void (result = { value: work() });
  try {
    call.runInContext(context, { timeout: milliseconds });
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ERR_SCRIPT_EXECUTION_TIMEOUT') throw new OutOfTime(milliseconds);
    throw error;
  } finally {
    next = undefined;
  }
  return (result as unknown as { readonly value: T }).value;
}

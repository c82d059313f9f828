/** The words for the parts of a call's time. */
import type { Phase } from '#core/record.ts';

export const PHASE_WORDS: Readonly<Record<Phase, string>> = {
  queue: 'Waiting in the page',
  transport: 'Way to the host',
  check: 'Parsing, permission, arguments',
  handler: 'Handler',
  serialize: 'Answer checked and serialised',
  deliver: 'Way to the page',
};

/** Those that are measured in the host, and are a call's duration together. */
export const IN_DURATION: readonly Phase[] = ['check', 'handler', 'serialize'];

/** Where a call came from and where it went: what the inspector's page asks, and what it is told. */
import * as z from 'zod';

/** A line of a text, by its number from 1. */
export interface CodeLine {
  readonly line: number;
  readonly text: string;
}

/** A frame of the page's stack. */
export interface ReportedFrame {
  /** of the function; empty where it has none */
  readonly name: string;
  readonly isAsync: boolean;
  /** as people are shown it: `src/main.ts:12:5` */
  readonly place: string;
  /** where the page runs it, where that is another place */
  readonly script?: string;
  /** of a library: not written by the page's author */
  readonly library: boolean;
  /** the line itself, where its text is at hand */
  readonly code?: string;
  /** whether something can be opened there: the file, or the text that its source map has */
  readonly opens?: 'file' | 'text';
  /** why it is not mapped to its source: a sentence without a subject */
  readonly problem?: string;
}

export interface StackReport {
  readonly frames: readonly ReportedFrame[];
  /** why there are none, or no more */
  readonly note?: string;
}

/** A place in the project that has to do with the handler of a command. */
export interface HandlerPlaceReport {
  readonly what: 'handler' | 'rust';
  /** as people are shown it: `src-ipc/main.ts:12` */
  readonly place: string;
  /** a few lines from there on */
  readonly code: readonly CodeLine[];
}

/** Who answers a command. It is about now: the files may have changed since the call. */
export interface HandlerReport {
  /** who answers, or that nobody does */
  readonly summary: string;
  readonly places: readonly HandlerPlaceReport[];
}

export type OriginAnswer =
  /** the answer to `askStack`; null where the record is gone */
  | { readonly kind: 'stack'; readonly id: number; readonly report: StackReport | null }
  /** the answer to `askHandler`; null where the record or its app is gone */
  | { readonly kind: 'handler'; readonly id: number; readonly report: HandlerReport | null };

const Index = z.int().min(0);

/** They name frames and places by their number in the report: the page says no paths. */
export const ORIGIN_QUESTIONS = [
  z.object({ kind: z.literal('askStack'), id: z.int() }),
  z.object({ kind: z.literal('openFrame'), id: z.int(), frame: Index }),
  z.object({ kind: z.literal('askHandler'), id: z.int() }),
  z.object({ kind: z.literal('openHandlerPlace'), id: z.int(), place: Index }),
] as const;
export type OriginQuestion = z.infer<(typeof ORIGIN_QUESTIONS)[number]>;

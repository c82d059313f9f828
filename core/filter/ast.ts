/**
 * A filter as a tree. Every node knows where it stands in the text, so that a field can point at it. The list, the api,
 * rules and tests read the same trees.
 */
import { KINDS, STATUSES } from '../record.ts';

export interface Span {
  readonly start: number;
  /** exclusive */
  readonly end: number;
}

/** Keys whose values are words: `cmd:save_*`. */
export const TEXT_KEYS = {
  cmd: 'name of a call',
  plugin: "plugin of a call's command",
  event: 'name of an event',
  channel: 'name of a channel',
  win: 'label of the window',
  app: 'name of the app',
  kind: 'invoke, event, channel …',
  dir: 'to-host or to-page',
  by: 'who answered: rule, hand, replay',
  note: 'text of a note',
  src: 'where the page called from',
  perm: 'permission',
  tag: 'tag',
} as const;
export type TextKey = keyof typeof TEXT_KEYS;

/** Keys whose values are numbers: `dur>50ms`, `id:400..420`; and what they count. */
export const NUMBER_KEYS = {
  id: { unit: 'count', title: 'number of the message' },
  of: { unit: 'count', title: 'number of the call it belongs to' },
  dur: { unit: 'time', title: 'duration of a call' },
  age: { unit: 'time', title: 'how long it has been waiting' },
  at: { unit: 'time', title: 'time since the session began' },
  size: { unit: 'size', title: 'bytes of message and answer' },
  'args-size': { unit: 'size', title: 'bytes of the message' },
  'result-size': { unit: 'size', title: 'bytes of the answer' },
  n: { unit: 'count', title: 'place in a channel, or how many it had' },
  hit: { unit: 'count', title: 'hits of a breakpoint' },
} as const satisfies Readonly<Record<string, { unit: UnitKind; title: string }>>;
export type NumberKey = keyof typeof NUMBER_KEYS;

/** Keys that take the number of a message and look around it. */
export const MESSAGE_KEYS = { near: 'within a second of a message', chain: 'a message and all it caused' } as const;
export type MessageKey = keyof typeof MESSAGE_KEYS;

export type UnitKind = 'time' | 'size' | 'count';

/** Units by what they measure, as multiples of a millisecond and of a byte. */
export const UNITS: Readonly<Record<UnitKind, Readonly<Record<string, number>>>> = {
  time: { ms: 1, s: 1000, m: 60_000 },
  size: { b: 1, kb: 1000, mb: 1_000_000 },
  count: {},
};

/** What `is:` knows besides the statuses and kinds of records. */
export const MORE_STATES = [
  'slow',
  'mocked',
  'edited',
  'replayed',
  'faulted',
  'paused',
  'binary',
  'marked',
  'duplicate',
  'lost',
  'internal',
] as const;

export const STATES = [...STATUSES, ...KINDS, ...MORE_STATES] as const;
export type State = (typeof STATES)[number];

export const PATH_ROOTS = ['args', 'result', 'error', 'data', 'body'] as const;
export type PathRoot = (typeof PATH_ROOTS)[number];

/** One step into a value: a member, an element, all elements, or a member at any depth. */
export type PathStep =
  | { readonly kind: 'member'; readonly name: string }
  | { readonly kind: 'element'; readonly index: number }
  | { readonly kind: 'all' }
  | { readonly kind: 'anywhere'; readonly name: string };

export type Comparison = '>' | '>=' | '<' | '<=' | '=' | '!=';

/** What a text is held against. */
export type TextItem =
  /** `*` and `?` stand for any text and any letter; without a capital it fits in any case */
  | { readonly kind: 'glob'; readonly text: string }
  | { readonly kind: 'exact'; readonly text: string }
  | { readonly kind: 'regex'; readonly source: string; readonly ignoreCase: boolean };

/** Both ends belong to it; an absent end is open. A single number is a range of one. */
export interface Range {
  readonly kind: 'range';
  readonly from?: number;
  readonly to?: number;
}

export type Scalar =
  | { readonly kind: 'number'; readonly value: number }
  /** `quoted` is a text and nothing else; without quotes `5` and `true` are meant, too, where they stand as text */
  | { readonly kind: 'text'; readonly text: string; readonly quoted: boolean };

export type Condition =
  | { readonly kind: 'fits'; readonly items: readonly (TextItem | Range)[] }
  | { readonly kind: 'compare'; readonly op: Comparison; readonly value: Scalar }
  | { readonly kind: 'contains'; readonly item: TextItem };

export type Term = Span &
  (
    | { readonly kind: 'word'; readonly text: string }
    | { readonly kind: 'regex'; readonly source: string; readonly ignoreCase: boolean }
    | { readonly kind: 'is'; readonly states: readonly State[] }
    | { readonly kind: 'text'; readonly key: TextKey; readonly items: readonly TextItem[] }
    | { readonly kind: 'number'; readonly key: NumberKey; readonly ranges: readonly Range[] }
    | { readonly kind: 'compare'; readonly key: NumberKey; readonly op: Comparison; readonly value: number }
    | { readonly kind: 'around'; readonly key: MessageKey; readonly ids: readonly number[] }
    | {
        readonly kind: 'path';
        readonly root: PathRoot;
        readonly steps: readonly PathStep[];
        readonly condition: Condition;
      }
  );

export type Filter =
  | (Span & { readonly kind: 'and'; readonly of: readonly Filter[] })
  | (Span & { readonly kind: 'or'; readonly of: readonly Filter[] })
  | (Span & { readonly kind: 'not'; readonly of: Filter })
  | Term;

/** Why a text is no filter. */
export interface FilterProblem extends Span {
  readonly message: string;
}

/** What a reader should see of a part of the text. */
export interface Token extends Span {
  readonly kind: 'key' | 'operator' | 'value' | 'regex' | 'word' | 'state';
}

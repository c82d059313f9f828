/**
 * What the inspector's page and the extension host say to each other. The host keeps the records and their bodies; the
 * page keeps one short row for each record and asks for a body when somebody looks at it.
 */
import * as z from 'zod';
import type { PermissionReport } from './acl/report.ts';
import type { AnsweredBy } from './call.ts';
import { SAVED, SavedFilter } from './filter/saved.ts';
import type { RecordStatistics } from './record-source.ts';
import { ORIGIN_QUESTIONS, type OriginAnswer } from './origin-messages.ts';
import type { Direction, Phases, RecordKind, RecordStatus } from './record.ts';
import { FROM_RECORDINGS, type ToRecordings } from './recording-messages.ts';

/** One line of the list. Tuples and numbers rather than objects: a burst of 10,000 rows must be cheap to post and to keep. */
export interface Row {
  readonly id: number;
  readonly time: number;
  readonly kind: RecordKind;
  readonly direction: Direction;
  readonly app: string;
  readonly window: string;
  readonly name: string;
  readonly status: RecordStatus;
  /** ms; absent while pending and for what has no duration */
  readonly duration?: number;
  /** bytes of the message and of its outcome together */
  readonly size: number;
  /** of these, the outcome's */
  readonly outcomeSize?: number;
  readonly phases?: Phases;
  /** at most 160 characters of the body, then of the outcome */
  readonly preview: string;
  readonly of?: number;
  readonly cause?: number;
  readonly index?: number;
  readonly heard?: number;
  readonly replayOf?: number;
  /** who answered, where it was no handler */
  readonly answeredBy?: AnsweredBy;
  readonly note?: string;
  readonly marked?: boolean;
  readonly comment?: string;
}

/** A body as the page gets it on request: text is JSON, pretty-printing is the page's work. */
export type DetailBody =
  | { readonly kind: 'none' | 'dropped' }
  /** the characters from `offset` (absent: 0) on of a JSON text of `size` characters; `truncated`: it goes on */
  | {
      readonly kind: 'json';
      readonly text: string;
      readonly offset?: number;
      readonly size: number;
      readonly truncated: boolean;
    }
  /** `bytes` holds at most the slice asked for, `size` is the whole */
  | { readonly kind: 'bytes'; readonly bytes: Uint8Array; readonly offset: number; readonly size: number };

export interface Detail {
  readonly row: Row;
  readonly generation: number;
  /** the URL of the remote page it comes from; absent for pages of the app */
  readonly origin?: string;
  readonly headers: readonly (readonly [string, string])[];
  readonly body: DetailBody;
  readonly outcome: DetailBody;
  readonly phases?: Phases;
  readonly stack?: string;
  /** records that belong to this one (channel messages, resends): ids, at most 1,000, and how many there are */
  readonly related: { readonly ids: readonly number[]; readonly total: number };
  /** whether the window it came from is still open, so that it can be sent again */
  readonly canResend: boolean;
}

/** How a recorded call may be answered from now on. It is about now: a handler may have come since the call. */
export interface AnswerReport {
  readonly command: string;
  /** where the Rust code of the project defines it, as people are shown it */
  readonly rust?: string;
  /** what may help whoever called a command that nobody has: a sentence */
  readonly hint?: string;
  /** whether a handler takes its calls */
  readonly handled: boolean;
  /** whether a rule answers them */
  readonly rule: boolean;
  /** whether rules can be written: the demo has none of its own */
  readonly mayHaveRules: boolean;
  /** whether the next call will wait */
  readonly armed: boolean;
  /** whether this call waits for its answer */
  readonly held: boolean;
  /** what an answer may look like, by the Rust signature: JSON text */
  readonly result: string;
  readonly error: string;
}

/** A command whose next call will wait. */
export interface WaitingCommand {
  readonly app: string;
  readonly command: string;
}

/** What the host answers about a filter's terms that need bodies: bit n of a record's bits is the n-th term. */
export interface Hits {
  /** which question it answers: answers to an older one are passed over */
  readonly search: number;
  readonly ids: Uint32Array;
  readonly bits: Uint32Array;
}

/** How often a text occurs in the parts of a record: each number belongs to one of `FOUND_PARTS` (core/filter/find.ts). */
export interface Found {
  readonly id: number;
  readonly counts: readonly number[];
}

/** What can be done with the list by a command of VS Code: by a key, the palette or a menu. */
export const LIST_ACTIONS = [
  'nextFailure',
  'previousFailure',
  'nextSame',
  'previousSame',
  'goToMessage',
  'resend',
  'editResend',
  'mark',
  'note',
  'compare',
  'copyJson',
  'copyInvoke',
  'copyText',
  'openPayload',
  'toggleRecording',
  'toggleSequence',
  'showKeys',
  'chooseColumns',
  'groupBy',
  'foldRepeated',
  'collapseAll',
  'expandAll',
  'filterName',
  'filterWindow',
  'filterStatus',
  'excludeName',
  'showChain',
  'answerByHand',
  'answerAlways',
] as const;
export type ListAction = (typeof LIST_ACTIONS)[number];

/** How messages are copied: all that is known as JSON, as the code that sends them, or as the list shows them. */
const CopyFormat = z.enum(['json', 'invoke', 'text']);
export type CopyFormat = z.infer<typeof CopyFormat>;

/** How many messages are copied or marked at once, and how many cells are asked for. */
export const MOST_AT_ONCE = 10_000;
export const MOST_CELLS = 500;

/** host → inspector page */
export type ToInspector =
  | ToRecordings
  /** everything kept so far, in slices; `first` clears what the page has. `now`: the session's clock, for the age of what waits; `epoch`: when it was 0, in ms since 1970 */
  | {
      readonly kind: 'rows';
      readonly rows: readonly Row[];
      readonly first?: boolean;
      readonly now?: number;
      readonly hits?: Hits;
      readonly epoch?: number;
    }
  /** rows that changed: a call got its outcome */
  | { readonly kind: 'changed'; readonly rows: readonly Row[]; readonly hits?: Hits }
  /** a slice of the answer to `search`; `done` where all records kept now have been looked at */
  | { readonly kind: 'hits'; readonly hits: Hits; readonly done: boolean }
  /** a slice of the answer to `find`: records that have the text, and changed ones that have it no more */
  | { readonly kind: 'found'; readonly find: number; readonly records: readonly Found[]; readonly done: boolean }
  /** ids below `before` are no longer kept; `lost` counts all that were ever dropped */
  | { readonly kind: 'trimmed'; readonly before: number; readonly lost: number }
  | { readonly kind: 'cleared' }
  /** what is counted beside the rows, when it has changed */
  | { readonly kind: 'statistics'; readonly statistics: RecordStatistics }
  | { readonly kind: 'paused'; readonly paused: boolean }
  | { readonly kind: 'detail'; readonly id: number; readonly detail: Detail | null }
  /** the answer to a `slice` */
  | { readonly kind: 'slice'; readonly id: number; readonly part: SlicePart; readonly body: DetailBody }
  /** the answer to `explain`; null where the record or its app is gone, or the app has no capabilities */
  | { readonly kind: 'permission'; readonly id: number; readonly report: PermissionReport | null }
  /** what windows may do changed: what was explained may be otherwise now */
  | { readonly kind: 'permissions-changed' }
  /** the answer to `askAnswer`; null where the record or its app is gone, or another extension hosts it */
  | { readonly kind: 'answer'; readonly id: number; readonly report: AnswerReport | null }
  /** handlers, rules or what waits changed */
  | {
      readonly kind: 'answers-changed';
      readonly waiting: readonly WaitingCommand[];
      /** calls that wait for their answer, by their records */
      readonly held: readonly number[];
    }
  /** the filter that somebody chose elsewhere */
  | { readonly kind: 'filter'; readonly text: string }
  /** the filters with names: at first, and when a page has changed them */
  | { readonly kind: 'saved-filters'; readonly saved: readonly SavedFilter[] }
  | OriginAnswer
  /** a record to be selected and shown; `edit`: so that it can be changed and sent again */
  | { readonly kind: 'go-to'; readonly id: number; readonly edit?: boolean }
  /** a command of VS Code for the list */
  | { readonly kind: 'act'; readonly action: ListAction }
  /** what stands at a path in records, as one line; absent where there is nothing */
  | { readonly kind: 'cells'; readonly path: string; readonly cells: readonly (readonly [id: number, text: string])[] }
  /** the answer to a `resend`: the id of the new record, or why not */
  | { readonly kind: 'resent'; readonly of: number; readonly id?: number; readonly error?: string };

/** A record's own content, its answer, or all that is known of it as one JSON text. */
const SlicePart = z.enum(['body', 'outcome', 'raw']);
export type SlicePart = z.infer<typeof SlicePart>;
/** What of two records is compared; `both`: content and answer in one. */
const ComparePart = z.enum(['body', 'outcome', 'both']);
export type ComparePart = z.infer<typeof ComparePart>;
/** Each is a pair of documents. */
export const MOST_COMPARED = 50;

/** What can be done about the command of a call; `passOn` lets one that waits go on. */
const AnswerAction = z.enum([
  'createStub',
  'byHand',
  'always',
  'alwaysThis',
  'passOn',
  'openRust',
  'openRules',
  'openHandler',
]);
export type AnswerAction = z.infer<typeof AnswerAction>;

/** inspector page → host; parsed at the edge like every page's messages */
export const FromInspector = z.discriminatedUnion('kind', [
  /** the page is there (again): send everything */
  z.object({ kind: z.literal('ready') }),
  z.object({ kind: z.literal('clear') }),
  z.object({ kind: z.literal('pause'), paused: z.boolean() }),
  /** the first slices of content and answer, and all else that the details show */
  z.object({ kind: z.literal('detail'), id: z.int() }),
  /** bytes or JSON characters from `offset`, `length` of them */
  z.object({
    kind: z.literal('slice'),
    id: z.int(),
    part: SlicePart,
    offset: z.int().min(0),
    length: z.int().min(1),
  }),
  /** send a recorded invoke again; `payload` (JSON text) replaces the recorded arguments */
  z.object({ kind: z.literal('resend'), id: z.int(), payload: z.string().optional() }),
  /** show the body in a read-only editor of VS Code */
  z.object({ kind: z.literal('open'), id: z.int(), part: SlicePart }),
  /** all of a JSON body to the clipboard, also what the page does not have */
  z.object({ kind: z.literal('copyBody'), id: z.int(), part: SlicePart }),
  /** compare records in VS Code: two side by side, each of more with the first */
  z.object({ kind: z.literal('diff'), ids: z.array(z.int()).min(2).max(MOST_COMPARED), part: ComparePart }),
  /** why was this call refused, and what would allow it? */
  z.object({ kind: z.literal('explain'), id: z.int() }),
  /** show where a capability names a permission, or where it stands */
  z.object({
    kind: z.literal('openCapability'),
    id: z.int(),
    capability: z.string(),
    permission: z.string().optional(),
  }),
  /** add a permission that the call lacks to a capability, as an edit to review */
  z.object({ kind: z.literal('addPermission'), id: z.int(), permission: z.string() }),
  /** how may this call be answered? */
  z.object({ kind: z.literal('askAnswer'), id: z.int() }),
  z.object({ kind: z.literal('answer'), id: z.int(), action: AnswerAction }),
  /** the answer to a call that waits: JSON text */
  z.object({ kind: z.literal('sendAnswer'), id: z.int(), ok: z.boolean(), json: z.string() }),
  ...ORIGIN_QUESTIONS,
  /** the next call shall not wait after all */
  z.object({ kind: z.literal('disarm'), app: z.string(), command: z.string() }),
  /** which records fit these terms? `where` is a filter without bodies: of what does not fit it nothing is asked */
  z.object({
    kind: z.literal('search'),
    search: z.int(),
    terms: z.array(z.string()).max(32),
    where: z.string(),
  }),
  /** where does this text occur? An empty one ends the search */
  z.object({ kind: z.literal('find'), find: z.int(), text: z.string() }),
  /** marks and notes of people, for one record or for many; what is absent stays, an empty comment is taken away */
  z.object({
    kind: z.literal('annotate'),
    ids: z.array(z.int()),
    marked: z.boolean().optional(),
    comment: z.string().optional(),
  }),
  ...FROM_RECORDINGS,
  /** the filters with names, all of them: one came, or one went */
  z.object({ kind: z.literal('save-filters'), saved: z.array(SavedFilter).max(SAVED) }),
  z.object({ kind: z.literal('copy'), text: z.string() }),
  z.object({ kind: z.literal('copyMessages'), ids: z.array(z.int()).max(MOST_AT_ONCE), as: CopyFormat }),
  /** what do these records have at these paths? */
  z.object({
    kind: z.literal('cells'),
    paths: z.array(z.string()).max(20),
    ids: z.array(z.int()).max(MOST_CELLS),
  }),
  /** whether the page has the focus, and whether keys are text there */
  z.object({ kind: z.literal('focus'), focused: z.boolean(), typing: z.boolean() }),
  z.object({
    kind: z.literal('command'),
    command: z.enum(['openApp', 'openDemo', 'openInspectorInEditor', 'copyMessages']),
  }),
]);
export type FromInspector = z.infer<typeof FromInspector>;

/** How much of a body comes with the details: enough for nearly all, little enough for keys that repeat. */
export const DETAIL_CHARACTERS = 1 << 18;
export const DETAIL_BYTES = 1 << 16;
/** So many characters of a long JSON text come at once … */
export const SLICE_CHARACTERS = 1 << 20;
/** … and so many are shown unasked. */
export const SHOWN_CHARACTERS = 5 << 20;

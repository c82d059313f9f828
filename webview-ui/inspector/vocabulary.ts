/** The words and icons of kinds and states. A state is never told by colour alone. */
import type { Row } from '#core/inspector-messages.ts';
import type { AnsweredBy } from '#core/call.ts';
import { KINDS, type RecordKind, type RecordStatus, STATUSES } from '#core/record.ts';
import type { RowTest } from './store.ts';

export interface Word {
  readonly icon: string;
  readonly text: string;
}

export const KIND_WORDS: Readonly<Record<RecordKind, Word>> = {
  invoke: { icon: 'symbol-method', text: 'Call' },
  event: { icon: 'zap', text: 'Event' },
  channel: { icon: 'radio-tower', text: 'Channel' },
  'channel-message': { icon: 'comment', text: 'Channel message' },
  'channel-end': { icon: 'debug-stop', text: 'Channel end' },
  window: { icon: 'window', text: 'Window' },
  resource: { icon: 'link', text: 'Resource' },
  problem: { icon: 'warning', text: 'Problem' },
  message: { icon: 'mail', text: 'Message' },
};

const STATUS_WORDS: Readonly<Record<RecordStatus, Word>> = {
  pending: { icon: 'ellipsis', text: 'pending' },
  ok: { icon: 'check', text: 'ok' },
  error: { icon: 'error', text: 'error' },
  denied: { icon: 'circle-slash', text: 'denied' },
  unhandled: { icon: 'question', text: 'unhandled' },
  orphan: { icon: 'debug-disconnect', text: 'orphan' },
  undelivered: { icon: 'warning', text: 'undelivered' },
  unheard: { icon: 'mute', text: 'unheard' },
};

export function statusWord(row: Pick<Row, 'kind' | 'status' | 'heard'>): Word {
  if (row.kind === 'event' && row.status === 'ok' && row.heard !== undefined) {
    return { icon: 'check', text: `${row.heard} heard` };
  }
  if ((row.kind === 'channel' || row.kind === 'resource') && row.status === 'pending')
    return { icon: 'pulse', text: 'open' };
  return STATUS_WORDS[row.status];
}

export const ANSWERER_WORDS: Readonly<Record<AnsweredBy, Word>> = {
  rule: { icon: 'law', text: 'answered by a rule' },
  hand: { icon: 'edit', text: 'answered by hand' },
};

/** What a record's own content is called. */
export function bodyTitle(row: Pick<Row, 'kind'>): string {
  if (row.kind === 'invoke') return 'Arguments';
  return row.kind === 'window' || row.kind === 'problem' ? 'Data' : 'Payload';
}

export function outcomeTitle(row: Pick<Row, 'status'>): string {
  return row.status === 'error' || row.status === 'denied' || row.status === 'unhandled' ? 'Error' : 'Result';
}

const FAILED: readonly RecordStatus[] = ['error', 'denied', 'unhandled', 'undelivered'];
const FAILURES = new Set(FAILED.map((status) => STATUSES.indexOf(status)));
const PROBLEM = KINDS.indexOf('problem');

export const isFailure: RowTest = (rows, at) => FAILURES.has(rows.status[at] ?? 0) || rows.kind[at] === PROBLEM;

/** What every export is made of, and small things that all of them need. */
import { type Body, bodyText, loadBody, type MessageRecord, type Phase } from '../record.ts';

export interface ExportInput {
  /** the messages, oldest first, anew for each call: a format may go through them twice */
  records(): Iterable<MessageRecord>;
  /** the same with all secrets in them: quicker, to see what belongs to what. Nothing of them is written. */
  plain(): Iterable<MessageRecord>;
  /** One of the plain ones as it is written. */
  shown(record: MessageRecord): MessageRecord;
  /** the time of day, in ms since 1970, at which the clock of the records was 0 */
  readonly started: number;
  /** who exports, with its version */
  readonly tool: string;
  /** patterns of keys whose values were replaced; empty where none were */
  readonly redacted: readonly string[];
  /** messages of the session that were not kept */
  readonly lost: number;
}

/** When a call left the page and when its answer was there, in ms of the session's clock; no end while it is pending. */
export function spanOf(record: MessageRecord): { readonly start: number; readonly end: number | undefined } {
  const { time, duration, phases = {}, status } = record;
  const start = time - (phases.queue ?? 0) - (phases.transport ?? 0);
  if (duration === undefined) return { start, end: status === 'pending' ? undefined : time };
  return { start, end: time + duration + (phases.deliver ?? 0) };
}

/** The status of a call that did not go well. */
export function failed({ status }: MessageRecord): boolean {
  return status !== 'ok' && status !== 'pending';
}

/** Beyond, there are no dates. */
const LAST_DATE = 8.64e15;

export const iso = (milliseconds: number): string =>
  new Date(Math.min(LAST_DATE, Math.max(-LAST_DATE, milliseconds))).toISOString();

/** The bytes, or the text, of a body. */
export function contentOf(
  kept: Body | undefined,
): { readonly bytes: Uint8Array } | { readonly text: string } | undefined {
  const body = kept && loadBody(kept);
  if (!body || body.kind === 'none' || body.kind === 'dropped') return undefined;
  return body.kind === 'bytes' ? { bytes: body.bytes } : { text: bodyText(body) };
}

/** A body as text for people, of at most `length` characters. */
export function bodyForPeople(kept: Body | undefined, length: number): string {
  const body = kept && loadBody(kept);
  switch (body?.kind) {
    case undefined:
    case 'none':
      return '';
    case 'dropped':
      return '(not kept)';
    case 'bytes':
      return `(${body.bytes.byteLength.toLocaleString('en-US')} bytes)`;
    case 'json':
    case 'text': {
      const text = bodyText(body);
      return text.length > length ? `${text.slice(0, length - 1)}…` : text;
    }
  }
}

export function rounded(milliseconds: number): number {
  return Math.round(milliseconds * 1000) / 1000;
}

/** The sum of phases that were measured. */
export function phaseSum(record: MessageRecord, ...phases: readonly Phase[]): number {
  return phases.reduce((sum, phase) => sum + (record.phases?.[phase] ?? 0), 0);
}

/** Writes a JSON array piece by piece: a session need not be one string. Where there is no value yet, others have their turn. */
export function* jsonArray(values: Iterable<unknown>): Generator<string> {
  let separator = '[\n';
  for (const value of values) {
    if (value === undefined) {
      yield '';
      continue;
    }
    yield `${separator}${JSON.stringify(value)}`;
    separator = ',\n';
  }
  yield separator === '[\n' ? '[]' : '\n]';
}

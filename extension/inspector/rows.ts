/** Rows and details of the inspector, made of records. */
import { DETAIL_BYTES, DETAIL_CHARACTERS, type Detail, type DetailBody, type Row } from '#core/inspector-messages.ts';
import { type Body, bodyPreview, bodyText, loadBody, type MessageRecord } from '#core/record.ts';

const PREVIEW = 160;

/** The line of the list for a record. */
export function rowOf(record: MessageRecord): Row {
  const body = bodyPreview(record.body, PREVIEW);
  const outcome = record.outcome ? bodyPreview(record.outcome, PREVIEW) : '';
  const preview = outcome === '' ? body : `${body === '' ? '' : `${body} → `}${outcome}`;
  const {
    id,
    time,
    kind,
    direction,
    app,
    window,
    name,
    status,
    duration,
    of,
    index,
    heard,
    replayOf,
    answeredBy,
    note,
    cause,
    outcomeSize,
    phases,
    marked,
    comment,
  } = record;
  return {
    id,
    time,
    kind,
    direction,
    app,
    window,
    name,
    status,
    size: record.size + (outcomeSize ?? 0),
    preview: preview.slice(0, PREVIEW),
    ...(duration !== undefined && { duration }),
    ...(of !== undefined && { of }),
    ...(index !== undefined && { index }),
    ...(heard !== undefined && { heard }),
    ...(replayOf !== undefined && { replayOf }),
    ...(answeredBy !== undefined && { answeredBy }),
    ...(note !== undefined && { note }),
    ...(cause !== undefined && { cause }),
    ...(outcomeSize !== undefined && { outcomeSize }),
    ...(phases !== undefined && { phases }),
    ...(marked && { marked }),
    ...(comment !== undefined && { comment }),
  };
}

/** A slice of a body: characters of JSON, or bytes. */
export function detailBody(kept: Body | undefined, offset = 0, length?: number): DetailBody {
  const body = kept && loadBody(kept);
  if (!body || body.kind === 'none') return { kind: 'none' };
  if (body.kind === 'dropped') return { kind: 'dropped' };
  if (body.kind === 'bytes') {
    const bytes = body.bytes.slice(offset, offset + (length ?? DETAIL_BYTES));
    return { kind: 'bytes', bytes, offset, size: body.bytes.byteLength };
  }
  const text = bodyText(body);
  const end = offset + (length ?? DETAIL_CHARACTERS);
  return { kind: 'json', text: text.slice(offset, end), size: text.length, truncated: end < text.length };
}

export interface DetailRequest {
  readonly part?: 'body' | 'outcome' | undefined;
  readonly offset?: number | undefined;
  readonly length?: number | undefined;
}

/** Everything that the detail pane shows of a record. */
export function detailOf(
  record: MessageRecord,
  related: { ids: readonly number[]; total: number },
  canResend: boolean,
  { part, offset, length }: DetailRequest = {},
): Detail {
  return {
    row: rowOf(record),
    generation: record.generation,
    ...(record.origin !== undefined && { origin: record.origin }),
    headers: record.headers ?? [],
    body: part === 'outcome' ? detailBody(record.body) : detailBody(record.body, offset, length),
    outcome: part === 'body' ? detailBody(record.outcome) : detailBody(record.outcome, part && offset, part && length),
    ...(record.phases && { phases: record.phases }),
    ...(record.stack !== undefined && { stack: record.stack }),
    related,
    canResend,
  };
}

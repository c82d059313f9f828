/** Rows and details of the inspector, made of records. */
import type { Detail, Row } from '#core/inspector-messages.ts';
import { bodyPreview, type MessageRecord } from '#core/record.ts';
import { detailBody } from './slices.ts';

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

/** Everything that the detail pane shows of a record. */
export function detailOf(
  record: MessageRecord,
  related: { ids: readonly number[]; total: number },
  canResend: boolean,
): Detail {
  return {
    row: rowOf(record),
    generation: record.generation,
    ...(record.origin !== undefined && { origin: record.origin }),
    headers: record.headers ?? [],
    body: detailBody(record.body),
    outcome: detailBody(record.outcome),
    ...(record.phases && { phases: record.phases }),
    ...(record.stack !== undefined && { stack: record.stack }),
    related,
    canResend,
  };
}

/** Messages as text for the clipboard: as JSON, as the code that sends them, or as lines of a table. */
import type { CopyFormat } from '#core/inspector-messages.ts';
import { bodyPreview, bodyText, loadBody, type Body, type MessageRecord } from '#core/record.ts';

/** A clipboard takes more, but no editor is glad of it. */
const MOST_CHARACTERS = 32 * 1024 * 1024;
/** Of bytes, this many are written out. */
const MOST_BYTES = 65_536;

/** The text of records in a format; an error says when there is too much of it. */
export function copiedText(records: readonly MessageRecord[], format: CopyFormat): string {
  if (format === 'text') return [HEAD, ...records.map(textLine)].join('\n');
  const parts: string[] = [];
  let length = 0;
  for (const record of records) {
    const part = format === 'json' ? jsonOf(record) : codeOf(record);
    if (part === undefined) continue;
    length += part.length;
    if (length > MOST_CHARACTERS) throw new Error('this is too much for the clipboard; export it instead');
    parts.push(part);
  }
  if (format === 'invoke') return parts.join('\n');
  return parts.length === 1 ? (parts[0] ?? '') : `[\n${parts.join(',\n')}\n]`;
}

const HEAD = ['#', 'Time', 'Direction', 'Kind', 'Name', 'Window', 'Status', 'Duration', 'Preview'].join('\t');

function textLine(record: MessageRecord): string {
  const outcome = record.outcome ? bodyPreview(record.outcome) : '';
  const preview = [bodyPreview(record.body), outcome].filter(Boolean).join(' → ');
  return [
    record.id,
    `+${(record.time / 1000).toFixed(3)}`,
    record.direction === 'to-host' ? '→' : '←',
    record.kind,
    record.name,
    record.window || 'host',
    record.status,
    record.duration === undefined ? '' : `${record.duration.toFixed(1)} ms`,
    preview,
  ]
    .map((cell) => String(cell).replace(/[\t\r\n]+/g, ' '))
    .join('\t');
}

/** All that is known of a record, its content as it was. */
function jsonOf(record: MessageRecord): string {
  const { body, outcome, ...rest } = record;
  const own = indented(body);
  const answer = outcome && indented(outcome);
  const head = JSON.stringify(rest, null, 2);
  const bodyName = record.kind === 'invoke' ? 'args' : 'data';
  const parts = [
    own !== undefined && `  "${bodyName}": ${own}`,
    answer !== undefined && `  "${record.status === 'ok' ? 'result' : 'error'}": ${answer}`,
  ].filter(Boolean);
  return parts.length === 0 ? head : `${head.slice(0, -2)},\n${parts.join(',\n')}\n}`;
}

/** JSON inside an object, or undefined where there is nothing. The text itself is kept where it cannot be indented. */
function indented(kept: Body): string | undefined {
  const body = loadBody(kept);
  if (body.kind === 'bytes') return JSON.stringify({ $bytes: body.bytes.byteLength });
  if (body.kind === 'dropped') return JSON.stringify('(not kept)');
  const text = bodyText(body);
  if (text === '') return undefined;
  return pretty(text).replaceAll('\n', '\n  ');
}

/** The code that sends a message: a call, or an event of a page; nothing for what only the host sends. */
function codeOf(record: MessageRecord): string | undefined {
  const isCall = record.kind === 'invoke';
  const isEmit = record.kind === 'event' && record.direction === 'to-host';
  if (!isCall && !isEmit) return undefined;
  const payload = payloadOf(record.body);
  const parameters = [JSON.stringify(record.name), ...(payload === undefined ? [] : [payload])].join(', ');
  return `await ${isCall ? 'invoke' : 'emit'}(${parameters});`;
}

function payloadOf(kept: Body): string | undefined {
  const body = loadBody(kept);
  if (body.kind === 'dropped') return '/* not kept */';
  if (body.kind === 'bytes') {
    const { byteLength } = body.bytes;
    if (byteLength > MOST_BYTES) return `new Uint8Array(${byteLength}) /* ${byteLength} bytes */`;
    return `new Uint8Array([${body.bytes.join(', ')}])`;
  }
  const text = bodyText(body);
  if (text === '' || text === '{}') return undefined;
  return pretty(text).replace(/"__CHANNEL__:\d+"/g, 'new Channel()');
}

function pretty(text: string): string {
  try {
    return JSON.stringify(JSON.parse(text), null, 2);
  } catch {
    // Nested deeper than can be followed.
    return text;
  }
}

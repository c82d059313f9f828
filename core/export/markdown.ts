/** A report of some messages for an issue: a table, what failed in full, and a diagram where it is small enough to be read. */
import { bodyText, loadBody, type Body, type MessageRecord } from '../record.ts';
import { bodyForPeople, type ExportInput, failed, iso, rounded } from './export.ts';
import { mermaid } from './mermaid.ts';

/** GitHub takes 65,536 characters: the rest is for a recording to attach. */
const MOST_ROWS = 200;
const MOST_DETAILS = 10;
const BODY_LENGTH = 2_000;
const MOST_ARROWS = 50;
const CELL = 60;

export function* markdown(input: ExportInput): Generator<string> {
  let count = 0;
  const shown: MessageRecord[] = [];
  const details: MessageRecord[] = [];
  const failures = new Map<string, number>();
  for (const record of input.plain()) {
    count++;
    // Whoever writes may let others have their turn.
    yield '';
    if (shown.length < MOST_ROWS) shown.push(input.shown(record));
    if (!failed(record) && !record.marked && record.comment === undefined) continue;
    if (failed(record)) failures.set(record.status, (failures.get(record.status) ?? 0) + 1);
    if (details.length < MOST_DETAILS) details.push(input.shown(record));
  }
  yield '## IPC messages\n\n';
  const sum = [`${count} messages`, ...[...failures].map(([status, number]) => `${number} ${status}`)];
  yield `${sum.join(', ')}. Session began ${iso(input.started)}. Written by ${plain(input.tool)}.`;
  yield input.redacted.length > 0 ? ' Values of keys that look like secrets are «redacted».\n\n' : '\n\n';
  yield '| # | time | | name | window | status | ms | content |\n|--:|--:|---|---|---|---|--:|---|\n';
  for (const record of shown) yield row(record);
  if (count > shown.length) yield `\n… and ${count - shown.length} more.\n`;
  const all = count === 1 ? shown : details;
  for (const record of all) yield* section(record);
  if (count > MOST_ARROWS || count < 2) return;
  yield '\n```mermaid\n';
  yield* mermaid(input);
  yield '```\n';
}

function row(record: MessageRecord): string {
  const { id, time, direction, kind, name, window, status, duration } = record;
  const cells = [
    id,
    `${(time / 1000).toFixed(3)} s`,
    direction === 'to-host' ? '→' : '←',
    code(kind === 'invoke' ? name : `${kind}: ${name}`),
    plain(window === '' ? 'host' : window),
    failed(record) ? `**${status}**` : status,
    duration === undefined ? '' : rounded(duration),
    code(bodyForPeople(record.body, CELL)),
  ];
  return `| ${cells.join(' | ')} |\n`;
}

function* section(record: MessageRecord): Generator<string> {
  yield `\n### #${record.id} ${code(record.name)}: ${record.status}\n\n`;
  if (record.note !== undefined) yield `${plain(record.note)}\n\n`;
  if (record.comment !== undefined) yield `> ${plain(record.comment)}\n\n`;
  yield* block(record.kind === 'invoke' ? 'Arguments' : 'Payload', record.body);
  if (record.outcome) yield* block(failed(record) ? 'Error' : 'Result', record.outcome);
  if (record.pageStack !== undefined) yield* fenced('Called from', '', record.pageStack);
}

function* block(title: string, kept: Body): Generator<string> {
  const body = loadBody(kept);
  if (body.kind === 'none') return;
  const isJson = body.kind === 'json' || body.kind === 'text';
  yield* fenced(title, isJson ? 'json' : '', isJson ? pretty(bodyText(body)) : bodyForPeople(body, BODY_LENGTH));
}

function* fenced(title: string, language: string, text: string): Generator<string> {
  const short = text.length > BODY_LENGTH ? `${text.slice(0, BODY_LENGTH)}\n…` : text;
  // Longer than any fence inside: a payload cannot end it.
  const longest = Math.max(2, ...Array.from(short.matchAll(/`+/g), ([ticks]) => ticks.length));
  const fence = '`'.repeat(longest + 1);
  yield `${title}:\n\n${fence}${language}\n${short}\n${fence}\n\n`;
}

function pretty(json: string): string {
  try {
    return JSON.stringify(JSON.parse(json), null, 2);
  } catch {
    return json;
  }
}

const oneLine = (text: string) => text.replaceAll(/\s+/g, ' ').trim();

/** Text that is neither markup nor a mention nor a link. */
function plain(text: string): string {
  return (
    oneLine(text)
      .replaceAll(/[\\`*_{}[\]()#+!|<>~&-]/g, String.raw`\$&`)
      .replaceAll(/:|(?<=www)\./gi, (character) => `&#${character.charCodeAt(0)};`)
      // GitHub looks for mentions once entities are characters.
      .replaceAll('@', '@<!-- -->')
  );
}

function code(text: string): string {
  const line = oneLine(text).replaceAll('|', String.raw`\|`);
  if (line === '') return '';
  const longest = Math.max(0, ...Array.from(line.matchAll(/`+/g), ([ticks]) => ticks.length));
  const ticks = '`'.repeat(longest + 1);
  return longest === 0 ? `${ticks}${line}${ticks}` : `${ticks} ${line} ${ticks}`;
}

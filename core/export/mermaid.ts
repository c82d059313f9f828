/** A sequence diagram in Mermaid's language: windows and the host as lanes, one arrow for each message. */
import type { MessageRecord } from '../record.ts';
import { bodyForPeople, type ExportInput, failed } from './export.ts';

const LABEL = 80;
const CONTENT = 40;
const HOST = 'host';

export function* mermaid(input: ExportInput): Generator<string> {
  const lanes = new Map<string, string>();
  const apps = new Set<string>();
  for (const { app } of input.plain()) {
    apps.add(app);
    // Whoever writes may let others have their turn.
    yield '';
  }
  const laneOf = ({ app, window }: MessageRecord) => JSON.stringify([app, window]);
  yield 'sequenceDiagram\n';
  for (const record of input.plain()) {
    const key = laneOf(record);
    yield '';
    if (lanes.has(key) || record.window === '') continue;
    const lane = `w${lanes.size + 1}`;
    lanes.set(key, lane);
    const title = apps.size > 1 ? `${record.app}: ${record.window}` : record.window;
    yield `  participant ${lane} as ${label(title)}\n`;
  }
  yield `  participant ${HOST} as Host\n`;
  for (const record of input.records()) yield `  ${arrow(record, lanes.get(laneOf(record)) ?? HOST)}\n`;
}

function arrow(record: MessageRecord, lane: string): string {
  const [from, to] = record.direction === 'to-host' ? [lane, HOST] : [HOST, lane];
  // Lost or refused: a cross. Not answered yet, or needs no answer: an open head.
  const line = failed(record) ? '-x' : record.kind === 'invoke' && record.status === 'ok' ? '->>' : '-)';
  return `${from}${line}${to}: ${label(describe(record))}`;
}

function describe(record: MessageRecord): string {
  const { id, kind, name, status, duration, index, heard } = record;
  const content = bodyForPeople(record.body, CONTENT);
  const state = [
    (kind === 'invoke' || status !== 'ok') && status,
    duration !== undefined && `${duration.toFixed(1)} ms`,
    kind === 'channel-message' && index !== undefined && `message ${index}`,
    heard !== undefined && `${heard} heard`,
  ].filter((part) => typeof part === 'string');
  return `#${id} ${name}${content === '' ? '' : ` ${content}`}${state.length === 0 ? '' : ` [${state.join(', ')}]`}`;
}

/** What has a meaning in Mermaid is written as its number: a page's words must not become its commands. */
function label(text: string): string {
  const short = text.length > LABEL ? `${text.slice(0, LABEL - 1)}…` : text;
  const plain = short.toWellFormed().replaceAll(/\s+/g, ' ').trim();
  const escaped = plain.replaceAll(
    /[^\p{L}\p{N} .,_…|()[\]/+*=?!'@-]/gu,
    (character) => `#${character.codePointAt(0)};`,
  );
  return escaped === '' ? '#8203;' : escaped;
}

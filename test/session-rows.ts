/** Rows like those of a busy session, always the same ones: for benchmarks, and to look at the list. */
import type { Row } from '#core/inspector-messages.ts';

const COMMANDS: readonly (readonly [name: string, milliseconds: number, args: string, result: string])[] = [
  ['plugin:fs|read_text_file', 4, '{"path":"/home/ada/notes/{n}.md"}', '"# Note {n}\\nmilk, eggs"'],
  ['plugin:fs|write_text_file', 9, '{"path":"/home/ada/notes/{n}.md"}', 'null'],
  ['save_note', 22, '{"note":{"id":{n},"title":"Groceries","tags":["home","food"]}}', '{"id":{n}}'],
  ['list_notes', 35, '{"folder":"inbox","page":{n}}', '[{"id":{n},"title":"Groceries"}]'],
  ['greet', 0.4, '{"name":"Ada {n}"}', '"Hello, Ada {n}!"'],
  ['sync_notes', 310, '{"since":{n}}', '{"changed":{n}}'],
  ['plugin:store|get', 0.8, '{"rid":3,"key":"theme"}', '"dark"'],
  ['plugin:window|set_title', 0.6, '{"label":"main","value":"Note {n}"}', 'null'],
];

/** A number between 0 and 1 that depends on the id alone. */
function chance(id: number, salt: number): number {
  let hash = Math.imul(id ^ (salt * 0x9e3779b1), 0x85ebca6b);
  hash = Math.imul(hash ^ (hash >>> 13), 0xc2b2ae35);
  return ((hash ^ (hash >>> 16)) >>> 0) / 2 ** 32;
}

/** Of ten rows about seven are calls, two messages of a channel, one an event that a call brought about. */
export function sessionRows(from: number, count: number): Row[] {
  return Array.from({ length: count }, (_, at) => sessionRow(from + at));
}

/** The same as a page gets them: copies, whose texts are not put together any more. */
export function arrivingRows(from: number, count: number): Row[] {
  return structuredClone(sessionRows(from, count));
}

function sessionRow(id: number): Row {
  const time = id * 1.7 + chance(id, 1);
  const common = { id, time, app: 'notes', window: chance(id, 2) < 0.8 ? 'main' : 'prefs' };
  const place = id % 10;
  if (place === 4) {
    return {
      ...common,
      kind: 'channel',
      direction: 'to-page',
      name: 'download',
      status: 'ok',
      size: 30,
      preview: '',
      index: 2,
      of: id - 1,
    };
  }
  if (place === 5 || place === 6) {
    const preview = `{"progress":${(id * 7) % 100}}`;
    return {
      ...common,
      kind: 'channel-message',
      direction: 'to-page',
      name: 'download',
      status: 'ok',
      size: preview.length,
      preview,
      of: id - (place - 4),
      index: place - 5,
    };
  }
  if (place === 9) {
    const heard = chance(id, 3) < 0.9 ? 1 : 0;
    return {
      ...common,
      kind: 'event',
      direction: 'to-page',
      name: 'note-saved',
      status: heard ? 'ok' : 'unheard',
      heard,
      size: 9,
      preview: `{"id":${id}}`,
      cause: id - 1,
    };
  }
  return call(id, common);
}

function call(id: number, common: Pick<Row, 'id' | 'time' | 'app' | 'window'>): Row {
  const download = [
    'download',
    80,
    '{"url":"https://example.org/{n}","onProgress":"__CHANNEL__:{n}"}',
    'null',
  ] as const;
  const [name, milliseconds, args, result] =
    id % 10 === 3 ? download : (COMMANDS[Math.floor(chance(id, 4) * COMMANDS.length)] ?? download);
  const luck = chance(id, 5);
  const status = luck < 0.02 ? 'error' : luck < 0.03 ? 'denied' : luck < 0.033 ? 'pending' : 'ok';
  const duration = milliseconds * (0.6 + 2 ** (chance(id, 6) * 4 - 1));
  const sent = args.replaceAll('{n}', String(id));
  const answer = status === 'error' ? '"ENETWORK: the server did not answer"' : result.replaceAll('{n}', String(id));
  const base: Row = { ...common, kind: 'invoke', direction: 'to-host', name, status, size: sent.length, preview: sent };
  if (status === 'pending') return base;
  const phases = { check: 0.1, handler: duration - 0.2, serialize: 0.1 };
  return {
    ...base,
    duration,
    phases,
    size: sent.length + answer.length,
    outcomeSize: answer.length,
    preview: `${sent} → ${answer}`.slice(0, 160),
    ...(status === 'denied' && { note: `The command ${name} is not allowed in the window.` }),
    ...(chance(id, 7) < 0.01 && { marked: true }),
    ...(chance(id, 8) < 0.01 && { comment: 'why so slow?' }),
    ...(chance(id, 9) < 0.02 && { answeredBy: 'rule' as const }),
  };
}

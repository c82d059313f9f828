import type { Row } from '#core/inspector-messages.ts';

/** A row as the host sends it. */
export function row(id: number, part: Partial<Row> = {}): Row {
  return {
    id,
    time: id,
    kind: 'invoke',
    direction: 'to-host',
    app: 'notes',
    window: 'main',
    name: 'greet',
    status: 'ok',
    size: 10,
    preview: '{"name":"Ada"}',
    ...part,
  };
}

/** Rows like those of a busy session: every 10th failed, 40 different commands, a fifth in another window. */
export function rows(from: number, count: number): Row[] {
  return Array.from({ length: count }, (_, at) => {
    const id = from + at;
    return row(id, {
      name: `command_${id % 40}`,
      window: id % 5 === 0 ? 'prefs' : 'main',
      status: id % 10 === 0 ? 'error' : 'ok',
      preview: `{"id":${id}}`,
    });
  });
}

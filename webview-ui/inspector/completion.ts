/** What may be meant by the beginning of a term: keys, states, and values that were seen, the most frequent first. */
import { MESSAGE_KEYS, NUMBER_KEYS, PATH_ROOTS, STATES, TEXT_KEYS, type TextKey } from '#core/filter/ast.ts';
import { textTerm } from '#core/filter/edit.ts';
import { formatCount } from './format.ts';
import { ANSWERERS } from '#core/call.ts';
import { DIRECTIONS, KINDS } from '#core/record.ts';
import type { Columns, ColumnStore } from './store.ts';

export interface Option {
  /** stands in the field afterwards */
  readonly insert: string;
  readonly label: string;
  readonly detail: string;
}

export interface Completion {
  /** the part of the text that an option takes the place of */
  readonly from: number;
  readonly to: number;
  readonly options: readonly Option[];
}

const MOST = 50;

const KEY_OPTIONS: readonly Option[] = [
  option('is:', 'state or kind'),
  ...Object.entries(TEXT_KEYS).map(([key, title]) => option(`${key}:`, title)),
  ...Object.entries(NUMBER_KEYS).map(([key, { title, unit }]) =>
    option(`${key}${unit === 'count' ? ':' : '>'}`, title),
  ),
  ...Object.entries(MESSAGE_KEYS).map(([key, title]) => option(`${key}:`, title)),
  ...PATH_ROOTS.map((root) => option(`${root}.`, 'a value inside, as in args.path:*.json')),
];
const STATE_OPTIONS = STATES.map((state) => option(`is:${state}`, 'state or kind'));

function option(insert: string, detail: string): Option {
  return { insert, label: insert, detail };
}

export function complete(text: string, caret: number, store: ColumnStore): Completion | undefined {
  const before = text.slice(0, caret);
  const start = /(?:^|[\s(])[-!]*([^\s(]*)$/.exec(before);
  if (!start || isInQuotes(before)) return undefined;
  const word = start[1] ?? '';
  const to = caret + (/^[^\s)]*/.exec(text.slice(caret))?.[0].length ?? 0);
  const keyed = /^([a-z-]+):(?:.*,)?([^,]*)$/.exec(word);
  if (keyed) {
    const [, key = '', part = ''] = keyed;
    const options = valuesOf(key, store).filter(({ label }) => label.toLowerCase().includes(part.toLowerCase()));
    return offer(caret - part.length, to, options, part);
  }
  if (word === '') return undefined;
  const options = [...KEY_OPTIONS, ...STATE_OPTIONS].filter(
    ({ insert }) => insert.startsWith(word) || (insert.startsWith('is:') && insert.startsWith(word, 3)),
  );
  return offer(caret - word.length, to, options, word);
}

/** What is there already needs no offer. */
function offer(from: number, to: number, options: readonly Option[], typed: string): Completion | undefined {
  const others = options.filter(({ insert }) => insert !== typed).slice(0, MOST);
  return others.length === 0 ? undefined : { from, to, options: others };
}

const isInQuotes = (text: string) => (text.match(/"/g)?.length ?? 0) % 2 === 1;

const FIXED: Readonly<Record<string, readonly string[]>> = {
  is: STATES,
  kind: KINDS,
  dir: DIRECTIONS,
  by: [...ANSWERERS, 'replay'],
};

function valuesOf(key: string, store: ColumnStore): readonly Option[] {
  const fixed = FIXED[key];
  if (fixed) return fixed.map((value) => option(value, ''));
  const read = SEEN[key as TextKey];
  if (!read) return [];
  const counts = new Map<string, number>();
  const ids = new Map<number, number>();
  store.scan(
    store.start,
    store.end,
    (rows, at) => {
      const id = read.column(rows, at);
      if (id >= 0) ids.set(id, (ids.get(id) ?? 0) + 1);
      return false;
    },
    () => {},
  );
  for (const [id, count] of ids) {
    const value = read.value(store.strings.text(id));
    if (value !== undefined && value !== '') counts.set(value, (counts.get(value) ?? 0) + count);
  }
  return [...counts]
    .toSorted(([one, most], [other, more]) => more - most || one.localeCompare(other))
    .map(([value, count]) => ({
      insert: textTerm(key as TextKey, value).slice(key.length + 1),
      label: value,
      detail: formatCount(count),
    }));
}

interface Seen {
  /** the number of a row's string, -1 for none */
  readonly column: (rows: Columns, at: number) => number;
  readonly value: (text: string) => string | undefined;
}

const nameOf =
  (...kinds: readonly (typeof KINDS)[number][]) =>
  (rows: Columns, at: number) =>
    kinds.some((kind) => KINDS[rows.kind[at] ?? 0] === kind) ? (rows.name[at] ?? -1) : -1;
const itself = (text: string) => text;
const PLUGIN = /^plugin:([^|]*)\|/;

const SEEN: Partial<Readonly<Record<TextKey, Seen>>> = {
  cmd: { column: nameOf('invoke'), value: (name) => name.replace(/^plugin:/, '') },
  plugin: { column: nameOf('invoke'), value: (name) => PLUGIN.exec(name)?.[1] },
  event: { column: nameOf('event'), value: itself },
  channel: { column: nameOf('channel', 'channel-message', 'channel-end'), value: itself },
  win: { column: (rows, at) => rows.window[at] ?? -1, value: (label) => (label === '' ? 'host' : label) },
  app: { column: (rows, at) => rows.app[at] ?? -1, value: itself },
};

/**
 * What numbers and tokens in a payload stand for: the channel behind `__CHANNEL__:7`, the life of a resource, the call
 * that began or ended a listener, the next event of a name. Each is looked for once, when its line is drawn.
 */
import type { Detail, Row } from '#core/inspector-messages.ts';
import { KINDS } from '#core/record.ts';
import type { ColumnStore, RowTest } from './store.ts';
import type { PathPart } from './jsonTree.ts';

/** How a channel stands in a call's arguments. */
export const CHANNEL_TOKEN = /^__CHANNEL__:\d+$/;

const [INVOKE, EVENT, RESOURCE] = [KINDS.indexOf('invoke'), KINDS.indexOf('event'), KINDS.indexOf('resource')];
const [LISTEN, UNLISTEN, EVENTS] = ['plugin:event|listen', 'plugin:event|unlisten', 'plugin:event|'];

export interface Link {
  readonly id: number;
  /** what is found there */
  readonly title: string;
}

export class Links {
  readonly #store: ColumnStore;
  readonly #detail: Detail;
  readonly #known = new Map<string, Link | undefined>();

  constructor(store: ColumnStore, detail: Detail) {
    this.#store = store;
    this.#detail = detail;
  }

  /**
   * The record that a value of the selected record stands for.
   *
   * @param root what paths begin with: `args`, `result`
   */
  find(root: string, path: readonly PathPart[], value: unknown): Link | undefined {
    if (typeof value !== 'string' && typeof value !== 'number') return undefined;
    const name = path.length === 0 ? root : String(path.at(-1));
    const key = `${path.length} ${name} ${value}`;
    if (this.#known.has(key)) return this.#known.get(key);
    const link = this.#look(name, path.length, value);
    this.#known.set(key, link);
    return link;
  }

  #look(name: string, depth: number, value: string | number): Link | undefined {
    const { row } = this.#detail;
    if (typeof value === 'string' && CHANNEL_TOKEN.test(value)) return this.#channel(value);
    if (typeof value === 'number' && /(?:^|_|[a-z])rid$/i.test(name)) return this.#resource(value);
    if (row.kind !== 'invoke' || !row.name.startsWith(EVENTS)) return undefined;
    if (depth === 1 && name === 'eventId' && row.name === UNLISTEN) return this.#listen(value);
    if (depth === 0 && name === 'result' && row.name === LISTEN) return this.#unlisten(value);
    if (depth === 1 && name === 'event') return this.#event(String(value));
    return undefined;
  }

  #channel(token: string): Link | undefined {
    const channels = this.#detail.related.ids.flatMap((id) => {
      const other = this.#row(id);
      return other?.kind === 'channel' ? [other] : [];
    });
    const named = channels.find(({ preview }) => preview === JSON.stringify(token));
    const found = named ?? (channels.length === 1 ? channels[0] : undefined);
    return found && { id: found.id, title: 'the messages of this channel' };
  }

  #resource(rid: number): Link | undefined {
    const { row } = this.#detail;
    const app = this.#store.strings.find(row.app);
    const body = `{"rid":${rid}}`;
    return this.#newest(
      'the life of this resource',
      (rows, at) => rows.kind[at] === RESOURCE && rows.preview[at] === body && rows.app[at] === app,
    );
  }

  /** The call that gave this number. */
  #listen(eventId: string | number): Link | undefined {
    const answer = `→ ${eventId}`;
    return this.#newest(
      'the call that began to listen',
      this.#call(LISTEN, (preview) => preview.endsWith(answer)),
    );
  }

  #unlisten(eventId: string | number): Link | undefined {
    const argument = new RegExp(`"eventId":${eventId}[,}]`);
    return this.#newest(
      'the call that ended it',
      this.#call(UNLISTEN, (preview) => argument.test(preview)),
    );
  }

  /** The next event of that name, or the last one before. */
  #event(event: string): Link | undefined {
    const { row } = this.#detail;
    const [name, app] = [this.#store.strings.find(event), this.#store.strings.find(row.app)];
    const isIt: RowTest = (rows, at) => rows.kind[at] === EVENT && rows.name[at] === name && rows.app[at] === app;
    let found = 0;
    this.#store.scan(0, this.#store.end, isIt, (slot) => {
      const id = this.#store.row(slot)?.id ?? 0;
      if (found < row.id) found = id;
    });
    return found === 0
      ? undefined
      : { id: found, title: found > row.id ? 'the next such event' : 'the last such event' };
  }

  /** Calls of the same page. */
  #call(command: string, isIt: (preview: string) => boolean): RowTest {
    const { row } = this.#detail;
    const { strings } = this.#store;
    const [name, app, window] = [strings.find(command), strings.find(row.app), strings.find(row.window)];
    return (rows, at) =>
      rows.kind[at] === INVOKE &&
      rows.name[at] === name &&
      rows.app[at] === app &&
      rows.window[at] === window &&
      isIt(rows.preview[at] ?? '');
  }

  #newest(title: string, test: RowTest): Link | undefined {
    let last = -1;
    this.#store.scan(0, this.#store.end, test, (slot) => (last = slot));
    const row = this.#store.row(last);
    return row && { id: row.id, title };
  }

  #row(id: number): Row | undefined {
    return this.#store.row(this.#store.slotOf(id));
  }
}

/** The call of the same name and app before this one. */
export function previousOf(store: ColumnStore, row: Row): number | undefined {
  const [name, app] = [store.strings.find(row.name), store.strings.find(row.app)];
  const kind = KINDS.indexOf(row.kind);
  let last = -1;
  store.scan(
    0,
    store.slotOf(row.id),
    (rows, at) => rows.name[at] === name && rows.app[at] === app && rows.kind[at] === kind,
    (slot) => (last = slot),
  );
  return store.row(last)?.id;
}

/** Records as a session may have them, and a source that holds them. */
import fc from 'fast-check';
import type { RecordSource } from '#core/record-source.ts';
import { type Body, KINDS, type MessageRecord, STATUSES } from '#core/record.ts';

export const json = (value: unknown): Body => ({ kind: 'text', json: JSON.stringify(value) });

export function record(id: number, part: Partial<MessageRecord> = {}): MessageRecord {
  return {
    id,
    time: id,
    kind: 'invoke',
    direction: 'to-host',
    app: 'notes',
    window: 'main',
    generation: 1,
    name: 'greet',
    status: 'ok',
    size: 10,
    body: json({ name: 'Ada' }),
    ...part,
  };
}

/** The part of a source that filters and searches read; tests add records to it. */
export class Kept implements RecordSource {
  first = 1;
  readonly kept: MessageRecord[];
  sessionTime = 100_000;
  readonly statistics = { kept: 0, lost: 0, bodyBytes: 0, bodiesDropped: 0, spilledBytes: 0 };

  constructor(kept: readonly MessageRecord[] = []) {
    this.kept = [...kept];
  }

  get next(): number {
    return this.kept.length + 1;
  }

  find(id: number): MessageRecord | undefined {
    return id < this.first ? undefined : this.kept[id - 1];
  }

  records(from = this.first, to = this.next): Iterable<MessageRecord> {
    return this.kept.slice(from - 1, to - 1);
  }

  onChange() {
    return { dispose: () => undefined };
  }

  relatedTo() {
    return [];
  }

  annotate() {}
}

const value = fc.oneof(
  fc.constantFrom(null, true, 7, 50, 'Ada', 'greet', 'x y', 'a"b\\c', '/home/a.key', { n: 7 }, [1, 2, 3], {
    'odd name': 1,
    'a.b': [{ n: 5 }],
  }),
  fc.record(
    {
      n: fc.nat(60),
      name: fc.constantFrom('Ada', 'Bob'),
      path: fc.constantFrom('/a.key', '/b.KEY', '/c'),
      items: fc.array(fc.record({ n: fc.nat(9) }), { maxLength: 3 }),
    },
    { requiredKeys: [] },
  ),
  // longer than a preview
  fc.nat(9).map((n) => ({ filler: 'z'.repeat(200), name: 'deep Ada', n })),
);

const body: fc.Arbitrary<Body> = fc.oneof(
  { weight: 5, arbitrary: value.map(json) },
  { weight: 2, arbitrary: value.map((of) => ({ kind: 'json', value: of }) as const) },
  fc.constantFrom<Body>({ kind: 'none' }, { kind: 'dropped' }, { kind: 'bytes', bytes: new Uint8Array([1, 2, 3]) }),
  value.map(
    (of) => ({ kind: 'spilled', size: 9, preview: JSON.stringify(of).slice(0, 20), read: () => json(of) }) as const,
  ),
);

const maybe = <T>(of: fc.Arbitrary<T>) => fc.option(of, { nil: undefined, freq: 2 });

const part = fc.record({
  step: fc.oneof(fc.nat(300), fc.double({ min: 0, max: 2000, noNaN: true })),
  kind: fc.oneof(fc.constant('invoke' as const), fc.constantFrom(...KINDS)),
  direction: fc.constantFrom('to-host' as const, 'to-page' as const),
  app: fc.constantFrom('notes', 'demo'),
  window: fc.constantFrom('main', 'prefs', ''),
  name: fc.constantFrom(
    'greet',
    'save_note',
    'saveNote',
    'plugin:fs|read',
    'plugin:event|listen',
    'tauri://focus',
    'download-7',
  ),
  status: fc.constantFrom(...STATUSES),
  size: fc.nat(2000),
  body,
  outcome: maybe(body),
  outcomeSize: maybe(fc.integer({ min: 1, max: 2000 })),
  duration: maybe(fc.oneof(fc.constantFrom(50, 0.1, 1000), fc.double({ min: 0, max: 3000, noNaN: true }))),
  of: maybe(fc.nat(40)),
  cause: maybe(fc.nat(40)),
  index: maybe(fc.nat(9)),
  heard: maybe(fc.nat(3)),
  replayOf: maybe(fc.integer({ min: 1, max: 40 })),
  answeredBy: maybe(fc.constantFrom('rule' as const, 'hand' as const)),
  note: maybe(fc.constantFrom('No capability allows it.', 'greet')),
  marked: maybe(fc.constant(true)),
  comment: maybe(fc.constantFrom('todo Ada', 'x y')),
  pageStack: maybe(fc.constantFrom('at save (app.ts:4:9)', 'at greet (main.ts:1:1)')),
});

/** Records in their order: numbers rise, and what one came from was before it. */
export const session: fc.Arbitrary<MessageRecord[]> = fc.array(part, { maxLength: 40 }).map((parts) => {
  let time = 0;
  return parts.map(({ step, of, cause, ...rest }, at) => {
    time += step;
    const known = Object.fromEntries(Object.entries(rest).filter(([, each]) => each !== undefined));
    const before = (id: number | undefined) => (id !== undefined && id > 0 && id <= at ? id : undefined);
    const [ofId, causeId] = [before(of), before(cause)];
    return record(at + 1, {
      time,
      ...known,
      ...(ofId !== undefined && { of: ofId }),
      ...(causeId !== undefined && { cause: causeId }),
    });
  });
});

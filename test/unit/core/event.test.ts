import * as fc from 'fast-check';
import { expect, test } from 'vitest';
import { Events, type EventTarget, hears, isValidName } from '#core/event.ts';

const LABELS = ['a', 'b'] as const;
const target: fc.Arbitrary<EventTarget> = fc.oneof(
  fc.constantFrom<EventTarget>({ kind: 'Any' }, { kind: 'App' }),
  fc.record({
    kind: fc.constantFrom('AnyLabel', 'Window', 'Webview', 'WebviewWindow'),
    label: fc.constantFrom(...LABELS),
  }) as fc.Arbitrary<EventTarget>,
);

/** The table of tauri-core 4.3, row by row: which kinds of listener of the same label hear an emit to this kind. */
const ORACLE: Record<EventTarget['kind'], readonly EventTarget['kind'][]> = {
  Any: ['Any', 'App', 'AnyLabel', 'Window', 'Webview', 'WebviewWindow'],
  App: ['Any', 'App'],
  AnyLabel: ['Any', 'AnyLabel', 'Window', 'Webview', 'WebviewWindow'],
  Window: ['Any', 'AnyLabel', 'Window'],
  Webview: ['Any', 'AnyLabel', 'Webview'],
  WebviewWindow: ['Any', 'AnyLabel', 'WebviewWindow'],
};

function oracle(listener: EventTarget, emitted: EventTarget): boolean {
  if (!ORACLE[emitted.kind].includes(listener.kind)) return false;
  const labelled = 'label' in listener && 'label' in emitted;
  return !labelled || listener.label === emitted.label;
}

test('who hears what is Tauri’s table, for all pairs of targets', () => {
  fc.assert(
    fc.property(target, target, (listener, emitted) => hears(listener, emitted) === oracle(listener, emitted)),
    {
      numRuns: 2000,
    },
  );
});

interface Delivery {
  page: string;
  ids: readonly number[];
  json: string;
}

function setUp() {
  const delivered: Delivery[] = [];
  const heard: [number, number][] = [];
  const pages = { a: { name: 'a' }, b: { name: 'b' } };
  const events = new Events<{ name: string }>(
    (page, ids, _event, json) => delivered.push({ page: page.name, ids, json }),
    (record, count) => heard.push([record, count]),
  );
  return { events, delivered, heard, pages };
}

test('any listeners and any emits: each listener hears what it should, once, in the order of the emits', () => {
  fc.assert(
    fc.property(fc.array(target, { maxLength: 12 }), fc.array(target, { maxLength: 8 }), (listeners, emits) => {
      const { events, delivered, pages } = setUp();
      const host = new Map<number, string[]>();
      const ids = listeners.map((target, index) => {
        if (index % 3 > 0) return events.listenPage(index % 3 === 1 ? pages.a : pages.b, 'x', target, index);
        const seen: string[] = [];
        const { id } = events.listen('x', target, ({ payload }) => seen.push(String(payload)));
        host.set(id, seen);
        return id;
      });
      emits.forEach((target, index) => events.emit('x', target, `${index}`));
      ids.forEach((id, index) => {
        const seen = host.get(id) ?? delivered.filter((each) => each.ids.includes(id)).map(({ json }) => json);
        const expected = emits.flatMap((emitted, at) =>
          oracle(listeners[index] as EventTarget, emitted) ? [`${at}`] : [],
        );
        expect(seen).toEqual(expected);
      });
      for (const { ids } of delivered) expect(ids).toEqual(ids.toSorted((a, b) => a - b));
    }),
    { numRuns: 300 },
  );
});

test('pages hear before the host, each once with all its listeners', () => {
  const { events, delivered, heard, pages } = setUp();
  const order: string[] = [];
  events.listen('x', { kind: 'Any' }, ({ id }) => order.push(`host ${id} after ${delivered.length}`));
  events.listenPage(pages.a, 'x', { kind: 'Any' }, 1);
  events.listenPage(pages.b, 'x', { kind: 'Any' }, 2);
  events.listenPage(pages.a, 'x', { kind: 'App' }, 3);
  events.emit('x', { kind: 'Any' }, '1', 42);
  expect([delivered, order, heard]).toEqual([
    [
      { page: 'a', ids: [1, 3], json: '1' },
      { page: 'b', ids: [2], json: '1' },
    ],
    ['host 0 after 2'],
    [[42, 4]],
  ]);
});

test('what a handler does takes effect after the emit that it hears', () => {
  const { events, heard } = setUp();
  const order: string[] = [];
  const first = events.listen('x', { kind: 'Any' }, ({ payload }) => {
    order.push(`first ${payload}`);
    if (payload !== 1) return;
    events.emit('x', { kind: 'Any' }, '2', 2);
    events.listen('x', { kind: 'Any' }, (event) => order.push(`new ${event.payload}`));
    first.dispose();
    events.emit('x', { kind: 'Any' }, '3', 3);
  });
  events.listen('x', { kind: 'Any' }, ({ payload }) => order.push(`second ${payload}`));
  events.emit('x', { kind: 'Any' }, '1', 1);
  expect(order).toEqual(['first 1', 'second 1', 'first 2', 'second 2', 'second 3', 'new 3']);
  expect(heard).toEqual([
    [1, 2],
    [2, 2],
    [3, 2],
  ]);
});

test('a long chain of handlers that emit needs no deep stack', () => {
  const { events } = setUp();
  let count = 0;
  events.listen('x', { kind: 'Any' }, () => {
    if (++count < 50_000) events.emit('x', { kind: 'Any' }, 'null');
  });
  events.emit('x', { kind: 'Any' }, 'null');
  expect(count).toBe(50_000);
});

test('a handler, a filter or a report that throws leaves the events in order', () => {
  const { events } = setUp();
  const seen: unknown[] = [];
  events.onListenerError.event(({ event, error }) => seen.push([event, (error as Error).message]));
  events.listen('x', { kind: 'App' }, () => {
    events.emitFilter(
      'x',
      () => {
        throw new Error('filter');
      },
      '0',
    );
    throw new Error('handler');
  });
  events.listen('x', { kind: 'App' }, ({ payload }) => seen.push(payload));
  events.emit('x', { kind: 'App' }, '1');
  expect(() =>
    events.emitFilter(
      'x',
      () => {
        throw new Error('direct');
      },
      '2',
    ),
  ).toThrow('direct');
  events.onListenerError.event(() => {
    throw new Error('report');
  });
  expect(() => events.emit('x', { kind: 'App' }, '3')).toThrow('report');
  events.listen('y', { kind: 'App' }, ({ payload }) => seen.push(payload));
  events.emit('y', { kind: 'App' }, '4');
  expect(seen).toEqual([['x', 'handler'], 1, ['x', 'filter'], ['x', 'handler'], ['x', 'filter'], 4]);
});

test('a page’s listeners go with it, and no event’s name stays behind', () => {
  const { events, pages, delivered } = setUp();
  events.listenPage(pages.a, 'x', { kind: 'Any' }, 1);
  events.listenPage(pages.b, 'x', { kind: 'Any' }, 2);
  events.listenPage(pages.a, 'y', { kind: 'Any' }, 3);
  expect([events.count(), events.count('x'), events.count('z')]).toEqual([3, 2, 0]);
  events.removePage(pages.a);
  events.emit('x', { kind: 'Any' }, '1');
  expect([events.count(), delivered.map(({ page }) => page)]).toEqual([1, ['b']]);
  expect(events.unlisten('x', 1)).toMatchObject({ page: pages.b, handler: 2 });
  expect([events.unlisten('x', 1), events.count()]).toEqual([undefined, 0]);
});

test('each host listener has a payload of its own', () => {
  const { events } = setUp();
  const seen: unknown[] = [];
  for (let n = 0; n < 2; n++) {
    events.listen('x', { kind: 'Any' }, ({ payload }) => {
      seen.push(structuredClone(payload));
      (payload as { n: number }).n++;
    });
  }
  events.emit('x', { kind: 'Any' }, '{"n":1}');
  expect(seen).toEqual([{ n: 1 }, { n: 1 }]);
});

test('names have the characters that Rust calls alphanumeric, and four more', () => {
  const good = ['', 'a', 'é/x:1_-', '漢字', 'Ⅷ', '²', '٣'];
  const bad = [' ', 'a b', 'a.b', 'a\n', 'a\0', '\u2028', '😀', 'a+b', '\ud800'];
  expect([...good, ...bad].filter(isValidName)).toEqual(good);
});

test('an event has ten thousand listeners at most', () => {
  const events = new Events<object>(() => undefined);
  const page = {};
  for (let n = 0; n < 10_000; n++) events.listenPage(page, 'x', { kind: 'Any' }, n);
  expect(() => events.listenPage(page, 'x', { kind: 'Any' }, 1)).toThrow('event "x" has 10000 listeners already');
  events.listenPage(page, 'y', { kind: 'Any' }, 1);
  events.removePage(page);
  expect(events.listenPage(page, 'x', { kind: 'Any' }, 1)).toBeGreaterThan(0);
});

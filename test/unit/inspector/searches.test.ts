import { expect, test } from 'vitest';
import type { Hits, ToInspector } from '#core/inspector-messages.ts';
import { Searches } from '../../../extension/inspector/searches.ts';
import { json, Kept, record } from '../filter/records.ts';

/** A host whose turns come when told. */
function start(count: number, slow?: () => void) {
  const source = new Kept(
    Array.from({ length: count }, (_, at) => record(at + 1, { body: json({ n: at + 1, text: 'x'.repeat(200) }) })),
  );
  const records = source.records.bind(source);
  source.records = function* (from, to) {
    for (const each of records(from, to)) {
      slow?.();
      yield each;
    }
  };
  const turns: (() => void)[] = [];
  const posted: ToInspector[] = [];
  const problems: string[] = [];
  const searches = new Searches({
    source,
    post: (message) => posted.push(message),
    report: (problem) => problems.push(problem),
    longestMs: 500,
    slowMs: () => 1000,
    next: () => source.next,
    later: (task) => {
      turns.push(task);
      return { dispose: () => turns.splice(turns.indexOf(task), 1) };
    },
  });
  const turn = () => turns.shift()?.();
  const run = () => {
    while (turns.length > 0) turn();
  };
  return { source, searches, turns, posted, problems, run };
}

const fitting = ({ ids, bits }: Hits, bit: number) => [...ids].filter((_, at) => ((bits[at] ?? 0) & (1 << bit)) !== 0);

test('all records are looked through, a slice a turn, and the page gets a bit for each term', () => {
  // Three records are a slice: reading one takes a third of what a turn may take.
  const { searches, posted, run } = start(10, () => {
    const end = performance.now() + 3;
    while (performance.now() < end);
  });
  searches.search(7, ['args.n>8', 'nothing', '"n\\":3"'], '');
  expect(posted).toEqual([]);
  run();
  const all = posted.flatMap((message) => (message.kind === 'hits' ? [message] : []));
  expect(all.length).toBeGreaterThan(2);
  expect(all.every(({ hits }) => hits.search === 7)).toBe(true);
  expect(all.flatMap(({ hits }) => [...hits.ids])).toEqual([1, 2, 3, 4, 5, 6, 7, 8, 9, 10]);
  expect([0, 1, 2].map((bit) => all.flatMap(({ hits }) => fitting(hits, bit)))).toEqual([[9, 10], [], [3]]);
  expect(all.map(({ done }) => done)).toEqual([...all.slice(1).map(() => false), true]);
});

test('new and changed records carry their bits once the search has come to them', () => {
  const { source, searches, posted, run } = start(3);
  searches.search(1, ['args.n=4'], '');
  source.kept.push(record(4, { body: json({ n: 4 }) }));
  expect(searches.pass([...source.records(4)])).toBeUndefined();
  run();
  expect(posted.at(-1)).toMatchObject({ kind: 'hits', done: true });
  source.kept.push(record(5, { body: json({ n: 4 }) }));
  const fresh = searches.pass([...source.records(5)]);
  expect(fresh && [[...fresh.ids], [...fresh.bits]]).toEqual([[5], [1]]);
  source.kept[0] = record(1, { body: json({ n: 4 }) });
  const changed = searches.pass([...source.records(1, 2)]);
  expect(changed && [[...changed.ids], [...changed.bits]]).toEqual([[1], [1]]);
});

test('another question, none, and the end stop the search that runs', () => {
  const { searches, turns, posted, run } = start(5);
  searches.search(1, ['args.n=4'], '');
  searches.search(2, ['args.n=5'], 'id:4..5');
  expect(turns.length).toBe(1);
  run();
  expect(posted.map((message) => message.kind === 'hits' && [message.hits.search, fitting(message.hits, 0)])).toEqual([
    [2, [5]],
  ]);
  searches.search(3, ['x'], '');
  searches.search(4, [], '');
  expect([turns.length, searches.pass([record(9)])]).toEqual([0, undefined]);
  searches.search(5, ['x'], '');
  searches.find(1, 'x');
  expect(turns.length).toBe(2);
  searches.dispose();
  expect(turns.length).toBe(0);
});

test('a text is counted where it occurs, and told anew of records that changed', () => {
  const { source, searches, posted, run } = start(2);
  source.kept[0] = record(1, { name: 'ada', body: json({ ada: 'Ada', list: ['ada'] }), outcome: json('adada') });
  searches.find(3, ' ada ');
  run();
  expect(posted).toEqual([{ kind: 'found', find: 3, done: true, records: [{ id: 1, counts: [1, 0, 0, 3, 1] }] }]);
  source.kept[0] = record(1, { name: 'bob', body: json({}) });
  searches.pass([...source.records(1, 2)]);
  expect(posted.at(-1)).toEqual({ kind: 'found', find: 3, done: true, records: [{ id: 1, counts: [] }] });
});

test('a regular expression that would take years is ended, and the user hears of it', () => {
  const { source, searches, posted, problems, run } = start(3);
  source.kept.push(record(4, { body: json({ text: 'a'.repeat(60) }) }));
  searches.search(1, ['/(a+)+b/'], '');
  run();
  expect(problems).toEqual(['The search in bodies has ended at message #4: it took longer than 0.5 s.']);
  const last = posted.at(-1);
  expect(last).toMatchObject({ kind: 'hits', done: true });
  expect(last?.kind === 'hits' && [...last.hits.ids]).toEqual([1, 2, 3]);
  source.kept.push(record(5, { body: json({ text: 'a'.repeat(60) }) }));
  expect(searches.pass([...source.records(5)])).toBeUndefined();
  expect(problems).toHaveLength(1);
});

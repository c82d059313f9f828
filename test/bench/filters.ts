/**
 * What filters cost: processor time over 100,000 and 1,000,000 rows in the list's columns, and over the bodies of
 * 100,000 records in the host. `node test/bench/filters.ts` writes the part between its marks in docs/benchmarks.md.
 */
import { readFileSync, writeFileSync } from 'node:fs';
import { readFilter } from '#core/filter/parse.ts';
import { compileBits } from '#core/filter/record-test.ts';
import { Tap } from '#core/tap.ts';
import { rowOf } from '../../extension/inspector/rows.ts';
import { compileColumns, hostTerms } from '../../webview-ui/inspector/filterTest.ts';
import { ColumnStore } from '../../webview-ui/inspector/store.ts';

const ROUNDS = 5;
const REPORT = new URL('../../docs/benchmarks.md', import.meta.url);

/** A session with 40 commands, of which each tenth call fails; bodies are longer than previews. */
function session(count: number): Tap {
  const tap = new Tap({ messages: count, bodyBytes: 4e9 });
  for (let id = 1; id <= count; id++) {
    const value = {
      id,
      title: `Note ${id}`,
      path: `/home/ada/notes/${id}.${id % 9 === 0 ? 'key' : 'md'}`,
      text: 'lorem ipsum '.repeat(15),
    };
    const record = tap.add({
      kind: 'invoke',
      direction: 'to-host',
      app: 'notes',
      window: id % 5 === 0 ? 'prefs' : 'main',
      generation: 1,
      name: `command_${id % 40}`,
      status: 'pending',
      body: { kind: 'json', value },
      weight: 300,
    });
    const json = JSON.stringify({ saved: id, at: '2026-01-01' });
    tap.settle(record, id % 10 === 0 ? { ok: false, json } : { ok: true, result: { kind: 'json', json } });
  }
  return tap;
}

/** Milliseconds of this thread's processor time: the median of the rounds. */
function cpu(task: () => void): number {
  const times = Array.from({ length: ROUNDS }, () => {
    const start = process.threadCpuUsage();
    task();
    const { user, system } = process.threadCpuUsage(start);
    return (user + system) / 1000;
  });
  return times.toSorted((one, other) => one - other)[ROUNDS >> 1] ?? 0;
}

const COLUMNS = ['is:error win:main', 'cmd:command_7', 'cmd:command_1* -win:prefs size>=100', 'Note', '/note 9\\d+7/i'];
const BODIES = [
  '/notes\\/\\d+\\.key/',
  'lorem',
  'args.path~/\\.key$/i',
  'result.saved>=99000',
  'is:slow',
  'is:duplicate',
];

const ms = (value: number) => (value < 10 ? value.toFixed(1) : Math.round(value).toLocaleString('en-US'));
const row = (cells: readonly string[]) => `| ${cells.join(' | ')} |`;

const tap = session(100_000);
const rows = [...tap.records()].map(rowOf);
const small = new ColumnStore();
small.append(rows);
const large = new ColumnStore();
for (let turn = 0; turn < 10; turn++) large.append(rows.map((each) => ({ ...each, id: each.id + turn * 100_000 })));

function overColumns(store: ColumnStore, filter: string): number {
  return cpu(() => {
    const test = compileColumns(readFilter(filter), { store, asked: [], now: () => 0 });
    let found = 0;
    if (test) store.scan(store.start, store.end, test, () => found++);
  });
}

function overBodies(filter: string): number {
  const term = readFilter(filter);
  const { terms } = hostTerms(term);
  if (!term || terms.length === 0) throw new Error(`${filter} asks for no bodies`);
  return cpu(() => {
    const bits = compileBits([term], undefined, { source: tap });
    for (const record of tap.records()) bits(record);
  });
}

const reading = cpu(() => {
  for (const record of tap.records()) void record;
});
const lines = [
  `Node ${process.versions.node}, processor time of one thread in ms, median of ${ROUNDS}; 1,000,000 rows are ten times the same.`,
  '',
  row(['filter, in the list', '100,000 rows', '1,000,000 rows']),
  row(['---', '--:', '--:']),
  ...COLUMNS.map((filter) => row([`\`${filter}\``, ms(overColumns(small, filter)), ms(overColumns(large, filter))])),
  '',
  row(['term, over all bodies in the host', '100,000 records']),
  row(['---', '--:']),
  row(['_reading the records alone_', ms(reading)]),
  ...BODIES.map((filter) => row([`\`${filter.replaceAll('|', '\\|')}\``, ms(overBodies(filter))])),
];
console.log(lines.join('\n'));
const [before, after] = readFileSync(REPORT, 'utf8').split(/(?<=<!-- filters -->\n)[\s\S]*?(?=<!-- \/filters -->)/);
if (before === undefined || after === undefined) throw new Error('docs/benchmarks.md has no marks for filters');
writeFileSync(REPORT, `${before}${lines.join('\n')}\n${after}`);
tap.dispose();

// Prints what was measured, and writes it into docs/benchmarks.md.
import { readFileSync, writeFileSync } from 'node:fs';
import { availableParallelism } from 'node:os';
import { dirname, join, resolve } from 'node:path';
import { fileURLToPath } from 'node:url';
import { versions } from '../vscode/server.mjs';
import { APP_BACKEND, APP_HOST, CASES, HOST_APP, PEERS, RAW } from './cases.mjs';
import { median, quantile, speedup } from './statistics.mjs';

const root = resolve(dirname(fileURLToPath(import.meta.url)), '../..');
const page = join(root, 'docs/benchmarks.md');
const OURS = [HOST_APP, APP_HOST, APP_BACKEND];
/** below, an interval says nothing */
const ENOUGH_ROUNDS = 10;
const BEGIN = '<!-- measured -->';
const END = '<!-- /measured -->';

/** How the contestants are called in tables. */
const TITLES = /** @type {Record<string, string>} */ ({
  [RAW]: 'raw postMessage',
  trpc: 'tRPC link',
  comlink: 'comlink (adaptor)',
  [HOST_APP]: '**`hostApp`**, handler in the extension host',
  [APP_HOST]: '**app window**, command answered in the extension host',
  [APP_BACKEND]: '**app window**, handler in the backend process',
});

/** @typedef {import('./cases.mjs').Case} Case */
/** @typedef {Record<string, number[]>} OfCase milliseconds of one call, by contestant */

/** @param {number} ms @param {Case['unit']} unit */
const amount = (ms, unit) => significant(unit === 'µs' ? ms * 1000 : ms);

/** @param {number} value */
function significant(value) {
  if (value >= 100) return Math.round(value).toLocaleString('en-US');
  return value >= 10 ? value.toFixed(1) : value.toFixed(2);
}

/** The peer that was fastest in this case. @param {OfCase} of */
function bestPeer(of) {
  const peers = PEERS.filter((name) => of[name]);
  return peers.toSorted((a, b) => median(of[a] ?? []) - median(of[b] ?? []))[0];
}

/** @param {ReturnType<typeof speedup>} speed */
const times = ({ median: middle, quartiles: [low, high] }) =>
  `${significant(middle)} x (${significant(/** @type {number} */ (low))}–${significant(/** @type {number} */ (high))})`;

/**
 * Only "as fast as" can be missed by the noise alone; who claims to be five times as fast must show it.
 * @param {ReturnType<typeof speedup>} speed @param {number | undefined} goal
 */
function verdict({ median: middle, interval, rounds }, goal) {
  if (goal === undefined) return '';
  if (middle >= goal) return 'reached';
  const even = goal <= 1 && rounds >= ENOUGH_ROUNDS && /** @type {number} */ (interval[1]) >= goal;
  return even ? 'within the noise' : 'not reached';
}

/** @param {Case} each @param {OfCase} of @param {number} seconds */
export function printCase(each, of, seconds) {
  process.stdout.write(`\n${each.title} (${each.unit}; ${of[RAW]?.length} rounds, ${seconds} s)\n`);
  for (const [name, values] of Object.entries(of)) {
    const spread = `${amount(quantile(values, 0.25), each.unit)}–${amount(quantile(values, 0.75), each.unit)}`;
    const against = name === RAW ? '' : `${significant(speedup(values, of[RAW] ?? []).median)} x raw`;
    process.stdout.write(
      `  ${name.padEnd(18)}${amount(median(values), each.unit).padStart(9)}   ${spread.padEnd(18)}${against}\n`,
    );
  }
}

/** @param {Record<string, OfCase>} measured */
export function printGoals(measured) {
  process.stdout.write('How much faster, median of the rounds (quartiles); goal\n');
  for (const row of goalRows(measured)) {
    process.stdout.write(`  ${row.title} — ${row.ours}\n`);
    process.stdout.write(`    against raw: ${row.raw}${row.rawGoal && `; goal ${row.rawGoal}: ${row.rawVerdict}`}\n`);
    if (row.peer)
      process.stdout.write(
        `    against ${row.peerName}: ${row.peer}${row.peerGoal && `; goal ${row.peerGoal}: ${row.peerVerdict}`}\n`,
      );
  }
}

/** @param {Record<string, OfCase>} measured */
function goalRows(measured) {
  return CASES.flatMap((each) => {
    const of = measured[each.id];
    if (!of) return [];
    const best = bestPeer(of);
    return OURS.filter((name) => of[name]).map((name) => {
      const against = speedup(of[name] ?? [], of[RAW] ?? []);
      const peer = best === undefined ? undefined : speedup(of[name] ?? [], of[best] ?? []);
      const goalOf = (/** @type {number | undefined} */ goal) => (goal === undefined ? '' : `≥ ${significant(goal)} x`);
      return {
        id: each.id,
        title: each.title,
        ours: name,
        raw: times(against),
        rawGoal: goalOf(each.goal?.raw),
        rawVerdict: verdict(against, each.goal?.raw),
        peerName: best,
        peer: peer && times(peer),
        peerGoal: goalOf(each.goal?.peer),
        peerVerdict: peer ? verdict(peer, each.goal?.peer) : '',
      };
    });
  });
}

/** What recording adds to a call. @param {{ recording: number[], paused: number[] }} tap */
function tapCost({ recording, paused }) {
  const extra = recording.map((ms, round) => (ms / /** @type {number} */ (paused[round]) - 1) * 100);
  return { median: median(extra), low: quantile(extra, 0.25), high: quantile(extra, 0.75) };
}

/** @param {{ recording: number[], paused: number[] }} tap */
function tapText(tap) {
  const { median: middle, low, high } = tapCost(tap);
  const verdictText = middle <= 3 ? 'reached' : low <= 3 ? 'within the noise' : 'not reached';
  return `recording costs ${middle.toFixed(1)} % of a call with 256 in flight (quartiles ${low.toFixed(1)} to ${high.toFixed(1)} %; ${amount(median(tap.recording), 'µs')} µs against ${amount(median(tap.paused), 'µs')} µs); goal ≤ 3 %: ${verdictText}`;
}

/** @param {{ recording: number[], paused: number[] }} tap */
export function printTap(tap) {
  process.stdout.write(`  tap: ${tapText(tap)}\n`);
}

/** @typedef {import('./acl.ts').AclMeasured} AclMeasured */

/** @param {AclMeasured} acl */
function aclText({ capabilities, permissions, decisions, loading: [loading, slowLoading] }) {
  const reached = (/** @type {boolean} */ is) => (is ? 'reached' : 'not reached');
  const each = Object.entries(decisions).map(
    ([kind, [middle, slow]]) => `${significant(middle)} µs (95 %: ${significant(slow)}) ${kind}`,
  );
  const slowest = Math.max(...Object.values(decisions).map(([middle]) => middle));
  return [
    `With ${capabilities} capabilities and ${permissions} permissions a decision takes ${each.join(', ')}; goal ≤ 5 µs: ${reached(slowest <= 5)}.`,
    `Reading them takes ${significant(loading)} ms (95 %: ${significant(slowLoading)}) from the texts of the files; goal ≤ 100 ms: ${reached(loading <= 100)}.`,
  ].join(' ');
}

/** @param {AclMeasured} acl */
export function printAcl(acl) {
  process.stdout.write(`  permissions: ${aclText(acl)}\n`);
}

/** @param {{ times: Record<string, OfCase>, tap: { recording: number[], paused: number[] } | undefined, acl: AclMeasured | undefined, seconds: number }} run */
export function writeReport({ times: measured, tap, acl, seconds }) {
  const cases = CASES.filter((each) => measured[each.id]);
  const names = [RAW, ...PEERS, ...OURS];
  const head = ['', ...cases.map((each) => `${each.title}, ${each.unit}`)];
  const absolute = names.map((name) => [
    TITLES[name] ?? name,
    ...cases.map((each) => {
      const values = measured[each.id]?.[name];
      return values ? amount(median(values), each.unit) : '–';
    }),
  ]);
  const goals = goalRows(measured).map((row) => [
    row.title,
    TITLES[row.ours] ?? row.ours,
    row.raw,
    row.rawGoal && `${row.rawGoal}: ${row.rawVerdict}`,
    row.peer ? `${row.peer} ${row.peerName}` : '–',
    row.peerGoal && `${row.peerGoal}: ${row.peerVerdict}`,
  ]);
  const text = [
    `VS Code ${versions().vscode} (server), headless Chromium, ${availableParallelism()} cores, Node ${process.versions.node}; ${seconds} s.`,
    '',
    '### How much faster than raw postMessage and than the fastest other library',
    '',
    'Median of the rounds, in brackets the quartiles. Above 1 is faster.',
    '',
    table(['', 'ours', 'against raw', 'goal', 'against the fastest peer', 'goal'], goals),
    '',
    ...(tap ? [`With the inspector closed ${tapText(tap)}.`, ''] : []),
    ...(acl ? [aclText(acl), ''] : []),
    '### Time of one call or message',
    '',
    'Medians, for orientation: they change with the machine and its load, the ratios hardly do.',
    '',
    table(head, absolute),
  ].join('\n');
  const before = readFileSync(page, 'utf8');
  const [start = '', rest = ''] = before.split(BEGIN);
  const end = rest.split(END)[1] ?? '';
  writeFileSync(page, `${start}${BEGIN}\n${text}\n${END}${end}`);
}

/** @param {readonly string[]} head @param {readonly (readonly string[])[]} rows */
function table(head, rows) {
  const line = (/** @type {readonly string[]} */ cells) => `| ${cells.join(' | ')} |`;
  return [line(head), line(head.map((_, index) => (index === 0 ? '---' : '--:'))), ...rows.map(line)].join('\n');
}

// Measures our IPC against raw postMessage and seven RPC libraries in a real VS Code, and writes docs/benchmarks.md.
//
//   node test/bench/run.mjs            about six minutes on two slow cores
//   node test/bench/run.mjs --quick    every case once and small, as a test that all answers are right; writes nothing
//   node test/bench/run.mjs one tap    only these cases; writes nothing (`acl` alone needs no VS Code)
//   … --only raw,hostApp               only these contestants; writes nothing
//
// A wrong answer fails the run, a slow one does not.
import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { parseArgs } from 'node:util';
import { ensureVSCode } from '../vscode/ensure.mjs';
import { launchVSCode } from '../vscode/launch.mjs';
import { build, extension, extensions, out } from './build.mjs';
import { APP_BACKEND, APP_HOST, CASES, HOST_APP, PEERS, RAW } from './cases.mjs';
import { stopWatchingNetwork } from './network.mjs';
import { printAcl, printCase, printGoals, printTap, writeReport } from './report.mjs';

const OPEN_WITHIN_MS = 60_000;
const RUN_WITHIN_MS = 60_000;
const MAX_ROUNDS = 150;
const TAP_ROUNDS = 21;
const TAP_SIZE = 4096;

const { values: options, positionals: wanted } = parseArgs({
  options: { quick: { type: 'boolean', default: false }, only: { type: 'string' } },
  allowPositionals: true,
});
const names = [RAW, ...PEERS, HOST_APP, APP_HOST, APP_BACKEND, 'tap'];

const say = (/** @type {string} */ text) => process.stdout.write(`${text}\n`);

/** @typedef {{ ms: number, count: number }} Measured */
/** @typedef {Record<string, Record<string, number[]>>} Times milliseconds of one call, by case and contestant, a value for each round */

await build();
// Before anything else runs.
const acl = wanted.length === 0 || wanted.includes('acl') ? await measureAcl() : undefined;
if (wanted.length === 1 && acl) {
  printAcl(acl);
  process.exit();
}
await ensureVSCode();
const instance = await launchVSCode({
  extensionsDir: extensions,
  extensionDevelopmentPath: [extension],
  viewport: { width: 1600, height: 1000 },
});
try {
  const started = performance.now();
  const frames = await findPages();
  await stopWatchingNetwork(instance.page);
  say(`${frames.size} pages are open; ${options.quick ? 'a quick run' : 'a full run'}`);
  const times = await measure(frames);
  const tap = wanted.length === 0 || wanted.includes('tap') ? await measureTap(frames) : undefined;
  const seconds = Math.round((performance.now() - started) / 1000);
  say('');
  printGoals(times);
  if (tap) printTap(tap);
  if (acl) printAcl(acl);
  mkdirSync(out, { recursive: true });
  writeFileSync(join(out, 'results.json'), JSON.stringify({ times, tap, acl }));
  if (!options.quick && !options.only && wanted.length === 0) writeReport({ times, tap, acl, seconds });
  say(`\n${seconds} s; every answer was right`);
} catch (error) {
  process.stderr.write(`${error instanceof Error ? error.stack : error}\n`);
  process.stderr.write(`${instance.log.slice(-40).join('\n')}\n`);
  process.exitCode = 1;
} finally {
  await instance.close();
}
process.exit();

/** What permissions cost, in this process. @returns {Promise<import('./acl.ts').AclMeasured>} */
async function measureAcl() {
  const { measureAcl: measure } = await import(pathToFileURL(join(out, 'acl.mjs')).href);
  return measure();
}

/** The frames of all contestants' pages. @returns {Promise<Map<string, import('playwright-core').Frame>>} */
async function findPages() {
  const until = performance.now() + OPEN_WITHIN_MS;
  /** @type {Map<string, import('playwright-core').Frame>} */
  const found = new Map();
  while (performance.now() < until) {
    for (const frame of instance.page.frames()) {
      // A frame that is being replaced cannot be asked; the next round finds its successor.
      const held = await frame.evaluate(() => globalThis.bench?.names).catch(() => undefined);
      for (const name of held ?? []) found.set(name, frame);
    }
    if (names.every((name) => found.has(name))) return found;
    await new Promise((next) => setTimeout(next, 300));
  }
  const missing = names.filter((name) => !found.has(name));
  throw new Error(`no page of ${missing.join(', ')} after ${OPEN_WITHIN_MS / 1000} s`);
}

/**
 * One run in a contestant's page; gives the milliseconds of one call or message.
 * @param {Map<string, import('playwright-core').Frame>} frames @param {string} name @param {string} what @param {number} size
 */
async function run(frames, name, what, size) {
  const frame = /** @type {import('playwright-core').Frame} */ (frames.get(name));
  /** @type {NodeJS.Timeout | undefined} */
  let timer;
  const late = new Promise((_, reject) => {
    timer = setTimeout(() => reject(new Error(`no end after ${RUN_WITHIN_MS / 1000} s`)), RUN_WITHIN_MS);
  });
  try {
    const done = frame.evaluate(
      ([who, measurement, amount]) => globalThis.bench.run(who, measurement, amount),
      [name, what, size],
    );
    const measured = /** @type {Measured} */ (await Promise.race([done, late]));
    return measured.ms / measured.count;
  } catch (error) {
    throw new Error(`${name}, ${what}: ${/** @type {Error} */ (error).message}`, { cause: error });
  } finally {
    clearTimeout(timer);
  }
}

/** @param {Map<string, import('playwright-core').Frame>} frames @returns {Promise<Times>} */
async function measure(frames) {
  /** @type {Times} */
  const times = {};
  for (const each of CASES) {
    if ((options.quick && each.slow) || (wanted.length > 0 && !wanted.includes(each.id))) continue;
    const only = options.only?.split(',');
    const contestants = only ? each.contestants.filter((name) => only.includes(name)) : each.contestants;
    /** @type {Record<string, number[]>} */
    const of = Object.fromEntries(contestants.map((name) => [name, []]));
    times[each.id] = of;
    const start = performance.now();
    const go = (/** @type {string} */ name) =>
      run(frames, name, each.what, options.quick ? Math.ceil(each.size(name) / 10) : each.size(name));
    const goesOn = (/** @type {number} */ round) =>
      options.quick
        ? round < 1
        : round < (each.rounds ?? 5) || (round < MAX_ROUNDS && performance.now() - start < each.seconds * 1000);
    // The first round warms up.
    if (!options.quick && !each.slow) for (const name of contestants) await go(name);
    for (let round = 0; goesOn(round); round++) {
      // Each round begins with another contestant, so that nobody always comes after the same.
      for (let place = 0; place < contestants.length; place++) {
        const name = /** @type {string} */ (contestants[(round + place) % contestants.length]);
        of[name]?.push(await go(name));
      }
    }
    printCase(each, of, Math.round((performance.now() - start) / 1000));
  }
  return times;
}

/** The same pipelined calls with and without recording. @param {Map<string, import('playwright-core').Frame>} frames */
async function measureTap(frames) {
  const frame = /** @type {import('playwright-core').Frame} */ (frames.get('tap'));
  /** @type {Record<'recording' | 'paused', number[]>} */
  const of = { recording: [], paused: [] };
  const rounds = options.quick ? 1 : TAP_ROUNDS;
  for (let round = -2; round < rounds; round++) {
    const order = /** @type {const} */ (round % 2 === 0 ? ['recording', 'paused'] : ['paused', 'recording']);
    for (const state of order) {
      await frame.evaluate((on) => globalThis.bench.record('tap', on), state === 'recording');
      const ms = await run(frames, 'tap', 'inFlight256', TAP_SIZE);
      if (round >= 0) of[state].push(ms);
    }
  }
  return of;
}

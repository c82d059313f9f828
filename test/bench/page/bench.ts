/** The measurements, run inside a contestant's page; run.mjs starts them through `globalThis.bench`. */
import { bytes, greeting, hash, hashJson, type Row, rows, type Seen, type Taken, type Tick, tick } from '../work.ts';

/** A contestant as its page sees it. */
export interface Side {
  greet(name: string): Promise<string>;
  takeJson?(value: readonly Row[]): Promise<number>;
  giveJson?(size: number): Promise<readonly Row[]>;
  takeBytes?(value: Uint8Array): Promise<number>;
  giveBytes?(length: number): Promise<Uint8Array>;
  /** The host sends `count` messages, one in each turn of its event loop. */
  stream?(count: number, onTick: (message: Tick) => void): Promise<unknown>;
  /** Tells the host without waiting. */
  notify?(message: Tick): unknown;
  seen?(expected: number): Promise<Seen>;
  taken?(): Promise<Taken>;
  /** Large bytes in pieces, for who can do it. */
  takeChunked?(value: Uint8Array): Promise<number>;
  giveChunked?(length: number): Promise<Uint8Array>;
  /** Turns recording on or off. */
  record?(on: boolean): Promise<void>;
}

/** What one run took. */
export interface Measured {
  readonly ms: number;
  /** calls or messages it was for */
  readonly count: number;
}

type Case = (side: Side, size: number) => Promise<Measured>;

async function timed(count: number, run: () => Promise<unknown>): Promise<Measured> {
  const start = performance.now();
  await run();
  return { ms: performance.now() - start, count };
}

let nextId = 0;

async function checkedCall(side: Side): Promise<void> {
  const name = `user ${nextId++}`;
  const given = await side.greet(name);
  if (given !== greeting(name)) throw new Error(`wrong answer to "${name}": ${JSON.stringify(given)}`);
}

/** `size` calls, never more than `limit` at a time. */
function pipelined(side: Side, size: number, limit: number): Promise<Measured> {
  let left = size;
  const worker = async () => {
    while (left-- > 0) await checkedCall(side);
  };
  return timed(size, () => Promise.all(Array.from({ length: limit }, worker)));
}

function expectEqual(what: string, given: unknown, wanted: unknown): void {
  if (given !== wanted) throw new Error(`wrong ${what}: ${String(given)} instead of ${String(wanted)}`);
}

function has<K extends keyof Side>(side: Side, ...names: readonly K[]): Side & Required<Pick<Side, K>> {
  for (const name of names) if (!side[name]) throw new Error(`this contestant has no ${name}`);
  return side as Side & Required<Pick<Side, K>>;
}

const turns = new MessageChannel();

/** The next turn of the page's event loop; setTimeout would wait 4 ms. */
function turn(): Promise<void> {
  return new Promise((resolve) => {
    turns.port1.onmessage = () => resolve();
    turns.port2.postMessage(0);
  });
}

const CASES: Readonly<Record<string, Case>> = {
  one: (side, size) => pipelined(side, size, 1),
  inFlight256: (side, size) => pipelined(side, size, 256),
  atOnce2048: (side, size) =>
    timed(size, async () => {
      for (let sent = 0; sent < size; sent += 2048) {
        await Promise.all(Array.from({ length: Math.min(2048, size - sent) }, () => checkedCall(side)));
      }
    }),
  streamDown(side, size) {
    const { stream } = has(side, 'stream');
    return timed(size, async () => {
      const { promise, resolve, reject } = Promise.withResolvers<void>();
      let next = 0;
      const ended = stream(size, (message) => {
        if (message.index !== next || message.text !== `tick ${next}`) {
          reject(new Error(`message ${next} of the stream is ${JSON.stringify(message)}`));
        }
        if (++next === size) resolve();
      });
      await promise;
      await ended;
      expectEqual('number of messages', next, size);
    });
  },
  eventsUp(side, size) {
    const { notify, seen } = has(side, 'notify', 'seen');
    return timed(size, async () => {
      const failed: unknown[] = [];
      for (let index = 0; index < size; index++) {
        Promise.resolve(notify(tick(index))).catch((error: unknown) => failed.push(error));
        await turn();
      }
      let heard = await seen(size);
      while (heard.count < size) heard = await seen(size);
      if (failed.length > 0) throw new Error(`${failed.length} events failed: ${String(failed[0])}`);
      expectEqual('number of events', heard.count, size);
      expectEqual('sum of events', heard.sum, (size * (size - 1)) / 2);
    });
  },
  async jsonUp(side, size) {
    const { takeJson, taken } = has(side, 'takeJson', 'taken');
    const value = rows(size);
    const measured = await timed(1, async () => expectEqual('length', await takeJson(value), value.length));
    expectEqual('fingerprint', (await taken()).json, hashJson(value));
    return measured;
  },
  async jsonDown(side, size) {
    const { giveJson } = has(side, 'giveJson');
    let value: readonly Row[] = [];
    const measured = await timed(1, async () => {
      value = await giveJson(size);
    });
    expectEqual('fingerprint', hashJson(value), hashJson(rows(size)));
    return measured;
  },
  bytesUp: (side, size) => bytesUp(size, has(side, 'takeBytes').takeBytes, has(side, 'taken').taken),
  bytesDown: (side, size) => bytesDown(size, has(side, 'giveBytes').giveBytes),
  chunksUp: (side, size) => bytesUp(size, has(side, 'takeChunked').takeChunked, has(side, 'taken').taken),
  chunksDown: (side, size) => bytesDown(size, has(side, 'giveChunked').giveChunked),
};

const known = new Map<number, { readonly value: Uint8Array<ArrayBuffer>; readonly hash: number }>();

/** Made once for each size: what comes back is compared with it. */
function payload(size: number): { readonly value: Uint8Array<ArrayBuffer>; readonly hash: number } {
  let made = known.get(size);
  if (!made) {
    const value = bytes(size);
    made = { value, hash: hash(value) };
    known.set(size, made);
  }
  return made;
}

async function bytesUp(
  size: number,
  take: (value: Uint8Array) => Promise<number>,
  taken: () => Promise<Taken>,
): Promise<Measured> {
  const sent = payload(size);
  const measured = await timed(1, async () => expectEqual('length', await take(sent.value), size));
  expectEqual('fingerprint', (await taken()).bytes, sent.hash);
  return measured;
}

async function bytesDown(size: number, give: (length: number) => Promise<Uint8Array>): Promise<Measured> {
  let value = new Uint8Array();
  const measured = await timed(1, async () => {
    value = new Uint8Array(await give(size));
  });
  expectEqual('fingerprint', hash(value), payload(size).hash);
  return measured;
}

/** Makes a contestant's page known to run.mjs; a page may hold several. */
export function enter(sides: Readonly<Record<string, Side>>): void {
  const run = async (name: string, what: string, size: number): Promise<Measured> => {
    const side = sides[name];
    const measure = CASES[what];
    if (!side || !measure) throw new Error(`no such measurement: ${name} ${what}`);
    return measure(side, size);
  };
  const record = async (name: string, on: boolean) => sides[name]?.record?.(on);
  Object.assign(globalThis, { bench: { names: Object.keys(sides), run, record } });
}

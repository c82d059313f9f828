// What is measured, how often, and what we want to reach. A size is a number of calls or messages, or of bytes. Of many
// calls ours has more, so that a run takes about as long for each: a pause of the garbage collector weighs the same then.

const MB = 1 << 20;

export const RAW = 'raw';
export const PEERS = ['birpc', 'comlink', 'async-call-rpc', 'capnweb', 'trpc', 'vscode-jsonrpc', 'vscode-messenger'];
/** Ours, in its forms; what the goals are for stands first. */
export const HOST_APP = 'hostApp';
export const APP_HOST = 'app/host';
export const APP_BACKEND = 'app/backend';

const ALL = [RAW, ...PEERS, HOST_APP, APP_BACKEND];
const CALLS = [RAW, ...PEERS, HOST_APP, APP_HOST, APP_BACKEND];

/**
 * @typedef {object} Case
 * @property {string} id
 * @property {string} title
 * @property {string} what a run is named in page/bench.ts
 * @property {'ms' | 'µs'} unit of one call or message
 * @property {readonly string[]} contestants
 * @property {(name: string) => number} size
 * @property {number} seconds rounds go on for so long
 * @property {number} [rounds] but at least this many; 5 where nothing is said
 * @property {boolean} [slow] not in a quick run, which has one round of each case
 * @property {{ raw: number, peer?: number } | undefined} [goal] times as fast as raw postMessage, and as the best peer
 */

const ours = (/** @type {string} */ name) => name === HOST_APP || name === APP_HOST || name === APP_BACKEND;

/** @type {readonly Case[]} */
export const CASES = [
  {
    id: 'one',
    title: 'call, one at a time',
    what: 'one',
    unit: 'ms',
    contestants: CALLS,
    size: () => 8,
    seconds: 55,
    rounds: 30,
    goal: { raw: 1 / 1.05, peer: 1 },
  },
  {
    id: 'inFlight256',
    title: 'call, 256 in flight',
    what: 'inFlight256',
    unit: 'µs',
    contestants: CALLS,
    size: (name) => (ours(name) ? 8192 : 1024),
    seconds: 35,
    goal: { raw: 5, peer: 5 },
  },
  {
    id: 'atOnce2048',
    title: 'call, 2,048 at once',
    what: 'atOnce2048',
    unit: 'µs',
    contestants: CALLS,
    size: (name) => (ours(name) ? 16_384 : 2048),
    seconds: 60,
    goal: { raw: 8, peer: 8 },
  },
  {
    id: 'streamDown',
    title: 'message to the page, one per turn',
    what: 'streamDown',
    unit: 'µs',
    contestants: ALL,
    size: (name) => (name === HOST_APP ? 100_000 : ours(name) ? 20_000 : 2500),
    seconds: 40,
    rounds: 3,
    goal: { raw: 6, peer: 6 },
  },
  {
    id: 'eventsUp',
    title: 'event from the page, one per turn',
    what: 'eventsUp',
    unit: 'µs',
    contestants: ALL,
    size: (name) => (name === HOST_APP ? 10_000 : ours(name) ? 4000 : 1000),
    seconds: 40,
    rounds: 3,
    goal: { raw: 8, peer: 8 },
  },
  {
    id: 'jsonUp',
    title: '1 MB of JSON as argument',
    what: 'jsonUp',
    unit: 'ms',
    contestants: ALL,
    size: () => MB,
    seconds: 20,
    goal: { raw: 2, peer: 2 },
  },
  {
    id: 'jsonDown',
    title: '1 MB of JSON as result',
    what: 'jsonDown',
    unit: 'ms',
    contestants: ALL,
    size: () => MB,
    seconds: 20,
    goal: { raw: 2, peer: 2 },
  },
  {
    id: 'bytesUp',
    title: '1 MB of bytes as argument',
    what: 'bytesUp',
    unit: 'ms',
    contestants: ALL,
    size: () => MB,
    seconds: 10,
  },
  {
    id: 'bytesDown',
    title: '1 MB of bytes as result',
    what: 'bytesDown',
    unit: 'ms',
    contestants: ALL,
    size: () => MB,
    seconds: 10,
  },
  {
    id: 'largeUp',
    title: '64 MB of bytes as argument',
    what: 'bytesUp',
    unit: 'ms',
    contestants: [RAW, HOST_APP, APP_BACKEND],
    size: () => 64 * MB,
    seconds: 15,
    rounds: 2,
    slow: true,
    goal: { raw: 1 },
  },
  {
    id: 'largeDown',
    title: '64 MB of bytes as result',
    what: 'bytesDown',
    unit: 'ms',
    contestants: [RAW, HOST_APP, APP_BACKEND],
    size: () => 64 * MB,
    seconds: 15,
    rounds: 2,
    slow: true,
    goal: { raw: 1 },
  },
];

// A page that speaks the wire itself, and badly. It holds no bridge: nothing of ours stands between it and the host. It even
// has the key of its window, which only a bridge knows; what it says without it comes first.
declare function acquireVsCodeApi(): { postMessage(message: unknown): void };

declare const stolenKey: string;

const MARK = `${stolenKey}0.5`;
const vscode = acquireVsCodeApi();
const encode = (text: string) => new TextEncoder().encode(text);
const frame = (...messages: unknown[]) => vscode.postMessage([MARK, JSON.stringify({ messages })]);

/** What the host answered, by the number that was asked for. */
const answers: Record<number, unknown> = {};
addEventListener('message', ({ data }) => {
  if (!Array.isArray(data) || data[0] !== MARK) return;
  const head = typeof data[1] === 'string' ? data[1] : new TextDecoder().decode(data[1]);
  for (const message of JSON.parse(head).messages) {
    // An answer without bytes has the short form.
    if (Array.isArray(message)) answers[message[0]] = message[1];
    else if (message.kind === 'run') answers[message.id] = message.value;
  }
  if (answers[99] !== undefined) vscode.postMessage({ answers });
});

const deep = `${'['.repeat(50_000)}${']'.repeat(50_000)}`;
const garbage: unknown[][] = [
  [],
  [undefined],
  [null],
  [7],
  [{}],
  [''],
  ['not json'],
  ['null'],
  ['[]'],
  ['{"messages":7}'],
  ['{"messages":[null,7,"text",[],{},{"kind":"no such kind"},{"kind":7}]}'],
  ['{"messages":[],"raw":[5]}'],
  ['{"messages":[],"raw":[-1,-2,1e99]}', new Uint8Array(3)],
  [`{"messages":[${deep}]}`],
  [encode('{"messages":[]}').subarray(0, 5)],
  [new Uint8Array([0xff, 0xfe, 0xfd])],
  ['{"messages":[]}', 'no bytes', { not: 'bytes' }],
  [new Uint8Array(5_000_000)],
];

for (const mark of ['ipc-workbench', 'ipc-workbench:', stolenKey.slice(0, -2), `${stolenKey}${'0'.repeat(500)}`]) {
  const call = { kind: 'invoke', cmd: 'echo', callback: 97, error: 96, payload: { value: 'without a key' } };
  vscode.postMessage([mark, JSON.stringify({ messages: [{ kind: 'ready', version: 1, url: '' }, call] })]);
}

frame({ kind: 'invoke', cmd: 'echo', callback: 1, error: 2, payload: { value: 'too early' } });
for (const parts of garbage) vscode.postMessage([MARK, ...parts]);
vscode.postMessage(undefined);
vscode.postMessage({ kind: 'connect', generation: -1 });

frame({ kind: 'ready', version: 1, url: 'https://hostile.example/' });
for (const parts of garbage) vscode.postMessage([MARK, ...parts]);
frame(
  // Those that name where to answer get an answer.
  { kind: 'invoke', cmd: 7, callback: 10, error: 11, payload: {} },
  { kind: 'invoke', cmd: 'echo', callback: 12, error: 13, raw: 0 },
  { kind: 'invoke', cmd: 'echo', callback: -1, error: 15, payload: {} },
  { kind: 'invoke', cmd: 'echo', callback: 16, error: 1e99, payload: {} },
  { kind: 'invoke', cmd: '__proto__', callback: 18, error: 19, payload: {} },
  { kind: 'invoke', cmd: 'plugin:window|title', callback: 20, error: 21, payload: { label: 'somebody else' } },
  { kind: 'invoke', cmd: 'plugin:|', callback: 22, error: 23, payload: null },
  { kind: 'invoke', cmd: 'plugin:x', callback: 26, error: 27, payload: {} },
  { kind: 'invoke', cmd: 'plugin:app|version|x', callback: 28, error: 29, payload: {} },
  [7, 12, {}],
  { kind: 'received', bytes: -5 },
  { kind: 'received', bytes: 1e15 },
  { kind: 'metrics', width: 'wide' },
  { kind: 'storage', key: '__proto__', value: 'polluted' },
  { kind: 'drag', phase: 'drop', paths: [7], x: 0, y: 0 },
);
frame({ kind: 'invoke', cmd: 'echo', callback: 99, error: 98, payload: { value: 'still answered' } });

export {}; // a module of its own: these pages declare the same names

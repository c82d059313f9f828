import { AsyncCall, notify } from 'async-call-rpc';
import { enter } from '../page/bench.ts';
import { onMessage, vscode } from '../page/vscode-api.ts';
import type { Tick } from '../work.ts';
import type { AsyncCallHost } from './async-call-rpc.host.ts';

let onTick: (message: Tick) => void = () => undefined;
const functions = { tick: (message: Tick) => onTick(message) };
export type AsyncCallPage = typeof functions;

const host = AsyncCall<AsyncCallHost>(functions, {
  channel: { on: (take) => onMessage(take), send: (data) => vscode.postMessage(data) },
  log: false,
});
const events = notify(host);

enter({
  'async-call-rpc': {
    greet: (name) => host.greet(name),
    takeJson: (value) => host.takeJson(value),
    giveJson: (size) => host.giveJson(size),
    takeBytes: (value) => host.takeBytes(value),
    giveBytes: (length) => host.giveBytes(length),
    notify: (message) => events.notify(message),
    seen: (expected) => host.seen(expected),
    taken: () => host.taken(),
    stream: (count, take) => {
      onTick = take;
      return host.stream(count);
    },
  },
});

import { createBirpc } from 'birpc';
import { enter } from '../page/bench.ts';
import { onMessage, vscode } from '../page/vscode-api.ts';
import type { Tick } from '../work.ts';
import type { BirpcHost } from './birpc.host.ts';

let onTick: (message: Tick) => void = () => undefined;
const functions = { tick: (message: Tick) => onTick(message) };
export type BirpcPage = typeof functions;

const rpc = createBirpc<BirpcHost, BirpcPage>(functions, {
  post: (data) => vscode.postMessage(data),
  on: (take) => onMessage(take),
});

enter({
  birpc: {
    greet: (name) => rpc.greet(name),
    takeJson: (value) => rpc.takeJson(value),
    giveJson: (size) => rpc.giveJson(size),
    takeBytes: (value) => rpc.takeBytes(value),
    giveBytes: (length) => rpc.giveBytes(length),
    notify: (message) => rpc.notify.asEvent(message),
    seen: (expected) => rpc.seen(expected),
    taken: () => rpc.taken(),
    stream: (count, take) => {
      onTick = take;
      return rpc.stream(count);
    },
  },
});

import * as Comlink from 'comlink';
import { enter } from '../page/bench.ts';
import { onMessage, vscode } from '../page/vscode-api.ts';
import type { Tick } from '../work.ts';
import { endpoint } from './comlink-endpoint.ts';
import type { ComlinkHost } from './comlink.host.ts';

let onTick: (message: Tick) => void = () => undefined;
const api = { tick: (message: Tick) => onTick(message) };
export type ComlinkPage = typeof api;

const lane = (name: 'host' | 'page') => endpoint(name, (message) => vscode.postMessage(message), onMessage);
Comlink.expose(api, lane('page'));
const host = Comlink.wrap<ComlinkHost>(lane('host'));

enter({
  comlink: {
    greet: (name) => host.greet(name),
    takeJson: (value) => host.takeJson(value),
    giveJson: (size) => host.giveJson(size),
    takeBytes: (value) => host.takeBytes(value),
    giveBytes: (length) => host.giveBytes(length),
    notify: (message) => host.notify(message),
    seen: (expected) => host.seen(expected),
    taken: () => host.taken(),
    stream: (count, take) => {
      onTick = take;
      return host.stream(count);
    },
  },
});

import { RpcSession } from 'capnweb';
import { enter } from '../page/bench.ts';
import { onMessage, vscode } from '../page/vscode-api.ts';
import type { Row, Seen, Taken, Tick } from '../work.ts';
import { PostMessageTransport } from './capnweb-transport.ts';

/** The stub's own type makes every part of a result a stub; these are what comes. */
interface Host {
  greet(name: string): Promise<string>;
  takeJson(value: readonly Row[]): Promise<number>;
  giveJson(size: number): Promise<readonly Row[]>;
  takeBytes(value: Uint8Array): Promise<number>;
  giveBytes(length: number): Promise<Uint8Array>;
  notify(message: Tick): Promise<void>;
  seen(expected: number): Promise<Seen>;
  taken(): Promise<Taken>;
  stream(count: number, onTick: (message: Tick) => void): Promise<number>;
}

const transport = new PostMessageTransport((message) => vscode.postMessage(message), onMessage);
const host = new RpcSession(transport).getRemoteMain() as unknown as Host;

enter({
  capnweb: {
    greet: (name) => host.greet(name),
    takeJson: (value) => host.takeJson(value),
    giveJson: (size) => host.giveJson(size),
    takeBytes: (value) => host.takeBytes(value),
    giveBytes: (length) => host.giveBytes(length),
    notify: (message) => host.notify(message),
    seen: (expected) => host.seen(expected),
    taken: () => host.taken(),
    stream: (count, take) => host.stream(count, take),
  },
});

import { RpcSession, RpcTarget } from 'capnweb';
import type { Webview } from 'vscode';
import { type Row, type Tick, Work } from '../work.ts';
import { PostMessageTransport } from './capnweb-transport.ts';

export class CapnwebHost extends RpcTarget {
  readonly #work = new Work();

  greet(name: string) {
    return this.#work.greet(name);
  }
  takeJson(value: Row[]) {
    return this.#work.takeJson(value);
  }
  giveJson(size: number) {
    return this.#work.giveJson(size) as Row[];
  }
  takeBytes(value: Uint8Array) {
    return this.#work.takeBytes(value);
  }
  giveBytes(length: number): Uint8Array {
    return this.#work.giveBytes(length);
  }
  notify(message: Tick) {
    this.#work.notify(message);
  }
  seen(expected: number) {
    return this.#work.seen(expected);
  }
  taken() {
    return this.#work.taken();
  }
  stream(count: number, onTick: (message: Tick) => void) {
    return this.#work.stream(count, (message) => void onTick(message));
  }
}

export function serveCapnweb(webview: Webview): void {
  const transport = new PostMessageTransport(
    (message) => void webview.postMessage(message),
    (take) => void webview.onDidReceiveMessage(take),
  );
  void new RpcSession(transport, new CapnwebHost(), { limits: {} });
}

import { AsyncCall, notify } from 'async-call-rpc';
import type { Webview } from 'vscode';
import { type Row, type Tick, Work } from '../work.ts';
import type { AsyncCallPage } from './async-call-rpc.page.ts';

function functionsOf(work: Work, tick: (message: Tick) => unknown) {
  return {
    greet: (name: string) => work.greet(name),
    takeJson: (value: readonly Row[]) => work.takeJson(value),
    giveJson: (size: number) => work.giveJson(size),
    takeBytes: (value: Uint8Array) => work.takeBytes(value),
    giveBytes: (length: number) => work.giveBytes(length),
    notify: (message: Tick) => work.notify(message),
    seen: (expected: number) => work.seen(expected),
    taken: () => work.taken(),
    stream: (count: number) => work.stream(count, tick),
  };
}

export type AsyncCallHost = ReturnType<typeof functionsOf>;

export function serveAsyncCall(webview: Webview): void {
  const functions = functionsOf(new Work(), (message) => void events.tick(message));
  const page = AsyncCall<AsyncCallPage>(functions, {
    channel: {
      on: (take) => void webview.onDidReceiveMessage((message) => take(message)),
      send: (data) => void webview.postMessage(data),
    },
    log: false,
  });
  const events = notify(page);
}

import { createBirpc } from 'birpc';
import type { Webview } from 'vscode';
import { type Row, type Tick, Work } from '../work.ts';
import type { BirpcPage } from './birpc.page.ts';

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

export type BirpcHost = ReturnType<typeof functionsOf>;

export function serveBirpc(webview: Webview): void {
  const functions = functionsOf(new Work(), (message) => void rpc.$callEvent('tick', message));
  const rpc = createBirpc<BirpcPage, BirpcHost>(functions, {
    post: (data) => webview.postMessage(data),
    on: (take) => void webview.onDidReceiveMessage(take),
  });
}

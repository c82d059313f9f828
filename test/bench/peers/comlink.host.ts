import * as Comlink from 'comlink';
import type { Webview } from 'vscode';
import { type Row, type Tick, Work } from '../work.ts';
import { endpoint } from './comlink-endpoint.ts';
import type { ComlinkPage } from './comlink.page.ts';

function apiOf(work: Work, tick: (message: Tick) => unknown) {
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

export type ComlinkHost = ReturnType<typeof apiOf>;

export function serveComlink(webview: Webview): void {
  const lane = (name: 'host' | 'page') =>
    endpoint(
      name,
      (message) => void webview.postMessage(message),
      (take) => void webview.onDidReceiveMessage(take),
    );
  const page = Comlink.wrap<ComlinkPage>(lane('page'));
  Comlink.expose(
    apiOf(new Work(), (message) => void page.tick(message)),
    lane('host'),
  );
}

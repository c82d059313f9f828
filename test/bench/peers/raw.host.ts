/** The baseline: what one writes by hand, an id for each call and nothing more. */
import type { Webview } from 'vscode';
import type { Tick } from '../work.ts';
import { Work } from '../work.ts';

/** What the page says; without an id it expects no answer. */
export interface RawCall {
  readonly id?: number;
  readonly method: string;
  readonly args: readonly unknown[];
}

export type RawAnswer = { readonly id: number; readonly result: unknown } | { readonly tick: Tick };

export function serveRaw(webview: Webview): void {
  const work = new Work();
  let gathered = new Uint8Array();
  const methods: Record<string, (...args: never[]) => unknown> = {
    greet: (name) => work.greet(name),
    takeJson: (value) => work.takeJson(value),
    giveJson: (size) => work.giveJson(size),
    takeBytes: (value) => work.takeBytes(value),
    giveBytes: (length) => work.giveBytes(length),
    notify: (message) => work.notify(message),
    seen: (expected) => work.seen(expected),
    taken: () => work.taken(),
    stream: (count) => work.stream(count, (message) => void webview.postMessage({ tick: message })),
    takeChunk: (total: number, offset: number, chunk: Uint8Array) => {
      if (gathered.byteLength !== total) gathered = new Uint8Array(total);
      gathered.set(chunk, offset);
      return offset + chunk.byteLength === total ? work.takeBytes(gathered) : 0;
    },
    giveChunk: (total: number, offset: number, length: number) => work.giveBytes(total).slice(offset, offset + length),
  };
  webview.onDidReceiveMessage(async ({ id, method, args }: RawCall) => {
    const result = await methods[method]?.(...(args as never[]));
    if (id !== undefined) void webview.postMessage({ id, result } satisfies RawAnswer);
  });
}

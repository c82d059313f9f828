import { callTRPCProcedure, initTRPC } from '@trpc/server';
import type { Webview } from 'vscode';
import { type Row, type Tick, tick, Work } from '../work.ts';

export interface TrpcCall {
  readonly id: number;
  readonly type: 'query' | 'mutation' | 'subscription';
  readonly path: string;
  readonly input: unknown;
}

export type TrpcAnswer =
  | { readonly id: number; readonly data: unknown }
  | { readonly id: number; readonly next: unknown }
  | { readonly id: number; readonly done: true }
  | { readonly id: number; readonly error: string };

const t = initTRPC.create();

/** A parser that trusts, as the other contestants do. */
const as =
  <T>() =>
  (value: unknown) =>
    value as T;

function routerOf(work: Work) {
  return t.router({
    greet: t.procedure.input(as<string>()).query(({ input }) => work.greet(input)),
    takeJson: t.procedure.input(as<readonly Row[]>()).mutation(({ input }) => work.takeJson(input)),
    giveJson: t.procedure.input(as<number>()).query(({ input }) => work.giveJson(input)),
    takeBytes: t.procedure.input(as<Uint8Array>()).mutation(({ input }) => work.takeBytes(input)),
    giveBytes: t.procedure.input(as<number>()).query(({ input }) => work.giveBytes(input)),
    notify: t.procedure.input(as<Tick>()).mutation(({ input }) => work.notify(input)),
    seen: t.procedure.input(as<number>()).query(({ input }) => work.seen(input)),
    taken: t.procedure.query(() => work.taken()),
    stream: t.procedure.input(as<number>()).subscription(async function* ({ input }) {
      for (let index = 0; index < input; index++) {
        yield tick(index);
        await new Promise((next) => setImmediate(next));
      }
    }),
  });
}

export type TrpcRouter = ReturnType<typeof routerOf>;

export function serveTrpc(webview: Webview): void {
  const router = routerOf(new Work());
  const post = (answer: TrpcAnswer) => void webview.postMessage(answer);
  webview.onDidReceiveMessage(async ({ id, type, path, input }: TrpcCall) => {
    try {
      const data: unknown = await callTRPCProcedure({
        router,
        path,
        type,
        getRawInput: async () => input,
        ctx: {},
        signal: undefined,
        batchIndex: 0,
      });
      if (type !== 'subscription') return post({ id, data });
      for await (const next of data as AsyncIterable<unknown>) post({ id, next });
      post({ id, done: true });
    } catch (error) {
      post({ id, error: (error as Error).message });
    }
  });
}

import { createTRPCClient, TRPCClientError, type TRPCLink } from '@trpc/client';
import { observable } from '@trpc/server/observable';
import { enter } from '../page/bench.ts';
import { onMessage, vscode } from '../page/vscode-api.ts';
import type { TrpcAnswer, TrpcRouter } from './trpc.host.ts';

const pending = new Map<number, (answer: TrpcAnswer) => void>();
onMessage((answer: TrpcAnswer) => pending.get(answer.id)?.(answer));

/** A terminating link, as tRPC's documentation describes them. */
const postMessageLink: TRPCLink<TrpcRouter> =
  () =>
  ({ op }) =>
    observable((observer) => {
      const { id, type, path, input } = op;
      pending.set(id, (answer) => {
        if ('next' in answer) {
          observer.next({ result: { type: 'data', data: answer.next } });
          return;
        }
        pending.delete(id);
        if ('error' in answer) return observer.error(TRPCClientError.from(new Error(answer.error)));
        // JSON drops a result that is undefined, so `data` may be absent.
        if (!('done' in answer)) observer.next({ result: { data: answer.data } });
        observer.complete();
      });
      vscode.postMessage({ id, type, path, input });
      return () => pending.delete(id);
    });

const client = createTRPCClient<TrpcRouter>({ links: [postMessageLink] });

enter({
  trpc: {
    greet: (name) => client.greet.query(name),
    takeJson: (value) => client.takeJson.mutate(value),
    giveJson: (size) => client.giveJson.query(size),
    takeBytes: (value) => client.takeBytes.mutate(value),
    // The type is what JSON would make of bytes; postMessage carries them as they are.
    giveBytes: (length) => client.giveBytes.query(length) as unknown as Promise<Uint8Array>,
    notify: (message) => client.notify.mutate(message),
    seen: (expected) => client.seen.query(expected),
    taken: () => client.taken.query(),
    stream: (count, take) =>
      new Promise<void>((resolve, reject) => {
        client.stream.subscribe(count, { onData: take, onComplete: resolve, onError: reject });
      }),
  },
});

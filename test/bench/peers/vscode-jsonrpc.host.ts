import { createMessageConnection } from 'vscode-jsonrpc/node';
import type { Webview } from 'vscode';
import { type Row, type Tick, Work } from '../work.ts';
import { PostMessageReader, PostMessageWriter } from './vscode-jsonrpc-streams.ts';

export function serveJsonrpc(webview: Webview): void {
  const work = new Work();
  const connection = createMessageConnection(
    new PostMessageReader((take) => void webview.onDidReceiveMessage(take)),
    new PostMessageWriter((message) => void webview.postMessage(message)),
  );
  connection.onRequest('greet', ({ name }: { name: string }) => work.greet(name));
  connection.onRequest('takeJson', ({ value }: { value: readonly Row[] }) => work.takeJson(value));
  connection.onRequest('giveJson', ({ size }: { size: number }) => work.giveJson(size));
  connection.onRequest('takeBytes', ({ value }: { value: Uint8Array }) => work.takeBytes(value));
  connection.onRequest('giveBytes', ({ length }: { length: number }) => work.giveBytes(length));
  connection.onNotification('notify', (message: Tick) => work.notify(message));
  connection.onRequest('seen', ({ expected }: { expected: number }) => work.seen(expected));
  connection.onRequest('taken', () => work.taken());
  connection.onRequest('stream', ({ count }: { count: number }) =>
    work.stream(count, (message) => void connection.sendNotification('tick', message)),
  );
  connection.listen();
}

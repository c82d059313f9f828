import type { WebviewPanel } from 'vscode';
import { Messenger } from 'vscode-messenger';
import { Work } from '../work.ts';
import * as types from './vscode-messenger-types.ts';

export function serveMessenger(panel: WebviewPanel): void {
  const work = new Work();
  const messenger = new Messenger({ ignoreHiddenViews: false });
  const page = messenger.registerWebviewPanel(panel);
  messenger.onRequest(types.greet, (name) => work.greet(name));
  messenger.onRequest(types.takeJson, (value) => work.takeJson(value));
  messenger.onRequest(types.giveJson, (size) => work.giveJson(size));
  messenger.onRequest(types.takeBytes, (value) => work.takeBytes(value));
  messenger.onRequest(types.giveBytes, (length) => work.giveBytes(length));
  messenger.onNotification(types.notify, (message) => work.notify(message));
  messenger.onRequest(types.seen, (expected) => work.seen(expected));
  messenger.onRequest(types.taken, () => work.taken());
  messenger.onRequest(types.stream, (count) =>
    work.stream(count, (message) => messenger.sendNotification(types.tick, page, message)),
  );
}

import { HOST_EXTENSION } from 'vscode-messenger-common';
import { Messenger } from 'vscode-messenger-webview';
import { enter } from '../page/bench.ts';
import { vscode } from '../page/vscode-api.ts';
import type { Tick } from '../work.ts';
import * as types from './vscode-messenger-types.ts';

const messenger = new Messenger(vscode);
let onTick: (message: Tick) => void = () => undefined;
messenger.onNotification(types.tick, (message) => onTick(message));
messenger.start();

enter({
  'vscode-messenger': {
    greet: (name) => messenger.sendRequest(types.greet, HOST_EXTENSION, name),
    takeJson: (value) => messenger.sendRequest(types.takeJson, HOST_EXTENSION, value),
    giveJson: (size) => messenger.sendRequest(types.giveJson, HOST_EXTENSION, size),
    takeBytes: (value) => messenger.sendRequest(types.takeBytes, HOST_EXTENSION, value),
    giveBytes: (length) => messenger.sendRequest(types.giveBytes, HOST_EXTENSION, length),
    notify: (message) => messenger.sendNotification(types.notify, HOST_EXTENSION, message),
    seen: (expected) => messenger.sendRequest(types.seen, HOST_EXTENSION, expected),
    taken: () => messenger.sendRequest(types.taken, HOST_EXTENSION),
    stream: (count, take) => {
      onTick = take;
      return messenger.sendRequest(types.stream, HOST_EXTENSION, count);
    },
  },
});

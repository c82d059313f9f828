import { createMessageConnection } from 'vscode-jsonrpc/browser';
import { enter } from '../page/bench.ts';
import { onMessage, vscode } from '../page/vscode-api.ts';
import type { Tick } from '../work.ts';
import { PostMessageReader, PostMessageWriter } from './vscode-jsonrpc-streams.ts';

const connection = createMessageConnection(
  new PostMessageReader(onMessage),
  new PostMessageWriter((message) => vscode.postMessage(message)),
);
let onTick: (message: Tick) => void = () => undefined;
connection.onNotification('tick', (message: Tick) => onTick(message));
connection.listen();

enter({
  'vscode-jsonrpc': {
    greet: (name) => connection.sendRequest('greet', { name }),
    takeJson: (value) => connection.sendRequest('takeJson', { value }),
    giveJson: (size) => connection.sendRequest('giveJson', { size }),
    takeBytes: (value) => connection.sendRequest('takeBytes', { value }),
    giveBytes: (length) => connection.sendRequest('giveBytes', { length }),
    notify: (message) => connection.sendNotification('notify', message),
    seen: (expected) => connection.sendRequest('seen', { expected }),
    taken: () => connection.sendRequest('taken'),
    stream: (count, take) => {
      onTick = take;
      return connection.sendRequest('stream', { count });
    },
  },
});

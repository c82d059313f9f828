import { enter } from '../page/bench.ts';
import { onMessage, vscode } from '../page/vscode-api.ts';
import type { Row, Seen, Taken, Tick } from '../work.ts';
import type { RawAnswer } from './raw.host.ts';

const pending = new Map<number, (result: never) => void>();
let next = 0;
let onTick: (message: Tick) => void = () => undefined;

function call<R>(method: string, ...args: readonly unknown[]): Promise<R> {
  return new Promise((resolve) => {
    const id = next++;
    pending.set(id, resolve);
    vscode.postMessage({ id, method, args });
  });
}

onMessage((message: RawAnswer) => {
  if ('tick' in message) onTick(message.tick);
  else {
    pending.get(message.id)?.(message.result as never);
    pending.delete(message.id);
  }
});

const CHUNK = 1 << 20;
const WINDOW = 8;

/** Runs `move` for every piece, some of them at a time. */
async function inPieces(total: number, move: (offset: number, length: number) => Promise<void>): Promise<void> {
  let offset = 0;
  const worker = async () => {
    while (offset < total) {
      const at = offset;
      offset += CHUNK;
      await move(at, Math.min(CHUNK, total - at));
    }
  };
  await Promise.all(Array.from({ length: WINDOW }, worker));
}

enter({
  raw: {
    greet: (name) => call<string>('greet', name),
    takeJson: (value) => call<number>('takeJson', value),
    giveJson: (size) => call<Row[]>('giveJson', size),
    takeBytes: (value) => call<number>('takeBytes', value),
    giveBytes: (length) => call<Uint8Array>('giveBytes', length),
    stream: (count, take) => {
      onTick = take;
      return call('stream', count);
    },
    notify: (message) => vscode.postMessage({ method: 'notify', args: [message] }),
    seen: (expected) => call<Seen>('seen', expected),
    taken: () => call<Taken>('taken'),
    async takeChunked(value) {
      await inPieces(value.byteLength, (offset, length) =>
        call('takeChunk', value.byteLength, offset, value.slice(offset, offset + length)),
      );
      return value.byteLength;
    },
    async giveChunked(length) {
      const whole = new Uint8Array(length);
      await inPieces(length, async (offset, size) => {
        whole.set(await call<Uint8Array>('giveChunk', length, offset, size), offset);
      });
      return whole;
    },
  },
});

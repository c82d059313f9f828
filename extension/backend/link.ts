/** The process's way to the host: what is posted in one turn of the event loop leaves as one batch, in order. */
import type { FromProcess, ToProcess } from './protocol.ts';

/** Bodies of this size leave at once: serialising copies them, so that nobody else has to. */
const LARGE_BYTES = 16 * 1024;
/** Bytes of events that may wait for the host. */
const MAX_WAITING_BYTES = 256 * 1024 * 1024;

export class Link {
  #batch: FromProcess[] = [];
  #scheduled = false;
  #waitingBytes = 0;
  #batchBytes = 0;
  /** asked for messages that are worked out as late as possible, before each batch leaves */
  beforeFlush: (() => FromProcess | undefined) | undefined;

  onMessages(take: (messages: readonly ToProcess[]) => void): void {
    process.on('message', (batch) => take(batch as readonly ToProcess[]));
  }

  post(message: FromProcess): void {
    this.#batch.push(message);
    if (this.#scheduled) return;
    this.#scheduled = true;
    // After the messages of this turn: everything that they cause travels together, and nothing waits for a timer.
    setImmediate(() => {
      this.#scheduled = false;
      this.flush();
    });
  }

  /** Posts what a flood of which must not fill the memory; throws where too much waits already. */
  postBounded(message: FromProcess, bytes: number): void {
    if (this.#waitingBytes + this.#batchBytes > MAX_WAITING_BYTES) {
      throw new Error('too much waits for the host already (256 MiB): emit less, or let other code run in between');
    }
    this.#batchBytes += bytes;
    this.post(message);
  }

  /** Posts bytes that their owner may change afterwards. */
  postBytes(bytes: Uint8Array, make: (bytes: Uint8Array) => FromProcess): void {
    if (bytes.byteLength < LARGE_BYTES) return this.post(make(bytes.slice()));
    this.post(make(bytes));
    this.flush();
  }

  /** Sends what waits, now. Also from the `exit` handler: on a pipe the write happens before `send` returns. */
  flush(): void {
    const late = this.beforeFlush?.();
    if (late) this.#batch.push(late);
    if (this.#batch.length === 0 || !process.connected) return;
    const batch = this.#batch;
    const bytes = this.#batchBytes;
    this.#batch = [];
    this.#batchBytes = 0;
    this.#waitingBytes += bytes;
    const sent = () => {
      // An error means that the host is gone; `disconnect` ends the process.
      this.#waitingBytes -= bytes;
    };
    try {
      process.send?.(batch, undefined, {}, sent);
    } catch {
      // One of them cannot be cloned, such as bytes of a detached buffer: the others must not be lost with it.
      sent();
      for (const message of batch) sendAlone(message);
    }
  }
}

function sendAlone(message: FromProcess): void {
  try {
    process.send?.([message]);
  } catch (error) {
    const json = JSON.stringify(`Serialization error: ${(error as Error).message}`);
    if (message.kind === 'outcome') process.send?.([{ ...message, outcome: { ok: false, json } }]);
    else console.error(`A "${message.kind}" for the host was dropped:`, error);
  }
}

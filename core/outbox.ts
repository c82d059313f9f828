/**
 * The way to one page: gathers the messages of a turn into a frame, keeps their order, and never holds more than its
 * limits allow (docs/architecture.md, laws 5 to 8).
 *
 * A frame leaves at the end of the turn when nothing is on its way; else it leaves when the frame before it has
 * arrived, or after 8 ms ("group commit", measured in docs/benchmarks.md: a stream of one message per turn costs a
 * sixth of one postMessage each). Where a frame costs little, one with enough messages waits for neither. No message
 * that could leave at once waits for a timer.
 */
import { type Frame, FrameBuilder } from './wire.ts';

/** Carries frames to the page. */
export interface Transport {
  /** A frame with so many messages leaves whatever is on its way, for where a frame costs little. Undefined: no number does. */
  readonly most?: number | undefined;
  /** Carries one frame; false: the page was not there. */
  post(frame: Frame): PromiseLike<boolean>;
}

/** Bytes that may be on their way to a page before it says that it took them in. */
export const WINDOW_BYTES = 16 * 1024 * 1024;
/** Bytes that may wait in the host for one page; beyond, a send fails. */
export const MAX_WAITING_BYTES = 256 * 1024 * 1024;
/** What a waiting message holds in memory beside its text: records, promises of who sent it. Counted for that limit only. */
const MESSAGE_BYTES = 256;
/** A frame is closed when it has grown to this size. */
const FRAME_BYTES = 4 * 1024 * 1024;
const COMMIT_MS = 8;

export class Outbox {
  readonly #transport: Transport;
  readonly #onUndelivered: (records: readonly number[]) => void;
  #builder = new FrameBuilder();
  #records: number[] = [];
  /** frames that are complete and wait for credit */
  #waiting: { frame: Frame; records: number[]; size: number; messages: number }[] = [];
  #waitingBytes = 0;
  /** messages of the frames that wait, and of the one that is being gathered */
  #waitingMessages = 0;
  #gatheredMessages = 0;
  /** sent, and not yet taken in by the page */
  #unreceived = 0;
  #inFlight = 0;
  #scheduled = false;
  #commit: unknown;
  #room: (() => void)[] = [];
  /** frames of the page that were taken in and not yet acknowledged */
  #acknowledge = 0;
  #acknowledgeTimer: unknown;
  #closed = false;

  /** @param onUndelivered is told the record numbers of messages that did not arrive */
  constructor(transport: Transport, onUndelivered: (records: readonly number[]) => void) {
    this.#transport = transport;
    this.#onUndelivered = onUndelivered;
  }

  /** Bytes that wait in the host or are on their way. */
  get pendingBytes(): number {
    return this.#waitingBytes + this.#builder.size + this.#unreceived;
  }

  /**
   * Adds a message: `head` is its JSON without the closing brace, `value` the JSON text of its `value`, or the bytes.
   * Gives false where the page is gone or too much waits already.
   */
  add(head: string, value?: { json: string } | { bytes: Uint8Array }, record = 0): boolean {
    if (this.#closed || this.#held > MAX_WAITING_BYTES) return false;
    if (!value) this.#builder.add(`${head}}`);
    else if ('json' in value) this.#builder.add(`${head},"value":${value.json}}`);
    else this.#builder.add(`${head},"raw":${this.#builder.addRaw(value.bytes)}}`);
    this.#added(record);
    return true;
  }

  /** Adds a `run` with JSON, in its short form (core/wire.ts). Gives false as {@link add} does. */
  addRun(callback: number, json: string, record: number): boolean {
    if (this.#closed || this.#held > MAX_WAITING_BYTES) return false;
    this.#builder.add(`[${callback},${json}]`);
    this.#added(record);
    return true;
  }

  #added(record: number): void {
    this.#gathered(record);
    const { most = Number.POSITIVE_INFINITY } = this.#transport;
    const isFull = this.#gatheredMessages >= most && this.#hasCredit;
    if (isFull || this.#builder.size > FRAME_BYTES) this.#close();
    this.#schedule();
  }

  /**
   * Adds a short message that must not get lost, whatever waits already: `head` is its JSON without the closing brace.
   * Only a page that takes in nothing and asks for ever more loses one.
   */
  addSmall(head: string, record = 0): void {
    if (this.#closed || this.#held > 2 * MAX_WAITING_BYTES) return;
    this.#builder.add(`${head}}`);
    this.#added(record);
  }

  /**
   * Tells the page that one of its frames was taken in. Rides along with the next frame; goes alone when none leaves in
   * this turn of the event loop. It never waits for the page's credit: the page may need it to give that.
   */
  acknowledge(): void {
    if (this.#closed) return;
    this.#acknowledge++;
    this.#acknowledgeTimer ??= setTimeout(() => {
      this.#acknowledgeTimer = undefined;
      if (this.#acknowledge === 0 || this.#closed) return;
      const alone = new FrameBuilder();
      alone.add(this.#takeAcknowledgement());
      const frame = alone.take();
      this.#unreceived += frameSize(frame);
      // Not counted as in flight: an answer must not wait for it.
      void this.#carry(frame);
    }, 0);
  }

  #takeAcknowledgement(): string {
    const frames = this.#acknowledge;
    this.#acknowledge = 0;
    return `{"kind":"received","frames":${frames}}`;
  }

  /** about how much memory the waiting messages take */
  get #held(): number {
    return this.#waitingBytes + this.#builder.size + this.#waitingMessages * MESSAGE_BYTES;
  }

  #gathered(record: number): void {
    this.#waitingMessages++;
    this.#gatheredMessages++;
    if (record > 0) this.#records.push(record);
  }

  /** Resolves at once while there is room, else when the page has taken in enough. Never rejects: ask {@link add}. */
  room(): Promise<void> {
    if (this.#closed || this.pendingBytes < WINDOW_BYTES) return Promise.resolve();
    return new Promise((resolve) => this.#room.push(resolve));
  }

  /** The page took in `bytes`. */
  received(bytes: number): void {
    const blocked = !this.#hasCredit;
    this.#unreceived = Math.max(0, this.#unreceived - bytes);
    if (blocked) this.#flush(true);
    this.#makeRoom();
  }

  /** The page is gone: nothing more is sent, and who waits for room goes on (and fails). */
  close(): void {
    this.#closed = true;
    clearTimeout(this.#commit);
    clearTimeout(this.#acknowledgeTimer);
    this.#commit = undefined;
    const lost = [...this.#waiting.flatMap((each) => each.records), ...this.#records];
    this.#waiting = [];
    this.#waitingBytes = 0;
    this.#waitingMessages = 0;
    this.#gatheredMessages = 0;
    this.#records = [];
    this.#builder = new FrameBuilder();
    if (lost.length > 0) this.#onUndelivered(lost);
    this.#makeRoom();
  }

  #schedule(): void {
    if (this.#scheduled) return;
    this.#scheduled = true;
    queueMicrotask(() => {
      this.#scheduled = false;
      this.#flush(false);
    });
  }

  get #hasCredit(): boolean {
    return this.#unreceived < WINDOW_BYTES;
  }

  #flush(committed: boolean): void {
    if (this.#closed) return;
    const gathering = !committed && this.#inFlight > 0;
    if (gathering) {
      this.#commit ??= setTimeout(() => {
        this.#commit = undefined;
        this.#flush(true);
      }, COMMIT_MS);
    }
    // Without credit the frame goes on gathering: a slow page gets few large frames, not many small ones.
    while (this.#hasCredit) {
      if (this.#waiting.length === 0 && !gathering) this.#close();
      const next = this.#waiting.shift();
      if (!next) break;
      this.#waitingBytes -= next.size;
      this.#waitingMessages -= next.messages;
      this.#post(next.frame, next.records);
    }
  }

  /** Completes the frame that is being gathered. */
  #close(): void {
    if (this.#builder.empty) return;
    const leavesNow = this.#waiting.length === 0 && this.#hasCredit;
    if (this.#acknowledge > 0 && leavesNow) this.#builder.add(this.#takeAcknowledgement());
    const frame = this.#builder.take();
    const size = frameSize(frame);
    this.#waiting.push({ frame, records: this.#records, size, messages: this.#gatheredMessages });
    this.#gatheredMessages = 0;
    this.#waitingBytes += size;
    this.#records = [];
  }

  #post(frame: Frame, records: readonly number[]): void {
    const size = frameSize(frame);
    this.#unreceived += size;
    this.#inFlight++;
    void this.#carry(frame).then((delivered) => {
      this.#inFlight--;
      if (!delivered) {
        // Nobody will say that these bytes came.
        this.received(size);
        if (records.length > 0) this.#onUndelivered(records);
      }
      if (this.#inFlight === 0 && !this.#closed && !(this.#builder.empty && this.#waiting.length === 0)) {
        clearTimeout(this.#commit);
        this.#commit = undefined;
        this.#flush(true);
      }
    });
  }

  /** Never rejects: a transport that fails did not deliver. */
  async #carry(frame: Frame): Promise<boolean> {
    try {
      return await this.#transport.post(frame);
    } catch {
      return false;
    }
  }

  #makeRoom(): void {
    if (!this.#closed && this.pendingBytes >= WINDOW_BYTES) return;
    const waiting = this.#room;
    this.#room = [];
    for (const go of waiting) go();
  }
}

function frameSize(frame: Frame): number {
  return frame.reduce((sum, part) => sum + part.length, 0);
}

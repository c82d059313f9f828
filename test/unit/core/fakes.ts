/** A page that is ten lines of fake: it collects what is posted, and says what a test has it say. */
import { setTimeout as pause } from 'node:timers/promises';
import type { Connection } from '#core/connection.ts';
import { Core, type CoreOptions } from '#core/core.ts';
import type { Transport } from '#core/outbox.ts';
import type { CoreWindow } from '#core/window.ts';
import { type Frame, FrameBuilder, openFrame, WIRE_VERSION } from '#core/wire.ts';

export type Message = Record<string, unknown>;

/** Waits until `condition` holds; fails where it never does. */
export async function until(condition: () => unknown): Promise<void> {
  const end = performance.now() + 60_000;
  for (let asked = 0; !condition(); asked++) {
    if (performance.now() > end) throw new Error(`never came true: ${condition}`);
    // What takes longer happens elsewhere, mostly in another process: leave it the processor.
    await (asked < 100 ? new Promise((resolve) => setImmediate(resolve)) : pause(2));
  }
}

/** Lets everything run that waits for no timer. */
export async function turn(): Promise<void> {
  for (let n = 0; n < 3; n++) await new Promise((resolve) => setImmediate(resolve));
}

export class FakeTransport implements Transport {
  most: number | undefined;
  readonly frames: Frame[] = [];
  /** what `post` answers; a function to let a test decide when */
  answer: boolean | (() => PromiseLike<boolean>) = true;

  post(frame: Frame): PromiseLike<boolean> {
    this.frames.push(frame);
    return typeof this.answer === 'function' ? this.answer() : Promise.resolve(this.answer);
  }

  /** all messages posted, in order; where one has a raw body, its bytes, or how many of them where they are many */
  get messages(): Message[] {
    return this.frames.flatMap((frame) => {
      const { messages, raw } = openFrame(frame);
      return (messages as Message[]).map(({ raw: index, ...message }) => {
        const body = raw[index as number];
        return body ? { ...message, bytes: body.length > 100 ? body.length : [...body] } : message;
      });
    });
  }

  get bytes(): number {
    return this.frames.reduce((sum, frame) => sum + openFrame(frame).size, 0);
  }
}

/** A frame with these messages and raw bodies, as a page would post it. */
export function frameOf(messages: readonly unknown[], raw: readonly Uint8Array[] = []): Frame {
  const builder = new FrameBuilder();
  for (const each of raw) builder.addRaw(each);
  for (const message of messages) builder.add(JSON.stringify(message));
  return builder.take();
}

export interface FakePage {
  readonly window: CoreWindow;
  readonly connection: Connection;
  readonly transport: FakeTransport;
  say(...messages: unknown[]): void;
  /** a new page load */
  ready(): void;
  /** `callback` gets the result, `callback + 1` the rejection */
  invoke(cmd: string, payload: unknown, callback: number): void;
  /** values that callbacks were run with */
  ran(callback: number): unknown[];
}

export function openFake(core: Core, label = 'main'): FakePage {
  const transport = new FakeTransport();
  const window = core.createWindow({ label }, { setTitle() {}, setTheme() {}, reveal() {}, dispose() {} });
  const connection = core.connect(window, transport);
  const page: FakePage = {
    window,
    connection,
    transport,
    say: (...messages) => connection.receive(frameOf(messages)),
    ready: () => page.say({ kind: 'ready', version: WIRE_VERSION, url: 'http://localhost/' }),
    invoke: (cmd, payload, callback) => page.say({ kind: 'invoke', cmd, callback, error: callback + 1, payload }),
    ran: (callback) =>
      transport.messages
        .filter(({ kind, id }) => kind === 'run' && id === callback)
        .map(({ value, bytes }) => bytes ?? value),
  };
  page.ready();
  return page;
}

export const createCore = (options: Partial<CoreOptions> = {}) => new Core({ name: 'Test', ...options });

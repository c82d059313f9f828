/**
 * The connection to one window's page. Identity comes from here: whatever arrives belongs to this window and to its
 * present generation (page load), whatever it says of itself.
 */
import type { Origin } from './acl/reach.ts';
import { type Call, failure, type MaybePromise, type Outcome, type RequestBody } from './call.ts';
import type { ChannelSink } from './channel.ts';
import { type Isolation, openBody, type Opener } from './isolation.ts';
import { Outbox, type Transport } from './outbox.ts';
import { CLOSED_CHANNEL, PageChannels } from './page-channels.ts';
import { PageStacks } from './page-stacks.ts';
import { printable } from './printable.ts';
import { randomId, ResourceTable } from './resource.ts';
import { ResourceRecords } from './resource-records.ts';
import { RunningCall } from './running-call.ts';
import type { Tap } from './tap.ts';
import type { CoreWindow } from './window.ts';
import {
  errorCallbackOf,
  type FromPage,
  type InvokeMessage,
  type OpenFrame,
  openFrame,
  type PageChange,
  WireError,
  readMessage,
} from './wire.ts';

/** Calls of one window that may run at the same time; one more is rejected with a sentence that says so. */
export const MAX_RUNNING_CALLS = 65_536;

/** As nearly all calls have. */
const NO_HEADERS: Call['headers'] = Object.freeze([]);

/** why something was not delivered: the page is there, but takes in too slowly */
const TOO_MUCH_WAITS = 'too much waits for this page already';

/** What a connection needs of the core. */
export interface ConnectionHost {
  tap(): Tap;
  appName(): string;
  callId(): number;
  /** undefined where the app has no isolation page */
  isolation(): Isolation | undefined;
  /** answers a call, at once where nothing has to wait; never rejects */
  call(call: Call, connection: Connection): MaybePromise<Outcome>;
  /** a page is ready: a new generation */
  pageStarted(connection: Connection, url: string): void;
  /** its document is complete */
  pageFinished(connection: Connection, url: string): void;
  /** the page is gone, its listeners with it */
  pageGone(connection: Connection): void;
  /** something failed that no page waits for: for the log; never throws */
  report(where: string, error: unknown): void;
}

export class Connection {
  readonly window: CoreWindow;
  /**
   * Where the present page comes from. The host sets it before the page's first frame, by where it served the page from;
   * the app itself where nothing else is said. Calls carry it to the authority.
   */
  origin: Origin = 'local';
  /** resources of this page; they are closed when it reloads or goes */
  resources: ResourceTable;
  #resourceRecords: ResourceRecords;
  /** told of changes of the localStorage that the host keeps for the page */
  onStorage: ((key: string | null, value: string | null) => void) | undefined;
  readonly #transport: Transport;
  readonly #host: ConnectionHost;
  readonly #running = new Map<number, RunningCall>();
  readonly #channels: PageChannels;
  #outbox: Outbox;
  #generation = 0;
  /** the document of the present page is complete, or of the one that is about to say it is ready */
  #complete = false;
  /** between a page's `ready` and its end */
  #live = false;
  #url = '';
  #opener: Opener | undefined;
  readonly #stacks = new PageStacks();
  /** somebody waits for the page's selection */
  #selection: PromiseWithResolvers<string> | undefined;
  #closed = false;

  constructor(window: CoreWindow, transport: Transport, host: ConnectionHost) {
    this.window = window;
    this.#transport = transport;
    this.#host = host;
    this.#outbox = this.#createOutbox();
    this.#resourceRecords = this.#createRecords();
    this.resources = new ResourceTable(randomId, this.#resourceRecords);
    this.#channels = new PageChannels({
      tap: () => host.tap(),
      appName: () => host.appName(),
      // Its number is given to the next one: the page misses nothing.
      onDropped: (record) => tellUndelivered(host.tap(), [record], TOO_MUCH_WAITS),
    });
  }

  /** The number of page loads so far; 0 before the first page was ready. */
  get generation(): number {
    return this.#generation;
  }

  /** The address of the present page; empty while there is none. */
  get url(): string {
    return this.#url;
  }

  /** Whether there is a page that has said it is ready. */
  get ready(): boolean {
    return this.#live;
  }

  /** Calls of this page that have no outcome yet. */
  get runningCalls(): number {
    return this.#running.size;
  }

  get openChannels(): number {
    return this.#channels.size;
  }

  // ---- from the page

  /** Takes what the page posted: parses it, records what cannot be read, and never throws. */
  receive(posted: unknown): void {
    if (this.#closed) return;
    let frame: OpenFrame;
    try {
      frame = openFrame(posted);
    } catch (error) {
      this.#problem('unreadable message', (error as Error).message, posted);
      const messages = error instanceof WireError ? error.messages : [];
      for (const message of messages) this.#refuse(message, { path: [], message: (error as Error).message });
      this.#outbox.acknowledge();
      return;
    }
    const weight = Math.ceil(frame.size / Math.max(1, frame.messages.length));
    for (const message of frame.messages) {
      // A handler may have closed the window: what the page says behind that comes from nobody.
      if (this.#closed) return;
      const read = readMessage(message);
      if (!('message' in read)) this.#refuse(message, read.issue);
      else {
        try {
          this.#take(read.message, frame, weight);
        } catch (error) {
          this.#host.report(`message "${read.message.kind}" of window "${this.window.label}"`, error);
        }
      }
    }
    // After the messages: a frame with `ready` is acknowledged to the page that said it, not to the one before.
    this.#outbox.acknowledge();
  }

  #take(message: FromPage, frame: OpenFrame, weight: number): void {
    if (message.kind === 'ready') return this.#begin(message.url, message.isolation);
    if (!this.#live) {
      this.#problem(`"${message.kind}" before "ready"`, 'the page spoke before it was ready: dropped', message);
      return;
    }
    switch (message.kind) {
      case 'invoke':
        this.#invoke(message, frame, weight);
        break;
      case 'stack':
        this.#stacks.set(message.id, message.text);
        break;
      case 'received':
        this.#outbox.received(message.bytes);
        break;
      case 'metrics': {
        const { kind: _kind, ...metrics } = message;
        this.window.setMetrics(metrics);
        break;
      }
      case 'drag':
        this.window.drag(message);
        break;
      case 'selection':
        this.#selected(message.text);
        break;
      case 'storage':
        this.onStorage?.(message.key, message.value);
        break;
      case 'refused': {
        const { cmd, payload, reason } = message;
        if (this.#host.isolation()) this.#recordRefusal(cmd, { kind: 'json', value: payload }, {}, weight, reason);
        break;
      }
      case 'problem':
        this.#problem(message.about, message.message);
        break;
    }
  }

  /** A message of no known shape. Where it can be answered it is, so that no promise of the page waits for ever. */
  #refuse(
    message: unknown,
    issue: { readonly path: readonly PropertyKey[]; readonly message: string } | undefined,
  ): void {
    const reason = `malformed message: ${issue?.path.join('.') || 'message'}: ${issue?.message ?? 'unreadable'}`;
    this.#problem('malformed message', reason, message);
    const error = errorCallbackOf(message);
    if (error !== undefined) this.#run(error, { json: JSON.stringify(reason) }, 0, error);
  }

  #begin(url: string, isolation: string | undefined): void {
    this.#endGeneration('the page reloaded');
    this.#outbox = this.#createOutbox();
    this.#generation++;
    this.#resourceRecords = this.#createRecords();
    this.resources = new ResourceTable(randomId, this.#resourceRecords);
    this.#stacks.clear();
    this.#live = true;
    // A page may say anything of itself; where a remote one comes from, the host knows.
    this.#url = this.origin === 'local' ? url : this.origin.remote;
    this.#opener = isolation === undefined ? undefined : this.#host.isolation()?.opener(isolation);
    // First of all that the page hears: plugins may have something to tell it as soon as it is there.
    this.#outbox.addSmall('{"kind":"welcome"');
    this.#host.pageStarted(this, this.#url);
    if (this.#complete) this.#host.pageFinished(this, this.#url);
  }

  /** The page's document is complete; the page itself may not have been heard yet. Counts once for each page load. */
  pageFinished(): void {
    if (this.#complete || this.#closed) return;
    this.#complete = true;
    if (this.#live) this.#host.pageFinished(this, this.#url);
  }

  #invoke(message: InvokeMessage, frame: OpenFrame, weight: number): void {
    let body = bodyOf(message, frame);
    if (!body) {
      this.#refuse(message, { path: ['raw'], message: 'no such raw body in the frame' });
      return;
    }
    if (this.#host.isolation()) {
      try {
        body = openBody(this.#opener, message, body);
      } catch (error) {
        const { message: reason } = error as Error;
        const record = this.#recordRefusal(message.cmd, body, message, weight, reason);
        this.#run(message.error, { json: JSON.stringify(reason) }, record, message.error);
        return;
      }
    }
    const outbox = this.#outbox;
    const record = this.#call(message.cmd, body, message, weight, undefined, (outcome, recordOf) => {
      this.#answer(outbox, outcome, message, recordOf);
    });
    if (record === undefined) {
      const text = `too many calls at once: window "${this.window.label}" has ${MAX_RUNNING_CALLS} that are not answered yet`;
      this.#problem(message.cmd, text, message);
      this.#run(message.error, { json: JSON.stringify(text) }, 0, message.error);
    }
  }

  /** Records a call that got no further than the door: nothing of the core has seen it. */
  #recordRefusal(
    cmd: string,
    body: RequestBody,
    { headers = [], stack }: Pick<InvokeMessage, 'headers' | 'stack'>,
    weight: number,
    reason: string,
  ): number {
    const tap = this.#host.tap();
    const known = { cmd, window: this.window.label, generation: this.#generation, origin: this.origin, body, headers };
    const from = this.#stacks.take(stack);
    const record = tap.call(this.#host.appName(), known, weight + from.weight, from.text);
    tap.settle(record, failure(reason, { denied: true }));
    tap.update(record, { note: `refused at the door: ${reason}` });
    return record;
  }

  /** Runs a call; gives the number of its record, or undefined where too many run already. */
  #call(
    cmd: string,
    body: RequestBody,
    { headers = [], stack }: Pick<InvokeMessage, 'stack'> & { readonly headers?: Call['headers'] | undefined },
    weight: number,
    replayed: { readonly of: number; readonly origin: Origin } | undefined,
    done: (outcome: Outcome, record: number) => void,
  ): number | undefined {
    if (this.#running.size >= MAX_RUNNING_CALLS) return undefined;
    const known = {
      cmd,
      window: this.window.label,
      origin: replayed?.origin ?? this.origin,
      generation: this.#generation,
      body,
      headers: headers.length === 0 ? NO_HEADERS : headers.map(([name, value]) => [name.toLowerCase(), value] as const),
      ...(replayed && { replayOf: replayed.of }),
    };
    const from = this.#stacks.take(stack);
    const record = this.#host.tap().call(this.#host.appName(), known, weight + from.weight, from.text);
    const call = new RunningCall(this.#host.callId(), record, known);
    this.#running.set(call.id, call);
    const ended = (outcome: Outcome) => {
      this.#running.delete(call.id);
      this.#channels.callEnded(call.id);
      done(outcome, record);
    };
    const answer = this.#host.call(call, this);
    if (answer instanceof Promise) void answer.then(ended);
    else ended(answer);
    return record;
  }

  /**
   * Sends a recorded call again, as this window and through the same stages; the page is not told the outcome. It comes
   * from where the recorded one came from, whatever page the window shows now; without `replayed` it is a call of its own,
   * of that page. Gives the number of the new record as soon as the call runs.
   */
  resend(
    call: { cmd: string; body: RequestBody; headers: readonly (readonly [string, string])[] },
    replayed?: { readonly of: number; readonly origin: Origin },
  ): { record: number; outcome: Promise<Outcome> } {
    if (!this.ready) throw new Error(`window "${this.window.label}" has no page to send it from`);
    const { promise, resolve } = Promise.withResolvers<Outcome>();
    const weight =
      call.body.kind === 'raw' ? call.body.bytes.byteLength : JSON.stringify(call.body.value ?? null).length;
    const record = this.#call(call.cmd, call.body, { headers: call.headers }, weight, replayed, resolve);
    if (record === undefined)
      throw new Error(`window "${this.window.label}" has too many calls that are not answered yet`);
    return { record, outcome: promise };
  }

  #answer(outbox: Outbox, outcome: Outcome, message: InvokeMessage, record: number): void {
    // Of a page that is gone: its record says so since it went.
    if (outbox !== this.#outbox || this.#closed) return;
    const { callback, error } = message;
    if (!outcome.ok) this.#run(error, { json: outcome.json }, record, error);
    else if (outcome.result.kind === 'raw') this.#run(callback, { bytes: outcome.result.bytes }, record, error);
    else this.#run(callback, { json: outcome.result.json }, record, error);
  }

  /** Runs a callback of the page; where there is no room for `value`, the page's promise rejects with a sentence. */
  #run(callback: number, value: { json: string } | { bytes: Uint8Array }, record: number, error: number): void {
    const added =
      'json' in value
        ? this.#outbox.addRun(callback, value.json, record)
        : this.#outbox.add(`{"kind":"run","id":${callback}`, value, record);
    if (added) return;
    this.#undelivered([record], TOO_MUCH_WAITS);
    // The page must not wait for ever: an answer without a body always fits.
    this.#outbox.addSmall(
      `{"kind":"run","id":${error},"value":"the answer was dropped: the page takes in its messages too slowly"`,
    );
  }

  // ---- to the page

  /** The host's end of the page's channel `id`, one for each call it was handed over in. */
  channel(call: Call, id: number): ChannelSink {
    const present = call.generation === this.#generation && this.#live;
    return present ? this.#channels.open(call, id, this.#outbox) : CLOSED_CHANNEL;
  }

  /** Hands an event to the listeners `ids` of this page; `record` is the event's. */
  sendEvent(ids: readonly number[], event: string, json: string, record: number): void {
    const head = `{"kind":"event","event":${JSON.stringify(event)},"ids":[${ids.join(',')}],"payload":${json}`;
    if (!this.#outbox.add(head, undefined, record)) this.#undelivered([record], TOO_MUCH_WAITS);
  }

  /** Tells the page of a listener before the answer of `listen` does, so that no event is missed. */
  sendListener(event: string, id: number, handler: number, target: unknown): void {
    this.#outbox.addSmall(
      `{"kind":"listener","event":${JSON.stringify(event)},"id":${id},"handler":${handler},"target":${JSON.stringify(target)}`,
    );
  }

  sendUnlisten(event: string, id: number): void {
    this.#outbox.addSmall(`{"kind":"unlisten","event":${JSON.stringify(event)},"id":${id}`);
  }

  /** Changes something of the page itself: its theme, zoom, cursor … */
  change(change: PageChange): void {
    this.#outbox.add(`{"kind":"change","property":${JSON.stringify(change.property)}`, {
      json: JSON.stringify(change.value),
    });
  }

  /** Does in the page what `document.execCommand` knows: edits where its cursor is, for the most part. */
  edit(command: 'delete' | 'insertText' | 'print' | 'redo' | 'selectAll' | 'undo', text = ''): void {
    this.change({ property: 'edit', value: [command, false, text] });
  }

  /** The text that is selected in the page; empty where the page goes before it has answered. */
  selection(): Promise<string> {
    if (!this.#live) return Promise.resolve('');
    if (!this.#selection) {
      this.#selection = Promise.withResolvers();
      this.change({ property: 'selection', value: true });
    }
    return this.#selection.promise;
  }

  /** Nobody has asked for what a page says of its own accord. */
  #selected(text: string): void {
    this.#selection?.resolve(text);
    this.#selection = undefined;
  }

  // ---- ends

  /** The page is gone and none follows: its window closed. */
  close(): void {
    if (this.#closed) return;
    this.#endGeneration('the window closed');
    this.#closed = true;
  }

  /** The page's document is gone (navigation, hidden panel); a new one may come. */
  pageGone(reason: string): void {
    this.#complete = false;
    this.#endGeneration(reason);
    this.#outbox = this.#createOutbox();
  }

  /** What is pending is settled, what is running is aborted; listeners, channels and resources go (law 3). */
  #endGeneration(reason: string): void {
    const tap = this.#host.tap();
    // First of all: who is told below must not find it ready, and the next page has to say `ready` itself.
    this.#live = false;
    this.#url = '';
    this.#opener = undefined;
    this.#selected('');
    const running = [...this.#running.values()];
    this.#running.clear();
    for (const call of running) {
      tap.update(call.record, { status: 'orphan', note: reason });
      call.abort(new Error(reason));
    }
    this.#channels.pageGone(reason);
    this.#outbox.close();
    this.#host.pageGone(this);
    this.#resourceRecords.reason = reason;
    try {
      this.resources.dispose();
    } catch (error) {
      this.#host.report(`resources of window "${this.window.label}"`, error);
    }
  }

  #createRecords(): ResourceRecords {
    const owner = { app: this.#host.appName(), window: this.window.label, generation: this.#generation };
    return new ResourceRecords(() => this.#host.tap(), owner);
  }

  #createOutbox(): Outbox {
    return new Outbox(this.#transport, (records) => this.#undelivered(records, 'the page was not there'));
  }

  #undelivered(records: readonly number[], note: string): void {
    tellUndelivered(this.#host.tap(), records, note);
    if (this.#live) this.#channels.undelivered(records);
  }

  #problem(name: string, note: string, message?: unknown): void {
    this.#host.tap().add({
      kind: 'problem',
      direction: 'to-host',
      app: this.#host.appName(),
      window: this.window.label,
      generation: this.#generation,
      name,
      status: 'error',
      note,
      body: message === undefined ? { kind: 'none' } : { kind: 'text', json: printable(message) },
    });
  }
}

function tellUndelivered(tap: Tap, records: readonly number[], note: string): void {
  for (const record of records) if (record > 0) tap.update(record, { status: 'undelivered', note });
}

function bodyOf(message: InvokeMessage, frame: OpenFrame): RequestBody | undefined {
  if (message.raw === undefined) return { kind: 'json', value: message.payload };
  const bytes = frame.raw[message.raw];
  return bytes && { kind: 'raw', bytes };
}

/**
 * One backend process and all that it holds of the app: the calls it runs, the page's channels, its listeners. The
 * process serves once it has loaded and was taken over; until then what it wants of the app waits.
 */
import type { Grants } from '#core/acl/grants.ts';
import { NO_SCOPES, type Scopes } from '#core/acl/scope/scope.ts';
import { type Call, failure, type HandlerClock, type Outcome } from '#core/call.ts';
import type { ChannelBody, ChannelSink } from '#core/channel.ts';
import type { Connection } from '#core/connection.ts';
import type { Core } from '#core/core.ts';
import { IpcError } from '#core/error.ts';
import type { EventTarget } from '#core/event.ts';
import { type Disposable, Emitter, Lifetime } from '#core/lifetime.ts';
import { Child, type ChildOptions } from './child.ts';
import { ROOM_BYTES, sizeOf } from './credit.ts';
import type { CommandInfo, FromProcess, Hook, LoadedFile, LoadError, PluginInfo } from './protocol.ts';
import { systemTime } from './system-time.ts';

export interface SessionOptions extends ChildOptions {
  readonly core: Core;
  /** a process that has not been told yet what to load */
  readonly warm?: Child | undefined;
  /** how long it may be silent before it is killed; undefined: for ever, as when it is debugged */
  readonly hangMs: number | undefined;
  /** how long it may load; undefined: for ever */
  readonly loadMs: number | undefined;
}

export type Loaded =
  | { readonly kind: 'ready' }
  | { readonly kind: 'failed'; readonly error: LoadError }
  /** it was given up: newer code is being loaded, or the app ended */
  | { readonly kind: 'dropped' };

interface Pending {
  readonly call: Call;
  readonly connection: Connection;
  readonly clock: HandlerClock;
  readonly settle: (outcome: Outcome) => void;
}

interface OpenChannel {
  readonly sink: ChannelSink;
  readonly window: string;
  readonly generation: number;
  /** bytes that were taken in and not yet told */
  taken: number;
}

/** Pings are answered within a turn of the event loop; sent this often, a hang is noticed soon after `hangMs`. */
const PING_MS = 1000;

/** Calls whose late answer is still waited for; of older ones it is not told. */
const MAX_LATE = 1024;

export class Session implements Disposable {
  readonly child: Child;
  readonly #options: SessionOptions;
  readonly #core: Core;
  readonly #life = new Lifetime();
  readonly #loaded = Promise.withResolvers<Loaded>();
  readonly #filesChanged = this.#life.own(new Emitter<void>());
  readonly #pending = new Map<number, Pending>();
  /** records of calls whose page went before their answer came, by the number of the call */
  readonly #late = new Map<number, number>();
  readonly #channels = new Map<string, OpenChannel>();
  readonly #listeners = new Map<number, Disposable>();
  readonly #asked = new Map<number, (allowed: boolean) => void>();
  #commands: readonly CommandInfo[] = [];
  #plugins: readonly PluginInfo[] = [];
  #files: readonly LoadedFile[] = [];
  #missing: readonly string[] = [];
  /** what the process wants of the app before it serves; undefined once it does */
  #held: FromProcess[] | undefined = [];
  #grants: Grants;
  #replaced = false;
  #nextAsk = 1;
  #unanswered = 0;

  constructor(options: SessionOptions) {
    this.#options = options;
    this.#core = options.core;
    this.#grants = this.#core.authority.grants;
    this.child = this.#life.own(options.warm ?? new Child(options));
    this.child.onMessage((message) => this.#receive(message));
    this.child.onUndelivered(({ message, reason }) => {
      if (message.kind !== 'call') return;
      const text = `Serialization error: the arguments of "${message.cmd}" cannot reach the backend: ${reason}`;
      this.#settle(message.id, failure(text));
    });
    this.child.post({
      kind: 'init',
      name: this.#core.name,
      windows: this.#windows(),
      grants: this.#grants.data,
      pluginConfig: this.#core.pluginConfig,
    });
    this.#life.own(this.#core.onWindowsChanged(() => this.child.post({ kind: 'windows', windows: this.#windows() })));
    this.#life.onEnd(() => this.#loaded.resolve({ kind: 'dropped' }));
    this.#limitLoading();
    void this.child.ended.then((reason) => {
      this.#loaded.resolve({ kind: 'failed', error: { message: `It ended while it loaded: ${reason}.` } });
      this.#letGo();
    });
  }

  /** Resolves once: when the code has loaded, or why it has not. */
  get loaded(): Promise<Loaded> {
    return this.#loaded.promise;
  }

  get commands(): readonly CommandInfo[] {
    return this.#commands;
  }

  get plugins(): readonly PluginInfo[] {
    return this.#plugins;
  }

  get files(): readonly LoadedFile[] {
    return this.#files;
  }

  /** Where a file that an import asked for would have to be. */
  get missing(): readonly string[] {
    return this.#missing;
  }

  get pendingCalls(): number {
    return this.#pending.size;
  }

  readonly onFilesChanged = this.#filesChanged.event;

  // ---- loading

  #limitLoading(): void {
    const { loadMs } = this.#options;
    if (loadMs === undefined) return;
    const timer = setTimeout(() => {
      const message = `It did not finish loading within ${seconds(loadMs)}: its top level or setup() waits for something.`;
      this.#loaded.resolve({ kind: 'failed', error: { message, file: this.#options.entry, line: 1, column: 1 } });
      this.child.kill('it did not finish loading');
    }, loadMs);
    this.#life.onEnd(() => clearTimeout(timer));
    void this.loaded.then(() => clearTimeout(timer));
  }

  /** From now on it serves: what it wanted of the app while it loaded is done, and its plugins hear what there is already. */
  takeOver(appIsReady: boolean): void {
    const held = this.#held ?? [];
    this.#held = undefined;
    for (const message of held) this.#receive(message);
    if (appIsReady) this.hook({ name: 'onEvent', event: { kind: 'Ready' } });
    for (const window of this.#core.windows.values()) {
      this.hook({ name: 'onWindowReady', window: window.label });
      this.hook({ name: 'onWebviewReady', window: window.label });
      const { connection } = window;
      if (!connection?.ready) continue;
      this.hook({ name: 'onPageLoad', window: window.label, load: { url: connection.url, event: 'Finished' } });
    }
    this.#watch();
  }

  /** Kills a process that answers no pings. Counts pings, not time: after a sleeping machine wakes, nobody is late. */
  #watch(): void {
    const { hangMs } = this.#options;
    if (hangMs === undefined) return;
    const interval = Math.min(PING_MS, hangMs / 4);
    const timer = setInterval(() => {
      if (this.#unanswered * interval >= hangMs) this.child.kill(`it did not respond for ${seconds(hangMs)}`);
      else if (this.#unanswered++ === 0) this.child.post({ kind: 'ping' });
    }, interval);
    this.#life.onEnd(() => clearInterval(timer));
    void this.child.ended.then(() => clearInterval(timer));
  }

  // ---- calls

  run(call: Call, connection: Connection, clock: HandlerClock, scopes: Scopes): Promise<Outcome> {
    const { promise, resolve: settle } = Promise.withResolvers<Outcome>();
    this.#pending.set(call.id, { call, connection, clock, settle });
    call.signal.addEventListener('abort', () => this.#abort(call), { once: true });
    const { grants } = this.#core.authority;
    if (grants !== this.#grants) {
      this.#grants = grants;
      this.child.post({ kind: 'grants', grants: grants.data });
    }
    const { id, record, cmd, window, generation, body, headers, origin } = call;
    this.child.post({
      kind: 'call',
      id,
      record,
      cmd,
      window,
      generation,
      body,
      headers,
      origin,
      ...(scopes !== NO_SCOPES && { scopes }),
    });
    return promise;
  }

  #abort(call: Call): void {
    if (!this.#pending.has(call.id)) return;
    const { reason } = call.signal as { readonly reason: unknown };
    const text = reason instanceof Error ? reason.message : String(reason);
    this.child.post({ kind: 'abort', id: call.id, reason: text });
    // Nobody waits for its outcome any more, and a handler that ignores its signal may run for ever.
    this.#settle(call.id, failure(text, { abandoned: true }));
    this.#late.set(call.id, call.record);
    const [oldest = 0] = this.#late.keys();
    if (this.#late.size > MAX_LATE) this.#late.delete(oldest);
  }

  /** Gives why a capability cannot be added; undefined where it was. */
  #addCapability(text: string): string | undefined {
    if (this.#replaced) return 'the code that adds this capability was replaced, or its app has ended';
    try {
      this.#core.addCapability(text, this);
      return undefined;
    } catch (error) {
      return (error as Error).message;
    }
  }

  /** Newer code serves: what this one added to the permissions goes, and it adds no more. Its calls may still end. */
  replaced(): void {
    this.#replaced = true;
    this.#core.dropCapabilities(this);
  }

  /** Answers all calls that run with a rejection. */
  rejectCalls(sentence: (cmd: string) => string): void {
    const pending = [...this.#pending.values()];
    this.#pending.clear();
    for (const { call, settle } of pending) {
      this.child.post({ kind: 'abort', id: call.id, reason: sentence(call.cmd) });
      settle(failure(sentence(call.cmd)));
    }
  }

  /** Resolves when no call runs any more, or after `graceMs`. */
  async idle(graceMs: number): Promise<void> {
    if (this.#pending.size === 0) return;
    const { promise, resolve } = Promise.withResolvers<void>();
    const timer = setTimeout(resolve, graceMs);
    this.#onIdle = resolve;
    await promise;
    clearTimeout(timer);
  }

  #onIdle: (() => void) | undefined;

  pageGone(window: string, generation: number): void {
    for (const channel of this.#channels.values()) {
      if (channel.window !== window || channel.generation !== generation) continue;
      this.child.post({ kind: 'pageGone', window, generation });
      return;
    }
  }

  // ---- plugins

  /** Tells the plugins, where one of them wants to hear it. */
  hook(hook: Hook): void {
    if (this.#hasHook(hook.name)) this.child.post({ kind: 'hook', hook });
  }

  #hasHook(name: string): boolean {
    return this.#plugins.some((plugin) => plugin.hooks.includes(name));
  }

  /** Asks the plugins; a process that ends without an answer has not allowed it. */
  allowNavigation(window: string, url: string): Promise<boolean> {
    if (!this.#hasHook('onNavigation')) return Promise.resolve(true);
    const { promise, resolve } = Promise.withResolvers<boolean>();
    const ask = this.#nextAsk++;
    this.#asked.set(ask, resolve);
    this.child.post({ kind: 'navigation', ask, window, url });
    return promise;
  }

  // ---- what the process says

  #receive(message: FromProcess): void {
    this.#unanswered = 0;
    try {
      this.#take(message);
    } catch (error) {
      this.#options.log('error', `A message of the backend failed: ${(error as Error).message}`);
    }
  }

  #take(message: FromProcess): void {
    switch (message.kind) {
      case 'outcome':
        this.#settle(message.id, message.outcome as Outcome, message.ran);
        break;
      case 'started':
        for (const { id, at } of message.calls) this.#pending.get(id)?.clock.started(since(at));
        break;
      case 'channelOpen':
        this.#openChannel(message.call, message.channel);
        break;
      case 'channel':
        this.#send(message.call, message.channel, message.body);
        break;
      case 'channelEnd':
        this.#channels.get(`${message.call}:${message.channel}`)?.sink.end();
        this.#channels.delete(`${message.call}:${message.channel}`);
        break;
      case 'addCapability':
        this.child.post({ kind: 'added', ask: message.ask, refused: this.#addCapability(message.capability) });
        break;
      case 'targets':
        this.child.post({ kind: 'targets', ask: message.ask, targets: this.#core.events.targets(message.event) });
        break;
      case 'navigation':
        this.#asked.get(message.ask)?.(message.allowed);
        this.#asked.delete(message.ask);
        break;
      case 'problem':
        this.#options.log('error', `Error in ${message.where}: ${message.stack ?? message.message}`);
        break;
      case 'files':
        this.#files = message.files;
        this.#missing = message.missing;
        this.#filesChanged.fire();
        break;
      case 'ready':
        this.#commands = message.commands;
        this.#plugins = message.plugins;
        this.#loaded.resolve({ kind: 'ready' });
        break;
      case 'loadError':
        this.#loaded.resolve({ kind: 'failed', error: message.error });
        break;
      case 'pong':
      case 'uncaught':
        break;
      default:
        if (this.#held) this.#held.push(message);
        else if (!this.#life.over) this.#act(message);
    }
  }

  /** Does something to the app. */
  #act(
    message: Extract<FromProcess, { kind: 'emit' | 'emitFiltered' | 'listen' | 'unlisten' | 'window' | 'title' }>,
  ): void {
    switch (message.kind) {
      case 'emit':
        this.#core.emit(message.event, message.target, message.json, { cause: message.cause });
        break;
      case 'emitFiltered':
        this.#core.emitFilter(
          message.event,
          (target) => message.targets.some((accepted) => isSame(accepted, target)),
          message.json,
          message.cause,
        );
        break;
      case 'listen':
        this.#listen(message.listener, message.event, message.target);
        break;
      case 'unlisten':
        this.#listeners.get(message.listener)?.dispose();
        this.#listeners.delete(message.listener);
        break;
      case 'window':
        this.#core.windows.get(message.label)?.[message.action]();
        break;
      case 'title':
        this.#core.windows.get(message.label)?.setTitle(message.title);
        break;
    }
  }

  #settle(id: number, outcome: Outcome, ran?: readonly [began: number, ended: number]): void {
    const pending = this.#pending.get(id);
    if (!pending) return this.#settleLate(id, outcome);
    this.#pending.delete(id);
    if (ran) {
      pending.clock.started(since(ran[0]));
      pending.clock.ended(since(ran[1]));
    }
    pending.settle(outcome);
    if (this.#pending.size === 0) this.#onIdle?.();
  }

  /** Nobody waits for it; its record shows it. */
  #settleLate(id: number, outcome: Outcome): void {
    const record = this.#late.get(id);
    if (record === undefined) return;
    this.#late.delete(id);
    this.#core.tap.settle(record, outcome);
  }

  #listen(listener: number, event: string, target: EventTarget): void {
    const heard = this.#core.events.listen(event, target, ({ id, payload }) => {
      this.child.post({ kind: 'event', listener, id, event, payload });
    });
    this.#listeners.set(listener, heard);
  }

  // ---- channels

  #openChannel(callId: number, id: number): void {
    const pending = this.#pending.get(callId);
    if (!pending) {
      this.#loseChannel(callId, id, '');
      return;
    }
    const { call, connection } = pending;
    const sink = connection.channel(call, id);
    this.#channels.set(`${callId}:${id}`, { sink, window: call.window, generation: call.generation, taken: 0 });
  }

  #send(call: number, id: number, body: ChannelBody): void {
    const channel = this.#channels.get(`${call}:${id}`);
    if (!channel) return;
    // The bytes came out of a message: nobody else holds them.
    const sent = channel.sink.send(body.kind === 'raw' ? { ...body, owned: true } : body);
    sent.then(
      () => {
        channel.taken += sizeOf(body);
        if (channel.taken < ROOM_BYTES) return;
        this.child.post({ kind: 'room', call, channel: id, bytes: channel.taken });
        channel.taken = 0;
      },
      (error: unknown) => {
        const text = error instanceof IpcError ? error.message.slice(IpcError.channelClosed().message.length) : '';
        this.#loseChannel(call, id, text);
      },
    );
  }

  #loseChannel(call: number, id: number, text: string): void {
    this.#channels.delete(`${call}:${id}`);
    this.child.post({ kind: 'channelLost', call, channel: id, text });
  }

  #windows(): { readonly label: string; readonly title: string }[] {
    return [...this.#core.windows.values()].map(({ label, title }) => ({ label, title }));
  }

  // ---- end

  /** Gives back what it holds of the app; calls stay, they are answered by who knows why. */
  #letGo(): void {
    this.replaced();
    for (const listener of this.#listeners.values()) listener.dispose();
    this.#listeners.clear();
    for (const { sink } of this.#channels.values()) sink.end();
    this.#channels.clear();
    for (const answer of this.#asked.values()) answer(false);
    this.#asked.clear();
  }

  /** Asks the process to end. */
  dispose(): void {
    this.#letGo();
    this.#life.dispose();
  }
}

/** Milliseconds since a time of the process; a process that lies about it tells of no time to come. */
const since = (at: number) => Math.max(0, systemTime() - at);

/** A time as a sentence says it: `5 s`, `0.5 s`. */
export function seconds(milliseconds: number): string {
  return `${milliseconds / 1000} s`;
}

function isSame(a: EventTarget, b: EventTarget): boolean {
  return a.kind === b.kind && ('label' in a ? a.label : '') === ('label' in b ? b.label : '');
}

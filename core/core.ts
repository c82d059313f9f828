/**
 * The core of one app: its windows, commands, plugins, events, state and resources, and the way of every message
 * between them. Knows nothing of VS Code, Node or the DOM; connect it to anything that can carry frames.
 */
import { StateMap, type WindowHandle } from './app.ts';
import { createAppHandle } from './app-handle.ts';
import type { EmittingApp } from './callers-app.ts';
import {
  type Call,
  calledCommand,
  failure,
  type HandlerClock,
  type MaybePromise,
  type Outcome,
  pipeline,
  type Stage,
  whenDone,
} from './call.ts';
import type { Command } from './command.ts';
import { Connection, type ConnectionHost } from './connection.ts';
import { authorityByName, type RuntimeAuthority } from './acl/authority.ts';
import { parseRuntimeCapability } from './acl/capability-file.ts';
import { AclError } from './acl/place.ts';
import { NO_SCOPES, type Scopes } from './acl/scope/scope.ts';
import { Context } from './context.ts';
import { corePlugins } from './core-plugins.ts';
import { stackOf } from './error.ts';
import { type EventTarget, Events } from './event.ts';
import type { Isolation } from './isolation.ts';
import { type Disposable, Emitter, Lifetime } from './lifetime.ts';
import type { Transport } from './outbox.ts';
import { PendingCall } from './pending-call.ts';
import { type PageLoad, type Plugin, type PluginOptions, type RunEvent, setUpPlugin } from './plugin.ts';
import { type CommandNames, hasCommand, notFoundText, Registry } from './registry.ts';
import { randomId, ResourceTable } from './resource.ts';
import { ResourceRecords } from './resource-records.ts';
import { RuntimeCapabilities } from './runtime-capabilities.ts';
import { Tap } from './tap.ts';
import { CoreWindow, type WindowControls, type WindowOptions } from './window.ts';

/** Answers commands from elsewhere: the backend process. */
export interface Backend extends CommandNames {
  /** False while its commands are not known yet: calls that nobody else answers wait for {@link whenLoaded}. */
  readonly loaded?: boolean;
  /** Lets a call wait until the commands are known. Gives its answer where they will not be; never rejects. */
  whenLoaded?(call: Call): Promise<Outcome | undefined>;
  /** the scripts of its plugins */
  readonly initScripts?: readonly string[];
  /** tells its plugins; they are told after those of the host */
  readonly hooks?: Pick<PluginOptions<never>, 'onPageLoad' | 'onWindowReady' | 'onWebviewReady' | 'onEvent'>;
  /** Runs a call that is allowed; never rejects. `clock` is told when the handler began and ended. */
  run(call: Call, connection: Connection, clock: HandlerClock, scopes: Scopes): Promise<Outcome>;
  /** The page of that load is gone: its calls were aborted, its channels are closed. */
  pageGone?(window: string, generation: number): void;
}

export interface CoreOptions {
  /** the product name of the app */
  readonly name: string;
  readonly tap?: Tap;
  /** between the tap and the registry: rules, breakpoints, permissions */
  readonly stages?: readonly Stage[];
  /**
   * Answers a command that is allowed and that nobody handles; without an answer it is not found, in these words. Never
   * rejects.
   */
  unhandled?(call: Call, notFound: string): MaybePromise<Outcome | undefined>;
  /** decides every call; absent: every command may be called, and no window holds a permission that a handler asks for */
  readonly authority?: RuntimeAuthority;
  /** Given where the app has an isolation page: then every call must have passed through it. */
  readonly isolation?: Isolation | undefined;
  /** `plugins.<name>` of the Tauri configuration */
  readonly pluginConfig?: Readonly<Record<string, unknown>>;
  /** Makes the window that a page asked for; absent where pages may not open windows. */
  openWindow?(options: WindowOptions): Promise<void>;
}

/** Where an event comes from. */
export interface EventSource {
  /** the label of the window whose page emits it; the host where it is empty */
  readonly from?: string | undefined;
  /** the record of the call that brings it about, 0 for none */
  readonly cause?: number | undefined;
}

export class Core implements Disposable {
  readonly name: string;
  readonly tap: Tap;
  readonly events: Events<Connection>;
  /** resources of the app itself; each connection has a table of its own */
  readonly resources: ResourceTable;
  readonly stateMap = new StateMap();
  readonly handle: EmittingApp;
  readonly openWindow: ((options: WindowOptions) => Promise<void>) | undefined;
  readonly #options: CoreOptions;
  readonly #windows = new Map<string, CoreWindow>();
  readonly #registry = new Registry();
  readonly #pending = new Map<number, PendingCall>();
  #answer: (call: Call) => MaybePromise<Outcome>;
  readonly #life = new Lifetime();
  readonly #errors = this.#life.own(new Emitter<{ readonly where: string; readonly error: unknown }>());
  readonly #windowsChanged = this.#life.own(new Emitter<void>());
  #authority: RuntimeAuthority;
  /** false: nobody gave an authority */
  #decides: boolean;
  readonly #runtimeCapabilities = new RuntimeCapabilities((text) => this.note('permissions', text));
  #backend: Backend | undefined;
  #nextCall = 1;

  constructor(options: CoreOptions) {
    this.#options = options;
    this.name = options.name;
    this.tap = options.tap ?? this.#life.own(new Tap());
    const owner = { app: options.name, window: '', generation: 0 };
    this.resources = new ResourceTable(randomId, new ResourceRecords(() => this.tap, owner));
    this.openWindow = options.openWindow?.bind(options);
    this.#authority = options.authority ?? authorityByName([]);
    this.#decides = options.authority !== undefined;
    this.events = this.#life.own(
      new Events<Connection>(
        (page, ids, event, json, record) => page.sendEvent(ids, event, json, record),
        (record, heard) => this.tap.update(record, { heard, status: heard > 0 ? 'ok' : 'unheard' }),
      ),
    );
    this.events.onListenerError.event(({ event, error }) => this.#report(`listener of event "${event}"`, error));
    this.handle = createAppHandle(this);
    this.#answer = pipeline(options.stages ?? [], (call) => this.#dispatch(call));
    for (const plugin of corePlugins(this)) this.#registry.addPlugin(plugin);
  }

  /** Errors that no page waits for: of listeners, hooks and handlers. For the log. */
  readonly onError = this.#errors.event;
  /** A window was opened or closed, or its title changed. */
  readonly onWindowsChanged = this.#windowsChanged.event;

  get authority(): RuntimeAuthority {
    return this.#authority;
  }

  /** Replaced when a capability file changes: the next call is decided by the new one, with what was added at run time. */
  set authority(authority: RuntimeAuthority) {
    this.#runtimeCapabilities.restore(authority);
    this.#authority = authority;
    this.#decides = true;
  }

  /**
   * Adds a capability at run time, as an object, or as JSON or TOML text.
   *
   * @param owner with whom it goes, by {@link dropCapabilities}; without one it stays for as long as the app runs
   * @throws AclError where it is none, or nothing is decided by capabilities; nothing is added then
   */
  addCapability(capability: string | object, owner?: object): void {
    const text = typeof capability === 'string' ? capability : JSON.stringify(capability);
    const capabilities = parseRuntimeCapability(text);
    if (!this.#decides) {
      throw new AclError(
        `no capability can be added: app "${this.name}" was hosted without capabilities, so every command may be called`,
      );
    }
    this.#runtimeCapabilities.add(this.#authority, capabilities, owner);
  }

  /** Takes back the capabilities that `owner` added; what else was added stays. */
  dropCapabilities(owner: object): void {
    this.#runtimeCapabilities.drop(this.#authority, owner);
  }

  get pluginConfig(): Readonly<Record<string, unknown>> {
    return this.#options.pluginConfig ?? {};
  }

  get windows(): ReadonlyMap<string, CoreWindow> {
    return this.#windows;
  }

  /** Calls of present pages that have no outcome yet. */
  get pendingCalls(): number {
    return this.#pending.size;
  }

  /** The scripts of all plugins, in the order of their registration. */
  get initScripts(): readonly string[] {
    const own = this.#registry.plugins.flatMap(({ initScript }) => (initScript ? [initScript] : []));
    return [...own, ...(this.#backend?.initScripts ?? [])];
  }

  // ---- commands, plugins, backend

  /** Registers an app command. A name that is taken is an error, with the name in it. */
  addCommand(command: Command): Disposable {
    return this.#registry.addCommand(command);
  }

  /** Registers a plugin and runs its setup. One of the same name is replaced, its `onDrop` runs. */
  async addPlugin(plugin: Plugin): Promise<void> {
    await setUpPlugin(plugin, this.handle, this.pluginConfig);
    this.removePlugin(plugin.name);
    this.#registry.addPlugin(plugin);
  }

  /** Removes a plugin; true where there was one. */
  removePlugin(name: string): boolean {
    const removed = this.#registry.removePlugin(name);
    if (!removed) return false;
    this.#hook(removed, 'onDrop', (plugin) => plugin.onDrop?.(this.handle));
    return true;
  }

  /** The commands of the host's plugins. */
  get plugins(): ReadonlyMap<string, readonly string[]> {
    return new Map(this.#registry.plugins.map(({ name, commands = [] }) => [name, commands.map((each) => each.name)]));
  }

  /** Whether somebody takes the calls of a command: the host, a plugin of it, or the backend. */
  handles(cmd: string): boolean {
    const called = calledCommand(cmd);
    return (
      this.#registry.find(called) !== undefined || (this.#backend !== undefined && hasCommand(this.#backend, called))
    );
  }

  get backend(): Backend | undefined {
    return this.#backend;
  }

  /** Puts another backend in place; running calls end with the backend that runs them. */
  set backend(backend: Backend | undefined) {
    this.#backend = backend;
  }

  // ---- windows

  /** Registers a window before its page loads. Throws Tauri's texts for a bad or taken label. */
  createWindow(options: WindowOptions, controls: WindowControls): CoreWindow {
    this.assertFreeLabel(options.label);
    const window = new CoreWindow(this, options, controls);
    this.#windows.set(options.label, window);
    this.#windowsChanged.fire();
    this.#record(window, 'created');
    this.emit('tauri://window-created', { kind: 'Any' }, JSON.stringify({ label: options.label }));
    this.emit('tauri://webview-created', { kind: 'Any' }, JSON.stringify({ label: options.label }));
    this.#hooks('onWindowReady', (plugin) => plugin.onWindowReady?.(window));
    this.#hooks('onWebviewReady', (plugin) => plugin.onWebviewReady?.(window));
    return window;
  }

  /** Throws Tauri's text for a label with other characters than Tauri allows, and for one that is taken. */
  assertFreeLabel(label: string): void {
    if (label === '' || !/^[\p{Alphabetic}\p{N}\-/:_]+$/u.test(label)) {
      throw new Error('runtime error: Window labels must only include alphanumeric characters, `-`, `/`, `:` and `_`.');
    }
    if (this.#windows.has(label)) throw new Error(`a webview with label \`${label}\` already exists`);
  }

  /** Connects a window's page. What the transport receives goes to {@link Connection.receive}. */
  connect(window: CoreWindow, transport: Transport): Connection {
    const connection = new Connection(window, transport, this.#connectionHost);
    window.attach(connection);
    return connection;
  }

  /** Called by the window when it is gone. */
  forget(window: CoreWindow): void {
    if (this.#windows.get(window.label) !== window) return;
    this.#windows.delete(window.label);
    this.#record(window, 'closed');
    this.emitWindowEvent(window, 'tauri://destroyed', null);
    this.#windowsChanged.fire();
  }

  windowChanged(): void {
    this.#windowsChanged.fire();
  }

  // ---- events

  /** Emits JSON text to `target` and records it: from which window, and because of which call. */
  emit(event: string, target: EventTarget, json: string, { from = '', cause = 0 }: EventSource = {}): void {
    this.events.emit(event, target, json, this.#recordEvent(event, json, from, cause, describeTarget(target)));
  }

  /** Emits to the listeners that `filter` accepts and records it. */
  emitFilter(event: string, filter: (target: EventTarget) => boolean, json: string, cause = 0): void {
    const record = this.#recordEvent(event, json, '', cause, 'those that a filter accepts');
    this.events.emitFilter(event, filter, json, record);
  }

  /** A built-in event of a window: heard by listeners to this window (or any target), and told to the plugins. */
  emitWindowEvent(window: CoreWindow, event: string, payload: unknown): void {
    this.emitFilter(
      event,
      (target) => (target.kind === 'Window' || target.kind === 'WebviewWindow') && target.label === window.label,
      JSON.stringify(payload),
    );
    this.fireRunEvent({ kind: 'WindowEvent', label: window.label, event, payload });
  }

  /** Records an event that is emitted; who hears it is added when it is handed out. */
  #recordEvent(event: string, json: string, window: string, cause: number, to: string): number {
    return this.tap.add({
      kind: 'event',
      direction: window === '' ? 'to-page' : 'to-host',
      app: this.name,
      window,
      generation: 0,
      name: event,
      cause,
      body: { kind: 'text', json },
      heard: 0,
      note: `emitted to ${to}`,
    });
  }

  // ---- plugin hooks

  fireRunEvent(event: RunEvent): void {
    this.#hooks('onEvent', (plugin) => plugin.onEvent?.(this.handle, event));
  }

  /** Asks every plugin; the first that says no decides. */
  allowNavigation(window: WindowHandle, url: string): boolean {
    for (const plugin of this.#registry.plugins) {
      if (this.#hook(plugin, 'onNavigation', () => plugin.onNavigation?.(window, url)) === false) return false;
    }
    return true;
  }

  pageLoad(window: WindowHandle, load: PageLoad): void {
    this.#hooks('onPageLoad', (plugin) => plugin.onPageLoad?.(window, load));
  }

  #hooks(name: string, run: (plugin: Omit<Plugin, 'kind' | 'name'>) => void): void {
    for (const plugin of this.#registry.plugins) this.#hook(plugin, name, run);
    if (this.#backend?.hooks) run(this.#backend.hooks);
  }

  /** Runs one hook; an error is reported and stops neither the app nor the other plugins. */
  #hook<R>(plugin: Plugin, name: string, run: (plugin: Plugin) => R): R | undefined {
    try {
      return run(plugin);
    } catch (error) {
      this.#report(`${name} of plugin "${plugin.name}"`, error);
      return undefined;
    }
  }

  // ---- the way of a call

  readonly #connectionHost: ConnectionHost = {
    tap: () => this.tap,
    appName: () => this.name,
    callId: () => this.#nextCall++,
    isolation: () => this.#options.isolation,
    call: (call, connection) => this.#call(call, connection),
    pageStarted: (connection, url) => {
      this.events.removePage(connection);
      this.#record(connection.window, connection.generation === 1 ? 'page ready' : 'page reloaded', url);
      this.pageLoad(connection.window, { url, event: 'Started' });
    },
    pageFinished: (connection, url) => this.pageLoad(connection.window, { url, event: 'Finished' }),
    pageGone: (connection) => {
      this.events.removePage(connection);
      // Nobody waits for their outcomes, and a handler that never ends must not keep its page.
      for (const [id, pending] of this.#pending) if (pending.connection === connection) this.#pending.delete(id);
      this.#backend?.pageGone?.(connection.window.label, connection.generation);
    },
    report: (where, error) => this.#report(where, error),
  };

  #report(where: string, error: unknown): void {
    try {
      this.#errors.fire({ where, error });
    } catch {
      // Who listens to errors failed at it: no answer of a page may hang on that.
    }
  }

  /** Puts other stages in place, for calls that come from now on. Without any a call costs nothing more. */
  set stages(stages: readonly Stage[]) {
    this.#answer = pipeline(stages, (call) => this.#dispatch(call));
  }

  /** Sends a call through all stages, as if the page had made it; used by connections and to resend. */
  #call(call: Call, connection: Connection): MaybePromise<Outcome> {
    const pending = new PendingCall(connection, this.tap);
    this.#pending.set(call.id, pending);
    // A stage of ours failed: the page still gets its answer.
    const failed = (error: unknown) => {
      this.#report(`call of "${call.cmd}"`, error);
      const text = error instanceof Error ? error.message : String(error);
      return settle(failure(`internal error: ${text}`, { stack: stackOf(error) }));
    };
    const settle = (given: Outcome | undefined) => {
      // A stage of somebody's own, in JavaScript, may give nothing.
      const outcome = given ?? failure('internal error: a stage gave no outcome');
      this.#pending.delete(call.id);
      if (!outcome.ok && outcome.stack) this.#report(`command "${call.cmd}"`, outcome.stack);
      this.tap.settle(call.record, outcome, pending);
      return outcome;
    };
    let answer: MaybePromise<Outcome>;
    try {
      answer = this.#answer(call);
    } catch (error) {
      return failed(error);
    }
    return answer instanceof Promise ? answer.then(settle, failed) : settle(answer);
  }

  /** Finds who answers (tauri-core 2.4, steps 5 to 7). */
  #dispatch(call: Call): MaybePromise<Outcome> {
    // Held by a stage until its page was gone: nothing may run, or listen, for the page that came after it.
    if (!this.#pending.has(call.id)) return failure(goneText(call), { abandoned: true });
    const called = calledCommand(call.cmd);
    const command = this.#registry.find(called);
    if (command) return this.#allowed(call, (scopes) => this.#run(command, call, scopes));
    const backend = this.#backend;
    const pluginOfHost = this.#registry.hasPlugin(called.plugin);
    // Of a plugin that is not loaded yet the authority knows nothing either.
    if (backend?.loaded === false && !pluginOfHost) return this.#waitForBackend(backend, call);
    return this.#allowed(call, (scopes) => {
      if (backend && hasCommand(backend, called)) return this.#runInBackend(backend, call, scopes);
      const pluginKnown = pluginOfHost || backend?.plugins.has(called.plugin ?? '') === true;
      return this.#notFound(call, notFoundText(called, pluginKnown));
    });
  }

  #notFound(call: Call, text: string): MaybePromise<Outcome> {
    const answer = this.#options.unhandled?.(call, text);
    return whenDone(answer, (given) => given ?? failure(text));
  }

  /** Asks the authority, before a command is even looked for (tauri-core 2.4, step 5), and goes on where it allows the call. */
  #allowed(call: Call, run: (scopes: Scopes) => MaybePromise<Outcome>): MaybePromise<Outcome> {
    if (!this.#decides) return run(NO_SCOPES);
    const { cmd, window, origin } = call;
    const decision = this.#authority.decide({ command: cmd, window, webview: window, origin });
    if (!decision.allowed) return failure(decision.message, { denied: true });
    return run(this.#authority.scopesOf(cmd, decision.entries));
  }

  async #waitForBackend(backend: Backend, call: Call): Promise<Outcome> {
    const refused = await backend.whenLoaded?.(call);
    return refused ?? this.#dispatch(call);
  }

  #run(command: Command, call: Call, scopes: Scopes): MaybePromise<Outcome> {
    const pending = this.#pending.get(call.id) as PendingCall;
    const { connection } = pending;
    const context = new Context(call, command, {
      app: this.handle,
      window: connection.window,
      states: this.stateMap,
      grants: this.#authority.grants,
      scopes,
    });
    const bind = (id: number) => connection.channel(call, id);
    return command.run(call, bind, context, pending);
  }

  #runInBackend(backend: Backend, call: Call, scopes: Scopes): Promise<Outcome> {
    const pending = this.#pending.get(call.id) as PendingCall;
    return backend.run(call, pending.connection, pending, scopes);
  }

  /** Leaves a record of something that went wrong with the app itself, beside its messages. */
  note(name: string, note: string): void {
    this.tap.add({
      kind: 'problem',
      direction: 'to-host',
      app: this.name,
      window: '',
      generation: 0,
      name,
      status: 'error',
      note,
    });
  }

  /** The connection a running call came from: for plugins of the host, which need the caller's page. */
  connectionOf(call: { readonly window: string }): Connection | undefined {
    return this.#windows.get(call.window)?.connection;
  }

  #record(window: CoreWindow, name: string, note?: string): void {
    this.tap.add({
      kind: 'window',
      direction: 'to-host',
      app: this.name,
      window: window.label,
      generation: window.connection?.generation ?? 0,
      name,
      ...(note !== undefined && { note }),
    });
  }

  /** Ends the app: windows close, plugins drop, resources close. */
  dispose(): void {
    if (this.#life.over) return;
    this.fireRunEvent({ kind: 'Exit' });
    for (const window of [...this.#windows.values()]) window.destroy();
    for (const { name } of this.#registry.plugins.toReversed()) this.removePlugin(name);
    this.resources.dispose();
    this.#life.dispose();
  }
}

const goneText = (call: Call) => `the page of window "${call.window}" that called "${call.cmd}" is gone`;

function describeTarget(target: EventTarget): string {
  if (target.kind === 'Any') return 'everybody';
  if (target.kind === 'App') return 'the app';
  return target.kind === 'AnyLabel' ? `"${target.label}"` : `${target.kind} "${target.label}"`;
}

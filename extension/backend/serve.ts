/** Loads the user's app in the backend process and answers the host. */
import { pathToFileURL } from 'node:url';
import { Grants } from '#core/acl/grants.ts';
import { NO_SCOPES, type Scopes } from '#core/acl/scope/scope.ts';
import { type Call, calledCommand, failure, type HandlerClock, type Outcome } from '#core/call.ts';
import type { Command } from '#core/command.ts';
import { Context } from '#core/context.ts';
import { IpcError } from '#core/error.ts';
import { type AppDefinition, type Plugin, setUpPlugin } from '#core/plugin.ts';
import { Registry } from '#core/registry.ts';
import { Channels } from './channels.ts';
import type { Link } from './link.ts';
import { describeLoadError } from './load-error.ts';
import { type Loader, SourceError } from './loader.ts';
import type { CommandInfo, FromProcess, Hook, Init, PluginInfo, ToProcess } from './protocol.ts';
import { RemoteApp } from './remote.ts';
import { systemTime } from './system-time.ts';

const HOOKS = ['onNavigation', 'onPageLoad', 'onWindowReady', 'onWebviewReady', 'onEvent', 'onDrop'] as const;

/** Begins to load; gives what takes the host's messages from now on. */
export function serve(init: Init, link: Link, loader: Loader): (messages: readonly ToProcess[]) => void {
  const server = new Server(init, link, loader);
  // Never rejects: what goes wrong is told to the host.
  void server.load();
  return (messages) => {
    for (const message of messages) server.take(message);
  };
}

/** When the handler of a call began and ended, by the system's clock. */
class CallClock implements HandlerClock {
  began: number | undefined;
  #ended: number | undefined;
  readonly #onStart: (clock: CallClock) => void;

  constructor(onStart: (clock: CallClock) => void) {
    this.#onStart = onStart;
  }

  started(): void {
    this.began = systemTime();
    this.#onStart(this);
  }

  ended(): void {
    if (this.began !== undefined) this.#ended ??= systemTime();
  }

  /** What the host is told with the outcome. */
  get times(): { readonly ran?: [number, number] } {
    return this.began === undefined ? {} : { ran: [this.began, this.#ended ?? systemTime()] };
  }
}

class Server {
  readonly #init: Init;
  readonly #link: Link;
  readonly #loader: Loader;
  readonly #app: RemoteApp;
  readonly #channels: Channels;
  readonly #registry = new Registry();
  readonly #running = new Map<number, AbortController>();
  /** the clocks of calls whose handlers began */
  readonly #clocks = new Map<number, CallClock>();
  /** those of them that the host was not told of */
  #begun: number[] = [];
  #grants: Grants;
  #filesTold = true;

  constructor(init: Init, link: Link, loader: Loader) {
    this.#init = init;
    this.#link = link;
    this.#loader = loader;
    this.#app = new RemoteApp(init.name, init.windows, link);
    this.#channels = new Channels(link);
    this.#grants = new Grants(init.grants);
    link.beforeFlush = () => this.#takeBegun();
    loader.onChange = () => this.#filesChanged();
    // Before the handler that sends what waits: code may end the process while it loads.
    process.prependListener('exit', () => this.#tellFiles());
  }

  // ---- loading

  async load(): Promise<void> {
    try {
      const loaded = (await import(pathToFileURL(this.#loader.entry).href)) as { default?: unknown };
      if (!isApp(loaded.default)) {
        const text = 'There is no default export made by app(): add `export default app({ commands: [] })`.';
        throw new SourceError(text, this.#loader.entry, 1, 1);
      }
      await this.#start(loaded.default);
      this.#tellFiles();
      this.#link.post({
        kind: 'ready',
        commands: this.#registry.commands.map(describeCommand),
        plugins: this.#registry.plugins.map(describePlugin),
      });
    } catch (error) {
      this.#tellFiles();
      const files = this.#loader.files.map(({ path }) => path);
      this.#link.post({ kind: 'loadError', error: describeLoadError(error, files) });
    }
  }

  async #start(app: AppDefinition): Promise<void> {
    for (const command of app.commands) this.#registry.addCommand(command);
    for (const plugin of app.plugins) {
      await setUpPlugin(plugin, this.#app, this.#init.pluginConfig);
      this.#registry.addPlugin(plugin);
    }
    try {
      await app.setup?.(this.#app);
    } catch (error) {
      throw new Error(`error encountered during setup hook: ${messageOf(error)}`, { cause: error });
    }
  }

  /** Something was imported, while loading or by a handler: the host watches it. */
  #filesChanged(): void {
    if (!this.#filesTold) return;
    this.#filesTold = false;
    setImmediate(() => this.#tellFiles());
  }

  #tellFiles(): void {
    if (this.#filesTold) return;
    this.#filesTold = true;
    this.#link.post({ kind: 'files', files: this.#loader.files, missing: this.#loader.missing });
  }

  // ---- what the host says

  take(message: ToProcess): void {
    switch (message.kind) {
      case 'init':
        break;
      case 'call':
        void this.#call(message);
        break;
      case 'abort':
        this.#running.get(message.id)?.abort(new Error(message.reason));
        break;
      case 'pageGone':
        this.#channels.pageGone(message.window, message.generation);
        break;
      case 'room':
        this.#channels.find(message.call, message.channel)?.received(message.bytes);
        break;
      case 'channelLost':
        this.#channels.find(message.call, message.channel)?.lost(new IpcError('channelClosed', message.text));
        break;
      case 'windows':
        this.#app.setWindows(message.windows);
        break;
      case 'grants':
        this.#grants = new Grants(message.grants);
        break;
      case 'event':
        this.#guard(`listener of event "${message.event}"`, () => this.#app.hear(message));
        break;
      case 'added':
        this.#app.answerAdded(message.ask, message.refused);
        break;
      case 'targets':
        this.#app.answerTargets(message.ask, message.targets);
        break;
      case 'hook':
        for (const plugin of this.#registry.plugins) {
          this.#guard(`${message.hook.name} of plugin "${plugin.name}"`, () => this.#runHook(plugin, message.hook));
        }
        break;
      case 'navigation':
        void this.#askNavigation(message);
        break;
      case 'ping':
        this.#link.post({ kind: 'pong' });
        break;
      case 'stop':
        this.#stop();
        break;
    }
  }

  // ---- calls

  async #call(message: Extract<ToProcess, { kind: 'call' }>): Promise<void> {
    const abort = new AbortController();
    this.#running.set(message.id, abort);
    const outcome = await this.#run({ ...message, signal: abort.signal }, message.scopes ?? NO_SCOPES);
    this.#running.delete(message.id);
    const clock = this.#clocks.get(message.id);
    // A handler that began in this very turn needs no message of its own.
    this.#clocks.delete(message.id);
    const answer = (outcome: Outcome): FromProcess => ({ kind: 'outcome', id: message.id, outcome, ...clock?.times });
    if (!outcome.ok || outcome.result.kind === 'json') return this.#link.post(answer(outcome));
    try {
      this.#link.postBytes(outcome.result.bytes, (bytes) => answer({ ok: true, result: { kind: 'raw', bytes } }));
    } catch (error) {
      // The buffer was given away meanwhile.
      this.#link.post(answer(failure(`Serialization error: ${messageOf(error)}`)));
    }
  }

  async #run(call: Call, scopes: Scopes): Promise<Outcome> {
    const command = this.#registry.find(calledCommand(call.cmd));
    // The host asks for what it was told of only.
    if (!command) return failure(`Command ${call.cmd} not found`);
    return command.run(
      call,
      (id) => this.#channels.bind(call, id),
      new Context(call, command, {
        app: this.#app,
        window: this.#app.handleOf(call.window),
        states: this.#app.states,
        grants: this.#grants,
        scopes,
      }),
      new CallClock((clock) => {
        this.#clocks.set(call.id, clock);
        this.#begun.push(call.id);
      }),
    );
  }

  #takeBegun(): FromProcess | undefined {
    if (this.#begun.length === 0) return undefined;
    const calls = this.#begun.flatMap((id) => {
      const at = this.#clocks.get(id)?.began;
      return at === undefined ? [] : [{ id, at }];
    });
    this.#begun = [];
    return calls.length > 0 ? { kind: 'started', calls } : undefined;
  }

  // ---- plugins

  #runHook(plugin: Plugin, hook: Hook): unknown {
    switch (hook.name) {
      case 'onWindowReady':
        return plugin.onWindowReady?.(this.#app.handleOf(hook.window));
      case 'onWebviewReady':
        return plugin.onWebviewReady?.(this.#app.handleOf(hook.window));
      case 'onPageLoad':
        return plugin.onPageLoad?.(this.#app.handleOf(hook.window), hook.load);
      case 'onEvent':
        return plugin.onEvent?.(this.#app, hook.event);
    }
  }

  async #askNavigation({ ask, window, url }: Extract<ToProcess, { kind: 'navigation' }>): Promise<void> {
    let allowed = true;
    for (const plugin of this.#registry.plugins) {
      if (!plugin.onNavigation) continue;
      try {
        // A hook may be asynchronous here: the host waits anyway.
        allowed = (await (plugin.onNavigation(this.#app.handleOf(window), url) as unknown)) !== false;
      } catch (error) {
        this.#problem(`onNavigation of plugin "${plugin.name}"`, error);
      }
      if (!allowed) break;
    }
    this.#link.post({ kind: 'navigation', ask, allowed });
  }

  #stop(): void {
    for (const plugin of this.#registry.plugins.toReversed()) {
      this.#guard(`onDrop of plugin "${plugin.name}"`, () => plugin.onDrop?.(this.#app));
    }
    process.exit(0);
  }

  /** Runs what nobody waits for; its errors, later ones too, are told to the host. */
  #guard(where: string, run: () => unknown): void {
    try {
      const result = run();
      if (result instanceof Promise) result.catch((error: unknown) => this.#problem(where, error));
    } catch (error) {
      this.#problem(where, error);
    }
  }

  #problem(where: string, error: unknown): void {
    const stack = error instanceof Error ? error.stack : undefined;
    this.#link.post({ kind: 'problem', where, message: messageOf(error), ...(stack !== undefined && { stack }) });
  }
}

function isApp(value: unknown): value is AppDefinition {
  return typeof value === 'object' && value !== null && (value as { kind?: unknown }).kind === 'app';
}

function describeCommand(command: Command): CommandInfo {
  return { name: command.name, permissions: [...command.permissions], args: Object.keys(command.args) };
}

function describePlugin(plugin: Plugin): PluginInfo {
  return {
    name: plugin.name,
    commands: (plugin.commands ?? []).map(describeCommand),
    ...(plugin.initScript !== undefined && { initScript: plugin.initScript }),
    hooks: HOOKS.filter((hook) => plugin[hook] !== undefined),
  };
}

function messageOf(error: unknown): string {
  return error instanceof Error ? error.message : String(error);
}

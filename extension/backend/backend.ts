/** The user's handlers, in a process of their own: starts it, keeps it alive, and puts new code in its place. */
import type { Scopes } from '#core/acl/scope/scope.ts';
import { type Call, calledCommand, failure, type HandlerClock, type Outcome } from '#core/call.ts';
import type { Connection } from '#core/connection.ts';
import type { Backend, Core } from '#core/core.ts';
import { hasCommand, notFoundText } from '#core/registry.ts';
import { type Disposable, Emitter, Lifetime } from '#core/lifetime.ts';
import { Child, type ChildOptions, type LogLevel } from './child.ts';
import type { CommandInfo, LoadError, PluginInfo } from './protocol.ts';
import { type Loaded, Session, seconds } from './session.ts';
import { FileWatch } from './watch.ts';

export type { LogLevel } from './child.ts';
export type { CommandInfo, LoadError, PluginInfo } from './protocol.ts';

export interface BackendOptions {
  /** whose commands it answers: its windows, events and permissions */
  readonly core: Core;
  /** the file that exports the app, such as `src-ipc/main.ts`; absolute */
  readonly entry: string;
  /** the project: where the process runs */
  readonly folder: string;
  /** the folder of the bundles (bundles.ts) */
  readonly dist: string;
  /** Takes what the process prints, line by line, and what there is to say about it. */
  log(level: LogLevel, line: string): void;
  /** Silence after which the process is killed and started again. 5000 where absent; 0: never. */
  readonly hangMs?: number;
  /** How long the code may load, and how long a call waits for that. 10000 where absent. */
  readonly loadMs?: number;
  /** the limit of the JavaScript heap; 1024 where absent */
  readonly maxMemoryMb?: number;
  readonly env?: Readonly<Record<string, string | undefined>>;
  /** whether it reloads by itself when a file of it is saved; true where absent */
  readonly watch?: boolean;
}

/** What there is to show of it. */
export type BackendState =
  | { readonly kind: 'idle' }
  | { readonly kind: 'starting' }
  | { readonly kind: 'running'; readonly pid: number | undefined; readonly inspectorPort: number | undefined }
  /** until a file is saved, or `reload` or `debug` is called */
  | { readonly kind: 'stopped'; readonly reason: string }
  | { readonly kind: 'disposed' };

export interface DebugOptions {
  /** waits for the debugger before it runs any code, so that breakpoints at the top level hit */
  readonly wait?: boolean;
}

type State =
  | { readonly kind: 'idle' }
  /** nothing serves: calls wait */
  | { readonly kind: 'starting'; readonly session: Session }
  | { readonly kind: 'serving'; readonly session: Session; readonly next: Session | undefined }
  /** it died: the next start is due in a moment, calls wait */
  | { readonly kind: 'pausing'; readonly timer: NodeJS.Timeout }
  | { readonly kind: 'stopped'; readonly reason: string }
  | { readonly kind: 'disposed' };

/** Calls of replaced code have this long to end by themselves. */
const GRACE_MS = 250;
/** A process that ends within this time of serving may be broken altogether … */
const QUICK_MS = 1000;
/** … and is not started again after so many of them in a row. */
const MAX_QUICK_ENDS = 3;
const PAUSE_MS = 200;

export class BackendProcess implements Backend, Disposable {
  readonly #options: BackendOptions;
  readonly #life = new Lifetime();
  readonly #stateChanged = this.#life.own(new Emitter<BackendState>());
  readonly #loaded = this.#life.own(new Emitter<void>());
  readonly #inspected = this.#life.own(new Emitter<{ readonly port: number }>());
  readonly #loadFailed = this.#life.own(new Emitter<LoadError>());
  readonly #watch: FileWatch;
  readonly #processes = new Set<Session>();
  /** processes that wait, or waited, to be told what to load */
  readonly #warming = new Set<Child>();
  #warm: Child | undefined;
  #state: State = { kind: 'idle' };
  #commands: ReadonlySet<string> = new Set();
  #plugins: ReadonlyMap<string, ReadonlySet<string>> = new Map();
  #info: { readonly commands: readonly CommandInfo[]; readonly plugins: readonly PluginInfo[] } | undefined;
  /** calls that wait until something serves, or until it is known that nothing will */
  #waiting: (() => void)[] = [];
  #quickEnds = 0;
  #servingSince = 0;
  #appReady = false;
  /** set while it is debugged: every process gets an inspector */
  #inspect: DebugOptions | undefined;

  constructor(options: BackendOptions) {
    this.#options = options;
    this.#watch = this.#life.own(new FileWatch(() => this.#filesChanged()));
  }

  readonly onStateChanged = this.#stateChanged.event;
  /** Code was loaded and serves now: its commands and plugins may be others. */
  readonly onLoaded = this.#loaded.event;
  /**
   * While it is debugged: a process listens for a debugger at this port. One that waits for the debugger takes over only
   * after it came.
   */
  readonly onInspector = this.#inspected.event;
  /** Code did not load. Where other code serves, that goes on. */
  readonly onLoadError = this.#loadFailed.event;

  get state(): BackendState {
    const state = this.#state;
    switch (state.kind) {
      case 'serving':
        return { kind: 'running', pid: state.session.child.pid, inspectorPort: state.session.child.port };
      case 'pausing':
        return { kind: 'starting' };
      case 'starting':
      case 'idle':
      case 'disposed':
        return { kind: state.kind };
      case 'stopped':
        return state;
    }
  }

  // ---- what the core asks (Backend)

  get commands(): ReadonlySet<string> {
    return this.#commands;
  }

  get plugins(): ReadonlyMap<string, ReadonlySet<string>> {
    return this.#plugins;
  }

  get loaded(): boolean {
    return this.#info !== undefined;
  }

  /** The commands and plugins with all that is known of them; undefined before code has loaded. */
  get info(): { readonly commands: readonly CommandInfo[]; readonly plugins: readonly PluginInfo[] } | undefined {
    return this.#info;
  }

  get initScripts(): readonly string[] {
    return (this.#info?.plugins ?? []).flatMap(({ initScript }) => (initScript === undefined ? [] : [initScript]));
  }

  readonly hooks: NonNullable<Backend['hooks']> = {
    onWindowReady: (window) => this.#serving?.hook({ name: 'onWindowReady', window: window.label }),
    onWebviewReady: (window) => this.#serving?.hook({ name: 'onWebviewReady', window: window.label }),
    onPageLoad: (window, load) => this.#serving?.hook({ name: 'onPageLoad', window: window.label, load }),
    onEvent: (_app, event) => {
      if (event.kind === 'Ready') this.#appReady = true;
      this.#serving?.hook({ name: 'onEvent', event });
    },
  };

  /** Asks its plugins whether `window` may go to `url`. */
  async allowNavigation(window: { readonly label: string }, url: string): Promise<boolean> {
    return (await this.#serving?.allowNavigation(window.label, url)) ?? true;
  }

  pageGone(window: string, generation: number): void {
    for (const session of this.#processes) session.pageGone(window, generation);
  }

  run(call: Call, connection: Connection, clock: HandlerClock, scopes: Scopes): Promise<Outcome> {
    const session = this.#serving;
    return session ? session.run(call, connection, clock, scopes) : this.#runLater(call, connection, clock, scopes);
  }

  get #serving(): Session | undefined {
    return this.#state.kind === 'serving' ? this.#state.session : undefined;
  }

  async #runLater(call: Call, connection: Connection, clock: HandlerClock, scopes: Scopes): Promise<Outcome> {
    const refused = await this.whenLoaded(call);
    if (refused) return refused;
    const session = this.#serving;
    const called = calledCommand(call.cmd);
    if (session && hasCommand(this, called)) return session.run(call, connection, clock, scopes);
    // The core's own words: it could not know yet.
    return failure(notFoundText(called, this.#plugins.has(called.plugin ?? '')));
  }

  /** Waits until something serves; gives the answer of a call for which nothing will. */
  async whenLoaded(call: Call): Promise<Outcome | undefined> {
    const limit = this.#loadMs;
    const { promise, resolve } = Promise.withResolvers<'late' | undefined>();
    const timer = setTimeout(() => resolve('late'), limit);
    call.signal.addEventListener('abort', () => resolve(undefined), { once: true });
    this.#waiting.push(() => resolve(undefined));
    if (this.#state.kind !== 'starting' && this.#state.kind !== 'pausing') this.#wake();
    const late = await promise;
    clearTimeout(timer);
    const state = this.#state;
    const refuse = (reason: string) => failure(`The backend could not run "${call.cmd}": ${reason}.`);
    if (call.signal.aborted) return refuse('the window is gone');
    switch (state.kind) {
      case 'serving':
        return undefined;
      case 'starting':
      case 'pausing':
        return refuse(late ? `it did not start within ${seconds(limit)}` : 'it is starting again');
      case 'idle':
        return refuse('it was not started');
      case 'stopped':
        return refuse(state.reason);
      case 'disposed':
        return refuse('the app was closed');
    }
  }

  #wake(): void {
    for (const go of this.#waiting.splice(0)) go();
  }

  // ---- starting and replacing

  /** Starts it; resolves with true when it serves. */
  start(): Promise<boolean> {
    return this.#state.kind === 'idle' ? this.reload() : Promise.resolve(this.#state.kind === 'serving');
  }

  /**
   * Loads the code anew, beside the process that serves; it takes over when it has loaded. Resolves with true then, and
   * with false where it did not load or was overtaken by a newer load.
   */
  async reload(): Promise<boolean> {
    if (this.#state.kind === 'disposed') return false;
    return this.#load(this.#begin());
  }

  /** Puts a new process under way. */
  #begin(): Session {
    const session = this.#createSession();
    const state = this.#state;
    if (state.kind === 'pausing') clearTimeout(state.timer);
    if (state.kind === 'starting') state.session.dispose();
    if (state.kind === 'serving') {
      if (state.next) state.next.dispose();
      this.#setState({ ...state, next: session });
    } else this.#setState({ kind: 'starting', session });
    return session;
  }

  async #load(session: Session): Promise<boolean> {
    const loaded = await session.loaded;
    if (!this.#isCurrent(session)) return false;
    this.#watchFiles(session);
    switch (loaded.kind) {
      case 'ready':
        this.#takeOver(session);
        return true;
      case 'failed':
        this.#failToLoad(session, loaded);
        return false;
      case 'dropped':
        return false;
    }
  }

  /** Whether `session` is the one that is being loaded. */
  #isCurrent(session: Session): boolean {
    const state = this.#state;
    return (
      (state.kind === 'starting' && state.session === session) || (state.kind === 'serving' && state.next === session)
    );
  }

  #takeOver(session: Session): void {
    const before = this.#state;
    // Before anybody looks at the new commands: they are not to be measured by what the old code added.
    if (before.kind === 'serving') before.session.replaced();
    this.#info = { commands: session.commands, plugins: session.plugins };
    this.#commands = new Set(session.commands.map(({ name }) => name));
    this.#plugins = new Map(
      session.plugins.map(({ name, commands }) => [name, new Set(commands.map((command) => command.name))]),
    );
    this.#servingSince = performance.now();
    this.#setState({ kind: 'serving', session, next: undefined });
    session.takeOver(this.#appReady);
    this.#wake();
    this.#loaded.fire();
    if (before.kind !== 'serving') return;
    // Whoever reloads once will do so again.
    this.#keepWarm();
    void this.#retire(before.session);
  }

  /** Lets the calls of replaced code end, for a moment. */
  async #retire(session: Session): Promise<void> {
    await session.idle(GRACE_MS);
    session.rejectCalls((cmd) => `The backend was reloaded while "${cmd}" was running.`);
    session.dispose();
  }

  #failToLoad(session: Session, { error }: Extract<Loaded, { kind: 'failed' }>): void {
    session.dispose();
    this.#keepWarm();
    const state = this.#state;
    if (state.kind === 'serving') this.#setState({ ...state, next: undefined });
    else this.#setState({ kind: 'stopped', reason: `it did not load: ${withoutStop(error.message)}` });
    this.#wake();
    this.#loadFailed.fire(error);
  }

  #createSession(): Session {
    const inspect = this.#inspect;
    const { hangMs = 5000 } = this.#options;
    const session = new Session({
      ...this.#childOptions(inspect),
      core: this.#options.core,
      warm: inspect ? undefined : this.#takeWarm(),
      hangMs: inspect || hangMs === 0 ? undefined : hangMs,
      loadMs: inspect ? undefined : this.#loadMs,
    });
    this.#processes.add(session);
    session.onFilesChanged(() => {
      if (this.#serving === session) this.#watchFiles(session);
    });
    void session.child.ended.then((reason) => this.#ended(session, reason));
    if (inspect) this.#tellInspector(session);
    return session;
  }

  #childOptions(inspect: DebugOptions | undefined): ChildOptions {
    const { entry, folder, dist, env = {}, maxMemoryMb = 1024 } = this.#options;
    return {
      entry,
      folder,
      dist,
      env,
      maxMemoryMb,
      inspect: inspect !== undefined,
      waitForDebugger: inspect?.wait ?? false,
      log: (level, line) => this.#options.log(level, line),
    };
  }

  /** Keeps a process ready for the next reload: measured, a reload takes a third of the time. */
  #keepWarm(): void {
    if (this.#warm?.alive || this.#inspect || this.#life.over) return;
    const warm = new Child(this.#childOptions(undefined));
    this.#warm = warm;
    this.#warming.add(warm);
    void warm.ended.then(() => this.#warming.delete(warm));
  }

  #takeWarm(): Child | undefined {
    const warm = this.#warm;
    this.#warm = undefined;
    return warm?.alive ? warm : undefined;
  }

  get #loadMs(): number {
    return this.#options.loadMs ?? 10_000;
  }

  // ---- ends

  #ended(session: Session, reason: string): void {
    this.#processes.delete(session);
    const state = this.#state;
    if (state.kind !== 'serving' || state.session !== session) return;
    if (performance.now() - this.#servingSince > QUICK_MS) this.#quickEnds = 0;
    this.#quickEnds++;
    session.dispose();
    // js-debug kills the process when its user presses Stop: the next one runs without a debugger.
    if (!state.next) this.#inspect = undefined;
    const again = this.#quickEnds < MAX_QUICK_ENDS;
    const next = again ? `${reason} and was restarted` : reason;
    this.#options.log('error', `The backend stopped: ${next}.`);
    session.rejectCalls((cmd) => `The backend stopped while "${cmd}" was running: ${next}.`);
    if (state.next) this.#setState({ kind: 'starting', session: state.next });
    else if (again) this.#pause();
    else this.#giveUp(reason);
  }

  /** The first restart comes at once, the next ones a little later. */
  #pause(): void {
    const timer = setTimeout(
      () => {
        // Resolves with false where it fails, which is reported on its way.
        void this.reload();
      },
      (this.#quickEnds - 1) * PAUSE_MS,
    );
    this.#setState({ kind: 'pausing', timer });
  }

  #giveUp(reason: string): void {
    const text = `it ended ${MAX_QUICK_ENDS} times right after its start (${reason}); save one of its files to start it again`;
    this.#options.log('error', `The backend stays stopped: ${text}.`);
    this.#setState({ kind: 'stopped', reason: text });
    this.#wake();
  }

  // ---- files

  #filesChanged(): void {
    this.#quickEnds = 0;
    void this.reload();
  }

  #watchFiles(session: Session): void {
    if (this.#options.watch === false) return;
    const others = this.#serving?.files ?? [];
    this.#watch.update(session.files, session.missing, [this.#options.entry, ...others.map(({ path }) => path)]);
  }

  // ---- debugging

  /** Starts it anew with an inspector, also after each reload, and resolves with its port. No watchdog meanwhile. */
  async debug(options: DebugOptions = {}): Promise<{ readonly port: number }> {
    if (this.#state.kind === 'disposed') throw new Error('The backend is disposed.');
    this.#inspect = options;
    const session = this.#begin();
    void this.#load(session);
    return { port: await session.child.inspectorPort };
  }

  /** Starts it anew without an inspector. */
  async endDebug(): Promise<boolean> {
    if (!this.#inspect) return false;
    this.#inspect = undefined;
    return this.reload();
  }

  #tellInspector(session: Session): void {
    session.child.inspectorPort.then(
      (port) => {
        // A debugger that attaches to a process which is given up asks for it until its time is over.
        if (this.#inspect && (this.#isCurrent(session) || this.#serving === session)) this.#inspected.fire({ port });
      },
      () => undefined,
    );
  }

  // ---- end

  #setState(state: State): void {
    this.#state = state;
    if (!this.#life.over) this.#stateChanged.fire(this.state);
  }

  /** Resolves when none of its processes is left: after `dispose`, within a second. */
  async whenEnded(): Promise<void> {
    const children = [...this.#warming, ...[...this.#processes].map(({ child }) => child)];
    await Promise.all(children.map((child) => child.ended));
  }

  dispose(): void {
    const state = this.#state;
    if (state.kind === 'disposed') return;
    if (state.kind === 'pausing') clearTimeout(state.timer);
    this.#setState({ kind: 'disposed' });
    for (const session of this.#processes) {
      session.rejectCalls((cmd) => `The backend stopped while "${cmd}" was running: the app was closed.`);
      session.dispose();
    }
    this.#warm?.dispose();
    this.#wake();
    this.#life.dispose();
  }
}

function withoutStop(sentence: string): string {
  return sentence.endsWith('.') ? sentence.slice(0, -1) : sentence;
}

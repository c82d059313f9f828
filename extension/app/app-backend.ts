/** The backend process of one app, as VS Code shows it: output channel, problems with buttons, the debugger. */
import { join } from 'node:path';
import * as vscode from 'vscode';
import type { Core } from '#core/core.ts';
import { type Disposable, Lifetime } from '#core/lifetime.ts';
import { BackendProcess, type LoadError, type LogLevel } from '../backend/backend.ts';
import type { Log } from '../log.ts';
import { offer, reportError, showProblem } from '../problems.ts';
import { hangMs } from '../settings.ts';
import type { DeclaredByBackend, Project } from '#server/project/index.ts';

export interface AppBackendOptions {
  readonly core: Core;
  readonly project: Project;
  /** the file with the handlers, looked for anew */
  findFile(): string | undefined;
  /** code was loaded: what it declares may be other than before */
  onLoaded(): void;
  readonly log: Log;
  /** the app's own output channel */
  readonly output: vscode.LogOutputChannel;
  readonly context: vscode.ExtensionContext;
}

/** Windows open after the handlers, so that their plugins' scripts are in the first page; but they do not wait longer. */
const START_MS = 2_000;

export class AppBackend implements Disposable {
  readonly #options: AppBackendOptions;
  readonly #life = new Lifetime();
  readonly #output: vscode.LogOutputChannel;
  #process: BackendProcess | undefined;
  #watcher: vscode.FileSystemWatcher | undefined;
  /** the port of the process that is debugged now: after a reload it is another */
  #debugged: number | undefined;
  /** what waits for the debugged code to answer */
  #debugging: Lifetime | undefined;
  /** the problem that was shown last: the same one is not shown again on every save */
  #shown = '';

  constructor(options: AppBackendOptions) {
    this.#options = options;
    this.#output = options.output;
  }

  /**
   * Starts the handlers where the project has some, and resolves when they answer, did not load, or take their time;
   * else waits until their file is created.
   */
  async start(): Promise<void> {
    const { project } = this.#options;
    if (!project.backendFile) return this.#waitForFile();
    let timer: NodeJS.Timeout | undefined;
    const late = new Promise<void>((resolve) => {
      timer = setTimeout(resolve, START_MS);
    });
    await Promise.race([this.#startProcess(project.backendFile), late]);
    clearTimeout(timer);
  }

  /** The commands and plugins of the handlers; undefined before they have loaded. */
  get declared(): DeclaredByBackend | undefined {
    return this.#process?.info;
  }

  async #startProcess(entry: string): Promise<void> {
    const { core, project, context } = this.#options;
    const backend = this.#life.own(
      new BackendProcess({
        core,
        entry,
        folder: project.root,
        dist: vscode.Uri.joinPath(context.extensionUri, 'dist').fsPath,
        log: (level, line) => this.#print(level, line),
        hangMs: hangMs(),
        // Node keeps what it has compiled there: zod loads in half the time.
        env: { NODE_COMPILE_CACHE: vscode.Uri.joinPath(context.globalStorageUri, 'compiled').fsPath },
      }),
    );
    this.#process = backend;
    core.backend = backend;
    this.#life.own(backend.onInspector(({ port }) => this.#attach(backend, port)));
    this.#life.own(backend.onLoadError((error) => this.#showLoadError(error)));
    this.#life.own(
      backend.onLoaded(() => {
        this.#shown = '';
        this.#options.onLoaded();
        const names = [...backend.commands];
        this.#output.info(`Loaded ${entry}: ${names.length} commands (${names.join(', ')})`);
      }),
    );
    this.#life.own(
      backend.onStateChanged((state) => {
        if (state.kind === 'stopped') this.#showStopped(state.reason);
      }),
    );
    // Resolves with false where it fails, and that is shown by `onLoadError`.
    await backend.start();
  }

  #waitForFile(): void {
    const { project } = this.#options;
    const pattern = new vscode.RelativePattern(project.root, '**/*.{ts,mts,js,mjs}');
    this.#watcher = this.#life.own(vscode.workspace.createFileSystemWatcher(pattern, false, true, true));
    this.#life.own(this.#watcher.onDidCreate(() => this.lookForFile()));
  }

  /** Starts the handlers if there are some by now. */
  lookForFile(): void {
    const file = this.#process ? undefined : this.#options.findFile();
    if (!file) return;
    if (this.#watcher) this.#life.end(this.#watcher);
    // Resolves with false where it fails, which is shown on its way.
    void this.#startProcess(file);
  }

  #print(level: LogLevel, line: string): void {
    this.#output[level](line);
  }

  #showLoadError(error: LoadError): void {
    const { file, line, column, message, stack } = error;
    const place = file === undefined ? undefined : { file, line, column };
    const where = file === undefined ? '' : ` (${vscode.workspace.asRelativePath(file)}:${line ?? 1}:${column ?? 1})`;
    const serving = this.#process?.loaded ? ' The version before it goes on answering.' : '';
    this.#output.error(`${message}${where}${stack === undefined ? '' : `\n${stack}`}`);
    const text = `The backend does not load: ${message}${where}.${serving}`;
    if (text === this.#shown) return;
    this.#shown = text;
    void this.#show(text, place);
  }

  #showStopped(reason: string): void {
    const text = `The backend of ${this.#options.project.name} is stopped: ${reason}.`;
    // What did not load was shown with its place.
    if (this.#shown !== '' || text === this.#shown) return;
    this.#shown = text;
    const file = this.#options.project.backendFile;
    void this.#show(text, file === undefined ? undefined : { file });
  }

  async #show(text: string, place: Parameters<typeof showProblem>[1]): Promise<void> {
    const output = 'Show Output';
    if ((await showProblem(text, place, output)) === output) this.#output.show();
  }

  // ---- what windows and commands ask

  allowNavigation(label: string, url: string): Promise<boolean> {
    return this.#process?.allowNavigation({ label }, url) ?? Promise.resolve(true);
  }

  /** Loads the code anew, where there is some. */
  async reload(): Promise<void> {
    await this.#process?.reload();
  }

  async restart(): Promise<void> {
    if (!this.#process) {
      void offer(`${this.#options.project.name} has no src-ipc/main.ts.`, {
        'Create Backend': 'ipcWorkbench.createBackend',
      });
      return;
    }
    await this.#process.reload();
  }

  /**
   * Starts the backend anew under VS Code's debugger, and resolves when the debugged code answers or did not load; when
   * the session ends, it runs without it again.
   */
  async debug(): Promise<void> {
    const backend = this.#process;
    if (!backend) return this.restart();
    const { promise: settled, resolve } = Promise.withResolvers<void>();
    const waiting = this.#life.own(new Lifetime());
    waiting.own(backend.onLoaded(resolve));
    waiting.own(backend.onLoadError(() => resolve()));
    waiting.onEnd(resolve);
    this.#debugging = waiting;
    await backend.debug({ wait: true });
    await settled;
    this.#life.end(waiting);
  }

  /** A process waits for the debugger: the first one, and after each save the next. */
  #attach(backend: BackendProcess, port: number): void {
    const { project, context, log } = this.#options;
    this.#debugged = port;
    const name = `IPC Backend: ${project.name} (${port})`;
    const ended = this.#life.own(
      vscode.debug.onDidTerminateDebugSession((session) => {
        if (session.configuration.name !== name || session.parentSession) return;
        this.#life.end(ended);
        // The session of code that was replaced ends by itself; that of the present code ends because the user stopped it.
        if (this.#debugged !== port) return;
        this.#debugged = undefined;
        void backend.endDebug();
      }),
    );
    const folder = vscode.workspace.getWorkspaceFolder(vscode.Uri.file(project.root));
    vscode.debug
      .startDebugging(folder, {
        type: 'node',
        request: 'attach',
        name,
        address: '127.0.0.1',
        port,
        continueOnAttach: true,
        skipFiles: ['<node_internals>/**', join(context.extensionUri.fsPath, 'dist', '**')],
        // The handlers run as they are written: no source maps but those that their own files carry.
        resolveSourceMapLocations: [join(project.root, '**')],
      })
      .then((started) => {
        if (!started) throw new Error('VS Code did not start its debugger');
      })
      .then(undefined, (error: unknown) => {
        this.#life.end(ended);
        reportError(log, 'The backend cannot be debugged', error);
        if (this.#debugging) this.#life.end(this.#debugging);
        void backend.endDebug();
      });
  }

  dispose(): void {
    this.#life.dispose();
  }
}

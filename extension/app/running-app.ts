/** One running app: its core, page server, backend and windows, from a project's files. */
import { readFileSync } from 'node:fs';
import * as vscode from 'vscode';
import type { FsAccess } from '#core/acl/scope/fs.ts';
import { Core } from '#core/core.ts';
import { type Disposable, Emitter, Lifetime } from '#core/lifetime.ts';
import type { Tap } from '#core/tap.ts';
import { answerHeaders, type AppAcl, cspText, type Project } from '#server/project/index.ts';
import { AppAnswers } from './app-answers.ts';
import { AppBackend } from './app-backend.ts';
import { AppFrontend } from './app-frontend.ts';
import { AppPermissions } from './app-permissions.ts';
import { AssetScope } from './asset-scope.ts';
import { bridgeFile, systemConfig } from '../bridge-script.ts';
import { errorText, type Log } from '../log.ts';
import { DeepLinks } from '../plugin-host/deep-link.ts';
import { type AppOutputs, logTo } from '../plugin-host/log.ts';
import { type AppPluginHost, createPluginHost, readProjectIcon } from '../plugin-host/plugin-host.ts';
import { type AppPlace, directoriesOf, pathPlace, thisSystem } from '../plugins/directories.ts';
import { createFsAccess, leadingDotOf } from '../plugins/fs-access.ts';
import { note, type PluginHost } from '../plugins/host.ts';
import { hostPlugins, officialPlugins } from '../plugins/index.ts';
import { ignoredMembers, rememberConfig } from '../plugins/window-config.ts';
import { reportError } from '../problems.ts';
import { callStacks, keepHiddenWindows, strictFsScope, useLane } from '../settings.ts';
import { type PanelState, Windows } from '../windows.ts';
import { type ConfiguredWindow, findWindow, windowOptions, windowsAtStart } from './configured-windows.ts';
import { isLoopback } from './dev-server.ts';
import type { DevServerTask } from './dev-server-task.ts';
import type { Frontend } from './frontend.ts';
import { GlobalApi } from './global-api.ts';
import { hotReloadScript } from './hot-reload.ts';
import { isolationFolderOf } from './isolation-page.ts';
import { IsolationServer } from './isolation-server.ts';
import { KeptStorage } from './kept-storage.ts';
import { OWN_PATH } from './own-path.ts';
import { unmodifiedParts } from './page-html.ts';
import type { PageServer, PageSource } from './page-server.ts';
import { preferredPort, reachableOrigin } from './page-origin.ts';
import { Pages } from './pages.ts';
import { ProjectRules } from './project-rules.ts';
import type { RustProjects } from './rust-projects.ts';

export interface RunningAppOptions {
  /** the folder of the project, or `demo` */
  readonly id: string;
  readonly project: Project;
  /** reads the project's files again */
  readProject(): Project;
  /** where the pages come from at first */
  readonly frontend: Frontend;
  /** starts the development server, and ends with the app */
  readonly devServer: DevServerTask;
  readonly tap: Tap;
  readonly log: Log;
  /** where its handlers and its pages log */
  readonly outputs: AppOutputs;
  readonly context: vscode.ExtensionContext;
  readonly rust: RustProjects;
}

export class RunningApp implements Disposable {
  readonly id: string;
  readonly core: Core;
  /** addresses of VS Code that name this app */
  readonly links = new DeepLinks();
  readonly #options: RunningAppOptions;
  readonly #life = new Lifetime();
  readonly #ends = new Emitter<void>();
  readonly onEnd = this.#ends.event;
  /** what answers where no handler does */
  readonly answers: AppAnswers;
  readonly rules: ProjectRules;
  readonly #storage: KeptStorage;
  readonly #backend: AppBackend;
  /** where the app has an isolation page */
  readonly #isolation: IsolationServer | undefined;
  /** where its pages come from */
  readonly frontend: AppFrontend;
  readonly #permissions: AppPermissions;
  #project: Project;
  #assets: AssetScope;
  readonly #fsAccess: FsAccess;
  #pages!: Pages;
  #windows!: Windows;
  #pluginHost!: AppPluginHost;

  /**
   * Starts the server and the backend of a project; opens no window yet.
   *
   * @throws ProjectError where its isolation page cannot be one
   */
  static async start(options: RunningAppOptions): Promise<RunningApp> {
    const app = new RunningApp(options, isolationFolderOf(options.project));
    try {
      await app.#start();
      return app;
    } catch (error) {
      app.dispose();
      throw error;
    }
  }

  private constructor(options: RunningAppOptions, isolationFolder: string | undefined) {
    const { id, project, tap, log, context } = options;
    this.id = id;
    this.#options = options;
    this.#project = project;
    const { frontend, devServer } = options;
    this.frontend = this.#life.own(
      new AppFrontend({
        frontend,
        devServer,
        project: () => this.#project,
        readAgain: () => {
          this.#project = options.readProject();
        },
        log,
      }),
    );
    this.#permissions = this.#life.own(
      new AppPermissions({
        project: () => this.#project,
        directories: () => directoriesOf(this.#place()),
        declared: () => this.#backend.declared,
        readAgain: () => {
          this.#project = options.readProject();
          this.#assets = this.#assetScope();
        },
        // What the configuration says of pages counts from the next one on.
        onRead: () => this.#pages.serve(this.#pageSource()),
        enforce: ({ authority }) => {
          this.core.authority = authority;
        },
        note: (text) => this.core.note('permissions', text),
        log,
      }),
    );
    this.#assets = this.#assetScope();
    this.#fsAccess = createFsAccess(this.#place(), project.root, {
      requireLiteralLeadingDot: leadingDotOf(project.config.plugins['fs']),
      strict: strictFsScope,
    });
    this.#storage = this.#life.own(new KeptStorage(context.workspaceState, `storage:${id}`));
    this.#isolation = isolationFolder === undefined ? undefined : this.#createIsolation(isolationFolder);
    this.rules = this.#life.own(new ProjectRules(project.root));
    const rust = this.#life.own(options.rust.use(project)).commands;
    this.answers = this.#life.own(new AppAnswers({ rust, rules: this.rules }));
    this.core = new Core({
      name: project.name,
      tap,
      isolation: this.#isolation,
      authority: this.#permissions.acl.authority,
      pluginConfig: project.config.plugins,
      openWindow: async (window) => {
        await this.#windows.open(window);
      },
      unhandled: (call, notFound) => this.answers.unhandled(call, notFound),
    });
    this.answers.serve(this.core);
    this.core.onError(({ where, error }) => log.error(`${project.name}: ${where}: ${errorText(error)}`));
    this.#backend = this.#life.own(
      new AppBackend({
        core: this.core,
        project,
        findFile: () => options.readProject().backendFile,
        onLoaded: () => this.#permissions.apply(),
        log,
        output: options.outputs.of(project.name),
        context,
      }),
    );
    // Ends before the backend does: its plugins hear of the exit.
    this.#life.own(this.core);
  }

  async #start(): Promise<void> {
    const { context, log, outputs } = this.#options;
    const host = createPluginHost({
      core: this.core,
      memento: context.workspaceState,
      id: this.id,
      version: this.#project.version,
      identifier: this.#project.config.identifier,
      folder: this.#project.root,
      resourceFolder: this.#project.configFolder,
      devServer: () => {
        const { current } = this.frontend;
        return current.kind === 'server' ? current.url : undefined;
      },
      fsAccess: this.#fsAccess,
      log: logTo(() => outputs.of(this.core.name)),
      deepLinks: this.links,
      externalBin: this.#project.config.bundle.externalBin,
      configFolder: this.#project.configFolder,
      dist: vscode.Uri.joinPath(context.extensionUri, 'dist').fsPath,
      readIcon: () => readProjectIcon(this.#project),
      panel: (label) => this.#windows.panel(label),
      exit: () => this.dispose(),
      restart: () => this.#restart(host),
    });
    this.#pluginHost = this.#life.own(host);
    for (const plugin of hostPlugins(this.core, host)) await this.core.addPlugin(plugin);
    await this.#addOfficialPlugins(host);

    const { devUrl, frontendDist } = this.#project.config.build;
    const pages = await Pages.start({
      source: this.#pageSource(),
      ownUrls: [devUrl, frontendDist].filter((url) => typeof url === 'string'),
      preferredPort: (remoteOrigin) =>
        preferredPort(remoteOrigin === undefined ? this.id : `${this.id} ${remoteOrigin}`),
      reachableOrigin,
    });
    this.#pages = this.#life.own(pages);
    await this.#startIsolation();
    this.#windows = this.#life.own(
      new Windows({
        core: this.core,
        appId: this.id,
        extensionUri: context.extensionUri,
        findPage: (path) => pages.find(path),
        keepHidden: keepHiddenWindows(),
        useLane,
        keptColumn: (label) => host.windowState.keptColumn(label),
        onStorage: (key, value) => this.#storage.set(key, value),
        report: (message) => log.warn(message),
      }),
    );
    this.#life.own(this.frontend.onSwitch(() => this.#showFrontend()));
    this.#endWithLastWindow();
    this.#permissions.watch();
    // Windows may open before the handlers are there: then their calls wait.
    await this.#backend.start();
    if (this.#life.over) throw new Error('the app was closed while it started');
    this.core.fireRunEvent({ kind: 'Ready' });
  }

  #pageSource(): PageSource {
    const frontend = this.frontend.current;
    const { extensionUri } = this.#options.context;
    const dist = (name: string) => readFileSync(vscode.Uri.joinPath(extensionUri, 'dist', name).fsPath, 'utf8');
    const { config } = this.#project;
    const { security, withGlobalTauri } = config.app;
    const development = frontend.kind === 'server' ? [hotReloadScript(namesOf(frontend.url))] : [];
    const csp = cspText(frontend.kind === 'server' ? (security.devCsp ?? security.csp) : security.csp);
    const isolation = this.#isolation;
    const globalApi = withGlobalTauri ? new GlobalApi(vscode.Uri.joinPath(extensionUri, 'dist').fsPath) : undefined;
    return {
      frontend,
      csp,
      cspUnmodified: unmodifiedParts(security.dangerousDisableAssetCspModification),
      headers: answerHeaders(security.headers),
      isolationOrigin: () => isolation?.origin,
      asset: (path) => this.#assets.find(path, this.#fsAccess.runtime),
      injection: (pageOrigin) => ({
        // A page that loads after a change of the setting gets the other one.
        bridge: dist(bridgeFile({ isolation: isolation !== undefined, stacks: callStacks() })),
        config: {
          ...systemConfig(),
          assetUrl: `${this.#pages.own.origin}${OWN_PATH}asset/`,
          storageUrl: `${OWN_PATH}storage`,
          freezePrototype: security.freezePrototype,
          ...(isolation && { isolation: isolation.createLoad(pageOrigin) }),
        },
        globalApi: globalApi?.core,
        initScripts: [...development, ...this.core.initScripts],
        // A saved capability brings its plugin to the next page.
        pluginApis: globalApi?.plugins(this.#plugins()),
      }),
      allowNavigation: async (url, referer) => {
        const window = this.#windows.findNavigating(url, referer);
        if (!window) return true;
        return this.core.allowNavigation(window, url) && this.#backend.allowNavigation(window.label, url);
      },
      storage: () => this.#storage.json(),
      onUnreachable: () => this.frontend.offerDevServer(),
    };
  }

  /** The plugins that the app has, as far as its files say: Tauri knows them from its Rust code. */
  #plugins(): ReadonlySet<string> {
    return new Set([...this.acl.plugins, ...Object.keys(this.#project.config.plugins)]);
  }

  #createIsolation(folder: string): IsolationServer {
    const { project, context, log } = this.#options;
    const runtime = vscode.Uri.joinPath(context.extensionUri, 'dist', 'isolation-frame.js').fsPath;
    const server = new IsolationServer({
      folder,
      runtime: readFileSync(runtime, 'utf8'),
      report: (error) => log.error(`${project.name}: isolation page: ${errorText(error)}`),
    });
    return this.#life.own(server);
  }

  async #startIsolation(): Promise<void> {
    if (!this.#isolation) return;
    await this.#isolation.start();
    const reachable = await reachableOrigin(this.#isolation.origin);
    if (reachable) this.#isolation.reachAt(reachable);
  }

  #assetScope(): AssetScope {
    return new AssetScope(this.#project.config.app.security.assetProtocol, pathPlace(this.#place()));
  }

  #place(): AppPlace {
    const { config, configFolder } = this.#project;
    return { identifier: config.identifier, resourceDirectory: configFolder, system: thisSystem() };
  }

  /** The folder of the project. */
  get root(): string {
    return this.#project.root;
  }

  /** What serves the pages of the app itself. */
  get pageServer(): PageServer {
    return this.#pages.own;
  }

  get identifier(): string {
    return this.#project.config.identifier;
  }

  // ---- windows

  /** Opens the windows of the configuration that are not open yet, and shows the first. */
  async openWindows(): Promise<void> {
    const windows = windowsAtStart(this.#project);
    for (const window of windows) {
      if (!this.#windows.has(window.label)) await this.#openConfigured(window);
    }
    this.core.windows.get(windows[0]?.label ?? 'main')?.setFocus();
  }

  async #openConfigured(config: ConfiguredWindow): Promise<void> {
    const window = await this.#windows.open(windowOptions(config));
    rememberConfig(window, config);
    const ignored = ignoredMembers(config);
    if (ignored.length === 0) return;
    note(this.core, window, 'app.windows', `the configuration has what a panel ignores: ${ignored.join(', ')}`);
  }

  /** Gives a panel of an earlier session its window back. */
  async restoreWindow(panel: vscode.WebviewPanel, state: PanelState): Promise<void> {
    const configured = findWindow(this.#project, state.label);
    await this.#windows.adopt(panel, {
      ...(configured && windowOptions(configured)),
      label: state.label,
      url: state.url,
      title: panel.title, // VS Code keeps it, with what the page has made of it since
    });
  }

  /** As under Tauri: an app whose last window closes ends, and its process and port with it. */
  #endWithLastWindow(): void {
    this.#life.own(
      this.core.onWindowsChanged(() => {
        if (this.core.windows.size > 0) return;
        // In the next turn: what the closing still has to say comes first, and whoever opens a window at once keeps the app.
        setImmediate(() => {
          if (this.core.windows.size > 0 || this.#life.over) return;
          this.core.fireRunEvent({ kind: 'ExitRequested', code: undefined });
          this.dispose();
        });
      }),
    );
  }

  /**
   * What Tauri does by a new process, within this one: only the windows of the configuration stay, with new pages; the
   * plugins' state goes; the backend's code is loaded anew, and its `setup` runs.
   */
  async #restart(host: PluginHost): Promise<void> {
    await this.openWindows();
    const labels = new Set(windowsAtStart(this.#project).map(({ label }) => label));
    for (const window of [...this.core.windows.values()]) if (!labels.has(window.label)) window.destroy();
    await this.#addOfficialPlugins(host);
    await this.#backend.reload();
    if (!this.#life.over) await this.reloadWindows();
  }

  /** Those that are there already are replaced: what they held goes. */
  async #addOfficialPlugins(host: PluginHost): Promise<void> {
    for (const plugin of officialPlugins(this.core, host)) await this.core.addPlugin(plugin);
  }

  /** Opens a window of the configuration, or shows it where it is open. */
  async openWindow(label: string): Promise<void> {
    const configured = findWindow(this.#project, label);
    if (!this.#windows.has(label)) {
      await this.#windows.open(windowOptions(configured ?? { label, title: this.#project.name }));
    }
    this.core.windows.get(label)?.setFocus();
  }

  /** The pages of another frontend; windows, state, backend and origin stay. */
  #showFrontend(): void {
    this.#pages.serve(this.#pageSource());
    this.reloadWindows().catch((error: unknown) =>
      reportError(this.#options.log, 'The windows could not be loaded', error),
    );
  }

  reloadWindows(): Promise<void> {
    return this.#windows.reload();
  }

  /** Whether the panel in front is one of this app's that has a menu. */
  get hasActiveMenu(): boolean {
    return this.#pluginHost.menu.active;
  }

  /** Opens the menu of the window in front; false where no window has one. */
  showMenu(): Promise<boolean> {
    return this.#pluginHost.menu.open();
  }

  reloadWindow(label: string): void {
    this.#windows.reloadOne(label);
  }

  // ---- backend

  restartBackend(): Promise<void> {
    return this.#backend.restart();
  }

  /** A file with handlers may be there now. */
  lookForBackend(): void {
    this.#backend.lookForFile();
  }

  debugBackend(): Promise<void> {
    return this.#backend.debug();
  }

  get project(): Project {
    return this.#project;
  }

  /** What the ACL says to a call of this app. */
  get acl(): AppAcl {
    return this.#permissions.acl;
  }

  /** {@link acl} is another one. */
  get onAclChange(): AppPermissions['onChange'] {
    return this.#permissions.onChange;
  }

  dispose(): void {
    if (this.#life.over) return;
    this.#life.dispose();
    this.#ends.fire();
    this.#ends.dispose();
  }
}

/** By which names pages know the machine of the development server. */
function namesOf({ hostname }: URL): string[] {
  return isLoopback(hostname) ? [hostname, 'localhost', '127.0.0.1', '[::1]', '0.0.0.0'] : [hostname];
}

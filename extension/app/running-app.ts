/** One running app: its core, page server, backend and windows, from a project's files. */
import { createHash } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { dirname, resolve } from 'node:path';
import * as vscode from 'vscode';
import type { FsAccess } from '#core/acl/scope/fs.ts';
import { Core } from '#core/core.ts';
import { type Disposable, Emitter, Lifetime } from '#core/lifetime.ts';
import type { Tap } from '#core/tap.ts';
import type { WindowOptions } from '#core/window.ts';
import { AclFindings } from './acl-findings.ts';
import { AclWatch } from './acl-watch.ts';
import { AppAcl, type DeclaredByBackend } from './app-acl.ts';
import { AppBackend } from './app-backend.ts';
import { AssetScope } from './asset-scope.ts';
import { systemConfig } from '../bridge-script.ts';
import { errorText, type Log } from '../log.ts';
import { DeepLinks } from '../plugin-host/deep-link.ts';
import { type AppOutputs, logTo } from '../plugin-host/log.ts';
import { type AppPluginHost, createPluginHost, readProjectIcon } from '../plugin-host/plugin-host.ts';
import { type AppPlace, directoriesOf, pathPlace, thisSystem } from '../plugins/directories.ts';
import { createFsAccess, leadingDotOf } from '../plugins/fs-access.ts';
import type { PluginHost } from '../plugins/host.ts';
import { hostPlugins, officialPlugins } from '../plugins/index.ts';
import { reportError } from '../problems.ts';
import { aclSwitches, keepHiddenWindows, strictFsScope } from '../settings.ts';
import { type PanelState, Windows } from '../windows.ts';
import { cspText, ProjectError, type WindowConfig } from './config.ts';
import { checkIsolationFolder } from './isolation-page.ts';
import { IsolationServer } from './isolation-server.ts';
import { KeptStorage } from './kept-storage.ts';
import { OWN_PATH, type PageSource } from './page-server.ts';
import { Pages } from './pages.ts';
import type { Project } from './project.ts';

export interface RunningAppOptions {
  /** the folder of the project, or `demo` */
  readonly id: string;
  readonly project: Project;
  /** reads the project's files again */
  readProject(): Project;
  readonly tap: Tap;
  readonly log: Log;
  /** where its handlers and its pages log */
  readonly outputs: AppOutputs;
  readonly context: vscode.ExtensionContext;
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
  readonly #aclChanges = this.#life.own(new Emitter<void>());
  /** {@link acl} is another one */
  readonly onAclChange = this.#aclChanges.event;
  readonly #storage: KeptStorage;
  readonly #backend: AppBackend;
  readonly #findings = this.#life.own(new AclFindings());
  /** where the app has an isolation page */
  readonly #isolation: IsolationServer | undefined;
  #project: Project;
  #acl: AppAcl;
  #assets: AssetScope;
  readonly #fsAccess: FsAccess;
  #pages!: Pages;
  #windows!: Windows;
  #pluginHost!: AppPluginHost;

  /**
   * Starts the server and the backend of a project; opens no window yet.
   *
   * @throws ProjectError where the project has no frontend to show, or its isolation page cannot be one
   */
  static async start(options: RunningAppOptions): Promise<RunningApp> {
    const source = frontendOf(options.project);
    const app = new RunningApp(options, isolationFolderOf(options.project));
    try {
      await app.#start(source);
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
    this.#acl = this.#createAcl();
    this.#assets = this.#assetScope();
    this.#fsAccess = createFsAccess(this.#place(), project.root, {
      requireLiteralLeadingDot: leadingDotOf(project.config.plugins['fs']),
      strict: strictFsScope,
    });
    this.#storage = this.#life.own(new KeptStorage(context.workspaceState, `storage:${id}`));
    this.#isolation = isolationFolder === undefined ? undefined : this.#createIsolation(isolationFolder);
    this.core = new Core({
      name: project.name,
      tap,
      isolation: this.#isolation,
      authority: this.#acl.authority,
      pluginConfig: project.config.plugins,
      openWindow: async (window) => {
        await this.#windows.open(window);
      },
    });
    this.core.onError(({ where, error }) => log.error(`${project.name}: ${where}: ${errorText(error)}`));
    this.#backend = this.#life.own(
      new AppBackend({
        core: this.core,
        project,
        findFile: () => options.readProject().backendFile,
        onLoaded: () => this.#applyAcl(),
        log,
        output: options.outputs.of(project.name),
        context,
      }),
    );
    // Ends before the backend does: its plugins hear of the exit.
    this.#life.own(this.core);
  }

  async #start(frontend: PageSource['frontend']): Promise<void> {
    const { context, log, outputs } = this.#options;
    const host = createPluginHost({
      core: this.core,
      memento: context.workspaceState,
      id: this.id,
      version: this.#project.config.version ?? '0.0.0',
      identifier: this.#project.config.identifier,
      folder: this.#project.root,
      resourceFolder: this.#project.configFolder,
      devServer: frontend.kind === 'server' ? frontend.url : undefined,
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
      source: this.#pageSource(frontend),
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
        keptColumn: (label) => host.windowState.keptColumn(label),
        onStorage: (key, value) => this.#storage.set(key, value),
        report: (message) => log.warn(message),
      }),
    );
    this.#endWithLastWindow();
    this.#watchAcl();
    this.#findings.show(this.#acl.findings);
    // Windows may open before the handlers are there: then their calls wait.
    await this.#backend.start();
    if (this.#life.over) throw new Error('the app was closed while it started');
    this.core.fireRunEvent({ kind: 'Ready' });
  }

  #pageSource(frontend: PageSource['frontend']): PageSource {
    const { extensionUri } = this.#options.context;
    const dist = (name: string) => readFileSync(vscode.Uri.joinPath(extensionUri, 'dist', name).fsPath, 'utf8');
    const { config } = this.#project;
    const { security, withGlobalTauri } = config.app;
    const csp = cspText(frontend.kind === 'server' ? (security.devCsp ?? security.csp) : security.csp);
    const isolation = this.#isolation;
    const bridge = dist(isolation ? 'bridge-isolation.js' : 'bridge.js');
    const globalApi = withGlobalTauri ? dist('global-api.js') : undefined;
    return {
      frontend,
      csp,
      isolationOrigin: () => isolation?.origin,
      asset: (path) => this.#assets.find(path, this.#fsAccess.runtime),
      injection: (pageOrigin) => ({
        bridge,
        config: {
          ...systemConfig(),
          assetUrl: `${this.#pages.own.origin}${OWN_PATH}asset/`,
          storageUrl: `${OWN_PATH}storage`,
          freezePrototype: security.freezePrototype,
          ...(isolation && { isolation: isolation.createLoad(pageOrigin) }),
        },
        globalApi,
        initScripts: this.core.initScripts,
      }),
      allowNavigation: async (url, referer) => {
        const window = this.#windows.findNavigating(url, referer);
        if (!window) return true;
        return this.core.allowNavigation(window, url) && this.#backend.allowNavigation(window.label, url);
      },
      storage: () => this.#storage.json(),
    };
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

  get identifier(): string {
    return this.#project.config.identifier;
  }

  // ---- windows

  /** Opens the windows of the configuration that are not open yet, and shows the first. */
  async openWindows(): Promise<void> {
    const windows = this.#configuredWindows;
    for (const window of windows) {
      if (!this.#windows.has(window.label)) await this.#windows.open(windowOptions(window));
    }
    this.core.windows.get(windows[0]?.label ?? 'main')?.setFocus();
  }

  get #configuredWindows(): readonly (Partial<WindowConfig> & { label: string })[] {
    const configured = this.#project.config.app.windows.filter((window) => window.create);
    // 27 of 96 real projects create their windows from code: a first one is needed to see anything.
    return configured.length > 0
      ? configured
      : [{ label: 'main', url: 'index.html', title: this.#project.name, focus: true }];
  }

  /** Gives a panel of an earlier session its window back. */
  async restoreWindow(panel: vscode.WebviewPanel, state: PanelState): Promise<void> {
    const configured = this.#project.config.app.windows.find(({ label }) => label === state.label);
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
    const labels = new Set(this.#configuredWindows.map(({ label }) => label));
    for (const window of [...this.core.windows.values()]) if (!labels.has(window.label)) window.destroy();
    await this.#addOfficialPlugins(host);
    await this.#backend.reload();
    if (!this.#life.over) this.reloadWindows();
  }

  /** Those that are there already are replaced: what they held goes. */
  async #addOfficialPlugins(host: PluginHost): Promise<void> {
    for (const plugin of officialPlugins(this.core, host)) await this.core.addPlugin(plugin);
  }

  reloadWindows(): void {
    this.#windows.reload();
  }

  /** Whether the panel in front is one of this app's that has a menu. */
  get hasActiveMenu(): boolean {
    return this.#pluginHost.menu.active;
  }

  /** Opens the menu of the window in front; false where no window has one. */
  showMenu(): Promise<boolean> {
    return this.#pluginHost.menu.open();
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

  // ---- what windows may do

  /** What the ACL says to a call of this app. */
  get acl(): AppAcl {
    return this.#acl;
  }

  /** A changed file decides the next call, and so does a changed setting. */
  #watchAcl(): void {
    this.#life.own(
      new AclWatch({
        folder: this.#project.configFolder,
        read: () => this.#readAcl(),
        onError: (error) => this.#keepAcl(error),
        report: (message) => this.#options.log.warn(message),
      }),
    );
    this.#life.own(
      vscode.workspace.onDidChangeConfiguration((change) => {
        if (change.affectsConfiguration('ipcWorkbench.permissions')) this.#applyAcl();
      }),
    );
  }

  /** Reads the files and puts them in force; gives the error that keeps it from that. */
  #readAcl(): Error | undefined {
    try {
      this.#project = this.#options.readProject();
    } catch (error) {
      return error as Error;
    }
    this.#assets = this.#assetScope();
    this.#applyAcl();
    return undefined;
  }

  #keepAcl(error: Error): void {
    const what = 'The permissions in force stay as they were';
    if (error instanceof ProjectError) this.#findings.showError(error);
    this.core.note('permissions', `${what}: ${error.message}`);
    reportError(this.#options.log, what, error);
  }

  #createAcl(backend?: DeclaredByBackend): AppAcl {
    return new AppAcl(this.#project.acl, {
      backend,
      directories: directoriesOf(this.#place()),
      switches: aclSwitches(),
    });
  }

  /** Puts the files and what the backend declares in force. */
  #applyAcl(): void {
    this.#acl = this.#createAcl(this.#backend.declared);
    this.core.authority = this.#acl.authority;
    this.#findings.show(this.#acl.findings);
    this.#aclChanges.fire();
  }

  dispose(): void {
    if (this.#life.over) return;
    this.#life.dispose();
    this.#ends.fire();
    this.#ends.dispose();
  }
}

/** Where the pages come from; throws with what to do where they come from nowhere. */
function frontendOf(project: Project): PageSource['frontend'] {
  if (project.frontendFolder) return { kind: 'folder', folder: project.frontendFolder };
  if (project.devUrl) return { kind: 'server', url: new URL(project.devUrl) };
  const { frontendDist } = project.config.build;
  const text =
    typeof frontendDist === 'string'
      ? `build.frontendDist is "${frontendDist}", and ${resolve(dirname(project.configFile), frontendDist)} does not exist: build the frontend, or set build.devUrl`
      : 'neither build.frontendDist nor build.devUrl is set: there is no page to show';
  throw new ProjectError(text, project.configFile, placeOf(project.configFile, 'frontendDist', 'build'));
}

/** The folder of the app's isolation page, where it has one; throws where it cannot be one. */
function isolationFolderOf({ configFile, configFolder, config }: Project): string | undefined {
  const { pattern } = config.app.security;
  if (pattern?.use !== 'isolation') return undefined;
  const folder = resolve(configFolder, pattern.options.dir);
  try {
    checkIsolationFolder(folder);
    return folder;
  } catch (error) {
    const text = `app.security.pattern.options.dir: ${(error as Error).message}`;
    throw new ProjectError(text, configFile, { ...placeOf(configFile, 'isolation'), cause: error });
  }
}

function placeOf(file: string, ...keys: readonly string[]): { line?: number; column?: number } {
  const lines = readFileSync(file, 'utf8').split('\n');
  for (const key of keys) {
    const line = lines.findIndex((text) => text.includes(key));
    if (line >= 0) return { line: line + 1, column: (lines[line] as string).indexOf(key) + 1 };
  }
  return {};
}

function windowOptions(config: Partial<WindowConfig> & { label: string }): WindowOptions {
  const { label, title, url, focus, visible, theme, parent } = config;
  return {
    label,
    ...(title !== undefined && { title }),
    ...(url !== undefined && { url }),
    ...(focus !== undefined && { focus }),
    ...(visible !== undefined && { visible }),
    ...(theme !== undefined && { theme }),
    ...(parent !== undefined && { parent }),
    ...(typeof config['backgroundColor'] === 'string' && { backgroundColor: config['backgroundColor'] }),
  };
}

/**
 * The origin by which pages reach `origin` where VS Code itself runs on another machine than this extension host;
 * undefined where plain loopback does. A server that only proxies below a path is of no use to pages with absolute
 * paths: then loopback is tried, which is right for a browser on the same machine.
 */
async function reachableOrigin(origin: string): Promise<string | undefined> {
  if (vscode.env.remoteName === undefined) return undefined;
  const external = new URL((await vscode.env.asExternalUri(vscode.Uri.parse(origin))).toString(true));
  return external.pathname === '/' && external.origin !== 'null' ? external.origin : undefined;
}

/** The same project gets the same port where it is free: origin, and with it the browser's localStorage, stay. */
function preferredPort(id: string): number {
  return 20_000 + (createHash('sha256').update(id).digest().readUInt16BE(0) % 20_000);
}

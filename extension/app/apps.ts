/** All running apps: opens and closes them, and finds the one that a command means. */
import { existsSync, mkdirSync, writeFileSync } from 'node:fs';
import { dirname, resolve } from 'node:path';
import * as vscode from 'vscode';
import type { Connection } from '#core/connection.ts';
import { type Disposable, Emitter, Lifetime } from '#core/lifetime.ts';
import type { Tap } from '#core/tap.ts';
import type { Log } from '../log.ts';
import { handleLinks, readLink } from '../plugin-host/deep-link.ts';
import { AppOutputs } from '../plugin-host/log.ts';
import { offer, reportError } from '../problems.ts';
import { plainLine } from '../plugins/plain-text.ts';
import { type PanelState, WINDOW_VIEW_TYPE } from '../windows.ts';
import { backendSetting } from '../settings.ts';
import { findBackend, findProjectConfig, readProject } from './project.ts';
import { RunningApp } from './running-app.ts';
import { BACKEND_TEMPLATE } from './template.ts';

export const DEMO = 'demo';

export interface AppsOptions {
  readonly tap: Tap;
  readonly log: Log;
  readonly context: vscode.ExtensionContext;
}

/** What opens an app, where there is none. */
const OPEN_COMMANDS = { 'Open App': 'ipcWorkbench.openApp', 'Open Demo': 'ipcWorkbench.openDemo' };

type Link = NonNullable<ReturnType<typeof readLink>>;

/** The identifier of the project at `folder`; a project that cannot be read has none. */
function identifierOf(folder: string): string | undefined {
  try {
    return readProject(folder).config.identifier;
  } catch {
    return undefined;
  }
}

/** What panels keep of themselves: parsed, for VS Code gives back whatever was stored. */
const isPanelState = (state: unknown): state is PanelState =>
  typeof state === 'object' &&
  state !== null &&
  ['app', 'label', 'url'].every((key) => typeof (state as Record<string, unknown>)[key] === 'string');

/** What a window of an earlier session shows until its workspace is trusted. */
const UNTRUSTED_PAGE = `<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta http-equiv="Content-Security-Policy" content="default-src 'none'; style-src 'unsafe-inline'">
<title>Not trusted</title>
<style>
body { max-width: 34em; padding: 2em; color: var(--vscode-foreground); font: var(--vscode-font-size) / 1.5 var(--vscode-font-family); }
a { color: var(--vscode-textLink-foreground); }
</style>
</head>
<body>
<p>This workspace is not trusted, so the page of this window is not loaded. It comes back once you trust the workspace.</p>
<p><a href="command:workbench.trust.manage">Manage Workspace Trust</a></p>
</body>
</html>`;

export class Apps implements Disposable {
  readonly #options: AppsOptions;
  readonly #life = new Lifetime();
  readonly #running = new Map<string, RunningApp>();
  readonly #starting = new Map<string, Promise<RunningApp>>();
  readonly #changes = this.#life.own(new Emitter<void>());
  /** an app opened or closed, or a window of one did */
  readonly onChange = this.#changes.event;
  readonly #aclChanges = this.#life.own(new Emitter<void>());
  /** what some app's windows may do changed */
  readonly onAclChange = this.#aclChanges.event;
  readonly #outputs = this.#life.own(new AppOutputs());
  /** what the user asked for while the workspace was not trusted */
  readonly #whenTrusted = new Map<unknown, () => Promise<void>>();
  /** a window of an earlier session has asked for trust */
  #askedForTrust = false;

  constructor(options: AppsOptions) {
    this.#options = options;
    this.#life.own(
      vscode.window.registerWebviewPanelSerializer(WINDOW_VIEW_TYPE, {
        deserializeWebviewPanel: (panel, state) => this.#restore(panel, state),
      }),
    );
    this.#life.own(handleLinks((uri) => this.#openLink(uri)));
    this.#life.own(vscode.workspace.onDidGrantWorkspaceTrust(() => this.#trusted()));
  }

  get running(): readonly RunningApp[] {
    return [...this.#running.values()];
  }

  /** The page of a window, for the inspector's resend. */
  findConnection(app: string, window: string): Connection | undefined {
    return this.find(app)?.core.windows.get(window)?.connection;
  }

  /** Opens the project at `folder`, or asks which of the workspace's; opens its windows, or shows them where they are open. */
  async openApp(folder?: vscode.Uri): Promise<void> {
    if (!vscode.workspace.isTrusted) {
      this.#whenTrusted.set(folder?.toString(), () => this.openApp(folder));
      await this.#askForTrust();
      return;
    }
    const root = folder ?? (await this.#chooseProject());
    if (root) await this.#open(root.fsPath, root.fsPath);
  }

  /** Opens the demo that ships with the extension. */
  async openDemo(): Promise<void> {
    await this.#open(DEMO, this.#demoFolder);
  }

  get #demoFolder(): string {
    return vscode.Uri.joinPath(this.#options.context.extensionUri, 'dist', 'demo').fsPath;
  }

  async #open(id: string, folder: string): Promise<void> {
    const app = await vscode.window.withProgress(
      { location: vscode.ProgressLocation.Window, title: 'IPC Workbench: starting the app' },
      () => this.#start(id, folder),
    );
    await app.openWindows();
  }

  /** The running app of that id; starts it where it does not run yet. Two who ask at once get the same. */
  #start(id: string, folder: string): Promise<RunningApp> {
    const running = this.#running.get(id);
    if (running) return Promise.resolve(running);
    const known = this.#starting.get(id);
    if (known) return known;
    const starting = this.#startNew(id, folder).finally(() => this.#starting.delete(id));
    this.#starting.set(id, starting);
    return starting;
  }

  async #startNew(id: string, folder: string): Promise<RunningApp> {
    const { tap, log, context } = this.#options;
    const read = () => {
      const project = readProject(folder, id === DEMO ? undefined : backendSetting(folder));
      // Records and the inspector know apps by name: two of one name get the folder's beside it.
      const taken = this.running.some((app) => app.id !== id && app.core.name === project.name);
      return taken ? { ...project, name: `${project.name} (${folder})` } : project;
    };
    const app = await RunningApp.start({
      id,
      tap,
      log,
      outputs: this.#outputs,
      context,
      project: read(),
      readProject: read,
    });
    if (this.#life.over) {
      app.dispose();
      throw new Error('the extension was deactivated');
    }
    this.#running.set(id, app);
    app.onEnd(() => {
      this.#running.delete(id);
      this.#changes.fire();
    });
    app.core.onWindowsChanged(() => this.#changes.fire());
    app.onAclChange(() => this.#aclChanges.fire());
    this.#changes.fire();
    return app;
  }

  /** Hands an address to the app that it names, and starts that app where it does not run. */
  async #openLink(uri: vscode.Uri): Promise<void> {
    const link = readLink(uri);
    const what = link ? `The link to "${plainLine(link.identifier, 200)}" was not opened` : 'The link was not opened';
    try {
      const refused = link ? await this.#followLink(link, uri) : 'it names no app';
      if (refused !== undefined) void vscode.window.showWarningMessage(`${what}: ${refused}.`);
    } catch (error) {
      reportError(this.#options.log, what, error);
    }
  }

  async #followLink({ identifier, rest }: Link, uri: vscode.Uri): Promise<string | undefined> {
    const running = this.running.find((app) => app.identifier === identifier);
    if (running) return running.links.open({ rest, starts: false });
    if (!vscode.workspace.isTrusted) {
      this.#whenTrusted.set('link', () => this.#openLink(uri));
      await this.#askForTrust();
      return undefined;
    }
    const folder = (await this.#findProjects()).find(({ fsPath }) => identifierOf(fsPath) === identifier)?.fsPath;
    if (folder === undefined) return 'no project of this workspace has that identifier';
    const app = await this.#start(folder, folder);
    // Before its windows open, so that their pages find it.
    const refused = app.links.open({ rest, starts: true });
    await app.openWindows();
    return refused;
  }

  /** A panel of an earlier session of VS Code comes back. */
  async #restore(panel: vscode.WebviewPanel, state: unknown): Promise<void> {
    if (!isPanelState(state)) {
      panel.dispose();
      return;
    }
    if (state.app !== DEMO && !vscode.workspace.isTrusted) {
      panel.webview.options = { enableCommandUris: ['workbench.trust.manage'] };
      panel.webview.html = UNTRUSTED_PAGE;
      this.#whenTrusted.set(panel, () => this.#restore(panel, state));
      panel.onDidDispose(() => this.#whenTrusted.delete(panel));
      this.#askForTrustOnce();
      return;
    }
    try {
      const app = await this.#start(state.app, state.app === DEMO ? this.#demoFolder : state.app);
      await app.restoreWindow(panel, state);
    } catch (error) {
      panel.dispose();
      reportError(this.#options.log, `Window "${state.label}" could not be restored`, error);
    }
  }

  async #chooseProject(): Promise<vscode.Uri | undefined> {
    const projects = await this.#findProjects();
    if (projects.length === 1) return projects[0];
    if (projects.length === 0) {
      const demo = 'Open Demo';
      const chosen = await vscode.window.showWarningMessage(
        'No Tauri project in this workspace: no folder has a tauri.conf.json, Tauri.toml or src-tauri/. Open the folder of a project, or try the demo.',
        demo,
      );
      if (chosen === demo) await this.openDemo();
      return undefined;
    }
    const items = projects.map((uri) => ({ label: vscode.workspace.asRelativePath(uri, true), uri }));
    return (await vscode.window.showQuickPick(items, { placeHolder: 'Which project?' }))?.uri;
  }

  async #findProjects(): Promise<vscode.Uri[]> {
    const roots = (vscode.workspace.workspaceFolders ?? []).map((folder) => folder.uri);
    const direct = roots.filter((uri) => uri.scheme === 'file' && findProjectConfig(uri.fsPath));
    if (direct.length > 0) return direct;
    const files = await vscode.workspace.findFiles(
      '**/{tauri.conf.json,tauri.conf.json5,Tauri.toml}',
      '**/{node_modules,target,dist}/**',
      50,
    );
    const folders = files.map((uri) => vscode.Uri.joinPath(uri, '..'));
    const projects = folders.map((uri) => (uri.path.endsWith('/src-tauri') ? vscode.Uri.joinPath(uri, '..') : uri));
    return [...new Map(projects.map((uri) => [uri.toString(), uri])).values()];
  }

  /** The user trusts the workspace now: what was asked for before is done. */
  #trusted(): void {
    const waiting = [...this.#whenTrusted.values()];
    this.#whenTrusted.clear();
    for (const run of waiting) {
      run().catch((error: unknown) => reportError(this.#options.log, 'The app could not be opened', error));
    }
  }

  /** Nobody asked for the windows that come back, and there may be many: one message for all, which none waits for. */
  #askForTrustOnce(): void {
    if (this.#askedForTrust) return;
    this.#askedForTrust = true;
    this.#askForTrust().catch((error: unknown) =>
      reportError(this.#options.log, 'The trust of the workspace could not be asked for', error),
    );
  }

  async #askForTrust(): Promise<void> {
    const manage = 'Manage Workspace Trust';
    const chosen = await vscode.window.showWarningMessage(
      'This workspace is not trusted, so nothing of it is loaded or run: no page, no handler, no capability. Its app opens once you trust it.',
      manage,
    );
    if (chosen === manage) await vscode.commands.executeCommand('workbench.trust.manage');
  }

  /** The running app of that name. */
  find(name: string): RunningApp | undefined {
    return this.running.find(({ core }) => core.name === name);
  }

  /** Opens the menu of the window in front, else that of an app which has one. */
  async showMenu(): Promise<void> {
    const active = this.running.filter((app) => app.hasActiveMenu);
    for (const app of [...active, ...this.running]) if (await app.showMenu()) return;
    void vscode.window.showInformationMessage(
      'No open window has a menu: its page sets one with setAsAppMenu() or setAsWindowMenu().',
    );
  }

  reloadWindows(): void {
    for (const app of this.running) app.reloadWindows();
  }

  async restartBackend(): Promise<void> {
    await (await this.#chooseRunning())?.restartBackend();
  }

  async debugBackend(): Promise<void> {
    await (await this.#chooseRunning())?.debugBackend();
  }

  async closeApp(): Promise<void> {
    (await this.#chooseRunning())?.dispose();
  }

  async #chooseRunning(): Promise<RunningApp | undefined> {
    const { running } = this;
    if (running.length <= 1) {
      if (running.length === 0) void offer('No app is open.', OPEN_COMMANDS);
      return running[0];
    }
    const items = running.map((app) => ({ label: app.core.name, description: app.id, app }));
    return (await vscode.window.showQuickPick(items, { placeHolder: 'Which app?' }))?.app;
  }

  /** Writes `src-ipc/main.ts` with a first command, beside the configuration of the project. */
  async createBackend(): Promise<void> {
    const root = await this.#chooseProject();
    if (!root) return;
    const setting = backendSetting(root.fsPath);
    const file = findBackend(root.fsPath, setting) ?? resolve(root.fsPath, setting ?? 'src-ipc/main.ts');
    if (!existsSync(file)) {
      mkdirSync(dirname(file), { recursive: true });
      writeFileSync(file, BACKEND_TEMPLATE);
    }
    this.#running.get(root.fsPath)?.lookForBackend();
    // Beside, so that the window stays in sight: the next thing is to press its button again.
    await vscode.window.showTextDocument(vscode.Uri.file(file), { viewColumn: vscode.ViewColumn.Beside });
  }

  dispose(): void {
    for (const app of this.running) app.dispose();
    this.#life.dispose();
  }
}

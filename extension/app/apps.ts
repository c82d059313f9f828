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
import { plainLine, plainMessage } from '../plugins/plain-text.ts';
import { type PanelState, WINDOW_VIEW_TYPE } from '../windows.ts';
import { backendSetting } from '../settings.ts';
import { addTypes } from './add-types.ts';
import { chooseProject, rememberProject, workspaceProjects } from './choose-project.ts';
import { DevServerTask } from './dev-server-task.ts';
import { chooseFrontend, type FrontendKind, kindOf } from './frontend.ts';
import { showFrontend } from './frontend-status.ts';
import { findBackend, locateProject, type Project, readProject } from '#server/project/index.ts';
import { RunningApp } from './running-app.ts';
import type { RustProjects } from './rust-projects.ts';
import { BACKEND_TEMPLATE } from './template.ts';

export const DEMO = 'demo';

export interface AppsOptions {
  readonly tap: Tap;
  readonly log: Log;
  readonly context: vscode.ExtensionContext;
  readonly rust: RustProjects;
}

/** What opens an app, where there is none. */
export const OPEN_COMMANDS = { 'Open App': 'ipcWorkbench.openApp', 'Open Demo': 'ipcWorkbench.openDemo' };

type Link = NonNullable<ReturnType<typeof readLink>>;

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
  readonly #starting = new Map<string, Promise<RunningApp | undefined>>();
  /** names of apps that start or run, by their ids */
  readonly #names = new Map<string, string>();
  readonly #changes = this.#life.own(new Emitter<void>());
  /** an app opened or closed, or a window of one did */
  readonly onChange = this.#changes.event;
  readonly #aclChanges = this.#life.own(new Emitter<void>());
  /** what some app's windows may do changed */
  readonly onAclChange = this.#aclChanges.event;
  readonly #outputs = this.#life.own(new AppOutputs());
  readonly #answersChanges = this.#life.own(new Emitter<void>());
  /** handlers, rules, Rust code or what waits changed in some app */
  readonly onAnswersChange = this.#answersChanges.event;
  readonly #holds = this.#life.own(new Emitter<number>());
  /** a call waits for the user's answer; by its record */
  readonly onHold = this.#holds.event;
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
    const root = folder?.fsPath ?? (await this.chooseProject('Which project?'));
    if (root === undefined) return;
    await rememberProject(this.#options.context.workspaceState, root);
    await this.#open(root, root);
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
      () => this.#start(id, folder, true),
    );
    await app?.openWindows();
  }

  /**
   * The running app of that id; starts it where it does not run yet. Two who ask at once get the same. Undefined: the user
   * was asked where its pages shall come from, and wants none.
   *
   * @param ask whether the user may be asked
   */
  #start(id: string, folder: string, ask: boolean): Promise<RunningApp | undefined> {
    const running = this.#running.get(id);
    if (running) return Promise.resolve(running);
    const known = this.#starting.get(id);
    if (known) return known;
    const starting = this.#startNew(id, folder, ask).finally(() => this.#starting.delete(id));
    this.#starting.set(id, starting);
    return starting;
  }

  async #startNew(id: string, folder: string, ask: boolean): Promise<RunningApp | undefined> {
    const { tap, log, context, rust } = this.#options;
    const read = () => this.#named(id, readProject(folder, id === DEMO ? undefined : backendSetting(folder)));
    const project = read();
    const devServer = new DevServerTask(project);
    let app: RunningApp;
    try {
      // A window that comes back shows what it showed.
      const wanted = ask ? undefined : context.workspaceState.get<FrontendKind>(`frontend:${id}`);
      const frontend = await chooseFrontend({ project, devServer, wanted, ask });
      if (!frontend) {
        this.#names.delete(id);
        return undefined;
      }
      app = await RunningApp.start({
        id,
        tap,
        log,
        outputs: this.#outputs,
        context,
        rust,
        project,
        readProject: read,
        frontend,
        devServer,
      });
    } catch (error) {
      this.#names.delete(id);
      devServer.dispose();
      throw error;
    }
    if (this.#life.over) {
      app.dispose();
      throw new Error('the extension was deactivated');
    }
    this.#running.set(id, app);
    const remember = () => void context.workspaceState.update(`frontend:${id}`, kindOf(app.frontend.current));
    remember();
    app.frontend.onSwitch(remember);
    const status = this.#life.own(showFrontend(app));
    app.onEnd(() => {
      this.#life.end(status);
      this.#names.delete(id);
      this.#running.delete(id);
      this.#changes.fire();
    });
    app.core.onWindowsChanged(() => this.#changes.fire());
    app.onAclChange(() => this.#aclChanges.fire());
    app.answers.onChange(() => this.#answersChanges.fire());
    app.answers.byHand.onHold(({ call }) => this.#holds.fire(call.record));
    this.#changes.fire();
    return app;
  }

  /** Hands an address to the app that it names, and starts that app where it does not run. */
  async #openLink(uri: vscode.Uri): Promise<void> {
    const link = readLink(uri);
    const what = link ? `The link to "${plainLine(link.identifier, 200)}" was not opened` : 'The link was not opened';
    try {
      const refused = link ? await this.#followLink(link, uri) : 'it names no app';
      if (refused !== undefined) void vscode.window.showWarningMessage(plainMessage(`${what}: ${refused}.`));
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
    const folder = (await workspaceProjects()).find((project) => project.identifier === identifier)?.folder;
    if (folder === undefined) return 'no project of this workspace has that identifier';
    const app = await this.#start(folder, folder, true);
    if (!app) return undefined;
    // Before its windows open, so that their pages find it.
    const refused = app.links.open({ rest, starts: true });
    await app.openWindows();
    return refused;
  }

  /** Records and the inspector know apps by name: of two with one name, the later gets its folder's beside it. */
  #named(id: string, project: Project): Project {
    const known = this.#names.get(id);
    if (known !== undefined) return { ...project, name: known };
    const taken = new Set(this.#names.values());
    const path = vscode.workspace.asRelativePath(project.root);
    const others = [project.name, `${project.name} (${path})`, `${project.name} (${id})`];
    const name = others.find((each) => !taken.has(each)) ?? `${project.name} (${id})`;
    this.#names.set(id, name);
    return { ...project, name };
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
      const app = await this.#start(state.app, state.app === DEMO ? this.#demoFolder : state.app, false);
      await app?.restoreWindow(panel, state);
    } catch (error) {
      panel.dispose();
      reportError(this.#options.log, `Window "${state.label}" could not be restored`, error);
    }
  }

  /** One of the workspace's projects; says what to do where there is none. */
  async chooseProject(question: string): Promise<string | undefined> {
    const projects = await workspaceProjects();
    if (projects.length === 0) {
      const demo = 'Open Demo';
      const chosen = await vscode.window.showWarningMessage(
        'No Tauri project in this workspace: no folder has a tauri.conf.json, Tauri.toml or src-tauri/. Open the folder of a project, or try the demo.',
        demo,
      );
      if (chosen === demo) await this.openDemo();
      return undefined;
    }
    const { workspaceState: state } = this.#options.context;
    return chooseProject(projects, { state, question, isRunning: (folder) => this.#running.has(folder) });
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

  /** The running app of the project at `folder`. */
  at(folder: string): RunningApp | undefined {
    return this.#running.get(folder);
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

  /** Loads the pages of all apps anew; says what to do where none is open. */
  async reloadWindows(): Promise<void> {
    if (this.#running.size === 0) void offer('No app is open.', OPEN_COMMANDS);
    for (const app of this.running) await app.reloadWindows();
  }

  /** Shows the built files instead of the development server, or the other way round. */
  async switchFrontend(folder?: vscode.Uri): Promise<void> {
    const app = folder === undefined ? await this.chooseRunning() : this.#running.get(folder.fsPath);
    if (!app) return;
    if (app.frontend.look()) await app.frontend.switch();
    else {
      void vscode.window.showInformationMessage(
        plainMessage(
          `${app.core.name} has one frontend only: to switch, both build.devUrl and the files of build.frontendDist must be there.`,
        ),
      );
    }
  }

  async restartBackend(): Promise<void> {
    await (await this.chooseRunning())?.restartBackend();
  }

  async debugBackend(): Promise<void> {
    await (await this.chooseRunning())?.debugBackend();
  }

  /** Ends the app of that project, or asks which. */
  async closeApp(folder?: string): Promise<void> {
    (folder === undefined ? await this.chooseRunning() : this.at(folder))?.dispose();
  }

  /** The app that a command means; says what to do where none runs. */
  async chooseRunning(): Promise<RunningApp | undefined> {
    const { running } = this;
    if (running.length <= 1) {
      if (running.length === 0) void offer('No app is open.', OPEN_COMMANDS);
      return running[0];
    }
    const items = running.map((app) => ({ label: app.core.name, description: app.id, app }));
    return (await vscode.window.showQuickPick(items, { placeHolder: 'Which app?', ignoreFocusOut: true }))?.app;
  }

  /** Writes `src-ipc/main.ts` with a first command, beside the configuration of the project. */
  async createBackend(): Promise<void> {
    const folder = await this.chooseProject('Which project gets a backend?');
    if (folder === undefined) return;
    const { file } = backendFile(folder);
    if (!existsSync(file)) {
      mkdirSync(dirname(file), { recursive: true });
      writeFileSync(file, BACKEND_TEMPLATE);
    }
    this.#running.get(folder)?.lookForBackend();
    // Beside, so that the window stays in sight: the next thing is to press its button again.
    await vscode.window.showTextDocument(vscode.Uri.file(file), { viewColumn: vscode.ViewColumn.Beside });
  }

  /** Puts the types of handlers beside them, as files; without a folder it asks where there are several projects. */
  async addTypes(project?: vscode.Uri): Promise<void> {
    const folder = project?.fsPath ?? (await this.chooseProject('Which project gets types?'));
    if (folder === undefined) return;
    const { root, file } = backendFile(folder);
    const types = vscode.Uri.joinPath(this.#options.context.extensionUri, 'dist/types/node_modules').fsPath;
    const copied = addTypes({ root, handlers: dirname(file), types });
    const place = vscode.workspace.asRelativePath(resolve(file, '../node_modules'));
    const text = copied.length > 0 ? `Copied to ${place}: ${copied.join(', ')}.` : 'The project has all types itself.';
    void vscode.window.showInformationMessage(plainMessage(text));
  }

  dispose(): void {
    for (const app of this.running) app.dispose();
    this.#life.dispose();
  }
}

/** The backend of a project, or where it would be. */
function backendFile(folder: string): { readonly root: string; readonly file: string } {
  const { root } = locateProject(folder) ?? { root: folder };
  const setting = backendSetting(root);
  return { root, file: findBackend(root, setting) ?? resolve(root, setting ?? 'src-ipc/main.ts') };
}

/** The view of projects: what they consist of, what waits for somebody, and the actions on it. */
import { basename, dirname } from 'node:path';
import * as vscode from 'vscode';
import { type Disposable, Lifetime } from '#core/lifetime.ts';
import { AppAcl, locateProject, type Project, ProjectError, readProject } from '#server/project/index.ts';
import { type Apps, DEMO } from '../app/apps.ts';
import { findHandlers } from '../app/handler-places.ts';
import { backendFileOf } from '../app/handler-stubs.ts';
import { workspaceProjects } from '../app/choose-project.ts';
import type { RunningApp } from '../app/running-app.ts';
import type { RustProjects, RustUse } from '../app/rust-projects.ts';
import { targetOf } from '../answer-target.ts';
import { aclSwitches, backendSetting } from '../settings.ts';
import type { ProjectDetails, ProjectFacts } from './facts.ts';
import { readDetails } from './read-facts.ts';
import {
  capabilityRows,
  commandRows,
  corePluginRows,
  pluginCommandRows,
  pluginRows,
  projectRows,
  sectionRows,
  type TreeRow,
  windowRows,
} from './rows.ts';

export const PROJECTS_VIEW = 'ipcWorkbench.projects';

/** Changes come in bursts; people see no difference. */
const REFRESH_MS = 100;

const CONFIGS = '**/{tauri.conf.json,tauri.conf.json5,Tauri.toml}';

export interface ProjectsTreeOptions {
  readonly apps: Apps;
  readonly rust: RustProjects;
}

/** What a project that somebody looks into is watched by. */
interface Watched extends Disposable {
  readonly rust: RustUse;
}

export class ProjectsTree implements vscode.TreeDataProvider<TreeRow>, Disposable {
  readonly #apps: Apps;
  readonly #rust: RustProjects;
  readonly #life = new Lifetime();
  readonly #changed = this.#life.own(new vscode.EventEmitter<TreeRow | undefined>());
  readonly onDidChangeTreeData = this.#changed.event;
  readonly #view: vscode.TreeView<TreeRow>;
  readonly #watched = new Map<string, Watched>();
  /** made once for each refresh, however many rows ask */
  readonly #details = new Map<string, Promise<ProjectDetails>>();
  readonly #parents = new Map<string, TreeRow>();
  #timer: NodeJS.Timeout | undefined;
  /** configurations are watched since somebody looked */
  #isWatching = false;

  constructor({ apps, rust }: ProjectsTreeOptions) {
    this.#apps = apps;
    this.#rust = rust;
    this.#view = this.#life.own(
      vscode.window.createTreeView(PROJECTS_VIEW, { treeDataProvider: this, showCollapseAll: true }),
    );
    for (const event of [apps.onChange, apps.onAclChange, apps.onAnswersChange]) {
      this.#life.own(
        event(() => {
          this.#showBadge();
          this.refresh();
        }),
      );
    }
    this.#life.own(vscode.workspace.onDidChangeWorkspaceFolders(() => this.refresh()));
    this.#life.own(vscode.workspace.onDidGrantWorkspaceTrust(() => this.refresh()));
    this.#life.onEnd(() => clearTimeout(this.#timer));
  }

  /** Shows the commands of a project, or the view where none is named. */
  async showCommands(argument: unknown): Promise<void> {
    await vscode.commands.executeCommand(`${PROJECTS_VIEW}.focus`);
    const root = targetOf(argument)?.project ?? this.#apps.running[0]?.id;
    const project = (await this.getChildren()).find((row) => row.id === root);
    const commands = project && (await this.getChildren(project)).find((row) => row.id === `${root} commands`);
    if (commands) await this.#view.reveal(commands, { expand: true, focus: true, select: true });
  }

  refresh(): void {
    // Nobody has looked yet: everything is read when somebody does.
    if (!this.#isWatching) return;
    this.#timer ??= setTimeout(() => {
      this.#timer = undefined;
      this.#details.clear();
      this.#changed.fire(undefined);
    }, REFRESH_MS);
  }

  getTreeItem(row: TreeRow): vscode.TreeItem {
    const { Collapsed, Expanded, None } = vscode.TreeItemCollapsibleState;
    const item = new vscode.TreeItem(row.label, row.below ? (row.isOpen ? Expanded : Collapsed) : None);
    item.id = row.id;
    item.description = row.description ?? '';
    item.tooltip = row.tooltip;
    item.contextValue = row.context;
    item.iconPath = new vscode.ThemeIcon(
      row.icon,
      row.color === undefined ? undefined : new vscode.ThemeColor(row.color),
    );
    item.accessibilityInformation = { label: row.spoken };
    if (row.click !== undefined) item.command = { command: row.click, title: row.label, arguments: [row.target] };
    return item;
  }

  getParent(row: TreeRow): TreeRow | undefined {
    return this.#parents.get(row.id);
  }

  async getChildren(row?: TreeRow): Promise<TreeRow[]> {
    if (!row) return this.#rootRows();
    const rows = await this.#rowsBelow(row);
    for (const { id } of rows) this.#parents.set(id, row);
    return rows;
  }

  async #rootRows(): Promise<TreeRow[]> {
    this.#watch();
    // Nothing of an untrusted workspace is read; the view says so (`viewsWelcome`).
    if (!vscode.workspace.isTrusted) return [];
    const folders = (await workspaceProjects()).map(({ folder }) => folder);
    const running = this.#apps.running.map(({ id }) => id).filter((id) => id !== DEMO);
    const roots = [...new Set([...folders, ...running])];
    for (const [root, watched] of this.#watched) if (!roots.includes(root)) this.#unwatch(root, watched);
    return projectRows(roots.map((root) => this.#factsOf(root)));
  }

  #factsOf(root: string): ProjectFacts {
    const folder = vscode.workspace.asRelativePath(root, false);
    const running = this.#apps.at(root) !== undefined;
    const configFile = locateProject(root)?.configFile ?? root;
    try {
      const { name, config } = this.#read(root);
      return { root, name, identifier: config.identifier, folder, configFile, running };
    } catch (error) {
      const { message } = error as Error;
      const place = error instanceof ProjectError ? error : { file: configFile, line: 1, column: 1 };
      const { file, line, column } = place;
      const problem = { message, file, line, column };
      return { root, name: basename(root), identifier: '', folder, configFile, running, problem };
    }
  }

  #read(root: string): Project {
    return this.#apps.at(root)?.project ?? readProject(root, backendSetting(root));
  }

  async #rowsBelow({ below, target }: TreeRow): Promise<TreeRow[]> {
    const root = target.project;
    if (!below) return [];
    const details = await this.#detailsOf(root);
    switch (below.kind) {
      case 'project':
        return sectionRows(root, details);
      case 'plugin': {
        const plugin = details.plugins.find(({ name }) => name === below.plugin);
        return plugin ? pluginCommandRows(root, plugin, details.windows[0]?.label) : [];
      }
      case 'section':
        switch (below.section) {
          case 'windows':
            return windowRows(root, details.windows);
          case 'commands':
            return commandRows(root, details.commands);
          case 'plugins':
            return pluginRows(root, details.plugins);
          case 'core plugins':
            return corePluginRows(root, details.plugins);
          case 'capabilities':
            return capabilityRows(root, details.capabilities);
        }
    }
  }

  #detailsOf(root: string): Promise<ProjectDetails> {
    let details = this.#details.get(root);
    if (!details) {
      details = this.#readDetails(root);
      this.#details.set(root, details);
    }
    return details;
  }

  async #readDetails(root: string): Promise<ProjectDetails> {
    const project = this.#read(root);
    const app = this.#apps.at(root);
    const { rust } = this.#watchProject(root, project);
    const handlers = await findHandlers(dirname(backendFileOf(root)));
    return readDetails({
      project,
      acl: app?.acl ?? new AppAcl(project.acl, { switches: aclSwitches() }),
      running: app && runningFacts(app),
      rust: rust.commands,
      hasRule: (command) => app?.rules.find(command) !== undefined,
      handlers,
    });
  }

  // ---- what makes it read again

  #watch(): void {
    if (this.#isWatching) return;
    this.#isWatching = true;
    const watcher = this.#life.own(vscode.workspace.createFileSystemWatcher(CONFIGS));
    for (const event of [watcher.onDidCreate, watcher.onDidChange, watcher.onDidDelete]) {
      this.#life.own(event(() => this.refresh()));
    }
  }

  #watchProject(root: string, project: Project): Watched {
    const known = this.#watched.get(root);
    if (known) return known;
    const life = this.#life.own(new Lifetime());
    const rust = life.own(this.#rust.use(project));
    life.own(rust.commands.onChange(() => this.refresh()));
    const patterns: readonly (readonly [string, string])[] = [
      [project.configFolder, '{capabilities,permissions}/**'],
      [dirname(backendFileOf(root)), '**/*.{ts,mts,js,mjs}'],
      [root, 'package.json'],
    ];
    for (const [folder, pattern] of patterns) {
      const watched = new vscode.RelativePattern(vscode.Uri.file(folder), pattern);
      const watcher = life.own(vscode.workspace.createFileSystemWatcher(watched));
      for (const event of [watcher.onDidCreate, watcher.onDidChange, watcher.onDidDelete]) {
        life.own(event(() => this.refresh()));
      }
    }
    const watched = { rust, dispose: () => this.#life.end(life) };
    this.#watched.set(root, watched);
    return watched;
  }

  #unwatch(root: string, watched: Watched): void {
    this.#watched.delete(root);
    this.#details.delete(root);
    watched.dispose();
  }

  #showBadge(): void {
    const value = this.#apps.running.reduce((sum, { answers }) => sum + answers.unanswered.length, 0);
    const tooltip = value === 1 ? '1 command has no handler' : `${value} commands have no handler`;
    this.#view.badge = value === 0 ? undefined : { value, tooltip };
  }

  dispose(): void {
    this.#life.dispose();
  }
}

function runningFacts({ core, answers }: RunningApp) {
  const { backend } = core;
  return {
    windows: [...core.windows.values()].map(({ label, title, options, connection }) => ({
      label,
      title,
      url: connection?.url || (options.url ?? 'index.html'),
    })),
    plugins: core.plugins,
    backend: { commands: backend?.commands ?? new Set<string>(), plugins: backend?.plugins ?? new Map() },
    handles: (command: string) => core.handles(command),
    armed: answers.byHand.armed,
  };
}

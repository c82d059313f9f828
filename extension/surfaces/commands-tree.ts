/** The view of called commands, by app: a click shows their calls in the inspector. */
import * as vscode from 'vscode';
import { type Disposable, Lifetime } from '#core/lifetime.ts';
import { type AppRow, type CommandRow, commandRows, totalsOf } from './command-rows.ts';
import { type Traffic, whileVisible } from './traffic.ts';

const COMMANDS_VIEW = 'ipcWorkbench.commands';

type Row = AppRow | CommandRow;

export class CommandsTree implements vscode.TreeDataProvider<Row>, Disposable {
  readonly #traffic: Traffic;
  readonly #life = new Lifetime();
  readonly #changed = this.#life.own(new vscode.EventEmitter<undefined>());
  readonly onDidChangeTreeData = this.#changed.event;
  readonly #view: vscode.TreeView<Row>;

  constructor(traffic: Traffic) {
    this.#traffic = traffic;
    this.#view = this.#life.own(vscode.window.createTreeView(COMMANDS_VIEW, { treeDataProvider: this }));
    this.#life.own(
      whileVisible(this.#view, traffic, () => {
        this.#changed.fire(undefined);
      }),
    );
  }

  getTreeItem(row: Row): vscode.TreeItem {
    const { Expanded, None } = vscode.TreeItemCollapsibleState;
    const item = new vscode.TreeItem(row.label, row.kind === 'app' ? Expanded : None);
    item.id = row.id;
    item.description = row.description;
    if (row.kind === 'app') {
      item.iconPath = new vscode.ThemeIcon('package');
      return item;
    }
    item.tooltip = row.tooltip;
    item.accessibilityInformation = { label: row.spoken };
    item.iconPath = new vscode.ThemeIcon(
      row.icon,
      row.color === undefined ? undefined : new vscode.ThemeColor(row.color),
    );
    item.command = { command: 'ipcWorkbench.showMessages', title: 'Show Messages', arguments: [row.filter] };
    return item;
  }

  async getChildren(row?: Row): Promise<Row[]> {
    if (row) return row.kind === 'app' ? [...row.commands] : [];
    const commands = await this.#traffic.commands();
    const { errors, denied } = totalsOf(commands);
    this.#view.badge =
      errors + denied === 0 ? undefined : { value: errors + denied, tooltip: `${errors} failed, ${denied} denied` };
    return commandRows(commands);
  }

  dispose(): void {
    this.#life.dispose();
  }
}

/** The view of the workspace's recordings: to open, find and delete them. */
import * as vscode from 'vscode';
import { plainMessage } from '../plugins/plain-text.ts';
import { type Disposable, Lifetime } from '#core/lifetime.ts';

const RECORDINGS_VIEW = 'ipcWorkbench.recordings';
const FILES = '**/*.ipcrec';
/** Beyond so many a list helps nobody. */
const MOST = 500;

export class RecordingsTree implements vscode.TreeDataProvider<vscode.Uri>, Disposable {
  readonly #life = new Lifetime();
  readonly #changed = this.#life.own(new vscode.EventEmitter<undefined>());
  readonly onDidChangeTreeData = this.#changed.event;
  /** files are watched since somebody looked */
  #isWatching = false;

  constructor() {
    this.#life.own(vscode.window.createTreeView(RECORDINGS_VIEW, { treeDataProvider: this }));
    this.#life.own(vscode.workspace.onDidChangeWorkspaceFolders(() => this.#changed.fire(undefined)));
  }

  getTreeItem(uri: vscode.Uri): vscode.TreeItem {
    const item = new vscode.TreeItem(uri);
    item.description = true;
    item.contextValue = 'recording';
    item.iconPath = new vscode.ThemeIcon('record');
    item.command = { command: 'vscode.open', title: 'Open Recording', arguments: [uri] };
    return item;
  }

  async getChildren(): Promise<vscode.Uri[]> {
    this.#watch();
    const found = await vscode.workspace.findFiles(FILES, undefined, MOST);
    return found.toSorted((one, other) => one.path.localeCompare(other.path));
  }

  #watch(): void {
    if (this.#isWatching) return;
    this.#isWatching = true;
    const watcher = this.#life.own(vscode.workspace.createFileSystemWatcher(FILES, false, true, false));
    this.#life.own(watcher.onDidCreate(() => this.#changed.fire(undefined)));
    this.#life.own(watcher.onDidDelete(() => this.#changed.fire(undefined)));
  }

  dispose(): void {
    this.#life.dispose();
  }
}

/** Moves a recording to the trash, once the user has said so. */
export async function deleteRecording(uri: vscode.Uri): Promise<void> {
  const name = vscode.workspace.asRelativePath(uri);
  const yes = 'Move to Trash';
  const asked = await vscode.window.showWarningMessage(
    plainMessage(`Delete the recording ${name}?`),
    { modal: true },
    yes,
  );
  if (asked === yes) await vscode.workspace.fs.delete(uri, { useTrash: true });
}

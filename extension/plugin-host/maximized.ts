/** Which panel's group fills the editor area. VS Code has a command that toggles it, and tells nobody how it stands. */
import * as vscode from 'vscode';
import { type Disposable, Lifetime } from '#core/lifetime.ts';

export class Maximized implements Disposable {
  readonly #panel: (label: string) => vscode.WebviewPanel | undefined;
  /** of what VS Code tells, from the first time on that somebody asks */
  readonly #life = new Lifetime();
  /** the panel whose group we made fill the area; VS Code takes it back when another group is chosen */
  #maximized: vscode.WebviewPanel | undefined;

  constructor(panel: (label: string) => vscode.WebviewPanel | undefined) {
    this.#panel = panel;
  }

  /** Follows what is asked for: asking twice for the same toggles nothing. */
  async set(label: string, on: boolean): Promise<void> {
    const panel = this.#panel(label);
    if (!panel) return;
    if (this.#life.size === 0) {
      this.#life.own(vscode.window.tabGroups.onDidChangeTabGroups(() => this.#groupsChanged()));
    }
    const is = this.#maximized !== undefined && this.#maximized.viewColumn === panel.viewColumn;
    if (on || is) panel.reveal();
    if (on === is) return;
    // A group that is alone fills the area already, and the command would do nothing.
    if (vscode.window.tabGroups.all.length < 2) return;
    await vscode.commands.executeCommand('workbench.action.toggleMaximizeEditorGroup');
    this.#maximized = on ? panel : undefined;
  }

  #groupsChanged(): void {
    const { all, activeTabGroup } = vscode.window.tabGroups;
    if (all.length < 2 || activeTabGroup.viewColumn !== this.#maximized?.viewColumn) this.#maximized = undefined;
  }

  dispose(): void {
    this.#life.dispose();
  }
}

/** Where the states of an app's windows are kept: in VS Code's state of the workspace. */
import type * as vscode from 'vscode';
import { parseStates, type WindowStateHost } from '../plugins/window-state.ts';

export interface KeptWindowsOptions {
  readonly memento: vscode.Memento;
  /** names the app among those of the workspace */
  readonly key: string;
  panel(label: string): vscode.WebviewPanel | undefined;
}

export class KeptWindows implements WindowStateHost {
  readonly #options: KeptWindowsOptions;

  constructor(options: KeptWindowsOptions) {
    this.#options = options;
  }

  read(): unknown {
    return this.#options.memento.get(this.#options.key);
  }

  write(states: object): void {
    // VS Code has it at once and stores it in its own time; nobody waits for that.
    void this.#options.memento.update(this.#options.key, states);
  }

  column(label: string): number | undefined {
    return this.#options.panel(label)?.viewColumn;
  }

  move(label: string, column: number): void {
    this.#options.panel(label)?.reveal(column, true);
  }

  /** The column in which a window was when it was kept. */
  keptColumn(label: string): number | undefined {
    return parseStates(this.read())[label]?.column;
  }
}

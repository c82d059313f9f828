/** The traffic in one line of the status bar: how many calls, how many went wrong, and whether a file is written. */
import * as vscode from 'vscode';
import { type Disposable, Lifetime } from '#core/lifetime.ts';
import type { Tap } from '#core/tap.ts';
import type { Recordings } from '../recordings/recordings.ts';
import { showStatusBar } from '../settings.ts';
import type { Traffic } from './traffic.ts';

export interface StatusBarOptions {
  readonly tap: Tap;
  readonly traffic: Traffic;
  readonly recordings: Recordings;
}

export class StatusBar implements Disposable {
  readonly #options: StatusBarOptions;
  readonly #life = new Lifetime();
  readonly #item = this.#life.own(
    vscode.window.createStatusBarItem('ipcWorkbench.traffic', vscode.StatusBarAlignment.Left, 0),
  );

  constructor(options: StatusBarOptions) {
    this.#options = options;
    this.#item.name = 'IPC Workbench';
    this.#life.own(options.traffic.onChange(() => this.#show()));
    this.#life.own(options.recordings.onChange(() => this.#show()));
    this.#life.own(
      vscode.workspace.onDidChangeConfiguration((change) => {
        if (change.affectsConfiguration('ipcWorkbench.statusBar')) this.#show();
      }),
    );
  }

  #show(): void {
    const { tap, recordings } = this.#options;
    const { kept, lost } = tap.statistics;
    // Who works on something else than messages is left alone.
    if (!showStatusBar() || (kept === 0 && !recordings.isRecording)) {
      this.#item.hide();
      return;
    }
    const { errors, denied } = tap.failures;
    const parts = [
      `$(${recordings.isRecording ? 'record' : 'radio-tower'}) IPC ${kept}`,
      ...(errors > 0 ? [`$(error) ${errors}`] : []),
      ...(denied > 0 ? [`$(circle-slash) ${denied}`] : []),
    ];
    this.#item.text = parts.join('  ');
    const words = [
      `${kept} messages kept${lost > 0 ? `, ${lost} lost` : ''}`,
      ...(errors > 0 ? [`${errors} calls failed`] : []),
      ...(denied > 0 ? [`${denied} calls denied`] : []),
      ...(recordings.isRecording ? ['recording to a file'] : []),
    ];
    this.#item.tooltip = `${words.join('\n')}\n\n${denied > 0 ? 'Show what was denied' : 'Open the inspector'}`;
    this.#item.accessibilityInformation = { label: `IPC: ${words.join(', ')}` };
    this.#item.backgroundColor = recordings.isRecording
      ? new vscode.ThemeColor('statusBarItem.warningBackground')
      : undefined;
    this.#item.command =
      denied > 0
        ? { command: 'ipcWorkbench.showMessages', title: 'Show Messages', arguments: ['is:denied'] }
        : 'ipcWorkbench.openInspector';
    this.#item.show();
  }

  dispose(): void {
    this.#life.dispose();
  }
}

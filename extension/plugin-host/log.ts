/** The output channels of apps that log: they stay when an app ends, for that is when people read them. */
import * as vscode from 'vscode';
import type { Disposable } from '#core/lifetime.ts';
import type { LogHost } from '../plugins/log.ts';

/** One channel for each name of an app, made at its first line. */
export class LogChannels implements Disposable {
  readonly #channels = new Map<string, vscode.LogOutputChannel>();
  #over = false;

  of(app: string): LogHost {
    return {
      write: (level, text) => {
        if (!this.#over) this.#channel(app)[level](text);
      },
    };
  }

  #channel(app: string): vscode.LogOutputChannel {
    const known = this.#channels.get(app);
    if (known) return known;
    const channel = vscode.window.createOutputChannel(`IPC Workbench: ${app}`, { log: true });
    this.#channels.set(app, channel);
    return channel;
  }

  dispose(): void {
    this.#over = true;
    for (const channel of this.#channels.values()) channel.dispose();
    this.#channels.clear();
  }
}

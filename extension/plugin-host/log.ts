/** The output channels of apps: they stay when an app ends, for that is when people read them. */
import * as vscode from 'vscode';
import type { Disposable } from '#core/lifetime.ts';
import type { LogHost } from '../plugins/log.ts';

/** One channel for each name of an app: what its handlers print and what its pages log stand in one order. */
export class AppOutputs implements Disposable {
  readonly #channels = new Map<string, vscode.LogOutputChannel>();

  of(app: string): vscode.LogOutputChannel {
    const known = this.#channels.get(app);
    if (known) return known;
    const channel = vscode.window.createOutputChannel(`IPC Workbench: ${app}`, { log: true });
    this.#channels.set(app, channel);
    return channel;
  }

  dispose(): void {
    for (const channel of this.#channels.values()) channel.dispose();
    this.#channels.clear();
  }
}

/** Writes the lines of pages to a channel, which is asked for with the first of them. */
export function logTo(channel: () => vscode.LogOutputChannel): LogHost {
  return {
    write: (level, text) => channel()[level](text),
  };
}

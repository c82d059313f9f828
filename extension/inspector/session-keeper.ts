/**
 * Goes on with the session of the window that was here before: its numbers at once, its records when there is time. All
 * that costs more than a look into a folder is loaded after activation.
 */
import { createHash } from 'node:crypto';
import { rm } from 'node:fs/promises';
import { basename, join } from 'node:path';
import type * as vscode from 'vscode';
import { type Disposable, Lifetime } from '#core/lifetime.ts';
import type { Tap } from '#core/tap.ts';
import { errorText, type Log } from '../log.ts';
import { chooseSession, type SessionFolder } from './session-folders.ts';
import type { SessionRecorder } from './session-recorder.ts';

export interface SessionKeeperOptions {
  readonly tap: Tap;
  readonly log: Log;
  readonly context: vscode.ExtensionContext;
  /** 0: nothing is written, and nothing comes back */
  readonly maxBytes: number;
}

export class SessionKeeper implements Disposable {
  readonly #options: SessionKeeperOptions;
  readonly #life = new Lifetime();
  /** the same after a reload of the window, where it goes on with its session */
  name = Date.now().toString(36);
  /** the records of the window before are there, or never will be */
  ready: Promise<void> = Promise.resolve();
  #recorder: SessionRecorder | undefined;
  #maxBytes: number;

  constructor(options: SessionKeeperOptions) {
    this.#options = options;
    this.#maxBytes = options.maxBytes;
    const { context, log } = options;
    if (options.maxBytes === 0 || context.globalStorageUri.scheme !== 'file') return;
    try {
      const root = join(context.globalStorageUri.fsPath, 'sessions');
      const { folder, left } = chooseSession(root, workspaceKey(context));
      this.#goOn(folder, left);
    } catch (error) {
      log.warn(`The session before cannot be read: ${errorText(error)}`);
    }
  }

  set maxBytes(bytes: number) {
    this.#maxBytes = bytes;
    // Where nothing is kept, or shall not be any more, that counts from the next window on.
    if (this.#recorder && bytes > 0) this.#recorder.maxBytes = bytes;
  }

  #goOn(folder: SessionFolder, left: readonly string[]): void {
    const { tap } = this.#options;
    const { earlier } = folder;
    let started = Date.now() - tap.sessionTime;
    const first = earlier?.next ?? tap.next;
    if (earlier) {
      // A clock that was set back must not make the session younger than it was.
      const elapsed = Math.max(Date.now(), earlier.at) - earlier.started;
      started = Date.now() - elapsed;
      tap.resume(first, elapsed);
      const nowhere = { app: '', window: '', generation: 0 };
      tap.add({ kind: 'window', direction: 'to-host', ...nowhere, name: 'VS Code was reloaded' });
      // Taken: no other window may go on with it.
      folder.write(started, tap.next);
    }
    this.name = basename(folder.path);
    this.ready = this.#record(folder, { started, first }, left);
  }

  async #record(
    folder: SessionFolder,
    session: { readonly started: number; readonly first: number },
    left: readonly string[],
  ): Promise<void> {
    const { tap, log, context } = this.#options;
    try {
      const { SessionRecorder } = await import('./session-recorder.ts');
      if (this.#life.over) return;
      const { version } = context.extension.packageJSON as { version: unknown };
      this.#recorder = this.#life.own(
        new SessionRecorder({
          tap,
          folder,
          ...session,
          maxBytes: this.#maxBytes,
          tool: `IPC Workbench ${String(version)}`,
          log: (message) => log.warn(message),
        }),
      );
      if (folder.earlier) await this.#recorder.restore();
      for (const each of left) await rm(each, { recursive: true, force: true });
    } catch (error) {
      log.warn(`The session before cannot be read: ${errorText(error)}`);
    }
  }

  dispose(): void {
    this.#life.dispose();
  }
}

/** Windows of the same workspace go on with each other's sessions. */
function workspaceKey({ storageUri }: vscode.ExtensionContext): string {
  return createHash('sha256')
    .update(storageUri?.toString() ?? 'no workspace')
    .digest('hex')
    .slice(0, 16);
}

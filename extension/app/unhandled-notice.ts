/** Says once for each app that opens how many commands have no handler yet, and what to do about it. */
import * as vscode from 'vscode';
import { type Disposable, Lifetime } from '#core/lifetime.ts';
import type { Log } from '../log.ts';
import { plainMessage } from '../plugins/plain-text.ts';
import { reportError } from '../problems.ts';
import type { Apps } from './apps.ts';
import type { RunningApp } from './running-app.ts';

const ALL = 'Create All Stubs';
const SHOW = 'Show Commands';
const NEVER = 'Not Again for This Project';

export interface UnhandledNoticeOptions {
  readonly apps: Apps;
  readonly log: Log;
  /** remembers for which projects nothing shall be said */
  readonly memory: vscode.Memento;
}

export class UnhandledNotice implements Disposable {
  readonly #options: UnhandledNoticeOptions;
  readonly #life = new Lifetime();
  /** apps that were spoken of, or have nothing to be said about */
  readonly #told = new Set<string>();

  constructor(options: UnhandledNoticeOptions) {
    this.#options = options;
    const { apps } = options;
    for (const event of [apps.onChange, apps.onAclChange, apps.onAnswersChange])
      this.#life.own(event(() => this.#look()));
  }

  #look(): void {
    for (const app of this.#options.apps.running) {
      if (this.#told.has(app.id) || !isKnown(app)) continue;
      this.#told.add(app.id);
      const { unanswered } = app.answers;
      if (unanswered.length === 0 || this.#options.memory.get(keyOf(app)) === true) continue;
      this.#tell(
        app,
        unanswered.map(({ name }) => name),
      ).catch((error: unknown) => reportError(this.#options.log, 'The stubs were not created', error));
    }
  }

  async #tell(app: RunningApp, names: readonly string[]): Promise<void> {
    const [name] = names;
    const text =
      names.length === 1
        ? `The command ${name} of ${app.core.name} is defined in Rust and has no TypeScript handler yet.`
        : `${names.length} commands of ${app.core.name} are defined in Rust and have no TypeScript handler yet.`;
    const all = names.length === 1 ? 'Create Handler Stub' : ALL;
    const chosen = await vscode.window.showInformationMessage(plainMessage(text), all, SHOW, NEVER);
    const target = { project: app.id };
    if (chosen === all) await vscode.commands.executeCommand('ipcWorkbench.createAllStubs', target);
    else if (chosen === SHOW) await vscode.commands.executeCommand('ipcWorkbench.showCommands', target);
    else if (chosen === NEVER) await this.#options.memory.update(keyOf(app), true);
  }

  dispose(): void {
    this.#life.dispose();
  }
}

/** Whether it is known what the Rust code defines, and what the backend handles. */
function isKnown({ answers, core, project }: RunningApp): boolean {
  if (!answers.rust.isRead) return false;
  return project.backendFile === undefined || core.backend?.loaded === true;
}

const keyOf = (app: RunningApp) => `unhandledNotice:${app.id}`;

/** The frontend of one running app: which it is, the switch to the other one, and help where its dev server is away. */
import * as vscode from 'vscode';
import { type Disposable, Emitter, Lifetime } from '#core/lifetime.ts';
import type { Log } from '../log.ts';
import { plainMessage } from '../plugins/plain-text.ts';
import { reportError } from '../problems.ts';
import { beforeDevCommand, type DevServerTask } from './dev-server-task.ts';
import { chooseFrontend, type Frontend, type FrontendKind, kindOf } from './frontend.ts';
import type { Project } from '#server/project/index.ts';

export interface AppFrontendOptions {
  /** where the pages come from at first */
  readonly frontend: Frontend;
  /** starts the development server, and ends with the app */
  readonly devServer: DevServerTask;
  /** the project as its files were read last */
  project(): Project;
  /** reads the files again: the frontend may be built by now */
  readAgain(): void;
  readonly log: Log;
}

export class AppFrontend implements Disposable {
  readonly #options: AppFrontendOptions;
  readonly #life = new Lifetime();
  readonly #changes = this.#life.own(new Emitter<void>());
  /** {@link current} is another one: the user switched */
  readonly onSwitch = this.#changes.event;
  #current: Frontend;
  /** the user is asked what to do about a development server that does not answer */
  #offering = false;

  constructor(options: AppFrontendOptions) {
    this.#options = options;
    this.#current = options.frontend;
    this.#life.own(options.devServer);
  }

  /** Where the pages come from now, with what the project's files say of it. */
  get current(): Frontend {
    const { devUrl, frontendFiles } = this.#options.project();
    if (this.#current.kind === 'server') {
      return devUrl === undefined ? this.#current : { kind: 'server', url: new URL(devUrl) };
    }
    return frontendFiles.length === 0 ? this.#current : { kind: 'folder', folder: frontendFiles };
  }

  /** Whether the configuration names a development server. */
  get hasDevServer(): boolean {
    return this.#options.project().devUrl !== undefined;
  }

  /** Whether there is another frontend to switch to. */
  get canSwitch(): boolean {
    return this.hasDevServer && this.#options.project().frontendFiles.length > 0;
  }

  /** Whether there is another one by now. */
  look(): boolean {
    this.#options.readAgain();
    return this.canSwitch;
  }

  /** Takes the development server instead of the built files, or the other way round. */
  async switch(wanted: FrontendKind = kindOf(this.#current) === 'dev' ? 'dist' : 'dev'): Promise<void> {
    const { project, devServer } = this.#options;
    const frontend = await chooseFrontend({ project: project(), devServer, wanted, ask: true });
    if (!frontend || this.#life.over) return;
    this.#current = frontend;
    this.#changes.fire();
  }

  /** A window waits for the development server: it can be started from here. */
  offerDevServer(): void {
    const { devServer, log, project } = this.#options;
    const command = beforeDevCommand(project());
    const { current } = this;
    if (this.#offering || devServer.running || !command || current.kind !== 'server') return;
    this.#offering = true;
    this.#offer(current.url, command.script)
      .catch((error: unknown) => reportError(log, 'The dev server could not be started', error))
      .finally(() => {
        this.#offering = false;
      });
  }

  async #offer(url: URL, script: string): Promise<void> {
    const { devServer, project } = this.#options;
    const start = `Start Dev Server (${script})`;
    const built = 'Open Built Files';
    const chosen = await vscode.window.showWarningMessage(
      plainMessage(`The dev server of ${project().name} at ${url.origin} does not answer.`),
      ...[start, ...(this.canSwitch ? [built] : [])],
    );
    if (this.#life.over) return;
    // The window that waits loads by itself.
    if (chosen === start) await devServer.start(url);
    else if (chosen === built) await this.switch('dist');
  }

  dispose(): void {
    this.#life.dispose();
  }
}

/** `build.beforeDevCommand`, run on request as a task of VS Code: its output is in a terminal, and it ends with the app. */
import { execFile } from 'node:child_process';
import { basename, resolve } from 'node:path';
import * as vscode from 'vscode';
import { type Disposable, Lifetime } from '#core/lifetime.ts';
import { beforeDevEnvironment, waitForServer } from './dev-server.ts';
import { frontendPackageFolder, type Project, ProjectError } from '#server/project/index.ts';

/** As long as Tauri's CLI waits. */
const WAIT_MS = 180_000;

/** What `beforeDevCommand` is, where there is something to run. */
export function beforeDevCommand({ config }: Project) {
  const command = config.build.beforeDevCommand;
  return command && command.script !== '' ? command : undefined;
}

export class DevServerTask implements Disposable {
  readonly #project: Project;
  #run: RunningTask | undefined;

  constructor(project: Project) {
    this.#project = project;
  }

  /** Whether the command runs, and was started here. */
  get running(): boolean {
    return this.#run !== undefined && !this.#run.ended.aborted;
  }

  /**
   * Runs the command and waits until `url` answers, or the user has enough of it: then the command ends, and the answer
   * is false.
   *
   * @throws ProjectError where it ends before, or the server does not come
   */
  async start(url: URL): Promise<boolean> {
    const command = beforeDevCommand(this.#project);
    if (!command) throw new Error('there is no build.beforeDevCommand');
    const { script, wait } = command;
    this.dispose();
    const run = await RunningTask.start(await this.#task(command));
    this.#run = run;
    const title = wait ? `Running ${script}` : `Waiting for ${url.origin} (${script})`;
    const up = await vscode.window.withProgress(
      { location: vscode.ProgressLocation.Notification, title, cancellable: true },
      async (_progress, cancelled) => {
        const giveUp = new AbortController();
        const until = AbortSignal.any([giveUp.signal, AbortSignal.timeout(WAIT_MS)]);
        cancelled.onCancellationRequested(() => giveUp.abort());
        if (wait) await aborted(AbortSignal.any([run.ended, until]));
        // One that ended well may have left the server behind, as a container's.
        const came = await waitForServer(url, AbortSignal.any([until, run.failed]));
        return came || (giveUp.signal.aborted ? undefined : false);
      },
    );
    if (up) return true;
    const { exitCode, failed } = run;
    this.dispose();
    if (up === undefined) return false;
    const why = failed.aborted
      ? `ended${exitCode === undefined ? '' : ` with code ${exitCode}`} before ${url.origin} answered; its terminal says why`
      : `ran, but ${url.origin} did not answer within ${WAIT_MS / 1000} s: is it what build.devUrl names?`;
    const { file, ...at } = this.#project.placeOf('build', 'beforeDevCommand');
    throw new ProjectError(`\`${script}\` ${why}`, file, at);
  }

  async #task({ script, cwd }: { readonly script: string; readonly cwd?: string | undefined }): Promise<vscode.Task> {
    const { root, configFolder, name } = this.#project;
    const folder = cwd === undefined ? await frontendPackageFolder(root, configFolder) : resolve(configFolder, cwd);
    // The shells of Tauri's CLI, whatever the user's own is.
    const windows = process.platform === 'win32';
    const execution = new vscode.ShellExecution(script, {
      cwd: folder,
      env: beforeDevEnvironment(),
      executable: windows ? 'cmd.exe' : '/bin/sh',
      shellArgs: windows ? ['/d', '/c'] : ['-c'],
    });
    const scope = vscode.workspace.getWorkspaceFolder(vscode.Uri.file(root)) ?? vscode.TaskScope.Workspace;
    const definition = { type: 'ipcWorkbench.devServer', project: root };
    const task = new vscode.Task(
      definition,
      scope,
      `dev server of ${name} (${basename(root)})`,
      'IPC Workbench',
      execution,
    );
    task.isBackground = true;
    task.presentationOptions = { reveal: vscode.TaskRevealKind.Silent, panel: vscode.TaskPanelKind.Dedicated };
    return task;
  }

  /** Ends the command where it was started here, with all that it started. */
  dispose(): void {
    this.#run?.end();
    this.#run = undefined;
  }
}

async function aborted(signal: AbortSignal): Promise<void> {
  const { promise, resolve } = Promise.withResolvers<void>();
  if (signal.aborted) resolve();
  signal.addEventListener('abort', () => resolve(), { once: true });
  await promise;
}

class RunningTask {
  readonly #life = new Lifetime();
  readonly #ends = new AbortController();
  readonly #fails = new AbortController();
  /** undefined: it could not be started */
  readonly #execution: Promise<vscode.TaskExecution | undefined>;
  /** of the shell: where it leads a process group, all that the command started is in that */
  #processId: number | undefined;
  exitCode: number | undefined;

  static async start(task: vscode.Task): Promise<RunningTask> {
    const starting = Promise.withResolvers<vscode.TaskExecution | undefined>();
    const run = new RunningTask(starting.promise);
    try {
      starting.resolve(await vscode.tasks.executeTask(task));
    } catch (error) {
      starting.resolve(undefined);
      run.#life.dispose();
      throw error;
    }
    return run;
  }

  private constructor(execution: Promise<vscode.TaskExecution | undefined>) {
    this.#execution = execution;
    const { tasks } = vscode;
    this.#listen(tasks.onDidStartTaskProcess, ({ processId }) => {
      this.#processId = processId;
    });
    this.#listen(tasks.onDidEndTaskProcess, ({ exitCode }) => {
      this.exitCode = exitCode;
    });
    this.#listen(tasks.onDidEndTask, () => {
      this.#ends.abort();
      // Without a code it was stopped by the user.
      if (this.exitCode !== 0) this.#fails.abort();
      this.#life.dispose();
    });
  }

  /** A command may have ended before VS Code says that it was started: what comes before that is heard, too. */
  #listen<E extends { readonly execution: vscode.TaskExecution }>(
    event: vscode.Event<E>,
    act: (event: E) => void,
  ): void {
    this.#life.own(
      event(async (happened) => {
        if (happened.execution === (await this.#execution)) act(happened);
      }),
    );
  }

  /** aborts when the command ends */
  get ended(): AbortSignal {
    return this.#ends.signal;
  }

  /** aborts when the command ends without having done its work */
  get failed(): AbortSignal {
    return this.#fails.signal;
  }

  end(): void {
    if (this.ended.aborted) return;
    if (this.#processId !== undefined) endTree(this.#processId);
    void this.#execution.then((execution) => execution?.terminate());
    this.#ends.abort();
    this.#life.dispose();
  }
}

/** Ends a process and what it started: `npm run dev` alone would leave the server behind it. */
function endTree(processId: number): void {
  if (process.platform === 'win32') {
    execFile('taskkill', ['/pid', String(processId), '/T', '/F'], () => undefined);
    return;
  }
  try {
    // A terminal's shell leads its group.
    process.kill(-processId, 'SIGTERM');
  } catch {
    // It has ended by itself.
  }
}

/** `build.beforeDevCommand`, run on request as a task of VS Code: its output is in a terminal, and it ends with the app. */
import { execFile } from 'node:child_process';
import { basename, resolve } from 'node:path';
import * as vscode from 'vscode';
import { type Disposable, Lifetime } from '#core/lifetime.ts';
import { beforeDevEnvironment, waitForServer } from './dev-server.ts';
import { ProjectError } from './config.ts';
import { frontendPackageFolder } from './find-projects.ts';
import type { Project } from './project.ts';

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
        if (wait) await finished(run, until);
        const came = await waitForServer(url, wait ? until : AbortSignal.any([until, run.ended]));
        return came || (giveUp.signal.aborted ? undefined : false);
      },
    );
    if (up) return true;
    const { exitCode } = run;
    const after = run.ended.aborted && !(wait && exitCode === 0);
    this.dispose();
    if (up === undefined) return false;
    const why = after
      ? `ended${exitCode === undefined ? '' : ` with code ${exitCode}`} before ${url.origin} answered; its terminal says why`
      : `runs, but ${url.origin} did not answer within ${WAIT_MS / 1000} s: is it what build.devUrl names?`;
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
      shellArgs: windows ? ['/d', '/s', '/c'] : ['-c'],
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

/** Waits for the end of a command that has to do its work before. */
async function finished(run: RunningTask, until: AbortSignal): Promise<void> {
  const { promise, resolve } = Promise.withResolvers<void>();
  const either = AbortSignal.any([run.ended, until]);
  if (either.aborted) resolve();
  either.addEventListener('abort', () => resolve(), { once: true });
  await promise;
}

class RunningTask {
  readonly #life = new Lifetime();
  readonly #ends = new AbortController();
  readonly #execution: vscode.TaskExecution;
  /** of the shell: where it leads a process group, all that the command started is in that */
  #processId: number | undefined;
  exitCode: number | undefined;

  static async start(task: vscode.Task): Promise<RunningTask> {
    return new RunningTask(await vscode.tasks.executeTask(task));
  }

  private constructor(execution: vscode.TaskExecution) {
    this.#execution = execution;
    this.#life.own(
      vscode.tasks.onDidStartTaskProcess((event) => {
        if (event.execution === execution) this.#processId = event.processId;
      }),
    );
    this.#life.own(
      vscode.tasks.onDidEndTaskProcess((event) => {
        if (event.execution === execution) this.exitCode = event.exitCode;
      }),
    );
    this.#life.own(
      vscode.tasks.onDidEndTask((event) => {
        if (event.execution !== execution) return;
        this.#ends.abort();
        this.#life.dispose();
      }),
    );
  }

  /** aborts when the command ends */
  get ended(): AbortSignal {
    return this.#ends.signal;
  }

  end(): void {
    if (this.ended.aborted) return;
    if (this.#processId !== undefined) endTree(this.#processId);
    this.#execution.terminate();
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

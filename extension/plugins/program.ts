/** Programs that plugins start: found here and not by a shell, and gone with everything that they started. */
import { type ChildProcess, type ChildProcessWithoutNullStreams, spawn } from 'node:child_process';
import { once } from 'node:events';
import { access, constants, stat } from 'node:fs/promises';
import { join } from 'node:path';
import { reject } from '#core/error.ts';
import { type Disposable } from '#core/lifetime.ts';
import { rustPath } from '#core/rust-path.ts';
import type { System } from './directories.ts';
import { ioErrorText } from './io-error.ts';

/** Where programs are looked for. */
export interface ProgramPlace {
  readonly system: System;
  /** what a relative path starts from */
  readonly cwd: string;
}

/**
 * The file of a program, by the `PATH` of the extension host. The search is not left to the system: that would follow a
 * `PATH` or a working directory that a page chose, and run another program of that name. Rejects in Rust's words.
 */
export async function findProgram(name: string, { system, cwd }: ProgramPlace): Promise<string> {
  if (name.includes('\0')) throw reject(NUL_BYTE);
  const windows = system.platform === 'win32';
  const paths = rustPath(windows);
  const endings = windows && !/\.(exe|com|bat|cmd)$/i.test(name) ? ['.exe', '.com', ''] : [''];
  if (paths.components(name).length !== 1 || paths.isAbsolute(name)) {
    return await firstFile(endings.map((ending) => paths.push(cwd, name) + ending));
  }
  const path = Object.entries(system.env).find(([key]) => (windows ? key.toUpperCase() : key) === 'PATH')?.[1] ?? '';
  const folders = path.split(windows ? ';' : ':').filter((folder) => paths.isAbsolute(folder));
  return await firstFile(folders.flatMap((folder) => endings.map((ending) => join(folder, name + ending))));
}

const NUL_BYTE = 'nul byte found in provided data';

async function firstFile(files: readonly string[]): Promise<string> {
  // As `execvp`: a file that may not be run is only told where there is none that may.
  let refused: unknown = Object.assign(new Error('no such program'), { code: 'ENOENT', errno: -2 });
  for (const file of files) {
    try {
      await access(file, constants.X_OK);
      if ((await stat(file)).isFile()) return file;
      refused = Object.assign(new Error('a directory'), { code: 'EACCES', errno: -13 });
    } catch (error) {
      if ((error as NodeJS.ErrnoException).code === 'EACCES') refused = error;
    }
  }
  throw reject(ioErrorText(refused));
}

/** What VS Code sets for its own processes. */
const OWN_VARIABLES = /^(?:ELECTRON_|VSCODE_|IPC_WORKBENCH_)/;

/**
 * By these a program loads code of somebody else's choice: whoever may set them for an allowed program runs what they
 * want. (A scope says which program, and nothing of its environment.)
 */
const LOADER_VARIABLES = new Set(
  `LD_PRELOAD LD_AUDIT LD_LIBRARY_PATH DYLD_INSERT_LIBRARIES DYLD_LIBRARY_PATH DYLD_FRAMEWORK_PATH NODE_OPTIONS NODE_PATH
  BASH_ENV PYTHONSTARTUP PYTHONPATH PERL5OPT PERL5LIB RUBYOPT RUBYLIB JAVA_TOOL_OPTIONS GIT_SSH_COMMAND
  GIT_EXEC_PATH GIT_EXTERNAL_DIFF GIT_CONFIG_PARAMETERS`.split(/\s+/),
);

/**
 * The environment of a program: that of the extension host without what VS Code set for itself, and what a page gives;
 * null clears it. Rejects what could make another program of it.
 */
export function environment(
  { env }: Pick<System, 'env'>,
  given: Readonly<Record<string, string>> | null,
): Record<string, string> {
  const result: Record<string, string> = {};
  if (given === null) return result;
  for (const [name, value] of Object.entries(env)) {
    if (value !== undefined && !OWN_VARIABLES.test(name)) result[name] = value;
  }
  for (const [name, value] of Object.entries(given)) {
    if (name.includes('\0') || value.includes('\0')) throw reject(NUL_BYTE);
    if (name === '' || name.includes('=')) throw reject(`"${name}" is no name of an environment variable`);
    if (LOADER_VARIABLES.has(name.toUpperCase())) {
      throw reject(`the environment variable ${name} is not passed on: it makes a program load other code`);
    }
    result[name] = value;
  }
  return result;
}

export interface StartOptions {
  readonly cwd: string | undefined;
  readonly env: Readonly<Record<string, string>>;
  /** false: the program reads nothing */
  readonly stdin: boolean;
}

/** Programs of an app at one time. */
const MAX_PROGRAMS = 256;

const WINDOWS = process.platform === 'win32';

/** The programs that one app runs, by their process id. */
export class Programs implements Disposable {
  readonly #running = new Map<number, ChildProcess>();
  #over = false;
  /** An extension host that exits leaves none of them behind. */
  readonly #killAll = () => {
    for (const pid of this.#running.keys()) this.kill(pid);
  };

  /** Starts a program without a shell, and resolves when it runs. Rejects in Rust's words where it does not. */
  async start(file: string, args: readonly string[], options: StartOptions): Promise<ChildProcessWithoutNullStreams> {
    if (this.#over) throw reject('the app has ended');
    if (this.#running.size >= MAX_PROGRAMS) {
      throw reject(`too many programs at once: ${MAX_PROGRAMS} of the app are running`);
    }
    if (args.some((each) => each.includes('\0')) || options.cwd?.includes('\0')) throw reject(NUL_BYTE);
    let child: ChildProcess;
    try {
      child = spawn(file, args, {
        cwd: options.cwd,
        env: options.env,
        stdio: [options.stdin ? 'pipe' : 'ignore', 'pipe', 'pipe'],
        shell: false,
        windowsHide: true,
        // A process group of its own: a signal to the group reaches what the program starts, too.
        detached: !WINDOWS,
      });
    } catch (error) {
      throw reject(ioErrorText(error));
    }
    // What goes wrong later (a signal that cannot be sent) must not end the extension host.
    child.on('error', () => undefined);
    const { pid } = child;
    if (pid !== undefined) this.#add(pid, child);
    try {
      await once(child, 'spawn');
    } catch (error) {
      throw reject(ioErrorText(error));
    }
    return child as ChildProcessWithoutNullStreams;
  }

  get size(): number {
    return this.#running.size;
  }

  find(pid: number): ChildProcess | undefined {
    return this.#running.get(pid);
  }

  /** Ends a program and what it started; nothing where it has ended. */
  kill(pid: number): void {
    const child = this.#running.get(pid);
    if (!child) return;
    this.#forget(pid);
    killTree(child);
  }

  #add(pid: number, child: ChildProcess): void {
    if (this.#running.size === 0) process.on('exit', this.#killAll);
    this.#running.set(pid, child);
    // Later than `exit`: while something that it started still holds its output, there is something to end.
    child.once('close', () => this.#forget(pid));
  }

  #forget(pid: number): void {
    if (this.#running.delete(pid) && this.#running.size === 0) process.off('exit', this.#killAll);
  }

  dispose(): void {
    this.#over = true;
    this.#killAll();
  }
}

function killTree(child: ChildProcess): void {
  const { pid } = child;
  if (pid === undefined) return;
  if (WINDOWS) {
    const taskkill = join(process.env['SystemRoot'] ?? 'C:\\Windows', 'System32', 'taskkill.exe');
    spawn(taskkill, ['/pid', String(pid), '/t', '/f'], { stdio: 'ignore', windowsHide: true }).on('error', () =>
      child.kill('SIGKILL'),
    );
    return;
  }
  try {
    process.kill(-pid, 'SIGKILL');
  } catch {
    child.kill('SIGKILL'); // no such group: all of it has ended, or the system has none
  }
}

/** Starts a program that outlives the app and has its own windows: a browser, a player. */
export async function startDetached(file: string, args: readonly string[], env: Record<string, string>): Promise<void> {
  const child = spawn(file, args, { env, stdio: 'ignore', shell: false, detached: true, windowsHide: false });
  try {
    await once(child, 'spawn');
  } catch (error) {
    throw reject(ioErrorText(error));
  }
  child.unref();
}

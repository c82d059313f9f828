/** Watches the files that say what the windows of a project may do. */
import { existsSync, type FSWatcher, statSync, watch } from 'node:fs';
import { join } from 'node:path';
import type { Disposable } from '#core/lifetime.ts';
import { ACL_FOLDERS } from '#server/project/index.ts';

/** Changes come in bursts: the files are read when it was quiet for so many ms. */
const QUIET = 50;
/** What is wrong is told when it stays wrong for so many ms: files of one change come one after the other. */
const PATIENCE = 400;
/** An editor makes a file empty and writes it then: on a slow machine, or over a network, much later. From the first on. */
const PATIENCE_WHEN_EMPTY = 5000;

export interface AclWatchOptions {
  /** where the configuration lies; the other folders are below */
  readonly folder: string;
  /** reads the files again; gives what is wrong with them: of the file at `file` where it has one */
  read(): (Error & { readonly file?: string }) | undefined;
  /** what is wrong stays */
  onError(error: Error): void;
  /** a folder cannot be watched: told once, until it can */
  report(message: string): void;
}

interface Watched {
  readonly watcher: FSWatcher;
  /** tells a folder from one that came later by the same name */
  readonly identity: string;
}

/**
 * Watches the folder of the configuration and {@link ACL_FOLDERS}, also where they come later, go, or come again: no
 * system tells reliably that a watched folder is another one now, so each change in one looks at all.
 */
export class AclWatch implements Disposable {
  readonly #options: AclWatchOptions;
  /** by path, a folder before those below: what comes while it is opened is seen by one of them */
  readonly #folders: readonly { readonly path: string; readonly recursive: boolean }[];
  readonly #watched = new Map<string, Watched>();
  readonly #told = new Set<string>();
  #timer: NodeJS.Timeout | undefined;
  /** since when something has been wrong that was not told */
  #wrongSince: number | undefined;
  #over = false;

  constructor(options: AclWatchOptions) {
    this.#options = options;
    const { folder } = options;
    this.#folders = [
      { path: folder, recursive: false },
      // Its `schemas` may come later, and builds of mobile apps write much beside it.
      { path: join(folder, 'gen'), recursive: false },
      ...ACL_FOLDERS.map((name) => ({ path: join(folder, name), recursive: true })),
    ];
    this.#openAll();
  }

  #openAll(): void {
    for (const { path, recursive } of this.#folders) {
      try {
        const identity = identityOf(path);
        if (this.#watched.get(path)?.identity === identity) continue;
        this.#close(path);
        if (identity !== undefined) this.#open(path, identity, recursive);
        this.#told.delete(path);
      } catch (error) {
        this.#tell(path, error as Error);
      }
    }
  }

  #open(path: string, identity: string, recursive: boolean): void {
    const watcher = watch(path, { recursive }, () => this.#changed());
    this.#watched.set(path, { watcher, identity });
    watcher.on('error', (error) => {
      if (this.#watched.get(path)?.watcher === watcher) this.#close(path);
      // Windows says so of a folder that is removed: that is a change, and no failure.
      if (existsSync(path)) this.#tell(path, error);
      this.#changed();
    });
  }

  #close(path: string): void {
    this.#watched.get(path)?.watcher.close();
    this.#watched.delete(path);
  }

  #tell(path: string, error: Error): void {
    if (this.#told.has(path)) return;
    this.#told.add(path);
    this.#options.report(`Changes in ${path} are not seen: ${error.message}`);
  }

  #changed(): void {
    if (this.#over) return;
    clearTimeout(this.#timer);
    this.#timer = setTimeout(() => {
      this.#openAll();
      const wrong = this.#options.read();
      if (wrong === undefined) this.#wrongSince = undefined;
      else this.#tellIfItStays(wrong.file);
    }, QUIET);
  }

  #tellIfItStays(file: string | undefined): void {
    // Other files may change all the time: what stays wrong is told all the same.
    this.#wrongSince ??= performance.now();
    const end = this.#wrongSince + (isEmpty(file) ? PATIENCE_WHEN_EMPTY : PATIENCE);
    const tell = () => {
      this.#wrongSince = undefined;
      const error = this.#options.read();
      if (error !== undefined) this.#options.onError(error);
    };
    this.#timer = setTimeout(tell, Math.max(0, end - performance.now()));
  }

  dispose(): void {
    this.#over = true;
    clearTimeout(this.#timer);
    for (const path of [...this.#watched.keys()]) this.#close(path);
  }
}

function isEmpty(file: string | undefined): boolean {
  try {
    const found = file === undefined ? undefined : statSync(file);
    return found?.isFile() === true && found.size === 0;
  } catch {
    // What cannot be asked is not being written: the error that was read says more.
    return false;
  }
}

/** Undefined where there is no folder. */
function identityOf(path: string): string | undefined {
  const found = statSync(path, { bigint: true, throwIfNoEntry: false });
  // A file system may give a new folder the number of one that was removed.
  return found?.isDirectory() ? `${found.dev} ${found.ino} ${found.birthtimeNs}` : undefined;
}

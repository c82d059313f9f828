/** Watches the files that the backend's code consists of. */
import { existsSync, type FSWatcher, readFileSync, watch } from 'node:fs';
import { dirname } from 'node:path';
import { type Disposable, Lifetime } from '#core/lifetime.ts';
import { isFile } from '#server/project/files.ts';
import { hashOf } from './files.ts';
import type { LoadedFile } from './protocol.ts';

/** Editors write in several steps: what happens within this time is one change. */
const SETTLE_MS = 40;

/**
 * Watches folders rather than files, so that it sees files that an editor replaces, and files that were missing. What
 * counts is content: a save that changes nothing is no change.
 */
export class FileWatch implements Disposable {
  readonly #onChange: () => void;
  readonly #life = new Lifetime();
  readonly #folders = new Map<string, FSWatcher>();
  #files = new Map<string, string>();
  #missing: readonly string[] = [];
  #settling: NodeJS.Timeout | undefined;

  constructor(onChange: () => void) {
    this.#onChange = onChange;
  }

  /**
   * Watches these from now on. A file that has changed since it was loaded, or is not missing any more, counts as a
   * change at once: nothing is lost between loading and watching.
   *
   * @param others files to watch whose present content is taken as known
   */
  update(files: readonly LoadedFile[], missing: readonly string[], others: readonly string[] = []): void {
    if (this.#life.over) return;
    this.#files = new Map(others.map((path) => [path, fingerprint(path)]));
    for (const { path, hash } of files) this.#files.set(path, hash);
    this.#missing = missing;
    this.#watchFolders();
    this.#look();
  }

  #watchFolders(): void {
    const folders = new Set([...this.#files.keys(), ...this.#missing].map((path) => existingFolder(dirname(path))));
    for (const [folder, watcher] of this.#folders) {
      if (folders.has(folder)) continue;
      watcher.close();
      this.#folders.delete(folder);
    }
    for (const folder of folders) if (!this.#folders.has(folder)) this.#watchFolder(folder);
  }

  #watchFolder(folder: string): void {
    let watcher: FSWatcher;
    try {
      watcher = watch(folder, () => this.#look());
    } catch {
      // The folder is gone: a folder that comes back is seen when the code is loaded again.
      return;
    }
    watcher.on('error', () => {
      watcher.close();
      this.#folders.delete(folder);
    });
    this.#folders.set(folder, watcher);
  }

  #look(): void {
    this.#settling ??= setTimeout(() => {
      this.#settling = undefined;
      if (this.#changed()) this.#onChange();
      // A missing file's folder may have come, or a folder may have gone.
      if (!this.#life.over) this.#watchFolders();
    }, SETTLE_MS);
  }

  #changed(): boolean {
    if (this.#life.over) return false;
    let changed = this.#missing.some(isFile);
    for (const [path, hash] of this.#files) {
      const now = fingerprint(path);
      if (now === hash) continue;
      this.#files.set(path, now);
      changed = true;
    }
    return changed;
  }

  dispose(): void {
    clearTimeout(this.#settling);
    for (const watcher of this.#folders.values()) watcher.close();
    this.#folders.clear();
    this.#life.dispose();
  }
}

function fingerprint(path: string): string {
  try {
    return hashOf(readFileSync(path));
  } catch {
    return 'missing';
  }
}

function existingFolder(folder: string): string {
  while (!existsSync(folder) && dirname(folder) !== folder) folder = dirname(folder);
  return folder;
}

// Temporary folders that are gone when their owner is, also when the process ends without a clean-up.
import { mkdtempSync, realpathSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

export class TemporaryFolders {
  /** @type {Set<string>} */
  #folders = new Set();
  #onExit = () => this.remove();

  /** A new, empty folder. Its path is kept short: sockets lie in some of them. @param {string} prefix */
  make(prefix) {
    if (this.#folders.size === 0) process.once('exit', this.#onExit);
    const folder = mkdtempSync(join(realpathSync(tmpdir()), prefix));
    this.#folders.add(folder);
    return folder;
  }

  /** Removes the folders made here, and nothing else. */
  remove() {
    process.off('exit', this.#onExit);
    for (const folder of this.#folders) {
      try {
        rmSync(folder, { recursive: true, force: true, maxRetries: 3 });
      } catch {
        // A process that is still ending holds a file in it; the system empties its temp folder itself.
      }
    }
    this.#folders.clear();
  }
}

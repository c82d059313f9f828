/** The scripts of a workspace, linked: names that come from other files are followed. */
import { type FileFacts, noFacts } from '../index/facts.ts';
import type { ScriptFile } from './model.ts';

/** Files by path. What follows from all of them is made when somebody asks, once for each change. */
export class ScriptIndex {
  readonly #files = new Map<string, ScriptFile>();

  set(file: ScriptFile): void {
    this.#files.set(file.path, file);
  }

  delete(path: string): void {
    this.#files.delete(path);
  }

  get files(): Iterable<string> {
    return this.#files.keys();
  }

  /** What a file says; of one that was not read: nothing. */
  facts(path: string): FileFacts {
    const file = this.#files.get(path);
    return file ? { ...noFacts(path), calls: file.calls } : noFacts(path);
  }
}

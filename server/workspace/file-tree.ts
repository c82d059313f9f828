/** The files of a workspace that are read, without what git leaves out. */
import { join } from 'node:path';
import { type Ignores, ignoresAbove, isIgnored, isSkipped, walkFolders } from '../project/index.ts';
import { kindOf } from './kinds.ts';

/** Deeper nobody has code. */
const MAX_DEPTH = 24;

/** What was in some folders when they were looked through. Paths have forward slashes. */
export class FileTree {
  readonly #roots: string[] = [];
  readonly #files = new Set<string>();
  /** by folder */
  readonly #ignores = new Map<string, readonly Ignores[]>();

  /** Of the kinds that the server reads. */
  get files(): ReadonlySet<string> {
    return this.#files;
  }

  /** Whether it has a folder that was looked into. */
  hasFolder(path: string): boolean {
    return this.#ignores.has(path);
  }

  /** Looks through a folder; `isOver` ends that early. */
  async add(root: string, isOver: () => boolean): Promise<void> {
    this.#roots.push(root);
    const above = await ignoresAbove(root);
    for await (const visited of walkFolders(root, MAX_DEPTH, { ignoreNames: ['.gitignore'], above })) {
      if (isOver()) return;
      const folder = slashes(visited.folder);
      this.#ignores.set(folder, visited.ignores);
      for (const name of visited.files) {
        const path = `${folder}/${name}`;
        if (kindOf(path) !== undefined && !isIgnored(join(folder, name), false, visited.ignores)) this.#files.add(path);
      }
    }
  }

  /**
   * Whether a file or a folder that was not there then is none of those that are looked into, as far as rules that were
   * read can tell. What lies in no folder of the workspace is left out, too.
   */
  leavesOut(path: string): boolean {
    if (this.#roots.includes(path)) return false;
    const root = this.#roots.find((each) => isBelow(path, each));
    if (root === undefined) return true;
    const parts = path.slice(root.length + 1).split('/');
    let folder = root;
    let ignores = this.#ignores.get(root) ?? [];
    for (const [index, name] of parts.entries()) {
      const at = `${folder}/${name}`;
      const isFolder = index < parts.length - 1 || kindOf(at) === undefined;
      if ((isFolder && isSkipped(name)) || isIgnored(at, isFolder, ignores)) return true;
      ignores = this.#ignores.get(at) ?? ignores;
      folder = at;
    }
    return false;
  }
}

export const isBelow = (file: string, folder: string): boolean => file.startsWith(`${folder}/`);
export const slashes = (path: string): string => path.replaceAll('\\', '/');

/** Which projects a file belongs to. */
import { posix } from 'node:path';
import { kindOf } from './kinds.ts';
import { deepest, isIn, type ProjectPlace, soleIn } from './places.ts';

/**
 * - A script belongs to the project whose folder it is in, the deepest of several; else to all whose frontend its package
 *   is; else to the only project with a configuration of the workspace's folder.
 * - Rust code, and the permissions of a plugin, belong to all projects that its crate is built into.
 * - All other files belong to the project whose configuration they lie with.
 */
export class Owners<P extends { readonly place: ProjectPlace }> {
  readonly #roots: readonly string[];
  readonly #projects: readonly P[];
  readonly #packages = new Set<string>();
  readonly #crates = new Set<string>();
  /** files of one folder have the same */
  readonly #scripts = new Map<string, readonly P[]>();
  readonly #rust = new Map<string, readonly P[]>();

  /**
   * @param roots the folders of the workspace
   * @param files all of the workspace's
   */
  constructor(roots: readonly string[], projects: readonly P[], files: Iterable<string>) {
    this.#roots = roots;
    this.#projects = projects;
    for (const file of files) {
      const kind = kindOf(file);
      if (kind === 'package') this.#packages.add(posix.dirname(file));
      else if (kind === 'cargo') this.#crates.add(posix.dirname(file));
    }
  }

  of(file: string): readonly P[] {
    const kind = kindOf(file);
    const folder = posix.dirname(file);
    if (kind === 'script' || kind === 'package')
      return remembered(this.#scripts, folder, () => this.#ofScripts(folder));
    if (kind === 'rust' || kind === 'cargo') return remembered(this.#rust, folder, () => this.#ofRust(folder));
    const built = kind === 'permission' ? this.#ofPlugin(folder) : [];
    if (built.length > 0) return built;
    return this.#nearest(folder, ({ folder }) => folder.configFolder, true) ?? this.#ofScripts(folder);
  }

  #ofScripts(folder: string): readonly P[] {
    const own = this.#nearest(folder, ({ scriptRoot }) => scriptRoot, true);
    if (own) return own;
    const home = above(folder, this.#packages);
    const showing = home === undefined ? [] : this.#projects.filter(({ place }) => place.packages.has(home));
    if (showing.length > 0) return showing;
    const alone = this.#nearest(folder, ({ scriptRoot }) => scriptRoot, false);
    if (alone) return alone;
    const places = this.#projects.map(({ place }) => place);
    const sole = soleIn(this.#roots, places, folder);
    return this.#projects.filter(({ place }) => place === sole);
  }

  #ofRust(folder: string): readonly P[] {
    const crate = above(folder, this.#crates);
    const built = crate === undefined ? [] : this.#projects.filter(({ place }) => place.crates.includes(crate));
    if (built.length > 0 || crate !== undefined) return built;
    // Half a project: its Cargo.toml is not there yet.
    return this.#nearest(folder, ({ folder }) => folder.configFolder, true) ?? [];
  }

  /** The projects that a plugin's crate is built into; none for a crate that is an app's own. */
  #ofPlugin(folder: string): readonly P[] {
    const crate = above(folder, this.#crates);
    return this.#projects.some(({ place }) => place.folder.configFolder === crate) ? [] : this.#ofRust(folder);
  }

  /** The projects with the deepest folder around another one; several may have the same. */
  #nearest(path: string, folderOf: (place: ProjectPlace) => string, isConfigured: boolean): readonly P[] | undefined {
    const around = this.#projects.filter(
      ({ place }) => (place.folder.configFile !== undefined) === isConfigured && isIn(path, folderOf(place)),
    );
    const found = deepest(around, ({ place }) => folderOf(place));
    return found && around.filter(({ place }) => folderOf(place) === folderOf(found.place));
  }
}

/** The nearest of these folders that a path is in. */
function above(path: string, folders: ReadonlySet<string>): string | undefined {
  for (let at = path; ; at = posix.dirname(at)) {
    if (folders.has(at)) return at;
    if (posix.dirname(at) === at) return undefined;
  }
}

function remembered<T>(known: Map<string, T>, key: string, make: () => T): T {
  let value = known.get(key);
  if (value === undefined) known.set(key, (value = make()));
  return value;
}

/** The projects of a workspace, each with what was read of its files. */
import { type ProjectData, ProjectIndex } from '../index/project-index.ts';
import { type RustFile, RustIndex } from '../rust/index.ts';
import type { readScript, ScriptIndex } from '../script/index.ts';
import { Owners } from './owners.ts';
import type { ProjectPlace } from './places.ts';

export class Project {
  readonly place: ProjectPlace;
  readonly rust = new RustIndex();
  readonly scripts = new Set<string>();
  readonly index: ProjectIndex;
  data: ProjectData | undefined;

  constructor(place: ProjectPlace, scripts: ScriptIndex) {
    this.place = place;
    this.index = new ProjectIndex(place.folder, {
      rust: this.rust,
      scripts,
      scriptFiles: () => this.scripts,
      data: () => this.data,
    });
  }
}

/** What was read, given to the projects that it belongs to. */
export class Projects {
  readonly #scripts: ScriptIndex;
  readonly #rust = new Map<string, RustFile>();
  readonly #manifests = new Map<string, string>();
  #all: readonly Project[] = [];
  #owners = new Owners<Project>([], [], []);

  constructor(scripts: ScriptIndex) {
    this.#scripts = scripts;
  }

  get all(): readonly Project[] {
    return this.#all;
  }

  of(file: string): readonly Project[] {
    return this.#owners.of(file);
  }

  /** These are the projects now. Those that were there before keep what they have, as far as it is still theirs. */
  place(places: readonly ProjectPlace[], roots: readonly string[], files: Iterable<string>): void {
    const known = new Map(this.#all.map((project) => [printed(project.place), project]));
    this.#all = places.map((place) => known.get(printed(place)) ?? new Project(place, this.#scripts));
    this.#owners = new Owners(roots, this.#all, files);
    for (const project of this.#all) this.#share(project);
  }

  #share(project: Project): void {
    const isOwn = (file: string) => this.of(file).includes(project);
    project.scripts.clear();
    for (const file of this.#scripts.files) if (isOwn(file)) project.scripts.add(file);
    for (const { path } of [...project.rust.files]) if (!isOwn(path)) project.rust.delete(path);
    const had = new Set([...project.rust.files].map(({ path }) => path));
    for (const [path, file] of this.#rust) if (isOwn(path) && !had.has(path)) project.rust.set(file);
    for (const [path, text] of this.#manifests) project.rust.setManifest(path, isOwn(path) ? text : undefined);
    project.index.invalidate();
  }

  setScript(file: ReturnType<typeof readScript>): void {
    this.#scripts.set(file);
    for (const project of this.of(file.path)) project.scripts.add(file.path);
    // Names of one project's script may be followed into those of others.
    this.#invalidate(this.#all);
  }

  setRust(file: RustFile): void {
    this.#rust.set(file.path, file);
    for (const project of this.of(file.path)) project.rust.set(file);
    this.#invalidate(this.of(file.path));
  }

  setManifest(path: string, text: string): void {
    this.#manifests.set(path, text);
    for (const project of this.of(path)) project.rust.setManifest(path, text);
    this.#invalidate(this.of(path));
  }

  /** A package.json or tsconfig.json: imports of scripts may mean others. */
  setImports(path: string, text: string): void {
    this.#scripts.setConfig(path, text);
    this.#invalidate(this.#all);
  }

  /** Forgets a file of any kind. */
  delete(path: string): void {
    const wasManifest = this.#manifests.delete(path);
    if (this.#rust.delete(path)) for (const { rust } of this.#all) rust.delete(path);
    if (wasManifest) for (const { rust } of this.#all) rust.setManifest(path, undefined);
    this.#scripts.delete(path);
    this.#scripts.setConfig(path, undefined);
    for (const { scripts } of this.#all) scripts.delete(path);
    this.#invalidate(this.#all);
  }

  #invalidate(projects: readonly Project[]): void {
    for (const { index } of projects) index.invalidate();
  }
}

const printed = (place: ProjectPlace) => JSON.stringify({ ...place, packages: [...place.packages] });

/**
 * The folders that are open, with the projects in them. Reads files once, then only what changed: texts of open documents
 * come from the editor, all others from disk. Nothing is ever run.
 */
import { readFileSync } from 'node:fs';
import { readFile } from 'node:fs/promises';
import { dirname } from 'node:path';
import { type Disposable, Emitter, Lifetime } from '#core/lifetime.ts';
import { TextDocument } from 'vscode-languageserver-textdocument';
import { type ProjectData, type ProjectFolder, ProjectIndex } from '../index/project-index.ts';
import { ConfigFiles, EditedFiles, findCrates, findProjects, readAclFiles } from '../project/index.ts';
import { RustIndex, type RustReader } from '../rust/index.ts';
import { readScript, ScriptIndex } from '../script/index.ts';
import { kindOf } from './kinds.ts';
import { listFiles } from './list-files.ts';

export interface WorkspaceOptions {
  /** made when the first Rust file is read; the workspace ends it */
  rustReader(): Promise<RustReader>;
  /** Something keeps files from being read: for the log. */
  report(message: string): void;
}

interface Project {
  readonly index: ProjectIndex;
  readonly folder: ProjectFolder;
  readonly rust: RustIndex;
  readonly crates: readonly string[];
  data: ProjectData | undefined;
}

export class Workspace implements Disposable {
  readonly #options: WorkspaceOptions;
  readonly #life = new Lifetime();
  readonly #changes = this.#life.own(new Emitter<void>());
  readonly #scripts = new ScriptIndex();
  readonly #open = new Map<string, TextDocument>();
  readonly #dataFiles = new EditedFiles(
    (file) => this.#open.get(slashes(file))?.getText() ?? readFileSync(file, 'utf8'),
  );
  /** files that changed and are to be read */
  readonly #dirty = new Set<string>();
  #projects: readonly Project[] = [];
  #reader: Promise<RustReader> | undefined;
  #work: Promise<void> = Promise.resolve();

  constructor(options: WorkspaceOptions) {
    this.#options = options;
  }

  /** Files were read: what was known before may be no longer true. */
  readonly onChange = this.#changes.event;

  get projects(): readonly ProjectIndex[] {
    return this.#projects.map(({ index }) => index);
  }

  /** The project that a file belongs to; undefined where there is none. */
  projectOf(file: string): ProjectIndex | undefined {
    return this.#projectOf(file)?.index;
  }

  #projectOf(file: string): Project | undefined {
    const containing = this.#projects.filter(
      ({ folder, crates }) => isBelow(file, folder.root) || crates.some((crate) => isBelow(file, crate)),
    );
    const [deepest] = containing.toSorted((a, b) => b.folder.root.length - a.folder.root.length);
    return deepest ?? (this.#projects.length === 1 ? this.#projects[0] : undefined);
  }

  /** A document as it is open in the editor. */
  documentOf(file: string): TextDocument | undefined {
    return this.#open.get(file);
  }

  /** A document as it is open, or else as on disk. */
  async readDocument(file: string): Promise<TextDocument | undefined> {
    const open = this.#open.get(file);
    if (open) return open;
    const text = await readText(file);
    return text === undefined ? undefined : TextDocument.create(file, '', 0, text);
  }

  /** Resolves when all that is known to have changed was read. */
  settled(): Promise<void> {
    if (this.#dirty.size > 0) this.#schedule();
    return this.#work;
  }

  /** Reads these folders, and no others. */
  setFolders(folders: readonly string[]): void {
    this.#run(() => this.#readAll(folders));
  }

  openDocument(file: string, document: TextDocument): void {
    this.#open.set(file, document);
    this.#mark(file);
  }

  changeDocument(file: string): void {
    this.#mark(file);
  }

  closeDocument(file: string): void {
    this.#open.delete(file);
    this.#mark(file);
  }

  /** Files on disk came, changed or went. */
  changeFiles(files: readonly string[]): void {
    for (const file of files) this.#mark(file);
  }

  #mark(file: string): void {
    if (kindOf(file) === undefined) return;
    this.#dirty.add(file);
    this.#schedule();
  }

  #schedule(): void {
    this.#run(() => this.#readDirty());
  }

  #run(work: () => Promise<void>): void {
    this.#work = this.#work.then(work).catch((error: unknown) => {
      this.#options.report(error instanceof Error ? (error.stack ?? error.message) : String(error));
    });
  }

  async #readAll(folders: readonly string[]): Promise<void> {
    const found = await findProjects(folders);
    const projects: Project[] = [];
    for (const { folder, configFile, name } of found) {
      const configFolder = slashes(dirname(configFile));
      const crates = (await findCrates(configFolder)).map(slashes);
      const place = { root: slashes(folder), configFile: slashes(configFile), configFolder, name };
      projects.push(this.#createProject(place, crates));
    }
    this.#projects = projects;
    for (const project of projects) this.#readAcl(project);
    for await (const file of listFiles(folders)) {
      if (this.#life.over) return;
      await this.#read(file);
    }
    this.#tell();
  }

  #createProject(folder: ProjectFolder, crates: readonly string[]): Project {
    const rust = new RustIndex();
    const project: Project = {
      folder,
      rust,
      crates,
      data: undefined,
      index: new ProjectIndex(folder, {
        rust,
        scripts: this.#scripts,
        scriptFiles: () => [...this.#scripts.files].filter((file) => this.#projectOf(file) === project),
        data: () => project.data,
      }),
    };
    return project;
  }

  async #readDirty(): Promise<void> {
    const files = [...this.#dirty];
    this.#dirty.clear();
    if (files.length === 0) return;
    for (const file of files) await this.#read(file);
    this.#tell();
  }

  async #read(file: string): Promise<void> {
    const kind = kindOf(file);
    const project = this.#projectOf(file);
    if (kind === 'config' || kind === 'capability' || kind === 'permission' || kind === 'manifests') {
      if (project) this.#readAcl(project);
      return;
    }
    const text = this.#open.get(file)?.getText() ?? (await readText(file));
    if (kind === 'script') {
      if (text === undefined) this.#scripts.delete(file);
      else this.#scripts.set(readScript(file, text));
    } else if (kind === 'rust' && project) {
      if (text === undefined) project.rust.delete(file);
      else project.rust.set((await this.#rustReader()).read(file, text));
    } else if (kind === 'cargo' && project) project.rust.setManifest(file, text);
  }

  #readAcl(project: Project): void {
    const { configFile, configFolder } = project.folder;
    if (configFile === undefined) return;
    const config = new ConfigFiles(configFile, process.platform, this.#dataFiles);
    const files = readAclFiles(configFolder, config, this.#dataFiles);
    project.data = { config, files, problems: this.#dataFiles.takeProblems() };
  }

  #rustReader(): Promise<RustReader> {
    this.#reader ??= this.#options.rustReader().then((reader) => this.#life.own(reader));
    return this.#reader;
  }

  #tell(): void {
    for (const { index } of this.#projects) index.invalidate();
    this.#changes.fire();
  }

  dispose(): void {
    this.#life.dispose();
  }
}

const isBelow = (file: string, folder: string) => file.startsWith(`${folder}/`);
const slashes = (path: string) => path.replaceAll('\\', '/');

/** Undefined for a file that is gone. */
async function readText(file: string): Promise<string | undefined> {
  try {
    return await readFile(file, 'utf8');
  } catch {
    return undefined;
  }
}

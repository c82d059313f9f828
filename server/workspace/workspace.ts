/**
 * The folders that are open, with the projects in them. Reads files once, then only what changed: texts of open documents
 * come from the editor, all others from disk. Nothing is ever run.
 */
import { readFileSync } from 'node:fs';
import { stat } from 'node:fs/promises';
import { join, posix } from 'node:path';
import { type Disposable, Emitter, Lifetime } from '#core/lifetime.ts';
import type { TextDocument } from 'vscode-languageserver-textdocument';
import { errorText } from '../errors.ts';
import type { ProjectIndex } from '../index/project-index.ts';
import {
  ConfigFiles,
  EditedFiles,
  NO_BUILD_SCRIPT,
  pluginsIn,
  readAclFiles,
  readBuildScript,
} from '../project/index.ts';
import type { RustReader } from '../rust/index.ts';
import { readScript, ScriptIndex } from '../script/index.ts';
import { FileTree, isBelow, slashes } from './file-tree.ts';
import { type FileKind, kindOf } from './kinds.ts';
import { Pass, type ReadingPass } from './pass.ts';
import { findPlaces } from './places.ts';
import { type Project, Projects } from './projects.ts';
import { fingerprint, MAX_FILE_BYTES, Texts } from './texts.ts';

export interface WorkspaceOptions {
  /** made when the first Rust file is read; the workspace ends it */
  rustReader(): Promise<RustReader>;
  /** Something keeps files from being read: for the log. */
  report(message: string): void;
  /** Reading begins, of many files or of one. */
  began?(pass: ReadingPass): void;
}

export interface WorkspaceChange {
  /** only texts of documents in editors are others now */
  readonly isTyping: boolean;
}

/** So many files are fetched from disk at once. */
const BATCH = 16;
/** A file that takes longer to be understood is left out from then on. */
const SLOW_MS = 2_000;

export class Workspace implements Disposable {
  readonly #options: WorkspaceOptions;
  readonly #life = new Lifetime();
  readonly #changes = this.#life.own(new Emitter<WorkspaceChange>());
  readonly #reads = this.#life.own(new Emitter<string>());
  readonly #texts = new Texts((file) => this.#leaveOut(file, `it has more than ${MAX_FILE_BYTES} bytes`));
  readonly #dataFiles = new EditedFiles(
    (file) => this.documentOf(slashes(file))?.getText() ?? readFileSync(file, 'utf8'),
  );
  readonly #projects = new Projects(new ScriptIndex());
  /** what was read, by file: a text that is the same again is not */
  readonly #known = new Map<string, string>();
  /** files that changed and are to be read */
  readonly #dirty = new Set<string>();
  /** those that are never read again */
  readonly #slow = new Set<string>();
  readonly #leftOut = new Set<string>();
  /** paths that came or went, and may be folders */
  readonly #unknown = new Set<string>();
  readonly #staleAcl = new Set<Project>();
  #roots: readonly string[] = [];
  #tree: FileTree | undefined;
  /** folders, projects or rules of what is left out are others now */
  #isTreeStale = false;
  #isCut = false;
  /** nothing else changed than texts in editors */
  #isTyping = true;
  #reader: Promise<RustReader | undefined> | undefined;
  #work: Promise<void> | undefined;

  constructor(options: WorkspaceOptions) {
    this.#options = options;
  }

  /** Files were read: what was known before may be no longer true. */
  readonly onChange = this.#changes.event;
  /** A file was read, and is another one than before. */
  readonly onRead = this.#reads.event;

  get projects(): readonly ProjectIndex[] {
    return this.#projects.all.map(({ index }) => index);
  }

  /** The project that a file belongs to, the first of several; undefined where there is none. */
  projectOf(file: string): ProjectIndex | undefined {
    return this.#projects.of(file)[0]?.index;
  }

  /** The projects that a file belongs to: a script that several apps show, a crate that is built into several. */
  projectsOf(file: string): readonly ProjectIndex[] {
    return this.#projects.of(file).map(({ index }) => index);
  }

  /** A document as it is open in the editor. */
  documentOf(file: string): TextDocument | undefined {
    return this.#texts.document(file);
  }

  /** The files that are open in the editor; those that changed last come first. */
  get openFiles(): readonly string[] {
    return this.#texts.openFiles;
  }

  /** A document as it is open, or else as on disk. */
  readDocument(file: string): Promise<TextDocument | undefined> {
    return this.#texts.readDocument(file);
  }

  /** Whether all was read that is known to have changed: else what it knows may lack something. */
  get isSettled(): boolean {
    return this.#work === undefined && !this.#isCut;
  }

  /** Resolves when all that is known to have changed was read. */
  async settled(): Promise<void> {
    while (this.#work) await this.#work;
  }

  /**
   * Resolves when one can speak of a file: it was read as it is open now, and all others were, or so many ms have passed.
   */
  async ready(file: string, patience: number): Promise<void> {
    const text = this.#work && kindOf(file) === 'script' ? this.documentOf(file)?.getText() : undefined;
    if (text !== undefined && text.length <= MAX_FILE_BYTES && this.#tree?.leavesOut(file) === false) {
      this.#take(file, 'script', text);
    }
    if (this.#work) await within(patience, this.settled());
  }

  /** Reads these folders, and no others. */
  setFolders(folders: readonly string[]): void {
    this.#roots = folders.map(slashes);
    this.#isTreeStale = true;
    this.#wake();
  }

  openDocument(file: string, document: TextDocument): void {
    this.#texts.open(file, document);
    this.#mark(file);
  }

  changeDocument(file: string): void {
    this.#texts.touch(file);
    this.#mark(file);
  }

  closeDocument(file: string): void {
    this.#texts.close(file);
    this.#mark(file);
  }

  /** Files or folders on disk came, changed or went. */
  changeFiles(paths: readonly string[]): void {
    for (const path of paths) this.#changeFile(path);
  }

  #changeFile(path: string): void {
    if (posix.basename(path) === '.gitignore') this.#isTreeStale ||= !this.#leavesOut(posix.dirname(path));
    else if (this.#tree?.hasFolder(path)) this.#isTreeStale = true;
    // Git ignores what Tauri's build writes, as templates have it; it is read all the same.
    else if (kindOf(path) === 'manifests') for (const project of this.#projects.of(path)) this.#staleAcl.add(project);
    else if (this.#leavesOut(path)) return;
    else {
      const kind = kindOf(path);
      if (kind === undefined) this.#unknown.add(path);
      // Which folders are projects, and what belongs to them, follows from these.
      else if (kind === 'config' || kind === 'cargo' || kind === 'package') this.#isTreeStale = true;
      this.#mark(path);
    }
    this.#wake();
  }

  #leavesOut(path: string): boolean {
    return this.#tree?.leavesOut(path) ?? false;
  }

  #mark(file: string): void {
    if (kindOf(file) === undefined || this.#leavesOut(file)) return;
    this.#dirty.add(file);
    this.#wake();
  }

  #wake(): void {
    if (this.#life.over) return;
    this.#work ??= this.#readAll().catch((error: unknown) => this.#report(error));
  }

  async #readAll(): Promise<void> {
    // Who has changed several things says so first.
    await Promise.resolve();
    const pass = new Pass(() => this.#cut());
    this.#options.began?.(pass);
    try {
      do {
        await this.#lookForFolders();
        if (this.#isTreeStale) await this.#readTree();
        await this.#readDirty(pass);
      } while (!this.#life.over && (this.#isTreeStale || this.#dirty.size > 0 || this.#unknown.size > 0));
    } finally {
      pass.isOver = true;
      this.#work = undefined;
    }
    for (const project of this.#staleAcl) this.#readAcl(project);
    this.#staleAcl.clear();
    const isTyping = this.#isTyping;
    this.#isTyping = true;
    if (!this.#life.over) this.#changes.fire({ isTyping });
  }

  async #lookForFolders(): Promise<void> {
    const paths = [...this.#unknown];
    this.#unknown.clear();
    for (const path of paths) {
      if (this.#isTreeStale) return;
      // Somebody else may have said so meanwhile.
      if ((await stat(path).catch(() => undefined))?.isDirectory()) this.#isTreeStale = true;
    }
  }

  /** Looks which files and which projects there are. */
  async #readTree(): Promise<void> {
    this.#isTreeStale = false;
    this.#isTyping = false;
    this.#isCut = false;
    const roots = this.#roots;
    const isOver = () => this.#life.over || this.#roots !== roots;
    const tree = new FileTree();
    for (const root of roots) await tree.add(root, isOver);
    const places = await findPlaces(roots, tree.files);
    for (const crate of places.flatMap(({ crates }) => crates)) {
      if (!tree.hasFolder(crate) && !roots.some((root) => isBelow(crate, root))) await tree.add(crate, isOver);
    }
    if (isOver()) return;
    this.#tree = tree;
    this.#projects.place(places, roots, tree.files);
    for (const project of this.#projects.all) this.#staleAcl.add(project);
    for (const file of [...this.#known.keys(), ...this.#dirty]) {
      const isThere = tree.files.has(file) || (this.documentOf(file) !== undefined && !tree.leavesOut(file));
      if (!isThere) this.#forget(file);
    }
    for (const file of tree.files) if (READ.has(kindOf(file)) && !this.#known.has(file)) this.#dirty.add(file);
    // What somebody looks at comes first.
    const others = [...this.#dirty].filter((file) => !this.documentOf(file));
    for (const file of others) {
      this.#dirty.delete(file);
      this.#dirty.add(file);
    }
  }

  async #readDirty(pass: Pass): Promise<void> {
    while (this.#dirty.size > 0 && !this.#isTreeStale && !this.#life.over) {
      const files = this.#next();
      if (files.some((file) => kindOf(file) === 'rust')) await this.rustReader();
      const texts = await Promise.all(files.map((file) => this.#texts.read(file)));
      for (const [index, file] of files.entries()) {
        const kind = kindOf(file);
        // It may have been changed meanwhile, and was read as it is now.
        const text = this.documentOf(file) ? this.documentOf(file)?.getText() : texts[index];
        if (kind) await this.#takeFile(file, kind, texts[index] === undefined ? undefined : text);
        pass.done++;
        pass.total = pass.done + files.length - index - 1 + this.#dirty.size;
        await pass.yield();
      }
    }
  }

  /** Some files to read; from now on, who changes them means another time. */
  #next(): string[] {
    const files: string[] = [];
    for (const file of this.#dirty) {
      this.#dirty.delete(file);
      if (files.push(file) === BATCH) break;
    }
    return files;
  }

  async #takeFile(file: string, kind: FileKind, text: string | undefined): Promise<void> {
    const isCode = kind === 'script' || kind === 'rust' || kind === 'imports';
    if (!isCode || file.endsWith('/build.rs')) {
      for (const project of this.#projects.of(file)) this.#staleAcl.add(project);
    }
    if (!READ.has(kind)) return;
    if (text === undefined) this.#forget(file);
    else if (kind === 'rust') this.#take(file, kind, text, await this.rustReader());
    else this.#take(file, kind, text);
  }

  #take(file: string, kind: FileKind, text: string, reader?: RustReader): void {
    if (!READ.has(kind) || this.#slow.has(file)) return;
    const print = fingerprint(text);
    if (this.#known.get(file) === print) return;
    if (!this.documentOf(file)) this.#isTyping = false;
    const start = performance.now();
    try {
      if (kind === 'script') this.#projects.setScript(readScript(file, text));
      else if (kind === 'cargo') this.#projects.setManifest(file, text);
      else if (kind === 'package' || kind === 'imports') this.#projects.setImports(file, text);
      else if (reader) this.#projects.setRust(reader.read(file, text));
    } catch (error) {
      this.#projects.delete(file);
      this.#leaveOut(file, error instanceof Error ? error.message : String(error));
    }
    this.#known.set(file, print);
    this.#reads.fire(file);
    if (performance.now() - start < SLOW_MS) return;
    this.#forget(file);
    this.#slow.add(file);
    this.#leaveOut(file, `it took more than ${SLOW_MS} ms to read`);
  }

  #forget(file: string): void {
    this.#dirty.delete(file);
    if (this.#known.delete(file)) this.#projects.delete(file);
  }

  /** Somebody does not want to wait for the rest. */
  #cut(): void {
    this.#isCut = true;
    this.#dirty.clear();
  }

  #readAcl(project: Project): void {
    const { configFile, configFolder } = project.place.folder;
    if (configFile === undefined) return;
    try {
      const config = new ConfigFiles(configFile, process.platform, this.#dataFiles);
      const files = readAclFiles(configFolder, config, this.#dataFiles);
      const report = this.#dataFiles.takeReport();
      const plugins = this.#dataFiles.read(join(configFolder, 'Cargo.toml'), pluginsIn);
      const build = join(configFolder, 'build.rs');
      const buildScript = this.#dataFiles.read(build, readBuildScript) ?? NO_BUILD_SCRIPT;
      // A project without Rust has neither, and Cargo says what is wrong with them.
      this.#dataFiles.takeReport();
      project.data = { config, files, plugins, buildScript, ...report };
    } catch (error) {
      this.#report(error); // What was read last stays.
    }
    project.index.invalidate();
  }

  /** The parser of Rust, made when it is asked for first; undefined where it cannot be loaded: then nothing is known of Rust. */
  rustReader(): Promise<RustReader | undefined> {
    this.#reader ??= this.#options.rustReader().then(
      (reader) => this.#life.own(reader),
      (error: unknown) => {
        this.#report(error);
        return undefined;
      },
    );
    return this.#reader;
  }

  #leaveOut(file: string, why: string): void {
    if (this.#leftOut.has(file)) return;
    this.#leftOut.add(file);
    this.#options.report(`${file} is left out: ${why}`);
  }

  #report(error: unknown): void {
    this.#options.report(errorText(error));
  }

  dispose(): void {
    this.#life.dispose();
  }
}

/** What is read file by file; configurations, capabilities and permissions are read together. */
const READ: ReadonlySet<FileKind | undefined> = new Set(['script', 'rust', 'cargo', 'package', 'imports']);

/** Waits for something, but not longer. */
async function within(ms: number, work: Promise<void>): Promise<void> {
  if (ms === Number.POSITIVE_INFINITY) return work;
  let timer: NodeJS.Timeout | undefined;
  const late = new Promise<void>((resolve) => {
    timer = setTimeout(resolve, ms);
  });
  await Promise.race([work, late]).finally(() => clearTimeout(timer));
}

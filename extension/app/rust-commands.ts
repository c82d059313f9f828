/** The commands that the Rust code of a project defines: read in the background, and again where a file changes. */
import { readdir, readFile, stat } from 'node:fs/promises';
import { basename, join, relative, resolve, sep } from 'node:path';
import { type Disposable, Emitter, Lifetime } from '#core/lifetime.ts';
import { type RustCommand, RustIndex, type RustReader } from '#server/rust/index.ts';
import { findCrates } from '#server/project/index.ts';

/** The host does nothing else while a file is parsed: after so many ms others have their turn. */
const SLICE_MS = 12;
/** Code that people wrote is far smaller; what is larger was generated and defines no commands. */
const MAX_BYTES = 1 << 20;
const MAX_FILES = 5_000;

/** Folders that hold no code of the app. */
const SKIPPED = new Set(['target', 'node_modules', 'gen']);

export interface RustCommandsOptions {
  /** where the configuration lies, and Cargo.toml */
  readonly folder: string;
  /** the project's folder: files are named from there */
  readonly root: string;
  /** made when the first file is there to be read; it belongs to whoever made it */
  reader(): Promise<RustReader>;
  /** tells of files of these crates that came, changed or went */
  watch(crates: readonly string[], changed: (path: string) => void): Disposable;
  /** Something keeps code from being read: for the log. */
  report(message: string): void;
}

export class RustCommands implements Disposable {
  readonly #options: RustCommandsOptions;
  readonly #life = new Lifetime();
  readonly #changes = this.#life.own(new Emitter<void>());
  readonly #index = new RustIndex();
  #watching: Disposable | undefined;
  #crates: readonly string[] = [];
  /** files that changed and are to be read; one reading at a time */
  readonly #changed = new Set<string>();
  /** files that are in the index */
  readonly #read = new Set<string>();
  #reading: Promise<void>;
  #isRead = false;

  /** Begins to read. */
  constructor(options: RustCommandsOptions) {
    this.#options = options;
    this.#reading = this.#run(() => this.#readAll());
  }

  /** {@link commands} are others, or all code was read for the first time */
  readonly onChange = this.#changes.event;

  /** True when all code was read once. */
  get isRead(): boolean {
    return this.#isRead;
  }

  /** Resolves when what is known to have changed was read; never rejects. */
  whenRead(): Promise<void> {
    return this.#reading;
  }

  /** The absolute path of what a command names from the project's folder. */
  pathOf({ file }: Pick<RustCommand, 'file'>): string {
    return resolve(this.#options.root, file);
  }

  get index(): RustIndex {
    return this.#index;
  }

  /** those that Tauri would find: a `generate_handler!` list has them */
  get commands(): readonly RustCommand[] {
    return this.#index.commands;
  }

  find(name: string): RustCommand | undefined {
    const found = this.#index.find(name);
    return found?.registered ? found : undefined;
  }

  /** A command that is written, and that no list registers. */
  findUnregistered(name: string): RustCommand | undefined {
    return this.find(name) ? undefined : this.#index.find(name);
  }

  async #run(read: () => Promise<void>): Promise<void> {
    try {
      await read();
    } catch (error) {
      this.#options.report(`The Rust code in ${this.#options.folder} could not be read: ${(error as Error).message}`);
    }
    if (this.#life.over) return;
    this.#isRead = true;
    this.#changes.fire();
  }

  async #readAll(): Promise<void> {
    const { folder } = this.#options;
    const crates = await findCrates(folder);
    // An example of a larger crate has its code beside its configuration, and no Cargo.toml.
    this.#crates = crates.length === 0 && (await rustFilesOf(folder)).length > 0 ? [folder] : crates;
    if (this.#life.over) return;
    if (this.#watching) this.#life.end(this.#watching);
    // Watched first: what changes while it is read is read again.
    this.#watching = this.#life.own(this.#options.watch(this.#crates, (path) => this.#fileChanged(path)));
    const files: string[] = [];
    for (const crate of this.#crates) {
      const before = files.length;
      await this.#collect(join(crate, 'src'), files);
      if (files.length === before) files.push(...(await rustFilesOf(crate)));
    }
    if (files.length >= MAX_FILES) this.#options.report(`Only the first ${MAX_FILES} Rust files are read`);
    await this.#readFiles(files);
  }

  async #collect(folder: string, files: string[]): Promise<void> {
    const entries = await readdir(folder, { withFileTypes: true }).catch(() => []);
    for (const entry of entries.sort((a, b) => (a.name < b.name ? -1 : 1))) {
      if (this.#life.over || files.length >= MAX_FILES) return;
      const path = join(folder, entry.name);
      if (entry.isDirectory() && !SKIPPED.has(entry.name) && !entry.name.startsWith('.')) {
        await this.#collect(path, files);
      } else if (entry.isFile() && entry.name.endsWith('.rs')) files.push(path);
    }
  }

  async #readFiles(files: readonly string[]): Promise<void> {
    if (files.length === 0) return;
    const reader = await this.#options.reader();
    let sliceEnd = performance.now() + SLICE_MS;
    for (const path of files) {
      const text = await readSmall(path);
      if (this.#life.over) return;
      if (text === undefined) {
        this.#index.delete(this.#nameOf(path));
        continue;
      }
      if (performance.now() > sliceEnd) {
        await new Promise((resolve) => setImmediate(resolve));
        if (this.#life.over) return;
        sliceEnd = performance.now() + SLICE_MS;
      }
      const name = this.#nameOf(path);
      this.#index.set(reader.read(name, text));
      this.#read.add(name);
    }
  }

  #fileChanged(path: string): void {
    if (this.#life.over) return;
    const first = this.#changed.size === 0;
    this.#changed.add(path);
    // Behind what is read now: a burst of changes is one reading.
    if (first) this.#reading = this.#reading.then(() => this.#run(() => this.#readChanged()));
  }

  async #readChanged(): Promise<void> {
    const paths = [...this.#changed];
    this.#changed.clear();
    if (this.#life.over) return;
    // Another Cargo.toml may name other crates.
    if (paths.some((path) => basename(path) === 'Cargo.toml')) {
      for (const path of this.#read) this.#index.delete(path);
      this.#read.clear();
      await this.#readAll();
      return;
    }
    const skipped = (path: string) => path.split(sep).some((part) => SKIPPED.has(part));
    const files: string[] = [];
    for (const path of paths.filter((each) => !skipped(this.#inCrate(each)))) {
      if (path.endsWith('.rs')) files.push(path);
      else {
        // A folder came or went: of its files nothing may be told.
        const below = `${this.#nameOf(path)}/`;
        for (const name of this.#read) if (name.startsWith(below)) this.#index.delete(name);
        await this.#collect(path, files);
      }
    }
    await this.#readFiles(files);
  }

  /** As files are named to people: from the project's folder, with slashes. */
  #nameOf(path: string): string {
    return relative(this.#options.root, path).split(sep).join('/');
  }

  #inCrate(path: string): string {
    const crate = this.#crates.find((folder) => path.startsWith(folder + sep));
    return crate === undefined ? path : path.slice(crate.length);
  }

  dispose(): void {
    this.#life.dispose();
  }
}

/** Undefined for a file that is gone, or too large to be somebody's code. */
async function readSmall(path: string): Promise<string | undefined> {
  try {
    return (await stat(path)).size > MAX_BYTES ? undefined : await readFile(path, 'utf8');
  } catch {
    return undefined;
  }
}

/** The Rust files of a folder itself; Cargo's build script is not the app's. */
async function rustFilesOf(folder: string): Promise<string[]> {
  const names = await readdir(folder).catch(() => []);
  return names.filter((name) => name.endsWith('.rs') && name !== 'build.rs').map((name) => join(folder, name));
}

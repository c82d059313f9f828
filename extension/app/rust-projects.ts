/** One reading of the Rust code of each project, for as long as somebody uses it: its running app, or the tree of projects. */
import { readFile } from 'node:fs/promises';
import * as vscode from 'vscode';
import { type Disposable, disposable, Lifetime } from '#core/lifetime.ts';
import { RustReader } from '#server/rust/index.ts';
import type { Log } from '../log.ts';
import type { Project } from '#server/project/index.ts';
import { RustCommands } from './rust-commands.ts';

interface Shared {
  readonly commands: RustCommands;
  users: number;
}

/** A use of a project's Rust code; it is let go with `dispose`. */
export interface RustUse extends Disposable {
  readonly commands: RustCommands;
}

export class RustProjects implements Disposable {
  readonly #log: Log;
  readonly #dist: vscode.Uri;
  readonly #life = new Lifetime();
  readonly #projects = new Map<string, Shared>();
  #reader: Promise<RustReader> | undefined;

  constructor(options: { readonly log: Log; readonly extensionUri: vscode.Uri }) {
    this.#log = options.log;
    this.#dist = vscode.Uri.joinPath(options.extensionUri, 'dist');
  }

  /** The commands of the Rust code of a project. Reading begins with the first use. */
  use({ configFolder: folder, root }: Pick<Project, 'configFolder' | 'root'>): RustUse {
    let shared = this.#projects.get(folder);
    if (!shared) {
      const commands = this.#life.own(
        new RustCommands({
          folder,
          root,
          reader: () => this.#createReader(),
          watch: watchCrates,
          report: (message) => this.#log.warn(message),
        }),
      );
      shared = { commands, users: 0 };
      this.#projects.set(folder, shared);
    }
    const used = shared;
    used.users++;
    const { dispose } = disposable(() => {
      used.users--;
      if (used.users > 0) return;
      this.#projects.delete(folder);
      this.#life.end(used.commands);
    });
    return { commands: used.commands, dispose };
  }

  /** One for all projects; it loads with the first file that is read. */
  #createReader(): Promise<RustReader> {
    this.#reader ??= this.#load();
    return this.#reader;
  }

  async #load(): Promise<RustReader> {
    const read = (name: string) => readFile(vscode.Uri.joinPath(this.#dist, name).fsPath);
    const [runtime, grammar] = await Promise.all([read('web-tree-sitter.wasm'), read('tree-sitter-rust.wasm')]);
    return this.#life.own(await RustReader.create({ runtime, grammar }));
  }

  dispose(): void {
    this.#life.dispose();
  }
}

function watchCrates(crates: readonly string[], changed: (path: string) => void): Disposable {
  const life = new Lifetime();
  for (const crate of crates) {
    const pattern = new vscode.RelativePattern(vscode.Uri.file(crate), '{Cargo.toml,*.rs,src/**}');
    const watcher = life.own(vscode.workspace.createFileSystemWatcher(pattern));
    for (const event of [watcher.onDidCreate, watcher.onDidChange, watcher.onDidDelete]) {
      life.own(event(({ fsPath }) => changed(fsPath)));
    }
  }
  return life;
}

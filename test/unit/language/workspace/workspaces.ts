/** A workspace of the language server over a folder with files, and what it reads of them. */
import { mkdirSync, mkdtempSync, realpathSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { onTestFinished } from 'vitest';
import { TextDocument } from 'vscode-languageserver-textdocument';
import { RustReader } from '#server/rust/index.ts';
import { Workspace, type WorkspaceOptions } from '#server/workspace/workspace.ts';

export type Files = Readonly<Record<string, string | object>>;

export class TestWorkspace {
  readonly folder: string;
  readonly workspace: Workspace;
  /** what the log got */
  readonly reports: string[] = [];
  /** how often something changed */
  changes = 0;
  #reads: string[] = [];

  /** With these files in its folder; it reads them, and is over with the test. */
  static async open(files: Files, options: Partial<WorkspaceOptions> & { readonly folders?: readonly string[] } = {}) {
    const test = new TestWorkspace(files, options);
    test.show(...(options.folders ?? ['.']));
    await test.workspace.settled();
    return test;
  }

  constructor(files: Files, options: Partial<WorkspaceOptions> = {}) {
    this.folder = realpathSync(mkdtempSync(join(tmpdir(), 'ipc-workspace-')));
    for (const [path, text] of Object.entries(files)) this.write(path, text);
    this.workspace = new Workspace({
      rustReader: createReader,
      report: (message) => this.reports.push(message.replaceAll(this.folder, '')),
      ...options,
    });
    this.workspace.onRead((file) => this.#reads.push(this.#short(file)));
    this.workspace.onChange(() => this.changes++);
    onTestFinished(() => {
      this.workspace.dispose();
      rmSync(this.folder, { recursive: true, force: true });
    });
  }

  /** The folders that are open now. */
  show(...folders: readonly string[]): void {
    this.workspace.setFolders(folders.map((each) => this.path(each)));
  }

  path(path: string): string {
    return path === '.' ? this.folder : join(this.folder, path);
  }

  write(path: string, text: string | object): void {
    mkdirSync(dirname(this.path(path)), { recursive: true });
    writeFileSync(this.path(path), typeof text === 'string' ? text : JSON.stringify(text));
  }

  remove(path: string): void {
    rmSync(this.path(path), { recursive: true });
  }

  rename(from: string, to: string): void {
    renameSync(this.path(from), this.path(to));
  }

  /** Tells of changes on disk, and waits until they were read. */
  async changed(...paths: readonly string[]): Promise<void> {
    this.workspace.changeFiles(paths.map((each) => this.path(each)));
    await this.workspace.settled();
  }

  openDocument(path: string, text: string): void {
    this.workspace.openDocument(this.path(path), TextDocument.create(path, '', 1, text));
  }

  /** The files that were read since this was asked last, sorted. */
  reads(): string[] {
    const reads = this.#reads.sort();
    this.#reads = [];
    return reads;
  }

  /** The names of the commands that each project has and calls, by its name. */
  known(): Record<string, string> {
    return Object.fromEntries(
      this.workspace.projects.map(({ folder, commands, calls }) => [
        folder.name,
        `defines ${[...commands.keys()].sort().join(' ')}, calls ${[...calls.keys()].sort().join(' ')}`,
      ]),
    );
  }

  /** The names of the projects that a file belongs to. */
  owners(path: string): string[] {
    return this.workspace.projectsOf(this.path(path)).map(({ folder }) => folder.name);
  }

  #short(file: string): string {
    return file.slice(this.folder.length + 1);
  }
}

export const createReader = () =>
  RustReader.create({
    runtime: 'node_modules/web-tree-sitter/web-tree-sitter.wasm',
    grammar: 'node_modules/tree-sitter-rust/tree-sitter-rust.wasm',
  });

export const config = (name: string, build: object = {}) => ({ productName: name, identifier: `com.${name}`, build });
export const crate = (name: string, more = '') => `[package]\nname = "${name}"\nversion = "0.1.0"\n${more}`;
export const command = (name: string) => `#[tauri::command]\npub fn ${name}() {}\n`;
export const call = (name: string) => `import { invoke } from '@tauri-apps/api/core';\nawait invoke('${name}');\n`;

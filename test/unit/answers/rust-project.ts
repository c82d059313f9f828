/** A project with Rust code in a temporary folder, read by the real reader; the test says what changed. */
import { mkdirSync, mkdtempSync, realpathSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { onTestFinished } from 'vitest';
import { RustReader } from '#server/rust/index.ts';
import { RustCommands } from '../../../extension/app/rust-commands.ts';

const modules = fileURLToPath(new URL('../../../node_modules/', import.meta.url));

let reader: Promise<RustReader> | undefined;

export function createReader(): Promise<RustReader> {
  reader ??= RustReader.create({
    runtime: join(modules, 'web-tree-sitter/web-tree-sitter.wasm'),
    grammar: join(modules, 'tree-sitter-rust/tree-sitter-rust.wasm'),
  });
  return reader;
}

export class RustProject {
  readonly root = realpathSync(mkdtempSync(join(tmpdir(), 'ipc-rust-')));
  readonly reported: string[] = [];
  watched: readonly string[] = [];
  watchers = 0;
  #changed: (path: string) => void = () => undefined;

  constructor(files: Readonly<Record<string, string>>) {
    onTestFinished(() => rmSync(this.root, { recursive: true, force: true }));
    for (const [name, text] of Object.entries(files)) this.write(name, text);
  }

  path(name: string): string {
    return join(this.root, name);
  }

  write(name: string, text: string): void {
    mkdirSync(dirname(this.path(name)), { recursive: true });
    writeFileSync(this.path(name), text);
  }

  tell(name: string): void {
    this.#changed(this.path(name));
  }

  commands(options: { readonly reader?: () => Promise<RustReader> } = {}): RustCommands {
    const commands = new RustCommands({
      root: this.root,
      folder: this.path('src-tauri'),
      reader: options.reader ?? createReader,
      watch: (crates, changed) => {
        this.watched = crates;
        this.watchers++;
        this.#changed = changed;
        return { dispose: () => this.watchers-- };
      },
      report: (message) => this.reported.push(message),
    });
    onTestFinished(() => commands.dispose());
    return commands;
  }
}

export const CARGO = '[package]\nname = "app"\nversion = "0.1.0"\n';
export const commandIn = (name: string) => `#[tauri::command]\npub fn ${name}() -> u32 {\n    1\n}\n`;

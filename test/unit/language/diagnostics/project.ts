/** A project of a test, and what is wrong in its files. */
import { mkdirSync, mkdtempSync, realpathSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { type CodeAction, type Diagnostic, DiagnosticSeverity } from 'vscode-languageserver/node';
import { TextDocument } from 'vscode-languageserver-textdocument';
import { applyEdits } from '#core/acl/edit.ts';
import { DEFAULT_LANGUAGE_SETTINGS, type DiagnosticLevel } from '#core/language-messages.ts';
import { codeActions } from '#server/features/code-actions.ts';
import { diagnosticsOf } from '#server/features/diagnostics.ts';
import { withLevels } from '#server/levels.ts';
import { fileOf } from '#server/positions.ts';
import { RustReader } from '#server/rust/index.ts';
import { Workspace } from '#server/workspace/workspace.ts';

export type Files = Readonly<Record<string, string>>;

const HEAD = 'use tauri::{ipc::Channel, AppHandle, Emitter, Listener, State};\n';

/** The files of a Tauri project with this Rust code; all its commands are registered, or those of the list. */
export function rust(code: string, list?: string): Files {
  const names = [...code.matchAll(/#\[tauri::command[^\n]*\n(?:#\[[^\n]*\n)*[^\n]*?fn (\w+)/g)].map(([, name]) => name);
  return {
    'src-tauri/tauri.conf.json':
      '{ "productName": "Test", "identifier": "com.test", "app": { "windows": [{ "label": "main" }] } }',
    'src-tauri/Cargo.toml': '[package]\nname = "app"\n',
    'src-tauri/src/lib.rs': `${HEAD}${code}
pub fn run() {
    tauri::Builder::default().invoke_handler(tauri::generate_handler![${list ?? names.join(', ')}]);
}
`,
  };
}

/** A script of a page that uses Tauri's own API. */
export const script = (code: string) => `import { Channel, invoke } from '@tauri-apps/api/core';
import { emit, listen, once } from '@tauri-apps/api/event';
${code}
`;

export interface Fixed {
  readonly title: string;
  /** the texts of the files that it changes, by path */
  readonly files: Files;
  readonly isPreferred: boolean;
}

export class Project implements Disposable {
  readonly folder = realpathSync(mkdtempSync(join(tmpdir(), 'ipc-diagnostics-')));
  readonly #files: Files;
  readonly #levels: Readonly<Record<string, DiagnosticLevel>>;
  readonly #workspace = new Workspace({
    rustReader: () =>
      RustReader.create({
        runtime: 'node_modules/web-tree-sitter/web-tree-sitter.wasm',
        grammar: 'node_modules/tree-sitter-rust/tree-sitter-rust.wasm',
      }),
    report: (message) => {
      throw new Error(message);
    },
  });

  private constructor(files: Files, levels: Readonly<Record<string, DiagnosticLevel>>) {
    this.#files = files;
    this.#levels = levels;
  }

  static async open(files: Files, levels: Readonly<Record<string, DiagnosticLevel>> = {}): Promise<Project> {
    const project = new Project(files, levels);
    for (const [path, text] of Object.entries(files)) {
      mkdirSync(dirname(join(project.folder, path)), { recursive: true });
      writeFileSync(join(project.folder, path), text);
    }
    project.#workspace.setFolders([project.folder]);
    await project.#workspace.settled();
    return project;
  }

  /** By path; only files that have some. */
  get diagnostics(): ReadonlyMap<string, Diagnostic[]> {
    const found = new Map<string, Diagnostic[]>();
    for (const index of this.#workspace.projects) {
      for (const [file, all] of diagnosticsOf(index)) {
        const shown = withLevels(all, this.#levels);
        if (shown.length > 0) found.set(this.#pathOf(file), shown);
      }
    }
    return found;
  }

  /** One line for each, in the order of the files: `src/main.ts error code "what is underlined": message`. */
  get lines(): string[] {
    return [...this.diagnostics].flatMap(([path, all]) => all.map((each) => this.#line(path, each)));
  }

  #line(path: string, { code, severity, range, message }: Diagnostic): string {
    const document = TextDocument.create('', '', 0, this.#files[path] ?? '');
    const said = typeof message === 'string' ? message : message.value;
    return `${path} ${SEVERITIES.get(severity)} ${code} "${document.getText(range)}": ${said}`;
  }

  /** What the quick fixes of the first diagnostic with this code make of the files. */
  async fixes(code: string): Promise<Fixed[]> {
    for (const [path, all] of this.diagnostics) {
      const diagnostic = all.find((each) => each.code === code);
      if (!diagnostic) continue;
      const edits = { documentChanges: false, annotations: false };
      const asked = {
        workspace: this.#workspace,
        settings: DEFAULT_LANGUAGE_SETTINGS,
        statistics: [],
        edits,
        snippets: false,
      };
      const actions = await codeActions({ ...asked, file: `${this.folder}/${path}` }, [diagnostic]);
      return actions.filter(({ edit }) => edit).map((action) => this.#fixed(action));
    }
    throw new Error(`no ${code} in ${this.lines.join('\n')}`);
  }

  #fixed({ title, isPreferred = false, edit }: CodeAction): Fixed {
    const changes = new Map(Object.entries(edit?.changes ?? {}));
    for (const change of edit?.documentChanges ?? []) {
      if (!('edits' in change)) continue;
      changes.set(
        change.textDocument.uri,
        change.edits.filter((each) => 'newText' in each),
      );
    }
    const files = [...changes].map(([uri, edits]) => {
      const path = this.#pathOf(fileOf(uri) ?? '');
      const document = TextDocument.create('', '', 0, this.#files[path] ?? '');
      const flat = edits.map(({ range, newText }) => {
        const offset = document.offsetAt(range.start);
        return { offset, length: document.offsetAt(range.end) - offset, newText };
      });
      return [path, applyEdits(document.getText(), flat)];
    });
    return { title, isPreferred, files: Object.fromEntries(files) };
  }

  #pathOf(file: string): string {
    return file.slice(this.folder.length + 1);
  }

  [Symbol.dispose](): void {
    this.#workspace.dispose();
    rmSync(this.folder, { recursive: true, force: true });
  }
}

const SEVERITIES = new Map<DiagnosticSeverity | undefined, string>([
  [DiagnosticSeverity.Error, 'error'],
  [DiagnosticSeverity.Warning, 'warning'],
  [DiagnosticSeverity.Information, 'information'],
  [DiagnosticSeverity.Hint, 'hint'],
]);

/** The lines of a project that is looked at once. */
export async function linesOf(files: Files, levels?: Readonly<Record<string, DiagnosticLevel>>): Promise<string[]> {
  using project = await Project.open(files, levels);
  return project.lines;
}

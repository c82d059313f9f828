/** Publishes diagnostics: soon after a change, and only of files where they are others than before. */
import type { LanguageSettings } from '#core/language-messages.ts';
import { type Disposable, Lifetime } from '#core/lifetime.ts';
import type { Connection, Diagnostic } from 'vscode-languageserver';
import type { Context } from './context.ts';
import { problemsOf } from './diagnostics/index.ts';
import { errorText } from './errors.ts';
import { diagnosticsIn } from './features/diagnostics.ts';
import type { ProjectIndex } from './index/project-index.ts';
import { withLevels } from './levels.ts';
import { uriOf } from './positions.ts';
import { Slices } from './slices.ts';
import type { Workspace } from './workspace/workspace.ts';

/** Who types does not want to read. */
const QUIET_MS = 150;

export class Publisher implements Disposable {
  readonly #connection: Connection;
  readonly #context: () => Context;
  readonly #report: (text: string) => void;
  readonly #life = new Lifetime();
  /** as they were published, printed */
  readonly #published = new Map<string, string>();
  #timer: NodeJS.Timeout | undefined;
  /** the last that was wanted */
  #pass = 0;

  /** @param report is told of what failed: for the log */
  constructor(connection: Connection, context: () => Context, report: (text: string) => void) {
    this.#connection = connection;
    this.#context = context;
    this.#report = report;
    this.#life.onEnd(() => clearTimeout(this.#timer));
  }

  /** Something changed: what is being looked for is no longer what is wanted. */
  schedule(): void {
    clearTimeout(this.#timer);
    const pass = ++this.#pass;
    if (this.#life.over) return;
    this.#timer = setTimeout(() => {
      this.#publish(pass).catch((error: unknown) => this.#report(errorText(error)));
    }, QUIET_MS);
  }

  /** Gives way to requests, and is given up when something changes: what was found until then need not be looked for again. */
  async #publish(pass: number): Promise<void> {
    const { workspace, settings } = this.#context();
    const slices = new Slices();
    // Of a part of the files one could only say wrong things; when all are read, this is called again.
    const isOver = () => pass !== this.#pass || this.#life.over || !workspace.isSettled;
    if (isOver()) return;
    const { projects } = workspace;
    for (const project of projects) {
      for (const _ of problemsOf(project).prepare()) {
        await slices.yield();
        if (isOver()) return;
      }
    }
    // What somebody looks at comes first; what was published and is in no project any more goes.
    const all = projects.flatMap((project) => [...problemsOf(project).files]);
    for (const file of new Set([...workspace.openFiles, ...all, ...this.#published.keys()])) {
      const own = agreedDiagnostics(file, workspace, projects).filter((each) => !isSaidByOthers(each, file, settings));
      this.#send(file, withLevels(own, settings.diagnostics));
      await slices.yield();
      if (isOver()) return;
    }
  }

  #send(file: string, diagnostics: Diagnostic[]): void {
    const printed = diagnostics.length === 0 ? undefined : JSON.stringify(diagnostics);
    if (this.#published.get(file) === printed) return;
    if (printed === undefined) this.#published.delete(file);
    else this.#published.set(file, printed);
    // Only a client that ends does not get them.
    this.#connection.sendDiagnostics({ uri: uriOf(file), diagnostics }).catch(() => undefined);
  }

  dispose(): void {
    this.#life.dispose();
  }
}

/** What is wrong in a file by the first project that finds something; in one of several projects, what is wrong in each. */
function agreedDiagnostics(file: string, workspace: Workspace, projects: readonly ProjectIndex[]): Diagnostic[] {
  for (const project of projects) {
    const found = diagnosticsIn(project, file);
    if (found.length === 0) continue;
    const owners = workspace.projectsOf(file);
    const others = owners.includes(project) ? owners.filter((other) => other !== project) : [];
    const theirs = others.map((other) => diagnosticsIn(other, file));
    return found.filter((each) => theirs.every((all) => all.some((other) => isSame(other, each))));
  }
  return [];
}

/** The Tauri extension checks values of configurations in JSON by Tauri's schema. */
function isSaidByOthers({ code }: Diagnostic, file: string, { hasTauriExtension }: LanguageSettings): boolean {
  return hasTauriExtension && code === 'config-value' && file.endsWith('.json');
}

/** Whether two projects find the same at the same place; each may have words of its own for it. */
const isSame = (one: Diagnostic, other: Diagnostic) =>
  one.code === other.code && JSON.stringify(one.range) === JSON.stringify(other.range);

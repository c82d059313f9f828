/** Publishes diagnostics: soon after a change, and only of files where they are others than before. */
import type { LanguageSettings } from '#core/language-messages.ts';
import { type Disposable, Lifetime } from '#core/lifetime.ts';
import type { Connection, Diagnostic } from 'vscode-languageserver';
import type { Context } from './context.ts';
import { errorText } from './errors.ts';
import { diagnosticsOf } from './features/diagnostics.ts';
import { withLevels } from './levels.ts';
import { uriOf } from './positions.ts';
import type { Workspace } from './workspace/workspace.ts';

/** Who types does not want to read. */
const QUIET_MS = 150;

export class Publisher implements Disposable {
  readonly #connection: Connection;
  readonly #context: () => Context;
  readonly #life = new Lifetime();
  /** as they were published, printed */
  readonly #published = new Map<string, string>();
  #timer: NodeJS.Timeout | undefined;

  constructor(connection: Connection, context: () => Context) {
    this.#connection = connection;
    this.#context = context;
    this.#life.onEnd(() => clearTimeout(this.#timer));
  }

  /** Something changed. */
  schedule(): void {
    clearTimeout(this.#timer);
    if (this.#life.over) return;
    this.#timer = setTimeout(() => {
      try {
        this.#publish();
      } catch (error) {
        this.#connection.console.error(errorText(error));
      }
    }, QUIET_MS);
  }

  #publish(): void {
    const { workspace, settings } = this.#context();
    // Of a part of the files one could only say wrong things; when all are read, this is called again.
    if (!workspace.isSettled) return;
    const found = new Map<string, Diagnostic[]>();
    for (const [file, diagnostics] of this.#find(workspace)) {
      const own = diagnostics.filter((each) => !isSaidByOthers(each, file, settings));
      const shown = withLevels(own, settings.diagnostics);
      if (shown.length > 0) found.set(file, shown);
    }
    for (const [file, diagnostics] of found) this.#send(file, diagnostics);
    for (const file of [...this.#published.keys()]) if (!found.has(file)) this.#send(file, []);
  }

  /** What is wrong in all projects; in a file of several, what is wrong in each of them. */
  #find(workspace: Workspace): Map<string, Diagnostic[]> {
    const found = new Map<string, Diagnostic[]>();
    const byProject = new Map(workspace.projects.map((project) => [project, diagnosticsOf(project)]));
    for (const [project, files] of byProject) {
      for (const [file, diagnostics] of files) {
        const owners = workspace.projectsOf(file);
        const others = owners.includes(project) ? owners.filter((other) => other !== project) : [];
        const common = diagnostics.filter((each) =>
          others.every(
            (other) =>
              byProject
                .get(other)
                ?.get(file)
                ?.some((theirs) => isSame(theirs, each)) ?? false,
          ),
        );
        if (!found.has(file)) found.set(file, common);
      }
    }
    return found;
  }

  #send(file: string, diagnostics: Diagnostic[]): void {
    const printed = JSON.stringify(diagnostics);
    if (this.#published.get(file) === printed) return;
    if (diagnostics.length > 0) this.#published.set(file, printed);
    else this.#published.delete(file);
    void this.#connection.sendDiagnostics({ uri: uriOf(file), diagnostics });
  }

  dispose(): void {
    this.#life.dispose();
  }
}

/** The Tauri extension checks values of configurations in JSON by Tauri's schema. */
function isSaidByOthers({ code }: Diagnostic, file: string, { hasTauriExtension }: LanguageSettings): boolean {
  return hasTauriExtension && code === 'config-value' && file.endsWith('.json');
}

/** Whether two projects find the same at the same place; each may have words of its own for it. */
const isSame = (one: Diagnostic, other: Diagnostic) =>
  one.code === other.code && JSON.stringify(one.range) === JSON.stringify(other.range);

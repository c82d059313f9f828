/** Publishes diagnostics: soon after a change, and only of files where they are others than before. */
import { type Disposable, Lifetime } from '#core/lifetime.ts';
import type { Connection, Diagnostic } from 'vscode-languageserver';
import type { Context } from './context.ts';
import { diagnosticsOf } from './features/diagnostics.ts';
import { withLevels } from './levels.ts';
import { uriOf } from './positions.ts';

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
    this.#timer = setTimeout(() => this.#publish(), QUIET_MS);
  }

  #publish(): void {
    const { workspace, settings } = this.#context();
    const found = new Map<string, Diagnostic[]>();
    for (const project of workspace.projects) {
      for (const [file, diagnostics] of diagnosticsOf(project)) {
        const shown = withLevels(diagnostics, settings.diagnostics);
        if (shown.length > 0) found.set(file, [...(found.get(file) ?? []), ...shown]);
      }
    }
    for (const [file, diagnostics] of found) this.#send(file, diagnostics);
    for (const file of [...this.#published.keys()]) if (!found.has(file)) this.#send(file, []);
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

/** What is wrong in a project's capability and permission files, in VS Code's Problems view. */
import * as vscode from 'vscode';
import { AclError } from '#core/acl/place.ts';
import type { Disposable } from '#core/lifetime.ts';
import { diagnosticAt } from '../editing.ts';
import type { AclFinding, ProjectError } from '#server/project/index.ts';

export class AclFindings implements Disposable {
  readonly #collection = vscode.languages.createDiagnosticCollection('ipc-workbench');

  /** Shows these findings, and no others. */
  show(findings: readonly AclFinding[]): void {
    this.#collection.clear();
    const byFile = Map.groupBy(findings, ({ place }) => place.file);
    for (const [file, found] of byFile) {
      const diagnostics = found.map(({ place, message, severity }) => diagnosticAt(place, message, severity));
      this.#collection.set(vscode.Uri.file(file), diagnostics);
    }
  }

  /** Shows why files could not be read; what was found before stays. */
  showError(error: ProjectError): void {
    const { cause, file, line, column, message } = error;
    const place = cause instanceof AclError ? cause.place : undefined;
    const at = place ?? { file, line, column, range: { start: 0, end: 1 } };
    const uri = vscode.Uri.file(file);
    this.#collection.set(uri, [...(this.#collection.get(uri) ?? []), diagnosticAt(at, message, 'error')]);
  }

  dispose(): void {
    this.#collection.dispose();
  }
}

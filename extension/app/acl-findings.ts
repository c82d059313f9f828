/**
 * What is wrong in a project's capability and permission files for the app that runs, in VS Code's Problems view. What the
 * language server says of the same place is left to it.
 */
import * as vscode from 'vscode';
import { AclError } from '#core/acl/place.ts';
import { type Disposable, Lifetime } from '#core/lifetime.ts';
import { diagnosticAt } from '../editing.ts';
import type { AclFinding, ProjectError } from '#server/project/index.ts';

export class AclFindings implements Disposable {
  readonly #life = new Lifetime();
  readonly #collection = this.#life.own(vscode.languages.createDiagnosticCollection('ipc-workbench'));
  /** all that was found, by URI */
  readonly #found = new Map<string, vscode.Diagnostic[]>();

  constructor() {
    this.#life.own(vscode.languages.onDidChangeDiagnostics(({ uris }) => uris.forEach((uri) => this.#publish(uri))));
  }

  /** Shows these findings, and no others. */
  show(findings: readonly AclFinding[]): void {
    const before = [...this.#found.keys()];
    this.#found.clear();
    for (const { place, message, severity } of findings) {
      this.#add(vscode.Uri.file(place.file), diagnosticAt(place, message, severity));
    }
    for (const uri of new Set([...before, ...this.#found.keys()])) this.#publish(vscode.Uri.parse(uri));
  }

  /** Shows why files could not be read; what was found before stays. */
  showError(error: ProjectError): void {
    const { cause, file, line, column, message } = error;
    const place = cause instanceof AclError ? cause.place : undefined;
    const at = place ?? { file, line, column, range: { start: 0, end: 1 } };
    const uri = vscode.Uri.file(file);
    this.#add(uri, diagnosticAt(at, message, 'error'));
    this.#publish(uri);
  }

  #add(uri: vscode.Uri, diagnostic: vscode.Diagnostic): void {
    const known = this.#found.get(uri.toString());
    if (known) known.push(diagnostic);
    else this.#found.set(uri.toString(), [diagnostic]);
  }

  #publish(uri: vscode.Uri): void {
    const found = this.#found.get(uri.toString()) ?? [];
    const served = vscode.languages.getDiagnostics(uri).filter(isFromServer);
    const rest = found.filter(({ range }) => !served.some((other) => range.intersection(other.range)));
    // Who sets what is set already is told of a change again.
    const shown = this.#collection.get(uri) ?? [];
    const isSame = rest.length === shown.length && rest.every((each, index) => each === shown[index]);
    if (!isSame) this.#collection.set(uri, rest);
  }

  dispose(): void {
    this.#life.dispose();
  }
}

/** The server's have codes of its table. */
const isFromServer = ({ source, code }: vscode.Diagnostic) => source === 'IPC Workbench' && code !== undefined;

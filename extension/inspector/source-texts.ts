/** Sources that are no file of the workspace, as read-only documents: what a source map says they were. */
import { createHash } from 'node:crypto';
import * as vscode from 'vscode';
import type { Disposable } from '#core/lifetime.ts';

const SCHEME = 'ipc-workbench-source';
/** Documents whose text is kept; VS Code asks anew for those of closed editors only. */
const KEPT = 50;

export class SourceTexts implements Disposable {
  readonly #texts = new Map<string, string>();
  readonly #registration: vscode.Disposable;

  constructor() {
    this.#registration = vscode.workspace.registerTextDocumentContentProvider(SCHEME, {
      provideTextDocumentContent: ({ path }) =>
        this.#texts.get(path) ?? 'This text is not kept any more: open it again from the inspector.',
    });
  }

  /** Opens a text under the name of its source, at a place. */
  async open(source: string, text: string, line: number, column: number): Promise<void> {
    const digest = createHash('sha256').update(source).update(text).digest('hex').slice(0, 12);
    const path = `/${digest}/${source.replaceAll('\\', '/').replace(/^\/+/, '')}`;
    this.#texts.delete(path);
    this.#texts.set(path, text);
    const [oldest = ''] = this.#texts.keys();
    if (this.#texts.size > KEPT) this.#texts.delete(oldest);
    const position = new vscode.Position(line - 1, column - 1);
    await vscode.window.showTextDocument(vscode.Uri.from({ scheme: SCHEME, path }), {
      selection: new vscode.Range(position, position),
    });
  }

  dispose(): void {
    this.#registration.dispose();
    this.#texts.clear();
  }
}

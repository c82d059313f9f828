/** What the inspector shows of the session: everything, or with secrets taken out where the settings say so. */
import * as vscode from 'vscode';
import { RedactedSource } from '#core/export/redacted-source.ts';
import { Redactor } from '#core/export/redact.ts';
import type { RecordSource } from '#core/record-source.ts';
import { redactInspector, redactionPatterns } from '../settings.ts';

export class ShownSource extends RedactedSource {
  readonly #watch: vscode.Disposable;

  constructor(source: RecordSource) {
    super(source, chosen());
    this.#watch = vscode.workspace.onDidChangeConfiguration((change) => {
      const settings = ['ipcWorkbench.inspector.redact', 'ipcWorkbench.export.redact'];
      if (settings.some((name) => change.affectsConfiguration(name))) this.redactor = chosen();
    });
  }

  override dispose(): void {
    this.#watch.dispose();
    super.dispose();
  }
}

const chosen = () => (redactInspector() ? new Redactor(redactionPatterns()) : undefined);

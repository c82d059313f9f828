/** Changes and places in text documents of VS Code: everything we write can be reviewed and undone there. */
import { basename } from 'node:path';
import * as vscode from 'vscode';
import type { TextEdit } from '#core/acl/edit.ts';
import type { Place, Range } from '#core/acl/place.ts';

/**
 * Changes a file as the editor has it by now, and does not save it. One that is not there is made.
 *
 * @param fresh the text of a file that is made; it is on the disk at once, and `edit` is not asked
 */
export async function changeText(
  uri: vscode.Uri,
  edit: (text: string) => readonly TextEdit[],
  fresh: string,
): Promise<vscode.TextDocument> {
  const exists = await vscode.workspace.fs.stat(uri).then(
    () => true,
    () => false,
  );
  if (!exists) {
    await apply(uri, (change) => change.createFile(uri, { contents: new TextEncoder().encode(fresh) }));
    return vscode.workspace.openTextDocument(uri);
  }
  const document = await vscode.workspace.openTextDocument(uri);
  const edits = edit(document.getText());
  if (edits.length === 0) return document;
  await apply(uri, (change) => {
    for (const { offset, length, newText } of edits) {
      change.replace(uri, new vscode.Range(document.positionAt(offset), document.positionAt(offset + length)), newText);
    }
  });
  return document;
}

async function apply(uri: vscode.Uri, fill: (change: vscode.WorkspaceEdit) => void): Promise<void> {
  const change = new vscode.WorkspaceEdit();
  fill(change);
  if (!(await vscode.workspace.applyEdit(change))) throw new Error(`VS Code did not change ${basename(uri.fsPath)}`);
}

/** Shows a range of a document and selects it: where the document is open already, else beside the window that is used. */
export async function showRange(document: vscode.TextDocument, { start, end }: Range): Promise<void> {
  const open = vscode.window.visibleTextEditors.find((editor) => editor.document === document);
  await vscode.window.showTextDocument(document, {
    viewColumn: open?.viewColumn ?? vscode.ViewColumn.Beside,
    selection: new vscode.Range(document.positionAt(start), document.positionAt(end)),
  });
}

/** What is wrong at a place, for the Problems view. What is longer than its line is marked to the line's end. */
export function diagnosticAt(
  { line, column, range }: Place,
  message: string,
  severity: 'error' | 'warning',
): vscode.Diagnostic {
  const start = new vscode.Position(line - 1, column - 1);
  const level = severity === 'error' ? vscode.DiagnosticSeverity.Error : vscode.DiagnosticSeverity.Warning;
  const made = new vscode.Diagnostic(
    new vscode.Range(start, start.translate(0, range.end - range.start)),
    message,
    level,
  );
  made.source = 'IPC Workbench';
  return made;
}

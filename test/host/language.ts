// What the tests of the language server share: files of the project `notes/` in real editors, asked through VS Code's own
// commands.
import assert from 'node:assert/strict';
import { execFileSync } from 'node:child_process';
import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import * as vscode from 'vscode';
import { workspaceFolder } from './workbench.ts';

export const notes = (path: string): vscode.Uri => vscode.Uri.joinPath(workspaceFolder(), 'notes', path);

/** Opens a file of the project in an editor. */
export async function openFile(path: string): Promise<vscode.TextEditor> {
  return await vscode.window.showTextDocument(await vscode.workspace.openTextDocument(notes(path)));
}

/** The position behind a piece of a document's text; `skip` earlier ones are passed over. */
export function behind({ document }: vscode.TextEditor, text: string, skip = 0): vscode.Position {
  let offset = -1;
  for (let left = skip; left >= 0; left--) offset = document.getText().indexOf(text, offset + 1);
  assert.ok(offset >= 0, `${document.fileName} has no ${text}`);
  return document.positionAt(offset + text.length);
}

/** Writes a text at a position, with the cursor where `‸` is in it. */
export async function write(editor: vscode.TextEditor, at: vscode.Position, text: string): Promise<vscode.Position> {
  const [before = '', after = ''] = text.split('‸');
  await editor.edit((edit) => edit.insert(at, before + after), { undoStopBefore: true, undoStopAfter: true });
  const { document } = editor;
  return document.positionAt(document.offsetAt(at) + before.length);
}

/** Puts the document of an editor back to what the project has, also on disk, and closes it. */
export async function closeFile({ document }: vscode.TextEditor): Promise<void> {
  const path = document.uri.path.slice(notes('').path.length);
  const original = join(__dirname, 'workspace', 'notes', path);
  const editor = await vscode.window.showTextDocument(document);
  if (existsSync(original) && document.getText() !== readFileSync(original, 'utf8')) {
    const all = new vscode.Range(0, 0, document.lineCount, 0);
    await editor.edit((edit) => edit.replace(all, readFileSync(original, 'utf8')));
    await document.save();
  }
  await vscode.commands.executeCommand('workbench.action.revertAndCloseActiveEditor');
}

/** The labels of completions at a position; those that are no words of the document. */
export async function completions(editor: vscode.TextEditor, position: vscode.Position): Promise<string[]> {
  const list = await vscode.commands.executeCommand<vscode.CompletionList>(
    'vscode.executeCompletionItemProvider',
    editor.document.uri,
    position,
  );
  return list.items
    .filter(({ kind }) => kind !== vscode.CompletionItemKind.Text)
    .map(({ label }) => (typeof label === 'string' ? label : label.label));
}

/** The processes of the language server that this extension host has. */
export function serverProcesses(): number[] {
  const list = execFileSync('ps', ['-eo', 'pid=,ppid=,args='], { encoding: 'utf8' }).split('\n');
  return list.flatMap((line) => {
    const [pid = 0, parent] = line.trim().split(/\s+/).map(Number);
    return parent === process.pid && line.includes('server.cjs') ? pid : [];
  });
}

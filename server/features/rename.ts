/** Rename of a command, an argument, an event, a permission or a window label, in all files in one edit. */
import type { Range, WorkspaceEdit } from 'vscode-languageserver';
import type { At } from '../context.ts';

/** What would be renamed; null where nothing here can be. */
export async function prepareRename(_at: At): Promise<{ range: Range; placeholder: string } | null> {
  return null;
}

export async function rename(_at: At, _newName: string): Promise<WorkspaceEdit | null> {
  return null;
}

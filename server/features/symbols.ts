/** Symbols of a document and of the workspace: commands, calls, events, capabilities, permissions. */
import type { DocumentSymbol, WorkspaceSymbol } from 'vscode-languageserver';
import type { Context, InFile } from '../context.ts';

export async function documentSymbols(_in: InFile): Promise<DocumentSymbol[]> {
  return [];
}

export async function workspaceSymbols(_context: Context, _query: string): Promise<WorkspaceSymbol[]> {
  return [];
}

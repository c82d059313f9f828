/** Quick fixes for diagnostics. */
import type { CodeAction, Diagnostic } from 'vscode-languageserver';
import type { InFile } from '../context.ts';
import { aclCodeActions } from './acl/code-actions.ts';

export async function codeActions(asked: InFile, diagnostics: readonly Diagnostic[]): Promise<CodeAction[]> {
  return aclCodeActions(asked, diagnostics);
}

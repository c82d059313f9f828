/** Quick fixes for what is wrong in the configuration, capabilities and permissions. */
import type { CodeAction, Diagnostic } from 'vscode-languageserver';
import type { InFile } from '../../context.ts';

export async function aclCodeActions(_in: InFile, _diagnostics: readonly Diagnostic[]): Promise<CodeAction[]> {
  return [];
}

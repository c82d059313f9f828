/** Quick fixes for diagnostics. */
import type { CodeAction, Diagnostic } from 'vscode-languageserver';
import type { InFile } from '../context.ts';

export async function codeActions(_in: InFile, _diagnostics: readonly Diagnostic[]): Promise<CodeAction[]> {
  return [];
}

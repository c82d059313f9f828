/** Inlay hints: the type that a call's command gives. */
import type { InlayHint, Range } from 'vscode-languageserver';
import type { InFile } from '../context.ts';

export async function inlayHints(_in: InFile, _range: Range): Promise<InlayHint[]> {
  return [];
}

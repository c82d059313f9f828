/** CodeLens over handlers, Rust commands and calls: the numbers of their traffic, and "run…". */
import type { CodeLens } from 'vscode-languageserver';
import type { InFile } from '../context.ts';

export async function codeLenses(_in: InFile): Promise<CodeLens[]> {
  return [];
}

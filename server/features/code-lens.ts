/** CodeLens over handlers, Rust commands and calls: the numbers of their traffic, and "run…". */
import type { CodeLens } from 'vscode-languageserver';
import type { Context, InFile } from '../context.ts';

export async function codeLenses(_in: InFile): Promise<CodeLens[]> {
  return [];
}
export async function resolveCodeLens(_in: Context, lens: CodeLens): Promise<CodeLens> {
  return lens;
}

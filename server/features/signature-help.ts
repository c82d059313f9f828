/** Signature help: the arguments of a command while its call is written. */
import type { SignatureHelp } from 'vscode-languageserver';
import type { At } from '../context.ts';

export async function signatureHelp(_at: At): Promise<SignatureHelp | null> {
  return null;
}

/** Go to definition, across Rust, TypeScript and the files of the configuration. */
import type { DefinitionLink } from 'vscode-languageserver';
import type { At } from '../context.ts';

export async function definition(_at: At): Promise<DefinitionLink[]> {
  return [];
}

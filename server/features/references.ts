/** All places that speak of a command, an event, a permission or a window. */
import type { DocumentHighlight, Location } from 'vscode-languageserver';
import type { At } from '../context.ts';

export async function references(_at: At, _withDefinition: boolean): Promise<Location[]> {
  return [];
}

/** Those of the file that is asked about. */
export async function highlights(_at: At): Promise<DocumentHighlight[]> {
  return [];
}

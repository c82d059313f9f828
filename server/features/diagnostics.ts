/** Everything that is wrong in a file, from all who look for it. */
import type { Diagnostic } from 'vscode-languageserver';
import type { ProjectIndex } from '../index/project-index.ts';

/** What is wrong in the files of a project, by file. Files without anything are left out. */
export function diagnosticsOf(_project: ProjectIndex): Map<string, Diagnostic[]> {
  return new Map();
}

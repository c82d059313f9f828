/** Everything that is wrong in a file, from all who look for it. */
import type { Diagnostic } from 'vscode-languageserver';
import { problemsOf } from '../diagnostics/index.ts';
import { diagnosticOf } from '../diagnostics/problem.ts';
import type { ProjectIndex } from '../index/project-index.ts';

/** What is wrong in the files of a project, by file. Files without anything are left out. */
export function diagnosticsOf(project: ProjectIndex): Map<string, Diagnostic[]> {
  return new Map([...problemsOf(project)].map(([file, problems]) => [file, problems.map(diagnosticOf)]));
}

/** Everything that is wrong in a file, from all who look for it. */
import type { Diagnostic } from 'vscode-languageserver';
import { problemsOf } from '../diagnostics/index.ts';
import { diagnosticOf } from '../diagnostics/problem.ts';
import type { ProjectIndex } from '../index/project-index.ts';

/** What is wrong in the files of a project, by file. Files without anything are left out. */
export function diagnosticsOf(project: ProjectIndex): Map<string, Diagnostic[]> {
  const problems = problemsOf(project);
  const found = Array.from(problems.files, (file) => [file, problems.of(file).map(diagnosticOf)] as const);
  return new Map(found.filter(([, diagnostics]) => diagnostics.length > 0));
}

/** What is wrong in one file, as one of its projects sees it. */
export const diagnosticsIn = (project: ProjectIndex, file: string): Diagnostic[] =>
  problemsOf(project).of(file).map(diagnosticOf);

/** Everything that is wrong in a file, from all who look for it. */
import type { Diagnostic } from 'vscode-languageserver';
import { problemsOf } from '../diagnostics/index.ts';
import { diagnosticOf } from '../diagnostics/problem.ts';
import type { ProjectIndex } from '../index/project-index.ts';
import { aclDiagnostics } from './acl/diagnostics.ts';

/** What is wrong in the files of a project, by file. Files without anything are left out. */
export function diagnosticsOf(project: ProjectIndex): Map<string, Diagnostic[]> {
  const found = new Map<string, Diagnostic[]>();
  for (const [file, problems] of problemsOf(project)) found.set(file, problems.map(diagnosticOf));
  for (const [file, diagnostics] of aclDiagnostics(project)) {
    found.set(file, [...(found.get(file) ?? []), ...diagnostics]);
  }
  return found;
}

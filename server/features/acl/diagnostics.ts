/** What is wrong in the files that decide what windows may do: configuration, capabilities, permissions. */
import type { Diagnostic } from 'vscode-languageserver';
import type { ProjectIndex } from '../../index/project-index.ts';

/** By file; files without anything are left out. */
export function aclDiagnostics(_project: ProjectIndex): Map<string, Diagnostic[]> {
  return new Map();
}

/** What checks find, and how an editor shows it. */
import type { DiagnosticLevel } from '#core/language-messages.ts';
import { type Diagnostic, DiagnosticSeverity, type DiagnosticTag } from 'vscode-languageserver';
import type { Fix } from '../fixes/fix.ts';
import type { FileFacts, FileRange } from '../index/facts.ts';
import type { ProjectIndex } from '../index/project-index.ts';
import { uriOf } from '../positions.ts';
import { type CodeName, CODES, CODES_PAGE } from './codes.ts';

/** Who says it. */
export const SOURCE = 'IPC Workbench';

export interface Problem {
  readonly code: CodeName;
  readonly at: FileRange;
  readonly message: string;
  /** other places that explain it */
  readonly related?: readonly { readonly at: FileRange; readonly message: string }[];
  readonly tags?: DiagnosticTag[];
  /** ways out, the likeliest first */
  readonly fixes?: readonly Fix[];
}

/** Looks for one kind of problem in all of a project. It says nothing where it cannot be sure. */
export type ProjectCheck = (project: ProjectIndex) => Iterable<Problem>;

/**
 * Looks for one kind of problem file by file. What it needs of the project's definitions is found out once for all files: it
 * begins anew only where these are others.
 */
export type FileCheck = (project: ProjectIndex) => (facts: FileFacts) => Iterable<Problem>;

export const SEVERITIES: Readonly<Record<Exclude<DiagnosticLevel, 'off'>, DiagnosticSeverity>> = {
  error: DiagnosticSeverity.Error,
  warning: DiagnosticSeverity.Warning,
  information: DiagnosticSeverity.Information,
  hint: DiagnosticSeverity.Hint,
};

/** A problem as an editor shows it, as bad as it is by itself; what is `off` by itself is a hint for who wants it. */
export function diagnosticOf({ code, at, message, related = [], tags }: Problem): Diagnostic {
  const level: DiagnosticLevel = CODES[code].level;
  return {
    code,
    range: at.range,
    message,
    severity: SEVERITIES[level === 'off' ? 'hint' : level],
    source: SOURCE,
    codeDescription: { href: `${CODES_PAGE}#${code}` },
    ...(tags && { tags }),
    ...(related.length > 0 && {
      relatedInformation: related.map((each) => ({
        location: { uri: uriOf(each.at.file), range: each.at.range },
        message: each.message,
      })),
    }),
  };
}

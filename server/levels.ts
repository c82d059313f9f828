/** Diagnostics as the user wants them: `ipcWorkbench.language.diagnostics`. */
import type { DiagnosticLevel } from '#core/language-messages.ts';
import type { Diagnostic } from 'vscode-languageserver';
import { type CodeName, CODES } from './diagnostics/codes.ts';
import { SEVERITIES } from './diagnostics/problem.ts';

export function withLevels(
  diagnostics: readonly Diagnostic[],
  levels: Readonly<Record<string, DiagnosticLevel>>,
): Diagnostic[] {
  return diagnostics.flatMap((diagnostic) => {
    const code = diagnostic.code as CodeName;
    const level = levels[code] ?? CODES[code].level;
    return level === 'off' ? [] : [{ ...diagnostic, severity: SEVERITIES[level] }];
  });
}

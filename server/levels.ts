/** Diagnostics as the user wants them: `ipcWorkbench.language.diagnostics`. */
import type { DiagnosticLevel } from '#core/language-messages.ts';
import { type Diagnostic, DiagnosticSeverity } from 'vscode-languageserver';

const SEVERITIES: Readonly<Record<Exclude<DiagnosticLevel, 'off'>, DiagnosticSeverity>> = {
  error: DiagnosticSeverity.Error,
  warning: DiagnosticSeverity.Warning,
  information: DiagnosticSeverity.Information,
  hint: DiagnosticSeverity.Hint,
};

export function withLevels(
  diagnostics: readonly Diagnostic[],
  levels: Readonly<Record<string, DiagnosticLevel>>,
): Diagnostic[] {
  return diagnostics.flatMap((diagnostic) => {
    const level = levels[String(diagnostic.code)];
    if (level === 'off') return [];
    return [level === undefined ? diagnostic : { ...diagnostic, severity: SEVERITIES[level] }];
  });
}

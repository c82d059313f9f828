/** Quick fixes for diagnostics, and for each the way to hear no more of its kind. */
import { type CodeAction, CodeActionKind, type Diagnostic } from 'vscode-languageserver';
import type { InFile } from '../context.ts';
import { problemsOf } from '../diagnostics/index.ts';
import { type Problem, SOURCE } from '../diagnostics/problem.ts';

export async function codeActions(asked: InFile, diagnostics: readonly Diagnostic[]): Promise<CodeAction[]> {
  const ours = diagnostics.filter(({ source }) => source === SOURCE);
  const projects = ours.length > 0 ? asked.workspace.projectsOf(asked.file) : [];
  const problems = projects.flatMap((project) => problemsOf(project).of(asked.file));
  const actions: CodeAction[] = [];
  const silences: CodeAction[] = [];
  for (const diagnostic of ours) {
    const problem = problems.find((each) => isAbout(each, diagnostic));
    if (!problem) continue;
    silences.push(silence(diagnostic));
    for (const { title, isPreferred = false, edit } of problem.fixes ?? []) {
      const made = await edit(asked.workspace);
      if (!made) continue;
      actions.push({ title, kind: CodeActionKind.QuickFix, diagnostics: [diagnostic], isPreferred, edit: made });
    }
  }
  // Behind all that mends something.
  return [...actions, ...silences];
}

/** The client's command writes it into the settings of the workspace. */
function silence(diagnostic: Diagnostic): CodeAction {
  const title = `Do not report "${diagnostic.code}" in this workspace`;
  const command = { title, command: 'ipcWorkbench.silenceDiagnostic', arguments: [diagnostic.code] };
  return { title, kind: CodeActionKind.QuickFix, diagnostics: [diagnostic], command };
}

/** Whether what is shown is what is found now. */
function isAbout({ code, message, at: { range } }: Problem, shown: Diagnostic): boolean {
  const [a, b] = [range, shown.range];
  const same = a.start.line === b.start.line && a.start.character === b.start.character;
  return code === shown.code && message === shown.message && same;
}

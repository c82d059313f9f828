/** Which project of the workspace is meant: asked where there are several, the last one first. */
import * as vscode from 'vscode';
import { findProjects, type FoundProject } from '#server/project/index.ts';

const LAST = 'lastProject';

export interface ProjectChoice {
  readonly state: vscode.Memento;
  /** the placeholder of the question */
  readonly question: string;
  isRunning(folder: string): boolean;
}

/** The projects of the workspace's folders. */
export function workspaceProjects(): Promise<FoundProject[]> {
  const roots = (vscode.workspace.workspaceFolders ?? []).map(({ uri }) => uri);
  return findProjects(roots.filter(({ scheme }) => scheme === 'file').map(({ fsPath }) => fsPath));
}

/** The one that the user wants of these; undefined where the user wants none. */
export async function chooseProject(
  projects: readonly FoundProject[],
  { state, question, isRunning }: ProjectChoice,
): Promise<string | undefined> {
  if (projects.length <= 1) return projects[0]?.folder;
  const last = state.get(LAST);
  const rank = ({ folder, problem }: FoundProject) => (folder === last ? 0 : problem === undefined ? 1 : 2);
  const items = [...projects]
    .sort((one, other) => rank(one) - rank(other))
    .map((project) => itemOf(project, isRunning(project.folder)));
  const chosen = await vscode.window.showQuickPick(items, {
    placeHolder: question,
    matchOnDescription: true,
    matchOnDetail: true,
    // The page of a window may take the focus just now.
    ignoreFocusOut: true,
  });
  return chosen?.folder;
}

/** The next question begins with it. */
export async function rememberProject(state: vscode.Memento, folder: string): Promise<void> {
  await state.update(LAST, folder);
}

function itemOf({ name, identifier, folder, problem }: FoundProject, running: boolean) {
  const description = [identifier, running ? 'running' : ''].filter((text) => text !== '').join(' · ');
  const icon = problem === undefined ? (running ? '$(debug-start)' : '$(window)') : '$(warning)';
  const path = vscode.workspace.asRelativePath(folder);
  return {
    label: `${icon} ${name}`,
    description,
    detail: problem === undefined ? path : `${path}: ${problem}`,
    folder,
  };
}

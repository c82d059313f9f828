/** Problems with a project's files, shown so that people can act: which file, where, what to do, and a button that opens it. */
import { basename } from 'node:path';
import * as vscode from 'vscode';
import { ProjectError } from '#server/project/index.ts';
import { errorText, type Log } from './log.ts';
import { plainMessage } from './plugins/plain-text.ts';

/** A place in a file; lines and columns from 1. */
export interface Place {
  readonly file: string;
  readonly line?: number | undefined;
  readonly column?: number | undefined;
}

/** Shows an error message, which may have words of pages and projects in it: no links. With a place, a button opens it there. Resolves when the message is closed. */
export async function showProblem(
  message: string,
  place?: Place,
  ...actions: readonly string[]
): Promise<string | undefined> {
  const open = place ? `Open ${basename(place.file)}` : undefined;
  const chosen = await vscode.window.showErrorMessage(plainMessage(message), ...(open ? [open] : []), ...actions);
  if (place && chosen === open) await openPlace(place);
  return chosen;
}

/** Says what there is not, with buttons that run the commands that would change that, each with `args`. */
export async function offer(
  message: string,
  commands: Readonly<Record<string, string>>,
  ...args: readonly unknown[]
): Promise<void> {
  const chosen = await vscode.window.showInformationMessage(plainMessage(message), ...Object.keys(commands));
  const command = chosen && commands[chosen];
  if (command) await vscode.commands.executeCommand(command, ...args);
}

export async function openPlace({ file, line = 1, column = 1 }: Place): Promise<void> {
  const position = new vscode.Position(Math.max(0, line - 1), Math.max(0, column - 1));
  await vscode.window.showTextDocument(vscode.Uri.file(file), { selection: new vscode.Range(position, position) });
}

/** Reports whatever went wrong: a project's error with its place, anything else with its message. The stack is logged. */
export function reportError(log: Log, what: string, error: unknown): void {
  log.error(`${what}: ${errorText(error)}`);
  if (error instanceof ProjectError) {
    const place = `${basename(error.file)}:${error.line}:${error.column}`;
    void showProblem(`${what}: ${place}: ${error.message}`, error);
  } else void showProblem(`${what}: ${(error as Error).message ?? error}`);
}

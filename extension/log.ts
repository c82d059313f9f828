/** The output channel "IPC Workbench": what happens in the host, and stacks that no page may see. */
import * as vscode from 'vscode';

export type Log = vscode.LogOutputChannel;

export function createLog(): Log {
  return vscode.window.createOutputChannel('IPC Workbench', { log: true });
}

/** An error for the log: its stack where there is one. */
export function errorText(error: unknown): string {
  return error instanceof Error ? (error.stack ?? error.message) : String(error);
}

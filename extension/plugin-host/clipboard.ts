/** The clipboard of the machine that VS Code's window is on. */
import * as vscode from 'vscode';
import type { ClipboardHost } from '../plugins/clipboard-manager.ts';

export const clipboard: ClipboardHost = {
  read: () => vscode.env.clipboard.readText(),
  write: (text) => vscode.env.clipboard.writeText(text),
};

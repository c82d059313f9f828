/** Messages and pickers of VS Code for the pages of an app. */
import * as vscode from 'vscode';
import { reject } from '#core/error.ts';
import type { DialogHost, PickOptions } from '../plugins/dialog.ts';

export const dialogs: DialogHost = {
  async message({ kind, title, text, buttons, cancel }) {
    const show = {
      info: vscode.window.showInformationMessage,
      warning: vscode.window.showWarningMessage,
      error: vscode.window.showErrorMessage,
    }[kind];
    const items = buttons.map((label, index) => ({ title: label, isCloseAffordance: index === cancel }));
    const pressed = await show(title, { modal: true, detail: text }, ...items);
    return pressed ? items.indexOf(pressed) : cancel;
  },
  async open({ directory, multiple, ...options }) {
    const picked = await vscode.window.showOpenDialog({
      ...pickerOptions(options),
      canSelectFiles: !directory,
      canSelectFolders: directory,
      canSelectMany: multiple,
      openLabel: directory ? 'Select' : 'Open',
    });
    return picked?.map(pathOf);
  },
  async save(options) {
    const picked = await vscode.window.showSaveDialog(pickerOptions(options));
    return picked && pathOf(picked);
  },
};

function pickerOptions({ title, defaultPath, filters }: PickOptions) {
  const given = Object.entries(filters).map(([name, extensions]) => [name, [...extensions]]);
  return {
    title,
    // VS Code's own list of files shows none where the filters are there and empty.
    ...(given.length > 0 && { filters: Object.fromEntries(given) }),
    ...(defaultPath !== undefined && { defaultUri: vscode.Uri.file(defaultPath) }),
  };
}

/** Pages know files by paths; VS Code may show others, such as those of a repository on the web. */
function pathOf(uri: vscode.Uri): string {
  if (uri.scheme !== 'file') throw reject(`${uri.toString(true)} is not a file of the machine that the app runs on`);
  return uri.fsPath;
}

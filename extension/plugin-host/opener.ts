/** What the opener and shell plugins open, by VS Code. */
import * as vscode from 'vscode';
import { unsupported } from '../plugins/host.ts';
import type { OpenerHost } from '../plugins/opener.ts';

export function createOpener(): OpenerHost {
  const isLocal = () => vscode.env.remoteName === undefined && vscode.env.uiKind === vscode.UIKind.Desktop;
  return {
    get local() {
      return isLocal();
    },
    openUrl(url) {
      // As text: a Uri would be written anew, with `=` and `&` of a query encoded. VS Code takes both, its types say Uri.
      return vscode.env.openExternal(url as unknown as vscode.Uri);
    },
    async browse(url) {
      await vscode.commands.executeCommand('simpleBrowser.show', url);
    },
    async openPath(path) {
      const uri = vscode.Uri.file(path);
      if (isLocal()) {
        if (!(await vscode.env.openExternal(uri))) throw new Error(`VS Code did not open ${path}`);
        return;
      }
      const { type } = await vscode.workspace.fs.stat(uri);
      if (type & vscode.FileType.Directory) await showInExplorer(uri, 'opener.open_path');
      else await vscode.commands.executeCommand('vscode.open', uri);
    },
    async reveal(path) {
      const uri = vscode.Uri.file(path);
      if (isLocal()) await vscode.commands.executeCommand('revealFileInOS', uri);
      else await showInExplorer(uri, 'opener.reveal_item_in_dir');
    },
  };
}

/** The file manager of the machine where the file lies is not the user's: VS Code's own explorer shows the workspace. */
async function showInExplorer(uri: vscode.Uri, command: string): Promise<void> {
  if (!vscode.workspace.getWorkspaceFolder(uri)) {
    throw unsupported(command, `${uri.fsPath} lies on another machine, outside of the workspace that is shown of it`);
  }
  await vscode.commands.executeCommand('revealInExplorer', uri);
}

/** What the fs plugin asks of VS Code. */
import * as vscode from 'vscode';
import type { FsHost } from '../plugins/fs/access.ts';
import { npmVersion } from './npm-version.ts';

/**
 * Files are used where the extension runs; a virtual workspace (`vscode-vfs:`, …) has none there.
 *
 * @param folder the project: its own `node_modules`, or that of a folder it is in, has the npm package
 */
export function createFsHost(folder: string): FsHost {
  return {
    npmVersion: npmVersion(folder, '@tauri-apps/plugin-fs'),
    get noFiles() {
      const scheme = vscode.workspace.workspaceFolders?.[0]?.uri.scheme ?? 'file';
      if (scheme === 'file') return undefined;
      return `the workspace is a virtual one, ${scheme}:, without files on this machine; use an absolute path or a base directory`;
    },
  };
}

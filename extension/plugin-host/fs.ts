/** What the fs plugin asks of VS Code. */
import { readFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import * as vscode from 'vscode';
import type { FsHost } from '../plugins/fs/access.ts';

/** Files are used where the extension runs; a virtual workspace (`vscode-vfs:`, …) has none there. */
/** @param folder the project: its own `node_modules`, or that of a folder it is in, has the npm package */
export function createFsHost(folder: string): FsHost {
  return {
    npmVersion: versionIn(folder),
    get noFiles() {
      const scheme = vscode.workspace.workspaceFolders?.[0]?.uri.scheme ?? 'file';
      if (scheme === 'file') return undefined;
      return `the workspace is a virtual one, ${scheme}:, without files on this machine; use an absolute path or a base directory`;
    },
  };
}

function versionIn(folder: string): string | undefined {
  for (let at = folder; ; at = dirname(at)) {
    try {
      const text = readFileSync(join(at, 'node_modules/@tauri-apps/plugin-fs/package.json'), 'utf8');
      const { version } = JSON.parse(text) as { version?: unknown };
      return typeof version === 'string' ? version : undefined;
    } catch {
      if (at === dirname(at)) return undefined; // it is not installed: a built frontend has it inside
    }
  }
}

/** Whether there is anything in the workspace that the language server is for. */
import * as vscode from 'vscode';

const CONFIGS = 'tauri.conf.json,tauri.conf.json5,Tauri.toml';
/** Files that say so. */
export const MARKERS = `**/{${CONFIGS},package.json}`;
const NOT_IN = '**/{node_modules,target,dist}/**';
/** So many packages are looked into. */
const MAX_PACKAGES = 100;

/** A project of Tauri, or a package that speaks its IPC: a frontend by itself, or an extension that hosts an app. */
export async function speaksIpc(): Promise<boolean> {
  const configs = await vscode.workspace.findFiles(`**/{${CONFIGS}}`, NOT_IN, 1);
  if (configs.length > 0) return true;
  const packages = await vscode.workspace.findFiles('**/package.json', NOT_IN, MAX_PACKAGES);
  for (const uri of packages) {
    const text = await vscode.workspace.fs.readFile(uri).then(
      (bytes) => new TextDecoder().decode(bytes),
      () => '', // It is gone.
    );
    // The server looks closer; that a word stands there is enough to ask it.
    if (/"(?:@tauri-apps\/api|ipc-workbench)"/.test(text)) return true;
  }
  return false;
}

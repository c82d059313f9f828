/** Where the browser finds the servers of an app's pages. */
import { createHash } from 'node:crypto';
import * as vscode from 'vscode';

/**
 * The origin by which pages reach `origin` where VS Code itself runs on another machine than this extension host;
 * undefined where plain loopback does. A server that only proxies below a path is of no use to pages with absolute
 * paths: then loopback is tried, which is right for a browser on the same machine.
 */
export async function reachableOrigin(origin: string): Promise<string | undefined> {
  if (vscode.env.remoteName === undefined) return undefined;
  const external = new URL((await vscode.env.asExternalUri(vscode.Uri.parse(origin))).toString(true));
  return external.pathname === '/' && external.origin !== 'null' ? external.origin : undefined;
}

/** The same project gets the same port where it is free: origin, and with it the browser's localStorage, stay. */
export function preferredPort(id: string): number {
  return 20_000 + (createHash('sha256').update(id).digest().readUInt16BE(0) % 20_000);
}

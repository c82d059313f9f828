/** Bodies of records as read-only documents: `ipc-workbench:/<record>/<part>.json` or `.bin`, and `?<recording>` of an opened one. */
import * as vscode from 'vscode';
import { bodyText, loadBody } from '#core/record.ts';
import type { Disposable } from '#core/lifetime.ts';
import type { RecordSource } from '#core/record-source.ts';

export const BODY_SCHEME = 'ipc-workbench';

/**
 * Opens a body in an editor of VS Code: JSON with folding and search, bytes in the editor for such files.
 *
 * @param of what `registerBodies` finds the source by: empty for the running session
 */
export async function openBody(source: RecordSource, id: number, part: 'body' | 'outcome', of = ''): Promise<void> {
  const record = source.find(id);
  const kept = part === 'body' ? record?.body : record?.outcome;
  const body = kept && loadBody(kept);
  if (!record || !body || body.kind === 'none' || body.kind === 'dropped') {
    await vscode.window.showInformationMessage('This body is not kept any more.');
    return;
  }
  const ending = body.kind === 'bytes' ? 'bin' : 'json';
  const name = record.name.replace(/[^\w.-]+/g, '-');
  const uri = vscode.Uri.from({ scheme: BODY_SCHEME, path: `/${id}/${part}/${name}.${ending}`, query: of });
  await vscode.commands.executeCommand('vscode.open', uri, { preview: true });
}

/** Indented where it can be: nested very deep it stays as it is. */
function prettyJson(text: string): string {
  try {
    return JSON.stringify(JSON.parse(text), null, 2);
  } catch {
    return text;
  }
}

/** The file system behind these documents; nothing can be written. */
export function registerBodies(find: (of: string) => RecordSource | undefined): Disposable {
  const changed = new vscode.EventEmitter<vscode.FileChangeEvent[]>();
  const readOnly = () => {
    throw vscode.FileSystemError.NoPermissions('recorded messages cannot be changed');
  };
  const content = (uri: vscode.Uri): Uint8Array => {
    const [, id, part] = uri.path.split('/');
    const record = find(uri.query)?.find(Number(id));
    const kept = part === 'outcome' ? record?.outcome : record?.body;
    const body = kept && loadBody(kept);
    if (!body || body.kind === 'none' || body.kind === 'dropped') throw vscode.FileSystemError.FileNotFound(uri);
    if (body.kind === 'bytes') return body.bytes;
    return new TextEncoder().encode(prettyJson(bodyText(body)));
  };
  const provider: vscode.FileSystemProvider = {
    onDidChangeFile: changed.event,
    watch: () => new vscode.Disposable(() => undefined),
    stat: (uri) => ({ type: vscode.FileType.File, ctime: 0, mtime: 0, size: content(uri).byteLength }),
    readFile: content,
    readDirectory: () => [],
    createDirectory: readOnly,
    writeFile: readOnly,
    delete: readOnly,
    rename: readOnly,
  };
  const registration = vscode.workspace.registerFileSystemProvider(BODY_SCHEME, provider, { isReadonly: true });
  return {
    dispose() {
      registration.dispose();
      changed.dispose();
    },
  };
}

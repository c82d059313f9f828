/** Bodies of records as read-only documents of VS Code, alone and compared. */
import * as vscode from 'vscode';
import { plainMessage } from '../plugins/plain-text.ts';
import type { ComparePart, SlicePart } from '#core/inspector-messages.ts';
import { type Disposable, Lifetime } from '#core/lifetime.ts';
import type { MessageRecord } from '#core/record.ts';
import type { RecordSource } from '#core/record-source.ts';
import {
  type DocumentPart,
  documentBytes,
  documentPath,
  documentTitle,
  isKept,
  parseDocumentPath,
} from './documents.ts';

export const BODY_SCHEME = 'ipc-workbench';
/** Microsoft's editor for bytes, where somebody has installed it. */
const HEX_EDITOR = { extension: 'ms-vscode.hexeditor', viewType: 'hexEditor.hexedit' };

/** The documents, and the file system behind them, in which nothing can be written. */
export class Bodies implements Disposable {
  readonly #life = new Lifetime();
  readonly #sessions = new Map<string, { readonly source: RecordSource; readonly ready: Promise<unknown> }>();
  /** what VS Code asked for last: it asks for the size and then for the content */
  #last: { readonly path: string; readonly bytes: WeakRef<Uint8Array> } | undefined;

  constructor() {
    const changed = new vscode.EventEmitter<vscode.FileChangeEvent[]>();
    const readOnly = () => {
      throw vscode.FileSystemError.NoPermissions('recorded messages cannot be changed');
    };
    this.#life.own(changed);
    this.#life.own(
      vscode.workspace.registerFileSystemProvider(
        BODY_SCHEME,
        {
          onDidChangeFile: changed.event,
          watch: () => new vscode.Disposable(() => undefined),
          stat: async (uri) => {
            const { byteLength } = await this.#content(uri);
            return { type: vscode.FileType.File, ctime: 0, mtime: 0, size: byteLength };
          },
          readFile: (uri) => this.#content(uri),
          readDirectory: () => [],
          createDirectory: readOnly,
          writeFile: readOnly,
          delete: readOnly,
          rename: readOnly,
        },
        { isReadonly: true },
      ),
    );
  }

  /**
   * From now on, documents of that session are read from the source. A session has the same name after a reload of the
   * window: editors that were open then ask for their documents at once.
   *
   * @param ready the records of the window before are there
   */
  add(session: string, source: RecordSource, ready: Promise<unknown> = Promise.resolve()): Disposable {
    const added = { source, ready };
    this.#sessions.set(session, added);
    return {
      dispose: () => {
        if (this.#sessions.get(session) === added) this.#sessions.delete(session);
      },
    };
  }

  /** Opens a body in an editor: JSON with folding and search, pictures as such, other bytes as whatever VS Code has. */
  async open(source: RecordSource, id: number, part: SlicePart): Promise<void> {
    const record = source.find(id);
    if (!record || !isKept(record, part)) {
      await vscode.window.showInformationMessage(plainMessage(`This part of message #${id} is not kept any more.`));
      return;
    }
    const uri = this.#uri(source, record, part);
    // The ending of bytes that look like nothing that VS Code shows.
    if (uri.path.endsWith('.bin') && vscode.extensions.getExtension(HEX_EDITOR.extension)) {
      await vscode.commands.executeCommand('vscode.openWith', uri, HEX_EDITOR.viewType);
      return;
    }
    await vscode.commands.executeCommand('vscode.open', uri, { preview: true });
  }

  /** Compares messages, keys in order: two side by side, each of more with the first. */
  async compare(source: RecordSource, ids: readonly number[], part: ComparePart): Promise<void> {
    const records = ids.flatMap((id) => source.find(id) ?? []).filter((record) => isKept(record, part));
    const [first, ...others] = records;
    if (!first || others.length === 0) {
      await vscode.window.showInformationMessage('There are no two messages to compare: their content is not kept.');
      return;
    }
    const uriOf = (record: MessageRecord) => this.#uri(source, record, part, true);
    const titleOf = (record: MessageRecord) => documentTitle(record, part);
    const [second] = others;
    if (second && others.length === 1) {
      const title = `${titleOf(first)} ↔ ${titleOf(second)}`;
      await vscode.commands.executeCommand('vscode.diff', uriOf(first), uriOf(second), title);
      return;
    }
    const changes = others.map((other) => [uriOf(other), uriOf(first), uriOf(other)]);
    await vscode.commands.executeCommand('vscode.changes', `Compared with ${titleOf(first)}`, changes);
  }

  dispose(): void {
    this.#life.dispose();
    this.#sessions.clear();
  }

  #uri(source: RecordSource, record: MessageRecord, part: DocumentPart, sorted = false): vscode.Uri {
    for (const [session, known] of this.#sessions) {
      if (known.source === source) {
        return vscode.Uri.from({ scheme: BODY_SCHEME, path: documentPath(session, record, part, sorted) });
      }
    }
    throw new Error('these messages have no documents');
  }

  async #content(uri: vscode.Uri): Promise<Uint8Array> {
    const known = this.#last?.path === uri.path ? this.#last.bytes.deref() : undefined;
    if (known) return known;
    const key = parseDocumentPath(uri.path);
    if (!key) throw vscode.FileSystemError.FileNotFound(uri);
    const session = this.#sessions.get(key.session);
    if (!session) {
      throw vscode.FileSystemError.Unavailable(
        `Message #${key.id} is of a session that is not stored any more, or of a recording that is not open.`,
      );
    }
    await session.ready;
    const record = session.source.find(key.id);
    const bytes = record && documentBytes(record, key.part, key.sorted);
    if (!bytes) throw vscode.FileSystemError.Unavailable(`Message #${key.id} is not kept any more.`);
    this.#last = { path: uri.path, bytes: new WeakRef(bytes) };
    return bytes;
  }
}

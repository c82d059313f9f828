/** The language server of a folder with files, in this process, with a client to ask it. */
import { mkdirSync, mkdtempSync, realpathSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { PassThrough } from 'node:stream';
import {
  createConnection,
  createProtocolConnection,
  type Diagnostic,
  type Position,
  type WorkspaceEdit,
  type WorkspaceEditClientCapabilities,
  DidChangeTextDocumentNotification,
  DidChangeWatchedFilesNotification,
  DidOpenTextDocumentNotification,
  FileChangeType,
  type InitializeResult,
  InitializedNotification,
  InitializeRequest,
  type MessageSignature,
  type ProtocolConnection,
  PublishDiagnosticsNotification,
  RegistrationRequest,
  ShutdownRequest,
  StreamMessageReader,
  StreamMessageWriter,
} from 'vscode-languageserver/node';
import { applyEdits } from '#core/acl/edit.ts';
import type { LanguageSettings } from '#core/language-messages.ts';
import { type LanguageServerOptions, serve } from '#server/language-server.ts';
import { fileOf, uriOf } from '#server/positions.ts';
import { RustReader } from '#server/rust/index.ts';
import { TextDocument } from 'vscode-languageserver-textdocument';

/** Where the cursor is in a text of a test. */
export const CURSOR = '‸';

export interface Asked {
  readonly textDocument: { readonly uri: string };
  readonly position: Position;
}

export interface ClientOptions extends Partial<LanguageServerOptions> {
  readonly settings?: unknown;
  /** settings that the server is started with */
  readonly initial?: Partial<LanguageSettings>;
  /** what of edits the client can do */
  readonly edits?: WorkspaceEditClientCapabilities;
  /** whether completions may be snippets */
  readonly snippets?: boolean;
}

/** A client of a server whose workspace is a folder of its own. */
export class TestClient implements AsyncDisposable {
  readonly folder: string;
  readonly connection: ProtocolConnection;
  readonly initialized: InitializeResult;
  readonly #texts: Map<string, string>;
  readonly #end: () => void;
  readonly #diagnostics = new Map<string, Diagnostic[]>();
  readonly #published: string[] = [];
  readonly #waiting = new Set<() => void>();
  readonly #versions = new Map<string, number>();

  private constructor(
    folder: string,
    connection: ProtocolConnection,
    initialized: InitializeResult,
    texts: Map<string, string>,
    end: () => void,
  ) {
    this.folder = folder;
    this.connection = connection;
    this.initialized = initialized;
    this.#texts = texts;
    this.#end = end;
    connection.onNotification(PublishDiagnosticsNotification.type, ({ uri, diagnostics }) => {
      this.#diagnostics.set(uri, diagnostics);
      this.#published.push(uri);
      for (const tell of this.#waiting) tell();
    });
  }

  /** @param files by path from the workspace's folder; a {@link CURSOR} in them is not written to disk */
  static async start(files: Readonly<Record<string, string>>, options: ClientOptions = {}) {
    const folder = realpathSync(mkdtempSync(join(tmpdir(), 'ipc-language-')));
    for (const [path, text] of Object.entries(files)) {
      mkdirSync(dirname(join(folder, path)), { recursive: true });
      writeFileSync(join(folder, path), text.replaceAll(CURSOR, ''));
    }
    const up = new PassThrough();
    const down = new PassThrough();
    const server = createConnection(new StreamMessageReader(up), new StreamMessageWriter(down));
    const patience = { typing: Infinity, looking: Infinity };
    const life = serve(server, { rustReader: createReader, patience, ...options });
    server.listen();
    const connection = createProtocolConnection(new StreamMessageReader(down), new StreamMessageWriter(up));
    connection.onRequest(RegistrationRequest.type, () => undefined);
    connection.onRequest('workspace/configuration', ({ items }: { items: unknown[] }) =>
      items.map(() => options.settings ?? null),
    );
    connection.onRequest('workspace/codeLens/refresh', () => null);
    connection.onRequest('workspace/inlayHint/refresh', () => null);
    connection.listen();
    const initialized = await connection.sendRequest(InitializeRequest.type, {
      processId: null,
      rootUri: null,
      capabilities: {
        workspace: {
          configuration: true,
          workspaceFolders: true,
          codeLens: { refreshSupport: true },
          ...(options.edits && { workspaceEdit: options.edits }),
        },
        textDocument: { completion: { completionItem: { snippetSupport: options.snippets ?? false } } },
      },
      initializationOptions: options.initial,
      workspaceFolders: [{ uri: uriOf(folder), name: 'test' }],
    });
    const end = () => {
      life.dispose();
      connection.dispose();
      server.dispose();
      rmSync(folder, { recursive: true, force: true });
    };
    const client = new TestClient(folder, connection, initialized, new Map(Object.entries(files)), end);
    await connection.sendNotification(InitializedNotification.type, {});
    return client;
  }

  uri(path: string): string {
    return uriOf(join(this.folder, path));
  }

  /** Opens a file in the editor with its text, or another. */
  async open(path: string, text = this.#texts.get(path) ?? ''): Promise<void> {
    this.#texts.set(path, text);
    this.#versions.set(path, 1);
    await this.connection.sendNotification(DidOpenTextDocumentNotification.type, {
      textDocument: { uri: this.uri(path), languageId: '', version: 1, text: text.replaceAll(CURSOR, '') },
    });
  }

  /** Types: the open file has this text now. */
  async change(path: string, text: string): Promise<void> {
    this.#texts.set(path, text);
    const version = (this.#versions.get(path) ?? 0) + 1;
    this.#versions.set(path, version);
    await this.connection.sendNotification(DidChangeTextDocumentNotification.type, {
      textDocument: { uri: this.uri(path), version },
      contentChanges: [{ text: text.replaceAll(CURSOR, '') }],
    });
  }

  /** Writes a file to disk, or removes it, and tells of it as VS Code's watcher would. */
  async write(path: string, text: string | undefined): Promise<void> {
    const file = join(this.folder, path);
    if (text === undefined) rmSync(file);
    else {
      mkdirSync(dirname(file), { recursive: true });
      writeFileSync(file, text);
      this.#texts.set(path, text);
    }
    const type = text === undefined ? FileChangeType.Deleted : FileChangeType.Changed;
    await this.connection.sendNotification(DidChangeWatchedFilesNotification.type, {
      changes: [{ uri: this.uri(path), type }],
    });
  }

  /** Where the cursor is in a file, as requests have it. */
  at(path: string): Asked {
    const text = this.#texts.get(path) ?? '';
    const offset = text.indexOf(CURSOR);
    if (offset < 0) throw new Error(`${path} has no ${CURSOR}`);
    const document = TextDocument.create('', '', 0, text.replaceAll(CURSOR, ''));
    return { textDocument: { uri: this.uri(path) }, position: document.positionAt(offset) };
  }

  /** Sends a request by LSP's name for it. */
  request<T>(method: string | MessageSignature, params: object): Promise<T> {
    return this.connection.sendRequest<T>(method as string, params);
  }

  /** The diagnostics of a file once they fulfil `test`. */
  async diagnostics(path: string, test: (found: readonly Diagnostic[]) => boolean): Promise<readonly Diagnostic[]> {
    const uri = this.uri(path);
    for (;;) {
      const found = this.#diagnostics.get(uri);
      if (found && test(found)) return found;
      await new Promise<void>((resolve) => {
        const tell = () => {
          this.#waiting.delete(tell);
          resolve();
        };
        this.#waiting.add(tell);
      });
    }
  }

  /** The files whose diagnostics were published, each time, in that order. */
  get published(): readonly string[] {
    return this.#published.map((uri) => uri.slice(this.uri('').length).replace(/^\//, ''));
  }

  /** The texts of files after an edit, by path; only those that it changes. */
  edited(edit: WorkspaceEdit): Record<string, string> {
    const changes = new Map(Object.entries(edit.changes ?? {}));
    for (const change of edit.documentChanges ?? []) {
      if ('edits' in change) {
        changes.set(
          change.textDocument.uri,
          change.edits.filter((each) => 'newText' in each),
        );
      }
    }
    return Object.fromEntries(
      [...changes].map(([uri, edits]) => {
        const path = (fileOf(uri) as string).slice(this.folder.length + 1);
        const text = (this.#texts.get(path) ?? '').replaceAll(CURSOR, '');
        const document = TextDocument.create('', '', 0, text);
        const flat = edits.map(({ range, newText }) => {
          const offset = document.offsetAt(range.start);
          return { offset, length: document.offsetAt(range.end) - offset, newText };
        });
        return [path, applyEdits(text, flat)];
      }),
    );
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.connection.sendRequest(ShutdownRequest.type);
    this.#end();
  }
}

const createReader = () =>
  RustReader.create({
    runtime: 'node_modules/web-tree-sitter/web-tree-sitter.wasm',
    grammar: 'node_modules/tree-sitter-rust/tree-sitter-rust.wasm',
  });

/** The language server: what it can do, and which part does it. Reads like a table of contents. */
import {
  DEFAULT_LANGUAGE_SETTINGS,
  type LanguageSettings,
  type LiveStatistics,
  SETTINGS_CHANGED,
  STATISTICS_CHANGED,
} from '#core/language-messages.ts';
import { type Disposable, Lifetime } from '#core/lifetime.ts';
import {
  CodeActionKind,
  type Connection,
  type InitializeParams,
  type InitializeResult,
  TextDocumentSyncKind,
  TextDocuments,
} from 'vscode-languageserver';
import { TextDocument } from 'vscode-languageserver-textdocument';
import type { At, Context, InFile } from './context.ts';
import { codeActions } from './features/code-actions.ts';
import { codeLenses } from './features/code-lens.ts';
import { complete } from './features/completion.ts';
import { definition } from './features/definition.ts';
import { hover } from './features/hover.ts';
import { inlayHints } from './features/inlay-hints.ts';
import { highlights, references } from './features/references.ts';
import { prepareRename, rename } from './features/rename.ts';
import { signatureHelp } from './features/signature-help.ts';
import { documentSymbols, workspaceSymbols } from './features/symbols.ts';
import { fileOf } from './positions.ts';
import { Publisher } from './publisher.ts';
import { Workspace, type WorkspaceOptions } from './workspace/workspace.ts';

export type LanguageServerOptions = Pick<WorkspaceOptions, 'rustReader'>;

const CAPABILITIES: InitializeResult['capabilities'] = {
  textDocumentSync: TextDocumentSyncKind.Incremental,
  completionProvider: { triggerCharacters: ["'", '"', '`', '{', ',', ':', '$', '/'] },
  signatureHelpProvider: { triggerCharacters: ['(', ',', '{'] },
  hoverProvider: true,
  definitionProvider: true,
  referencesProvider: true,
  documentHighlightProvider: true,
  renameProvider: { prepareProvider: true },
  documentSymbolProvider: true,
  workspaceSymbolProvider: true,
  codeLensProvider: {},
  inlayHintProvider: true,
  codeActionProvider: { codeActionKinds: [CodeActionKind.QuickFix] },
  workspace: { workspaceFolders: { supported: true, changeNotifications: true } },
};

/** Serves a client until the connection ends; `listen` is the caller's. */
export function serve(connection: Connection, options: LanguageServerOptions): Disposable {
  const life = new Lifetime();
  const workspace = life.own(new Workspace({ ...options, report: (message) => connection.console.warn(message) }));
  const documents = new TextDocuments(TextDocument);
  let settings = DEFAULT_LANGUAGE_SETTINGS;
  let statistics: LiveStatistics = [];
  const context = (): Context => ({ workspace, settings, statistics });
  const publisher = life.own(new Publisher(connection, context));

  let folders: readonly string[] = [];
  connection.onInitialize((params: InitializeParams): InitializeResult => {
    folders = (params.workspaceFolders ?? []).flatMap(({ uri }) => fileOf(uri) ?? []);
    const given = params.initializationOptions as Partial<LanguageSettings> | undefined;
    settings = { ...DEFAULT_LANGUAGE_SETTINGS, ...given };
    return { serverInfo: { name: 'ipc-workbench' }, capabilities: CAPABILITIES };
  });
  connection.onInitialized(() => {
    workspace.setFolders(folders);
    connection.workspace.onDidChangeWorkspaceFolders(({ added, removed }) => {
      const gone = new Set(removed.map(({ uri }) => fileOf(uri)));
      folders = [...folders.filter((folder) => !gone.has(folder)), ...added.flatMap(({ uri }) => fileOf(uri) ?? [])];
      workspace.setFolders(folders);
    });
  });
  life.own(workspace.onChange(() => publisher.schedule()));

  // ---- what the client tells

  connection.onNotification(SETTINGS_CHANGED, (changed: LanguageSettings) => {
    settings = changed;
    publisher.schedule();
    void connection.languages.inlayHint.refresh();
    void connection.sendRequest('workspace/codeLens/refresh');
  });
  connection.onNotification(STATISTICS_CHANGED, (changed: LiveStatistics) => {
    statistics = changed;
    void connection.sendRequest('workspace/codeLens/refresh');
  });
  documents.onDidOpen(({ document }) => {
    const file = fileOf(document.uri);
    if (file !== undefined) workspace.openDocument(file, document);
  });
  documents.onDidChangeContent(({ document }) => {
    const file = fileOf(document.uri);
    if (file !== undefined) workspace.changeDocument(file);
  });
  documents.onDidClose(({ document }) => {
    const file = fileOf(document.uri);
    if (file !== undefined) workspace.closeDocument(file);
  });
  connection.onDidChangeWatchedFiles(({ changes }) => {
    workspace.changeFiles(changes.flatMap(({ uri }) => fileOf(uri) ?? []));
  });

  // ---- what it asks

  type Document = { readonly textDocument: { readonly uri: string } };
  /** A request about a document, once all that changed before was read; nothing is known of documents that are no files. */
  const about =
    <P extends Document, T>(empty: T, answer: (asked: InFile, params: P) => Promise<T>) =>
    async (params: P): Promise<T> => {
      const file = fileOf(params.textDocument.uri);
      if (file === undefined) return empty;
      await workspace.settled();
      return answer({ ...context(), file }, params);
    };
  const at = <P extends Document & { readonly position: At['position'] }, T>(
    empty: T,
    answer: (asked: At, params: P) => Promise<T>,
  ) => about<P, T>(empty, (asked, params) => answer({ ...asked, position: params.position }, params));

  connection.onCompletion(at([], complete));
  connection.onSignatureHelp(at(null, signatureHelp));
  connection.onHover(at(null, hover));
  connection.onDefinition(at([], definition));
  connection.onReferences(at([], (asked, params) => references(asked, params.context.includeDeclaration)));
  connection.onDocumentHighlight(at([], highlights));
  connection.onPrepareRename(at(null, prepareRename));
  connection.onRenameRequest(at(null, (asked, { newName }) => rename(asked, newName)));
  connection.onDocumentSymbol(about([], documentSymbols));
  connection.onWorkspaceSymbol(async ({ query }) => {
    await workspace.settled();
    return workspaceSymbols(context(), query);
  });
  connection.onCodeLens(about([], codeLenses));
  connection.languages.inlayHint.on(about([], (asked, { range }) => inlayHints(asked, range)));
  connection.onCodeAction(about([], (asked, params) => codeActions(asked, params.context.diagnostics)));

  documents.listen(connection);
  return life;
}

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
  type CancellationToken,
  CodeActionKind,
  type Connection,
  type InitializeParams,
  type InitializeResult,
  ResponseError,
  TextDocumentSyncKind,
  TextDocuments,
} from 'vscode-languageserver';
import { TextDocument } from 'vscode-languageserver-textdocument';
import type { At, Context, EditSupport, InFile } from './context.ts';
import { errorText } from './errors.ts';
import { codeActions } from './features/code-actions.ts';
import { codeLenses, resolveCodeLens } from './features/code-lens.ts';
import { complete, resolveCompletion } from './features/completion.ts';
import { definition } from './features/definition.ts';
import { hover } from './features/hover.ts';
import { inlayHints } from './features/inlay-hints.ts';
import { highlights, references } from './features/references.ts';
import { prepareRename, rename } from './features/rename.ts';
import { signatureHelp } from './features/signature-help.ts';
import { documentSymbols, workspaceSymbols } from './features/symbols.ts';
import { fileOf } from './positions.ts';
import { Progress } from './progress.ts';
import { Publisher } from './publisher.ts';
import { Refresh } from './refresh.ts';
import { Workspace, type WorkspaceOptions } from './workspace/workspace.ts';

export interface LanguageServerOptions extends Pick<WorkspaceOptions, 'rustReader'> {
  readonly patience?: Patience;
}

/**
 * How many ms requests wait at most for files that are being read, all of them at the start; what is asked then is answered
 * by what is known. What changes or lists all places waits for all files.
 */
export interface Patience {
  /** who types goes on typing */
  readonly typing: number;
  readonly looking: number;
}

const PATIENCE: Patience = { typing: 300, looking: 2_000 };

const CAPABILITIES: InitializeResult['capabilities'] = {
  textDocumentSync: TextDocumentSyncKind.Incremental,
  completionProvider: { triggerCharacters: ["'", '"', '`', '{', '(', ',', ':', '$', '/'], resolveProvider: true },
  signatureHelpProvider: { triggerCharacters: ['(', ',', '{'] },
  hoverProvider: true,
  definitionProvider: true,
  referencesProvider: true,
  documentHighlightProvider: true,
  renameProvider: { prepareProvider: true },
  documentSymbolProvider: true,
  workspaceSymbolProvider: true,
  codeLensProvider: { resolveProvider: true },
  inlayHintProvider: true,
  codeActionProvider: { codeActionKinds: [CodeActionKind.QuickFix] },
  workspace: { workspaceFolders: { supported: true, changeNotifications: true } },
};

/** Serves a client until the connection ends; `listen` is the caller's. */
export function serve(connection: Connection, options: LanguageServerOptions): Disposable {
  const life = new Lifetime();
  const { rustReader, patience = PATIENCE } = options;
  // A client that has gone hears nothing more, and is no reason to fail.
  const log = (level: 'warn' | 'error', text: string) => {
    if (!life.over) connection.console[level](text);
  };
  const progress = life.own(new Progress(connection));
  const workspace = life.own(
    new Workspace({
      rustReader,
      report: (message) => log('warn', message),
      began: (pass) => progress.follow(pass),
    }),
  );
  const refresh = new Refresh(connection);
  const documents = new TextDocuments(TextDocument);
  let settings = DEFAULT_LANGUAGE_SETTINGS;
  let statistics: LiveStatistics = [];
  let edits: EditSupport = { documentChanges: false, annotations: false };
  let snippets = false;
  const context = (): Context => ({ workspace, settings, statistics, edits, snippets });
  const publisher = life.own(new Publisher(connection, context, (text) => log('error', text)));

  let folders: readonly string[] = [];
  connection.onInitialize((params: InitializeParams): InitializeResult => {
    folders = (params.workspaceFolders ?? []).flatMap(({ uri }) => fileOf(uri) ?? []);
    const given = params.initializationOptions as Partial<LanguageSettings> | undefined;
    settings = { ...DEFAULT_LANGUAGE_SETTINGS, ...given };
    refresh.supported = params.capabilities.workspace;
    const { documentChanges = false, changeAnnotationSupport } = params.capabilities.workspace?.workspaceEdit ?? {};
    edits = { documentChanges, annotations: documentChanges && changeAnnotationSupport !== undefined };
    snippets = params.capabilities.textDocument?.completion?.completionItem?.snippetSupport ?? false;
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
  life.own(
    workspace.onChange(({ isTyping }) => {
      publisher.schedule();
      // The editor asks again for the document that somebody types in.
      if (!isTyping) refresh.all();
    }),
  );

  // ---- what the client tells

  connection.onNotification(SETTINGS_CHANGED, (changed: LanguageSettings) => {
    settings = changed;
    publisher.schedule();
    refresh.all();
  });
  connection.onNotification(STATISTICS_CHANGED, (changed: LiveStatistics) => {
    statistics = changed;
    refresh.codeLenses();
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
  /** A part that fails is no reason to end the server: nothing is the answer. Only what a part says to the user is an error. */
  const orElse = async <T>(empty: T, answer: () => Promise<T>): Promise<T> => {
    try {
      return await answer();
    } catch (error) {
      if (error instanceof ResponseError) throw error;
      log('error', errorText(error));
      return empty;
    }
  };
  /**
   * A request about a document, once all that changed before was read, or `wait` ms have passed; nothing is known of
   * documents that are no files.
   */
  const about =
    <P extends Document, T>(empty: T, answer: (asked: InFile, params: P) => Promise<T>, wait = patience.looking) =>
    async (params: P, token: CancellationToken): Promise<T> => {
      const file = fileOf(params.textDocument.uri);
      if (file === undefined) return empty;
      await workspace.ready(file, wait);
      if (token.isCancellationRequested) return empty;
      return await orElse(empty, () => answer({ ...context(), file }, params));
    };
  const at = <P extends Document & { readonly position: At['position'] }, T>(
    empty: T,
    answer: (asked: At, params: P) => Promise<T>,
    wait?: number,
  ) => about<P, T>(empty, (asked, params) => answer({ ...asked, position: params.position }, params), wait);
  const ALL = Number.POSITIVE_INFINITY;

  connection.onCompletion(
    at(
      [],
      async (asked) => {
        const items = await complete(asked);
        return workspace.isSettled ? items : { isIncomplete: true, items };
      },
      patience.typing,
    ),
  );
  connection.onCompletionResolve((item) => orElse(item, () => resolveCompletion(context(), item)));
  connection.onSignatureHelp(at(null, signatureHelp, patience.typing));
  connection.onHover(at(null, hover));
  connection.onDefinition(at([], definition));
  connection.onReferences(at([], (asked, params) => references(asked, params.context.includeDeclaration), ALL));
  connection.onDocumentHighlight(at([], highlights));
  connection.onPrepareRename(at(null, prepareRename, ALL));
  connection.onRenameRequest(at(null, (asked, { newName }) => rename(asked, newName), ALL));
  connection.onDocumentSymbol(about([], documentSymbols));
  connection.onWorkspaceSymbol(async ({ query }, token) => {
    await workspace.settled();
    return token.isCancellationRequested ? [] : await orElse([], () => workspaceSymbols(context(), query));
  });
  connection.onCodeLens(about([], codeLenses));
  connection.onCodeLensResolve((lens) => orElse(lens, () => resolveCodeLens(context(), lens)));
  connection.languages.inlayHint.on(about([], (asked, { range }) => inlayHints(asked, range)));
  connection.onCodeAction(about([], (asked, params) => codeActions(asked, params.context.diagnostics)));

  documents.listen(connection);
  return life;
}

/** The client of the language server: its process, the files that it is told of, and what VS Code's own commands need. */
import * as vscode from 'vscode';
import type { Lifetime } from '#core/lifetime.ts';
import type {
  CloseAction,
  CodeLensMiddleware,
  ErrorAction,
  LanguageClient,
  Middleware,
} from 'vscode-languageclient/node';
import { languageSettings } from './settings.ts';

/** What the server reads; Svelte and Vue may have no language of their own here. */
const ENDINGS = 'ts,tsx,js,jsx,mts,cts,mjs,cjs,svelte,vue,html,rs,json,json5,toml';
const FILES = `*.{${ENDINGS}}`;
export const SELECTOR = [{ scheme: 'file', pattern: `**/${FILES}` }];

/** Never anybody's own code: not worth a message. */
const FOREIGN = /\/(?:node_modules|target|\.git)\//;

// The client's enumerations: it loads as CommonJS, of which `import()` sees no names that are passed on from other files.
const CONTINUE: ErrorAction = 1;
const SHUTDOWN: ErrorAction = 2;
const DO_NOT_RESTART: CloseAction = 1;
const RESTART: CloseAction = 2;

export interface ClientOptions {
  readonly name: string;
  readonly extensionUri: vscode.Uri;
  readonly outputChannel: vscode.LogOutputChannel;
  /** ends what the client watches */
  readonly life: Lifetime;
  /** The server ended by itself: whether to start it again. */
  mayRestart(): boolean;
}

/** A client that is not started yet. */
export async function createClient(options: ClientOptions): Promise<LanguageClient> {
  const { name, extensionUri, outputChannel, life, mayRestart } = options;
  const { LanguageClient, TransportKind } = await import('vscode-languageclient/node');
  const watch = (pattern: string, ignoresChanges: boolean) =>
    life.own(vscode.workspace.createFileSystemWatcher(pattern, false, ignoresChanges, false));
  const client: LanguageClient = new LanguageClient(
    // Its settings are of that name: `….trace.server` is what is logged of the messages.
    'ipcWorkbench.language',
    name,
    { module: vscode.Uri.joinPath(extensionUri, 'dist', 'server.cjs').fsPath, transport: TransportKind.ipc },
    {
      documentSelector: SELECTOR,
      initializationOptions: languageSettings,
      outputChannel,
      // Of a folder that comes or goes VS Code tells by itself, and not of what is in it.
      synchronize: { fileEvents: [watch(`**/{${FILES},.gitignore}`, false), watch('**/*', true)] },
      middleware: { workspace: { didChangeWatchedFile }, ...codeLenses(() => client) },
      errorHandler: {
        error: (_error, _message, count) => ({
          action: count !== undefined && count <= 3 ? CONTINUE : SHUTDOWN,
          handled: true,
        }),
        closed: () => ({ action: mayRestart() ? RESTART : DO_NOT_RESTART, handled: true }),
      },
    },
  );
  return client;
}

type Watched = NonNullable<NonNullable<Middleware['workspace']>['didChangeWatchedFile']>;

/** Tells of what may matter: of files by their names, and of all that has the name of a folder, or is gone. */
const didChangeWatchedFile: Watched = async (event, next) => {
  const name = event.uri.slice(event.uri.lastIndexOf('/') + 1);
  const isGone = event.type === 3; // LSP's number for it
  if (FOREIGN.test(event.uri) || !(isGone || !name.includes('.') || READ.test(name))) return;
  await next(event);
};

const READ = new RegExp(`\\.(?:${ENDINGS.replaceAll(',', '|')}|gitignore)$`);

/** Places in arguments of a command are VS Code's own objects, which no server can send. */
function codeLenses(client: () => LanguageClient): CodeLensMiddleware {
  return {
    async resolveCodeLens(lens, token, next) {
      const resolved = await next(lens, token);
      if (resolved?.command?.command !== 'editor.action.showReferences') return resolved;
      const [uri, position, places] = resolved.command.arguments as Parameters<typeof referencesArguments>[1];
      resolved.command.arguments = referencesArguments(client(), [uri, position, places]);
      return resolved;
    },
  };
}

type Converter = LanguageClient['protocol2CodeConverter'];

function referencesArguments(
  { protocol2CodeConverter: converter }: LanguageClient,
  [uri, position, places]: [string, Parameters<Converter['asPosition']>[0], Parameters<Converter['asLocation']>[0][]],
): unknown[] {
  return [converter.asUri(uri), converter.asPosition(position), places.map((each) => converter.asLocation(each))];
}

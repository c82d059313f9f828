/** The client of the language server: starts its process with the first document that it can say something about. */
import * as vscode from 'vscode';
import { type Disposable, Lifetime } from '#core/lifetime.ts';
import type { LanguageClient } from 'vscode-languageclient/node';
import { errorText, type Log } from './log.ts';
import { diagnosticLevels } from './settings.ts';

/** What the server reads; Svelte and Vue may have no language of their own here. */
const PATTERN = '**/*.{ts,tsx,js,jsx,mts,cts,mjs,cjs,svelte,vue,html,rs,json,json5,toml}';
const SELECTOR = [{ scheme: 'file', pattern: PATTERN }];
const CONFIGS = '**/{tauri.conf.json,tauri.conf.json5,Tauri.toml}';
const NOT_IN = '**/{node_modules,target}/**';

export interface LanguageOptions {
  readonly log: Log;
  readonly extensionUri: vscode.Uri;
}

export class Language implements Disposable {
  readonly #options: LanguageOptions;
  readonly #life = new Lifetime();
  #client: Promise<LanguageClient> | undefined;

  constructor(options: LanguageOptions) {
    this.#options = options;
    this.#life.own(vscode.workspace.onDidOpenTextDocument((document) => this.#look(document)));
    for (const document of vscode.workspace.textDocuments) this.#look(document);
  }

  #look(document: vscode.TextDocument): void {
    if (this.#client || vscode.languages.match(SELECTOR, document) === 0) return;
    this.#startWhereWanted().catch((error: unknown) => {
      this.#options.log.error(`The language server did not start: ${errorText(error)}`);
    });
  }

  async #startWhereWanted(): Promise<void> {
    const found = await vscode.workspace.findFiles(CONFIGS, NOT_IN, 1);
    if (found.length === 0 || this.#client || this.#life.over) return;
    this.#client = this.#start();
    await this.#client;
  }

  async #start(): Promise<LanguageClient> {
    const { LanguageClient, TransportKind } = await import('vscode-languageclient/node');
    const module = vscode.Uri.joinPath(this.#options.extensionUri, 'dist', 'server.cjs').fsPath;
    const watcher = this.#life.own(vscode.workspace.createFileSystemWatcher(PATTERN));
    const client = new LanguageClient(
      'ipcWorkbench.language',
      'IPC Workbench Language Server',
      { module, transport: TransportKind.ipc },
      {
        documentSelector: SELECTOR,
        synchronize: { fileEvents: watcher },
        initializationOptions: () => ({ diagnostics: diagnosticLevels() }),
      },
    );
    this.#life.onEnd(() => void client.dispose());
    await client.start();
    return client;
  }

  dispose(): void {
    this.#life.dispose();
  }
}

/** The language server's life: started with the first document that it can say something about, and again after a crash. */
import * as vscode from 'vscode';
import { SETTINGS_CHANGED, STATISTICS_CHANGED } from '#core/language-messages.ts';
import { type Disposable, Lifetime } from '#core/lifetime.ts';
import type { LanguageClient } from 'vscode-languageclient/node';
import { errorText, type Log } from '../log.ts';
import { languageEnabled } from '../settings.ts';
import type { Traffic } from '../surfaces/traffic.ts';
import { createClient, SELECTOR } from './client.ts';
import { Crashes } from './crashes.ts';
import { languageSettings } from './settings.ts';
import { MARKERS, speaksIpc } from './speaks-ipc.ts';

/** Many files may come at once. */
const QUIET_MS = 500;

export interface LanguageOptions {
  readonly log: Log;
  readonly extensionUri: vscode.Uri;
  readonly traffic: Traffic;
}

interface Running {
  readonly client: LanguageClient;
  /** of what it watches */
  readonly life: Lifetime;
}

const NAME = 'IPC Workbench Language Server';

export class Language implements Disposable {
  readonly #options: LanguageOptions;
  readonly #life = new Lifetime();
  readonly #crashes = new Crashes(
    () =>
      void this.#offerRestart(
        'The language server of IPC Workbench has ended unexpectedly six times within three minutes.',
      ),
  );
  #running: Running | undefined;
  #channel: vscode.LogOutputChannel | undefined;
  /** the numbers that it was told last */
  #statistics = '';
  /** one start or end at a time */
  #turn: Promise<void> = Promise.resolve();
  /** it did not start: nothing but the user has it try again */
  #failed = false;
  /** whether some folder has what the server is for; undefined: to be looked at */
  #speaksIpc: boolean | undefined;
  #timer: NodeJS.Timeout | undefined;

  constructor(options: LanguageOptions) {
    this.#options = options;
    const own = (thing: Disposable) => this.#life.own(thing);
    own(vscode.workspace.onDidOpenTextDocument((document) => isOurs(document) && this.#update()));
    own(vscode.workspace.onDidChangeWorkspaceFolders(() => this.#lookAgain()));
    own(vscode.extensions.onDidChange(() => this.#sendSettings()));
    own(
      vscode.workspace.onDidChangeConfiguration((change) => {
        if (!change.affectsConfiguration('ipcWorkbench.language')) return;
        this.#sendSettings();
        this.#update();
      }),
    );
    const markers = this.#life.own(vscode.workspace.createFileSystemWatcher(MARKERS, false, false, true));
    own(markers.onDidCreate((uri) => this.#markerChanged(uri)));
    own(markers.onDidChange((uri) => this.#markerChanged(uri)));
    own(options.traffic.onChange(() => void this.#sendStatistics()));
    this.#life.onEnd(() => {
      clearTimeout(this.#timer);
      void this.#enqueue(() => this.#stop());
    });
    this.#update();
  }

  /** Ends the server, where it runs, and starts it, where the settings allow it. */
  async restart(): Promise<void> {
    this.#crashes.forget();
    this.#failed = false;
    await this.#enqueue(() => this.#stop());
    if (languageEnabled()) await this.#enqueue(() => this.#start());
    else void vscode.window.showInformationMessage('The language server is off: see ipcWorkbench.language.enabled.');
  }

  // ---- when it runs

  #markerChanged({ path }: vscode.Uri): void {
    if (this.#running || path.includes('/node_modules/')) return;
    this.#lookAgain();
  }

  #lookAgain(): void {
    if (this.#speaksIpc) return;
    this.#speaksIpc = undefined;
    clearTimeout(this.#timer);
    this.#timer = setTimeout(() => this.#update(), QUIET_MS);
  }

  #update(): void {
    void this.#enqueue(async () => {
      if (!languageEnabled()) await this.#stop();
      else if (await this.#isWanted()) await this.#start();
    });
  }

  async #isWanted(): Promise<boolean> {
    if (!vscode.workspace.textDocuments.some(isOurs)) return false;
    this.#speaksIpc ??= await speaksIpc();
    return this.#speaksIpc;
  }

  #enqueue(step: () => Promise<void>): Promise<void> {
    this.#turn = this.#turn.then(step).catch((error: unknown) => {
      this.#options.log.error(`The language server: ${errorText(error)}`);
    });
    return this.#turn;
  }

  async #start(): Promise<void> {
    if (this.#running || this.#failed || this.#life.over) return;
    const life = this.#life.own(new Lifetime());
    this.#channel ??= this.#life.own(vscode.window.createOutputChannel(NAME, { log: true }));
    const client = await createClient({
      name: NAME,
      extensionUri: this.#options.extensionUri,
      outputChannel: this.#channel,
      life,
      mayRestart: () => this.#crashes.add(),
    });
    this.#running = { client, life };
    // Also of one that the client has started again: it knows no numbers yet.
    life.own(
      client.onDidChangeState(() => {
        this.#statistics = '';
        void this.#sendStatistics();
      }),
    );
    try {
      await client.start();
    } catch (error) {
      this.#failed = true;
      this.#options.log.error(`The language server does not start: ${errorText(error)}`);
      void this.#offerRestart(`The language server of IPC Workbench does not start: ${errorText(error)}`);
      await this.#stop();
    }
  }

  async #stop(): Promise<void> {
    const running = this.#running;
    if (!running) return;
    this.#running = undefined;
    this.#life.end(running.life);
    // One that has crashed for good has no process to end.
    if (running.client.needsStop()) await running.client.stop();
    await running.client.dispose();
  }

  async #offerRestart(why: string): Promise<void> {
    const chosen = await vscode.window.showErrorMessage(why, 'Restart', 'Show Log');
    if (chosen === 'Restart') await this.restart();
    else if (chosen === 'Show Log') this.#channel?.show();
  }

  // ---- what it is told

  #sendSettings(): void {
    this.#send(SETTINGS_CHANGED, languageSettings());
  }

  async #sendStatistics(): Promise<void> {
    if (!this.#running?.client.isRunning()) return;
    const statistics = await this.#options.traffic.commands();
    const printed = JSON.stringify(statistics);
    if (printed === this.#statistics) return;
    this.#statistics = printed;
    this.#send(STATISTICS_CHANGED, statistics);
  }

  #send(notification: string, content: unknown): void {
    if (!this.#running?.client.isRunning()) return;
    this.#running.client.sendNotification(notification, content).catch((error: unknown) => {
      this.#options.log.warn(`The language server was not told: ${errorText(error)}`);
    });
  }

  dispose(): void {
    this.#life.dispose();
  }
}

const isOurs = (document: vscode.TextDocument) => vscode.languages.match(SELECTOR, document) > 0;

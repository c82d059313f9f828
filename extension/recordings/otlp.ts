/** Sends spans to the collector of the settings, and begins anew when these change. */
import type { Dispatcher } from 'undici';
import * as vscode from 'vscode';
import { Redactor } from '#core/export/redact.ts';
import { type Disposable, Lifetime } from '#core/lifetime.ts';
import type { RecordSource } from '#core/record-source.ts';
import { errorText, type Log } from '../log.ts';
import { plainMessage } from '../plugins/plain-text.ts';
import { otlpEndpoint, otlpHeaders, redactionPatterns } from '../settings.ts';

export interface OtlpOptions {
  readonly source: RecordSource;
  readonly tool: string;
  readonly log: Log;
}

export class Otlp implements Disposable {
  readonly #options: OtlpOptions;
  readonly #life = new Lifetime();
  #running: Lifetime | undefined;

  constructor(options: OtlpOptions) {
    this.#options = options;
    this.#life.own(
      vscode.workspace.onDidChangeConfiguration((change) => {
        if (change.affectsConfiguration('ipcWorkbench.otlp') || change.affectsConfiguration('ipcWorkbench.export')) {
          this.#restart();
        }
      }),
    );
    this.#restart();
  }

  dispose(): void {
    this.#life.dispose();
  }

  #restart(): void {
    if (this.#running) this.#life.end(this.#running);
    this.#running = undefined;
    const endpoint = otlpEndpoint();
    if (endpoint === undefined) return;
    const running = this.#life.own(new Lifetime());
    this.#running = running;
    this.#start(endpoint, running).catch((error: unknown) => {
      this.#options.log.error(`Sending spans to ${endpoint} failed: ${errorText(error)}`);
      void vscode.window.showErrorMessage(plainMessage(`ipcWorkbench.otlp.endpoint: ${(error as Error).message}`));
    });
  }

  async #start(endpoint: string, running: Lifetime): Promise<void> {
    const { OtlpExporter } = await import('./otlp-exporter.ts');
    if (running.over) return;
    const { source, tool, log } = this.#options;
    let agent: Promise<Dispatcher> | undefined;
    running.onEnd(() => void agent?.then((made) => made.destroy()));
    const dispatcher = () =>
      (agent ??= import('undici').then(({ EnvHttpProxyAgent }) => new EnvHttpProxyAgent({ connections: 1 })));
    running.own(
      new OtlpExporter({
        source,
        endpoint,
        headers: otlpHeaders(),
        started: Date.now() - source.sessionTime,
        tool,
        redactor: new Redactor(redactionPatterns()),
        dispatcher,
        report: (problem) => {
          log.warn(`Spans for ${endpoint}: ${problem}`);
          void vscode.window.showWarningMessage(plainMessage(`Spans are not sent: ${problem}`));
        },
      }),
    );
    log.info(`Spans of all messages are sent to ${endpoint}`);
  }
}

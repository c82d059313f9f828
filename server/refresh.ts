/** Has the editor ask again for what it shows in documents, where it can. */
import type { ClientCapabilities, Connection } from 'vscode-languageserver';

export class Refresh {
  readonly #connection: Connection;
  /** as the client said at the start */
  supported: ClientCapabilities['workspace'];

  constructor(connection: Connection) {
    this.#connection = connection;
  }

  codeLenses(): void {
    if (this.supported?.codeLens?.refreshSupport === true) this.#ask('workspace/codeLens/refresh');
  }

  all(): void {
    this.codeLenses();
    if (this.supported?.inlayHint?.refreshSupport === true) this.#ask('workspace/inlayHint/refresh');
  }

  #ask(request: string): void {
    // An editor that is about to end does not answer.
    this.#connection.sendRequest(request).catch(() => undefined);
  }
}

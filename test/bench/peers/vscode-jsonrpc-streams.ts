/** The two ends that vscode-jsonrpc asks for, over VS Code's postMessage (as its BrowserMessageReader over a port). */
import {
  AbstractMessageReader,
  AbstractMessageWriter,
  type DataCallback,
  type Disposable,
  type Message,
  type MessageReader,
  type MessageWriter,
} from 'vscode-jsonrpc';

export class PostMessageReader extends AbstractMessageReader implements MessageReader {
  readonly #listen: (take: (message: Message) => void) => void;

  constructor(listen: (take: (message: Message) => void) => void) {
    super();
    this.#listen = listen;
  }

  listen(callback: DataCallback): Disposable {
    this.#listen(callback);
    return { dispose: () => undefined };
  }
}

export class PostMessageWriter extends AbstractMessageWriter implements MessageWriter {
  readonly #post: (message: Message) => void;

  constructor(post: (message: Message) => void) {
    super();
    this.#post = post;
  }

  write(message: Message): Promise<void> {
    this.#post(message);
    return Promise.resolve();
  }

  end(): void {
    // Nothing to close: the panel ends the connection.
  }
}

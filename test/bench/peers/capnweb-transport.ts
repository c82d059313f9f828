/** Cap'n Web's own interface for transports; VS Code's postMessage carries JSON and bytes. */
import type { RpcTransportWithCustomEncoding } from 'capnweb';

export class PostMessageTransport implements RpcTransportWithCustomEncoding {
  readonly encodingLevel = 'jsonCompatibleWithBytes';
  readonly #post: (message: unknown) => void;
  readonly #arrived: unknown[] = [];
  #wanted: ((message: unknown) => void) | undefined;

  constructor(post: (message: unknown) => void, listen: (take: (message: unknown) => void) => void) {
    this.#post = post;
    listen((message) => {
      const wanted = this.#wanted;
      this.#wanted = undefined;
      if (wanted) wanted(message);
      else this.#arrived.push(message);
    });
  }

  send(message: unknown): void {
    this.#post(message);
  }

  receive(): Promise<unknown> {
    if (this.#arrived.length > 0) return Promise.resolve(this.#arrived.shift());
    return new Promise((resolve) => {
      this.#wanted = resolve;
    });
  }
}

/**
 * The isolation frames of one app (tauri-core 7.2): their server, an origin of its own beside the app's, and their keys.
 * A page could fetch what its own origin serves, or have a service worker see it; what another origin serves, no page can
 * read. So the key is in two places only, the frame's document and here.
 */
import { createDecipheriv, randomBytes, randomUUID } from 'node:crypto';
import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import type { Isolation, Opener } from '#core/isolation.ts';
import type { Disposable } from '#core/lifetime.ts';
import { isolationDocument } from './isolation-page.ts';

/** As webview-ui/bridge/isolation-frame.ts makes them. */
const NONCE_BYTES = 12;
const TAG_BYTES = 16;
/** Page loads that are remembered; a page whose load is forgotten keeps its key, but its frame cannot load again. */
const MAX_LOADS = 1000;

interface IsolationSource {
  /** `app.security.pattern.options.dir` */
  readonly folder: string;
  /** text of dist/isolation-frame.js */
  readonly runtime: string;
  /** an isolation page that cannot be served */
  report(error: unknown): void;
}

/** Serves an app's isolation page, one document with a key of its own for each load of a page. */
export class IsolationServer implements Isolation, Disposable {
  readonly #source: IsolationSource;
  readonly #server: Server;
  readonly #loads = new Map<string, { readonly key: PageKey; readonly pageOrigin: string }>();
  readonly #hosts = new Set<string>();
  #origin = '';

  constructor(source: IsolationSource) {
    this.#source = source;
    this.#server = createServer((request, response) => this.#respond(request, response));
  }

  /** Starts to listen, on any free port of the loopback interface. */
  async start(): Promise<void> {
    await new Promise<void>((resolve, reject) => {
      this.#server.once('error', reject);
      this.#server.listen(0, '127.0.0.1', () => {
        this.#server.off('error', reject);
        resolve();
      });
    });
    this.reachAt(`http://127.0.0.1:${(this.#server.address() as AddressInfo).port}`);
  }

  get origin(): string {
    return this.#origin;
  }

  /** Pages reach this server by another origin: a tunnel of VS Code to the machine that it runs on. */
  reachAt(origin: string): void {
    this.#origin = origin;
    this.#hosts.add(new URL(origin).host);
  }

  /**
   * A new load of a page: what the bridge must know of it (webview-ui/bridge/config.ts).
   *
   * @param pageOrigin of the page: the only one that the frame of this load speaks with
   */
  createLoad(pageOrigin: string): { readonly origin: string; readonly load: string } {
    const load = randomUUID();
    this.#loads.set(load, { key: new PageKey(), pageOrigin });
    const [oldest] = this.#loads.keys();
    if (this.#loads.size > MAX_LOADS && oldest !== undefined) this.#loads.delete(oldest);
    return { origin: this.#origin, load };
  }

  opener(load: string): Opener | undefined {
    const key = this.#loads.get(load)?.key;
    return key && ((sealed, bound) => key.open(sealed, bound));
  }

  dispose(): void {
    this.#server.close();
    this.#server.closeAllConnections();
  }

  #respond(request: IncomingMessage, response: ServerResponse): void {
    const end = (status: number, headers: Record<string, string>, text: string) => {
      response.writeHead(status, {
        'cache-control': 'no-store',
        'x-content-type-options': 'nosniff',
        'cross-origin-resource-policy': 'same-site',
        'referrer-policy': 'no-referrer',
        ...headers,
      });
      response.end(text);
    };
    const fail = (status: number, text: string) => end(status, { 'content-type': 'text/plain; charset=utf-8' }, text);
    // Another name for this machine in the Host header would be a DNS rebinding attack.
    if (!this.#hosts.has(request.headers.host ?? '')) return fail(421, 'unknown host');
    const { 'sec-fetch-dest': destination = 'iframe' } = request.headers;
    const load = this.#loads.get(request.url?.slice(1) ?? '');
    if (!load || request.method !== 'GET' || destination !== 'iframe') return fail(404, 'not found');
    const { folder, runtime } = this.#source;
    const config = { key: [...load.key.renew()], origin: load.pageOrigin };
    try {
      const { html, csp } = isolationDocument(folder, runtime, config, this.#origin);
      // An app whose pages are isolated from other origins may frame only what is, too.
      const embedder = { 'cross-origin-embedder-policy': 'require-corp' };
      end(200, { 'content-type': 'text/html; charset=utf-8', 'content-security-policy': csp, ...embedder }, html);
    } catch (error) {
      this.#source.report(error);
      fail(500, (error as Error).message);
    }
  }
}

/** The key of one isolation frame, and the number of the last message that it sealed. */
class PageKey {
  #key = randomBytes(32);
  #last = 0;

  /** A document counts from one: it must not do so with a key that was used before. */
  renew(): Uint8Array {
    this.#last = 0;
    return (this.#key = randomBytes(32));
  }

  open(sealed: Uint8Array, bound: string): Uint8Array {
    if (sealed.byteLength < NONCE_BYTES + TAG_BYTES) throw new Error('Nonce: the payload is too short to have one');
    const nonce = sealed.subarray(0, NONCE_BYTES);
    const encrypted = sealed.subarray(NONCE_BYTES, -TAG_BYTES);
    const decipher = createDecipheriv('aes-256-gcm', this.#key, nonce, { authTagLength: TAG_BYTES });
    decipher.setAAD(Buffer.from(bound));
    decipher.setAuthTag(sealed.subarray(-TAG_BYTES));
    // Not a Buffer: those share their memory.
    const open = new Uint8Array(encrypted.byteLength);
    open.set(decipher.update(encrypted));
    try {
      decipher.final();
    } catch (error) {
      const text = "AES-GCM: the message was not sealed by this page's isolation frame, or was changed since";
      throw new Error(text, { cause: error });
    }
    const number = Buffer.from(nonce).readUInt32BE(NONCE_BYTES - 4);
    if (number <= this.#last) throw new Error('Nonce: the message was sent before');
    this.#last = number;
    return open;
  }
}

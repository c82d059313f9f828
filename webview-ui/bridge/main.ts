/**
 * The bridge: the first script of every document of a window. It makes the page believe that it runs in Tauri, and
 * carries its messages to the host. Injected into other people's pages: no dependency, a few kilobytes, no trace in
 * the document.
 */
import type { FromPage } from '#core/wire.ts';
import type { BridgeConfig } from './config.ts';
import { defineInternals } from './internals.ts';
import { forwardKeys } from './keys.ts';
import { Link } from './link.ts';
import { changePage, watchPage } from './page.ts';
import { provideStorage } from './storage.ts';

declare function acquireVsCodeApi(): { postMessage(message: unknown, transfer?: Transferable[]): void };

function start(script: HTMLScriptElement): void {
  const config = JSON.parse(script.dataset['config'] as string) as BridgeConfig;
  script.remove();
  if ('__TAURI_INTERNALS__' in window) return;
  if (config.freezePrototype) Object.freeze(Object.prototype);

  const label = config.label ?? window.name;
  const take = defineInternals(config, label, () => link);
  const send = (message: FromPage) => link.send(message);
  const link = new Link((message, raw) => {
    if (message.kind === 'change') changePage(message, send);
    else take(message, raw);
  });
  if (config.storageUrl) {
    provideStorage(config.storageUrl, (key, value) => send({ kind: 'storage', key, value }));
  }
  send({
    kind: 'ready',
    version: 1,
    url: location.href,
    ...(ISOLATION ? { isolation: config.isolation?.load } : {}),
  });
  watchPage(send);

  if (config.label !== undefined) connectWebview(link, config);
  else connectFrame(link, config);
}

/** In an app's frame: the wrapper page around it hands over a port, once it has seen that this frame asks. */
function connectFrame(link: Link, { key, wrapperKey }: BridgeConfig): void {
  // Not when a message comes: a page may have a variable of that name by then.
  const wrapper = parent;
  const listen = (event: MessageEvent) => {
    const port = event.ports[0];
    if (event.source !== wrapper || event.data !== wrapperKey || !port) return;
    // The page's own listeners must not see the port.
    event.stopImmediatePropagation();
    removeEventListener('message', listen, true);
    port.onmessage = ({ data }) => link.receive(data);
    link.connect({ post: (parts, transfer) => port.postMessage(parts, transfer) });
    forwardKeys((key) => port.postMessage(key));
    // What comes after this document may have no bridge to say so.
    addEventListener('pagehide', () => port.postMessage(0));
  };
  // The first of those that capture: no listener of the page comes before it.
  addEventListener('message', listen, true);
  wrapper.postMessage(key, '*');
}

/**
 * In an extension's own webview: VS Code's API is the carrier, and the page can no longer acquire it. Any frame inside of
 * the page can post to it, and those of its origin to the host: frames have the page's origin and the mark of this load.
 */
function connectWebview(link: Link, { key }: BridgeConfig): void {
  const api = acquireVsCodeApi();
  const mark = key + Math.random();
  const own = origin;
  addEventListener(
    'message',
    (event) => {
      if (event.origin !== own || event.data?.[0] !== mark) return;
      event.stopImmediatePropagation();
      link.receive(event.data.slice(1));
    },
    true,
  );
  // VS Code's own way costs much a frame, and little a message.
  link.connect({ most: 16_000, post: (parts, transfer) => api.postMessage([mark, ...parts], transfer) });
}

start(document.currentScript as HTMLScriptElement);

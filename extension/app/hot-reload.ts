/**
 * Hot reload through another port: a development server may tell its pages to connect to a port that is not theirs
 * (Vite's `server.hmr.port`). Where VS Code runs on another machine, pages cannot reach that one, and a CSP would have to
 * name it. So they connect to their own origin, and the page server to that port.
 */
import type { IncomingMessage } from 'node:http';
import { OWN_PATH } from './own-path.ts';

/** `…/hot-reload/<port>/<path>` */
const PATH = `${OWN_PATH}hot-reload/`;
/** What Vite's client names its connections: nothing else may reach other ports from here. */
const PROTOCOLS = ['vite-hmr', 'vite-ping'];

/**
 * Where a page's WebSocket leads to: the development server, or the port that its hot reload has for itself. Undefined
 * where it may not lead there.
 */
export function hotReloadTarget(
  url: URL,
  request: IncomingMessage,
  serverPort: number,
): { readonly port: number; readonly path: Pick<URL, 'pathname' | 'search'> } | undefined {
  if (!url.pathname.startsWith(OWN_PATH)) return { port: serverPort, path: url };
  const [, digits = '', pathname = ''] = /^(\d{1,5})(\/.*)$/.exec(url.pathname.slice(PATH.length)) ?? [];
  const port = Number(digits);
  const named = PROTOCOLS.includes(request.headers['sec-websocket-protocol'] ?? '');
  if (!url.pathname.startsWith(PATH) || !named || port < 1 || port > 65_535) return undefined;
  return { port, path: { pathname, search: url.search } };
}

/**
 * The script for pages of a development server: leads Vite's connections to other ports of the server's machine through
 * the page's own origin. All other WebSockets stay as they are.
 *
 * @param hosts names by which pages know the server's machine
 */
export function hotReloadScript(hosts: readonly string[]): string {
  return `
const hosts = ${JSON.stringify([...new Set(hosts)])};
const protocols = ${JSON.stringify(PROTOCOLS)};
window.WebSocket = new Proxy(window.WebSocket, {
  construct(target, [address, protocol, ...rest], newTarget) {
    let url = address;
    try {
      const to = new URL(address, location.href.replace(/^http/, 'ws'));
      if (protocols.includes(protocol) && to.host !== location.host && hosts.includes(to.hostname)) {
        const port = to.port || (to.protocol === 'wss:' ? 443 : 80);
        url = location.origin.replace(/^http/, 'ws') + ${JSON.stringify(PATH)} + port + to.pathname + to.search;
      }
    } catch {}
    return Reflect.construct(target, [url, protocol, ...rest], newTarget);
  },
});`;
}

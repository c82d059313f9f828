// The plugins http and websocket from the package: their libraries load when they are needed, in VS Code's own Node.
import assert from 'node:assert/strict';
import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { after, before, describe, test } from 'node:test';
import type { Frame } from 'playwright-core';
import type * as http from '@tauri-apps/plugin-http';
import type websocket from '@tauri-apps/plugin-websocket';
import { WebSocketServer } from 'ws';
import { eventually } from './controls.ts';
import { startWorkbench, type Workbench } from './harness.ts';
import { bundlePage, makeProject, pageReady } from './project.ts';

declare global {
  var network: { readonly fetch: typeof http.fetch; readonly WebSocket: typeof websocket };
}

describe('plugins that use the network', () => {
  let workbench: Workbench;
  let server: Server;
  let host: string;
  let frame: Frame;
  let open = 0;

  before(async () => {
    server = createServer((request, response) => {
      response.writeHead(200, { 'Set-Cookie': ['a=1', 'b=2'], 'X-Origin': String(request.headers.origin) });
      if (request.url === '/endless') response.write('first');
      else response.end(`${request.method} ${request.url}`);
    });
    const sockets = new WebSocketServer({ server });
    sockets.on('connection', (socket) =>
      socket.on('message', (data) => socket.send(`echo ${(data as Buffer).toString()}`)),
    );
    server.on('connection', (socket) => {
      open++;
      socket.on('close', () => open--);
    });
    await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
    host = `127.0.0.1:${(server.address() as AddressInfo).port}`;

    const project = await makeProject();
    await bundlePage([project.sourceOf('network.ts')], project.path('dist/assets'));
    const page = project.read('dist/index.html');
    const more = '<script type="module" src="/assets/network.js"></script></head>';
    project.write('dist/index.html', page.replace('</head>', more));
    const main = JSON.parse(project.read('capabilities/main.json')) as { permissions: unknown[] };
    main.permissions.push({ identifier: 'http:default', allow: [`http://${host}`] }, 'websocket:default');
    project.write('capabilities/main.json', JSON.stringify(main));
    workbench = await startWorkbench({ folder: project.folder });
    await workbench.command('IPC Workbench: Open App');
    frame = await pageReady(await workbench.appFrame('main'));
    await frame.waitForFunction(() => 'network' in globalThis);
  });
  after(async () => {
    await workbench?.close();
    server.closeAllConnections();
    server.close();
  });

  test('a page fetches what its scope allows', async () => {
    const seen = await frame.evaluate(async (host) => {
      const response = await network.fetch(`http://${host}/x`, { method: 'POST', body: 'hello' });
      const text = await response.text();
      const refused = await network.fetch('http://127.0.0.1:1/').catch((error: unknown) => error);
      return {
        status: response.status,
        cookies: response.headers.getSetCookie(),
        origin: response.headers.get('x-origin'),
        text,
        refused,
      };
    }, host);
    assert.deepEqual(seen, {
      status: 200,
      cookies: ['a=1', 'b=2'],
      origin: process.platform === 'win32' ? 'http://tauri.localhost' : 'tauri://localhost',
      text: 'POST /x',
      refused: 'url not allowed on the configured scope: http://127.0.0.1:1/',
    });
  });

  test('a page talks with a WebSocket server, and what it holds ends with it', async () => {
    const heard = await frame.evaluate(async (host) => {
      const response = await network.fetch(`http://${host}/endless`);
      const first = await response.body?.getReader().read();
      const socket = await network.WebSocket.connect(`ws://${host}`);
      const heard = new Promise((resolve) => void socket.addListener(resolve));
      await socket.send('hi');
      return [new TextDecoder().decode(first?.value), await heard];
    }, host);
    assert.deepEqual(heard, ['first', { type: 'Text', data: 'echo hi' }]);
    assert.equal(open, 2);
    await workbench.command('IPC Workbench: Reload Windows');
    await eventually(() => open, 0);
  });
});

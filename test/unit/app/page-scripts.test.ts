/** Scripts of pages as source maps need them: asked for at the app's own server only, and as it serves them. */
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, expect, test } from 'vitest';
import { readPageScript } from '../../../extension/app/page-scripts.ts';
import { type PageSource, startPageServer } from '../../../extension/app/page-server.ts';
import { SCRIPT_LENGTH } from '../../../extension/inspector/source-maps.ts';

const ends: (() => void)[] = [];
afterEach(() => {
  for (const end of ends.splice(0).reverse()) end();
});

async function serve(frontend: PageSource['frontend']) {
  const server = await startPageServer(
    {
      frontend,
      csp: undefined,
      asset: async () => undefined,
      injection: () => ({ bridge: 'one;\ntwo;', config: {}, globalApi: undefined, initScripts: [] }),
      allowNavigation: async () => true,
      storage: () => '{}',
    },
    0,
  );
  ends.push(() => server.dispose());
  const read = (path: string, origin = server.origin) => readPageScript(server, frontend, new URL(path, origin));
  return { server, read };
}

test('scripts of a built frontend are its files, and nothing else of this machine', async () => {
  const folder = mkdtempSync(join(tmpdir(), 'ipc-scripts-'));
  ends.push(() => rmSync(folder, { recursive: true }));
  mkdirSync(join(folder, 'dist/assets'), { recursive: true });
  writeFileSync(join(folder, 'dist/index.html'), '<!doctype html>\n<head></head>\n<script>go()</script>');
  writeFileSync(join(folder, 'dist/assets/main.js'), 'go()');
  writeFileSync(join(folder, 'secret.js'), 'secret');
  const { server, read } = await serve({ kind: 'folder', folder: join(folder, 'dist') });
  expect(await read('/assets/main.js')).toEqual({ text: 'go()', file: join(folder, 'dist/assets/main.js') });
  await expect(read('/assets/main.js.map')).rejects.toThrow('/assets/main.js.map is not in the built frontend');
  await expect(read('/..%2fsecret.js')).rejects.toThrow('is not in the built frontend');
  await expect(read('/assets/main.js', 'http://169.254.169.254')).rejects.toThrow('the script is of another site');
  // By how much the document grew: its own scripts stand that much further down.
  const page = await fetch(server.pageUrl('index.html'), {
    headers: { 'sec-fetch-dest': 'iframe', accept: 'text/html' },
  });
  const line = (await page.text()).split('\n').findIndex((text) => text.includes('go()')) + 1;
  expect(line - server.addedLines).toBe(3);
});

test('those of a development server are asked of it, within limits', async () => {
  const asked: (string | undefined)[] = [];
  const vite = createServer((request, response) => {
    asked.push(request.url);
    if (request.url === '/moved.js') response.writeHead(302, { location: 'http://127.0.0.1:1/' }).end();
    else if (request.url === '/gone.js') response.writeHead(404).end();
    else if (request.url === '/endless.js') response.end(Buffer.alloc(SCRIPT_LENGTH + 1, 32));
    else response.writeHead(200, { 'content-type': 'text/javascript' }).end('go()');
  });
  vite.listen(0, '127.0.0.1');
  await new Promise((resolve) => vite.once('listening', resolve));
  ends.push(() => vite.close());
  const url = new URL(`http://127.0.0.1:${(vite.address() as AddressInfo).port}`);
  const { read } = await serve({ kind: 'server', url });
  expect(await read('/src/main.ts?t=1')).toEqual({ text: 'go()' });
  await expect(read('/gone.js')).rejects.toThrow('the development server answers 404 for /gone.js');
  await expect(read('/moved.js')).rejects.toThrow('the development server does not give /moved.js');
  await expect(read('/endless.js')).rejects.toThrow('/endless.js has more than 32 MiB');
  await expect(read('/x.js', 'http://127.0.0.1:1')).rejects.toThrow('the script is of another site');
  expect(asked).toEqual(['/src/main.ts?t=1', '/gone.js', '/moved.js', '/endless.js']);
});

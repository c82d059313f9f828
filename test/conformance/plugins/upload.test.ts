import { existsSync, mkdirSync, readFileSync, symlinkSync, writeFileSync } from 'node:fs';
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import type * as upload from '@tauri-apps/plugin-upload';
import { beforeAll, expect, onTestFinished, test, vi } from 'vitest';
import { outcome, type Page, until } from '../harness.ts';
import { ALL, allow, startFsApp } from './fs-app.ts';

// Whatever proxy this machine uses, the servers of these tests are on it.
beforeAll(() => {
  vi.stubEnv('no_proxy', '127.0.0.1');
  vi.stubEnv('NO_PROXY', '127.0.0.1');
});

type Upload = typeof upload;
type Answer = (request: IncomingMessage, body: Buffer, response: ServerResponse) => void;

async function serve(answer: Answer): Promise<string> {
  const server = createServer(async (request, response) => {
    const chunks: Buffer[] = [];
    for await (const chunk of request) chunks.push(chunk as Buffer);
    answer(request, Buffer.concat(chunks), response);
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  onTestFinished(() => {
    server.closeAllConnections();
    server.close();
  });
  return `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
}

/** A `Map` of the page's own realm. */
const headersIn = (page: Page, entries: [string, string][]) => page.run((_api, each) => new Map(each), entries);

async function start({ scoped = false, more = [] as unknown[] } = {}) {
  const { page, home } = await startFsApp({
    packages: ['@tauri-apps/plugin-upload'],
    permissions: (home) => [...ALL, allow(`${home}/in`, `${home}/in/**`), 'upload:default', ...more],
    host: { upload: { scoped } },
  });
  const { upload, download } = page.packages['@tauri-apps/plugin-upload'] as unknown as Upload;
  return { page, home, upload, download };
}

test('a file is sent with its progress, and the answer is the result', async () => {
  const { page, home, upload } = await start();
  const content = Buffer.alloc(300_000, 'x');
  writeFileSync(`${home}/a`, content);
  const got: unknown[] = [];
  const url = await serve(({ method, headers }, body, response) => {
    got.push(method, headers['content-length'], headers['x-key'], body.equals(content));
    response.end('Grüße');
  });
  const progress: { progress: number; progressTotal: number; total: number }[] = [];
  const headers = headersIn(page, [['x-key', 'v']]);
  const answer = upload(url, `${home}/a`, (each) => void progress.push(each), headers, 'PUT' as never);
  expect(await answer).toBe('Grüße');
  expect(got).toEqual(['PUT', '300000', 'v', true]);
  await until(() => progress.at(-1)?.progressTotal === 300_000);
  expect(progress[0]).toEqual({
    progress: 65_536,
    progressTotal: 65_536,
    total: 300_000,
    transferSpeed: expect.any(Number),
  });
  expect(progress.reduce((sum, each) => sum + each.progress, 0)).toBe(300_000);
});

test('a file is fetched with its progress, by GET or with a body by POST', async () => {
  const { home, download } = await start();
  const url = await serve(({ method }, body, response) => {
    response.setHeader('content-length', 200_000);
    response.end(`${method} ${body.toString()}`.padEnd(200_000, '.'));
  });
  const totals: number[] = [];
  await download(url, `${home}/a`, ({ total, progressTotal }) => void totals.push(total, progressTotal));
  expect(readFileSync(`${home}/a`, 'utf8')).toMatch(/^GET \.+$/);
  await until(() => totals.at(-1) === 200_000);
  expect(totals[0]).toBe(200_000);
  await download(url, 'relative', undefined, undefined, 'q=1');
  expect(readFileSync(`${home}/relative`, 'utf8')).toMatch(/^POST q=1\.+$/);
});

test('what goes wrong has the words of Rust', async () => {
  const { home, upload, download } = await start();
  writeFileSync(`${home}/a`, '');
  const url = await serve((_request, _body, response) => {
    response.statusCode = 418;
    response.end('a teapot');
  });
  const status = { error: 'request failed with status code 418: a teapot' };
  expect(await outcome(upload(url, `${home}/a`))).toEqual(status);
  expect(await outcome(download(url, `${home}/none`))).toEqual(status);
  expect(existsSync(`${home}/none`)).toBe(false);
  expect(await outcome(upload(url, `${home}/none`))).toEqual({ error: 'No such file or directory (os error 2)' });
  expect(await outcome(download('nowhere', `${home}/b`))).toEqual({ error: 'builder error' });
  expect(await outcome(download('file:///etc/passwd', `${home}/b`))).toEqual({
    error: 'builder error for url (file:///etc/passwd)',
  });
  expect(await outcome(download('http://127.0.0.1:1/x', `${home}/b`))).toEqual({
    error: 'error sending request for url (http://127.0.0.1:1/x)',
  });
});

test('redirects are followed, without credentials to another site', async () => {
  const { page, home, download } = await start();
  const seen: unknown[] = [];
  const other = await serve(({ headers }, _body, response) => {
    seen.push(headers['authorization'], headers['x-key']);
    response.end('there');
  });
  const url = await serve((request, _body, response) => {
    response.writeHead(302, { location: request.url === '/loop' ? '/loop' : other });
    response.end();
  });
  await download(
    `${url}/a`,
    `${home}/a`,
    undefined,
    headersIn(page, [
      ['authorization', 'secret'],
      ['x-key', 'v'],
    ]),
  );
  expect(readFileSync(`${home}/a`, 'utf8')).toBe('there');
  expect(seen).toEqual([undefined, 'v']);
  expect(await outcome(download(`${url}/loop`, `${home}/b`))).toEqual({
    error: `error following redirect for url (${url}/loop)`,
  });
});

test('with the setting, the scopes of fs and http decide, also of where a redirect leads', async () => {
  const elsewhere = await serve((_request, _body, response) => response.end('elsewhere'));
  const url = await serve((request, _body, response) => {
    if (request.url === '/away') response.writeHead(302, { location: elsewhere });
    response.end('here');
  });
  const http = { identifier: 'http:default', allow: [{ url: `${url}/*` }] };
  const { home, upload, download } = await start({ scoped: true, more: [http] });
  writeFileSync(`${home}/out`, 'OUTSIDE');
  const refused = (path: string, name: string) => ({
    error: `forbidden path: ${path}, maybe it is not allowed on the scope for \`allow-${name}\` permission in your capability file`,
  });
  expect(await outcome(upload(`${url}/`, `${home}/out`))).toEqual(refused(`${home}/out`, 'read-file'));
  expect(await outcome(download(`${url}/`, `${home}/new`))).toEqual(refused(`${home}/new`, 'write-file'));
  expect(existsSync(`${home}/new`)).toBe(false);
  mkdirSync(`${home}/in`);
  symlinkSync('../out', `${home}/in/link`);
  expect(await outcome(upload(`${url}/`, `${home}/in/link`))).toHaveProperty(
    'error',
    expect.stringContaining('forbidden'),
  );
  expect(await outcome(download(`${elsewhere}/`, `${home}/in/a`))).toEqual({
    error: `url not allowed on the configured scope: ${elsewhere}/`,
  });
  expect(await outcome(download(`${url}/away`, `${home}/in/a`))).toEqual({
    error: `url not allowed on the configured scope: ${elsewhere}/`,
  });
  await download(`${url}/`, `${home}/in/a`);
  expect(readFileSync(`${home}/in/a`, 'utf8')).toBe('here');
});

test('what is under way ends with the page', async () => {
  const { page, home, download } = await start();
  let closed = false;
  const url = await serve((_request, _body, response) => {
    response.on('close', () => (closed = true));
    response.write('the beginning');
  });
  let begun = false;
  void outcome(download(url, `${home}/a`, () => (begun = true)));
  await until(() => begun);
  page.close();
  await until(() => closed);
});

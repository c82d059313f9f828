/** What a hostile development server or site answers must end in an answer for the page, and never in an error of the host. */
import { once } from 'node:events';
import { request } from 'node:http';
import { type AddressInfo, createServer, type Socket } from 'node:net';
import { expect, onTestFinished, test } from 'vitest';
import { type PageSource, startPageServer } from '../../../extension/app/page-server.ts';

/** A page server in front of a server that gives `answer` to whatever it is asked. */
async function proxied(answer: string, more: Partial<PageSource> = {}) {
  const sockets = new Set<Socket>();
  const upstream = createServer((socket) => {
    sockets.add(socket);
    socket.on('error', () => undefined);
    socket.once('data', () => socket.end(answer));
  }).listen(0, '127.0.0.1');
  await once(upstream, 'listening');
  const server = await startPageServer(
    {
      frontend: { kind: 'server', url: new URL(`http://127.0.0.1:${(upstream.address() as AddressInfo).port}`) },
      csp: undefined,
      asset: async () => undefined,
      injection: () => ({ bridge: '', config: {}, globalApi: undefined, initScripts: [] }),
      allowNavigation: async () => true,
      storage: () => '{}',
      ...more,
    },
    0,
  );
  const errors: unknown[] = [];
  const note = (error: unknown) => void errors.push(error);
  process.prependListener('uncaughtException', note);
  onTestFinished(() => {
    process.off('uncaughtException', note);
    server.dispose();
    upstream.close();
    for (const socket of sockets) socket.destroy();
  });
  return { server, errors };
}

async function ask(port: number, document: boolean) {
  const headers = { host: `127.0.0.1:${port}`, 'sec-fetch-dest': document ? 'iframe' : 'empty' };
  const asked = request({ port, host: '127.0.0.1', headers, timeout: 4_000 }).end();
  asked.on('timeout', () => asked.destroy(new Error('no answer')));
  const [response] = await once(asked, 'response');
  let text = '';
  for await (const chunk of response) text += chunk;
  return { status: response.statusCode as number, text };
}

const HTML = '<!doctype html><title>x</title>';
const head = (...lines: string[]) => ['HTTP/1.1 200 OK', ...lines, 'connection: close', '', ''].join('\r\n');

test.for([false, true])('trailers that are announced and cannot come, for a document: %s', async (document) => {
  const { server, errors } = await proxied(
    `${head('content-type: text/html', 'trailer: x-late', `content-length: ${HTML.length}`)}${HTML}`,
  );
  expect(await ask(server.port, document)).toMatchObject({ status: 200, text: expect.stringContaining('<title>x') });
  expect(errors).toEqual([]);
});

test('a policy that no header can have', async () => {
  const { server, errors } = await proxied(
    `${head('content-type: text/html', `content-length: ${HTML.length}`)}${HTML}`,
    {
      csp: "default-src 'self' https://ex\u0142mple.org",
    },
  );
  expect(await ask(server.port, true)).toMatchObject({ status: 500 });
  expect(errors).toEqual([]);
});

test.for(['999 x', '200 OK\r\nupgrade: x\r\nconnection: upgrade', '304 Not Modified'])(
  'an answer with the status %s and a trailer',
  async (status) => {
    const { server, errors } = await proxied(
      `HTTP/1.1 ${status}\r\ncontent-type: text/html\r\ntransfer-encoding: chunked\r\n\r\n1\r\nx\r\n0\r\nx-a: b\r\n\r\n`,
    );
    for (const document of [true, false]) expect((await ask(server.port, document)).status).toBeGreaterThan(199);
    expect(errors).toEqual([]);
  },
);

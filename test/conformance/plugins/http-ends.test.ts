/** How requests of `@tauri-apps/plugin-http` end: aborted, with their page, and where redirects lead. */
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import type { IncomingMessage } from 'node:http';
import { text } from 'node:stream/consumers';
import { expect, onTestFinished, test } from 'vitest';
import { bytes, openPage, outcome, until } from '../harness.ts';
import { fetchOf, open, raw } from './http-support.ts';
import { serve } from './servers.ts';

// ---- ends

test('an abort ends the request: before, while the server is silent, and in the body', async () => {
  let asked = 0;
  const { host, sockets } = await serve((request, response) => {
    asked++;
    if (request.url === '/body') response.write('first');
  });
  const { page } = await open([`http://${host}`]);
  const fetch = fetchOf(page);
  expect(await outcome(fetch(`http://${host}/`, { signal: AbortSignal.abort() }))).toEqual({
    error: expect.objectContaining({ message: 'Request cancelled' }),
  });
  const silent = new AbortController();
  const answer = outcome(fetch(`http://${host}/`, { signal: silent.signal }));
  await until(() => asked === 1);
  silent.abort();
  expect(await answer).toEqual({ error: 'Request canceled' });
  const started = new AbortController();
  const response = await fetch(`http://${host}/body`, { signal: started.signal });
  const reader = response.body?.getReader();
  await reader?.read();
  const pending = outcome(reader?.read() ?? Promise.resolve());
  started.abort();
  expect(await pending).toEqual({ error: 'Request cancelled' });
  await until(() => sockets.size === 0 && page.connection.resources.size === 0);
});

test('a request that is cancelled before it is sent never leaves', async () => {
  const { host, sockets } = await serve(() => undefined);
  const { page } = await open([`http://${host}`]);
  const { ok: rid } = (await raw(page, `http://${host}/`)) as { ok: number };
  await page.invoke('plugin:http|fetch_cancel', { rid });
  expect(await outcome(page.invoke('plugin:http|fetch_send', { rid }))).toEqual({ error: 'Request canceled' });
  const invalid = { error: `The resource id ${rid} is invalid.` };
  for (const name of ['fetch_send', 'fetch_cancel', 'fetch_read_body', 'fetch_cancel_body']) {
    expect(await outcome(page.invoke(`plugin:http|${name}`, { rid }))).toEqual(invalid);
  }
  expect(sockets.size).toBe(0);
});

test.each(['reload', 'close'] as const)('what a page began ends with its %s', async (end) => {
  let asked = 0;
  const { host, sockets } = await serve((request, response) => {
    asked++;
    if (request.url === '/body') response.write('first');
    if (request.url === '/flood') response.write(Buffer.alloc(10_000_000));
  });
  const { page, core } = await open([`http://${host}`]);
  const fetch = fetchOf(page);
  void outcome(fetch(`http://${host}/silent`));
  for (const path of ['body', 'flood']) void outcome((await fetch(`http://${host}/${path}`)).text());
  await raw(page, `http://${host}/never-sent`);
  await until(() => asked === 3 && sockets.size === 3);
  if (end === 'reload') await page.reload();
  else page.close();
  await until(() => sockets.size === 0);
  expect(page.connection.resources.size).toBe(0);
  expect(core.errors).toEqual([]);
});

/** A server that takes two connections and no more: the others wait to be taken. */
async function serveNobody(): Promise<string> {
  const script = `require('net').createServer().listen({ port: 0, host: '127.0.0.1', backlog: 1 }, function () {
    require('fs').writeSync(1, String(this.address().port));
    Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0);
  })`;
  const child = spawn(process.execPath, ['-e', script]);
  onTestFinished(() => void child.kill('SIGKILL'));
  const [port] = (await once(child.stdout, 'data')) as [Buffer];
  return `127.0.0.1:${port.toString()}`;
}

test('a connection that does not come about ends with its request', async () => {
  const host = await serveNobody();
  const { page } = await open([`http://${host}`]);
  const connecting = () => process.getActiveResourcesInfo().filter((each) => each === 'ConnectWrap').length;
  const before = connecting();
  const abort = new AbortController();
  const answers = Array.from({ length: 5 }, () => outcome(fetchOf(page)(`http://${host}/`, { signal: abort.signal })));
  await until(() => connecting() > before);
  abort.abort();
  expect(await Promise.all(answers)).toEqual(answers.map(() => ({ error: 'Request canceled' })));
  await until(() => connecting() === before);
});

test('a page has no more requests than the host can bear', async () => {
  const { page } = await open(['http://127.0.0.1:1']);
  const answers = await Promise.all(Array.from({ length: 1001 }, () => raw(page, 'http://127.0.0.1:1/')));
  expect(answers.filter((answer) => 'error' in answer)).toEqual([
    { error: 'too many requests at once: this page holds 1000 resources that have not ended' },
  ]);
});

test('another page can do nothing with the rid of this one', async () => {
  const { host } = await serve((_request, response) => void response.end('secret'));
  const { page, core } = await open([`http://${host}`]);
  const { ok: rid } = (await raw(page, `http://${host}/`)) as { ok: number };
  const sent = (await page.invoke('plugin:http|fetch_send', { rid })) as { rid: number };
  const other = await openPage(core, 'other');
  for (const name of ['fetch_send', 'fetch_cancel', 'fetch_read_body', 'fetch_cancel_body']) {
    expect(await outcome(other.invoke(`plugin:http|${name}`, { rid: sent.rid }))).toEqual({
      error: `The resource id ${sent.rid} is invalid.`,
    });
  }
  expect(bytes(await page.invoke('plugin:http|fetch_read_body', { rid: sent.rid }))).toEqual([
    ...Buffer.from('secret'),
    0,
  ]);
  expect(bytes(await page.invoke('plugin:http|fetch_read_body', { rid: sent.rid }))).toEqual([1]);
});

// ---- redirects

test('a redirect is followed, with the method and body that it asks for', async () => {
  const seen: string[] = [];
  const { host } = await serve(async (request, response) => {
    seen.push(
      `${request.method} ${request.url} ${await text(request)} ${request.headers['content-type'] ?? '-'} ${request.headers.referer ?? '-'}`,
    );
    const [, status] = /^\/(\d+)$/.exec(request.url ?? '') ?? [];
    if (status) response.writeHead(Number(status), { Location: 'end' }).end('gone');
    else response.end('here');
  });
  const { page } = await open([`http://${host}`]);
  for (const status of [301, 302, 303, 307, 308]) {
    const response = await fetchOf(page)(`http://${host}/${status}`, {
      method: 'POST',
      body: 'x',
      headers: { 'content-type': 'a/b' },
    });
    expect([response.status, response.url, await response.text()]).toEqual([200, `http://${host}/end`, 'here']);
  }
  const from = (status: number) => `http://${host}/${status}`;
  expect(seen.filter((line) => line.includes('/end'))).toEqual([
    ...[301, 302, 303].map((status) => `GET /end  - ${from(status)}`),
    ...[307, 308].map((status) => `POST /end x a/b ${from(status)}`),
  ]);
});

test('redirects have an end, and may be left to the page', async () => {
  const { host, sockets } = await serve((request, response) => {
    const at = Number(request.url?.slice(1));
    response.writeHead(302, { Location: `/${at + 1}` }).end();
  });
  const { page } = await open([`http://${host}`]);
  expect(await outcome(fetchOf(page)(`http://${host}/0`))).toEqual({
    error: `error following redirect for url (http://${host}/10)`,
  });
  expect(await outcome(fetchOf(page)(`http://${host}/0`, { maxRedirections: 2 }))).toEqual({
    error: `error following redirect for url (http://${host}/2)`,
  });
  const response = await fetchOf(page)(`http://${host}/0`, { maxRedirections: 0 });
  expect([response.status, response.headers.get('location')]).toEqual([302, '/1']);
  await until(() => sockets.size === 0);
});

test('I130 a redirect does not leave the scope; in Tauri’s mode it may', async () => {
  let reached = 0;
  const inner = await serve((_request, response) => {
    reached++;
    response.end('secret');
  });
  const outer = await serve((request, response) => {
    const location = request.url === '/denied' ? '/private' : `http://${inner.host}/`;
    response.writeHead(302, { Location: location }).end();
  });
  const strict = await open([`http://${outer.host}`], { deny: [`http://${outer.host}/private`] });
  expect(await outcome(fetchOf(strict.page)(`http://${outer.host}/`))).toEqual({
    error: `url not allowed on the configured scope: http://${inner.host}/`,
  });
  expect(await outcome(fetchOf(strict.page)(`http://${outer.host}/denied`))).toEqual({
    error: `url not allowed on the configured scope: http://${outer.host}/private`,
  });
  expect([reached, strict.page.connection.resources.size]).toEqual([0, 0]);
  const http = { scopeRedirects: false };
  const tauri = await open([`http://${outer.host}`], { http });
  expect(await (await fetchOf(tauri.page)(`http://${outer.host}/`)).text()).toBe('secret');
  const core = { pluginConfig: { http: { scopeRedirects: true } } };
  const project = await open([`http://${outer.host}`], { http, core });
  expect(await outcome(fetchOf(project.page)(`http://${outer.host}/`))).toMatchObject({ error: expect.any(String) });
  expect(reached).toBe(1);
});

test('another host gets no secrets', async () => {
  const seen: IncomingMessage[] = [];
  const second = await serve((request, response) => {
    seen.push(request);
    response.end();
  });
  const first = await serve((_request, response) => {
    response.writeHead(307, { Location: `http://user:pw@${second.host}/` }).end();
  });
  const { page } = await open(['http://127.0.0.1:*']);
  await fetchOf(page)(`http://${first.host}/`, { headers: { Authorization: 'Bearer t', 'X-Kept': '1' } });
  expect([seen[0]?.headers.authorization, seen[0]?.headers['x-kept']]).toEqual([undefined, '1']);
});

test('what a configuration of the plugin may say', async () => {
  await expect(open([], { core: { pluginConfig: { http: { scopeRedirect: true } } } })).rejects.toThrow(
    /^failed to initialize plugin `http`: Error deserializing 'plugins.http'/,
  );
});

/** How releases of the http plugin's npm package up to 2.5.2 take a body: their calls, as they make them. */
import { expect, test } from 'vitest';
import type { Page } from '../harness.ts';
import { open } from './http-support.ts';
import { serve } from './servers.ts';

const TEXT = 'one, two, '.repeat(50_000);

async function start(npmVersion: string) {
  const { host } = await serve((_request, response) => void response.end(TEXT));
  const { page } = await open([`http://${host}`], { http: { npmVersion } });
  const request = async (more: object = {}): Promise<number> => {
    const clientConfig = { method: 'GET', url: `http://${host}/`, headers: [], data: null };
    const rid = await page.invoke('plugin:http|fetch', { clientConfig, ...more });
    const sent = (await page.invoke('plugin:http|fetch_send', { rid })) as { readonly rid: number };
    return sent.rid;
  };
  return { page, request };
}

/** A channel of the page, and the messages it got, up to the one that `isLast` knows. */
function channelOf(page: Page, isLast: (bytes: Buffer) => boolean) {
  const chunks: Buffer[] = [];
  const { promise, resolve } = Promise.withResolvers<readonly Buffer[]>();
  const channel = new page.api.core.Channel((message: unknown) => {
    const bytes = Buffer.from(message as ArrayBuffer);
    chunks.push(bytes);
    if (isLast(bytes)) resolve(chunks);
  });
  return { channel, received: promise };
}

test('before 2.4, one call takes all of it', async () => {
  const { page, request } = await start('2.3.0');
  const rid = await request();
  const body = (await page.invoke('plugin:http|fetch_read_body', { rid })) as ArrayBuffer;
  expect(Buffer.from(body).toString()).toBe(TEXT);
  await expect(page.invoke('plugin:http|fetch_read_body', { rid })).rejects.toBe(`The resource id ${rid} is invalid.`);
});

test('2.4.0 names a channel when it asks, and an empty chunk is the end', async () => {
  const { page, request } = await start('2.4.0');
  const { channel, received } = channelOf(page, (bytes) => bytes.length === 0);
  await request({ streamChannel: channel });
  expect(Buffer.concat(await received).toString()).toBe(TEXT);
});

test('up to 2.5.2, a channel gets chunks with a last byte that says whether it was the end', async () => {
  const { page, request } = await start('2.5.2');
  const { channel, received } = channelOf(page, (bytes) => bytes.at(-1) === 1);
  const rid = await request();
  expect(await page.invoke('plugin:http|fetch_read_body', { rid, streamChannel: channel })).toBe(null);
  const chunks = await received;
  expect(Buffer.concat(chunks.map((chunk) => chunk.subarray(0, -1))).toString()).toBe(TEXT);
  expect(new Set(chunks.slice(0, -1).map((chunk) => chunk.at(-1)))).toEqual(new Set([0]));
});

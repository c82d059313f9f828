/** The websocket plugin with a page that does not keep up, and with random messages. */
import type { AddressInfo } from 'node:net';
import * as fc from 'fast-check';
import { expect, onTestFinished, test } from 'vitest';
import { type WebSocket, WebSocketServer } from 'ws';
import { outcome, TestApp } from './harness.ts';

async function serve() {
  const server = new WebSocketServer({ port: 0, host: '127.0.0.1' });
  await new Promise((resolve) => server.once('listening', resolve));
  onTestFinished(() => {
    for (const socket of server.clients) socket.terminate();
    server.close();
  });
  const { port } = server.address() as AddressInfo;
  const accepted: Promise<WebSocket> = new Promise((resolve) => server.once('connection', resolve));
  return { url: `ws://127.0.0.1:${port}`, accepted };
}

async function connect() {
  const app = await TestApp.start();
  onTestFinished(() => app.core.dispose());
  const page = app.open('main');
  const { url, accepted } = await serve();
  const id = await page.invoke('plugin:websocket|connect', { url, onMessage: '__CHANNEL__:1' });
  return { page, id, peer: await accepted };
}

test('a page that takes nothing in makes the server wait', async () => {
  // This page never says that it received anything.
  const { peer } = await connect();
  const text = 'x'.repeat(100_000);
  const total = 1000;
  for (let index = 0; index < total; index++) peer.send(text);
  let last = -1;
  // When the buffers on the way are full, nothing moves any more.
  for (let same = 0; same < 1000; same = peer.bufferedAmount === last ? same + 1 : 0) {
    last = peer.bufferedAmount;
    await new Promise((resolve) => setImmediate(resolve));
  }
  expect(peer.bufferedAmount).toBeGreaterThan((total * text.length) / 2);
});

test('what is no message is refused, and never ends the connection', async () => {
  const { page, id, peer } = await connect();
  const heard: unknown[] = [];
  peer.on('message', (data, binary) => heard.push(binary ? [...(data as Buffer)] : (data as Buffer).toString()));
  const type = fc.constantFrom('Text', 'Binary', 'Ping', 'text', 'Frame', '__proto__', undefined);
  const data = fc.oneof(fc.string({ unit: 'binary' }), fc.array(fc.integer({ min: -1, max: 256 })), fc.jsonValue());
  let refused = 0;
  const expected: unknown[] = [];
  await fc.assert(
    fc.asyncProperty(type, data, async (type, data) => {
      const answer = await outcome(page.invoke('plugin:websocket|send', { id, message: { type, data } }));
      const isBytes =
        Array.isArray(data) && data.every((each) => Number.isInteger(each) && Number(each) >= 0 && Number(each) <= 255);
      const fits = type === 'Text' ? typeof data === 'string' : (type === 'Binary' || type === 'Ping') && isBytes;
      if (fits) {
        expect(answer).toEqual({ ok: null });
        if (type !== 'Ping') expected.push(data);
        return;
      }
      refused++;
      expect(answer).toEqual({ error: expect.stringMatching(/^invalid args `message` for command `send`: /) });
    }),
    { numRuns: 500 },
  );
  await page.invoke('plugin:websocket|send', { id, message: { type: 'Text', data: 'end' } });
  while (heard.at(-1) !== 'end') await new Promise((resolve) => setImmediate(resolve));
  expect(heard.slice(0, -1)).toEqual(
    expected.map((each) => (typeof each === 'string' ? Buffer.from(each).toString() : each)),
  );
  expect(refused).toBeGreaterThan(50);
});

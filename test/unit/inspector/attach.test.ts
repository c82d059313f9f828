import { expect, test } from 'vitest';
import type * as vscode from 'vscode';
import { Tap } from '#core/tap.ts';
import { attachWebview } from '../../../extension/attach.ts';

function attached() {
  const tap = new Tap();
  const listeners: ((message: unknown) => void)[] = [];
  const webview = {
    onDidReceiveMessage: (listener: (message: unknown) => void) => {
      listeners.push(listener);
      return { dispose: () => listeners.splice(listeners.indexOf(listener), 1) };
    },
    postMessage: async () => true,
  } as unknown as vscode.Webview;
  const { webview: wrapped, dispose } = attachWebview(tap, webview, { label: 'view' });
  return {
    hear: (message: unknown) => listeners.forEach((listener) => listener(message)),
    post: (message: unknown) => wrapped.postMessage(message),
    rows: () => [...tap.records()].map(({ id, direction, name, status, of }) => [id, direction, name, status, of]),
    listeners,
    dispose,
  };
}

test.each([
  ['JSON-RPC', { jsonrpc: '2.0', id: 1, method: 'add', params: [1] }, { jsonrpc: '2.0', id: 1, result: 3 }, 'add'],
  [
    'vscode-messenger',
    { id: 'req_0', method: 'add', receiver: { type: 'extension' }, params: 1 },
    { id: 'req_0', receiver: { type: 'webview' }, result: 3 },
    'add',
  ],
  ['by hand', { type: 'load', requestId: 7 }, { type: 'loaded', requestId: 7 }, 'loaded'],
  ['DAP', { seq: 4, command: 'next' }, { seq: 90, request_seq: 4, command: 'next' }, 'next'],
])('an answer belongs to its request: %s', async (_protocol, request, answer, name) => {
  const { hear, post, rows } = attached();
  hear(request);
  await post({ type: 'else' });
  await post(answer);
  const asked = (request as { method?: string }).method ?? (request as { type?: string }).type ?? 'next';
  expect(rows()).toEqual([
    [1, 'to-host', asked, 'ok', undefined],
    [2, 'to-page', 'else', 'ok', undefined],
    [3, 'to-page', name, 'ok', 1],
  ]);
});

test('an answer that says that it failed is an error; also when the page is asked', async () => {
  const { hear, post, rows } = attached();
  await post({ jsonrpc: '2.0', id: 'a', method: 'ask' });
  hear({ jsonrpc: '2.0', id: 'a', error: { code: 1, message: 'no' } });
  expect(rows()[1]).toEqual([2, 'to-host', 'ask', 'error', 1]);
});

test('both sides of JSON-RPC count for themselves: a request is no answer', async () => {
  const { hear, post, rows } = attached();
  hear({ jsonrpc: '2.0', id: 1, method: 'of-page' });
  await post({ jsonrpc: '2.0', id: 1, method: 'of-host' });
  hear({ jsonrpc: '2.0', id: 1, result: 0 });
  await post({ jsonrpc: '2.0', id: 1, result: 0 });
  expect(rows().map(([, , name, , of]) => [name, of])).toEqual([
    ['of-page', undefined],
    ['of-host', undefined],
    ['of-host', 2],
    ['of-page', 1],
  ]);
});

test('a number is not its text, and what cannot be a number of a request is none', async () => {
  const { hear, post, rows } = attached();
  for (const id of [1, { a: 1 }, null, '', 'x'.repeat(500)]) hear({ type: 'a', id });
  for (const id of ['1', { a: 1 }, null, '', 'x'.repeat(500)]) await post({ type: 'b', id });
  expect(rows().every(([, , , , of]) => of === undefined)).toBe(true);
});

test('only so many requests are remembered, and nothing is heard after the end', async () => {
  const { hear, post, rows, listeners, dispose } = attached();
  for (let id = 0; id < 1_001; id++) hear({ type: 'a', id });
  await post({ type: 'b', id: 0 });
  await post({ type: 'b', id: 1 });
  expect(
    rows()
      .slice(-2)
      .map(([, , , , of]) => of),
  ).toEqual([undefined, 2]);
  dispose();
  expect(listeners).toEqual([]);
});

test('what is posted after the end is posted, and not recorded', async () => {
  const { post, rows, dispose, listeners } = attached();
  await post({ type: 'one' });
  dispose();
  expect(await post({ type: 'two' })).toBe(true);
  expect([rows().map(([, , name]) => name), listeners]).toEqual([['one'], []]);
});

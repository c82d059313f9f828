import { expect, test } from 'vitest';
import { cleanUp, rejection, start } from './harness.ts';

cleanUp();

const CHANNEL = '__CHANNEL__:77';

test('messages of a channel arrive in order, before the end and the answer', async () => {
  const { page } = await start();
  const main = page();
  expect(await main.invoke('count', { to: 4, channel: CHANNEL })).toBe(4);
  expect(main.heard).toEqual([
    ['message 77', 0, 0],
    ['message 77', 1, new Uint8Array([1])],
    ['message 77', 2, 2],
    ['message 77', 3, new Uint8Array([3])],
    ['end 77', 4],
  ]);
});

test('a flood waits for room, and a buffer that is filled again arrives as it was', async () => {
  const { page } = await start();
  const main = page();
  await main.invoke('flood', { chunks: 60, size: 1_000_000, nested: { channels: [CHANNEL] } });
  const messages = main.heard.filter(([what]) => what === 'message 77');
  expect(messages.map(([, , bytes]) => [(bytes as Uint8Array).length, (bytes as Uint8Array)[999_999]])).toEqual(
    Array.from({ length: 60 }, (_, at) => [1_000_000, at]),
  );
  expect(main.heard.at(-1)).toEqual(['end 77', 60]);
});

test('small buffers that are filled again arrive as they were', async () => {
  const { page } = await start();
  const main = page();
  await main.invoke('flood', { chunks: 300, size: 8, nested: { channels: [CHANNEL] } });
  const messages = main.heard.filter(([what]) => what === 'message 77');
  expect(messages.map(([, , bytes]) => (bytes as Uint8Array)[7])).toEqual(
    Array.from({ length: 300 }, (_, at) => at % 256),
  );
});

test('a channel outlives its call, and is closed when the page reloads', async () => {
  const { page } = await start();
  const main = page();
  const other = page('other');
  await main.invoke('keep_channel', { channel: CHANNEL });
  await other.invoke('send_kept', { text: 'later' });
  expect(main.heard).toEqual([['message 77', 0, 'later']]);
  main.reload();
  expect(await rejection(other.invoke('send_kept', { text: 'too late' }))).toBe('Channel closed');
});

test('a channel is closed when its window closes', async () => {
  const { page } = await start();
  const main = page();
  const other = page('other');
  await main.invoke('keep_channel', { channel: CHANNEL });
  main.close();
  expect(await rejection(other.invoke('send_kept', { text: 'too late' }))).toBe('Channel closed');
});

test("a text that is no channel is refused in Tauri's words", async () => {
  const { page } = await start();
  expect(await rejection(page().invoke('count', { to: 1, channel: 'nonsense' }))).toBe(
    'invalid channel value `nonsense`, expected a string in the `__CHANNEL__:ID` format',
  );
});

test('the channels of a process that ends are ended', async () => {
  const { page, until } = await start();
  const main = page();
  await main.invoke('keep_channel', { channel: CHANNEL });
  void rejection(main.invoke('exit', { code: 0 }));
  await until(() => main.heard.some(([what]) => what === 'end 77'));
  expect(main.heard).toEqual([['end 77', 0]]);
});

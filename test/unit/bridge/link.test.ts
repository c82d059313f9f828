import { expect, test } from 'vitest';
import { openFrame } from '#core/wire.ts';
import { Link } from '../../../webview-ui/bridge/link.ts';

test('a carrier says how many messages of one turn fit into a frame; none is left behind', async () => {
  const frames: number[][] = [];
  const link = new Link(() => undefined);
  link.connect({
    most: 500,
    post: (parts) => {
      frames.push(openFrame(parts).messages.map((message) => (message as { callback: number }).callback / 2));
    },
  });
  for (let call = 0; call < 1200; call++) link.sendInvoke(`"greet",${call}`, '{}');
  // Those that are complete are on their way while the page still calls.
  expect(frames.map(({ length }) => length)).toEqual([500, 500]);
  await Promise.resolve();
  expect(frames.flat()).toEqual(Array.from({ length: 1000 }, (_, call) => call));
  link.receive(['{"messages":[{"kind":"received","frames":2}]}']);
  expect(frames.flat()).toEqual(Array.from({ length: 1200 }, (_, call) => call));
});

test('what was said before there was a carrier leaves with it', () => {
  const frames: number[] = [];
  const link = new Link(() => undefined);
  for (let call = 0; call < 600; call++) link.sendInvoke(`"greet",${call}`, '{}');
  link.connect({ most: 512, post: (parts) => void frames.push(openFrame(parts).messages.length) });
  expect(frames).toEqual([512, 88]);
});

test('however many messages wait for a carrier or for room, no frame has more than fit', async () => {
  const posts: { readonly count: number; readonly raw: number }[] = [];
  const link = new Link(() => undefined);
  const bytes = new Uint8Array(2 << 20);
  // A page that is not connected yet.
  for (let call = 0; call < 70_000; call++) link.sendInvoke(`"greet",${call}`, '{}');
  link.connect({
    post: (parts) => {
      const { messages, raw } = openFrame(parts);
      posts.push({ count: messages.length, raw: raw.length });
    },
  });
  expect(Math.max(...posts.map(({ count }) => count))).toBe(512);
  expect(posts.reduce((sum, { count }) => sum + count, 0)).toBe(70_000);
  link.receive([`{"messages":[{"kind":"received","frames":${posts.length}}]}`]);
  // A host that takes in nothing: after 32 MB the page keeps what it says, in frames that are complete.
  posts.length = 0;
  for (let call = 0; call < 100; call++) link.sendInvoke(`"take",${call}`, bytes);
  const sent = posts.length;
  expect(sent).toBeLessThan(20);
  for (let call = 0; call < 70_000; call++) link.sendInvoke(`"greet",${call}`, '{}');
  await Promise.resolve();
  expect(posts).toHaveLength(sent);
  for (let told = 0; posts.reduce((sum, { count }) => sum + count, 0) < 70_100; ) {
    const frames = posts.length - told;
    expect(frames).toBeGreaterThan(0);
    told = posts.length;
    link.receive([`{"messages":[{"kind":"received","frames":${frames}}]}`]);
  }
  expect(Math.max(...posts.map(({ count }) => count))).toBe(512);
  expect(posts.reduce((sum, { raw }) => sum + raw, 0)).toBe(100);
});

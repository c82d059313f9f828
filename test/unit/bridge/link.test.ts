import { expect, test } from 'vitest';
import { openFrame } from '#core/wire.ts';
import { Link } from '../../../webview-ui/bridge/link.ts';

test('a carrier says how many messages of one turn fit into a frame; none is left behind', async () => {
  const frames: number[][] = [];
  const link = new Link(() => undefined);
  link.connect({
    most: 512,
    post: (parts) => {
      frames.push(openFrame(parts).messages.map((message) => (message as { callback: number }).callback / 2));
    },
  });
  for (let call = 0; call < 1200; call++) link.sendInvoke(`"greet",${call}`, '{}');
  // Those that are complete are on their way while the page still calls.
  expect(frames.map(({ length }) => length)).toEqual([512, 512]);
  await Promise.resolve();
  expect(frames.flat()).toEqual(Array.from({ length: 1024 }, (_, call) => call));
  link.receive(['{"messages":[{"kind":"received","frames":2}]}']);
  expect(frames.flat()).toEqual(Array.from({ length: 1200 }, (_, call) => call));
});

test('what was said before there was a carrier leaves with it, in one frame', () => {
  const frames: number[] = [];
  const link = new Link(() => undefined);
  for (let call = 0; call < 600; call++) link.sendInvoke(`"greet",${call}`, '{}');
  link.connect({ most: 512, post: (parts) => void frames.push(openFrame(parts).messages.length) });
  expect(frames).toEqual([600]);
});

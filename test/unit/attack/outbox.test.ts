/** A page that takes nothing in must not cost the host its memory, however small the messages are. */
import { expect, test } from 'vitest';
import { Outbox, WINDOW_BYTES } from '#core/outbox.ts';
import { FakeTransport, turn } from '../core/fakes.ts';

test('short messages that wait count with what they hold beside their text', async () => {
  const transport = new FakeTransport();
  const outbox = new Outbox(transport, () => undefined);
  // From here on nothing leaves until the page says that it took this in.
  outbox.add('{"kind":"a"', { bytes: new Uint8Array(WINDOW_BYTES) });
  await turn();
  let waiting = 0;
  while (waiting < 3_000_000 && outbox.add('{"kind":"a"')) waiting++;
  expect(waiting).toBeGreaterThan(500_000);
  expect(waiting).toBeLessThan(1_500_000);

  // All of them arrive, and then there is room again.
  for (let frame = 0; frame < transport.frames.length; frame++) {
    outbox.received((transport.frames[frame] ?? []).reduce((sum, part) => sum + part.length, 0));
    await turn();
  }
  const arrived = transport.frames.map(([head = '']) => {
    const text = typeof head === 'string' ? head : new TextDecoder().decode(head);
    return (JSON.parse(text) as { messages: unknown[] }).messages.length;
  });
  expect(arrived.reduce((sum, count) => sum + count, 0)).toBe(1 + waiting);
  expect(outbox.add('{"kind":"a"')).toBe(true);
  outbox.close();
});

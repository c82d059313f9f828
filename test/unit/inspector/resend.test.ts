import { expect, test, vi } from 'vitest';
import type { Connection } from '#core/connection.ts';
import { Tap } from '#core/tap.ts';
import { resend } from '../../../extension/inspector/resend.ts';

function setUp(more: { cmd?: string; remote?: string }) {
  const tap = new Tap();
  const { cmd = 'greet', remote } = more;
  const origin = remote === undefined ? 'local' : { remote };
  const call = { cmd, window: 'main', origin, generation: 1, body: { kind: 'json', value: {} }, headers: [] } as const;
  const record = tap.find(tap.call('app', call, 1));
  if (!record) throw new Error('no record');
  const sent = vi.fn().mockReturnValue({ record: 2 });
  const connection = { ready: true, resend: sent } as unknown as Connection;
  return { sent, again: () => resend(record, () => connection) };
}

const address = (length: number) => 'https://a.test/'.padEnd(length, 'x');

test('a call is decided again by the name and the address that it came with', () => {
  const remote = address(512);
  const cmd = 'c'.repeat(512);
  const { sent, again } = setUp({ cmd, remote });
  expect(again()).toBe(2);
  expect(sent).toHaveBeenCalledExactlyOnceWith(expect.objectContaining({ cmd }), { of: 1, origin: { remote } });
});

test('what is not kept whole is not sent: the beginning of an address or a name may be allowed what the whole is not', () => {
  const far = setUp({ remote: address(513) });
  expect(far.again).toThrow('the address of the page of this call is too long to be kept whole');
  const long = setUp({ cmd: 'c'.repeat(513) });
  expect(long.again).toThrow('the name of this command is too long to be kept whole');
  // Cut in the middle of a character
  const split = setUp({ cmd: `${'c'.repeat(511)}😀` });
  expect(split.again).toThrow('too long');
  expect([far, long, split].flatMap(({ sent }) => sent.mock.calls)).toEqual([]);
});

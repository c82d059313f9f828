import fc from 'fast-check';
import { expect, test } from 'vitest';
import { fromBase64, toBase64 } from '#core/recording/base64.ts';

test('base64 is what Node says it is, and comes back', () => {
  fc.assert(
    fc.property(fc.uint8Array({ maxLength: 200 }), (bytes) => {
      const text = toBase64(bytes);
      expect(text).toBe(Buffer.from(bytes).toString('base64'));
      expect(fromBase64(text)).toEqual(bytes);
    }),
  );
});

test('megabytes are done in parts that fit together', () => {
  const part = 3 * 1024 * 1024;
  for (const length of [part - 1, part, part + 1, 2 * part + 2]) {
    // In the middle of other bytes.
    const bytes = Uint8Array.from({ length: length + 2 }, (_, at) => at * 7 + (at >> 9)).subarray(1, length + 1);
    expect(toBase64(bytes) === Buffer.from(bytes).toString('base64')).toBe(true);
  }
});

test('what is no base64 gives nothing', () => {
  expect(['a', '%%%%', 'AAA=A'].map(fromBase64)).toEqual([undefined, undefined, undefined]);
});

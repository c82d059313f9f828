import { expect, test } from 'vitest';
import { hexLine } from '../../../webview-ui/inspector/hex.tsx';
import {
  bytesOfArray,
  looksOf,
  mergePayload,
  SLICE_BYTES,
  SlicedBytes,
} from '../../../webview-ui/inspector/payload.ts';

test('slices of bytes are asked for once and fill their places', () => {
  const whole = Uint8Array.from({ length: SLICE_BYTES * 2 + 5 }, (_, at) => at % 251);
  const slice = (offset: number) =>
    ({ kind: 'bytes', bytes: whole.slice(offset, offset + SLICE_BYTES), offset, size: whole.length }) as const;
  const payload = mergePayload(undefined, slice(0));
  if (payload.kind !== 'bytes') throw new Error('bytes expected');
  const { bytes } = payload;
  expect([bytes.at(SLICE_BYTES - 1), bytes.at(SLICE_BYTES)]).toEqual([(SLICE_BYTES - 1) % 251, undefined]);
  expect(bytes.want(0, 10)).toEqual([]);
  expect(bytes.want(SLICE_BYTES - 1, whole.length)).toEqual([SLICE_BYTES, SLICE_BYTES * 2]);
  expect(bytes.want(SLICE_BYTES - 1, whole.length)).toEqual([]);
  mergePayload(payload, slice(SLICE_BYTES));
  mergePayload(payload, slice(SLICE_BYTES * 2));
  expect(bytes.isWhole).toBe(true);
  expect(bytes.take(0, bytes.size)).toEqual(whole);
});

test('a shorter answer does not take away a longer text', () => {
  const all = mergePayload(undefined, { kind: 'json', text: '[1,2,3]', size: 7, truncated: false });
  const cut = { kind: 'json', text: '[1,', offset: 0, size: 7, truncated: true } as const;
  expect(mergePayload(all, cut)).toBe(all);
  expect(mergePayload(mergePayload(undefined, cut), { ...cut, text: '[1,2,3]', truncated: false })).toEqual(all);
  expect(mergePayload({ kind: 'none' }, cut)).toEqual({ kind: 'json', text: '[1,', size: 7, truncated: true });
});

test('a line of hex keeps its columns at the end and where bytes are missing', () => {
  const text = SlicedBytes.of(new TextEncoder().encode('Hello, bytes\n\u0000'));
  expect(hexLine(text, 0)).toEqual({
    hex: '48 65 6c 6c 6f 2c 20 62  79 74 65 73 0a 00      ',
    ascii: 'Hello, bytes..',
  });
  expect(hexLine(new SlicedBytes(16), 0).hex.length).toBe(hexLine(text, 0).hex.length);
});

test('only an array that can be meant as bytes is shown as bytes', () => {
  const numbers = Array.from({ length: 17 }, (_, at) => at);
  expect(bytesOfArray(numbers)).toEqual(Uint8Array.from(numbers));
  expect([
    bytesOfArray(numbers.slice(1)),
    bytesOfArray([...numbers, 256]),
    bytesOfArray([...numbers, 1.5]),
    bytesOfArray('x'),
  ]).toEqual([undefined, undefined, undefined, undefined]);
});

test.each([
  ['PNG image', '89504e470d0a1a0a0000000d'],
  ['JPEG image', 'ffd8ffe000104a46'],
  ['GIF image', '474946383961'],
  ['WebP image', '52494646240000005745425056503820'],
  ['gzip', '1f8b0800'],
  ['SQLite database', '53514c69746520666f726d6174203300'],
  ['PDF', '255044462d312e37'],
  ['zip', '504b030414'],
  ['WebAssembly', '0061736d01000000'],
  ['UTF-8 text', '68c3a96c6c6f'],
  ['UTF-8 text', '3c7376673e'],
  ['JSON text', '7b2261223a317d'],
  ['JSON text', '5b207b7d205d'],
  [undefined, '000102'],
  [undefined, '52494646240000004156492056503820'],
  [undefined, '68c328'],
  [undefined, ''],
])('%s is told by its first bytes', (name, hex) => {
  expect(looksOf(SlicedBytes.of(Uint8Array.from(Buffer.from(hex, 'hex'))))?.name).toBe(name);
});

test('a character that is cut where the first bytes end is none that is wrong', () => {
  const long = new TextEncoder().encode(`${'x'.repeat(1023)}é and more`);
  expect(looksOf(SlicedBytes.of(long))?.name).toBe('UTF-8 text');
});

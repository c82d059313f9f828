import { expect, test } from 'vitest';
import { hexLine } from '../../../webview-ui/inspector/hex.tsx';
import { bytesOfArray, mergePayload, SLICE_BYTES, SlicedBytes, sniff } from '../../../webview-ui/inspector/payload.ts';

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
  const all = { kind: 'json', text: '[1,2,3]', size: 7, truncated: false } as const;
  const cut = { kind: 'json', text: '[1,', size: 7, truncated: true } as const;
  expect(mergePayload(all, cut)).toBe(all);
  expect(mergePayload(cut, all)).toBe(all);
  expect(mergePayload({ kind: 'none' }, cut)).toBe(cut);
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

test('bytes are told by their first ones', () => {
  const of = (...bytes: number[]) => sniff(SlicedBytes.of(Uint8Array.from(bytes)));
  expect([of(0x89, 0x50, 0x4e, 0x47), of(0x68, 0xc3, 0xa9), of(0, 1, 2), of()]).toEqual([
    'PNG image',
    'UTF-8 text',
    undefined,
    undefined,
  ]);
});

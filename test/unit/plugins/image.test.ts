import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { deflateSync } from 'node:zlib';
import { expect, test } from 'vitest';
import { decodeIco } from '../../../extension/plugins/ico.ts';
import { decodePng, encodePng, PNG_SIGNATURE, pngChunk } from '../../../extension/plugins/png.ts';
import { outcome, TestApp } from './harness.ts';

/** A PNG file of these lines, each with its filter byte. */
function png(head: readonly number[], lines: readonly number[], more: readonly Uint8Array[] = []): Uint8Array {
  const [width = 0, height = 0, depth = 8, color = 6, interlaced = 0] = head;
  const header = Uint8Array.of(0, 0, 0, width, 0, 0, 0, height, depth, color, 0, 0, interlaced);
  return Buffer.concat([
    PNG_SIGNATURE,
    pngChunk('IHDR', header),
    ...more,
    pngChunk('IDAT', deflateSync(Uint8Array.from(lines))),
    pngChunk('IEND', new Uint8Array()),
  ]);
}

const TWO_BY_ONE = Uint8Array.of(1, 2, 3, 4, 5, 6, 7, 8);

test('PNG files of every colour type, depth, filter and interlacing become RGBA', () => {
  const pixels = (bytes: Uint8Array) => [...decodePng(bytes).rgba];
  const palette = pngChunk('PLTE', Uint8Array.of(10, 20, 30, 40, 50, 60));
  expect({
    gray: pixels(png([2, 1, 8, 0], [0, 7, 9])),
    grayOneBit: pixels(png([3, 1, 1, 0], [0, 0b10100000])),
    graySixteen: pixels(png([1, 1, 16, 0], [0, 0x80, 0x80])),
    grayKey: pixels(png([2, 1, 8, 0], [0, 7, 9], [pngChunk('tRNS', Uint8Array.of(0, 9))])),
    grayAlpha: pixels(png([1, 1, 8, 4], [0, 7, 8])),
    rgb: pixels(png([1, 1, 8, 2], [0, 1, 2, 3])),
    palette: pixels(png([2, 1, 8, 3], [0, 1, 0], [palette, pngChunk('tRNS', Uint8Array.of(5))])),
    paletteFourBits: pixels(png([2, 1, 4, 3], [0, 0x10], [palette])),
    sub: pixels(png([2, 1, 8, 0], [1, 5, 2])),
    up: pixels(png([1, 2, 8, 0], [0, 5, 2, 2])),
    average: pixels(png([2, 2, 8, 0], [0, 4, 8, 3, 1, 1])),
    paeth: pixels(png([2, 2, 8, 0], [0, 4, 8, 4, 1, 1])),
    interlaced: pixels(png([2, 2, 8, 0, 1], [0, 1, 0, 2, 0, 3, 4])),
  }).toEqual({
    gray: [7, 7, 7, 255, 9, 9, 9, 255],
    grayOneBit: [255, 255, 255, 255, 0, 0, 0, 255, 255, 255, 255, 255],
    graySixteen: [128, 128, 128, 255],
    grayKey: [7, 7, 7, 255, 9, 9, 9, 0],
    grayAlpha: [7, 7, 7, 8],
    rgb: [1, 2, 3, 255],
    palette: [40, 50, 60, 255, 10, 20, 30, 5],
    paletteFourBits: [40, 50, 60, 255, 10, 20, 30, 255],
    sub: [5, 5, 5, 255, 7, 7, 7, 255],
    up: [5, 5, 5, 255, 7, 7, 7, 255],
    average: [4, 4, 4, 255, 8, 8, 8, 255, 3, 3, 3, 255, 6, 6, 6, 255],
    paeth: [4, 4, 4, 255, 8, 8, 8, 255, 5, 5, 5, 255, 9, 9, 9, 255],
    interlaced: [1, 1, 1, 255, 2, 2, 2, 255, 3, 3, 3, 255, 4, 4, 4, 255],
  });
});

test('what is encoded decodes to the same pixels', () => {
  const rgba = Uint8Array.from({ length: 7 * 5 * 4 }, (_, index) => (index * 37) & 255);
  expect(decodePng(encodePng({ width: 7, height: 5, rgba }))).toEqual({ width: 7, height: 5, rgba });
});

test('broken PNG files are refused with a reason, and a bomb is not unpacked', () => {
  const good = png([1, 1, 8, 0], [0, 7]);
  const reason = (bytes: Uint8Array) => {
    try {
      decodePng(bytes);
      return 'decoded';
    } catch (error) {
      return (error as Error).message;
    }
  };
  const flipped = Uint8Array.from(good);
  flipped[20] = 9;
  const huge = Buffer.concat([
    PNG_SIGNATURE,
    pngChunk('IHDR', Uint8Array.of(0, 1, 0, 0, 0, 1, 0, 0, 8, 6, 0, 0, 0)),
    pngChunk('IEND', new Uint8Array()),
  ]);
  expect([
    reason(good.subarray(0, 40)),
    reason(flipped),
    reason(huge),
    reason(png([2, 1, 8, 0], [0, 7])),
    reason(png([1, 1, 8, 0], [9, 7])),
    reason(png([1, 1, 3, 0], [0, 7])),
    reason(png([1, 1, 8, 3], [0, 7])),
  ]).toEqual([
    'unexpected end of file',
    'CRC error in IHDR chunk',
    'the image is too large',
    'not enough pixels',
    'unknown filter method 9',
    'invalid color type 0 with bit depth 3',
    'missing palette',
  ]);
  expect(reason(png([1, 1, 8, 0], Array(100_000).fill(0)))).toMatch(/^corrupt deflate stream: /);
});

/** An ICO file of these pictures. */
function ico(...pictures: readonly (readonly [bits: number, bytes: Uint8Array])[]): Uint8Array {
  const head = Buffer.alloc(6 + pictures.length * 16);
  head.writeUInt16LE(1, 2);
  head.writeUInt16LE(pictures.length, 4);
  let offset = head.length;
  for (const [index, [bits, bytes]] of pictures.entries()) {
    const at = 6 + index * 16;
    head[at] = 2;
    head[at + 1] = 1;
    head.writeUInt16LE(bits, at + 6);
    head.writeUInt32LE(bytes.length, at + 8);
    head.writeUInt32LE(offset, at + 12);
    offset += bytes.length;
  }
  return Buffer.concat([head, ...pictures.map(([, bytes]) => bytes)]);
}

function bitmap(bits: number, body: readonly number[]): Uint8Array {
  const header = Buffer.alloc(40);
  header.writeUInt32LE(40, 0);
  header.writeInt32LE(2, 4);
  header.writeInt32LE(2, 8);
  header.writeUInt16LE(1, 12);
  header.writeUInt16LE(bits, 14);
  return Buffer.concat([header, Uint8Array.from(body)]);
}

test('of an ICO file the best picture is taken: PNG, or a bitmap with its mask', () => {
  const pixels = (bytes: Uint8Array) => [...decodeIco(bytes).rgba];
  const small = bitmap(24, [3, 2, 1, 6, 5, 4, 0, 0, 0b01000000, 0, 0, 0]);
  const deep = bitmap(32, [3, 2, 1, 9, 6, 5, 4, 255, 0, 0, 0, 0]);
  const maskOnly = bitmap(32, [3, 2, 1, 0, 6, 5, 4, 0, 0b01000000, 0, 0, 0]);
  const palette = [3, 2, 1, 0, 6, 5, 4, 0, ...Array<number>(254 * 4).fill(0)];
  expect([
    pixels(ico([24, small])),
    pixels(ico([24, small], [32, deep])),
    pixels(ico([32, maskOnly])),
    pixels(ico([8, bitmap(8, [...palette, 1, 0, 0, 0, 0, 0, 0, 0])])),
    pixels(ico([32, encodePng({ width: 2, height: 1, rgba: TWO_BY_ONE })])),
  ]).toEqual([
    [1, 2, 3, 255, 4, 5, 6, 0],
    [1, 2, 3, 9, 4, 5, 6, 255],
    [1, 2, 3, 255, 4, 5, 6, 0],
    [4, 5, 6, 255, 1, 2, 3, 255],
    [...TWO_BY_ONE],
  ]);
  expect(() => decodeIco(ico([24, small]).subarray(0, 60))).toThrow('unexpected end of file');
});

test('images are resources of the page that made them', async () => {
  const app = await TestApp.start();
  const page = app.open('main');
  const other = app.open('other');
  const rid = await page.invoke('plugin:image|new', { rgba: [...TWO_BY_ONE], width: 2, height: 1 });
  const bytes = [...encodePng({ width: 2, height: 1, rgba: TWO_BY_ONE })];
  const decoded = await page.invoke('plugin:image|from_bytes', { bytes });
  expect([rid, decoded]).not.toContain(0);
  expect([
    await page.invoke('plugin:image|size', { rid }),
    await page.invoke('plugin:image|rgba', { rid }),
    await page.invoke('plugin:image|rgba', { rid: decoded }),
    await outcome(other.invoke('plugin:image|size', { rid })),
    await outcome(page.invoke('plugin:resources|close', { rid })),
    await outcome(page.invoke('plugin:resources|close', { rid })),
    await outcome(page.invoke('plugin:image|rgba', { rid })),
  ]).toEqual([
    { width: 2, height: 1 },
    TWO_BY_ONE,
    TWO_BY_ONE,
    { error: `The resource id ${String(rid)} is invalid.` },
    { ok: null },
    { error: `The resource id ${String(rid)} is invalid.` },
    { error: `The resource id ${String(rid)} is invalid.` },
  ]);
});

test('bad images and bytes are refused in the words of Tauri', async () => {
  const page = (await TestApp.start()).open('main');
  const from = (bytes: unknown) => outcome(page.invoke('plugin:image|from_bytes', { bytes }));
  const invalid = 'invalid args `bytes` for command `from_bytes`: ';
  expect([
    await from([1, 2, 3]),
    await from([...PNG_SIGNATURE, 0]),
    await from([1, 256]),
    await from([1, -1]),
    await from([1, 'x']),
    await from('x'),
    await from(null),
    await outcome(page.invoke('plugin:image|from_path', { path: 'no such file.png' })),
    await outcome(page.invoke('plugin:image|from_path', { path: 1 })),
  ]).toEqual([
    { error: 'failed to process image: The image format could not be determined' },
    { error: 'failed to process image: Format error decoding Png: unexpected end of file' },
    { error: `${invalid}invalid value: integer \`256\`, expected u8` },
    { error: `${invalid}invalid value: integer \`-1\`, expected u8` },
    { error: `${invalid}invalid type: string "x", expected u8` },
    { error: `${invalid}invalid type: string "x", expected a sequence` },
    { error: `${invalid}invalid type: null, expected a sequence` },
    { error: 'No such file or directory (os error 2)' },
    { error: 'invalid args `path` for command `from_path`: invalid type: integer `1`, expected path string' },
  ]);
});

test('a window icon may be a path, bytes, a rid or pixels; the host gets PNG', async () => {
  const folder = await mkdtemp(join(tmpdir(), 'icons-'));
  const file = encodePng({ width: 2, height: 1, rgba: TWO_BY_ONE });
  await writeFile(join(folder, 'icon.png'), file);
  const app = await TestApp.start({ cwd: folder });
  const page = app.open('main');
  const rid = await page.invoke('plugin:image|from_path', { path: 'icon.png' });
  const set = (value: unknown) => outcome(page.invoke('plugin:window|set_icon', { label: 'main', value }));
  for (const icon of ['icon.png', [...file], rid, { rgba: [...TWO_BY_ONE], width: 2, height: 1 }]) {
    expect(await set(icon)).toEqual({ ok: null });
  }
  expect(app.asked.map(([name, label, icon]) => [name, label, decodePng(icon as Uint8Array).rgba])).toEqual(
    Array.from({ length: 4 }, () => ['setIcon', 'main', TWO_BY_ONE]),
  );
  expect([
    await set(null),
    await set({ rgba: [1, 2, 3, 4], width: 2, height: 1 }),
    await set({ rgba: [1, 2, 3], width: 2, height: 1 }),
    await set(99),
    await outcome(page.invoke('plugin:window|set_overlay_icon', { label: 'main' })),
    await outcome(page.invoke('plugin:window|set_overlay_icon', { label: 'main', value: rid })),
  ]).toEqual([
    { error: 'invalid args `value` for command `set_icon`: data did not match any variant of untagged enum JsImage' },
    {
      error:
        "invalid icon: The specified dimensions (2x1) don't match the number of pixels supplied by the `rgba` argument (1). For those dimensions, the expected pixel count is 2.",
    },
    {
      error:
        "invalid icon: The length of the `rgba` argument (3) isn't divisible by 4, making it impossible to interpret as 32bpp RGBA pixels.",
    },
    { error: 'The resource id 99 is invalid.' },
    { ok: null },
    { ok: null },
  ]);
  await rm(folder, { recursive: true });
});

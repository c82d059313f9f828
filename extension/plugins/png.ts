/** PNG files: all colour types, bit depths and interlacing to RGBA, and RGBA to PNG (for the icons of panels). */
import { crc32, deflateSync, inflateSync } from 'node:zlib';

export interface Pixels {
  readonly width: number;
  readonly height: number;
  /** four bytes a pixel, rows from the top */
  readonly rgba: Uint8Array;
}

/** A page must not make the host decode a bomb: no larger image than this. */
export const MAX_IMAGE_BYTES = 128 * 1024 * 1024;

export const PNG_SIGNATURE = Uint8Array.of(0x89, 0x50, 0x4e, 0x47, 0x0d, 0x0a, 0x1a, 0x0a);

export const isPng = (bytes: Uint8Array) => PNG_SIGNATURE.every((byte, index) => bytes[index] === byte);

/** samples of a pixel, by colour type */
const SAMPLES: Readonly<Record<number, number>> = { 0: 1, 2: 3, 3: 1, 4: 2, 6: 4 };
const DEPTHS: Readonly<Record<number, readonly number[]>> = {
  0: [1, 2, 4, 8, 16],
  2: [8, 16],
  3: [1, 2, 4, 8],
  4: [8, 16],
  6: [8, 16],
};

/** start and step, across and down, of the seven passes of an interlaced image */
const PASSES = [
  [0, 0, 8, 8],
  [4, 0, 8, 8],
  [0, 4, 4, 8],
  [2, 0, 4, 4],
  [0, 2, 2, 4],
  [1, 0, 2, 2],
  [0, 1, 1, 2],
] as const;

interface Header {
  readonly width: number;
  readonly height: number;
  readonly depth: number;
  readonly color: number;
  readonly interlaced: boolean;
}

/** Decodes a PNG file; throws an Error that says what is wrong with it. */
export function decodePng(bytes: Uint8Array): Pixels {
  if (!isPng(bytes)) throw new Error('invalid signature');
  const { header, palette, transparent, data } = readChunks(bytes);
  const { width, height } = header;
  const passes = header.interlaced ? PASSES : ([[0, 0, 1, 1]] as const);
  const bits = header.depth * (SAMPLES[header.color] as number);
  const sizes = passes.map(([x, y, stepX, stepY]) => ({
    columns: Math.max(0, Math.ceil((width - x) / stepX)),
    rows: Math.max(0, Math.ceil((height - y) / stepY)),
  }));
  const lengthOf = (columns: number) => Math.ceil((columns * bits) / 8);
  const expected = sizes.reduce((sum, { columns, rows }) => sum + (columns ? rows * (1 + lengthOf(columns)) : 0), 0);
  const raw = inflate(data, expected);

  const rgba = new Uint8Array(width * height * 4);
  const pixelBytes = Math.max(1, bits >> 3);
  const pixelOf = pixelReader(header, palette, transparent);
  let at = 0;
  for (const [pass, [startX, startY, stepX, stepY]] of passes.entries()) {
    const { columns, rows } = sizes[pass] as { columns: number; rows: number };
    if (columns === 0) continue;
    const length = lengthOf(columns);
    let before: Uint8Array = new Uint8Array(length);
    for (let row = 0; row < rows; row++) {
      const line = raw.subarray(at + 1, at + 1 + length);
      unfilter(raw[at] as number, line, before, pixelBytes);
      before = line;
      at += 1 + length;
      for (let column = 0; column < columns; column++) {
        pixelOf(line, column, rgba, ((startY + row * stepY) * width + startX + column * stepX) * 4);
      }
    }
  }
  return { width, height, rgba };
}

function readChunks(bytes: Uint8Array) {
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  const data: Uint8Array[] = [];
  let header: Header | undefined;
  let palette: Uint8Array | undefined;
  let transparent: Uint8Array | undefined;
  for (let at = PNG_SIGNATURE.length; ; ) {
    if (at + 12 > bytes.length) throw new Error('unexpected end of file');
    const length = view.getUint32(at);
    const end = at + 8 + length;
    if (end + 4 > bytes.length) throw new Error('unexpected end of file');
    const type = String.fromCharCode(...bytes.subarray(at + 4, at + 8));
    const body = bytes.subarray(at + 8, end);
    if (crc32(bytes.subarray(at + 4, end)) !== view.getUint32(end)) throw new Error(`CRC error in ${type} chunk`);
    if (type === 'IHDR') header = readHeader(body);
    else if (!header) throw new Error(`${type} chunk appeared before IHDR chunk`);
    else if (type === 'PLTE') palette = body;
    else if (type === 'tRNS') transparent = body;
    else if (type === 'IDAT') data.push(body);
    else if (type === 'IEND') break;
    at = end + 4;
  }
  if (!header || data.length === 0) throw new Error('IDAT or fdAT chunk is missing');
  if (header.color === 3 && !palette) throw new Error('missing palette');
  return { header, palette, transparent, data: Buffer.concat(data) };
}

function readHeader(body: Uint8Array): Header {
  if (body.length !== 13) throw new Error('invalid length of IHDR chunk');
  const view = new DataView(body.buffer, body.byteOffset, body.byteLength);
  const header = {
    width: view.getUint32(0),
    height: view.getUint32(4),
    depth: body[8] as number,
    color: body[9] as number,
    interlaced: body[12] === 1,
  };
  if (header.width === 0 || header.height === 0) throw new Error('zero width not allowed');
  if (!DEPTHS[header.color]?.includes(header.depth)) {
    throw new Error(`invalid color type ${header.color} with bit depth ${header.depth}`);
  }
  if (header.width * header.height * 4 > MAX_IMAGE_BYTES) throw new Error('the image is too large');
  return header;
}

function inflate(data: Uint8Array, expected: number): Uint8Array {
  let raw: Uint8Array;
  try {
    raw = inflateSync(data, { maxOutputLength: Math.max(1, expected) });
  } catch (error) {
    throw new Error(`corrupt deflate stream: ${(error as Error).message}`, { cause: error });
  }
  if (raw.length < expected) throw new Error('not enough pixels');
  return raw;
}

/** Undoes a line's filter in place. */
function unfilter(filter: number, line: Uint8Array, above: Uint8Array, step: number): void {
  if (filter > 4) throw new Error(`unknown filter method ${filter}`);
  if (filter === 0) return;
  for (let index = 0; index < line.length; index++) {
    const left = index >= step ? (line[index - step] as number) : 0;
    const up = above[index] as number;
    const corner = index >= step ? (above[index - step] as number) : 0;
    const guess = filter === 1 ? left : filter === 2 ? up : filter === 3 ? (left + up) >> 1 : paeth(left, up, corner);
    line[index] = (line[index] as number) + guess;
  }
}

function paeth(left: number, up: number, corner: number): number {
  const estimate = left + up - corner;
  const [byLeft, byUp, byCorner] = [Math.abs(estimate - left), Math.abs(estimate - up), Math.abs(estimate - corner)];
  if (byLeft <= byUp && byLeft <= byCorner) return left;
  return byUp <= byCorner ? up : corner;
}

type PixelReader = (line: Uint8Array, column: number, target: Uint8Array, at: number) => void;

/** Writes one pixel of a line as RGBA. Samples of 16 bits are compared whole (for transparency) and then rounded. */
function pixelReader(
  header: Header,
  palette: Uint8Array | undefined,
  transparent: Uint8Array | undefined,
): PixelReader {
  const { depth, color } = header;
  const samples = SAMPLES[color] as number;
  const highest = 2 ** depth - 1;
  const read = (line: Uint8Array, index: number): number => {
    if (depth === 8) return line[index] as number;
    if (depth === 16) return ((line[index * 2] as number) << 8) | (line[index * 2 + 1] as number);
    const bit = index * depth;
    return ((line[bit >> 3] as number) >> (8 - depth - (bit & 7))) & highest;
  };
  const scale = (sample: number) => (depth === 8 ? sample : Math.round((sample * 255) / highest));
  if (color === 3) {
    return (line, column, target, at) => {
      const entry = read(line, column);
      if (entry * 3 + 2 >= (palette?.length ?? 0)) throw new Error('palette index is out of range');
      for (let channel = 0; channel < 3; channel++) target[at + channel] = palette?.[entry * 3 + channel] as number;
      target[at + 3] = transparent?.[entry] ?? 255;
    };
  }
  const gray = color === 0 || color === 4;
  const alpha = color === 4 || color === 6;
  const key = alpha ? undefined : transparentKey(transparent, samples);
  return (line, column, target, at) => {
    const first = column * samples;
    let matches = key !== undefined;
    for (let channel = 0; channel < 3; channel++) {
      const sample = read(line, gray ? first : first + channel);
      if (key && sample !== key[gray ? 0 : channel]) matches = false;
      target[at + channel] = scale(sample);
    }
    target[at + 3] = alpha ? scale(read(line, first + samples - 1)) : matches ? 0 : 255;
  };
}

/** The one colour that a `tRNS` chunk makes transparent. */
function transparentKey(chunk: Uint8Array | undefined, samples: number): readonly number[] | undefined {
  if (!chunk || chunk.length < samples * 2) return undefined;
  return Array.from(
    { length: samples },
    (_, index) => ((chunk[index * 2] as number) << 8) | (chunk[index * 2 + 1] as number),
  );
}

/** Encodes RGBA as a PNG file. */
export function encodePng({ width, height, rgba }: Pixels): Uint8Array {
  const header = new Uint8Array(13);
  const view = new DataView(header.buffer);
  view.setUint32(0, width);
  view.setUint32(4, height);
  header.set([8, 6, 0, 0, 0], 8);
  const lines = new Uint8Array(height * (1 + width * 4));
  for (let row = 0; row < height; row++) {
    lines.set(rgba.subarray(row * width * 4, (row + 1) * width * 4), row * (1 + width * 4) + 1);
  }
  return Buffer.concat([
    PNG_SIGNATURE,
    pngChunk('IHDR', header),
    pngChunk('IDAT', deflateSync(lines)),
    pngChunk('IEND', new Uint8Array()),
  ]);
}

/** One chunk with its length and checksum. */
export function pngChunk(type: string, body: Uint8Array): Uint8Array {
  const chunk = new Uint8Array(body.length + 12);
  const view = new DataView(chunk.buffer);
  view.setUint32(0, body.length);
  for (let index = 0; index < 4; index++) chunk[4 + index] = type.charCodeAt(index);
  chunk.set(body, 8);
  view.setUint32(8 + body.length, crc32(chunk.subarray(4, 8 + body.length)));
  return chunk;
}

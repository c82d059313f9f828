/** ICO files: the best picture in one, as PNG or as the bitmap that Windows keeps in them. */
import { decodePng, isPng, MAX_IMAGE_BYTES, type Pixels } from './png.ts';

export const isIco = (bytes: Uint8Array) =>
  bytes.length >= 6 && bytes[0] === 0 && bytes[1] === 0 && bytes[2] === 1 && bytes[3] === 0;

/** Decodes the entry with the most colours, among those the largest; throws an Error that says what is wrong. */
export function decodeIco(bytes: Uint8Array): Pixels {
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  const count = view.getUint16(4, true);
  if (bytes.length < 6 + count * 16) throw new Error('unexpected end of file');
  const entries = Array.from({ length: count }, (_, index) => {
    const at = 6 + index * 16;
    return {
      area: (view.getUint8(at) || 256) * (view.getUint8(at + 1) || 256),
      bits: view.getUint16(at + 6, true),
      size: view.getUint32(at + 8, true),
      offset: view.getUint32(at + 12, true),
    };
  });
  const best = entries.sort((a, b) => b.bits - a.bits || b.area - a.area)[0];
  if (!best) throw new Error('the icon has no picture');
  if (best.offset + best.size > bytes.length) throw new Error('unexpected end of file');
  const picture = bytes.subarray(best.offset, best.offset + best.size);
  return isPng(picture) ? decodePng(picture) : decodeBitmap(picture);
}

/** A bitmap without file header, of double height: the colours, then one bit a pixel for what is transparent. */
function decodeBitmap(bytes: Uint8Array): Pixels {
  if (bytes.length < 40) throw new Error('unexpected end of file');
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  const start = view.getUint32(0, true);
  const width = view.getInt32(4, true);
  const height = Math.abs(view.getInt32(8, true)) >> 1;
  const depth = view.getUint16(14, true);
  if (width <= 0 || height <= 0 || width * height * 4 > MAX_IMAGE_BYTES) throw new Error('invalid size of the bitmap');
  if (![1, 4, 8, 24, 32].includes(depth) || view.getUint32(16, true) !== 0) {
    throw new Error(`bitmaps of ${depth} bits are not supported`);
  }
  const colors = depth <= 8 ? view.getUint32(32, true) || 2 ** depth : 0;
  const pixels = start + colors * 4;
  const stride = ((width * depth + 31) >> 5) * 4;
  const mask = pixels + stride * height;
  const maskStride = ((width + 31) >> 5) * 4;
  if (mask > bytes.length) throw new Error('unexpected end of file');
  const masked = mask + maskStride * height <= bytes.length;
  const rgba = new Uint8Array(width * height * 4);
  let opaque = false;
  for (let y = 0; y < height; y++) {
    const row = height - 1 - y; // rows stand from the bottom
    for (let x = 0; x < width; x++) {
      const to = (y * width + x) * 4;
      let from = pixels + row * stride + (x * depth) / 8;
      if (depth <= 8) {
        const bit = x * depth;
        const byte = bytes[pixels + row * stride + (bit >> 3)] as number;
        from = start + ((byte >> (8 - depth - (bit & 7))) & (2 ** depth - 1)) * 4;
      }
      for (let channel = 0; channel < 3; channel++) rgba[to + channel] = bytes[from + 2 - channel] as number;
      const hidden = masked && (((bytes[mask + row * maskStride + (x >> 3)] as number) >> (7 - (x & 7))) & 1) === 1;
      const alpha = depth === 32 ? (bytes[from + 3] as number) : hidden ? 0 : 255;
      if (alpha > 0) opaque = true;
      rgba[to + 3] = alpha;
    }
  }
  // Old icons of 32 bits leave the alpha channel empty and mean their mask.
  if (!opaque && depth === 32) {
    for (let index = 0; index < width * height; index++) {
      const [x, row] = [index % width, height - 1 - Math.floor(index / width)];
      const bit = masked ? ((bytes[mask + row * maskStride + (x >> 3)] as number) >> (7 - (x & 7))) & 1 : 0;
      rgba[index * 4 + 3] = bit ? 0 : 255;
    }
  }
  return { width, height, rgba };
}

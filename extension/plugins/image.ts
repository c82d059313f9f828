/** `plugin:image|…` (tauri-core 6.3): images as resources of the calling page. */
import { readFile } from 'node:fs/promises';
import * as z from 'zod';
import { command, type CommandContext } from '#core/command.ts';
import { recordOf } from '#core/context.ts';
import type { Core } from '#core/core.ts';
import { reject } from '#core/error.ts';
import { type Plugin, plugin } from '#core/plugin.ts';
import type { Resource, ResourceTable } from '#core/resource.ts';
import { callersResources, type PluginHost } from './host.ts';
import { decodeIco, isIco } from './ico.ts';
import { ioErrorText } from './io-error.ts';
import { decodePng, encodePng, isPng, type Pixels } from './png.ts';
import { rustPath } from '#core/rust-path.ts';
import { ByteArray, PathText } from './schemas.ts';

/** An image that a page holds by rid. */
export class ImageResource implements Resource, Pixels {
  readonly resourceName = 'image';
  readonly rgba: Uint8Array;
  readonly width: number;
  readonly height: number;
  /** nothing to close: the memory goes with the resource */
  close?(): void;

  constructor(pixels: Pixels) {
    this.rgba = pixels.rgba;
    this.width = pixels.width;
    this.height = pixels.height;
  }
}

export function imagePlugin(core: Core, host: PluginHost): Plugin {
  const get = (caller: string, rid: number) => found(callersResources(core, caller), rid);
  const add = (context: CommandContext, pixels: Pixels) =>
    callersResources(core, context.window.label).add(new ImageResource(pixels), recordOf(context));

  return plugin({
    name: 'image',
    commands: [
      command(
        'new',
        { args: { rgba: ByteArray, width: z.uint32(), height: z.uint32() } },
        ({ rgba, width, height }, context) => add(context, { rgba, width, height }),
      ),
      command('from_bytes', { args: { bytes: ByteArray } }, ({ bytes }, context) => add(context, decodeImage(bytes))),
      command('from_path', { args: { path: PathText } }, async ({ path }, context) =>
        add(context, await readImage(path, host)),
      ),
      command('rgba', { args: { rid: z.uint32() } }, ({ rid }, { window }) => get(window.label, rid).rgba),
      command('size', { args: { rid: z.uint32() } }, ({ rid }, { window }) => {
        const { width, height } = get(window.label, rid);
        return { width, height };
      }),
    ],
  });
}

/** An image as pages give it to `setIcon` and the like: a path, a file's bytes, a rid, or pixels; tried in this order. */
export const JsImage = z
  .union([z.string(), ByteArray, z.uint32(), z.object({ rgba: ByteArray, width: z.uint32(), height: z.uint32() })])
  .meta({ title: 'JsImage' });
export type JsImage = z.infer<typeof JsImage>;

/** The pixels of what a page gave; rids are those of the calling page. */
export async function pixelsOf(image: JsImage, resources: ResourceTable, host: PluginHost): Promise<Pixels> {
  if (typeof image === 'string') return readImage(image, host);
  if (typeof image === 'number') return found(resources, image);
  return image instanceof Uint8Array ? decodeImage(image) : image;
}

/** The PNG file of an icon, refused in the words of Tauri's window library where the pixels do not fit the size. */
export function iconPng(pixels: Pixels): Uint8Array {
  const { rgba, width, height } = pixels;
  if (rgba.length % 4 !== 0) {
    throw reject(
      `invalid icon: The length of the \`rgba\` argument (${rgba.length}) isn't divisible by 4, making it impossible to interpret as 32bpp RGBA pixels.`,
    );
  }
  if (rgba.length / 4 !== width * height) {
    throw reject(
      `invalid icon: The specified dimensions (${width}x${height}) don't match the number of pixels supplied by the \`rgba\` argument (${rgba.length / 4}). For those dimensions, the expected pixel count is ${width * height}.`,
    );
  }
  return encodePng(pixels);
}

/** Decodes a PNG or ICO file. */
export function decodeImage(bytes: Uint8Array): Pixels {
  const decode = isPng(bytes) ? decodePng : isIco(bytes) ? decodeIco : undefined;
  if (!decode) throw reject('failed to process image: The image format could not be determined');
  try {
    return decode(bytes);
  } catch (error) {
    const format = decode === decodePng ? 'Png' : 'Ico';
    throw reject(`failed to process image: Format error decoding ${format}: ${(error as Error).message}`);
  }
}

async function readImage(path: string, host: PluginHost): Promise<Pixels> {
  const { platform } = host.system;
  let bytes: Uint8Array;
  try {
    bytes = await readFile(rustPath(platform === 'win32').push(host.cwd, path));
  } catch (error) {
    throw reject(ioErrorText(error, platform));
  }
  return decodeImage(bytes);
}

function found(resources: ResourceTable, rid: number): ImageResource {
  try {
    return resources.get(rid, ImageResource);
  } catch (error) {
    throw reject((error as Error).message);
  }
}

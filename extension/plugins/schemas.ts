/** Argument types that several core plugins share, refused in serde's own words (tauri-core 2.9, table C). */
import * as z from 'zod';
import { BASE_DIRECTORIES, type BaseDirectory } from '#core/base-directory.ts';
import { serdeMessage, unexpected } from '#core/serde.ts';

/** Thrown inside {@link serde}: the text of the refusal. */
class Refusal extends Error {}

export const refuse = (text: string) => new Refusal(text);

/** A schema whose reader gives the value, or throws a {@link refuse} with what serde would say. */
export function serde<T>(read: (value: unknown) => T): z.ZodType<T> {
  return z.unknown().transform((value, context) => {
    if (value === undefined) {
      context.addIssue({ code: 'invalid_type', expected: 'nonoptional', input: value });
      return z.NEVER;
    }
    try {
      return read(value);
    } catch (error) {
      if (!(error instanceof Refusal)) throw error;
      context.addIssue({ code: 'custom', message: error.message, input: value });
      return z.NEVER;
    }
  });
}

function text(expected: string): z.ZodType<string> {
  return serde((value) => {
    if (typeof value !== 'string') throw refuse(`invalid type: ${unexpected(value)}, expected ${expected}`);
    return value;
  });
}

/** `PathBuf` */
export const PathText = text('path string');
/** `&str` */
export const BorrowedText = text('a borrowed string');

/** The number of a `BaseDirectory`; refused in the words of `serde_repr`. */
export const Directory = serde<BaseDirectory>((value) => {
  if (typeof value !== 'number' || !Number.isInteger(value)) {
    throw refuse(`invalid type: ${unexpected(value)}, expected u16`);
  }
  if (value < 0 || value > 0xffff) throw refuse(`invalid value: ${unexpected(value)}, expected u16`);
  const name = BASE_DIRECTORIES[value as keyof typeof BASE_DIRECTORIES] as BaseDirectory | undefined;
  if (!name) throw refuse(`invalid value: ${value}, expected one of: ${Object.keys(BASE_DIRECTORIES).join(', ')}`);
  return name;
});

/** `label` of the window and webview commands: absent, null and empty mean the caller. */
export const Label = z.string().optional();

/** `Vec<u8>`: the page's bytes inside a JSON object arrive as numbers. */
export const ByteArray = serde<Uint8Array>((value) => {
  if (!Array.isArray(value)) throw refuse(`invalid type: ${unexpected(value)}, expected a sequence`);
  const bytes = new Uint8Array(value.length);
  for (let index = 0; index < value.length; index++) {
    const byte: unknown = value[index];
    if (typeof byte !== 'number' || !Number.isInteger(byte)) {
      throw refuse(`invalid type: ${unexpected(byte)}, expected u8`);
    }
    if (byte < 0 || byte > 255) throw refuse(`invalid value: ${unexpected(byte)}, expected u8`);
    bytes[index] = byte;
  }
  return bytes;
});

/** Rust's `Theme` takes every string: what is not `dark` is light. */
export const Theme = z.string().transform((name) => (name.toLowerCase() === 'dark' ? 'dark' : 'light'));

/** A CSS colour from Tauri's `Color`: `#rgb`, `#rrggbb`, `#rrggbbaa`, three or four numbers, or an object. */
export const Color = serde<string>((value) => {
  if (typeof value === 'string') return hexColor(value);
  const channels = Array.isArray(value) ? value : isObject(value) ? colorChannels(value) : [];
  const valid = channels.every((channel) => Number.isInteger(channel) && channel >= 0 && channel <= 255);
  if (!valid || channels.length < 3 || channels.length > 4) {
    throw refuse('data did not match any variant of untagged enum InnerColor');
  }
  return css([...(channels as number[]), 255].slice(0, 4));
});

function colorChannels(color: Record<string, unknown>): unknown[] {
  return [color['red'], color['green'], color['blue'], color['alpha'] ?? 255];
}

function hexColor(given: string): string {
  const digits = given.trim().replace(/^#/, '');
  if (![3, 6, 8].includes(digits.length)) {
    throw refuse('Invalid hex color length, must be either 3, 6 or 8, for example: #fff, #ffffff, or #ffffffff');
  }
  if (!/^[\da-f]+$/i.test(digits)) throw refuse('invalid digit found in string');
  const long = digits.length === 3 ? digits.replace(/./g, '$&$&') : digits;
  return `#${long.padEnd(8, 'f').toLowerCase()}`;
}

const css = (channels: readonly number[]) => `#${channels.map((each) => each.toString(16).padStart(2, '0')).join('')}`;

/** An enum of newtype variants as serde writes it: an object whose one key names the variant. */
export function variants(types: Readonly<Record<string, z.ZodType>>): z.ZodType {
  const names = Object.keys(types).map((name) => `\`${name}\``);
  const expected = names.length === 2 ? names.join(' or ') : `one of ${names.join(', ')}`;
  return serde((value) => {
    const [name, ...more] = isObject(value) ? Object.keys(value) : typeof value === 'string' ? [value] : [];
    if (!isObject(value) && typeof value !== 'string') {
      throw refuse(`invalid type: ${unexpected(value)}, expected string or map`);
    }
    if (name === undefined || more.length > 0) throw refuse('invalid value: map, expected map with a single key');
    const type = Object.hasOwn(types, name) ? types[name] : undefined;
    if (!type) throw refuse(`unknown variant \`${name}\`, expected ${expected}`);
    if (!isObject(value)) throw refuse('invalid type: unit variant, expected newtype variant');
    const inner = value[name];
    const result = type.safeParse(inner);
    if (!result.success) {
      const issue = result.error.issues[0] as z.core.$ZodIssue;
      throw refuse(serdeMessage(issue, inner, type, name));
    }
    return { [name]: result.data };
  });
}

const struct = (title: string, names: readonly [string, string], type: z.ZodType) =>
  z.object(Object.fromEntries(names.map((name) => [name, type]))).meta({ title });

/** `Size`: logical or physical */
export const Size = variants({
  Physical: struct('PhysicalSize', ['width', 'height'], z.uint32()),
  Logical: struct('LogicalSize', ['width', 'height'], z.number()),
});

/** `Position`: logical or physical */
export const Position = variants({
  Physical: struct('PhysicalPosition', ['x', 'y'], z.int32()),
  Logical: struct('LogicalPosition', ['x', 'y'], z.number()),
});

/** `PixelUnit`: a length, logical or physical */
export const Pixels = variants({ Physical: z.int32(), Logical: z.number() });

export function isObject(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}
